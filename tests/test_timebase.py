"""Horizon and working calendars."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from eipsim.errors import ConfigError
from eipsim.timebase import Horizon, WorkCalendar

MONDAY = date(2022, 1, 3)
WEEK = Horizon(MONDAY, 168.0)
YEAR = Horizon(date(2022, 1, 1))


def test_the_year_2022_starts_on_a_saturday_and_has_365_days() -> None:
    assert (YEAR.days, YEAR.weekday(0), YEAR.weekday(2)) == (365, 5, 0)
    assert YEAR.date_of(31) == date(2022, 2, 1)


def test_a_horizon_that_ends_within_a_day_touches_that_day() -> None:
    horizon = Horizon(MONDAY, 25.0)

    assert horizon.days == 2
    assert horizon.steps(0.5) == 50


@pytest.mark.parametrize("hours", [0.0, -1.0, float("inf"), float("nan")])
def test_a_horizon_without_a_positive_length_is_refused(hours: float) -> None:
    with pytest.raises(ConfigError, match=r"horizon.hours = .* must be more than 0"):
        Horizon(MONDAY, hours)


def test_a_calendar_without_a_pause_is_one_stretch() -> None:
    by_shift = WorkCalendar(shifts=((6, 14), (14, 22), (22, 30)), days_per_week=7)
    by_day = WorkCalendar(shifts=((0, 24),), days_per_week=7)

    assert by_shift.edges(YEAR).tolist() == [0.0, 8760.0]
    assert by_day.edges(YEAR).tolist() == [0.0, 8760.0]
    assert by_day.hours(YEAR) == 8760.0


def test_a_night_shift_ends_on_the_morning_after() -> None:
    nights = WorkCalendar(shifts=((22, 30),), days_per_week=6)

    edges = nights.edges(WEEK)

    assert edges[:2].tolist() == [22.0, 30.0]
    assert edges[-2:].tolist() == [142.0, 150.0]  # Saturday's shift, into Sunday


def test_a_shift_that_began_on_the_eve_of_the_horizon_is_at_work_at_hour_0() -> None:
    nights = WorkCalendar(shifts=((22, 30),), days_per_week=7)

    assert nights.edges(Horizon(MONDAY, 24.0)).tolist() == [0.0, 6.0, 22.0, 24.0]


def test_no_shift_starts_on_a_holiday_but_the_eves_night_shift_ends_on_it() -> None:
    calendar = WorkCalendar(shifts=((22, 30),), days_per_week=7, holidays=frozenset({MONDAY + timedelta(days=1)}))

    assert calendar.edges(Horizon(MONDAY, 72.0)).tolist() == [0.0, 6.0, 22.0, 30.0, 70.0, 72.0]


def test_overlapping_shifts_count_once() -> None:
    calendar = WorkCalendar(shifts=((12, 18), (6, 14)), days_per_week=5)

    assert calendar.hours(WEEK) == 5 * 12.0


def test_two_shifts_on_six_days_less_the_holidays_give_the_hours_of_2022() -> None:
    holidays = frozenset(date(2022, 1, 29) + timedelta(days=k) for k in range(9))
    calendar = WorkCalendar(shifts=((6, 14), (14, 22)), days_per_week=6, holidays=holidays)
    worked = sum(YEAR.weekday(day) < 6 and YEAR.date_of(day) not in holidays for day in range(YEAR.days))

    assert calendar.hours(YEAR) == worked * 16.0


def test_a_calendar_in_which_nobody_works_has_no_edges() -> None:
    closed = WorkCalendar(shifts=(), days_per_week=7)

    assert closed.edges(WEEK).size == 0
    assert closed.hours(WEEK) == 0.0
    assert (closed.profile(WEEK, 0.5, rest=0.2) == 0.2).all()


def test_the_profile_is_1_at_work_and_rest_else() -> None:
    calendar = WorkCalendar(shifts=((7.5, 16.5),), days_per_week=5)

    profile = calendar.profile(WEEK, 0.5, rest=0.1)

    assert profile.shape == (336,)
    assert (profile[15:33] == 1.0).all()
    assert (profile[:15] == 0.1).all()
    assert (profile[33:48] == 0.1).all()
    assert (profile[240:] == 0.1).all()


def test_a_shift_that_starts_within_a_step_counts_in_part() -> None:
    calendar = WorkCalendar(shifts=((7.75, 16),), days_per_week=5)

    assert calendar.profile(WEEK, 0.5)[15] == 0.5


@pytest.mark.parametrize("shift", [(-1, 4), (24, 30), (8, 8), (16, 8), (2, 27)])
def test_an_impossible_shift_is_refused(shift: tuple[float, float]) -> None:
    with pytest.raises(ValidationError, match="must start from 0 to below 24 h and last more than 0 and at most 24 h"):
        WorkCalendar(shifts=(shift,))


def test_a_week_of_eight_days_and_a_misspelt_field_are_refused() -> None:
    with pytest.raises(ValidationError, match="days_per_week"):
        WorkCalendar(shifts=((6, 14),), days_per_week=8)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="holiday"):
        WorkCalendar(shifts=((6, 14),), holiday=frozenset())  # type: ignore[call-arg]


shifts = st.lists(
    st.tuples(st.integers(0, 95), st.integers(1, 96)).map(lambda pair: (pair[0] / 4, pair[0] / 4 + pair[1] / 4)),
    max_size=4,
).map(tuple)


@given(
    shifts=shifts,
    days=st.sampled_from([5, 6, 7]),
    free=st.frozensets(st.integers(0, 30).map(lambda k: MONDAY + timedelta(days=k)), max_size=5),
    hours=st.integers(1, 1400).map(lambda k: k / 2),
    rest=st.floats(0, 1),
)
def test_edges_rise_and_the_profile_integrates_to_the_hours_worked(
    shifts: tuple[tuple[float, float], ...], days: int, free: frozenset[date], hours: float, rest: float
) -> None:
    calendar = WorkCalendar(shifts=shifts, days_per_week=days, holidays=free)  # type: ignore[arg-type]
    horizon = Horizon(MONDAY, hours)

    edges = calendar.edges(horizon)
    profile = calendar.profile(horizon, 0.5, rest)

    assert edges.size % 2 == 0
    assert (np.diff(edges) > 0).all()
    assert ((edges >= 0) & (edges <= hours)).all()
    assert ((profile >= rest - 1e-12) & (profile <= 1 + 1e-12)).all()
    worked = calendar.hours(horizon)
    assert profile.sum() * 0.5 == pytest.approx(worked + rest * (hours - worked), abs=1e-9)
