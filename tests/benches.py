"""What components and parks are tried on: unlimited utilities, a short made-up context, a small park."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

import numpy as np
from toys import daily_accounts, one_account

from eipsim.carriers import CARRIERS
from eipsim.components import (
    Calendar,
    Crew,
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
from eipsim.end_uses import Lighting, Motors, PlugLoad, ProcessHeat, WaterUse
from eipsim.kernel.component import Component
from eipsim.kernel.ports import INLET, OUTLET, Port
from eipsim.kernel.run import Run
from eipsim.kernel.simulation import Simulation
from eipsim.park import Park, site_parents
from eipsim.timebase import AccountGrid, Horizon, WorkCalendar

MONDAY = date(2022, 1, 3)


@dataclass(eq=False)
class Unlimited(Component):
    """Gives and takes every flow of a carrier at a place without end; gives last and takes last."""

    carrier: str
    place: str = "park"
    gives: float = math.inf

    def declared_ports(self) -> dict[str, Port]:
        return {"out": Port(self.carrier, OUTLET, 9.0), "in": Port(self.carrier, INLET, 0.0)}

    def limit(self, port: Port) -> float:
        return self.gives if port.direction == OUTLET else math.inf


@dataclass(frozen=True)
class MadeUpContext:
    """Stands in for a context: plain profiles, one account a day."""

    horizon: Horizon
    step_h: float = 0.5
    share_frac: float = 0.0

    @property
    def date(self):
        """The law is that of the first day."""
        return self.horizon.start

    @property
    def solar_regime(self) -> SimpleNamespace:
        return SimpleNamespace(sale_cap_frac=self.share_frac, export_frac=self.share_frac)

    def accounts(self) -> AccountGrid:
        return daily_accounts(self.horizon.hours)

    def is_drawn(self, name: str) -> bool:
        return False

    def profile(self, name: str) -> np.ndarray:
        hour = np.arange(self.horizon.steps(self.step_h)) * self.step_h
        if name.startswith("solar:"):
            return np.maximum(0.0, np.sin((hour % 24 - 6) / 12 * np.pi))
        return {"cooling_degree": 1 + 0.3 * np.sin((hour % 24 - 8) / 12 * np.pi), "daylight": np.full(hour.size, 0.8)}[name]


def bench(
    component: Component,
    hours: float,
    *others: Component,
    edges_h: tuple[float, ...] = (),
    profiles: dict[str, np.ndarray] | None = None,
    resolution_h: float = 0.0,
    more: dict[str, Component] | None = None,
    **settings: object,
) -> Run:
    """Run one component, called "it", between unlimited utilities of every carrier at every place that it uses."""
    places = {
        (port.carrier, port.place or part.place)
        for part in (component, *others)
        for port in part.declared_ports().values()
        if CARRIERS[port.carrier].balanced
    }
    utilities = {f"utility {c} {p}": Unlimited(c, p) for c, p in sorted(places)}
    named = {f"other {k}": other for k, other in enumerate(others)}
    clock = {"calendar:work": Calendar(edges_h=edges_h or (0.0, hours))}
    settings.setdefault("accounts", one_account(hours))
    return Simulation(
        {"it": component, **utilities, **named, **clock, **(more or {})},
        hours=hours,
        profiles=profiles or {"calendar:work": np.ones(math.ceil(hours / 0.5))},
        resolution_h=resolution_h,
        **settings,
    ).run()


def workshop(**parameters: object) -> Factory:
    """One line without batches, 100 kW while it runs and 10 kW at rest, water 5 m3/h."""
    given = {
        "place": "site",
        "calendar": "work",
        "lines": (Line(units_per_h=10.0),),
        "end_uses": {
            "machines": Motors(shaft_kw=88.0, efficiency_frac=0.88, standby_frac=0.1),
            "washing": WaterUse(process_m3_per_h=5.0, return_frac=0.8),
        },
    }
    return Factory(**{**given, **parameters})


def batch_line(**parameters: object) -> Line:
    given = {"units_per_h": 10.0, "batch_h_median": 4.0, "set_up_h_median": 0.5, "mtbf_h": 100.0, "repair_h_median": 3.0}
    return Line(**{**given, **parameters})


def utilities() -> dict[str, Component]:
    """Everything that factories hang on."""
    return {
        "substation": Substation(place="busbar", rating_kw=5000.0),
        "feeder_1": Feeder(place="feeder_1", to="busbar", rating_kw=3000.0),
        "feeder_2": Feeder(place="feeder_2", to="busbar", rating_kw=3000.0),
        "water_works": WaterWorks(power_place="busbar", capacity_m3_per_h=100.0),
        "tank": EqualisationTank(plant="plant", capacity_m3=200.0, bands=((0.0, 8.0), (0.3, 12.0), (0.6, 18.0))),
        "plant": WastewaterPlant(power_place="busbar", trains=2, train_m3_per_h=9.0, fixed_kw=5.0, mtbf_h=600.0),
        "storm_basin": StormBasin(tank="tank", capacity_m3=60.0, pump_m3_per_h=5.0),
        "river": River(place="plant"),
        "lpg": FuelSupply(carrier="lpg"),
        "crew": Crew(size=1),
    }


def factory(k: int, **parameters: object) -> Factory:
    """A factory of a small park; no two alike."""
    given = {
        "place": f"site_{k}",
        "calendar": "two_shifts",
        "assessed": k < 2,
        "crew": "crew",
        "lines": (batch_line(), batch_line(units_per_h=20.0)),
        "end_uses": {
            "lighting": Lighting(installed_kw=20.0 + k, daylit=True),
            "machines": Motors(shaft_kw=200.0 + 10 * k, standby_frac=0.1),
            "office": PlugLoad(nameplate_kw=8.0),
            "oven": ProcessHeat(carrier="lpg", useful_kw=100.0),
            "washing": WaterUse(process_m3_per_h=4.0, sanitary_m3_per_h=0.5, leak_m3_per_h=0.1),
        },
    }
    return Factory(**{**given, **parameters})


def small_park(count: int = 4, simple: int = 1) -> Park:
    """``count`` factories on two feeders, the last ``simple`` of them without batches."""
    factories = {f"factory_{k}": factory(k) for k in range(count)}
    for k in range(count - simple, count):
        lines = (batch_line(batch_h_median=None),)
        factories[f"factory_{k}"] = dataclasses.replace(factories[f"factory_{k}"], lines=lines)
    parents = {}
    for k in range(count):
        parents |= site_parents(f"site_{k}", f"feeder_{1 + k % 2}")
    calendars = {"two_shifts": WorkCalendar(shifts=((6, 14), (14, 22)), days_per_week=6)}
    return Park("small", {**utilities(), **factories}, calendars, parents)


def context(hours: float = 336.0, share_frac: float = 0.0) -> MadeUpContext:
    """Two weeks from a Monday, unless another length is given."""
    return MadeUpContext(Horizon(MONDAY, hours), share_frac=share_frac)
