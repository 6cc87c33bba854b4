"""Random numbers keyed by names, and end instants that fall on the calendar without bias."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np

from .traces import Floats

_SEPARATOR = "\x1f"

BLOCK = 64
"""Numbers drawn at once: a block costs little more than one."""


def key_of(seed: int, replication: int, *names: str) -> int:
    """Return the 128-bit number that belongs to these names.

    Parameters
    ----------
    seed, replication : int
        Of the experiment.
    *names : str
        Usually component and purpose.

    Returns
    -------
    int
        BLAKE2b digest of 16 bytes: the same on every platform and for every ``PYTHONHASHSEED``.
    """
    text = _SEPARATOR.join((str(seed), str(replication), *names))
    return int.from_bytes(blake2b(text.encode(), digest_size=16).digest(), "big")


class Stream:
    """Random numbers for one purpose of one component.

    The numbers depend on (seed, replication, names) alone, so a component that is added or removed leaves all other
    draws as they were, and two scenarios share theirs (common random numbers). Take one kind of draw from a stream: each
    kind is drawn in blocks.

    Parameters
    ----------
    seed, replication : int
        Of the experiment.
    *names : str
        Component and purpose.
    resolution_h : float
        Spacing of the calendar that `end_of` rounds to [h]; 0 means exact times.
    """

    def __init__(self, seed: int, replication: int, *names: str, resolution_h: float = 0.25):
        self._generator = np.random.Generator(np.random.PCG64(key_of(seed, replication, *names)))
        self._uniforms: list[float] = []
        self._normals: list[float] = []
        self._owed_h = 0.0
        self.resolution_h = resolution_h

    def uniform(self) -> float:
        """Return a number in the open interval (0, 1)."""
        if not self._uniforms:
            self._uniforms = self._generator.random(BLOCK).tolist()
        return self._uniforms.pop() or 2.0**-54

    def exponential(self, mean: float) -> float:
        """Return an exponential number with that mean."""
        return -mean * math.log(self.uniform())

    def normal(self) -> float:
        """Return a standard normal number."""
        if not self._normals:
            self._normals = self._generator.standard_normal(BLOCK).tolist()
        return self._normals.pop()

    def lognormal(self, median: float, sigma: float) -> float:
        """Return a lognormal number: median × exp(sigma × standard normal)."""
        return median * math.exp(sigma * self.normal())

    def between(self, low: float, high: float) -> float:
        """Return a uniform number between two bounds."""
        return low + (high - low) * self.uniform()

    def choice(self, weights: Sequence[float]) -> int:
        """Return a place drawn with probability in proportion to the weights."""
        left = self.uniform() * math.fsum(weights)
        for place, weight in enumerate(weights):
            left -= weight
            if left < 0:
                return place
        return len(weights) - 1

    def end_of(self, now: float, duration_h: float) -> float:
        """Return the instant on the calendar at which something that starts now ends.

        The exact end is rounded up or down with the probability of its distance, so its mean stays. It is never now
        itself: what that adds is taken off the next duration of this stream.

        Parameters
        ----------
        now : float
            Hours since the horizon started [h].
        duration_h : float
            Exact duration [h].

        Returns
        -------
        float
            Hours since the horizon started [h].
        """
        if not self.resolution_h:
            return now + duration_h
        first = int(now / self.resolution_h + 1e-9) + 1
        step = math.floor((now + duration_h + self._owed_h) / self.resolution_h + self.uniform())
        if step < first:
            self._owed_h = (step - first) * self.resolution_h
            return first * self.resolution_h
        self._owed_h = 0.0
        return step * self.resolution_h

    def lognormal_spans(self, median_h: float, sigma: float) -> Iterator[Floats]:
        """Yield lognormal durations of which each starts where the one before ended, in blocks of shape (``BLOCK``,) [h].

        Like ``end_of(now, lognormal(median_h, sigma)) - now`` for a now on the calendar. Take nothing else from the stream.

        Parameters
        ----------
        median_h : float
            Of the durations [h].
        sigma : float
            Of their logarithm [1].
        """
        owed, most = 0.0, np.zeros(BLOCK + 1)
        while True:
            exact_h = (median_h * np.exp(sigma * self._generator.standard_normal(BLOCK)))[::-1]
            chances = self._generator.random(BLOCK)[::-1]
            if self.resolution_h:
                ahead = owed + np.cumsum(np.floor(exact_h / self.resolution_h + chances) - 1)
                most[1:] = np.maximum.accumulate(ahead)
                np.maximum(most, 0.0, out=most)
                owed = ahead[-1] - most[-1]
                yield (1 + most[1:] - most[:-1]) * self.resolution_h
            else:
                yield exact_h
