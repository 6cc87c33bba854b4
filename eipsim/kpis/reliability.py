"""What breaks, what goes out, and whether the books close."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..components.factory import Factory
from ..components.substation import Feeder, Substation
from .base import kpi
from .production import lines_of
from .use import names_of

if TYPE_CHECKING:
    from ..context import Context
    from ..kernel.run import Run
    from ..park import Park


@kpi(unit="1")
def breakdowns_count(run: Run, park: Park, context: Context) -> float:
    """How often a production line of the park broke down."""
    factories = set(names_of(park, Factory))
    return float(sum(event.what == "breakdown" and event.component in factories for event in run.events))


@kpi(unit="h")
def unserved_h(run: Run, park: Park, context: Context) -> float:
    """Hours at full rate that production lines of the park lost to shortages of electricity, water or fuel."""
    return math.fsum(line.unserved_h for line in lines_of(run, park.factories()))


@kpi(unit="h")
def feeder_outage_h(run: Run, park: Park, context: Context) -> float:
    """Hours that feeders and substation were out, summed."""
    feeders = {*names_of(park, Feeder), *names_of(park, Substation)}
    return math.fsum(
        min(event.value, run.hours - event.hour) for event in run.events if event.what == "out" and event.component in feeders
    )


@kpi(unit="1")
def balance_residual_frac(run: Run, park: Park, context: Context) -> float:
    """Greatest imbalance of any bus in any account, as a fraction of what flows there."""
    return run.residual
