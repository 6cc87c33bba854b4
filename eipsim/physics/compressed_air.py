"""Compressed air: power against pressure and flow, leaks through orifices, leaks by measured fill times."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

ATMOSPHERE_BAR = 1.01325
"""Standard atmosphere [bar]."""

_ISENTROPIC_EXPONENT = 1.395


def pressure_power_ratio(
    pressure_bar_g: ArrayLike, rated_pressure_bar_g: ArrayLike, atmosphere_bar: float = ATMOSPHERE_BAR
) -> NDArray[np.float64]:
    """Power to compress one unit of free air to a pressure, over the power to compress it to the rated pressure.

    Parameters
    ----------
    pressure_bar_g : array_like
        Discharge pressure above atmosphere [bar].
    rated_pressure_bar_g : array_like
        Pressure at which the power is known [bar].
    atmosphere_bar : float
        Pressure at the intake [bar].

    Returns
    -------
    ndarray
        Ratio [1], 1 at the rated pressure.

    Notes
    -----
    Isentropic work of one stage, ((p + pa)/pa)^((k−1)/k) − 1 with k = 1.395, over the same at the rated pressure. Two
    stages with intercooling depend less on pressure.

    References
    ----------
    MEASUR (ORNL), CompressedAirPressureReduction.

    Examples
    --------
    >>> round(float(pressure_power_ratio(6.0, 7.0)), 4)
    0.9164
    """
    exponent = (_ISENTROPIC_EXPONENT - 1) / _ISENTROPIC_EXPONENT

    def work(bar_g: ArrayLike) -> NDArray[np.float64]:
        return np.asarray((1 + np.asarray(bar_g, dtype=float) / atmosphere_bar) ** exponent - 1)

    return np.asarray(work(pressure_bar_g) / work(rated_pressure_bar_g))


def pressure_flow_ratio(pressure_bar_g: ArrayLike, rated_pressure_bar_g: ArrayLike) -> NDArray[np.float64]:
    """Flow through a hole or an unregulated nozzle at a pressure, over that at the rated pressure.

    Choked flow is proportional to absolute pressure; valid above about 0.9 bar gauge.

    Parameters
    ----------
    pressure_bar_g, rated_pressure_bar_g : array_like
        Pressures above atmosphere [bar].

    Returns
    -------
    ndarray
        Ratio [1].

    Examples
    --------
    >>> round(float(pressure_flow_ratio(6.0, 7.0)), 4)
    0.8752
    """
    return np.asarray(
        (np.asarray(pressure_bar_g, dtype=float) + ATMOSPHERE_BAR)
        / (np.asarray(rated_pressure_bar_g, dtype=float) + ATMOSPHERE_BAR)
    )


def part_load_power_frac(flow_frac: ArrayLike, follow_frac: ArrayLike) -> NDArray[np.float64]:
    """Power at part flow, as a fraction of full-load power.

    Parameters
    ----------
    flow_frac : array_like
        Flow over the capacity that is on line [0-1].
    follow_frac : array_like
        How far power follows flow: 1 is an ideal speed control, 0.84 a load/unload control that idles at 16 % of its
        full power, 0.3 inlet modulation.

    Returns
    -------
    ndarray
        Power fraction [0-1].

    Notes
    -----
    P/P_full = 1 − follow × (1 − flow), the straight line from no-load to full-load power.

    References
    ----------
    MEASUR (ORNL), Compressors, load/unload.

    Examples
    --------
    >>> round(float(part_load_power_frac(0.24, 1 - 71.3 / 452.3)), 4)
    0.3598
    """
    return np.asarray(1 - np.asarray(follow_frac, dtype=float) * (1 - np.asarray(flow_frac, dtype=float)))
