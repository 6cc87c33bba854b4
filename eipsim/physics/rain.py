"""Design storms: how the rain of one storm falls over its duration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def triangle_fallen_frac(time_frac: ArrayLike, peak_frac: float) -> NDArray[np.float64]:
    """Share of a storm that has fallen, if its intensity rises in a straight line to a peak and falls to nothing.

    Parameters
    ----------
    time_frac : array_like
        Time since the storm began over its duration [1]; before 0 nothing has fallen, after 1 everything.
    peak_frac : float
        Time of the peak over the duration, 0-1: 0.375 is a common mean of single storms.

    Returns
    -------
    ndarray
        Share [0-1].

    Notes
    -----
    x² / p up to the peak, 1 − (1 − x)² / (1 − p) from there; the peak has twice the mean intensity.

    References
    ----------
    Yen and Chow 1980, Design Hyetographs for Small Drainage Structures, J. Hydraul. Div. ASCE 106 [B].

    Examples
    --------
    >>> triangle_fallen_frac([0.25, 0.5, 1.0], 0.5).tolist()
    [0.125, 0.5, 1.0]
    """
    x = np.clip(np.asarray(time_frac, dtype=float), 0.0, 1.0)
    before = x < peak_frac
    rising = np.divide(x**2, peak_frac, out=np.zeros_like(x), where=before)
    falling = np.divide((1 - x) ** 2, 1 - peak_frac, out=np.zeros_like(x), where=~before & (x < 1))
    return np.asarray(np.where(before, rising, 1 - falling))


def blocks_fallen_frac(time_frac: ArrayLike, shares: Sequence[float]) -> NDArray[np.float64]:
    """Share of a storm that has fallen, if each of some equal parts of its duration has a share of the rain.

    Parameters
    ----------
    time_frac : array_like
        Time since the storm began over its duration [1].
    shares : sequence of float
        By part, 0 or more; one share is a uniform storm.

    Returns
    -------
    ndarray
        Share [0-1].

    Examples
    --------
    >>> blocks_fallen_frac([0.25, 0.5, 0.75], (3.0, 1.0)).tolist()
    [0.375, 0.75, 0.875]
    """
    fallen = np.concatenate([[0.0], np.cumsum(np.asarray(shares, dtype=float))])
    edges = np.linspace(0.0, 1.0, fallen.size)
    return np.asarray(np.interp(np.asarray(time_frac, dtype=float), edges, fallen / fallen[-1]))
