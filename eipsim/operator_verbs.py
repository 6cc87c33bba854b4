"""The verbs ``eipsim bottlenecks`` and ``eipsim headroom``: what stops the park, and what it still has to give."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

Name = Annotated[str, typer.Argument(metavar="[EXPERIMENT]", help="Whose results, after [cyan]eipsim run[/].")]
Language = Annotated[Literal["en", "vi"], typer.Option(help="Of the figure.")]
Folder = Annotated[Path, typer.Option("--results", help="Folder of all results.")]


def bottlenecks_command(
    name: Name = "recp_savings",
    *,
    scenario: Annotated[
        str | None, typer.Option(help="Whose factories are told; the baseline's by default.", show_default=False)
    ] = None,
    language: Language = "en",
    results: Folder = Path("results"),
) -> None:
    """Say what cost the park its production: each lost hour booked to the cause that bound it.

    Reads stored results, and writes sums and a figure to results/bottlenecks/ (docs/bottlenecks.md).
    """
    from .screen import console, drawn, mistakes_told, name_files

    with mistakes_told():
        from .errors import ConfigError, nearest
        from .plots.bottlenecks import draw_bottlenecks
        from .plots.slides import encode_slides
        from .results import read_results, write_figures
        from .store import csv_bytes
        from .store.folders import write_folder
        from .studies.bottlenecks import CauseSum, bottleneck_tables, cause_sums, check_lost

        found = read_results(name, results)
        check_lost(found)
        scenarios = list(found.manifest["units"])
        told = scenario if scenario is not None else str(found.manifest["baseline"])
        if told not in scenarios:
            raise ConfigError(f"--scenario {told}: {nearest(told, scenarios)}")
        sums = cause_sums(found.lost_hours)
        files = {"causes.csv": csv_bytes(sums, CauseSum._fields), "manifest.json": _manifest("bottlenecks", found.manifest)}
        written = write_folder(results, "bottlenecks", files)
        figure = draw_bottlenecks(sums, replications=int(found.manifest["replications"]), language=language)
        written += write_figures(results, "bottlenecks", encode_slides({"bottlenecks": figure}, language=language))
        out = console()
        for table in bottleneck_tables(found, told):
            out.print(drawn(table))
        name_files(written)


def headroom_command(name: Name = "recp_savings", *, language: Language = "en", results: Folder = Path("results")) -> None:
    """Tell what water, wastewater and electricity the park has to spare on a busy day, and what saving costs its operator.

    Reads stored results, and writes tables and a figure to results/headroom/ (docs/headroom.md).
    """
    from .screen import console, drawn, mistakes_told, name_files

    with mistakes_told():
        from .plots.headroom import draw_headroom
        from .plots.slides import encode_slides
        from .results import read_results, write_figures
        from .store import csv_bytes
        from .store.folders import write_folder
        from .studies.headroom import Fit, LostFees, check_rooms, fits, headroom_tables, lost_fees

        found = read_results(name, results)
        check_rooms(found)
        rooms, fees = fits(found.headroom), lost_fees(found)
        files = {
            "rooms.csv": csv_bytes(rooms, Fit._fields),
            "lost_fees.csv": csv_bytes(fees, LostFees._fields),
            "manifest.json": _manifest("headroom", found.manifest),
        }
        written = write_folder(results, "headroom", files)
        figure = draw_headroom(rooms, replications=int(found.manifest["replications"]), language=language)
        written += write_figures(results, "headroom", encode_slides({"headroom": figure}, language=language))
        out = console()
        for table in headroom_tables(rooms, fees, float(found.manifest["hours"])):
            out.print(drawn(table))
        name_files(written)


def _manifest(what: str, of: Mapping[str, Any]) -> bytes:
    """Return what made a result of stored results."""
    from json import dumps

    kept = {key: of.get(key) for key in ("config", "versions", "code", "commit", "dirty", "hash", "units")}
    return (dumps({"experiment": what, "of": of.get("experiment"), **kept}, indent=2, sort_keys=True) + "\n").encode()
