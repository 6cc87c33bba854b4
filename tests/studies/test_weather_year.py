"""Monthly means of a year of weather."""

import datetime as dt

import numpy as np
import pytest

from eipsim.context import Context
from eipsim.design_storm import DesignStorm
from eipsim.studies.weather_year import monthly_table, weather_year


def test_the_mean_days_have_the_means_of_the_climate_table() -> None:
    year = weather_year(Context.at(dt.date(2022, 1, 1), hours=59 * 24 + 5.0))
    table = monthly_table(year)

    assert [row[0] for row in table.rows] == ["01", "02", "all"]
    assert year.ambient_c.shape == (59, 24)
    # the table's January: 5,310 Wh/m2 a day, of which 0.90 are believed; 26.2 °C; 76 %
    assert table.rows[0][1:2] == ("4.78",)
    assert table.rows[0][5:8] == ("26.2", "31.1", "76")
    assert table.title == "Weather: mean days, with drawn rain"


def test_a_designed_storm_is_named() -> None:
    storm = DesignStorm(depth_mm=80, duration_h=2, date=dt.date(2022, 6, 9))

    year = weather_year(Context.at(dt.date(2022, 6, 1), hours=720.0, storm=storm))

    assert year.name == "mean days, with drawn rain, with a storm of 80 mm on 2022-06-09"
    assert year.rain_mm_per_h[8, 14:16].sum() >= 80


def test_a_stochastic_year_is_that_of_the_replication() -> None:
    context = Context.at(dt.date(2022, 6, 1), hours=720.0, stochastic=True)

    first, second = (weather_year(context, replication=replication) for replication in (0, 1))

    assert first.name == "draw 0 of seed 2022"
    assert (first.rain_mm_per_h != second.rain_mm_per_h).any()
    hours = context.drawn(2022, 1).weather
    assert second.ghi_w_per_m2.ravel() == pytest.approx(hours.ghi_w_per_m2, rel=1e-9, abs=1e-9)


def test_the_last_row_holds_all_days() -> None:
    table = monthly_table(weather_year(Context.at(dt.date(2022, 4, 1), hours=61 * 24.0, stochastic=True)))

    april, may, whole = (np.array([float(cell.replace(",", "")) for cell in row[1:]]) for row in table.rows)

    assert whole[0] == pytest.approx((30 * april[0] + 31 * may[0]) / 61, abs=0.01)
    assert whole[7] == pytest.approx(april[7] + may[7], abs=1.0)
    assert whole[8] == april[8] + may[8]
