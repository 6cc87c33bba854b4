"""Random small parks, made of the real components, and the same parks at another scale."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from eipsim.components import (
    Crew,
    EqualisationTank,
    Factory,
    Feeder,
    FuelSupply,
    Line,
    River,
    SolarArray,
    StormBasin,
    Substation,
    WastewaterPlant,
    WaterWorks,
)
from eipsim.end_uses import CompressedAir, Cooling, EndUse, Lighting, Materials, Motors, PlugLoad, ProcessHeat, WaterUse
from eipsim.kernel.component import Component
from eipsim.park import Park, site_parents
from eipsim.timebase import WorkCalendar

CALENDARS = {
    "continuous": WorkCalendar(shifts=((0, 24),), days_per_week=7),
    "two_shifts": WorkCalendar(shifts=((6, 14), (14, 22))),
    "nights": WorkCalendar(shifts=((20.25, 28.5),), days_per_week=5),
}

SIZES = {
    "capacity_gj_per_h",
    "capacity_m3",
    "capacity_m3_per_h",
    "capacity_m3_per_min",
    "demand_m3_per_min",
    "envelope_kw_th",
    "export_cap_kw",
    "fixed_kw",
    "installed_kw",
    "inverter_kw",
    "leak_m3_per_h",
    "leak_m3_per_min",
    "nameplate_kw",
    "other_vnd_per_h",
    "peak_kw",
    "process_kw_th",
    "process_m3_per_h",
    "product_vnd_per_h",
    "pump_m3_per_h",
    "rating_kw",
    "rinse_m3_per_h",
    "sanitary_m3_per_h",
    "shaft_kw",
    "surface_m2",
    "train_m3_per_h",
    "units_per_h",
    "useful_kw",
}
"""Parameters that grow with a plant; all others are shares, times, temperatures and counts."""


def end_uses(lines: int) -> st.SearchStrategy[dict[str, EndUse]]:
    """Return some end uses of a factory."""
    kw, flow = st.floats(1.0, 300.0), st.floats(0.1, 8.0)
    drivers = st.sampled_from(["lines", "open", "always", *(f"line:{k}" for k in range(lines))])
    kinds: dict[str, st.SearchStrategy[EndUse]] = {
        "air": st.builds(CompressedAir, demand_m3_per_min=flow, leak_m3_per_min=flow, capacity_m3_per_min=st.just(20.0)),
        "chiller": st.builds(Cooling, envelope_kw_th=kw, process_kw_th=kw),
        "lights": st.builds(Lighting, installed_kw=kw, daylit=st.booleans(), cooled_frac=st.sampled_from([0.0, 0.5])),
        "machines": st.builds(Motors, shaft_kw=kw, driver=drivers),
        "materials": st.builds(Materials, product_vnd_per_h=kw),
        "office": st.builds(PlugLoad, nameplate_kw=kw, driver=drivers),
        "oven": st.builds(ProcessHeat, carrier=st.sampled_from(["lpg", "electricity"]), useful_kw=kw, surface_m2=flow),
        "water": st.builds(WaterUse, process_m3_per_h=flow, sanitary_m3_per_h=flow, reuse_frac=st.sampled_from([0.0, 0.5])),
    }
    always = {name: kinds.pop(name) for name in ("machines", "water")}
    return st.fixed_dictionaries(always, optional=kinds)


@st.composite
def factories(draw: st.DrawFn, place: str) -> Factory:
    """Return a factory whose lines break down often."""
    count = draw(st.integers(1, 2))
    lines = tuple(
        Line(
            units_per_h=draw(st.floats(0.5, 50.0)),
            batch_h_median=draw(st.sampled_from([None, 3.0])),
            mtbf_h=draw(st.sampled_from([10.0, 40.0])),
        )
        for _ in range(count)
    )
    return Factory(
        place=place,
        calendar=draw(st.sampled_from(sorted(CALENDARS))),
        lines=lines,
        end_uses=draw(end_uses(count)),
        crew=draw(st.sampled_from(["", "crew"])),
        assessed=draw(st.booleans()),
    )


@st.composite
def parks(draw: st.DrawFn, most: int = 3) -> Park:
    """Return one to three factories and all that they share; short of water, of power or of room for sewage now and then."""
    count = draw(st.integers(1, most))
    tight = draw(st.booleans())
    components: dict[str, Component] = {f"factory_{k}": draw(factories(f"site_{k}")) for k in range(count)}
    pump = draw(st.floats(1.0, 10.0))
    components |= {
        "substation": Substation(place="busbar", rating_kw=300.0 if tight else 5000.0),
        "feeder": Feeder(place="feeder", to="busbar", interruptions_per_yr=draw(st.sampled_from([0.0, 200.0]))),
        "water_works": WaterWorks(power_place="busbar", capacity_m3_per_h=6.0 if tight else 100.0),
        "tank": EqualisationTank(
            plant="plant", capacity_m3=draw(st.floats(5.0, 100.0)), bands=((0.0, pump), (0.4, 2 * pump)), start_frac=0.3
        ),
        "plant": WastewaterPlant(power_place="busbar", train_m3_per_h=pump, fixed_kw=5.0, mtbf_h=60.0),
        "basin": StormBasin(tank="tank", capacity_m3=draw(st.floats(1.0, 30.0)), pump_m3_per_h=3.0),
        "river": River(place="plant"),
        "lpg": FuelSupply(carrier="lpg"),
        "crew": Crew(size=1),
    }
    parents: dict[tuple[str, str], str] = {}
    for k in range(count):
        parents |= site_parents(f"site_{k}", "feeder")
    park = Park("random", components, CALENDARS, parents)
    for k in draw(st.sets(st.integers(0, count - 1))):
        park = park.add_solar(f"factory_{k}", draw(st.floats(10.0, 600.0)))
    return park


def scaled(thing: Any, size: float) -> Any:
    """Return a park, component, line, end use or tuple of bands with all sizes multiplied."""
    if isinstance(thing, Park):
        return replace(thing, components={name: scaled(one, size) for name, one in thing.components.items()})
    if isinstance(thing, EqualisationTank):
        bands = tuple((at, flow * size) for at, flow in thing.bands)
        return replace(thing, capacity_m3=thing.capacity_m3 * size, bands=bands)
    if isinstance(thing, Factory):
        uses = {name: scaled(use, size) for name, use in thing.end_uses.items()}
        return replace(thing, lines=tuple(scaled(line, size) for line in thing.lines), end_uses=uses)
    fields = {f.name for f in dataclasses.fields(thing)} & SIZES
    return replace(thing, **{name: getattr(thing, name) * size for name in fields})


def without_storage_bands(park: Park) -> Park:
    """Return a park whose tank pumps at one set flow at every level."""
    tank = park.components["tank"]
    assert isinstance(tank, EqualisationTank)
    return park.replace("tank", bands=tank.bands[:1])


def solar_arrays(park: Park) -> list[str]:
    """Return the names of the arrays."""
    return [name for name, one in park.components.items() if isinstance(one, SolarArray)]
