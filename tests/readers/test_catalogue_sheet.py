"""Catalogue files: CSV and Excel without loss, and every way in which an assessor's sheet is no table."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from eipsim.errors import CatalogueError, DataError, Problems
from eipsim.readers.catalogue_sheet import Sheet, csv_of, differing, read_sheet, workbook_of
from eipsim.readers.catalogue_table import catalogue_workbook, read_catalogue_sheet
from eipsim.readers.tables import Line

TRACKED = Path(__file__).parents[2] / "configs" / "measures" / "amata_159.csv"
KNOWN = ("id", "factory", "type", "size")


def sheet_of(path):
    with Problems(path.name, CatalogueError) as problems:
        return read_sheet(path, KNOWN, problems)


def book(tmp_path, *rows, merge=(), title="measures", more=()):
    found = Workbook()
    found.active.title = title
    for row in rows:
        found.active.append(row)
    for area in merge:
        found.active.merge_cells(area)
    for name in more:
        found.create_sheet(name)
    file = tmp_path / "book.xlsx"
    found.save(file)
    return file


def excel_and_back(tmp_path, sheet, **kinds):
    file = tmp_path / "there.xlsx"
    file.write_bytes(workbook_of(sheet, **({"numbers": (), "dates": (), "texts": ()} | kinds)))
    return sheet_of(file)


def test_the_tracked_catalogue_comes_back_from_excel_byte_by_byte(tmp_path):
    problems = Problems("here", CatalogueError)
    file = tmp_path / "catalogue.xlsx"
    file.write_bytes(catalogue_workbook(read_catalogue_sheet(TRACKED, problems)))

    back = read_catalogue_sheet(file, problems)

    assert problems.lines == []
    assert csv_of(back.columns, (line.cells for line in back.lines)) == TRACKED.read_text(encoding="utf-8")
    assert back.letters["id"] == "A"


@settings(max_examples=10, deadline=None)
@given(numbers=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=10, max_size=30))
def test_a_number_keeps_its_last_digit(tmp_path_factory, numbers):
    sheet = Sheet(("size",), tuple(Line(k, {"size": repr(one)}) for k, one in enumerate(numbers, 2)), {})

    back = excel_and_back(tmp_path_factory.mktemp("number"), sheet, numbers=("size",))

    assert [float(line.cells["size"]) for line in back.lines] == numbers


def test_text_dates_and_empty_cells_come_back_as_they_were(tmp_path):
    cells = {
        "id": "007",
        "note": 'Thay đèn, "LED"\n=A1 hàng',
        "on": "2021-03-01",
        "empty": "",
        "free": "1.50",
        "code": "2.4236.2",
    }
    sheet = Sheet(tuple(cells), (Line(2, cells),), {})

    back = excel_and_back(tmp_path, sheet, dates=("on",), texts=("id", "note"))

    assert back.lines[0].cells == cells
    assert differing(sheet, back) == []


def test_a_date_is_a_date_in_excel(tmp_path):
    from openpyxl import load_workbook

    sheet = Sheet(("on",), (Line(2, {"on": "2021-03-01"}),), {})
    file = tmp_path / "there.xlsx"
    file.write_bytes(workbook_of(sheet, (), ("on",), ()))

    cell = load_workbook(file).active["A2"]

    assert (cell.value, cell.number_format) == (datetime(2021, 3, 1), "yyyy-mm-dd")


def test_a_csv_file_keeps_line_breaks_inside_cells(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text('id,note\nm1,"one\ntwo"\n', encoding="utf-8")

    assert sheet_of(file).lines[0].cells == {"id": "m1", "note": "one\ntwo"}


def test_what_differs_is_named():
    one = Sheet(("a", "b"), (Line(2, {"a": "1.0", "b": "x"}),), {})

    assert differing(one, Sheet(("a", "b"), (Line(2, {"a": "1", "b": "y"}),), {})) == ["line 2, column b"]
    assert differing(one, one._replace(columns=("a",))) == ["header"]
    assert differing(one, one._replace(lines=())) == ["1 and 0 lines"]


def test_control_characters_are_refused_before_a_workbook_is_written():
    sheet = Sheet(("note",), (Line(2, {"note": "a\x07b"}),), {})

    with pytest.raises(CatalogueError, match="row 2, column note holds control characters"):
        workbook_of(sheet, (), (), ("note",))


def test_everything_that_keeps_a_sheet_from_being_a_table_is_named_at_once(tmp_path):
    file = book(
        tmp_path,
        ["Danh mục giải pháp"],
        [],
        ["id", "factory", "type", "size", None, "size"],
        ["m1", "candles", "air_leaks", "=A1*2", "lạc", 1],
        ["m2", "candles", "air_leaks", "#DIV/0!", None, 1],
        merge=["A1:C1"],
    )

    with pytest.raises(CatalogueError, match="has 6 problems") as caught:
        sheet_of(file)

    for line in (
        "cells A1:C1 are merged: unmerge them",
        "cell D4 has a formula without a value",
        "cell D5 = #DIV/0!: is an error of a formula",
        "row 3 is the header: it must be row 1",
        "header names column 'size' more than once",
        "header has no name for column E, which is filled from row 4 on",
    ):
        assert line in str(caught.value)


def test_numbers_dates_and_truths_of_excel_become_text(tmp_path):
    file = book(tmp_path, ["id", "factory", "type", "size"], [7, date(2021, 3, 1), True, 0.1], [None], [" a ", 1e6, 2.5, None])

    first, second = sheet_of(file).lines

    assert list(first.cells.values()) == ["7", "2021-03-01", "TRUE", "0.1"]
    assert list(second.cells.values()) == ["a", "1000000", "2.5", ""]
    assert second.number == 4


def test_one_of_several_sheets_is_chosen_by_its_name(tmp_path):
    assert sheet_of(book(tmp_path, ["id"], ["m1"], more=["prices"])).columns == ("id",)
    with pytest.raises(DataError, match="has the sheets Sheet1, prices: call that of the catalogue 'measures'"):
        sheet_of(book(tmp_path, ["id"], title="Sheet1", more=["prices"]))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"id,size\n", "can't be read as an Excel workbook"),
        ("a.xls", b"", "is in the Excel format of before 2007"),
        ("a.csv", b"", "is empty; it needs a header line"),
        ("a.csv", b"id;size\nm1;0,5\n", "has semicolons between its cells"),
        ("a.csv", b"id\tsize\n", "has tabs between its cells"),
        ("a.csv", b"id,note\nm1,\xff\n", "can't be read as a UTF-8 table"),
        ("a.csv", b'id,note\nm1,"' + b"x" * 200_000 + b'"\n', "a.csv, line 2: can't be read as a table"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_the_remedy(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(DataError, match=message):
        sheet_of(tmp_path / name)


def test_an_empty_or_missing_workbook_is_said_to_be(tmp_path):
    with pytest.raises(DataError, match="sheet 'measures': is empty"):
        sheet_of(book(tmp_path))
    with pytest.raises(DataError, match="there is no such file"):
        sheet_of(tmp_path / "none.xlsx")


def test_lines_that_are_too_long_or_short_are_named(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("id,size\nm1\nm2,1,2\n,\nm3,1\n", encoding="utf-8")

    with pytest.raises(CatalogueError) as caught:
        sheet_of(file)

    assert "line 2 has 1 cells: the header has 2" in str(caught.value)
    assert "line 3 has 3 cells: the header has 2" in str(caught.value)
