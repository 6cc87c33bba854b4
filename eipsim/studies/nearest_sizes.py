"""Finds the sizes nearest to a draw that meet given totals: least squares in log size, within bounds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Totals = Callable[[Floats], tuple[Floats, Floats]]
"""Takes log sizes (n,); returns totals (m,) and their derivatives by log size (m, n)."""


def nearest_sizes(
    drawn: Floats,
    sigma: Floats,
    upper: Floats,
    totals: Totals,
    *,
    wanted: Floats,
    tolerance_frac: float = 1e-7,
    halvings_count: int = 0,
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
    halvings_count : int
        How often the growth of a step is halved where linearised totals can't grow so far within the bounds.

    Returns
    -------
    ndarray of shape (n,) or None
        None if no sizes within the bounds meet the totals.

    Notes
    -----
    Sequential quadratic programming. Totals are linearised; the curvature is that of the Lagrangian, which for totals
    that grow in proportion to size is 1/σ² − λ J, kept at no less than a fifth of 1/σ²; the quadratic problem with
    bounds is solved exactly through its m multipliers λ by Newton steps. Steps longer than 1 in log size are shortened.
    A total t that must become w is asked to grow by t ln(w / t) in a step, and by no more than half of t, instead of by
    w − t: they agree near the solution, and far from it the latter asks for steps that no sizes within bounds can take. If no
    sizes within bounds take this one either, a half, a quarter, … of the growth is tried: linearised totals of sizes near zero
    hardly grow, so that a step may be out of reach where the goal is not.
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
        missed, growth, here = wanted - found, _growth(found, wanted), slopes @ x
        centre = x - (x - drawn) * stiffness / curvature
        steps = (_within_bounds(centre, 1 / curvature, upper, slopes, here + growth / 2**k) for k in range(halvings_count + 1))
        solved = next((step for step in steps if step is not None), None)
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


def _growth(found: Floats, wanted: Floats) -> Floats:
    """Return what linearised totals grow by: t ln(w / t), within half of t, where both have one sign; w − t elsewhere."""
    ratio = np.divide(wanted, found, out=np.ones_like(found), where=found * wanted > 0)
    growth: Floats = np.where(found * wanted > 0, found * np.clip(np.log(ratio), -0.5, 0.5), wanted - found)
    return growth


def _within_bounds(
    centre: Floats, variance: Floats, upper: Floats, slopes: Floats, goal: Floats
) -> tuple[Floats, Floats] | None:
    """Minimise Σ (x − centre)² / (2 variance) with slopes x = goal and x ≤ upper.

    Returns x and the multipliers, or None if there is no solution. The dual is concave and piecewise quadratic; its gradient
    is what the totals miss, and Newton steps climb it (backtracking by Armijo's rule).
    """
    scale = np.abs(slopes).sum(axis=1)
    if not np.all(scale > 0):
        return None
    rows, aim = slopes / scale[:, None], goal / scale
    multipliers = np.zeros(len(aim))

    def at(values: Floats) -> tuple[Floats, Floats, float]:
        bounded: Floats = np.minimum(centre + variance * (rows.T @ values), upper)
        gap: Floats = aim - rows @ bounded
        return bounded, gap, float(((bounded - centre) ** 2 / variance).sum() / 2 + values @ gap)

    x, gap, height = at(multipliers)
    for _ in range(200):
        if np.abs(gap).max() < 1e-12:
            return x, multipliers / scale
        free = variance * (x < upper)
        matrix = (rows * free) @ rows.T
        step = np.linalg.solve(matrix + 1e-12 * np.trace(rows * variance @ rows.T) * np.eye(len(aim)), gap)
        length, climb = 1.0, float(gap @ step)
        while length > 1e-9:
            trial = at(multipliers + length * step)
            if trial[2] >= height + 1e-4 * length * climb - 1e-14 * abs(height):
                break
            length /= 2
        else:
            return None
        multipliers = multipliers + length * step
        x, gap, height = trial
    return None
