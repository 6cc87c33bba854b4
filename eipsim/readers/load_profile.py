"""Reads a measured load: what a factory drew from its meter in intervals of 15, 30 or 60 minutes."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import ConfigError, DataError, Problems
from ..timebase import Horizon
from .tables import LINES_SHOWN, parse_number

Floats = NDArray[np.float64]

INTERVALS_H = (0.25, 0.5, 1.0)
"""Widths that the intervals of a load may have [h]."""

STAMPS = ("start", "end")
UNITS = ("kw", "kwh")

PARK_TIME = timezone(timedelta(hours=7))

_HOUR = timedelta(hours=1)
_TOTAL = re.compile(r"total(?: (\d{4})-(\d{2}))?$")


@dataclass(frozen=True, eq=False)
class LoadProfile:
    """What a meter read, in park time.

    Parameters
    ----------
    name : str
        Of the file.
    first : datetime
        When the first interval begins.
    interval_h : float
        Width of an interval: 0.25, 0.5 or 1 [h].
    mean_kw : ndarray of shape (intervals,)
        Mean power of each interval [kW].
    """

    name: str
    first: datetime
    interval_h: float
    mean_kw: Floats

    @property
    def last(self) -> datetime:
        """When the last interval ends."""
        return self.first + self.mean_kw.size * self.interval_h * _HOUR

    def check_covers(self, horizon: Horizon) -> None:
        """Raise ConfigError if the horizon begins before the first interval or ends after the last."""
        start = datetime(horizon.start.year, horizon.start.month, horizon.start.day)
        end = start + horizon.hours * _HOUR
        if not (self.first <= start and end <= self.last):
            raise ConfigError(
                f"load {self.name}: covers {self.first:%Y-%m-%d %H:%M} to {self.last:%Y-%m-%d %H:%M}, and not the horizon of "
                f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}: set context.date and context.hours to what was measured"
            )

    def profile(self, horizon: Horizon, step_h: float) -> Floats:
        """Return the mean power of each step.

        Parameters
        ----------
        horizon : Horizon
            What the steps divide.
        step_h : float
            Width of a step: 0.25, 0.5 or 1 [h].

        Returns
        -------
        ndarray of shape (steps,)
            [kW]; energy of each step is exact, also where an interval is shorter or longer than it.

        Raises
        ------
        ConfigError
            If the load does not cover the horizon.
        """
        self.check_covers(horizon)
        start = datetime(horizon.start.year, horizon.start.month, horizon.start.day)
        quarters = np.repeat(self.mean_kw, round(4 * self.interval_h))[round(4 * ((start - self.first) / _HOUR)) :]
        width, steps = round(4 * step_h), horizon.steps(step_h)
        whole = np.pad(quarters, (0, max(0, steps * width - quarters.size)), mode="edge")
        means: Floats = whole[: steps * width].reshape(steps, width).mean(axis=1)
        return means


def read_load_profile(path: Path) -> LoadProfile:
    """Read a measured load.

    Parameters
    ----------
    path : Path
        A CSV file with a header of two columns. The first is ``start`` or ``end``: whether stamps name the begin or the end of
        their interval. The second is ``kw`` (mean power) or ``kwh`` (energy of the interval). Stamps are like 2022-01-31 07:15
        in park time (UTC+7), or carry their zone. Lines may follow that begin with ``total`` or ``total 2022-01`` and tell the
        energy of all lines or of a month [kWh], which is compared.

    Returns
    -------
    LoadProfile
        Named after the file.

    Raises
    ------
    DataError
        With every line, of many the first twenty, that has no number, a decimal comma, 24:00, a negative value, or a stamp that
        stands there twice, leaves a gap or goes back; and with every total that is not the sum.
    """
    stamp_name, unit, rows, totals = _rows(path)
    with Problems(path.name, DataError, LINES_SHOWN) as problems:
        begins: list[tuple[int, datetime]] = []
        values: list[float] = []
        for line, stamp, text in rows:
            when, value = _time(stamp, line, problems), _value(text, f"line {line}", problems)
            if when is not None and value is not None:
                begins.append((line, when))
                values.append(value)
        problems.raise_if_any()
        if len(begins) < 2:
            problems.add("file", "has fewer than two lines: the width of the intervals can't be seen")
            problems.raise_if_any()
        interval = begins[1][1] - begins[0][1]
        if interval / _HOUR not in INTERVALS_H:
            problems.add(
                f"line {begins[1][0]}", f"comes {_minutes(interval)} after line {begins[0][0]}: must be 15, 30 or 60 min"
            )
            problems.raise_if_any()
        if (begins[0][1] - datetime(2000, 1, 1)) % interval:
            problems.add(f"line {begins[0][0]}", f"{begins[0][1]:%H:%M} is no multiple of {_minutes(interval)}")
        _check_order(begins, interval, problems)
        problems.raise_if_any()
        interval_h = interval / _HOUR
        mean_kw = np.array(values) / (interval_h if unit == "kwh" else 1.0)
        back = interval if stamp_name == "end" else timedelta(0)
        _check_totals(totals, [when - back for _, when in begins], mean_kw * interval_h, problems)
    return LoadProfile(path.stem, begins[0][1] - back, interval_h, mean_kw)


def _rows(path: Path) -> tuple[str, str, list[tuple[int, str, str]], list[tuple[int, str, str]]]:
    """Return stamp column, unit, lines and totals, each (line, first cell, second cell)."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: can't be read as a UTF-8 table: {error}") from None
    reader = csv.reader(text.splitlines())
    header = [name.strip().lower() for name in next(reader, [])]
    if len(header) != 2 or header[0] not in STAMPS or header[1] not in UNITS:
        remedy = "columns are parted by commas, numbers have points" if ";" in "".join(header) else "for example start,kwh"
        raise DataError(f"{path.name}: line 1 must be start or end, then kw or kwh, and nothing else: {remedy}")
    rows: list[tuple[int, str, str]] = []
    totals: list[tuple[int, str, str]] = []
    with Problems(path.name, DataError, LINES_SHOWN) as problems:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != 2:
                decimal_comma = len(cells) == 3 and cells[2].strip().isdigit()
                told = (
                    f"has a decimal comma: write {cells[1]}.{cells[2]}" if decimal_comma else f"has {len(cells)} cells, not 2"
                )
                problems.add(f"line {reader.line_num}", told)
                continue
            one = (reader.line_num, cells[0].strip(), cells[1].strip())
            (totals if one[1].lower().startswith("total") else rows).append(one)
    return header[0], header[1], rows, totals


def _time(text: str, line: int, problems: Problems) -> datetime | None:
    if re.search(r"\b24:00", text):
        problems.add(f"line {line}", f"= {text!r}: write 00:00 of the next day for 24:00")
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        problems.add(f"line {line}", f"= {text!r}: must be a time like 2022-01-31 07:15")
        return None
    return when if when.tzinfo is None else when.astimezone(PARK_TIME).replace(tzinfo=None)


def _value(text: str, place: str, problems: Problems) -> float | None:
    try:
        value = parse_number(text)
    except ValueError:
        comma = re.fullmatch(r"-?\d+,\d+", text)
        problems.add(place, f"= {text!r}: " + (f"write {text.replace(',', '.')}" if comma else "must be a number"))
        return None
    if value < 0:
        problems.add(place, f"= {text}: must be 0 or more; what a site gives back is its solar array's")
        return None
    return value


def _check_order(begins: list[tuple[int, datetime]], interval: timedelta, problems: Problems) -> None:
    """Note stamps that stand there twice, go back, or leave a gap; a whole hour looks like daylight saving time."""
    first_line: dict[datetime, int] = {begins[0][1]: begins[0][0]}
    for (_, before), (line, now) in pairwise(begins):
        off = now - before - interval
        summer = ", as a clock that changes to daylight saving time does: write park time" if abs(off) == _HOUR else ""
        if now in first_line:
            told = "goes back" if off != -interval and abs(off) == _HOUR else "stands there twice"
            problems.add(f"line {line}", f"{now:%Y-%m-%d %H:%M} {told}, first in line {first_line[now]}{summer}")
        elif off > timedelta(0):
            problems.add(f"line {line}", f"{now:%Y-%m-%d %H:%M} leaves a gap of {_minutes(off)} before it{summer}")
        elif off < timedelta(0):
            problems.add(
                f"line {line}", f"{now:%Y-%m-%d %H:%M} does not follow {before:%Y-%m-%d %H:%M} by {_minutes(interval)}"
            )
        first_line.setdefault(now, line)


def _check_totals(totals: list[tuple[int, str, str]], begins: list[datetime], kwh: Floats, problems: Problems) -> None:
    months = np.array([(when.year, when.month) for when in begins])
    for line, name, text in totals:
        found, told = _TOTAL.match(name.lower()), _value(text, f"line {line}", problems)
        if found is None:
            problems.add(f"line {line}", f"= {name!r}: must be total, or total and a month like 2022-01")
        if found is None or told is None:
            continue
        chosen = np.ones(len(begins), bool)
        if found.group(1):
            chosen = (months == (int(found.group(1)), int(found.group(2)))).all(axis=1)
        total = float(kwh[chosen].sum())
        decimals = len(text.partition(".")[2])
        if abs(total - told) > 0.5 * 10.0**-decimals + 1e-9 * total:
            problems.add(f"line {line}", f"{name} = {text} kWh: the lines add up to {total:.{max(decimals, 1)}f} kWh")


def _minutes(width: timedelta) -> str:
    return f"{width / timedelta(minutes=1):g} min"
