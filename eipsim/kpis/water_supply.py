"""How safe the supply of water is: the reservoir's lowest level, hours short, water not served."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..components.water_reservoir import WaterReservoir
from .base import kpi
from .use import names_of

if TYPE_CHECKING:
    from ..context import Context
    from ..kernel.run import Run
    from ..park import Park


def _mains(park: Park) -> set[str]:
    """Return the buses that reservoirs stand on."""
    return {f"water@{park.component(name).place}" for name in names_of(park, WaterReservoir)}


@kpi(unit="1", needs=(WaterReservoir,))
def reservoir_lowest_frac(run: Run, park: Park, context: Context) -> float:
    """Lowest level of any water reservoir over its capacity."""
    reservoirs = {name: c for name, c in park.components.items() if isinstance(c, WaterReservoir)}
    return min(float(run.levels[name][1].min()) / one.capacity_m3 for name, one in reservoirs.items())


@kpi(unit="h", rare=True, needs=(WaterReservoir,))
def water_short_h(run: Run, park: Park, context: Context) -> float:
    """Hours in which users of a main with a reservoir got less water than they asked for."""
    lacked = (run.unserved[bus] for bus in _mains(park) if bus in run.unserved)
    return math.fsum(float(np.diff(hours, append=run.hours)[rates > 0].sum()) for hours, rates in lacked)


@kpi(unit="m3", rare=True, needs=(WaterReservoir,))
def water_unserved_m3(run: Run, park: Park, context: Context) -> float:
    """Water that users of a main with a reservoir asked for and did not get."""
    return math.fsum(run.unserved_amount(bus) for bus in _mains(park))
