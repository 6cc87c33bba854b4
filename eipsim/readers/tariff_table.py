"""Reads electricity prices by decision, voltage class and hour of the week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import ConfigError, DataError, nearest
from ..timebase import Account, AccountGrid, Horizon
from .tables import in_force, packaged, read_table

BANDS = ("normal", "offpeak", "peak")
"""Tariff bands of electricity prices; an hour in no window is normal."""

VOLTAGE_CLASSES = ("ge110", "22_110", "6_22", "lt6")
"""Classes of supply voltage: at least 110 kV, from 22, from 6, below 6 kV."""

_WEEKDAYS = {"daily": range(7), "mon-sat": range(6), "mon-fri": range(5), "sun": range(6, 7)}


@dataclass(frozen=True)
class Window:
    """A band's hours on some days of the week.

    Parameters
    ----------
    days : {"daily", "mon-sat", "mon-fri", "sun"}
        Days on which the window starts.
    start_h, end_h : float
        From and to [h]; an end that is not after the start lies on the next day.
    band : {"offpeak", "peak"}
        The tariff band.
    """

    days: str
    start_h: float
    end_h: float
    band: str


@dataclass(frozen=True)
class TouSchedule:
    """Which tariff band each hour of the week belongs to.

    Parameters
    ----------
    name : str
        The rule it comes from.
    effective_from : date
        First day in force.
    windows : tuple of Window
        Hours that are not normal; they do not overlap.
    """

    name: str
    effective_from: date
    windows: tuple[Window, ...]

    def __post_init__(self) -> None:
        for weekday in range(7):
            stretches = self.stretches(weekday)
            if any(before[1] > after[0] for before, after in pairwise(stretches)):
                raise DataError(f"schedule {self.name!r}: two windows overlap on day {weekday + 1} of the week")

    def stretches(self, weekday: int) -> tuple[tuple[float, float, str], ...]:
        """Return start [h], end [h] and band of the stretches of a day, from 0 to 24; Monday = 0."""
        marked: list[tuple[float, float, str]] = []
        for window in self.windows:
            overnight = window.end_h <= window.start_h
            days = _WEEKDAYS[window.days]
            if weekday in days:
                marked.append((window.start_h, 24.0 if overnight else window.end_h, window.band))
            if overnight and (weekday - 1) % 7 in days:
                marked.append((0.0, window.end_h, window.band))
        stretches: list[tuple[float, float, str]] = []
        now = 0.0
        for start, end, band in sorted(marked):
            if start > now:
                stretches.append((now, start, "normal"))
            if end > start:
                stretches.append((start, end, band))
            now = max(now, end)
        if now < 24.0:
            stretches.append((now, 24.0, "normal"))
        return tuple(stretches)

    def profile(self, band: str, horizon: Horizon, step_h: float) -> NDArray[np.float64]:
        """Return the share of each step that lies in a band, shape (steps,) [1].

        Parameters
        ----------
        band : str
            One of ``BANDS``.
        horizon : Horizon
            What the steps are counted from.
        step_h : float
            Width of a step [h].
        """
        edges = np.arange(round(24.0 / step_h) + 1) * step_h
        week = {
            weekday: sum(
                (np.clip(edges[1:], start, end) - np.clip(edges[:-1], start, end)) / step_h
                for start, end, name in self.stretches(weekday)
                if name == band
            )
            + np.zeros(len(edges) - 1)
            for weekday in range(7)
        }
        days = np.concatenate([week[horizon.weekday(day)] for day in range(horizon.days)])
        return days[: horizon.steps(step_h)]

    def accounts(self, horizon: Horizon) -> AccountGrid:
        """Return the accounts of a horizon: one per day and band, with edges at every change and every midnight.

        Parameters
        ----------
        horizon : Horizon
            What the hours are counted from.

        Returns
        -------
        AccountGrid
            Accounts stand in order of day, then of `BANDS`; a band that a day does not have has no account.
        """
        week = [self.stretches(weekday) for weekday in range(7)]
        edges, account, accounts = [0.0], list[int](), list[Account]()
        for day in range(horizon.days):
            today = [stretch for stretch in week[horizon.weekday(day)] if 24.0 * day + stretch[0] < horizon.hours]
            present = [band for band in BANDS if any(stretch[2] == band for stretch in today)]
            for _, end, band in today:
                edges.append(min(24.0 * day + end, horizon.hours))
                account.append(len(accounts) + present.index(band))
            accounts += [Account(day, band) for band in present]
        return AccountGrid(np.array(edges), np.array(account, dtype=np.int64), tuple(accounts))

    def hours_per_week(self) -> dict[str, float]:
        """Return how many hours of a week each band has [h]."""
        hours = dict.fromkeys(BANDS, 0.0)
        for weekday in range(7):
            for start, end, band in self.stretches(weekday):
                hours[band] += end - start
        return hours


@dataclass(frozen=True)
class Tariff:
    """What a factory pays for electricity: a price per voltage class and band, before VAT, and for power if it has two parts.

    Parameters
    ----------
    decision : str
        The price decision.
    effective_from : date
        First day in force.
    prices_vnd_per_kwh : mapping of str to mapping of str to float
        Price by voltage class and band [VND/kWh].
    schedule : TouSchedule
        The hours of the bands.
    capacity_vnd_per_kw_month : mapping of str to float or None
        Price by voltage class of the greatest half-hour mean of a month [VND/(kW·month)]; None for one part.
    """

    decision: str
    effective_from: date
    prices_vnd_per_kwh: Mapping[str, Mapping[str, float]]
    schedule: TouSchedule
    capacity_vnd_per_kw_month: Mapping[str, float] | None = None

    def price_vnd_per_kwh(self, voltage_class: str) -> dict[str, float]:
        """Return the price of each band [VND/kWh].

        Parameters
        ----------
        voltage_class : {"ge110", "22_110", "6_22", "lt6"}
            Class of supply voltage.

        Raises
        ------
        ConfigError
            If the tariff knows no such class.
        """
        if voltage_class not in self.prices_vnd_per_kwh:
            raise ConfigError(
                f"voltage class {voltage_class!r} has no price: {nearest(voltage_class, self.prices_vnd_per_kwh)}"
            )
        return dict(self.prices_vnd_per_kwh[voltage_class])

    def mean_price_vnd_per_kwh(self, voltage_class: str, shape: ArrayLike | None = None) -> float:
        """Return the price of the mean kilowatt-hour of a week.

        Parameters
        ----------
        voltage_class : {"ge110", "22_110", "6_22", "lt6"}
            Class of supply voltage.
        shape : array_like of shape (steps,), optional
            Load in equal steps of a week from Monday 00:00, in any unit; constant by default.

        Returns
        -------
        float
            Σ price × load / Σ load [VND/kWh].

        Raises
        ------
        ConfigError
            If the class is unknown, or a load is negative, or all are zero.

        Examples
        --------
        >>> tariff = read_tariff(date(2022, 1, 1))
        >>> round(tariff.mean_price_vnd_per_kwh("22_110"))
        1653
        """
        prices = self.price_vnd_per_kwh(voltage_class)
        load = np.ones(1) if shape is None else np.asarray(shape, dtype=np.float64)
        if load.ndim != 1 or not (load >= 0).all() or not load.sum() > 0:
            raise ConfigError("a load shape must be one row of numbers from 0 up, not all 0")
        ends, paid = [0.0], [0.0]
        for weekday in range(7):
            for start, end, band in self.schedule.stretches(weekday):
                ends.append(24.0 * weekday + end)
                paid.append(paid[-1] + prices[band] * (end - start))
        edges = np.linspace(0.0, 168.0, load.size + 1)
        price = np.diff(np.interp(edges, ends, paid)) / np.diff(edges)
        return float((price * load).sum() / load.sum())


@dataclass(frozen=True)
class _TariffRow:
    effective_from: date
    decision: str
    voltage_class: str
    normal_vnd_per_kwh: float
    offpeak_vnd_per_kwh: float
    peak_vnd_per_kwh: float
    capacity_vnd_per_kw_month: float = 0.0

    def __post_init__(self) -> None:
        if self.voltage_class not in VOLTAGE_CLASSES:
            raise ValueError(f"voltage_class = {self.voltage_class!r}: {nearest(self.voltage_class, VOLTAGE_CLASSES)}")


@dataclass(frozen=True)
class _WindowRow:
    schedule: str
    effective_from: date
    days: str
    start_h: float
    end_h: float
    band: str

    def __post_init__(self) -> None:
        if self.days not in _WEEKDAYS:
            raise ValueError(f"days = {self.days!r}: {nearest(self.days, _WEEKDAYS)}")
        if not (0 <= self.start_h < 24 and 0 <= self.end_h <= 24):
            raise ValueError(f"window {self.start_h:g}-{self.end_h:g} h: must start from 0 to below 24 and end from 0 to 24")
        if self.band not in BANDS:
            raise ValueError(f"band = {self.band!r}: {nearest(self.band, BANDS)}")


def read_schedules(path: Path | None = None) -> tuple[TouSchedule, ...]:
    """Read all schedules of tariff bands, in order of their first day.

    Parameters
    ----------
    path : Path, optional
        A table of windows; by default the packaged one.

    Raises
    ------
    DataError
        If a cell is wrong, or two windows of a schedule overlap.
    """
    windows: dict[tuple[date, str], list[Window]] = {}
    for row in read_table(path or packaged("evn_tou_windows.csv"), _WindowRow):
        window = Window(row.days, row.start_h, row.end_h, row.band)
        windows.setdefault((row.effective_from, row.schedule), []).append(window)
    return tuple(TouSchedule(name, first, tuple(windows[first, name])) for first, name in sorted(windows))


def read_tariff(on: date, schedule: str | None = None, path: Path | None = None, *, two_part: bool = False) -> Tariff:
    """Read the tariff for manufacturing that is in force on a day.

    Parameters
    ----------
    on : date
        The day.
    schedule : str, optional
        Name of the schedule of bands to bill by, since a new one may be decided before it is billed; by default the
        one in force.
    path : Path, optional
        A table of prices; by default the packaged one.
    two_part : bool
        Whether power is paid for beside energy, by the pilot for chosen customers; who is chosen is not asked.

    Returns
    -------
    Tariff
        Prices before VAT.

    Raises
    ------
    ConfigError
        If no decision was in force, or there is no such schedule.
    DataError
        If a cell is wrong, or a decision leaves out a voltage class.
    """
    path = path or packaged("evn_two_part_pilot.csv" if two_part else "evn_manufacturing_tou_tariff.csv")
    rows = read_table(path, _TariffRow)
    decision = in_force(rows, on, "two-part electricity price" if two_part else "electricity price")
    prices = {
        row.voltage_class: dict(
            zip(BANDS, (row.normal_vnd_per_kwh, row.offpeak_vnd_per_kwh, row.peak_vnd_per_kwh), strict=True)
        )
        for row in rows
        if row.effective_from == decision.effective_from
    }
    missing = [name for name in VOLTAGE_CLASSES if name not in prices]
    if missing:
        raise DataError(f"{path.name}: {decision.decision} has no line for voltage class {', '.join(missing)}")
    schedules = {each.name: each for each in read_schedules()}
    if schedule is not None and schedule not in schedules:
        raise ConfigError(f"schedule {schedule!r} of tariff bands is unknown: {nearest(schedule, schedules)}")
    chosen = in_force(schedules.values(), on, "schedule of tariff bands") if schedule is None else schedules[schedule]
    capacity = {
        row.voltage_class: row.capacity_vnd_per_kw_month for row in rows if row.effective_from == decision.effective_from
    }
    return Tariff(decision.decision, decision.effective_from, prices, chosen, capacity if two_part else None)
