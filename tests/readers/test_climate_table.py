"""The typical year of Ho Chi Minh City."""

from pathlib import Path

import numpy as np
import pytest

from eipsim.errors import DataError
from eipsim.readers.climate_table import read_climate_table
from eipsim.readers.tables import packaged

DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def test_the_packaged_year_has_the_published_sum_of_global_irradiance() -> None:
    table = read_climate_table()

    kwh_per_m2 = DAYS @ np.array(table.ghi_w_per_m2).sum(axis=1) / 1000

    assert kwh_per_m2 == pytest.approx(1998, abs=1)


def test_hours_stand_at_the_hour_in_which_they_begin() -> None:
    table = read_climate_table()

    assert table.ghi_w_per_m2[0][6] == 15.0  # January, 06:00-07:00, "hour ending 7"
    assert table.humidity_frac[0][6] == pytest.approx(0.95)
    assert table.ambient_c[0][13] == 31.1


def test_the_mean_temperatures_are_those_of_the_station() -> None:
    means = np.array(read_climate_table().ambient_c).mean(axis=1)

    assert means == pytest.approx([26.3, 27.0, 28.5, 29.3, 28.8, 27.8, 27.6, 27.3, 26.9, 26.9, 26.7, 26.2], abs=0.1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1,1,0,", "1,1,-5,", "line 2 ghi_w_per_m2 = -5: must be from 0 to 1500"),
        ("\n1,2,", "\n1,1,", "month 1, hour 1 stands in more than one line"),
        ("\n12,24,", "\n12,25,", "hour = 25: must be from 1 to 24"),
        ("\n2,1,", "\n3,1,", "month 2 has no line for hour 1"),
    ],
)
def test_a_year_with_a_hole_or_a_wrong_number_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "climate.csv"
    text = packaged("climate_hcmc_tmyx_month_hour.csv").read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(DataError) as raised:
        read_climate_table(path)

    assert message in str(raised.value)
