"""Reads a typical year as month × hour means of irradiance, temperature and humidity."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import DataError, Problems
from .tables import packaged, read_table

MonthHour = tuple[tuple[float, ...], ...]
"""Twelve months of twenty-four hours."""


@dataclass(frozen=True)
class ClimateTable:
    """A typical year as 12 × 24 means; hour 0 is 00:00-01:00 of local standard time.

    A mean day of each month has the right sums, and neither clear nor overcast days: what depends on extremes
    (curtailment, peaks of solar export) is underestimated.

    Parameters
    ----------
    name : str
        Which table.
    ghi_w_per_m2, dni_w_per_m2, dhi_w_per_m2 : tuple of 12 tuples of 24 floats
        Global horizontal, direct normal and diffuse horizontal irradiance [W/m2].
    ambient_c : tuple of 12 tuples of 24 floats
        Dry-bulb temperature [°C].
    humidity_frac : tuple of 12 tuples of 24 floats
        Relative humidity, 0-1.
    """

    name: str
    ghi_w_per_m2: MonthHour
    dni_w_per_m2: MonthHour
    dhi_w_per_m2: MonthHour
    ambient_c: MonthHour
    humidity_frac: MonthHour


@dataclass(frozen=True)
class _Row:
    month: int
    hour: int
    ghi_w_per_m2: float
    dni_w_per_m2: float
    dhi_w_per_m2: float
    ambient_c: float
    humidity_frac: float

    def __post_init__(self) -> None:
        for name, low, high in (
            ("month", 1, 12),
            ("hour", 1, 24),
            ("ghi_w_per_m2", 0, 1500),
            ("dni_w_per_m2", 0, 1500),
            ("dhi_w_per_m2", 0, 1500),
            ("ambient_c", -60, 60),
            ("humidity_frac", 0, 1),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name} = {value:g}: must be from {low} to {high}")


def read_climate_table(path: Path | None = None) -> ClimateTable:
    """Read a table of 288 lines, one per month and hour.

    Parameters
    ----------
    path : Path, optional
        A CSV file with the columns month, hour (1-24, the one that ends then), ghi_w_per_m2, dni_w_per_m2,
        dhi_w_per_m2, ambient_c and humidity_frac. By default the packaged year of Ho Chi Minh City (Tan Son Nhat).

    Returns
    -------
    ClimateTable
        Named after the file.

    Raises
    ------
    DataError
        If a cell is not a number in its range, or a month and hour is missing or there twice.
    """
    path = path or packaged("climate_hcmc_tmyx_month_hour.csv")
    rows: dict[tuple[int, int], _Row] = {}
    with Problems(path.name, DataError) as problems:
        for row in read_table(path, _Row):
            key = row.month, row.hour
            if key in rows:
                problems.add(f"month {key[0]}, hour {key[1]}", "stands in more than one line")
            rows[key] = row
        for month in range(1, 13):
            missing = [hour for hour in range(1, 25) if (month, hour) not in rows]
            if missing:
                problems.add(f"month {month}", f"has no line for hour {', '.join(map(str, missing))}")

    def means(column: str) -> MonthHour:
        return tuple(tuple(getattr(rows[month, hour], column) for hour in range(1, 25)) for month in range(1, 13))

    return ClimateTable(
        name=path.stem,
        ghi_w_per_m2=means("ghi_w_per_m2"),
        dni_w_per_m2=means("dni_w_per_m2"),
        dhi_w_per_m2=means("dhi_w_per_m2"),
        ambient_c=means("ambient_c"),
        humidity_frac=means("humidity_frac"),
    )
