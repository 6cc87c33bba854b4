"""Reads discharge standards: what may be let out into which water."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..errors import ConfigError, DataError, Problems, nearest
from .tables import packaged, read_table

COLUMNS = ("A", "B", "C")
"""A for water that drinking water is taken from, then water that needs less; a standard may have two or three of them."""
_COLUMNS = ("column_a_g_per_m3", "column_b_g_per_m3", "column_c_g_per_m3")
Steps = tuple[tuple[float, float], ...]
REMEDY = (
    "add the limits of the right one (in Viet Nam QCVN 40:2025/BTNMT since 2025-09-01, which are not packaged) to a copy of "
    "the table and give it as limits_table, or name one of these as standard"
)
"""What to do when no standard is found."""


@dataclass(frozen=True)
class DischargeStandard:
    """Values of one standard before they are scaled to a plant and a river.

    Parameters
    ----------
    name : str
        Of the standard.
    effective_from : date
        First day in force.
    effective_to, existing_to : date
        Last day in force: for new plants, and for those that stood before a newer standard came.
    steps_g_per_m3 : mapping of str to mapping
        By column and parameter, steps of the value C: up to a discharge [m3/d], and the value [g/m3].
    scaled : tuple of str
        Parameters that Kq and Kf multiply.
    kq_frac, kf_frac : tuple of (float, float)
        Steps of the factors: up to a river's flow [m3/s], and up to a discharge [m3/d].
    """

    name: str
    effective_from: date
    effective_to: date
    existing_to: date
    steps_g_per_m3: Mapping[str, Mapping[str, Steps]]
    scaled: tuple[str, ...]
    kq_frac: Steps
    kf_frac: Steps

    def basis_g_per_m3(self, column: str, discharge_m3_per_d: float) -> dict[str, float]:
        """Return the value C of each parameter for a discharge [g/m3].

        Raises
        ------
        ConfigError
            If the standard has no such column, or no value for such a discharge; the message says what it has.
        """
        if column not in self.steps_g_per_m3:
            raise ConfigError(f"column = {column!r}: {self.name} has the columns {' and '.join(self.steps_g_per_m3)}")
        found = {}
        for parameter, steps in self.steps_g_per_m3[column].items():
            if discharge_m3_per_d > steps[-1][0]:
                raise ConfigError(
                    f"discharge_m3_per_d = {discharge_m3_per_d:g} m3/d: {self.name} has {parameter} up to {steps[-1][0]:g} "
                    "m3/d: add its row without up_to_m3_per_d to the table of limits"
                )
            found[parameter] = next(value for up_to, value in steps if discharge_m3_per_d <= up_to)
        return found

    def last_day(self, *, existing: bool) -> date:
        """Return the last day on which it holds for a plant."""
        return self.existing_to if existing else self.effective_to


@dataclass(frozen=True)
class _LimitRow:
    standard: str
    effective_from: date
    parameter: str
    column_a_g_per_m3: float
    column_b_g_per_m3: float
    scaled: bool
    effective_to: date = date.max
    existing_to: date = date.max
    column_c_g_per_m3: float = math.inf
    up_to_m3_per_d: float = math.inf

    def __post_init__(self) -> None:
        if not self.effective_from <= self.effective_to <= self.existing_to:
            raise ValueError(
                f"effective_from = {self.effective_from}, effective_to = {self.effective_to} and existing_to = "
                f"{self.existing_to}: must follow one another in this order"
            )
        if not 0 < self.column_a_g_per_m3 <= self.column_b_g_per_m3:
            raise ValueError(
                f"column_a_g_per_m3 = {self.column_a_g_per_m3:g}: must be more than 0 and at most column_b_g_per_m3, "
                f"{self.column_b_g_per_m3:g}"
            )
        if not self.column_b_g_per_m3 <= self.column_c_g_per_m3:
            raise ValueError(
                f"column_c_g_per_m3 = {self.column_c_g_per_m3:g}: must be at least column_b_g_per_m3, "
                f"{self.column_b_g_per_m3:g}"
            )
        if not self.up_to_m3_per_d > 0:
            raise ValueError(
                f"up_to_m3_per_d = {self.up_to_m3_per_d:g}: must be more than 0, or empty for all above the others"
            )


@dataclass(frozen=True)
class _FactorRow:
    standard: str
    factor: str
    ratio: float
    up_to_m3_per_s: float = math.inf
    up_to_m3_per_d: float = math.inf

    def __post_init__(self) -> None:
        if self.factor not in ("kq", "kf"):
            raise ValueError(f"factor = {self.factor!r}: {nearest(self.factor, ('kq', 'kf'))}")


def read_discharge_standards(limits: Path | None = None, factors: Path | None = None) -> tuple[DischargeStandard, ...]:
    """Read all standards of a table of limits, the oldest first.

    Parameters
    ----------
    limits, factors : Path, optional
        Tables of values and of factors; by default the packaged ones. A standard none of whose rows is ``scaled`` needs no
        factors. ``column_c_g_per_m3`` and ``up_to_m3_per_d``, for values by classes of discharge, may be there.

    Raises
    ------
    DataError
        If a cell is wrong, a table has no rows, the rows of a standard do not hold for the same time, or it has no factors.
    """
    limits, factors = limits or packaged("wastewater_limits_vn.csv"), factors or packaged("wastewater_limit_factors_vn.csv")
    by_standard: dict[str, list[_LimitRow]] = {}
    for row in read_table(limits, _LimitRow):
        by_standard.setdefault(row.standard, []).append(row)
    if not by_standard:
        raise DataError(f"{limits.name}: has no rows; add the limits of a standard")
    steps = read_table(factors, _FactorRow)
    with Problems(limits.name, DataError) as problems:
        for name, rows in by_standard.items():
            if len({(row.effective_from, row.effective_to, row.existing_to) for row in rows}) > 1:
                problems.add(name, "its rows do not hold for the same time: give all the same dates")
            for parameter, column in _repeated(rows):
                problems.add(name, f"has {parameter} twice up to {column:g} m3/d: keep one row for each class of discharge")
            if 0 < sum(math.isfinite(row.column_c_g_per_m3) for row in rows) < len(rows):
                problems.add(name, "has column_c_g_per_m3 in some of its rows only: fill it in all, or in none")
            for kind in ("kq", "kf"):
                if any(row.scaled for row in rows) and not _steps(steps, name, kind):
                    problems.add(name, f"{factors.name} has no {kind} of it: add its steps, or write scaled = false")
    found = (_standard(name, rows, steps) for name, rows in by_standard.items())
    return tuple(sorted(found, key=lambda standard: (standard.effective_from, standard.name)))


def standard_in_force(
    standards: Sequence[DischargeStandard], on: date | None = None, name: str | None = None, *, existing: bool = True
) -> DischargeStandard:
    """Return the standard that a plant has to keep on a day.

    Parameters
    ----------
    standards : sequence of DischargeStandard
        To choose from.
    on : date or None
        The day; None takes the newest standard.
    name : str or None
        Of a standard, whether in force or not; it decides alone.
    existing : bool
        Whether the plant stood before the newest standard came: it keeps the oldest that still holds for it, a new one the
        newest.

    Raises
    ------
    ConfigError
        If there are no rows of that name, or none holds on that day; the message says what to add.
    """
    known = ", ".join(standard.name for standard in standards)
    if name is not None:
        for standard in standards:
            if standard.name == name:
                return standard
        raise ConfigError(f"standard = {name!r}: the table of limits has no rows of it, only of {known}: {REMEDY}")
    if on is None:
        return standards[-1]
    holding = [s for s in standards if s.effective_from <= on <= s.last_day(existing=existing)]
    if not holding:
        held = _spans(standards, existing=existing)
        plant = "an existing" if existing else "a new"
        raise ConfigError(f"date = {on}: no discharge standard of the table holds for {plant} plant, only {held}: {REMEDY}")
    return holding[0] if existing else holding[-1]


def _spans(standards: Iterable[DischargeStandard], *, existing: bool) -> str:
    return ", ".join(f"{s.name} from {s.effective_from} to {s.last_day(existing=existing)}" for s in standards)


def _standard(name: str, rows: Sequence[_LimitRow], steps: Sequence[_FactorRow]) -> DischargeStandard:
    return DischargeStandard(
        name,
        rows[0].effective_from,
        rows[0].effective_to,
        rows[0].existing_to,
        {
            letter: {parameter: _values(rows, parameter, column) for parameter in dict.fromkeys(row.parameter for row in rows)}
            for letter, column in zip(COLUMNS, _COLUMNS, strict=True)
            if all(math.isfinite(getattr(row, column)) for row in rows)
        },
        tuple(sorted({row.parameter for row in rows if row.scaled})),
        _steps(steps, name, "kq"),
        _steps(steps, name, "kf"),
    )


def _values(rows: Sequence[_LimitRow], parameter: str, column: str) -> Steps:
    """Return bounds of discharge and values of one parameter in one column, rising."""
    return tuple(sorted((row.up_to_m3_per_d, getattr(row, column)) for row in rows if row.parameter == parameter))


def _repeated(rows: Sequence[_LimitRow]) -> list[tuple[str, float]]:
    seen = [(row.parameter, row.up_to_m3_per_d) for row in rows]
    return sorted({one for one in seen if seen.count(one) > 1})


def _steps(rows: Sequence[_FactorRow], standard: str, kind: str) -> Steps:
    """Return bounds and ratios of one factor of one standard, rising; the last step has no bound."""
    mine = [row for row in rows if (row.standard, row.factor) == (standard, kind)]
    return tuple(sorted((row.up_to_m3_per_s if kind == "kq" else row.up_to_m3_per_d, row.ratio) for row in mine))
