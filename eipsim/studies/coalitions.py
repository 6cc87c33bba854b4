"""Sets of measures, simulated many factories at a time, and what each set saves at its factory's own meters."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..components import Factory
from ..engines import Compute
from ..errors import ResultsError
from ..kpis import KPIS, FactoryOutcome, Kpi, Outcome, factory_saving
from ..measures import Measure
from ..park import Park
from ..replication import Unit, units_of
from ..scenario import Scenario
from ..work import Progress, do_all, do_missing, failures_of
from .interplay import Members

Floats = NDArray[np.float64]
Record = Mapping[str, Any]

ROUNDING = 1e-9
"""How far meters of a factory may be from each other in runs that should show the same, over what they show [1]."""


def by_factory(measures: Mapping[str, Measure]) -> dict[str, dict[str, Measure]]:
    """Return measures by factory and key, factories in order of their names."""
    found: dict[str, dict[str, Measure]] = {}
    for key, measure in measures.items():
        found.setdefault(measure.factory, {})[key] = measure
    return dict(sorted(found.items()))


def rounds_of(wanted: Mapping[str, Iterable[Members]]) -> list[dict[str, Members]]:
    """Return rounds that hold the first, second, … coalition of each factory: one run tells of all factories at once.

    Valid while factories do not act on each other's meters. As many rounds as the factory with most coalitions has; the empty
    coalition is the baseline and needs none.

    Parameters
    ----------
    wanted : mapping of str to iterable of frozenset of str
        Coalitions by factory; each once.
    """
    lists = {name: [one for one in dict.fromkeys(own) if one] for name, own in wanted.items()}
    most = max((len(own) for own in lists.values()), default=0)
    return [{name: own[k] for name, own in lists.items() if k < len(own)} for k in range(most)]


def teams_of(park: Park) -> tuple[frozenset[str], ...]:
    """Return the factories of a park in teams: who shares a repair crew waits for it, so that teams are simulated as wholes."""
    found: dict[str, set[str]] = {}
    for name, one in park.factories().items():
        found.setdefault(f"crew {one.crew}" if one.crew else name, set()).add(name)
    return tuple(frozenset(team) for team in found.values())


@dataclass(frozen=True)
class Doing:
    """How runs are done.

    Parameters
    ----------
    replications, seed : int
        Of every run; all share their seeds.
    folder : Path
        Of all results.
    compute : Compute
        Where.
    on_done : callable
        Called after each run with (done, total, label).
    """

    replications: int
    seed: int
    folder: Path
    compute: Compute
    on_done: Progress

    def units(self, label: str, scenario: Scenario, known: dict[int, Any]) -> list[Unit]:
        """Return the units of work of a scenario."""
        return units_of(label, scenario, range(self.replications), None, seed=self.seed, known=known)

    def ahead(self, units: Iterable[Sequence[Unit]]) -> Doing:
        """Do what is missing of many units at once; return what does the same without telling, for who asks for them next."""
        do_missing([unit for own in units for unit in own], self.folder, self.compute, self.on_done)
        return dataclasses.replace(self, on_done=_silent)

    def records(self, units: Sequence[Sequence[Unit]]) -> list[tuple[Record, ...]]:
        """Do what is missing; return what each run left behind.

        Raises
        ------
        ResultsError
            If a run failed: differences of sets of measures need all of them.
        """
        wanted = [unit for own in units for unit in own]
        found = do_all(wanted, self.folder, self.compute, self.on_done)
        gone = [unit for unit in wanted if unit.key not in found]
        if gone:
            why = failures_of(gone, self.folder).get(gone[0].key, {"message": "is gone"})
            raise ResultsError(
                f"{gone[0].label} failed: {why['message']}. {len(gone)} of {len(wanted)} runs are missing, and savings of sets "
                "of measures can't be told without them"
            )
        return [tuple(found[unit.key] for unit in own) for own in units]


def _silent(done: int, total: int, label: str) -> None:
    pass


@dataclass
class Coalitions:
    """What sets of measures leave at the meters of their factory, in one park and context.

    Parameters
    ----------
    base : Scenario
        Before any measure; its park is best an `assessed_part`.
    measures : mapping of str to Measure
        By key.
    doing : Doing
        How runs are done.
    """

    base: Scenario
    measures: Mapping[str, Measure]
    doing: Doing
    runs: int = 0
    part_runs_count: int = 0
    _known: dict[int, Any] = field(default_factory=dict)
    _parts: dict[frozenset[str], Scenario] = field(default_factory=dict)
    _found: dict[tuple[str, Members], tuple[tuple[FactoryOutcome, Sequence[Any]], ...]] = field(default_factory=dict)

    def planned(
        self, label: str, wanted: Mapping[str, Iterable[Members]], whole_rounds_count: int | None = None
    ) -> list[tuple[dict[str, Members], list[Unit]]]:
        """Return the runs that `run` would do: which coalition each factory has, and the units of work.

        Parameters
        ----------
        label : str
            For progress.
        wanted : mapping of str to iterable of frozenset of str
            Coalitions by factory.
        whole_rounds_count : int or None
            Rounds that hold all factories; later ones only the teams (see `teams_of`) of which a coalition is still asked
            for. None for all.
        """
        missing = {name: [one for one in own if (name, one) not in self._found] for name, own in wanted.items()}
        rounds = rounds_of(missing)
        planned = []
        if not self._found:
            nobody = {name: frozenset[str]() for name in self.base.park.factories()}
            planned.append((nobody, self._units(f"{label}, baseline", frozenset())))
        for k, one in enumerate(rounds, start=1):
            members = frozenset[str]().union(*one.values())
            all_there = whole_rounds_count is None or k <= whole_rounds_count
            there = self._everyone() if all_there else self._company(one)
            planned.append((one, self._units(f"{label}, run {k} of {len(rounds)}", members, there)))
        return planned

    def run(self, label: str, wanted: Mapping[str, Iterable[Members]], whole_rounds_count: int | None = None) -> None:
        """Simulate the coalitions that are not known yet, together as `rounds_of` says; parameters as of `planned`.

        Raises
        ------
        ResultsError
            If a run failed.
        """
        planned = self.planned(label, wanted, whole_rounds_count)
        self.runs += len(planned)
        self.part_runs_count += sum(units[0].scenario.park is not self.base.park for _, units in planned)
        for (one, _), records in zip(planned, self.doing.records([units for _, units in planned]), strict=True):
            self._keep(one, records)

    def planned_apart(self, label: str) -> dict[str, list[Unit]]:
        """Return by factory the units of work in which all its measures are done and no others."""
        own = by_factory(self.measures)
        return {name: self._units(f"{label}, {name} by itself", frozenset(measures)) for name, measures in own.items()}

    def apart(self, label: str, kpis: Sequence[str]) -> dict[str, Floats]:
        """Return what all measures of each factory save at its meters while no other factory has any.

        Parameters
        ----------
        label : str
            For progress.
        kpis : sequence of str
            Counted factory by factory.

        Returns
        -------
        dict of str to ndarray of shape (replications, kpis)
            By factory [unit of the KPI]; `run` must have been called before.
        """
        units = self.planned_apart(label)
        self.runs += len(units)
        found = {}
        for name, records in zip(units, self.doing.records(list(units.values())), strict=True):
            after = [Outcome.from_plain(record["outcome"]).factories[name] for record in records]
            found[name] = _savings(kpis, self.outcomes(name, frozenset()), after)
        return found

    def planned_teams(
        self, label: str, wanted: Mapping[str, Iterable[Members]], whole_rounds_count: int
    ) -> dict[tuple[frozenset[str], bool], list[Unit]]:
        """Return the units of work in which a team is there by itself, without and with all its measures.

        Of each team of which the rounds beyond ``whole_rounds_count`` ask for a coalition while another team is away;
        parameters as of `planned`.
        """
        late = rounds_of(wanted)[whole_rounds_count:]
        away = [self._company(one) for one in late if self._company(one) != self._everyone()]
        own = by_factory(self.measures)
        planned = {}
        for team in teams_of(self.base.park):
            if any(team <= company for company in away):
                members = frozenset(key for name in team for key in own.get(name, ()))
                for are_done in (False, True):
                    told = f"{label}, {', '.join(sorted(team))} without other factories"
                    planned[team, are_done] = self._units(told, members if are_done else frozenset(), team)
        return planned

    def missed_by(self, planned: Mapping[tuple[frozenset[str], bool], list[Unit]]) -> tuple[str, ...]:
        """Return the factories whose meters show something else while other teams are away.

        Parameters
        ----------
        planned : mapping of (frozenset of str, bool) to list of Unit
            Of `planned_teams`; `run` must have been called with all measures of each factory before.
        """
        own = by_factory(self.measures)
        self.runs += len(planned)
        self.part_runs_count += len(planned)
        found = set()
        for (team, are_done), records in zip(planned, self.doing.records(list(planned.values())), strict=True):
            for name in team:
                members = frozenset(own.get(name, ())) if are_done else frozenset[str]()
                if (name, members) not in self._found:
                    continue
                for there, record in zip(self.outcomes(name, members), records, strict=True):
                    alone = Outcome.from_plain(record["outcome"]).factories[name].used
                    if any(abs(alone[key] - shown) > ROUNDING * abs(shown) for key, shown in there.used.items()):
                        found.add(name)
        return tuple(sorted(found))

    def _everyone(self) -> frozenset[str]:
        return frozenset(self.base.park.factories())

    def _company(self, names: Iterable[str]) -> frozenset[str]:
        """Return the factories that have to be there for the meters of some: all of their teams."""
        asked = set(names)
        return frozenset[str]().union(*(team for team in teams_of(self.base.park) if team & asked))

    def _units(self, label: str, members: Members, there: frozenset[str] | None = None) -> list[Unit]:
        chosen = tuple(self.measures[key] for key in sorted(members))
        base = self.base if there is None or there == self._everyone() else self._part(there)
        return self.doing.units(label, dataclasses.replace(base, name="coalition", measures=chosen), self._known)

    def _part(self, there: frozenset[str]) -> Scenario:
        """Return the baseline of a park that only has these factories."""
        if there not in self._parts:
            park = self.base.park
            kept = {name: one for name, one in park.components.items() if not isinstance(one, Factory) or name in there}
            self._parts[there] = dataclasses.replace(self.base, park=dataclasses.replace(park, components=kept))
        return self._parts[there]

    def _keep(self, of: Mapping[str, Members], records: Sequence[Record]) -> None:
        outcomes = [Outcome.from_plain(record["outcome"]) for record in records]
        for name, members in of.items():
            self._found[name, members] = tuple(
                (outcome.factories[name], record["bills"].get(name, ()))
                for outcome, record in zip(outcomes, records, strict=True)
            )

    def outcomes(self, name: str, members: Members) -> list[FactoryOutcome]:
        """Return what a factory used with a coalition, by replication."""
        return [outcome for outcome, _ in self._found[name, members]]

    def bills(self, name: str, members: Members) -> list[Sequence[Any]]:
        """Return the bill of an assessed factory with a coalition, item by item, by replication."""
        return [items for _, items in self._found[name, members]]

    def saved(self, name: str, members: Members, kpis: Sequence[str]) -> Floats:
        """Return what a coalition saves at its factory's meters at equal production.

        Parameters
        ----------
        name : str
            Of the factory.
        members : frozenset of str
            A coalition that was run; the empty one saves nothing.
        kpis : sequence of str
            Counted factory by factory.

        Returns
        -------
        ndarray of shape (replications, kpis)
            [unit of the KPI]; 0 for what the boundary of a KPI leaves out.
        """
        return _savings(kpis, self.outcomes(name, frozenset()), self.outcomes(name, members))


def _savings(kpis: Sequence[str], before: Sequence[FactoryOutcome], after: Sequence[FactoryOutcome]) -> Floats:
    return np.array([[saving_of(KPIS[kpi], b, a) for kpi in kpis] for b, a in zip(before, after, strict=True)])


def saving_of(kpi: Kpi, before: FactoryOutcome, after: FactoryOutcome) -> float:
    """Return what one factory saves of a KPI at equal production; 0 outside its boundary [unit of the KPI]."""
    if kpi.value is None or not (before.assessed or kpi.boundary == "park"):
        return 0.0
    return factory_saving(kpi.value.__name__, before, after)
