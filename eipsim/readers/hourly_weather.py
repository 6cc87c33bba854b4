"""Weather hour by hour, of a typical year or of certain months."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAP_YEAR = 2000
"""The year whose days a typical year is kept under; it has a 29 February."""


class MonthOfWeather(NamedTuple):
    """One month of hourly means, each of shape (24 × days,); None where nothing is known.

    Parameters
    ----------
    ghi_w_per_m2, dni_w_per_m2, dhi_w_per_m2 : ndarray
        Global horizontal, direct normal and diffuse horizontal irradiance [W/m2].
    ambient_c : ndarray
        Dry-bulb temperature [°C].
    humidity_frac : ndarray
        Relative humidity, 0-1.
    wind_m_per_s : ndarray or None
        Wind at 10 m [m/s].
    rain_mm_per_h : ndarray or None
        Rain [mm/h].
    """

    ghi_w_per_m2: Floats
    dni_w_per_m2: Floats
    dhi_w_per_m2: Floats
    ambient_c: Floats
    humidity_frac: Floats
    wind_m_per_s: Floats | None
    rain_mm_per_h: Floats | None


@dataclass(frozen=True, eq=False)
class HourlyWeather:
    """Hourly means in park time; two are equal if all their numbers are.

    Parameters
    ----------
    name : str
        Which file, or which draw.
    first : date
        The day of hour 0.
    ghi_w_per_m2, dni_w_per_m2, dhi_w_per_m2, ambient_c, humidity_frac : ndarray of shape (hours,)
        As in `MonthOfWeather`; whole days.
    wind_m_per_s, rain_mm_per_h : ndarray of shape (hours,) or None
        As in `MonthOfWeather`.
    typical : bool
        Whether it stands for any year: it then has the 366 days of `LEAP_YEAR`, and other years leave 29 February out.
    """

    name: str
    first: date
    ghi_w_per_m2: Floats
    dni_w_per_m2: Floats
    dhi_w_per_m2: Floats
    ambient_c: Floats
    humidity_frac: Floats
    wind_m_per_s: Floats | None = None
    rain_mm_per_h: Floats | None = None
    typical: bool = False

    @cached_property
    def _digest(self) -> bytes:
        parts = [f"{self.name} {self.first} {self.typical}".encode()]
        for part in fields(self):
            value = getattr(self, part.name)
            if isinstance(value, np.ndarray):
                parts.append(part.name.encode() + value.astype(np.float64).tobytes())
        return sha256(b"\0".join(parts)).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HourlyWeather) and self._digest == other._digest

    def __hash__(self) -> int:
        return hash(self._digest)

    def of_month(self, year: int, month: int) -> MonthOfWeather:
        """Return a month's hours.

        Parameters
        ----------
        year, month : int
            The month, which must lie within what there is.
        """
        day = date(LEAP_YEAR if self.typical else year, month, 1)
        start = 24 * (day - self.first).days
        part = slice(start, start + 24 * calendar.monthrange(year, month)[1])

        def cut(values: Floats | None) -> Floats | None:
            return None if values is None else values[part]

        return MonthOfWeather(
            self.ghi_w_per_m2[part],
            self.dni_w_per_m2[part],
            self.dhi_w_per_m2[part],
            self.ambient_c[part],
            self.humidity_frac[part],
            cut(self.wind_m_per_s),
            cut(self.rain_mm_per_h),
        )
