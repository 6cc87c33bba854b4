"""Working hours, as factories meet them during a run."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import field
from itertools import accumulate, pairwise

from pydantic.dataclasses import dataclass

from ..kernel.component import Component
from .bounds import STRICT


def without(edges_h: tuple[float, ...], stops_h: tuple[tuple[float, float], ...]) -> tuple[float, ...]:
    """Return working hours less planned stops.

    Parameters
    ----------
    edges_h : tuple of float
        Start, stop, start, stop, … in rising order [h].
    stops_h : tuple of (float, float)
        Start and end of each planned stop [h].

    Returns
    -------
    tuple of float
        As ``edges_h``.

    Examples
    --------
    >>> without((8.0, 16.0, 32.0, 40.0), ((10.0, 12.0), (39.0, 50.0)))
    (8.0, 10.0, 12.0, 16.0, 32.0, 39.0)
    """
    spans = list(zip(edges_h[::2], edges_h[1::2], strict=True))
    for stop, end in stops_h:
        spans = [part for a, b in spans for part in ((a, min(b, stop)), (max(a, end), b)) if part[0] < part[1]]
    return tuple(edge for span in spans for edge in span)


@dataclass(eq=False, kw_only=True, config=STRICT)
class Calendar(Component):
    """The hours at which work starts and stops; has no ports.

    A scenario adds one for each calendar of the park, under the name ``calendar:<name>``, worked out for its horizon.

    Parameters
    ----------
    edges_h : tuple of float
        Start, stop, start, stop, … in rising order, hours since the horizon started [h].
    """

    edges_h: tuple[float, ...] = field()

    def __post_init__(self) -> None:
        if len(self.edges_h) % 2 or any(a >= b for a, b in pairwise(self.edges_h)):
            raise ValueError(f"calendar edges_h = {self.edges_h}: must be start, stop, start, stop, … in rising order [h]")


class WorkClock:
    """Turns hours of work into hours of the clock.

    Parameters
    ----------
    edges_h : tuple of float
        Start, stop, start, stop, … in rising order [h].

    Examples
    --------
    >>> clock = WorkClock((8.0, 16.0, 32.0, 40.0))
    >>> clock.after(14.0, 3.0), clock.after(39.0, 2.0)
    (33.0, inf)
    """

    def __init__(self, edges_h: tuple[float, ...]):
        self.starts, self.stops = edges_h[::2], edges_h[1::2]
        spans = [b - a for a, b in zip(self.starts, self.stops, strict=True)]
        self.worked = [0.0, *accumulate(spans)]

    def after(self, now: float, work_h: float) -> float:
        """Return the hour at which so many more hours of work are done; infinite if that is beyond the horizon."""
        k = bisect_right(self.starts, now) - 1
        done = self.worked[k] + min(now, self.stops[k]) - self.starts[k] if k >= 0 else 0.0
        goal = done + work_h
        k = bisect_right(self.worked, goal) - 1
        return self.starts[k] + goal - self.worked[k] if k < len(self.starts) else math.inf
