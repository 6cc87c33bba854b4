"""Catalogues: rows of a table become measures, and measures become rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ..errors import CatalogueError, Problems, nearest
from ..readers.catalogue_table import COSTS, DESK, WHAT, CatalogueRow, Cell, read_catalogue
from . import MEASURES
from .base import Measure
from .desk import DeskFigures, DeskPrices

if TYPE_CHECKING:
    from ..park import Park

_SIGNIFICANT = 9


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
        With every row that is no measure, by row and column, and the nearest valid name.
    DataError
        If the file can't be read as a table.
    """
    rows = read_catalogue(path)
    with Problems(path.name, CatalogueError) as problems:
        measures = [_measure(row, problems) for row in rows]
    return tuple(measure for measure in measures if measure)


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
        for measure in sorted(measures, key=lambda measure: measure.id):
            try:
                measure.check(park)
                park = measure.apply(park)
            except CatalogueError as error:
                place, _, reason = str(error).partition(": ")
                problems.add(f"{place}:", reason)


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


def _measure(row: CatalogueRow, problems: Problems) -> Measure | None:
    """Return the measure of a row, or note why there is none."""
    name = row.cell("id") or f"line {row.line}"
    kind = MEASURES.get(str(row.cell("type")))
    if kind is None:
        problems.add(f"row {name}, column type", f"= {row.cell('type')!r}: {nearest(str(row.cell('type')), MEASURES)}")
        return None
    parameters: Mapping[str, Any] = {k: v for k, v in row.cells.items() if k != "type" and k not in DESK}
    known = [f.name for f in fields(kind)]
    unknown = [column for column in parameters if column not in known]
    for column in unknown:
        problems.add(f"row {name}, column {column}", f"is no parameter of {kind.kind}: {nearest(column, known)}")
    try:
        return None if unknown else kind(**parameters)
    except ValidationError as error:
        for detail in error.errors():
            column, given = _place(detail)
            problems.add(f"row {name}, column {column}", f"{given}: {detail['msg']}")
    return None


def _place(detail: Mapping[str, Any]) -> tuple[str, str]:
    """Return the column of a refusal, and what stands there."""
    if not detail["loc"]:
        column, _, _ = detail["msg"].removeprefix("Value error, ").partition(" ")
        return column.rstrip(":"), "does not fit the row"
    given = "is missing" if detail["type"].startswith("missing") else f"= {detail['input']!r}"
    return str(detail["loc"][0]), given
