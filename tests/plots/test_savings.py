"""Savings against published figures, and the three sums."""

import numpy as np
import pytest
from made_up import CLAIMED, SAVED, claims_table, drawn, savings_table, shown, texts, title
from matplotlib.container import BarContainer
from matplotlib.patches import Rectangle

from eipsim.errors import DataError
from eipsim.plots.quantities import RESOURCES, published
from eipsim.plots.savings import draw_savings
from eipsim.plots.three_sums import draw_three_sums


def bars(axes):
    return [patch for container in axes.containers if isinstance(container, BarContainer) for patch in container]


def diamonds(axes):
    return [line for line in axes.lines if line.get_marker() == "D"]


def test_there_is_one_bar_for_each_resource_and_scenario_as_long_as_the_saving():
    figure = drawn("savings")

    lengths = sorted(bar.get_width() for axes in figure.axes for bar in bars(axes))
    factors = {resource.kpi: dict(resource.factors) for resource in RESOURCES}
    expected = sorted(saving * factors[kpi][unit] for (_, kpi, unit), (_, _, saving, _) in SAVED.items())
    assert lengths == pytest.approx(expected)


def test_each_published_figure_has_one_diamond_filled_if_realised():
    figure = drawn("savings")

    found = [line for axes in figure.axes for line in diamonds(axes)]
    filled = [line for line in found if line.get_markerfacecolor() != "white"]
    assert len(found) == len(CLAIMED)
    assert len(filled) == sum(basis == "realised" for _, basis, *_ in CLAIMED)


def test_whiskers_reach_from_low_to_high():
    figure = drawn("savings")

    electricity = figure.axes[0]
    assert list(electricity.lines[0].get_xdata()) == pytest.approx([1.8334, 1.9094])


def test_the_title_says_what_share_of_the_published_figures_appears():
    assert title(drawn("savings")) == (
        "With 159 measures the meters show 30,110 t CO₂e and 65.3 bn VND saved a year: 83 % and 82 % of the published figures"
    )


def test_the_title_changes_with_the_data():
    table = savings_table()
    table.loc[(table["scenario"] == "all_159") & (table["kpi"] == "co2_assessed_t"), "saving"] = 18_128.0

    said = title(draw_savings(table, claims_table()))

    assert "18,128 t CO₂e" in said
    assert "50 % and 82 %" in said


def test_without_published_figures_the_title_names_the_last_saving():
    figure = draw_savings(savings_table(), claims_table().iloc[:0])

    assert title(figure) == "All 159 measures: the meters show 65.3 bn VND saved a year"
    assert not any("published" in words.lower() for words in texts(figure))


def test_figures_that_nobody_published_are_said_to_be_so():
    assert sum(words == "not published" for words in texts(drawn("savings"))) == len(SAVED) - len(CLAIMED)


def test_values_intervals_and_units_are_written():
    words = texts(drawn("savings"))

    assert {"1.87 (1.83 to 1.91)", "published 1.871", "published 27.817", "published 79.2", "GWh/yr", "bn VND/yr"} <= set(words)
    assert any("Mean of 10 replications" in line and "chance only, inputs fixed" in line for line in words)


def test_value_and_interval_have_the_decimals_of_the_greatest():
    table = savings_table()
    table.loc[0, ["saving", "low", "high"]] = [984.0, -9930.0, 11_900.0]

    assert "0.0010 (−0.0099 to 0.0119)" in texts(draw_savings(table, claims_table()))


def test_one_replication_has_no_interval_and_nothing_saved_has_one_tick():
    table = savings_table().assign(low=np.nan, high=np.nan, replications=1)
    table.loc[2, "saving"] = 0.0

    figure = draw_savings(table, claims_table())

    assert [label.get_text() for label in figure.axes[2].get_xticklabels()] == ["0"]
    assert {"1.87", "0"} <= set(texts(figure))
    assert "95 % interval" not in texts(figure)
    assert any("One replication." in line for line in texts(figure))


def test_a_horizon_that_is_no_year_is_named_and_has_no_published_figures():
    figure = draw_savings(savings_table(), claims_table(), hours=168.0)

    assert title(figure) == "All 159 measures: the meters show 65.3 bn VND saved in 168 h"
    assert "GWh in 168 h" in texts(figure)
    assert not any(diamonds(axes) for axes in figure.axes)


def test_a_saving_may_be_negative():
    table = savings_table()
    table.loc[0, ["saving", "low", "high"]] = [-2e5, -3e5, -1e5]

    axes = draw_savings(table, claims_table()).axes[0]

    assert bars(axes)[0].get_width() == pytest.approx(-0.2)
    assert axes.get_xlim()[0] == pytest.approx(-0.3)


def test_three_bars_stand_for_each_resource_and_scenario():
    figure = drawn("three_sums")

    solid = [bar for axes in figure.axes for bar in bars(axes) if bar.get_hatch() is None]
    hatched = [bar for axes in figure.axes for bar in bars(axes) if bar.get_hatch()]
    assert len(solid) == 3 * len(SAVED)
    assert len(hatched) == len(SAVED)


def test_the_bars_are_shares_of_the_catalogue_sum_and_the_gap_is_hatched():
    axes = drawn("three_sums").axes[6 + 4]

    naive, alone, saving, gap = bars(axes)
    assert [naive.get_width(), alone.get_width(), saving.get_width()] == pytest.approx([1.0, 33_020 / 36_256, 30_110 / 36_256])
    assert (gap.get_x(), gap.get_x() + gap.get_width()) == pytest.approx((30_110 / 36_256, 1.0))
    assert isinstance(gap, Rectangle)


def test_the_gap_is_written_in_numbers():
    words = texts(drawn("three_sums"))

    assert {"36,256", "33,020  −8.9 %", "30,110  −17 %"} <= set(words)


def test_the_title_tells_the_promise_from_the_meters():
    assert title(drawn("three_sums")) == (
        "Of 36,256 t CO₂e a year that 159 measures promise on paper, 30,110 t CO₂e reach the meters (83 %)"
    )


def test_the_title_turns_if_the_meters_show_more_than_the_catalogue():
    table = savings_table()
    table["naive_sum"] = table["saving"] / 1.05

    assert title(draw_three_sums(table)).endswith("the meters show 30,110 t CO₂e (105 %)")


def test_a_sum_that_was_not_computed_is_left_out():
    table = savings_table()
    table["alone_sum"] = np.nan

    figure = draw_three_sums(table)

    assert sum(len(bars(axes)) for axes in figure.axes) == 3 * len(SAVED)


def test_without_a_catalogue_sum_the_greatest_is_the_whole():
    table = savings_table()
    table.loc[2, ["naive_sum", "alone_sum", "saving"]] = [np.nan, 200.0, -100.0]

    axes = draw_three_sums(table).axes[2]

    assert [bar.get_width() for bar in bars(axes)] == pytest.approx([1.0, -0.5])


def test_chance_is_not_blown_up_to_a_bar_where_the_catalogue_promises_nothing():
    table = savings_table()
    table.loc[2, ["naive_sum", "alone_sum", "saving"]] = [0.0, 0.0, 0.03]

    axes = draw_three_sums(table).axes[2]

    assert [bar.get_width() for bar in bars(axes)] == [0.0]
    assert [text.get_text() for text in axes.texts[-3:]] == ["0", "0", "0.000030"]


def test_a_catalogue_that_promises_more_use_is_drawn_to_the_left():
    table = savings_table()
    table.loc[2, ["naive_sum", "alone_sum", "saving"]] = [-800.0, -700.0, -600.0]

    axes = draw_three_sums(table).axes[2]

    assert [bar.get_width() for bar in bars(axes)] == pytest.approx([-1.0, -0.875, -0.75, 0.25])
    assert "−0.600  +25 %" in [shown(text.get_text()) for text in axes.texts]


def test_a_sum_far_beyond_the_catalogue_does_not_shrink_the_other_panels():
    table = savings_table()
    table.loc[2, "alone_sum"] = 20 * table.loc[2, "naive_sum"]

    figure = draw_three_sums(table)

    assert figure.axes[2].get_xlim()[1] > 20
    assert {round(axes.get_xlim()[1], 3) for k, axes in enumerate(figure.axes) if k != 2} == {round(1.0 / 0.68, 3)}


def test_only_the_scenarios_of_the_table_are_drawn():
    table = savings_table()
    only = table[table["scenario"] == "implemented_60"]

    figure = draw_three_sums(only)

    assert len(figure.axes) == 6
    assert "60 measures" in shown(title(figure))


def test_published_figures_are_found_by_scenario_and_resource():
    co2 = next(resource for resource in RESOURCES if resource.key == "co2")

    claim = published(claims_table(), co2, "all_159")

    assert claim == (36_256.0, 0.5, "catalogue")
    assert published(claims_table(), co2, "half_of_them") is None


def test_missing_columns_are_named():
    with pytest.raises(DataError, match="savings lacks columns low, high"):
        draw_three_sums(savings_table().drop(columns=["low", "high"]))
    with pytest.raises(DataError, match="claims lacks column basis"):
        draw_savings(savings_table(), claims_table().drop(columns="basis"))


def test_an_unknown_unit_is_named():
    table = savings_table()
    table.loc[0, "unit"] = "kcal"

    with pytest.raises(DataError, match="electricity_assessed_kwh is given in 'kcal': must be one of kWh, MWh, GWh"):
        draw_savings(table, claims_table())


def test_a_table_about_nothing_that_is_shown_is_an_error():
    with pytest.raises(DataError, match="savings has no row of electricity_assessed_kwh"):
        draw_savings(savings_table().iloc[:0], claims_table())
