"""What a production line with batches does on its calendar for as long as it is in order."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..kernel.foresight import Ints
from ..kernel.traces import Floats
from .line import IDLE, RUN, SET_UP, UNORDERED

_ROUNDING_H = 1e-9
_WORKS = -1
_TURNS = np.array([SET_UP, RUN])

WITHOUT_PAUSE = np.array([0.0, math.inf])
"""Turns of a line without batches: it runs."""


def turns(set_ups_h: Iterator[Floats], batches_h: Iterator[Floats], work_h: float) -> Floats:
    """Return the hours of work at which a set-up, its batch, the next set-up, … end, until so many are covered [h].

    Parameters
    ----------
    set_ups_h, batches_h : iterator of ndarray
        Their lengths in a row, in blocks of the same size [h].
    work_h : float
        Hours of work that are covered [h].
    """
    lengths, total = [np.zeros(0)], 0.0
    while total <= work_h:
        lengths.append(np.column_stack((next(set_ups_h), next(batches_h))).ravel())
        total += float(lengths[-1].sum())
    return np.cumsum(np.concatenate(lengths))


class BatchWork:
    """The work of a line: set-ups and batches in turn, through the stretches of its calendar that have orders.

    Three clocks tell it: hours of the run; hours of work, which pass while the line is in order and has orders; and hours
    run, which pass in batches alone and bring failures.

    Parameters
    ----------
    starts_h, stops_h : ndarray of shape (stretches,)
        Stretches of the calendar in rising order [h].
    ordered : ndarray of shape (stretches,)
        Whether there are orders.
    turns_h : ndarray of shape (2 n,)
        Hours of work at which set-ups and batches end, beyond all that there are; see `turns` [h].

    Examples
    --------
    >>> starts, stops, ordered = np.array([8.0, 32.0]), np.array([16.0, 40.0]), np.array([True, True])
    >>> work = BatchWork(starts, stops, ordered, np.array([1.0, 6.0, 7.5, 99.0]))
    >>> work.fails_after(8.0)
    34.5
    >>> [each.tolist() for each in work.course(8.0, 34.5)]
    [[8.0, 9.0, 14.0, 15.5, 16.0, 32.0], [1, 0, 1, 0, 5, 0]]
    """

    def __init__(self, starts_h: Floats, stops_h: Floats, ordered: NDArray[np.bool_], turns_h: Floats):
        worked_h = np.cumsum(np.where(ordered, stops_h - starts_h, 0.0))
        self.edges_h = np.append(0.0, np.column_stack((starts_h, stops_h)))
        self.worked_h = np.append(0.0, np.repeat(worked_h, 2))
        self.worked_h[1::2] = self.worked_h[:-1:2]
        self.does = np.full(len(self.edges_h), IDLE)
        self.does[1::2] = np.where(ordered, _WORKS, UNORDERED)
        self.starts_h = starts_h[ordered]
        self.before_h = np.append(self.worked_h[1::2][ordered], self.worked_h[-1])
        self.turns_h, self.set_up_h = turns_h, turns_h[::2]
        self.ran_before_h = np.append(0.0, np.cumsum((turns_h[1::2] - self.set_up_h)[:-1]))
        self.ran_h = 0.0
        self.failed_h, self.done_h = list[float](), list[float]()
        self.resumed_h, self.lost_h = [0.0], [0.0]

    def fails_after(self, run_h: float) -> float:
        """Return the hour at which it has run so many more hours, and fails; infinite if that is beyond the calendar [h]."""
        self.ran_h += run_h
        batch = max(int(self.ran_before_h.searchsorted(self.ran_h - _ROUNDING_H)) - 1, 0)
        done_h = float(self.set_up_h[batch] + self.ran_h - self.ran_before_h[batch])
        work_h = done_h + self.lost_h[-1]
        stretch = max(int(self.before_h.searchsorted(work_h - _ROUNDING_H)) - 1, 0)
        if stretch >= len(self.starts_h):
            return math.inf
        hour = float(self.starts_h[stretch] + work_h - self.before_h[stretch])
        self.failed_h.append(hour)
        self.done_h.append(done_h)
        return hour

    def go_on(self, hour: float) -> None:
        """Take up at an hour what was left when it failed."""
        self.resumed_h.append(hour)
        self.lost_h.append(float(np.interp(hour, self.edges_h, self.worked_h)) - self.done_h[-1])

    def course(self, since: float, until: float) -> tuple[Floats, Ints]:
        """Return from when on it does what while it is in order, as states of a line; hours rise, and one may come twice.

        Parameters
        ----------
        since, until : float
            From which hour on, and before which; all failures before that must be known [h].
        """
        failed_h, resumed_h, lost_h = np.array(self.failed_h), np.array(self.resumed_h), np.array(self.lost_h)
        in_order = resumed_h.searchsorted(self.edges_h, "right") > failed_h.searchsorted(self.edges_h, "right")
        hours = np.concatenate((resumed_h, self.edges_h[in_order], self._turned_at(lost_h)))
        hours = np.sort(hours[(since <= hours) & (hours < until)])
        could_h = np.interp(hours, self.edges_h, self.worked_h)
        done_h = could_h - lost_h[resumed_h.searchsorted(hours, "right") - 1] + _ROUNDING_H
        does = self.does[self.edges_h.searchsorted(hours, "right") - 1]
        return hours, np.where(does == _WORKS, _TURNS[self.turns_h.searchsorted(done_h, "right") % 2], does)

    def _turned_at(self, lost_h: Floats) -> Floats:
        """Return when the line goes from set-up to batch or back, as far as failures are known [h]."""
        failures = np.array(self.done_h).searchsorted(self.turns_h + _ROUNDING_H, "right")
        known = failures < len(lost_h)
        work_h = self.turns_h[known] + lost_h[failures[known]]
        work_h = work_h[work_h < self.before_h[-1] - _ROUNDING_H]
        stretch = self.before_h.searchsorted(work_h + _ROUNDING_H, "right") - 1
        turned_h: Floats = self.starts_h[stretch] + np.maximum(work_h - self.before_h[stretch], 0.0)
        return turned_h
