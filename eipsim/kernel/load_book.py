"""The loads of a run: what passed where, day by day, what is still there, and what has left the water."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import sub
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..carriers import LOADS
from .traces import Floats

Amounts = Floats
"""Loads in the order of `LOADS` [kg]: of shape (loads,), or (bins, loads) where they are those of many bins."""

NOTHING = (0.0,) * len(LOADS)
"""No load at all [kg]."""


def nothing(*shape: int) -> Amounts:
    """Return no load at all, of shape (loads,), or (bins, loads) for so many bins [kg]."""
    return np.zeros((*shape, len(LOADS)))


class Bins(NamedTuple):
    """Intervals that are over, one after the other, none across midnight.

    Parameters
    ----------
    hours : ndarray of shape (bins,)
        Their lengths [h].
    ends_h : ndarray of shape (bins,)
        When they ended [h].
    """

    hours: Floats
    ends_h: Floats

    @property
    def n(self) -> int:
        """How many they are."""
        return len(self.hours)

    @property
    def days(self) -> NDArray[np.int64]:
        """The day of each, counted from 0."""
        return ((self.ends_h - self.hours / 2) // 24).astype(np.int64)


class Stock(NamedTuple):
    """What is in each component and what has left the water there, by where it went, when a day begins, counted from 0 [kg]."""

    day: int
    held: dict[str, list[float]]
    booked: dict[str, dict[str, list[float]]]


class Book(NamedTuple):
    """The loads of a run.

    Parameters
    ----------
    streams : tuple of str
        Ports that loads passed, as ``component.port``, and ``sources@<place>`` for what users let in.
    by_day : ndarray of shape (days, streams, loads)
        What passed [kg].
    at_start, at_end : dict of str to list
        What was in each component, and in the water ``on its way``, at either end of the run [kg].
    booked : dict of str to dict
        What left the water in each component, by where it went [kg].
    samples : dict of str to ndarray of shape (samples, 1 + loads)
        What was asked of a stream: hours since the start [h], and concentrations [g/m3].
    then : Stock or None
        When the run begins to count, if that is a midnight after hour 0.
    """

    streams: tuple[str, ...]
    by_day: Floats
    at_start: dict[str, list[float]]
    at_end: dict[str, list[float]]
    booked: dict[str, dict[str, list[float]]]
    samples: dict[str, Floats]
    then: Stock | None = None

    def counted(self) -> Book:
        """Return the loads since the run began to count, as if hour 0 came then."""
        if self.then is None:
            return self
        day, held, booked = self.then
        samples = {}
        for stream, rows in self.samples.items():
            later = rows[rows[:, 0] > day * 24.0].copy()
            later[:, 0] -= day * 24.0
            samples[stream] = later
        return Book(
            self.streams,
            self.by_day[day:],
            held,
            self.at_end,
            {
                name: {where: list(map(sub, kg, booked[name][where])) for where, kg in sinks.items()}
                for name, sinks in self.booked.items()
            },
            samples,
        )

    def stream(self, name: str) -> Floats:
        """Return what passed a stream each day, shape (days, loads) [kg]; nothing if there is none of that name."""
        if name not in self.streams:
            return np.zeros((len(self.by_day), len(LOADS)))
        found: Floats = self.by_day[:, self.streams.index(name)]
        return found

    def total(self, name: str) -> dict[str, float]:
        """Return what passed a stream over the run, by load [kg]."""
        return dict(zip(LOADS, self.stream(name).sum(axis=0).tolist(), strict=True))

    def residual(self) -> float:
        """Return the greatest imbalance of any load over the run, as a fraction of what was let in or was there."""
        brought = sum(
            (self.stream(name).sum(axis=0) for name in self.streams if name.startswith("sources@")), np.zeros(len(LOADS))
        )
        start = sum_of(self.at_start.values())
        gone = sum_of(self.at_end.values()) + sum_of(amounts for sinks in self.booked.values() for amounts in sinks.values())
        most = np.maximum(np.maximum(brought + start, np.abs(gone)), 1e-300)
        return float((np.abs(brought + start - gone) / most).max())


def sum_of(rows: Iterable[Sequence[float] | Floats]) -> Floats:
    """Return the sum of some amounts, by load [kg]."""
    total = np.zeros(len(LOADS))
    for row in rows:
        total += row
    return total
