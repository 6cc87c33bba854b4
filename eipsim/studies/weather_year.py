"""A year of weather in numbers: hour by hour for a figure, month by month for a table."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..context import Context
from ..summary import Table, number

Floats = NDArray[np.float64]

SOLAR = "solar:10:180"
"""The array whose yield is shown: 10° to the south."""

WET_DAY_MM = 0.1
"""Rain from which a day is wet [mm]."""


class YearOfWeather(NamedTuple):
    """Weather of whole days, each array of shape (days, 24).

    Parameters
    ----------
    name : str
        Which weather.
    month : ndarray of shape (days,)
        Month of each day, 1-12.
    ghi_w_per_m2, dni_w_per_m2, dhi_w_per_m2 : ndarray
        Irradiance [W/m2].
    ambient_c, humidity_frac : ndarray
        Temperature [°C] and relative humidity.
    rain_mm_per_h : ndarray
        Rain [mm/h].
    solar_kw_per_kwp : ndarray
        What a clean array of 10° to the south feeds in [kW/kWp].
    """

    name: str
    month: NDArray[np.int64]
    ghi_w_per_m2: Floats
    dni_w_per_m2: Floats
    dhi_w_per_m2: Floats
    ambient_c: Floats
    humidity_frac: Floats
    rain_mm_per_h: Floats
    solar_kw_per_kwp: Floats


def weather_year(context: Context, *, seed: int = 2022, replication: int = 0) -> YearOfWeather:
    """Return the weather of a context as a replication meets it.

    Parameters
    ----------
    context : Context
        Its horizon is cut to whole days.
    seed, replication : int
        Of the draw, if there is one.
    """
    horizon = replace(context.horizon, hours=24.0 * max(1, int(context.horizon.hours // 24)))
    drawn = replace(context, horizon=horizon, step_h=1.0).drawn(seed, replication)
    name = "mean days, with drawn rain" if drawn.weather is None else drawn.weather.name
    if drawn.storm is not None:
        name += f", with a storm of {drawn.storm.depth_mm:g} mm on {drawn.storm.date}"
    months = np.array([horizon.date_of(day).month for day in range(horizon.days)])

    def days(profile: str) -> Floats:
        return drawn.profile(profile).reshape(-1, 24)

    return YearOfWeather(
        name=name,
        month=months,
        ghi_w_per_m2=days("ghi_w_per_m2"),
        dni_w_per_m2=days("dni_w_per_m2"),
        dhi_w_per_m2=days("dhi_w_per_m2"),
        ambient_c=days("ambient_c"),
        humidity_frac=days("humidity_frac"),
        rain_mm_per_h=days("rain_mm_per_h"),
        solar_kw_per_kwp=days(SOLAR),
    )


def monthly_table(year: YearOfWeather) -> Table:
    """Return the means of each month, and of all, as a table of text.

    Parameters
    ----------
    year : YearOfWeather
        What is told.
    """
    columns = (
        "month",
        "global kWh/m2·d",
        "direct kWh/m2·d",
        "diffuse kWh/m2·d",
        "solar kWh/kWp·d",
        "mean °C",
        "highest °C",
        "humidity %",
        "rain mm",
        "wet days",
    )
    rows = [_row(f"{month:02d}", year, year.month == month) for month in sorted(set(year.month.tolist()))]
    rows.append(_row("all", year, np.ones(year.month.size, bool)))
    note = (
        f"{year.month.size} days: {number(year.ghi_w_per_m2.sum() / 1000)} kWh/m2, "
        f"{number(year.solar_kw_per_kwp.sum())} kWh/kWp before soiling and outages (10° south, 10 % system losses)."
    )
    return Table(f"Weather: {year.name}", columns, rows, note)


def _row(name: str, year: YearOfWeather, days: NDArray[np.bool_]) -> tuple[str, ...]:
    rain_mm = year.rain_mm_per_h[days].sum(axis=1)
    light = (year.ghi_w_per_m2, year.dni_w_per_m2, year.dhi_w_per_m2)
    return (
        name,
        *(f"{values[days].sum(axis=1).mean() / 1000:.2f}" for values in light),
        f"{year.solar_kw_per_kwp[days].sum(axis=1).mean():.2f}",
        f"{year.ambient_c[days].mean():.1f}",
        f"{year.ambient_c[days].max():.1f}",
        f"{100 * year.humidity_frac[days].mean():.0f}",
        f"{rain_mm.sum():.0f}",
        f"{(rain_mm >= WET_DAY_MM).sum():.0f}",
    )
