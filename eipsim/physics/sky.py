"""The sky as chance makes it: clear-sky light, what clouds scatter, and numbers that persist and keep their mean."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

LOW_SUN_FRAC = 0.065
"""Cosine of the zenith below which an hour's clearness means nothing."""

_STEPS = 40


def clear_sky_ghi_w_per_m2(apparent_zenith_deg: Floats) -> Floats:
    """Return global horizontal irradiance under a clear sky from the height of the sun alone.

    Within about 5 % of a clean atmosphere near sea level; dust and water vapour are not in it.

    Parameters
    ----------
    apparent_zenith_deg : ndarray of shape (n,)
        Angle of the sun from the vertical [°].

    Returns
    -------
    ndarray of shape (n,)
        From 0 up [W/m2].

    Notes
    -----
    G = 1098 cos z exp(-0.059 / cos z).

    References
    ----------
    B. Haurwitz, Journal of Meteorology 2 (1945) 154-166, with the coefficients of pvlib.

    Examples
    --------
    >>> import numpy as np
    >>> clear_sky_ghi_w_per_m2(np.array([0.0, 60.0, 95.0])).round(1).tolist()
    [1035.1, 487.9, 0.0]
    """
    height = np.maximum(np.cos(np.radians(apparent_zenith_deg)), 1e-6)
    clear: Floats = np.where(apparent_zenith_deg < 90.0, 1098.0 * height * np.exp(-0.059 / height), 0.0)
    return clear


def diffuse_frac(clearness: ArrayLike) -> Floats:
    """Return the share of global light that is diffuse.

    Fitted to hours of four stations in the United States; a single hour may lie 0.2 off.

    Parameters
    ----------
    clearness : array_like
        Global over extraterrestrial horizontal irradiance [1]; below 0 it counts as 0.

    Returns
    -------
    ndarray
        From 1 under clouds to 0.165 [1].

    References
    ----------
    D. G. Erbs, S. A. Klein, J. A. Duffie, Solar Energy 28 (1982) 293-302, doi:10.1016/0038-092X(82)90302-4.

    Examples
    --------
    >>> diffuse_frac([0.1, 0.5, 0.9]).round(3).tolist()
    [0.991, 0.659, 0.165]
    """
    kt = np.maximum(np.asarray(clearness, dtype=np.float64), 0.0)
    between = 0.9511 - 0.1604 * kt + 4.388 * kt**2 - 16.638 * kt**3 + 12.336 * kt**4
    share: Floats = np.where(kt <= 0.22, 1.0 - 0.09 * kt, np.where(kt <= 0.8, between, 0.165))
    return share


def clearness_shift(ghi_w_per_m2: Floats, extraterrestrial_w_per_m2: Floats, dhi_w_per_m2: Floats) -> Floats:
    """Return what to add to the clearness so that diffuse light has the mean that is known.

    Parameters
    ----------
    ghi_w_per_m2 : ndarray of shape (draws, n)
        Equally likely values of global horizontal irradiance [W/m2].
    extraterrestrial_w_per_m2 : ndarray of shape (n,)
        Horizontal irradiance outside the atmosphere, more than 0 [W/m2].
    dhi_w_per_m2 : ndarray of shape (n,)
        Mean diffuse irradiance to be met [W/m2].

    Returns
    -------
    ndarray of shape (n,)
        Shift of the clearness from -1.5 to 1.5 [1], found by bisection; an end of the range where no shift meets the mean.
    """
    low, high = np.full(dhi_w_per_m2.shape, -1.5), np.full(dhi_w_per_m2.shape, 1.5)
    clearness = ghi_w_per_m2 / extraterrestrial_w_per_m2
    for _ in range(_STEPS):
        shift = 0.5 * (low + high)
        brighter = (ghi_w_per_m2 * diffuse_frac(clearness + shift)).mean(axis=0) > dhi_w_per_m2
        low, high = np.where(brighter, shift, low), np.where(brighter, high, shift)
    met: Floats = 0.5 * (low + high)
    return met


def persistent(shocks: ArrayLike, correlation_frac: float) -> Floats:
    """Return standard normal numbers each of which remembers the one before.

    Parameters
    ----------
    shocks : array_like of shape (n,)
        Independent standard normal numbers.
    correlation_frac : float
        Correlation of neighbours, 0 to below 1.

    Returns
    -------
    ndarray of shape (n,)
        x_0 = e_0, x_t = φ x_{t-1} + √(1 - φ²) e_t: stationary from the start.

    Examples
    --------
    >>> persistent([1.0, 0.0, 0.0], 0.5).tolist()
    [1.0, 0.5, 0.25]
    """
    fresh = np.sqrt(1.0 - correlation_frac**2)
    values = np.array(shocks, dtype=np.float64)
    values[1:] *= fresh
    numbers = values.tolist()
    for k in range(1, len(numbers)):
        numbers[k] += correlation_frac * numbers[k - 1]
    return np.array(numbers)


def bounded_of_normal(
    mean: ArrayLike, normal: ArrayLike, *, low: float = 0.0, high: float = 1.0, concentration: float = 4.0
) -> Floats:
    """Turn standard normal numbers into numbers between two bounds with a given mean.

    Parameters
    ----------
    mean : array_like
        The mean to be kept. Where it lies within 2 % of a bound or beyond, the mean itself is returned.
    normal : array_like
        Standard normal numbers, of a shape that goes with the means.
    low, high : float
        The bounds.
    concentration : float
        Sum of the two parameters of the beta distribution: the higher, the closer to the mean.

    Returns
    -------
    ndarray
        low + (high - low) × the beta quantile at Φ(normal); variance μ(1 - μ)/(concentration + 1) of the width squared.

    Examples
    --------
    >>> bounded_of_normal(0.5, [-8.0, 0.0, 8.0]).round(3).tolist()
    [0.0, 0.5, 1.0]
    """
    from scipy.special import betaincinv, ndtr

    mean, normal = np.broadcast_arrays(np.asarray(mean, dtype=np.float64), np.asarray(normal, dtype=np.float64))
    share = (mean - low) / (high - low)
    varies = (share > 0.02) & (share < 0.98)
    inside = np.where(varies, share, 0.5)
    drawn = betaincinv(inside * concentration, (1.0 - inside) * concentration, ndtr(normal))
    bounded: Floats = np.where(varies, low + (high - low) * drawn, mean)
    return bounded
