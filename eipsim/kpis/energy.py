"""Electricity, fuels and the sun: what is drawn, made, given back and curtailed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..carriers import FUELS
from ..components.solar_array import SolarArray
from ..components.substation import Substation
from ..components.wastewater_plant import WastewaterPlant
from ..components.water_reservoir import WaterReservoir
from ..components.water_works import WaterWorks
from ..kernel.ports import INLET
from .base import kpi
from .use import Use, books_of, names_of, sum_of

if TYPE_CHECKING:
    from ..components.factory import Factory
    from ..context import Context
    from ..kernel.run import Run
    from ..park import Park


def electricity_kwh(use: Use, factory: Factory, context: Context) -> float:
    """Return the electricity that a factory draws through its meter [kWh]."""
    return math.fsum(use.electricity_kwh.values())


def lpg_t(use: Use, factory: Factory, context: Context) -> float:
    """Return the LPG that a factory burns [t]."""
    return use.fuels_gj["lpg"] / context.factors.fuel_ncv_gj_per_t["lpg"]


def other_fuel_gj(use: Use, factory: Factory, context: Context) -> float:
    """Return all other fuel that a factory burns, biomass included [GJ]."""
    return math.fsum(use.fuels_gj[fuel] for fuel in FUELS if fuel != "lpg")


@kpi(unit="kWh", boundary="assessed", value=electricity_kwh)
def electricity_assessed_kwh(run: Run, park: Park, context: Context) -> float:
    """Electricity drawn through the meters of the assessed factories."""
    return sum_of(electricity_kwh, run, park, context, assessed=True)


@kpi(unit="kWh", value=electricity_kwh)
def electricity_park_kwh(run: Run, park: Park, context: Context) -> float:
    """Electricity that the park draws from the grid."""
    return math.fsum(run.amount(component=name, port="supply") for name in names_of(park, Substation))


@kpi(unit="kW")
def peak_park_kw(run: Run, park: Park, context: Context) -> float:
    """Highest mean power drawn from the grid in any step; nan if the substation was not recorded."""
    series = [run.series.get(f"{name}.supply") for name in names_of(park, Substation)]
    recorded = [s for s in series if s is not None]
    return float(sum(recorded[1:], recorded[0]).max()) if recorded and len(recorded) == len(series) else math.nan


@kpi(unit="t", boundary="assessed", value=lpg_t)
def lpg_assessed_t(run: Run, park: Park, context: Context) -> float:
    """LPG burnt by the assessed factories."""
    return sum_of(lpg_t, run, park, context, assessed=True)


@kpi(unit="t", value=lpg_t)
def lpg_park_t(run: Run, park: Park, context: Context) -> float:
    """LPG burnt in the park."""
    own_t = books_of(run, park).operator_fuels_gj()["lpg"] / context.factors.fuel_ncv_gj_per_t["lpg"]
    return sum_of(lpg_t, run, park, context) + own_t


@kpi(unit="GJ", boundary="assessed", value=other_fuel_gj)
def other_fuel_assessed_gj(run: Run, park: Park, context: Context) -> float:
    """Fuels other than LPG burnt by the assessed factories, biomass included."""
    return sum_of(other_fuel_gj, run, park, context, assessed=True)


@kpi(unit="GJ", value=other_fuel_gj)
def other_fuel_park_gj(run: Run, park: Park, context: Context) -> float:
    """Fuels other than LPG burnt in the park, biomass included."""
    own = books_of(run, park).operator_fuels_gj()
    return sum_of(other_fuel_gj, run, park, context) + math.fsum(gj for fuel, gj in own.items() if fuel != "lpg")


@kpi(unit="kWh")
def solar_kwh(run: Run, park: Park, context: Context) -> float:
    """Solar electricity that somebody took."""
    return math.fsum(run.amount(component=name, port="power") for name in names_of(park, SolarArray))


@kpi(unit="kWh")
def curtailed_kwh(run: Run, park: Park, context: Context) -> float:
    """Solar electricity that nobody could take, because its site may not export."""
    available = math.fsum(run.amount(component=name, port="available") for name in names_of(park, SolarArray))
    return available - solar_kwh(run, park, context)


@kpi(unit="kWh")
def solar_self_consumed_kwh(run: Run, park: Park, context: Context) -> float:
    """Solar electricity that is used on the site of its array."""
    books = books_of(run, park)
    suns = [books.sun(place) for place in sorted(books.arrays)]
    return math.fsum(sun.self_consumed_kwh for sun in suns if sun is not None)


@kpi(unit="kWh")
def exported_kwh(run: Run, park: Park, context: Context) -> float:
    """Electricity that the park gives to the grid."""
    return math.fsum(run.amount(component=name, port="export") for name in names_of(park, Substation))


@kpi(unit="kWh")
def plant_electricity_kwh(run: Run, park: Park, context: Context) -> float:
    """Electricity of the wastewater plant."""
    return math.fsum(
        run.amount(component=name, carrier="electricity", direction=INLET) for name in names_of(park, WastewaterPlant)
    )


@kpi(unit="kWh")
def pumping_kwh(run: Run, park: Park, context: Context) -> float:
    """Electricity that pumps city water through the park."""
    pumps = [*names_of(park, WaterWorks), *names_of(park, WaterReservoir)]
    return math.fsum(run.amount(component=name, carrier="electricity", direction=INLET) for name in pumps)
