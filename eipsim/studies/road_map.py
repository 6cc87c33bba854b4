"""A road map: which measure comes into force on which day, what stands still for it, and what is left of it later."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple

from pydantic import ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass as checked_dataclass

from ..errors import CatalogueError, ConfigError, Problems
from ..kernel.streams import Stream
from ..measures.base import Measure
from ..park import Park
from ..readers.measure_persistence_table import MeasurePersistence
from ..readers.tables import packaged, read_lines
from ..run_in import run_in_problem
from .persistence import persistence_of

DAY_H = 24.0
WEEK_D, YEAR_D = 7, 365.25
MONDAY, THURSDAY = 0, 3

LAWS = ("evn_manufacturing_tou_tariff.csv", "evn_tou_windows.csv", "rooftop_solar_regimes.csv")
"""Tables whose rows change what is paid from a day on."""


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class RoadMapSettings:
    """What is rolled out, in which order, and how it is simulated.

    Parameters
    ----------
    standing, scenario : str
        Scenario with the measures that stand at the start, and the one with all that stand at the end.
    start : date
        First day; the horizon of the context is not used.
    years_count : int
        Calendar years that are simulated.
    rollout_years_count : int
        Years over which measures come into force.
    waves_per_yr_count : {1, 2, 3, 4, 6, 12}
        Times a year at which measures come into force.
    install_on : {"sunday", "working_day"}
        Whether works end on the eve of a Monday, or on that of a Thursday.
    order : {"payback", "npv"}
        What comes first: the shortest payback, or the greatest net present value.
    savings : {"alone", "desk"}
        What the order, and the years after the simulated ones, go by.
    downtime : bool
        Whether lines stand still while something is installed.
    persistence : bool
        Whether measures decay and may fail at first.
    mended_after_yr : int
        Years after which a measure that failed at first works [yr].
    renewed : bool
        Whether a measure is paid again at the end of its life, within the simulated years, or ends.
    grid_factor_by_date : bool
        Whether emissions of electricity follow the newest factor of each year, or stay those of the context.
    run_in_h : float
        Days before each segment that are simulated and not counted [h].
    rate_frac : float or None
        Discount rate a year [1]; None for that of ``finance_vn.csv``.

    Raises
    ------
    pydantic.ValidationError
        If a number makes no sense, or the roll-out is longer than what is simulated.
    """

    standing: str = "implemented_60"
    scenario: str = "all_159"
    start: dt.date = dt.date(2022, 1, 1)
    years_count: Annotated[int, Field(ge=1, le=30)] = 6
    rollout_years_count: Annotated[int, Field(ge=1, le=30)] = 5
    waves_per_yr_count: Literal[1, 2, 3, 4, 6, 12] = 4
    install_on: Literal["sunday", "working_day"] = "sunday"
    order: Literal["payback", "npv"] = "payback"
    savings: Literal["alone", "desk"] = "alone"
    downtime: bool = True
    persistence: bool = True
    mended_after_yr: Annotated[int, Field(ge=1)] = 1
    renewed: bool = True
    grid_factor_by_date: bool = True
    run_in_h: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 168.0
    rate_frac: Annotated[float, Field(gt=0, lt=1)] | None = None

    @model_validator(mode="after")
    def _check(self) -> RoadMapSettings:
        if (self.start.month, self.start.day) != (1, 1):
            raise ValueError(f"start = {self.start}: must be the first of January of a year")
        if self.rollout_years_count > self.years_count:
            raise ValueError(
                f"rollout_years_count = {self.rollout_years_count}: must be at most years_count = {self.years_count}"
            )
        if problem := run_in_problem(self.run_in_h):
            raise ValueError(f"run_in_h = {self.run_in_h:g} h: {problem}")
        return self

    @property
    def end(self) -> dt.date:
        """The day after the last simulated one."""
        return self.start.replace(year=self.start.year + self.years_count)


class Step(NamedTuple):
    """One measure on the way.

    Parameters
    ----------
    measure : Measure
        As the catalogue has it, without downtime.
    ordered, in_force : date
        When it is paid, and the first day on which it works.
    installation_downtime_h : float
        Hours before that for which all lines of its factory stand still [h].
    decay_frac_per_yr, commissioning_failure_frac : float
        See `MeasurePersistence`; 0 without persistence.
    """

    measure: Measure
    ordered: dt.date
    in_force: dt.date
    installation_downtime_h: float
    decay_frac_per_yr: float
    commissioning_failure_frac: float


class Segment(NamedTuple):
    """A stretch of days with one law and one set of measures; ``end`` is not in it."""

    start: dt.date
    end: dt.date

    @property
    def hours(self) -> float:
        """Length [h]."""
        return (self.end - self.start).days * DAY_H


def waves(settings: RoadMapSettings) -> list[dt.date]:
    """Return the days on which measures come into force: in each stretch of a year the first Monday or Thursday but for day 1.

    Examples
    --------
    >>> waves(RoadMapSettings(rollout_years_count=1, waves_per_yr_count=2))
    [datetime.date(2022, 7, 4), datetime.date(2023, 1, 2)]
    """
    months = 12 // settings.waves_per_yr_count
    day_of_week = MONDAY if settings.install_on == "sunday" else THURSDAY
    found = []
    for k in range(1, settings.rollout_years_count * settings.waves_per_yr_count + 1):
        years, month = divmod(k * months, 12)
        first = dt.date(settings.start.year + years, month + 1, 1)
        found.append(first + dt.timedelta(days=(day_of_week - first.weekday()) % 7))
    return [day for day in found if day < settings.end]


def steps_of(
    ordered: Sequence[Measure], settings: RoadMapSettings, persistence: Mapping[str, MeasurePersistence]
) -> list[Step]:
    """Return when each measure comes into force: as many in each wave, none before its lead time and its works are over.

    Parameters
    ----------
    ordered : sequence of Measure
        What comes first stands first.
    settings : RoadMapSettings
        Waves, and whether there is downtime and persistence.
    persistence : mapping of str to MeasurePersistence
        By type; what a row says itself goes before that of its type.

    Raises
    ------
    ConfigError
        If there is nothing to roll out or no wave, a type is not in the table, or a lead time is longer than the roll-out.
    """
    days = waves(settings)
    found = []
    with Problems("Road map", ConfigError) as problems:
        if not ordered:
            problems.add(
                "scenario", f"{settings.scenario} has no measure that {settings.standing} has not: nothing to roll out"
            )
        if not days:
            problems.add("waves_per_yr_count", f"= {settings.waves_per_yr_count}: no wave lies within the simulated years")
        for place, one in enumerate(ordered if days else ()):
            try:
                kept = persistence_of(one, persistence)
            except CatalogueError as error:
                problems.lines.append(str(error))
                continue
            own_h = kept.installation_downtime_h if settings.downtime else 0.0
            earliest = settings.start + dt.timedelta(days=math.ceil(max(one.lead_time_d, own_h / DAY_H)))
            free = [day for day in days[place * len(days) // len(ordered) :] if day >= earliest]
            if not free:
                problems.add(
                    f"row {one.id}, column lead_time_d", f"= {one.lead_time_d:g} d: ends after the last wave, {days[-1]}"
                )
                continue
            decay, failure = (kept.decay_frac_per_yr, kept.commissioning_failure_frac) if settings.persistence else (0.0, 0.0)
            bought = free[0] - dt.timedelta(days=math.ceil(one.lead_time_d))
            found.append(Step(replace(one, installation_downtime_h=0.0), bought, free[0], own_h, decay, failure))
    return found


def law_dates() -> set[dt.date]:
    """Return the days from which another price, tariff hour or solar rule is in force."""
    return {dt.date.fromisoformat(line.cells["effective_from"]) for name in LAWS for line in read_lines(packaged(name))}


def segments_of(settings: RoadMapSettings, steps: Iterable[Step]) -> list[Segment]:
    """Return the stretches between measures that come into force, changes of law and new years."""
    years = {settings.start.replace(year=settings.start.year + k) for k in range(settings.years_count + 1)}
    cuts = {one.in_force for one in steps} | law_dates()
    if settings.persistence or not settings.renewed:
        cuts |= set(waves(replace(settings, rollout_years_count=settings.years_count)))
    inside = sorted(years | {day for day in cuts if settings.start < day < settings.end})
    return [Segment(*ends) for ends in pairwise(inside)]


def age_yr(step: Step, day: dt.date) -> int:
    """Return how many years, to within a week, a measure has been in force on a day; -1 before [yr]."""
    days = (day - step.in_force).days
    return math.floor((days + WEEK_D) / YEAR_D) if days >= 0 else -1


def renewals(step: Step, settings: RoadMapSettings) -> int:
    """Return how many times a measure is paid again within the simulated years; lives count in whole years, rounded up."""
    last = age_yr(step, settings.end - dt.timedelta(days=1))
    return max(0, last) // math.ceil(step.measure.life_yr) if settings.renewed else 0


def effect_frac(step: Step, day: dt.date, settings: RoadMapSettings, *, failed: bool) -> float:
    """Return what is left of a measure on a day, 0-1.

    (1 − decay)^age with the age since it came into force or was last renewed; 0 before, after its last life, and in the
    first years of one that failed.
    """
    age, life = age_yr(step, day), math.ceil(step.measure.life_yr)
    if age < (settings.mended_after_yr if failed else 0) or age >= life * (1 + renewals(step, settings)):
        return 0.0
    return float((1.0 - step.decay_frac_per_yr) ** (age % life))


def failed_at_first(steps: Iterable[Step], seed: int, replication: int) -> frozenset[str]:
    """Return the ids of measures that fail at first in a replication; each has its own stream."""
    return frozenset(
        one.measure.id
        for one in steps
        if Stream(seed, replication, "road map", one.measure.id).uniform() < one.commissioning_failure_frac
    )


def active(steps: Iterable[Step], day: dt.date, settings: RoadMapSettings, failed: frozenset[str]) -> list[Measure]:
    """Return the measures of a road map that work on a day, at the size that is left of them."""
    found = []
    for one in steps:
        left = effect_frac(one, day, settings, failed=one.measure.id in failed)
        if left > 0:
            found.append(one.measure if left == 1.0 else one.measure.resized(one.measure.size * left))
    return found


def stops_of(steps: Iterable[Step], start: dt.date) -> dict[str, list[tuple[float, float]]]:
    """Return when the lines of each factory stand still, in hours since the start; works of one wave come one after another.

    Parameters
    ----------
    steps : iterable of Step
        The road map.
    start : date
        Hour 0.
    """
    found: dict[str, list[tuple[float, float]]] = {}
    works: dict[tuple[str, dt.date], float] = {}
    for one in steps:
        key = one.measure.factory, one.in_force
        works[key] = works.get(key, 0.0) + one.installation_downtime_h
    for (factory, day), hours in sorted(works.items()):
        end_h = (day - start).days * DAY_H
        if hours > 0:
            found.setdefault(factory, []).append((max(0.0, end_h - hours), end_h))
    return found


def with_stops(
    park: Park, stops: Mapping[str, Sequence[tuple[float, float]]], segment: Segment, start: dt.date, run_in_h: float
) -> Park:
    """Return the park of a segment, whose lines stand still when they do on the road map, run-in included.

    Parameters
    ----------
    park : Park
        Its own planned stops count from the start of the road map.
    stops : mapping of str to sequence of (float, float)
        By factory, hours since the start.
    segment : Segment
        Which.
    start : date
        Of the road map.
    run_in_h : float
        Before the segment [h].
    """
    first = (segment.start - start).days * DAY_H - run_in_h
    length = run_in_h + segment.hours
    for name, factory in park.factories().items():
        every = [*factory.planned_stops_h, *stops.get(name, ())]
        shifted = [(max(0.0, stop - first), min(length, end - first)) for stop, end in every]
        inside = tuple((stop, end) for stop, end in shifted if stop < end)
        if inside != factory.planned_stops_h:
            park = park.replace(name, planned_stops_h=inside)
    return park
