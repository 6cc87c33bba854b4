"""Shares by category and by measure."""

from dataclasses import replace

import pytest
from made_up import attribution_of, texts, title
from matplotlib.patches import Rectangle

from eipsim.errors import DataError
from eipsim.plots.attribution import draw_attribution, draw_shares
from eipsim.studies.attribution_rows import TOTAL

KINDS = ("categories", "measures")


@pytest.fixture(scope="module", params=KINDS)
def figure(request):
    return draw_attribution(attribution_of())[f"attribution_{request.param}_co2_assessed_t"]


def test_there_are_two_slides_for_a_kpi():
    assert list(draw_attribution(attribution_of())) == [f"attribution_{kind}_co2_assessed_t" for kind in KINDS]


def test_bars_are_as_long_as_shares_are_great(figure):
    bars = [patch.get_width() for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]

    assert sorted(bars) == pytest.approx(sorted([30_110 * 0.5**k for k in range(1, 9)] + [-602.2]))


def test_the_title_names_the_greatest_share(figure):
    assert "50.0 % of the saving of 30,110 t CO₂e" in title(figure)


def test_each_share_is_written_beside_its_bar(figure):
    assert {"15,055", "50.0 %", "−602", "−2.0 %"} <= set(texts(figure))


def test_a_legend_names_the_error_only_where_there_is_one():
    found = attribution_of()
    bare = replace(found, categories=tuple(row._replace(standard_error=float("nan")) for row in found.categories))

    assert "± standard error" in texts(draw_attribution(found)["attribution_categories_co2_assessed_t"])
    assert "± standard error" not in texts(draw_attribution(bare)["attribution_categories_co2_assessed_t"])


def test_nothing_to_draw_is_refused():
    total = next(row for row in attribution_of().factories if row.factory == TOTAL)

    with pytest.raises(DataError, match="attribution: no measures to draw"):
        draw_shares([], total, attribution_of(), "measures")
