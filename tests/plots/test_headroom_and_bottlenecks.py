"""The slides of the park's operator."""

import pytest
from made_up import drawn, texts, title

from eipsim.errors import DataError
from eipsim.plots.bottlenecks import draw_bottlenecks
from eipsim.plots.headroom import draw_headroom


def test_the_title_names_what_binds_and_how_many_tenants_fit():
    assert title(drawn("headroom")).startswith("On a busy day feeders leaves room for 0 more average tenants")


def test_each_limit_tells_what_is_used_and_spare():
    # 10,000 x 0.2 / 30 tenants
    assert "80 % used, 2,000 m³/day spare: 66 tenants" in texts(drawn("headroom"))


def test_the_title_tells_what_cost_most():
    # 900 + 30 + 40 + 39 + 38 + 37 + 20 + 19 + 18 + 17
    assert title(drawn("bottlenecks")) == "Baseline: lines lost 1,158 hours, 78 % of them to breakdowns"


def test_roots_beyond_the_greatest_are_one_bar():
    assert "3 others" in texts(drawn("bottlenecks"))


def test_nothing_to_draw_is_refused():
    with pytest.raises(DataError, match="the park has no limit to draw"):
        draw_headroom([], replications=1)
    with pytest.raises(DataError, match="no hour was lost"):
        draw_bottlenecks([], replications=1)
