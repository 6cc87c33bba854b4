"""Why production was lost: each lost hour of each line booked to the cause that bound it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from .production import line_hours

if TYPE_CHECKING:
    from ..kernel.run import Cause, Run
    from ..park import Park

ROUNDING_H = 1e-6
"""What the hours of a line may differ by from the sum of its causes, from rounding in a year's sums [h]."""

UNEXPLAINED = "unexplained"
"""What is called a loss that no component has named."""


class LostHours(NamedTuple):
    """Hours that one production line lost to one cause.

    Parameters
    ----------
    factory : str
        Name.
    line : int
        Counted from 0.
    cause : str
        ``breakdown``, ``waiting for crew``, ``planned stop``, ``held back``, ``shortage``, ``unexplained``.
    carrier, place : str
        What was short and where; empty if nothing was.
    root, why : str
        Component that is behind it, and what is the matter with it.
    lost_h : float
        Hours of work at full rate [h].
    """

    factory: str
    line: int
    cause: str
    carrier: str
    place: str
    root: str
    why: str
    lost_h: float


def lost_hours(run: Run, park: Park) -> list[LostHours]:
    """Return the account of lost production: its rows add up to `production.lost_production_park_h`.

    Lost are working hours with orders in which a line neither ran nor was set up, and hours at work that a shortage took
    away; setting up is no loss. What rounding leaves between a line and its causes goes to the greatest of them.

    Parameters
    ----------
    run : Run
        One replication.
    park : Park
        What was simulated.
    """
    named: dict[tuple[str, int], dict[Cause, float]] = {}
    for loss in run.lost:
        named.setdefault((loss.component, loss.line), {})[loss.cause] = loss.hours
    rows, left = [], []
    for name, factory in park.factories().items():
        for k, line in enumerate(line_hours(run, name, factory)):
            total, causes = line.stopped_h + line.unserved_h, dict(named.get((name, k), {}))
            rest = math.fsum([total, *(-hours for hours in causes.values())])
            if abs(rest) > ROUNDING_H:
                rows.append(LostHours(name, k, UNEXPLAINED, "", "", "", "", rest))
            elif causes:
                greatest = max(sorted(causes), key=lambda cause: causes[cause])
                causes[greatest] += rest
            else:
                left.append(rest)
            rows += [LostHours(name, k, *cause, hours) for cause, hours in sorted(causes.items())]
    if rows:
        at = max(range(len(rows)), key=lambda n: rows[n].lost_h)
        rows[at] = rows[at]._replace(lost_h=math.fsum([rows[at].lost_h, *left]))
    return rows
