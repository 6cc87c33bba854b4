"""Rates of posted flows, found when somebody asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .foresight import Ints
from .traces import Floats

if TYPE_CHECKING:
    from .ledger import Ledger


class Rates:
    """What all posted flows are now: (rest + run × activity × its profile) × the port's profiles × share.

    Parameters
    ----------
    ledger : Ledger
        Has them.
    """

    def __init__(self, ledger: Ledger):
        n = ledger.n_flows
        self.ledger, self.cell = ledger, ledger.cell[:n]
        self.scale = np.concatenate((ledger.rest[:n], ledger.run[:n]))
        self.which = np.concatenate((ledger.which_rest[:n], ledger.which_run[:n]))
        self.scaled, self.step = np.zeros_like(self.scale), -1
        self.base, self.gain = np.split(self.scaled, 2)

    def find(self, out: Floats) -> None:
        """Write all rates into an array of shape (flows,) [rate unit]."""
        ledger = self.ledger
        self._follow()
        ledger.activities.take(self.cell, out=out, mode="clip")
        out *= self.gain
        out += self.base
        if ledger.is_cut:
            out *= ledger.share[: len(out)]

    def uncut(self, some: Ints) -> Floats:
        """Return what some of these flows would be without a shortage, shape (some,) [rate unit]."""
        self._follow()
        rates: Floats = self.base[some] + self.gain[some] * self.ledger.activities[self.cell[some]]
        return rates

    def _follow(self) -> None:
        """Follow profiles into the present step."""
        ledger = self.ledger
        if self.step != ledger.step:
            self.step = ledger.step
            ledger.table[self.step].take(self.which, out=self.scaled, mode="clip")
            self.scaled *= self.scale
