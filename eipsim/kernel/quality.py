"""What water carries: loads that travel with flows, worked out bin by bin after the flows are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..carriers import CARRIERS, LOADS
from ..errors import FlowLoopError, ParkError, Problems
from .component import Component
from .network import Place, name_of
from .ports import INLET, OUTLET, Port
from .traces import Floats

if TYPE_CHECKING:
    from .ledger import Ledger

Amounts = list[float]
"""Loads in the order of `LOADS` [kg]."""

NOTHING = (0.0,) * len(LOADS)
"""No load at all [kg]."""
_ROUNDING = 1e-9


class Passer(Component):
    """A component that loads pass through: it takes what its inlets bring and says what leaves by its outlets.

    Attributes
    ----------
    delays : bool
        Whether what leaves in a bin was there before it began. Such a component may close a loop of flows.
    """

    delays: bool = False

    @property
    def responds(self) -> bool:
        """Whether it has a `respond`, or loads to pass on: then the rates that it was dispatched are kept up to date."""
        return super().responds or self.simulation.loaded

    def start_loads(self) -> None:
        """Set what is in it at hour 0; called after `start`."""

    def give(self, hours: float, moved: Mapping[str, float]) -> Mapping[str, Amounts]:
        """Return what leaves by each outlet in a bin, before anything arrives; of those that delay.

        Parameters
        ----------
        hours : float
            Length of the bin [h].
        moved : mapping of str to float
            What flowed through each port [m3].
        """
        raise NotImplementedError

    def take(self, hours: float, moved: Mapping[str, float], came: Mapping[str, Amounts]) -> Mapping[str, Amounts]:
        """Take what came by each inlet [kg]; return what leaves by each outlet, nothing if it delays."""
        raise NotImplementedError

    def held(self) -> Amounts:
        """Return what is in it now [kg]."""
        return list(NOTHING)

    def booked(self) -> Mapping[str, Amounts]:
        """Return what has left the water since hour 0, by where it went: sludge, air, ground [kg]; negative if it was added."""
        return {}


class Source(Component):
    """A component whose wastewater has loads of its own."""

    def concentrations(self) -> Mapping[str, Sequence[float]]:
        """Return what each outlet's water brings with it, by port [g/m3]."""
        return {}


class Book(NamedTuple):
    """The loads of a run.

    Parameters
    ----------
    streams : tuple of str
        Ports that loads passed, as ``component.port``, and ``sources@<place>`` for what users let in.
    by_day : ndarray of shape (days, streams, loads)
        What passed [kg].
    at_start, at_end : dict of str to list
        What was in each component, and in the water ``on its way``, at either end of the run [kg].
    booked : dict of str to dict
        What left the water in each component, by where it went [kg].
    """

    streams: tuple[str, ...]
    by_day: Floats
    at_start: dict[str, Amounts]
    at_end: dict[str, Amounts]
    booked: dict[str, dict[str, Amounts]]

    def stream(self, name: str) -> Floats:
        """Return what passed a stream each day, shape (days, loads) [kg]; nothing if there is none of that name."""
        if name not in self.streams:
            return np.zeros((len(self.by_day), len(LOADS)))
        found: Floats = self.by_day[:, self.streams.index(name)]
        return found

    def total(self, name: str) -> dict[str, float]:
        """Return what passed a stream over the run, by load [kg]."""
        return dict(zip(LOADS, self.stream(name).sum(axis=0).tolist(), strict=True))

    def residual(self) -> float:
        """Return the greatest imbalance of any load over the run, as a fraction of what was let in or was there."""
        brought = sum(
            (self.stream(name).sum(axis=0) for name in self.streams if name.startswith("sources@")), np.zeros(len(LOADS))
        )
        start = _sum(self.at_start.values())
        gone = _sum(self.at_end.values()) + _sum(amounts for sinks in self.booked.values() for amounts in sinks.values())
        most = np.maximum(np.maximum(brought + start, np.abs(gone)), 1e-300)
        return float((np.abs(brought + start - gone) / most).max())


def _sum(rows: Iterable[Sequence[float]]) -> Floats:
    total = np.zeros(len(LOADS))
    for row in rows:
        total += row
    return total


def _add(here: dict[Place, Amounts], place: Place, amounts: Sequence[float]) -> None:
    """Put loads on a bus, beside what is there already."""
    there = here.get(place)
    here[place] = list(amounts) if there is None else [a + b for a, b in zip(there, amounts, strict=True)]


class Quality:
    """Carries loads along buses and through components, after each bin, in the order in which water flows.

    On a bus all that flows in mixes and leaves by its inlets in proportion to their flow. Within a bin each stream has the
    mean load of the bin: mass is exact, concentrations come nearer as bins get shorter.

    Parameters
    ----------
    components : mapping of str to Component
        Bound to their simulation.
    bus_of : mapping of Port to Place
        The bus of each port.
    ledger : Ledger
        Has the flows of all users.
    bin_h : float
        Length of a bin [h]; bins begin at its multiples, so that none lies across midnight if it divides a day.

    Raises
    ------
    ParkError
        If loads reach a component that does not say what becomes of them.
    FlowLoopError
        If water flows in a loop without a component that delays it.
    """

    def __init__(self, components: Mapping[str, Component], bus_of: Mapping[Port, Place], ledger: Ledger, bin_h: float):
        self.bin_h, self.ledger = bin_h, ledger
        self.passers = {name: c for name, c in components.items() if isinstance(c, Passer)}
        loaded = {port: place for port, place in bus_of.items() if CARRIERS[port.carrier].loaded}
        self.ports = [p for p in ledger.utility_ports if p in loaded]
        self._check(self.ports)
        self._lay_out_users(ledger, loaded)
        self._lay_out_order(loaded)
        self.moved = [0.0] * len(self.ports)
        own = {name: [(p.name, k) for k, p in enumerate(self.ports) if p.component.name == name] for name in self.passers}
        self.own = {name: ports for name, ports in own.items() if ports}
        self.hours, self.last_h, self.edge_h = 0.0, 0.0, bin_h
        self.users_m3 = np.zeros(self.last_user - self.first_user)
        self.turning = self._turning()
        self.left: dict[Place, Amounts] = {}
        self.pools: dict[Place, Amounts] = {}
        self.streams = [f"{p.component.name}.{p.name}" for p in self.ports] + [f"sources@{place[1]}" for place in self.sources]
        self.rows: list[list[Sequence[float]]] = []
        self.day, self.by_day = 0, list[Floats]()
        self.latest: tuple[list[Sequence[float]], list[float]] | None = None

    def _check(self, ports: Sequence[Port]) -> None:
        with Problems("Loads", ParkError) as problems:
            for port in ports:
                if not isinstance(port.component, Passer):
                    problems.add(
                        f"{port.component.name}.{port.name}",
                        f"carries {port.carrier}, and {type(port.component).__name__} doesn't say what becomes of its loads",
                    )

    def _lay_out_users(self, ledger: Ledger, loaded: Mapping[Port, Place]) -> None:
        """Find the columns of users on loaded buses, what theirs brings, and where what they take comes back."""
        columns = [j for j, p in enumerate(ledger.user_ports[: ledger.n_flows]) if p in loaded]
        self.first_user, self.last_user = min(columns, default=0), max(columns, default=-1) + 1
        given: dict[Place, list[int]] = {}
        taken: dict[Place, list[int]] = {}
        owners = {port.component.name: port.component for port in ledger.user_ports}
        known = {name: owner.concentrations() for name, owner in owners.items() if isinstance(owner, Source)}
        brings: dict[int, Sequence[float]] = {}
        back_to: dict[str, Place] = {}
        for j in columns:
            port, k = ledger.user_ports[j], j - self.first_user
            if port.direction == OUTLET:
                given.setdefault(loaded[port], []).append(k)
                brings[k] = known.get(port.component.name, {}).get(port.name, NOTHING)
                back_to.setdefault(port.component.name, loaded[port])
            else:
                taken.setdefault(loaded[port], []).append(k)
        self.sources = list(given)
        width = len(LOADS) + 1
        self.brings = np.zeros((self.last_user - self.first_user, width * len(given)))
        for n, rows in enumerate(given.values()):
            for k in rows:
                self.brings[k, n * width : (n + 1) * width] = (*(c / 1000 for c in brings[k]), 1.0)
        self.drinks: dict[Place, list[tuple[Place | None, NDArray[np.int64]]]] = {}
        for place, rows in taken.items():
            by_target: dict[Place | None, list[int]] = {}
            for k in rows:
                by_target.setdefault(back_to.get(ledger.user_ports[k + self.first_user].component.name), []).append(k)
            self.drinks[place] = [(target, np.array(found, np.int64)) for target, found in by_target.items()]
        self.used = list(NOTHING)

    def _lay_out_order(self, loaded: Mapping[Port, Place]) -> None:
        """Sort buses and components as water flows; a component that delays stands at both ends."""
        self.places = list(dict.fromkeys(loaded.values()))
        self.inlets: dict[Place, list[int]] = {place: [] for place in self.places}
        self.outlets: dict[str, list[tuple[str, Place, int]]] = {name: [] for name in self.passers}
        before: dict[Place | str, set[Place | str]] = {place: set() for place in self.places}
        for name in self.passers:
            before[name] = set()
        for k, port in enumerate(self.ports):
            name, place = port.component.name, loaded[port]
            if port.direction == INLET:
                self.inlets[place].append(k)
                if not self.passers[name].delays:
                    before[name].add(place)
            else:
                self.outlets[name].append((port.name, place, k))
                if not self.passers[name].delays:
                    before[place].add(name)
        try:
            nodes = list(TopologicalSorter({k: sorted(v, key=str) for k, v in before.items()}).static_order())
        except CycleError as error:
            path = " -> ".join(node if isinstance(node, str) else name_of(node) for node in error.args[1])
            raise FlowLoopError(f"loads go round without a stop: {path}; put a sewer or another delay between") from None
        touched = {port.component.name for port in self.ports}
        self.order = [n for n in nodes if not isinstance(n, str) or (n in touched and not self.passers[n].delays)]
        self.delaying = [n for n in sorted(touched) if self.passers[n].delays]

    def _turning(self) -> list[tuple[int, int]]:
        """Return inlets and outlets of components that delay and stand with both on one bus: they must not share a bin."""
        place = {k: port.place for k, port in enumerate(self.ports)}
        names = {name: [k for k, p in enumerate(self.ports) if p.component.name == name] for name in self.delaying}
        return [(a, b) for mine in names.values() for a in mine for b in mine if a != b and place[a] == place[b]]

    def start(self) -> None:
        """Take stock at hour 0."""
        for passer in self.passers.values():
            passer.start_loads()
        self.at_start = self._held()

    def _held(self) -> dict[str, Amounts]:
        held = {name: passer.held() for name, passer in self.passers.items()}
        way = _sum((*self.left.values(), *self.pools.values()))
        return {name: amounts for name, amounts in held.items() if any(amounts)} | {"on its way": way.tolist()}

    def advance(self, until_h: float) -> None:
        """Add an interval of steady flows that ends now; carry the loads when a bin is full.

        Parameters
        ----------
        until_h : float
            Hours since the horizon started [h].
        """
        begun, self.last_h = self.last_h, until_h
        hours = until_h - begun
        if hours <= 0:
            return
        ports, rates = self.ports, self.ledger.flow_rates[self.first_user : self.last_user]
        for a, b in self.turning:
            if self.moved[a] and ports[b].rate:
                self._carry(begun)
        edge = self.edge_h
        while begun < until_h - _ROUNDING:
            here = min(edge, until_h)
            part = here - begun
            self.users_m3 += rates * part
            self.moved = [volume + port.rate * part for volume, port in zip(self.moved, ports, strict=True)]
            self.hours += part
            begun = here
            if here > edge - _ROUNDING:
                self._carry(edge)
                edge = self.edge_h = edge + self.bin_h

    def _carry(self, until_h: float) -> None:
        """Carry what a bin's water brought from its sources to its sinks."""
        hours, moved, passers, own, outlets = self.hours, self.moved, self.passers, self.own, self.outlets
        rows: list[Sequence[float]] = [NOTHING] * len(self.streams)
        here, self.left = self.left, {}
        came: dict[str, dict[str, Amounts]] = {name: {} for name in own}
        self._let_in(here, rows)
        for name in self.delaying:
            sent = passers[name].give(hours, {port: moved[k] for port, k in own[name]})
            for port, place, k in outlets[name]:
                if moved[k] > 0:
                    rows[k] = sent[port]
                    _add(here, place, sent[port])
        for node in self.order:
            if isinstance(node, str):
                sent = passers[node].take(hours, {port: moved[k] for port, k in own[node]}, came[node])
                for port, place, k in outlets[node]:
                    rows[k] = sent[port]
                    _add(here, place, sent[port])
            elif node in here:
                self._share(node, here[node], came, rows)
        for name in self.delaying:
            passers[name].take(hours, {port: moved[k] for port, k in own[name]}, came[name])
        if (day := int((until_h - hours / 2) // 24)) != self.day:
            self._close_day(day)
        self.rows.append(rows)
        self.latest = rows, moved
        self.moved = [0.0] * len(moved)
        self.users_m3[:] = 0.0
        self.hours = 0.0

    def _close_day(self, day: int) -> None:
        """Sum up what passed on a day that is over, and go to another."""
        nothing = np.zeros((len(self.streams), len(LOADS)))
        self.by_day.append(np.array(self.rows).sum(axis=0) if self.rows else nothing)
        self.by_day += [nothing] * (day - self.day - 1)
        self.rows, self.day = [], day

    def _let_in(self, here: dict[Place, Amounts], rows: list[Sequence[float]]) -> None:
        """Let users' water in with its own loads, and with what reclaimed water has brought them."""
        found: list[float] = (self.users_m3 @ self.brings).tolist()
        width, first = len(LOADS) + 1, len(self.ports)
        for n, place in enumerate(self.sources):
            *brought, volume = found[n * width : (n + 1) * width]
            rows[first + n] = brought
            if volume > 0:
                _add(here, place, brought)
                if place in self.pools:
                    _add(here, place, self.pools.pop(place))

    def _share(self, place: Place, amounts: Amounts, came: dict[str, dict[str, Amounts]], rows: list[Sequence[float]]) -> None:
        """Mix what is on a bus and hand it out by flow."""
        moved, ports = self.moved, self.ports
        inlets = [k for k in self.inlets[place] if moved[k] > 0]
        drinks = [(target, float(self.users_m3[users].sum())) for target, users in self.drinks.get(place, ())]
        total = sum([moved[k] for k in inlets]) + sum([volume for _, volume in drinks])
        if total <= 0:
            self.left[place] = amounts
            return
        for k in inlets:
            port, share = ports[k], moved[k] / total
            rows[k] = came[port.component.name][port.name] = [a * share for a in amounts] if share < 1 else amounts
        for target, volume in drinks:
            share = volume / total
            mine = [a * share for a in amounts]
            if target is None:
                self.used = [a + b for a, b in zip(self.used, mine, strict=True)]
            else:
                _add(self.pools, target, mine)

    def concentration(self, stream: str, now_h: float) -> dict[str, float] | None:
        """Return what a stream carried in the last bin that is over, by load [g/m3]; None if it did not flow.

        Parameters
        ----------
        stream : str
            As ``component.port``.
        now_h : float
            Hours since the horizon started; flows are what they were until now [h].
        """
        self.advance(now_h)
        if not self.latest:
            return None
        rows, volumes = self.latest
        k = self.streams.index(stream)
        if k >= len(volumes) or volumes[k] <= 0:
            return None
        return {name: kg / volumes[k] * 1000 for name, kg in zip(LOADS, rows[k], strict=True)}

    def close(self, until_h: float) -> Book:
        """Carry what is left of the last bin; return the loads of the run."""
        self.advance(until_h)
        if self.hours:
            self._carry(until_h)
        self._close_day(self.day + 1)
        by_day = np.array(self.by_day)
        booked = {name: dict(passer.booked()) for name, passer in self.passers.items() if passer.booked()}
        booked["users"] = {"used": self.used}
        return Book(tuple(self.streams), by_day, self.at_start, self._held(), booked)
