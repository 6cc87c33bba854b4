"""What water carries: loads that travel with flows, worked out block by block of bins after the flows are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..carriers import CARRIERS, LOADS
from ..errors import ParkError, Problems
from .component import Component
from .lag import Lag
from .load_book import Amounts, Bins, Book, Stock, nothing, sum_of
from .load_flows import Flows
from .load_order import Mix, Side, Stage, order_of
from .load_pools import Pools
from .load_users import lay_out
from .load_watch import Carried, Concentrations, Look, Watches
from .network import Place
from .passer import Passer
from .ports import Port
from .traces import Floats

if TYPE_CHECKING:
    from .ledger import Ledger

_ROUNDING = 1e-9
DAY_H = 24.0

Piles = dict[int, list[Amounts]]
"""What has come to each bus in a block of bins, one entry for each that brought it [kg]."""


class Quality:
    """Carries loads along buses and through components, after bins, in the order in which water flows.

    On a bus all that flows in mixes and leaves by its inlets in proportion to their flow. Within a bin each stream has the
    mean load of the bin: mass is exact, concentrations come nearer as bins get shorter. Bins are carried in blocks, each bus
    and component through all bins of a block before the next. A block ends before a bin in which something comes back that
    has passed in it: what users drank, and what a component gives that closes a loop. Amounts are handed on, not copied:
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
    counted_from_h : float
        When the run begins to count [h]; stock is taken then, if that is a midnight after hour 0.

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
        *,
        bin_h: float,
        counted_from_h: float = 0.0,
    ):
        self.passers = {name: c for name, c in components.items() if isinstance(c, Passer)}
        loaded = {port: place for port, place in bus_of.items() if CARRIERS[port.carrier].loaded}
        self.ports = [p for p in ledger.utility_ports if p in loaded]
        self._check(self.ports)
        number = {place: k for k, place in enumerate(dict.fromkeys(loaded.values()))}
        self.users = lay_out(ledger, loaded, number)
        ledger.weigh(self.users.members)
        self.order = order_of(self.ports, loaded, number, self.users.drinks)
        stays_h = [node.stay_h for node in self.order.nodes if isinstance(node, Mix) and node.drinks]
        self.block_h = min(stays_h, default=np.inf)
        self.stock_h = counted_from_h if counted_from_h and counted_from_h % DAY_H == 0 else np.inf
        self.flows = Flows(prompt, self.ports, self.users, bin_h=bin_h, block_h=self.block_h, turning=self.order.turning)
        self.lags: list[Lag] = []
        self.waits, self.carrying = False, False
        self.left: dict[int, Amounts] = {}
        self.pools, self.used = Pools(), nothing()
        sources = [f"sources@{place}" for _, place in self.users.sources]
        self.streams = [f"{p.component.name}.{p.name}" for p in self.ports] + sources
        self.watches = Watches(self.streams)
        self.by_day: list[Floats] = []
        self.then: Stock | None = None

    def _check(self, ports: Sequence[Port]) -> None:
        with Problems("Loads", ParkError) as problems:
            for port in ports:
                if not isinstance(port.component, Passer):
                    problems.add(
                        f"{port.component.name}.{port.name}",
                        f"carries {port.carrier}, and {type(port.component).__name__} doesn't say what becomes of its loads",
                    )

    def start(self) -> None:
        """Take stock at hour 0."""
        for passer in self.passers.values():
            passer.start_loads()
        self.at_start = self._held()

    def _held(self) -> dict[str, list[float]]:
        held = {name: np.asarray(passer.held()).tolist() for name, passer in self.passers.items()}
        way = self.pools.held() + sum_of(self.left.values())
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

    def watch(self, stream: str, every_h: float, look: Look) -> None:
        """Have a stream looked at every so many hours.

        Parameters
        ----------
        stream : str
            As ``component.port``.
        every_h : float
            Between looks [h].
        look : callable
            Takes hours [h], shape (looks,), and what the stream carried in the last bin that was over then [g/m3], shape
            (looks, loads); hours at which it did not flow are left out. It is called later than these hours, and logs as of
            them.
        """
        self.watches.add(stream, every_h, look)

    def catch_up(self, until_h: float, last: bool = False) -> None:
        """Carry the loads of bins that are over.

        Parameters
        ----------
        until_h : float
            Hours since the horizon started; flows are what was noted until then [h].
        last : bool
            Whether the run is over.
        """
        folded = self.flows.fold(until_h, last)
        if folded is not None:
            self.carrying = True
            for block in self._blocks(*folded):
                self._carry(*block)
            self.carrying = False
        if last:
            self.watches.close(until_h)

    def _blocks(self, bins: Bins, moved: Floats, found: Floats) -> Iterator[tuple[Bins, Floats, Floats]]:
        """Cut bins, and what flowed in them, into blocks in which nothing comes back that has passed."""
        ends = bins.ends_h.tolist()
        counts = (bins.ends_h - bins.hours >= self.stock_h - _ROUNDING).tolist()
        turns = [(moved[a] > 0, moved[b] > 0) for a, b in self.order.turning if moved[a].any() and moved[b].any()]
        first = 0
        for k in range(1, bins.n + 1):
            if (
                k == bins.n
                or self.order.loops
                or counts[k] != counts[first]
                or ends[k] > ends[first] + self.block_h + _ROUNDING
                or any(gives[k] and takes[first:k].any() for takes, gives in turns)
            ):
                part = slice(first, k)
                yield Bins(bins.hours[part], bins.ends_h[part]), moved[:, part], found[:, part]
                first = k

    def _carry(self, bins: Bins, moved: Floats, found: Floats) -> None:
        """Carry what the water of a block brought from its sources to its sinks."""
        if self.then is None and bins.ends_h[0] - bins.hours[0] >= self.stock_h - _ROUNDING:
            self.then = Stock(round(self.stock_h / DAY_H), self._held(), self._booked())
        rows = np.zeros((len(self.streams), bins.n, len(LOADS)))
        piles: Piles = defaultdict(list)
        for bus, amounts in self.left.items():
            piles[bus].append(np.concatenate((amounts[None], nothing(bins.n - 1))))
        self.left.clear()
        self._let_in(bins, found, piles, rows)
        for stage in self.order.closing:
            _hand_on(stage, stage.give(bins, moved), piles, rows)
        for node in self.order.nodes:
            if isinstance(node, Stage):
                _hand_on(node, node.take(bins, moved), piles, rows)
            elif isinstance(node, Side):
                for stage, sent in zip(node.stages, node.take(bins, moved), strict=True):
                    _hand_on(stage, sent, piles, rows)
            elif node.bus in piles:
                pile = piles[node.bus]
                self._share(node, sum(pile[1:], pile[0]), (bins.ends_h, moved, found), rows)
        for stage in self.order.closing:
            stage.take(bins, moved)
        self._book(bins.days.tolist(), rows)
        for lag in self.lags:
            lag.follow(bins.ends_h)
        self.watches.show(Carried(bins.ends_h, rows, moved))

    def _book(self, days: list[int], rows: Floats) -> None:
        """Add what passed to the days of a block's bins."""
        self.by_day += [nothing(len(self.streams)) for _ in range(days[-1] + 1 - len(self.by_day))]
        begins = [0, *(k for k in range(1, len(days)) if days[k] != days[k - 1])]
        sums = np.add.reduceat(rows, begins, axis=1)
        for k, begin in enumerate(begins):
            self.by_day[days[begin]] += sums[:, k]

    def _let_in(self, bins: Bins, found: Floats, piles: Piles, rows: Floats) -> None:
        """Let users' water in with its own loads, and with what they drank earlier."""
        sources = self.users.sources
        rows[len(self.ports) :] = brought = found[: len(sources), :, :-1]
        for (bus, _), amounts, with_them in zip(sources, brought, found, strict=False):
            piles[bus].append(amounts)
            back = self.pools.leave(bus, bins.ends_h, with_them[:, -1])
            if back is not None:
                piles[bus].append(back)

    def _share(self, mix: Mix, amounts: Amounts, flowed: tuple[Floats, Floats, Floats], rows: Floats) -> None:
        """Mix what is on a bus and hand it out by flow; what nothing takes waits there for the next bin."""
        ends_h, moved, found = flowed
        if len(mix.inlets) == 1 and not mix.drinks:
            k, name, came = mix.inlets[0]
            rows[k] = came[name] = self._wait(mix.bus, amounts, moved[k] > 0)
            return
        streams = [moved[k] for k, _, _ in mix.inlets] + [found[group, :, -1] for _, group in mix.drinks]
        volumes = np.array(streams).reshape(-1, len(ends_h))
        total = np.add.reduce(volumes)
        flows = total > 0
        amounts = self._wait(mix.bus, amounts, flows)
        shares = np.divide(volumes, total, out=volumes, where=flows)
        parts = shares[:, :, None] * amounts
        for (k, name, came), mine in zip(mix.inlets, parts, strict=False):
            rows[k] = came[name] = mine
        for (target, _), mine in zip(mix.drinks, parts[len(mix.inlets) :], strict=True):
            if target is None:
                self.used = self.used + np.add.reduce(mine)
            else:
                self.pools.add(target, ends_h + mix.stay_h, mine)

    def _wait(self, bus: int, amounts: Amounts, flows: NDArray[np.bool_]) -> Amounts:
        """Move what is on a bus in bins without a flow to the bins after them."""
        if np.count_nonzero(flows) == len(flows) or not np.count_nonzero(amounts[~flows]):
            return amounts
        amounts = amounts.copy()
        for k in np.flatnonzero(~flows).tolist():
            if k + 1 < len(amounts):
                amounts[k + 1] += amounts[k]
            else:
                self.left[bus] = amounts[k].copy()
            amounts[k] = 0.0
        return amounts

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
        return self.watches.sample(stream, now_h)

    def _booked(self) -> dict[str, dict[str, list[float]]]:
        found = {name: passer.booked() for name, passer in self.passers.items()}
        booked = {name: {to: np.asarray(kg).tolist() for to, kg in sinks.items()} for name, sinks in found.items() if sinks}
        return booked | {"users": {"used": self.used.tolist()}}

    def close(self, until_h: float) -> Book:
        """Carry what is left of the last bin; return the loads of the run."""
        self.catch_up(until_h, last=True)
        return Book(
            tuple(self.streams),
            np.array(self.by_day),
            self.at_start,
            self._held(),
            self._booked(),
            self.watches.samples(),
            self.then,
        )


def _hand_on(stage: Stage, sent: Mapping[str, Amounts], piles: Piles, rows: Floats) -> None:
    """Put what leaves a component on the buses of its outlets."""
    for name, bus, k in stage.outlets:
        rows[k] = amounts = sent[name]
        piles[bus].append(amounts)
