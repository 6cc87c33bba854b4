"""Chillers: coefficient of performance by temperatures and load; water and fans of their cooling towers."""

from __future__ import annotations

import math
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
        Coefficients a, b, c of a + b x + c x² in the load over present capacity x; if there are three more, d, e, f, then
        + d l + e l² + f l x with the lift l = w − e [K].
    least_load_frac : float
        Load below which the chiller switches on and off.
    coldest_water_c : float
        Condenser water that the tower is kept above [°C].
    in_fahrenheit : bool
        Whether temperatures and lift are in °F, and the capacity is the square of its curve, as in DOE-2.2.
    """

    capacity: tuple[float, ...]
    power: tuple[float, ...]
    part_load: tuple[float, ...]
    least_load_frac: float
    coldest_water_c: float
    in_fahrenheit: bool = False


CENTRIFUGAL = ChillerCurves(
    capacity=(0.257896, 0.0389016, -0.00021708, 0.0468684, -0.00094284, -0.00034344),
    power=(0.933884, -0.058212, 0.00450036, 0.00243, 0.000486, -0.001215),
    part_load=(0.222903, 0.313387, 0.46371),
    least_load_frac=0.2,
    coldest_water_c=24.0,
)
"""Centrifugal chiller with inlet vanes: DOE-2's default, as EnergyPlus has it under "DOE-2 Centrifugal/5.50COP" [A]. Reference
6.67 °C and 29.4 °C; fitted to chilled water of 5-10 °C and condenser water of 24-35 °C."""

CHILLERS: dict[str, ChillerCurves] = {
    "centrifugal": CENTRIFUGAL,
    "centrifugal_inlet_vanes": ChillerCurves(
        capacity=(-0.49737319, -0.00956073, -0.00059561, 0.04352099, -0.00058394, 0.00096007),
        power=(1.15361547, -0.03067901, 0.00030591, 0.00670874, 0.0000528, -0.00009297),
        part_load=(0.27969646, 0.57375735, 0.25690463, -0.00580717, 0.00014649, -0.00353007),
        least_load_frac=0.1,
        coldest_water_c=21.0,
        in_fahrenheit=True,
    ),
    "centrifugal_variable_speed": ChillerCurves(
        capacity=(-0.38924542, -0.02195141, -0.00027343, 0.04974775, -0.00053441, 0.00067295),
        power=(1.42868233, -0.08227751, 0.00030243, 0.03622194, -0.00029211, 0.00043788),
        part_load=(0.14703037, -0.00349667, 1.01161313, -0.00359697, 0.00027167, -0.01164471),
        least_load_frac=0.32,
        coldest_water_c=21.0,
        in_fahrenheit=True,
    ),
    "magnetic_bearing": ChillerCurves(
        capacity=(1.37074482, -0.04210769, -0.00029363, 0.01559556, -0.00051769, 0.00119421),
        power=(1.37895823, -0.03063673, 0.00013163, -0.0004975, 0.00005392, 0.00009815),
        part_load=(-0.08770346, 0.63231272, 0.52312154, 0.00289049, 0.00008105, -0.00786588),
        least_load_frac=0.1,
        coldest_water_c=21.0,
        in_fahrenheit=True,
    ),
    "screw": ChillerCurves(
        capacity=(0.89823061, 0.0004535, 0.0002369, -0.0010475, -0.0000293, -0.00002035),
        power=(0.62493622, -0.00099309, 0.00017366, -0.00086447, 0.00019627, -0.0003377),
        part_load=(-0.11699212, 1.26354492, -0.21946673, 0.00294536, 0.00001688, -0.00185917),
        least_load_frac=0.1,
        coldest_water_c=21.0,
        in_fahrenheit=True,
    ),
}
"""Water-cooled chillers by name; all but the first are the sets of MEASUR (ORNL), ChillerEfficiency, reference 44 and 85 °F. A
variable speed has its least load where its part-load curve begins to rise at all lifts up to 30 K."""


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
    water_c = max(condenser_water_c, curves.coldest_water_c)
    if curves.in_fahrenheit:
        return _biquadratic(curves.capacity, _fahrenheit(chilled_water_c), _fahrenheit(water_c)) ** 2
    return _biquadratic(curves.capacity, chilled_water_c, water_c)


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
    return chiller_at(chilled_water_c, condenser_water_c, curves).least_power_frac(load_frac, 1)


class ChillerAt(NamedTuple):
    """A chiller at given temperatures of its water.

    Parameters
    ----------
    capacity_frac : float
        Cooling that it can give, over that at its reference temperatures [1].
    full_frac : float
        Power at that, over reference capacity / reference coefficient of performance [1].
    part_load : tuple of float
        Power over that at full load: a + b x + c x² of the load x [1].
    least_load_frac : float
        Load below which it switches on and off.
    """

    capacity_frac: float
    full_frac: float
    part_load: tuple[float, float, float]
    least_load_frac: float

    def least_power_frac(self, load: float, machines: int) -> float:
        """Return the least power with which some of several equal chillers share a load, which more load never lessens [1].

        Parameters
        ----------
        load : float
            Cooling over what one of them can give, 0 to ``machines``.
        machines : int
            How many there are.
        """
        _, full_frac, (a, b, c), least_load_frac = self
        fewest = math.ceil(load * (1 - 1e-12)) or 1
        powers = []
        for running in range(fewest, max(machines, fewest) + 1):
            share = load / running if load < running else 1.0
            x = share if share > least_load_frac else least_load_frac
            powers.append(running * (full_frac * ((a + b * x + c * x * x) * share / x)))
        return min(powers)


def chiller_at(chilled_water_c: float, condenser_water_c: float, curves: ChillerCurves = CENTRIFUGAL) -> ChillerAt:
    """Work out all that temperatures decide, for many loads.

    Parameters
    ----------
    chilled_water_c, condenser_water_c : float
        Leaving chilled water, entering condenser water [°C].
    curves : ChillerCurves
        Of the machine.
    """
    e, w = chilled_water_c, max(condenser_water_c, curves.coldest_water_c)
    capacity = chiller_capacity_frac(e, w, curves)
    if curves.in_fahrenheit:
        e, w = _fahrenheit(e), _fahrenheit(w)
    a, b, c, *by_lift = curves.part_load
    if by_lift:
        (d, square, cross), lift = by_lift, w - e
        a, b = a + (d + square * lift) * lift, b + cross * lift
    return ChillerAt(capacity, capacity * _biquadratic(curves.power, e, w), (a, b, c), curves.least_load_frac)


def _fahrenheit(celsius: float) -> float:
    return celsius * 1.8 + 32.0


def _biquadratic(k: tuple[float, ...], e: float, w: float) -> float:
    return k[0] + k[1] * e + k[2] * e * e + k[3] * w + k[4] * w * w + k[5] * e * w


_TOWER_AIR = (-0.09646816, 1.04669762, 0.04976825)
_TOWER_RANGE = (0.08352359, 0.11247273, -0.00135847, 0.00003417, 0.00003125, -0.00034001)
_TOWER_APPROACH = (0.50061393, 0.00588251, 0.0002163, -0.01913189, 0.00022360, 0.00106108)


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


def tower_air_frac(range_k: float, approach_k: float, wet_bulb_c: float) -> float:
    """Air that an open mechanical-draught tower needs, over what its fans blow at full speed.

    Parameters
    ----------
    range_k : float
        How much the circulating water is cooled, about 2-14 [K].
    approach_k : float
        Water that leaves less the wet bulb, about 2-14 [K].
    wet_bulb_c : float
        Of the air, about 10-28 [°C].

    Returns
    -------
    float
        Fraction, 0-1; 1 where even full speed would not hold the approach.

    Notes
    -----
    A quadratic in the air flow equals range factor / approach factor, each biquadratic in °F: the tower of DOE-2.

    References
    ----------
    MEASUR (ORNL), CoolingTower, fan energy.

    Examples
    --------
    >>> round(tower_air_frac(3.5, 3.1, 24.4), 3)
    0.905
    """
    wet_f, range_f, approach_f = _fahrenheit(wet_bulb_c), 1.8 * range_k, 1.8 * approach_k
    wanted = _biquadratic(_TOWER_RANGE, range_f, wet_f) / _biquadratic(_TOWER_APPROACH, approach_f, wet_f)
    a, b, c = _TOWER_AIR
    root = b * b - 4 * a * (c - wanted)
    return 1.0 if root < 0 else min(max((-b + root**0.5) / (2 * a), 0.0), 1.0)


def tower_fan_power_frac(air_frac: float, speeds: int | None) -> float:
    """Power of a tower's fans over that at full speed.

    Parameters
    ----------
    air_frac : float
        Air over what they blow at full speed, 0-1.
    speeds : int or None
        1: on and off. 2: full, half and off. None: any, with a converter.

    Returns
    -------
    float
        Fraction [1]; about 0.01 at no air.

    References
    ----------
    MEASUR (ORNL), CoolingTower, fan energy.

    Examples
    --------
    >>> [round(tower_fan_power_frac(0.6, speeds), 3) for speeds in (1, 2, None)]
    [0.622, 0.314, 0.23]
    """
    if speeds is None:
        return _fan_power_frac(air_frac)
    step = 1.0 / speeds
    low = step * min(int(air_frac / step), speeds - 1)
    share = (air_frac - low) / step
    return (1 - share) * _fan_power_frac(low) + share * _fan_power_frac(low + step)


def _fan_power_frac(air_frac: float) -> float:
    return 0.01055507 + (-0.05704023 + (0.14686301 + 0.92961746 * air_frac) * air_frac) * air_frac
