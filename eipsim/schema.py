"""Turns a composed configuration into objects, and notes everything that is wrong with it, by key and value."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt

from .design_storm import DesignStorm
from .kpis import Selecting, Stopping
from .park_draw import FactoryTables, Tenants
from .run_in import run_in_problem

SAVINGS, CALIBRATION, SENSITIVITY = "savings", "calibration", "sensitivity"
ADOPTION, CHOICE, ROAD_MAP = "adoption", "choice", "road_map"
ATTRIBUTION, WATERFALL = "attribution", "waterfall"
ENSEMBLE = "ensemble"
"""What an experiment can ask."""

Day = date
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
    follows_water : bool
        Whether wastewater shrinks with the water that a shortage leaves.
    """

    loads: str
    follows_water: bool = False
    sewers: dict[str, str] = {}
    reclaimed_frac: dict[str, float] = {}
    process_main: str = "process_main"


class ServedSettings(Settings):
    """End uses that a network serves.

    Parameters
    ----------
    place : str
        Of the network: the place of its supplier.
    end_uses : dict
        Names of end uses by factory.
    """

    place: str
    end_uses: dict[str, str | tuple[str, ...]]


class ParkSettings(Settings):
    """A park, as `configs/park/` writes it; `assembly.park` examines components and calendars one by one.

    Parameters
    ----------
    solar_kwp : float
        Modules of the operator on common roofs and land, at the substation's bus; curtailed where nobody takes it [kWp].
    served : dict
        By carrier (``steam``, ``compressed_air``, ``chilled_water``), end uses that draw from a network.
    """

    name: Name
    calendars: dict[str, Any]
    components: dict[str, Any]
    solar_kwp: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    factories: FactoryTables | None = None
    tenants: Tenants | None = None
    wastewater: WastewaterSettings | None = None
    served: dict[Literal["steam", "compressed_air", "chilled_water"], ServedSettings] = {}
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
    storm : DesignStorm or None
        A storm on top of all other rain; see there.
    """

    type: Literal["mean_day", "stochastic", "file"] | None = None
    file: Path | None = None
    utc_offset_h: Annotated[float, Field(ge=-12, le=14)] | None = None
    storm: DesignStorm | None = None


class ContextSettings(Settings):
    """Dates, prices, factors and weather, as `Context.at` takes them; see there."""

    name: Name
    date: date
    starts: Day | None = None
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
        What is asked: ``savings`` of scenarios against a baseline, ``calibration`` of a catalogue, ``sensitivity`` of
        outputs to uncertain values, ``adoption`` by firms, the ``choice`` of what comes next, a ``road_map`` over years,
        ``attribution`` of a saving to measures, an ``ensemble`` of catalogues, or a ``waterfall`` from desk figures to meters.
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
    type: Literal[
        "savings", "calibration", "sensitivity", "adoption", "choice", "road_map", "attribution", "ensemble", "waterfall"
    ]
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
