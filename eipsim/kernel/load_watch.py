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

    def of(self, k: int) -> Carried:
        """Return one stream alone."""
        return Carried(self.ends_h, self.rows[k : k + 1], self.moved[k : k + 1])

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
        for watch in self.watches:
            k = self.place[watch.stream]
            alone = carried.of(k) if before is None else before.of(k).and_then(carried.of(k))
            self._look(watch, alone, float(carried.ends_h[-1]))

    def close(self, until_h: float) -> None:
        """Look at the last bin, up to an hour but not at it."""
        if self.latest is not None:
            for watch in self.watches:
                self._look(watch, self.latest.of(self.place[watch.stream]), until_h)

    def _look(self, watch: Watch, alone: Carried, until_h: float) -> None:
        hours = []
        while (hour := watch.count * watch.every_h) < until_h - _ROUNDING:
            watch.count += 1
            hours.append(hour)
        found = self._samples(watch.stream, alone, np.array(hours))
        if len(found):
            watch.look(found[:, 0], found[:, 1:])

    def sample(self, stream: str, now_h: float) -> Concentrations | None:
        """Look at the last bin now [h]; None if there was no water."""
        if self.latest is None:
            return None
        found = self._samples(stream, self.latest.of(self.place[stream]), np.array([now_h])).tolist()
        return dict(zip(LOADS, found[0][1:], strict=True)) if found else None

    def _samples(self, stream: str, alone: Carried, hours: Floats) -> Floats:
        """Return hours at which a stream had water in the last bin that was over, and what it carried [h, g/m3]; keep it."""
        if not len(alone.moved):
            return np.zeros((0, 1 + len(LOADS)))
        which = alone.ends_h.searchsorted(hours + _ROUNDING, side="right") - 1
        volumes = alone.moved[0, which]
        wet = ((which >= 0) & (volumes > 0)).nonzero()[0]
        samples = np.empty((len(wet), 1 + len(LOADS)))
        samples[:, 0] = hours[wet]
        samples[:, 1:] = alone.rows[0, which[wet]] / volumes[wet, None] * 1000
        if len(samples):
            self.found.setdefault(stream, []).append(samples)
        return samples

    def samples(self) -> dict[str, Floats]:
        """Return all that was found, by stream, each of shape (samples, 1 + loads): hours [h] and concentrations [g/m3]."""
        return {stream: np.concatenate(found) for stream, found in self.found.items()}
