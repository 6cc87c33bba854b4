"""Compressed air: power against pressure and flow; leaks by orifice, fill time or sound; nozzles that blow."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

ATMOSPHERE_BAR = 1.01325
"""Standard atmosphere [bar]."""

_ISENTROPIC_EXPONENT = 1.395
_BAR_PER_PSI = 0.0689475729
_M3_PER_CUBIC_FOOT = 0.028316846592

_NOZZLES = {
    "nozzle_1_mm": (-2.2e-07, 0.018893, 0.268476),
    "nozzle_1.5_mm": (-2.8e-05, 0.038377, 1.061905),
    "nozzle_2_mm": (-2.1e-06, 0.075463, 1.089857),
    "nozzle_2.5_mm": (-2.8e-05, 0.14871, 1.841905),
    "tube_1/8_in": (5.41e-06, 0.228851, 2.968095),
    "tube_1/4_in": (-2.2e-05, 0.345931, 5.780952),
    "tube_5/16_in": (0.000411, 0.560649, 10.1619),
    "tube_3/8_in": (0.000747, 0.842056, 15.95714),
    "pipe_1/8_in": (0.000682, 0.643182, 13.83333),
    "pipe_1/4_in": (-7.6e-05, 1.537424, 14.3),
    "pipe_3/8_in": (0.002652, 2.250152, 46.56667),
}
NOZZLES = tuple(_NOZZLES)
"""Ends of air lines that blow: nozzles by their bore, open tubes and open pipes by their nominal size."""


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


class SoundTable(NamedTuple):
    """Leaks that an ultrasonic detector's maker states at two pressures and two levels of sound.

    Parameters
    ----------
    pressure_bar_g : tuple of float
        The two pressures [bar].
    level_db : tuple of float
        The two levels [dB].
    flow_m3_per_min : tuple of tuple of float
        By level, the flows at the two pressures, as free air [m3/min].
    """

    pressure_bar_g: tuple[float, float]
    level_db: tuple[float, float]
    flow_m3_per_min: tuple[tuple[float, float], tuple[float, float]]


def sound_flow_m3_per_min(pressure_bar_g: ArrayLike, level_db: ArrayLike, table: SoundTable) -> NDArray[np.float64]:
    """Free air of a leak by the ultrasonic sound that it makes.

    Bilinear between the four values that are stated, and only there as good as they are.

    Parameters
    ----------
    pressure_bar_g : array_like
        In the pipe [bar].
    level_db : array_like
        As the detector shows it [dB].
    table : SoundTable
        Of the detector's maker.

    Returns
    -------
    ndarray
        Flow [m3/min].

    References
    ----------
    MEASUR (ORNL), CompressedAirLeakSurvey, decibel method.

    Examples
    --------
    >>> table = SoundTable((6.0, 8.0), (20.0, 30.0), ((0.02, 0.03), (0.04, 0.06)))
    >>> round(float(sound_flow_m3_per_min(7.0, 25.0, table)), 4)
    0.0375
    """
    (p0, p1), (l0, l1) = table.pressure_bar_g, table.level_db
    x = (np.asarray(pressure_bar_g, dtype=float) - p0) / (p1 - p0)
    y = (np.asarray(level_db, dtype=float) - l0) / (l1 - l0)
    (q00, q10), (q01, q11) = table.flow_m3_per_min
    return np.asarray((1 - y) * ((1 - x) * q00 + x * q10) + y * ((1 - x) * q01 + x * q11))


def nozzle_flow_m3_per_min(kind: str, pressure_bar_g: ArrayLike) -> NDArray[np.float64]:
    """Free air that a nozzle, an open tube or an open pipe blows.

    Fitted for about 1.5-8 bar gauge at the end of the line.

    Parameters
    ----------
    kind : str
        One of `NOZZLES`.
    pressure_bar_g : array_like
        At the nozzle [bar].

    Returns
    -------
    ndarray
        Flow [m3/min].

    Raises
    ------
    KeyError
        For an unknown kind.

    References
    ----------
    MEASUR (ORNL), CompressedAirReduction, pressure method: a p² + b p + c in cubic feet per minute and psi.

    Examples
    --------
    >>> [round(float(nozzle_flow_m3_per_min(kind, 5.0)), 3) for kind in ("pipe_1/4_in", "nozzle_2_mm")]
    [3.551, 0.186]
    """
    a, b, c = _NOZZLES[kind]
    psi = np.asarray(pressure_bar_g, dtype=float) / _BAR_PER_PSI
    return np.asarray(((a * psi + b) * psi + c) * _M3_PER_CUBIC_FOOT)
