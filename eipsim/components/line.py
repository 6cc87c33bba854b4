"""A production line: its batches, breakdowns and repairs, and the states it can be in."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from pydantic.dataclasses import dataclass

from ..kernel.foresight import Foretold, changed
from ..kernel.traces import Floats
from .bounds import STRICT, Frac, NonNegative, Positive, PositiveOrInfinite

RUN, SET_UP, DOWN, WAITING, UNORDERED, IDLE = range(6)
"""States of a production line, and the places of their hours among a line's counters."""

N_STATES = 6


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Line:
    """One production line.

    Parameters
    ----------
    units_per_h : float
        Output while it runs [units/h].
    batch_h_median, batch_sigma : float
        Length of a batch, lognormal: median [h] and sigma of the logarithm; a median of None means without pause.
    set_up_h_median, set_up_sigma : float
        Length of the set-up before each batch, lognormal [h].
    mtbf_h : float
        Mean running time between breakdowns, exponential [h]; infinite if it never breaks.
    repair_h_median, repair_sigma : float
        Length of a repair once someone is there, lognormal [h].
    set_up_frac, down_frac : float
        Activity while it is set up, and while it is down or waits for a crew, as a fraction of running, 0-1.
    ordered_frac, order_sigma : float
        Median share of working days with orders, 0-1, and the standard deviation of its logit from month to month; a line
        without batches always has orders.
    margin_vnd_per_unit : float
        Contribution margin lost with a unit that is not made [VND/unit].
    """

    units_per_h: Positive
    batch_h_median: Positive | None = None
    batch_sigma: NonNegative = 0.5
    set_up_h_median: Positive = 0.3
    set_up_sigma: NonNegative = 0.5
    mtbf_h: PositiveOrInfinite = math.inf
    repair_h_median: Positive = 2.5
    repair_sigma: NonNegative = 0.6
    set_up_frac: Frac = 0.25
    down_frac: Frac = 0.1
    ordered_frac: Annotated[float, Field(gt=0, le=1)] = 1.0
    order_sigma: NonNegative = 0.8
    margin_vnd_per_unit: NonNegative = 0.0

    @property
    def levels(self) -> tuple[float, ...]:
        """Return its activity in each state while the factory works, 0-1."""
        return 1.0, self.set_up_frac, self.down_frac, self.down_frac, 0.0, 0.0


class Plan:
    """The states that a line goes through, noted before the clock gets there, those of an instant in their order.

    Parameters
    ----------
    state : int
        At hour 0.
    """

    def __init__(self, state: int):
        self.first = state
        self.hours, self.states = array("d"), array("b")

    def add(self, hour: float, state: int) -> None:
        """Note the state from an hour on."""
        self.hours.append(hour)
        self.states.append(state)

    def extend(self, hours: Floats, states: NDArray[np.int64]) -> None:
        """Note many of them."""
        self.hours.frombytes(hours.tobytes())
        self.states.extend(states.tolist())

    def until(self, hour: float) -> tuple[Floats, NDArray[np.int64]]:
        """Return when its state changes before an hour, and to what; the last state of an instant counts."""
        order = np.argsort(self.hours, kind="stable")
        hours, states = np.array(self.hours)[order], np.array(self.states, np.int64)[order]
        kept = (hours < hour) & np.append(hours[1:] != hours[:-1], True)[: len(hours)]
        hours, states = hours[kept], states[kept]
        moved = states != np.append(self.first, states[:-1])[: len(states)]
        return hours[moved], states[moved]


def foretold_activities(
    lines: Sequence[Line], plans: Sequence[Plan], edges_h: Sequence[float] | None, until_h: float
) -> Foretold:
    """Return every change of a factory's activities.

    Parameters
    ----------
    lines : sequence of Line
        Of the factory.
    plans : sequence of Plan
        One for each line.
    edges_h : sequence of float or None
        Start, stop, … of working hours [h]; None if a profile tells them.
    until_h : float
        Changes from there on are left out [h].

    Returns
    -------
    Foretold
        With the activities in the order of `Factory`: a line each, their mean, working hours, always, a counter for each
        line and state.
    """
    n = len(lines)
    found: list[Foretold] = []
    own = [plan.until(until_h) for plan in plans]
    edges = np.array([hour for hour in edges_h or () if hour < until_h])
    hours = np.unique(np.concatenate([edges, *(times for times, _ in own)]))
    works = np.ones(len(hours)) if edges_h is None else (np.searchsorted(edges, hours, side="right") % 2).astype(np.float64)
    total, first_total = np.zeros(len(hours)), 0.0
    for k, (line, plan, (times, states)) in enumerate(zip(lines, plans, own, strict=True)):
        levels = np.array(line.levels)
        reached = np.append(plan.first, states)[np.searchsorted(times, hours, side="right")]
        level = levels[reached] * works
        first = float(levels[plan.first]) if edges_h is None else 0.0
        total, first_total = total + level, first_total + first
        found.append(changed(k, hours, level, first))
        counters, before = n + 3 + N_STATES * k, np.append(plan.first, states[:-1])[: len(states)]
        found.append(Foretold(times, counters + before, np.zeros(len(times))))
        found.append(Foretold(times, counters + states, np.ones(len(times))))
    found.append(changed(n, hours, total / n, first_total / n))
    if edges_h is not None:
        found.append(changed(n + 1, hours, works, 0.0))
    return Foretold(*(np.concatenate(parts) for parts in zip(*found, strict=True)))
