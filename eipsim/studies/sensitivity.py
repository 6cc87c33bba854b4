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

from ..errors import ConfigError, EipsimError, Problems, nearest
from ..experiment import units_of
from ..kpis import KPIS, Outcome, paired_savings
from ..scenario import Scenario
from ..work import Progress, Unit, do_all
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
from .uncertain import Uncertain, values_at

Floats = NDArray[np.float64]
Build = Callable[[Mapping[str, Any]], Mapping[str, Scenario]]

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
    """

    name: str
    settings: SensitivitySettings
    values: tuple[Mapping[str, Any], ...]
    outputs: Mapping[str, Floats]
    indices: tuple[IndexRow, ...]
    spread: tuple[SpreadRow, ...]

    def text(self) -> str:
        """Return ``points.csv``: every replication of every point, with its values and outputs."""
        file = StringIO(newline="")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["point", "replication", *self.settings.parameters, *self.outputs])
        for point, values in enumerate(self.values):
            for r in range(self.settings.replications):
                found = (f"{outputs[point, r]:.10g}" for outputs in self.outputs.values())
                writer.writerow([point, r, *map(_cell, values.values()), *found])
        return file.getvalue()


def _cell(value: object) -> object:
    return f"{value:.10g}" if isinstance(value, float) else value


def run_sensitivity(
    name: str, settings: SensitivitySettings, build: Build, *, folder: Path, workers: int, on_done: Progress
) -> Sensitivity:
    """Simulate a design point by point and work its indices out.

    Each point is as many scenarios × replications as its outputs need, stored like those of any experiment: what is there is
    read, and an interrupted study goes on where it stopped. Only outputs are kept in memory.

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
    workers : int
        Processes.
    on_done : callable
        Called after each unit of work with (units done, units in all, label).

    Raises
    ------
    ConfigError
        If a value can't be used: the ends of every distribution are tried before anything is run.
    """
    shares = settings.design()
    values = values_at(settings.parameters, shares)
    _try_ends(settings, build)
    outputs = {output: np.zeros((len(values), settings.replications)) for output in settings.outputs}
    units_in_all = len(values) * len(settings.scenarios) * settings.replications
    at_once = max(1, 8 * workers // (len(settings.scenarios) * settings.replications))
    done = 0
    for first in range(0, len(values), at_once):
        points = range(first, min(first + at_once, len(values)))
        units = [_units_of_point(settings, point, build(values[point])) for point in points]
        for point, found in zip(points, _outcomes(units, folder, workers), strict=True):
            for output in settings.outputs:
                outputs[output][point] = _output(output, found, settings.baseline)
        done += len(points) * len(settings.scenarios) * settings.replications
        on_done(done, units_in_all, f"point {points[-1] + 1} of {len(values)}")
    return concluded(name, settings, shares, values, outputs)


def concluded(
    name: str, settings: SensitivitySettings, shares: Floats, values: Sequence[Mapping[str, Any]], outputs: Mapping[str, Floats]
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
    """
    names = list(settings.parameters)
    by = Estimate(settings.levels, settings.resamples, settings.confidence_frac, settings.seed)
    drawn = independent_rows(settings.study, len(shares), len(names))
    rows, spreads = [], []
    for output, found in outputs.items():
        unit = KPIS[output.partition(".")[2]].unit
        rows += [
            IndexRow(output, unit if one.statistic in WITH_UNIT else "1", *one)
            for one in indices(settings.study, names, shares, found, by)
        ]
        parts = spread(found[drawn], drawn=settings.study in RANDOM)
        spreads.append(SpreadRow(output, unit, *parts, len(found), found.shape[1]))
    return Sensitivity(name, settings, tuple(values), outputs, tuple(rows), tuple(spreads))


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


def _outcomes(points: Sequence[Mapping[str, Sequence[Unit]]], folder: Path, workers: int) -> list[dict[str, list[Outcome]]]:
    """Do the units of some points; return for each the outcomes of its scenarios, replication by replication."""
    wanted = [unit for scenarios in points for own in scenarios.values() for unit in own]
    found = do_all(wanted, folder, workers, lambda done, total, label: None)
    return [
        {name: [Outcome.from_plain(found[unit.key]["outcome"]) for unit in own] for name, own in scenarios.items()}
        for scenarios in points
    ]


def _output(output: str, found: Mapping[str, Sequence[Outcome]], baseline: str) -> Floats:
    scenario, _, kpi = output.partition(".")
    if scenario == baseline:
        return np.array([outcome.kpis[kpi] for outcome in found[baseline]])
    adjusted, _ = paired_savings(KPIS[kpi], found[baseline], found[scenario])
    return np.asarray(adjusted, dtype=np.float64)
