"""Fired heat: excess air, available heat of boilers and furnaces, preheating with exhaust."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Fuel(NamedTuple):
    """Constants of a fuel for its flue gas: Siegert's A2 and B, and gross over net heating value."""

    siegert_a: float
    siegert_b: float
    gross_per_net: float


FUEL_GAS: dict[str, Fuel] = {
    "natural_gas": Fuel(0.66, 0.009, 1.109),
    "lpg": Fuel(0.63, 0.008, 1.086),
    "diesel": Fuel(0.68, 0.007, 1.066),
    "fuel_oil": Fuel(0.68, 0.007, 1.060),
    "coal": Fuel(0.76, 0.006, 1.045),
    "biomass": Fuel(0.76, 0.010, 1.090),
}
"""By carrier. Gas, LPG and oil: EN 50379-1 [B]; coal and biomass: practice of flue-gas analysers [C]."""


def fahrenheit(celsius: ArrayLike) -> NDArray[np.float64]:
    """Convert degrees Celsius to degrees Fahrenheit."""
    return np.asarray(np.asarray(celsius, dtype=float) * 1.8 + 32.0)


def excess_air_frac(flue_o2_frac: ArrayLike) -> NDArray[np.float64]:
    """Excess air of a natural-gas flame from the oxygen in its dry flue gas.

    Parameters
    ----------
    flue_o2_frac : array_like
        Oxygen by volume, dry, below 0.21 [0-1].

    Returns
    -------
    ndarray
        Excess over stoichiometric air [1].

    References
    ----------
    MEASUR (ORNL), EfficiencyImprovement: 8.52381 O2 / (2 − 9.52381 O2).

    Examples
    --------
    >>> round(float(excess_air_frac(0.03)), 4)
    0.1492
    """
    o2 = np.asarray(flue_o2_frac, dtype=float)
    return np.asarray(8.52381 * o2 / (2 - 9.52381 * o2))


def furnace_available_heat_frac(flue_o2_frac: ArrayLike, flue_c: ArrayLike, combustion_air_c: ArrayLike) -> NDArray[np.float64]:
    """Heat that stays in a gas-fired furnace, as a fraction of the gross heating value.

    For gas and LPG with exhaust at 400-1,400 °C; below that the straight line for the stoichiometric part is too high.

    Parameters
    ----------
    flue_o2_frac : array_like
        Oxygen in the dry flue gas [0-1].
    flue_c : array_like
        Temperature at which the gas leaves the furnace [°C].
    combustion_air_c : array_like
        Temperature of the combustion air [°C].

    Returns
    -------
    ndarray
        Fraction [0-1] of the gross heating value.

    Notes
    -----
    In per cent and °F: 93.921086173 − 0.025 T − c (T x − Ta (1 + x)) with c = 0.017828518 + 2.556e-6 Ta and excess air x.

    References
    ----------
    MEASUR (ORNL), EfficiencyImprovement.

    Examples
    --------
    >>> round(float(furnace_available_heat_frac(0.06, 871.1111, 26.6667)), 4)
    0.4555
    """
    x = excess_air_frac(flue_o2_frac)
    flue_f, air_f = fahrenheit(flue_c), fahrenheit(combustion_air_c)
    c = 0.017828518 + 0.000002556 * air_f
    return np.asarray((93.921086173 - 0.025 * flue_f - c * flue_f * x + c * air_f * (1 + x)) / 100)


def boiler_available_heat_frac(
    fuel: str, flue_o2_frac: ArrayLike, flue_c: ArrayLike, combustion_air_c: ArrayLike
) -> NDArray[np.float64]:
    """Heat that stays in a boiler or heater, as a fraction of the net heating value.

    Valid while nothing condenses, for flue gas of about 80-450 °C.

    Parameters
    ----------
    fuel : str
        A carrier of `FUEL_GAS`.
    flue_o2_frac : array_like
        Oxygen in the dry flue gas, below 0.21 [0-1].
    flue_c : array_like
        Flue-gas temperature [°C].
    combustion_air_c : array_like
        Temperature of the combustion air [°C].

    Returns
    -------
    ndarray
        Fraction [0-1] of the net heating value.

    Notes
    -----
    Siegert: 1 − (T − Ta) (A / (21 − O2) + B) / 100 with O2 in per cent.

    References
    ----------
    EN 50379-1; constants in `FUEL_GAS`.

    Examples
    --------
    >>> round(float(boiler_available_heat_frac("lpg", 0.04, 180.0, 27.0)), 4)
    0.9311
    """
    constants = FUEL_GAS[fuel]
    o2 = 100 * np.asarray(flue_o2_frac, dtype=float)
    rise = np.asarray(flue_c, dtype=float) - np.asarray(combustion_air_c, dtype=float)
    return np.asarray(1 - rise * (constants.siegert_a / (21 - o2) + constants.siegert_b) / 100)


def preheated_c(cold_c: ArrayLike, hot_c: ArrayLike, effectiveness_frac: ArrayLike) -> NDArray[np.float64]:
    """Temperature of the colder, weaker stream after a heat exchanger.

    Parameters
    ----------
    cold_c, hot_c : array_like
        Inlet temperatures [°C].
    effectiveness_frac : array_like
        Exchanged heat over the most that could be [0-1].

    Returns
    -------
    ndarray
        Outlet temperature [°C].

    References
    ----------
    Kays and London, Compact Heat Exchangers: definition of effectiveness for the stream of smaller heat capacity.
    """
    cold = np.asarray(cold_c, dtype=float)
    return np.asarray(cold + np.asarray(effectiveness_frac) * (np.asarray(hot_c) - cold))
