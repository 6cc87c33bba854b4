"""The week of electricity."""

from datetime import date

import numpy as np
import pytest
from made_up import BANDS, END_USES_KW, SOLAR_AVAILABLE_KW, SOLAR_USED_KW, START, draw_week, drawn, texts, title
from matplotlib.collections import PolyCollection

from eipsim.errors import DataError

WEEK = 7 * 48


def stacked(figure):
    return [area for area in figure.axes[0].collections if isinstance(area, PolyCollection) and area.get_clip_on()]


def test_each_end_use_is_one_area_and_one_name_with_its_share():
    figure = drawn("electricity_week")

    named = [words for words in texts(figure) if words.endswith(" %") and len(words) < 40]
    assert len(stacked(figure)) == len(END_USES_KW)
    assert len(named) == len(END_USES_KW)
    assert named[0].startswith("Motors, pumps, fans ")


def test_the_stack_reaches_the_sum_of_all_end_uses():
    monday = date(2022, 3, 14)
    first = (monday - START).days * 48

    figure = draw_week(week_of=monday)

    top = max(area.get_paths()[0].vertices[:, 1].max() for area in stacked(figure))
    expected = sum(values[first : first + WEEK] for values in END_USES_KW.values()).max() / 1e3
    assert top == pytest.approx(expected)


def test_small_end_uses_beyond_nine_are_drawn_together():
    many = {f"use_{k}": np.full(WEEK, 100.0 + k) for k in range(14)}

    figure = draw_week(end_uses_kw=many, bands=["normal"] * WEEK, solar_available_kw=None, solar_used_kw=None)

    assert len(stacked(figure)) == 9
    assert any(words.startswith("Other ") for words in texts(figure))


def test_the_title_says_how_much_of_the_sun_was_curtailed_and_when():
    first = (date(2022, 3, 14) - START).days * 48
    available, used = (series[first : first + WEEK] for series in (SOLAR_AVAILABLE_KW, SOLAR_USED_KW))
    curtailed_mwh = (available - used).sum() * 0.5 / 1e3

    said = title(draw_week(week_of=date(2022, 3, 16)))

    assert f"{curtailed_mwh:.1f} MWh were curtailed, most on Sunday" in said
    assert said.startswith(f"{100 * (1 - used.sum() / available.sum()):.1f} % of this week's solar yield")


def test_if_all_sun_is_used_the_title_says_what_it_met():
    said = title(draw_week(solar_available_kw=SOLAR_USED_KW))

    assert said.startswith("Solar met ")
    assert said.endswith("none of it was curtailed")


@pytest.mark.parametrize("sun", [None, 0.0 * SOLAR_USED_KW], ids=["not told", "all zero"])
def test_without_solar_there_is_one_panel_and_the_greatest_use_is_the_title(sun):
    figure = draw_week(solar_available_kw=sun, solar_used_kw=sun)

    assert len(figure.axes) == 1
    assert title(figure).startswith("Motors, pumps, fans: ")


def test_the_curtailed_sun_is_hatched():
    hatched = [area for area in drawn("electricity_week").axes[1].collections if area.get_hatch()]

    assert len(hatched) == 2  # the area and its key


def test_peak_hours_are_shaded_on_six_days():
    shaded = [patch for patch in drawn("electricity_week").axes[1].patches if patch.get_alpha()]

    assert len(shaded) == 2 * 6


def test_days_are_named_in_local_time_and_axes_have_units():
    words = texts(draw_week(week_of=date(2022, 3, 14)))

    assert {"Mon 14 Mar", "Sun 20 Mar", "Electricity use [MW]", "Solar [MW]", "Hour of the day [h]"} <= set(words)
    assert any("local time (UTC+7)" in line for line in words)


def test_the_week_chosen_is_whole_and_ordinary():
    quiet = {name: values.copy() for name, values in END_USES_KW.items()}
    for values in quiet.values():
        values[: 60 * 48] *= 0.2

    words = texts(draw_week(end_uses_kw=quiet))

    first = next(word for word in words if word.startswith("Mon "))
    assert first.split()[-1] not in {"Jan", "Feb"}


def test_a_record_shorter_than_a_week_is_drawn_from_its_start():
    short = {name: values[: 3 * 48] for name, values in END_USES_KW.items()}

    words = texts(
        draw_week(
            end_uses_kw=short,
            bands=BANDS[: 3 * 48],
            solar_available_kw=SOLAR_AVAILABLE_KW[: 3 * 48],
            solar_used_kw=SOLAR_USED_KW[: 3 * 48],
        )
    )

    assert {"Sat 1 Jan", "Sun 2 Jan", "Mon 3 Jan"} <= set(words)


def test_all_that_is_wrong_with_the_series_is_said_at_once():
    wrong = {"motors": END_USES_KW["motors"][:-1], "cooling": -END_USES_KW["cooling"]}

    with pytest.raises(DataError, match=r"(?s)3 problems.*solar needs both.*motors has shape.*cooling has a value below 0"):
        draw_week(end_uses_kw=wrong, solar_used_kw=None)


def test_no_end_use_and_a_step_that_does_not_divide_a_day_are_errors():
    with pytest.raises(DataError, match=r"(?s)end_uses_kw is empty.*step_h = 0.7 h: must divide a day"):
        draw_week(end_uses_kw={}, step_h=0.7)


def test_a_week_that_is_not_in_the_record_is_an_error():
    with pytest.raises(DataError, match="week_of = 2023-01-05: the record is from 2022-01-01 to 2022-12-31"):
        draw_week(week_of=date(2023, 1, 5))
