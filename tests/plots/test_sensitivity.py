"""Tornados and the heat map."""

import pytest
from made_up import sensitivity_of, shown, texts, title
from matplotlib.patches import Rectangle

from eipsim.errors import DataError
from eipsim.plots.sensitivity import BARS, Design, draw_sensitivity, draw_tornado
from eipsim.plots.style import BLUE, ORANGE
from eipsim.studies.designs import STUDIES

CO2 = "tornado_all_159_co2_assessed_t"


@pytest.fixture(scope="module", params=STUDIES)
def study(request):
    return request.param


@pytest.fixture(scope="module")
def slides(study):
    return draw_sensitivity(sensitivity_of(study))


def bars(figure, colour=None):
    patches = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    return [patch.get_width() for patch in patches if colour is None or patch.get_facecolor() == colour]


def test_there_is_a_tornado_for_each_output_and_one_heat_map(slides):
    assert list(slides) == [CO2, "tornado_baseline_spill_m3", "heat_map"]


def test_the_title_names_the_input_that_matters_most(slides):
    assert title(slides[CO2]) == (
        "CO₂e of the 18 factories (All 159 measures): Year of the grid factor matters most of 3 uncertain inputs"
    )


def test_bars_are_as_long_as_the_indices_are_great(study, slides):
    found = sensitivity_of(study)
    drawn = {index for index, _ in BARS[study]}

    expected = [row.value for row in found.indices if row.output.startswith("all_159") and row.statistic in drawn]

    assert sorted(bars(slides[CO2])) == pytest.approx(sorted(expected))


def test_the_heat_map_gives_the_first_input_of_each_output_100_percent(slides):
    words = texts(slides["heat_map"])

    assert words.count("100 %") == 2
    assert "Equalisation tank" in words


def test_a_tornado_has_its_lower_quantile_in_orange_and_its_upper_in_blue():
    figure = draw_sensitivity(sensitivity_of("tornado"))["tornado_baseline_spill_m3"]

    labels = {shown(text.get_text()) for legend in figure.legends for text in legend.get_texts()}
    colours = {patch.get_facecolor() for patch in figure.axes[0].patches}
    assert labels == {"at its lower quantile", "at its upper quantile"}
    assert len(colours) == len({ORANGE, BLUE})


def test_an_output_that_nothing_moves_says_so_in_its_title():
    rows = [row._replace(value=0.0) for row in sensitivity_of("morris").indices if row.output == "baseline.spill_m3"]

    assert title(draw_tornado(rows, Design("morris", 3, 40, 1))) == "Spill (Baseline): none of 3 uncertain inputs moves it"


def test_rows_of_another_study_are_refused():
    rows = [row for row in sensitivity_of("lhs").indices if row.output == "baseline.spill_m3"]

    with pytest.raises(DataError, match="hold no at_low or at_high: are they of study tornado"):
        draw_tornado(rows, Design("tornado", 3, 7, 1))
