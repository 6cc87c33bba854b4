"""Runs an experiment: units of work that are missing, each kept as soon as it is done, and what all of them say."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from .claims import claims_table, published_claims
from .errors import ResultsError
from .experiment import AUTO, Experiment, planned
from .fingerprint import code_fingerprint, commit, digest, own_version, versions
from .kpis import (
    KPIS,
    Outcome,
    Selected,
    Stopped,
    Stopping,
    decide,
    paired_savings,
    paired_spread,
    select,
)
from .replication import Unit
from .results import Results, read_cells
from .tabulation import (
    alone_savings,
    bill_rows,
    desk_savings,
    for_claims,
    kpi_rows,
    lost_rows,
    measure_rows,
    production_rows,
    room_rows,
    savings_rows,
)
from .work import Progress, do_all, failures_of

STEP = 6
"""Replications of each scenario that are added at a time until a stopping rule is met."""


def run_experiment(experiment: Experiment, folder: Path = Path("results"), on_done: Progress | None = None) -> Results:
    """Run what is missing of an experiment and put all of it together.

    Units of work (scenario, replication) that ``folder/runs/`` holds for the same scenario, seed, code, tables and library
    versions are read, not run. Others are stored as soon as each is done, so an interrupted experiment goes on where it
    stopped.

    Parameters
    ----------
    experiment : Experiment
        What to run.
    folder : Path
        The folder of all results.
    on_done : callable, optional
        Called after each unit with (units done, units in all, label).

    Returns
    -------
    Results
        Not yet written: see `results.write_results`.

    Raises
    ------
    ConfigError, ParkError, CatalogueError
        If a scenario can't be built, or ``record`` names no port.
    """
    begun = time.perf_counter()
    compute, told = experiment.compute, on_done or _silent
    plan = planned(experiment)
    scenarios, measures, rounds = plan.scenarios, plan.measures, plan.rounds
    base = scenarios[experiment.baseline]
    stopped = None
    if experiment.replications == AUTO:
        stopped = _enough(experiment, plan.units_to, lambda units: do_all(units, folder, compute, told))
    main, alone = plan.units_to(stopped.replications if stopped else experiment.least), plan.alone
    wanted = [unit for units in (*main.values(), *alone) for unit in units]
    found = do_all(wanted, folder, compute, told)
    failed = failures_of((unit for unit in wanted if unit.key not in found), folder)
    main, standing = _standing(experiment.name, main, found, failed)
    alone = _standing_alone(alone, standing, found)
    rounds = rounds if alone else []

    records = {name: [found[unit.key] for unit in units] for name, units in main.items()}
    outcomes = {name: [Outcome.from_plain(record["outcome"]) for record in kept] for name, kept in records.items()}
    singles = [[Outcome.from_plain(found[unit.key]["outcome"]) for unit in units] for units in alone]
    hours = float(records[experiment.baseline][0]["hours"])
    desk = desk_savings(measures, base, hours)
    beside = {unit.replication for units in alone for unit in units}
    baseline = [one for r, one in zip(standing, outcomes[experiment.baseline], strict=True) if r in beside]
    single = alone_savings(rounds, baseline, singles)
    savings = savings_rows(scenarios, experiment.baseline, outcomes, desk, single)
    shown, counts = for_claims(scenarios, experiment.baseline, savings, hours)
    return Results(
        experiment=experiment.name,
        claims=tuple(
            claims_table(
                published_claims(), shown, counts, reversed_basis=experiment.reversed_basis, left_out=left_out_in(folder)
            )
        ),
        savings=tuple(savings),
        kpis=tuple(kpi_rows(outcomes, standing)),
        measures=tuple(measure_rows(measures, desk, single)),
        bills=tuple(bill_rows(records)),
        production=tuple(production_rows(records)),
        lost_hours=tuple(lost_rows(records)),
        headroom=tuple(room_rows(records)),
        manifest=_manifest(experiment, main, alone, records, outcomes, stopped=stopped)
        | {"failed": [{"run": key} | why for key, why in failed.items()], "wall_time_s": time.perf_counter() - begun},
        folder=folder,
    )


def left_out_in(folder: Path) -> dict[str, tuple[float, float]]:
    """Return the interval that the other claims predict for each one, if an ensemble stands in the folder of results."""
    table = folder / "catalogue_ensemble" / "left_out.csv"
    if not table.is_file():
        return {}
    return {row["claim"]: (float(row["low"]), float(row["high"])) for row in read_cells(table)}


def _standing(
    name: str, main: Mapping[str, Sequence[Unit]], found: Mapping[str, Any], failed: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, list[Unit]], list[int]]:
    """Return the units, and the numbers, of the replications that every scenario has: savings are paired."""
    first = next(iter(main.values()))
    places = [k for k in range(len(first)) if all(units[k].key in found for units in main.values())]
    if not places:
        why = next(iter(failed.values()), {"label": "a run", "message": "is gone"})
        raise ResultsError(f"{name}: no replication stands in every scenario, for one {why['label']}: {why['message']}")
    return {key: [units[k] for k in places] for key, units in main.items()}, [first[k].replication for k in places]


def _standing_alone(alone: Sequence[Sequence[Unit]], standing: Sequence[int], found: Mapping[str, Any]) -> list[list[Unit]]:
    """Return the units of rounds in the replications that all rounds and all scenarios have; none if there is none."""
    lost = {unit.replication for units in alone for unit in units if unit.key not in found}
    kept = [[unit for unit in units if unit.replication in standing and unit.replication not in lost] for units in alone]
    return kept if kept and kept[0] else []


def _enough(
    experiment: Experiment,
    units_to: Callable[[int], Mapping[str, Sequence[Unit]]],
    do: Callable[[Sequence[Unit]], Mapping[str, Any]],
) -> Stopped | Selected:
    """Run replications until the rule that ends them is met; what was run before is read again from its file."""
    selection, stopping = experiment.selection, experiment.stopping
    most = selection.most if selection else stopping.most
    replications = min(selection.first if selection else stopping.least + stopping.look_ahead, most)
    while True:
        units = units_to(replications)
        found = do([unit for own in units.values() for unit in own])
        stands, numbers = _standing(experiment.name, units, found, {})
        outcomes = {name: [Outcome.from_plain(found[unit.key]["outcome"]) for unit in own] for name, own in stands.items()}
        differences = _differences(outcomes, experiment)
        nothing = {experiment.baseline: [0.0] * len(numbers)}
        last = max(len(numbers), experiment.least) if replications == most else most
        ended: Stopped | Selected | None
        if selection:
            ended = select(nothing | differences, replace(selection, most=last))
        else:
            ended = decide(differences, replace(stopping, most=last))
        if ended:
            return ended
        if replications == most:
            raise ResultsError(f"{experiment.name}: {len(numbers)} of {most} replications stand, too few to end it by its rule")
        replications = min(replications + STEP, most)


def _differences(outcomes: Mapping[str, Sequence[Outcome]], experiment: Experiment) -> dict[str, list[float]]:
    """Return by scenario what each replication saves of the KPI that is watched."""
    kpi, base = KPIS[experiment.watched], outcomes[experiment.baseline]
    return {name: paired_savings(kpi, base, own)[0].tolist() for name, own in outcomes.items() if name != experiment.baseline}


def _silent(done: int, total: int, label: str) -> None:
    pass


def _manifest(
    experiment: Experiment,
    main: Mapping[str, Sequence[Unit]],
    alone: Sequence[Sequence[Unit]],
    records: Mapping[str, Sequence[Mapping[str, Any]]],
    outcomes: Mapping[str, Sequence[Outcome]],
    *,
    stopped: Stopped | Selected | None,
) -> dict[str, Any]:
    """Return what made the results."""
    units = {name: [unit.key for unit in own] for name, own in main.items()}
    alone_units = [[unit.key for unit in own] for own in alone]
    commit_id, dirty = commit()
    replications = len(outcomes[experiment.baseline])
    spread = {}
    if replications > 1:
        for name in outcomes:
            values = [[o.kpis["electricity_assessed_kwh"] for o in outcomes[key]] for key in (experiment.baseline, name)]
            spread[name] = paired_spread(*values)
    return {
        "experiment": experiment.name,
        "config": dict(experiment.config),
        "seed": experiment.seed,
        "replications": replications,
        "stopping": _told(stopped, experiment.stopping) if isinstance(stopped, Stopped) else None,
        "selection": asdict(experiment.selection) | stopped._asdict()
        if experiment.selection and isinstance(stopped, Selected)
        else None,
        "watched": {
            "kpi": experiment.watched,
            "unit": KPIS[experiment.watched].unit,
            "differences": _differences(outcomes, experiment),
        },
        "alone_replications": experiment.alone_replications,
        "baseline": experiment.baseline,
        "measures": {name: len(one.measures) for name, one in experiment.scenarios.items()},
        "rare": [name for name, kpi in KPIS.items() if kpi.rare],
        "versions": versions() | {"eipsim": own_version(), "python": platform.python_version()},
        "commit": commit_id,
        "dirty": dirty,
        "code": code_fingerprint(),
        "hash": digest([experiment.name, units, alone_units]),
        "hours": records[experiment.baseline][0]["hours"],
        "run_in_h": {name: one.run_in_h for name, one in experiment.scenarios.items()},
        "settlements": {name: [one["settlements"] for one in own] for name, own in records.items()},
        "balance_residuals": {name: [one["residual"] for one in own] for name, own in records.items()},
        "events": {name: own[0]["events"] for name, own in records.items()},
        "simulated_s": sum(one["wall_s"] for own in records.values() for one in own),
        "paired_spread_frac": spread,
        "reversed_basis": experiment.reversed_basis,
        "units": units,
        "alone_units": alone_units,
    }


def _told(stopped: Stopped, stopping: Stopping) -> dict[str, Any]:
    """Return a stopping rule and how it was met as plain values."""
    return asdict(stopping) | stopped._asdict() | {"precision": [one._asdict() for one in stopped.precision]}
