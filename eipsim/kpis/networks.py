"""Steam, compressed air and chilled water: what networks gave and what that took."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..carriers import FUELS
from ..components.boiler_house import BoilerHouse
from ..components.chiller_plant import ChillerPlant
from ..components.compressor_station import CompressorStation
from ..kernel.ports import INLET
from .base import kpi
from .use import names_of

if TYPE_CHECKING:
    from ..context import Context
    from ..kernel.run import Run
    from ..park import Park

GJ_PER_KWH = 0.0036


def raised_t(run: Run, name: str, house: BoilerHouse) -> float:
    """Return the steam that the boilers of a house have raised, for its main too [t]."""
    return math.fsum(run.amount(component=name, port=f"raised_{boiler}") for boiler in house.machines)


def _houses(park: Park) -> dict[str, BoilerHouse]:
    return {name: c for name, c in sorted(park.components.items()) if isinstance(c, BoilerHouse)}


def _sum(run: Run, park: Park, kind: type, port: str) -> float:
    return math.fsum(run.amount(component=name, port=port) for name in names_of(park, kind))


@kpi(unit="t", needs=(BoilerHouse,))
def steam_delivered_t(run: Run, park: Park, context: Context) -> float:
    """Steam that boiler houses have delivered to users."""
    return _sum(run, park, BoilerHouse, "steam")


@kpi(unit="GJ", needs=(BoilerHouse,))
def boiler_fuel_gj(run: Run, park: Park, context: Context) -> float:
    """Fuel that boiler houses have burnt, at net heating value."""
    return math.fsum(
        run.amount(component=name, carrier=fuel, direction=INLET) for name in names_of(park, BoilerHouse) for fuel in FUELS
    )


@kpi(unit="1", needs=(BoilerHouse,))
def boiler_efficiency_frac(run: Run, park: Park, context: Context) -> float:
    """Heat that steam took up in boiler houses over the fuel burnt, standing by and starts included."""
    heat_kwh = math.fsum(raised_t(run, name, house) * house.duty_kwh_per_t for name, house in _houses(park).items())
    fuel_gj = boiler_fuel_gj(run, park, context)
    return heat_kwh * GJ_PER_KWH / fuel_gj if fuel_gj else 0.0


@kpi(unit="1", needs=(BoilerHouse,))
def condensate_return_frac(run: Run, park: Park, context: Context) -> float:
    """Share of the steam raised that came back as condensate."""
    raised = {name: raised_t(run, name, house) for name, house in _houses(park).items()}
    back_t = math.fsum(raised[name] * house.condensate_frac for name, house in _houses(park).items())
    total_t = math.fsum(raised.values())
    return back_t / total_t if total_t else 0.0


@kpi(unit="m3", needs=(CompressorStation,))
def air_delivered_m3(run: Run, park: Park, context: Context) -> float:
    """Free air that compressor stations have delivered to users."""
    return _sum(run, park, CompressorStation, "compressed_air")


@kpi(unit="kWh/m3", needs=(CompressorStation,))
def air_kwh_per_m3(run: Run, park: Park, context: Context) -> float:
    """Electricity of compressor stations per free air compressed, leaks of their networks included."""
    made = _sum(run, park, CompressorStation, "made")
    return _sum(run, park, CompressorStation, "power") / made if made else 0.0


@kpi(unit="kWh th", needs=(ChillerPlant,))
def cooling_delivered_kwh_th(run: Run, park: Park, context: Context) -> float:
    """Cooling that chiller plants have delivered to users."""
    return _sum(run, park, ChillerPlant, "chilled_water")


@kpi(unit="1", needs=(ChillerPlant,))
def chiller_plant_cop(run: Run, park: Park, context: Context) -> float:
    """Cooling of chiller plants over their electricity, pumps and tower fans included."""
    drawn = _sum(run, park, ChillerPlant, "power")
    return _sum(run, park, ChillerPlant, "chilled_water") / drawn if drawn else 0.0
