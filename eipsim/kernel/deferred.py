"""Buses that nothing in a run waits for: cleared many settlements at once, while they surely can't be short."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from .bus import Bus, Tier, merit
from .component import Storage
from .ports import INLET, OUTLET, Port
from .traces import Floats

Many = dict[Port, Floats]
"""One number a settlement for each port, each of shape (rows,)."""

Bound = tuple[float, list[tuple[int, float]], list[tuple[Port, float]]]
"""What totals and rates, each times its gain, may add up to: slack, which totals, which ports."""


def deferrable(buses: Sequence[Bus], bus_of: Mapping[Port, Bus]) -> list[Bus]:
    """Return the buses whose dispatch no state, no set point and no other kind of bus depends on, in clearing order.

    Their flexible ports belong to components that don't `respond`, nor have a level that moves with what is dispatched; what
    follows a dispatch stands on a deferrable bus again, and no bid reaches for an offer that is followed or of a storage.
    """
    found: set[Bus] = set()
    for bus in reversed(buses):
        owners = {port.component.name: port.component for port in bus.flexible}.values()
        firm = [(c.follows().get(port.name), port) for c in owners for port in c.ports if port.firm and port in bus_of]
        sources = {getattr(port.component, follow.source) for follow, port in firm if follow is not None}
        if (
            not any((isinstance(c, Storage) and not c.rests) or c.responds for c in owners)
            and not any(isinstance(port.component, Storage) for port in bus.sellers)
            and all(
                follow is not None and min(follow.gain, follow.rest) >= 0 and bus_of[port] in found for follow, port in firm
            )
            and not any(merit(bid) > merit(offer) for bid in bus.bids for offer in bus.offers if sources.intersection(offer))
        ):
            found.add(bus)
    return [bus for bus in buses if bus in found]


def endless(bus: Bus) -> bool:
    """Whether an unlimited offer meets an unlimited bid, which clearing refuses."""
    return any(p.limit == math.inf for p in bus.sellers) and any(p.limit == math.inf for p in bus.traders)


class Deferred:
    """The deferrable buses of a park.

    Parameters
    ----------
    buses : sequence of Bus
        All of a park in clearing order.
    bus_of : mapping
        The bus of each port that has one.
    n_totals : int
        Number of the ledger's totals; the last is always 0.
    """

    def __init__(self, buses: Sequence[Bus], bus_of: Mapping[Port, Bus], n_totals: int):
        self.buses = deferrable(buses, bus_of)
        self.flexible = [port for bus in self.buses for port in bus.flexible]
        self.source: dict[Port, tuple[Port, float, float]] = {}
        for bus in self.buses:
            for source, gain, rest, port, _ in bus.follows:
                self.source[port] = source, gain, rest
        self.outer = [port for bus in self.buses for port in (*bus.gives, *bus.draws) if port not in self.source]
        self.ports = [*self.flexible, *self.source]
        self.resting: dict[Bus, list[tuple[Port, Storage]]] = {
            bus: [(p, p.component) for p in bus.flexible if p.direction == OUTLET and isinstance(p.component, Storage)]
            for bus in self.buses
        }
        self.alone = {bus for bus in self.buses if not bus.gives and not bus.draws}
        self.components = {port.component.name for port in self.flexible}
        self.n_totals, self.bus_of = n_totals, bus_of
        self.lacking = np.zeros(n_totals + len(self.outer))
        self.moved = True
        self._bound()

    def _bound(self) -> None:
        """Lay out what bounds the need and the surplus of each bus from above, as far as inputs decide it."""
        place = {port: self.n_totals + k for k, port in enumerate(self.outer)}
        bounds: dict[tuple[Bus, int], Floats] = {}
        for bus, side, total, ports in self._sides():
            bound = bounds[bus, side] = np.zeros(len(self.lacking))
            bound[total] += 1
            for port in ports:
                if port in place:
                    bound[place[port]] += 1
                else:
                    source, gain, _ = self.source[port]
                    bound += gain * bounds[self.bus_of[source], -source.direction]
        self.bounds = np.array(list(bounds.values())).reshape(len(bounds), len(self.lacking))

    def _sides(self) -> Iterator[tuple[Bus, int, int, list[Port]]]:
        """Yield for each bus its need (as of an inlet) and its surplus: the users' total and the firm ports that count."""
        for bus in self.buses:
            yield bus, INLET, bus.demand, bus.draws
            yield bus, OUTLET, bus.supply, bus.gives

    def _measure(self) -> None:
        """See what flexible ports allow now; bounds that can't bind are left out."""
        constant: dict[tuple[Bus, int], float] = {}
        slack = []
        for bus, side, _, ports in self._sides():
            constant[bus, side] = 0.0
            for port in ports:
                if port in self.source:
                    source, gain, rest = self.source[port]
                    origin = self.bus_of[source]
                    through = constant[origin, -source.direction]
                    if source.direction == INLET:
                        through += min(source.limit, sum(seller.limit for seller in origin.sellers))
                    constant[bus, side] += rest + (gain * through if gain else 0.0)
            takers = bus.offers if side == INLET else bus.bids
            allowed = sum(port.limit for tier in takers for port in tier if not port.factors)
            if side == INLET:
                allowed = min([allowed, *(one.rests_below(port) for port, one in self.resting[bus])])
            slack.append(allowed if allowed == math.inf else allowed - constant[bus, side])
        limits, moves = np.array(slack) - self.bounds.dot(self.lacking), self.bounds != 0
        moves[:, self.n_totals - 1] = False
        binds = (limits < 0) | (np.isfinite(limits) & moves.any(axis=1))
        self.ceilings, self.under, self.binding = list[tuple[int, float]](), list[Bus](), list[Bound]()
        bound = [bus for (bus, *_), one in zip(self._sides(), binds.tolist(), strict=True) if one]
        for bus, *one in zip(bound, limits[binds].tolist(), self.bounds[binds].tolist(), strict=True):
            left, sums, outer = self._terms(*one)
            if len(sums) == 1 and not outer:
                k, gain = sums[0]
                self.ceilings.append((k, left / gain))
                self.under.append(bus)
            else:
                self.binding.append((left, sums, outer))
        self.endless = any(endless(bus) for bus in self.buses)
        self.moved = False

    def _terms(self, slack: float, bound: list[float]) -> Bound:
        """Return what a bound allows, and how much of it each total, but for the one that is 0, and each outer port take."""
        sums = [(k, gain) for k, gain in enumerate(bound[: self.n_totals - 1]) if gain]
        ports = [(port, gain) for port, gain in zip(self.outer, bound[self.n_totals :], strict=True) if gain]
        return slack, sums, ports

    def can_wait(self, totals: Sequence[float]) -> bool:
        """Whether no deferrable bus can be short or have too much now, with these users' sums."""
        if self.moved:
            self._measure()
        for k, most in self.ceilings:
            if totals[k] > most:
                return False
        return self._can_close(totals)

    def tight(self, totals: Sequence[float]) -> list[Bus] | None:
        """Return the buses that may be short or have too much, if they can be cleared while all others wait; else None."""
        if self.moved:
            self._measure()
        found = {bus for bus, (k, most) in zip(self.under, self.ceilings, strict=True) if totals[k] > most}
        if found <= self.alone and self._can_close(totals):
            return [bus for bus in self.buses if bus in found]
        return None

    def at_rest(self, buses: Sequence[Bus]) -> bool:
        """Whether the levels behind these buses, which have been cleared, stand still."""
        return all(port.rate <= one.rests_below(port) for bus in buses for port, one in self.resting[bus])

    def _can_close(self, totals: Sequence[float]) -> bool:
        """Whether buses on which several flows meet can't be short or have too much."""
        for slack, sums, ports in self.binding:
            left = slack
            for k, gain in sums:
                left -= gain * totals[k]
            for port, gain in ports:
                left -= gain * port.rate
            if left < 0.0:
                return False
        return not self.endless

    def rates(self, totals: Floats, given: Floats, most: Floats) -> Floats:
        """Clear the buses for many settlements.

        Parameters
        ----------
        totals : ndarray of shape (totals, rows)
            Users' sums.
        given : ndarray of shape (outer firm ports, rows)
            Rates of ``outer``.
        most : ndarray of shape (flexible ports, rows)
            The most that each could carry.

        Returns
        -------
        ndarray of shape (ports, rows)
            Rates of ``ports``, as `Bus.clear` would have dispatched them to the last digit.
        """
        limits = dict(zip(self.flexible, most, strict=True))
        outer = dict(zip(self.outer, given, strict=True))
        rates: dict[Port, Floats] = {}
        for bus in self.buses:
            supply, demand = totals[bus.supply], totals[bus.demand]
            for port in bus.gives:
                supply = supply + (outer[port] if port in outer else self._followed(port, rates))
            for port in bus.draws:
                demand = demand + (outer[port] if port in outer else self._followed(port, rates))
            here = {port: np.zeros(len(supply)) for port in bus.flexible}
            dispatch(bus.offers, np.maximum(demand - supply, 0.0), limits, here)
            dispatch(bus.bids, np.maximum(supply - demand, 0.0), limits, here)
            trade(bus, limits, here)
            rates |= here
        rates |= {port: self._followed(port, rates) for port in self.source}
        return np.array([rates[port] for port in self.ports])

    def _followed(self, port: Port, rates: Many) -> Floats:
        source, gain, rest = self.source[port]
        followed: Floats = gain * rates[source] + rest
        return followed


def dispatch(order: Sequence[Tier], amount: Floats, limits: Many, rates: Many) -> None:
    """Give an amount to tiers in turn, row by row, as `bus.dispatch` does; changes ``rates``."""
    for tier in order:
        if len(tier) == 1:
            taken = np.minimum(limits[tier[0]], amount)
            rates[tier[0]] = taken
        else:
            most = [limits[port] for port in tier]
            taken = np.minimum(sum(most[1:], most[0]), amount)
            share(tier, most, taken, rates)
        amount = amount - taken


def share(tier: Tier, limits: Sequence[Floats], amount: Floats, rates: Many) -> None:
    """Add an amount to the ports of a tier in proportion to their limits, as `bus.share` does; changes ``rates``."""
    total = sum(limits[1:], limits[0])
    endless = np.isinf(total)
    weights = [np.where(endless, np.isinf(limit), limit) for limit in limits]
    whole = np.where(endless, sum(weights[1:], weights[0]), total)
    whole[whole <= 0] = math.inf
    for port, weight in zip(tier, weights, strict=True):
        rates[port] = rates[port] + amount * (weight / whole)


def trade(bus: Bus, limits: Many, rates: Many) -> None:
    """Let flexible outlets serve flexible inlets of higher merit, row by row, as `Bus` does; changes ``rates``."""
    for bid_tier in bus.bids:
        for offer_tier in bus.offers:
            if merit(bid_tier) <= merit(offer_tier):
                break
            want = [limits[port] - rates[port] for port in bid_tier]
            have = [limits[port] - rates[port] for port in offer_tier]
            amount = np.minimum(sum(want[1:], want[0]), sum(have[1:], have[0]))
            share(bid_tier, want, amount, rates)
            share(offer_tier, have, amount, rates)
