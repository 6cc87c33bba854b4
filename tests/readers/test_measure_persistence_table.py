"""The table of downtime, decay and failure."""

import pytest

from eipsim.errors import DataError
from eipsim.readers.measure_persistence_table import read_measure_persistence

HEAD = "type,installation_downtime_h,decay_frac_per_yr,commissioning_failure_frac,source,confidence\n"


def test_the_packaged_table_lets_leaks_open_again():
    leaks = read_measure_persistence()["air_leaks"]

    assert (leaks.installation_downtime_h, leaks.decay_frac_per_yr) == (0.0, 0.25)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("air_leaks,-1,0,0,me,C\n", "installation_downtime_h must be 0 or more"),
        ("air_leaks,0,1.5,0,me,C\n", "decay and failure must each be from 0 to below 1"),
        ("air_leaks,0,0,0,me,C\nair_leaks,0,0,0,me,C\n", "type air_leaks stands in more than one line"),
    ],
)
def test_a_wrong_line_is_told(tmp_path, rows, message):
    path = tmp_path / "persistence.csv"
    path.write_text(HEAD + rows, encoding="utf-8")

    with pytest.raises(DataError, match=message):
        read_measure_persistence(path)
