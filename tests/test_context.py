"""The context of a scenario: rules of a date, accounts and profiles of the weather."""

import datetime as dt
import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eipsim.context import Climate, Context, split_solar_name
from eipsim.errors import ConfigError
from eipsim.readers.climate_table import read_climate_table
from eipsim.readers.tariff_table import read_tariff
from eipsim.timebase import Account, Horizon

YEAR = Context.at(dt.date(2022, 1, 1))


def by_month(values: np.ndarray) -> list[np.ndarray]:
    """Cut half-hour values of 2022 into months."""
    ends = np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) * 48
    return np.split(values, ends[:-1])


def test_the_default_context_is_the_historical_year() -> None:
    assert YEAR.date == dt.date(2022, 1, 1)
    assert YEAR.tariff.decision == "648/QD-BCT"
    assert YEAR.tariff.schedule.name == "Circular 16/2014"
    assert (YEAR.factors.grid_year, YEAR.factors.grid_tco2_per_mwh) == (2019, 0.8458)
    assert YEAR.solar_regime.sale_cap_frac == 0.0
    assert YEAR.climate.irradiance_frac == 0.90
    assert YEAR.horizon == Horizon(dt.date(2022, 1, 1), 8760.0)


def test_a_later_date_brings_the_rules_of_that_date() -> None:
    later = Context.at(dt.date(2026, 7, 1), grid_factor_year=None)

    assert later.tariff.decision == "1279/QD-BCT"
    assert later.tariff.schedule.name == "Decision 963/2026"
    assert later.factors.grid_year == 2023
    assert later.solar_regime.sale_cap_frac == 0.5


def test_the_schedule_of_bands_can_be_chosen_apart_from_the_prices() -> None:
    assert Context.at(dt.date(2026, 7, 1), tou_schedule="Circular 16/2014").tariff.schedule.name == "Circular 16/2014"


def test_all_that_is_wrong_with_a_context_is_said_at_once() -> None:
    with pytest.raises(ConfigError) as raised:
        Context.at(
            dt.date(2015, 1, 1),
            hours=-1.0,
            step_h=0.7,
            grid_factor_year=2050,
            irradiance_frac=3.0,
            latitude_deg=91.0,
            longitude_deg=200.0,
        )

    assert str(raised.value).splitlines() == [
        "Context of 2015-01-01 has 8 problems:",
        "  horizon.hours = -1 h: must be more than 0 and finite",
        "  date = 2015-01-01: no electricity price was in force; the first is of 2019-03-20",
        "  grid_factor_year = 2050: must be from 2014 to 2023",
        "  date = 2015-01-01: no solar regime was in force; the first is of 2017-06-01",
        "  step_h = 0.7 h: must be one of 0.25, 0.5, 1",
        "  latitude_deg = 91: must be from -66 to 66, where every day has a sunrise",
        "  longitude_deg = 200: must be from -180 to 180",
        "  irradiance_frac = 3: must be more than 0 and at most 1.5",
    ]


def test_a_context_changed_by_hand_is_checked_as_well() -> None:
    with pytest.raises(ConfigError, match=r"Context has 1 problem:\n  step_h = 2 h"):
        replace(YEAR, step_h=2.0)


def test_accounts_are_those_of_the_tariff_over_the_horizon() -> None:
    grid = YEAR.accounts()

    assert grid.edges_h[-1] == 8760.0
    assert grid.accounts[0] == Account(0, "normal")
    assert len(grid.accounts) == 365 * 3 - 52  # no peak on the 52 Sundays of 2022
    hours = np.bincount(grid.account, np.diff(grid.edges_h))
    peak = sum(h for h, account in zip(hours, grid.accounts, strict=True) if account.band == "peak")
    assert peak == 313 * 5.0


def test_a_constant_load_pays_the_weekly_mean_over_whole_weeks() -> None:
    grid = replace(YEAR, horizon=Horizon(dt.date(2022, 1, 3), 52 * 168.0)).accounts()
    prices = YEAR.tariff.price_vnd_per_kwh("22_110")
    hours = np.bincount(grid.account, np.diff(grid.edges_h))

    mean = sum(h * prices[account.band] for h, account in zip(hours, grid.accounts, strict=True)) / hours.sum()

    assert mean == pytest.approx(YEAR.tariff.mean_price_vnd_per_kwh("22_110"), rel=1e-12)


def test_a_roof_of_ten_degrees_to_the_south_yields_what_roofs_of_the_region_report() -> None:
    assert 1350 <= YEAR.profile("solar:10:180").sum() * 0.5 <= 1450


def test_a_near_equatorial_roof_loses_a_few_percent_to_the_east_west_and_north() -> None:
    yields = {azimuth: YEAR.profile(f"solar:10:{azimuth}").sum() for azimuth in (0, 90, 180, 270)}

    assert min(yields, key=yields.__getitem__) == 0
    assert max(yields, key=yields.__getitem__) == 180
    assert 0.93 < yields[0] / yields[180] < 0.97


def test_an_east_roof_peaks_before_a_west_roof() -> None:
    east, west = (YEAR.profile(f"solar:20:{azimuth}").reshape(365, 48).mean(axis=0) for azimuth in (90, 270))

    assert east.argmax() < 24 <= west.argmax()


def test_solar_output_is_never_negative_nor_above_the_inverter_and_zero_at_night() -> None:
    solar = YEAR.profile("solar:10:180").reshape(365, 48)

    assert solar.min() == 0.0
    assert solar.max() <= 1 / 1.2
    assert (solar[:, :10] == 0.0).all()
    assert (solar[:, 38:] == 0.0).all()


def test_a_quarter_of_solar_output_falls_between_half_past_nine_and_half_past_eleven() -> None:
    solar = YEAR.profile("solar:10:180").reshape(365, 48).sum(axis=0)

    assert solar[19:23].sum() / solar.sum() == pytest.approx(0.255, abs=0.005)


def test_solar_power_avoids_the_published_mean_price() -> None:
    """Reference: 1,849 under Decision 648, 2,183 under 1279, 1,837 with the hours of Decision 963 (22-110 kV)."""
    solar = YEAR.profile("solar:10:180")
    week = np.bincount((np.arange(solar.size) + 48 * YEAR.horizon.weekday(0)) % 336, solar)

    prices = [
        read_tariff(on).mean_price_vnd_per_kwh("22_110", week) for on in (YEAR.date, dt.date(2025, 6, 1), dt.date(2026, 6, 1))
    ]

    assert prices == pytest.approx([1849, 2183, 1837], rel=2e-3)


def test_cooling_degrees_have_the_mean_one_and_follow_the_temperature() -> None:
    cooling, ambient = YEAR.profile("cooling_degree"), YEAR.profile("ambient_c")

    assert cooling.mean() == pytest.approx(1.0, rel=1e-12)
    assert cooling == pytest.approx((ambient - 18.0) / (ambient.mean() - 18.0), rel=1e-12)


def test_the_temperature_has_the_means_of_the_table() -> None:
    table = np.array(YEAR.climate.table.ambient_c).mean(axis=1)

    assert [month.mean() for month in by_month(YEAR.profile("ambient_c"))] == pytest.approx(table, rel=1e-12)


def test_lamps_are_all_on_at_night_and_fewest_at_noon() -> None:
    daylight = YEAR.profile("daylight").reshape(365, 48)

    assert (daylight[:, :10] == 1.0).all()
    assert daylight[:, 24] == pytest.approx(0.3)
    assert ((daylight >= 0.3 - 1e-12) & (daylight <= 1.0)).all()


@pytest.mark.parametrize("name", ["ambient_c", "cooling_degree", "daylight", "solar:10:180"])
def test_profiles_do_not_depend_on_how_long_or_from_when_the_horizon_is(name: str) -> None:
    whole = YEAR.profile(name)
    week = Context.at(dt.date(2022, 3, 10), hours=168.0).profile(name)

    first = 48 * (dt.date(2022, 3, 10) - dt.date(2022, 1, 1)).days
    assert (week == whole[first : first + 336]).all()


@pytest.mark.parametrize("name", ["ambient_c", "cooling_degree", "daylight", "solar:10:180"])
def test_wider_steps_hold_the_means_of_finer_ones(name: str) -> None:
    quarters, halves, hours = (Context.at(hours=96.0, step_h=step).profile(name) for step in (0.25, 0.5, 1.0))

    assert halves == pytest.approx(quarters.reshape(-1, 2).mean(axis=1), rel=1e-12, abs=1e-15)
    assert hours == pytest.approx(quarters.reshape(-1, 4).mean(axis=1), rel=1e-12, abs=1e-15)


@settings(deadline=None, max_examples=30)
@given(start=st.dates(dt.date(2022, 1, 1), dt.date(2027, 12, 31)), hours=st.integers(1, 2400).map(lambda k: k / 2))
def test_a_profile_covers_the_horizon_whatever_its_start(start: dt.date, hours: float) -> None:
    profile = Context.at(start, hours=hours).profile("ambient_c")

    assert profile.size == int(np.ceil(hours / 0.5))
    assert profile[0] == YEAR.climate.table.ambient_c[start.month - 1][0]


def test_a_leap_day_has_the_weather_of_february() -> None:
    leap = Context.at(dt.date(2024, 2, 29), hours=24.0).profile("ambient_c")

    assert leap[::2].tolist() == list(YEAR.climate.table.ambient_c[1])


def test_the_irradiance_share_moves_solar_output_and_not_the_temperature() -> None:
    full = Context.at(irradiance_frac=1.0)

    assert full.profile("solar:10:180").sum() > 1.08 * YEAR.profile("solar:10:180").sum()
    assert (full.profile("ambient_c") == YEAR.profile("ambient_c")).all()


def test_a_profile_is_worked_out_once_and_can_not_be_written() -> None:
    profile = YEAR.profile("solar:10:180")

    assert Context.at(dt.date(2022, 1, 1)).profile("solar:10:180") is profile
    with pytest.raises(ValueError, match="read-only"):
        profile[0] = 1.0


def test_a_context_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(YEAR)) == YEAR


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("cooling_degrees", "did you mean 'cooling_degree'"),
        ("solar", "is unknown"),
        ("solar:10", "must be solar:<tilt>:<azimuth>"),
        ("solar:ten:180", "must be solar:<tilt>:<azimuth>"),
        ("solar:95:180", "tilt must be from 0 to 90"),
        ("solar:10:400", "azimuth from 0 to 360"),
    ],
)
def test_an_unknown_profile_is_refused(name: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        YEAR.profile(name)


def test_a_climate_that_is_never_warm_has_no_cooling_degrees() -> None:
    cold = replace(read_climate_table(), name="tundra", ambient_c=((5.0,) * 24,) * 12)

    with pytest.raises(ConfigError, match="no hour of tundra is above 18 °C"):
        replace(YEAR, climate=Climate(cold)).profile("cooling_degree")


def test_the_name_of_a_solar_profile_splits_into_tilt_and_azimuth() -> None:
    assert split_solar_name("solar:7.5:135") == (7.5, 135.0)


def test_the_profiles_of_the_bands_add_up_to_one_and_keep_their_hours_a_week() -> None:
    bands = {band: YEAR.profile(f"band:{band}") for band in ("peak", "normal", "offpeak")}

    monday = 48 * ((7 - YEAR.horizon.weekday(0)) % 7)
    week = {band: float(profile[monday : monday + 336].sum() * 0.5) for band, profile in bands.items()}

    assert set(sum(bands.values()).tolist()) == {1.0}
    assert week == {"peak": 30.0, "normal": 96.0, "offpeak": 42.0}
