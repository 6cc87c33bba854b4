"""All that is known ahead of a run: when foreseen activities and profiles change and bins end, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from .foresight import Agenda, Ints
from .traces import Floats

if TYPE_CHECKING:
    from .ledger import Ledger


Row = tuple[float, float, int, int, int, float]
"""An instant at which something changes that is known ahead.

Its hour and that of the next row [h]; where the activities that change begin and end in the agenda; the step that begins, if a
profile moves that is felt, else -1; the last end of a bin until then [h].
"""


class Timetable:
    """Rows of a run, so that no interval lies across one.

    Parameters
    ----------
    agenda : Agenda
        What was foreseen.
    ledger : Ledger
        Knows at which steps profiles move.
    step_h : float
        Width of a step [h].
    ends_h : ndarray of shape (bins,)
        When bins end of whose loads something follows [h].
    until_h : float
        End of the horizon [h].

    Attributes
    ----------
    hours : ndarray of shape (rows,)
        When they are [h].
    begins, ends : ndarray of shape (rows,)
        Where the activities that change begin and end in the agenda.
    steps : ndarray of shape (rows,)
        The step of profiles in which each row lies.
    """

    def __init__(self, agenda: Agenda, ledger: Ledger, step_h: float, ends_h: Floats, until_h: float):
        moves = np.array(ledger.moves())
        steps_h = moves * step_h
        hours = self.hours = np.union1d(np.union1d(agenda.hours, steps_h), ends_h)
        self.begins, self.ends = (self._in(agenda, hours, side) for side in (False, True))
        self.steps: Ints = moves[np.searchsorted(steps_h, hours, "right") - 1]
        steps = np.where(np.isin(hours, steps_h), self.steps, -1)
        over = np.append(0.0, ends_h)[np.searchsorted(ends_h, hours, "right")]
        columns = hours, np.append(hours[1:], until_h), self.begins, self.ends, steps, over
        self.columns = [column.tolist() for column in columns]

    def _in(self, agenda: Agenda, hours: Floats, passed: bool) -> Ints:
        place: Ints = agenda.starts[np.searchsorted(agenda.hours, hours, "right" if passed else "left")]
        return place

    def __iter__(self) -> Iterator[Row]:
        return zip(*self.columns, strict=True)
