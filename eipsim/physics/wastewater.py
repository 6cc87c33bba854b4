"""Activated sludge: tanks in series, heterotrophs and nitrifiers that grow with their load, sludge, oxygen.

A model between a fixed removal and ASM1: it moves dissolved loads exactly through stirred tanks, and lets removal, sludge and
oxygen follow from a few stocks of biomass. It is calibrated at the steady state of the benchmark BSM1 and no better than 5
points of removal away from it. It knows no alkalinity, no toxic shock, no bulking and no limits of settling but the escape of
solids.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

REFERENCE_C = 20.0
"""Temperature for which rates are stated [°C]."""

OXYGEN_PER_N_NITRIFIED, OXYGEN_PER_N_DENITRIFIED = 4.57, 2.86
"""Oxygen that nitrification takes and denitrification gives back [g O2/g N]; Metcalf & Eddy."""


def rate_at(rate_20: ArrayLike, theta: float, temperature_c: ArrayLike) -> NDArray[np.float64]:
    """Return a rate at a temperature: rate × theta^(T − 20).

    Parameters
    ----------
    rate_20 : array_like
        At 20 °C [any unit].
    theta : float
        Base: 1.04 decay, 1.07 growth of heterotrophs, 1.07-1.12 nitrification [1].
    temperature_c : array_like
        Of the water, 8-35 °C; beyond it the law overstates growth [°C].

    References
    ----------
    Metcalf & Eddy, Wastewater Engineering, 4th edition, equation 2-25.

    Examples
    --------
    >>> round(float(rate_at(0.6, 1.07, 28.0)), 3)
    1.031
    """
    return np.asarray(np.asarray(rate_20, dtype=float) * theta ** (np.asarray(temperature_c, dtype=float) - REFERENCE_C))


def tanks_in_series_ratio(rate_times_h: ArrayLike, tanks: int) -> NDArray[np.float64]:
    """Return concentration out over in of first-order removal in equal stirred tanks in series, at rest: (1 + kτ/n)^−n.

    Parameters
    ----------
    rate_times_h : array_like
        Rate × residence time in all tanks together [1].
    tanks : int
        1 or more.

    Raises
    ------
    ValueError
        If there is no tank, or the product is negative.

    Examples
    --------
    >>> [round(float(tanks_in_series_ratio(3.0, n)), 4) for n in (1, 2, 3)]
    [0.25, 0.16, 0.125]
    """
    product = np.asarray(rate_times_h, dtype=float)
    if tanks < 1 or np.any(product < 0):
        raise ValueError(f"tanks = {tanks}, rate × time = {product.min():g}: tanks must be 1 or more, the product not negative")
    return np.asarray((1 + product / tanks) ** -float(tanks))


class Step(NamedTuple):
    """What one full stirred tank did in an interval: what is in it, what left, what reacted [kg]."""

    mass_kg: float
    out_kg: float
    reacted_kg: float


def full_tank(mass_kg: float, in_kg: float, exchanges: float, decays: float) -> Step:
    """Follow a full stirred tank with first-order reaction through an interval, exactly.

    Parameters
    ----------
    mass_kg : float
        In the tank at the start [kg].
    in_kg : float
        Arriving at a constant rate [kg].
    exchanges : float
        Flow × interval / volume [1].
    decays : float
        Rate × interval [1].

    Returns
    -------
    Step
        With mass + in = mass at the end + out + reacted.

    Notes
    -----
    dM/dt = L − (q/V + k) M has M = M* + (M₀ − M*) e^(−λt) with λ = q/V + k and M* = L/λ; what is lost is shared between flow
    and reaction as q/V to k.

    Examples
    --------
    >>> step = full_tank(10.0, 0.0, 1.0, 1.0)
    >>> round(step.mass_kg, 4), round(step.out_kg, 4) == round(step.reacted_kg, 4)
    (1.3534, True)
    """
    kept, gained, reacts = (float(share) for share in full_tank_course(exchanges, decays))
    left = mass_kg * kept + in_kg * gained
    lost = mass_kg + in_kg - left
    reacted = lost * reacts
    return Step(left, lost - reacted, reacted)


def full_tank_course(
    exchanges: ArrayLike, decays: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return what `full_tank` comes down to for any load.

    Parameters
    ----------
    exchanges, decays : float or array
        As of `full_tank` [1].

    Returns
    -------
    tuple of ndarray
        Share that stays of what was there, and of what came, and share of what is lost that reacts [1].
    """
    turns = np.maximum(np.add(exchanges, decays), 1e-12)
    return np.exp(-turns), -np.expm1(-turns) / turns, np.asarray(np.divide(decays, turns))


def observed_yield(yield_frac: float, decay_per_d: float, sludge_age_d: float, debris_frac: float = 0.0) -> float:
    """Return the biomass, with the debris of its decay, that is wasted per substrate removed.

    Parameters
    ----------
    yield_frac : float
        Biomass formed per substrate removed [1].
    decay_per_d : float
        Of biomass [1/d].
    sludge_age_d : float
        Mean stay of solids [d].
    debris_frac : float
        Share of decaying biomass that remains as cell debris, 0-1.

    References
    ----------
    Metcalf & Eddy, 4th edition, equation 8-15; MEASUR (ORNL), activated sludge.

    Examples
    --------
    >>> round(observed_yield(0.6, 0.1, 29.0, 0.1), 4)
    0.1985
    """
    return yield_frac * (1 + debris_frac * decay_per_d * sludge_age_d) / (1 + decay_per_d * sludge_age_d)


def oxygen_demand_kg(
    substrate_cod_kg: ArrayLike, biomass_cod_kg: ArrayLike, nitrified_kg: ArrayLike, denitrified_kg: ArrayLike = 0.0
) -> NDArray[np.float64]:
    """Return the oxygen that activated sludge takes up: COD that is not found again in sludge, and nitrogen.

    Parameters
    ----------
    substrate_cod_kg : array_like
        COD removed, or ultimate BOD [kg].
    biomass_cod_kg : array_like
        COD of the biomass wasted: 1.42 × its volatile solids [kg].
    nitrified_kg, denitrified_kg : array_like
        Nitrogen oxidised, and nitrate reduced [kg N].

    References
    ----------
    Metcalf & Eddy, 4th edition, equation 8-17.

    Examples
    --------
    >>> float(oxygen_demand_kg(100.0, 40.0, 5.0, 2.0))
    77.13
    """
    carbon = np.asarray(substrate_cod_kg, dtype=float) - np.asarray(biomass_cod_kg)
    nitrogen = OXYGEN_PER_N_NITRIFIED * np.asarray(nitrified_kg) - OXYGEN_PER_N_DENITRIFIED * np.asarray(denitrified_kg)
    return np.asarray(carbon + nitrogen)


def aeration_kwh_per_kg(
    head_bar: float, blower_efficiency_frac: float, transfer_frac: float, air_c: float = 28.0, atmosphere_bar: float = 1.01325
) -> float:
    """Electricity of blowers for the oxygen that wastewater takes up.

    Parameters
    ----------
    head_bar : float
        Pressure of the blowers: depth of water over the diffusers, 0.098 bar/m, and losses of pipes and diffusers [bar].
    blower_efficiency_frac : float
        Adiabatic, of blower, motor and converter together: lobe blowers 0.45-0.55, turbo blowers 0.65-0.75.
    transfer_frac : float
        Oxygen taken up over oxygen blown in, in wastewater: coarse bubbles 0.05-0.08, fine bubbles 0.10-0.20.
    air_c : float
        Temperature at the intake [°C].
    atmosphere_bar : float
        Pressure at the intake [bar].

    Returns
    -------
    float
        [kWh/kg].

    Notes
    -----
    pa κ/(κ−1) ((1 + Δp/pa)^((κ−1)/κ) − 1) / (η ρ ε) with κ = 1.395 and ρ the oxygen in a cubic metre of air.

    References
    ----------
    Metcalf & Eddy, Wastewater Engineering, 4th edition, equation 5-56 (blower power), table 5-28 (transfer).

    Examples
    --------
    >>> round(aeration_kwh_per_kg(0.6, 0.6, 0.13), 2)
    0.66
    """
    kappa = 1.395
    pa_pascal = 1e5 * atmosphere_bar
    oxygen_kg_per_m3 = 0.2095 * pa_pascal * 0.031998 / (8.314462618 * (air_c + 273.15))
    work_j_per_m3 = pa_pascal * kappa / (kappa - 1) * ((1 + head_bar / atmosphere_bar) ** ((kappa - 1) / kappa) - 1)
    return float(work_j_per_m3 / (blower_efficiency_frac * transfer_frac * oxygen_kg_per_m3) / 3.6e6)


def blower_kw(demand_kw: float, installed_kw: float, turndown_frac: float) -> float:
    """Return what blowers draw that follow the oxygen demand between their turndown and what is installed.

    Parameters
    ----------
    demand_kw : float
        Power that the oxygen demand would take [kW].
    installed_kw : float
        Of the blowers that are up [kW].
    turndown_frac : float
        Least output over installed, 0-1: 0.3-0.5 turbo and screw blowers on a drive, 1 fixed speed.

    Examples
    --------
    >>> [blower_kw(kw, 100.0, 0.4) for kw in (10.0, 70.0, 150.0)]
    [40.0, 70.0, 100.0]
    """
    return min(max(demand_kw, turndown_frac * installed_kw), installed_kw)


def clarifier_tss_g_per_m3(overflow_m_per_h: float, mlss_g_per_m3: float, return_ratio: float = 1.0) -> float:
    """Return the suspended solids that leave a secondary clarifier with the effluent.

    Parameters
    ----------
    overflow_m_per_h : float
        Flow over the surface of the clarifiers [m/h].
    mlss_g_per_m3 : float
        Suspended solids in the tanks before it [g/m3].
    return_ratio : float
        Flow of returned sludge over flow of wastewater [1].

    Notes
    -----
    6.85 g/m3 at 0.512 m/h in proportion to the overflow, and 0.17 % of the solids that arrive; beyond a solids flux of 140
    kg/(m2·d) 1.7 % of the excess goes over the weir as the sludge blanket rises. Fitted to nine steady states of the benchmark
    BSM1 (ten-layer clarifier of 1,500 m2), the last part to a single one, within 8 %. No bulking, no storm surge.

    Examples
    --------
    >>> [round(clarifier_tss_g_per_m3(0.512, mlss), 1) for mlss in (2300.0, 3270.0, 7000.0)]
    [10.8, 12.4, 63.1]
    """
    flux_kg_per_m2_d = (1 + return_ratio) * overflow_m_per_h * 24 * mlss_g_per_m3 / 1000
    surplus = max(0.0, flux_kg_per_m2_d - 140.0)
    over = 0.017 * surplus / (overflow_m_per_h * 24) * 1000 if surplus else 0.0
    return 6.85 * overflow_m_per_h / 0.512 + 0.0017 * mlss_g_per_m3 + over
