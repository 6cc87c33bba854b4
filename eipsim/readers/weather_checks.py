"""Finds what is wrong with a year of weather: hours, values, units, and where its sun stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError, Problems
from .hourly_weather import LEAP_YEAR, Floats

RANGES: dict[str, tuple[float, float, str]] = {
    "ghi_w_per_m2": (0.0, 1500.0, "W/m2"),
    "dni_w_per_m2": (0.0, 1400.0, "W/m2"),
    "dhi_w_per_m2": (0.0, 1000.0, "W/m2"),
    "ambient_c": (-60.0, 60.0, "°C"),
    "humidity_frac": (0.0, 1.1, "as a fraction"),
    "wind_m_per_s": (-0.1, 60.0, "m/s"),
    "rain_mm_per_h": (0.0, 300.0, "mm/h"),
}
"""Least and greatest value of an hour, and the unit. Calms of reanalyses can be a little below 0."""

SHOWN = 5
"""Problems of one kind that are told one by one."""

YEARLY_KWH_PER_M2 = (500.0, 2800.0)
"""Global irradiance of a year between which all inhabited places lie [kWh/m2]."""

NOON_TOLERANCE_H = 0.5
"""How far the middle of the clearest days may lie from solar noon [h]; one hour is a wrong clock."""

CLOSURE_TOLERANCE_FRAC = 0.1
"""How far a year's global light may lie from direct × height of the sun + diffuse; hours about sunrise do not close."""

CLEAREST_DAYS = 60


def check_values(name: str, columns: Mapping[str, Floats], places: Sequence[str]) -> None:
    """Find numbers that are missing or out of range.

    Parameters
    ----------
    name : str
        Of the file.
    columns : mapping of str to ndarray of shape (rows,)
        By our names.
    places : sequence of str
        Where each row stands.

    Raises
    ------
    DataError
        With the first of them by place, and how many more there are; and where a whole column has another unit.
    """
    with Problems(name, DataError) as problems:
        for column, values in columns.items():
            low, high, unit = RANGES[column]
            wrong = np.flatnonzero(~((values >= low) & (values <= high)))
            hint = _other_unit(column, values)
            if hint:
                problems.add(column, hint)
                continue
            for k in wrong[:SHOWN].tolist():
                told = "is missing" if np.isnan(values[k]) else f"= {values[k]:g}: must be from {low:g} to {high:g} {unit}"
                problems.add(f"{places[k]}, {column}", told)
            if wrong.size > SHOWN:
                problems.add(column, f"has {wrong.size - SHOWN} more such values")


def _other_unit(column: str, values: Floats) -> str:
    """Say which other unit a whole column seems to have; empty if none."""
    known = values[np.isfinite(values)]
    if not known.size:
        return "has no value"
    middle, most = float(np.median(known)), float(known.max())
    if column == "ambient_c" and middle > 200:
        return f"has a median of {middle:.0f}: that looks like kelvin; give °C"
    if column == "ambient_c" and middle > 50:
        return f"has a median of {middle:.0f}: that looks like °F; give °C"
    if column == "humidity_frac" and middle > 2:
        return f"has a median of {middle:.0f}: that looks like per cent; give a fraction from 0 to 1"
    if column == "humidity_frac" and most <= 0.011:
        return f"is at most {most:g}: that looks like a fraction where the format has per cent"
    if column == "ghi_w_per_m2" and 0 < most <= 6:
        return f"is at most {most:g}: that looks like kW/m2 or MJ/m2; give W/m2"
    return ""


def ordered_year(name: str, begins: Sequence[datetime], places: Sequence[str]) -> NDArray[np.int64]:
    """Return the rows in the order of the year's hours.

    Parameters
    ----------
    name : str
        Of the file.
    begins : sequence of datetime
        When each row's hour begins, in the leap year.
    places : sequence of str
        Where each row stands.

    Returns
    -------
    ndarray of shape (8760,) or (8784,)
        Numbers of rows; 8784 with a 29 February.

    Raises
    ------
    DataError
        If hours do not begin on the hour, are missing, or stand there twice.
    """
    origin = datetime(LEAP_YEAR, 1, 1)
    with Problems(name, DataError) as problems:
        if len(begins) > 8784:
            problems.add("file", f"has {len(begins)} hours: keep those of one year, 8,760 or with a leap day 8,784")
            problems.raise_if_any()
        row_of: dict[int, int] = {}
        twice = 0
        for k, begin in enumerate(begins):
            hour, rest = divmod((begin - origin) / timedelta(hours=1), 1)
            if rest:
                problems.add(f"{places[k]}", f"begins at {begin:%H:%M}: hours must begin at a full hour")
                problems.raise_if_any()
            first = row_of.setdefault(int(hour), k)
            if first != k:
                twice += 1
                if twice <= SHOWN:
                    problems.add(places[k], f"{_told(int(hour))} stands there a second time, first in {places[first]}")
        leap = set(range(24 * 59, 24 * 60))
        wanted = sorted(set(range(8784)) - (leap if not leap & row_of.keys() else set()))
        missing = [hour for hour in wanted if hour not in row_of]
        for first_hour, last_hour in _stretches(missing)[:SHOWN]:
            after = f"after {places[row_of[first_hour - 1]]}" if first_hour - 1 in row_of else "file"
            count = last_hour - first_hour + 1
            problems.add(after, f"{count} h missing, from {_told(first_hour)} to {_told(last_hour + 1)}")
        if len(missing) == twice == 1:
            problems.add("file", "changes to daylight saving time: write it in standard time")
    return np.array([row_of[hour] for hour in wanted], np.int64)


def _told(hour: int) -> str:
    return f"{datetime(LEAP_YEAR, 1, 1) + timedelta(hours=hour):%d %B %H:%M}"


def _stretches(hours: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for hour in hours:
        if found and found[-1][1] == hour - 1:
            found[-1] = (found[-1][0], hour)
        else:
            found.append((hour, hour))
    return found


def check_light(name: str, ghi_w_per_m2: Floats) -> None:
    """Check that a year's global irradiance is one of this planet; raise DataError with sum and range if not."""
    kwh_per_m2 = float(ghi_w_per_m2.sum()) / 1000.0
    low, high = YEARLY_KWH_PER_M2
    if not low <= kwh_per_m2 <= high:
        raise DataError(
            f"{name}: global irradiance sums to {kwh_per_m2:,.0f} kWh/m2 a year: must be from {low:,.0f} to {high:,.0f}; "
            "is it in W/m2?"
        )


@lru_cache(maxsize=4)
def zenith_by_hour(latitude_deg: float, longitude_deg: float, utc_offset_h: float) -> Floats:
    """Return the apparent zenith of the sun in the middle of each hour of the leap year, shape (8784,), not writeable [°]."""
    import pandas as pd
    from pvlib import solarposition

    middles = pd.date_range(f"{LEAP_YEAR}-01-01 00:30", periods=8784, freq="h", tz="UTC") - pd.Timedelta(hours=utc_offset_h)
    zenith: Floats = solarposition.get_solarposition(middles, latitude_deg, longitude_deg)["apparent_zenith"].to_numpy(
        copy=True
    )
    zenith.flags.writeable = False
    return zenith


def check_noon(name: str, ghi_w_per_m2: Floats, zenith_deg: Floats, utc_offset_h: float) -> None:
    """Check that the sun of the file stands highest when it does at the park.

    The middle of light of the clearest days is compared with that of a clear sky: clouds, which come in the afternoon, move it
    less than half an hour on such days.

    Parameters
    ----------
    name : str
        Of the file.
    ghi_w_per_m2, zenith_deg : ndarray of shape (8784,)
        Global irradiance and the park's sun, in park time.
    utc_offset_h : float
        What the file's time was taken to be, for the remedy [h].

    Raises
    ------
    DataError
        If they differ by more than half an hour.
    """
    import pandas as pd
    from pvlib import clearsky

    clear = clearsky.haurwitz(pd.Series(np.minimum(zenith_deg, 90.0)))["ghi"].to_numpy().reshape(366, 24)
    light = ghi_w_per_m2.reshape(366, 24)
    clearest = np.argsort(-light.sum(axis=1) / clear.sum(axis=1), kind="stable")[:CLEAREST_DAYS]
    here, there = _middle_h(clear[clearest].sum(axis=0)), _middle_h(light[clearest].sum(axis=0))
    off_h = (there - here + 12.0) % 24.0 - 12.0
    if abs(off_h) > NOON_TOLERANCE_H:
        raise DataError(
            f"{name}: its sun stands highest at {_clock(there)}, that of the park at {_clock(here)} (both in park time): if "
            f"the place is right, its time is UTC{utc_offset_h + off_h:+.0f} and not UTC{utc_offset_h:+g}; set "
            "context.weather.utc_offset_h, and see whether hours are named by their end"
        )


def _middle_h(light: Floats) -> float:
    """Return the middle of a day's light as an angle on the clock, so that a night in the middle does no harm."""
    angle = np.angle((light * np.exp(2j * np.pi * (np.arange(24) + 0.5) / 24.0)).sum())
    return float(angle / (2 * np.pi) * 24.0 % 24.0)


def _clock(hour: float) -> str:
    minutes = round(60 * hour)
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def check_closure(name: str, ghi: Floats, dni: Floats, dhi: Floats, zenith_deg: Floats) -> None:
    """Check that global light is direct × height of the sun + diffuse over the year.

    Parameters
    ----------
    name : str
        Of the file.
    ghi, dni, dhi, zenith_deg : ndarray of shape (8784,)
        Irradiance [W/m2] and the park's sun [°].

    Raises
    ------
    DataError
        If the yearly sums differ by more than a tenth.
    """
    built = float((dni * np.maximum(np.cos(np.radians(zenith_deg)), 0.0) + dhi).sum())
    off_frac = built / float(ghi.sum()) - 1.0
    if abs(off_frac) > CLOSURE_TOLERANCE_FRAC:
        raise DataError(
            f"{name}: direct light × height of the sun + diffuse light is {100 * off_frac:+.0f} % off the global light of the "
            f"year; at most {100 * CLOSURE_TOLERANCE_FRAC:.0f} % is possible: are columns exchanged, or is it another place?"
        )


def parts_of(ghi: Floats, zenith_deg: Floats) -> tuple[Floats, Floats]:
    """Return direct normal and diffuse horizontal irradiance that go with global irradiance, by Erbs et al. (1982).

    Parameters
    ----------
    ghi, zenith_deg : ndarray of shape (8784,)
        Global horizontal irradiance [W/m2] and the park's sun [°].

    Returns
    -------
    tuple of two ndarray of shape (8784,)
        [W/m2].
    """
    from pvlib import irradiance

    parts = irradiance.erbs(ghi, zenith_deg, np.repeat(np.arange(1, 367), 24))
    return np.asarray(parts["dni"], dtype=np.float64), np.asarray(parts["dhi"], dtype=np.float64)
