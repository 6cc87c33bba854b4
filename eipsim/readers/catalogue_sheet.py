"""Measure catalogues as sheets: CSV and Excel files become cells of text with their place, and back without loss."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import BadZipFile

from ..errors import CatalogueError, DataError, Problems
from .tables import Line, parse_number, read_text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | float

EXCEL = (".xlsx", ".xlsm")
SHEET, EXPLAINED = "measures", "columns"
"""Names of the sheet that holds a catalogue, which in a workbook of one sheet may have any, and of that which explains it."""

_HEADER_WITHIN = 20
_NAMES_OF_A_HEADER = 3


class Sheet(NamedTuple):
    """A table as it stands in a file.

    Parameters
    ----------
    columns : tuple of str
        Names of the header.
    lines : tuple of Line
        Rows with their number in the file; numbers are written so that they read back the same, dates as 2022-01-31.
    letters : mapping of str to str
        Letter of each column in a workbook; empty for a CSV file.
    """

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    letters: Mapping[str, str]


def word(cell: Cell) -> str:
    """Return a cell as text; a number so that it reads back the same.

    Examples
    --------
    >>> word(1e6), word(0.1 + 0.2), word("IE3")
    ('1000000', '0.30000000000000004', 'IE3')
    """
    if isinstance(cell, str):
        return cell
    number = float(cell)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def read_sheet(path: Path, known: Collection[str], problems: Problems) -> Sheet:
    """Read a catalogue file as text.

    Parameters
    ----------
    path : Path
        An Excel workbook if its name ends in .xlsx or .xlsm, else a CSV file (UTF-8, commas between cells).
    known : collection of str
        Names by which a header that does not stand in the first row is found.
    problems : Problems
        Gets merged cells, columns without or of the same name, rows above the header, formulas without a value and
        lines that are longer or shorter than the header.

    Raises
    ------
    DataError
        If the file can't be read as a table at all.
    """
    if path.suffix.lower() in EXCEL:
        return _workbook_sheet(path, known, problems)
    if path.suffix.lower() == ".xls":
        raise DataError(f"{path.name}: is in the Excel format of before 2007: save it as .xlsx")
    return _csv_sheet(path, problems)


def csv_of(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> str:
    """Return rows as the text of a CSV file with these columns; numbers are written so that they read back the same."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([word(row.get(column, "")) for column in columns] for row in rows)
    return file.getvalue()


def workbook_of(
    sheet: Sheet,
    numbers: Collection[str],
    dates: Collection[str],
    texts: Collection[str],
    explained: Sequence[Sequence[str]] = (),
) -> bytes:
    """Return a sheet as an Excel workbook: numbers as numbers, dates as dates, all else as text.

    Parameters
    ----------
    sheet : Sheet
        What `read_sheet` returned.
    numbers, dates, texts : collection of str
        Columns of which that is known; a cell of another column is a number if it is written as `word` writes one.
    explained : sequence of sequence of str
        Rows of a second sheet, ``columns``, which says what the columns mean and is never read.

    Raises
    ------
    CatalogueError
        With every cell that holds characters which no workbook can keep.
    """
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = SHEET
    with Problems("The workbook", CatalogueError) as problems:
        for row, cells in enumerate([dict(zip(sheet.columns, sheet.columns, strict=True)), *(x.cells for x in sheet.lines)], 1):
            for place, column in enumerate(sheet.columns, 1):
                text = cells[column]
                if not text:
                    continue
                if ILLEGAL_CHARACTERS_RE.search(text):
                    problems.add(f"row {row}, column {column}", "holds control characters, which Excel can't keep")
                    continue
                value = text if row == 1 else _typed(text, column, numbers, dates, texts)
                cell = page.cell(row, place, value)
                if isinstance(value, date):
                    cell.number_format = "yyyy-mm-dd"
                else:
                    cell.data_type = "n" if isinstance(value, _Number) else "s"
    pages = [(page, sheet.columns)]
    if explained:
        beside = book.create_sheet(EXPLAINED)
        for line in explained:
            beside.append(list(line))
        pages.append((beside, tuple(explained[0])))
    for one, heads in pages:
        for place, head in enumerate(heads, 1):
            one.cell(1, place).font = Font(bold=True)
            one.column_dimensions[get_column_letter(place)].width = max(10, min(28, len(head) + 3))
        one.freeze_panes = "B2"
        one.auto_filter.ref = one.dimensions
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def differing(one: Sheet, other: Sheet) -> list[str]:
    """Return the places at which two sheets do not hold the same: names, numbers to the last digit, text, empty cells.

    Examples
    --------
    >>> from eipsim.readers.tables import Line
    >>> a, b = (Sheet(("x",), (Line(2, {"x": text}),), {}) for text in ("1.50", "1.5"))
    >>> differing(a, b), differing(a, Sheet(("x",), (Line(2, {"x": "1.6"}),), {}))
    ([], ['line 2, column x'])
    """
    if one.columns != other.columns:
        return ["header"]
    if len(one.lines) != len(other.lines):
        return [f"{len(one.lines)} and {len(other.lines)} lines"]
    return [
        f"line {a.number}, column {column}"
        for a, b in zip(one.lines, other.lines, strict=True)
        for column in one.columns
        if not _same(a.cells[column], b.cells[column])
    ]


def _same(one: str, other: str) -> bool:
    try:
        return one == other or parse_number(one) == parse_number(other)
    except ValueError:
        return False


class _Number(str):
    """A number by its digits: openpyxl writes sixteen of a float, which may need seventeen."""


def _typed(
    text: str, column: str, numbers: Collection[str], dates: Collection[str], texts: Collection[str]
) -> _Number | str | date:
    try:
        if column in dates:
            return date.fromisoformat(text)
        if column not in texts and (column in numbers or word(parse_number(text)) == text):
            return _Number(word(parse_number(text)))
    except ValueError:
        return text
    return text


def _csv_sheet(path: Path, problems: Problems) -> Sheet:
    reader = csv.reader(io.StringIO(read_text(path), newline=""))
    try:
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise DataError(f"{path.name}, line {reader.line_num}: can't be read as a table: {error}") from None
    header = rows[0][1] if rows else []
    if not any(header):
        raise DataError(f"{path.name}: is empty; it needs a header line")
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            raise DataError(
                f"{path.name}: has {name} between its cells, as Excel writes them where a comma is the decimal mark: "
                "save it as .xlsx, or with commas between cells and points in numbers"
            )
    _name_columns(header, {place: str(place + 1) for place in range(len(header))}, rows[1:], problems)
    lines = []
    for number, cells in rows[1:]:
        if any(cells) and len(cells) != len(header):
            problems.add(f"line {number}", f"has {len(cells)} cells: the header has {len(header)}")
        elif any(cells):
            lines.append(Line(number, {name: cell for name, cell in zip(header, cells, strict=True) if name}))
    return Sheet(tuple(dict.fromkeys(name for name in header if name)), tuple(lines), {})


def _name_columns(
    header: Sequence[str], letters: Mapping[int, str], rows: Iterable[tuple[int, Sequence[str]]], problems: Problems
) -> None:
    """Note columns of the same name, and columns that hold something and have none."""
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        problems.add("header", f"names column {name!r} more than once")
    rows = list(rows)
    for place, name in enumerate(header):
        filled = [number for number, cells in rows if place < len(cells) and cells[place]]
        if not name and filled:
            problems.add("header", f"has no name for column {letters[place]}, which is filled from row {filled[0]} on")


def _workbook_sheet(path: Path, known: Collection[str], problems: Problems) -> Sheet:
    from openpyxl.utils import get_column_letter

    values, formulas = (_page(path, data_only=data_only) for data_only in (True, False))
    for area in sorted(str(area) for area in values.merged_cells.ranges):
        problems.add(f"cells {area}", "are merged: unmerge them, so that each value stands in its own cell")
    rows = []
    for number, cells in enumerate(values.iter_rows(), 1):
        texts = [_text(cell.value) for cell in cells]
        for place, cell in enumerate(cells):
            at = f"cell {get_column_letter(place + 1)}{number}"
            if cell.data_type == "e":
                problems.add(at, f"= {cell.value}: is an error of a formula: mend it, or write the number")
            elif not texts[place] and formulas.cell(number, place + 1).data_type == "f":
                problems.add(at, "has a formula without a value: open and save the workbook in Excel, or write the number")
        rows.append((number, texts))
    first = next((k for k, (_, texts) in enumerate(rows) if any(texts)), None)
    if first is None:
        raise DataError(f"{path.name}, sheet {values.title!r}: is empty; it needs a header row")
    begins = next(
        (k for k, (_, texts) in enumerate(rows[:_HEADER_WITHIN]) if len(set(texts) & set(known)) >= _NAMES_OF_A_HEADER), first
    )
    if begins:
        problems.add(f"row {begins + 1}", "is the header: it must be row 1, so delete what stands above it")
    header = rows[begins][1]
    letters = {place: get_column_letter(place + 1) for place in range(len(header))}
    _name_columns(header, letters, rows[begins + 1 :], problems)
    lines = [
        Line(number, {name: text for name, text in zip(header, texts, strict=True) if name})
        for number, texts in rows[begins + 1 :]
        if any(texts)
    ]
    columns = tuple(dict.fromkeys(name for name in header if name))
    return Sheet(columns, tuple(lines), {name: letters[header.index(name)] for name in columns})


def _page(path: Path, *, data_only: bool) -> Worksheet:
    """Return the sheet of a workbook that holds the catalogue."""
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, data_only=data_only)
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file") from None
    except (OSError, KeyError, ValueError, TypeError, BadZipFile) as error:
        raise DataError(f"{path.name}: can't be read as an Excel workbook (.xlsx without a password): {error}") from None
    pages = {page.title: page for page in book.worksheets}
    if len(pages) == 1:
        return next(iter(pages.values()))
    if SHEET not in pages:
        raise DataError(f"{path.name}: has the sheets {', '.join(pages)}: call that of the catalogue {SHEET!r}")
    return pages[SHEET]


def _text(value: Any) -> str:
    """Return what stands in a cell of a workbook as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return word(float(value))
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value).strip()
