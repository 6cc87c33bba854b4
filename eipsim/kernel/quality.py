"""What water carries: loads that travel with flows, worked out bin by bin after the flows are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from operator import add
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..carriers import CARRIERS, LOADS
from ..errors import FlowLoopError, ParkError, Problems
from .component import Component
from .lag import Lag
from .load_book import NOTHING, Amounts, Book, Stock, sum_of
from .load_flows import Flows
from .load_users import lay_out
from .network import Place, name_of
from .passer import Passer
from .ports import INLET, Port
from .traces import Floats

if TYPE_CHECKING:
    from .ledger import Ledger

_ROUNDING = 1e-9


Volumes = dict[str, float]
Piles = dict[int, list[Amounts]]
"""What has come to each bus in a bin, one entry for each that brought it [kg]."""
Came = dict[str, Amounts]
Concentrations = dict[str, float]
"""By load [g/m3]."""


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
        Where users let out again what they drink, and which group of users they are.
    """

    bus: int
    inlets: list[tuple[int, str, Came]]
    drinks: list[tuple[int | None, int]]


@dataclass
class Watch:
    """A stream that is looked at every so many hours, see `Quality.watch`; ``count`` is that of the next look."""

    stream: str
    every_h: float
    look: Callable[[float, Concentrations], None]
    count: int = 1


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
    prompt : sequence of Port
        Ports whose rates are noted at each settlement, those that carry loads among them.
    bin_h : float
        Length of a bin [h]; bins begin at its multiples, so that none lies across midnight if it divides a day.

    Raises
    ------
    ParkError
        If loads reach a component that does not say what becomes of them.
    FlowLoopError
        If water flows in a loop without a component that delays it.
    """

    def __init__(
        self,
        components: Mapping[str, Component],
        bus_of: Mapping[Port, Place],
        ledger: Ledger,
        prompt: Sequence[Port],
        bin_h: float,
    ):
        self.passers = {name: c for name, c in components.items() if isinstance(c, Passer)}
        loaded = {port: place for port, place in bus_of.items() if CARRIERS[port.carrier].loaded}
        self.ports = [p for p in ledger.utility_ports if p in loaded]
        self._check(self.ports)
        self.number = {place: k for k, place in enumerate(dict.fromkeys(loaded.values()))}
        self.users = lay_out(ledger, loaded, self.number)
        self._lay_out_order(loaded)
        self.begins: list[float] = []
        self.flows = Flows(ledger, prompt, self.ports, self.users, bin_h=bin_h, turning=self._turning())
        self.lags: list[Lag] = []
        self.waits = False
        self.carried_h: float | None = None
        self.watches: list[Watch] = []
        self.left: dict[int, Amounts] = {}
        self.pools: dict[int, Amounts] = {}
        self.used: Amounts = list(NOTHING)
        sources = [f"sources@{place}" for _, place in self.users.sources]
        self.streams = [f"{p.component.name}.{p.name}" for p in self.ports] + sources
        self.place = {stream: k for k, stream in enumerate(self.streams)}
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

    def _lay_out_order(self, loaded: Mapping[Port, Place]) -> None:
        """Sort buses and components as water flows; a component that delays stands at both ends."""
        before: dict[Place | str, set[Place | str]] = {place: set() for place in self.number}
        for name in self.passers:
            before[name] = set()
        stages = {name: Stage(passer, [], [], {}, {}) for name, passer in self.passers.items()}
        mixes = {place: Mix(k, [], self.users.drinks.get(k, [])) for place, k in self.number.items()}
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

    def defer(self, outer: Sequence[Port], n_totals: int) -> list[Lag]:
        """Carry loads many bins at once, if what follows them stands among the outer ports of deferred buses.

        Returns
        -------
        list of Lag
            Parts of rates that are known later then.
        """
        late = [
            (passer, getattr(passer, name), most) for passer in self.passers.values() for name, most in passer.lags().items()
        ]
        self.waits = all(port in outer for _, port, _ in late)
        if self.waits:
            self.lags = [Lag(passer, port, n_totals + list(outer).index(port), most) for passer, port, most in late]
        return self.lags

    def watch(self, stream: str, every_h: float, look: Callable[[float, Concentrations], None]) -> None:
        """Have a stream looked at every so many hours.

        Parameters
        ----------
        stream : str
            As ``component.port``.
        every_h : float
            Between looks [h].
        look : callable
            Takes the hour [h] and what the stream carried in the last bin that was over then [g/m3]; not called if it did not
            flow. It may be called later than that hour, and logs as of it.
        """
        self.watches.append(Watch(stream, every_h, look))

    def _look(self, until_h: float) -> None:
        """Look at streams that are watched, up to an hour but not at it."""
        for watch in self.watches:
            while (hour := watch.count * watch.every_h) < until_h - _ROUNDING:
                watch.count += 1
                found = self._sample(watch.stream, hour)
                if found is not None:
                    self.carried_h = hour
                    watch.look(hour, found)
        self.carried_h = None

    def note(self, now_h: float, rates: list[float]) -> None:
        """Take the flows that hold from now on [h], those of the noted ports given."""
        self.flows.note(now_h, rates)

    def catch_up(self, until_h: float, last: bool = False) -> None:
        """Carry the loads of bins that are over.

        Parameters
        ----------
        until_h : float
            Hours since the horizon started; flows are what was noted until then [h].
        last : bool
            Whether the run is over.
        """
        for one in self.flows.fold(until_h, last):
            self._look(one.end_h)
            self.carried_h = one.end_h
            self._carry(*one)
            for lag in self.lags:
                lag.turn(one.end_h)
            self.carried_h = None
        if last:
            self._look(until_h)

    def _carry(self, hours: float, until_h: float, moved: list[float], found: list[list[float]]) -> None:
        """Carry what a bin's water brought from its sources to its sinks."""
        self.moved, self.found = moved, found
        if (day := int((until_h - hours / 2) // 24)) != self.day:
            self._close_day(day)
        rows: list[Sequence[float]] = [NOTHING] * len(self.streams)
        piles: Piles = defaultdict(list)
        for bus, amounts in self.left.items():
            piles[bus].append(amounts)
        self.left.clear()
        self._let_in(piles, rows)
        for passer, ports, outlets, volumes, _ in self.delaying:
            for name, k in ports:
                volumes[name] = moved[k]
            sent = passer.give(hours, volumes)
            for name, bus, k in outlets:
                if moved[k] > 0:
                    rows[k] = amounts = sent[name]
                    piles[bus].append(amounts)
        for node in self.order:
            if node.__class__ is Mix:
                if node.bus in piles:
                    pile = piles[node.bus]
                    self._share(node, pile[0] if len(pile) == 1 else list(map(sum, zip(*pile, strict=True))), rows)
                continue
            passer, ports, outlets, volumes, came = node  # type: ignore[misc]
            for name, k in ports:
                volumes[name] = moved[k]
            sent = passer.take(hours, volumes, came)
            came.clear()
            for name, bus, k in outlets:
                amounts = sent[name]
                if moved[k] > 0 or any(amounts):
                    rows[k] = amounts
                    piles[bus].append(amounts)
        for passer, _, _, volumes, came in self.delaying:
            passer.take(hours, volumes, came)
            came.clear()
        self.rows.append(rows)
        self.latest = rows, moved

    def _close_day(self, day: int) -> None:
        """Sum up what passed on a day that is over, and go to another."""
        shape = len(self.streams), len(LOADS)
        nothing = np.zeros(shape)
        numbers = chain.from_iterable(chain.from_iterable(self.rows))
        self.by_day.append(np.fromiter(numbers, np.float64).reshape(-1, *shape).sum(axis=0))
        self.by_day += [nothing] * (day - self.day - 1)
        self.midnights += [Stock(self._held(), self._booked())] * (day - self.day)
        self.rows, self.day = [], day

    def _let_in(self, piles: Piles, rows: list[Sequence[float]]) -> None:
        """Let users' water in with its own loads, and with what reclaimed water has brought them."""
        for n, (bus, _) in enumerate(self.users.sources, start=len(self.ports)):
            *brought, volume = self.found[n - len(self.ports)]
            rows[n] = brought
            if volume > 0:
                piles[bus].append(brought)
                if bus in self.pools:
                    piles[bus].append(self.pools.pop(bus))

    def _share(self, mix: Mix, amounts: Amounts, rows: list[Sequence[float]]) -> None:
        """Mix what is on a bus and hand it out by flow."""
        moved, found = self.moved, self.found
        bus, inlets, drinks = mix
        flowing = [inlet for inlet in inlets if moved[inlet[0]] > 0]
        if len(flowing) == 1 and not drinks:
            k, name, came = flowing[0]
            rows[k] = came[name] = amounts
            return
        total = sum([moved[k] for k, _, _ in flowing]) + sum([found[group][-1] for _, group in drinks])
        if total <= 0:
            self.left[bus] = amounts
            return
        for k, name, came in flowing:
            share = moved[k] / total
            rows[k] = came[name] = [a * share for a in amounts] if share < 1 else amounts
        for target, group in drinks:
            share = found[group][-1] / total
            if share:
                mine = [a * share for a in amounts]
                if target is None:
                    self.used = list(map(add, self.used, mine))
                else:
                    self.pools[target] = list(map(add, self.pools.get(target, NOTHING), mine))

    def concentration(self, stream: str, now_h: float) -> Concentrations | None:
        """Return what a stream carried in the last bin that is over, by load [g/m3]; None if it did not flow.

        Parameters
        ----------
        stream : str
            As ``component.port``; what is returned is kept for `Book.samples`.
        now_h : float
            Hours since the horizon started; flows are what they were until now [h].
        """
        self.catch_up(now_h)
        return self._sample(stream, now_h)

    def _sample(self, stream: str, now_h: float) -> Concentrations | None:
        if not self.latest:
            return None
        rows, volumes = self.latest
        k = self.place[stream]
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
        self.catch_up(until_h, last=True)
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
