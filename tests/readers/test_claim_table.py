"""Published figures become amounts in one unit each, and everything wrong is told at once."""

import datetime as dt
from pathlib import Path

import pytest

from eipsim.errors import DataError
from eipsim.readers.claim_table import days_of, printed_half_width, read_claim_sets

HEAD = "claim,date,park,scope,quantity,value,unit"


def written(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "claims.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def test_units_are_brought_to_one_and_dollars_to_dong_of_the_year(tmp_path):
    path = written(
        tmp_path,
        "a,2023-09,P,37 firms,electricity saved,4.4,GWh/yr",
        "b,2023-09,P,37 firms,money saved,0.8,M USD/yr",
        "c,2023-09,P,37 firms,CO2 avoided,87,kt/yr",
    )

    (one,) = read_claim_sets(path)

    assert one.amounts["electricity"].value == pytest.approx(4.4e6)
    assert one.amounts["electricity"].half_width == pytest.approx(0.05e6)
    assert one.amounts["money"].value == pytest.approx(0.8e6 * 23_900)
    assert one.amounts["carbon"].low == pytest.approx(86_500)
    assert (one.first_day, one.last_day) == (dt.date(2023, 9, 1), dt.date(2023, 9, 30))
    assert one.counted == (37, "firms")


def test_a_scope_without_a_number_counts_nothing(tmp_path):
    (one,) = read_claim_sets(written(tmp_path, "a,2024,P,RECP,water saved,5,m3/yr"))

    assert one.counted is None
    assert one.last_day == dt.date(2024, 12, 31)


@pytest.mark.parametrize(("text", "half"), [("1600000", 50_000), ("5.60", 0.05), ("1588", 0.5), ("87000", 500)])
def test_a_figure_is_rounded_at_its_last_digit_that_is_not_zero(text, half):
    assert printed_half_width(text) == pytest.approx(half)


@pytest.mark.parametrize("text", ["2024-13", "24", "2024-02-30", "April 2024"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        days_of(text)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a,2024,P,RECP,watr saved,5,m3/yr", "line 2, column 'quantity' = 'watr saved': did you mean 'water saved'?"),
        ("a,2024,P,RECP,electricity saved,5,kwh/yr", "line 2, column 'unit' = 'kwh/yr': did you mean 'kWh/yr'?"),
        ("a,2024,P,RECP,water saved,1.871.000,m3/yr", "line 2, column 'value' = '1.871.000': must be a number"),
        ("a,2024,P,RECP,water saved,-2,m3/yr", "line 2, column 'value' = '-2': must be 0 or more"),
        ("a,2024,P,RECP,water saved,0,m3/yr", "line 2, column 'value' = '0': must be more than half its last printed digit"),
        ("a,2015,P,RECP,money saved,5,USD/yr", "has no exchange rate in 2015; there are rates from 2019 to 2026: write VND"),
        ("a,24-01,P,RECP,water saved,5,m3/yr", "line 2, column 'date' = '24-01': must be a year, month or day"),
        ("a,2024,,RECP,water saved,5,m3/yr", "line 2, column 'park' = '': must not be empty"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_told_by_line_and_column(tmp_path, line, message):
    with pytest.raises(DataError, match=r"claims\.csv has 1 problem") as told:
        read_claim_sets(written(tmp_path, line))

    assert message in str(told.value)


def test_all_problems_come_in_one_report(tmp_path):
    path = written(tmp_path, "a,2024-13,P,RECP,water,x,m3/yr,", "a,2024,,RECP,water saved,5,m3,", head=HEAD + ",partof")

    with pytest.raises(DataError, match=r"claims\.csv has 7 problems") as told:
        read_claim_sets(path)

    assert "column 'partof', which is not used here: did you mean 'part_of'?" in str(told.value)
    assert "line 3, column 'claim' = 'a': is there already, on line 2" in str(told.value)


def test_a_missing_column_and_an_empty_table_are_told(tmp_path):
    with pytest.raises(DataError, match="header has no column unit"):
        read_claim_sets(written(tmp_path, "a,2024,P,RECP,water saved,5", head=HEAD.removesuffix(",unit")))
    with pytest.raises(DataError, match="file has no line below its header"):
        read_claim_sets(written(tmp_path))


def test_the_same_amount_twice_in_one_set_is_told(tmp_path):
    lines = ("a,2024,P,RECP,water saved,5,m3/yr", "b,2024,P,RECP,water potential,7,m3/yr")

    with pytest.raises(DataError, match="water of P, RECP, 2024 is there already: claim a"):
        read_claim_sets(written(tmp_path, *lines))
