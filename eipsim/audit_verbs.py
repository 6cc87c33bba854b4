"""The verb ``eipsim audit``: which published figures can be true, and what stands behind a simulated one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from .studies.audit import Audit
    from .summary import Table


def audit_command(
    claims: Annotated[
        Path | None,
        typer.Argument(help="A table of published figures; ours by default (docs/audit.md).", show_default=False),
    ] = None,
    *,
    csv: Annotated[bool, typer.Option("--csv", help="Write the findings as CSV.")] = False,
    trace: Annotated[
        str | None,
        typer.Option(
            "--trace", metavar="CLAIM", help="Show what stands behind our value of a claim instead.", show_default=False
        ),
    ] = None,
    language: Annotated[Literal["en", "vi"], typer.Option(help="Of the figure.")] = "en",
    results: Annotated[Path, typer.Option("--results", help="Folder of all results.")] = Path("results"),
) -> None:
    """Say of published figures which are consistent, need a factor of a certain year, or are impossible, and why.

    Writes results/audit/ with the findings, what each set implies, and a figure of it. With
    [cyan]--trace amata_60_co2[/] it prints the catalogue rows, meter columns, prices and factors behind that figure.
    """
    from .screen import console, drawn, mistakes_told, name_files

    with mistakes_told():
        if trace is not None:
            for table in _traced(trace, results):
                console().print(drawn(table))
            return
        from .store import csv_bytes
        from .studies.audit import audit, audit_table, rank
        from .studies.audit_checks import Finding

        found = audit(claims)
        if csv:
            typer.echo(csv_bytes(found.findings, Finding._fields), nl=False)
            return
        out = console()
        out.print(drawn(audit_table(found)))
        for row in found.rows:
            out.print(f"{row.set}: {row.verdict}", markup=False, style="bold")
            own = [one for one in found.findings if one.set == row.set]
            for one in sorted(own, key=lambda one: rank(one.verdict)):
                out.print(f"  {one.verdict} | {one.check}: {one.reason}", markup=False, soft_wrap=True)
        name_files(_written(found, claims, results, language))


def _written(found: Audit, claims: Path | None, folder: Path, language: Literal["en", "vi"]) -> list[Path]:
    """Write what was found, and a figure if a set names electricity with CO2 or money."""
    from json import dumps

    from .errors import DataError
    from .fingerprint import code_fingerprint, versions
    from .plots.audit import draw_audit
    from .plots.slides import encode_slides
    from .readers.price_ranges import read_price_ranges
    from .results import write_figures
    from .store import csv_bytes
    from .store.folders import write_folder
    from .studies.audit import AuditRow
    from .studies.audit_checks import Finding

    made = {"claims": str(claims or "published_claims.csv"), "versions": versions(), "code": code_fingerprint()}
    files = {
        "findings.csv": csv_bytes(found.findings, Finding._fields),
        "implied.csv": csv_bytes(found.rows, AuditRow._fields),
        "manifest.json": (dumps(made, indent=2, sort_keys=True) + "\n").encode(),
    }
    written = write_folder(folder, "audit", files)
    try:
        figure = draw_audit(found, read_price_ranges(), language=language)
    except DataError:
        return written
    return written + write_figures(folder, "audit", encode_slides({"audit": figure}, language=language))


def _traced(name: str, folder: Path) -> Iterator[Table]:
    """Return what stands behind a claim, with its value if the experiment was run."""
    from .claims import SIMULATED, published_claims
    from .config import load_plan
    from .errors import ResultsError
    from .results import read_results
    from .studies.trace import trace, traced_claim

    claim = traced_claim(published_claims(), name)
    plan = load_plan([])
    try:
        rows = read_results(plan.settings.name, folder).claims
    except ResultsError:
        rows = ()
    found = next((row for row in rows if row.claim == name), None)
    return trace(claim, plan.scenarios[SIMULATED[name].scenario], plan.scenarios["baseline"], found)
