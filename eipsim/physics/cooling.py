"""Chillers: coefficient of performance by temperatures and load; the water of their cooling towers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

_ZERO_C_IN_K = 273.15


def chilled_water_cop_ratio(
    chilled_water_c: ArrayLike, rated_chilled_water_c: ArrayLike, condensing_c: ArrayLike = 40.0
) -> NDArray[np.float64]:
    """Coefficient of performance at a chilled-water set point, over that at the rated set point.

    Good for a few kelvin around the rated point and set points of 4-15 °C.

    Parameters
    ----------
    chilled_water_c, rated_chilled_water_c : array_like
        Temperature of the water that leaves the evaporator [°C].
    condensing_c : array_like
        Temperature at which the refrigerant condenses [°C].

    Returns
    -------
    ndarray
        Ratio [1], above 1 for warmer water.

    Notes
    -----
    Carnot's Te / (Tc − Te) at a constant second-law efficiency: about 3 % per kelvin. MEASUR's centrifugal chiller gains
    2.0 % per kelvin at fixed and 6.8 % at variable speed.

    Examples
    --------
    >>> round(float(chilled_water_cop_ratio(8.0, 7.0)), 4)
    1.0349
    """
    te = np.asarray(chilled_water_c, dtype=float) + _ZERO_C_IN_K
    rated = np.asarray(rated_chilled_water_c, dtype=float) + _ZERO_C_IN_K
    tc = np.asarray(condensing_c, dtype=float) + _ZERO_C_IN_K
    return np.asarray(te / (tc - te) * (tc - rated) / rated)


class ChillerCurves(NamedTuple):
    """How capacity and power of a water-cooled chiller follow its temperatures and its load.

    Parameters
    ----------
    capacity, power : tuple of float
        Coefficients a … f of a + b e + c e² + d w + e' w² + f e w with leaving chilled water e and entering condenser water w
        [°C], over the value at the reference temperatures.
    part_load : tuple of float
        Coefficients a, b, c of a + b x + c x² in the load over present capacity x.
    least_load_frac : float
        Load below which the chiller switches on and off.
    coldest_water_c : float
        Condenser water that the tower is kept above [°C].
    """

    capacity: tuple[float, ...]
    power: tuple[float, ...]
    part_load: tuple[float, float, float]
    least_load_frac: float
    coldest_water_c: float


CENTRIFUGAL = ChillerCurves(
    capacity=(0.257896, 0.0389016, -0.00021708, 0.0468684, -0.00094284, -0.00034344),
    power=(0.933884, -0.058212, 0.00450036, 0.00243, 0.000486, -0.001215),
    part_load=(0.222903, 0.313387, 0.46371),
    least_load_frac=0.2,
    coldest_water_c=24.0,
)
"""Centrifugal chiller with inlet vanes: DOE-2's default, as EnergyPlus has it under "DOE-2 Centrifugal/5.50COP" [A]. Reference
6.67 °C and 29.4 °C; fitted to chilled water of 5-10 °C and condenser water of 24-35 °C."""


def chiller_capacity_frac(chilled_water_c: float, condenser_water_c: float, curves: ChillerCurves = CENTRIFUGAL) -> float:
    """Cooling that a chiller can give, over that at its reference temperatures.

    Parameters
    ----------
    chilled_water_c, condenser_water_c : float
        Leaving chilled water, entering condenser water [°C].
    curves : ChillerCurves
        Of the machine.

    Returns
    -------
    float
        Fraction [1].

    References
    ----------
    EnergyPlus Engineering Reference, Chiller:Electric:EIR.

    Examples
    --------
    >>> round(chiller_capacity_frac(6.67, 29.4), 3), round(chiller_capacity_frac(6.67, 34.0), 3)
    (1.003, 0.933)
    """
    return _biquadratic(curves.capacity, chilled_water_c, max(condenser_water_c, curves.coldest_water_c))


def chiller_power_frac(
    load_frac: float, chilled_water_c: float, condenser_water_c: float, curves: ChillerCurves = CENTRIFUGAL
) -> float:
    """Power of a chiller over reference capacity / reference coefficient of performance.

    Parameters
    ----------
    load_frac : float
        Cooling over what the machine can give at these temperatures, 0-1.
    chilled_water_c, condenser_water_c : float
        Leaving chilled water, entering condenser water [°C].
    curves : ChillerCurves
        Of the machine.

    Returns
    -------
    float
        Power [1]; below the least load in proportion to it, as a machine that is switched on and off.

    Notes
    -----
    P / (Q_ref / COP_ref) = CAPFT(e, w) · EIRFT(e, w) · EIRFPLR(x).

    References
    ----------
    EnergyPlus Engineering Reference, Chiller:Electric:EIR.

    Examples
    --------
    >>> [round(chiller_power_frac(x, 6.67, 29.4), 3) for x in (1.0, 0.5, 0.1)]
    [1.002, 0.497, 0.152]
    """
    x = max(load_frac, curves.least_load_frac)
    a, b, c = curves.part_load
    part = (a + b * x + c * x * x) * load_frac / x
    water_c = max(condenser_water_c, curves.coldest_water_c)
    full = chiller_capacity_frac(chilled_water_c, water_c, curves) * _biquadratic(curves.power, chilled_water_c, water_c)
    return full * part


def _biquadratic(k: tuple[float, ...], e: float, w: float) -> float:
    return k[0] + k[1] * e + k[2] * e * e + k[3] * w + k[4] * w * w + k[5] * e * w


class TowerWater(NamedTuple):
    """Water that a cooling tower takes and lets out [m3/h]: evaporated, drifted away, blown down."""

    evaporation_m3_per_h: float
    drift_m3_per_h: float
    blowdown_m3_per_h: float

    @property
    def makeup_m3_per_h(self) -> float:
        """All of it [m3/h]."""
        return sum(self)


def tower_water(
    rejected_kw_th: float,
    concentration_cycles: float,
    drift_frac: float,
    *,
    range_k: float = 5.0,
    evaporated_frac: float = 1.0,
    latent_kj_per_kg: float = 2430.0,
) -> TowerWater:
    """Water that an open cooling tower needs for a heat.

    Parameters
    ----------
    rejected_kw_th : float
        Heat of chiller and compressor [kW thermal].
    concentration_cycles : float
        Salt in the basin over salt in the make-up water, above 1.
    drift_frac : float
        Droplets that are carried away, over the water that circulates, 0-1.
    range_k : float
        How much the circulating water is cooled [K].
    evaporated_frac : float
        Share of the heat that goes by evaporation; 1 is the hot and humid limit, 0.7-0.8 where it is cool.
    latent_kj_per_kg : float
        Heat of evaporation at the temperature of the basin [kJ/kg].

    Returns
    -------
    TowerWater
        At 1 t/m3.

    Notes
    -----
    Evaporation E = share × heat / latent heat; drift = share × circulation; blowdown = E / (cycles − 1).

    References
    ----------
    MEASUR (ORNL), cooling tower make-up water: exactly, with its latent heat of 1,000 Btu/lb.

    Examples
    --------
    >>> round(tower_water(1000.0, 4.0, 0.0002).makeup_m3_per_h, 3)
    2.01
    """
    evaporation = 3.6 * evaporated_frac * rejected_kw_th / latent_kj_per_kg
    circulation = 3.6 * rejected_kw_th / (4.186 * range_k)
    return TowerWater(evaporation, drift_frac * circulation, evaporation / (concentration_cycles - 1))
