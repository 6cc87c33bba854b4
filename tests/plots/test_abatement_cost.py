"""The marginal abatement cost curve."""

import pytest
from made_up import drawn, texts, title
from matplotlib.patches import Rectangle

from eipsim.errors import DataError
from eipsim.plots.abatement_cost import draw_abatement_cost


def test_the_title_tells_the_share_that_earns():
    # (30 + 40 + 60) / 199.9
    assert title(drawn("abatement_cost")) == "Avoiding 65 % of 200 t CO₂e a year costs less than it saves"


def test_bars_stand_side_by_side_the_cheapest_first():
    bars = [bar for bar in drawn("abatement_cost").axes[0].patches if isinstance(bar, Rectangle)]

    assert [round(bar.get_x(), 3) for bar in bars] == [0.0, 30.0, 70.0, 130.0, 170.0, 199.0]
    assert [round(bar.get_height(), 3) for bar in bars] == [-1.5, -0.8, -0.5, 0.3, 0.4, 9.0]


def test_what_lies_outside_the_axis_is_told():
    assert any("Outside the axis: 1 measures with 1 t in all." in words for words in texts(drawn("abatement_cost")))


def test_a_curve_without_a_step_is_refused():
    with pytest.raises(DataError, match="no measure avoids CO2"):
        draw_abatement_cost([], {}, rate_frac=0.1)
