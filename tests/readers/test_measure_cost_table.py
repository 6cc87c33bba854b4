import pytest

from eipsim.errors import DataError
from eipsim.measures import MEASURES
from eipsim.readers.measure_cost_table import read_measure_costs

HEADER = "type,recp_category,unit,capital_vnd_per_unit,yearly_cost_frac,life_yr,lead_time_d,source,confidence\n"


def test_every_type_of_measure_has_a_cost():
    assert set(read_measure_costs()) == set(MEASURES)


def test_the_denim_loop_costs_what_newspapers_say():
    """USD 2 M for about 1,430 m3/d, at 23,400 VND/USD and 16 h a day."""
    per_m3_per_d = read_measure_costs()["water_loop"].capital_vnd_per_unit / 16

    assert per_m3_per_d == pytest.approx(2e6 * 23_400 / 1430, rel=0.02)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("air_leaks,a,b,-1,0,1,1,s,C\n", "costs and lead time must be 0 or more"),
        ("air_leaks,a,b,1,0,1,1,s,C\n" * 2, "type air_leaks stands in more than one line"),
    ],
)
def test_costs_that_can_t_be_are_refused(tmp_path, lines, message):
    file = tmp_path / "costs.csv"
    file.write_text(HEADER + lines, encoding="utf-8")

    with pytest.raises(DataError, match=message):
        read_measure_costs(file)
