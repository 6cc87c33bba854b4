"""What ``eipsim run`` does for an experiment that asks what firms take, or what comes next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .progress import Loudness, progress
from .screen import console
from .study_ending import manifest, tell

if TYPE_CHECKING:
    from .assembly import Plan


def run_adoption_study(plan: Plan, name: str, folder: Path, loudness: Loudness) -> None:
    """Calibrate how firms decide, print what policies add and write it."""
    from .decision_assembly import adoption
    from .plots.adoption import draw_adoption
    from .plots.slides import encode_slides
    from .results import write_figures
    from .store import csv_bytes
    from .store.folders import write_folder
    from .studies.adoption_outcome import PolicyRow
    from .studies.adoption_report import adoption_sentences, adoption_tables
    from .studies.adoption_run import SimulatedRow, run_adoption

    asked = adoption(plan)
    with progress(name, console(error=True), loudness) as on_done:
        found, simulated = run_adoption(
            asked.settings, asked.baseline, asked.measured, asked.laws, folder=folder, compute=plan.compute, on_done=on_done
        )
    columns = [f"{one.policy}_frac" for one in found.policies]
    files = {
        "policies.csv": csv_bytes(found.policies, PolicyRow._fields),
        "measures.csv": csv_bytes(
            [(*row[:-1], *row.likely_frac) for row in found.measures],
            ("measure", "status", "payback_yr", "capital_vnd", *columns),
        ),
        "manifest.json": manifest(plan, name, {"intercept": found.intercept, "fit": found.fit._asdict()}),
    }
    if simulated:
        files["simulated.csv"] = csv_bytes(simulated, SimulatedRow._fields)
    written = write_folder(folder, name, files)
    written += write_figures(folder, name, encode_slides({"adoption": draw_adoption(found.policies, found.measures)}))
    if loudness is not Loudness.QUIET:
        tell(adoption_tables(found, simulated), adoption_sentences(found, asked.settings), written)


def run_choice_study(plan: Plan, name: str, folder: Path, loudness: Loudness) -> None:
    """Choose what comes next, print it beside what it saves at the meters and write it."""
    from .decision_assembly import choice
    from .plots.choice import draw_choice
    from .plots.slides import encode_slides
    from .results import write_figures
    from .store import csv_bytes
    from .store.folders import write_folder
    from .studies.choice import Candidate, Loss
    from .studies.choice_run import GapRow, SetRow, choice_sentences, choice_tables, run_choice

    settings, scenarios, replications = choice(plan)
    with progress(name, console(error=True), loudness) as on_done:
        found = run_choice(
            settings, scenarios, replications=replications, seed=plan.settings.seed, folder=folder, compute=plan.compute,
            on_done=on_done,
        )  # fmt: skip
    told = {"value": found.chosen.value, "bound": found.chosen.bound, "rule_of_thumb": found.rule_of_thumb._asdict()}
    files = {
        "chosen.csv": csv_bytes(found.rows, SetRow._fields),
        "savings.csv": csv_bytes(found.gaps, GapRow._fields),
        "candidates.csv": csv_bytes(found.candidates, Candidate._fields),
        "losses.csv": csv_bytes(found.losses, Loss._fields),
        "manifest.json": manifest(plan, name, told),
    }
    written = write_folder(folder, name, files)
    if found.rows:
        written += write_figures(folder, name, encode_slides({"what_next": draw_choice(found)}))
    if loudness is not Loudness.QUIET:
        tell(choice_tables(found, settings) if found.rows else (), choice_sentences(found, settings), written)
