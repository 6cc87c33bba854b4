"""Units of work: one replication of one scenario each, named by a hash of all that decides what they leave behind."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, NamedTuple

from .fingerprint import canonical, code_fingerprint, digest, versions
from .kpis import all_bills, billed_ports, evaluate
from .kpis.bottlenecks import lost_hours
from .kpis.detail import detail_of, detail_ports, supply_ports
from .kpis.headroom import headroom, headroom_ports
from .kpis.monthly import monthly_readings
from .kpis.production import line_hours
from .kpis.supply import watched_ports
from .scenario import Prepared, Scenario, prepare
from .store import maker_of_now, unit_files


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
    subject : str
        Hash of the same without code and versions: what a unit is about, whoever makes it.
    """

    key: str
    label: str
    scenario: Scenario
    scenario_key: str
    replication: int
    seed: int
    hours: float | None
    detail: tuple[str, ...] | None
    subject: str = ""


class Made(NamedTuple):
    """What a unit left behind, not yet stored.

    Parameters
    ----------
    files : dict of str to bytes
        Numbers: the same bytes whenever the unit is done.
    run : dict
        How it went: ``label``, ``replication``, ``seed``, ``detail``, ``wall_s``, ``settlements``, ``settlements_per_s``,
        ``peak_memory_mb`` of the process so far, ``begun`` (UTC), ``subject`` and ``maker``.
    """

    files: dict[str, bytes]
    run: dict[str, Any]


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


def units_of(
    label: str,
    scenario: Scenario,
    replications: Iterable[int],
    asked: tuple[str, ...] | None = None,
    *,
    seed: int,
    hours: float | None = None,
    known: dict[int, Any] | None = None,
) -> list[Unit]:
    """Name the units of work of a scenario by everything that decides what they leave behind.

    Parameters
    ----------
    label : str
        For progress, before the number of the replication.
    scenario : Scenario
        What is simulated.
    replications : iterable of int
        Which.
    asked : tuple of str or None
        Ports whose series the first replication keeps, beside those that figures need; None for no detail at all.
    seed : int
        Of the random numbers.
    hours : float or None
        Length of the horizon [h]; None for that of the context.
    known : dict, optional
        Descriptions of parks and contexts by identity, which scenarios share; is added to.
    """
    about = {"scenario": described(scenario, known), "hours": hours}
    scenario_key, subject_key = digest(about | {"code": code_fingerprint(), "versions": versions()}), digest(about)
    units = []
    for r in replications:
        detail = asked if r == 0 else None
        own = {"replication": r, "seed": seed, "detail": detail}
        key, subject = (digest({"scenario": of} | own) for of in (scenario_key, subject_key))
        units.append(Unit(key, f"{label}, replication {r}", scenario, scenario_key, r, seed, hours, detail, subject))
    return units


_last: list[tuple[str, Prepared]] = []


def _prepared(unit: Unit) -> Prepared:
    """Prepare a scenario, or return the last one prepared here if it is the same."""
    if not _last or _last[0][0] != unit.scenario_key:
        _last[:] = [(unit.scenario_key, prepare(unit.scenario, unit.hours))]
    return _last[0][1]


def do(unit: Unit) -> Made:
    """Simulate a unit, take its KPIs, and return what it leaves behind.

    Returns
    -------
    Made
        Its numbers are ``outcome`` (see `Outcome.plain`), ``bills``, ``production`` of the assessed factories and monthly
        ``readings`` of their meters, ``lost`` hours of all lines by cause, ``headroom`` by limit, ``events`` counted by
        component and kind, ``residual`` and the bus it is at, ``settlements`` and ``hours``.
    """
    begun, begun_s = datetime.now(UTC), time.perf_counter()
    prepared = _prepared(unit)
    park, context = prepared.park, unit.scenario.context
    needed = supply_ports(park) + watched_ports(park) + billed_ports(park, context) + headroom_ports(park)
    record = needed + ((*detail_ports(park), *unit.detail) if unit.detail is not None else ())
    run = prepared.run(unit.replication, unit.seed, record)
    worst = max(run.residuals, key=lambda bus: run.residuals[bus], default="")
    left: dict[str, Any] = {
        "outcome": evaluate(run, park, context).plain(),
        "bills": {name: [list(item) for item in items] for name, items in all_bills(run, park, context).items()},
        "production": {name: [list(h) for h in line_hours(run, name, one)] for name, one in park.assessed().items()},
        "headroom": [list(room) for room in headroom(run, park)],
        "lost": [list(row) for row in lost_hours(run, park)],
        "readings": monthly_readings(run, park, context),
        "events": dict(sorted(Counter(f"{event.component}.{event.what}" for event in run.events).items())),
        "residual": run.residual,
        "residual_at": worst,
        "settlements": run.settlements,
        "hours": run.hours,
    }
    detail = detail_of(run, park, context, unit.detail) if unit.detail is not None else None
    files = unit_files(left, detail)
    wall_s = time.perf_counter() - begun_s
    return Made(
        files,
        {
            "label": unit.label,
            "replication": unit.replication,
            "seed": unit.seed,
            "detail": unit.detail,
            "begun": begun.isoformat(timespec="seconds"),
            "wall_s": round(wall_s, 4),
            "settlements": run.settlements,
            "settlements_per_s": round(run.settlements / wall_s),
            "peak_memory_mb": peak_memory_mb(),
            "subject": unit.subject,
            "maker": maker_of_now().name,
        },
    )


def peak_memory_mb() -> int | None:
    """Return the most memory that this process has held so far [MB]; None where the system does not tell."""
    try:
        from resource import RUSAGE_SELF, getrusage
    except ImportError:
        return None
    import sys

    return round(getrusage(RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3))
