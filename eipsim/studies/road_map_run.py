"""Simulates a road map segment by segment, beside the same park frozen at the start, and says what it pays."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..context import Context
from ..engines import Compute
from ..errors import ConfigError, ResultsError
from ..kpis import KPIS, Outcome, interval_of, paired_savings
from ..measures.base import Measure
from ..physics.finance import net_present_value_vnd, simple_payback_yr
from ..readers.measure_persistence_table import MeasurePersistence, read_measure_persistence
from ..replication import Unit, units_of
from ..scenario import Scenario
from ..work import Progress, do_all
from .alone import Saved, alone_by_measure, desk_by_measure
from .economics import SAVED, read_rates
from .road_map import (
    RoadMapSettings,
    Segment,
    Step,
    active,
    effect_frac,
    failed_at_first,
    renewals,
    segments_of,
    steps_of,
    stops_of,
    with_stops,
)

MONEY, MARGIN = SAVED[3], "lost_margin_assessed_vnd"

SHOWN = (*SAVED, "lpg_assessed_t", MARGIN)
"""KPIs of which yearly savings are told; the margin's is what is lost less, so it is below 0."""


class YearRow(NamedTuple):
    """What one calendar year saves of one KPI against the frozen park, at equal production.

    Parameters
    ----------
    year : int
        Calendar year.
    kpi, unit : str
        What.
    saving, low, high : float
        Mean over replications, and its 95 % interval (chance only) [unit].
    """

    year: int
    kpi: str
    unit: str
    saving: float
    low: float
    high: float


class CashRow(NamedTuple):
    """Cash flow of one calendar year [VND].

    Parameters
    ----------
    year : int
        Calendar year.
    is_simulated : bool
        Whether it was simulated; later years follow the last simulated one.
    working_count : int
        Measures of the road map that stand at its end.
    capital_vnd, saving_vnd, upkeep_vnd, margin_vnd : float
        Paid when ordered and renewed; money saved at the meters; upkeep; margin lost with production more than in the frozen
        park.
    net_vnd, cumulative_vnd, discounted_vnd : float
        Saving less the others; summed up; summed up at the discount rate, first year not discounted.
    """

    year: int
    is_simulated: bool
    working_count: int
    capital_vnd: float
    saving_vnd: float
    upkeep_vnd: float
    margin_vnd: float
    net_vnd: float
    cumulative_vnd: float
    discounted_vnd: float


@dataclass(frozen=True)
class RoadMap:
    """What a road map comes to.

    Parameters
    ----------
    steps : tuple of Step
        In the order in which measures come into force.
    segments : tuple of Segment
        That were simulated.
    years : tuple of YearRow
        By year and KPI.
    cash : tuple of CashRow
        To the end of the last life.
    rate_frac : float
        Discount rate [1].
    replications : int
        How many.
    """

    steps: tuple[Step, ...]
    segments: tuple[Segment, ...]
    years: tuple[YearRow, ...]
    cash: tuple[CashRow, ...]
    rate_frac: float
    replications: int


ContextOf = Callable[[dt.date, float], Context]
"""Takes the first day and the hours of a segment."""


def run_road_map(
    settings: RoadMapSettings,
    scenarios: tuple[Scenario, Scenario, Scenario],
    context_of: ContextOf,
    *,
    replications: int,
    seed: int,
    folder: Path,
    compute: Compute,
    on_done: Progress,
    persistence: Mapping[str, MeasurePersistence] | None = None,
) -> RoadMap:
    """Plan a road map and simulate it.

    Parameters
    ----------
    settings : RoadMapSettings
        What is rolled out and how.
    scenarios : tuple of Scenario
        The park without measures, with those that stand, and with all.
    context_of : callable
        Returns the context of a segment.
    replications, seed : int
        Segment k has the seed ``seed + k`` in both parks, so that no two share a year's luck.
    folder, compute, on_done
        As in `work.do_all`.
    persistence : mapping of str to MeasurePersistence, optional
        By type; by default the packaged table.

    Raises
    ------
    ConfigError
        If there is nothing to roll out, or it can't be done in time.
    ResultsError
        If a run fails, and that is to stop; or, where it is to be gone on from, no replication stands in all segments.

    Notes
    -----
    A segment starts with a run-in of the park as it stands in it; tank levels, batches and breakdowns are not carried from one
    to the next.
    """
    baseline, standing, everything = scenarios
    there = {one.id for one in standing.measures}
    if strange := sorted(there - {one.id for one in everything.measures}):
        raise ConfigError(
            f"{settings.standing} has measures that {settings.scenario} has not: {', '.join(strange[:5])}; choose scenarios of "
            "one catalogue"
        )
    if settings.savings == "desk":
        saved = desk_by_measure(everything)
    else:
        saved = alone_by_measure(baseline, everything, seed=seed, folder=folder, compute=compute, on_done=on_done)
    rate = read_rates(settings.rate_frac).middle_frac
    new = _ordered([one for one in everything.measures if one.id not in there], saved, settings, rate)
    steps = steps_of(new, settings, persistence or read_measure_persistence())
    segments = segments_of(settings, steps)
    pairs = list(_units(settings, standing, steps, segments, context_of, replications=replications, seed=seed))
    left = do_all([unit for pair in pairs for unit in pair], folder, compute, on_done)
    whole = [r for r in range(replications) if all(unit.key in left for pair in pairs[r::replications] for unit in pair)]
    if not whole:
        raise ResultsError("road map: no replication stands in all segments; see the folder failed/ of the results for why")
    sums = _sums(pairs, left, segments, replications, whole)
    years = tuple(_years(sums))
    cash = tuple(cash_flow(settings, steps, saved, _means(sums, MONEY), _means(sums, MARGIN), rate_frac=rate))
    return RoadMap(tuple(sorted(steps, key=lambda one: (one.in_force, one.measure.id))), tuple(segments), years, cash, rate,
                   len(whole))  # fmt: skip


def _ordered(measures: Sequence[Measure], saved: Saved, settings: RoadMapSettings, rate_frac: float) -> list[Measure]:
    def net(one: Measure) -> float:
        return saved[one.id][MONEY] - one.yearly_cost_vnd

    if settings.order == "payback":
        return sorted(measures, key=lambda one: (float(simple_payback_yr(one.capital_vnd, net(one))), one.id))
    return sorted(
        measures,
        key=lambda one: (-float(net_present_value_vnd(one.capital_vnd, net(one), rate_frac, one.life_yr)), one.id),
    )


def _units(
    settings: RoadMapSettings,
    standing: Scenario,
    steps: Sequence[Step],
    segments: Sequence[Segment],
    context_of: ContextOf,
    *,
    replications: int,
    seed: int,
) -> Iterator[tuple[Unit, Unit]]:
    """Yield the frozen park's unit and the road map's of each segment and replication."""
    stops = stops_of(steps, settings.start)
    failed = [failed_at_first(steps, seed, r) for r in range(replications)]
    known: dict[int, object] = {}
    kept: list[object] = []
    for k, segment in enumerate(segments):
        context = context_of(segment.start, segment.hours)
        parks = [with_stops(standing.park, own, segment, settings.start, settings.run_in_h) for own in ({}, stops)]
        kept += [context, *parks]
        frozen = replace(standing, name="frozen", park=parks[0], context=context, run_in_h=settings.run_in_h)
        before = units_of(f"{segment.start}, frozen", frozen, range(replications), None, seed=seed + k, known=known)
        for r in range(replications):
            done = (*standing.measures, *active(steps, segment.start, settings, failed[r]))
            moving = replace(frozen, name="road map", park=parks[1], measures=done)
            after = units_of(f"{segment.start}, road map", moving, [r], None, seed=seed + k, known=known)
            yield before[r], after[0]


def _sums(
    pairs: Sequence[tuple[Unit, Unit]],
    left: Mapping[str, Mapping[str, object]],
    segments: Sequence[Segment],
    replications: int,
    whole: Sequence[int],
) -> dict[tuple[int, str], list[float]]:
    """Return by calendar year and KPI what each replication saves that stands in all segments."""
    found: dict[tuple[int, str], list[float]] = {}
    for place, (before, after) in enumerate(pairs):
        k, r = divmod(place, replications)
        if r not in whole:
            continue
        one, other = (Outcome.from_plain(left[unit.key]["outcome"]) for unit in (before, after))  # type: ignore[arg-type]
        for kpi in SHOWN:
            sums = found.setdefault((segments[k].start.year, kpi), [0.0] * len(whole))
            sums[whole.index(r)] += float(paired_savings(KPIS[kpi], [one], [other])[0][0])
    return found


def _years(sums: Mapping[tuple[int, str], Sequence[float]]) -> Iterator[YearRow]:
    for (year, kpi), values in sums.items():
        yield YearRow(year, kpi, KPIS[kpi].unit, *interval_of(np.array(values), rare=False))


def _means(sums: Mapping[tuple[int, str], Sequence[float]], kpi: str) -> dict[int, float]:
    return {year: math.fsum(values) / len(values) for (year, name), values in sums.items() if name == kpi}


def cash_flow(
    settings: RoadMapSettings,
    steps: Sequence[Step],
    saved: Saved,
    saving_vnd: Mapping[int, float],
    less_lost_vnd: Mapping[int, float],
    *,
    rate_frac: float,
) -> Iterator[CashRow]:
    """Yield the cash flow of a road map, year by year.

    Parameters
    ----------
    settings : RoadMapSettings
        Years, and what is renewed.
    steps : sequence of Step
        The road map.
    saved : mapping
        Single savings by measure, which share the savings of the last simulated year out in the years after it.
    saving_vnd, less_lost_vnd : mapping of int to float
        Money saved at the meters, and margin lost less than in the frozen park, by simulated year [VND].
    rate_frac : float
        Discount rate a year [1].

    Notes
    -----
    After the simulated years S(y) = S(last) Σ s_j e_j(y) / Σ s_j e_j(last), with e_j what is left of measure j in the mean of
    the year's twelve firsts of a month, and nothing is bought. What fails at first lowers the simulated savings only.
    """
    first, last = settings.start.year, settings.end.year - 1
    worked = {one.measure.id: saved[one.measure.id][MONEY] for one in steps}
    capital: dict[int, float] = {}
    for one in steps:
        capital[one.ordered.year] = capital.get(one.ordered.year, 0.0) + one.measure.capital_vnd
        for k in range(1, renewals(one, settings) + 1):
            year = one.in_force.year + k * math.ceil(one.measure.life_yr)
            capital[year] = capital.get(year, 0.0) + one.measure.capital_vnd
    reference = math.fsum(worked[one.measure.id] * _of_year(one, last, settings)[0] for one in steps)
    cumulative = discounted = 0.0
    year = min([first, *capital])
    while True:
        is_simulated = year <= last
        parts = [_of_year(one, year, settings) for one in steps]
        gone_on = math.fsum(worked[one.measure.id] * left for one, (left, _) in zip(steps, parts, strict=True))
        if not is_simulated and not any(there for _, there in parts):
            return
        gained = saving_vnd.get(year, 0.0)
        if not is_simulated:
            gained = saving_vnd[last] * gone_on / reference if reference else 0.0
        upkeep = math.fsum(one.measure.yearly_cost_vnd * there for one, (_, there) in zip(steps, parts, strict=True))
        lost = -less_lost_vnd.get(year, 0.0)
        net = gained - upkeep - lost - capital.get(year, 0.0)
        cumulative += net
        discounted += net / (1.0 + rate_frac) ** (year - first)
        eve = dt.date(year, 12, 31)
        count = sum(effect_frac(one, eve, settings, failed=False) > 0 for one in steps)
        yield CashRow(year, is_simulated, count, capital.get(year, 0.0), gained, upkeep, lost, net, cumulative, discounted)
        year += 1


def _of_year(step: Step, year: int, settings: RoadMapSettings) -> tuple[float, float]:
    """Return what is left of a measure, and whether it stands, in the mean of the firsts of twelve months."""
    left = [effect_frac(step, dt.date(year, month, 1), settings, failed=False) for month in range(1, 13)]
    return math.fsum(left) / 12.0, sum(one > 0 for one in left) / 12.0
