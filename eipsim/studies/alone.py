"""What each measure saves a year by itself: on paper, or in the simulator one measure of each factory at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ..engines import Compute
from ..errors import ConfigError
from ..experiment import Experiment, planned
from ..kpis import Outcome
from ..measures.desk import DeskPrices
from ..scenario import Scenario
from ..tabulation import DESK, HOURS_PER_YR, alone_savings, key_of
from ..work import Progress, do_all

Saved = Mapping[str, Mapping[str, float]]
"""By id of a measure and name of a KPI, what it saves a year [unit of the KPI]."""


def desk_by_measure(scenario: Scenario) -> Saved:
    """Return what the desk promises of each measure of a scenario in its park without measures."""
    prices = DeskPrices.of(scenario.context)
    paper = {one.id: one.desk(scenario.park, prices) for one in scenario.measures}
    return {name: {kpi: float(getattr(figures, column)) for kpi, column in DESK.items()} for name, figures in paper.items()}


def alone_by_measure(
    baseline: Scenario, measured: Scenario, *, seed: int, folder: Path, compute: Compute, on_done: Progress
) -> Saved:
    """Return what each measure of a scenario saves alone at its factory's meters, by one replication.

    The runs are those of an experiment about savings with the same scenarios and seed: what it has left behind is read.

    Parameters
    ----------
    baseline, measured : Scenario
        The park without measures, and with those that are asked about.
    seed : int
        Of the random numbers.
    folder, compute, on_done
        As in `work.do_all`.

    Raises
    ------
    ConfigError
        If the horizon is no year: savings of a part of a year tell nothing about paybacks.
    ResultsError
        If a run fails, whatever ``compute.on_error`` says.
    """
    hours = baseline.context.horizon.hours
    if abs(hours - HOURS_PER_YR) > 24.0:
        raise ConfigError(
            f"context.hours = {hours:g}: savings of a year are needed; take 8760, or experiment.settings.savings=desk"
        )
    scenarios = {"baseline": baseline, "measured": measured}
    plan = planned(Experiment("alone", scenarios, replications=1, alone_replications=1, seed=seed, workers=compute))
    first = plan.units_to(1)["baseline"]
    found = do_all(
        [*first, *(unit for units in plan.alone for unit in units)], folder, replace(compute, on_error="stop"), on_done
    )
    taken = [[Outcome.from_plain(found[unit.key]["outcome"]) for unit in units] for units in (first, *plan.alone)]
    single = alone_savings(plan.rounds, taken[0], taken[1:])
    return {one.id: single[key_of(one)] for one in measured.measures}
