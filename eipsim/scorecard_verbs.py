"""The verb ``eipsim scorecard``: the indicators of eco-industrial parks, simulated or declared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from .results import Results
    from .scenario import Scenario


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
    results: Annotated[Path, typer.Option("--results", help="Folder of all results.")] = Path("results"),
) -> None:
    """Score every scenario: met, not met, not applicable, not reported; and which indicators the measures flip.

    Reads results/recp_savings/ after [cyan]eipsim run[/]; writes nothing (docs/scorecard.md).
    """
    from .screen import console, drawn, mistakes_told

    with mistakes_told():
        from .readers.indicator_table import read_declared, read_indicators, read_score_path
        from .studies.scorecard import flips, path_table, scorecard, scorecard_table

        out = console()
        if path:
            out.print(drawn(path_table(read_score_path())))
            return
        chosen = read_indicators(framework, indicators)
        told = read_declared(declared, chosen) if declared else {}

        from .config import load_plan
        from .results import read_results

        plan = load_plan([])
        stored = read_results(plan.settings.name, results)
        cards = {name: scorecard(chosen, _values(stored, name, scenario), told) for name, scenario in plan.scenarios.items()}
        out.print(drawn(scorecard_table(framework, cards)))
        baseline = str(stored.manifest["baseline"])
        for name, card in cards.items():
            changed = [f"{code} from {before} to {after}" for code, before, after in flips(cards[baseline], card)]
            if name != baseline:
                out.print(f"{name} flips {'; '.join(changed) or 'no indicator'}.", markup=False, soft_wrap=True)


def _values(stored: Results, name: str, scenario: Scenario) -> dict[str, list[float]]:
    """Return the values of a scenario by KPI, and how many firms it has and how many of them have measures."""
    found: dict[str, list[float]] = {}
    for row in stored.kpis:
        if row.scenario == name:
            found.setdefault(row.kpi, []).append(row.value)
    count = len(next(iter(found.values()), []))
    firms = len(scenario.park.factories())
    found["firms"] = [float(firms)] * count
    found["firms_with_measures"] = [float(len({one.factory for one in scenario.measures}))] * count
    return found
