"""What treatment leaves, costs and gives back: loads to the river, exceedances, sludge, chemicals, reuse."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..carriers import LOADS
from ..components.buffer_tank import BufferTank
from ..components.irrigation import Irrigation
from ..components.online_monitor import OnlineMonitor
from ..components.reclaimed_water import ReclaimedWater
from ..components.river import River
from ..components.wastewater_plant import WastewaterPlant
from .base import kpi
from .treatment_cost import treatment_cost
from .use import names_of
from .water import treated_m3

if TYPE_CHECKING:
    from ..context import Context
    from ..kernel.run import Run
    from ..park import Park

COD = LOADS[:3]
"""Loads that add up to COD."""


def to_river_kg(run: Run, park: Park, loads: tuple[str, ...]) -> float:
    """Return what reaches the river by all ways, the sum of some loads [kg]; 0 in a park without loads."""
    if run.loads is None:
        return 0.0
    places = [LOADS.index(name) for name in loads]
    arrived = (run.loads.booked.get(name, {}) for name in names_of(park, River))
    return math.fsum(kg[k] for sinks in arrived for kg in sinks.values() for k in places)


@kpi(unit="kg", of_loads=True)
def cod_to_river_kg(run: Run, park: Park, context: Context) -> float:
    """COD that reaches the river with effluent, spill and bypass."""
    return to_river_kg(run, park, COD)


@kpi(unit="kg", of_loads=True)
def nitrogen_to_river_kg(run: Run, park: Park, context: Context) -> float:
    """Total nitrogen that reaches the river with effluent, spill and bypass."""
    return to_river_kg(run, park, ("total_n",))


@kpi(unit="kg", of_loads=True)
def phosphorus_to_river_kg(run: Run, park: Park, context: Context) -> float:
    """Total phosphorus that reaches the river with effluent, spill and bypass."""
    return to_river_kg(run, park, ("total_p",))


@kpi(unit="g/m3", of_loads=True)
def effluent_cod_g_per_m3(run: Run, park: Park, context: Context) -> float:
    """Mean COD of the effluent that reaches the river."""
    volume = math.fsum(run.amount(component=name, port="effluent") for name in names_of(park, River))
    if run.loads is None or not volume:
        return 0.0
    totals = [run.loads.total(f"{name}.effluent") for name in names_of(park, River)]
    return math.fsum(total[name] for total in totals for name in COD) / volume * 1000


@kpi(unit="h", rare=True, of_loads=True)
def exceedance_h(run: Run, park: Park, context: Context) -> float:
    """Hours in which online monitoring saw any substance beyond its limit."""
    return math.fsum(_hours_beyond(run, name) for name in names_of(park, OnlineMonitor))


def _hours_beyond(run: Run, monitor: str) -> float:
    """Return the hours in which a monitor had at least one substance beyond its limit [h]."""
    beyond, since, hours = 0, 0.0, 0.0
    for event in run.events:
        if event.component != monitor:
            continue
        if event.what.endswith(" exceeds"):
            since, beyond = (event.hour if not beyond else since), beyond + 1
        elif event.what.endswith(" complies"):
            beyond -= 1
            hours += 0.0 if beyond else event.hour - since
    return hours + (run.hours - since if beyond else 0.0)


@kpi(unit="kg", rare=True, of_loads=True)
def spilled_cod_kg(run: Run, park: Park, context: Context) -> float:
    """COD that reaches the river untreated: past tank and storm basin, or past the plant."""
    if run.loads is None:
        return 0.0
    totals = [run.loads.total(f"{name}.{port}") for name in names_of(park, River) for port in ("spill", "bypass")]
    return math.fsum(total[name] for total in totals for name in COD)


@kpi(unit="h", rare=True, of_loads=True)
def wet_lines_stopped_h(run: Run, park: Park, context: Context) -> float:
    """Line hours in which wet lines stood still because the buffer tank of their factory was full."""
    return math.fsum(_hours_stopped(run, name) * _wet_lines(park, name) for name in names_of(park, BufferTank))


def _wet_lines(park: Park, tank: str) -> int:
    buffer = park.component(tank)
    assert isinstance(buffer, BufferTank)
    return len(buffer.wet_lines) or len(park.factories()[buffer.factory].lines)


def _hours_stopped(run: Run, tank: str) -> float:
    """Return the hours in which a buffer tank kept lines from working [h]."""
    since, hours = None, 0.0
    for event in run.events:
        if event.component == tank and event.what == "lines stop":
            since = event.hour
        elif event.component == tank and event.what == "lines go on":
            hours, since = hours + event.hour - (since or 0.0), None
    return hours + (run.hours - since if since is not None else 0.0)


@kpi(unit="kWh/m3")
def treatment_kwh_per_m3(run: Run, park: Park, context: Context) -> float:
    """Electricity of the wastewater plants per cubic metre treated."""
    kwh = math.fsum(run.amount(component=name, port="power") for name in names_of(park, WastewaterPlant))
    treated = treated_m3(run, park, context)
    return kwh / treated if treated else 0.0


@kpi(unit="t", of_loads=True)
def sludge_hauled_t(run: Run, park: Park, context: Context) -> float:
    """Dewatered sludge that leaves the plants."""
    return treatment_cost(run, park).sludge_t


@kpi(unit="VND", of_loads=True)
def treatment_chemicals_sludge_vnd(run: Run, park: Park, context: Context) -> float:
    """Coagulant, polymer and the disposal of sludge; the plants' electricity is a KPI of its own."""
    cost = treatment_cost(run, park)
    return cost.chemicals_vnd + cost.sludge_vnd


@kpi(unit="m3")
def reclaimed_m3(run: Run, park: Park, context: Context) -> float:
    """Effluent that is used again: product of reclaimed-water stages, and irrigation."""
    product = math.fsum(run.amount(component=name, port="product") for name in names_of(park, ReclaimedWater))
    return product + math.fsum(run.amount(component=name, port="water") for name in names_of(park, Irrigation))


@kpi(unit="1")
def reuse_frac(run: Run, park: Park, context: Context) -> float:
    """Share of the treated wastewater that is used again; loops inside factories are not in it."""
    treated = treated_m3(run, park, context)
    return reclaimed_m3(run, park, context) / treated if treated else 0.0
