"""Reactive power: what a low power factor costs, and what capacitors do to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEAST_POWER_FACTOR_FRAC = 0.90
"""Power factor below which the bill has a surcharge."""


def power_factor_surcharge_frac(power_factor_frac: float) -> float:
    """Return what a low power factor adds to the price of active energy, 0 from 0.90 up [1].

    Circular 15/2014/TT-BCT: k = 0.90 / cos φ - 1.

    Examples
    --------
    >>> round(power_factor_surcharge_frac(0.80), 4), power_factor_surcharge_frac(0.95)
    (0.125, 0.0)
    """
    return max(0.0, LEAST_POWER_FACTOR_FRAC / power_factor_frac - 1.0)


def apparent_kva(active_kw: ArrayLike, power_factor_frac: ArrayLike) -> NDArray[np.float64]:
    """Apparent power of a load of one frequency [kVA].

    Examples
    --------
    >>> round(float(apparent_kva(87.0, 0.95)), 4)
    91.5789
    """
    return np.asarray(np.asarray(active_kw, dtype=float) / np.asarray(power_factor_frac))


def reactive_kvar(active_kw: ArrayLike, power_factor_frac: ArrayLike) -> NDArray[np.float64]:
    """Reactive power of a load [kvar]: P tan φ.

    Examples
    --------
    >>> round(float(reactive_kvar(87.0, 0.87)), 4)
    49.3052
    """
    return np.asarray(np.asarray(active_kw, dtype=float) * np.tan(np.arccos(np.asarray(power_factor_frac, dtype=float))))


def capacitor_kvar(active_kw: ArrayLike, before_frac: ArrayLike, after_frac: ArrayLike) -> NDArray[np.float64]:
    """Capacitors that lift the power factor of a load.

    For sinusoidal currents: harmonics of converters add to the apparent power and are not compensated by capacitors.

    Parameters
    ----------
    active_kw : array_like
        Active power [kW].
    before_frac, after_frac : array_like
        Power factor without and with the capacitors, lagging [0-1].

    Returns
    -------
    ndarray
        Reactive power of the capacitors [kvar].

    Notes
    -----
    P (tan φ₁ − tan φ₂).

    References
    ----------
    MEASUR (ORNL), PowerFactor.

    Examples
    --------
    >>> round(float(capacitor_kvar(87.0, 0.87, 0.95)), 4)
    20.7097
    """
    return np.asarray(reactive_kvar(active_kw, before_frac) - reactive_kvar(active_kw, after_frac))


def corrected_power_factor_frac(
    active_kw: ArrayLike, before_frac: ArrayLike, capacitors_kvar: ArrayLike
) -> NDArray[np.float64]:
    """Power factor of a load with capacitors beside it.

    Parameters
    ----------
    active_kw : array_like
        Active power, above 0 [kW].
    before_frac : array_like
        Power factor without them, lagging [0-1].
    capacitors_kvar : array_like
        Their reactive power; beyond that of the load the current leads and the factor falls again [kvar].

    Returns
    -------
    ndarray
        Power factor [0-1].

    Examples
    --------
    >>> round(float(corrected_power_factor_frac(87.0, 0.87, 20.7097)), 4)
    0.95
    """
    left_kvar = reactive_kvar(active_kw, before_frac) - np.asarray(capacitors_kvar, dtype=float)
    return np.asarray(np.cos(np.arctan(left_kvar / np.asarray(active_kw, dtype=float))))
