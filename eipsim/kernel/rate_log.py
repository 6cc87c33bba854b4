"""What buses dispatched at every settlement, folded into amounts block by block so that memory stays flat."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from struct import Struct

import numpy as np

from .deferred import Deferred
from .lag import Lag
from .ports import Port
from .traces import Floats

ROWS = 4096
"""Settlements that are kept before they are folded."""


class RateLog:
    """The rates of all dispatched ports, a row a settlement.

    Parameters
    ----------
    ports : sequence of Port
        The columns.
    deferred : Deferred
        The buses that may be cleared when a block is folded.
    edges_h : ndarray of shape (n + 1,)
        Hours between which amounts are wanted [h].
    steps_h : ndarray of shape (m + 1,) or None
        Hours between which series are wanted, if any [h].
    """

    def __init__(self, ports: Sequence[Port], deferred: Deferred, edges_h: Floats, steps_h: Floats | None = None):
        self.ports, self.deferred = list(ports), deferred
        later = set(deferred.ports)
        self.prompt = [port for port in ports if port not in later]
        self.row = Struct(f"{len(self.prompt)}d")
        place = {port: k for k, port in enumerate((*self.prompt, *deferred.ports))}
        self.outer = [self.prompt.index(port) for port in deferred.outer]
        self.column = np.array([place[port] for port in ports], np.int64)
        self.grids = [edges_h] if steps_h is None else [edges_h, steps_h]
        self.lags: list[Lag] = []
        self.lags_turned = False
        self.sums = [np.zeros((len(edges) - 1, len(self.ports))) for edges in self.grids]
        self._start()

    def _start(self) -> None:
        self.hours, self.rates = array("d"), list[bytes]()
        self.totals, self.most, self.most_from = list[bytes](), array("d"), list[int]()
        self.at_once, self.known = list[int](), array("d")
        self.most_moved = True

    @property
    def is_full(self) -> bool:
        """Whether the next settlement folds what was noted."""
        return len(self.hours) >= ROWS

    @property
    def amounts(self) -> Floats:
        """Integrals between edges, shape (n, ports) [amount unit of each carrier]."""
        return self.sums[0]

    @property
    def by_step(self) -> Floats:
        """Integrals between steps, shape (m, ports); only if steps were wanted."""
        return self.sums[1]

    def note(self, hour: float, waits: bool, totals: bytes) -> bytes:
        """Keep the rates that hold from this settlement on; of deferred buses, if they wait, what decides them.

        Parameters
        ----------
        hour : float
            Now [h].
        waits : bool
            Whether deferred buses wait.
        totals : bytes
            Users' sums, as 64-bit floats.

        Returns
        -------
        bytes
            Rates of the prompt ports, as 64-bit floats.
        """
        if self.lags_turned:
            for lag in self.lags:
                lag.turn(hour)
            self.lags_turned = False
        rates = self.row.pack(*[port.rate for port in self.prompt])
        self.rates.append(rates)
        if waits:
            if self.most_moved:
                self.most.fromlist([port.most for port in self.deferred.flexible])
                self.most_from.append(len(self.totals))
                self.most_moved = False
            self.totals.append(totals)
            for lag in self.lags:
                lag.take()
        else:
            self.at_once.append(len(self.hours))
            self.known.fromlist([port.rate for port in self.deferred.ports])
        self.hours.append(hour)
        return rates

    def _block(self) -> Floats:
        """Return all rates that were noted, prompt ports first, shape (ports, rows)."""
        rows, n, deferred = len(self.hours), len(self.prompt), self.deferred
        block = np.empty((len(self.ports), rows))
        now, later = block[:n], block[n:]
        now[:] = np.frombuffer(b"".join(self.rates)).reshape(rows, n).T
        if self.totals and deferred.ports:
            waits = np.delete(np.arange(rows), self.at_once)
            for lag in self.lags:
                now[self.prompt.index(lag.port), waits] += lag.missing(np.array(self.hours)[waits])
            totals = np.frombuffer(b"".join(self.totals)).reshape(len(self.totals), deferred.n_totals)
            most = np.frombuffer(self.most).reshape(len(self.most_from), len(deferred.flexible))
            lasts = np.diff(self.most_from, append=len(totals))
            later[:, waits] = deferred.rates(totals.T, now[self.outer].take(waits, axis=1), most.T.repeat(lasts, axis=1))
        later[:, self.at_once] = np.frombuffer(self.known).reshape(len(self.at_once), len(deferred.ports)).T
        return block

    def close(self, until_h: float) -> None:
        """Fold what was noted, the last row until the given hour, into the sums."""
        if not self.hours or not self.ports:
            return
        hours, rates = np.array(self.hours), self._block()
        for edges, sums in zip(self.grids, self.sums, strict=True):
            inside = edges[(edges > hours[0]) & (edges < until_h)]
            points = np.union1d(hours, inside)
            row = np.searchsorted(hours, points, side="right") - 1
            stretch = np.searchsorted(edges, points, side="right") - 1
            amounts = rates.take(row, axis=1)
            amounts *= np.diff(points, append=until_h)
            first = np.flatnonzero(np.r_[True, np.diff(stretch) > 0])
            at = np.minimum(stretch[first], len(sums) - 1)
            sums[at] += np.add.reduceat(amounts, first, axis=1)[self.column].T
        self._start()
