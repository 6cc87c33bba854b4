"""Running mean and interval of a paired difference."""

import numpy as np
import pytest
from made_up import STOPPING, WATCHED, drawn, texts, title

from eipsim.errors import DataError
from eipsim.kpis import running
from eipsim.plots.convergence import draw_convergence
from eipsim.plots.quantities import shown_unit
from eipsim.plots.style import BLUE, VERMILLION


def lines(axes, colour):
    return [line for line in axes.lines if line.get_color() == colour]


def test_each_scenario_has_its_running_mean_from_the_third_replication_on():
    figure = drawn("convergence")

    for axes, values in zip(figure.axes, WATCHED["differences"].values(), strict=True):
        (line,) = lines(axes, BLUE)
        assert line.get_xdata().tolist() == list(range(3, 41))
        assert line.get_ydata() == pytest.approx(running(values)[0][2:])


def test_the_target_is_the_greater_of_the_two_half_widths():
    figure = drawn("convergence")

    halves = []
    for axes in figure.axes:
        lower, upper = lines(axes, VERMILLION)
        halves.append((upper.get_ydata() - lower.get_ydata()) / 2)
    assert halves[0] == pytest.approx(np.maximum(0.005 * running(WATCHED["differences"]["implemented_60"])[0][2:], 5.0))
    assert halves[1].min() > 160.0


def test_the_title_says_how_well_the_last_scenario_is_known():
    means, halves = running(WATCHED["differences"]["all_159"])

    assert title(drawn("convergence")) == (
        f"CO₂e of the 18 factories (All 159 measures): after 40 replications the saving is known within "
        f"±{100 * halves[-1] / means[-1]:.2f} %"
    )
    assert any("from 31 on" in words for words in texts(drawn("convergence")))


def test_without_a_stopping_rule_there_is_no_target():
    figure = draw_convergence(WATCHED)

    assert not any(lines(axes, VERMILLION) for axes in figure.axes)
    assert "Half-width asked for" not in texts(figure)


def test_the_greatest_number_is_said_to_have_ended_it():
    figure = draw_convergence(WATCHED, STOPPING | {"enough": None})

    assert any("The greatest number of replications ended it" in words for words in texts(figure))


def test_a_scenario_without_effect_has_no_difference():
    figure = draw_convergence({"kpi": "co2_assessed_t", "unit": "t", "differences": {"nothing": [0.0] * 5}})

    assert title(figure) == "CO₂e of the 18 factories (nothing): no difference in 5 replications"


def test_two_replications_do_not_show_how_a_difference_converges():
    with pytest.raises(DataError, match="2 replications of a difference can't show how it converges: run 3 or more"):
        draw_convergence(WATCHED | {"differences": {"all_159": [1.0, 2.0]}})


def test_a_unit_that_no_kpi_has_is_refused():
    with pytest.raises(DataError, match="unit 'furlong': must be one of kWh, kW"):
        shown_unit("furlong")
