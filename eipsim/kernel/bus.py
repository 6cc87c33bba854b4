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
        self.gives = [p for p in ports if p.firm and p.direction == OUTLET]
        self.draws = [p for p in ports if p.firm and p.direction == INLET]
        self.flexible = [p for p in ports if not p.firm]
        self.only = self.flexible[0] if len(self.flexible) == 1 else None
        self.followers = followers(self.flexible)
        self.told: list[tuple[Component, list[tuple[Port, Bus]]]] = []
        self.posts = False
        self.follows: list[tuple[Port, float, float, Port, Bus]] = []
        self.short = 0.0
        self.rank()

    def rank(self) -> None:
        """Sort by merit: once, and again when a policy has changed one."""
        self.offers = tiers((p for p in self.flexible if p.direction == OUTLET), +1)
        self.bids = tiers((p for p in self.flexible if p.direction == INLET), -1)
        least = merit(self.offers[0]) if self.offers else math.inf
        most = merit(self.bids[0]) if self.bids else -math.inf
        self.traders = [port for tier in self.bids if merit(tier) > least for port in tier]
        self.sellers = [port for tier in self.offers if merit(tier) < most for port in tier]
        self.deals = [(bids, offers) for bids in self.bids for offers in self.offers if merit(bids) > merit(offers)]
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
        for port in self.gives:
            supply += port.rate
        for port in self.draws:
            demand += port.rate
        only = self.only
        if only is not None:
            need = demand - supply if only.direction == OUTLET else supply - demand
            if 0.0 <= need <= only.most:
                only.rate, self.short = need, 0.0
                return
        for port in self.flexible:
            port.rate = 0.0
        self.short = 0.0
        if demand > supply:
            short = dispatch(self.offers, demand - supply)
            if short > TOLERANCE * demand:
                self.short = short
        elif supply > demand:
            left = dispatch(self.bids, supply - demand)
            if left > TOLERANCE * supply:
                surplus = supply - demand
                raise ParkError(f"{self.name} can't close: {left:g} of a surplus of {surplus:g} finds no taker; add an outlet")
        for bids, offers in self.deals:
            self._trade(bids, offers)

    def tell(self, everyone: bool) -> None:
        """Let components respond to what they were dispatched; buses on which that changes a firm rate become stale.

        Parameters
        ----------
        everyone : bool
            Whether a shortage cuts or has just cut somebody, so that components are asked that don't heed a dispatch.
        """
        for source, gain, rest, port, bus in self.follows:
            rate = gain * source.rate + rest * port.component.served
            if port.rate != rate:
                port.rate = rate
                bus.stale = True
        for component, firm in self.told:
            if everyone or component.heeds:
                component.respond()
                for port, bus in firm:
                    if port.rate != port.seen:
                        port.seen = port.rate
                        bus.stale = True

    def _trade(self, bids: Tier, offers: Tier) -> None:
        """Let flexible outlets serve flexible inlets of higher merit from what is left of both."""
        if len(bids) == 1 == len(offers):
            bid, offer = bids[0], offers[0]
            rate = min(bid.most - bid.rate, offer.most - offer.rate)
            if 0.0 < rate < math.inf:
                bid.rate += rate
                offer.rate += rate
        else:
            wants, haves = spare(bids), spare(offers)
            rate = min(sum(wants), sum(haves))
            if 0.0 < rate < math.inf:
                share(bids, wants, rate)
                share(offers, haves, rate)
        if rate == math.inf:
            raise ParkError(f"{self.name}: an unlimited offer meets an unlimited bid; give one of them a limit")

    def available(self, totals: list[float]) -> float:
        """Return all that could flow in now: users' and firm supply, and the limits of the offers."""
        supply = totals[self.supply] + sum(p.rate for p in self.gives)
        return supply + sum(p.most for tier in self.offers for p in tier)


def merit(tier: Tier) -> float:
    """Return the rank that the ports of a tier share."""
    return tier[0].merit or 0.0


def tiers(ports: Iterable[Port], order: int) -> list[Tier]:
    """Group ports of equal merit, sorted by merit (``order`` +1) or against it (−1)."""

    def rank(port: Port) -> float:
        return order * (port.merit or 0.0)

    ranked = sorted(ports, key=lambda p: (rank(p), p.component.name, p.name))
    return [list(tier) for _, tier in groupby(ranked, key=rank)]


def spare(tier: Tier) -> list[float]:
    """Return what each port of a tier could carry beyond its present rate."""
    return [p.most - p.rate for p in tier]


def dispatch(order: list[Tier], amount: float) -> float:
    """Give an amount to tiers in turn; return what is left."""
    for tier in order:
        if len(tier) == 1:
            port = tier[0]
            if port.most >= amount:
                port.rate = amount
                return 0.0
            port.rate = port.most
            amount -= port.most
        else:
            limits = [p.most for p in tier]
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
    return [c for _, c in sorted(components.items()) if c.responds]
