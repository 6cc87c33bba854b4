"""The command line: ``eipsim run`` and ``eipsim reproduce``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from .audit_verbs import audit_command
from .economics_verbs import economics_command
from .errors import EipsimError, ResultsError
from .progress import Loudness, StoppedByUserError, progress, telling
from .results_cli import results_app
from .scorecard_verbs import scorecard_command
from .weather_verbs import weather

if TYPE_CHECKING:
    from .assembly import Plan
    from .results import Results
    from .summary import Table
    from .sweep import Variant

MISTAKE, INTERRUPTED = 2, 130
"""Exit codes: something that the user can mend, and Ctrl-C."""

PLAIN_WIDTH = 160
"""Columns of what is written into a file or a pipe."""

WORDS_WIDTH = 24
"""Columns of the screen up to which words in a table are not folded."""

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
app.command("audit")(audit_command)
app.command("economics")(economics_command)
app.command("scorecard")(scorecard_command)


def main() -> None:
    """Run the command line."""
    app()


def console(*, error: bool = False, quiet: bool = False) -> Console:
    """Return where to write: coloured on a terminal, plain text of a fixed width elsewhere, nothing if quiet."""
    stream = sys.stderr if error else sys.stdout
    return Console(stderr=error, highlight=False, quiet=quiet, width=None if stream.isatty() else PLAIN_WIDTH)


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
    with _mistakes_told(), telling(console(error=True), loudness):
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
        console().print(_drawn(comparison_table(rows)))
        _name_files(files)


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
    with _mistakes_told(), telling(console(error=True), Loudness.USUAL):
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
    from .experiment import AUTO, run_experiment
    from .plots.slides import draw_slides, encode_slides
    from .results import write_results
    from .schema import CALIBRATION, SENSITIVITY

    plan = variant.plan
    others = {CALIBRATION: _calibrate, SENSITIVITY: _study}
    if plan.settings.type in others:
        others[plan.settings.type](plan, result_name(plan, variant.text), folder, loudness)
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


def _calibrate(plan: Plan, name: str, folder: Path, loudness: Loudness) -> None:
    """Draw a catalogue and reconcile it, print how near it comes and write it."""
    from .claims import published_claims
    from .fingerprint import code_fingerprint, versions
    from .results import write_catalogue
    from .studies.calibration import calibrate
    from .study_assembly import calibration
    from .summary import SYNTHETIC, Table, number, percent

    out, steps = console(), console(error=True, quiet=loudness is Loudness.QUIET)
    priors, settings = calibration(plan)
    found = calibrate(priors, plan.context, published_claims(), settings, on_step=lambda step: steps.print(step, markup=False))
    manifest = {
        "experiment": name,
        "config": plan.values,
        "versions": versions(),
        "code": code_fingerprint(),
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
    if loudness is Loudness.QUIET:
        return
    out.print(_drawn(Table(f"The catalogue of draw {found.draw}, and the figures it meets", columns, rows, note, 3)))
    out.print(SYNTHETIC)
    _name_files(files)


def _study(plan: Plan, name: str, folder: Path, loudness: Loudness) -> None:
    """Vary what is uncertain, print what matters and write it."""
    from .config import configs_folder
    from .fingerprint import code_fingerprint, versions
    from .plots.sensitivity import draw_sensitivity
    from .plots.slides import encode_slides
    from .results import write_catalogue, write_figures
    from .studies.sensitivity import run_sensitivity
    from .studies.sensitivity_report import sensitivity_sentences, sensitivity_tables
    from .study_assembly import sensitivity
    from .summary import SYNTHETIC

    settings, build = sensitivity(plan, configs_folder())
    with progress(name, console(error=True), loudness) as on_done:
        found = run_sensitivity(name, settings, build, folder=folder, compute=plan.compute, on_done=on_done)
    manifest = {
        "experiment": name,
        "config": plan.values,
        "versions": versions(),
        "code": code_fingerprint(),
        "failed": list(found.failed),
    }
    tables = {"indices": found.indices, "spread": found.spread}
    files = write_catalogue(folder, name, ("points.csv", found.text()), tables, manifest)
    files += write_figures(folder, name, encode_slides(draw_sensitivity(found)))
    if loudness is Loudness.QUIET:
        return
    out = console()
    for table in sensitivity_tables(found):
        out.print(_drawn(table))
    for sentence in [*sensitivity_sentences(found), SYNTHETIC]:
        out.print(sentence, markup=False)
    _name_files(files)


def _tell(results: Results, files: list[Path], *, alone: bool) -> None:
    """Print the tables, then the finding in sentences, then the files; of one of a sweep only the sentences."""
    from .precision import precision_tables
    from .summary import headline, tables

    out = console()
    for table in [*tables(results), *precision_tables(results)] if alone else ():
        out.print(_drawn(table))
    for sentence in headline(results):
        out.print(sentence, markup=False)
    if failed := results.manifest["failed"]:
        first = f"{failed[0]['label']}: {failed[0]['message']}"
        out.print(f"{len(failed)} runs failed and are left out, the first: {first}", markup=False)
    if alone:
        _name_files(files)


def _name_files(files: list[Path]) -> None:
    out = console()
    out.print(f"\n{len(files)} files:")
    for path in files:
        out.print(f"  {path}", markup=False, soft_wrap=True)


def _drawn(table: Table) -> RichTable:
    drawn = RichTable(
        title=f"\n{table.title}",
        title_justify="left",
        title_style="bold",
        caption=table.note or None,
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    for place, column in enumerate(table.columns):
        words = place < table.first_number
        widest = max((len(row[place]) for row in table.rows), default=0) if words else 0
        drawn.add_column(
            escape(column), justify="left" if words else "right", overflow="fold", min_width=min(widest, WORDS_WIDTH)
        )
    for row in table.rows:
        drawn.add_row(*(escape(cell) for cell in row))
    return drawn


@contextmanager
def _mistakes_told() -> Iterator[None]:
    """Print what the user can mend, without a traceback."""
    try:
        yield
    except StoppedByUserError as stop:
        console(error=True).print(str(stop), markup=False)
        raise typer.Exit(INTERRUPTED) from None
    except EipsimError as error:
        console(error=True).print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(MISTAKE) from None
    except KeyboardInterrupt:
        console(error=True).print("Stopped before anything was run.")
        raise typer.Exit(INTERRUPTED) from None
