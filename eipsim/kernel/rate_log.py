"""What buses dispatched at every settlement, folded into amounts block by block so that memory stays flat."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

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
    edges_h : ndarray of shape (n + 1,)
        Hours between which amounts are wanted [h].
    steps_h : ndarray of shape (m + 1,) or None
        Hours between which series are wanted, if any [h].
    """

    def __init__(self, ports: Sequence[Port], edges_h: Floats, steps_h: Floats | None = None):
        self.ports = list(ports)
        self.hours, self.rates = array("d"), array("d")
        self.grids = [edges_h] if steps_h is None else [edges_h, steps_h]
        self.sums = [np.zeros((len(edges) - 1, len(self.ports))) for edges in self.grids]

    @property
    def amounts(self) -> Floats:
        """Integrals between edges, shape (n, ports) [amount unit of each carrier]."""
        return self.sums[0]

    @property
    def by_step(self) -> Floats:
        """Integrals between steps, shape (m, ports); only if steps were wanted."""
        return self.sums[1]

    def note(self, hour: float) -> None:
        """Keep the rates that hold from this settlement on."""
        if len(self.hours) >= ROWS:
            self.close(hour)
        self.hours.append(hour)
        self.rates.fromlist([port.rate for port in self.ports])

    def close(self, until_h: float) -> None:
        """Fold what was noted, the last row until the given hour, into the sums."""
        if not self.hours or not self.ports:
            return
        hours = np.frombuffer(self.hours)
        rates = np.frombuffer(self.rates).reshape(len(hours), len(self.ports))
        for edges, sums in zip(self.grids, self.sums, strict=True):
            inside = edges[(edges > hours[0]) & (edges < until_h)]
            points = np.union1d(hours, inside)
            row = np.searchsorted(hours, points, side="right") - 1
            stretch = np.searchsorted(edges, points, side="right") - 1
            amounts = rates[row] * np.diff(points, append=until_h)[:, None]
            first = np.flatnonzero(np.r_[True, np.diff(stretch) > 0])
            at = np.minimum(stretch[first], len(sums) - 1)
            sums[at] += np.add.reduceat(amounts, first, axis=0)
        del hours, rates
        self.hours, self.rates = array("d"), array("d")
