"""Which measures meters could prove, from the readings of an experiment's replications."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ..measures.base import Measure
from .detectable import (
    BILLS,
    DRIFT_FRAC,
    HIDDEN,
    MONTHLY,
    NO_METER,
    NOTHING_FRAC,
    REGRESSION,
    SUBMETER,
    UNITS,
    VERDICTS,
    Floats,
    Known,
    Readings,
    fractional_uncertainty,
    known,
    needed_cv_frac,
    parameters_of,
)


class MeterRow(NamedTuple):
    """How well one meter of one factory is known, a year before and a year after.

    Parameters
    ----------
    factory, carrier, unit : str
        Which meter.
    reading_mean, reading_sd : float
        Of a year, and from year to year [unit].
    model : str
        The regression.
    cv_frac, bias_frac : float
        CV(RMSE) by month, and the error of the next year's sum [1].
    within_guideline : bool
        Whether both are inside the monthly band of ASHRAE Guideline 14.
    least_bills_frac, least_regression_frac : float
        Least saving that is found, over the reading [1].
    """

    factory: str
    carrier: str
    unit: str
    reading_mean: float
    reading_sd: float
    model: str
    cv_frac: float
    bias_frac: float
    within_guideline: bool
    least_bills_frac: float
    least_regression_frac: float


class MeasureProof(NamedTuple):
    """What could prove one measure, by one carrier.

    Parameters
    ----------
    measure, factory, end_use, type, status, carrier, unit : str
        Which; carrier and unit are empty for one that saves nothing a meter reads.
    saving : float
        Alone in a year, at the factory's meter [unit].
    saving_frac, least_bills_frac, least_regression_frac : float
        That and the least that is found, over the meter's reading [1].
    uncertainty_frac : float
        Fractional savings uncertainty of Guideline 14 at 68 %, by the regression [1].
    needed_cv_frac : float
        CV(RMSE) at which a monthly regression on the factory's meter would find it [1].
    submeter_saving_frac, least_submeter_frac : float
        The same at a meter of the end use, over its reading [1].
    verdict : str
        The least that proves it.
    """

    measure: str
    factory: str
    end_use: str
    type: str
    status: str
    carrier: str
    unit: str
    saving: float
    saving_frac: float
    least_bills_frac: float
    least_regression_frac: float
    uncertainty_frac: float
    needed_cv_frac: float
    submeter_saving_frac: float
    least_submeter_frac: float
    verdict: str


class ProgrammeRow(NamedTuple):
    """What the meter of a factory shows of all measures of a scenario.

    Parameters
    ----------
    scenario, factory, carrier, unit : str
        Which.
    measures_count : int
        In that factory.
    saving, saving_frac : float
        Mean of replications [unit], over the reading [1].
    unpaired_sd_frac, paired_sd_frac : float
        Of the difference between two years of chance, and between two scenarios of one year of chance [1].
    least_bills_frac, least_regression_frac : float
        Least saving that is found [1].
    verdict : str
        ``bills``, ``regression`` or ``not provable``.
    """

    scenario: str
    factory: str
    carrier: str
    unit: str
    measures_count: int
    saving: float
    saving_frac: float
    unpaired_sd_frac: float
    paired_sd_frac: float
    least_bills_frac: float
    least_regression_frac: float
    verdict: str


def known_meters(base: Readings, weather: Floats, drift_frac: float = DRIFT_FRAC) -> dict[tuple[str, ...], Known]:
    """Return how well each meter is known, of factories (factory, carrier) and of end uses (factory, end use, carrier)."""
    every: list[tuple[tuple[str, ...], Floats]] = [*base.meters.items(), *base.end_uses.items()]
    return {key: known(read, base.days, base.line_h[key[0]], weather, drift_frac) for key, read in every if read.sum() > 0}


def meter_rows(base: Readings, meters: Mapping[tuple[str, ...], Known]) -> list[MeterRow]:
    """Return the factories' meters as a table."""
    rows = []
    for key in base.meters:
        if key in meters:
            one = meters[key]
            within = one.cv_frac <= MONTHLY.cv_frac and one.bias_frac <= MONTHLY.nmbe_frac
            least = one.least_bills / one.mean, one.least_regression / one.mean
            rows.append(MeterRow(*key, _unit(key[1]), one.mean, one.sd, one.model, one.cv_frac, one.bias_frac, within, *least))
    return rows


def measure_proofs(
    measures: Sequence[Measure], alone: Mapping[str, Readings], base: Readings, meters: Mapping[tuple[str, ...], Known]
) -> list[MeasureProof]:
    """Say what could prove each measure, by each carrier that it saves.

    Parameters
    ----------
    measures : sequence of Measure
        Of a catalogue.
    alone : mapping of str to Readings
        By id, readings of a park with that measure and none other in its factory; its replications are the first of
        ``base``, with the same random numbers.
    base : Readings
        Of the park without measures.
    meters : mapping
        What `known_meters` returned.

    Returns
    -------
    list of MeasureProof
        One row for each carrier whose meter reads less, or one that says that none does.
    """
    rows = []
    for measure in measures:
        found = [
            row
            for key in base.meters
            if key[0] == measure.factory and key in meters
            if (row := _proof(measure, key[1], alone[measure.id], base, meters)) is not None
        ]
        rows += found or [_without_meter(measure)]
    return rows


def _proof(
    measure: Measure, carrier: str, alone: Readings, base: Readings, meters: Mapping[tuple[str, ...], Known]
) -> MeasureProof | None:
    key = measure.factory, carrier
    meter, saving = meters[key], _less(base.meters[key], alone.meters.get(key))
    share = saving / meter.mean
    if share <= NOTHING_FRAC:
        return None
    sub = measure.factory, measure.end_use, carrier
    sub_share, sub_least = math.nan, math.nan
    if sub in meters:
        sub_share = _less(base.end_uses[sub], alone.end_uses.get(sub)) / meters[sub].mean
        sub_least = min(meters[sub].least_bills, meters[sub].least_regression) / meters[sub].mean
    bills, regression = meter.least_bills / meter.mean, meter.least_regression / meter.mean
    own_meter = measure.kind == "rooftop_solar" or sub_share >= sub_least
    verdict = BILLS if share >= bills else REGRESSION if share >= regression else SUBMETER if own_meter else HIDDEN
    parameters = parameters_of(meter.model)
    return MeasureProof(
        measure.id, measure.factory, measure.end_use, measure.kind, measure.status, carrier, _unit(carrier), saving, share,
        bills, regression, fractional_uncertainty(share, meter.cv_frac, parameters), needed_cv_frac(share, parameters),
        sub_share, sub_least, verdict,
    )  # fmt: skip


def _without_meter(measure: Measure) -> MeasureProof:
    head = measure.id, measure.factory, measure.end_use, measure.kind, measure.status, "", ""
    nan = math.nan
    return MeasureProof(*head, 0.0, 0.0, nan, nan, nan, nan, nan, nan, NO_METER)


def best_proofs(rows: Sequence[MeasureProof]) -> list[MeasureProof]:
    """Return for each measure the row of the carrier that proves it with the least effort."""
    found: dict[str, MeasureProof] = {}
    for row in rows:
        best = found.get(row.measure)
        if best is None or (VERDICTS.index(row.verdict), -row.saving_frac) < (VERDICTS.index(best.verdict), -best.saving_frac):
            found[row.measure] = row
    return list(found.values())


def programme_rows(
    scenario: str, measures: Sequence[Measure], after: Readings, base: Readings, meters: Mapping[tuple[str, ...], Known]
) -> list[ProgrammeRow]:
    """Say what meters show of all measures of a scenario, factory by factory; both have the same replications."""
    counts = {name: sum(one.factory == name for one in measures) for name in base.line_h}
    rows = []
    for key, read in base.meters.items():
        if key not in meters or not counts[key[0]]:
            continue
        one = meters[key]
        saved: Floats = read.sum(axis=1) - after.meters.get(key, np.zeros_like(read)).sum(axis=1)
        share = float(saved.mean()) / one.mean
        if share <= NOTHING_FRAC:
            continue
        bills, regression = one.least_bills / one.mean, one.least_regression / one.mean
        verdict = BILLS if share >= bills else REGRESSION if share >= regression else HIDDEN
        spreads = math.sqrt(2) * one.sd / one.mean, float(saved.std(ddof=1)) / one.mean
        head = scenario, *key, _unit(key[1]), counts[key[0]], float(saved.mean()), share
        rows.append(ProgrammeRow(*head, *spreads, bills, regression, verdict))
    return rows


def _less(before: Floats, after: Floats | None) -> float:
    """Return how much less is read in a year, mean over the replications that both have."""
    if after is None:
        return float(before.sum(axis=1).mean())
    return float((before[: len(after)] - after).sum(axis=1).mean())


def _unit(carrier: str) -> str:
    return UNITS.get(carrier, "GJ")
