"""Reads factories from three tables: one row per factory, per production line, and per end use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import ConfigDict, Field, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from ..errors import DataError, Problems, nearest
from .tables import REMARKS, Line, read_lines

Made = TypeVar("Made")


@dataclass(frozen=True)
class Parts(Generic[Made]):
    """What rows are made into; given by the caller, because readers know no factory.

    Parameters
    ----------
    factory : callable
        Makes a factory from its columns, with ``place``, ``lines`` (a tuple) and ``end_uses`` (by name) added.
    line : callable
        Makes a production line from its columns.
    end_uses : mapping of str to type
        Dataclasses of end uses by the name that stands in the column ``type``.
    """

    factory: Callable[..., Made]
    line: Callable[..., Any]
    end_uses: Mapping[str, type[Any]]


class Site(NamedTuple, Generic[Made]):
    """A factory, and what its row tells beside it.

    Parameters
    ----------
    factory : object
        What ``Parts.factory`` made.
    feeder : str
        The feeder that its site hangs on.
    roof_m2 : float
        Roof that could carry solar modules, before clearances [m2].
    output_unit : str
        What its lines count.
    """

    factory: Made
    feeder: str
    roof_m2: float
    output_unit: str


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class _Siting:
    feeder: str = Field(min_length=1)
    roof_m2: float = Field(ge=0, allow_inf_nan=False)
    output_unit: str = Field(default="units", min_length=1)


def read_factories(factories: Path, lines: Path, end_uses: Path, parts: Parts[Made]) -> dict[str, Site[Made]]:
    """Read the factories of a park.

    Parameters
    ----------
    factories : Path
        Columns ``factory``, ``feeder``, ``roof_m2``, ``output_unit`` and the parameters of a factory; ``id`` may stand
        beside them.
    lines : Path
        Columns ``factory``, ``line`` (0, 1, 2, … for each factory) and the parameters of a line.
    end_uses : Path
        Columns ``factory``, ``end_use`` (its name in the factory), ``type``, and the parameters of all types, each empty
        where a type has none or the default is meant.
    parts : Parts
        What the rows are made into.

    Returns
    -------
    dict of str to Site
        By name, in the order of the table; the place of a factory is called like the factory.

    Raises
    ------
    DataError
        With every wrong cell by file, line and column.
    """
    with Problems("Factory tables", DataError) as problems:
        sites = {row.cells.get("factory", ""): row for row in _unique(factories, ("factory",), problems)}
        made_lines = _lines(lines, sites, parts, problems)
        made_uses = _end_uses(end_uses, sites, parts, problems)
        problems.raise_if_any()
        found: dict[str, Site[Made]] = {}
        siting = {field.name for field in fields(_Siting)}
        for name, row in sites.items():
            cells = _filled(row, "factory", "id")
            place = _Place(factories, row, problems)
            stands = place.make(_Siting, {key: text for key, text in cells.items() if key in siting}, "a site")
            own = {key: text for key, text in cells.items() if key not in siting}
            given = dict(place=name, lines=made_lines.get(name, ()), end_uses=made_uses.get(name, {}))
            factory = place.make(parts.factory, own | given, "a factory")
            if factory is not None and stands is not None:
                found[name] = Site(factory, stands.feeder, stands.roof_m2, stands.output_unit)
    return found


class _Place(NamedTuple):
    """A row of a file, and where its problems are noted."""

    path: Path
    row: Line
    problems: Problems

    def add(self, column: str, message: str) -> None:
        """Note a problem of a cell, or of the row if no column is named."""
        where = f"{self.path.name} line {self.row.number}" + (f", column {column!r}" if column else "")
        self.problems.add(where, message)

    def make(self, kind: Callable[..., Any], values: dict[str, Any], what: str) -> Any:
        """Return the object, or None after noting what is wrong with each cell."""
        try:
            return kind(**values)
        except ValidationError as error:
            seen = set()
            for problem in error.errors():
                column = str(problem["loc"][0]) if problem["loc"] else ""
                if column in seen:
                    continue
                seen.add(column)
                self.add(column if column in self.row.cells else "", self._say(problem, column, values, what))
        except (TypeError, ValueError) as error:
            self.add("", str(error))
        return None

    def _say(self, problem: Any, column: str, values: dict[str, Any], what: str) -> str:
        kind = problem["type"]
        if kind in ("missing", "missing_argument"):
            return f"is empty: {what} needs {column}"
        if kind in ("unexpected_keyword_argument", "extra_forbidden"):
            return f"= {values[column]!r}: {what} has no such parameter"
        if kind == "value_error":
            return str(problem["ctx"]["error"])
        return f"= {values.get(column)!r}: {problem['msg'][0].lower()}{problem['msg'][1:]}"


def _filled(row: Line, *without: str) -> dict[str, Any]:
    """Return the cells that are not empty and are not for readers alone."""
    return {key: text for key, text in row.cells.items() if text and key not in REMARKS and key not in without}


def _unique(path: Path, keys: tuple[str, ...], problems: Problems) -> list[Line]:
    """Return the rows of a table whose key columns are filled and not repeated."""
    rows = read_lines(path)
    if missing := [key for key in keys if not rows or key not in rows[0].cells]:
        problems.add(path.name, f"has no rows with column {missing[0]!r}")
        return []
    seen: dict[tuple[str, ...], int] = {}
    kept = []
    for row in rows:
        key = tuple(row.cells[name] for name in keys)
        if not all(key):
            problems.add(f"{path.name} line {row.number}, column {keys[key.index('')]!r}", "is empty: a row needs it")
        elif key in seen:
            problems.add(f"{path.name} line {row.number}", f"repeats {' '.join(key)} of line {seen[key]}")
        else:
            seen[key] = row.number
            kept.append(row)
    return kept


def _owned(path: Path, key: str, sites: Mapping[str, Line], problems: Problems) -> list[Line]:
    """Return the rows that belong to a known factory."""
    kept = []
    for row in _unique(path, ("factory", key), problems):
        if row.cells["factory"] in sites:
            kept.append(row)
        else:
            name = row.cells["factory"]
            problems.add(f"{path.name} line {row.number}, column 'factory'", f"= {name!r}: {nearest(name, sites)}")
    return kept


def _lines(path: Path, sites: Mapping[str, Line], parts: Parts[Any], problems: Problems) -> dict[str, tuple[Any, ...]]:
    """Return the lines of each factory in the order of their numbers."""
    found: dict[str, dict[str, Any]] = {name: {} for name in sites}
    for row in _owned(path, "line", sites, problems):
        line = _Place(path, row, problems).make(parts.line, _filled(row, "factory", "line"), "a line")
        found[row.cells["factory"]][row.cells["line"]] = line
    for name, lines in found.items():
        if sorted(lines) != sorted(map(str, range(len(lines)))) or not lines:
            problems.add(
                f"{path.name}, factory {name!r}", f"has lines {', '.join(sorted(lines)) or 'none'}: number them 0, 1, 2, …"
            )
    return {name: tuple(lines.get(str(k)) for k in range(len(lines))) for name, lines in found.items()}


def _end_uses(path: Path, sites: Mapping[str, Line], parts: Parts[Any], problems: Problems) -> dict[str, dict[str, Any]]:
    """Return the end uses of each factory by name."""
    found: dict[str, dict[str, Any]] = {name: {} for name in sites}
    rows = _owned(path, "end_use", sites, problems)
    known = {field.name for kind in parts.end_uses.values() for field in fields(kind)} | {"factory", "end_use", "type"}
    for column in sorted(set(rows[0].cells) - known - REMARKS) if rows else ():
        problems.add(f"{path.name} header, column {column!r}", f"is no parameter of any end use: {nearest(column, known)}")
    for row in rows:
        place, kind = _Place(path, row, problems), row.cells.get("type", "")
        if kind not in parts.end_uses:
            place.add("type", f"= {kind!r}: {nearest(kind, parts.end_uses)}")
            continue
        values = {key: text for key, text in _filled(row, "factory", "end_use", "type").items() if key in known}
        found[row.cells["factory"]][row.cells["end_use"]] = place.make(parts.end_uses[kind], values, f"a {kind}")
    for name, uses in found.items():
        if not uses:
            problems.add(f"{path.name}, factory {name!r}", "has no end use: give it at least one row")
    return found
