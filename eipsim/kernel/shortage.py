"""Who gets how much when a bus is short: by priority class, one fraction in the class that can't be served fully."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ..errors import ShortageError
from .bus import TOLERANCE, Bus
from .component import Component
from .ledger import Ledger
from .lines import Ints
from .losses import Losses
from .ports import COMFORT, INLET, OUTLET, Port
from .traces import Floats, Trace

ROUNDS = 200
"""How often the buses may be solved again before the park counts as inconsistent."""

PLAIN = 8
"""Rounds in which a bus goes straight to what suits it; after them it steps by secants, so that loops come to rest."""

SETTLED = 1e-12
"""Change of a fraction below which it has been found; what is left of a shortage is then below `TOLERANCE`."""

UNSERVED = 99
"""A class below all: nothing is cut."""

WHOLE = UNSERVED, 1.0
"""The level of a bus that serves everyone."""

LAST = COMFORT + 1
"""Where the scale of classes ends: all are served."""

Case = tuple[float, list[tuple[float, float, int]]]
"""What a bus has to share out, and what utilities ask of it: need, share of it and class."""


Group = tuple[int, Ints]
"""A priority class, and where its needs stand among all."""


class Shortage:
    """Shares out what short buses have, once a settlement.

    Each short bus serves its firm users by priority class; the lowest class not fully served gets one fraction of its
    need, and the classes after it nothing. A production line runs at the least fraction among the carriers that it and the
    uses of all lines draw, and these take the mean of their lines (`Lines`); other uses take their own carrier's fraction;
    a utility's limits shrink to its fraction of what it carried uncut, but what it gives back of others' surplus does not.
    A bus is solved again after another has cut its users, so that none leaves supply unused while it cuts anyone.

    Parameters
    ----------
    ledger : Ledger
        Of the run.
    buses : sequence of Bus
        In clearing order.
    losses : Losses
        Keeps what was cut and why.
    log : callable
        Takes component, what and value.

    Attributes
    ----------
    active : bool
        Whether anything is cut now.
    """

    def __init__(self, ledger: Ledger, buses: Sequence[Bus], losses: Losses, log: Callable[[str, str, float], None]):
        self.ledger, self.buses, self.losses, self.log = ledger, buses, losses, log
        self.own = np.ones(ledger.n_users)
        self.level: dict[str, tuple[int, float]] = {}
        self.active = False
        self.steps: dict[str, tuple[float, float]] = {}
        self.shown: set[str] = set()
        self.tied: list[str] = []
        self.cut: dict[str, Component] = {}
        self.unserved: dict[str, float] = {}
        self.unserved_traces: dict[str, Trace] = {}
        self.lines, self.rank = ledger.lines, ledger.lines.classes
        self.solved: dict[str, Case] = {}
        self.ports = [port for bus in buses for port in bus.ports]
        self.draws = {bus.name: bus.draws for bus in buses if bus.draws}
        self.columns = {bus.name: ledger.columns_of(bus.place, INLET) for bus in buses}
        bus_of = {port: bus.name for bus in buses for port in bus.flexible if port.direction == OUTLET}
        self.serves = {
            port.component.name: [bus_of[own] for own in port.component.ports if own in bus_of]
            for bus in buses
            for port in bus.draws
        }
        self.claims = {name: ledger.lines.claims(columns) for name, columns in self.columns.items()}
        self.ranks = {name: self.rank[claims.columns] for name, claims in self.claims.items()}
        self.groups = {name: by_class(rank) for name, rank in self.ranks.items()}

    def restore(self) -> None:
        """Give everything back: a shortage is judged anew at every settlement."""
        self.own[:] = 1.0
        self.ledger.share[:] = 1.0
        self.ledger.run_at[:] = 1.0
        self.level.clear()
        self.active = False
        self.unserved.clear()
        self.tied.clear()
        self._uncut()

    def relax(self, clear: Callable[[], list[float] | None], totals: list[float], buses: Sequence[Bus]) -> bool:
        """Find the largest consistent fractions on some buses; rates on the others are as they were, and matter to nobody.

        Parameters
        ----------
        clear : callable
            Clears the stale among these buses and returns the users' totals; None if the others can't be left alone any more.
        totals : list of float
            As of now.
        buses : sequence of Bus
            In clearing order.

        Returns
        -------
        bool
            Whether the others could be left alone; if not, all that was found is to be restored.

        Raises
        ------
        ShortageError
            If fractions still move after ``ROUNDS`` rounds.
        """
        for port in self.ports:
            port.uncut = port.rate
        self.lines.weigh(self.ledger.activities)
        wanting = {bus.name for bus in buses if bus.short}
        self.steps.clear()
        self.solved.clear()
        for k in range(ROUNDS):
            moved = []
            for bus in buses:
                if (bus.short or bus.name in self.level) and self._solve(bus, totals, k < PLAIN):
                    moved.append(bus.name)
                    self._apply()
                    cleared = clear()
                    if cleared is None:
                        return False
                    totals = cleared
                    self._let_needs_rise()
                    wanting.update(other.name for other in buses if other.short)
            if not moved:
                break
        else:
            raise ShortageError(
                f"the shares of {', '.join(moved)} still move after {ROUNDS} rounds: "
                "a component both supplies and draws on short buses; give it another priority or break the loop"
            )
        if stranded := [bus.name for bus in buses if bus.short]:
            raise ShortageError(
                f"{', '.join(stranded)} stays short with everyone cut: a utility's firm draw there doesn't shrink when it is "
                "served less; let it follow a flexible port, or post it as a user's"
            )
        self.unserved = {name: self._denied(self.columns[name]) for name in self.level}
        wanting -= self.level.keys()
        self.tied = [bus.name for bus in buses if bus.name in wanting and self._is_exhausted(bus, totals)]
        return True

    def _let_needs_rise(self) -> None:
        """Let utilities that are not cut need what they carry now: more, where another that was cut gave way to them."""
        for draws in self.draws.values():
            for port in draws:
                if port.rate > port.uncut and port.component.served == 1.0:
                    for own in port.component.ports:
                        own.uncut = max(own.uncut, own.rate)

    def _denied(self, columns: Ints) -> float:
        """Return what a bus denies the columns of its users [rate unit]."""
        return float((self.ledger.flows.uncut(columns) * (1.0 - self.own[columns])).sum())

    def _is_exhausted(self, bus: Bus, totals: list[float]) -> bool:
        """Whether a bus gives all that it has: others cut its users just as much as it would have."""
        demand = totals[bus.demand] + sum(port.rate for port in bus.draws)
        return bus.available(totals) <= demand * (1 + TOLERANCE)

    def _solve(self, bus: Bus, totals: list[float], plain: bool) -> bool:
        """Find the class and fraction of one bus, the others' as they are; say whether it moved."""
        name, before = bus.name, self.level.get(bus.name, WHOLE)
        case = bus.available(totals), [(*ask, port.priority) for port in bus.draws for ask in self._asks(bus, port)]
        if plain and self.solved.get(name) == case:
            return False
        need, cap = self._claimed(name)
        groups, asked = self.groups[name], case[1]
        if asked:
            theirs = zip(*asked, strict=True)
            need, cap, rank = (np.append(*both) for both in zip((need, cap, self.ranks[name]), theirs, strict=True))
            groups = by_class(rank)
        level = serve(need, cap, groups, case[0])
        if not plain:
            level = self._step(name, before, level)
        columns = self.columns[name]
        self.own[columns] = fractions(level, self.rank[columns])
        if level == WHOLE:
            self.level.pop(name, None)
        else:
            self.level[name] = level
        self.active = bool(self.level)
        if level != before:
            self.solved.clear()
        self.solved[name] = case
        return level[0] != before[0] or abs(level[1] - before[1]) > SETTLED

    def _claimed(self, name: str) -> tuple[Floats, Floats]:
        """Return what the users of a bus need, and the share of it that they could use, as other buses cut them already."""
        columns, claims = self.columns[name], self.claims[name]
        need = self.ledger.flows.uncut(claims.columns)
        need[claims.split] *= self.lines.weight[claims.parts]
        self.own[columns] = 1.0
        if self.level.keys() <= {name}:
            return need, np.ones(len(need))
        run_at = self.lines.run_at(self.own)
        cap = self.lines.cut(self.own, run_at)[claims.columns]
        cap[claims.split] = run_at[claims.lines[claims.split]]
        return need, cap

    def _step(self, name: str, before: tuple[int, float], wanted: tuple[int, float]) -> tuple[int, float]:
        """Return how far to go towards what suits a bus, if what it cuts comes back to it as another need.

        What a plant needs falls with the wastewater of lines that are cut, which leaves more for them: going all the way each
        time may swing for ever. The slope of what suits, along the classes as one scale, says how much of the way is right.
        """
        at, target = (float(LAST) if level == WHOLE else sum(level) for level in (before, wanted))
        was, would = self.steps.get(name, (at, target))
        self.steps[name] = at, target
        if abs(target - at) <= SETTLED:
            return before
        slope = (target - would) / (at - was) if at != was else 0.0
        place = at + (target - at) / (1.0 - min(0.0, slope))
        return WHOLE if place >= LAST - SETTLED else (int(place), place - int(place))

    def _asks(self, bus: Bus, port: Port) -> Iterator[tuple[float, float]]:
        """Yield what a utility needs uncut and the share of it that it asks for, the bus's own cut apart.

        What it needs standing still comes apart, as it goes on asking for it where its flow has given way. Where those whom
        it serves are short, it asks for all that it is granted.
        """
        granted, component = self._granted(bus.name, port), port.component
        standing = min(component.standing(port), port.uncut)
        if standing:
            yield standing, component.served if component.served < granted else 1.0
        if flowing := port.uncut - standing:
            asked = (port.rate - standing * component.served) / flowing
            if component.served >= granted and any(name in self.level for name in self.serves[component.name]):
                asked = granted
            yield flowing, 1.0 if asked >= granted * (1 - TOLERANCE) else max(0.0, asked)

    def _granted(self, name: str, port: Port) -> float:
        first, fraction = self.level.get(name, WHOLE)
        return 1.0 if port.priority < first else fraction if port.priority == first else 0.0

    def _apply(self) -> None:
        self.ledger.cut(self.own)
        self._uncut()
        for name in self.level.keys() & self.draws.keys():
            for port in self.draws[name]:
                granted = self._granted(name, port)
                if granted < port.component.served:
                    port.component.served = granted
                    self.cut[port.component.name] = port.component
        for component in self.cut.values():
            for port in driving(component):
                port.most = min(port.most, component.served * port.uncut)
        self._make_stale()

    def _uncut(self) -> None:
        self._make_stale()
        for component in self.cut.values():
            component.served = 1.0
            for port in component.ports:
                port.most = port.limit * port.factor
        self.cut.clear()

    def _make_stale(self) -> None:
        """Let all be cleared that utilities which are cut, and those that look at them, may change."""
        if self.cut:
            for bus in self.buses:
                bus.stale = True

    def note(self, hour: float) -> None:
        """Trace the shares and what users lack, keep why, and log where a shortage began or ended."""
        self.ledger.note_shares(hour)
        self.losses.note(hour, sorted(self.level), self.tied, self.own, granted=self._granted)
        for name in sorted(self.unserved.keys() | self.shown):
            if name not in self.unserved_traces:
                self.unserved_traces[name] = Trace()
            self.unserved_traces[name].set(hour, self.unserved.get(name, 0.0))
        for name in sorted(self.level.keys() - self.shown):
            self.log(name, "shortage", self.level[name][1])
        for name in sorted(self.shown - self.level.keys()):
            self.log(name, "shortage over", 1.0)
        self.shown = set(self.level)


def driving(component: Component) -> list[Port]:
    """Return the ports that shrink when a component is served less: those that its draws follow, all if none does."""
    sources = [
        getattr(component, source)
        for name, (source, *_) in component.follows().items()
        if getattr(component, name).direction == INLET
    ]
    return sources or component.ports


def fractions(level: tuple[int, float], rank: Ints) -> Floats:
    """Return what each class gets: all before the class of the level, its fraction in it, nothing after it."""
    first, fraction = level
    shares: Floats = np.where(rank < first, 1.0, np.where(rank == first, fraction, 0.0))
    return shares


def by_class(rank: Ints) -> list[Group]:
    """Return each priority class, lowest first, and where it stands."""
    return [(level, np.flatnonzero(rank == level)) for level in sorted(set(rank.tolist()))]


def serve(need: Floats, cap: Floats, groups: Sequence[Group], available: float) -> tuple[int, float]:
    """Serve needs by class from what is available.

    Parameters
    ----------
    need : ndarray of shape (n,)
        Uncut rates [rate unit].
    cap : ndarray of shape (n,)
        Largest share that each could use, as others cut it already [1].
    groups : sequence of Group
        Priority classes, lowest first, as `by_class` gives them.
    available : float
        Supply [rate unit].

    Returns
    -------
    tuple of int and float
        The first class not fully served and its fraction φ, the largest with Σ need·min(φ, cap) ≤ what is left;
        (``UNSERVED``, 1.0) if all are served.
    """
    left, wanted = available, need * cap
    slack = TOLERANCE * max(1.0, float(wanted.sum()))
    for level, here in groups:
        wants = float(wanted[here].sum())
        if wants <= left + slack:
            left = max(0.0, left - wants)
            continue
        order = here[np.argsort(cap[here], kind="stable")]
        caps, needs = cap[order], need[order]
        remaining = needs.sum()
        for c, n in zip(caps.tolist(), needs.tolist(), strict=True):
            if c * remaining >= left:
                break
            left -= c * n
            remaining -= n
        return level, float(max(0.0, left / remaining)) if remaining > 0 else 0.0
    return WHOLE
