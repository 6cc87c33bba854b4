"""Rain normals."""

from pathlib import Path

import pytest

from eipsim.errors import DataError
from eipsim.readers.rain_table import read_rain_normals
from eipsim.readers.tables import packaged


def test_a_year_of_ho_chi_minh_city_has_1931_mm_on_156_days() -> None:
    normals = read_rain_normals()

    assert sum(normals.rain_mm) == pytest.approx(1931.0, abs=0.5)
    assert sum(normals.wet_days) == pytest.approx(155.6, abs=0.5)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\n2,", "\n1,", "must have one line for each month from 1 to 12"),
        ("\n2,4.1,", "\n13,4.1,", "month = 13: must be from 1 to 12"),
        (",1.0,", ",29,", "wet_days = 29: must be more than 0 and less than 28"),
        (",4.1,", ",-1,", "rain_mm = -1: must be 0 or more"),
    ],
)
def test_a_table_that_is_no_year_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "rain.csv"
    text = packaged("rain_normals_hcmc.csv").read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(DataError) as raised:
        read_rain_normals(path)

    assert message in str(raised.value)
