"""Codes of the Industrial Assessment Centers by type of measure."""

import pytest

from eipsim.errors import DataError
from eipsim.measures import MEASURES
from eipsim.readers.arc_table import read_arc_codes


def test_every_type_of_measure_has_a_line_in_the_table():
    assert set(read_arc_codes()) >= set(MEASURES)


def test_types_of_one_system_have_codes_of_one_group():
    codes = read_arc_codes()

    assert {codes[kind].arc_code[:4] for kind in ("air_leaks", "air_pressure")} == {"2.42"}
    assert {codes[kind].arc_code[:4] for kind in ("water_fixtures", "water_loop")} == {"3.41"}
    assert codes["material_saving"].arc_code == ""


def test_a_wrong_code_and_a_second_line_are_refused(tmp_path):
    file = tmp_path / "codes.csv"
    file.write_text("type,arc_code,recommendation\na,2.1,x\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"arc_code = '2\.1': must be like 2\.4236"):
        read_arc_codes(file)
    file.write_text("type,arc_code,recommendation\na,2.1233,x\na,2.1233,x\n", encoding="utf-8")
    with pytest.raises(DataError, match="has more than one line for type a"):
        read_arc_codes(file)
