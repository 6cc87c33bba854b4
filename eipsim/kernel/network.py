"""Which bus each port stands on, and the order in which buses are cleared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from ..carriers import CARRIERS
from ..errors import FlowLoopError, ParkError, Problems, nearest
from .ports import ALL_LINES, GAUGE, Port

if TYPE_CHECKING:
    from .component import Component

Place = tuple[str, str]
"""A carrier and a place: the key of a bus."""


def name_of(place: Place) -> str:
    """Return ``carrier@place``."""
    return f"{place[0]}@{place[1]}"


def places_of(ports: Iterable[Port], parents: Mapping[Place, str]) -> dict[Port, Place]:
    """Return the bus of each port that is not a gauge.

    A bus is where a flexible port stands. A firm port at a place without one goes up to the parent place, and on.

    Parameters
    ----------
    ports : iterable of Port
        All ports of the park.
    parents : mapping
        From (carrier, place) to the place one level up.

    Raises
    ------
    ParkError
        If a carrier is unknown, or flows where nothing can supply or take it; all such ports at once.
    """
    ports = [port for port in ports if port.direction != GAUGE]
    buses = {(port.carrier, port.place) for port in ports if not port.firm}
    found: dict[Port, Place] = {}
    lost: dict[Place, list[str]] = {}
    with Problems("The park", ParkError) as problems:
        for port in ports:
            where = f"{port.component.name}.{port.name}"
            if port.carrier not in CARRIERS:
                problems.add(where, f"has the carrier '{port.carrier}', which is unknown: {nearest(port.carrier, CARRIERS)}")
                continue
            place, seen = port.place, set[str]()
            while (port.carrier, place) not in buses and place not in seen and (port.carrier, place) in parents:
                seen.add(place)
                place = parents[port.carrier, place]
            if (port.carrier, place) in buses:
                found[port] = (port.carrier, place)
            else:
                lost.setdefault((port.carrier, port.place), []).append(where)
        for key, users in sorted(lost.items()):
            problems.add(
                name_of(key),
                f"is used by {len(users)} ports ({', '.join(sorted(users)[:3])}) and nothing there is flexible: "
                "add a supplier, a taker or a meter, or a parent place that has one",
            )
    return found


def clearing_order(bus_of: Mapping[Port, Place]) -> list[Place]:
    """Return buses such that a component is dispatched before the firm ports that follow from it are counted.

    Raises
    ------
    FlowLoopError
        If two buses each wait for the other's dispatch, with the path.
    """
    flexible: dict[str, set[Place]] = {}
    for port, place in bus_of.items():
        if not port.firm:
            flexible.setdefault(port.component.name, set()).add(place)
    after: dict[Place, set[Place]] = {place: set() for place in sorted(set(bus_of.values()))}
    for port, place in bus_of.items():
        if port.firm:
            after[place] |= flexible.get(port.component.name, set()) - {place}
    try:
        return list(TopologicalSorter({k: sorted(v) for k, v in after.items()}).static_order())
    except CycleError as error:
        path = " -> ".join(name_of(place) for place in error.args[1])
        raise FlowLoopError(f"buses wait for each other: {path}; let one component follow another carrier") from None


def check_ports(components: Iterable[Component], profiles: Collection[str]) -> None:
    """Refuse lines without an activity, and ports that follow profiles that are not there, or where a dispatch decides.

    Raises
    ------
    ParkError
        Naming all of them.
    """
    with Problems("The park", ParkError) as problems:
        for component in components:
            lines = {port.line for port in component.ports if port.line is not None}
            if ALL_LINES in lines and max(lines) >= len(component.activity):
                problems.add(
                    component.name,
                    f"has a line {max(lines)} and {len(component.activity)} activities: where a use follows all lines, "
                    "activity k must be that of line k",
                )
            for port in component.ports:
                where = f"{component.name}.{port.name}"
                drivers = component.activity_factors[port.activity : port.activity + 1] if port.activity is not None else ()
                for factor in (*port.factors, *filter(None, drivers)):
                    if factor not in profiles:
                        problems.add(where, f"follows the profile '{factor}', which is unknown: {nearest(factor, profiles)}")
                if (
                    component.is_utility
                    and port.firm
                    and port.direction != GAUGE
                    and (port.factors or port.activity is not None)
                ):
                    problems.add(
                        where, "is firm on a component that is dispatched, so it can't be driven: set its rate in respond()"
                    )
