"""What flowed: rates that are noted at each settlement, and folded into volumes bin by bin when loads are carried."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from .ledger import Ledger
from .load_book import Bins
from .load_users import Users
from .ports import Port
from .traces import Floats

_ROUNDING = 1e-9

MOST_ROWS = 1024
"""Settlements that are noted before they are folded, if nothing asks for it earlier."""


class Flows:
    """Rates since the last bin that was folded, a row a settlement.

    Parameters
    ----------
    ledger : Ledger
        Has the flows of all users.
    prompt : sequence of Port
        Ports whose rates are given at each settlement.
    ports : sequence of Port
        Those whose water has loads.
    users : Users
        Whose water has loads.
    bin_h : float
        Length of a bin [h].
    turning : sequence of (int, int)
        Pairs of ``ports``: a bin ends when the second begins to flow and the first has flowed in it.
    """

    def __init__(
        self,
        ledger: Ledger,
        prompt: Sequence[Port],
        ports: Sequence[Port],
        users: Users,
        *,
        bin_h: float,
        turning: Sequence[tuple[int, int]],
    ):
        place = {port: k for k, port in enumerate(prompt)}
        self.ledger, self.users, self.bin_h, self.n = ledger, users, bin_h, len(prompt)
        self.columns = np.array([place[port] for port in ports], np.int64)
        self.turning = [(place[ports[a]], place[ports[b]]) for a, b in turning]
        self.begins: list[float] = []
        self.rates = np.zeros((16, len(prompt) + len(users.columns)))
        self.edge_h = bin_h

    def note(self, now_h: float, rates: array[float]) -> None:
        """Take the flows that hold from now on [h], those of the prompt ports given."""
        begins = self.begins
        if begins and begins[-1] == now_h:
            begins.pop()
        if len(begins) == len(self.rates):
            self.rates = np.concatenate((self.rates, np.zeros_like(self.rates)))
        row = self.rates[len(begins)]
        row[: self.n] = rates
        self.ledger.flow_rates.take(self.users.columns, out=row[self.n :], mode="clip")
        begins.append(now_h)

    @property
    def is_full(self) -> bool:
        """Whether it is time to fold."""
        return len(self.begins) >= MOST_ROWS

    def is_due(self, until_h: float) -> bool:
        """Whether a bin is over at an hour [h]."""
        return self.edge_h < until_h + _ROUNDING

    def fold(self, until_h: float, last: bool = False) -> tuple[Bins, Floats, Floats] | None:
        """Return the bins that are over, and forget them; None if there are none.

        Parameters
        ----------
        until_h : float
            Now [h].
        last : bool
            Whether the run is over, and the last bin with it.

        Returns
        -------
        bins : Bins
            When they were.
        moved : ndarray of shape (ports, bins)
            What flowed through each port [m3].
        found : ndarray of shape (groups, bins, loads + 1)
            What each group of users brought, by load [kg], and its volume [m3].
        """
        times: list[float] = []
        while self.is_due(until_h):
            times.append(min(self.edge_h, until_h))
            self.edge_h += self.bin_h
        begins = self.begins
        if last and until_h - max([begins[0], *times]) > _ROUNDING:
            times.append(until_h)
        if not times:
            return None
        times = sorted({*times, *self._turns(times)})
        ends, noted = np.array(times), np.array(begins)
        starts = np.append(noted[0], ends[:-1])
        points = np.union1d(noted[noted < ends[-1]], starts)
        row = np.searchsorted(noted, points, side="right") - 1
        spans = np.diff(points, append=ends[-1])
        flowed = self.rates[row]
        flowed *= spans[:, None]
        volumes = np.add.reduceat(flowed, np.searchsorted(points, starts), axis=0)
        kept = int(np.searchsorted(noted, ends[-1], side="right")) - 1
        self.rates[: len(begins) - kept] = self.rates[kept : len(begins)].copy()
        self.begins = [times[-1], *begins[kept + 1 :]]
        return Bins(ends - starts, ends), volumes[:, self.columns].T.copy(), self.users.bring(volumes[:, self.n :])

    def _turns(self, times: Sequence[float]) -> list[float]:
        """Return when bins that end at given times must end earlier, because what was taken in them is given back."""
        rates, begins = self.rates[: len(self.begins)], self.begins
        pairs = [(a, b) for a, b in self.turning if rates[:, a].any() and rates[:, b].any()]
        if not pairs:
            return []
        found, ahead = list[float](), list(times)
        took = dict.fromkeys(pairs, False)
        for i, begin in enumerate(begins):
            while ahead and ahead[0] <= begin:
                over = ahead.pop(0)
                took = {(a, b): over < begin and rates[i - 1, a] > 0 for a, b in pairs}
            if not ahead:
                break
            if any(rates[i, b] > 0 and took[a, b] for a, b in pairs):
                found.append(begin)
                took = dict.fromkeys(pairs, False)
            took = {(a, b): was or rates[i, a] > 0 for (a, b), was in took.items()}
        return found
