"""Users' sums for many rows of the timetable at once, as long as only that changes which was foreseen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from .foresight import Agenda
from .timetable import Timetable
from .traces import Floats

if TYPE_CHECKING:
    from .ledger import Ledger

ROWS = 256
"""Rows that are worked out at once."""

Sight = tuple[bytes, list[float], bytes]
"""Users' sums at a time: those of buses as 64-bit floats and as numbers, and weighted ones as 64-bit floats."""


class Outlook:
    """What users' sums will be, row by row.

    Activities that are not in the agenda are taken to stay as they are while a block of rows lasts; `holds` tells whether they
    do.

    Parameters
    ----------
    ledger : Ledger
        Has the users' flows.
    agenda : Agenda
        What was foreseen.
    timetable : Timetable
        The rows.

    Attributes
    ----------
    doubted : bool
        Whether somebody may have changed what was not foreseen since `holds` was last asked.
    """

    def __init__(self, ledger: Ledger, agenda: Agenda, timetable: Timetable):
        self.ledger, self.agenda, self.timetable = ledger, agenda, timetable
        self.values = ledger.activities.copy()
        self.driving = (ledger.sums.counts > 0) | (ledger.weighted.counts > 0)
        foreseen = np.zeros(len(self.values), bool)
        foreseen[agenda.cells] = True
        self.others = np.flatnonzero(self.driving & ~foreseen)
        self.doubted, self.held = True, False

    def holds(self) -> bool:
        """Whether all that was not foreseen is as it was when this block of rows was worked out."""
        if self.doubted:
            self.doubted = False
            self.held = bool((self.ledger.activities[self.others] == self.values[self.others]).all())
        return self.held

    def __iter__(self) -> Iterator[Sight | None]:
        """Yield the sums at each row; None where nothing was foreseen, so that looking ahead would not pay."""
        if not len(self.agenda.cells):
            yield from repeat(None, len(self.timetable.hours))
            return
        for first in range(0, len(self.timetable.hours), ROWS):
            sums, weighted = self._block(slice(first, first + ROWS))
            yield from zip(in_rows(sums), sums.tolist(), in_rows(weighted), strict=True)

    def _block(self, rows: slice) -> tuple[Floats, Floats]:
        """Return the sums of buses and the weighted ones at some rows, shape (rows, sums)."""
        ledger, timetable = self.ledger, self.timetable
        self.values[self.others] = ledger.activities[self.others]
        self.doubted = True
        both = [(sums, sums.amounts(self.values)) for sums in (ledger.sums, ledger.weighted)]
        begins, ends = timetable.begins[rows], timetable.ends[rows]
        cells, values = (each[begins[0] : ends[-1]] for each in (self.agenda.cells, self.agenda.values))
        row = np.repeat(np.arange(len(begins)), ends - begins)
        driving = self.driving.take(cells).nonzero()[0]
        order = driving.take(np.argsort(cells.take(driving), kind="stable"))
        cells, values, row = cells.take(order), values.take(order), row.take(order)
        before = np.roll(values, 1)
        anew = np.append(True, cells[1:] != cells[:-1])[: len(cells)]
        before[anew] = self.values[cells[anew]]
        self.values[cells] = values
        factors, found = ledger.table[timetable.steps[rows]], list[Floats]()
        for sums, amounts in both:
            changes = sums.differences(len(begins), row, cells, (before, values))
            changes[0] += amounts
            found.append(sums.of(np.cumsum(changes, axis=0, out=changes), factors))
        return found[0], found[1]


def in_rows(sums: Floats) -> Iterator[bytes]:
    """Yield sums of shape (rows, sums) row by row, as 64-bit floats."""
    data, width = sums.tobytes(), sums.itemsize * sums.shape[1]
    return (data[k : k + width] for k in range(0, len(data), width))


def sight_of(sums: Floats, weighted: Floats) -> Sight:
    """Return sums of buses and weighted ones at one time, each of shape (sums,)."""
    return sums.tobytes(), sums.tolist(), weighted.tobytes()
