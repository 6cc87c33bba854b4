"""Reading tables as typed rows."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from eipsim.errors import ConfigError, DataError
from eipsim.readers.tables import in_force, packaged, read_lines, read_table


@dataclass(frozen=True)
class Pump:
    name: str
    power_kw: float
    trains: int = 1
    spare: bool = False
    since: date = date(2000, 1, 1)

    def __post_init__(self) -> None:
        if self.power_kw < 0:
            raise ValueError(f"power_kw = {self.power_kw:g}: must be from 0 up")


def write(folder: Path, text: str) -> Path:
    path = folder / "pumps.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_becomes_an_object_with_typed_fields(tmp_path: Path) -> None:
    table = "name,power_kw,trains,spare,since,source\nP1, 7.5,2,true,2022-01-31,datasheet\n\nP2,3,,,,\n"

    pumps = read_table(write(tmp_path, table), Pump)

    assert pumps == (Pump("P1", 7.5, 2, True, date(2022, 1, 31)), Pump("P2", 3.0))


def test_quoted_cells_may_hold_commas_and_letters_with_marks(tmp_path: Path) -> None:
    pumps = read_table(write(tmp_path, '\ufeffname,power_kw\n"Bơm, số 1",3\n'), Pump)

    assert pumps[0].name == "Bơm, số 1"


def test_every_wrong_cell_is_named_by_line_and_column(tmp_path: Path) -> None:
    table = 'name,power_kw,trains,since\nP1,"7,5",2,2022-01-31\nP2,3,2.5,2022-02-30\nP3,nan,1,2022-01-01\n'

    with pytest.raises(DataError) as raised:
        read_table(write(tmp_path, table), Pump)

    assert str(raised.value).splitlines()[0] == "pumps.csv has 4 problems:"
    assert sorted(str(raised.value).splitlines()[1:]) == [
        "  line 2, column 'power_kw' = '7,5': must be a number with a decimal point",
        "  line 3, column 'since' = '2022-02-30': must be a date like 2022-01-31",
        "  line 3, column 'trains' = '2.5': must be a whole number",
        "  line 4, column 'power_kw' = 'nan': must be a number with a decimal point",
    ]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("name,power_kw,spare\nP1,1,yes\n", "column 'spare' = 'yes': must be true or false"),
        ("name,power_kw\nP1,-1\n", "line 2 power_kw = -1: must be from 0 up"),
        ("name\nP1\n", "header has no column 'power_kw'"),
        ("name,power_kw,train\nP1,1,1\n", "header has column 'train', which is not used here: did you mean 'trains'"),
        ("name,power_kw,name\nP1,1,P1\n", "header names column 'name' more than once"),
        ("name,power_kw\nP1,1,2\n", "line 2 has 3 cells: the header has 2"),
        ("", "is empty; it needs a header line"),
    ],
)
def test_a_table_that_is_not_as_it_should_be_is_refused(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(DataError) as raised:
        read_table(write(tmp_path, table), Pump)

    assert message in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file"):
        read_lines(tmp_path / "none.csv")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pumps.csv"
    path.write_bytes(b"name\n\xff\xfe\n")

    with pytest.raises(DataError, match="can't be read as a UTF-8 table"):
        read_lines(path)


def test_an_unknown_packaged_table_is_answered_with_the_nearest() -> None:
    with pytest.raises(DataError, match=r"did you mean 'holidays_vn\.csv'"):
        packaged("holiday_vn.csv")


@dataclass(frozen=True)
class Rule:
    effective_from: date


def test_the_newest_rule_that_has_begun_is_in_force() -> None:
    rules = [Rule(date(2023, 1, 1)), Rule(date(2019, 1, 1)), Rule(date(2021, 1, 1))]

    assert in_force(rules, date(2022, 12, 31), "rule") == Rule(date(2021, 1, 1))
    assert in_force(rules, date(2023, 1, 1), "rule") == Rule(date(2023, 1, 1))


def test_a_day_before_the_first_rule_is_refused() -> None:
    with pytest.raises(ConfigError, match="date = 2018-12-31: no rule was in force; the first is of 2019-01-01"):
        in_force([Rule(date(2019, 1, 1))], date(2018, 12, 31), "rule")
    with pytest.raises(ConfigError, match="no rule was in force; there are none"):
        in_force(list[Rule](), date(2018, 12, 31), "rule")
