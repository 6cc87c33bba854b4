"""Streams that are looked at on a schedule, and what was found in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..carriers import LOADS
from .traces import Floats

_ROUNDING = 1e-9

Concentrations = dict[str, float]
"""By load [g/m3]."""

Look = Callable[[Floats, Floats], None]
"""Takes hours of looks [h], shape (looks,), and what was found, shape (looks, loads) [g/m3]."""


@dataclass
class Watch:
    """A stream that is looked at every so many hours; ``count`` is that of the next look."""

    stream: str
    every_h: float
    look: Look
    count: int = 1


class Carried(NamedTuple):
    """Bins that were carried.

    Parameters
    ----------
    ends_h : ndarray of shape (bins,)
        When they ended [h].
    rows : ndarray of shape (streams, bins, loads)
        What passed [kg].
    moved : ndarray of shape (ports, bins)
        The water of the first streams, those that are ports [m3].
    """

    ends_h: Floats
    rows: Floats
    moved: Floats

    def and_then(self, later: Carried) -> Carried:
        """Return these bins and later ones."""
        return Carried(
            np.concatenate((self.ends_h, later.ends_h)),
            np.concatenate((self.rows, later.rows), axis=1),
            np.concatenate((self.moved, later.moved), axis=1),
        )

    def last(self) -> Carried:
        """Return the last bin alone."""
        return Carried(self.ends_h[-1:], self.rows[:, -1:], self.moved[:, -1:])


class Watches:
    """Looks at what bins carried, each look at the last bin that was over then.

    Parameters
    ----------
    streams : sequence of str
        As ``component.port``, ports first.
    """

    def __init__(self, streams: Sequence[str]):
        self.place = {stream: k for k, stream in enumerate(streams)}
        self.watches: list[Watch] = []
        self.latest: Carried | None = None
        self.found: dict[str, list[Floats]] = {}

    def add(self, stream: str, every_h: float, look: Look) -> None:
        """Have a stream looked at every so many hours, see `Quality.watch`."""
        self.watches.append(Watch(stream, every_h, look))

    def show(self, carried: Carried) -> None:
        """Look at bins that have just been carried, up to the end of the last but not at it."""
        before, self.latest = self.latest, carried.last()
        if before is not None:
            carried = before.and_then(carried)
        self._look(carried, float(carried.ends_h[-1]))

    def close(self, until_h: float) -> None:
        """Look at the last bin, up to an hour but not at it."""
        if self.latest is not None:
            self._look(self.latest, until_h)

    def _look(self, carried: Carried, until_h: float) -> None:
        for watch in self.watches:
            hours = []
            while (hour := watch.count * watch.every_h) < until_h - _ROUNDING:
                watch.count += 1
                hours.append(hour)
            found = self._samples(carried, watch.stream, np.array(hours))
            if len(found):
                watch.look(found[:, 0], found[:, 1:])

    def sample(self, stream: str, now_h: float) -> Concentrations | None:
        """Look at the last bin now [h]; None if there was no water."""
        if self.latest is None:
            return None
        found = self._samples(self.latest, stream, np.array([now_h])).tolist()
        return dict(zip(LOADS, found[0][1:], strict=True)) if found else None

    def _samples(self, carried: Carried, stream: str, hours: Floats) -> Floats:
        """Return hours at which a stream had water in the last bin that was over, and what it carried [h, g/m3]; keep it."""
        k = self.place[stream]
        which = np.searchsorted(carried.ends_h, hours + _ROUNDING, side="right") - 1
        hours, which = hours[which >= 0], which[which >= 0]
        if not len(which) or k >= len(carried.moved):
            return np.zeros((0, 1 + len(LOADS)))
        volumes = carried.moved[k, which]
        wet = volumes > 0
        samples = np.column_stack((hours[wet], carried.rows[k, which[wet]] / volumes[wet, None] * 1000))
        if len(samples):
            self.found.setdefault(stream, []).append(samples)
        return samples

    def samples(self) -> dict[str, Floats]:
        """Return all that was found, by stream, each of shape (samples, 1 + loads): hours [h] and concentrations [g/m3]."""
        return {stream: np.concatenate(found) for stream, found in self.found.items()}
