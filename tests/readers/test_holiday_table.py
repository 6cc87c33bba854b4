"""Public holidays and the Tet shutdown."""

from datetime import date, timedelta

import pytest

from eipsim.readers.holiday_table import read_holidays
from eipsim.timebase import Horizon, WorkCalendar


def test_factories_stay_closed_from_29_january_to_6_february_2022() -> None:
    holidays = read_holidays()

    assert all(date(2022, 1, 29) + timedelta(days=k) in holidays for k in range(9))
    assert date(2022, 1, 28) not in holidays
    assert date(2022, 2, 7) not in holidays


def test_by_law_the_days_around_the_lunar_new_year_of_2022_are_five() -> None:
    by_law = {day for day in read_holidays(tet_shutdown=False) if date(2022, 1, 25) < day < date(2022, 2, 10)}

    assert by_law == {date(2022, 1, 31), *(date(2022, 2, k) for k in range(1, 5))}


def test_days_off_in_the_stead_of_a_holiday_on_sunday_are_holidays() -> None:
    assert {date(2022, 1, 3), date(2022, 4, 11), date(2022, 5, 2), date(2022, 5, 3)} <= read_holidays()


def test_a_six_day_week_of_2022_has_about_300_working_days() -> None:
    calendar = WorkCalendar(shifts=((6, 14),), days_per_week=6, holidays=read_holidays())

    assert 295 <= calendar.hours(Horizon(date(2022, 1, 1))) / 8 <= 305


@pytest.mark.parametrize("year", range(2019, 2028))
def test_every_year_has_a_new_year_a_tet_and_a_national_day(year: int) -> None:
    holidays = read_holidays()

    assert {date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), date(year, 9, 2)} <= holidays
    assert 9 <= sum(date(year, 1, 15) < day < date(year, 3, 1) for day in holidays) <= 11
