"""Why production was lost: what a shortage cut, back to the component that caused it, and what components name themselves."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .bus import TOLERANCE, Bus
from .component import Component
from .ledger import Ledger
from .ports import GAUGE, INLET, Port
from .run import Cause, Loss
from .traces import Floats, Profile

SHORTAGE, AT_LIMIT, NO_SUPPLY = "shortage", "at its limit", "no supply"
"""What a cut is called, and why a root gives no more if it has no fault."""

CUT = 1e-12
"""Share beyond which a line counts as cut."""

OUTPUT = "output"
"""Carrier of the gauge whose hours a line loses."""

Granted = Callable[[str, Port], float]
"""The share of its need that a firm draw of a utility gets from a bus."""


class Root(NamedTuple):
    """A component that keeps a bus from having enough: on which carrier, its name, and what is the matter with it."""

    carrier: str
    component: str
    why: str


Binding = dict[str, tuple[NDArray[np.int64], tuple[Root, ...]]]
"""By bus that is short: the lines that get their least share there, and the roots of the shortage."""


class Snapshot(NamedTuple):
    """What is cut from an hour on.

    Parameters
    ----------
    hour : float
        From when on [h].
    share : ndarray of shape (lines,)
        What each line runs at, as a share of what it would.
    binding : dict
        See `Binding`.
    """

    hour: float
    share: Floats
    binding: Binding

    def is_like(self, share: Floats, binding: Binding) -> bool:
        """Whether nothing has changed since."""
        return (
            np.array_equal(self.share, share)
            and self.binding.keys() == binding.keys()
            and all(
                roots == binding[name][1] and np.array_equal(lines, binding[name][0])
                for name, (lines, roots) in self.binding.items()
            )
        )


class Losses:
    """Keeps while a shortage lasts what it cuts and why; costs nothing else.

    The binding cause of a line is the bus where it gets its least share. Its roots are found by walking up: suppliers of
    the bus with a `Component.fault`; else those that are themselves served less, by the buses that they draw from; else
    those at their limit. Suppliers that only supplement others are no roots beside others. Roots that are the same are
    named once, different ones share in equal parts.

    Parameters
    ----------
    ledger : Ledger
        Of the run.
    buses : sequence of Bus
        In clearing order.
    bus_at : mapping
        The bus of each port that has one.
    from_h : float
        Hour from which on losses count [h].
    """

    def __init__(self, ledger: Ledger, buses: Sequence[Bus], bus_at: Mapping[Port, Bus], from_h: float = 0.0):
        self.ledger, self.bus_at, self.from_h = ledger, bus_at, from_h
        self.by_name = {bus.name: bus for bus in buses}
        self.claims = {bus.name: ledger.lines.claims(ledger.columns_of(bus.place, INLET)) for bus in buses}
        self.lined = {name: (c.columns[c.lines >= 0], c.lines[c.lines >= 0]) for name, c in self.claims.items()}
        group = ledger.lines.group
        gauges = {
            int(group[j]): j
            for j, port in enumerate(ledger.user_ports)
            if port.direction == GAUGE and port.carrier == OUTPUT and group[j] >= 0
        }
        self.gauges = [gauges.get(line, -1) for line in range(ledger.lines.n)]
        self.snapshots: list[Snapshot] = []

    def note(self, hour: float, short: Sequence[str], tied: Sequence[str], own: Floats, *, granted: Granted) -> None:
        """Keep what is cut from an hour on.

        Parameters
        ----------
        hour : float
            Now [h].
        short : sequence of str
            Buses that cut anyone.
        tied : sequence of str
            Buses that would, had not others cut their users just as much.
        own : ndarray of shape (users,)
            Share that each user's column gets from its own bus.
        granted : callable
            What utilities get.
        """
        run_at = self.ledger.run_at.copy()
        binding: Binding = {}
        for name in (*short, *tied):
            columns, lines = self.lined[name]
            got, runs = own[columns], run_at[lines]
            if name in tied:
                got = np.minimum(got, self._most(name, run_at))
            binds = lines[(runs < 1 - CUT) & (got <= runs * (1 + TOLERANCE) + CUT)]
            binding[name] = np.flatnonzero(np.bincount(binds)), self.roots(self.by_name[name], granted)
        if not self.snapshots or not self.snapshots[-1].is_like(run_at, binding):
            self.snapshots.append(Snapshot(hour, run_at, binding))

    def _most(self, name: str, run_at: Floats) -> float:
        """Return the greatest share that anything gets which draws from a bus."""
        columns, lines, split, parts = self.claims[name]
        least = self.ledger.share[columns]
        least[lines >= 0] = run_at[lines[lines >= 0]]
        flows = (self.ledger.flow_rates[columns] > 0) & (least > 0)
        flows[split] &= self.ledger.lines.weight[parts] > 0
        return float(max(least[flows], default=0.0))

    def roots(self, bus: Bus, granted: Granted, seen: frozenset[str] = frozenset()) -> tuple[Root, ...]:
        """Return what keeps a bus from having enough, each once, sorted."""
        offers = [port for tier in bus.offers for port in tier]
        main = [port for port in offers if not port.component.supplementary] or offers
        carrier = bus.place[0]
        found = {Root(carrier, port.component.name, fault) for port in main if (fault := port.component.fault())}
        if not found:
            cut = [port.component for port in main if port.most < port.limit * port.factor]
            found = {root for component in cut for root in self._above(component, granted, seen | {bus.name})}
        if not found:
            found = {Root(carrier, port.component.name, AT_LIMIT) for port in main} or {Root(carrier, "", NO_SUPPLY)}
        return tuple(sorted(found))

    def _above(self, component: Component, granted: Granted, seen: frozenset[str]) -> Iterator[Root]:
        """Yield the roots of the buses from which a utility gets the least share of its draws."""
        draws = [(self.bus_at[p], p) for p in component.ports if p.firm and p.direction == INLET and p in self.bus_at]
        for bus, port in draws:
            if bus.name not in seen and granted(bus.name, port) <= component.served * (1 + TOLERANCE):
                yield from self.roots(bus, granted, seen)

    def close(self, until_h: float, components: Sequence[Component]) -> tuple[Loss, ...]:
        """Return all hours that lines lost until the end, by line and cause.

        Parameters
        ----------
        until_h : float
            End of the horizon [h].
        components : sequence of Component
            Those that name causes of their own in `Component.stops`.
        """
        found: dict[tuple[str, int, Cause], float] = {}
        for component in components:
            ledger = self.ledger
            if component.name in ledger.first_cell:
                hours = Hours(ledger, component, self.from_h, until_h)
                for line, cause, lost_h in component.stops(hours):
                    key = component.name, line, cause
                    found[key] = found.get(key, 0.0) + lost_h
        for name, line, cause, lost_h in self._cuts(until_h):
            key = name, line, cause
            found[key] = found.get(key, 0.0) + lost_h
        return tuple(Loss(*key, hours) for key, hours in sorted(found.items()) if hours > 0)

    def _cuts(self, until_h: float) -> Iterator[tuple[str, int, Cause, float]]:
        """Yield what shortages took from each line, by component, line and cause [h]."""
        if not self.snapshots:
            return
        begins = np.array([snapshot.hour for snapshot in self.snapshots])
        edges = np.clip(np.append(begins, until_h), self.from_h, until_h)
        shares = np.array([snapshot.share for snapshot in self.snapshots])
        ledger = self.ledger
        for line in np.flatnonzero((shares < 1 - CUT).any(axis=0)).tolist():
            j = self.gauges[line]
            if j < 0:
                continue
            column = ledger.columns[j]
            run_h = np.diff(cumulated(ledger.traces[ledger.cell[j]], ledger.profiles[ledger.which_run[j]], edges))
            lost = (1 - shares[:, line]) * run_h
            for k in np.flatnonzero(lost > 0).tolist():
                causes = self._causes(self.snapshots[k], line)
                for cause in causes:
                    yield column.component, column.line or 0, cause, float(lost[k]) / len(causes)

    def _causes(self, snapshot: Snapshot, line: int) -> list[Cause]:
        """Return one cause for each root; of buses with the same root, the one of its own carrier is named."""
        buses: dict[tuple[str, str], list[tuple[bool, str]]] = {}
        for name, (lines, roots) in snapshot.binding.items():
            if line in lines:
                for root in roots:
                    other = self.by_name[name].place[0] != root.carrier
                    buses.setdefault((root.component, root.why), []).append((other, name))
        places = {key: self.by_name[min(found)[1]].place for key, found in buses.items()}
        return [Cause(SHORTAGE, *place, *key) for key, place in sorted(places.items())]


class Hours:
    """Measures hours in which one activity of a component is on, weighted by another.

    Parameters
    ----------
    ledger : Ledger
        Of a run that is over.
    component : Component
        Whose activities.
    from_h, until_h : float
        Between which hours are counted [h].
    """

    def __init__(self, ledger: Ledger, component: Component, from_h: float, until_h: float):
        self.ledger, self.component, self.from_h, self.until_h = ledger, component, from_h, until_h

    def of(self, activity: int, within: int, span: tuple[float, float] = (0.0, math.inf)) -> float:
        """Return the integral of an activity × another with its profile, over a span [h].

        Parameters
        ----------
        activity, within : int
            Activities of the component; that within which hours count may follow a profile, the other does not.
        span : tuple of float
            Start and end [h].
        """
        begin, end = max(span[0], self.from_h), min(span[1], self.until_h)
        hours, values = self._trace(activity)
        if begin >= end or not values.any():
            return 0.0
        on = np.flatnonzero(values)
        ends = np.append(hours, math.inf)
        edges = np.clip(np.concatenate((ends[on], ends[on + 1])), begin, end)
        factor = self.component.activity_factors[within] if self.component.activity_factors else ""
        reached = cumulated(self._trace(within), self.ledger.profile_of(factor), edges)
        return float((values[on] * (reached[len(on) :] - reached[: len(on)])).sum())

    def _trace(self, activity: int) -> tuple[Floats, Floats]:
        return self.ledger.traces[self.ledger.first_cell[self.component.name] + activity]


def cumulated(trace: tuple[Floats, Floats], profile: Profile | None, hours: Floats) -> Floats:
    """Return the integral of a stepwise value × a profile from hour 0 to each of the hours, shape of ``hours`` [h]."""
    changes, values = trace
    at_change, at = (changes, hours) if profile is None else (profile.until(changes), profile.until(hours))
    sums = np.concatenate(([0.0], np.cumsum(values[:-1] * np.diff(at_change))))
    k = np.searchsorted(changes, hours, side="right") - 1
    total: Floats = sums[k] + values[k] * (at - at_change[k])
    return total
