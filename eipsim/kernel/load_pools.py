"""What users have drunk: loads that stay with them for a while, until they leave with their wastewater."""

from __future__ import annotations

import numpy as np

from .load_book import Amounts, nothing, sum_of
from .traces import Floats


class Pools:
    """Loads with users, by the bus that they let out on, each with the hour from which on they leave."""

    def __init__(self) -> None:
        self.due: dict[int, list[tuple[Floats, Amounts]]] = {}

    def add(self, bus: int, due_h: Floats, amounts: Amounts) -> None:
        """Keep what was drunk in some bins.

        Parameters
        ----------
        bus : int
            Where it leaves.
        due_h : ndarray of shape (bins,)
            Hours in rising order; it leaves with the first bin that ends after them and has water.
        amounts : ndarray of shape (bins, loads)
            What it is [kg].
        """
        if amounts.any():
            self.due.setdefault(bus, []).append((due_h, amounts))

    def leave(self, bus: int, ends_h: Floats, volumes_m3: Floats) -> Amounts | None:
        """Return what leaves on a bus in some bins, shape (bins, loads) [kg]; None if nothing does.

        Parameters
        ----------
        bus : int
            Its number.
        ends_h, volumes_m3 : ndarray of shape (bins,)
            Ends of the bins [h], and the water of users who let out there [m3].
        """
        kept = self.due.pop(bus, None)
        if kept is None:
            return None
        flowing = (volumes_m3 > 0).nonzero()[0]
        until_h = ends_h[flowing]
        last_h, out = until_h[-1] if len(until_h) else 0.0, None
        for due_h, amounts in kept:
            n = int(due_h.searchsorted(last_h)) if due_h[0] < last_h else 0
            if n:
                out = nothing(len(ends_h)) if out is None else out
                at = flowing[until_h.searchsorted(due_h[:n], side="right")]
                if np.count_nonzero(at[1:] == at[:-1]):
                    np.add.at(out, at, amounts[:n])
                else:
                    out[at] += amounts[:n]
            if n < len(due_h):
                self.due.setdefault(bus, []).append((due_h[n:], amounts[n:]))
        return out

    def held(self) -> Amounts:
        """Return all that is there, shape (loads,) [kg]."""
        return sum_of(amounts.sum(axis=0) for kept in self.due.values() for _, amounts in kept)
