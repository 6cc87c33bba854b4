"""A park to measure speed with: as many factories as wanted, 18 of 168 in detail, the same components as AMATA's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import numpy as np

from eipsim.components import (
    EqualisationTank,
    Factory,
    Feeder,
    FuelSupply,
    Line,
    River,
    StormBasin,
    Substation,
    WastewaterPlant,
    WaterWorks,
)
from eipsim.components.calendar import Calendar
from eipsim.context import Context
from eipsim.end_uses import END_USES, EndUse
from eipsim.kernel.collector import swept
from eipsim.kernel.component import Component
from eipsim.kernel.crew import Crew
from eipsim.kernel.run import Run
from eipsim.kernel.simulation import Simulation
from eipsim.kernel.streams import Stream
from eipsim.park import Park, site_parents
from eipsim.timebase import Account, AccountGrid

FEEDERS = 6
SHIFTS = {"two": (6.0, 22.0), "day": (7.5, 16.5), "long": (7.0, 20.0)}
HOURS = 8760.0


def end_uses(draw: Stream, kw: float, lines: int) -> dict[str, EndUse]:
    """Return a factory's uses, scaled to a connected power; a detailed one has a motor use per line."""

    def some() -> float:
        return kw * draw.between(0.5, 1.5)

    made = {
        "lighting": END_USES["lighting"](installed_kw=0.1 * some(), daylit=True, cooled_frac=0.5),
        "cooling": END_USES["cooling"](envelope_kw_th=0.6 * some()),
        "water": END_USES["water_use"](
            driver="lines", process_m3_per_h=0.004 * some(), sanitary_m3_per_h=0.001 * some(), leak_m3_per_h=0.0
        ),
    }
    for k in range(lines):
        made[f"machines_{k}"] = END_USES["motors"](driver=f"line:{k}", shaft_kw=0.5 * some() / lines)
    if lines > 1:
        made["pumps"] = END_USES["motors"](driver="lines", shaft_kw=0.1 * some(), load="pump", flow_frac=0.7)
        made["office"] = END_USES["plug_load"](driver="open", nameplate_kw=0.05 * some())
        made["materials"] = END_USES["materials"](driver="lines", product_vnd_per_h=1e5 * some())
    return made


def measured_park(n: int = 168, detailed: int | None = None, seed: int = 0) -> Park:
    """Return a park of n factories, of which 18 in 168 have batches and one in 18 of all has solar."""
    detailed = round(n * 18 / 168) if detailed is None else detailed
    components: dict[str, Component] = {}
    parents: dict[tuple[str, str], str] = {("electricity", "utilities"): "feeder_1"}
    for k in range(n):
        name, draw = f"factory_{k:04d}", Stream(seed, 0, "measured park", str(k))
        lines = 3 if k < detailed else 1
        batch = {"batch_h_median": 4.0} if k < detailed else {}
        components[name] = Factory(
            place=name,
            calendar=sorted(SHIFTS)[draw.choice([1.0, 1.0, 1.0])],
            lines=tuple(Line(units_per_h=10.0, mtbf_h=150.0, **batch) for _ in range(lines)),
            end_uses=end_uses(draw, 1500.0 if k < detailed else 250.0, lines),
            crew=f"crew_{k % 40}" if k < detailed else "",
            assessed=k < detailed,
        )
        parents |= site_parents(name, f"feeder_{1 + k % FEEDERS}")
    park = Park("measured", components | utilities(n / 168), {}, parents)
    for k in range(0, detailed, 2):
        park = park.add_solar(f"factory_{k:04d}", 600.0)
    return park


def utilities(size: float) -> dict[str, Component]:
    """Return what the factories share, for a park of that size."""
    return {
        "substation": Substation(place="substation"),
        **{f"feeder_{k}": Feeder(place=f"feeder_{k}", to="substation") for k in range(1, FEEDERS + 1)},
        "water_works": WaterWorks(capacity_m3_per_h=800.0 * size, pumping_kwh_per_m3=0.3),
        "tank": EqualisationTank(
            capacity_m3=3000.0 * size, bands=((0.0, 200.0 * size), (0.5, 300.0 * size), (0.8, 400.0 * size)), plant="plant"
        ),
        "plant": WastewaterPlant(train_m3_per_h=200.0 * size),
        "basin": StormBasin(tank="tank", capacity_m3=2000.0 * size, pump_m3_per_h=50.0 * size),
        "river": River(place="plant"),
        "lpg": FuelSupply(carrier="lpg"),
        **{f"crew_{k}": Crew(1) for k in range(40)},
    }


@cache
def profiles(hours: float = HOURS, step_h: float = 0.5) -> Mapping[str, np.ndarray]:
    """Return the weather of Bien Hoa, and calendars by plain formulas."""
    context = Context.at(date(2022, 1, 1))
    steps = round(hours / step_h)
    weather = {name: context.profile(name)[:steps] for name in ("solar:10:180", "cooling_degree", "daylight")}
    hour = np.arange(0.0, hours, step_h)
    weekday = (hour // 24).astype(int) % 7 < 6
    works = {
        f"calendar:{name}": (weekday & (hour % 24 >= a) & (hour % 24 < b)).astype(float) for name, (a, b) in SHIFTS.items()
    }
    return weather | works


def calendars(hours: float = HOURS) -> dict[str, Component]:
    """Return the calendars as components."""
    days = [day for day in range(int(hours // 24) + 1) if day % 7 < 6]
    return {
        f"calendar:{name}": Calendar(edges_h=tuple(24.0 * day + h for day in days for h in (a, b)))
        for name, (a, b) in SHIFTS.items()
    }


def accounts(hours: float = HOURS) -> AccountGrid:
    """Return days × three bands, as the tariff of 2019 has them."""
    edges = [0.0, 4.0, 9.5, 11.5, 17.0, 20.0, 22.0]
    bands = [0, 1, 2, 1, 2, 1, 0]
    days = int(hours // 24)
    names = ("offpeak", "normal", "peak")
    return AccountGrid(
        np.array([24.0 * d + e for d in range(days) for e in edges] + [hours]),
        np.array([3 * d + b for d in range(days) for b in bands]),
        tuple(Account(d, b) for d in range(days) for b in names),
    )


def simulate(
    park: Park,
    hours: float = HOURS,
    extra: Mapping[str, Component] | None = None,
    more: Mapping[str, np.ndarray] | None = None,
    record: Sequence[str] = (),
) -> Run:
    """Run the measured park once."""
    with swept():
        return Simulation(
            {**park.components, **calendars(hours), **(extra or {})},
            hours=hours,
            accounts=accounts(hours),
            profiles={**profiles(hours), **(more or {})},
            parents=park.parents,
            record=record,
        ).run()
