"""Finds the sizes nearest to a draw that meet given totals: least squares in log size, within bounds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Totals = Callable[[Floats], tuple[Floats, Floats]]
"""Takes log sizes (n,); returns totals (m,) and their derivatives by log size (m, n)."""


def nearest_sizes(
    drawn: Floats, sigma: Floats, upper: Floats, totals: Totals, *, wanted: Floats, tolerance_frac: float = 1e-7
) -> Floats | None:
    """Return the log sizes x that minimise Σ ((x − drawn)/σ)² with totals(x) = wanted and x ≤ upper.

    Parameters
    ----------
    drawn, sigma, upper : ndarray of shape (n,)
        Log sizes of the draw, their spread, and their physical bounds.
    totals : callable
        The totals and their derivatives.
    wanted : ndarray of shape (m,)
        What the totals must be.
    tolerance_frac : float
        Greatest miss of a total, over what is wanted.

    Returns
    -------
    ndarray of shape (n,) or None
        None if no sizes within the bounds meet the totals.

    Notes
    -----
    Sequential quadratic programming. Totals are linearised; the curvature is that of the Lagrangian, which for totals
    that grow in proportion to size is 1/σ² − λ J, kept at no less than a fifth of 1/σ²; the quadratic problem with
    bounds is solved exactly through its m multipliers λ by Newton steps. Steps longer than 1 in log size are shortened.
    The problem is not convex: what is found is the local minimum that the draw leads to.

    References
    ----------
    Nocedal & Wright, Numerical Optimization, 2nd ed. 2006, chapter 18; dual of a separable quadratic problem.
    """
    x = np.minimum(drawn, upper)
    stiffness = 1.0 / sigma**2
    curvature = stiffness
    for _ in range(100):
        found, slopes = totals(x)
        missed = wanted - found
        solved = _within_bounds(x - (x - drawn) * stiffness / curvature, 1.0 / curvature, upper, slopes, missed + slopes @ x)
        if solved is None:
            return None
        nearest, multipliers = solved
        step = nearest - x
        longest = float(np.abs(step).max())
        if np.all(np.abs(missed) <= tolerance_frac * np.abs(wanted)) and longest < 1e-6:
            return x
        x = x + step / max(1.0, longest)
        curvature = np.maximum(stiffness - slopes.T @ multipliers, 0.2 * stiffness)
    return None


def _within_bounds(
    centre: Floats, variance: Floats, upper: Floats, slopes: Floats, goal: Floats
) -> tuple[Floats, Floats] | None:
    """Minimise Σ (x − centre)² / variance with slopes x = goal and x ≤ upper.

    Returns x and the multipliers, or None if there is no solution.
    """
    scale = np.abs(slopes).sum(axis=1)
    if not np.all(scale > 0):
        return None
    rows, aim = slopes / scale[:, None], goal / scale
    multipliers = np.zeros(len(aim))

    def at(values: Floats) -> Floats:
        bounded: Floats = np.minimum(centre + variance * (rows.T @ values), upper)
        return bounded

    x = at(multipliers)
    gap = aim - rows @ x
    for _ in range(200):
        if np.abs(gap).max() < 1e-12:
            return x, multipliers / scale
        free = variance * (x < upper)
        matrix = (rows * free) @ rows.T
        step, *_ = np.linalg.lstsq(matrix + 1e-14 * np.trace(matrix) * np.eye(len(aim)), gap, rcond=None)
        length, before = 1.0, float(np.abs(gap).sum())
        while length > 1e-6:
            trial = at(multipliers + length * step)
            if float(np.abs(aim - rows @ trial).sum()) < before:
                break
            length /= 2
        else:
            return None
        multipliers, x = multipliers + length * step, trial
        gap = aim - rows @ x
    return None
