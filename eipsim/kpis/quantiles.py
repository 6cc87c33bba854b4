"""Quantiles of years, with intervals that assume no shape of the distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .intervals import Interval


def quantile_interval(values: ArrayLike, quantile: float, confidence: float = 0.95) -> Interval:
    """Return a quantile of the replications and its interval.

    Parameters
    ----------
    values : array_like of shape (n,)
        One value per independent replication.
    quantile : float
        Share of years that stay at or below [0-1], both ends left out.
    confidence : float
        Share of such intervals that hold the true quantile, at least [0-1].

    Returns
    -------
    Interval
        The median-unbiased estimate [1]; as ends the two order statistics x₍ₗ₎, x₍ᵤ₎ between which the quantile lies with
        at least that probability, whatever the distribution, as the number of years below it is binomial(n, quantile)
        [2]. An end is nan where n is too small for it: 36 replications for both ends of the 90th percentile at 95 %.

    References
    ----------
    [1] R. J. Hyndman, Y. Fan, Sample quantiles in statistical packages, Am. Stat. 50 (1996) 361-365, definition 8.
    [2] W. J. Conover, Practical Nonparametric Statistics, 3rd ed., section 3.2.

    Examples
    --------
    >>> quantile_interval(range(1, 41), 0.5)
    Interval(middle=20.5, low=14.0, high=27.0)
    """
    from scipy.stats import quantile_test

    data = np.asarray(values, dtype=np.float64)
    middle = float(np.quantile(data, quantile, method="median_unbiased"))
    if data.size < 2:
        return Interval(middle, math.nan, math.nan)
    ends: Any = quantile_test(data, p=quantile).confidence_interval(confidence)
    return Interval(middle, float(ends.low), float(ends.high))
