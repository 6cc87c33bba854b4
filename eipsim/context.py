"""What surrounds a park: the dates, the weather, prices, factors and rules of a scenario."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .errors import ConfigError, Problems, nearest
from .physics.solar import SunPosition, array_power_kw_per_kwp, plane_of_array_w_per_m2, sun_position
from .physics.weather import cooling_degree_k, lights_needed_frac, spread_over_cells
from .readers.climate_table import ClimateTable, MonthHour, read_climate_table
from .readers.price_table import (
    EmissionFactors,
    Prices,
    SolarRegime,
    latest_grid_year,
    read_emission_factors,
    read_prices,
    read_solar_regime,
)
from .readers.tariff_table import BANDS, Tariff, read_tariff
from .timebase import AccountGrid, Horizon

__all__ = ["Climate", "Context", "EmissionFactors", "Prices", "SolarRegime", "Tariff", "split_solar_name"]

Floats = NDArray[np.float64]

UTC_OFFSET_H = 7.0
"""Local time of Viet Nam less UTC, without daylight saving [h]."""

STEPS_H = (0.25, 0.5, 1.0)
"""Widths that the steps of profiles may have [h]."""

PROFILES = ("ambient_c", "cooling_degree", "daylight")
"""Names of the profiles besides ``solar:<tilt>:<azimuth>``."""

_FINE_PER_HOUR = 8
"""Instants per hour at which the sun is worked out: one every 7.5 minutes, which divides all steps."""


@dataclass(frozen=True)
class Climate:
    """A typical year, and how much of its irradiance to believe.

    Parameters
    ----------
    table : ClimateTable
        Month × hour means.
    irradiance_frac : float
        What global, direct and diffuse irradiance are multiplied by alike, so that their closure is kept. The packaged
        year models irradiance from cloud reports and is about 10 % high (1,998 instead of 1,780-1,850 kWh/m2).
    """

    table: ClimateTable
    irradiance_frac: float = 0.90

    @property
    def mean_cooling_degree_k(self) -> float:
        """Yearly mean of the cooling degrees, in a year of 365 days [K]."""
        days = [calendar.monthrange(2022, month)[1] for month in range(1, 13)]
        return float(np.average(cooling_degree_k(np.array(self.table.ambient_c)).mean(axis=1), weights=days))


class _Site(NamedTuple):
    climate: Climate
    latitude_deg: float
    longitude_deg: float


class _Sky(NamedTuple):
    """One month at fine time: the sun, irradiance [W/m2], air [°C], day of the year."""

    sun: SunPosition
    ghi_w_per_m2: Floats
    dni_w_per_m2: Floats
    dhi_w_per_m2: Floats
    ambient_c: Floats
    day_of_year: NDArray[np.int64]


@dataclass(frozen=True)
class Context:
    """Everything outside the park that a scenario depends on; `Context.at` builds the one in force on a day.

    Prices, factors and rules are those of ``date`` for the whole horizon, even if a new one begins within it.

    Parameters
    ----------
    date : date
        The day whose rules hold.
    horizon : Horizon
        What is simulated.
    tariff : Tariff
        Electricity prices by band and voltage class.
    prices : Prices
        Water, wastewater, fuels.
    factors : EmissionFactors
        Grid and fuels.
    solar_regime : SolarRegime
        What surplus of solar power may be sold.
    climate : Climate
        The weather.
    step_h : float
        Width of the steps of profiles: 0.25, 0.5 or 1 [h].
    latitude_deg, longitude_deg : float
        Where the park is; by default AMATA City Bien Hoa [°].

    Raises
    ------
    ConfigError
        With every field that is out of range.

    Examples
    --------
    >>> context = Context.at(dt.date(2022, 1, 1))
    >>> context.tariff.decision, context.factors.grid_tco2_per_mwh, context.solar_regime.sale_cap_frac
    ('648/QD-BCT', 0.8458, 0.0)
    >>> context.profile("cooling_degree").size
    17520
    """

    date: dt.date
    horizon: Horizon
    tariff: Tariff
    prices: Prices
    factors: EmissionFactors
    solar_regime: SolarRegime
    climate: Climate
    step_h: float = 0.5
    latitude_deg: float = 10.95
    longitude_deg: float = 106.87

    def __post_init__(self) -> None:
        with Problems("Context", ConfigError) as problems:
            _check(problems, self.step_h, self.latitude_deg, self.longitude_deg, self.climate.irradiance_frac)

    @classmethod
    def at(
        cls,
        date: dt.date = dt.date(2022, 1, 1),
        *,
        hours: float = 8760.0,
        step_h: float = 0.5,
        grid_factor_year: int | None = 2019,
        tou_schedule: str | None = None,
        irradiance_frac: float = 0.90,
        climate_table: ClimateTable | None = None,
        latitude_deg: float = 10.95,
        longitude_deg: float = 106.87,
    ) -> Context:
        """Return the context in force on a day, from which the horizon starts.

        Parameters
        ----------
        date : date
            First day of the horizon; tariff and solar regime are those in force on it.
        hours : float
            Length of the horizon [h].
        step_h : float
            Width of the steps of profiles [h].
        grid_factor_year : int or None
            Year of the grid emission factor. 2019 is the one that explains the published CO2 figures; None takes the
            newest that does not lie after ``date``.
        tou_schedule : str, optional
            Hours of the tariff bands, by name, if not those in force.
        irradiance_frac : float
            See `Climate`.
        climate_table : ClimateTable, optional
            By default the packaged year of Ho Chi Minh City.
        latitude_deg, longitude_deg : float
            Where the park is [°].

        Raises
        ------
        ConfigError
            With everything that is out of range, unknown or was not in force.
        """
        parts: dict[str, Callable[[], Any]] = {
            "horizon": lambda: Horizon(date, hours),
            "tariff": lambda: read_tariff(date, tou_schedule),
            "factors": lambda: read_emission_factors(latest_grid_year(date) if grid_factor_year is None else grid_factor_year),
            "solar_regime": lambda: read_solar_regime(date),
        }
        found: dict[str, Any] = {}
        with Problems(f"Context of {date}", ConfigError) as problems:
            for part, read in parts.items():
                try:
                    found[part] = read()
                except ConfigError as error:
                    problems.lines.append(str(error))
            _check(problems, step_h, latitude_deg, longitude_deg, irradiance_frac)
        climate = Climate(climate_table or read_climate_table(), irradiance_frac)
        return cls(
            date=date,
            prices=read_prices(),
            climate=climate,
            step_h=step_h,
            latitude_deg=latitude_deg,
            longitude_deg=longitude_deg,
            **found,
        )

    def accounts(self) -> AccountGrid:
        """Return the accounts of the horizon: one per day and tariff band."""
        return self.tariff.schedule.accounts(self.horizon)

    def profile(self, name: str) -> Floats:
        """Return a factor of weather or light for every step of the horizon.

        Parameters
        ----------
        name : str
            - ``solar:<tilt>:<azimuth>``: what a roof array feeds in, after 10 % system losses, before soiling and outages
              [kW/kWp]; tilt 0-90°, azimuth 0-360° clockwise from north.
            - ``cooling_degree``: dry-bulb temperature above 18 °C, over its yearly mean [1].
            - ``daylight``: share of the lamps of a daylit hall that is needed, 1 in the dark to 0.3 [1].
            - ``ambient_c``: dry-bulb temperature [°C].
            - ``band:<band>``: 1 in a band of the tariff, else 0 [1].

        Returns
        -------
        ndarray of shape (steps,)
            Mean over each step; not writeable, as all who ask share it.

        Raises
        ------
        ConfigError
            If there is no such profile, or its angles are out of range.

        Notes
        -----
        Every day of a month has the mean day's irradiance, spread within each hour with the height of the sun so that
        the sums of whole months are those of the table. Values do not depend on how long the horizon is.
        """
        if name.removeprefix("band:") in BANDS:
            return self.tariff.schedule.profile(name.removeprefix("band:"), self.horizon, self.step_h)
        return _profile(_Site(self.climate, self.latitude_deg, self.longitude_deg), name, self.horizon, self.step_h)


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
    try:
        _, tilt, azimuth = name.split(":")
        tilt_deg, azimuth_deg = float(tilt), float(azimuth)
    except ValueError:
        raise ConfigError(f"profile {name!r}: must be solar:<tilt>:<azimuth>, for example solar:10:180") from None
    if not (0 <= tilt_deg <= 90 and 0 <= azimuth_deg <= 360):
        raise ConfigError(f"profile {name!r}: tilt must be from 0 to 90 and azimuth from 0 to 360")
    return tilt_deg, azimuth_deg


def _check(problems: Problems, step_h: float, latitude_deg: float, longitude_deg: float, irradiance_frac: float) -> None:
    if step_h not in STEPS_H:
        problems.add("step_h", f"= {step_h:g} h: must be one of {', '.join(f'{step:g}' for step in STEPS_H)}")
    if not -66 <= latitude_deg <= 66:
        problems.add("latitude_deg", f"= {latitude_deg:g}: must be from -66 to 66, where every day has a sunrise")
    if not -180 <= longitude_deg <= 180:
        problems.add("longitude_deg", f"= {longitude_deg:g}: must be from -180 to 180")
    if not 0 < irradiance_frac <= 1.5:
        problems.add("irradiance_frac", f"= {irradiance_frac:g}: must be more than 0 and at most 1.5")


@lru_cache(maxsize=128)
def _profile(site: _Site, name: str, horizon: Horizon, step_h: float) -> Floats:
    kind, angles = name, (0.0, 0.0)
    if name.startswith("solar:"):
        kind, angles = "solar", split_solar_name(name)
    elif name not in PROFILES:
        raise ConfigError(
            f"profile {name!r} is unknown: {nearest(name, (*PROFILES, 'solar:10:180', *(f'band:{b}' for b in BANDS)))}"
        )
    last = horizon.date_of(horizon.days - 1)
    months = [
        (year, month)
        for year in range(horizon.start.year, last.year + 1)
        for month in range(1, 13)
        if (horizon.start.year, horizon.start.month) <= (year, month) <= (last.year, last.month)
    ]
    whole = np.concatenate([_month(site, kind, angles, month, step_h) for month in months])
    skipped = round((horizon.start.day - 1) * 24 / step_h)
    profile: Floats = whole[skipped : skipped + horizon.steps(step_h)]
    profile.flags.writeable = False
    return profile


@lru_cache(maxsize=512)
def _month(site: _Site, kind: str, angles: tuple[float, float], month: tuple[int, int], step_h: float) -> Floats:
    if kind in {"ambient_c", "cooling_degree"}:
        fine = _ambient_c(site.climate, month)
        if kind == "cooling_degree":
            if not site.climate.mean_cooling_degree_k > 0:
                name = site.climate.table.name
                raise ConfigError(f"profile 'cooling_degree': no hour of {name} is above 18 °C, so it has no mean")
            fine = cooling_degree_k(fine) / site.climate.mean_cooling_degree_k
    elif kind == "daylight":
        fine = lights_needed_frac(_sky(site, month).ghi_w_per_m2)
    else:
        sky = _sky(site, month)
        plane = plane_of_array_w_per_m2(
            sky.sun,
            sky.ghi_w_per_m2,
            sky.dni_w_per_m2,
            sky.dhi_w_per_m2,
            sky.day_of_year,
            tilt_deg=angles[0],
            azimuth_deg=angles[1],
        )
        fine = array_power_kw_per_kwp(plane, sky.ambient_c)
    means: Floats = fine.reshape(-1, round(_FINE_PER_HOUR * step_h)).mean(axis=1)
    return means


def _ambient_c(climate: Climate, month: tuple[int, int]) -> Floats:
    return np.tile(np.repeat(climate.table.ambient_c[month[1] - 1], _FINE_PER_HOUR), calendar.monthrange(*month)[1])


@lru_cache(maxsize=36)
def _sky(site: _Site, month: tuple[int, int]) -> _Sky:
    days = calendar.monthrange(*month)[1]
    first = dt.date(*month, 1)
    hours = (np.arange(days * 24 * _FINE_PER_HOUR) + 0.5) / _FINE_PER_HOUR
    midnight_s = (first - dt.date(1970, 1, 1)).days * 86400.0 - UTC_OFFSET_H * 3600.0
    sun = sun_position(midnight_s + 3600.0 * hours, site.latitude_deg, site.longitude_deg)
    height = np.maximum(np.cos(np.radians(sun.zenith_deg)), 0.0)
    hour_of_day = (hours % 24).astype(np.int64)
    table, scale = site.climate.table, site.climate.irradiance_frac

    def means(values: MonthHour) -> Floats:
        return np.array(values[month[1] - 1])

    return _Sky(
        sun,
        ghi_w_per_m2=scale * spread_over_cells(means(table.ghi_w_per_m2), hour_of_day, height),
        dni_w_per_m2=scale * spread_over_cells(means(table.dni_w_per_m2), hour_of_day, (height > 0).astype(np.float64)),
        dhi_w_per_m2=scale * spread_over_cells(means(table.dhi_w_per_m2), hour_of_day, height),
        ambient_c=_ambient_c(site.climate, month),
        day_of_year=first.timetuple().tm_yday + (hours // 24).astype(np.int64),
    )
