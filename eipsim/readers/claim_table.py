"""Reads published figures that somebody wants audited: amounts in one unit each, and everything wrong in one report."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from ..errors import DataError, Problems, nearest
from .tables import REMARKS, Line, packaged, parse_number, read_lines, read_table

NEEDED = ("claim", "date", "park", "scope", "quantity", "value", "unit")
OPTIONAL = ("source", "basis", "boundary", "rounding_half_width", "provenance", "part_of", "note")
"""Columns of a table of claims."""

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


class Amount(NamedTuple):
    """One published amount.

    Parameters
    ----------
    claim : str
        Its name.
    value, half_width : float
        Its size and half its last printed digit [kWh/yr, t/yr, GJ/yr, m3/yr, VND/yr or VND].
    """

    claim: str
    value: float
    half_width: float

    @property
    def low(self) -> float:
        """The least that is printed like this."""
        return self.value - self.half_width

    @property
    def high(self) -> float:
        """The most that is printed like this."""
        return self.value + self.half_width


class ClaimSet(NamedTuple):
    """What one source says of one scope at one time.

    Parameters
    ----------
    park, scope, printed : str
        What the figures are about, and the date as written.
    first_day, last_day : date
        The days that the date may mean.
    part_of : str
        The park or programme whose totals hold these figures; empty if none is known to.
    amounts : mapping of str to Amount
        By role: electricity [kWh/yr], lpg [t/yr], fuel [GJ/yr], water [m3/yr], carbon [t/yr], money [VND/yr], capital [VND].
    """

    park: str
    scope: str
    printed: str
    first_day: date
    last_day: date
    part_of: str
    amounts: Mapping[str, Amount]

    @property
    def label(self) -> str:
        """Park, scope and date."""
        return f"{self.park}, {self.scope}, {self.printed}"

    @property
    def counted(self) -> tuple[int, str] | None:
        """How many of what the scope counts, such as (60, "implemented")."""
        found = re.match(r"(\d+) (\w+)", self.scope)
        return (int(found.group(1)), found.group(2)) if found else None


@dataclass(frozen=True)
class _Quantity:
    quantity: str
    unit: str
    role: str
    to_base_ratio: float


@dataclass(frozen=True)
class _Rate:
    year: int
    vnd_per_usd: float


def days_of(text: str) -> tuple[date, date]:
    """Return first and last day of a year, a month or a day.

    Raises
    ------
    ValueError
        If the text is none of them.

    Examples
    --------
    >>> [str(day) for day in days_of("2024-02")]
    ['2024-02-01', '2024-02-29']
    """
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    first = date(year, month or 1, day or 1)
    if day:
        return first, first
    after = date(year + 1, 1, 1) if month in (None, 12) else date(year, month + 1, 1)
    return first, after - timedelta(days=1)


def printed_half_width(text: str) -> float:
    """Return half the place of the last digit that is not zero: a figure is believed to be rounded there.

    Examples
    --------
    >>> printed_half_width("4400000"), printed_half_width("5.6"), printed_half_width("27817")
    (50000.0, 0.05, 0.5)
    """
    exponent = Decimal(text).normalize().as_tuple().exponent
    return 0.5 * 10.0 ** int(exponent)


def read_claim_sets(path: Path | None = None) -> tuple[ClaimSet, ...]:
    """Read published figures and put those of one park, scope and date together.

    Parameters
    ----------
    path : Path, optional
        A table with the columns claim, date (2024, 2024-04 or 2024-04-18), park, scope, quantity, value, unit; it may have
        part_of, rounding_half_width, source, basis, boundary, provenance, note. By default the packaged one.

    Returns
    -------
    tuple of ClaimSet
        In the order of the file; only sets with something that can be audited. Dollars have become VND of the year.

    Raises
    ------
    DataError
        With every wrong cell by line and column, and the nearest name that is known.
    """
    path = path or packaged("published_claims.csv")
    lines = read_lines(path)
    quantities: dict[str, dict[str, _Quantity]] = {}
    for row in read_table(packaged("claim_quantities.csv"), _Quantity):
        quantities.setdefault(row.quantity, {})[row.unit] = row
    rates = {row.year: row.vnd_per_usd for row in read_table(packaged("usd_vnd.csv"), _Rate)}
    sets: dict[tuple[str, str, str], ClaimSet] = {}
    known = _Known(quantities, rates, {})
    with Problems(path.name, DataError) as problems:
        header = set(lines[0].cells) if lines else set()
        if not lines:
            problems.add("file", "has no line below its header")
        for name in sorted(header - {*NEEDED, *OPTIONAL, *REMARKS}):
            problems.add("header", f"has column {name!r}, which is not used here: {nearest(name, (*NEEDED, *OPTIONAL))}")
        missing = [name for name in NEEDED if name not in header]
        if lines and missing:
            problems.add("header", f"has no column {', '.join(missing)}")
        for line in lines:
            _read(line, known, sets, problems)
    return tuple(one for one in sets.values() if one.amounts)


class _Known(NamedTuple):
    """What a line may name, and what the lines before it named."""

    quantities: Mapping[str, Mapping[str, _Quantity]]
    vnd_per_usd: Mapping[int, float]
    lines: dict[str, int]


def _read(line: Line, known: _Known, sets: dict[tuple[str, str, str], ClaimSet], problems: Problems) -> None:
    """Add one line to its set, or note everything that is wrong with it."""
    rates, names = known.vnd_per_usd, known.lines
    before = len(problems.lines)

    def wrong(column: str, message: str) -> None:
        problems.add(f"line {line.number}, column {column!r}", f"= {line.cells[column]!r}: {message}")

    cells = {name: line.cells.get(name, "") for name in (*NEEDED, *OPTIONAL)}
    for name in ("claim", "park", "scope"):
        if name in line.cells and not cells[name]:
            wrong(name, "must not be empty")
    if cells["claim"] and names.setdefault(cells["claim"], line.number) != line.number:
        wrong("claim", f"is there already, on line {names[cells['claim']]}")
    value = half = math.nan
    for column in ("value", "rounding_half_width"):
        if column in line.cells and (cells[column] or column == "value"):
            try:
                number = parse_number(cells[column])
            except ValueError:
                wrong(column, "must be a number with a decimal point and nothing between thousands")
                continue
            if number < 0:
                wrong(column, "must be 0 or more")
            value, half = (number, half) if column == "value" else (value, number)
    days = None
    if "date" in line.cells:
        try:
            days = days_of(cells["date"])
        except ValueError:
            wrong("date", "must be a year, month or day like 2024, 2024-04 or 2024-04-18")
    units = known.quantities.get(cells["quantity"], {})
    if "quantity" in line.cells and not units:
        wrong("quantity", nearest(cells["quantity"], known.quantities))
    elif "unit" in line.cells and cells["unit"] not in units:
        wrong("unit", nearest(cells["unit"], units))
    elif "unit" in line.cells and days and units[cells["unit"]].role.endswith("_usd") and days[0].year not in rates:
        wrong("unit", f"has no exchange rate in {days[0].year}; there are rates from {min(rates)} to {max(rates)}: write VND")
    if len(problems.lines) > before or days is None or not set(NEEDED) <= set(line.cells):
        return
    meant = units[cells["unit"]]
    base = meant.to_base_ratio * (rates[days[0].year] if meant.role.endswith("_usd") else 1.0)
    if math.isnan(half):
        half = printed_half_width(cells["value"])
    key = (cells["park"], cells["scope"], cells["date"])
    one = sets.setdefault(key, ClaimSet(*key, *days, cells["part_of"], {}))
    role = meant.role.removesuffix("_usd")
    if role == "other":
        return
    if half >= value:
        wrong("value", f"must be more than half its last printed digit, {half:g}")
        return
    if role in one.amounts:
        wrong("quantity", f"{role} of {one.label} is there already: claim {one.amounts[role].claim}")
        return
    sets[key] = one._replace(
        part_of=one.part_of or cells["part_of"],
        amounts={**one.amounts, role: Amount(cells["claim"], base * value, base * half)},
    )
