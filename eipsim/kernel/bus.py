"""The balance of one carrier at one place, by merit order."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import groupby

from ..errors import ParkError
from .component import Component
from .network import Place, name_of
from .ports import INLET, OUTLET, Port

TOLERANCE = 1e-9
"""Share of a bus's throughput below which a remainder is rounding."""

Tier = list[Port]


class Bus:
    """One carrier at one place; after `clear` what flows in flows out, but for ``short``.

    The surplus of firm flows is an offer at −∞ and a deficit a bid at +∞. Flexible outlets are offers from the lowest
    merit up, flexible inlets bids from the highest down; they trade while the bid's merit is above the offer's. Equal
    merits share in proportion to their limits, unlimited ones equally.

    Parameters
    ----------
    place : tuple of str
        Carrier and place.
    ports : list of Port
        The utilities' ports that stand here.
    totals : tuple of int
        Where the users' supply and demand stand among the ledger's totals.
    """

    def __init__(self, place: Place, ports: list[Port], totals: tuple[int, int]):
        self.place, self.name, self.ports = place, name_of(place), ports
        self.supply, self.demand = totals
        self.firm = [p for p in ports if p.firm]
        self.flexible = [p for p in ports if not p.firm]
        self.followers = followers(self.flexible)
        self.short, self.flow = 0.0, 0.0
        self.rank()

    def rank(self) -> None:
        """Sort by merit: once, and again when a policy has changed one."""
        self.offers = tiers((p for p in self.flexible if p.direction == OUTLET), +1)
        self.bids = tiers((p for p in self.flexible if p.direction == INLET), -1)
        self.trades = bool(self.offers and self.bids) and merit(self.bids[0]) > merit(self.offers[0])
        self.stale = True

    def clear(self, totals: list[float]) -> None:
        """Dispatch the flexible ports: first they close the firm balance, then they trade among themselves.

        Parameters
        ----------
        totals : list of float
            Users' sums as the ledger gives them [rate unit of the carrier].

        Raises
        ------
        ParkError
            If a surplus finds no taker.
        """
        self.stale = False
        supply, demand = totals[self.supply], totals[self.demand]
        for port in self.firm:
            if port.direction == OUTLET:
                supply += port.rate
            else:
                demand += port.rate
        for port in self.flexible:
            port.rate = 0.0
        surplus = supply - demand
        self.flow = max(supply, demand)
        self.short = 0.0
        if surplus < 0:
            self.short = dispatch(self.offers, -surplus)
            if self.short <= TOLERANCE * self.flow:
                self.short = 0.0
        elif surplus > 0:
            left = dispatch(self.bids, surplus)
            if left > TOLERANCE * self.flow:
                raise ParkError(f"{self.name} can't close: {left:g} of a surplus of {surplus:g} finds no taker; add an outlet")
        if self.trades:
            self._trade()

    def _trade(self) -> None:
        """Let flexible outlets serve flexible inlets of higher merit from what the firm balance left of both."""
        for bid_tier in self.bids:
            for offer_tier in self.offers:
                if merit(bid_tier) <= merit(offer_tier):
                    break
                want, have = spare(bid_tier), spare(offer_tier)
                rate = min(sum(want), sum(have))
                if rate == math.inf:
                    raise ParkError(f"{self.name}: an unlimited offer meets an unlimited bid; give one of them a limit")
                if rate > 0:
                    share(bid_tier, want, rate)
                    share(offer_tier, have, rate)

    def available(self, totals: list[float]) -> float:
        """Return all that could flow in now: users' and firm supply, and the limits of the offers."""
        supply = totals[self.supply] + sum(p.rate for p in self.firm if p.direction == OUTLET)
        return supply + sum(limit_of(p) for tier in self.offers for p in tier)


def merit(tier: Tier) -> float:
    """Return the rank that the ports of a tier share."""
    return tier[0].merit or 0.0


def tiers(ports: Iterable[Port], order: int) -> list[Tier]:
    """Group ports of equal merit, sorted by merit (``order`` +1) or against it (−1)."""

    def rank(port: Port) -> float:
        return order * (port.merit or 0.0)

    ranked = sorted(ports, key=lambda p: (rank(p), p.component.name, p.name))
    return [list(tier) for _, tier in groupby(ranked, key=rank)]


def limit_of(port: Port) -> float:
    """Return what a flexible port can carry now, by its component, its profiles and a shortage."""
    limit = port.component.limit(port)
    if port.factor != 1.0:
        limit *= port.factor
    if port.component.served < 1.0:
        limit = min(limit, port.component.served * port.uncut)
    return limit


def spare(tier: Tier) -> list[float]:
    """Return what each port of a tier could carry beyond its present rate."""
    return [max(0.0, limit_of(p) - p.rate) for p in tier]


def dispatch(order: list[Tier], amount: float) -> float:
    """Give an amount to tiers in turn; return what is left."""
    for tier in order:
        if len(tier) == 1:
            port = tier[0]
            limit = limit_of(port)
            if limit >= amount:
                port.rate = amount
                return 0.0
            port.rate = limit
            amount -= limit
        else:
            limits = [limit_of(p) for p in tier]
            total = sum(limits)
            taken = min(total, amount)
            share(tier, limits, taken)
            if total >= amount:
                return 0.0
            amount -= taken
    return amount


def share(tier: Tier, limits: list[float], rate: float) -> None:
    """Add a rate to the ports of a tier in proportion to their limits; unlimited ones share it equally."""
    total = sum(limits)
    if total <= 0:
        return
    if total == math.inf:
        limits = [1.0 if limit == math.inf else 0.0 for limit in limits]
        total = sum(limits)
    for port, limit in zip(tier, limits, strict=True):
        port.rate += rate * (limit / total)


def followers(ports: Iterable[Port]) -> list[Component]:
    """Return the components of the ports that respond to what they were dispatched."""
    components = {p.component.name: p.component for p in ports}
    return [c for _, c in sorted(components.items()) if type(c).respond is not Component.respond]
