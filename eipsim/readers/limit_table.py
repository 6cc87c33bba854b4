"""Reads discharge standards: what may be let out into which water."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..errors import ConfigError, DataError, nearest
from .tables import in_force, packaged, read_table

COLUMNS = ("A", "B")
"""A for water that drinking water is taken from, B for other water."""


@dataclass(frozen=True)
class DischargeStandard:
    """Values of one standard before they are scaled to a plant and a river.

    Parameters
    ----------
    name : str
        Of the standard.
    effective_from : date
        First day in force.
    basis_g_per_m3 : mapping of str to mapping
        Value C by column and parameter [g/m3].
    scaled : frozenset of str
        Parameters that Kq and Kf multiply.
    kq_frac, kf_frac : tuple of (float, float)
        Steps of the factors: up to a river's flow [m3/s], and up to a discharge [m3/d].
    """

    name: str
    effective_from: date
    basis_g_per_m3: Mapping[str, Mapping[str, float]]
    scaled: frozenset[str]
    kq_frac: tuple[tuple[float, float], ...]
    kf_frac: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class _LimitRow:
    standard: str
    effective_from: date
    parameter: str
    column_a_g_per_m3: float
    column_b_g_per_m3: float
    scaled: bool

    def __post_init__(self) -> None:
        if not 0 < self.column_a_g_per_m3 <= self.column_b_g_per_m3:
            raise ValueError(
                f"column_a_g_per_m3 = {self.column_a_g_per_m3:g}: must be more than 0 and at most column_b_g_per_m3, "
                f"{self.column_b_g_per_m3:g}"
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


def read_discharge_standard(
    on: date | None = None, name: str | None = None, limits: Path | None = None, factors: Path | None = None
) -> DischargeStandard:
    """Read the standard that is in force on a day, or the one of a name.

    Parameters
    ----------
    on : date or None
        The day; None takes the newest.
    name : str or None
        Of a standard, whether in force or not: existing plants may keep an old one for years.
    limits, factors : Path, optional
        Tables of values and of factors; by default the packaged ones.

    Raises
    ------
    ConfigError
        If there is no standard of that name, or none was in force.
    DataError
        If a cell is wrong, or a standard has no factors.
    """
    limits, factors = limits or packaged("wastewater_limits_vn.csv"), factors or packaged("wastewater_limit_factors_vn.csv")
    rows = read_table(limits, _LimitRow)
    names = {row.standard for row in rows}
    if name is not None and name not in names:
        raise ConfigError(f"standard = {name!r} is unknown: {nearest(name, names)}")
    wanted = [row for row in rows if name is None or row.standard == name]
    first = in_force(wanted, on or max(row.effective_from for row in wanted), "discharge standard")
    chosen = [row for row in wanted if row.standard == first.standard]
    steps = {kind: _steps(read_table(factors, _FactorRow), first.standard, kind) for kind in ("kq", "kf")}
    for kind in (kind for kind, found in steps.items() if not found):
        raise DataError(f"{factors.name}: has no {kind} of {first.standard!r}; add its steps")
    return DischargeStandard(
        first.standard,
        first.effective_from,
        {
            "A": {row.parameter: row.column_a_g_per_m3 for row in chosen},
            "B": {row.parameter: row.column_b_g_per_m3 for row in chosen},
        },
        frozenset(row.parameter for row in chosen if row.scaled),
        steps["kq"],
        steps["kf"],
    )


def _steps(rows: Sequence[_FactorRow], standard: str, kind: str) -> tuple[tuple[float, float], ...]:
    """Return bounds and ratios of one factor of one standard, rising; the last step has no bound."""
    mine = [row for row in rows if (row.standard, row.factor) == (standard, kind)]
    return tuple(sorted((row.up_to_m3_per_s if kind == "kq" else row.up_to_m3_per_d, row.ratio) for row in mine))
