"""Reads and words measure catalogues: one row per measure, parameters in columns that end in their unit."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ..errors import CatalogueError, Problems
from .tables import parse_number, read_lines

Cell = str | float

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

_TEXT = frozenset({"id", "factory", "end_use", "type", "recp_category", "status", "confidence"})
_MAY_BE_EMPTY = frozenset({"end_use"})


class CatalogueRow(NamedTuple):
    """One row: its line in the file, and its cells by column, without the empty ones."""

    line: int
    cells: dict[str, Cell]

    def cell(self, column: str) -> Cell:
        """Return a cell; empty text if there is none."""
        return self.cells.get(column, "")


def read_catalogue(path: Path) -> tuple[CatalogueRow, ...]:
    """Read a catalogue as typed cells; what they mean is for `measures.catalogue` to say.

    Parameters
    ----------
    path : Path
        A CSV file with the columns of `WHAT`, `DESK` and `COSTS`. Other columns are parameters: a cell that is a number is
        read as one, an empty cell means that the measure has no such parameter or the usual value.

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
    lines = read_lines(path)
    rows = []
    with Problems(path.name, CatalogueError) as problems:
        header = lines[0].cells.keys() if lines else (*WHAT, *DESK, *COSTS)
        for column in (*WHAT, *DESK, *COSTS):
            if column not in header:
                problems.add("header", f"has no column {column!r}")
        seen: dict[str, int] = {}
        for line in lines:
            name = line.cells.get("id", "") or f"line {line.number}"
            if name in seen:
                problems.add(f"row {name}, column id", f"stands in line {seen[name]} and {line.number}")
            seen[name] = line.number
            cells: dict[str, Cell] = {}
            for column, text in line.cells.items():
                required = column in (*WHAT, *DESK, *COSTS) and column not in _MAY_BE_EMPTY
                if not text:
                    if required:
                        problems.add(f"row {name}, column {column}", "is empty")
                    continue
                cells[column] = text
                if column in _TEXT:
                    continue
                try:
                    cells[column] = parse_number(text)
                except ValueError:
                    if required:
                        problems.add(f"row {name}, column {column}", f"= {text!r}: must be a number with a decimal point")
            rows.append(CatalogueRow(line.number, cells))
    return tuple(rows)


def catalogue_text(rows: Iterable[Mapping[str, Cell]]) -> str:
    """Return a catalogue as the text of a CSV file.

    Parameters
    ----------
    rows : iterable of mapping of str to str or float
        Cells by column.

    Returns
    -------
    str
        With the columns of `WHAT`, all parameters in order of name, `DESK` and `COSTS`; lines end in a line feed.
    """
    rows = list(rows)
    parameters = sorted({column for row in rows for column in row} - {*WHAT, *DESK, *COSTS})
    return table_text((*WHAT, *parameters, *DESK, *COSTS), rows)


def table_text(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> str:
    """Return rows as the text of a CSV file with these columns; numbers are written so that they read back the same."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_word(row.get(column, "")) for column in columns] for row in rows)
    return file.getvalue()


def _word(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    number = float(cell)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
