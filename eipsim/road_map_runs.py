"""What ``eipsim run`` does for an experiment that asks what a road map comes to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .progress import Loudness, progress
from .screen import console
from .study_ending import manifest, tell

if TYPE_CHECKING:
    from .assembly import Plan


def run_road_map_study(plan: Plan, name: str, folder: Path, loudness: Loudness) -> None:
    """Simulate a road map, print what it saves and pays year by year and write it."""
    from .decision_assembly import road_map
    from .plots.road_map import draw_road_map
    from .plots.slides import encode_slides
    from .results import write_figures
    from .store import csv_bytes
    from .store.folders import write_folder
    from .studies.road_map_report import STEP_COLUMNS, road_map_sentences, road_map_tables, step_rows
    from .studies.road_map_run import CashRow, YearRow, run_road_map

    asked = road_map(plan)
    with progress(name, console(error=True), loudness) as on_done:
        found = run_road_map(
            asked.settings, asked.scenarios, asked.context_of, replications=asked.replications, seed=plan.settings.seed,
            folder=folder, compute=plan.compute, on_done=on_done,
        )  # fmt: skip
    files = {
        "years.csv": csv_bytes(found.years, YearRow._fields),
        "cash_flow.csv": csv_bytes(found.cash, CashRow._fields),
        "steps.csv": csv_bytes(step_rows(found), STEP_COLUMNS),
        "manifest.json": manifest(plan, name, {"segments": [str(one.start) for one in found.segments]}),
    }
    written = write_folder(folder, name, files)
    written += write_figures(folder, name, encode_slides({"road_map": draw_road_map(found)}))
    if loudness is not Loudness.QUIET:
        tell(road_map_tables(found), road_map_sentences(found, asked.settings), written)
