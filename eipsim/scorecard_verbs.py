"""The verb ``eipsim scorecard``: the indicators of eco-industrial parks, simulated or declared."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .assembly import Plan
    from .kpis import Outcome
    from .results import Results
    from .scenario import Scenario
    from .studies.scorecard import Scored
    from .studies.scorecard_groups import By, GroupCards


def scorecard_command(
    framework: Annotated[str, typer.Argument(help="international_v1, viet_nam, or one of your own table.")] = "viet_nam",
    *,
    declared: Annotated[
        Path | None, typer.Option(help="CSV with code, status, value of what isn't simulated.", show_default=False)
    ] = None,
    indicators: Annotated[
        Path | None, typer.Option(help="Your own table of indicators and thresholds.", show_default=False)
    ] = None,
    path: Annotated[bool, typer.Option("--path", help="Show the published scores as counts instead; needs no run.")] = False,
    by: Annotated[
        Literal["category", "type", "factory", "measure"] | None,
        typer.Option(help="Simulate groups of measures too: which of them flip which indicator.", show_default=False),
    ] = None,
    scenario: Annotated[str, typer.Option(help="Whose measures --by groups.")] = "all_159",
    replications: Annotated[int, typer.Option(help="Years of each group that --by simulates.")] = 1,
    language: Annotated[Literal["en", "vi"], typer.Option(help="Of the figure.")] = "en",
    results: Annotated[Path, typer.Option("--results", help="Folder of all results.")] = Path("results"),
) -> None:
    """Score every scenario: met, not met, not applicable, not reported; and which indicators the measures flip.

    Reads results/recp_savings/ after [cyan]eipsim run[/]; writes scorecard.csv and a figure to results/scorecard/
    (docs/scorecard.md).
    """
    from .screen import console, drawn, mistakes_told, name_files

    with mistakes_told():
        from .readers.indicator_table import read_declared, read_indicators, read_score_path
        from .studies.scorecard import flips, path_table, scorecard, scorecard_table
        from .study_ending import manifest_of

        out = console()
        if path:
            out.print(drawn(path_table(read_score_path())))
            return
        chosen = read_indicators(framework, indicators)
        told = read_declared(declared, chosen) if declared else {}

        from .config import load_plan
        from .plots.scorecard import draw_scorecard
        from .plots.slides import encode_slides
        from .results import read_results, write_figures
        from .store.folders import write_folder

        plan = load_plan([])
        stored = read_results(plan.settings.name, results)
        cards = {name: scorecard(chosen, _values(stored, name, one), told) for name, one in plan.scenarios.items()}
        out.print(drawn(scorecard_table(framework, cards)))
        baseline = str(stored.manifest["baseline"])
        for name, card in cards.items():
            changed = [f"{code} from {before} to {after}" for code, before, after in flips(cards[baseline], card)]
            if name != baseline:
                out.print(f"{name} flips {'; '.join(changed) or 'no indicator'}.", markup=False, soft_wrap=True)
        files = {
            "scorecard.csv": _card_bytes(framework, cards),
            "manifest.json": manifest_of(plan, "scorecard", stored, {"framework": framework}),
        }
        if by:
            marked = partial(scorecard, chosen, declared=told)
            groups = _groups(plan, by, marked, of=(scenario, replications), like=stored)
            files["groups.csv"] = _tell_groups(cards[baseline], cards[scenario], groups, by)
        written = write_folder(results, "scorecard", files)
        figure = draw_scorecard(framework, {baseline: cards[baseline], **cards}, language=language)
        slides = encode_slides({"scorecard": figure}, language=language)
        name_files(written + write_figures(results, "scorecard", slides))


def _card_bytes(framework: str, cards: Mapping[str, Sequence[Scored]]) -> bytes:
    """Return all score cards as one table: a line for each scenario and indicator."""
    from .store import csv_bytes
    from .studies.scorecard import Scored

    rows = [(framework, name, *row) for name, card in cards.items() for row in card]
    return csv_bytes(rows, ("framework", "scenario", *Scored._fields))


def _groups(
    plan: Plan, by: By, marked: Callable[[Mapping[str, Sequence[float]]], list[Scored]], *, of: tuple[str, int], like: Results
) -> Mapping[str, GroupCards]:
    """Simulate each group of measures alone, and all measures without it, for as long as a result; score both."""
    from dataclasses import replace

    from .errors import ConfigError, nearest
    from .kpis import Outcome
    from .progress import Loudness, progress
    from .replication import units_of
    from .screen import console
    from .studies.scorecard_groups import GroupCards, groups_of
    from .work import do_all

    scenario, replications = of
    if replications < 1:
        raise ConfigError(f"--replications {replications}: must be 1 or more")
    if scenario not in plan.scenarios:
        raise ConfigError(f"--scenario {scenario}: {nearest(scenario, plan.scenarios)}")
    whole = plan.scenarios[scenario]
    groups = groups_of(whole.measures, by)
    parts = {}
    for name, own in groups.items():
        parts[name, "alone"] = replace(whole, name="alone", measures=own)
        rest = tuple(one for one in whole.measures if one not in own)
        parts[name, "without"] = replace(whole, name="without", measures=rest)
    common: dict[str, Any] = {"seed": like.manifest["seed"], "hours": float(like.manifest["hours"]), "known": {}}
    units = {key: units_of(f"{key[0]} {key[1]}", one, range(replications), **common) for key, one in parts.items()}
    with progress(f"{len(units)} scenarios", console(error=True), Loudness.USUAL) as on_done:
        found = do_all([unit for own in units.values() for unit in own], like.folder, plan.compute, on_done)

    def card(key: tuple[str, str]) -> list[Scored]:
        outcomes = [Outcome.from_plain(found[unit.key]["outcome"]) for unit in units[key]]
        return marked(_values_of(outcomes, parts[key]))

    return {name: GroupCards(len(own), card((name, "alone")), card((name, "without"))) for name, own in groups.items()}


def _tell_groups(before: Sequence[Scored], every: Sequence[Scored], groups: Mapping[str, GroupCards], by: By) -> bytes:
    """Print what groups flip, and return it as a table."""
    from .screen import console, drawn
    from .store import csv_bytes
    from .studies.scorecard_groups import GroupRow, group_rows, groups_table, pivotal

    out = console()
    out.print(drawn(groups_table(before, every, groups, by)))
    for sentence in pivotal(before, every, groups):
        out.print(sentence, markup=False, soft_wrap=True)
    return csv_bytes(group_rows(before, every, groups), GroupRow._fields)


def _values(stored: Results, name: str, scenario: Scenario) -> dict[str, list[float]]:
    """Return the values of a scenario by KPI, and how many firms it has and how many of them have measures."""
    found: dict[str, list[float]] = {}
    for row in stored.kpis:
        if row.scenario == name:
            found.setdefault(row.kpi, []).append(row.value)
    return _with_firms(found, scenario)


def _values_of(outcomes: Sequence[Outcome], scenario: Scenario) -> dict[str, list[float]]:
    return _with_firms({kpi: [one.kpis[kpi] for one in outcomes] for kpi in outcomes[0].kpis}, scenario)


def _with_firms(found: dict[str, list[float]], scenario: Scenario) -> dict[str, list[float]]:
    count = len(next(iter(found.values()), []))
    firms = len(scenario.park.factories())
    with_measures = len({one.factory for one in scenario.measures})
    return found | {"firms": [float(firms)] * count, "firms_with_measures": [float(with_measures)] * count}
