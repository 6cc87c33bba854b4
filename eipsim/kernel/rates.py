"""Rates of posted flows, found when somebody asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .foresight import Ints
from .traces import Floats

if TYPE_CHECKING:
    from .ledger import Ledger


class Rates:
    """What some posted columns are now: (rest + run × activity × its profile) × the port's profiles × share.

    Parameters
    ----------
    ledger : Ledger
        Has them.
    columns : ndarray of shape (columns,)
        Which.
    """

    def __init__(self, ledger: Ledger, columns: Ints):
        self.ledger, self.columns, self.cell = ledger, columns, ledger.cell[columns]
        self.scale = np.concatenate((ledger.rest[columns], ledger.run[columns]))
        self.which = np.concatenate((ledger.which_rest[columns], ledger.which_run[columns]))
        self.scaled, self.step = np.zeros_like(self.scale), -1
        self.base, self.gain = np.split(self.scaled, 2)

    def find(self, out: Floats) -> None:
        """Write all rates into an array of shape (columns,) [rate unit]."""
        ledger = self.ledger
        if self.step != ledger.step:
            self._follow()
        ledger.activities.take(self.cell, out=out, mode="clip")
        out *= self.gain
        out += self.base
        if ledger.is_cut:
            out *= ledger.share.take(self.columns, mode="clip")

    def uncut(self, some: Ints) -> Floats:
        """Return what some of these columns would be without a shortage, shape (some,) [rate unit]."""
        if self.step != self.ledger.step:
            self._follow()
        rates: Floats = self.base[some] + self.gain[some] * self.ledger.activities[self.cell[some]]
        return rates

    def _follow(self) -> None:
        """Follow profiles into the present step."""
        ledger = self.ledger
        self.step = ledger.step
        ledger.table[self.step].take(self.which, out=self.scaled, mode="clip")
        self.scaled *= self.scale
