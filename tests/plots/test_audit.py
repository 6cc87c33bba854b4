"""The slide of the audit."""

import pytest
from made_up import drawn, texts, title

from eipsim.errors import DataError
from eipsim.plots.audit import draw_audit
from eipsim.readers.price_ranges import read_price_ranges
from eipsim.studies.audit import Audit, AuditRow


def test_the_title_counts_verdicts_and_each_set_has_what_it_implies():
    figure = drawn("audit")

    assert title(figure).startswith("Of 11 sets of published figures 1 can't be true, 5 only if")
    assert {"0.840", "19.8", "3,528", "t CO₂ per MWh"} <= set(texts(figure))


def test_a_set_without_money_has_a_dash():
    row = AuditRow("mine", "consistent", 0.85, None, None, None, None, None)

    figure = draw_audit(Audit((row,), (), 2019), read_price_ranges())

    assert {"0.850", "–"} <= {text.get_text() for text in figure.findobj(lambda one: hasattr(one, "get_text"))}


def test_nothing_to_draw_is_refused():
    row = AuditRow("mine", "nothing to check", None, None, 3.0, None, None, None)

    with pytest.raises(DataError, match="no set of figures names electricity with CO2 or money"):
        draw_audit(Audit((row,), (), 2019), read_price_ranges())
