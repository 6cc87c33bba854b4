"""Exact integrals of rates that are constant between changes, worked out once, when the run is over."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Trace:
    """A quantity that keeps its value until it changes.

    Parameters
    ----------
    value : float
        At hour 0.
    """

    __slots__ = ("hours", "last", "values")

    def __init__(self, value: float = 0.0):
        self.hours, self.values, self.last = array("d", (0.0,)), array("d", (value,)), value

    def set(self, hour: float, value: float) -> None:
        """Note a change; the last value set at an instant counts from there on."""
        self.hours.append(hour)
        self.values.append(value)
        self.last = value

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
        self.values = np.append(values, values[-1:])
        self.integral = np.concatenate(([0.0], np.cumsum(values) * step_h))
        self.step_h = step_h

    def until(self, hours: Floats) -> Floats:
        """Return the integral from hour 0 to each of the hours [h], shape (n,)."""
        step = np.minimum((hours / self.step_h + 1e-9).astype(np.int64), len(self.values) - 2)
        total: Floats = self.integral[step] + self.values[step] * (hours - step * self.step_h)
        return total


def stretches(edges: Floats, hours: Floats, *values: Floats) -> tuple[Floats, NDArray[np.int64], tuple[Floats, ...]]:
    """Cut changing quantities at the edges of accounts.

    Parameters
    ----------
    edges : ndarray of shape (n + 1,)
        Sorted hours [h].
    hours : ndarray of shape (m,)
        Sorted hours at which the values change; the first is not after the first edge [h].
    *values : ndarray of shape (m,)
        Values from each of those hours on.

    Returns
    -------
    points : ndarray of shape (p + 1,)
        All hours at which something begins or ends [h].
    first : ndarray of shape (n,)
        The place in ``points`` at which each stretch between two edges begins.
    kept : tuple of ndarray, each of shape (p,)
        The values from each point to the next.
    """
    inside = hours[(hours > edges[0]) & (hours < edges[-1])]
    points = np.union1d(edges, inside)
    at = np.searchsorted(hours, points[:-1], side="right") - 1
    return points, np.searchsorted(points, edges[:-1]), tuple(v[at] for v in values)


def merged(one: Trace, other: Trace) -> tuple[Floats, Floats, Floats]:
    """Return the hours at which either of two traces changes, and the values of both from there on."""
    (hours_a, a), (hours_b, b) = one.arrays(), other.arrays()
    hours = np.union1d(hours_a, hours_b)
    return (
        hours,
        a[np.searchsorted(hours_a, hours, side="right") - 1],
        b[np.searchsorted(hours_b, hours, side="right") - 1],
    )


def integrals(points: Floats, first: NDArray[np.int64], kept: Floats, profile: Profile | None) -> Floats:
    """Integrate a stepwise value times a profile over each stretch.

    Parameters
    ----------
    points, first, kept
        As `stretches` gives them.
    profile : Profile or None
        None for a factor of 1.

    Returns
    -------
    ndarray of shape (n,)
        Σ value × ∫ profile dt over each stretch.
    """
    reach = points if profile is None else profile.until(points)
    total: Floats = np.add.reduceat(kept * np.diff(reach), first)
    return total
