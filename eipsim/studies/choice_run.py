"""Runs a study of what to adopt next: the response model, the best set, and that set at the meters."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from ..engines import Compute
from ..errors import ConfigError
from ..kpis import KPIS, Outcome, interval_of, paired_savings
from ..measures.desk import DeskPrices
from ..replication import units_of
from ..scenario import Scenario
from ..summary import Table, number, percent, shown_unit, span
from ..work import Progress, do_all
from .alone import Saved, alone_by_measure, desk_by_measure
from .choice import Candidate, ChoiceSettings, Chosen, Loss, by_payback, choose, predicted, response_model
from .economics import SAVED, read_rates
from .interaction import overlaps


class SetRow(NamedTuple):
    """One chosen measure: when it is installed, what it costs and what it saves beside those that stand."""

    measure: str
    factory: str
    type: str
    year: int
    capital_vnd: float
    saving_vnd: float
    saving_co2_t: float


class GapRow(NamedTuple):
    """What the chosen set saves a year beside the measures that stand.

    Parameters
    ----------
    kpi, unit : str
        What.
    added_up : float
        Single savings [unit].
    model : float
        Less the losses of pairs; nan where the model has none [unit].
    simulated, low, high : float
        At the meters at equal production, with its 95 % interval (chance only) [unit].
    """

    kpi: str
    unit: str
    added_up: float
    model: float
    simulated: float
    low: float
    high: float


@dataclass(frozen=True)
class Choice:
    """What a study of choice found.

    Parameters
    ----------
    chosen, rule_of_thumb : Chosen
        The best set, and that of the shortest paybacks.
    rows : tuple of SetRow
        The best set, year by year.
    gaps : tuple of GapRow
        What it saves; empty if it is empty.
    candidates : tuple of Candidate
        What was chosen from.
    losses : tuple of Loss
        Between candidates.
    rate_frac : float
        Discount rate [1].
    """

    chosen: Chosen
    rule_of_thumb: Chosen
    rows: tuple[SetRow, ...]
    gaps: tuple[GapRow, ...]
    candidates: tuple[Candidate, ...]
    losses: tuple[Loss, ...]
    rate_frac: float


def run_choice(
    settings: ChoiceSettings,
    scenarios: tuple[Scenario, Scenario, Scenario],
    *,
    replications: int,
    seed: int,
    folder: Path,
    compute: Compute,
    on_done: Progress,
) -> Choice:
    """Choose a set of measures and simulate it beside what stands.

    Parameters
    ----------
    settings : ChoiceSettings
        What is chosen from, within which limits, and for what.
    scenarios : tuple of Scenario
        The park without measures, with those that stand, and with all.
    replications, seed : int
        Of the chosen set and what stands.
    folder, compute, on_done
        As in `work.do_all`.

    Raises
    ------
    ConfigError
        If nothing can be chosen, or what stands is not part of what can be chosen from.
    ResultsError
        If the time is over before any set was found, or a run fails.
    """
    baseline, standing, everything = scenarios
    compute = replace(compute, on_error="stop")
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
    pairs = overlaps(everything.measures, everything.park, DeskPrices.of(everything.context))
    candidates, losses = response_model(everything.measures, there, saved, pairs)
    chosen = choose(candidates, losses, settings, rate)
    rule = by_payback(candidates, losses, settings, rate)
    by_id, by_name = {one.id: one for one in everything.measures}, {one.name: one for one in candidates}
    rows = tuple(
        SetRow(
            name, by_id[name].factory, by_id[name].kind, year, by_name[name].capital_vnd, by_name[name].saving_vnd,
            by_name[name].saving_co2_t,
        )
        for name, year in sorted(chosen.year_of.items(), key=lambda item: (item[1], item[0]))
    )  # fmt: skip
    gaps: tuple[GapRow, ...] = ()
    if rows:
        new = replace(standing, name="chosen", measures=(*standing.measures, *(by_id[row.measure] for row in rows)))
        units = [units_of(one.name, one, range(replications), None, seed=seed) for one in (standing, new)]
        left = do_all([unit for own in units for unit in own], folder, compute, on_done)
        before, after = ([Outcome.from_plain(left[unit.key]["outcome"]) for unit in own] for own in units)
        gaps = tuple(_gaps(before, after, saved, (candidates, losses), [row.measure for row in rows]))
    return Choice(chosen, rule, rows, gaps, tuple(candidates), tuple(losses), rate)


def _gaps(
    before: Sequence[Outcome],
    after: Sequence[Outcome],
    saved: Saved,
    model: tuple[Sequence[Candidate], Sequence[Loss]],
    names: Sequence[str],
) -> Iterator[GapRow]:
    told = predicted(names, *model)
    for kpi in SAVED:
        adjusted, _ = paired_savings(KPIS[kpi], before, after)
        added_up = math.fsum(saved[name].get(kpi, 0.0) for name in names)
        yield GapRow(kpi, KPIS[kpi].unit, added_up, told.get(kpi, math.nan), *interval_of(adjusted, rare=False))


def choice_tables(found: Choice, settings: ChoiceSettings) -> Iterator[Table]:
    """Return the best set year by year, and what it saves by the model and at the meters."""
    rows: list[tuple[str, ...]] = [
        (
            row.measure, row.factory, row.type, str(row.year + 1), number(row.capital_vnd / 1e6), number(row.saving_vnd / 1e6),
            number(row.saving_co2_t),
        )
        for row in found.rows
    ]  # fmt: skip
    columns = ("row", "factory", "type", "year", "capital M VND", "saves M VND/yr", "t CO2/yr")
    note = "Savings beside the measures that stand, before what the chosen ones take from each other."
    yield Table("What to adopt next", columns, rows, note, 3)
    rows = []
    for year in range(settings.years_count):
        own = [row for row in found.rows if row.year == year]
        rows.append((str(year + 1), str(len(own)), number(math.fsum(row.capital_vnd for row in own) / 1e6)))
    yield Table("By year", ("year", "measures", "capital M VND"), rows, "", 1)
    rows = []
    for one in found.gaps:
        scale, unit = shown_unit(one.unit)
        model = scale * one.model
        gap = percent(one.simulated / one.model - 1.0, 1) if one.model and math.isfinite(one.model) else "–"
        cells = [number(scale * one.added_up), number(model), number(scale * one.simulated)]
        interval = span(scale * one.low, scale * one.high)
        rows.append((f"{one.kpi.rsplit('_', 1)[0].replace('_', ' ')} [{unit}]", *cells, interval, gap))
    heads = ("saves a year", "added up", "model", "at the meters", "from … to", "gap")
    note = "Model: less what pairs on one end use take from each other. From … to: 95 %, chance only. Gap: meters over model."
    if rows:
        yield Table("The chosen set, beside what stands", heads, rows, note, 1)


def choice_sentences(found: Choice, settings: ChoiceSettings) -> list[str]:
    """Return the finding."""
    scale, unit = (1e-6, "M VND") if settings.objective == "npv" else (1.0, "t CO2")
    what = (
        f"net present value at {percent(found.rate_frac, 1)}"
        if settings.objective == "npv"
        else f"CO2 avoided within {settings.horizon_yr:g} years"
    )
    if not found.rows:
        return [f"None of the {len(found.candidates)} candidates adds to the {what}: nothing is chosen."]
    capital = math.fsum(row.capital_vnd for row in found.rows)
    told = [
        f"{len(found.rows)} of {len(found.candidates)} candidates for {number(capital / 1e6)} M VND: {what} "
        f"{number(scale * found.chosen.value)} {unit} (no set has more than {number(scale * found.chosen.bound)})."
    ]
    thumb = found.rule_of_thumb
    told.append(
        f"The shortest paybacks first, as far as they fit, would take {len(thumb.year_of)} and come to "
        f"{number(scale * thumb.value)} {unit}."
    )
    return told
