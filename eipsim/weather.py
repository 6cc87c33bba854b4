"""From weather to profiles: the mean day of each month, or hours of a file or a draw, at fine time and averaged over steps."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .errors import ConfigError, nearest
from .physics.solar import (
    MOUNTS,
    SunPosition,
    array_power_kw_per_kwp,
    plane_of_array_w_per_m2,
    sun_position,
)
from .physics.weather import cooling_degree_k, lights_needed_frac, spread_over_cells, wet_bulb_c
from .readers.climate_table import ClimateTable, MonthHour
from .readers.hourly_weather import HourlyWeather
from .readers.rain_table import RainNormals, read_rain_normals
from .timebase import Horizon

Floats = NDArray[np.float64]

UTC_OFFSET_H = 7.0
"""Local time of Viet Nam less UTC, without daylight saving [h]."""

LIGHT = ("ghi_w_per_m2", "dni_w_per_m2", "dhi_w_per_m2")
"""Profiles of irradiance: global horizontal, direct normal, diffuse horizontal."""

PROFILES = ("ambient_c", "cooling_degree", "daylight", *LIGHT, "humidity_frac", "rain_mm_per_h", "wet_bulb_c")
"""Names of the profiles of weather besides ``solar:<tilt>:<azimuth>``."""

FINE_PER_HOUR = 8
"""Instants per hour at which the sun is worked out: one every 7.5 minutes, which divides all steps."""

ROOF_WIND_M_PER_S = 1.0
"""Wind on a roof among others, where no file gives it [m/s]."""


@dataclass(frozen=True)
class Climate:
    """A typical year, how much of its irradiance to believe, and its rain.

    Parameters
    ----------
    table : ClimateTable
        Month × hour means.
    irradiance_frac : float
        What global, direct and diffuse irradiance are multiplied by alike, so that their closure is kept. The packaged
        year models irradiance from cloud reports and is about 10 % high (1,998 instead of 1,780-1,850 kWh/m2).
    rain : RainNormals
        Rain and wet days of each month.
    """

    table: ClimateTable
    irradiance_frac: float = 0.90
    rain: RainNormals = field(default_factory=read_rain_normals)

    @property
    def mean_cooling_degree_k(self) -> float:
        """Yearly mean of the cooling degrees, in a year of 365 days [K]."""
        days = [calendar.monthrange(2022, month)[1] for month in range(1, 13)]
        return float(np.average(cooling_degree_k(np.array(self.table.ambient_c)).mean(axis=1), weights=days))


class Site(NamedTuple):
    """Where the weather is, and what it is: hours, or the mean day of the climate if there are none.

    Parameters
    ----------
    climate : Climate
        The typical year.
    latitude_deg, longitude_deg : float
        Position [°].
    hours : HourlyWeather or None
        Hours that hold in place of the mean day.
    """

    climate: Climate
    latitude_deg: float
    longitude_deg: float
    hours: HourlyWeather | None = None


class SunOfMonth(NamedTuple):
    """The sun of one month at fine time.

    Parameters
    ----------
    position : SunPosition
        Angles.
    height_frac : ndarray of shape (n,)
        Cosine of the zenith, 0 below the horizon [1].
    hour : ndarray of shape (n,)
        Hour of the month, from 0.
    day_of_year : ndarray of shape (n,)
        From 1.
    """

    position: SunPosition
    height_frac: Floats
    hour: NDArray[np.int64]
    day_of_year: NDArray[np.int64]


class _Sky(NamedTuple):
    """One month at fine time: the sun, irradiance [W/m2], air [°C], wind [m/s]."""

    sun: SunOfMonth
    ghi_w_per_m2: Floats
    dni_w_per_m2: Floats
    dhi_w_per_m2: Floats
    ambient_c: Floats
    wind_m_per_s: Floats | float


class _Roof(NamedTuple):
    """What a solar profile is of."""

    tilt_deg: float = 0.0
    azimuth_deg: float = 0.0
    mount: str = "close_roof"
    dc_ac_ratio: float = 1.2
    system_loss_frac: float = 0.10


def split_solar_name(name: str) -> tuple[float, float]:
    """Return tilt and azimuth [°] of a profile ``solar:<tilt>:<azimuth>``.

    Parameters
    ----------
    name : str
        For example ``solar:10:180``.

    Raises
    ------
    ConfigError
        If it has another form, or tilt is outside 0-90 or azimuth outside 0-360.

    Examples
    --------
    >>> split_solar_name("solar:10:180")
    (10.0, 180.0)
    """
    roof = _roof(name)
    return roof.tilt_deg, roof.azimuth_deg


def _roof(name: str) -> _Roof:
    """Read ``solar:<tilt>:<azimuth>`` or ``solar:<tilt>:<azimuth>:<mount>:<dc/ac ratio>:<system loss>``."""
    try:
        _, tilt, azimuth, *rest = name.split(":")
        roof = _Roof(float(tilt), float(azimuth))
        if rest:
            mount, ratio, loss = rest
            roof = _Roof(roof.tilt_deg, roof.azimuth_deg, mount, float(ratio), float(loss))
    except ValueError:
        raise ConfigError(
            f"profile {name!r}: must be solar:<tilt>:<azimuth>, for example solar:10:180, and may go on with "
            ":<mount>:<DC/AC ratio>:<system loss>, for example solar:10:180:open_rack:1.1:0.14"
        ) from None
    if not (0 <= roof.tilt_deg <= 90 and 0 <= roof.azimuth_deg <= 360):
        raise ConfigError(f"profile {name!r}: tilt must be from 0 to 90 and azimuth from 0 to 360")
    if roof.mount not in MOUNTS:
        raise ConfigError(f"profile {name!r}: mount {roof.mount!r} is unknown: {nearest(roof.mount, MOUNTS)}")
    if not (0.5 <= roof.dc_ac_ratio <= 3 and 0 <= roof.system_loss_frac < 1):
        raise ConfigError(f"profile {name!r}: the DC/AC ratio must be from 0.5 to 3 and the system loss from 0 to below 1")
    return roof


def months_of(horizon: Horizon) -> list[tuple[int, int]]:
    """Return (year, month) of every month that a horizon touches."""
    last = horizon.date_of(horizon.days - 1)
    return [
        (year, month)
        for year in range(horizon.start.year, last.year + 1)
        for month in range(1, 13)
        if (horizon.start.year, horizon.start.month) <= (year, month) <= (last.year, last.month)
    ]


@lru_cache(maxsize=128)
def weather_profile(site: Site, name: str, horizon: Horizon, step_h: float) -> Floats:
    """Return the mean of a profile over each step of a horizon; see `Context.profile`.

    Parameters
    ----------
    site : Site
        Where, and in which weather.
    name : str
        One of `PROFILES`, or ``solar:<tilt>:<azimuth>`` with or without mount, DC/AC ratio and system loss.
    horizon : Horizon
        What the steps divide.
    step_h : float
        Width of a step: 0.25, 0.5 or 1 [h].

    Returns
    -------
    ndarray of shape (steps,)
        Not writeable, as all who ask share it.

    Raises
    ------
    ConfigError
        If there is no such profile.
    """
    kind, roof = name, _Roof()
    if name.startswith("solar:"):
        kind, roof = "solar", _roof(name)
    elif name not in PROFILES:
        raise ConfigError(f"profile {name!r} is unknown: {nearest(name, (*PROFILES, 'solar:10:180'))}")
    whole = np.concatenate([_month(site, kind, roof, month, step_h) for month in months_of(horizon)])
    skipped = round((horizon.start.day - 1) * 24 / step_h)
    profile: Floats = whole[skipped : skipped + horizon.steps(step_h)]
    profile.flags.writeable = False
    return profile


@lru_cache(maxsize=512)
def _month(site: Site, kind: str, roof: _Roof, month: tuple[int, int], step_h: float) -> Floats:
    if kind == "daylight":
        fine = lights_needed_frac(_sky(site, month).ghi_w_per_m2)
    elif kind in LIGHT:
        fine = getattr(_sky(site, month), kind)
    elif kind == "solar":
        sky = _sky(site, month)
        plane = plane_of_array_w_per_m2(
            sky.sun.position,
            sky.ghi_w_per_m2,
            sky.dni_w_per_m2,
            sky.dhi_w_per_m2,
            sky.sun.day_of_year,
            tilt_deg=roof.tilt_deg,
            azimuth_deg=roof.azimuth_deg,
        )
        fine = array_power_kw_per_kwp(
            plane,
            sky.ambient_c,
            roof.system_loss_frac,
            wind_m_per_s=sky.wind_m_per_s,
            mount=roof.mount,
            dc_ac_ratio=roof.dc_ac_ratio,
        )
    elif kind == "humidity_frac":
        fine = _by_hour(site, month, site.climate.table.humidity_frac, "humidity_frac")
    elif kind == "rain_mm_per_h":
        fine = _rain_mm_per_h(site, month)
    elif kind == "wet_bulb_c":
        table = site.climate.table
        humid = _by_hour(site, month, table.humidity_frac, "humidity_frac")
        fine = wet_bulb_c(_by_hour(site, month, table.ambient_c, "ambient_c"), humid)
    else:
        fine = _by_hour(site, month, site.climate.table.ambient_c, "ambient_c")
        if kind == "cooling_degree":
            if not site.climate.mean_cooling_degree_k > 0:
                name = site.climate.table.name
                raise ConfigError(f"profile 'cooling_degree': no hour of {name} is above 18 °C, so it has no mean")
            fine = cooling_degree_k(fine) / site.climate.mean_cooling_degree_k
    means: Floats = fine.reshape(-1, round(FINE_PER_HOUR * step_h)).mean(axis=1)
    return means


def _by_hour(site: Site, month: tuple[int, int], mean_day: MonthHour, of: str) -> Floats:
    """Return what holds for a whole hour at fine time: the file's or draw's, else the mean day's."""
    if site.hours is not None:
        return np.repeat(getattr(site.hours.of_month(*month), of), FINE_PER_HOUR)
    return np.tile(np.repeat(mean_day[month[1] - 1], FINE_PER_HOUR), calendar.monthrange(*month)[1])


def _rain_mm_per_h(site: Site, month: tuple[int, int]) -> Floats:
    hours = 24 * calendar.monthrange(*month)[1]
    known = None if site.hours is None else site.hours.of_month(*month).rain_mm_per_h
    if known is None:
        known = np.full(hours, site.climate.rain.rain_mm[month[1] - 1] / hours)
    return np.repeat(known, FINE_PER_HOUR)


@lru_cache(maxsize=36)
def sun_of_month(latitude_deg: float, longitude_deg: float, month: tuple[int, int]) -> SunOfMonth:
    """Return the sun of a month in local time, every 7.5 minutes.

    Parameters
    ----------
    latitude_deg, longitude_deg : float
        Position [°].
    month : (int, int)
        Year and month.
    """
    days = calendar.monthrange(*month)[1]
    first = dt.date(*month, 1)
    hours = (np.arange(days * 24 * FINE_PER_HOUR) + 0.5) / FINE_PER_HOUR
    midnight_s = (first - dt.date(1970, 1, 1)).days * 86400.0 - UTC_OFFSET_H * 3600.0
    position = sun_position(midnight_s + 3600.0 * hours, latitude_deg, longitude_deg)
    return SunOfMonth(
        position,
        height_frac=np.maximum(np.cos(np.radians(position.zenith_deg)), 0.0),
        hour=hours.astype(np.int64),
        day_of_year=first.timetuple().tm_yday + (hours // 24).astype(np.int64),
    )


@lru_cache(maxsize=36)
def _sky(site: Site, month: tuple[int, int]) -> _Sky:
    """Spread irradiance within each hour with the height of the sun; the sums stay, of the month or of each hour."""
    sun = sun_of_month(site.latitude_deg, site.longitude_deg, month)
    up = (sun.height_frac > 0).astype(np.float64)
    ambient_c = _by_hour(site, month, site.climate.table.ambient_c, "ambient_c")
    if site.hours is not None:
        known = site.hours.of_month(*month)
        return _Sky(
            sun,
            ghi_w_per_m2=spread_over_cells(known.ghi_w_per_m2, sun.hour, sun.height_frac),
            dni_w_per_m2=spread_over_cells(known.dni_w_per_m2, sun.hour, up),
            dhi_w_per_m2=spread_over_cells(known.dhi_w_per_m2, sun.hour, sun.height_frac),
            ambient_c=ambient_c,
            wind_m_per_s=ROOF_WIND_M_PER_S if known.wind_m_per_s is None else np.repeat(known.wind_m_per_s, FINE_PER_HOUR),
        )
    hour_of_day = sun.hour % 24
    table, scale = site.climate.table, site.climate.irradiance_frac

    def means(values: MonthHour) -> Floats:
        return np.array(values[month[1] - 1])

    return _Sky(
        sun,
        ghi_w_per_m2=scale * spread_over_cells(means(table.ghi_w_per_m2), hour_of_day, sun.height_frac),
        dni_w_per_m2=scale * spread_over_cells(means(table.dni_w_per_m2), hour_of_day, up),
        dhi_w_per_m2=scale * spread_over_cells(means(table.dhi_w_per_m2), hour_of_day, sun.height_frac),
        ambient_c=ambient_c,
        wind_m_per_s=ROOF_WIND_M_PER_S,
    )
