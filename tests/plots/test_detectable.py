"""What meters could prove, drawn."""

import pytest
from made_up import drawn, title

from eipsim.errors import DataError
from eipsim.plots.detectable import draw_detectable
from eipsim.studies.detectable import VERDICTS


def test_the_title_counts_what_bills_and_a_regression_prove():
    # of 153 rows 40 each are hidden, by submeter and by regression, 30 by bills and 3 without a meter
    assert title(drawn("detectable")) == "A year of bills could prove 30 of 153 measures, a monthly regression 40 more"


def test_stacks_are_shares_of_each_scenario():
    bars = drawn("detectable").axes[1].patches

    assert sum(bar.get_height() for bar in bars) == pytest.approx(2)
    assert [round(bar.get_height() * 60) for bar in bars][:2] == [20, 40]


def test_a_factory_has_a_bar_where_bills_find_a_saving():
    lines = drawn("detectable").axes[0].lines

    assert lines[1].get_xdata()[0] == pytest.approx(100 * (0.02 + 0.004))


def test_nothing_to_draw_is_refused():
    with pytest.raises(DataError, match="there is no meter of electricity, or no measure"):
        draw_detectable([], [], {}, replications=3)


def test_every_verdict_has_words():
    from eipsim.plots.detectable import _key
    from eipsim.plots.labels import Labels

    assert all(Labels(language).text(_key(verdict)) for language in ("en", "vi") for verdict in VERDICTS)
