"""What components posted: every change of an activity, in the order in which it came."""

from __future__ import annotations

from array import array

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

    def add(self, hour: float, cells: NDArray[np.int64], values: Floats) -> None:
        """Note what some activities are from an hour on; the last value of an instant counts."""
        self.hours.append(hour)
        self.counts.append(len(cells))
        self.cells.frombytes(cells.tobytes())
        self.values.frombytes(values.tobytes())

    def foretell(self, agenda: Agenda, free: NDArray[np.bool_]) -> None:
        """Note what was foreseen of all activities that are ``free``, shape (n,): they are not noted otherwise any more."""
        noted = free[agenda.cells]
        until = np.append(0, np.cumsum(noted))[agenda.starts]
        self.hours.frombytes(agenda.hours.tobytes())
        self.counts.frombytes(np.diff(until).tobytes())
        self.cells.frombytes(agenda.cells[noted].tobytes())
        self.values.frombytes(agenda.values[noted].tobytes())

    def traces(self) -> list[tuple[Floats, Floats]]:
        """Return for each activity the hours of its changes and its values from there on, each of shape (changes,)."""
        changed = np.frombuffer(self.cells, np.int64) if self.cells else np.zeros(0, np.int64)
        cells = np.concatenate((np.arange(self.n), changed))
        hours = np.concatenate(
            (np.zeros(self.n), np.repeat(np.frombuffer(self.hours or b""), np.frombuffer(self.counts or b"", np.int64)))
        )
        values = np.concatenate((np.full(self.n, self.at_first), np.frombuffer(self.values or b"")))
        order = np.argsort(cells.astype(np.min_scalar_type(self.n)), kind="stable")
        ends = np.cumsum(np.bincount(cells, minlength=self.n))[:-1]
        return list(zip(np.split(hours[order], ends), np.split(values[order], ends), strict=True))
