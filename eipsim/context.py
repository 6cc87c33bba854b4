"""What surrounds a park: the dates, the weather, prices, factors and rules of a scenario."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .design_storm import DesignStorm
from .errors import ConfigError, Problems
from .readers.climate_table import ClimateTable, read_climate_table
from .readers.hourly_weather import HourlyWeather
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
from .weather import Climate, Site, split_solar_name, weather_profile
from .weather_draw import draw_rain, draw_weather

__all__ = ["Climate", "Context", "EmissionFactors", "Prices", "SolarRegime", "Tariff", "split_solar_name"]

Floats = NDArray[np.float64]

STEPS_H = (0.25, 0.5, 1.0)
"""Widths that the steps of profiles may have [h]."""

RAIN = "rain_mm_per_h"
"""The profile of rain, which is drawn for each replication unless a file gives it."""


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
        The typical year; its mean days are the weather unless the next two say otherwise.
    step_h : float
        Width of the steps of profiles: 0.25, 0.5 or 1 [h].
    latitude_deg, longitude_deg : float
        Where the park is; by default AMATA City Bien Hoa [°].
    weather : HourlyWeather or None
        Hours of a file, or of a draw, that hold in place of the mean days.
    stochastic : bool
        Whether each replication draws its own year about the climate's means; see `Context.drawn`.
    rain : HourlyWeather or None
        Hours whose rain holds in place of the normals.
    storm : DesignStorm or None
        A storm on top of all other rain.

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
    weather: HourlyWeather | None = None
    stochastic: bool = False
    rain: HourlyWeather | None = None
    storm: DesignStorm | None = None

    def __post_init__(self) -> None:
        with Problems("Context", ConfigError) as problems:
            _check(problems, self.step_h, self.latitude_deg, self.longitude_deg, self.climate.irradiance_frac)
            if self.stochastic and self.weather is not None and self.rain is None:
                problems.add("stochastic", "= True: a drawn year takes nothing from a file; leave one of them out")

    @classmethod
    def at(
        cls,
        date: dt.date = dt.date(2022, 1, 1),
        *,
        starts: dt.date | None = None,
        hours: float = 8760.0,
        step_h: float = 0.5,
        grid_factor_year: int | None = 2019,
        tou_schedule: str | None = None,
        two_part_tariff: bool = False,
        irradiance_frac: float = 0.90,
        climate_table: ClimateTable | None = None,
        latitude_deg: float = 10.95,
        longitude_deg: float = 106.87,
        weather: HourlyWeather | None = None,
        stochastic: bool = False,
        storm: DesignStorm | None = None,
    ) -> Context:
        """Return the context in force on a day, from which the horizon starts unless another day is given.

        Parameters
        ----------
        date : date
            The day whose tariff and solar regime hold.
        starts : date or None
            First day of the horizon; None for ``date``. Another day replays a year under another law.
        hours : float
            Length of the horizon [h].
        step_h : float
            Width of the steps of profiles [h].
        grid_factor_year : int or None
            Year of the grid emission factor. 2019 is the one that explains the published CO2 figures; None takes the
            newest that does not lie after ``date``.
        tou_schedule : str, optional
            Hours of the tariff bands, by name, if not those in force.
        two_part_tariff : bool
            Whether power is paid for beside energy, by the pilot of July 2026.
        irradiance_frac : float
            See `Climate`.
        climate_table : ClimateTable, optional
            By default the packaged year of Ho Chi Minh City.
        latitude_deg, longitude_deg : float
            Where the park is [°].
        weather : HourlyWeather, optional
            Hours of a file, in park time; its irradiance is believed as it is.
        stochastic : bool
            Whether each replication draws its own year.
        storm : DesignStorm, optional
            A storm on top of all other rain; it must lie within the horizon.

        Raises
        ------
        ConfigError
            With everything that is out of range, unknown or was not in force.
        """
        parts: dict[str, Callable[[], Any]] = {
            "horizon": lambda: Horizon(starts or date, hours),
            "tariff": lambda: read_tariff(date, tou_schedule, two_part=two_part_tariff),
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
            if storm is not None and "horizon" in found and (reason := storm.problem(found["horizon"])):
                problems.add("weather.storm", reason)
        climate = Climate(climate_table or read_climate_table(), irradiance_frac)
        return cls(
            date=date,
            prices=read_prices(),
            climate=climate,
            step_h=step_h,
            latitude_deg=latitude_deg,
            longitude_deg=longitude_deg,
            weather=weather,
            stochastic=stochastic,
            storm=storm,
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
              [kW/kWp]; tilt 0-90°, azimuth 0-360° clockwise from north. May go on with ``:<mount>:<DC/AC ratio>:<system
              loss>``, by default ``:close_roof:1.2:0.1``.
            - ``cooling_degree``: dry-bulb temperature above 18 °C, over its yearly mean [1].
            - ``daylight``: share of the lamps of a daylit hall that is needed, 1 in the dark to 0.3 [1].
            - ``ambient_c``: dry-bulb temperature [°C]; ``humidity_frac``: relative humidity, 0-1; ``wet_bulb_c``: wet-bulb
              temperature of both [°C].
            - ``ghi_w_per_m2``, ``dni_w_per_m2``, ``dhi_w_per_m2``: global horizontal, direct normal and diffuse horizontal
              irradiance [W/m2]; ``rain_mm_per_h``: rain [mm/h].
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
        Without a file or a draw every day of a month has the mean day's irradiance, spread within each hour with the
        height of the sun so that the sums of whole months are those of the table, and rain falls evenly over the month.
        Values do not depend on how long the horizon is.
        """
        if name.removeprefix("band:") in BANDS:
            return self.tariff.schedule.profile(name.removeprefix("band:"), self.horizon, self.step_h)
        hours = self.rain if name == RAIN and self.rain is not None else self.weather
        found = weather_profile(
            Site(self.climate, self.latitude_deg, self.longitude_deg, hours), name, self.horizon, self.step_h
        )
        if name == RAIN and self.storm is not None:
            found = found + self.storm.mm_per_h(self.horizon, self.step_h)
            found.flags.writeable = False
        return found

    def is_drawn(self, name: str) -> bool:
        """Say whether a profile differs from one replication to the next."""
        if name == RAIN:
            return self.weather is None or self.weather.rain_mm_per_h is None
        return self.stochastic and name.removeprefix("band:") not in BANDS

    def drawn(self, seed: int, replication: int) -> Context:
        """Return the context with the weather of one replication, which all scenarios share.

        Parameters
        ----------
        seed, replication : int
            Of the random numbers.

        Returns
        -------
        Context
            With a drawn year if it is stochastic, and with drawn rain unless a file gives it.
        """
        if not self.is_drawn(RAIN):
            return self
        site = Site(self.climate, self.latitude_deg, self.longitude_deg)
        if not self.stochastic:
            return replace(self, rain=draw_rain(site, self.horizon, seed, replication))
        year = draw_weather(site, self.horizon, seed, replication)
        return replace(self, weather=year, rain=year)


def _check(problems: Problems, step_h: float, latitude_deg: float, longitude_deg: float, irradiance_frac: float) -> None:
    if step_h not in STEPS_H:
        problems.add("step_h", f"= {step_h:g} h: must be one of {', '.join(f'{step:g}' for step in STEPS_H)}")
    if not -66 <= latitude_deg <= 66:
        problems.add("latitude_deg", f"= {latitude_deg:g}: must be from -66 to 66, where every day has a sunrise")
    if not -180 <= longitude_deg <= 180:
        problems.add("longitude_deg", f"= {longitude_deg:g}: must be from -180 to 180")
    if not 0 < irradiance_frac <= 1.5:
        problems.add("irradiance_frac", f"= {irradiance_frac:g}: must be more than 0 and at most 1.5")
