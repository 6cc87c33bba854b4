"""What water carries: loads that travel with flows, worked out bin by bin after the flows are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from operator import add
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..carriers import CARRIERS, LOADS
from ..errors import FlowLoopError, ParkError, Problems
from .component import Component
from .load_book import NOTHING, Amounts, Book, Stock, sum_of
from .network import Place, name_of
from .passer import Passer, Source
from .ports import INLET, OUTLET, Port
from .traces import Floats

if TYPE_CHECKING:
    from .ledger import Ledger

_ROUNDING = 1e-9


Volumes = dict[str, float]
Came = dict[str, Amounts]


class Stage(NamedTuple):
    """A component on the way of the loads, laid out for `Quality`.

    Parameters
    ----------
    passer : Passer
        The component.
    ports : list of (str, int)
        Name and number of each of its ports.
    outlets : list of (str, int, int)
        Name, number of the bus, and number of each outlet.
    volumes, came : dict
        What flows through each port in a bin [m3], and what comes by each inlet [kg]; filled anew for each bin.
    """

    passer: Passer
    ports: list[tuple[str, int]]
    outlets: list[tuple[str, int, int]]
    volumes: Volumes
    came: Came


class Mix(NamedTuple):
    """A bus on the way of the loads.

    Parameters
    ----------
    bus : int
        Its number.
    inlets : list of (int, str, dict)
        Number and name of each inlet, and where its component takes what comes.
    drinks : list of (int or None, int)
        Where users let out again what they drink, and at which place of `Quality.found` their volume stands.
    """

    bus: int
    inlets: list[tuple[int, str, Came]]
    drinks: list[tuple[int | None, int]]


class Quality:
    """Carries loads along buses and through components, after each bin, in the order in which water flows.

    On a bus all that flows in mixes and leaves by its inlets in proportion to their flow. Within a bin each stream has the
    mean load of the bin: mass is exact, concentrations come nearer as bins get shorter. Amounts are handed on, not copied:
    whoever gets some never changes them.

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
        self.number = {place: k for k, place in enumerate(dict.fromkeys(loaded.values()))}
        self._lay_out_users(ledger, loaded)
        self._lay_out_order(loaded)
        self.moved = [0.0] * len(self.ports)
        self.hours, self.last_h, self.edge_h = 0.0, 0.0, bin_h
        self.users_m3, self.users_m3_per_h, self.part_m3 = (np.zeros(len(self.columns)) for _ in range(3))
        self.turning = self._turning()
        self.left: dict[int, Amounts] = {}
        self.pools: dict[int, Amounts] = {}
        self.streams = [f"{p.component.name}.{p.name}" for p in self.ports] + [f"sources@{place}" for _, place in self.sources]
        self.rows: list[list[Sequence[float]]] = []
        self.day, self.by_day, self.midnights = 0, list[Floats](), list[Stock]()
        self.samples: dict[str, list[list[float]]] = {}
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
        ports = [ledger.user_ports[j] for j in columns]
        owners = {port.component.name: port.component for port in ledger.user_ports}
        known = {name: owner.concentrations() for name, owner in owners.items() if isinstance(owner, Source)}
        given = [port for port in ports if port.direction == OUTLET]
        back_to: dict[str, int] = {}
        for port in given:
            back_to.setdefault(port.component.name, self.number[loaded[port]])
        self.columns = np.array(columns, np.int64)
        self.sources = [(self.number[place], place[1]) for place in dict.fromkeys(loaded[port] for port in given)]
        width, first = len(LOADS) + 1, {bus: n for n, (bus, _) in enumerate(self.sources)}
        targets = dict.fromkeys(
            (self.number[loaded[port]], back_to.get(port.component.name)) for port in ports if port.direction != OUTLET
        )
        drunk = {one: width * len(first) + n for n, one in enumerate(targets)}
        self.drinks: dict[int, list[tuple[int | None, int]]] = {}
        for (bus, target), at in drunk.items():
            self.drinks.setdefault(bus, []).append((target, at))
        self.brings = np.zeros((len(columns), width * len(first) + len(drunk)))
        for k, port in enumerate(ports):
            bus = self.number[loaded[port]]
            if port.direction == OUTLET:
                brings = known.get(port.component.name, {}).get(port.name, NOTHING)
                self.brings[k, first[bus] * width : (first[bus] + 1) * width] = (*(c / 1000 for c in brings), 1.0)
            else:
                self.brings[k, drunk[bus, back_to.get(port.component.name)]] = 1.0
        self.found: list[float] = []
        self.used: Amounts = list(NOTHING)

    def _lay_out_order(self, loaded: Mapping[Port, Place]) -> None:
        """Sort buses and components as water flows; a component that delays stands at both ends."""
        before: dict[Place | str, set[Place | str]] = {place: set() for place in self.number}
        for name in self.passers:
            before[name] = set()
        stages = {name: Stage(passer, [], [], {}, {}) for name, passer in self.passers.items()}
        mixes = {place: Mix(k, [], self.drinks.get(k, [])) for place, k in self.number.items()}
        for k, port in enumerate(self.ports):
            name, place = port.component.name, loaded[port]
            stage = stages[name]
            stage.ports.append((port.name, k))
            if port.direction == INLET:
                mixes[place].inlets.append((k, port.name, stage.came))
                if not stage.passer.delays:
                    before[name].add(place)
            else:
                stage.outlets.append((port.name, self.number[place], k))
                if not stage.passer.delays:
                    before[place].add(name)
        try:
            nodes = list(TopologicalSorter({k: sorted(v, key=str) for k, v in before.items()}).static_order())
        except CycleError as error:
            path = " -> ".join(node if isinstance(node, str) else name_of(node) for node in error.args[1])
            raise FlowLoopError(f"loads go round without a stop: {path}; put a sewer or another delay between") from None
        self.delaying = [stage for _, stage in sorted(stages.items()) if stage.ports and stage.passer.delays]
        order: list[Stage | Mix] = [stages[node] if isinstance(node, str) else mixes[node] for node in nodes]
        self.order = [n for n in order if isinstance(n, Mix) or (n.ports and not n.passer.delays)]

    def _turning(self) -> list[tuple[int, int]]:
        """Return inlets and outlets of components that delay and stand with both on one bus: they must not share a bin."""
        place = {k: port.place for k, port in enumerate(self.ports)}
        ports = [[k for _, k in stage.ports] for stage in self.delaying]
        return [(a, b) for mine in ports for a in mine for b in mine if a != b and place[a] == place[b]]

    def start(self) -> None:
        """Take stock at hour 0."""
        for passer in self.passers.values():
            passer.start_loads()
        self.at_start = self._held()

    def _held(self) -> dict[str, Amounts]:
        held = {name: passer.held() for name, passer in self.passers.items()}
        way = sum_of((*self.left.values(), *self.pools.values()))
        return {name: amounts for name, amounts in held.items() if any(amounts)} | {"on its way": way.tolist()}

    def advance(self, until_h: float) -> None:
        """Add an interval of steady flows that ends now; carry the loads when a bin is full.

        Parameters
        ----------
        until_h : float
            Hours since the horizon started [h].
        """
        begun, self.last_h = self.last_h, until_h
        if until_h <= begun:
            return
        ports, users, part_m3 = self.ports, self.users_m3_per_h, self.part_m3
        self.ledger.flow_rates.take(self.columns, out=users, mode="clip")
        for a, b in self.turning:
            if self.moved[a] and ports[b].rate:
                self._carry(begun)
        edge = self.edge_h
        while begun < until_h - _ROUNDING:
            here = min(edge, until_h)
            part = here - begun
            np.multiply(users, part, out=part_m3)
            self.users_m3 += part_m3
            self.moved = [volume + port.rate * part for volume, port in zip(self.moved, ports, strict=True)]
            self.hours += part
            begun = here
            if here > edge - _ROUNDING:
                self._carry(edge)
                edge = self.edge_h = edge + self.bin_h

    def _carry(self, until_h: float) -> None:
        """Carry what a bin's water brought from its sources to its sinks."""
        hours, moved = self.hours, self.moved
        if (day := int((until_h - hours / 2) // 24)) != self.day:
            self._close_day(day)
        rows: list[Sequence[float]] = [NOTHING] * len(self.streams)
        here, self.left = self.left, {}
        self._let_in(here, rows)
        for passer, ports, outlets, volumes, _ in self.delaying:
            for name, k in ports:
                volumes[name] = moved[k]
            sent = passer.give(hours, volumes)
            for name, bus, k in outlets:
                if moved[k] > 0:
                    rows[k] = amounts = sent[name]
                    there = here.get(bus)
                    here[bus] = amounts if there is None else list(map(add, there, amounts))
        for node in self.order:
            if isinstance(node, Mix):
                if node.bus in here:
                    self._share(node, here[node.bus], rows)
                continue
            passer, ports, outlets, volumes, came = node
            for name, k in ports:
                volumes[name] = moved[k]
            sent = passer.take(hours, volumes, came)
            came.clear()
            for name, bus, k in outlets:
                rows[k] = amounts = sent[name]
                there = here.get(bus)
                here[bus] = amounts if there is None else list(map(add, there, amounts))
        for passer, _, _, volumes, came in self.delaying:
            passer.take(hours, volumes, came)
            came.clear()
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
        self.midnights += [Stock(self._held(), self._booked())] * (day - self.day)
        self.rows, self.day = [], day

    def _let_in(self, here: dict[int, Amounts], rows: list[Sequence[float]]) -> None:
        """Let users' water in with its own loads, and with what reclaimed water has brought them."""
        found = self.found = (self.users_m3 @ self.brings).tolist()
        width, first = len(LOADS) + 1, len(self.ports)
        for n, (bus, _) in enumerate(self.sources):
            *brought, volume = found[n * width : (n + 1) * width]
            rows[first + n] = brought
            if volume > 0:
                for amounts in (brought, self.pools.pop(bus, None)):
                    if amounts is not None:
                        there = here.get(bus)
                        here[bus] = amounts if there is None else list(map(add, there, amounts))

    def _share(self, mix: Mix, amounts: Amounts, rows: list[Sequence[float]]) -> None:
        """Mix what is on a bus and hand it out by flow."""
        moved, found = self.moved, self.found
        inlets = [inlet for inlet in mix.inlets if moved[inlet[0]] > 0]
        total = sum([moved[k] for k, _, _ in inlets])
        for _, at in mix.drinks:
            total += found[at]
        if total <= 0:
            self.left[mix.bus] = amounts
            return
        for k, name, came in inlets:
            share = moved[k] / total
            rows[k] = came[name] = [a * share for a in amounts] if share < 1 else amounts
        for target, at in mix.drinks:
            share = found[at] / total
            mine = [a * share for a in amounts]
            if target is None:
                self.used = list(map(add, self.used, mine))
            else:
                self.pools[target] = list(map(add, self.pools.get(target, NOTHING), mine))

    def concentration(self, stream: str, now_h: float) -> dict[str, float] | None:
        """Return what a stream carried in the last bin that is over, by load [g/m3]; None if it did not flow.

        Parameters
        ----------
        stream : str
            As ``component.port``; what is returned is kept for `Book.samples`.
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
        found = [kg / volumes[k] * 1000 for kg in rows[k]]
        self.samples.setdefault(stream, []).append([now_h, *found])
        return dict(zip(LOADS, found, strict=True))

    def _booked(self) -> dict[str, dict[str, Amounts]]:
        found = {name: passer.booked() for name, passer in self.passers.items()}
        booked = {name: {where: list(kg) for where, kg in sinks.items()} for name, sinks in found.items() if sinks}
        return booked | {"users": {"used": self.used}}

    def close(self, until_h: float) -> Book:
        """Carry what is left of the last bin; return the loads of the run."""
        self.advance(until_h)
        if self.hours:
            self._carry(until_h)
        self._close_day(self.day + 1)
        samples = {stream: np.array(rows) for stream, rows in self.samples.items()}
        return Book(
            tuple(self.streams),
            np.array(self.by_day),
            self.at_start,
            self._held(),
            self._booked(),
            samples,
            tuple(self.midnights),
        )
