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


def load_unload_power_frac(
    flow_frac: float,
    unloaded_frac: float,
    *,
    capacity_m3_per_min: float,
    receiver_m3: float,
    band_bar: float,
    sump_s: float = 40.0,
    atmosphere_bar: float = ATMOSPHERE_BAR,
) -> float:
    """Power at part flow of a lubricated screw that loads and unloads on a receiver, as a fraction of full-load power.

    After unloading the sump is let down slowly, so power needs ``sump_s`` to fall to that of idling: with a small receiver the
    compressor loads again before it has.

    Parameters
    ----------
    flow_frac : float
        Flow over capacity, 0-1.
    unloaded_frac : float
        Power at idle over full-load power, 0-1.
    capacity_m3_per_min : float
        Free air at full load [m3/min].
    receiver_m3 : float
        Volume of receiver and pipes [m3].
    band_bar : float
        Between the pressures at which it unloads and loads [bar].
    sump_s : float
        Time in which the sump's pressure falls [s].
    atmosphere_bar : float
        Of the free air [bar].

    Returns
    -------
    float
        Fraction [0-1].

    Notes
    -----
    A cycle stores V Δp / pa of free air. It lasts t = V Δp / (pa Q f (1 − f)) minutes and is unloaded for u = t (1 − f); power
    falls in a straight line, which adds (1 − idle) × s/2, or (1 − idle) (u − u²/2s) where u < s, to each cycle of
    f + (1 − f) idle.

    References
    ----------
    The shape is that of the curves for 1-10 gal/cfm in: Improving Compressed Air System Performance, U.S. DOE (2003), fact
    sheet 6 [B].

    Examples
    --------
    >>> large, small = (
    ...     load_unload_power_frac(0.5, 0.25, capacity_m3_per_min=10, receiver_m3=v, band_bar=0.7) for v in (10, 0.5)
    ... )
    >>> round(large, 3), round(small, 3)
    (0.715, 0.981)
    """
    straight = flow_frac + (1 - flow_frac) * unloaded_frac
    if not 0 < flow_frac < 1:
        return straight
    cycle_min = receiver_m3 * band_bar / (atmosphere_bar * capacity_m3_per_min * flow_frac * (1 - flow_frac))
    off_min, sump_min = cycle_min * (1 - flow_frac), sump_s / 60
    excess_min = sump_min / 2 if off_min >= sump_min else off_min - off_min**2 / (2 * sump_min)
    return straight + (1 - unloaded_frac) * excess_min / cycle_min


def receiver_free_air_m3(
    receiver_m3: float, high_bar_g: float, low_bar_g: float, atmosphere_bar: float = ATMOSPHERE_BAR
) -> float:
    """Free air that a receiver gives while its pressure falls [m3].

    References
    ----------
    MEASUR (ORNL), air receiver: usable capacity.

    Examples
    --------
    >>> round(receiver_free_air_m3(2.5, 7.5, 6.8), 2)
    1.73
    """
    return receiver_m3 * (high_bar_g - low_bar_g) / atmosphere_bar


def orifice_flow_m3_per_min(
    diameter_mm: ArrayLike,
    pressure_bar_g: ArrayLike,
    discharge_coefficient: ArrayLike = 0.65,
    *,
    air_c: ArrayLike = 20.0,
    atmosphere_bar: float = ATMOSPHERE_BAR,
    gas_constant_j_per_kg_k: float = 287.05,
) -> NDArray[np.float64]:
    """Free air that leaks through a round hole.

    Parameters
    ----------
    diameter_mm : array_like
        Diameter of the hole [mm].
    pressure_bar_g : array_like
        Pressure in the pipe, above 0.9 bar gauge so that the flow is choked [bar].
    discharge_coefficient : array_like
        1 for a rounded edge, about 0.65 for a sharp one.
    air_c : array_like
        Temperature of the air in the pipe, and of the free air [°C].
    atmosphere_bar : float
        Pressure of the surroundings [bar].
    gas_constant_j_per_kg_k : float
        Of air [J/(kg K)].

    Returns
    -------
    ndarray
        Flow at the pressure of the surroundings [m3/min].

    Notes
    -----
    Cd A (p0 / pa) (2/(k+1))^(1/(k−1)) √(2 k/(k+1) R T) with k = 1.4.

    References
    ----------
    MEASUR (ORNL), CompressedAirLeakSurvey, orifice method.

    Examples
    --------
    >>> round(float(orifice_flow_m3_per_min(3.0, 7.0)), 3)
    0.433
    """
    k = 1.4
    area_m2 = np.pi / 4 * (np.asarray(diameter_mm, dtype=float) / 1000) ** 2
    sonic_m_per_s = np.sqrt(2 * k / (k + 1) * gas_constant_j_per_kg_k * (np.asarray(air_c, dtype=float) + 273.15))
    density_ratio = (np.asarray(pressure_bar_g) + atmosphere_bar) / atmosphere_bar * (2 / (k + 1)) ** (1 / (k - 1))
    return np.asarray(np.asarray(discharge_coefficient) * area_m2 * density_ratio * sonic_m_per_s * 60)


def bag_flow_m3_per_min(diameter_mm: ArrayLike, height_mm: ArrayLike, fill_s: ArrayLike) -> NDArray[np.float64]:
    """Free air of a leak that fills a cylindrical bag.

    Parameters
    ----------
    diameter_mm, height_mm : array_like
        Size of the full bag [mm].
    fill_s : array_like
        Time to fill it [s].

    Returns
    -------
    ndarray
        Flow [m3/min].

    References
    ----------
    MEASUR (ORNL), CompressedAirLeakSurvey, bag method.

    Examples
    --------
    >>> round(float(bag_flow_m3_per_min(254.0, 381.0, 12.0)), 4)
    0.0965
    """
    volume_m3 = np.pi / 4 * (np.asarray(diameter_mm, dtype=float) / 1000) ** 2 * np.asarray(height_mm) / 1000
    return np.asarray(volume_m3 * 60 / np.asarray(fill_s))
