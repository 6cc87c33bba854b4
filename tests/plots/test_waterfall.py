"""The slide of steps from desk figures to meters."""

import numpy as np
import pytest
from made_up import texts, title, waterfall_of
from matplotlib.patches import Rectangle

from eipsim.errors import DataError
from eipsim.plots.style import GREEN, VERMILLION
from eipsim.plots.waterfall import draw_waterfall, draw_waterfalls
from eipsim.studies.waterfall import STAGES, Waterfall, WaterfallSettings, stage_rows

CO2 = "co2_assessed_t"


@pytest.fixture(scope="module")
def figure():
    return draw_waterfall(waterfall_of(), CO2)


def bars(axes):
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


@pytest.mark.slow
def test_there_is_a_slide_for_each_resource_of_which_something_is_saved():
    assert len(draw_waterfalls(waterfall_of())) == 7
    assert draw_waterfalls(waterfall_of(scale=0.0)) == {}


def test_bars_go_from_stage_to_stage_on_a_linear_scale(figure):
    steps = bars(figure.axes[1])

    assert [bar.get_x() for bar in steps] == pytest.approx([0, 36_256, 18_128, 18_127.963744, 18_127.963744, 27_192, 0])
    assert steps[-1].get_width() == pytest.approx(3_625.6)
    assert figure.axes[1].get_xscale() == "linear"


def test_steps_that_take_away_and_steps_that_add_have_their_own_colours(figure):
    from matplotlib.colors import to_hex

    colours = [to_hex(bar.get_facecolor()).upper() for bar in bars(figure.axes[1])]

    assert (colours[1], colours[4]) == (VERMILLION, GREEN)


def test_a_step_too_small_to_be_seen_stands_beside_the_bars(figure):
    assert {"−0.0363", "+9,064", "36,256", "3,626"} <= set(texts(figure))


def test_the_title_names_the_greatest_step(figure):
    assert "of 36,256 t CO₂e on paper 3,626 t CO₂e reach the meters" in title(figure)
    assert "“Whole park”, −23,566 t CO₂e" in title(figure)


def test_rounding_is_drawn_as_nothing():
    noise = {stage: np.full((2, 7), 1e-14 * k) for k, stage in enumerate(STAGES)}
    found = Waterfall(WaterfallSettings(replications=2), tuple(stage_rows("all_159", noise)), 168.0)

    assert [bar.get_width() for bar in bars(draw_waterfall(found, CO2).axes[0])] == [0.0] * 7


def test_one_replication_has_no_intervals():
    values = {stage: np.full((1, 7), float(k)) for k, stage in enumerate(STAGES)}
    found = Waterfall(WaterfallSettings(replications=1), tuple(stage_rows("all_159", values)), 168.0)

    assert not [words for words in texts(draw_waterfall(found, CO2)) if words.startswith("(")]


def test_an_unknown_resource_is_refused():
    with pytest.raises(DataError, match="waterfall: no rows of steam"):
        draw_waterfall(waterfall_of(), "steam")
