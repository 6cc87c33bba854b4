"""The slides of the law's reform, and of storms."""

import pytest
from made_up import LAWS, STORM_M3_PER_H, bills_table, draw_wet_month, drawn, texts, title

from eipsim.errors import DataError
from eipsim.plots.reform import draw_reform


def test_the_title_counts_dearer_bills_and_tells_what_is_saved_before_and_after():
    said = title(drawn("reform"))

    # payers 1 to 5 change by -3, -1, +1, +3 and +5 %; a tenth, then 8 % of 1 + 2 + 3 + 4 + 5 bn
    assert said == (
        "Without measures 3 of 5 bills are dearer under the law of July 2026; "
        "the 159 save 1.50 before it and 1.20 bn VND/yr under it"
    )


def test_payers_are_sorted_by_what_the_reform_changes():
    left = drawn("reform").axes[0]

    changes = left.lines[0].get_xdata()
    assert list(changes) == pytest.approx(sorted(changes))
    assert changes[0] == pytest.approx(-3.0)
    assert next(label.get_text() for label in left.get_yticklabels()) == "Denim laundry"


def test_a_law_without_its_scenarios_is_named():
    with pytest.raises(DataError, match="two_part has no bills of two_part, two_part_159"):
        draw_reform(bills_table().query("not scenario.str.startswith('two')"), LAWS)
    with pytest.raises(DataError, match="laws are 1: must be 2 or 3"):
        draw_reform(bills_table(), {"law_2022": LAWS["law_2022"]})


def test_the_storm_that_is_drawn_is_the_greatest():
    figure = drawn("storm")

    assert "on 19 Oct 2022" in " ".join(texts(figure))
    assert figure.axes[0].get_xlim() == (17.0, 20.0)
    assert (
        title(figure) == "Storms spill 1,200 m³ untreated on average in the baseline, and 300 m³ with: All 159 and more storage"
    )


def test_one_scenario_alone_has_a_title_of_its_own():
    one = {kpi: {"baseline": [10.0, 30.0]} for kpi in ("spill_m3", "spilled_cod_kg", "exceedance_h", "wet_lines_stopped_h")}
    alone = {
        "spill_m3_per_h": {"baseline": STORM_M3_PER_H},
        "level_m3": {"baseline": ([0.0, 744.0], [1.0, 2.0])},
        "counted": one,
    }

    assert title(draw_wet_month(**alone)) == "Storms spill 20.0 m³ untreated on average"


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"spill_m3_per_h": {}}, "has 0 scenarios: must have from 1 to 6"),
        ({"level_m3": {}}, "baseline has no level"),
        ({"counted": {}}, "baseline has no spill_m3, spilled_cod_kg"),
        ({"spill_m3_per_h": {"baseline": [1.0]}}, "has 1 steps of spill: must have the 1488"),
    ],
)
def test_what_a_storm_lacks_is_named(changes, match):
    with pytest.raises(DataError, match=match):
        draw_wet_month(**changes)
