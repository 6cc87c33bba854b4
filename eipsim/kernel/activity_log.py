"""What components posted: every change of an activity, in the order in which it came."""

from __future__ import annotations

from array import array
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .foresight import Agenda
from .traces import Floats


class ActivityLog:
    """Changes of activities, kept in four flat arrays.

    Parameters
    ----------
    n : int
        Number of activities.
    at_first : float
        What each is at hour 0 until it is noted.
    """

    def __init__(self, n: int, at_first: float = 0.0):
        self.n, self.at_first = n, at_first
        self.hours, self.counts = array("d"), array("q")
        self.cells, self.values = array("q"), array("d")
        self.agenda, self.noted_before = Agenda([], []), 0

    def add(self, hour: float, cells: NDArray[np.int64], values: Floats) -> None:
        """Note what some activities are from an hour on; the last value of an instant counts."""
        self.hours.append(hour)
        self.counts.append(len(cells))
        self.cells.frombytes(cells.tobytes())
        self.values.frombytes(values.tobytes())

    def foretell(self, agenda: Agenda) -> None:
        """Take as noted what was foreseen, as far as it shows when the run is over; what orders hide is added as it comes."""
        self.agenda, self.noted_before = agenda, len(self.cells)

    def traces(self) -> list[tuple[Floats, Floats]]:
        """Return for each activity the hours of its changes and its values from there on, each of shape (changes,)."""
        agenda, first, before = self.agenda, np.arange(self.n), slice(self.noted_before)
        since, shown = slice(self.noted_before, None), agenda.shown
        noted, noted_values = np.array(self.cells, np.int64), np.array(self.values)
        noted_h, foreseen_h = np.repeat(self.hours, self.counts), np.repeat(agenda.hours, np.diff(agenda.starts))
        cells = np.concatenate((first, noted[before], agenda.cells[shown], noted[since]))
        hours = np.concatenate((np.zeros(self.n), noted_h[before], foreseen_h[shown], noted_h[since]))
        at_first = np.full(self.n, self.at_first)
        values = np.concatenate((at_first, noted_values[before], agenda.values[shown], noted_values[since]))
        order = np.argsort(cells.astype(np.min_scalar_type(self.n)), kind="stable")
        hours, values = hours[order], values[order]
        bounds = pairwise([0, *np.cumsum(np.bincount(cells, minlength=self.n)).tolist()])
        traces = [(hours[begin:end], values[begin:end]) for begin, end in bounds]
        is_foreseen = np.zeros(self.n, bool)
        is_foreseen[agenda.cells] = True
        for cell in np.unique(noted[since][is_foreseen[noted[since]]]).tolist():
            own_h, own = traces[cell]
            in_time = np.argsort(own_h, kind="stable")
            traces[cell] = own_h[in_time], own[in_time]
        return traces
