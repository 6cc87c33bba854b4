"""Exact integrals of rates that are constant between changes, worked out once, when the run is over."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

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

    __slots__ = ("hours", "values")

    def __init__(self, value: float = 0.0):
        self.hours, self.values = array("d", (0.0,)), array("d", (value,))

    def set(self, hour: float, value: float) -> None:
        """Note a change; the last value set at an instant counts from there on."""
        self.hours.append(hour)
        self.values.append(value)

    def set_many(self, hours: Floats, values: Floats) -> None:
        """Note changes in a row; see `set`."""
        self.hours.extend(hours.tolist())
        self.values.extend(values.tolist())

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


def integrals(edges: Floats, traces: Sequence[tuple[Floats, Floats]], profile: Profile | None) -> Floats:
    """Integrate stepwise values times a profile over each stretch between edges.

    Parameters
    ----------
    edges : ndarray of shape (n + 1,)
        Sorted hours [h].
    traces : sequence of (hours, values)
        Each with sorted hours at which its value changes, the first not after the first edge [h], and its values from
        each of those hours on.
    profile : Profile or None
        None for a factor of 1.

    Returns
    -------
    ndarray of shape (traces, n)
        Σ value × ∫ profile dt: the value at the start over the whole stretch, and each change over what is left of it.
    """
    n = len(edges) - 1
    reach = edges if profile is None else profile.until(edges)
    lengths = np.array([len(hours) for hours, _ in traces])
    hours, values = (np.concatenate([trace[k] for trace in traces]) for k in (0, 1))
    first = np.cumsum(lengths) - lengths
    after = np.searchsorted(edges, hours)
    since = np.minimum(after, n)
    inner = hours < edges[since]
    inner[first], since[first] = False, 0
    until = np.append(since[1:], n)
    until[first[1:] - 1] = n
    total: Floats = np.repeat(values, until - since).reshape(len(traces), n)
    total *= np.diff(reach)
    if inner.any():
        stretch, at = after[inner] - 1, hours[inner]
        left = reach[stretch + 1] - (at if profile is None else profile.until(at))
        steps = np.diff(values, prepend=0.0)[inner]
        place = np.repeat(np.arange(len(traces)) * n, lengths)[inner] + stretch
        is_next = np.diff(place, prepend=-1) > 0
        total.reshape(-1)[place[is_next]] += np.bincount(np.cumsum(is_next) - 1, steps * left)
    return total


def merged(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> tuple[Floats, Floats, Floats]:
    """Return the hours at which either of two traces changes, and the values of both from there on."""
    (hours_a, a), (hours_b, b) = one, other
    hours = np.sort(np.concatenate((hours_a, hours_b)))
    hours = hours[np.append(True, hours[1:] > hours[:-1])]
    return (
        hours,
        a[np.searchsorted(hours_a, hours, side="right") - 1],
        b[np.searchsorted(hours_b, hours, side="right") - 1],
    )
