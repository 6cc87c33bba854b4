"""What wastewater carries."""

import pytest

from eipsim.carriers import LOADS
from eipsim.errors import DataError
from eipsim.readers.load_table import read_wastewater_strengths
from eipsim.readers.tables import packaged, read_lines

HEAD = ",".join(read_lines(packaged("wastewater_loads.csv"))[0].cells) + "\n"
SANITARY = "sanitary,500,250,250,50,8,500,0.05,0.6,0,,B\n"


def test_pretreatment_takes_organics_and_solids_and_leaves_nutrients_and_salts(tmp_path):
    path = tmp_path / "loads.csv"
    path.write_text(HEAD + SANITARY + "food,1000,500,400,60,12,1200,0.1,0.3,0.75,,C\n", encoding="utf-8")

    food = dict(zip(LOADS, read_wastewater_strengths(path)["food"].at_sewer_g_per_m3, strict=True))

    assert food == pytest.approx(
        {
            "cod_inert": 25.0,
            "cod_biodegradable": 150.0,
            "cod_particulate": 75.0,
            "bod5": 125.0,
            "tss": 100.0,
            "total_n": 60.0,
            "total_p": 12.0,
            "dissolved_solids": 1200.0,
        }
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("food,1000,500,400,60,12,1200,0.8,0.3,0.7", "add up to more than 1"),
        ("food,1000,500,400,60,12,1200,0.1,1.3,0.7", "particulate_frac = 1.3"),
        ("food,1000,1500,400,60,12,1200,0.1,0.3,0.7", "bod5_g_per_m3 = 1500: must be from 0 to the COD"),
        ("food,1000,500,-4,60,12,1200,0.1,0.3,0.7", "tss_g_per_m3 = -4"),
        ("sanitary,500,250,250,50,8,500,0.05,0.6,0", "sanitary stands there more than once"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, row, message):
    path = tmp_path / "loads.csv"
    path.write_text(HEAD + SANITARY + row + ",,C\n", encoding="utf-8")

    with pytest.raises(DataError, match=message):
        read_wastewater_strengths(path)


def test_people_must_have_a_row(tmp_path):
    path = tmp_path / "loads.csv"
    path.write_text(HEAD + "food,1000,500,400,60,12,1200,0.1,0.3,0.7,,C\n", encoding="utf-8")

    with pytest.raises(DataError, match="sanitary has no row"):
        read_wastewater_strengths(path)
