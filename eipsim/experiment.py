"""Scenarios × replications under common random numbers, each unit of work kept as soon as it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal, NamedTuple

from .engines import Compute
from .errors import ConfigError, Problems, nearest
from .kpis import (
    Selecting,
    Stopping,
)
from .measures.base import Measure
from .replication import Unit, units_of
from .scenario import Scenario
from .tabulation import (
    Round,
    alone_rounds,
    distinct,
)

AUTO = "auto"
"""What stands for a number of replications that a stopping rule finds."""


@dataclass(frozen=True)
class Experiment:
    """What is simulated, and how often.

    Parameters
    ----------
    name : str
        Of its folder in the results.
    scenarios : mapping of str to Scenario
        By the name in all tables; one of them is the baseline.
    replications : int or "auto"
        Of each scenario; ``auto`` runs as many as ``stopping`` asks for.
    stopping : Stopping
        Which difference must be known how well, if replications are ``auto``.
    selection : Selecting or None
        How the scenario that saves most is selected instead, if replications are ``auto``.
    seed : int
        Of all random numbers; scenarios share them.
    alone_replications : int
        Of the rounds in which each measure stands alone in its factory; 0 leaves them out.
    workers : int, Compute or None
        Processes of this computer, or another engine; None for one process per core. The answer does not depend on it.
    record : tuple of str
        Patterns ``component.port`` (with ``*``) of which the first replication of each scenario keeps a series, beside
        those that the figures need.
    baseline : str
        The scenario that savings are counted from.
    hours : float or None
        Length of the horizon [h]; None for that of the context.
    reversed_basis : bool
        Whether the catalogue was calibrated to each published figure on the other basis than its wording says.
    config : mapping
        What was resolved to make all this, for the manifest.

    Raises
    ------
    ConfigError
        With all problems at once.
    """

    name: str
    scenarios: Mapping[str, Scenario]
    replications: int | Literal["auto"] = 10
    stopping: Stopping = field(default_factory=Stopping)
    selection: Selecting | None = None
    seed: int = 2022
    alone_replications: int = 1
    workers: int | Compute | None = None
    record: tuple[str, ...] = ()
    baseline: str = "baseline"
    hours: float | None = None
    reversed_basis: bool = False
    config: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with Problems(f'Experiment "{self.name}"', ConfigError) as problems:
            if not self.name or self.name in {"runs", "record"} or Path(self.name).name != self.name or self.name[0] == ".":
                problems.add("name", f"= {self.name!r}: must be the name of a folder, and not runs or record")
            if self.least < 1:
                problems.add("replications", f"= {self.replications}: must be 1 or more")
            if not 0 <= self.alone_replications <= self.least:
                problems.add(
                    "alone_replications", f"= {self.alone_replications}: must be from 0 to replications = {self.least}"
                )
            if self.replications == AUTO and not set(self.scenarios) - {self.baseline}:
                problems.add(
                    "replications", f"= {AUTO}: there is no scenario whose difference from the baseline could be known"
                )
            if self.compute.workers is not None and self.compute.workers < 1:
                problems.add("workers", f"= {self.compute.workers}: must be 1 or more")
            if self.baseline not in self.scenarios:
                problems.add("scenarios", f"have no {self.baseline!r}: {nearest(self.baseline, self.scenarios)}")

    @property
    def compute(self) -> Compute:
        """Where runs are done."""
        return self.workers if isinstance(self.workers, Compute) else Compute(workers=self.workers)

    @property
    def least(self) -> int:
        """Replications that are run in any case."""
        if self.replications != AUTO:
            return int(self.replications)
        return self.selection.first if self.selection else self.stopping.least

    @property
    def watched(self) -> str:
        """The KPI whose differences from the baseline are looked at."""
        return self.selection.kpi if self.selection else self.stopping.kpi


class Planned(NamedTuple):
    """The units of work of an experiment.

    Parameters
    ----------
    scenarios : dict of str to Scenario
        By name, the baseline first.
    measures : dict of str to Measure
        Of all scenarios, by key.
    rounds : list of Round
        Which measures stand alone together.
    units_to : callable
        Takes a number of replications; returns the units of each scenario.
    alone : list of list of Unit
        By round.
    """

    scenarios: dict[str, Scenario]
    measures: dict[str, Measure]
    rounds: list[Round]
    units_to: Callable[[int], dict[str, list[Unit]]]
    alone: list[list[Unit]]


def planned(experiment: Experiment) -> Planned:
    """Return the units of work of an experiment, before any is done.

    Raises
    ------
    ConfigError, ParkError, CatalogueError
        If a scenario can't be built, or ``record`` names no port.
    """
    base = experiment.scenarios[experiment.baseline]
    scenarios = {experiment.baseline: base, **experiment.scenarios}
    asked = _asked_ports(experiment, scenarios)
    measures = distinct(scenarios.values())
    rounds = alone_rounds(measures.values()) if experiment.alone_replications else []
    common: dict[str, Any] = {"seed": experiment.seed, "hours": experiment.hours, "known": {}}

    def units_to(replications: int) -> dict[str, list[Unit]]:
        return {name: units_of(name, one, range(replications), asked[name], **common) for name, one in scenarios.items()}

    alone = []
    for k, one in enumerate(rounds, start=1):
        scenario = replace(base, name="alone", measures=one.measures)
        label, replications = f"alone, round {k} of {len(rounds)}", range(experiment.alone_replications)
        alone.append(units_of(label, scenario, replications, None, **common))
    return Planned(scenarios, measures, rounds, units_to, alone)


def _asked_ports(experiment: Experiment, scenarios: Mapping[str, Scenario]) -> dict[str, tuple[str, ...]]:
    """Return the ports that ``record`` names in each scenario."""
    ports = {
        name: [f"{c}.{port}" for c, one in sorted(scenario.build().components.items()) for port in one.declared_ports()]
        for name, scenario in scenarios.items()
    }
    known = {port for own in ports.values() for port in own}
    with Problems(f'Experiment "{experiment.name}"', ConfigError) as problems:
        for pattern in experiment.record:
            if not any(fnmatchcase(port, pattern) for port in known):
                problems.add("record", f"= {pattern!r} is no port: {nearest(pattern, known)}")
    return {
        name: tuple(port for port in own if any(fnmatchcase(port, pattern) for pattern in experiment.record))
        for name, own in ports.items()
    }
