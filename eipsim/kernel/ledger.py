"""Rates of all metered ports while the clock runs, and their traces for the integrals."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, MutableSequence, Sequence
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from .activity_log import ActivityLog
from .component import Component
from .foresight import Agenda
from .lines import Lines
from .network import Place
from .outlook import Outlook, Sight, sight_of
from .ports import GAUGE, INLET, OUTLET, Port
from .rates import Rates
from .run import Column
from .sums import Members, Sums
from .traces import Floats, Profile


class Ledger:
    """The columns of a run.

    Posted columns (all of users, and the driven gauges of utilities) stand first, grouped by bus and direction:

        rate = (rest + run × activity × its profile) × the port's profiles × share

    with share below 1 only in a shortage. Their sums are known ahead where lines were foreseen (`Outlook`), and found at once
    elsewhere. Columns that buses dispatch follow. What changes is noted as a trace and integrated when the run is over, so
    that a settlement never touches an amount.

    Parameters
    ----------
    components : sequence of Component
        Sorted by name.
    bus_of : mapping
        The bus of each port that has one.
    order : sequence of tuple
        Buses in clearing order.
    profiles : mapping of str to ndarray of shape (steps,)
        Factors by name [1].
    step_h : float
        Width of a profile's step [h].
    """

    def __init__(
        self,
        components: Sequence[Component],
        bus_of: Mapping[Port, Place],
        order: Sequence[Place],
        profiles: Mapping[str, Floats],
        step_h: float,
    ):
        self.bus_of = bus_of
        utilities = [c for c in components if c.is_utility]
        self.utility_ports = [p for c in utilities for p in c.ports if not posted(p)]
        self._lay_out_posted(components, bus_of, order)
        self._lay_out_profiles(profiles, step_h)
        self.columns = tuple(
            Column(p.component.name, p.name, p.carrier, bus_of[p][1] if p in bus_of else p.component.place, p.direction, p.line)
            for p in (*self.user_ports, *self.utility_ports)
        )
        self._lay_out_shares()

    def _lay_out_posted(self, components: Sequence[Component], bus_of: Mapping[Port, Place], order: Sequence[Place]) -> None:
        groups: dict[tuple[Place, int], list[Port]] = {(place, d): [] for place in order for d in (OUTLET, INLET)}
        gauges, cell_of = list[Port](), dict[Port, int]()
        self.free_ports: dict[str, list[tuple[int, Port]]] = {}
        first_cell = self.first_cell = dict[str, int]()
        n = 0
        factor_of_cell = list[str]()
        for component in components:
            ports = [p for p in component.ports if posted(p)]
            if not ports:
                continue
            first_cell[component.name], n = n, n + len(component.activity)
            factor_of_cell += [*component.activity_factors] or [""] * len(component.activity)
            for port in ports:
                if port.activity is None:
                    cell_of[port], n = n, n + 1
                    self.free_ports.setdefault(component.name, []).append((cell_of[port], port))
                    factor_of_cell.append("")
                    port.rest, port.run = 0.0, 1.0
                else:
                    cell_of[port] = first_cell[component.name] + port.activity
                (gauges if port.direction == GAUGE else groups[bus_of[port], port.direction]).append(port)
        groups = {key: ports for key, ports in groups.items() if ports}
        self.user_ports = [p for ports in groups.values() for p in ports] + gauges
        self.n_users = len(self.user_ports)
        self.place_of_total = {key: k for k, key in enumerate(groups)}
        self.n_flows = self.n_users - len(gauges)
        self.starts = np.cumsum([0, *(len(ports) for ports in groups.values())])[:-1] if groups else np.zeros(0, np.int64)
        self.ahead: Sight | None = None
        self.outlook: Outlook | None = None
        self.hidden: dict[str, Component] = {}
        self.stale, self.is_cut = True, False
        self.cell = np.array([cell_of[p] for p in self.user_ports], np.int64)
        self.run_factors = [
            (*p.factors, factor_of_cell[cell_of[p]]) if factor_of_cell[cell_of[p]] else p.factors for p in self.user_ports
        ]
        self.rest = np.array([p.rest for p in self.user_ports])
        self.run = np.array([p.run for p in self.user_ports])
        cells = array("d", bytes(8 * max(n, 1)))
        self.cells, self.activities = cells, np.frombuffer(cells)
        self.posted = np.zeros_like(self.activities)
        self.live = np.arange(n)
        self.log = ActivityLog(n)
        for component in components:
            if component.name in first_cell:
                first = first_cell[component.name]
                shared = memoryview(cells)[first : first + len(component.activity)]
                component.activity = cast("MutableSequence[float]", shared)

    def _lay_out_profiles(self, profiles: Mapping[str, Floats], step_h: float) -> None:
        followed = {p.factors for p in (*self.user_ports, *self.utility_ports)} | set(self.run_factors)
        combined: dict[tuple[str, ...], int] = {(): 0}
        for factors in sorted(followed - {()}):
            combined[factors] = len(combined)
        steps = len(next(iter(profiles.values()))) if profiles else 1
        table = np.ones((steps, len(combined)))
        for factors, k in combined.items():
            for name in factors:
                table[:, k] *= profiles[name]
        self.table, self.combined = table, combined
        self.which_rest = np.array([combined[p.factors] for p in self.user_ports], np.int64)
        self.which_run = np.array([combined[factors] for factors in self.run_factors], np.int64)
        self.modulated: dict[int, list[Port]] = {}
        for port in self.utility_ports:
            if port.factors:
                self.modulated.setdefault(combined[port.factors], []).append(port)
        self.profiles = [None, *(Profile(table[:, k], step_h) for k in range(1, len(combined)))]
        self.step, self.flows, self.flow_rates = 0, Rates(self), np.zeros(self.n_flows)
        columns = [self.columns_of(place, direction) for place, direction in self.place_of_total]
        self.sums = self._sums_over([(own, np.ones(len(own))) for own in columns])
        self.weigh([])

    def _sums_over(self, members: Members) -> Sums:
        rates, profiles = (self.rest, self.run), (self.which_rest, self.which_run)
        return Sums(members, self.cell, rates, profiles, len(self.activities))

    def weigh(self, members: Members) -> None:
        """Let weighted sums of users' flows be found besides those of buses, before a run begins."""
        self.weighted = self._sums_over(members)
        self.sight = sight_of(*(sums.of_rates(np.zeros(self.n_flows)) for sums in (self.sums, self.weighted)))

    def _lay_out_shares(self) -> None:
        """See which columns are cut together."""
        self.lines = Lines(self.user_ports, self.n_flows, self.first_cell)
        self.share, self.shown_share = np.ones(self.n_users), np.ones(self.n_users)
        self.run_at = np.ones(self.lines.n)
        self.share_log = ActivityLog(self.n_users, at_first=1.0)
        column = {(p.component.name, p.name): j for j, p in enumerate(self.user_ports)}
        outlets = [(j, p) for j, p in enumerate(self.user_ports) if p.like]
        self.alike = np.array([j for j, _ in outlets], np.int64)
        self.like = np.array([column[p.component.name, name] for _, p in outlets for name, _ in p.like], np.int64)
        self.like_weight = np.array([weight for _, p in outlets for _, weight in p.like])
        self.like_starts = np.cumsum([0, *(len(p.like) for _, p in outlets)])[:-1]

    def cut(self, own: Floats) -> None:
        """Cut all columns, if each gets a share of its need from its bus."""
        self.run_at = self.lines.run_at(own)
        self.share[:] = self.lines.cut(own, self.run_at)
        self._cut_alike()

    def _cut_alike(self) -> None:
        """Cut outlets as the inlets that they come from, unless their line is cut deeper."""
        if len(self.alike):
            inlets = np.add.reduceat(self.share[self.like] * self.like_weight, self.like_starts)
            self.share[self.alike] = np.minimum(self.share[self.alike], inlets)

    def total_of(self, place: Place) -> tuple[int, int]:
        """Return where a bus's user supply and user demand stand among the totals; the last total is 0."""
        none = len(self.starts)
        return self.place_of_total.get((place, OUTLET), none), self.place_of_total.get((place, INLET), none)

    def columns_of(self, place: Place, direction: int) -> NDArray[np.int64]:
        """Return the users' columns on a bus in one direction."""
        k = self.place_of_total.get((place, direction))
        if k is None:
            return np.zeros(0, np.int64)
        end = self.starts[k + 1] if k + 1 < len(self.starts) else self.n_flows
        return np.arange(self.starts[k], end)

    def moves(self) -> list[int]:
        """Return the steps at which a profile changes that is felt on a bus; the first is 0."""
        felt = np.zeros(self.table.shape[1], bool)
        felt[self.flows.which] = True
        felt[list(self.modulated)] = True
        table = self.table[:, felt]
        moved: list[int] = np.flatnonzero((table[1:] != table[:-1]).any(axis=1)).tolist()
        return [0, *(step + 1 for step in moved)]

    def modulate(self, step: int) -> list[Port]:
        """Let all columns follow their profiles into a step that begins; return the flexible ports that feel it."""
        self.step, self.stale = step, True
        moved: list[Port] = []
        for k, ports in self.modulated.items():
            factor = float(self.table[step, k])
            if factor != ports[0].factor:
                for port in ports:
                    port.factor = factor
                    port.most = port.limit * factor
                moved += ports
        return moved

    def post(self, component: Component) -> None:
        """Enter the free rates of a component that has just responded."""
        for k, port in self.free_ports.get(component.name, ()):
            self.cells[k] = port.rate

    def note(self, hour: float) -> None:
        """Log all activities and free rates that differ from those of the last settlement."""
        now = self.activities.take(self.live, mode="clip")
        moved = (now != self.posted).nonzero()[0]
        if len(moved):
            values = now[moved]
            self.posted[moved] = values
            self.log.add(hour, self.live.take(moved, mode="clip"), values)

    def foretell(self, components: Sequence[Component]) -> Agenda:
        """Note what foreseen lives did to activities, which are not looked at any more unless orders hide them.

        Returns
        -------
        Agenda
            What all of them did, by the hour.
        """
        foretold, firsts = [c.foretold() for c in components], [self.first_cell[c.name] for c in components]
        self.note(0.0)
        agenda, free = Agenda(foretold, firsts), np.zeros(len(self.live), bool)
        for component, first in zip(components, firsts, strict=True):
            free[first : first + len(component.activity)] = not component.takes_orders
        self.log.foretell(agenda)
        self.live = np.flatnonzero(~free)
        self.posted = self.activities[self.live]
        return agenda

    def look_at(self, component: Component) -> None:
        """Note from now on how the activities of a foreseen component differ from what they are now."""
        self.hidden[component.name] = component
        first = self.first_cell[component.name]
        own = slice(*self.live.searchsorted((first, first + len(component.activity))))
        self.posted[own] = self.activities[self.live[own]]

    @property
    def n_totals(self) -> int:
        """Number of sums per bus and direction, and a last 0."""
        return len(self.starts) + 1

    def doubt(self) -> None:
        """Let sums be found anew, as somebody has posted what may not have been foreseen."""
        self.stale = True
        if self.outlook is not None:
            self.outlook.doubted = True

    def sum_up(self, cut: bool) -> list[float]:
        """Return the sums of all posted flows per bus and direction, and a last 0, (totals,).

        They are those of the last time if no activity or profile has changed since, so that the ledger is not ``stale``, and
        nothing is or was cut; and those that were worked out ahead, if all is as it was foreseen.
        """
        if not (self.stale or cut or self.is_cut):
            return self.sight[1]
        self.stale, self.is_cut = False, cut
        outlook = self.outlook
        if cut:
            self.sight = self._cut_sums()
        elif self.ahead is not None and outlook is not None and outlook.holds() and not self.hidden:
            self.sight = self.ahead
        else:
            activities, factors = self.activities, self.table[self.step]
            self.sight = sight_of(self.sums.now(activities, factors), self.weighted.now(activities, factors))
        return self.sight[1]

    def _cut_sums(self) -> Sight:
        """Find all rates that a shortage leaves; return their sums."""
        self.flows.find(self.flow_rates)
        return sight_of(self.sums.of_rates(self.flow_rates), self.weighted.of_rates(self.flow_rates))

    @cached_property
    def traces(self) -> list[tuple[Floats, Floats]]:
        """Hours and values of each activity, when the run is over."""
        return self.log.traces()

    @cached_property
    def shares(self) -> dict[int, tuple[Floats, Floats]]:
        """Hours and values of the share of each column that was ever cut, when the run is over."""
        if not self.share_log.hours:
            return {}
        return {j: trace for j, trace in enumerate(self.share_log.traces()) if len(trace[0]) > 1}

    def profile_of(self, factor: str) -> Profile | None:
        """Return a profile by name that an activity follows; None for none."""
        return self.profiles[self.combined[(factor,)]] if factor else None

    def note_shares(self, hour: float) -> None:
        """Trace what a shortage has cut or given back since the last settlement."""
        moved = np.flatnonzero(self.share != self.shown_share)
        if len(moved):
            self.share_log.add(hour, moved, self.share[moved])
            self.shown_share[:] = self.share


def posted(port: Port) -> bool:
    """Whether a port's rate is posted as activities, and not entered after a dispatch."""
    return not port.component.is_utility or (port.direction == GAUGE and port.activity is not None)
