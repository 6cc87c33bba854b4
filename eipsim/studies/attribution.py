"""Who deserves the credit: what each measure saves alone, last and by its Shapley share, factory by factory."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, field_validator
from pydantic.dataclasses import dataclass as checked_dataclass

from ..kpis import KPIS, Outcome, paired_savings
from ..kpis.base import KpiName
from ..measures import Measure
from ..scenario import Scenario
from .attribution_rows import (
    EXACT,
    PERMUTATIONS,
    CategoryShare,
    FactoryShare,
    PairEffect,
    Share,
    Shares,
    category_rows,
    factory_rows,
    share_rows,
    standard_error_of_mean,
)
from .calibration import assessed_part
from .coalitions import Coalitions, Doing, by_factory
from .interplay import Interplay, Members
from .shapley import antithetic_orders, coalitions_of, exact_shares, pair_effects, prefixes, sampled_shares

Floats = NDArray[np.float64]

ADDS_UP = 1e-9
"""How far the sum over groups may be from what a run shows, over the factory's use in the baseline [1]."""


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class AttributionSettings:
    """Whose saving is shared out, and how.

    Parameters
    ----------
    scenario : str
        The one whose measures share their saving.
    kpis : tuple of str
        What is shared out; counted factory by factory.
    replications, seed : int
        Of every run; all share their seeds.
    exact_up_to : int
        Measures that act on each other, up to which all their sets are valued; above, orders are drawn.
    pairs : int
        Orders drawn, each with its reverse, where they are.
    baseline : str
        What savings are counted from.
    whole_parks : bool
        Every run holds all factories, also those of which it tells nothing new: slower, and the same shares.

    Raises
    ------
    pydantic.ValidationError
        If a number or a name makes no sense.
    """

    scenario: str
    kpis: tuple[KpiName, ...]
    replications: Annotated[int, Field(ge=1)] = 1
    seed: Annotated[int, Field(ge=0)] = 2022
    exact_up_to: Annotated[int, Field(ge=1, le=14)] = 10
    pairs: Annotated[int, Field(ge=2)] = 32
    baseline: str = "baseline"
    whole_parks: bool = False

    @field_validator("kpis")
    @classmethod
    def _counted(cls, kpis: tuple[str, ...]) -> tuple[str, ...]:
        if not kpis:
            raise ValueError("must be one or more")
        for name in kpis:
            if KPIS[name].value is None:
                raise ValueError(f"{name} is not counted factory by factory, so no measure can have a share of it")
        return kpis


@dataclass(frozen=True)
class Attribution:
    """What was found.

    Parameters
    ----------
    settings : AttributionSettings
        What was asked.
    shares : tuple of Share
        By measure and KPI.
    factories : tuple of FactoryShare
        By factory and KPI; then the cross-factory remainder and the total.
    categories : tuple of CategoryShare
        By category and KPI, greatest first.
    pairs : tuple of PairEffect
        Pairs that act on each other, in groups that were valued exactly.
    groups : mapping of str to tuple of int
        By factory how many measures each group has whose members act on each other.
    taken_whole : tuple of str
        Factories whose groups did not add up, so that all their measures were taken for one.
    missed_by : tuple of str
        Factories whose meters show something else while others are away, so that every run had to hold all.
    runs, part_runs_count : int
        Sets of measures that were simulated, times replications, the whole park left out; those of them without the factories
        of which nothing was asked any more.
    """

    settings: AttributionSettings
    shares: tuple[Share, ...]
    factories: tuple[FactoryShare, ...]
    categories: tuple[CategoryShare, ...]
    pairs: tuple[PairEffect, ...]
    groups: Mapping[str, tuple[int, ...]]
    taken_whole: tuple[str, ...]
    missed_by: tuple[str, ...]
    runs: int
    part_runs_count: int


def run_attribution(name: str, settings: AttributionSettings, scenarios: Mapping[str, Scenario], doing: Doing) -> Attribution:
    """Simulate sets of measures and share the saving of all among them.

    Rounds of runs begin with all measures of each factory and with each taken out, in a park of all factories; later ones only
    hold the factories of which a set is still to be valued, and who shares a crew with them. Whether that changes what their
    meters show is tested; if it does, every run holds all.

    Factories are unions: each measure's share is its Shapley value in the game of its factory, valued at the factory's own
    meters, which is its Owen value as far as factories do not act on each other. What the whole park saves beyond the sum of
    the shares is reported as the cross-factory remainder.

    Parameters
    ----------
    name : str
        Of the results, for progress.
    settings : AttributionSettings
        What is asked.
    scenarios : mapping of str to Scenario
        The baseline and the scenario of the settings.
    doing : Doing
        How runs are done.

    Raises
    ------
    ResultsError
        If a run failed.

    References
    ----------
    G. Owen, Values of games with a priori unions, in: Mathematical Economics and Game Theory (1977) 76-88.
    """
    base, all_in = scenarios[settings.baseline], scenarios[settings.scenario]
    measures = {measure.id: measure for measure in all_in.measures}
    part = dataclasses.replace(base, park=assessed_part(base.park, measures.values()))
    coalitions = Coalitions(part, measures, doing)
    own = by_factory(measures)
    games = {
        factory: _Game(factory, mine, Interplay.of(mine, part.park, part.context), settings) for factory, mine in own.items()
    }
    wanted = {factory: game.wanted() for factory, game in games.items()}
    most = 1 + max(len(mine) for mine in own.values())
    whole_rounds_count = None if settings.whole_parks else most
    park_units = [doing.units(f"whole park, {one.name}", one, {}) for one in (base, all_in)]
    planned = [units for _, units in coalitions.planned(name, wanted, whole_rounds_count)]
    teams = {} if whole_rounds_count is None else coalitions.planned_teams(name, wanted, whole_rounds_count)
    apart_units = coalitions.planned_apart(name).values()
    quiet = doing.ahead([*park_units, *apart_units, *planned, *teams.values()])
    coalitions.doing = quiet
    coalitions.run(name, wanted, whole_rounds_count)
    apart = coalitions.apart(name, settings.kpis)
    if missed_by := coalitions.missed_by(teams):
        coalitions = Coalitions(part, measures, doing, coalitions.runs, coalitions.part_runs_count)
        coalitions.run(f"{name}, all factories there", wanted)
    whole = tuple(factory for factory, game in games.items() if not game.adds_up(coalitions))
    games |= {factory: dataclasses.replace(games[factory], interplay=Interplay.whole(own[factory])) for factory in whole}
    coalitions.doing = doing
    again = {factory: games[factory].wanted() for factory in whole}
    coalitions.run(f"{name}, as a whole", again)
    before, after = ([Outcome.from_plain(record["outcome"]) for record in own] for own in quiet.records(park_units))
    total = np.array([paired_savings(KPIS[kpi], before, after)[0] for kpi in settings.kpis]).T
    shares = _shares(settings, games, coalitions)
    return Attribution(
        settings,
        tuple(share_rows(shares)),
        tuple(factory_rows(shares, apart, total)),
        tuple(category_rows(shares)),
        tuple(row for game in games.values() for row in game.pair_rows(coalitions)),
        {factory: game.sizes for factory, game in games.items()},
        whole,
        missed_by,
        coalitions.runs * doing.replications,
        coalitions.part_runs_count * doing.replications,
    )


@dataclass(frozen=True)
class _Game:
    """The measures of one factory, and which sets of them must be simulated."""

    factory: str
    measures: Mapping[str, Measure]
    interplay: Interplay
    settings: AttributionSettings

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Measures in groups whose members act on each other, in the order of their keys."""
        parts = self.interplay.parts(frozenset(self.measures))
        return tuple(tuple(key for key in self.interplay.keys if key in part) for part in parts)

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(sorted((len(group) for group in self.groups), reverse=True))

    def is_exact(self, group: Sequence[str]) -> bool:
        return len(group) <= self.settings.exact_up_to

    def orders(self, group: Sequence[str]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        return antithetic_orders(group, self.settings.pairs, self.settings.seed)

    def wanted(self) -> list[Members]:
        """Return all together, each taken out, each alone, and the parts of every set that shares ask for."""
        everyone = frozenset(self.measures)
        found = [everyone, *(everyone - {key} for key in self.interplay.keys)]
        found += [frozenset({key}) for key in self.interplay.keys]
        for group in self.groups:
            sets = coalitions_of(group)
            if not self.is_exact(group):
                sets = [members for pair in self.orders(group) for order in pair for members in prefixes(order)]
            found += [part for members in sets for part in self.interplay.parts(members)]
        return [members for members in dict.fromkeys(found) if members]

    def value(self, coalitions: Coalitions) -> Callable[[Members], Floats]:
        """Return the value of a set as the sum over its parts, shape (replications, kpis)."""
        known: dict[Members, Floats] = {}

        def of(members: Members) -> Floats:
            total = np.zeros((self.settings.replications, len(self.settings.kpis)))
            for part in self.interplay.parts(members):
                if part not in known:
                    known[part] = coalitions.saved(self.factory, part, self.settings.kpis)
                total = total + known[part]
            return total

        return of

    def adds_up(self, coalitions: Coalitions) -> bool:
        """Say whether groups explain what the runs with all measures, and without each of them, show."""
        value, everyone = self.value(coalitions), frozenset(self.measures)
        used = [outcome.used for outcome in coalitions.outcomes(self.factory, frozenset())]
        scale = np.array([[abs(one[_value_name(kpi)]) for kpi in self.settings.kpis] for one in used])
        for members in (everyone, *(everyone - {key} for key in self.measures)):
            shown = coalitions.saved(self.factory, members, self.settings.kpis)
            if np.any(np.abs(value(members) - shown) > ADDS_UP * scale):
                return False
        return True

    def pair_rows(self, coalitions: Coalitions) -> list[PairEffect]:
        rows = []
        for group in self.groups:
            if len(group) < 2 or not self.is_exact(group):
                continue
            for (one, other), effect in pair_effects(group, self.value(coalitions)).items():
                for k, kpi in enumerate(self.settings.kpis):
                    ids = self.measures[one].id, self.measures[other].id
                    middle = float(effect[:, k].mean())
                    rows.append(
                        PairEffect(*ids, self.factory, kpi, KPIS[kpi].unit, middle, standard_error_of_mean(effect[:, k]))
                    )
        return rows


def _value_name(kpi: str) -> str:
    value = KPIS[kpi].value
    assert value is not None
    return value.__name__


def _shares(settings: AttributionSettings, games: Mapping[str, _Game], coalitions: Coalitions) -> Shares:
    found: dict[str, Floats] = {}
    methods: dict[str, str] = {}
    drawn_keys: list[tuple[tuple[str, ...], Floats]] = []
    keys = [key for game in games.values() for key in game.interplay.keys]
    for game in games.values():
        value = game.value(coalitions)
        for group in game.groups:
            if game.is_exact(group):
                shares = exact_shares(group, value)
            else:
                by_pair = sampled_shares(group, game.orders(group), value)
                shares = by_pair.mean(axis=0)
                drawn_keys.append((group, by_pair.mean(axis=2)))
            found |= dict(zip(group, shares, strict=True))
            methods |= dict.fromkeys(group, EXACT if game.is_exact(group) else PERMUTATIONS)
    alone, last = [], []
    for factory, game in games.items():
        everyone = frozenset(game.measures)
        together = coalitions.saved(factory, everyone, settings.kpis)
        for key in game.interplay.keys:
            alone.append(coalitions.saved(factory, frozenset({key}), settings.kpis))
            rest = everyone - {key}
            last.append(together - coalitions.saved(factory, rest, settings.kpis))
    place = {key: k for k, key in enumerate(keys)}
    return Shares(
        tuple(coalitions.measures[key] for key in keys),
        settings.kpis,
        np.array(alone),
        np.array(last),
        np.array([found[key] for key in keys]),
        tuple((tuple(place[key] for key in group), by_pair) for group, by_pair in drawn_keys),
        tuple(methods[key] for key in keys),
    )
