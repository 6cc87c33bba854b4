"""Which uncertain input matters: designs over any values of a configuration, simulated, and what their outputs say."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass as checked_dataclass

from ..engines import Compute
from ..errors import ConfigError, EipsimError, Problems, nearest
from ..kpis import KPIS, Outcome, paired_savings
from ..replication import units_of
from ..scenario import Scenario
from ..work import Progress, Unit, do_all, failures_of
from .designs import (
    FACTORIAL,
    LHS,
    MORRIS,
    RANDOM,
    SOBOL,
    TORNADO,
    factorial_points,
    independent_rows,
    latin_points,
    morris_points,
    sobol_points,
    tornado_points,
)
from .indices import Estimate, indices, spread
from .lost import standing
from .uncertain import Uncertain, values_at

Floats = NDArray[np.float64]
Lost = NDArray[np.bool_]
Build = Callable[[Mapping[str, Any]], Mapping[str, Scenario]]

UNITS_PER_WORKER, UNITS_PER_JOB = 8, 64
"""Units that are planned ahead for each worker of this computer, and for each of a cluster, where a round costs a wait."""

MOST_POINTS = 1_000_000
"""Points beyond which a design is taken for a mistake."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class SensitivitySettings:
    """What is varied, how, and what is looked at.

    Parameters
    ----------
    study : {"morris", "sobol", "lhs", "factorial", "tornado"}
        Screening, variance-based indices, rank regression on a Latin hypercube, all combinations of levels, one at a time.
    parameters : dict of str to Uncertain
        By a name of their own.
    outputs : tuple of str
        ``scenario.kpi``: of the baseline the KPI itself, of another scenario what it saves at equal production.
    replications, seed : int
        Of each point; all points share their seeds.
    baseline : str
        What savings are counted from.
    trajectories, levels : int
        Of morris.
    samples : int
        Of lhs; base samples of sobol, a power of 2.
    factorial_levels : int
        Of each parameter.
    tail_frac : float
        Probability beyond the two values that a tornado takes.
    resamples, confidence_frac : int, float
        Of bootstrap intervals.

    Raises
    ------
    pydantic.ValidationError
        If a number or a name makes no sense.
    """

    study: Literal["morris", "sobol", "lhs", "factorial", "tornado"]
    parameters: dict[Name, Uncertain]
    outputs: tuple[str, ...]
    replications: Annotated[int, Field(ge=1)] = 1
    seed: Annotated[int, Field(ge=0)] = 2022
    baseline: str = "baseline"
    trajectories: Annotated[int, Field(ge=2)] = 10
    levels: Annotated[int, Field(ge=2, multiple_of=2)] = 4
    samples: Annotated[int, Field(ge=4)] = 64
    factorial_levels: Annotated[int, Field(ge=2)] = 3
    tail_frac: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    resamples: Annotated[int, Field(ge=10)] = 1000
    confidence_frac: Annotated[float, Field(gt=0, lt=1)] = 0.95

    @model_validator(mode="after")
    def _check(self) -> SensitivitySettings:
        if not self.parameters or not self.outputs:
            raise ValueError("parameters and outputs must each be one or more")
        if self.study in (MORRIS, SOBOL) and len(self.parameters) < 2:
            raise ValueError(f"{self.study} needs two parameters or more")
        if self.study == SOBOL and self.samples & (self.samples - 1):
            raise ValueError(f"samples = {self.samples}: must be a power of 2 for sobol, for example 64")
        if self.study == LHS and self.samples < len(self.parameters) + 2:
            raise ValueError(f"samples = {self.samples}: must be two more than the parameters or more for a regression")
        if self.points > MOST_POINTS:
            raise ValueError(f"the design has {self.points:,} points: must be {MOST_POINTS:,} or fewer")
        for output in self.outputs:
            kpi = output.partition(".")[2]
            if kpi not in KPIS:
                raise ValueError(f"output {output!r} must be scenario.kpi: {nearest(kpi, KPIS)}")
        return self

    @property
    def points(self) -> int:
        """How many points the design has."""
        count = len(self.parameters)
        points = {
            MORRIS: self.trajectories * (count + 1),
            SOBOL: self.samples * (2 * count + 2),
            LHS: self.samples,
            FACTORIAL: self.factorial_levels**count,
            TORNADO: 1 + 2 * count,
        }
        return int(points[self.study])

    @property
    def scenarios(self) -> list[str]:
        """The scenarios that are simulated, the baseline first."""
        return list(dict.fromkeys([self.baseline, *(output.partition(".")[0] for output in self.outputs)]))

    def design(self) -> Floats:
        """Return the points in the unit cube, shape (points, parameters)."""
        count = len(self.parameters)
        designs: dict[str, Callable[[], Floats]] = {
            MORRIS: lambda: morris_points(count, self.trajectories, self.levels, self.seed),
            SOBOL: lambda: sobol_points(count, self.samples, self.seed),
            LHS: lambda: latin_points(count, self.samples, self.seed),
            FACTORIAL: lambda: factorial_points(count, self.factorial_levels),
            TORNADO: lambda: tornado_points(count, self.tail_frac),
        }
        return designs[self.study]()


class IndexRow(NamedTuple):
    """One row of ``indices.csv``: see docs/sensitivity.md for the indices."""

    output: str
    unit: str
    parameter: str
    statistic: str
    value: float
    low: float
    high: float


class SpreadRow(NamedTuple):
    """One row of ``spread.csv``: how much of an output's spread is ignorance, and how much chance."""

    output: str
    unit: str
    mean: float
    sd_parameters: float
    sd_chance: float
    sd_both: float
    points: int
    replications: int


@dataclass(frozen=True)
class Sensitivity:
    """What a study has found.

    Parameters
    ----------
    name : str
        Of its results.
    settings : SensitivitySettings
        What was asked.
    values : tuple of mapping
        The values of each point, by parameter.
    outputs : mapping of str to ndarray of shape (points, replications)
        By output [unit of the KPI].
    indices : tuple of IndexRow
        By output and parameter.
    spread : tuple of SpreadRow
        By output.
    lost : ndarray of bool of shape (points, replications), or None
        Where a run failed, so that outputs have no number.
    failed : tuple of mapping
        Why: ``run``, ``label``, ``message``, ….
    """

    name: str
    settings: SensitivitySettings
    values: tuple[Mapping[str, Any], ...]
    outputs: Mapping[str, Floats]
    indices: tuple[IndexRow, ...]
    spread: tuple[SpreadRow, ...]
    lost: Lost | None = None
    failed: tuple[Mapping[str, Any], ...] = ()

    def text(self) -> str:
        """Return ``points.csv``: every replication of every point, with its values and outputs, empty where a run failed."""
        file = StringIO(newline="")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["point", "replication", *self.settings.parameters, *self.outputs])
        for point, values in enumerate(self.values):
            for r in range(self.settings.replications):
                gone = self.lost is not None and self.lost[point, r]
                found = ("" if gone else f"{outputs[point, r]:.10g}" for outputs in self.outputs.values())
                writer.writerow([point, r, *map(_cell, values.values()), *found])
        return file.getvalue()


def _cell(value: object) -> object:
    return f"{value:.10g}" if isinstance(value, float) else value


def run_sensitivity(
    name: str, settings: SensitivitySettings, build: Build, *, folder: Path, compute: Compute | int, on_done: Progress
) -> Sensitivity:
    """Simulate a design point by point and work its indices out.

    Each point is as many scenarios × replications as its outputs need, stored like those of any experiment: what is there is
    read, and an interrupted study goes on where it stopped. Only outputs are kept in memory. Runs that fail, where that is to
    be gone on from, are left out as `lost.standing` says.

    Parameters
    ----------
    name : str
        Of its results.
    settings : SensitivitySettings
        What is asked.
    build : callable
        Returns the scenarios of a point from its values by parameter.
    folder : Path
        The folder of all results.
    compute : Compute or int
        Where; a number is that of processes of this computer.
    on_done : callable
        Called after each unit of work with (units done, units in all, label).

    Raises
    ------
    ConfigError
        If a value can't be used: the ends of every distribution are tried before anything is run.
    ResultsError
        If a run fails and that is to stop, or so many fail that the study has no answer.
    """
    compute = Compute(workers=compute) if isinstance(compute, int) else compute
    shares = settings.design()
    values = values_at(settings.parameters, shares)
    _try_ends(settings, build)
    outputs = {output: np.full((len(values), settings.replications), np.nan) for output in settings.outputs}
    lost, failed = np.zeros((len(values), settings.replications), dtype=bool), []
    units_of_point = len(settings.scenarios) * settings.replications
    at_once = max(1, _units_ahead(compute) // units_of_point)
    for first in range(0, len(values), at_once):
        points = range(first, min(first + at_once, len(values)))
        begun, units_in_all = first * units_of_point, len(values) * units_of_point

        def told(done: int, total: int, label: str, begun: int = begun, units_in_all: int = units_in_all) -> None:
            on_done(begun + done, units_in_all, label)

        units = [_units_of_point(settings, point, build(values[point])) for point in points]
        wanted = [unit for scenarios in units for own in scenarios.values() for unit in own]
        found = do_all(wanted, folder, compute, told)
        failed += [{"run": key} | why for key, why in failures_of(wanted, folder).items()]
        for point, scenarios in zip(points, units, strict=True):
            lost[point] = [any(own[r].key not in found for own in scenarios.values()) for r in range(settings.replications)]
            stands = ~lost[point]
            outcomes = {name: _outcomes(own, found, stands) for name, own in scenarios.items()}
            for output in settings.outputs if stands.any() else ():
                outputs[output][point, stands] = _output(output, outcomes, settings.baseline)
        on_done((points[-1] + 1) * units_of_point, units_in_all, f"point {points[-1] + 1} of {len(values)}")
    return concluded(name, settings, shares, values, outputs, lost=lost, failed=failed)


def _units_ahead(compute: Compute) -> int:
    here = compute.engine in ("here", "joblib")
    return compute.workers_here * (UNITS_PER_WORKER if here else UNITS_PER_JOB)


def concluded(
    name: str,
    settings: SensitivitySettings,
    shares: Floats,
    values: Sequence[Mapping[str, Any]],
    outputs: Mapping[str, Floats],
    *,
    lost: Lost | None = None,
    failed: Sequence[Mapping[str, Any]] = (),
) -> Sensitivity:
    """Work the indices and the spread of outputs out.

    Parameters
    ----------
    name : str
        Of the results.
    settings : SensitivitySettings
        What was asked.
    shares : ndarray of shape (points, parameters)
        The design in the unit cube.
    values : sequence of mapping
        The values of each point.
    outputs : mapping of str to ndarray of shape (points, replications)
        By output.
    lost : ndarray of bool of shape (points, replications), optional
        Where a run failed.
    failed : sequence of mapping
        Why.

    Raises
    ------
    ResultsError
        If too few runs stand.
    """
    names = list(settings.parameters)
    lost = np.zeros((len(shares), settings.replications), dtype=bool) if lost is None else lost
    points, replications = standing(settings.study, lost, len(names), failed)
    by = Estimate(settings.levels, settings.resamples, settings.confidence_frac, settings.seed)
    drawn = independent_rows(settings.study, len(points), len(names))
    rows, spreads = [], []
    for output, every in outputs.items():
        found = every[np.ix_(points, replications)]
        unit = KPIS[output.partition(".")[2]].unit
        rows += [
            IndexRow(output, unit if one.statistic in WITH_UNIT else "1", *one)
            for one in indices(settings.study, names, shares[points], found, by)
        ]
        parts = spread(found[drawn], drawn=settings.study in RANDOM)
        spreads.append(SpreadRow(output, unit, *parts, len(found), found.shape[1]))
    return Sensitivity(name, settings, tuple(values), outputs, tuple(rows), tuple(spreads), lost, tuple(failed))


WITH_UNIT = ("mu_star", "mu", "sigma", "at_low", "at_high")
"""Indices that have the unit of their output; the others are shares and coefficients."""


def _try_ends(settings: SensitivitySettings, build: Build) -> None:
    """Build the points in which one parameter is at an end and the others at their medians."""
    corners = values_at(settings.parameters, tornado_points(len(settings.parameters), 0.0))
    with Problems("The ends of the distributions", ConfigError) as problems:
        for point in corners:
            try:
                build(point)
            except EipsimError as error:
                problems.lines += [line.strip() for line in str(error).splitlines()[1:] if line.strip() not in problems.lines]


def _units_of_point(settings: SensitivitySettings, point: int, scenarios: Mapping[str, Scenario]) -> dict[str, list[Unit]]:
    common: dict[str, Any] = {"seed": settings.seed, "hours": None, "known": {}}
    replications = range(settings.replications)
    return {name: units_of(f"point {point}, {name}", one, replications, None, **common) for name, one in scenarios.items()}


def _outcomes(units: Sequence[Unit], found: Mapping[str, Mapping[str, Any]], stands: Lost) -> list[Outcome]:
    """Return the outcomes of the replications that stand."""
    return [Outcome.from_plain(found[unit.key]["outcome"]) for unit, kept in zip(units, stands, strict=True) if kept]


def _output(output: str, found: Mapping[str, Sequence[Outcome]], baseline: str) -> Floats:
    scenario, _, kpi = output.partition(".")
    if scenario == baseline:
        return np.array([outcome.value(kpi) for outcome in found[baseline]])
    adjusted, _ = paired_savings(KPIS[kpi], found[baseline], found[scenario])
    return np.asarray(adjusted, dtype=np.float64)
