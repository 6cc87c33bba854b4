"""Leaves each published figure out in turn and predicts it from the others: what meeting it was worth."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..claims import REALISED, SIMULATED, PublishedClaim
from ..kpis import KPIS
from ..work import Progress
from .catalogue_draw import NoDrawError, Priors, draw_catalogue
from .desk_sizes import DrawnSizes
from .ensemble import Ensemble
from .ensemble_settings import EnsembleSettings, priors_of
from .ensemble_values import REST, SIXTY
from .targets import Target, mix_of, targets_of

MIX = ("electricity", "fuel_switch", "other")
DERIVED = {"amata_60_co2": (SIXTY, "co2_assessed_t")}
"""Figures that no catalogue is made to meet, and where the ensemble predicts them."""


class Prediction(NamedTuple):
    """What one draw predicts for a figure that it was not made to meet; one row of ``predictions.csv``."""

    claim: str
    draw: int
    value: float
    electricity_frac: float
    fuel_switch_frac: float
    other_frac: float


class LeftOutRow(NamedTuple):
    """What the other figures say about one; one row of ``left_out.csv``.

    Parameters
    ----------
    claim, unit : str
        The figure, and its unit.
    published : float
        What was published.
    draws : int
        Draws that the others could be met with.
    low, median, high : float
        Of the predictions: the middle share that the ensemble's confidence says.
    beyond_frac : float
        Share of the draws that lie on the published value's far side, away from the median; at most one half.
    left_out_electricity_frac, left_out_fuel_switch_frac, left_out_other_frac : float
        Mean mix of the proposed rows' CO2 while it is left out.
    implied_electricity_frac, implied_fuel_switch_frac, implied_other_frac : float
        Mean mix of the ensemble, which meets it.
    """

    claim: str
    unit: str
    published: float
    draws: int
    low: float
    median: float
    high: float
    beyond_frac: float
    left_out_electricity_frac: float
    left_out_fuel_switch_frac: float
    left_out_other_frac: float
    implied_electricity_frac: float
    implied_fuel_switch_frac: float
    implied_other_frac: float


@dataclass(frozen=True)
class LeftOut:
    """Each figure as the others predict it.

    Parameters
    ----------
    rows : tuple of LeftOutRow
        One for each calibrated figure, and for those that follow from the ensemble.
    predictions : tuple of Prediction
        Draw by draw.
    rejected_count : mapping of str to mapping of str to int
        Draws that the others could not be met with, by figure and reason.
    """

    rows: tuple[LeftOutRow, ...]
    predictions: tuple[Prediction, ...]
    rejected_count: Mapping[str, Mapping[str, int]]


def leave_one_out(
    ensemble: Ensemble, priors: Priors, claims: Sequence[PublishedClaim], *, horizon_frac: float = 1.0, on_done: Progress
) -> LeftOut:
    """Predict each calibrated figure from the others.

    Every draw of the ensemble's seed is reconciled anew with all figures but one, at the desk: what a desk unit is worth at the
    meters is the ensemble's median. Nothing is simulated here; how far that may be off is told by `worth_spread`.

    Parameters
    ----------
    ensemble : Ensemble
        Its settings say how many draws are looked at.
    priors : Priors
        As the ensemble was given them.
    claims : sequence of PublishedClaim
        The figures.
    horizon_frac : float
        Share of a year that was simulated; the worth of figures of which the ensemble knows none.
    on_done : callable
        Told (draws looked at, draws in all, words).

    Returns
    -------
    LeftOut
        A figure that no draw predicts has no row.
    """
    settings = ensemble.settings
    priors = priors_of(priors, settings)
    targets = targets_of(claims, settings.reversed_basis)
    known = ensemble.worth()
    worth = {target: known.get(target.claim, horizon_frac) for target in targets if target.basis == REALISED}
    predictions: list[Prediction] = []
    rejected: dict[str, Counter[str]] = {target.claim: Counter() for target in targets}
    for draw in range(settings.left_out_draws):
        try:
            drawn = draw_catalogue(priors, settings.seed, draw)
        except NoDrawError as error:
            for counted in rejected.values():
                counted[str(error)] += 1
            continue
        sizes = DrawnSizes(
            drawn, priors, targets,
            furthest_sigma=settings.furthest_sigma, digits_count=settings.digits_count, halvings_count=settings.halvings_count,
        )  # fmt: skip
        for target in targets:
            try:
                predictions.append(_predicted(draw, sizes, target, worth, settings))
            except NoDrawError as error:
                rejected[target.claim][str(error)] += 1
        on_done(draw + 1, settings.left_out_draws, "figures left out in turn")
    published = {claim.claim: claim for claim in claims}
    met = _mean_mix(ensemble)
    rows = [_row(published[t.claim], [p for p in predictions if p.claim == t.claim], settings, met) for t in targets]
    rows += _derived(ensemble, published, met)
    return LeftOut(tuple(row for row in rows if row.draws), tuple(predictions), rejected)


def _predicted(
    draw: int, sizes: DrawnSizes, target: Target, worth: Mapping[Target, float], settings: EnsembleSettings
) -> Prediction:
    priors = sizes.priors
    rows = sizes.rows(worth, [other for other in sizes.targets if other != target])
    measures = [row.measure for row in rows]
    mix = mix_of(measures, priors.park, priors.prices)
    if objection := settings.mix.objection(mix):
        raise NoDrawError(objection)
    value = target.desk_sum(measures, priors.park, priors.prices) * worth.get(target, 1.0) * SIMULATED[target.claim].factor
    return Prediction(target.claim, draw, value, *(mix[name] for name in MIX))


def _mean_mix(ensemble: Ensemble) -> list[float]:
    """Return the mean mix of the ensemble."""
    return [
        float(np.mean([row.value for row in ensemble.values if (row.group, row.quantity) == (REST, f"mix_{name}_frac")]))
        for name in MIX
    ]


def _row(
    claim: PublishedClaim, predictions: Sequence[Prediction], settings: EnsembleSettings, met: Sequence[float]
) -> LeftOutRow:
    values = np.array([one.value for one in predictions])
    if not values.size:
        return LeftOutRow(claim.claim, claim.unit, claim.published, 0, *[math.nan] * 10)
    tail = (1.0 - settings.confidence_frac) / 2
    low, median, high = np.quantile(values, [tail, 0.5, 1 - tail])
    beyond = min(float((values >= claim.published).mean()), float((values <= claim.published).mean()))
    mix = np.mean([one[3:] for one in predictions], axis=0)
    return LeftOutRow(
        claim.claim, claim.unit, claim.published, len(values), float(low), float(median), float(high), beyond,
        *map(float, mix), *met,
    )  # fmt: skip


def _derived(ensemble: Ensemble, published: Mapping[str, PublishedClaim], met: Sequence[float]) -> list[LeftOutRow]:
    """Return the figures that the ensemble predicts without having been made to meet them."""
    rows = []
    for name, (group, kpi) in DERIVED.items():
        if name in published:
            factor = SIMULATED[name].factor
            found = [
                Prediction(name, row.draw, factor * row.value, *met)
                for row in ensemble.values
                if (row.group, row.quantity) == (group, kpi)
            ]
            rows.append(_row(published[name], found, ensemble.settings, met))
    return rows


class WorthRow(NamedTuple):
    """What a desk unit of a figure is worth at the meters, over the draws; one row of ``worth.csv``."""

    claim: str
    kpi_unit: str
    low: float
    median: float
    high: float


def worth_spread(ensemble: Ensemble, claims: Sequence[PublishedClaim]) -> list[WorthRow]:
    """Return by how much the worth of desk units differs between draws: what a prediction at the desk may be off by."""
    tail = (1.0 - ensemble.settings.confidence_frac) / 2
    rows = []
    for target in targets_of(claims, ensemble.settings.reversed_basis):
        ratios = [row.realised / row.desk for row in ensemble.reached if row.claim == target.claim]
        if target.basis == REALISED and ratios:
            low, median, high = np.quantile(ratios, [tail, 0.5, 1 - tail])
            rows.append(WorthRow(target.claim, KPIS[target.kpi].unit, float(low), float(median), float(high)))
    return rows
