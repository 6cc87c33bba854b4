"""Finds what would keep the components of a park from running together."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from copy import copy

from .carriers import CARRIERS
from .components import (
    Battery,
    BufferTank,
    EqualisationTank,
    Factory,
    Feeder,
    Meter,
    StandbyGenerator,
    StormBasin,
    Substation,
    WastewaterPlant,
)
from .components.outages import Repairable
from .end_uses import MeasuredLoad
from .errors import FlowLoopError, ParkError, Problems, nearest
from .kernel.component import Component
from .kernel.crew import Crew
from .kernel.network import clearing_order, name_of, places_of
from .kernel.ports import INLET, OUTLET, Port
from .readers.load_profile import LoadProfile
from .timebase import WorkCalendar

_REFERENCES: tuple[tuple[str, type | tuple[type, ...]], ...] = (
    ("crew", Crew),
    ("cleaning_crew", Crew),
    ("plant", WastewaterPlant),
    ("tank", EqualisationTank),
    ("feeder", (Feeder, Substation)),
    ("factory", Factory),
    ("paid_by", Factory),
)
"""Parameters that name another component, and what it must be."""
_REFERRING = (Battery, BufferTank, EqualisationTank, Factory, Meter, Repairable, StandbyGenerator, StormBasin)
"""Components that have such parameters."""

_STANDBY = (Battery, StandbyGenerator)
"""Components that no site can live on."""
_SUPPLIERS = {
    "electricity": "a Substation or a Feeder",
    "water": "a WaterWorks",
    "effluent": "a WastewaterPlant",
    "steam": "a BoilerHouse",
    "compressed_air": "a CompressorStation",
    "chilled_water": "a ChillerPlant",
}
_TAKERS = {"wastewater": "an EqualisationTank or a River", "equalised": "a WastewaterPlant", "effluent": "a River"}


def check_components(
    problems: Problems,
    components: Mapping[str, Component],
    calendars: Mapping[str, WorkCalendar],
    parents: Mapping[tuple[str, str], str],
    measured_loads: Mapping[str, LoadProfile],
) -> None:
    """Note everything that would keep components from running together.

    Parameters
    ----------
    problems : Problems
        Gets unknown names, carriers that are drawn and not supplied or given and not taken, sites with generation and no
        meter, loops.
    components, calendars, parents, measured_loads : mapping
        As in `park.Park`.
    """
    ports: list[Port] = []
    for name, component in sorted(components.items()):
        if not name or any(sign in name for sign in ".*?[]@:"):
            problems.add(repr(name), "is no name for a component: leave out . * ? [ ] @ :")
        _check_references(problems, name, component, components)
        if isinstance(component, Factory) and component.calendar not in calendars:
            wanted = component.calendar
            problems.add(f"{name}.calendar", f"= {wanted!r} is no calendar of this park: {nearest(wanted, calendars)}")
        if isinstance(component, Factory):
            _check_measured(problems, name, component, measured_loads)
        ports += _ports_of(problems, name, component)
    _check_buses(problems, ports, parents)


def _check_references(problems: Problems, key: str, component: Component, components: Mapping[str, Component]) -> None:
    for parameter, kind in _REFERENCES:
        other = getattr(component, parameter, "")
        if not other or not isinstance(component, _REFERRING):
            continue
        if not isinstance(components.get(other), kind):
            valid = [k for k, c in components.items() if isinstance(c, kind)]
            what = " or ".join(k.__name__ for k in (kind if isinstance(kind, tuple) else (kind,)))
            problems.add(f"{key}.{parameter}", f"= {other!r} is no {what} of this park: {nearest(other, valid)}")


def _check_measured(problems: Problems, key: str, factory: Factory, known: Mapping[str, LoadProfile]) -> None:
    for name, use in sorted(factory.end_uses.items()):
        if isinstance(use, MeasuredLoad) and use.measured_load not in known:
            place, wanted = f"{key}.end_uses.{name}.measured_load", use.measured_load
            problems.add(place, f"= {wanted!r} is no measured load of this park: {nearest(wanted, known)}")


def _ports_of(problems: Problems, key: str, component: Component) -> list[Port]:
    twin = copy(component)
    twin.name = key
    try:
        declared = twin.declared_ports()
    except ValueError as error:
        problems.add(key, str(error))
        return []
    if isinstance(component, Factory):
        reserved = {f.name for f in dataclasses.fields(Factory)} | set(dir(Factory))
        for port in sorted(reserved & component.flows().keys()):
            problems.add(f"{key}.end_uses", f"give a port {port!r}, which is reserved: choose another name for the end use")
    return [port.on(twin, port_key) for port_key, port in declared.items()]


def _check_buses(problems: Problems, ports: list[Port], parents: Mapping[tuple[str, str], str]) -> None:
    ports = _without_orphans(problems, ports)
    try:
        bus_of = places_of(ports, parents)
        clearing_order(bus_of)
    except FlowLoopError as error:
        problems.add("buses", str(error))
        return
    except ParkError as error:
        problems.lines += [line.strip() for line in str(error).splitlines()[1:]]
        return
    standing: dict[tuple[str, str], list[Port]] = {}
    for port, place in bus_of.items():
        standing.setdefault(place, []).append(port)
    for place, here in sorted(standing.items()):
        drawn, given = _firm(here, INLET), _firm(here, OUTLET)
        if drawn and not any(p.direction == OUTLET and not p.factors and not isinstance(p.component, _STANDBY) for p in here):
            standby = any(isinstance(p.component, _STANDBY) for p in here)
            own = standby or any(p.direction == OUTLET for p in here)
            remedy = (
                f" but {'standby power' if standby else 'the sun'}: add a Meter"
                if own
                else f": add {_SUPPLIERS.get(place[0], 'a FuelSupply')}"
            )
            problems.add(name_of(place), f"is drawn by {_some(drawn)} and supplied by none{remedy}")
        if given and not any(p.direction == INLET and not p.firm for p in here):
            remedy = f": add {_TAKERS.get(place[0], 'a flexible inlet')}"
            problems.add(name_of(place), f"is given by {_some(given)} and taken by none{remedy}")


def _without_orphans(problems: Problems, ports: list[Port]) -> list[Port]:
    """Note carriers that the whole park draws and nobody supplies, or gives and nobody takes; return the other ports."""
    orphans = set[str]()
    for carrier in sorted({port.carrier for port in ports if port.carrier in CARRIERS}):
        here = [port for port in ports if port.carrier == carrier]
        drawn, given = _firm(here, INLET), _firm(here, OUTLET)
        if drawn and not any(port.direction == OUTLET for port in here):
            remedy = _SUPPLIERS.get(carrier, "a FuelSupply")
            problems.add(f'carrier "{carrier}"', f"is drawn by {_some(drawn)} and supplied by none: add {remedy}")
            orphans.add(carrier)
        if given and not any(port.direction == INLET for port in here):
            remedy = _TAKERS.get(carrier, "a flexible inlet")
            problems.add(f'carrier "{carrier}"', f"is given by {_some(given)} and taken by none: add {remedy}")
            orphans.add(carrier)
    return [port for port in ports if port.carrier not in orphans]


def _firm(ports: list[Port], direction: int) -> list[str]:
    """Return the names of the components of firm ports in one direction."""
    return sorted({p.component.name for p in ports if p.firm and p.direction == direction})


def _some(names: list[str]) -> str:
    plural = "s" if len(names) > 1 else ""
    return f"{len(names)} component{plural} ({', '.join(names[:3])}{', …' if len(names) > 3 else ''})"
