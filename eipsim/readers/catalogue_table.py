"""Reads and words measure catalogues: one row per measure, parameters in columns that end in their unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ..errors import CatalogueError, Problems, nearest
from .catalogue_sheet import Cell, Sheet, csv_of, read_sheet, workbook_of
from .tables import Line, parse_number

WHAT = ("id", "factory", "end_use", "type", "recp_category", "status", "size")
"""Columns that say what a measure is; they stand first."""
DESK = (
    "saving_kwh_per_yr",
    "saving_lpg_t_per_yr",
    "saving_other_fuel_gj_per_yr",
    "saving_water_m3_per_yr",
    "saving_other_vnd_per_yr",
    "saving_vnd_per_yr",
    "saving_co2_t_per_yr",
)
"""Columns of desk figures, in the order of `DeskFigures`."""
COSTS = ("capital_vnd", "yearly_cost_vnd", "life_yr", "lead_time_d", "confidence")
"""Columns that stand last."""
DATES = ("identified_on", "implemented_on")
REMARKS = ("arc_code", *DATES, "note")
"""Columns that may be there for readers of the file: no number of a simulation depends on them."""

ARC_CODE = re.compile(r"[2-4]\.\d{4}(\.\d)?")
"""Code of the Industrial Assessment Centers: kind, strategy of four digits, and perhaps application."""

_TEXT = frozenset({"id", "factory", "end_use", "type", "recp_category", "status", "confidence", "arc_code", "note"})
_REQUIRED = tuple(column for column in (*WHAT, *DESK, *COSTS) if column != "end_use")
_NUMBERS = frozenset({"size", *DESK, *COSTS}) - _TEXT
_EMPTY_AT_ONCE = 4
_FIRST_DAY = date(1899, 12, 30)
_THOUSAND = re.compile(r"[+-]?\d{1,3}\.\d{3}")


class CatalogueRow(NamedTuple):
    """One row: its line in the file, and its cells by column, without the empty ones.

    Parameters
    ----------
    line : int
        Line of the file, or row of the sheet.
    cells : dict of str to str or float
        By column; a date is text like 2022-01-31.
    letters : mapping of str to str
        Letters of the columns in a workbook; empty for a CSV file.
    wrong : frozenset of str
        Columns of which a problem has been noted.
    """

    line: int
    cells: dict[str, Cell]
    letters: Mapping[str, str] = MappingProxyType({})
    wrong: frozenset[str] = frozenset()

    def cell(self, column: str) -> Cell:
        """Return a cell; empty text if there is none."""
        return self.cells.get(column, "")

    @property
    def name(self) -> str:
        """What the row is called in messages: its id, or its line."""
        return str(self.cell("id")) or f"line {self.line}"

    def place(self, column: str) -> str:
        """Return how a message names a cell, with its address in a workbook."""
        address = f" ({self.letters[column]}{self.line})" if column in self.letters else ""
        return f"row {self.name}, column {column}{address}"


def read_catalogue(path: Path) -> tuple[CatalogueRow, ...]:
    """Read a catalogue as typed cells; what they mean is for `measures.catalogue` to say.

    Parameters
    ----------
    path : Path
        A CSV file or an Excel workbook with the columns of `WHAT`, `DESK` and `COSTS`; those of `REMARKS` may be there.
        Other columns are parameters: a cell that is a number is read as one, an empty cell means that the measure has no
        such parameter or the usual value.

    Returns
    -------
    tuple of CatalogueRow
        In the order of the file.

    Raises
    ------
    CatalogueError
        With every missing column and every wrong cell, by row and column.
    DataError
        If the file can't be read as a table.
    """
    with Problems(path.name, CatalogueError) as problems:
        rows = read_rows(path, problems)
    return rows


def read_rows(path: Path, problems: Problems) -> tuple[CatalogueRow, ...]:
    """Read a catalogue like `read_catalogue`, and note problems in place of raising them; wrong cells are left out.

    Raises
    ------
    DataError
        If the file can't be read as a table.
    """
    sheet = read_catalogue_sheet(path, problems)
    missing = [column for column in (*WHAT, *DESK, *COSTS) if column not in sheet.columns]
    others = set(sheet.columns) - {*WHAT, *DESK, *COSTS, *REMARKS}
    for column in missing:
        close = nearest(column, others)
        problems.add("header", f"has no column {column!r}" + (f": {close}" if close.startswith("did") else ""))
    seen: dict[str, int] = {}
    rows = tuple(_row(line, sheet.letters, frozenset(missing), seen, problems) for line in sheet.lines)
    _note_thousands(rows, sheet, problems)
    return rows


def read_catalogue_sheet(path: Path, problems: Problems) -> Sheet:
    """Read a catalogue file as text, and note what keeps it from being a table.

    Raises
    ------
    DataError
        If the file can't be read as a table at all.
    """
    return read_sheet(path, (*WHAT, *DESK, *COSTS), problems)


def catalogue_workbook(sheet: Sheet, explained: Sequence[Sequence[str]] = ()) -> bytes:
    """Return a catalogue as an Excel workbook, with rows of a second sheet that explains its columns.

    Raises
    ------
    CatalogueError
        With every cell that no workbook can keep.
    """
    return workbook_of(sheet, _NUMBERS, DATES, _TEXT, explained)


def catalogue_text(rows: Iterable[Mapping[str, Cell]]) -> str:
    """Return a catalogue as the text of a CSV file.

    Parameters
    ----------
    rows : iterable of mapping of str to str or float
        Cells by column.

    Returns
    -------
    str
        With the columns of `WHAT`, those of `REMARKS` that any row has, all parameters in order of name, `DESK` and
        `COSTS`; lines end in a line feed.
    """
    rows = list(rows)
    used = {column for row in rows for column in row}
    parameters = sorted(used - {*WHAT, *DESK, *COSTS, *REMARKS})
    return table_text((*WHAT, *(c for c in REMARKS if c in used), *parameters, *DESK, *COSTS), rows)


def table_text(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> str:
    """Return rows as the text of a CSV file with these columns; numbers are written so that they read back the same."""
    return csv_of(columns, rows)


def _row(
    line: Line, letters: Mapping[str, str], missing: frozenset[str], seen: dict[str, int], problems: Problems
) -> CatalogueRow:
    """Return the row of a line with what could be read of it."""
    row = CatalogueRow(line.number, {}, letters)
    wrong = set(missing)
    if text := line.cells.get("id", ""):
        row.cells["id"] = text
        if text in seen:
            problems.add(row.place("id"), f"stands in line {seen[text]} and {line.number}")
        seen[text] = line.number
    empty = [column for column in _REQUIRED if column in line.cells and not line.cells[column]]
    if len(empty) >= _EMPTY_AT_ONCE:
        problems.add(f"row {row.name}, line {line.number}:", f"{', '.join(empty)} are empty")
    else:
        for column in empty:
            problems.add(row.place(column), "is empty")
    wrong.update(empty)
    for column, text in line.cells.items():
        if not text or column == "id":
            continue
        cell, problem = _read(column, text)
        if problem:
            problems.add(row.place(column), f"= {text!r}: {problem}")
            wrong.add(column)
        else:
            row.cells[column] = cell
    if not wrong & {*DATES, "status"} and (problem := _contradiction(row)):
        problems.add(row.place("implemented_on"), problem)
    return row._replace(wrong=frozenset(wrong))


def _read(column: str, text: str) -> tuple[Cell, str]:
    """Return a cell, and why it is none."""
    if column == "arc_code" and not ARC_CODE.fullmatch(text):
        return text, "must be an assessment-recommendation code like 2.4236 or 2.4236.2"
    if column in _TEXT:
        return text, ""
    if column in DATES:
        return text, _no_date(text)
    try:
        return parse_number(text), ""
    except ValueError:
        meant = _meant(text)
        if column in _NUMBERS or meant:
            return text, "must be a number with a decimal point" + (f": write {meant}" if meant else "")
    return text, ""


def _meant(text: str) -> str:
    """Return how a number with a decimal comma, thousands or a percent sign is to be written; empty for anything else.

    Examples
    --------
    >>> _meant("1.234,5"), _meant("0,5"), _meant("1.234.567"), _meant("1,234"), _meant("12 %"), _meant("IE3")
    ('1234.5', '0.5', '1234567', '1.234 or 1234', '0.12', '')
    """
    squeezed = re.sub(r"[\s\u00a0\u202f]", "", text)
    if percent := re.fullmatch(r"([+-]?\d+(?:[.,]\d+)?)%", squeezed):
        return f"{float(percent[1].replace(',', '.')) / 100:.12g}"
    if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", squeezed):
        return f"{squeezed.replace(',', '.')} or {squeezed.replace(',', '')}"
    if re.fullmatch(r"[+-]?\d+,\d+|[+-]?\d{1,3}(\.\d{3})+,\d+|[+-]?\d{1,3}(\.\d{3}){2,}", squeezed):
        return squeezed.replace(".", "").replace(",", ".")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", squeezed):
        return squeezed.replace(",", "")
    return squeezed if squeezed != text and re.fullmatch(r"[+-]?\d+(\.\d+)?", squeezed) else ""


def _note_thousands(rows: Iterable[CatalogueRow], sheet: Sheet, problems: Problems) -> None:
    """Note numbers such as 12.500 in a file that writes decimal commas elsewhere: they may be meant as thousands."""
    by_line = {row.line: row for row in rows}
    commas, dots = [], []
    for line in sheet.lines:
        for column, text in line.cells.items():
            if column in _TEXT or column in DATES:
                continue
            if "," in text and _meant(text):
                commas.append(text)
            elif _THOUSAND.fullmatch(text) and not sheet.letters:
                dots.append(f"{by_line[line.number].place(column)} = {text}")
    if commas and dots:
        more = f" and {len(dots) - 3} more" if len(dots) > 3 else ""
        where = f"{'; '.join(dots[:3])}{more}"
        problems.add("header", f"is of a file with decimal commas ({commas[0]}), so that a dot may mean thousands in {where}")


def _no_date(text: str) -> str:
    """Return why a text is no date."""
    try:
        date.fromisoformat(text)
    except ValueError:
        try:
            days = parse_number(text)
        except ValueError:
            return "must be a date like 2022-12-31"
        if 20_000 <= days <= 80_000:
            day = _FIRST_DAY + timedelta(days=int(days))
            return f"must be a date: as Excel counts days this is {day}, so format the cell as a date"
        return "must be a date like 2022-12-31"
    return ""


def _contradiction(row: CatalogueRow) -> str:
    """Return why dates and status do not go together."""
    found, done = (str(row.cell(column)) for column in DATES)
    if done and row.cell("status") == "proposed":
        return f"= {done}: the row is proposed: change its status, or leave the day out"
    if found and done and date.fromisoformat(done) < date.fromisoformat(found):
        return f"= {done}: lies before identified_on = {found}"
    return ""
