"""Water and wastewater: what is drawn, let out, treated and spilled."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..components.equalisation_tank import EqualisationTank
from ..components.river import River
from ..components.wastewater_plant import WastewaterPlant
from ..components.water_works import WaterWorks
from .base import kpi
from .use import Use, names_of, sum_of

if TYPE_CHECKING:
    from ..components.factory import Factory
    from ..context import Context
    from ..kernel.run import Run
    from ..park import Park


def water_m3(use: Use, factory: Factory, context: Context) -> float:
    """Return the city water that a factory draws [m3]."""
    return use.water_m3


def wastewater_m3(use: Use, factory: Factory, context: Context) -> float:
    """Return the wastewater that a factory lets into the sewer [m3]."""
    return use.wastewater_m3


@kpi(unit="m3", boundary="assessed", value=water_m3)
def water_assessed_m3(run: Run, park: Park, context: Context) -> float:
    """City water drawn by the assessed factories."""
    return sum_of(water_m3, run, park, context, assessed=True)


@kpi(unit="m3", value=water_m3)
def water_park_m3(run: Run, park: Park, context: Context) -> float:
    """City water drawn by the park."""
    return math.fsum(run.amount(component=name, port="supply") for name in names_of(park, WaterWorks))


@kpi(unit="m3", boundary="assessed", value=wastewater_m3)
def wastewater_assessed_m3(run: Run, park: Park, context: Context) -> float:
    """Wastewater let into the sewer by the assessed factories."""
    return sum_of(wastewater_m3, run, park, context, assessed=True)


@kpi(unit="m3", value=wastewater_m3)
def wastewater_park_m3(run: Run, park: Park, context: Context) -> float:
    """Wastewater let into the sewer by all factories."""
    return sum_of(wastewater_m3, run, park, context)


@kpi(unit="m3")
def treated_m3(run: Run, park: Park, context: Context) -> float:
    """Wastewater that the plant has treated."""
    return math.fsum(run.amount(component=name, port="inflow") for name in names_of(park, WastewaterPlant))


@kpi(unit="m3", rare=True)
def spill_m3(run: Run, park: Park, context: Context) -> float:
    """Wastewater that reaches the river untreated: past tank and storm basin, or past the plant."""
    return math.fsum(run.amount(component=name, port=port) for name in names_of(park, River) for port in ("spill", "bypass"))


@kpi(unit="1")
def tank_alarms_count(run: Run, park: Park, context: Context) -> float:
    """How often an equalisation tank rose to its alarm."""
    tanks = set(names_of(park, EqualisationTank))
    return float(sum(event.what == "high" and event.component in tanks for event in run.events))
