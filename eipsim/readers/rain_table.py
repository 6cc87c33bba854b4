"""Reads the rain of a mean month: how much, on how many days."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..errors import DataError
from .tables import packaged, read_table


@dataclass(frozen=True)
class RainNormals:
    """Rain of the twelve months in the mean of many years.

    Parameters
    ----------
    rain_mm : tuple of 12 floats
        Sum of the month [mm].
    wet_days : tuple of 12 floats
        Days with rain [d].
    """

    rain_mm: tuple[float, ...]
    wet_days: tuple[float, ...]


@dataclass(frozen=True)
class _Row:
    month: int
    rain_mm: float
    wet_days: float

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise ValueError(f"month = {self.month}: must be from 1 to 12")
        days = calendar.monthrange(2022, self.month)[1]
        if not 0 < self.wet_days < days:
            raise ValueError(f"wet_days = {self.wet_days:g}: must be more than 0 and less than {days}")
        if not self.rain_mm >= 0:
            raise ValueError(f"rain_mm = {self.rain_mm:g}: must be 0 or more")


@lru_cache(maxsize=8)
def read_rain_normals(path: Path | None = None) -> RainNormals:
    """Read a table of twelve lines, one per month.

    Parameters
    ----------
    path : Path, optional
        A CSV file with the columns month, rain_mm and wet_days; by default the packaged normals of Ho Chi Minh City.

    Raises
    ------
    DataError
        If a cell is wrong, or a month is missing or there twice.
    """
    path = path or packaged("rain_normals_hcmc.csv")
    rows = sorted(read_table(path, _Row), key=lambda row: row.month)
    if [row.month for row in rows] != list(range(1, 13)):
        raise DataError(f"{path.name}: must have one line for each month from 1 to 12")
    return RainNormals(tuple(row.rain_mm for row in rows), tuple(row.wet_days for row in rows))
