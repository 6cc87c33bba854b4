"""Means and intervals over replications: chance only, inputs fixed."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..kernel.streams import key_of

BCA_FROM = 30
"""Replications from which on the mean of something rare has a bootstrap interval."""

RESAMPLES = 9_999
"""Bootstrap samples: their noise moves an end by about a hundredth of the interval's width."""


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


def bca_interval(values: ArrayLike, confidence: float = 0.95) -> Interval:
    """Return the mean and its bias-corrected and accelerated bootstrap interval.

    For few and skew values, of which a t interval would reach below what can happen. The median of something that does
    not happen in most years is 0 in nearly every resample, so it is the mean that gets an interval.

    Parameters
    ----------
    values : array_like of shape (n,)
        One value per replication; of paired differences if each value is one.
    confidence : float
        Share of such intervals that hold the true mean [0-1].

    Returns
    -------
    Interval
        The mean, and the percentiles of `RESAMPLES` bootstrap means that bias and skewness move to. The resampling is
        keyed by name, so equal values give equal bytes. Without ends (nan) below `BCA_FROM` values, where too few
        different resamples exist for the tails to mean anything; all three alike when nothing varies.

    References
    ----------
    B. Efron, Better bootstrap confidence intervals, J. Am. Stat. Assoc. 82 (1987) 171-185.

    Notes
    -----
    Coverage falls short while most samples miss the rare event altogether: with an event in one of 30 years a third of
    all samples of 30 holds none of it.
    """
    data = np.asarray(values, dtype=np.float64)
    mean = float(data.mean())
    if data.size < BCA_FROM:
        return Interval(mean, math.nan, math.nan)
    if data.min() == data.max():
        return Interval(mean, mean, mean)
    from scipy.stats import bootstrap

    found = bootstrap(
        (data,), np.mean, n_resamples=RESAMPLES, confidence_level=confidence, method="BCa", rng=key_of(0, 0, "bootstrap")
    ).confidence_interval
    return Interval(mean, float(found.low), float(found.high))


def interval_of(values: ArrayLike, *, rare: bool) -> Interval:
    """Return the middle of a KPI's replications and its ends: the one place that says which interval a KPI has.

    Parameters
    ----------
    values : array_like of shape (n,)
        One value or paired difference per replication.
    rare : bool
        Whether most years have none of it.

    Returns
    -------
    Interval
        `t_interval`; of what is rare `rare_interval`, from `BCA_FROM` replications on `bca_interval`.
    """
    if not rare:
        return t_interval(values)
    return bca_interval(values) if np.size(values) >= BCA_FROM else rare_interval(values)


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
