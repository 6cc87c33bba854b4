"""Builds parks, contexts, scenarios and experiments from what a configuration says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from .components import COMPONENTS, Factory, Line
from .context import Context
from .end_uses import END_USES
from .errors import Problems, nearest
from .kernel.component import Component
from .park import Park
from .park_draw import FactoryTables, Tenants, build_park
from .readers.climate_table import read_climate_table
from .readers.holiday_table import read_holidays
from .schema import CalendarSettings, ContextSettings, ParkSettings, made, made_by
from .timebase import WorkCalendar


def park(values: Any, where: str, problems: Problems) -> Park | None:
    """Build a park: utilities by registered type, factories from tables, tenants drawn.

    Parameters
    ----------
    values : object
        What `configs/park/` says; see `ParkSettings`.
    where : str
        Key of the values, for messages.
    problems : Problems
        Gets every unknown type, key and value, and every wrong cell of a table.

    Returns
    -------
    Park or None
        None if anything was wrong.
    """
    before = len(problems.lines)
    settings = made(ParkSettings, values, where, problems)
    if settings is None:
        return None
    holidays = made_by(read_holidays, where, problems) or frozenset()
    calendars = {
        name: calendar(one, holidays, f"{where}.calendars.{name}", problems) for name, one in settings.calendars.items()
    }
    components = {name: component(one, f"{where}.components.{name}", problems) for name, one in settings.components.items()}
    if len(problems.lines) > before:
        return None
    tables, tenants = settings.factories, settings.tenants
    return made_by(
        lambda: build_park(
            settings.name,
            {name: one for name, one in components.items() if one is not None},
            {name: one for name, one in calendars.items() if one is not None},
            tables and FactoryTables(_table(tables.factories), _table(tables.lines), _table(tables.end_uses)),
            tenants and Tenants(_table(tenants.table), tenants.seed, tenants.crews),
        ),
        where,
        problems,
    )


def calendar(values: Any, holidays: frozenset[date], where: str, problems: Problems) -> WorkCalendar | None:
    """Make a working calendar; ``holidays: true`` keeps the public ones."""
    settings = made(CalendarSettings, values, where, problems)
    if settings is None:
        return None
    given = {"shifts": settings.shifts, "days_per_week": settings.days_per_week}
    return made(WorkCalendar, given | {"holidays": holidays if settings.holidays else frozenset()}, where, problems)


def component(values: Mapping[str, Any], where: str, problems: Problems) -> Component | None:
    """Make a component from the type that it names and its parameters, or note what is wrong."""
    kind, parameters = _registered(COMPONENTS, values, where, problems)
    if kind is Factory:
        lines, uses = parameters.get("lines", ()), parameters.get("end_uses", {})
        if isinstance(lines, list | tuple):
            parameters["lines"] = tuple(made(Line, line, f"{where}.lines.{k}", problems) for k, line in enumerate(lines))
        if isinstance(uses, Mapping):
            parameters["end_uses"] = {name: _end_use(use, f"{where}.end_uses.{name}", problems) for name, use in uses.items()}
    return made(kind, parameters, where, problems) if kind else None


def _end_use(values: Any, where: str, problems: Problems) -> Any:
    kind, parameters = _registered(END_USES, values, where, problems)
    return made(kind, parameters, where, problems) if kind else None


def _registered(
    registry: Mapping[str, type[Any]], values: Any, where: str, problems: Problems
) -> tuple[type[Any] | None, dict[str, Any]]:
    """Return the class that ``type`` names, and the other values."""
    if not isinstance(values, Mapping):
        problems.add(where, f"= {values!r}: must be a mapping with a type")
        return None, {}
    parameters = {str(key): value for key, value in values.items()}
    name = parameters.pop("type", None)
    if name is None:
        problems.add(where, f"has no type: {nearest('', registry)}")
    elif name not in registry:
        problems.add(f"{where}.type", f"= {name!r}: {nearest(str(name), registry)}")
    return registry.get(str(name)), parameters


def _table(name: str | Path) -> str | Path:
    """Return a path if that is what was written: with a folder, or of a file that is here; else a packaged table's name."""
    path = Path(name)
    return path if len(path.parts) > 1 or path.is_file() else name


def context(values: Any, where: str, problems: Problems) -> Context | None:
    """Build the context in force on a day, or note what is wrong."""
    settings = made(ContextSettings, values, where, problems)
    if settings is None:
        return None
    given, table = settings.model_dump(exclude={"name", "climate_table"}), settings.climate_table

    def build() -> Context:
        return Context.at(**given, climate_table=read_climate_table(table) if table else None)

    return made_by(build, where, problems)
