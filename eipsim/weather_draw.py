"""Draws a year of weather, hour by hour, that has the means of a climate over many draws."""

from __future__ import annotations

import calendar
import datetime as dt
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .kernel.streams import Stream
from .physics.sky import LOW_SUN_FRAC, bounded_of_normal, clear_sky_ghi_w_per_m2, clearness_shift, diffuse_frac, persistent
from .readers.hourly_weather import HourlyWeather, MonthOfWeather
from .timebase import Horizon
from .weather import FINE_PER_HOUR, Climate, Site, SunOfMonth, months_of, sun_of_month

Floats = NDArray[np.float64]

RAIN_CORRELATION_FRAC = 0.38
"""Correlation of one day's latent rain with the next; wet days then follow wet days as P(wet|wet) = 0.25 + 0.75 P(wet)
(Geng, Penning de Vries & Supit 1986, doi:10.1016/0168-1923(86)90014-6) where half of the days are wet."""

DAY_CORRELATION_FRAC = 0.3
"""Correlation of one day's clearness with the next (Graham, Hollands & Suehrcke, Solar Energy 40 (1988) 83-92)."""

HOUR_CORRELATION_FRAC = 0.54
"""Correlation of one hour's clearness with the next within a day (Graham & Hollands, Solar Energy 44 (1990) 333-341)."""

DAY_SHARE_FRAC = 0.5
"""Part of the variance of clearness that whole days share; C."""

WET_DIMS_FRAC = 0.6
"""Correlation of a day's dimness with its latent rain; C."""

WARM_CORRELATION_FRAC, WARM_SIGMA_K, BRIGHT_WARMS_FRAC = 0.7, 0.9, 0.5
"""Day-to-day temperature: persistence, standard deviation [K], and correlation with clearness; C."""

DRY_CORRELATION_FRAC, BRIGHT_DRIES_FRAC = 0.9, 0.6
"""Humidity: persistence from hour to hour, and correlation with clearness; C."""

CLEAR_LOW, CLEAR_HIGH, CLEAR_CONCENTRATION = 0.05, 1.05, 4.0
"""Bounds of the clear-sky index (below a thunderstorm, beside a bright cloud), and how close it keeps to its mean; C."""

HUMIDITY_CONCENTRATION = 30.0
"""How close relative humidity keeps to its mean; standard deviation 0.07 about 0.8; C."""

RAIN_BEGINS = (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 10, 7, 4, 2, 1)
"""Weights of the hours in which a day's rain begins, from midnight: showers of the afternoon; C."""

RAIN_SHAPE_FRAC = (0.5, 0.3, 0.2)
"""How a day's rain is shared by the hours from its beginning; C."""

_QUANTILES = 64


class _Chance(NamedTuple):
    """Standard normal numbers by day and hour, and rain by hour [mm/h], from the first day of the first month."""

    bright: Floats
    warm: Floats
    dry: Floats
    rain_mm_per_h: Floats


@lru_cache(maxsize=4)
def draw_weather(site: Site, horizon: Horizon, seed: int, replication: int) -> HourlyWeather:
    """Draw the weather of all months that a horizon touches.

    The numbers depend on (seed, replication), the place and the first month, so scenarios share their weather and a longer
    horizon begins like a shorter one.

    Parameters
    ----------
    site : Site
        Where, and the climate whose means of irradiance (times its share), temperature, humidity, rain and wet days the draws
        have: exactly in expectation for each month and hour, and within a thousandth for diffuse and direct light.
    horizon : Horizon
        What is drawn for.
    seed, replication : int
        Of the random numbers.

    Returns
    -------
    HourlyWeather
        From the first day of the first month to the last of the last; wind is not drawn.

    Notes
    -----
    A latent normal number per day, which persists, makes a day wet where it passes the quantile of the month's share of wet
    days; a wet day's rain is exponential. Brightness is another, in part the same with the sign turned, plus one per hour.
    It becomes global irradiance as a beta quantile between 5 % and 105 % of the clear sky (Haurwitz) with the hour's mean,
    is split by Erbs with the clearness shifted so that diffuse light keeps its mean, and direct light follows the rest.
    Hours in which the table is within 2 % of a bound keep their mean. Temperature has a persistent anomaly, humidity is a
    beta quantile; both lean on brightness. Spells longer than weeks (monsoon years, El Niño) are not in it.
    """
    months = months_of(horizon)
    chance = _draw(site.climate, months, seed, replication)
    parts, start = [], 0
    for month in months:
        end = start + 24 * calendar.monthrange(*month)[1]
        here = _Chance(*(values[start:end] for values in chance))
        parts.append(_month(site.climate, month[1] - 1, sun_of_month(site.latitude_deg, site.longitude_deg, month), here))
        start = end
    return HourlyWeather(
        name=f"draw {replication} of seed {seed}",
        first=dt.date(*months[0], 1),
        ghi_w_per_m2=np.concatenate([part.ghi_w_per_m2 for part in parts]),
        dni_w_per_m2=np.concatenate([part.dni_w_per_m2 for part in parts]),
        dhi_w_per_m2=np.concatenate([part.dhi_w_per_m2 for part in parts]),
        ambient_c=np.concatenate([part.ambient_c for part in parts]),
        humidity_frac=np.concatenate([part.humidity_frac for part in parts]),
        rain_mm_per_h=chance.rain_mm_per_h,
    )


@lru_cache(maxsize=4)
def draw_rain(site: Site, horizon: Horizon, seed: int, replication: int) -> HourlyWeather:
    """Draw the rain of `draw_weather` alone, which needs no sun; parameters as there, and all else is nan."""
    months = months_of(horizon)
    _, rain_mm_per_h = _draw_rain(site.climate, months, seed, replication)
    unknown = np.full(len(rain_mm_per_h), np.nan)
    return HourlyWeather(
        name=f"rain {replication} of seed {seed}",
        first=dt.date(*months[0], 1),
        ghi_w_per_m2=unknown,
        dni_w_per_m2=unknown,
        dhi_w_per_m2=unknown,
        ambient_c=unknown,
        humidity_frac=unknown,
        rain_mm_per_h=rain_mm_per_h,
    )


def _normals(seed: int, replication: int, purpose: str, count: int) -> Floats:
    stream = Stream(seed, replication, "weather", purpose)
    return np.array([stream.normal() for _ in range(count)])


def _draw(climate: Climate, months: list[tuple[int, int]], seed: int, replication: int) -> _Chance:
    normals = partial(_normals, seed, replication)
    wet, rain_mm_per_h = _draw_rain(climate, months, seed, replication)
    n = len(wet)
    own = persistent(normals("clearness of days", n), DAY_CORRELATION_FRAC)
    day = _mix(-wet, own, WET_DIMS_FRAC)
    hour = persistent(normals("clearness of hours", 24 * n), HOUR_CORRELATION_FRAC)
    bright = _mix(np.repeat(day, 24), hour, np.sqrt(DAY_SHARE_FRAC))
    warm_day = _mix(day, persistent(normals("temperature", n), WARM_CORRELATION_FRAC), BRIGHT_WARMS_FRAC)
    warm = np.interp(np.arange(24 * n) + 0.5, 24.0 * np.arange(n) + 12.0, warm_day)
    dry = _mix(bright, persistent(normals("humidity", 24 * n), DRY_CORRELATION_FRAC), BRIGHT_DRIES_FRAC)
    return _Chance(bright, warm, dry, rain_mm_per_h)


def _draw_rain(climate: Climate, months: list[tuple[int, int]], seed: int, replication: int) -> tuple[Floats, Floats]:
    """Return the latent normal number of each day, and the rain of each hour [mm/h]."""
    from scipy.special import ndtri

    days = [calendar.monthrange(*month)[1] for month in months]
    n = sum(days)
    wet = persistent(_normals(seed, replication, "rain", n), RAIN_CORRELATION_FRAC)
    amounts, begins = (Stream(seed, replication, "weather", purpose) for purpose in ("rain amounts", "rain hours"))
    month_of_day = np.repeat([month[1] - 1 for month in months], days)
    wet_frac = np.array(climate.rain.wet_days)[month_of_day] / np.repeat(days, days)
    mean_mm = (np.array(climate.rain.rain_mm) / np.array(climate.rain.wet_days))[month_of_day]
    rain_mm_per_h = np.zeros(24 * n)
    for d, is_wet in enumerate((wet > ndtri(1.0 - wet_frac)).tolist()):
        amount_mm, first = amounts.exponential(float(mean_mm[d])), 24 * d + begins.choice(RAIN_BEGINS)
        if is_wet:
            rain_mm_per_h[first : first + len(RAIN_SHAPE_FRAC)] += amount_mm * np.array(RAIN_SHAPE_FRAC)
    return wet, rain_mm_per_h


def _mix(first: Floats, second: Floats, correlation: float) -> Floats:
    """Return standard normal numbers that have this correlation with the first of two independent ones."""
    mixed: Floats = correlation * first + np.sqrt(1.0 - correlation**2) * second
    return mixed


def _month(climate: Climate, month: int, sun: SunOfMonth, chance: _Chance) -> MonthOfWeather:
    """Turn a month's chance into weather."""
    table, scale = climate.table, climate.irradiance_frac
    ghi, dni, dhi = (scale * np.array(values[month]) for values in (table.ghi_w_per_m2, table.dni_w_per_m2, table.dhi_w_per_m2))
    clear = _by_hour_of_day(clear_sky_ghi_w_per_m2(sun.position.apparent_zenith_deg))
    height = _by_hour_of_day(sun.height_frac)
    bright = chance.bright.reshape(-1, 24)
    quantiles = _normal_quantiles()
    drawn, likely = (_global(ghi, clear, normals) for normals in (bright, quantiles[:, None]))

    sunny = (height > LOW_SUN_FRAC) & (ghi > 0)
    outside = np.where(sunny, 1361.0 * height, 1.0)
    shift = clearness_shift(likely, outside, dhi)
    even = np.divide(dhi, ghi, out=np.ones(24), where=ghi > 0)
    share, likely_share = (
        np.where(sunny, diffuse_frac(values / outside + shift), np.minimum(even, 1.0)) for values in (drawn, likely)
    )
    beam = (likely * (1.0 - likely_share)).mean(axis=0)
    per_beam = np.divide(dni, beam, out=np.zeros(24), where=beam > 0)
    return MonthOfWeather(
        ghi_w_per_m2=drawn.ravel(),
        dni_w_per_m2=(drawn * (1.0 - share) * per_beam).ravel(),
        dhi_w_per_m2=(drawn * share).ravel(),
        ambient_c=(np.array(table.ambient_c[month]) + WARM_SIGMA_K * chance.warm.reshape(-1, 24)).ravel(),
        humidity_frac=bounded_of_normal(
            np.array(table.humidity_frac[month]), -chance.dry.reshape(-1, 24), concentration=HUMIDITY_CONCENTRATION
        ).ravel(),
        wind_m_per_s=None,
        rain_mm_per_h=None,
    )


def _global(ghi: Floats, clear: Floats, normals: Floats) -> Floats:
    """Return global irradiance of hours of the day [W/m2], by as many normal numbers as there are rows."""
    is_day = clear > 0
    index = np.divide(ghi, clear, out=np.zeros(24), where=is_day)
    drawn = bounded_of_normal(index, normals, low=CLEAR_LOW, high=CLEAR_HIGH, concentration=CLEAR_CONCENTRATION)
    return np.where(is_day, drawn * clear, ghi)


def _by_hour_of_day(fine: Floats) -> Floats:
    means: Floats = fine.reshape(-1, 24, FINE_PER_HOUR).mean(axis=(0, 2))
    return means


def _normal_quantiles() -> Floats:
    from scipy.special import ndtri

    middles: Floats = ndtri((np.arange(_QUANTILES) + 0.5) / _QUANTILES)
    return middles
