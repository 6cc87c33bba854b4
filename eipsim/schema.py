"""Turns a composed configuration into objects, and notes everything that is wrong with it, by key and value."""

from __future__ import annotations

import copy
import dataclasses
import json
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, TypeAdapter, ValidationError

from .errors import EipsimError, Problems, nearest
from .kpis import Selecting, Stopping
from .park_draw import FactoryTables, Tenants
from .run_in import run_in_problem

T = TypeVar("T")

SAVINGS, CALIBRATION, SENSITIVITY = "savings", "calibration", "sensitivity"
"""What an experiment can ask."""

Count = Annotated[StrictInt, Field(ge=1)]
Seed = Annotated[StrictInt, Field(ge=0)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def _whole_days(run_in_h: float) -> float:
    if problem := run_in_problem(run_in_h):
        raise ValueError(problem)
    return run_in_h


class Settings(BaseModel):
    """A part of a configuration: unknown keys are refused, nothing is changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CalendarSettings(Settings):
    """When people work.

    Parameters
    ----------
    shifts : tuple of (float, float)
        Start and end as hours of the day; the end may pass 24 [h].
    days_per_week : int
        5, 6 or 7.
    holidays : bool
        Whether public holidays and the Tet shutdown are kept.
    """

    shifts: tuple[tuple[float, float], ...]
    days_per_week: int
    holidays: bool


class WastewaterSettings(Settings):
    """What the wastewater of a park's factories carries, and where it goes.

    Parameters
    ----------
    loads : str
        Table of concentrations by factory or sector: name of a packaged one, or path of another.
    sewers : dict
        Place of a sewer by place of a feeder, for the sites that hang on it; the others keep theirs.
    reclaimed_frac : dict
        Share of the process water that a factory takes from the network of reclaimed water, by factory, 0-1.
    process_main : str
        Place of that network.
    """

    loads: str
    sewers: dict[str, str] = {}
    reclaimed_frac: dict[str, float] = {}
    process_main: str = "process_main"


class ParkSettings(Settings):
    """A park, as `configs/park/` writes it; `assembly.park` examines components and calendars one by one.

    Parameters
    ----------
    solar_kwp : float
        Modules of the operator on common roofs and land, at the substation's bus; curtailed where nobody takes it [kWp].
    """

    name: Name
    calendars: dict[str, Any]
    components: dict[str, Any]
    solar_kwp: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    factories: FactoryTables | None = None
    tenants: Tenants | None = None
    wastewater: WastewaterSettings | None = None
    measured_loads: dict[str, Path] = {}


class WeatherSettings(Settings):
    """Which weather a context has.

    Parameters
    ----------
    type : str or None
        ``mean_day``: every day of a month is its mean day. ``stochastic``: each replication draws its own year. ``file``: the
        hours of a file. None: the file if there is one, else the mean day.
    file : Path or None
        An EPW, TMY3, PVGIS or plain CSV file; see `readers.weather_file`.
    utc_offset_h : float or None
        The file's time less UTC, if not what it says itself [h].
    """

    type: Literal["mean_day", "stochastic", "file"] | None = None
    file: Path | None = None
    utc_offset_h: Annotated[float, Field(ge=-12, le=14)] | None = None


class ContextSettings(Settings):
    """Dates, prices, factors and weather, as `Context.at` takes them; see there."""

    name: Name
    date: date
    hours: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 8760.0
    step_h: float = 0.5
    grid_factor_year: int | None = None
    tou_schedule: str | None = None
    two_part_tariff: bool = False
    irradiance_frac: float = 0.9
    climate_table: Path | None = None
    latitude_deg: float
    longitude_deg: float
    weather: WeatherSettings = WeatherSettings()


class MeasuresSettings(Settings):
    """Which measures of a catalogue are applied.

    Parameters
    ----------
    catalogue : str or None
        A table beside `configs/measures/`, or a path; None for no measures.
    status : tuple of str
        Rows of these are taken.
    without : tuple of str
        Ids of rows that are left out.
    """

    catalogue: str | None
    status: tuple[Literal["implemented", "proposed"], ...] = ("implemented", "proposed")
    without: tuple[str, ...] = ()


class ScenarioSettings(Settings):
    """What one scenario of an experiment has of its own; park and context are those of the whole configuration unless given."""

    measures: Any
    park: Any = None
    context: Any = None


class ExperimentSettings(Settings):
    """An experiment: scenarios × replications under common random numbers.

    Parameters
    ----------
    name : str
        Of its results.
    type : str
        What is asked: ``savings`` of scenarios against a baseline, ``calibration`` of a catalogue, or ``sensitivity`` of
        outputs to uncertain values.
    scenarios : dict
        By name; savings are against ``baseline``.
    replications : int or "auto"
        Of each scenario; ``auto`` adds replications until ``stopping`` is met.
    stopping : Stopping
        Which difference must be known how well.
    selection : Selecting or None
        How the scenario that saves most is selected, if ``auto`` is for that.
    run_in_h : float
        Time that is simulated before the horizon starts and is not counted, in whole days [h].
    alone_replications : int
        Of the rounds that apply measures one by one; 0 leaves the alone sum out.
    seed : int
        Of the random numbers.
    record : tuple of str
        Patterns ``component.port`` of which series are kept, beside those that the figures need.
    reversed_basis : bool
        Whether the catalogue was calibrated with the published figures read on the other basis than their wording says.
    settings : dict
        What the type of experiment needs besides.
    sweep : dict
        Values that keys of the configuration take one after another, as lists by key: every combination is run.
    """

    name: Name
    type: Literal["savings", "calibration", "sensitivity"]
    replications: Count | Literal["auto"]
    seed: Seed
    scenarios: dict[Name, Any] = {}
    stopping: Stopping = Stopping()
    selection: Selecting | None = None
    run_in_h: Annotated[float, AfterValidator(_whole_days)] = 0.0
    alone_replications: Annotated[StrictInt, Field(ge=0)] = 1
    record: tuple[str, ...] = ()
    reversed_basis: bool = False
    settings: dict[str, Any] = {}
    sweep: dict[str, tuple[Any, ...]] = {}


class ComputeSettings(Settings):
    """Where it is computed; no number depends on it.

    Parameters
    ----------
    engine : str
        ``here`` is this process, ``joblib`` processes of this computer, ``ray`` a Ray cluster, ``submitit_local`` and
        ``submitit_slurm`` jobs.
    workers : int or "auto"
        How many runs at the same time; ``auto`` takes one per core, or per CPU of a Ray cluster.
    on_error : {"stop", "continue"}
        Whether a replication that fails ends everything, or is left out and named.
    address : str or None
        Of a Ray cluster; None starts one on this computer.
    job : dict
        Of submitit: ``timeout_min``, ``mem_gb``, ``slurm_partition``, ….
    """

    engine: Literal["here", "joblib", "ray", "submitit_local", "submitit_slurm"] = "joblib"
    workers: Count | Literal["auto"] = "auto"
    on_error: Literal["stop", "continue"] = "stop"
    address: str | None = None
    job: dict[str, Any] = {}


def made(kind: type[T], values: Any, where: str, problems: Problems) -> T | None:
    """Make an object from plain values, or note all that is wrong with them.

    Parameters
    ----------
    kind : type
        A pydantic model, a pydantic dataclass or a plain dataclass.
    values : object
        A mapping of its parameters.
    where : str
        Key of the values, for messages.
    problems : Problems
        Gets one line for each wrong value, missing or unknown key.

    Returns
    -------
    object or None
        Made from the known keys, so that more can be examined; None if their values don't allow it.
    """
    if not isinstance(values, Mapping):
        problems.add(where, f"= {values!r}: must be a mapping of keys to values")
        return None
    known = field_names(kind)
    for key in (key for key in values if key not in known):
        problems.add(_join(where, key), f"is unknown: {nearest(str(key), known)}")
    try:
        thing = TypeAdapter(kind).validate_python({key: value for key, value in values.items() if key in known})
    except ValidationError as error:
        found: dict[str, list[str]] = {}
        for problem in error.errors():
            place, message = _told(problem, kind, where)
            found.setdefault(place, []).append(message)
        for place, messages in found.items():
            for message in _alternatives(messages):
                problems.add(place, message)
        return None
    return thing


def made_by(maker: Callable[[], T], where: str, problems: Problems) -> T | None:
    """Return what a function makes, or note the error of ours that it raises, line by line."""
    try:
        return maker()
    except EipsimError as error:
        first, *others = str(error).splitlines()
        for line in others or [first]:
            problems.add(f"{where}:", line.strip())
        return None


def made_once(
    known: dict[str, Any], build: Callable[[Any, str, Problems], T], values: Any, where: str, problems: Problems
) -> T:
    """Return what was built from the same values before, or build it; what has a problem is built, and told, each time.

    Parameters
    ----------
    known : dict
        What was built before; is added to.
    build : callable
        Takes values, their key and problems.
    values, where, problems
        As in `made`.
    """
    key = f"{where.rsplit('.', 1)[-1]} {json.dumps(values, sort_keys=True, default=str)}"
    if key in known:
        return typing.cast(T, known[key])
    before = len(problems.lines)
    built = build(values, where, problems)
    if len(problems.lines) == before:
        known[key] = built
    return built


def leaves(values: Any, prefix: str = "") -> list[str]:
    """Return the dotted keys of all single values in nested mappings and lists."""
    inner = values.items() if isinstance(values, Mapping) else enumerate(values) if isinstance(values, list | tuple) else None
    if inner is None:
        return [prefix]
    return [leaf for key, one in inner for leaf in leaves(one, _join(prefix, key))]


def with_leaves(values: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested mappings and lists with other values at some dotted keys; what is given is left as it is."""
    copied: dict[str, Any] = copy.deepcopy(dict(values))
    for key, value in changed.items():
        *path, last = key.split(".")
        node: Any = copied
        for part in path:
            node = node[int(part) if isinstance(node, list) else part]
        node[int(last) if isinstance(node, list) else last] = value
    return copied


def field_names(kind: Any) -> list[str]:
    """Return the names of the parameters of a model, named tuple or dataclass."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return list(kind.model_fields)
    if isinstance(kind, type) and issubclass(kind, tuple):
        return list(getattr(kind, "_fields", ()))
    return [field.name for field in dataclasses.fields(kind) if field.init]


def _join(*parts: object) -> str:
    return ".".join(str(part) for part in parts if part != "")


def _told(problem: Any, kind: Any, where: str) -> tuple[str, str]:
    """Return place and message of one finding of pydantic."""
    loc = [part for part in problem["loc"] if not _is_tag(part)]
    place = _join(where, *loc)
    what = problem["type"]
    if what in ("missing", "missing_argument", "missing_keyword_only_argument"):
        return place, "is missing"
    if what in ("extra_forbidden", "unexpected_keyword_argument"):
        return place, f"is unknown: {nearest(str(loc[-1]), field_names(_kind_at(kind, loc[:-1])))}"
    if what in ("value_error", "assertion_error"):
        return place, f"= {_short(problem['input'])}: {problem['ctx']['error']}"
    if what == "string_pattern_mismatch" and problem["ctx"]["pattern"] == r"^[a-z][a-z0-9_]*$":
        return place, f"= {problem['input']!r}: must be a name of small letters, digits and _, with a letter first"
    message = problem["msg"].replace("Input should be", "must be")
    message = message.replace("a valid integer", "an integer").replace("a valid ", "a ")
    return place, f"= {_short(problem['input'])}: {message[0].lower()}{message[1:]}"


def _alternatives(messages: list[str]) -> list[str]:
    """Make one message of those of the branches of a union: ``must be an integer or 'auto'``."""
    first, *others = (message.partition(": must be ") for message in messages)
    if all(between and value == first[0] for value, between, _ in (first, *others)):
        return [" or ".join([messages[0], *(rest for _, _, rest in others)])]
    return messages


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _is_tag(part: object) -> bool:
    """Say whether pydantic added a part that names a branch of a union and not a key."""
    return isinstance(part, str) and (part.startswith(("literal[", "constrained-", "function-")) or part == "[key]")


def _kind_at(kind: Any, loc: Iterable[object]) -> Any:
    """Return the model, named tuple or dataclass that stands at a place inside another."""
    for part in loc:
        fields = getattr(kind, "__pydantic_fields__", {})
        kind = _inner(fields[part].annotation if part in fields else kind)
    return kind


def _inner(hint: Any) -> Any:
    """Return the first of these in a type such as ``dict[str, Line] | None``."""
    if _has_fields(hint):
        return hint
    return next((found for part in typing.get_args(hint) if _has_fields(found := _inner(part))), hint)


def _has_fields(kind: Any) -> bool:
    return isinstance(kind, type) and (
        issubclass(kind, BaseModel) or dataclasses.is_dataclass(kind) or hasattr(kind, "_fields")
    )
