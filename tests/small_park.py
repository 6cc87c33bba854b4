"""Two assessed factories, one neighbour and what they share: small, with every component that KPIs read."""

from __future__ import annotations

from datetime import date

from eipsim.components import (
    EqualisationTank,
    Factory,
    Feeder,
    FuelSupply,
    Line,
    River,
    Substation,
    WastewaterPlant,
    WaterWorks,
)
from eipsim.context import Context
from eipsim.end_uses import CompressedAir, Lighting, Materials, Motors, ProcessHeat, WaterUse
from eipsim.kernel.component import Component
from eipsim.kernel.crew import Crew
from eipsim.measures import MEASURES, Measure
from eipsim.park import Park, site_parents
from eipsim.scenario import Scenario
from eipsim.timebase import WorkCalendar

WEEK_H = 168.0
MONDAY = date(2022, 3, 7)


def factory(place: str, *, batches: bool = True, assessed: bool = True, crew: str = "crew") -> Factory:
    """Return a factory with two lines, a boiler, compressed air, light and water."""
    batch = {"batch_h_median": 4.0, "set_up_h_median": 0.5} if batches else {}
    line = Line(units_per_h=10.0, mtbf_h=40.0, repair_h_median=2.0, margin_vnd_per_unit=50_000.0, **batch)
    return Factory(
        place=place,
        calendar="two_shifts",
        lines=(line, line),
        end_uses={
            "air": CompressedAir(demand_m3_per_min=20, leak_m3_per_min=6, capacity_m3_per_min=40),
            "boiler": ProcessHeat(carrier="lpg", useful_kw=200, surface_m2=30, flue_o2_frac=0.06, flue_c=220),
            "lights": Lighting(installed_kw=60),
            "materials": Materials(product_vnd_per_h=500_000, scrap_frac=0.1),
            "pumps": Motors(shaft_kw=80, load="pump", flow_frac=0.6, driver="line:0"),
            "water": WaterUse(process_m3_per_h=6, rinse_m3_per_h=2, sanitary_m3_per_h=1, leak_m3_per_h=0.3),
        },
        crew=crew,
        assessed=assessed,
    )


def small_park(**changed: Component) -> Park:
    """Return the park; components given by name take the place of its own."""
    components: dict[str, Component] = {
        "candles": factory("site_1"),
        "denim": factory("site_2", batches=False),
        "neighbour": factory("site_3", batches=False, assessed=False, crew=""),
        "crew": Crew(1),
        "substation": Substation(place="substation", interruptions_per_yr=0.0),
        "feeder": Feeder(place="feeder", to="substation", interruptions_per_yr=0.0),
        "water_works": WaterWorks(capacity_m3_per_h=200.0, interruptions_per_yr=0.0),
        "tank": EqualisationTank(capacity_m3=60.0, bands=((0.0, 8.0), (0.5, 30.0)), plant="plant"),
        "plant": WastewaterPlant(train_m3_per_h=20.0),
        "river": River(place="plant"),
        "lpg": FuelSupply(carrier="lpg"),
    }
    parents = {("electricity", "utilities"): "feeder"}
    for site in ("site_1", "site_2", "site_3"):
        parents |= site_parents(site, "feeder")
    calendars = {"two_shifts": WorkCalendar(shifts=((6, 14), (14, 22)), days_per_week=6)}
    return Park("small", components | changed, calendars, parents)


def week() -> Context:
    """Return a week of March 2022, from Monday."""
    return Context.at(MONDAY, hours=WEEK_H)


def measure(kind: str, factory: str, end_use: str = "", size: float = 0.5, **more: object) -> Measure:
    """Return a measure of a type on an end use."""
    name = f"{factory}_{end_use or kind}_{kind}"
    category = "rooftop_solar" if kind == "rooftop_solar" else "equipment_modification"
    return MEASURES[kind](id=name, factory=factory, end_use=end_use, recp_category=category, size=size, **more)


def measures() -> tuple[Measure, ...]:
    """Return measures of both factories: two on one compressor, one with solar behind the meter."""
    return (
        measure("air_leaks", "candles", "air"),
        measure("air_pressure", "candles", "air", 1.0),
        measure("water_fixtures", "candles", "water"),
        measure("burner_tuning", "denim", "boiler"),
        measure("variable_speed_drive", "denim", "pumps"),
        measure("rooftop_solar", "denim", size=300.0, roof_m2=5000.0),
    )


def scenario(name: str = "baseline", chosen: tuple[Measure, ...] = (), park: Park | None = None) -> Scenario:
    """Return a week of the small park with measures."""
    return Scenario(name, park or small_park(), week(), chosen)
