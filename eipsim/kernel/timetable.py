"""All that is known ahead of a run: when foreseen activities and profiles change and bins end, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .foresight import Agenda, Ints
from .traces import Floats

if TYPE_CHECKING:
    from .ledger import Ledger


class Row(NamedTuple):
    """An instant at which something changes that is known ahead.

    Parameters
    ----------
    hour, next_hour : float
        When, and when the next row is [h].
    begin, end : int
        Where the activities that change are in the agenda.
    step : int
        The step that begins, if a profile moves that is felt; -1 else.
    over_h : float
        The last end of a bin until then [h].
    """

    hour: float
    next_hour: float
    begin: int
    end: int
    step: int
    over_h: float


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
    """

    def __init__(self, agenda: Agenda, ledger: Ledger, step_h: float, ends_h: Floats, until_h: float):
        moves = np.array(ledger.moves())
        steps_h = moves * step_h
        hours = self.hours = np.union1d(np.union1d(agenda.hours, steps_h), ends_h)
        begins, ends = (self._in(agenda, hours, side) for side in (False, True))
        steps = np.where(np.isin(hours, steps_h), moves[np.searchsorted(steps_h, hours, "right") - 1], -1)
        over = np.append(0.0, ends_h)[np.searchsorted(ends_h, hours, "right")]
        columns = hours, np.append(hours[1:], until_h), begins, ends, steps, over
        self.columns = [column.tolist() for column in columns]

    def _in(self, agenda: Agenda, hours: Floats, passed: bool) -> Ints:
        place: Ints = agenda.starts[np.searchsorted(agenda.hours, hours, "right" if passed else "left")]
        return place

    def __iter__(self) -> Iterator[Row]:
        return map(Row, *self.columns)
