"""Means and intervals over replications: chance only, inputs fixed."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike


class Interval(NamedTuple):
    """A middle and the two ends of what it may be, in the unit of the data."""

    middle: float
    low: float
    high: float


def t_interval(values: ArrayLike, confidence: float = 0.95) -> Interval:
    """Return the mean and its Student t interval.

    Good for means of independent replications; of paired differences if each value is one. It stops being valid for
    few and very skew values, for which see `rare_interval`.

    Parameters
    ----------
    values : array_like of shape (n,)
        One value per replication.
    confidence : float
        Share of such intervals that hold the true mean [0-1].

    Returns
    -------
    Interval
        mean ± t(n−1, (1+confidence)/2) · s/√n; without ends (nan) when n is 1.

    References
    ----------
    A. M. Law, Simulation Modeling and Analysis, 5th ed., eq. 4.12 and section 10.2 (paired-t).

    Examples
    --------
    >>> [round(x, 3) for x in t_interval([1.0, 2.0, 3.0])]
    [2.0, -0.484, 4.484]
    """
    from scipy.special import stdtrit

    data = np.asarray(values, dtype=np.float64)
    mean, n = float(data.mean()), len(data)
    if n == 1:
        return Interval(mean, math.nan, math.nan)
    half = float(stdtrit(n - 1, (1 + confidence) / 2) * data.std(ddof=1) / math.sqrt(n))
    return Interval(mean, mean - half, mean + half)


def rare_interval(values: ArrayLike) -> Interval:
    """Return median, least and greatest of the replications, for what does not happen in most years."""
    data = np.asarray(values, dtype=np.float64)
    return Interval(float(np.median(data)), float(data.min()), float(data.max()))


def share_of_years(values: ArrayLike) -> float:
    """Return the share of replications in which something happened at all [0-1]."""
    return float(np.count_nonzero(np.asarray(values)) / np.size(values))


def paired_spread(baseline: ArrayLike, scenario: ArrayLike) -> float:
    """Return how much narrower pairing makes a difference: its standard deviation over that of independent seeds.

    Parameters
    ----------
    baseline, scenario : array_like of shape (n,)
        One value per replication, with common random numbers.

    Returns
    -------
    float
        sd(b − s) / √(var b + var s). Each scenario by itself has the same distribution under common as under
        independent random numbers, so no runs with other seeds are needed [1]. 0 when nothing varies.
    """
    one, other = np.asarray(baseline, dtype=np.float64), np.asarray(scenario, dtype=np.float64)
    independent = math.sqrt(float(one.var(ddof=1) + other.var(ddof=1)))
    return float((one - other).std(ddof=1)) / independent if independent else 0.0
