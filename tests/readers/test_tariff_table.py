"""Electricity prices by hour and decision."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eipsim.errors import ConfigError, DataError
from eipsim.readers.tariff_table import BANDS, VOLTAGE_CLASSES, TouSchedule, Window, read_schedules, read_tariff
from eipsim.timebase import Account, Horizon

MONDAY = date(2022, 1, 3)


@pytest.mark.parametrize("schedule", ["Circular 16/2014", "Decision 963/2026"])
def test_a_week_has_30_peak_42_offpeak_and_96_normal_hours(schedule: str) -> None:
    tariff = read_tariff(date(2026, 6, 1), schedule)

    assert tariff.schedule.hours_per_week() == {"normal": 96.0, "offpeak": 42.0, "peak": 30.0}


@pytest.mark.parametrize("schedule", ["Circular 16/2014", "Decision 963/2026"])
@pytest.mark.parametrize(
    ("voltage_class", "published"), [("ge110", 1904.57), ("22_110", 1952.17), ("6_22", 2020.57), ("lt6", 2110.86)]
)
def test_a_constant_load_pays_the_published_mean_of_decision_1279(schedule: str, voltage_class: str, published: float) -> None:
    tariff = read_tariff(date(2026, 6, 1), schedule)

    assert tariff.decision == "1279/QD-BCT"
    assert tariff.mean_price_vnd_per_kwh(voltage_class) == pytest.approx(published, rel=1e-3)


@pytest.mark.parametrize(
    ("on", "decision", "flat"),
    [
        (date(2019, 3, 20), "648/QD-BCT", 1653),
        (date(2023, 5, 3), "648/QD-BCT", 1653),
        (date(2023, 5, 4), "1062/QD-BCT", 1704),
        (date(2024, 1, 1), "2941/QD-BCT", 1777),
        (date(2025, 1, 1), "2699/QD-BCT", 1862),
        (date(2025, 5, 10), "1279/QD-BCT", 1952),
    ],
)
def test_the_decision_of_the_day_is_billed(on: date, decision: str, flat: float) -> None:
    tariff = read_tariff(on)

    assert tariff.decision == decision
    assert tariff.mean_price_vnd_per_kwh("22_110") == pytest.approx(flat, abs=0.8)


def test_the_morning_peak_ends_with_decision_963() -> None:
    before, after = read_tariff(date(2026, 4, 21)), read_tariff(date(2026, 4, 22))
    morning = np.zeros(168)
    morning[[24 * day + 10 for day in range(6)]] = 1.0

    assert before.mean_price_vnd_per_kwh("lt6", morning) == 3640.0
    assert after.mean_price_vnd_per_kwh("lt6", morning) == 1987.0


def test_prices_are_by_band() -> None:
    assert read_tariff(MONDAY).price_vnd_per_kwh("22_110") == {"normal": 1555.0, "offpeak": 1007.0, "peak": 2871.0}


def test_a_day_has_its_edges_at_the_half_hours_of_the_tariff() -> None:
    legacy, new = read_schedules()

    assert legacy.stretches(0) == (
        (0.0, 4.0, "offpeak"),
        (4.0, 9.5, "normal"),
        (9.5, 11.5, "peak"),
        (11.5, 17.0, "normal"),
        (17.0, 20.0, "peak"),
        (20.0, 22.0, "normal"),
        (22.0, 24.0, "offpeak"),
    )
    assert legacy.stretches(6) == ((0.0, 4.0, "offpeak"), (4.0, 22.0, "normal"), (22.0, 24.0, "offpeak"))
    assert new.stretches(5)[-2:] == ((17.5, 22.5, "peak"), (22.5, 24.0, "normal"))


def test_accounts_change_at_tariff_edges_and_at_midnight() -> None:
    grid = read_tariff(MONDAY).schedule.accounts(Horizon(MONDAY, 48.0))

    assert grid.edges_h.tolist() == [0, 4, 9.5, 11.5, 17, 20, 22, 24, 28, 33.5, 35.5, 41, 44, 46, 48]
    assert grid.accounts == tuple(Account(day, band) for day in (0, 1) for band in ("normal", "offpeak", "peak"))
    assert grid.account.tolist() == [1, 0, 2, 0, 2, 0, 1, 4, 3, 5, 3, 5, 3, 4]


def test_a_sunday_has_no_peak_account() -> None:
    grid = read_tariff(MONDAY).schedule.accounts(Horizon(date(2022, 1, 2), 24.0))

    assert grid.accounts == (Account(0, "normal"), Account(0, "offpeak"))


def test_the_last_account_ends_with_the_horizon() -> None:
    grid = read_tariff(MONDAY).schedule.accounts(Horizon(MONDAY, 34.25))

    assert grid.edges_h[-3:].tolist() == [28.0, 33.5, 34.25]
    assert grid.accounts[-1] == Account(1, "peak")


def test_a_horizon_of_hours_has_only_the_accounts_it_meets() -> None:
    grid = read_tariff(MONDAY).schedule.accounts(Horizon(MONDAY, 3.0))

    assert grid.accounts == (Account(0, "offpeak"),)
    assert grid.edges_h.tolist() == [0.0, 3.0]


@given(hours=st.integers(1, 24 * 400).map(lambda k: k / 4), on=st.sampled_from([MONDAY, date(2026, 5, 6), date(2024, 2, 28)]))
def test_accounts_cover_the_horizon_once_and_in_order(hours: float, on: date) -> None:
    schedule = read_tariff(on).schedule

    grid = schedule.accounts(Horizon(on, hours))

    assert (grid.edges_h[0], grid.edges_h[-1]) == (0.0, hours)
    assert (np.diff(grid.edges_h) > 0).all()
    assert grid.account.size == grid.edges_h.size - 1
    assert sorted(set(grid.account.tolist())) == list(range(len(grid.accounts)))
    midpoints = (grid.edges_h[1:] + grid.edges_h[:-1]) / 2
    assert [grid.accounts[k].day for k in grid.account] == [int(hour // 24) for hour in midpoints]


def test_hours_of_a_shape_may_straddle_a_tariff_edge() -> None:
    tariff = read_tariff(MONDAY)
    nine_to_ten = np.zeros(168)
    nine_to_ten[9] = 5.0

    assert tariff.mean_price_vnd_per_kwh("22_110", nine_to_ten) == pytest.approx((1555 + 2871) / 2)


def test_an_overnight_window_of_weekdays_ends_on_saturday_morning() -> None:
    schedule = TouSchedule("toy", MONDAY, (Window("mon-fri", 22.0, 4.0, "offpeak"),))

    assert schedule.stretches(5) == ((0.0, 4.0, "offpeak"), (4.0, 24.0, "normal"))
    assert schedule.stretches(6) == ((0.0, 24.0, "normal"),)
    assert schedule.stretches(0)[0] == (0.0, 22.0, "normal")


def test_windows_that_overlap_are_refused() -> None:
    with pytest.raises(DataError, match="schedule 'toy': two windows overlap on day 1"):
        TouSchedule("toy", MONDAY, (Window("daily", 8, 12, "peak"), Window("mon-sat", 11, 13, "offpeak")))


def test_an_unknown_voltage_class_is_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="voltage class '22-110' has no price: did you mean '22_110'"):
        read_tariff(MONDAY).price_vnd_per_kwh("22-110")


@pytest.mark.parametrize("shape", [[], [0.0, 0.0], [1.0, -1.0], [[1.0]], [float("nan")]])
def test_a_shape_without_a_positive_load_is_refused(shape: list[float]) -> None:
    with pytest.raises(ConfigError, match="a load shape must be one row of numbers from 0 up, not all 0"):
        read_tariff(MONDAY).mean_price_vnd_per_kwh("lt6", shape)


def test_a_day_before_the_first_decision_is_refused() -> None:
    with pytest.raises(ConfigError, match="no electricity price was in force; the first is of 2019-03-20"):
        read_tariff(date(2019, 3, 19))


def test_an_unknown_schedule_is_answered_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"schedule 'Circular 16/2015' .* did you mean 'Circular 16/2014'"):
        read_tariff(MONDAY, "Circular 16/2015")


HEADER = "effective_from,decision,voltage_class,normal_vnd_per_kwh,offpeak_vnd_per_kwh,peak_vnd_per_kwh\n"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("2020-01-01,X,lt6,1,1,1\n", "X has no line for voltage class ge110, 22_110, 6_22"),
        ("2020-01-01,X,lt7,1,1,1\n", "line 2 voltage_class = 'lt7': did you mean 'lt6'"),
    ],
)
def test_a_decision_must_price_every_voltage_class(tmp_path: Path, rows: str, message: str) -> None:
    path = tmp_path / "tariff.csv"
    path.write_text(HEADER + rows, encoding="utf-8")

    with pytest.raises(DataError, match=message):
        read_tariff(MONDAY, path=path)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("toy,2020-01-01,mon-sun,8,9,peak\n", "days = 'mon-sun'"),
        ("toy,2020-01-01,daily,8,9,top\n", "band = 'top'"),
        ("toy,2020-01-01,daily,8,25,peak\n", "window 8-25 h: must start from 0 to below 24"),
    ],
)
def test_a_window_must_name_known_days_and_bands(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "windows.csv"
    path.write_text("schedule,effective_from,days,start_h,end_h,band\n" + row, encoding="utf-8")

    with pytest.raises(DataError, match=message):
        read_schedules(path)


def test_every_class_pays_more_at_peak_and_less_off_peak() -> None:
    for voltage_class in VOLTAGE_CLASSES:
        prices = read_tariff(MONDAY).price_vnd_per_kwh(voltage_class)
        assert tuple(prices) == BANDS
        assert prices["offpeak"] < prices["normal"] < prices["peak"]


@pytest.mark.parametrize(
    ("voltage_class", "energy", "capacity"),
    [
        ("ge110", (1253, 843, 2162), 209_459),
        ("22_110", (1275, 859, 2182), 235_414),
        ("6_22", (1280, 871, 2189), 240_050),
        ("lt6", (1332, 904, 2251), 286_153),
    ],
)
def test_the_pilot_of_2026_pays_for_power_beside_energy(
    voltage_class: str, energy: tuple[int, int, int], capacity: int
) -> None:
    pilot = read_tariff(date(2026, 7, 1), two_part=True)

    assert tuple(pilot.price_vnd_per_kwh(voltage_class)[band] for band in BANDS) == energy
    assert pilot.capacity_vnd_per_kw_month[voltage_class] == capacity
    assert pilot.schedule.name == "Decision 963/2026"


def test_a_tariff_of_one_part_has_no_price_of_power() -> None:
    assert read_tariff(date(2026, 7, 1)).capacity_vnd_per_kw_month is None


def test_before_the_pilot_power_had_no_price() -> None:
    with pytest.raises(ConfigError, match="no two-part electricity price was in force; the first is of 2026-07-01"):
        read_tariff(date(2026, 6, 30), two_part=True)
