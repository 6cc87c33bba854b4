"""Drawn years: the means of the climate, the limits of nature, and who shares what."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from small_park import scenario, small_park

from eipsim.context import Context
from eipsim.errors import ConfigError
from eipsim.physics.sky import clear_sky_ghi_w_per_m2
from eipsim.readers.hourly_weather import HourlyWeather
from eipsim.scenario import Scenario, prepare, simulate
from eipsim.timebase import Horizon
from eipsim.weather import Site, sun_of_month
from eipsim.weather_draw import draw_rain, draw_weather

pytestmark = pytest.mark.slow

YEAR = Context.at(dt.date(2022, 1, 1), stochastic=True)
SITE = Site(YEAR.climate, YEAR.latitude_deg, YEAR.longitude_deg)
DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


@pytest.fixture(scope="module")
def years() -> list[HourlyWeather]:
    return [draw_weather(SITE, YEAR.horizon, 5, replication) for replication in range(12)]


def monthly(years: list[HourlyWeather], name: str) -> np.ndarray:
    """Means of shape (years, 12)."""
    ends = 24 * np.cumsum(DAYS)[:-1]
    return np.array([[part.mean() for part in np.split(getattr(year, name), ends)] for year in years])


def test_rain_that_is_drawn_alone_is_the_rain_of_the_drawn_year(years: list[HourlyWeather]) -> None:
    alone = [draw_rain(SITE, YEAR.horizon, 5, replication) for replication in range(2)]

    assert all(np.array_equal(rain.rain_mm_per_h, year.rain_mm_per_h) for rain, year in zip(alone, years, strict=False))
    assert not np.array_equal(alone[0].rain_mm_per_h, alone[1].rain_mm_per_h)
    assert alone[0].first == years[0].first
    assert np.isnan(alone[0].ghi_w_per_m2).all()


@pytest.mark.parametrize("name", ["ghi_w_per_m2", "dni_w_per_m2", "dhi_w_per_m2", "ambient_c", "humidity_frac"])
def test_draws_keep_the_monthly_means_of_the_climate(years: list[HourlyWeather], name: str) -> None:
    """Four standard errors; of 60 means that are right less than one in 200 sets has one beyond."""
    scale = 0.9 if name.endswith("w_per_m2") else 1.0
    expected = scale * np.array(getattr(YEAR.climate.table, name)).mean(axis=1)
    means = monthly(years, name)

    error = means.std(axis=0, ddof=1) / np.sqrt(len(years))

    assert (np.abs(means.mean(axis=0) - expected) < 4.5 * error).all()
    assert means.mean(axis=0) @ DAYS == pytest.approx(expected @ DAYS, rel=0.02)


def test_draws_keep_the_rain_and_the_wet_days_of_the_climate(years: list[HourlyWeather]) -> None:
    rain_mm = np.array([year.rain_mm_per_h.reshape(365, 24).sum(axis=1) for year in years])
    normals = YEAR.climate.rain

    assert rain_mm.sum(axis=1).mean() == pytest.approx(sum(normals.rain_mm), rel=0.06)
    assert (rain_mm > 0).sum(axis=1).mean() == pytest.approx(sum(normals.wet_days), rel=0.05)
    # exponential: the mean and the standard deviation of a wet day are alike
    september = rain_mm[:, 243:273]
    wet = september[september > 0]
    assert wet.std() / wet.mean() == pytest.approx(1.0, abs=0.2)


def test_rain_comes_in_spells_and_darkens_the_day(years: list[HourlyWeather]) -> None:
    rainy = np.array([year.rain_mm_per_h.reshape(365, 24).sum(axis=1) > 0 for year in years])[:, 151:273]
    light = np.array([year.ghi_w_per_m2.reshape(365, 24).sum(axis=1) for year in years])[:, 151:273]

    after_wet = rainy[:, 1:][rainy[:, :-1]].mean()
    after_dry = rainy[:, 1:][~rainy[:, :-1]].mean()

    assert after_wet - after_dry == pytest.approx(0.25, abs=0.1)
    assert light[rainy].mean() < 0.9 * light[~rainy].mean()


def test_clear_and_dull_days_follow_days_of_their_kind(years: list[HourlyWeather]) -> None:
    light = np.array([year.ghi_w_per_m2[:1416].reshape(59, 24).sum(axis=1) for year in years])

    neighbours = np.corrcoef(light[:, :-1].ravel(), light[:, 1:].ravel())[0, 1]

    assert 0.1 < neighbours < 0.5


def test_light_stays_below_a_clear_sky_and_closes(years: list[HourlyWeather]) -> None:
    sun = sun_of_month(SITE.latitude_deg, SITE.longitude_deg, (2022, 1))
    clear = clear_sky_ghi_w_per_m2(sun.position.apparent_zenith_deg).reshape(-1, 24, 8).mean(axis=(0, 2))
    height = sun.height_frac.reshape(-1, 24, 8).mean(axis=(0, 2))
    month = years[0].of_month(2022, 1)
    ghi, dni, dhi = (values.reshape(-1, 24) for values in month[:3])

    high = height > 0.3
    assert (ghi[:, high] <= 1.05 * clear[high] + 1e-9).all()
    assert ((dhi >= 0) & (dhi <= ghi + 1e-9)).all()
    assert np.abs(dni * height + dhi - ghi)[:, high].max() < 25.0
    assert ghi[:, clear == 0].max() == 0.0


def test_a_draw_depends_on_seed_and_replication_alone() -> None:
    week = Horizon(dt.date(2022, 1, 1), 168.0)
    first = draw_weather(SITE, week, 1, 0)
    draw_weather.cache_clear()

    assert draw_weather(SITE, week, 1, 0) == first
    assert draw_weather(SITE, week, 1, 1) != first
    assert draw_weather(SITE, week, 2, 0) != first


@pytest.mark.parametrize("name", ["ambient_c", "solar:10:180", "rain_mm_per_h"])
def test_a_longer_horizon_begins_like_a_shorter_one(name: str) -> None:
    short, long = (replace(YEAR, horizon=Horizon(YEAR.date, hours)).drawn(3, 1).profile(name) for hours in (200.0, 1000.0))

    assert (long[: short.size] == short).all()


def test_before_it_is_drawn_a_stochastic_context_has_the_mean_days() -> None:
    assert (YEAR.profile("solar:10:180") == Context.at(YEAR.date).profile("solar:10:180")).all()
    assert YEAR.profile("rain_mm_per_h")[:1488].sum() * 0.5 == pytest.approx(13.8)


def test_with_mean_days_only_the_rain_is_drawn() -> None:
    context = Context.at(YEAR.date)
    drawn = context.drawn(5, 0)

    assert context.is_drawn("rain_mm_per_h")
    assert not context.is_drawn("solar:10:180")
    assert (drawn.profile("ambient_c") == context.profile("ambient_c")).all()
    assert (drawn.profile("rain_mm_per_h") == YEAR.drawn(5, 0).profile("rain_mm_per_h")).all()


def test_the_bands_of_the_tariff_are_not_drawn() -> None:
    assert not YEAR.is_drawn("band:peak")


def test_a_drawn_year_takes_nothing_from_a_file() -> None:
    hours = draw_weather(SITE, Horizon(YEAR.date, 24.0), 1, 0)

    with pytest.raises(ConfigError, match="stochastic = True: a drawn year takes nothing from a file"):
        replace(YEAR, weather=hours)


def stochastic(name: str, park: object) -> Scenario:
    return replace(scenario(name, (), park), context=Context.at(dt.date(2022, 3, 7), hours=72.0, stochastic=True))


def test_scenarios_share_the_weather_of_a_replication_and_replications_differ() -> None:
    park = small_park().add_solar("denim", 50.0)
    few, many = prepare(stochastic("a", park)), prepare(stochastic("b", park.add_solar("denim", 50.0)))

    suns = [prepared.profiles_of(replication, 7)["solar:10:180"] for prepared in (few, many) for replication in (0, 1)]

    assert (suns[0] == suns[2]).all()
    assert (suns[0] != suns[1]).any()


def test_a_run_in_drawn_weather_makes_what_the_drawn_sun_gives() -> None:
    case = stochastic("a", small_park().add_solar("denim", 50.0).replace("solar_denim", mtbf_h=float("inf")))

    run = simulate(case, replication=1, seed=7)

    sun = case.context.drawn(7, 1).profile("solar:10:180")
    assert run.amount(component="solar_denim", port="available") == pytest.approx(50.0 * 0.97 * sun.sum() * 0.5, rel=1e-9)
