"""The command line: ``eipsim run`` and ``eipsim reproduce``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .audit_verbs import audit_command
from .catalogue_verbs import catalogue
from .detectable_verbs import detectable_command
from .economics_verbs import economics_command
from .errors import ResultsError
from .operator_verbs import bottlenecks_command, headroom_command
from .progress import Loudness, progress, telling
from .results_cli import results_app
from .scorecard_verbs import scorecard_command
from .screen import console, drawn, mistakes_told, name_files
from .weather_verbs import weather

if TYPE_CHECKING:
    from .results import Results
    from .sweep import Variant

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Simulates an eco-industrial park, and what its resource-efficiency measures save at the meters.",
)

app.add_typer(weather, name="weather")
app.add_typer(results_app, name="results")
app.add_typer(catalogue, name="catalogue")
app.command("audit")(audit_command)
app.command("bottlenecks")(bottlenecks_command)
app.command("economics")(economics_command)
app.command("headroom")(headroom_command)
app.command("detectable")(detectable_command)
app.command("scorecard")(scorecard_command)


def main() -> None:
    """Run the command line."""
    app()


def _show_version(wanted: bool) -> None:
    if wanted:
        import eipsim

        console().print(f"eipsim {eipsim.__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    pass


Folder = Annotated[Path, typer.Option("--results", help="Folder of all results.")]


@app.command()
def run(
    overrides: Annotated[
        list[str] | None,
        typer.Argument(
            help="Hydra overrides: [cyan]experiment.replications=30[/], [cyan]context=amata_2026[/], …", show_default=False
        ),
    ] = None,
    multirun: Annotated[
        bool, typer.Option("-m", "--multirun", help="Run every combination of swept values, e.g. experiment.seed=1,2,3.")
    ] = False,
    *,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print warnings and errors only.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Print a line for each run.")] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Write a line of JSON for each run to stderr.")] = False,
    results: Folder = Path("results"),
) -> None:
    """Simulate an experiment, print what it found, and write results/<experiment>/.

    Without overrides this is [cyan]experiment=recp_savings[/]: the park's year as it was, with the 60 measures, and with
    all 159, beside what was published. Runs that are already there for the same code and settings are read, not repeated.
    """
    loudness = _loudness(quiet=quiet, verbose=verbose, log_json=log_json)
    with mistakes_told(), telling(console(error=True), loudness):
        from .sweep import load_sweep

        asked = load_sweep(overrides or [], multirun=multirun)
        if len(asked) == 1:
            _run(asked[0], results, loudness)
            return
        _do_ahead(asked, results, loudness)
        done = []
        for number, variant in enumerate(asked, 1):
            if loudness is not Loudness.QUIET:
                console().rule(f"{number} of {len(asked)}: {variant.text}")
            if (found := _run(variant, results, loudness, alone=False)) is not None:
                done.append(found)
        _compare(done, results, loudness)


def _loudness(*, quiet: bool, verbose: bool, log_json: bool) -> Loudness:
    return Loudness.JSON if log_json else Loudness.QUIET if quiet else Loudness.VERBOSE if verbose else Loudness.USUAL


def _do_ahead(asked: Sequence[Variant], folder: Path, loudness: Loudness) -> None:
    """Do the runs of all variants in one go, so that no worker waits for the last run of a variant."""
    from .config import experiment_of
    from .experiment import planned
    from .schema import SAVINGS
    from .work import do_missing

    units = []
    for variant in asked:
        if variant.plan.settings.type == SAVINGS:
            experiment = experiment_of(variant.plan, variant.text)
            plan = planned(experiment)
            units += [unit for own in (*plan.units_to(experiment.least).values(), *plan.alone) for unit in own]
    with progress(f"{len(asked)} variants", console(error=True), loudness) as on_done:
        do_missing(units, folder, asked[0].plan.compute, on_done)


def _compare(done: Sequence[Results], folder: Path, loudness: Loudness) -> None:
    """Print and write one table over the variants of a sweep."""
    from .comparison import comparison_rows, comparison_table, write_comparison

    if not done:
        return
    rows = comparison_rows(done)
    files = write_comparison(folder, done, rows)
    if loudness is not Loudness.QUIET:
        console().print(drawn(comparison_table(rows)))
        name_files(files)


@app.command()
def reproduce(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[EXPERIMENT]...", help="Which; all that have a record.", show_default=False),
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Make what was found the record.")] = False,
    results: Folder = Path("results"),
) -> None:
    """Run every experiment that has a record again, and name every difference from results/record/.

    Exit code 1 if there is any, unless it is accepted. A first record is made by naming its experiment with
    [cyan]--accept[/]; without a name that is [cyan]recp_savings[/].
    """
    with mistakes_told(), telling(console(error=True), Loudness.USUAL):
        from .reproduction import recorded_names
        from .sweep import load_sweep

        known = recorded_names(results)
        default = load_sweep([], multirun=False)[0].plan.settings.name
        wanted = list(names or known or [default])
        if not accept and (missing := [name for name in wanted if name not in known]):
            raise ResultsError(f"{results}/record/{missing[0]} holds no record: write it with `eipsim reproduce --accept`")
        plans = {name: load_sweep([] if name == default else [f"experiment={name}"], multirun=False)[0] for name in wanted}
        differing = [name for name, variant in plans.items() if _differs(name, variant, results, accept=accept)]
        if differing:
            raise typer.Exit(1)


def _differs(name: str, variant: Variant, folder: Path, *, accept: bool) -> bool:
    """Run an experiment, and accept it or say how it differs from its record."""
    from .reproduction import differences
    from .results import accept as accept_results

    out = console()
    _run(variant, folder, Loudness.USUAL)
    if accept:
        for path in accept_results(name, folder):
            out.print(f"  {path}", soft_wrap=True)
        out.print(f"Accepted as the record of {name}.")
        return False
    found = differences(name, folder)
    for line in found:
        out.print(f"  {line}", markup=False, soft_wrap=True)
    if found:
        out.print(f"{len(found)} differences from the record of {name}.")
    else:
        out.print(f"The record of {name} is reproduced: tables within a millionth, figures byte by byte.")
    return bool(found)


def _run(variant: Variant, folder: Path, loudness: Loudness, *, alone: bool = True) -> Results | None:
    """Do what an experiment asks, print it and write it; one of a sweep is told in a few lines and draws no figures."""
    from .config import experiment_of, result_name
    from .experiment import AUTO
    from .experiment_run import run_experiment
    from .plots.slides import draw_slides, encode_slides
    from .results import write_results
    from .study_runs import STUDIES

    plan = variant.plan
    if plan.settings.type in STUDIES:
        STUDIES[plan.settings.type](plan, result_name(plan, variant.text), folder, loudness)
        return None
    experiment = experiment_of(plan, variant.text)
    done_ahead = not alone and experiment.replications != AUTO
    with progress(experiment.name, console(error=True), Loudness.QUIET if done_ahead else loudness) as on_done:
        results = run_experiment(experiment, folder, on_done)
    results = replace(results, manifest={**results.manifest, "swept": dict(variant.swept)})
    figures = encode_slides(draw_slides(results)) if alone and not _without_detail(results) else {}
    files = write_results(results, figures)
    if loudness is not Loudness.QUIET:
        _tell(results, files, alone=alone)
    return results


def _without_detail(results: Results) -> bool:
    """Say whether the replication that figures are drawn from has failed in any scenario."""
    from .store import read_detail

    return any(read_detail(results.folder, keys[0]) is None for keys in results.manifest["units"].values())


def _tell(results: Results, files: list[Path], *, alone: bool) -> None:
    """Print the tables, then the finding in sentences, then the files; of one of a sweep only the sentences."""
    from .precision import precision_tables
    from .summary import headline, tables

    out = console()
    for table in [*tables(results), *precision_tables(results)] if alone else ():
        out.print(drawn(table))
    for sentence in headline(results):
        out.print(sentence, markup=False)
    if failed := results.manifest["failed"]:
        first = f"{failed[0]['label']}: {failed[0]['message']}"
        out.print(f"{len(failed)} runs failed and are left out, the first: {first}", markup=False)
    if alone:
        name_files(files)
