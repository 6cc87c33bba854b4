"""From what units of work left behind to the tables of an experiment."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .claims import Shown
from .fingerprint import digest
from .kpis import KPIS, Outcome, Saving, compare, factory_saving, t_interval
from .measures import SupplierMeasure
from .measures.base import Measure
from .measures.desk import DeskPrices
from .results import BillRow, KpiRow, LostRow, MeasureRow, ProductionRow, RoomRow
from .scenario import Scenario

HOURS_PER_YR = 8760.0

DESK = {
    "electricity_assessed_kwh": "kwh",
    "lpg_assessed_t": "lpg_t",
    "other_fuel_assessed_gj": "other_fuel_gj",
    "water_assessed_m3": "water_m3",
    "money_assessed_vnd": "vnd",
    "co2_assessed_t": "co2_t",
}
"""The desk figure that stands beside each KPI of the assessed factories' meters and bills."""

ByMeasure = dict[str, dict[str, float]]
"""By key of a measure and name of a KPI [unit of the KPI]."""


@dataclass(frozen=True)
class Round:
    """One measure of each factory, at most: what each saves is read at its own factory's meters."""

    measures: tuple[Measure, ...]


def key_of(measure: Measure) -> str:
    """Return what tells measures apart, also where two scenarios use one id for different ones."""
    return f"{measure.id} {digest(measure)}"


def distinct(scenarios: Iterable[Scenario]) -> dict[str, Measure]:
    """Return the measures of all scenarios by key, sorted; the same measure counts once."""
    found = {key_of(measure): measure for scenario in scenarios for measure in scenario.measures}
    return dict(sorted(found.items()))


def alone_rounds(measures: Iterable[Measure]) -> list[Round]:
    """Return rounds that apply the first, second, … measure of each factory, so that no round has two in one factory.

    Measures on suppliers of the park are in none: no factory's meters tell of one alone. Valid while what a measure saves at
    its own factory's meters does not depend on measures elsewhere: what factories share (sewer, feeders, repair crews) may
    carry a little from one to another, and stays out of the alone sum.

    Parameters
    ----------
    measures : iterable of Measure
        Each once.
    """
    by_factory: dict[str, list[Measure]] = {}
    for measure in measures:
        if not isinstance(measure, SupplierMeasure):
            by_factory.setdefault(measure.factory, []).append(measure)
    most = max((len(own) for own in by_factory.values()), default=0)
    return [Round(tuple(own[k] for _, own in sorted(by_factory.items()) if k < len(own))) for k in range(most)]


def desk_savings(measures: Mapping[str, Measure], base: Scenario, hours: float) -> ByMeasure:
    """Return what the desk promises of each measure in the baseline park, in the share of a year that is simulated."""
    prices, share = DeskPrices.of(base.context), hours / HOURS_PER_YR
    found = {}
    for key, measure in measures.items():
        figures = measure.desk(base.park, prices)._asdict()
        found[key] = {kpi: share * figures[of] for kpi, of in DESK.items()}
    return found


def alone_savings(rounds: Sequence[Round], baseline: Sequence[Outcome], outcomes: Sequence[Sequence[Outcome]]) -> ByMeasure:
    """Return what each measure saves alone at its own factory's meters, mean over replications.

    Parameters
    ----------
    rounds : sequence of Round
        What was applied.
    baseline : sequence of Outcome
        At least as many replications as the rounds have.
    outcomes : sequence of sequence of Outcome
        By round and replication.
    """
    found: ByMeasure = {}
    for one, replications in zip(rounds, outcomes, strict=True):
        for measure in one.measures:
            name, saved = measure.factory, found.setdefault(key_of(measure), {})
            for kpi in DESK:
                value = KPIS[kpi].value
                assert value is not None
                each = [
                    factory_saving(value.__name__, b.factories[name], s.factories[name])
                    for b, s in zip(baseline, replications, strict=False)
                ]
                saved[kpi] = math.fsum(each) / len(each)
    return found


def measure_rows(measures: Mapping[str, Measure], desk: ByMeasure, alone: ByMeasure) -> Iterator[MeasureRow]:
    """Yield what the desk promises of each measure beside what it saves alone (nan if that was not simulated)."""
    for key, m in measures.items():
        for kpi in DESK:
            single = alone.get(key, {}).get(kpi, math.nan)
            yield MeasureRow(m.id, m.factory, m.kind, kpi, KPIS[kpi].unit, desk[key][kpi], single)


def savings_rows(
    scenarios: Mapping[str, Scenario],
    baseline: str,
    outcomes: Mapping[str, Sequence[Outcome]],
    desk: ByMeasure,
    alone: ByMeasure,
) -> list[Saving]:
    """Return the savings table: every KPI that a scenario and the baseline have, but for the baseline itself.

    Naive and alone sums are of the measures at the factories' own meters: what is saved at a supplier of the park is in the
    simulated saving alone.
    """
    rows = []
    for name, scenario in scenarios.items():
        if name != baseline:
            keys = [key_of(measure) for measure in scenario.measures if not isinstance(measure, SupplierMeasure)]
            naive, single = (
                {kpi: math.fsum(by[key][kpi] if key in by else math.nan for key in keys) for kpi in DESK}
                for by in (desk, alone)
            )
            both = [KPIS[kpi] for kpi in outcomes[baseline][0].kpis if kpi in outcomes[name][0].kpis]
            rows += compare(name, both, outcomes[baseline], outcomes[name], naive=naive, alone=single)
    return rows


def kpi_rows(outcomes: Mapping[str, Sequence[Outcome]], numbers: Sequence[int]) -> Iterator[KpiRow]:
    """Yield every KPI of every replication; the numbers are those of the replications."""
    for name, replications in outcomes.items():
        for r, outcome in zip(numbers, replications, strict=True):
            for kpi, value in outcome.kpis.items():
                yield KpiRow(name, r, kpi, KPIS[kpi].unit, value)


def bill_rows(records: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[BillRow]:
    """Yield the mean bill of each assessed factory, of the others and of the operator, item by item."""
    for name, replications in records.items():
        rows = [
            {
                (factory, item, unit): (quantity, vnd)
                for factory, items in one["bills"].items()
                for item, quantity, unit, vnd in items
            }
            for one in replications
        ]
        for (factory, item, unit), (quantity, vnd) in means(rows).items():
            yield BillRow(name, factory, item, quantity, unit, vnd)


def production_rows(records: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[ProductionRow]:
    """Yield how each line of the assessed factories spent its hours, mean over replications."""
    for name, replications in records.items():
        rows = [
            {(factory, k): line for factory, lines in one["production"].items() for k, line in enumerate(lines)}
            for one in replications
        ]
        for (factory, k), line in means(rows).items():
            yield ProductionRow(name, factory, k, *line)


def lost_rows(records: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[LostRow]:
    """Yield what each line of the park lost to each cause, mean over replications."""
    for name, replications in records.items():
        rows = [{tuple(cells[:-1]): cells[-1:] for cells in one["lost"]} for one in replications]
        yield from (LostRow(name, *key, *mean) for key, mean in sorted(means(rows).items()))


def room_rows(records: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[RoomRow]:
    """Yield what each limit leaves on the busy day, mean over replications."""
    for name, replications in records.items():
        each = [{tuple(cells[:3]): cells[3:] for cells in one["headroom"]} for one in replications]
        for (resource, limit, unit), (capacity, used, tenant) in means(each).items():
            spare = t_interval([capacity - rooms[resource, limit, unit][1] for rooms in each])
            yield RoomRow(name, resource, limit, unit, capacity, used, *spare, tenant)


def means(rows: Sequence[Mapping[Any, Sequence[float]]]) -> dict[Any, list[float]]:
    """Return by key the mean over replications of each number; a key that a replication lacks counts as zeros there."""
    mean = {}
    for key in dict.fromkeys(key for row in rows for key in row):
        given = [row[key] for row in rows if key in row]
        mean[key] = [math.fsum(values) / len(rows) for values in zip(*given, strict=True)]
    return mean


def for_claims(
    scenarios: Mapping[str, Scenario], baseline: str, savings: Iterable[Saving], hours: float
) -> tuple[dict[tuple[str, str], Shown], dict[str, float]]:
    """Return what the claims about AMATA are compared with: savings and counts of its park in a whole year, else nothing."""
    park = scenarios[baseline].park
    if park.name != "amata" or abs(hours - HOURS_PER_YR) > 24.0:
        return {}, {}
    shown = {(row.scenario, row.kpi): Shown(row.naive_sum, row.saving, row.low, row.high) for row in savings}
    counts = {"amata_enterprises": len(park.factories()), "amata_factories_assessed": len(park.assessed())}
    for claim, name in (("amata_measures_found", "all_159"), ("amata_measures_implemented", "implemented_60")):
        if name in scenarios:
            counts[claim] = len(scenarios[name].measures)
    return shown, {claim: float(count) for claim, count in counts.items()}
