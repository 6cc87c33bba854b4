"""When lines stood still by order or as planned, and why."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from ..kernel.run import Cause
from .line import DOWN, IDLE, WAITING

if TYPE_CHECKING:
    from ..kernel.losses import Hours

BREAKDOWN, WAITING_FOR_CREW, HELD_BACK = "breakdown", "waiting for crew", "held back"
"""Why a line stood still, beside a shortage and a planned stop."""

PLANNED_STOP = Cause("planned stop")


class Holds:
    """What made a factory's lines stand still: breakdowns, orders one after another for each line, planned stops.

    Parameters
    ----------
    factory, crew : str
        Names of the component, and of who repairs its lines.
    planned_h : tuple of (float, float)
        Start and end of stretches in which all lines stand still [h].

    Examples
    --------
    >>> holds = Holds("laundry", "", ((2.0, 5.0),))
    >>> holds.begin(0, 4.0, Cause("held back"))
    >>> holds.end(0, 6.0)
    >>> [(span, len(causes)) for span, causes in holds.spans(0)]
    [((2.0, 4.0), 1), ((4.0, 5.0), 2), ((5.0, 6.0), 1)]
    """

    def __init__(self, factory: str, crew: str, planned_h: tuple[tuple[float, float], ...]):
        self.broken, self.unrepaired = Cause(BREAKDOWN, root=factory), Cause(WAITING_FOR_CREW, root=crew)
        self.planned = [(start, end, PLANNED_STOP) for start, end in planned_h]
        self.orders: dict[int, list[tuple[float, float, Cause]]] = {}

    def begin(self, k: int, hour: float, cause: Cause) -> None:
        """Note an order for a line, without an end until it comes."""
        self.orders.setdefault(k, []).append((hour, math.inf, cause))

    def end(self, k: int, hour: float) -> None:
        """Note the end of a line's last order."""
        begun, _, cause = self.orders[k][-1]
        self.orders[k][-1] = begun, hour, cause

    def spans(self, k: int) -> Iterator[tuple[tuple[float, float], list[Cause]]]:
        """Yield stretches that do not overlap, and the distinct causes for which the line stood still in each."""
        known = [*self.planned, *self.orders.get(k, ())]
        edges = sorted({edge for start, end, _ in known for edge in (start, end)})
        for start, end in pairwise(edges):
            if causes := sorted({cause for a, b, cause in known if a <= start and end <= b}):
                yield (start, end), causes

    def stops(self, k: int, counter: int, within: int, hours: Hours) -> Iterator[tuple[int, Cause, float]]:
        """Yield what a line lost to each cause.

        Parameters
        ----------
        k : int
            The line.
        counter, within : int
            The first of its counters among the factory's activities, and working hours.
        hours : Hours
            Of a run that is over.
        """
        yield k, self.broken, hours.of(counter + DOWN, within)
        yield k, self.unrepaired, hours.of(counter + WAITING, within)
        for span, causes in self.spans(k):
            idle_h = hours.of(counter + IDLE, within, span)
            yield from ((k, cause, idle_h / len(causes)) for cause in causes)
