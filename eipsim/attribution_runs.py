"""What ``eipsim run`` does for an experiment that asks who deserves the credit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ConfigError, Problems, nearest
from .progress import Loudness, progress
from .screen import console
from .studies.attribution import AttributionSettings, run_attribution
from .studies.coalitions import Doing
from .study_ending import made_from, tell
from .validation import made

if TYPE_CHECKING:
    from .assembly import Plan


def attribution_settings(plan: Plan) -> AttributionSettings:
    """Return whose saving is shared out, and how.

    Parameters
    ----------
    plan : Plan
        Of an experiment of type ``attribution``.

    Raises
    ------
    ConfigError
        With everything that is wrong in ``experiment.settings``, or if its scenarios can't be compared.
    """
    given = plan.settings
    with Problems("What was asked for", ConfigError) as problems:
        own = {"seed": given.seed, "replications": given.replications}
        settings = made(AttributionSettings, {**given.settings, **own}, "experiment.settings", problems)
        for name in (settings.scenario, settings.baseline) if settings else ():
            if name not in plan.scenarios:
                problems.add("experiment.settings", f"name no scenario {name!r}: {nearest(name, plan.scenarios)}")
        if settings and not problems.lines:
            base, one = plan.scenarios[settings.baseline], plan.scenarios[settings.scenario]
            where = f"experiment.scenarios.{settings.scenario}"
            if base.measures:
                problems.add(f"experiment.scenarios.{settings.baseline}.measures", "must be none: shares are of all measures")
            if not one.measures:
                problems.add(f"{where}.measures", "are none: there is no saving to share")
            if one.park is not base.park or one.context is not base.context:
                problems.add(where, "has another park or context than the baseline: shares are of measures alone")
    assert settings is not None
    return settings


def attribute(plan: Plan, name: str, folder: Path, loudness: Loudness) -> None:
    """Share the saving of a scenario among its measures, print the shares and write them."""
    from .plots.attribution import draw_attribution
    from .plots.slides import encode_slides
    from .results import write_catalogue, write_figures
    from .store import csv_bytes
    from .studies.attribution_report import attribution_sentences, attribution_tables
    from .studies.attribution_rows import Share

    settings = attribution_settings(plan)
    with progress(name, console(error=True), loudness) as on_done:
        doing = Doing(settings.replications, settings.seed, folder, plan.compute, on_done)
        found = run_attribution(name, settings, plan.scenarios, doing)
    manifest = made_from(plan, name) | {
        "groups": {factory: list(sizes) for factory, sizes in found.groups.items()},
        "taken_whole": list(found.taken_whole),
        "missed_by": list(found.missed_by),
        "runs": found.runs,
        "part_runs": found.part_runs_count,
    }
    tables = {"factories": found.factories, "categories": found.categories, "pairs": found.pairs}
    text = csv_bytes(found.shares, Share._fields).decode()
    files = write_catalogue(
        folder, name, ("attribution.csv", text), {key: rows for key, rows in tables.items() if rows}, manifest
    )
    files += write_figures(folder, name, encode_slides(draw_attribution(found)))
    if loudness is not Loudness.QUIET:
        tell(attribution_tables(found), attribution_sentences(found), files)
