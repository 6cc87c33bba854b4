"""Greenhouse gases of fuels burnt and of electricity drawn: scope 1 and location-based scope 2."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from .base import kpi
from .energy import electricity_kwh, electricity_park_kwh
from .network_use import Supplied
from .use import Use, books_of, sum_of

if TYPE_CHECKING:
    from ..components.factory import Factory
    from ..context import Context
    from ..kernel.run import Run
    from ..park import Park


GWP = {"ch4": 28.0, "n2o": 265.0}
"""Warming of a kilogram over 100 years in kilograms of CO2: IPCC AR5, without climate feedbacks."""


class Emission(NamedTuple):
    """One gas of one source.

    Parameters
    ----------
    scope : str
        ``1``, ``2`` or ``outside``: carbon dioxide of biomass belongs to no scope.
    source : str
        A fuel, or ``electricity``.
    gas : str
        ``co2``, ``ch4`` or ``n2o``.
    mass_kg : float
        Of the gas [kg].
    warming_kgco2 : float
        Its weight as carbon dioxide [kg CO2e].
    """

    scope: str
    source: str
    gas: str
    mass_kg: float
    warming_kgco2: float


def emissions(use: Use, context: Context) -> list[Emission]:
    """Return what a factory emits by scope, source and gas.

    Parameters
    ----------
    use : Use
        What crossed its meters.
    context : Context
        Factors.

    Returns
    -------
    list of Emission
        Scope 1 by fuel and gas, location-based scope 2, and the carbon dioxide of biomass. The KPIs ``co2_*`` follow the
        published figures and hold methane and nitrous oxide of biomass alone; of fossil fuels these are 0.1 to 0.8 % more.
    """
    found = fuel_emissions(use.fuels_gj, context)
    grid_kg = math.fsum(use.electricity_kwh.values()) * context.factors.grid_tco2_per_mwh
    found.append(Emission("2", "electricity", "co2", grid_kg, grid_kg))
    found += [Emission("2", one.carrier, "co2", kg, kg) for one in use.supplied if (kg := _supplied_kg(one, context))]
    return found


def fuel_emissions(fuels_gj: Mapping[str, float], context: Context) -> list[Emission]:
    """Return what burning fuels emits by source and gas, for fuels by carrier [GJ]."""
    found = []
    for fuel, gj in fuels_gj.items():
        if not gj:
            continue
        gases = context.factors.fuel_gases[fuel]
        if gases.fossil_co2_kg_per_gj:
            co2_kg = gj * gases.fossil_co2_kg_per_gj
            found.append(Emission("1", fuel, "co2", co2_kg, co2_kg))
        for gas, grams in (("ch4", gases.ch4_g_per_gj), ("n2o", gases.n2o_g_per_gj)):
            found.append(Emission("1", fuel, gas, gj * grams / 1000.0, gj * grams / 1000.0 * GWP[gas]))
        if gases.biogenic_co2_kg_per_gj:
            co2_kg = gj * gases.biogenic_co2_kg_per_gj
            found.append(Emission("outside", fuel, "co2", co2_kg, co2_kg))
    return found


def _supplied_kg(one: Supplied, context: Context) -> float:
    """Return what the operator emitted for what a factory took of a network [kg CO2e]."""
    fuels_kg = math.fsum(gj * context.factors.fuel_kgco2_per_gj[fuel] for fuel, gj in one.fuels_gj.items())
    return fuels_kg + math.fsum(one.electricity_kwh.values()) * context.factors.grid_tco2_per_mwh


def supplied_co2_t(use: Use, context: Context) -> float:
    """Return what the operator emitted for the steam, air and chilled water of a factory: its scope 2 [t CO2e]."""
    return math.fsum(_supplied_kg(one, context) for one in use.supplied) / 1000.0


def operator_fuel_co2_t(run: Run, park: Park, context: Context) -> float:
    """Return what the operator's fuels emit, as `fuel_co2_t` [t CO2e]."""
    own = books_of(run, park).operator_fuels_gj()
    return math.fsum(gj * context.factors.fuel_kgco2_per_gj[fuel] for fuel, gj in own.items()) / 1000.0


def fuel_co2_t(use: Use, factory: Factory, context: Context) -> float:
    """Return what the fuels that a factory burns emit; of biomass methane and nitrous oxide only [t CO2e]."""
    return math.fsum(gj * context.factors.fuel_kgco2_per_gj[fuel] for fuel, gj in use.fuels_gj.items()) / 1000.0


def co2_t(use: Use, factory: Factory, context: Context) -> float:
    """Return scope 1 and 2 of a factory: fuels burnt, electricity drawn, what networks took; exports earn nothing [t CO2e].

    Notes
    -----
    Location-based scope 2 at the one grid factor of the context, without hours: valid for yearly totals.
    """
    grid_t = electricity_kwh(use, factory, context) / 1000.0 * context.factors.grid_tco2_per_mwh
    return fuel_co2_t(use, factory, context) + grid_t + supplied_co2_t(use, context)


@kpi(unit="t", boundary="assessed", value=co2_t)
def co2_assessed_t(run: Run, park: Park, context: Context) -> float:
    """Scope 1 and 2 of the assessed factories."""
    return sum_of(co2_t, run, park, context, assessed=True)


@kpi(unit="t", value=co2_t)
def co2_park_t(run: Run, park: Park, context: Context) -> float:
    """Scope 1 and 2 of the park: all fuels, and what it draws from the grid, plant and pumps included."""
    grid_t = electricity_park_kwh(run, park, context) / 1000.0 * context.factors.grid_tco2_per_mwh
    return grid_t + scope_1_park_t(run, park, context)


@kpi(unit="t", boundary="assessed", value=fuel_co2_t)
def scope_1_assessed_t(run: Run, park: Park, context: Context) -> float:
    """Scope 1 of the assessed factories: carbon dioxide of fossil fuels, methane and nitrous oxide of biomass."""
    return sum_of(fuel_co2_t, run, park, context, assessed=True)


@kpi(unit="t", value=fuel_co2_t)
def scope_1_park_t(run: Run, park: Park, context: Context) -> float:
    """Scope 1 of the park: carbon dioxide of fossil fuels, methane and nitrous oxide of biomass."""
    return sum_of(fuel_co2_t, run, park, context) + operator_fuel_co2_t(run, park, context)


def grid_co2_t(use: Use, factory: Factory, context: Context) -> float:
    """Return what the electricity emits that a factory draws [t CO2]."""
    return electricity_kwh(use, factory, context) / 1000.0 * context.factors.grid_tco2_per_mwh


def bought_co2_t(use: Use, factory: Factory, context: Context) -> float:
    """Return location-based scope 2 of a factory: electricity, and steam, air and chilled water of networks [t CO2e]."""
    return grid_co2_t(use, factory, context) + supplied_co2_t(use, context)


@kpi(unit="t", boundary="assessed", value=bought_co2_t)
def scope_2_assessed_t(run: Run, park: Park, context: Context) -> float:
    """Location-based scope 2 of the assessed factories: electricity, and steam, air and chilled water of networks."""
    return sum_of(bought_co2_t, run, park, context, assessed=True)


@kpi(unit="t", value=grid_co2_t)
def scope_2_park_t(run: Run, park: Park, context: Context) -> float:
    """Location-based scope 2 of the park, plant and pumps included."""
    return electricity_park_kwh(run, park, context) / 1000.0 * context.factors.grid_tco2_per_mwh


def other_gases_t(use: Use, factory: Factory, context: Context) -> float:
    """Return methane and nitrous oxide of all fuels that a factory burns [t CO2e]."""
    return math.fsum(one.warming_kgco2 for one in emissions(use, context) if one.gas != "co2") / 1000.0


@kpi(unit="t", value=other_gases_t)
def other_gases_park_t(run: Run, park: Park, context: Context) -> float:
    """Methane and nitrous oxide of all fuels burnt in the park, as CO2e; scope 1 holds those of biomass alone."""
    operator = fuel_emissions(books_of(run, park).operator_fuels_gj(), context)
    operator_t = math.fsum(one.warming_kgco2 for one in operator if one.gas != "co2") / 1000.0
    return sum_of(other_gases_t, run, park, context) + operator_t


def biogenic_co2_t(use: Use, factory: Factory, context: Context) -> float:
    """Return the carbon dioxide of the biomass that a factory burns [t]."""
    return math.fsum(one.mass_kg for one in emissions(use, context) if one.scope == "outside") / 1000.0


@kpi(unit="t", value=biogenic_co2_t)
def biogenic_co2_park_t(run: Run, park: Park, context: Context) -> float:
    """Carbon dioxide of biomass burnt in the park, which belongs to no scope."""
    operator = fuel_emissions(books_of(run, park).operator_fuels_gj(), context)
    operator_t = math.fsum(one.mass_kg for one in operator if one.scope == "outside") / 1000.0
    return sum_of(biogenic_co2_t, run, park, context) + operator_t
