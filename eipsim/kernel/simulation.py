"""One replication: SimPy moves the clock, the park settles once an instant, traces are integrated at the end."""

from __future__ import annotations

import copy
import math
from collections.abc import Generator, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

import numpy as np

from ..errors import ChatterError
from ..timebase import AccountGrid
from . import books
from .bus import Bus
from .clearing import Clearing
from .clock import CHANGE, Clock
from .collector import collector_at_rest
from .component import Component, Storage
from .deferred import Deferred
from .foresight import Agenda, foreseen
from .ledger import Ledger
from .levels import Levels
from .load_book import Book
from .losses import Losses
from .network import check_ports, clearing_order, places_of
from .outlook import Outlook
from .passer import Passer, Source
from .ports import Port
from .quality import Quality
from .rate_log import RateLog
from .run import Event, Run
from .shortage import Shortage
from .streams import Stream
from .timetable import Timetable
from .traces import Floats

MOST_SETTLEMENTS = 50
"""Settlements of one instant beyond which components count as chattering."""


class Simulation(Clock):
    """A park in motion.

    Parameters
    ----------
    components : mapping of str to Component
        The park; it is copied, sorted by name, and left as it is.
    hours : float
        Length of the horizon [h].
    accounts : AccountGrid
        What amounts are summed into.
    profiles : mapping of str to ndarray of shape (steps,)
        Factors that ports follow [1].
    step_h : float
        Width of a profile's step [h].
    parents : mapping
        From (carrier, place) to the place one level up, for places without a bus of that carrier.
    seed, replication : int
        Of the random streams.
    resolution_h : float
        Calendar on which stochastic durations end [h]; 0 for exact times.
    load_bin_h : float
        Bin in which loads are carried [h], if any wastewater has some.
    record : sequence of str
        Patterns ``component.port`` of which series are kept.
    counted_from_h : float
        Hour from which on losses and shortfalls are counted [h].

    Raises
    ------
    ParkError, FlowLoopError
        If the park can't be assembled.
    """

    def __init__(
        self,
        components: Mapping[str, Component],
        *,
        hours: float,
        accounts: AccountGrid,
        profiles: Mapping[str, Floats] | None = None,
        step_h: float = 0.5,
        parents: Mapping[tuple[str, str], str] | None = None,
        seed: int = 0,
        replication: int = 0,
        resolution_h: float = 0.25,
        load_bin_h: float = 1.0,
        record: Sequence[str] = (),
        counted_from_h: float = 0.0,
    ):
        super().__init__()
        self.hours, self.accounts, self.step_h = hours, accounts, step_h
        self.seed, self.replication, self.resolution_h, self.record = seed, replication, resolution_h, record
        self.counted_from_h, self.load_bin_h = counted_from_h, load_bin_h
        self.profiles = dict(profiles or {})
        self.components = {name: copy.copy(component) for name, component in sorted(components.items())}
        for name, component in self.components.items():
            component.bind(name, self)
        disturbed = {name for component in self.components.values() for name in component.disturbs()}
        for name in foreseen(self.components):
            self.components[name].foreseen, self.components[name].takes_orders = True, name in disturbed
        check_ports(self.components.values(), self.profiles)
        self.loaded = any(isinstance(c, Source) and c.concentrations() for c in self.components.values())
        self._assemble(dict(parents or {}))
        self.recorded = books.picked(self.ledger, record)
        steps = self._steps() if self.recorded else None
        self.rates = RateLog(self.ledger.utility_ports, self.deferred, accounts.edges_h, steps)
        self.quality = (
            Quality(
                self.components, self.bus_of, self.ledger, self.rates.prompt, bin_h=load_bin_h, counted_from_h=counted_from_h
            )
            if self.loaded
            else None
        )
        self.events: list[Event] = []
        self.settlements, self.last, self.same_instant = 0, 0.0, 0
        self.dirty: dict[str, Component] = {}
        self.waits, self.responded = False, True
        self.alarm, self.set_for, self.next_hour, self.over_h = math.inf, math.inf, 0.0, 0.0

    def _steps(self) -> Floats:
        return np.append(np.arange(0.0, self.hours, self.step_h), self.hours)

    def _assemble(self, parents: dict[tuple[str, str], str]) -> None:
        components = list(self.components.values())
        ports = [port for component in components for port in component.ports]
        self.bus_of = places_of(ports, parents)
        self.order = clearing_order(self.bus_of)
        self.ledger = Ledger(components, self.bus_of, self.order, self.profiles, self.step_h)
        standing: dict[tuple[str, str], list[Port]] = {place: [] for place in self.order}
        for port, place in self.bus_of.items():
            if port.component.is_utility:
                standing[place].append(port)
        self.buses = [Bus(place, standing[place], self.ledger.total_of(place)) for place in self.order]
        self.by_place = {bus.place: bus for bus in self.buses}
        bus_of = {port: self.by_place[place] for port, place in self.bus_of.items()}
        self.losses = Losses(self.ledger, self.buses, bus_of, self.counted_from_h)
        self.bus_at = bus_of
        for bus in self.buses:
            heard = {p.component.name for p in bus.flexible if p.name not in p.component.deaf_to}
            acting = [c for c in bus.followers if c.acts and c.name in heard]
            bus.told = [(c, [(p, bus_of[p]) for p in c.ports if p.firm and p in bus_of]) for c in acting]
            bus.posts = any(c.name in self.ledger.first_cell for c in acting)
        for component in components:
            for name, (source, gain, rest) in component.follows().items():
                port, origin = getattr(component, name), getattr(component, source)
                bus_of[origin].follows.append((origin, gain, rest, port, bus_of[port]))
        self.deferred = Deferred(self.buses, bus_of, self.ledger.n_totals)
        self.shortage = Shortage(self.ledger, self.buses, self.losses, self.log)
        passers = [c.name for c in components if self.loaded and isinstance(c, Passer)]
        self.clearing = Clearing(self.ledger, self.buses, self.deferred, self.shortage, whole=passers, hurry=self._hurry)
        self.posting = set(self.ledger.first_cell)
        self.heeded = {
            c.name: (
                c.acts and (c.name in self.posting or not c.is_utility),
                [p for p in c.ports if not p.firm],
                list({bus_of[p]: None for p in c.ports if p in bus_of}) if c.is_utility else [],
            )
            for c in components
            if c.responds or c.is_utility or c.name in self.ledger.free_ports
        }
        self.storages = [c for c in components if isinstance(c, Storage)]
        self.resting = [c for c in self.storages if c.rests and c.name in self.deferred.components]

    @collector_at_rest()
    def run(self) -> Run:
        """Simulate the horizon once and return what is left behind.

        Raises
        ------
        ParkError, ShortageError, ChatterError
            If the park can't close its balances.
        """
        components = list(self.components.values())
        for component in components:
            component.start()
            component.changed()
        if self.quality is not None:
            self.quality.start()
            self.rates.lags = self.quality.defer(self.deferred.outer, self.deferred.n_totals)
            for lag in self.rates.lags:
                self.deferred.lacking[lag.column] = lag.most
        self.levels = Levels(self.storages, self.resting)
        agenda = self._foresee([component for component in components if component.foreseen])
        timetable = Timetable(agenda, self.ledger, self.step_h, self._bins_h(), self.hours)
        self.kept = frozenset(timetable.hours.tolist())
        for component in components:
            for life in () if component.foreseen else component.operate():
                self.live(life)
        self.keep(self._act_out(agenda, timetable))
        self.env.run(until=self.hours)
        self._book()
        loads = None if self.quality is None else self.quality.close(self.hours)
        self.rates.close(self.hours)
        return self._close(loads)

    def _foresee(self, components: Sequence[Component]) -> Agenda:
        """Let foreseen lives go on to the end, on a clock of their own; return what is to be acted out."""
        with self.clock_ahead():
            for component in components:
                for life in component.operate():
                    self.live(life)
            self.env.run(until=self.hours)
        return self.ledger.foretell(components)

    def _bins_h(self) -> Floats:
        """Return when bins end whose loads something follows: it changes there, though it is worked out later."""
        return np.arange(1.0, self.hours // self.load_bin_h + 1.0) * self.load_bin_h if self.rates.lags else np.zeros(0)

    def _close(self, loads: Book | None) -> Run:
        amounts, variable = books.amounts(self.ledger, self.rates, self.accounts)
        return Run(
            columns=self.ledger.columns,
            accounts=self.accounts.accounts,
            amounts=amounts,
            variable=variable,
            series=books.recorded(self.ledger, self.rates, self.recorded, self._steps()),
            series_step_h=self.step_h,
            levels=books.levels(self.levels.close(self.hours)),
            unserved=books.levels(self.shortage.unserved_traces),
            events=tuple(sorted(self.events, key=attrgetter("hour"))),
            residuals=books.residuals(self.ledger.columns, self.order, amounts),
            settlements=self.settlements,
            hours=self.hours,
            loads=loads,
            lost=self.losses.close(self.hours, list(self.components.values())),
        )

    def _act_out(self, agenda: Agenda, timetable: Timetable) -> Generator[float, None, None]:
        """Act out what was foreseen, let profiles change and bins end, and settle."""
        ledger, activities = self.ledger, self.ledger.activities
        outlook = ledger.outlook = Outlook(ledger, agenda, timetable)
        for (hour, next_hour, begin, end, step, over_h), sight in zip(timetable, outlook, strict=True):
            if hour:
                yield hour
            self.next_hour, self.over_h, ledger.ahead = next_hour, over_h, sight
            if begin < end:
                cells, values = agenda.cells[begin:end], agenda.values[begin:end]
                activities[cells] = values
                ledger.stale = True
                for component in ledger.hidden.values():
                    first = ledger.first_cell[component.name]
                    own = (cells >= first) & (cells < first + len(component.activity))
                    component.act_out(cells[own] - first, values[own])
                    agenda.shown[begin:end][own] = False
                    self.responded = True
            if step >= 0:
                for port in ledger.modulate(step):
                    self.bus_at[port].stale = self.rates.most_moved = True
            self.pending = True

    def hide(self, component: Component) -> None:
        """Let orders hide what was foreseen of a component, until `show`."""
        self.ledger.look_at(component)

    def show(self, component: Component) -> None:
        """Let a component be seen again as it was foreseen."""
        del self.ledger.hidden[component.name]

    def touch(self, component: Component | None = None) -> None:
        """Settle at the end of this instant; let the component respond then."""
        if component is not None:
            self.dirty[component.name] = component
        self.settle_soon()

    def redraw(self, port: Port) -> None:
        """Settle at the end of this instant if a firm port has a new rate; its component need not respond.

        Loads of bins that are long over ask for none: the timetable has seen to it.
        """
        if port.rate != port.seen:
            port.seen = port.rate
            self.bus_at[port].stale = True
            quality = self.quality
            if quality is None or not quality.waits or not quality.carrying:
                self.settle_soon()

    def relimit(self, port: Port) -> None:
        """Settle at the end of this instant with the present limit of a flexible port; its component responds when told."""
        port.take_limit()
        self.bus_at[port].stale = True
        if port.component.name in self.deferred.components:
            self.deferred.moved = self.rates.most_moved = True
        self.settle_soon()

    def catch_up(self) -> None:
        """Carry loads of bins that are over, before something changes that they depend on."""
        if self.quality is not None:
            self.quality.catch_up(self.over_h)
            self.rates.lags_turned = True

    def stream(self, *names: str) -> Stream:
        """Return the random numbers keyed by these names."""
        return Stream(self.seed, self.replication, *names, resolution_h=self.resolution_h)

    def log(self, component: str, what: str, value: float, hour: float | None = None) -> None:
        """Note an event of this instant, or of an hour that is over [h]."""
        self.events.append(Event(self.now if hour is None else hour, component, what, value))

    def _settle(self, _: Any = None) -> None:
        """Book the interval that ends now, then find the rates of the next one."""
        self.settlements += 1
        now = self.env.now
        self._book()
        self._guard_against_chatter()
        self.pending = False
        if self.shortage.active:
            self.shortage.restore()
        if self.dirty or self.responded:
            self._respond()
        self.waits = self.clearing.balance()
        if self.clearing.posts:
            self.clearing.posts = False
            self.ledger.note(now)
        if self.shortage.active or self.shortage.shown:
            self.shortage.note(now)
        self._note(now)
        self._set_alarm(now)

    def _note(self, now: float) -> None:
        """Note the rates that hold from now on [h]."""
        rates, quality = self.rates, self.quality
        if rates.is_full:
            if quality is not None:
                quality.catch_up(now)
            rates.close(now)
        totals, _, brought = self.ledger.sight
        prompt = rates.note(now, self.waits, totals)
        if quality is not None:
            quality.flows.note(now, prompt, brought)

    def _book(self) -> None:
        now = self.env.now
        hours = now - self.last
        if hours > 0:
            quality = self.quality
            if quality is not None and not (quality.waits and self.waits and not quality.flows.is_full(now)):
                quality.catch_up(now)
            self.levels.find(now)
            self.last, self.same_instant = now, 0

    def _hurry(self) -> None:
        """Carry loads up to now, before buses are cleared that follow them."""
        if self.quality is not None:
            self.quality.catch_up(self.env.now)

    def _guard_against_chatter(self) -> None:
        self.same_instant += 1
        if self.same_instant > MOST_SETTLEMENTS:
            names = ", ".join(sorted(self.dirty)[:6]) or "no component"
            raise ChatterError(
                f"at hour {self.now:g} the park settled {MOST_SETTLEMENTS} times without end; {names} keep changing: "
                "give their set points a dead band"
            )

    def _respond(self) -> None:
        ledger, deferred = self.ledger, self.deferred
        for name in sorted(self.dirty):
            component = self.dirty[name]
            component.heeds = True
            if name in self.posting:
                self.responded = True
                ledger.doubt()
            if name not in self.heeded:
                continue
            acts, flexible, buses = self.heeded[name]
            if acts:
                component.respond()
            ledger.post(component)
            for port in flexible:
                port.take_limit()
            for bus in buses:
                bus.stale = True
            if name in deferred.components:
                deferred.moved = self.rates.most_moved = True
        self.dirty.clear()
        if self.responded:
            self.responded = False
            ledger.note(self.env.now)

    def _set_alarm(self, now: float) -> None:
        """Wake when the first storage meets a mark, if that is after now [h] and before the timetable's next hour."""
        alarm = self.alarm = self.levels.turn(now, self.waits, self.next_hour)
        if alarm < self.next_hour and alarm < self.hours and alarm != self.set_for:
            self.set_for = alarm
            self._call(partial(self._ring, alarm), CHANGE, alarm - now)

    def _ring(self, alarm: float, _: Any = None) -> None:
        if alarm == self.alarm:
            self.set_for = math.inf
            if not self.pending:
                self.pending = True
                self._settle_now()
