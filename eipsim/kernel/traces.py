"""Exact integrals of rates that are constant between changes, worked out once, when the run is over."""

from __future__ import annotations

from array import array
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NONE = np.zeros(0, np.int64)


class Trace:
    """A quantity that keeps its value until it changes.

    Parameters
    ----------
    value : float
        At hour 0.
    """

    __slots__ = ("hours", "values")

    def __init__(self, value: float = 0.0):
        self.hours, self.values = array("d", (0.0,)), array("d", (value,))

    def set(self, hour: float, value: float) -> None:
        """Note a change; the last value set at an instant counts from there on."""
        self.hours.append(hour)
        self.values.append(value)

    def arrays(self) -> tuple[Floats, Floats]:
        """Return hours and values, each of shape (changes,)."""
        return np.frombuffer(self.hours).copy(), np.frombuffer(self.values).copy()


class Profile:
    """A factor that is constant within each step, and its integral.

    Parameters
    ----------
    values : ndarray of shape (steps,)
        One value per step [1].
    step_h : float
        Width of a step [h].
    """

    def __init__(self, values: Floats, step_h: float):
        self.values, self.step_h = values, step_h
        self.integral = np.concatenate(([0.0], np.cumsum(values) * step_h))

    def until(self, hours: Floats) -> Floats:
        """Return the integral from hour 0 to each of the hours [h], shape (n,)."""
        step = np.minimum((hours / self.step_h + 1e-9).astype(np.int64), len(self.values) - 1)
        total: Floats = self.integral[step] + self.values[step] * (hours - step * self.step_h)
        return total


class Split(NamedTuple):
    """A trace seen from stretches of time: what holds when each begins, and what changes within.

    Parameters
    ----------
    starts : ndarray of shape (n,)
        Value at the start of each stretch.
    stretch : ndarray of shape (m,)
        The stretch in which each inner change falls.
    hours : ndarray of shape (m,)
        When [h].
    steps : ndarray of shape (m,)
        By how much.
    """

    starts: Floats
    stretch: NDArray[np.int64]
    hours: Floats
    steps: Floats


def split(edges: Floats, hours: Floats, values: Floats) -> Split:
    """Cut a changing quantity at edges.

    Parameters
    ----------
    edges : ndarray of shape (n + 1,)
        Sorted hours [h].
    hours : ndarray of shape (m,)
        Sorted hours at which the value changes; the first is not after the first edge [h].
    values : ndarray of shape (m,)
        Values from each of those hours on.
    """
    n = len(edges) - 1
    if len(hours) == 1:
        return Split(np.full(n, values[0]), _NONE, hours[:0], values[:0])
    hours, steps = hours[1:], values[1:] - values[:-1]
    after = np.searchsorted(edges, hours)
    lasts = np.empty(len(hours) + 1, np.int64)
    lasts[0], lasts[1:-1], lasts[-1] = min(after[0], n), np.minimum(after[1:], n) - np.minimum(after[:-1], n), 0
    lasts[-1] = n - lasts[:-1].sum()
    inner = (after <= n) & (hours < edges[np.minimum(after, n)])
    return Split(np.repeat(values, lasts), after[inner] - 1, hours[inner], steps[inner])


def integrals(parts: Split, reach: Floats, width: Floats, profile: Profile | None) -> Floats:
    """Integrate a stepwise value times a profile over each stretch.

    Parameters
    ----------
    parts : Split
        The value.
    reach : ndarray of shape (n + 1,)
        Integral of the profile from hour 0 to each edge [h].
    width : ndarray of shape (n,)
        Differences of ``reach`` [h].
    profile : Profile or None
        None for a factor of 1.

    Returns
    -------
    ndarray of shape (n,)
        Σ value × ∫ profile dt: the value at the start over the whole stretch, and each change over what is left of it.
    """
    total: Floats = parts.starts * width
    if len(parts.hours):
        until = parts.hours if profile is None else profile.until(parts.hours)
        total += np.bincount(parts.stretch, parts.steps * (reach[parts.stretch + 1] - until), minlength=len(total))
    return total


def merged(one: Trace, other: Trace) -> tuple[Floats, Floats, Floats]:
    """Return the hours at which either of two traces changes, and the values of both from there on."""
    (hours_a, a), (hours_b, b) = one.arrays(), other.arrays()
    hours = np.union1d(hours_a, hours_b)
    return (
        hours,
        a[np.searchsorted(hours_a, hours, side="right") - 1],
        b[np.searchsorted(hours_b, hours, side="right") - 1],
    )
