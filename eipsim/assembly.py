"""Builds parks, contexts, scenarios and experiments from what a configuration says."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from .components import COMPONENTS, Factory, Line, SolarArray, Substation
from .context import Context
from .end_uses import END_USES
from .engines import Compute
from .errors import Problems, nearest
from .kernel.component import Component
from .measures import SupplierMeasure
from .measures.base import Measure
from .measures.catalogue import check_catalogue, load_catalogue
from .park import Park, site_parents
from .park_draw import FactoryTables, Tenants, build_park
from .park_loads import with_loads, with_reclaimed_water, with_sewers, with_waste_following_water
from .park_networks import with_served
from .readers.climate_table import read_climate_table
from .readers.holiday_table import read_holidays
from .readers.load_profile import read_load_profile
from .readers.load_table import read_wastewater_strengths
from .readers.tables import packaged
from .readers.weather_file import read_weather
from .scenario import Scenario
from .schema import (
    SAVINGS,
    CalendarSettings,
    ComputeSettings,
    ContextSettings,
    ExperimentSettings,
    MeasuresSettings,
    ParkSettings,
    ScenarioSettings,
    WastewaterSettings,
)
from .timebase import WorkCalendar
from .validation import made, made_by, made_once


class Plan(NamedTuple):
    """What was asked for, ready to run.

    Parameters
    ----------
    settings : ExperimentSettings
        Name, type, seed, replications.
    park : Park
        Without measures.
    context : Context
        Of the whole configuration.
    scenarios : dict of str to Scenario
        By name, in the order of the configuration.
    workers : int or None
        Processes; None for one per core.
    values : dict
        The configuration that all this was made from.
    compute : Compute
        Engine, workers, and what happens if a run fails.
    """

    settings: ExperimentSettings
    park: Park
    context: Context
    scenarios: dict[str, Scenario]
    workers: int | None
    values: dict[str, Any]
    compute: Compute = Compute()


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
    feeders: dict[str, str] = {}
    components = {
        name: component(one, f"{where}.components.{name}", problems, feeders) for name, one in settings.components.items()
    }
    measured = {
        name: made_by(partial(read_load_profile, path), f"{where}.measured_loads.{name}", problems)
        for name, path in settings.measured_loads.items()
    }
    if settings.solar_kwp:
        components["solar_park"] = _solar_park(settings.solar_kwp, components, f"{where}.solar_kwp", problems)
    if len(problems.lines) > before:
        return None
    tables, tenants = settings.factories, settings.tenants
    built = made_by(
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
    joined = {up: place for site, feeder in feeders.items() for up, place in site_parents(site, feeder).items()}
    loads = {name: load for name, load in measured.items() if load is not None}
    joined_park = built and dataclasses.replace(built, parents={**built.parents, **joined}, measured_loads=loads)
    wastewater = settings.wastewater
    if joined_park is not None and wastewater is not None:
        joined_park = made_by(partial(_with_wastewater, joined_park, wastewater), f"{where}.wastewater", problems)
    for carrier, served in settings.served.items():
        if joined_park is not None:
            join = partial(with_served, joined_park, carrier, served.place, served.end_uses)
            joined_park = made_by(join, f"{where}.served.{carrier}", problems)
    return joined_park


def _with_wastewater(park: Park, settings: WastewaterSettings) -> Park:
    """Give wastewater its loads and sewers, and factories reclaimed water."""
    table = _table(settings.loads)
    park = with_loads(park, read_wastewater_strengths(table if isinstance(table, Path) else packaged(table)))
    park = with_waste_following_water(park) if settings.follows_water else park
    park = with_sewers(park, settings.sewers)
    return with_reclaimed_water(park, settings.reclaimed_frac, settings.process_main)


def _solar_park(
    peak_kw: float, components: Mapping[str, Component | None], where: str, problems: Problems
) -> SolarArray | None:
    """Return modules of the operator, which stand where the substation feeds the park."""
    places = sorted(one.place for one in components.values() if isinstance(one, Substation))
    if len(places) != 1:
        problems.add(where, f"= {peak_kw:g}: the park must have one substation, and has {len(places)}")
    if "solar_park" in components:
        problems.add(where, f"= {peak_kw:g}: the park has a component solar_park already: leave one of them out")
    return SolarArray(place=places[0], peak_kw=peak_kw) if places else None


def calendar(values: Any, holidays: frozenset[date], where: str, problems: Problems) -> WorkCalendar | None:
    """Make a working calendar; ``holidays: true`` keeps the public ones."""
    settings = made(CalendarSettings, values, where, problems)
    if settings is None:
        return None
    given = {"shifts": settings.shifts, "days_per_week": settings.days_per_week}
    return made(WorkCalendar, given | {"holidays": holidays if settings.holidays else frozenset()}, where, problems)


def component(values: Any, where: str, problems: Problems, feeders: dict[str, str]) -> Component | None:
    """Make a component from the type that it names and its parameters, or note what is wrong.

    Parameters
    ----------
    values : object
        A mapping with ``type``; a factory also names the ``feeder`` that its site hangs on, as in the tables.
    where : str
        Key of the values, for messages.
    problems : Problems
        Gets unknown types, keys and wrong values.
    feeders : dict of str to str
        Gets the feeder of each factory's place.
    """
    kind, parameters = _registered(COMPONENTS, values, where, problems)
    if kind is Factory:
        feeders[str(parameters.get("place", ""))] = str(parameters.pop("feeder", ""))
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
    given, table = settings.model_dump(exclude={"name", "climate_table", "weather"}), settings.climate_table
    weather, at = settings.weather, (settings.latitude_deg, settings.longitude_deg)
    if weather.type not in ((None, "file") if weather.file else (None, "mean_day", "stochastic")):
        remedy = "leave one of them out" if weather.file else "give the file"
        problems.add(f"{where}.weather.type", f"= {weather.type!r} does not go with weather.file = {weather.file}: {remedy}")
        return None

    def build() -> Context:
        hours = read_weather(weather.file, *at, weather.utc_offset_h) if weather.file else None
        climate = read_climate_table(table) if table else None
        is_drawn = weather.type == "stochastic"
        return Context.at(**given, climate_table=climate, weather=hours, stochastic=is_drawn, storm=weather.storm)

    return made_by(build, where, problems)


def measures(values: Any, folder: Path, where: str, problems: Problems) -> tuple[Measure, ...]:
    """Read the measures that a scenario takes from a catalogue.

    Parameters
    ----------
    values : object
        What `configs/measures/` says; see `MeasuresSettings`.
    folder : Path
        Where a catalogue stands that is named without a folder, unless it is in the present one.
    where : str
        Key of the values, for messages.
    problems : Problems
        Gets every row that is no measure, and every id of ``without`` that is not there.
    """
    settings = made(MeasuresSettings, values, where, problems)
    if settings is None or settings.catalogue is None:
        return ()
    path = Path(settings.catalogue)
    if len(path.parts) == 1 and not path.is_file():
        path = folder / path
    rows = made_by(lambda: load_catalogue(path), f"{where}.catalogue", problems) or ()
    ids = [row.id for row in rows]
    for name in settings.without:
        if name not in ids:
            problems.add(f"{where}.without", f"= {name!r} is no measure of {path.name}: {nearest(name, ids)}")
    return tuple(row for row in rows if row.status in settings.status and row.id not in settings.without)


def plan(values: Mapping[str, Any], configs: Path, problems: Problems, known: dict[str, Any] | None = None) -> Plan | None:
    """Build everything that a composed configuration names.

    Parameters
    ----------
    values : mapping
        What `configs/config.yaml` composes, as plain dicts.
    configs : Path
        The folder of the configurations.
    problems : Problems
        Gets everything that is wrong.
    known : dict, optional
        Parks, contexts and catalogues that other configurations of a sweep have built, and what has been checked; is
        added to.

    Returns
    -------
    Plan or None
        None if anything was wrong.
    """
    known = {} if known is None else known
    parts = ("park", "context", "experiment", "compute")
    for key in (key for key in values if key not in parts):
        problems.add(str(key), f"is unknown: {nearest(str(key), parts)}")
    settings = made(ExperimentSettings, values.get("experiment"), "experiment", problems)
    compute = made(ComputeSettings, values.get("compute"), "compute", problems)
    whole_park = made_once(known, park, values.get("park"), "park", problems)
    whole_context = made_once(known, context, values.get("context"), "context", problems)
    catalogue = partial(_measures_in, configs / "measures")
    scenarios = {}
    for name, one in (settings.scenarios if settings else {}).items():
        where = f"experiment.scenarios.{name}"
        made_one = made(ScenarioSettings, one, where, problems)
        if made_one is None:
            continue
        own_park = whole_park if made_one.park is None else made_once(known, park, made_one.park, f"{where}.park", problems)
        own_context = whole_context
        if made_one.context is not None:
            own_context = made_once(known, context, made_one.context, f"{where}.context", problems)
        rows = made_once(known, catalogue, made_one.measures, f"{where}.measures", problems)
        if own_park and own_context:
            scenarios[name] = Scenario(name, own_park, own_context, rows, run_in_h=settings.run_in_h if settings else 0.0)
            checked, before = f"checked {id(own_park)} {id(own_context)} {id(rows)}", len(problems.lines)
            if checked not in known:
                _check(scenarios[name], where, problems)
                known |= {checked: (own_park, own_context, rows)} if len(problems.lines) == before else {}
    if settings and settings.type != SAVINGS:
        _refuse_suppliers(scenarios, settings.type, problems)
    if problems.lines or not (settings and compute and whole_park and whole_context):
        return None
    workers = None if compute.workers == "auto" else compute.workers
    own = {"address": compute.address} if compute.engine == "ray" else compute.job
    where_done = Compute(compute.engine, workers, compute.on_error, own)
    return Plan(settings, whole_park, whole_context, scenarios, workers, dict(values), where_done)


def _refuse_suppliers(scenarios: Mapping[str, Scenario], question: str, problems: Problems) -> None:
    """Note measures on suppliers of the park where it is asked what single factories save or decide."""
    for name, scenario in scenarios.items():
        ids = sorted(one.id for one in scenario.measures if isinstance(one, SupplierMeasure))
        if ids:
            remedy = f"leave them out with measures.without=[{','.join(ids)}], or ask experiment.type={SAVINGS}"
            where = f"experiment.scenarios.{name}.measures"
            problems.add(where, f"has {len(ids)} on suppliers of the park, and {question} asks factory by factory: {remedy}")


def _measures_in(folder: Path, values: Any, where: str, problems: Problems) -> tuple[Measure, ...]:
    return measures(values, folder, where, problems)


def _check(scenario: Scenario, where: str, problems: Problems) -> None:
    """Note every measure that can't be applied; if there is none, everything that would keep the park from running."""
    before = len(problems.lines)
    made_by(lambda: check_catalogue(scenario.measures, scenario.park), f"{where}.measures", problems)
    if len(problems.lines) == before:
        made_by(scenario.build, where, problems)
