"""The command line: ``eipsim run`` and ``eipsim reproduce``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table as RichTable

from .errors import EipsimError, ResultsError
from .results_cli import results_app
from .weather_verbs import weather

if TYPE_CHECKING:
    from .assembly import Plan
    from .results import Results
    from .summary import Table

MISTAKE, INTERRUPTED = 2, 130
"""Exit codes: something that the user can mend, and Ctrl-C."""

PLAIN_WIDTH = 160
"""Columns of what is written into a file or a pipe."""

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


def main() -> None:
    """Run the command line."""
    app()


def console(*, error: bool = False) -> Console:
    """Return where to write: coloured on a terminal, plain text of a fixed width elsewhere."""
    stream = sys.stderr if error else sys.stdout
    return Console(stderr=error, highlight=False, width=None if stream.isatty() else PLAIN_WIDTH)


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
    results: Folder = Path("results"),
) -> None:
    """Simulate an experiment, print what it found, and write results/<experiment>/.

    Without overrides this is [cyan]experiment=recp_savings[/]: the park's year as it was, with the 60 measures, and with
    all 159, beside what was published. Runs that are already there for the same code and settings are read, not repeated.
    """
    with _mistakes_told():
        from .config import load_plan, load_sweep

        asked = load_sweep(overrides or []) if multirun else [("", load_plan(overrides or []))]
        for number, (variant, plan) in enumerate(asked, 1):
            if len(asked) > 1:
                console().rule(f"{number} of {len(asked)}: {variant}")
            _run(plan, variant, results)


@app.command()
def reproduce(
    accept: Annotated[bool, typer.Option("--accept", help="Make what was found the record.")] = False,
    results: Folder = Path("results"),
) -> None:
    """Run the experiment of record again and name every difference from results/record/.

    Exit code 1 if there is any, unless it is accepted.
    """
    with _mistakes_told():
        from .config import load_plan
        from .reproduction import differences
        from .results import RECORD
        from .results import accept as accept_results

        out = console()
        plan = load_plan()
        name = plan.settings.name
        if not accept and not (results / RECORD / name).is_dir():
            raise ResultsError(f"{results / RECORD / name} holds no record: write it with `eipsim reproduce --accept`")
        _run(plan, "", results)
        if accept:
            for path in accept_results(name, results):
                out.print(f"  {path}", soft_wrap=True)
            out.print(f"Accepted as the record of {name}.")
            return
        found = differences(name, results)
        for line in found:
            out.print(f"  {line}", markup=False, soft_wrap=True)
        if found:
            out.print(f"{len(found)} differences from the record of {name}.")
            raise typer.Exit(1)
        out.print(f"The record of {name} is reproduced: tables within a millionth, figures byte by byte.")


def _run(plan: Plan, variant: str, folder: Path) -> None:
    """Do what an experiment asks, print it and write it."""
    from .config import experiment_of, result_name
    from .experiment import run_experiment
    from .plots.slides import draw_slides, encode_slides
    from .results import write_figures, write_results
    from .schema import CALIBRATION, SENSITIVITY

    others = {CALIBRATION: _calibrate, SENSITIVITY: _study}
    if plan.settings.type in others:
        others[plan.settings.type](plan, result_name(plan, variant), folder)
        return
    experiment = experiment_of(plan, variant)
    with _progress(experiment.name) as on_done:
        results = run_experiment(experiment, folder, on_done)
    files = write_results(results)
    files += write_figures(folder, results.experiment, encode_slides(draw_slides(results)))
    _tell(results, files)


def _calibrate(plan: Plan, name: str, folder: Path) -> None:
    """Draw a catalogue and reconcile it, print how near it comes and write it."""
    from .assembly import calibration
    from .claims import published_claims
    from .fingerprint import code_fingerprint, versions
    from .results import write_catalogue
    from .studies.calibration import calibrate
    from .summary import SYNTHETIC, Table, number, percent

    out, progress = console(), console(error=True)
    priors, settings = calibration(plan)
    found = calibrate(
        priors, plan.context, published_claims(), settings, on_step=lambda step: progress.print(step, markup=False)
    )
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
    out.print(_drawn(Table(f"The catalogue of draw {found.draw}, and the figures it meets", columns, rows, note, 3)))
    out.print(SYNTHETIC)
    _name_files(files)


def _study(plan: Plan, name: str, folder: Path) -> None:
    """Vary what is uncertain, print what matters and write it."""
    from .assembly import sensitivity
    from .config import configs_folder
    from .fingerprint import code_fingerprint, versions
    from .plots.sensitivity import draw_sensitivity
    from .plots.slides import encode_slides
    from .results import write_catalogue, write_figures
    from .studies.sensitivity import run_sensitivity
    from .studies.sensitivity_report import sensitivity_sentences, sensitivity_tables
    from .summary import SYNTHETIC

    settings, build = sensitivity(plan, configs_folder())
    workers = plan.workers or os.cpu_count() or 1
    with _progress(name) as on_done:
        found = run_sensitivity(name, settings, build, folder=folder, workers=workers, on_done=on_done)
    manifest = {"experiment": name, "config": plan.values, "versions": versions(), "code": code_fingerprint()}
    tables = {"indices": found.indices, "spread": found.spread}
    files = write_catalogue(folder, name, ("points.csv", found.text()), tables, manifest)
    files += write_figures(folder, name, encode_slides(draw_sensitivity(found)))
    out = console()
    for table in sensitivity_tables(found):
        out.print(_drawn(table))
    for sentence in [*sensitivity_sentences(found), SYNTHETIC]:
        out.print(sentence, markup=False)
    _name_files(files)


def _tell(results: Results, files: list[Path]) -> None:
    """Print the tables, then the finding in sentences, then the files."""
    from .precision import precision_tables
    from .summary import headline, tables

    out = console()
    for table in [*tables(results), *precision_tables(results)]:
        out.print(_drawn(table))
    for sentence in headline(results):
        out.print(sentence, markup=False)
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
        drawn.add_column(escape(column), justify="left" if place < table.first_number else "right", overflow="fold")
    for row in table.rows:
        drawn.add_row(*(escape(cell) for cell in row))
    return drawn


@contextmanager
def _progress(name: str) -> Iterator[Callable[[int, int, str], None]]:
    """Give a function to call after each run: a bar on a terminal, a line for each tenth elsewhere."""
    out = console(error=True)
    done_so_far = [0, 0]
    bar = Progress(
        TextColumn(name),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
        console=out,
        transient=True,
        disable=not out.is_terminal,
    )
    with bar:
        task = bar.add_task("preparing", total=None)

        def on_done(done: int, total: int, label: str) -> None:
            before = done_so_far[0]
            done_so_far[:] = [done, total]
            bar.update(task, completed=done, total=total, description=label)
            if not out.is_terminal and (10 * done) // total > (10 * before) // total:
                out.print(f"{name}: {done} of {total} runs done", markup=False)

        try:
            yield on_done
        except KeyboardInterrupt:
            bar.stop()
            done, total = done_so_far
            kept = f"{done} of {total} runs are kept" if total else "nothing had been run"
            out.print(f"Stopped: {kept}. The same command goes on from there.")
            raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _mistakes_told() -> Iterator[None]:
    """Print what the user can mend, without a traceback."""
    try:
        yield
    except EipsimError as error:
        console(error=True).print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(MISTAKE) from None
    except KeyboardInterrupt:
        console(error=True).print("Stopped before anything was run.")
        raise typer.Exit(INTERRUPTED) from None
