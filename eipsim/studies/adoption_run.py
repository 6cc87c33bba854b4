"""Runs a study of adoption: what measures save, what firms take, and what the adopters save together at the meters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ..context import Context
from ..engines import Compute
from ..kpis import KPIS, Outcome, paired_savings
from ..replication import units_of
from ..scenario import Scenario
from ..work import Progress, do_all
from .adoption import AdoptionSettings, offers_of
from .adoption_outcome import Adoption, adopt, price_ratios
from .alone import Saved, alone_by_measure, desk_by_measure
from .economics import SAVED


class SimulatedRow(NamedTuple):
    """What drawn adopters save a year, added up measure by measure and together in the simulator.

    Parameters
    ----------
    policy : str
        Under which they were drawn.
    draw : int
        Which draw, and replication.
    taken : int
        Measures.
    kpi, unit : str
        What is saved.
    added_up, simulated : float
        Sum of single savings; saving at the meters at equal production [unit].
    """

    policy: str
    draw: int
    taken: int
    kpi: str
    unit: str
    added_up: float
    simulated: float


def run_adoption(
    settings: AdoptionSettings,
    baseline: Scenario,
    measured: Scenario,
    laws: Mapping[str, Context],
    *,
    folder: Path,
    compute: Compute,
    on_done: Progress,
) -> tuple[Adoption, list[SimulatedRow]]:
    """Say what firms take under each policy, and simulate some of the draws.

    Parameters
    ----------
    settings : AdoptionSettings
        How firms decide, and the policies.
    baseline, measured : Scenario
        The park without measures, and with those that are offered.
    laws : mapping of str to Context
        By policy with another law, its context.
    folder, compute, on_done
        As in `work.do_all`.

    Raises
    ------
    ConfigError
        If the park or the share does not allow it.
    """
    if settings.savings == "desk":
        saved = desk_by_measure(measured)
    else:
        saved = alone_by_measure(baseline, measured, seed=settings.seed, folder=folder, compute=compute, on_done=on_done)
    offers = offers_of(measured.measures, measured.park, saved)
    paper = desk_by_measure(measured) if laws else {}
    ratios = {name: price_ratios(offers, paper, desk_by_measure(replace(measured, context=law))) for name, law in laws.items()}
    found = adopt(offers, settings, ratios)
    return found, _simulated(found, settings, (baseline, measured), saved, folder=folder, compute=compute, on_done=on_done)


def _simulated(
    found: Adoption,
    settings: AdoptionSettings,
    scenarios: tuple[Scenario, Scenario],
    saved: Saved,
    *,
    folder: Path,
    compute: Compute,
    on_done: Progress,
) -> list[SimulatedRow]:
    baseline, measured = scenarios
    by_id = {one.id: one for one in measured.measures}
    first = units_of("baseline", baseline, range(settings.simulated_draws_count), None, seed=settings.seed)
    units = {
        (policy, draw): units_of(
            f"adopters, {policy}",
            replace(measured, name=policy, measures=tuple(by_id[name] for name in names)),
            [draw],
            None,
            seed=settings.seed,
        )[0]
        for policy, draws in found.adopters.items()
        for draw, names in enumerate(draws)
    }
    left = do_all([*first, *units.values()], folder, replace(compute, on_error="stop"), on_done) if first else {}
    before = [Outcome.from_plain(left[unit.key]["outcome"]) for unit in first]
    rows = []
    for (policy, draw), unit in units.items():
        names, after = found.adopters[policy][draw], Outcome.from_plain(left[unit.key]["outcome"])
        for kpi in SAVED:
            simulated = float(paired_savings(KPIS[kpi], [before[draw]], [after])[0][0])
            added_up = math.fsum(saved[name].get(kpi, 0.0) for name in names)
            rows.append(SimulatedRow(policy, draw, len(names), kpi, KPIS[kpi].unit, added_up, simulated))
    return rows
