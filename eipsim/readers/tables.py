"""Reads tables: one typed object per row, and every wrong cell named by file, line and column."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar, get_type_hints

from ..errors import ConfigError, DataError, Problems, nearest

DATA = Path(__file__).parent.parent / "data"
"""The folder of the packaged tables."""


REMARKS = frozenset({"source", "confidence", "note", "quoted"})
"""Columns that tell a reader of the file where a number comes from."""

Row = TypeVar("Row")


class Dated(Protocol):
    """Something that is in force from a day on."""

    @property
    def effective_from(self) -> date:
        """First day in force."""


LINES_SHOWN = 20
"""Problems of a file with a line an hour that are told one by one."""

D = TypeVar("D", bound=Dated)


class Typed(Protocol):
    """A row about one type of measure."""

    @property
    def type(self) -> str:
        """Its name."""


T = TypeVar("T", bound=Typed)


class Line(NamedTuple):
    """One row of a table: its line in the file, and its cells by column."""

    number: int
    cells: dict[str, str]


def packaged(name: str) -> Path:
    """Return the path of a packaged table.

    Parameters
    ----------
    name : str
        File name with its ending.

    Raises
    ------
    DataError
        If there is no such table.
    """
    path = DATA / name
    if not path.is_file():
        raise DataError(f"no packaged table {name!r}: {nearest(name, (other.name for other in DATA.glob('*.csv')))}")
    return path


def read_text(path: Path) -> str:
    """Read a UTF-8 file, with or without a byte order mark.

    Raises
    ------
    DataError
        If it is not there, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: can't be read as a UTF-8 table: {error}") from None


def read_lines(path: Path) -> list[Line]:
    """Read a CSV file with a header line as text; empty lines are left out.

    Parameters
    ----------
    path : Path
        A UTF-8 file, commas between cells.

    Raises
    ------
    DataError
        If the file can't be read, has no header, names a column twice, or a line has more or fewer cells than the
        header.
    """
    text = read_text(path)
    reader = csv.reader(text.splitlines())
    header = [name.strip() for name in next(reader, [])]
    if not header:
        raise DataError(f"{path.name}: is empty; it needs a header line")
    lines = []
    with Problems(path.name, DataError) as problems:
        for name in sorted({name for name in header if header.count(name) > 1}):
            problems.add("header", f"names column {name!r} more than once")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                problems.add(f"line {reader.line_num}", f"has {len(cells)} cells: the header has {len(header)}")
                continue
            lines.append(Line(reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    return lines


def parse_number(text: str) -> float:
    """Read a finite number; raise ValueError for anything else, a decimal comma included."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _truth(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(text)
    return text == "true"


_KINDS: dict[Any, tuple[Callable[[str], Any], str]] = {
    str: (str, "text"),
    float: (parse_number, "a number with a decimal point"),
    int: (int, "a whole number"),
    bool: (_truth, "true or false"),
    date: (date.fromisoformat, "a date like 2022-01-31"),
}


def read_table(path: Path, row: type[Row]) -> tuple[Row, ...]:
    """Read a table as objects, one per line.

    Parameters
    ----------
    path : Path
        A CSV file with a header line.
    row : type
        A dataclass whose fields are the columns: str, float, int, bool or date. A field with a default may be
        missing from the table or empty in a line. A ValueError from its ``__post_init__`` is a problem of that line.
        The columns source, confidence, note and quoted may stand beside them and are for readers of the file.

    Returns
    -------
    tuple of row
        In the order of the file.

    Raises
    ------
    DataError
        With every wrong cell by line and column, and every missing or unknown column.
    """
    lines = read_lines(path)
    hints = get_type_hints(row)
    columns = {field.name: field for field in fields(row)}  # type: ignore[arg-type]
    rows: list[Row] = []
    with Problems(path.name, DataError) as problems:
        header = set(lines[0].cells) if lines else set(columns)
        for name in sorted(header - columns.keys() - REMARKS):
            problems.add("header", f"has column {name!r}, which is not used here: {nearest(name, columns)}")
        for name, field in columns.items():
            if name not in header and field.default is MISSING:
                problems.add("header", f"has no column {name!r}")
        for line in lines:
            values: dict[str, Any] = {}
            for name in columns.keys() & header:
                text = line.cells[name]
                if not text and columns[name].default is not MISSING:
                    continue
                parse, meant = _KINDS[hints[name]]
                try:
                    values[name] = parse(text)
                except ValueError:
                    problems.add(f"line {line.number}, column {name!r}", f"= {text!r}: must be {meant}")
            if not problems.lines:
                try:
                    rows.append(row(**values))
                except ValueError as error:
                    problems.add(f"line {line.number}", str(error))
    return tuple(rows)


def by_type(path: Path, rows: Sequence[T]) -> dict[str, T]:
    """Return the rows of a table by type of measure.

    Parameters
    ----------
    path : Path
        Of the table, for the message.
    rows : sequence
        What was read from it.

    Raises
    ------
    DataError
        If a type stands in more than one line.
    """
    found = {row.type: row for row in rows}
    if len(found) < len(rows):
        twice = sorted({row.type for row in rows if sum(other.type == row.type for other in rows) > 1})
        raise DataError(f"{path.name}: type {', '.join(twice)} stands in more than one line")
    return found


def in_force(rules: Iterable[D], on: date, what: str) -> D:
    """Return the newest of some dated rules that does not lie after a day.

    Parameters
    ----------
    rules : iterable
        Things with an ``effective_from``.
    on : date
        The day.
    what : str
        What they are, for the message.

    Raises
    ------
    ConfigError
        If all lie after the day.
    """
    rules = sorted(rules, key=lambda rule: rule.effective_from)
    past = [rule for rule in rules if rule.effective_from <= on]
    if not past:
        first = f"the first is of {rules[0].effective_from}" if rules else "there are none"
        raise ConfigError(f"date = {on}: no {what} was in force; {first}")
    return past[-1]
