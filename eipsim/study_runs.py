"""What ``eipsim run`` does for an experiment that asks something else than savings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .adoption_runs import run_adoption_study, run_choice_study
from .ensemble_runs import run_ensemble_study
from .progress import Loudness, progress
from .road_map_runs import run_road_map_study
from .schema import ADOPTION, ATTRIBUTION, CALIBRATION, CHOICE, ENSEMBLE, ROAD_MAP, SENSITIVITY, WATERFALL
from .screen import console
from .study_ending import made_from, tell

if TYPE_CHECKING:
    from .assembly import Plan


def _calibrate(plan: Plan, name: str, folder: Path, loudness: Loudness) -> None:
    """Draw a catalogue and reconcile it, print how near it comes and write it."""
    from .claims import published_claims
    from .results import write_catalogue
    from .studies.calibration import calibrate
    from .study_assembly import calibration
    from .summary import Table, number, percent

    steps = console(error=True, quiet=loudness is Loudness.QUIET)
    priors, settings = calibration(plan)
    found = calibrate(priors, plan.context, published_claims(), settings, on_step=lambda step: steps.print(step, markup=False))
    manifest = made_from(plan, name) | {
        "draw": found.draw,
        "rejected": dict(found.rejected),
        "mix_frac": dict(found.mix_frac),
    }
    files = write_catalogue(
        folder, name, ("amata_159.csv", found.text), {"reached": found.reached, "sizes": found.sizes}, manifest
    )
    columns = ("claim", "basis", "kpi", "published", "desk", "realised", "difference")
    rows = [
        (one.claim, one.basis, one.kpi, *map(number, (one.published, one.desk, one.realised)), percent(one.difference_frac, 3))
        for one in found.reached
    ]
    rejected = ", ".join(f"{count} × {reason}" for reason, count in found.rejected.items()) or "none"
    mix = ", ".join(f"{name.removesuffix('_frac')} {percent(share)}" for name, share in found.mix_frac.items())
    note = f"Draw {found.draw}; rejected before it: {rejected}. CO2 of the proposed rows: {mix}."
    if loudness is not Loudness.QUIET:
        tell([Table(f"The catalogue of draw {found.draw}, and the figures it meets", columns, rows, note, 3)], (), files)


def _study(plan: Plan, name: str, folder: Path, loudness: Loudness) -> None:
    """Vary what is uncertain, print what matters and write it."""
    from .composition import configs_folder
    from .plots.sensitivity import draw_sensitivity
    from .plots.slides import encode_slides
    from .results import write_catalogue, write_figures
    from .studies.sensitivity import run_sensitivity
    from .studies.sensitivity_report import sensitivity_sentences, sensitivity_tables
    from .study_assembly import sensitivity

    settings, build = sensitivity(plan, configs_folder())
    with progress(name, console(error=True), loudness) as on_done:
        found = run_sensitivity(name, settings, build, folder=folder, compute=plan.compute, on_done=on_done)
    manifest = made_from(plan, name) | {
        "failed": list(found.failed),
    }
    tables = {"indices": found.indices, "spread": found.spread}
    files = write_catalogue(folder, name, ("points.csv", found.text()), tables, manifest)
    files += write_figures(folder, name, encode_slides(draw_sensitivity(found)))
    if loudness is not Loudness.QUIET:
        tell(sensitivity_tables(found), sensitivity_sentences(found), files)


def _attribute(plan: Plan, name: str, folder: Path, loudness: Loudness) -> None:
    from .attribution_runs import attribute

    attribute(plan, name, folder, loudness)


def _descend(plan: Plan, name: str, folder: Path, loudness: Loudness) -> None:
    from .waterfall_runs import descend

    descend(plan, name, folder, loudness)


STUDIES: Mapping[str, Callable[[Plan, str, Path, Loudness], None]] = {
    CALIBRATION: _calibrate,
    SENSITIVITY: _study,
    ADOPTION: run_adoption_study,
    CHOICE: run_choice_study,
    ATTRIBUTION: _attribute,
    ROAD_MAP: run_road_map_study,
    ENSEMBLE: run_ensemble_study,
    WATERFALL: _descend,
}
"""By the type of an experiment: takes what was asked, the name of the results, their folder, and how much is told."""
