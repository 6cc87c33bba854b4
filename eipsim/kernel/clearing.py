"""All buses of a park at one instant: cleared at once or later, and what is short shared out."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from itertools import compress
from operator import ne

from .bus import Bus
from .deferred import Deferred
from .ledger import Ledger
from .shortage import Shortage


class Clearing:
    """Clears buses once a settlement.

    Buses that can wait do so, also while others are short, as long as what is cut there leaves them with enough. Those on which
    only users and flexible ports meet are cleared alone when they may be short, so that the rest still waits. If more may be
    short, what was found is given back, and all are cleared and solved together.

    Parameters
    ----------
    ledger : Ledger
        Has the users' sums.
    buses : sequence of Bus
        All of a park in clearing order.
    deferred : Deferred
        Those that may wait.
    shortage : Shortage
        Shares out what is short.
    whole : collection of str
        Components on whose service loads depend: nothing waits while one of them gets less than it needs.
    hurry : callable
        Called before buses are cleared that could have waited.

    Attributes
    ----------
    waits : bool
        Whether the buses that may wait do so now.
    tight : list of Bus
        Those that were cleared alone, as they may be short; they count as waiting, for they come out the same later.
    posts : bool
        Whether a component has posted activities in response, since this was last set to False.
    """

    def __init__(
        self,
        ledger: Ledger,
        buses: Sequence[Bus],
        deferred: Deferred,
        shortage: Shortage,
        *,
        whole: Collection[str],
        hurry: Callable[[], None],
    ):
        self.ledger, self.buses, self.deferred, self.shortage = ledger, buses, deferred, shortage
        self.whole, self.hurry = frozenset(whole), hurry
        self.prompt = [bus for bus in buses if bus not in deferred.buses]
        self.short, self.waits, self.posts = False, False, False
        self.tight: list[Bus] = []
        by_total = {k: bus for bus in buses for k in (bus.supply, bus.demand)}
        self.summed = [by_total[k] for k in range(ledger.n_totals - 1)]
        self.totals = [math.nan] * ledger.n_totals

    def balance(self) -> bool:
        """Find all rates, those of buses that wait apart; return whether these do."""
        self.short = False
        totals = self._clear_prompt()
        self.tight = []
        self.waits = self.deferred.can_wait(totals)
        if not self.waits:
            self.tight = self.deferred.tight(totals) or []
            self._clear_anew(self.tight, totals)
            self.waits = bool(self.tight) and (self.short or self.deferred.at_rest(self.tight))
        if self.waits and self.short:
            waiting = [bus for bus in self.deferred.buses if bus not in self.tight]
            buses = [bus for bus in self.buses if bus not in waiting]
            self.waits = self.shortage.relax(self._clear_as_others_wait, totals, buses)
            if not self.waits:
                self.shortage.restore()
                totals = self._clear_prompt()
        if not self.waits:
            self.hurry()
            self._clear_anew(self.deferred.buses, totals)
            if self.short:
                self.shortage.relax(self._clear_all, totals, self.buses)
        return self.waits

    def _clear_prompt(self) -> list[float]:
        """Clear what does not wait, where users' sums or firm rates have changed; return all sums."""
        totals, before = self.ledger.sum_up(self.shortage.active), self.totals
        if totals is not before:
            for bus in compress(self.summed, map(ne, totals, before)):
                bus.stale = True
            self.totals = totals
        self._clear(self.prompt, totals)
        return totals

    def _clear_as_others_wait(self) -> list[float] | None:
        totals = self._clear_prompt()
        self._clear_anew(self.tight, totals)
        tight = self.deferred.tight(totals)
        wait = tight is not None and all(bus in self.tight for bus in tight) and self.deferred.at_rest(self.tight)
        return totals if wait and self.whole.isdisjoint(self.shortage.cut) else None

    def _clear_anew(self, buses: Sequence[Bus], totals: list[float]) -> None:
        for bus in buses:
            bus.stale = True
        self._clear(buses, totals)

    def _clear_all(self) -> list[float]:
        totals = self._clear_prompt()
        self._clear_anew(self.deferred.buses, totals)
        return totals

    def _clear(self, buses: Sequence[Bus], totals: list[float]) -> None:
        """Clear stale buses in order; what follows from a dispatch makes later buses stale."""
        cuts = self.short or self.shortage.active or bool(self.shortage.shown)
        for bus in buses:
            if bus.stale:
                bus.clear(totals)
                if bus.short:
                    self.short = True
                if bus.told or bus.follows:
                    bus.tell(cuts)
                    if bus.posts:
                        self.posts = True
                        self.ledger.doubt()
