"""What ``eipsim run`` does for an experiment that goes from desk figures to meters, step by step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ConfigError, Problems, nearest
from .progress import Loudness, progress
from .screen import console
from .studies.coalitions import Doing
from .studies.waterfall import StageRow, WaterfallSettings, run_waterfall
from .study_ending import made_from, tell
from .validation import made

if TYPE_CHECKING:
    from .assembly import Plan


def waterfall_settings(plan: Plan) -> WaterfallSettings:
    """Return how the stages are simulated.

    Parameters
    ----------
    plan : Plan
        Of an experiment of type ``waterfall``.

    Raises
    ------
    ConfigError
        With everything that is wrong in ``experiment.settings``, or if its scenarios can't be compared.
    """
    given = plan.settings
    with Problems("What was asked for", ConfigError) as problems:
        own = {"seed": given.seed, "replications": given.replications}
        settings = made(WaterfallSettings, {**given.settings, **own}, "experiment.settings", problems)
        if settings and settings.baseline not in plan.scenarios:
            problems.add(
                "experiment.settings.baseline",
                f"= {settings.baseline!r} is no scenario: {nearest(settings.baseline, plan.scenarios)}",
            )
        elif settings:
            base = plan.scenarios[settings.baseline]
            if base.measures:
                problems.add(f"experiment.scenarios.{settings.baseline}.measures", "must be none: every step is from there")
            others = {name: one for name, one in plan.scenarios.items() if name != settings.baseline}
            if not others:
                problems.add("experiment.scenarios", "have none besides the baseline: there are no steps")
            for name, one in others.items():
                if not one.measures:
                    problems.add(f"experiment.scenarios.{name}.measures", "are none: there are no steps")
                if one.park is not base.park or one.context is not base.context:
                    problems.add(
                        f"experiment.scenarios.{name}", "has another park or context than the baseline: steps are of measures"
                    )
    assert settings is not None
    return settings


def descend(plan: Plan, name: str, folder: Path, loudness: Loudness) -> None:
    """Simulate the stages of every scenario, print the steps and write them."""
    from .plots.slides import encode_slides
    from .plots.waterfall import draw_waterfalls
    from .results import write_catalogue, write_figures
    from .store import csv_bytes
    from .studies.waterfall_report import waterfall_sentences, waterfall_tables

    settings = waterfall_settings(plan)
    with progress(name, console(error=True), loudness) as on_done:
        doing = Doing(settings.replications, settings.seed, folder, plan.compute, on_done)
        found = run_waterfall(name, settings, plan.scenarios, doing)
    manifest = made_from(plan, name) | {
        "hours": found.hours,
    }
    text = csv_bytes(found.rows, StageRow._fields).decode()
    files = write_catalogue(folder, name, ("waterfall.csv", text), {}, manifest)
    files += write_figures(folder, name, encode_slides(draw_waterfalls(found)))
    if loudness is not Loudness.QUIET:
        tell(waterfall_tables(found), waterfall_sentences(found), files)
