"""The day of an outage."""

import numpy as np
import pytest
from made_up import draw_outage, drawn, texts, title

from eipsim.errors import DataError


def test_the_title_says_what_an_outage_costs_and_what_standby_power_saves_of_it():
    assert title(drawn("outage_day")) == (
        "A feeder out for a working day leaves 132 MWh unserved and costs its assessed factories 1.40 bn VND of margin; "
        "over the whole horizon standby power at their sites makes up for 75 % of it"
    )


def test_parts_are_stacked_below_the_need():
    day = drawn("outage_day").axes[0]

    need, feeder, generators, batteries, line = (patch.get_data() for patch in day.patches)
    assert line.values == pytest.approx(need.values)
    assert feeder.values[10] == pytest.approx(5.0)
    assert generators.values[20] - generators.baseline[20] == pytest.approx(3.6)
    assert batteries.values[16] == pytest.approx(3.6 + 1.5)
    assert batteries.values[24] == pytest.approx(3.6)


def test_bars_are_what_scenarios_leave_unserved_and_lose():
    _, unserved, lost = drawn("outage_day").axes

    assert [bar.get_width() for bar in unserved.patches] == pytest.approx([132.0, 87.0, 129.0, 85.0])
    assert [bar.get_width() for bar in lost.patches] == pytest.approx([1.4, 0.35, 1.4, 0.3])


def test_the_source_line_counts_the_replications():
    assert any("5 replications" in words for words in texts(drawn("outage_day")))


def test_an_outage_that_costs_nothing_has_nothing_to_save():
    assert "makes up for 0.0 % of it" in title(draw_outage(lost_vnd=dict.fromkeys(drawn_names(), 0.0)))


def drawn_names():
    return ("outage", "outage_standby", "outage_159", "outage_159_standby")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"need_kw": np.ones(47)}, "need_kw has 47 steps: must be a day of 48, all of them finite"),
        ({"need_kw": np.full(48, np.nan)}, "need_kw has 48 steps: must be a day of 48, all of them finite"),
        ({"carried_kw": {"moon": np.ones(48)}}, "carried_kw names moon: must be feeder, generators, batteries"),
        ({"scenario": "storm"}, "scenario = 'storm': must be one of outage, outage_standby"),
        ({"lost_vnd": {"outage": 1.0}}, "lost_vnd must name the scenarios of unserved_kwh, and at least one"),
        ({"lost_vnd": dict.fromkeys(drawn_names(), np.inf)}, "outage_159 has a number that is not finite"),
    ],
)
def test_what_can_not_be_drawn_is_named(wrong, why):
    with pytest.raises(DataError, match=why):
        draw_outage(**wrong)
