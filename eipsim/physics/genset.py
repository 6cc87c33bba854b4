"""What a diesel generator burns at part load."""

from __future__ import annotations

DIESEL_MJ_PER_L = 36.12
"""Lower heating value by volume: 43.0 MJ/kg (IPCC 2006) × 0.84 kg/L."""

NO_LOAD_MJ_PER_H_PER_KW = 0.01615 * DIESEL_MJ_PER_L
FUEL_MJ_PER_KWH = 0.2485 * DIESEL_MJ_PER_L
"""Willans line of a set of 1,000 kW: least squares through the four loads of the consumption chart that dealers of generators
publish (Diesel Service & Supply, "Approximate diesel fuel consumption chart": 81.8, 137.8, 197.2 and 269.1 L/h)."""


def genset_fuel_mj_per_h(
    power_kw: float,
    rating_kw: float,
    no_load_mj_per_h_per_kw: float = NO_LOAD_MJ_PER_H_PER_KW,
    fuel_mj_per_kwh: float = FUEL_MJ_PER_KWH,
) -> float:
    """Return what a running set burns, by its Willans line: no-load part × rating + slope × power.

    Parameters
    ----------
    power_kw : float
        What it gives, 0 to its rating [kW].
    rating_kw : float
        Of the set [kW].
    no_load_mj_per_h_per_kw : float
        Fuel that keeps it turning, per rating [MJ/h/kW].
    fuel_mj_per_kwh : float
        What each kilowatt-hour adds [MJ/kWh].

    Returns
    -------
    float
        At lower heating value [MJ/h]; within 5 % of the chart from a quarter load up, and steady state only.

    Examples
    --------
    >>> round(genset_fuel_mj_per_h(500.0, 1000.0) / DIESEL_MJ_PER_L, 1)
    140.4
    """
    return no_load_mj_per_h_per_kw * rating_kw + fuel_mj_per_kwh * power_kw
