"""The clock of the park: horizon, working calendars and the accounts amounts are summed into."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, field_validator
from pydantic.dataclasses import dataclass as checked_dataclass

from .errors import ConfigError

Floats = NDArray[np.float64]


class Account(NamedTuple):
    """One row of amounts: a day of the horizon and a tariff band."""

    day: int
    band: str


@dataclass(frozen=True)
class AccountGrid:
    """Which account each stretch of the horizon belongs to.

    Parameters
    ----------
    edges_h : ndarray of shape (stretches + 1,)
        Hours at which the account may change, from 0 to the end of the horizon [h].
    account : ndarray of shape (stretches,)
        The place of each stretch among ``accounts``.
    accounts : tuple of Account
        The rows of a run's amounts.
    """

    edges_h: NDArray[np.float64]
    account: NDArray[np.int64]
    accounts: tuple[Account, ...]


@dataclass(frozen=True)
class Horizon:
    """The stretch of local time that is simulated; hour 0 is midnight at the start of its first day.

    The park's clock has no daylight saving, so every day has 24 hours.

    Parameters
    ----------
    start : date
        First day.
    hours : float
        Length, more than 0 [h]. The last day may be cut short.

    Raises
    ------
    ConfigError
        If the length is not a positive, finite number.

    Examples
    --------
    >>> year = Horizon(date(2022, 1, 1))
    >>> year.days, year.weekday(0), year.date_of(364)
    (365, 5, datetime.date(2022, 12, 31))
    """

    start: date
    hours: float = 8760.0

    def __post_init__(self) -> None:
        if not (self.hours > 0 and math.isfinite(self.hours)):
            raise ConfigError(f"horizon.hours = {self.hours:g} h: must be more than 0 and finite")

    @property
    def days(self) -> int:
        """How many calendar days it touches."""
        return math.ceil(self.hours / 24)

    def date_of(self, day: int) -> date:
        """Return the calendar date of a day of the horizon, counted from 0; days before the start are negative."""
        return self.start + timedelta(days=day)

    def weekday(self, day: int) -> int:
        """Return the day of the week of a day of the horizon, Monday = 0."""
        return (self.start.weekday() + day) % 7

    def steps(self, step_h: float) -> int:
        """Return how many steps of that width [h] cover the horizon."""
        return math.ceil(self.hours / step_h)


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class WorkCalendar:
    """When people work: shifts on the first days of each week, except holidays.

    A shift belongs to the day on which it starts: a night shift that began on Saturday ends on Sunday morning, and one
    that began on the eve of the horizon is still at work at hour 0.

    Parameters
    ----------
    shifts : tuple of (float, float)
        Start and end of each shift, as hours of the day on which it starts [h]; the end may pass 24. Shifts that touch
        or overlap are one stretch of work.
    days_per_week : {5, 6, 7}
        Shifts start from Monday to Friday, to Saturday, or every day.
    holidays : frozenset of date
        Days on which no shift starts.

    Raises
    ------
    pydantic.ValidationError
        If a shift starts outside 0-24 h, does not end after it starts, or lasts longer than a day.

    Examples
    --------
    >>> two_shifts = WorkCalendar(shifts=((6, 14), (14, 22)), days_per_week=6)
    >>> two_shifts.edges(Horizon(date(2022, 1, 3), 48)).tolist()
    [6.0, 22.0, 30.0, 46.0]
    """

    shifts: tuple[tuple[float, float], ...]
    days_per_week: Literal[5, 6, 7] = 6
    holidays: frozenset[date] = frozenset()

    @field_validator("shifts")
    @classmethod
    def _check_shifts(cls, shifts: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        wrong = [f"{start:g}-{end:g}" for start, end in shifts if not (0 <= start < 24 and start < end <= start + 24)]
        if wrong:
            raise ValueError(f"shift {', '.join(wrong)}: must start from 0 to below 24 h and last more than 0 and at most 24 h")
        return shifts

    def edges(self, horizon: Horizon) -> Floats:
        """Return when work starts and stops, by turns.

        Parameters
        ----------
        horizon : Horizon
            What the hours are counted from; work outside it is cut off.

        Returns
        -------
        ndarray of shape (2 × stretches,)
            Start, stop, start, stop, … in rising order [h]; empty if nobody works. A calendar without a pause gives one
            stretch.
        """
        days = [
            day
            for day in range(-1, horizon.days)
            if horizon.weekday(day) < self.days_per_week and horizon.date_of(day) not in self.holidays
        ]
        stretches = sorted((24.0 * day + start, 24.0 * day + end) for day in days for start, end in self.shifts)
        edges: list[float] = []
        for start, end in stretches:
            first, last = max(start, 0.0), min(end, horizon.hours)
            if first >= last:
                continue
            if edges and first <= edges[-1]:
                edges[-1] = max(edges[-1], last)
            else:
                edges += (first, last)
        return np.array(edges, dtype=np.float64)

    def profile(self, horizon: Horizon, step_h: float, rest: float = 0.0) -> Floats:
        """Return the share of each step that is worked, for ports that follow the calendar without being woken.

        Parameters
        ----------
        horizon : Horizon
            What the steps divide.
        step_h : float
            Width of a step [h].
        rest : float
            Value while nobody works, 0-1.

        Returns
        -------
        ndarray of shape (steps,)
            Mean over each step of 1 while people work and ``rest`` while not, so that its integral is exact even where
            a shift starts within a step.
        """
        ends = np.minimum(step_h * np.arange(horizon.steps(step_h) + 1), horizon.hours)
        edges = self.edges(horizon)
        if not edges.size:
            return np.full(ends.size - 1, rest)
        worked_h = np.repeat(np.cumsum(edges[1::2] - edges[::2]), 2)
        worked_h[::2] -= edges[1::2] - edges[::2]
        share = np.diff(np.interp(ends, edges, worked_h)) / np.diff(ends)
        profile: Floats = rest + (1.0 - rest) * share
        return profile

    def hours(self, horizon: Horizon) -> float:
        """Return how long people work in the horizon [h]; worked out once for each calendar and horizon."""
        return _hours_worked(self, horizon)


@lru_cache(maxsize=256)
def _hours_worked(calendar: WorkCalendar, horizon: Horizon) -> float:
    edges = calendar.edges(horizon)
    return float((edges[1::2] - edges[::2]).sum())
