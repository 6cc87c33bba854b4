"""The verb ``eipsim economics``: what the measures of a catalogue are worth."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from .assembly import Plan


def economics_command(
    overrides: Annotated[
        list[str] | None, typer.Argument(help="Hydra overrides, as for [cyan]eipsim run[/].", show_default=False)
    ] = None,
    *,
    savings: Annotated[
        Literal["alone", "desk"],
        typer.Option(help="What each measure saves alone in the simulator (after eipsim run), or on paper."),
    ] = "alone",
    scenario: Annotated[str, typer.Option(help="Whose measures.")] = "all_159",
    rate: Annotated[
        float | None, typer.Option(help="Discount rate, such as 0.12; by default 0.12 with a range.", show_default=False)
    ] = None,
    persistence: Annotated[
        bool, typer.Option(help="Measures decay and some fail at first, or every year of a life is like new.")
    ] = True,
    language: Annotated[Literal["en", "vi"], typer.Option(help="Of the figure.")] = "en",
    results: Annotated[Path, typer.Option("--results", help="Folder of all results.")] = Path("results"),
) -> None:
    """Tell present value, internal rate, paybacks and costs of what is saved; draw the abatement cost curve.

    Writes every measure and the cash flow of a five-year road map to results/economics/ (docs/economics.md).
    """
    from .screen import console, drawn, mistakes_told, name_files

    with mistakes_told():
        from .config import load_plan
        from .errors import ConfigError, nearest
        from .plots.abatement_cost import draw_abatement_cost
        from .plots.slides import encode_slides
        from .readers.measure_persistence_table import read_measure_persistence
        from .results import write_figures
        from .store import csv_bytes
        from .store.folders import write_folder
        from .studies.economics import FlowYear, Worth, cash_flow, curve_of, read_rates, road_map, worth
        from .studies.economics_report import economics_tables
        from .studies.persistence import LASTING, persistence_of
        from .study_ending import manifest
        from .summary import SYNTHETIC

        rates = read_rates(rate)
        plan = load_plan(overrides or [])
        if scenario not in plan.scenarios:
            raise ConfigError(f"--scenario {scenario}: {nearest(scenario, plan.scenarios)}")
        measures = sorted(plan.scenarios[scenario].measures, key=lambda one: one.id)
        if not measures:
            raise ConfigError(f"--scenario {scenario}: has no measures")
        saved = _saved(plan, scenario, savings, results)
        usual = read_measure_persistence()
        kept = {one.id: persistence_of(one, usual) if persistence else LASTING for one in measures}
        rows = [worth(one, saved[one.id], rates, kept[one.id]) for one in measures]
        steps, left_out = curve_of(rows)
        flow = cash_flow(rows, road_map(rows), rates)
        asked = {"scenario": scenario, "savings": savings, "rate_frac": rates.middle_frac, "persistence": persistence}
        files = {
            "economics.csv": csv_bytes(rows, Worth._fields),
            "cash_flow.csv": csv_bytes(flow, FlowYear._fields),
            "manifest.json": manifest(plan, "economics", asked),
        }
        written = write_folder(results, "economics", files)
        if steps:
            status = {row.measure: row.status for row in rows}
            figure = draw_abatement_cost(
                steps, status, rate_frac=rates.middle_frac, on_paper=savings == "desk", language=language
            )
            slides = encode_slides({"abatement_cost": figure}, language=language)
            written += write_figures(results, "economics", slides)
        out = console()
        for table in economics_tables(rows, flow, rates, left_out):
            out.print(drawn(table))
        out.print(SYNTHETIC)
        name_files(written)


def _saved(plan: Plan, scenario: str, savings: str, folder: Path) -> Mapping[str, Mapping[str, float]]:
    """Return what each measure saves a year, by id and KPI."""
    from .errors import ResultsError
    from .measures.desk import DeskPrices
    from .results import read_results
    from .tabulation import DESK, HOURS_PER_YR

    chosen = plan.scenarios[scenario]
    if savings == "desk":
        prices = DeskPrices.of(chosen.context)
        paper = {one.id: one.desk(chosen.park, prices) for one in chosen.measures}
        return {name: {kpi: getattr(figures, column) for kpi, column in DESK.items()} for name, figures in paper.items()}
    found: dict[str, dict[str, float]] = {}
    stored = read_results(plan.settings.name, folder)
    years = float(stored.manifest["hours"]) / HOURS_PER_YR
    for row in stored.measures:
        if not isnan(row.alone):
            found.setdefault(row.measure, {})[row.kpi] = row.alone / years
    if missing := [one.id for one in chosen.measures if one.id not in found]:
        raise ResultsError(
            f"{folder / plan.settings.name} does not say what {', '.join(missing[:5])} save alone ({len(missing)} measures): "
            "run it with experiment.alone_replications=1, or take --savings desk"
        )
    return found
