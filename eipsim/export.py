"""Takes results elsewhere: CSV, Excel, Parquet, and a ZIP with all that the supplement of a paper needs."""

from __future__ import annotations

import json
import platform
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from math import isnan
from pathlib import Path
from typing import Any, Literal, NamedTuple

from .kpis import KPIS
from .questions import Standing, flat, swept_columns
from .results import FAILURE_COLUMNS, FIGURES, Results, read_cells, read_results
from .store import RUNS, csv_bytes, parquet_bytes, read_run
from .store.folders import identity_of
from .summary import SYNTHETIC

Format = Literal["csv", "xlsx", "parquet", "zip"]

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Date of all members of an archive, so that equal results give equal bytes."""

_MEANINGS = {
    "scenario": "name of the scenario in the experiment",
    "replication": "number of the replication; the same number has the same random numbers in every scenario",
    "kpi": "name of the indicator: see kpi_dictionary",
    "unit": "unit of the numbers of the row",
    "value": "the indicator in this replication",
    "naive_sum": "desk figures of the measures, added up",
    "alone_sum": "savings of the measures, each simulated alone at its own factory's meters, added up",
    "saving": "simulated saving against the baseline at equal production, mean over replications",
    "low": "lower end of the 95 % interval (chance only, inputs fixed)",
    "high": "upper end of the 95 % interval (chance only, inputs fixed)",
    "saving_unadjusted": "plain difference from the baseline, mean over replications",
    "replications": "number of paired replications",
    "claim": "identifier of a published figure",
    "basis": "how the source reads the figure: realised, catalogue, or a count",
    "boundary": "what the figure covers",
    "quantity": "what is counted",
    "published": "the published figure",
    "rounding_half_width": "half of the last published digit",
    "reproduced": "our value on the claim's own basis",
    "difference_frac": "reproduced over published, less 1",
    "simulated": "what the simulated meters show",
    "left_out_low": "lower end of what the other claims predict for this one",
    "left_out_high": "upper end of what the other claims predict for this one",
    "provenance": "input, calibrated, derived, reproduced, audited, assumed or context",
    "measure": "identifier of a measure in the catalogue (synthetic)",
    "factory": "an assessed factory (an archetype, no real firm)",
    "type": "type of the measure",
    "naive": "desk figure of the measure",
    "alone": "what the measure saves alone at its own factory's meters",
    "item": "item of the bill",
    "amount_vnd": "amount of the item [VND]",
    "line": "number of the production line",
    "made": "output [units]",
    "run_h": "hours in which the line ran [h]",
    "set_up_h": "hours of set-up [h]",
    "stopped_h": "hours of breakdown and stops [h]",
    "unserved_h": "hours lost to shortage of a carrier, at full rate [h]",
    "lost_vnd": "margin of what was not made [VND]",
    "run": "hash of the run: scenario, seed, replication, code, tables and versions",
    "label": "scenario and replication",
    "seed": "seed of all random numbers",
    "message": "why the run failed",
    "wall_s": "time that the run took [s]",
    "settlements": "instants at which the park was settled",
    "peak_memory_mb": "most memory of the process so far [MB]",
    "meaning": "what is meant",
    "rare": "whether most years have none of it",
    "table": "name of the table",
    "column": "name of the column",
    "key": "key of the configuration",
}
"""What the columns of the tables mean."""


class Sheet(NamedTuple):
    """One table: names of columns, and rows."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


def sheets(results: Results, standing: Standing) -> dict[str, Sheet]:
    """Return all tables of an experiment by name: its own, one row per run, failures, configuration, and two dictionaries.

    Parameters
    ----------
    results : Results
        What `results.read_results` returned.
    standing : Standing
        The same in its folder; what was swept becomes columns in front.
    """
    swept = {column: standing.manifest["swept"][key] for column, key in swept_columns([standing]).items()}
    found = {}
    for name in ("claims", "savings", "kpis", "measures", "bills", "production"):
        frame = results.table(name)
        found[name] = Sheet((*swept, *frame.columns), [(*swept.values(), *row) for row in frame.itertuples(index=False)])
    columns = ("run", "label", "replication", "seed", "wall_s", "settlements", "peak_memory_mb")
    runs = [{"run": key} | read_run(results.folder, key) for key in dict.fromkeys(standing.keys)]
    found["runs"] = Sheet(columns, [tuple(run.get(column) for column in columns) for run in runs])
    path = results.folder / standing.name / "failures.csv"
    failed = [tuple(row.values()) for row in read_cells(path)] if path.is_file() else []
    found["failures"] = Sheet(FAILURE_COLUMNS, failed)
    config = flat(standing.manifest.get("config", {}))
    found["config"] = Sheet(("key", "value"), [(key, str(value)) for key, value in config.items()])
    kpis = [(one.name, one.unit, one.boundary, "yes" if one.rare else "no", one.meaning) for one in KPIS.values()]
    found["kpi_dictionary"] = Sheet(("kpi", "unit", "boundary", "rare", "meaning"), kpis)
    meanings = _MEANINGS | {column: f"swept: {key}" for column, key in swept_columns([standing]).items()}
    rows = [(name, column, meanings.get(column, "")) for name, sheet in found.items() for column in sheet.columns]
    found["dictionary"] = Sheet(("table", "column", "meaning"), rows)
    return found


def encoded(folder: Path, standing: Standing, kind: Format) -> dict[str, bytes]:
    """Return an experiment as files by name: one per table, or one workbook, or one archive.

    Parameters
    ----------
    folder : Path
        The folder of all results.
    standing : Standing
        Of an experiment about savings.
    kind : {"csv", "xlsx", "parquet", "zip"}
        What is wanted.

    Raises
    ------
    ResultsError
        If a table can't be read.
    """
    results = read_results(standing.name, folder)
    tables = sheets(results, standing)
    if kind == "xlsx":
        return {f"{standing.name}.xlsx": _workbook(tables, standing)}
    if kind == "zip":
        return {f"{standing.name}.zip": _archive(folder, standing, tables)}
    encode = _csv if kind == "csv" else _parquet
    return {f"{name}.{kind}": encode(sheet) for name, sheet in tables.items()}


def _csv(sheet: Sheet) -> bytes:
    return csv_bytes(sheet.rows, sheet.columns)


def _parquet(sheet: Sheet) -> bytes:
    return parquet_bytes({column: [row[k] for row in sheet.rows] for k, column in enumerate(sheet.columns)})


def about(standing: Standing) -> list[str]:
    """Return what a reader of exported results must know, line by line."""
    manifest = standing.manifest
    tree = {True: "with changes that are not in it", False: "without changes"}.get(manifest.get("dirty"), "unknown")  # type: ignore[arg-type]
    versions = ", ".join(f"{name} {version}" for name, version in sorted(manifest.get("versions", {}).items()))
    return [
        f"Results of the experiment {manifest.get('experiment', standing.name)} of eipsim.",
        SYNTHETIC,
        "Intervals are of chance only: inputs are fixed.",
        "",
        f"hash of the results: {identity_of(manifest)}",
        f"seed {manifest.get('seed')}, {manifest.get('replications')} replications of {manifest.get('hours')} h",
        f"commit {manifest.get('commit')}, working tree {tree}",
        f"code and tables: {manifest.get('code')}",
        f"versions: {versions}",
        "",
        "To make them again: check the commit out, set up with `make run`, run the experiment with the values of config.json;",
        "`eipsim results rerun <hash of a run>` compares a single run byte by byte.",
        "Columns are explained in the table dictionary, indicators in the table kpi_dictionary.",
    ]


def _workbook(tables: Mapping[str, Sheet], standing: Standing) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    first = book.active
    first.title = "about"
    for line in about(standing):
        first.append([line])
    first.column_dimensions["A"].width = 120
    for name, sheet in tables.items():
        page = book.create_sheet(name)
        page.append(list(sheet.columns))
        for row in sheet.rows:
            page.append([_cell(value) for value in row])
        for cell in page[1]:
            cell.font = Font(bold=True)
        page.freeze_panes = "A2"
        if sheet.rows:
            page.auto_filter.ref = page.dimensions
        for k, column in enumerate(sheet.columns, 1):
            longest = max((len(str(row[k - 1])) for row in sheet.rows[:200]), default=0)
            page.column_dimensions[get_column_letter(k)].width = min(60, max(len(column), longest) + 2)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _cell(value: Any) -> Any:
    """Return what Excel can hold: numbers of Python, and nothing for what is not known."""
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and isnan(value) else value


def _archive(folder: Path, standing: Standing, tables: Mapping[str, Sheet]) -> bytes:
    """Return a ZIP: README.txt, configuration, manifest, tables as CSV and Parquet, workbook, figures, numbers of each run."""
    where = folder / standing.name
    files = {
        "README.txt": ("\n".join([*about(standing), f"Made with Python {platform.python_version()}."]) + "\n").encode(),
        "config.json": (json.dumps(standing.manifest.get("config", {}), indent=2) + "\n").encode(),
        "manifest.json": (where / "manifest.json").read_bytes(),
        f"{standing.name}.xlsx": _workbook(tables, standing),
    }
    for name, sheet in tables.items():
        files[f"csv/{name}.csv"] = _csv(sheet)
        files[f"parquet/{name}.parquet"] = _parquet(sheet)
    files |= {f"{FIGURES}/{path.name}": path.read_bytes() for path in sorted((where / FIGURES).glob("*"))}
    for key in dict.fromkeys(standing.keys):
        if (path := folder / RUNS / key / "unit.json.gz").is_file():
            files[f"runs/{key}.json.gz"] = path.read_bytes()
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(f"{standing.name}/{name}", EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)
    return data.getvalue()
