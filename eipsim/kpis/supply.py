"""How well feeders, transformers, standby generators and batteries serve the factories."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..components.battery import Battery
from ..components.meter import Meter
from ..components.outages import Interruptible
from ..components.protected_supply import Protected, ProtectedFeeder, ProtectedSubstation
from ..components.standby_generator import StandbyGenerator
from ..components.substation import Feeder, Substation
from .base import kpi
from .use import names_of

if TYPE_CHECKING:
    from ..context import Context
    from ..kernel.run import Floats, Run
    from ..park import Park

SUSTAINED_H = 5.0 / 60.0
"""An interruption longer than this is sustained: IEEE Std 1366 [h]."""

STUDIED = (Protected, StandbyGenerator, Battery)
"""A park with any of these is one whose supply is looked at."""


class Interruptions(NamedTuple):
    """Sustained interruptions at the connection of one factory.

    Parameters
    ----------
    times : int
        How many.
    length_h : float
        Their length together [h].
    """

    times: int
    length_h: float


def out_stretches_h(run: Run, names: Iterable[str]) -> list[tuple[float, float]]:
    """Return the stretches in which any of some feeders or substations was out, without a transformer too [h]."""
    wanted = set(names)
    events = [event for event in run.events if event.component in wanted]
    outs = [(event.hour, min(event.hour + event.value, run.hours)) for event in events if event.what == "out"]
    for down in (event for event in events if event.what == "transformer_down" and event.value == 0):
        ups = (event.hour for event in events if event.what == "transformer_up" and event.hour >= down.hour)
        outs.append((down.hour, next(ups, run.hours)))
    merged: list[tuple[float, float]] = []
    for start, end in sorted(outs):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return merged


def feeding(park: Park, factory: str) -> tuple[str, ...]:
    """Return the names of the feeder of a factory and of the substation above it."""
    site = park.factory(factory).place
    meters = [c.to for c in park.components.values() if isinstance(c, Meter) and c.place == site]
    place: str | None = meters[0] if meters else park.connections(factory).get("electricity", site)
    found: list[str] = []
    while place is not None:
        here = [name for name in names_of(park, Interruptible) if _feeds(park, name, place)]
        found += here
        place = next((c.to for name in here if isinstance(c := park.component(name), Feeder)), None)
    return tuple(found)


def _feeds(park: Park, name: str, place: str) -> bool:
    component = park.component(name)
    return isinstance(component, (Feeder, Substation)) and component.place == place


def interruptions_by_factory(run: Run, park: Park) -> dict[str, Interruptions]:
    """Return the sustained interruptions of each factory's connection: its feeder or what that hangs on was out.

    Counted at the connection, as IEEE Std 1366 does: a factory that its own generator carries is interrupted too. Cuts by
    priority class are no interruption; `unserved_by_feeder_kwh` has them.
    """
    by_chain: dict[tuple[str, ...], Interruptions] = {}
    found = {}
    for name in park.factories():
        chain = feeding(park, name)
        if chain not in by_chain:
            lengths = [end - start for start, end in out_stretches_h(run, chain) if end - start > SUSTAINED_H]
            by_chain[chain] = Interruptions(len(lengths), math.fsum(lengths))
        found[name] = by_chain[chain]
    return found


def unserved_by_feeder_kwh(run: Run, park: Park) -> dict[str, float]:
    """Return the electricity that users wanted and did not get, by the feeder, or substation, at whose place or sites [kWh].

    Whatever the cause: out, tripped, cut, beyond a site's own generation. What the wastewater plant and the pumps lack at
    a busbar is not in it.
    """
    feeder_of = {c.place: name for name, c in sorted(park.components.items()) if isinstance(c, (Feeder, Substation))}
    above = {c.place: c.to for c in park.components.values() if isinstance(c, Meter)}
    found = dict.fromkeys(sorted(feeder_of.values()), 0.0)
    for bus in sorted(run.unserved):
        carrier, place = bus.split("@", 1)
        place = above.get(place, place)
        if carrier == "electricity" and place in feeder_of:
            found[feeder_of[place]] += run.unserved_amount(bus)
    return found


def watched_ports(park: Park) -> tuple[str, ...]:
    """Return the ports whose series the KPIs of supply need, as ``component.port``."""
    ports = [f"{name}.supply" for name in names_of(park, Protected)]
    for name in names_of(park, Battery):
        ports += [f"{name}.charge", f"{name}.discharge", *_import_ports(park, name)]
    return tuple(sorted(set(ports)))


def _import_ports(park: Park, battery: str) -> list[str]:
    """Return the ports through which what a battery stands behind draws from further up."""
    place = park.component(battery).place
    ports = []
    for name, c in sorted(park.components.items()):
        if isinstance(c, Meter) and c.place == place:
            ports += [f"{name}.{port}" for port in c.import_ports]
        elif isinstance(c, (Feeder, Substation)) and c.place == place:
            ports.append(f"{name}.supply")
    return ports


def loading_frac(run: Run, park: Park, name: str) -> float:
    """Return the highest mean load of any step over the rating of a protected supply, nan if it was not recorded."""
    series, supply = run.series.get(f"{name}.supply"), park.component(name)
    return float(series.max()) / supply.rated_kw if series is not None and isinstance(supply, Protected) else math.nan


@kpi(unit="1", needs=(ProtectedSubstation,))
def substation_peak_loading_frac(run: Run, park: Park, context: Context) -> float:
    """Highest half-hour load of a substation over the rating of all its transformers."""
    return max(loading_frac(run, park, name) for name in names_of(park, ProtectedSubstation))


@kpi(unit="1", needs=(ProtectedFeeder,))
def feeder_peak_loading_frac(run: Run, park: Park, context: Context) -> float:
    """Highest half-hour load of any feeder over its rating."""
    return max(loading_frac(run, park, name) for name in names_of(park, ProtectedFeeder))


@kpi(unit="h", rare=True, needs=(Protected,))
def overload_h(run: Run, park: Park, context: Context) -> float:
    """Hours that feeders and substation carried more than their rating, summed."""
    rises = (np.maximum(np.diff(run.levels[name][1]), 0.0) for name in names_of(park, Protected))
    return math.fsum(float(rise.sum()) for rise in rises)


@kpi(unit="1", rare=True, needs=(Protected,))
def trips_count(run: Run, park: Park, context: Context) -> float:
    """How often a feeder or the substation tripped on overload."""
    supplies = set(names_of(park, Protected))
    return float(sum(event.what == "trip" and event.component in supplies for event in run.events))


@kpi(unit="kWh", needs=STUDIED)
def unserved_kwh(run: Run, park: Park, context: Context) -> float:
    """Electricity that the park's users wanted and did not get."""
    return math.fsum(unserved_by_feeder_kwh(run, park).values())


@kpi(unit="1", needs=STUDIED)
def saifi_count(run: Run, park: Park, context: Context) -> float:
    """Sustained interruptions (over 5 min) of a factory's connection, mean over the factories: SAIFI of IEEE Std 1366."""
    each = interruptions_by_factory(run, park).values()
    return sum(one.times for one in each) / len(each) if each else math.nan


@kpi(unit="h", needs=STUDIED)
def saidi_h(run: Run, park: Park, context: Context) -> float:
    """Hours of sustained interruption of a factory's connection, mean over the factories: SAIDI of IEEE Std 1366."""
    each = interruptions_by_factory(run, park).values()
    return math.fsum(one.length_h for one in each) / len(each) if each else math.nan


def _of(run: Run, park: Park, kind: type[StandbyGenerator | Battery], port: str) -> float:
    return math.fsum(run.amount(component=name, port=port) for name in names_of(park, kind))


@kpi(unit="h", needs=(StandbyGenerator,))
def standby_h(run: Run, park: Park, context: Context) -> float:
    """Hours that standby sets ran, summed."""
    return _of(run, park, StandbyGenerator, "running")


@kpi(unit="kWh", needs=(StandbyGenerator,))
def standby_kwh(run: Run, park: Park, context: Context) -> float:
    """Electricity of standby generators."""
    return _of(run, park, StandbyGenerator, "power")


@kpi(unit="GJ", needs=(StandbyGenerator,))
def standby_fuel_gj(run: Run, park: Park, context: Context) -> float:
    """Fuel of standby generators."""
    return _of(run, park, StandbyGenerator, "burnt")


@kpi(unit="1", rare=True, needs=(StandbyGenerator,))
def failed_starts_count(run: Run, park: Park, context: Context) -> float:
    """How often a standby set failed to start."""
    return float(sum(event.what == "start_failed" for event in run.events))


@kpi(unit="1", needs=(Battery,))
def battery_cycles_count(run: Run, park: Park, context: Context) -> float:
    """Full cycles of the batteries: what left their cells over their capacity, mean over the batteries."""
    batteries = {name: c for name, c in park.components.items() if isinstance(c, Battery)}
    taken = (run.amount(component=name, port="discharge") / c.one_way_frac / c.capacity_kwh for name, c in batteries.items())
    return math.fsum(taken) / len(batteries)


@kpi(unit="kWh", needs=(Battery,))
def battery_loss_kwh(run: Run, park: Park, context: Context) -> float:
    """Electricity lost in batteries: in less out, less what their cells hold more than at the beginning."""
    held = math.fsum(float(run.levels[name][1, -1] - run.levels[name][1, 0]) for name in names_of(park, Battery))
    return _of(run, park, Battery, "charge") - _of(run, park, Battery, "discharge") - held


@kpi(unit="kWh", rare=True, needs=(Battery,))
def above_threshold_kwh(run: Run, park: Park, context: Context) -> float:
    """Electricity imported above the thresholds of meters: what batteries could not shave."""
    return math.fsum(run.amount(component=name, port="above") for name in names_of(park, Meter))


@kpi(unit="kW", needs=(Battery,))
def battery_peak_before_kw(run: Run, park: Park, context: Context) -> float:
    """Highest half-hour import that sites with a battery would have had without it, summed over the batteries."""
    return _peaks(run, park, without_battery=True)


@kpi(unit="kW", needs=(Battery,))
def battery_peak_after_kw(run: Run, park: Park, context: Context) -> float:
    """Highest half-hour import of the sites with a battery, summed over the batteries."""
    return _peaks(run, park, without_battery=False)


def _peaks(run: Run, park: Park, *, without_battery: bool) -> float:
    peaks = []
    for name in names_of(park, Battery):
        added = {f"{name}.discharge": 1.0, f"{name}.charge": -1.0} if without_battery else {}
        ports = dict.fromkeys(_import_ports(park, name), 1.0) | added
        if not ports.keys() <= run.series.keys():
            return math.nan
        total: Floats = np.sum([sign * run.series[port] for port, sign in ports.items()], axis=0)
        peaks.append(float(total.max(initial=0.0)))
    return math.fsum(peaks)
