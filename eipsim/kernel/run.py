"""What one replication leaves behind: amounts by port and account, series, levels, events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..timebase import Account

if TYPE_CHECKING:
    from .load_book import Book

Floats = NDArray[np.float64]


class Event(NamedTuple):
    """Something that happened: when [h], to whom, what, and a number that goes with it."""

    hour: float
    component: str
    what: str
    value: float


class Column(NamedTuple):
    """One metered port: its component and port, carrier, place of its bus, direction and production line."""

    component: str
    port: str
    carrier: str
    place: str
    direction: int
    line: int | None


class Cause(NamedTuple):
    """Why production was lost.

    Parameters
    ----------
    what : str
        ``breakdown``, ``waiting for crew``, ``planned stop``, ``held back``, ``shortage``.
    carrier, place : str
        What was short, and where; empty if nothing was.
    root : str
        Component that is behind it.
    why : str
        What is the matter with the root, such as ``out``.
    """

    what: str
    carrier: str = ""
    place: str = ""
    root: str = ""
    why: str = ""


class Loss(NamedTuple):
    """Hours of full activity that a production line lost to one cause."""

    component: str
    line: int
    cause: Cause
    hours: float


@dataclass(frozen=True)
class Run:
    """One replication, summed.

    Parameters
    ----------
    columns : tuple of Column
        The metered ports.
    accounts : tuple of Account
        The rows of ``amounts``.
    amounts : ndarray of shape (accounts, columns)
        Integral of each rate [amount unit of the carrier].
    variable : ndarray of shape (accounts, columns)
        The part of ``amounts`` that the activity of the port's driver causes; the remainder is rest.
    series : dict
        Mean rate per step of the ports that were to be recorded, by ``component.port``, shape (steps,).
    series_step_h : float
        Width of those steps [h].
    levels : dict
        Hours and levels of each storage, shape (2, changes).
    events : tuple of Event
        What was logged, in order of time.
    residuals : dict
        For each bus ``carrier@place`` the greatest imbalance over the accounts, as a fraction of what flows there.
    settlements : int
        How often the park was settled.
    hours : float
        Length of the horizon [h].
    loads : Book or None
        What wastewater carried, if it had loads.
    unserved : dict
        For each bus ``carrier@place`` that was short: hours, and what its users lacked from each of them on [rate unit of the
        carrier], shape (2, changes). What a utility lacked on it (pumps, a meter) is not in it.
    lost : tuple of Loss
        Hours that production lines lost, by component, line and cause.
    """

    columns: tuple[Column, ...]
    accounts: tuple[Account, ...]
    amounts: Floats
    variable: Floats
    series: dict[str, Floats]
    series_step_h: float
    levels: dict[str, Floats]
    events: tuple[Event, ...]
    residuals: dict[str, float]
    settlements: int
    hours: float
    loads: Book | None = None
    unserved: dict[str, Floats] = field(default_factory=dict)
    lost: tuple[Loss, ...] = ()
    _index: dict[str, list[int]] = field(default_factory=dict, repr=False)

    def find(
        self,
        component: str | None = None,
        port: str | None = None,
        carrier: str | None = None,
        place: str | None = None,
        direction: int | None = None,
    ) -> list[int]:
        """Return the places of the columns that agree with everything named."""
        if not self._index:
            for j, column in enumerate(self.columns):
                self._index.setdefault(column.component, []).append(j)
        chosen = range(len(self.columns)) if component is None else self._index.get(component, [])
        return [
            j
            for j in chosen
            if (port is None or self.columns[j].port == port)
            and (carrier is None or self.columns[j].carrier == carrier)
            and (place is None or self.columns[j].place == place)
            and (direction is None or self.columns[j].direction == direction)
        ]

    def amount(self, **which: str | int | None) -> float:
        """Return the sum over all accounts of the columns that `find` gives."""
        return float(self.by_account(**which).sum())

    def by_account(self, **which: str | int | None) -> Floats:
        """Return the amounts per account, shape (accounts,), of the columns that `find` gives."""
        columns = np.asarray(self.find(**which), np.int64)  # type: ignore[arg-type]
        total: Floats = self.amounts[:, columns].sum(axis=1)
        return total

    def unserved_amount(self, bus: str) -> float:
        """Return what the users of a bus lacked over the horizon [amount unit of the carrier]."""
        hours, rates = self.unserved.get(bus, np.zeros((2, 1)))
        return float((rates * np.diff(hours, append=self.hours)).sum())

    @property
    def residual(self) -> float:
        """The greatest imbalance of any bus, as a fraction of what flows there."""
        return max(self.residuals.values(), default=0.0)
