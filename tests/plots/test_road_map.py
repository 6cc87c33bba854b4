"""The cash flow of a road map."""

import pytest
from made_up import drawn, texts, title

from eipsim.errors import DataError
from eipsim.plots.road_map import MOST_YEARS, draw_road_map
from eipsim.studies.road_map_run import RoadMap


def test_the_title_tells_what_the_last_simulated_year_saves():
    assert title(drawn("road_map")).startswith("0 measures step by step: 27,500 t CO₂e less in 2027, net present value")


def test_what_was_not_simulated_is_marked_and_cut_off():
    assert "lives run out (not simulated)" in texts(drawn("road_map"))
    assert drawn("road_map").axes[0].get_xlim() == (2021.5, 2021.5 + MOST_YEARS)


def test_years_that_are_not_there_can_not_be_drawn():
    with pytest.raises(DataError, match="has no year"):
        draw_road_map(RoadMap((), (), (), (), 0.1, 1))
