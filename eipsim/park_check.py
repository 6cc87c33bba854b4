"""What keeps a park from running, all of it at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from copy import copy

from .components import EqualisationTank, Factory, Feeder, Meter, StormBasin, Substation, WastewaterPlant
from .components.outages import Repairable
from .errors import FlowLoopError, ParkError, Problems, nearest
from .kernel.component import Component
from .kernel.crew import Crew
from .kernel.network import clearing_order, name_of, places_of
from .kernel.ports import INLET, OUTLET, Port
from .timebase import WorkCalendar

_REFERENCES: tuple[tuple[str, type | tuple[type, ...]], ...] = (
    ("crew", Crew),
    ("plant", WastewaterPlant),
    ("tank", EqualisationTank),
    ("feeder", (Feeder, Substation)),
)
"""Parameters that name another component, and what it must be."""

_SUPPLIERS = {"electricity": "a Substation or a Feeder", "water": "a WaterWorks", "effluent": "a WastewaterPlant"}
_TAKERS = {"wastewater": "an EqualisationTank or a River", "equalised": "a WastewaterPlant", "effluent": "a River"}


def check(
    name: str,
    components: Mapping[str, Component],
    calendars: Mapping[str, WorkCalendar],
    parents: Mapping[tuple[str, str], str],
) -> None:
    """Examine a park.

    Parameters
    ----------
    name : str
        For the message.
    components, calendars, parents : mapping
        As in `Park`.

    Raises
    ------
    ParkError
        With all problems.
    """
    with Problems(f'Park "{name}"', ParkError) as problems:
        ports: list[Port] = []
        for key, component in sorted(components.items()):
            if not key or any(sign in key for sign in ".*?[]@:"):
                problems.add(repr(key), "is no name for a component: leave out . * ? [ ] @ :")
            _check_references(problems, key, component, components)
            if isinstance(component, Factory) and component.calendar not in calendars:
                wanted = component.calendar
                problems.add(f"{key}.calendar", f"= {wanted!r} is no calendar of this park: {nearest(wanted, calendars)}")
            ports += _ports_of(problems, key, component)
        _check_buses(problems, ports, parents)


def _check_references(problems: Problems, key: str, component: Component, components: Mapping[str, Component]) -> None:
    for parameter, kind in _REFERENCES:
        other = getattr(component, parameter, "")
        if not other or not isinstance(component, Factory | Repairable | Meter | EqualisationTank | StormBasin):
            continue
        if not isinstance(components.get(other), kind):
            valid = [k for k, c in components.items() if isinstance(c, kind)]
            what = " or ".join(k.__name__ for k in (kind if isinstance(kind, tuple) else (kind,)))
            problems.add(f"{key}.{parameter}", f"= {other!r} is no {what} of this park: {nearest(other, valid)}")


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
        outlets = [p for p in here if p.direction == OUTLET and not p.factors]
        if drawn and not outlets:
            sun = any(p.direction == OUTLET for p in here)
            remedy = " but the sun: add a Meter" if sun else f": add {_SUPPLIERS.get(place[0], 'a FuelSupply')}"
            problems.add(name_of(place), f"is drawn by {len(drawn)} components ({_some(drawn)}) and supplied by none{remedy}")
        if given and not any(p.direction == INLET and not p.firm for p in here):
            remedy = f": add {_TAKERS.get(place[0], 'a flexible inlet')}"
            problems.add(name_of(place), f"is given by {len(given)} components ({_some(given)}) and taken by none{remedy}")


def _firm(ports: list[Port], direction: int) -> list[str]:
    """Return the names of the components of firm ports in one direction."""
    return sorted({p.component.name for p in ports if p.firm and p.direction == direction})


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
