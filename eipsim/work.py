"""Units of work: one replication of one scenario each, done by several processes and stored as soon as it is done."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

from .fingerprint import canonical, digest
from .kpis import bills, evaluate
from .kpis.detail import detail_of, detail_ports, supply_ports
from .kpis.production import line_hours
from .results import read_unit, write_unit
from .scenario import Prepared, Scenario, prepare

Progress = Callable[[int, int, str], None]


class Unit(NamedTuple):
    """One replication of one scenario.

    Parameters
    ----------
    key : str
        Hash of everything that decides what it leaves behind.
    label : str
        For progress.
    scenario : Scenario
        What is simulated.
    scenario_key : str
        Hash of the scenario and the horizon: units that share it share the preparation.
    replication, seed : int
        Of the random numbers.
    hours : float or None
        Length of the horizon [h]; None for that of the context.
    detail : tuple of str or None
        Ports ``component.port`` of which series are kept, beside those that figures need; None for no detail at all.
    """

    key: str
    label: str
    scenario: Scenario
    scenario_key: str
    replication: int
    seed: int
    hours: float | None
    detail: tuple[str, ...] | None


def described(scenario: Scenario, known: dict[int, Any] | None = None) -> Any:
    """Return what decides the numbers of a scenario: everything but its name, measures in the order of their ids.

    Parameters
    ----------
    scenario : Scenario
        What is described.
    known : dict, optional
        Descriptions of parks and contexts by identity, which scenarios of one experiment share; is added to.
    """
    known = {} if known is None else known
    parts = {f.name: getattr(scenario, f.name) for f in fields(scenario) if f.name not in ("name", "park", "context")}
    for shared in (scenario.park, scenario.context):
        if id(shared) not in known:
            known[id(shared)] = digest(shared)
    measures = sorted(scenario.measures, key=lambda measure: measure.id)
    return [canonical(parts | {"measures": measures}), known[id(scenario.park)], known[id(scenario.context)]]


def do_all(units: Sequence[Unit], folder: Path, workers: int, on_done: Progress) -> dict[str, dict[str, Any]]:
    """Do the units that have not been done, and return what all left behind, by key.

    Parameters
    ----------
    units : sequence of Unit
        Those with the same key are done once.
    folder : Path
        The folder of all results; each unit is stored in ``runs/<key>/`` by the process that did it.
    workers : int
        Processes, each with one thread for linear algebra. 1 stays in this process.
    on_done : callable
        Called after each unit with (units done, units in all, label).

    Raises
    ------
    ResultsError
        If a stored unit can't be read.
    """
    wanted: dict[str, Unit] = {}
    for unit in units:
        wanted.setdefault(unit.key, unit)
    found: dict[str, dict[str, Any]] = {}
    for key, unit in wanted.items():
        if (kept := read_unit(folder, key)) is not None:
            found[key] = kept
            on_done(len(found), len(wanted), f"{unit.label} (kept)")
    missing = [unit for key, unit in wanted.items() if key not in found]
    for unit, left in _in_processes(missing, folder, workers) if min(workers, len(missing)) > 1 else _here(missing, folder):
        found[unit.key] = left
        on_done(len(found), len(wanted), unit.label)
    return found


def _here(units: Sequence[Unit], folder: Path) -> Iterator[tuple[Unit, dict[str, Any]]]:
    for unit in units:
        yield unit, do(unit, folder)


def _in_processes(units: Sequence[Unit], folder: Path, workers: int) -> Iterator[tuple[Unit, dict[str, Any]]]:
    """Yield units and what they left behind, in the order in which they are done."""
    from joblib import Parallel, delayed, parallel_config

    by_key = {unit.key: unit for unit in units}
    with parallel_config(backend="loky", inner_max_num_threads=1):
        pool = Parallel(n_jobs=min(workers, len(units)), return_as="generator_unordered", batch_size=1)
        for key, left in pool(delayed(_do_quietly)(unit, folder) for unit in units):
            yield by_key[key], left


def _do_quietly(unit: Unit, folder: Path) -> tuple[str, dict[str, Any]]:
    """Do a unit in a process of its own, which leaves Ctrl-C to the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return unit.key, do(unit, folder)


_last: list[tuple[str, Prepared]] = []


def _prepared(unit: Unit) -> Prepared:
    """Prepare a scenario, or return the last one prepared here if it is the same."""
    if not _last or _last[0][0] != unit.scenario_key:
        _last[:] = [(unit.scenario_key, prepare(unit.scenario, unit.hours))]
    return _last[0][1]


def do(unit: Unit, folder: Path) -> dict[str, Any]:
    """Simulate a unit, take its KPIs, store it, and return what is stored.

    Returns
    -------
    dict
        ``outcome`` (see `Outcome.plain`), ``bills`` and ``production`` of the assessed factories, ``events`` counted by
        component and kind, ``residual`` and the bus it is at, ``settlements``, ``hours`` and ``wall_s``.
    """
    begun = time.perf_counter()
    prepared = _prepared(unit)
    park, context = prepared.park, unit.scenario.context
    record = supply_ports(park) + ((*detail_ports(park), *unit.detail) if unit.detail is not None else ())
    run = prepared.run(unit.replication, unit.seed, record)
    worst = max(run.residuals, key=lambda bus: run.residuals[bus], default="")
    left: dict[str, Any] = {
        "outcome": evaluate(run, park, context).plain(),
        "bills": {name: [list(item) for item in items] for name, items in bills(run, park, context).items()},
        "production": {name: [list(h) for h in line_hours(run, name, one)] for name, one in park.assessed().items()},
        "events": dict(sorted(Counter(f"{event.component}.{event.what}" for event in run.events).items())),
        "residual": run.residual,
        "residual_at": worst,
        "settlements": run.settlements,
        "hours": run.hours,
    }
    detail = detail_of(run, park, context, unit.detail) if unit.detail is not None else None
    left["wall_s"] = time.perf_counter() - begun
    write_unit(folder, unit.key, left, detail)
    return left
