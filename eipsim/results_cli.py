"""The verb ``eipsim results``: everything that has been run, as tables, questions, differences and files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from .errors import ResultsError

results_app = typer.Typer(
    no_args_is_help=True, help="List, show, ask, compare, export, repeat or clear away what has been run."
)

Folder = Annotated[Path, typer.Option("--results", help="Folder of all results.")]
Name = Annotated[str, typer.Argument(help="Name of a result, or the first digits of a hash.", show_default=False)]

MOST_ROWS = 200
"""Rows of an answer that are printed."""


@results_app.command("list")
def list_results(results: Folder = Path("results")) -> None:
    """List every result with its hash, replications, runs, and what was swept."""
    from .fingerprint import code_fingerprint
    from .questions import size_of, standings, upkeep
    from .screen import console, drawn, mistakes_told
    from .store import FAILED, stored_keys
    from .store.folders import identity_of
    from .summary import Table

    with mistakes_told():
        rows = []
        for one in standings(results):
            made = one.manifest
            swept = ", ".join(f"{key.rsplit('.', 1)[-1]}={value}" for key, value in made.get("swept", {}).items()) or "–"
            code = ("this" if made["code"] == code_fingerprint() else "other") if "code" in made else "–"
            tree = {True: "changed", False: "clean"}.get(made.get("dirty"), "–")  # type: ignore[arg-type]
            numbers = [str(made.get(key, "–")) for key in ("seed", "replications")]
            runs, failed = str(len(set(one.keys))), str(len(made.get("failed", [])))
            hash8 = identity_of(made)[:8] if made else "–"
            rows.append((one.name, hash8, one.problem or swept, code, tree, *numbers, runs, failed))
        columns = ("result", "hash", "swept", "code", "tree", "seed", "replications", "runs", "failed")
        spare = upkeep(results)
        failures = len(list((results / FAILED).glob("*.json")))
        note = (
            f"{len(stored_keys(results))} runs stored, {failures} failed; without a result: "
            f"{len(spare.stale)} stale, {len(spare.unused)} of this code; {len(spare.ruins)} ruins; "
            f"{size_of([results]) / 1e6:,.1f} MB in all"
        )
        console().print(drawn(Table(f"Results in {results}", columns, rows, note, 5)))


@results_app.command()
def show(name: Name, results: Folder = Path("results")) -> None:
    """Show what made a result, or how a run went."""
    from .questions import flat, run_key, standing
    from .screen import console, drawn, mistakes_told
    from .store import RUNS, read_run
    from .store.folders import identity_of
    from .summary import Table

    with mistakes_told():
        if key := run_key(results, name):
            rows = [(word, _text(value)) for word, value in ({"hash": key} | read_run(results, key)).items()]
            files = ", ".join(path.name for path in sorted((results / RUNS / key).iterdir()))
            console().print(drawn(Table(f"Run {key[:8]}", ("what", "value"), rows, f"Files: {files}", 2)))
            return
        one = standing(results, name)
        heads = ("experiment", "seed", "replications", "hours", "commit", "dirty", "code", "wall_time_s", "baseline")
        rows = [("hash", identity_of(one.manifest)), *((head, _text(one.manifest.get(head))) for head in heads)]
        rows += [(f"versions.{k}", _text(v)) for k, v in one.manifest.get("versions", {}).items()]
        rows += [(f"swept {k}", _text(v)) for k, v in one.manifest.get("swept", {}).items()]
        rows += [(f"runs of {k}", ", ".join(key[:8] for key in v)) for k, v in one.manifest.get("units", {}).items()]
        rows += [(f"failed: {why['label']}", str(why["message"])) for why in one.manifest.get("failed", [])]
        asked = {k: v for k, v in flat(one.manifest.get("config", {})).items() if not k.startswith("park.")}
        rows += [(k, _text(v)) for k, v in asked.items()]
        files = ", ".join(path.relative_to(results / one.name).as_posix() for path in sorted((results / one.name).rglob("*.*")))
        note = f"Files: {files}. The park's configuration is in manifest.json."
        console().print(drawn(Table(one.name, ("what", "value"), rows, note, 2)))


@results_app.command()
def query(
    sql: Annotated[
        str, typer.Argument(help="A question in SQL, e.g. [cyan]SELECT * FROM kpis LIMIT 5[/].", show_default=False)
    ],
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV, all rows.")] = False,
    results: Folder = Path("results"),
) -> None:
    """Ask all results at once in SQL.

    Views: [cyan]kpis[/] and [cyan]savings[/] (swept values are columns), [cyan]experiments[/], [cyan]config[/],
    [cyan]runs[/], [cyan]failures[/]. [cyan]SUMMARIZE kpis[/] or [cyan]DESCRIBE kpis[/] tells their columns.
    """
    from .questions import ask, standings
    from .screen import console, drawn, mistakes_told
    from .store import csv_bytes
    from .summary import Table

    with mistakes_told():
        for one in standings(results):
            if one.problem:
                console(error=True).print(f"Left out: {one.name}: {one.problem}", markup=False, soft_wrap=True)
        columns, rows = ask(results, sql)
        if csv:
            typer.echo(csv_bytes(rows, columns), nl=False)
            return
        words = [k for k in range(len(columns)) if any(isinstance(row[k], str) for row in rows)]
        first = next((k for k in range(len(columns)) if k not in words), len(columns))
        note = f"{len(rows)} rows" + (f", the first {MOST_ROWS} shown: --csv writes all" if len(rows) > MOST_ROWS else "")
        shown = [tuple(_text(value) for value in row) for row in rows[:MOST_ROWS]]
        console().print(drawn(Table("", tuple(columns), shown, note, first)))


@results_app.command()
def diff(one: Name, other: Name, results: Folder = Path("results")) -> None:
    """Say how two results differ: first what was asked, then what made them, then the means of their KPIs."""
    from .questions import config_differences, kpi_differences, standing
    from .screen import console, drawn, mistakes_told
    from .summary import Table, number

    with mistakes_told():
        a, b = standing(results, one), standing(results, other)
        out = console()
        made = [tuple(difference) for difference in config_differences(a.manifest, b.manifest)]
        note = "" if made else "They were asked the same and made by the same."
        out.print(drawn(Table("What was asked, and what made them", ("what", a.name, b.name), made, note, 3)))
        rows = []
        for scenario, kpi, unit, x, y in kpi_differences(results, a.name, b.name):
            share = f"{100 * (y / x - 1):+.3g} %" if x else "–"
            rows.append((scenario, kpi, unit, number(x, 6), number(y, 6), number(y - x), share))
        columns = ("scenario", "kpi", "unit", a.name, b.name, "difference", "of the first")
        note = (
            "Means over replications; KPIs that are equal are left out." if rows else "All KPIs of common scenarios are equal."
        )
        out.print(drawn(Table("KPIs", columns, rows, note, 3)))


@results_app.command()
def prune(
    yes: Annotated[bool, typer.Option("--yes", help="Do it; otherwise only say what would go.")] = False,
    unused: Annotated[
        bool, typer.Option("--unused", help="Also finished runs of this code that no result was made of yet.")
    ] = False,
    results: Folder = Path("results"),
) -> None:
    """Clear away runs of other code that no result was made of, what could not be read, and what was left half-written.

    Not while a sweep is running with [cyan]--unused[/]: its runs belong to no result yet.
    """
    from .questions import size_of, upkeep
    from .screen import console, mistakes_told
    from .store.folders import remove

    with mistakes_told():
        found = upkeep(results)
        gone = [*found.stale, *found.ruins, *(found.unused if unused else [])]
        words = f"{len(found.stale)} stale runs, {len(found.ruins)} ruins" + (f", {len(found.unused)} unused" if unused else "")
        size = f"{size_of(gone) / 1e6:,.1f} MB"
        if not yes:
            console().print(f"Would go: {words}, {size}. Add --yes to do it.")
            return
        remove(gone)
        console().print(f"Gone: {words}, {size}.")


@results_app.command("rerun")
def rerun_run(run: Name, results: Folder = Path("results")) -> None:
    """Do a stored run again and compare every byte; exit code 1 if any differs."""
    from .composition import configs_folder
    from .config import experiment_of
    from .questions import run_key
    from .rerun import rerun, result_of, unit_in
    from .screen import console, mistakes_told

    with mistakes_told():
        from .assembly import plan
        from .errors import ConfigError, Problems

        key = run_key(results, run)
        if key is None:
            raise ResultsError(f"{results}/runs holds no run {run}: `eipsim results show <result>` lists them")
        made = result_of(results, key)
        problems = Problems(f"The configuration of {made.name}", ConfigError)
        built = plan(made.manifest["config"], configs_folder(), problems)
        problems.raise_if_any()
        assert built is not None
        found = rerun(unit_in(experiment_of(built), made, results, key), results)
        for name in found.differing:
            console().print(f"  {name}: other bytes now", markup=False)
        if found.differing:
            console().print(f"Run {key[:8]} ({found.label}) of {made.name} came out differently.")
            raise typer.Exit(1)
        files = f"{found.files} file{'s' if found.files > 1 else ''}"
        console().print(f"Run {key[:8]} ({found.label}) of {made.name}: the same bytes in {files}.")


@results_app.command()
def export(
    name: Name,
    to: Annotated[str, typer.Option("--to", help="csv, xlsx, parquet, or zip with everything.")] = "zip",
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder to write to; the present one by default.")] = None,
    results: Folder = Path("results"),
) -> None:
    """Write a result as CSV, Excel, Parquet, or a ZIP for a paper's supplement, with a data dictionary."""
    from .errors import nearest
    from .export import encoded
    from .questions import standing
    from .screen import mistakes_told, name_files
    from .store.folders import hand_over

    with mistakes_told():
        if to not in ("csv", "xlsx", "parquet", "zip"):
            raise ResultsError(f"--to {to}: {nearest(to, ('csv', 'xlsx', 'parquet', 'zip'))}")
        one = standing(results, name)
        if "kpis.parquet" not in {path.name for path in (results / one.name).iterdir()}:
            raise ResultsError(f"{one.name} has no table of KPIs: only experiments about savings can be exported")
        target = out or Path()
        target = target / one.name if to in ("csv", "parquet") else target
        name_files(hand_over(target, encoded(results, one, to)))  # type: ignore[arg-type]


def _text(value: Any) -> str:
    from .summary import number

    if value is None:
        return "–"
    if isinstance(value, float):
        return number(value, 6)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return str(value)
