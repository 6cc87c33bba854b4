"""What firms take and what comes next, on slides."""

import pytest
from made_up import drawn, texts, title

from eipsim.errors import DataError
from eipsim.plots.adoption import draw_adoption
from eipsim.plots.choice import draw_choice
from eipsim.studies.adoption_outcome import MeasureRow
from eipsim.studies.choice import Chosen
from eipsim.studies.choice_run import Choice


def test_the_title_of_adoption_tells_what_is_taken_and_what_adds_most():
    assert (
        title(drawn("adoption"))
        == "By themselves firms take 20 of 40 measures and avoid 2,000 t CO₂e a year; law of 2026 adds 600 t CO₂e"
    )


def test_policies_stand_beside_no_policy():
    assert {"no policy", "green loan", "law of 2026"} <= set(texts(drawn("adoption")))


def test_measures_that_never_come_back_can_not_be_drawn():
    never = MeasureRow("M1", "proposed", float("inf"), 1e6, (0.0,))

    with pytest.raises(DataError, match="no measure saves money"):
        draw_adoption([], [never])


def test_the_title_of_what_comes_next_tells_cost_and_saving_at_the_meters():
    assert title(drawn("choice")) == "The next 10 measures cost 40.0 bn VND and save 20.0 bn a year"


def test_an_empty_set_can_not_be_drawn():
    nothing = Chosen({}, 0.0, 0.0)

    with pytest.raises(DataError, match="nothing was chosen"):
        draw_choice(Choice(nothing, nothing, (), (), (), (), 0.12))
