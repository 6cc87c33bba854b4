"""Rates of all metered ports while the clock runs, and their traces for the integrals."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from operator import ne

import numpy as np
from numpy.typing import NDArray

from .component import Component
from .network import Place
from .ports import GAUGE, INLET, OUTLET, Port
from .run import Column
from .traces import Floats, Profile, Trace


class Ledger:
    """The columns of a run.

    Posted columns (all of users, and the driven gauges of utilities) stand first, grouped by bus and direction, so that
    a few array operations find every rate and every sum at once:

        rate = (rest + run × activity × its profile) × the port's profiles × share

    with share below 1 only in a shortage. Columns that buses dispatch follow. What changes is noted as a trace
    and integrated when the run is over, so that a settlement never touches an amount.

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
        self._group_lines()
        n = self.n_users
        self.share, self.shown_share = np.ones(n), np.ones(n)
        self.share_traces: dict[int, Trace] = {}

    def _lay_out_posted(self, components: Sequence[Component], bus_of: Mapping[Port, Place], order: Sequence[Place]) -> None:
        groups: dict[tuple[Place, int], list[Port]] = {(place, d): [] for place in order for d in (OUTLET, INLET)}
        gauges, cell_of = list[Port](), dict[Port, int]()
        self.first_cell: dict[str, int] = {}
        self.last_activity: dict[str, list[float]] = {}
        self.free_ports: dict[str, list[tuple[int, Port]]] = {}
        n = 0
        factor_of_cell = list[str]()
        for component in components:
            ports = [p for p in component.ports if posted(p)]
            if not ports:
                continue
            self.first_cell[component.name], n = n, n + len(component.activity)
            self.last_activity[component.name] = [0.0] * len(component.activity)
            factor_of_cell += [*component.activity_factors] or [""] * len(component.activity)
            free = self.free_ports[component.name] = []
            for port in ports:
                if port.activity is None:
                    cell_of[port], n = n, n + 1
                    free.append((cell_of[port], port))
                    factor_of_cell.append("")
                    port.rest, port.run = 0.0, 1.0
                else:
                    cell_of[port] = self.first_cell[component.name] + port.activity
                (gauges if port.direction == GAUGE else groups[bus_of[port], port.direction]).append(port)
        groups = {key: ports for key, ports in groups.items() if ports}
        self.user_ports = [p for ports in groups.values() for p in ports] + gauges
        self.n_users = len(self.user_ports)
        self.place_of_total = {key: k for k, key in enumerate(groups)}
        self.n_flows = self.n_users - len(gauges)
        self.starts = np.cumsum([0, *(len(ports) for ports in groups.values())])[:-1] if groups else np.zeros(0, np.int64)
        self.cell = np.array([cell_of[p] for p in self.user_ports], np.int64)
        self.run_factors = [
            (*p.factors, factor_of_cell[cell_of[p]]) if factor_of_cell[cell_of[p]] else p.factors for p in self.user_ports
        ]
        self.rest = np.array([p.rest for p in self.user_ports])
        self.run = np.array([p.run for p in self.user_ports])
        self.priority = np.array([p.priority for p in self.user_ports], np.int64)
        self.cells = array("d", bytes(8 * max(n, 1)))
        self.activities = np.frombuffer(self.cells)
        self.activity_traces = [Trace() for _ in range(n)]

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
        self.table = table
        self.which_rest = np.array([combined[p.factors] for p in self.user_ports], np.int64)
        self.which_run = np.array([combined[factors] for factors in self.run_factors], np.int64)
        self.modulated = [(p, combined[p.factors]) for p in self.utility_ports if p.factors]
        self.profiles = [None, *(Profile(table[:, k], step_h) for k in range(1, len(combined)))]
        n = self.n_flows
        self.flow_cell, self.flow_rest, self.flow_run = self.cell[:n], self.rest[:n], self.run[:n]
        self.flow_which_rest, self.flow_which_run = self.which_rest[:n], self.which_run[:n]
        self.base, self.gain, self.flow_rates = self.flow_rest.copy(), self.flow_run.copy(), np.zeros(n)

    def _group_lines(self) -> None:
        """Give each production line a number: all columns of one line are cut alike."""
        numbers: dict[tuple[str, int], int] = {}
        self.line_group = np.array(
            [
                numbers.setdefault((p.component.name, p.line), len(numbers)) if p.line is not None and p.line >= 0 else -1
                for p in self.user_ports
            ],
            np.int64,
        )
        self.n_lines = len(numbers)

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

    def moves(self) -> Iterator[tuple[int, list[Place]]]:
        """Return each step at which a profile changes, and the buses where that is felt."""
        felt: dict[int, dict[Place, None]] = {}
        followed = (
            *zip(self.user_ports, self.which_rest.tolist(), strict=True),
            *zip(self.user_ports, self.which_run.tolist(), strict=True),
            *self.modulated,
        )
        for port, k in followed:
            if port in self.bus_of:
                felt.setdefault(k, {})[self.bus_of[port]] = None
        moved = self.table[1:] != self.table[:-1]
        patterns, which = np.unique(moved, axis=0, return_inverse=True)
        places = [list(dict.fromkeys(p for k in np.flatnonzero(row) for p in felt.get(int(k), ()))) for row in patterns]
        yield 0, list(dict.fromkeys(place for found in felt.values() for place in found))
        for step, k in enumerate(which.ravel().tolist(), start=1):
            if places[k]:
                yield step, places[k]

    def modulate(self, step: int) -> None:
        """Let all columns follow their profiles into a step that begins."""
        row = self.table[step]
        row.take(self.flow_which_rest, out=self.base, mode="clip")
        self.base *= self.flow_rest
        row.take(self.flow_which_run, out=self.gain, mode="clip")
        self.gain *= self.flow_run
        for port, k in self.modulated:
            port.factor = float(row[k])
            port.most = port.limit * port.factor

    def post(self, component: Component, hour: float) -> bool:
        """Enter a component's activities and free rates; say whether any has changed."""
        cells, traces, changed = self.cells, self.activity_traces, False
        activity, last = component.activity, self.last_activity[component.name]
        if last != activity:
            changed, first = True, self.first_cell[component.name]
            for k in compress(range(len(last)), map(ne, activity, last)):
                last[k] = value = activity[k]
                cells[first + k] = value
                trace = traces[first + k]
                trace.hours.append(hour)
                trace.values.append(value)
        for k, port in self.free_ports[component.name]:
            if cells[k] != port.rate:
                cells[k] = port.rate
                traces[k].set(hour, port.rate)
                changed = True
        return changed

    def totals(self, cut: bool) -> list[float]:
        """Find the rates of all posted flows; return their sum per bus and direction, and a last 0."""
        rates = self.flow_rates
        self.activities.take(self.flow_cell, out=rates, mode="clip")
        rates *= self.gain
        rates += self.base
        if cut:
            rates *= self.share[: self.n_flows]
        totals: list[float] = np.add.reduceat(rates, self.starts).tolist() if len(self.starts) else []
        totals.append(0.0)
        return totals

    def note_shares(self, hour: float) -> None:
        """Trace what a shortage has cut or given back since the last settlement."""
        for j in np.flatnonzero(self.share != self.shown_share).tolist():
            trace = self.share_traces.get(j)
            if trace is None:
                trace = self.share_traces[j] = Trace(1.0)
            trace.set(hour, float(self.share[j]))
        self.shown_share[:] = self.share


def posted(port: Port) -> bool:
    """Whether a port's rate is posted as activities, and not entered after a dispatch."""
    return not port.component.is_utility or (port.direction == GAUGE and port.activity is not None)
