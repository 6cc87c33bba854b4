"""What ``eipsim run`` does for an ensemble of reconciled catalogues."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .progress import Loudness, progress
from .screen import console
from .study_ending import manifest, tell

if TYPE_CHECKING:
    from .assembly import Plan


def run_ensemble_study(plan: Plan, name: str, folder: Path, loudness: Loudness) -> None:
    """Draw reconciled catalogues, leave each figure out in turn, print what that leaves open and write it."""
    from .claims import published_claims
    from .measures.base import HOURS_PER_YEAR
    from .plots.ensemble import draw_ensemble, draw_left_out
    from .plots.slides import encode_slides
    from .results import write_figures
    from .store import csv_bytes
    from .store.folders import write_folder
    from .studies.ensemble import DrawRow, ReachedRow, ValueRow, run_ensemble
    from .studies.ensemble_report import IntervalRow, ensemble_sentences, ensemble_tables, intervals
    from .studies.left_out import LeftOutRow, Prediction, WorthRow, leave_one_out, worth_spread
    from .studies.left_out_check import CheckRow, check_left_out, check_spread
    from .study_assembly import ensemble

    priors, settings = ensemble(plan)
    claims = published_claims()
    with progress(name, console(error=True), loudness) as on_done:
        found = run_ensemble(settings, priors, plan.context, claims, folder=folder, compute=plan.compute, on_done=on_done)
        share = plan.context.horizon.hours / HOURS_PER_YEAR
        left_out = (
            leave_one_out(found, priors, claims, horizon_frac=share, on_done=on_done) if settings.left_out_draws else None
        )
        checked = (
            check_left_out(found, left_out, priors, plan.context, claims, folder=folder, compute=plan.compute, on_done=on_done)
            if left_out and settings.left_out_simulated_count
            else []
        )
    rows, worth = intervals(found), worth_spread(found, claims)
    told = {
        "tried": found.tried,
        "reconciled": len(found.draws),
        "rejected": dict(found.rejected),
        "rejected_left_out": {claim: dict(counts) for claim, counts in left_out.rejected_count.items()} if left_out else {},
    }
    files = {
        "intervals.csv": csv_bytes(rows, IntervalRow._fields),
        "draws.csv": csv_bytes(found.draws, DrawRow._fields),
        "values.csv": csv_bytes(found.values, ValueRow._fields),
        "reached.csv": csv_bytes(found.reached, ReachedRow._fields),
        "worth.csv": csv_bytes(worth, WorthRow._fields),
        "manifest.json": manifest(plan, name, told),
    }
    slides = {"ensemble": draw_ensemble(rows, claims, confidence_frac=settings.confidence_frac)}
    if left_out and left_out.rows:
        files["left_out.csv"] = csv_bytes(left_out.rows, LeftOutRow._fields)
        files["predictions.csv"] = csv_bytes(left_out.predictions, Prediction._fields)
        if checked:
            files["left_out_check.csv"] = csv_bytes(checked, CheckRow._fields)
        slides["left_out"] = draw_left_out(left_out.rows, confidence_frac=settings.confidence_frac)
    written = write_folder(folder, name, files)
    written += write_figures(folder, name, encode_slides(slides))
    if loudness is not Loudness.QUIET:
        tell(ensemble_tables(found, rows, left_out, worth, check_spread(checked)), ensemble_sentences(found, left_out), written)
