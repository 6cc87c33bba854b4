"""Catalogues: rows of a table become measures, and measures become rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from pydantic import ValidationError

from ..errors import CatalogueError, Problems, nearest
from ..readers.catalogue_sheet import Cell
from ..readers.catalogue_table import COSTS, DATES, DESK, REMARKS, WHAT, CatalogueRow, read_catalogue, read_rows
from ..units import unit_of
from . import MEASURES
from .base import Category, Measure
from .desk import DeskFigures, DeskPrices

if TYPE_CHECKING:
    from ..park import Park

_SIGNIFICANT = 9


class Remarks(NamedTuple):
    """What a catalogue says of a measure beside its engineering; no number of a simulation depends on it.

    Parameters
    ----------
    arc_code : str
        Assessment-recommendation code of the Industrial Assessment Centers, or empty.
    identified_on, implemented_on : date or None
        When it was found and done.
    note : str
        Anything else.
    """

    arc_code: str
    identified_on: date | None
    implemented_on: date | None
    note: str


class Examined(NamedTuple):
    """A catalogue of which all problems are known.

    Parameters
    ----------
    rows : tuple of CatalogueRow
        As read.
    measures : tuple of Measure
        Those that are right in themselves.
    problems : Problems
        Of the file, of rows, and of how measures fit the park.
    """

    rows: tuple[CatalogueRow, ...]
    measures: tuple[Measure, ...]
    problems: Problems


def load_catalogue(path: Path) -> tuple[Measure, ...]:
    """Read the measures of a catalogue.

    Parameters
    ----------
    path : Path
        See `read_catalogue` for the columns.

    Returns
    -------
    tuple of Measure
        In the order of the file.

    Raises
    ------
    CatalogueError
        With every missing column, every wrong cell and every row that is no measure, by row and column, and the nearest
        valid name.
    DataError
        If the file can't be read as a table.
    """
    with Problems(path.name, CatalogueError) as problems:
        measures = _measures(read_rows(path, problems), problems)
    return measures


def examine(path: Path, park: Park | None = None) -> Examined:
    """Read a catalogue with all of its problems at once, those of how it fits a park included.

    Parameters
    ----------
    path : Path
        See `read_catalogue` for the columns.
    park : Park, optional
        The park before any measure; without it only the file is examined.

    Raises
    ------
    DataError
        If the file can't be read as a table.
    """
    problems = Problems(path.name, CatalogueError)
    rows = read_rows(path, problems)
    measures = _measures(rows, problems)
    if park:
        by_name = {row.name: row for row in rows}
        for place, reason in _misfits(measures, park):
            problems.add(_with_address(place, by_name), reason)
    return Examined(rows, measures, problems)


def load_remarks(path: Path) -> dict[str, Remarks]:
    """Read codes, dates and notes of a catalogue, by the id of the measure.

    Raises
    ------
    CatalogueError
        With every wrong cell, by row and column.
    DataError
        If the file can't be read as a table.
    """
    found = {}
    for row in read_catalogue(path):
        found_on, done_on = (date.fromisoformat(str(text)) if (text := row.cell(column)) else None for column in DATES)
        found[row.name] = Remarks(str(row.cell("arc_code")), found_on, done_on, str(row.cell("note")))
    return found


def load_desk_figures(path: Path) -> dict[str, DeskFigures]:
    """Read the desk figures that a catalogue records, by the id of the measure.

    Raises
    ------
    CatalogueError
        With every wrong cell, by row and column.
    DataError
        If the file can't be read as a table.
    """
    return {str(row.cell("id")): DeskFigures(*(float(row.cell(column)) for column in DESK)) for row in read_catalogue(path)}


def check_catalogue(measures: Iterable[Measure], park: Park) -> None:
    """Find every measure that does not fit a park in which those before it are done.

    Parameters
    ----------
    measures : iterable of Measure
        In any order; they are applied in the order of their ids, as a scenario does.
    park : Park
        The park before any measure.

    Raises
    ------
    CatalogueError
        With all of them, by row and column.
    """
    with Problems(f'Catalogue for park "{park.name}"', CatalogueError) as problems:
        for place, reason in _misfits(measures, park):
            problems.add(place, reason)


def _misfits(measures: Iterable[Measure], park: Park) -> Iterator[tuple[str, str]]:
    """Yield place and reason of every measure that does not fit a park in which those before it are done."""
    for measure in sorted(measures, key=lambda measure: measure.id):
        try:
            measure.check(park)
            park = measure.apply(park)
        except CatalogueError as error:
            place, _, reason = str(error).partition(": ")
            yield f"{place}:", reason


def _with_address(place: str, rows: Mapping[str, CatalogueRow]) -> str:
    """Put the address in a workbook behind row and column, if there is one."""
    found = re.match(r"row (.+?), column (\w+)", place)
    return rows[found[1]].place(found[2]) + place[found.end() :] if found and found[1] in rows else place


def explained_columns(columns: Iterable[str]) -> list[tuple[str, str, str, str]]:
    """Return a head and a row for each column of a catalogue: its name, unit, who needs it, and what may stand there.

    Parameters
    ----------
    columns : iterable of str
        In the order of the file.
    """
    words = {
        "type": ", ".join(sorted(MEASURES)),
        "recp_category": ", ".join(get_args(Category)),
        "status": "implemented, proposed",
        "confidence": "A read in a source, B general knowledge, C estimate",
        "size": "how much of it, in the unit of the type",
        "arc_code": "kind, strategy and perhaps application, such as 2.4236 or 2.4236.2",
        **dict.fromkeys(DATES, "a day"),
    }
    rows = [("column", "unit", "needed", "what may stand there")]
    for column in columns:
        types = [kind for kind, one in sorted(MEASURES.items()) if column in {f.name for f in fields(one)}]
        always = column in {*WHAT, *DESK, *COSTS} - {"end_use"}
        needed = "always" if always else "by no measure" if column in REMARKS else f"by {', '.join(types) or 'no measure'}"
        if column in {f.name for f in fields(Measure)} and not always:
            needed = "may be empty"
        unit = unit_of(column) if column not in words else ""
        rows.append((column, unit or "", needed, words.get(column, "")))
    return rows


def to_rows(measures: Sequence[Measure], park: Park, prices: DeskPrices) -> list[dict[str, Cell]]:
    """Return the rows of a catalogue, with desk figures worked out.

    Parameters
    ----------
    measures : sequence of Measure
        One per row.
    park : Park
        The park before any measure.
    prices : DeskPrices
        Flat prices and factors.

    Returns
    -------
    list of dict
        For `catalogue_text`. Parameters at their usual value are written too, so that a row keeps its meaning.

    Raises
    ------
    CatalogueError
        If a measure does not fit the park.
    """
    return [_row(measure, measure.desk(park, prices)) for measure in measures]


def _row(measure: Measure, desk: DeskFigures) -> dict[str, Cell]:
    values = {f.name: getattr(measure, f.name) for f in fields(measure)}
    always = {*WHAT, *COSTS}
    usual = {f.name: f.default for f in fields(Measure) if f.name not in always and f.default is not MISSING}
    cells = {name: value for name, value in values.items() if usual.get(name, MISSING) != value}
    figures = {column: float(f"{figure:.{_SIGNIFICANT}g}") for column, figure in zip(DESK, desk, strict=True)}
    return {**cells, "type": measure.kind, **figures}


def _measures(rows: Sequence[CatalogueRow], problems: Problems) -> tuple[Measure, ...]:
    """Return the measures of all rows that are some; a column that no type has is noted once."""
    names = {f.name for kind in MEASURES.values() for f in fields(kind)}
    strange = sorted({column for row in rows for column in row.cells} - names - {"type", *DESK, *REMARKS})
    for column in strange:
        problems.add("header", f"has column {column!r}, which no type of measure has: {nearest(column, names)}")
    known = [row._replace(cells={k: v for k, v in row.cells.items() if k not in strange}) for row in rows]
    return tuple(measure for row in known if (measure := _measure(row, problems)))


def _measure(row: CatalogueRow, problems: Problems) -> Measure | None:
    """Return the measure of a row, or note why there is none unless that has been noted."""
    kind = MEASURES.get(str(row.cell("type")))
    if kind is None:
        if "type" not in row.wrong:
            problems.add(row.place("type"), f"= {row.cell('type')!r}: {nearest(str(row.cell('type')), MEASURES)}")
        return None
    parameters: Mapping[str, Any] = {k: v for k, v in row.cells.items() if k != "type" and k not in (*DESK, *REMARKS)}
    known = [f.name for f in fields(kind)]
    unknown = [column for column in parameters if column not in known]
    for column in unknown:
        problems.add(row.place(column), f"is no parameter of {kind.kind}: {nearest(column, known)}")
    try:
        measure = kind(**{k: v for k, v in parameters.items() if k in known})
    except ValidationError as error:
        for detail in error.errors():
            column, given = _place(detail)
            if column not in row.wrong:
                problems.add(row.place(column), f"{given}: {detail['msg']}{_close(detail)}")
        return None
    return None if unknown else measure


def _place(detail: Mapping[str, Any]) -> tuple[str, str]:
    """Return the column of a refusal, and what stands there."""
    if not detail["loc"]:
        column, _, _ = detail["msg"].removeprefix("Value error, ").partition(" ")
        return column.rstrip(":"), "does not fit the row"
    given = "is missing" if detail["type"].startswith("missing") else f"= {detail['input']!r}"
    return str(detail["loc"][0]), given


def _close(detail: Mapping[str, Any]) -> str:
    """Return which of the words that are allowed is meant, if one is close."""
    if detail["type"] != "literal_error":
        return ""
    close = nearest(str(detail["input"]), re.findall(r"'([^']+)'", detail["ctx"]["expected"]))
    return f"; {close}" if close.startswith("did") else ""
