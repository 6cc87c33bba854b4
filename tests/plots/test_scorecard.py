"""The score card as a slide."""

import pytest
from made_up import drawn, texts, title
from matplotlib.colors import to_hex

from eipsim.errors import DataError
from eipsim.plots.scorecard import COLOURS, draw_scorecard
from eipsim.plots.style import INK
from eipsim.readers.indicator_table import MET


def squares():
    return drawn("scorecard").axes[0].patches


def test_every_scenario_has_a_square_for_every_indicator():
    assert len(squares()) == 3 * 51


def test_the_title_counts_what_is_met_and_what_changed():
    met = sum(to_hex(one.get_facecolor()) == COLOURS[MET].lower() for one in squares()[-51:])

    assert title(drawn("scorecard")) == f"{met} of 51 indicators are met, 1 of them changed by the measures"


def test_a_ring_stands_around_what_changed_alone():
    assert [to_hex(one.get_edgecolor()) for one in squares()].count(INK.lower()) == 1


def test_values_stand_with_the_share_of_years_that_meet_them():
    # 50 / (50 + 950) of solar; 99 / 100 is treated in half of the years, 90 / 91 in the others, both above 95 %
    assert "5.0 % · 100 %" in texts(drawn("scorecard"))
    assert "0.0 % · 0 %" in texts(drawn("scorecard"))


def test_an_empty_card_is_refused():
    with pytest.raises(DataError, match="there is no scenario, or no indicator"):
        draw_scorecard("mine", {})
