"""Writes and reads what experiments leave behind: units of work, tables, figures, and the record of what was accepted."""

from __future__ import annotations

import csv
import gzip
import json
import math
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_type_hints

import numpy as np

from .claims import ClaimRow
from .errors import ResultsError, nearest
from .kernel.run import Event
from .kpis.comparison import Saving
from .kpis.detail import Detail, Tank

if TYPE_CHECKING:
    from pandas import DataFrame

RUNS, RECORD, FIGURES = "runs", "record", "figures"
RECORDED_TABLES = ("claims", "savings")
"""Names of folders inside ``results/`` and of the tables that a record keeps."""


class KpiRow(NamedTuple):
    """One row of ``kpis.parquet``: one KPI of one replication of one scenario."""

    scenario: str
    replication: int
    kpi: str
    unit: str
    value: float


class MeasureRow(NamedTuple):
    """One row of ``measures.csv``: what the desk promises of one measure, and what it saves alone at its own meters."""

    measure: str
    factory: str
    type: str
    kpi: str
    unit: str
    naive: float
    alone: float


class BillRow(NamedTuple):
    """One row of ``bills.csv``: one item of an assessed factory's bill, mean over replications."""

    scenario: str
    factory: str
    item: str
    quantity: float
    unit: str
    amount_vnd: float


class ProductionRow(NamedTuple):
    """One row of ``production.csv``: how a line of an assessed factory spent its hours, mean over replications."""

    scenario: str
    factory: str
    line: int
    made: float
    run_h: float
    set_up_h: float
    stopped_h: float
    unserved_h: float
    lost_vnd: float


Row = TypeVar("Row", ClaimRow, Saving, KpiRow, MeasureRow, BillRow, ProductionRow)
_KINDS: dict[str, type[Any]] = {
    "claims": ClaimRow,
    "savings": Saving,
    "measures": MeasureRow,
    "bills": BillRow,
    "production": ProductionRow,
}


@dataclass(frozen=True)
class Results:
    """Everything that an experiment found.

    Parameters
    ----------
    experiment : str
        Its name.
    claims, savings, kpis, measures, bills, production : tuple of rows
        The tables.
    manifest : mapping
        Resolved config, seed, versions, commit and dirty flag, hash, wall time, settlements, balance residuals, and the
        hash of each unit of work.
    folder : Path
        The folder of all results, ``results/``.
    """

    experiment: str
    claims: tuple[ClaimRow, ...]
    savings: tuple[Saving, ...]
    kpis: tuple[KpiRow, ...]
    measures: tuple[MeasureRow, ...]
    bills: tuple[BillRow, ...]
    production: tuple[ProductionRow, ...]
    manifest: Mapping[str, Any]
    folder: Path = field(default=Path("results"), compare=False)

    def table(self, name: str) -> DataFrame:
        """Return a table: claims, savings, kpis, measures, bills or production.

        Raises
        ------
        ResultsError
            If there is no such table.
        """
        from pandas import DataFrame

        kinds = _KINDS | {"kpis": KpiRow}
        if name not in kinds:
            raise ResultsError(f"no table {name!r}: {nearest(name, kinds)}")
        return DataFrame(list(getattr(self, name)), columns=kinds[name]._fields)

    def detail(self, scenario: str) -> Detail:
        """Return series, tank levels and events of the first replication of a scenario.

        Raises
        ------
        ResultsError
            If there is no such scenario, or its run has been deleted.
        """
        units = self.manifest["units"]
        if scenario not in units:
            raise ResultsError(f"{self.experiment} has no scenario {scenario!r}: {nearest(scenario, units)}")
        found = read_detail(self.folder, units[scenario][0])
        if found is None:
            raise ResultsError(f"{self.experiment}, {scenario}: run {units[scenario][0]} is gone: run the experiment again")
        return found


def read_unit(folder: Path, name: str) -> dict[str, Any] | None:
    """Return what a unit of work left behind, or None if it has not been done.

    Raises
    ------
    ResultsError
        If its file can't be read.
    """
    path = folder / RUNS / name / "unit.json.gz"
    if not path.is_file():
        return None
    try:
        found = json.loads(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise ResultsError(f"{path} can't be read ({error}): delete the folder {path.parent} and run again") from None
    if not isinstance(found, dict):
        raise ResultsError(f"{path} holds no unit of work: delete the folder {path.parent} and run again")
    return found


def write_unit(folder: Path, name: str, unit: Mapping[str, Any], detail: Detail | None = None) -> None:
    """Store a unit of work under its hash: it is there as a whole or not at all."""
    with _appearing(folder / RUNS / name) as new:
        if detail is not None:
            (new / "series.parquet").write_bytes(_parquet({"band": detail.bands, **detail.series}))
            tanks = {tank: {**kept._asdict(), "level_m3": kept.level_m3.tolist()} for tank, kept in detail.tanks.items()}
            head = {"start": detail.start.isoformat(), "step_h": detail.step_h, "events": detail.events, "tanks": tanks}
            (new / "detail.json.gz").write_bytes(_packed(head))
        (new / "unit.json.gz").write_bytes(_packed(unit))


def read_detail(folder: Path, name: str) -> Detail | None:
    """Return the detail of a unit of work, or None if it has none."""
    path = folder / RUNS / name
    if not (path / "detail.json.gz").is_file():
        return None
    from pyarrow.parquet import read_table

    head = json.loads(gzip.decompress((path / "detail.json.gz").read_bytes()))
    columns = read_table(path / "series.parquet")
    series = {column: columns[column].to_numpy() for column in columns.column_names if column != "band"}
    tanks = {
        tank: Tank(kept["capacity_m3"], kept["high_m3"], np.array(kept["level_m3"])) for tank, kept in head["tanks"].items()
    }
    events = [Event(*event) for event in head["events"]]
    return Detail(date.fromisoformat(head["start"]), head["step_h"], columns["band"].to_pylist(), series, tanks, events)


def write_results(results: Results) -> list[Path]:
    """Write the tables and the manifest of an experiment; return the files."""
    target = results.folder / results.experiment
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name, kind in _KINDS.items():
        path = target / f"{name}.csv"
        _replace(path, _csv(getattr(results, name), kind._fields))
        written.append(path)
    columns = {f: [row[k] for row in results.kpis] for k, f in enumerate(KpiRow._fields)}
    _replace(target / "kpis.parquet", _parquet(columns))
    _replace(target / "manifest.json", (json.dumps(results.manifest, indent=2, sort_keys=True) + "\n").encode())
    return [*written, target / "kpis.parquet", target / "manifest.json"]


def write_figures(folder: Path, experiment: str, figures: Mapping[str, bytes]) -> list[Path]:
    """Write figures, given as encoded files by name, into ``figures/`` of an experiment; return the files."""
    target = folder / experiment / FIGURES
    target.mkdir(parents=True, exist_ok=True)
    for name, data in figures.items():
        _replace(target / name, data)
    return [target / name for name in figures]


def write_catalogue(
    folder: Path, experiment: str, catalogue: tuple[str, str], tables: Mapping[str, Sequence[Any]], manifest: Mapping[str, Any]
) -> list[Path]:
    """Write a catalogue, how it came about, and the manifest; return the files.

    Parameters
    ----------
    folder : Path
        The folder of all results.
    experiment : str
        Its name.
    catalogue : tuple of (str, str)
        File name and text.
    tables : mapping of str to sequence of named tuples
        By name, at least one row each.
    manifest : mapping
        What made it.
    """
    target = folder / experiment
    target.mkdir(parents=True, exist_ok=True)
    files = {catalogue[0]: catalogue[1].encode()}
    files |= {f"{name}.csv": _csv(rows, rows[0]._fields) for name, rows in tables.items()}
    files["manifest.json"] = (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode()
    for name, data in files.items():
        _replace(target / name, data)
    return [target / name for name in files]


def read_results(experiment: str, folder: Path = Path("results")) -> Results:
    """Read what `write_results` wrote.

    Raises
    ------
    ResultsError
        If the experiment has no results there, or a table is not as it was written.
    """
    source = folder / experiment
    if not (source / "manifest.json").is_file():
        there = [path.parent.name for path in folder.glob("*/manifest.json")]
        raise ResultsError(
            f"{source} holds no results: run `eipsim run experiment={experiment}` ({nearest(experiment, there)})"
        )
    from pyarrow.parquet import read_table

    columns = read_table(source / "kpis.parquet").to_pydict()
    kpis = tuple(KpiRow(*values) for values in zip(*(columns[f] for f in KpiRow._fields), strict=True))
    manifest = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
    tables = {name: tuple(_read_csv(source / f"{name}.csv", kind)) for name, kind in _KINDS.items()}
    return Results(experiment, **tables, kpis=kpis, manifest=manifest, folder=folder)


def accept(experiment: str, folder: Path = Path("results")) -> list[Path]:
    """Make the results of an experiment its record; return the files.

    Raises
    ------
    ResultsError
        If there is no result to accept.
    """
    source, record = folder / experiment, folder / RECORD / experiment
    tables = [source / f"{name}.csv" for name in RECORDED_TABLES]
    if missing := [path for path in tables if not path.is_file()]:
        raise ResultsError(f"{missing[0]} is not there: run `eipsim run experiment={experiment}`")
    if record.exists():
        shutil.rmtree(record)
    with _appearing(record) as new:
        for path in tables:
            shutil.copyfile(path, new / path.name)
        if (source / FIGURES).is_dir():
            shutil.copytree(source / FIGURES, new / FIGURES)
    return sorted(path for path in record.rglob("*") if path.is_file())


def read_cells(path: Path) -> list[dict[str, str]]:
    """Read a table as text, one dict per row.

    Raises
    ------
    ResultsError
        If it is not there.
    """
    if not path.is_file():
        raise ResultsError(f"{path} is not there: run the experiment again")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _read_csv(path: Path, kind: type[Row]) -> Iterator[Row]:
    hints = get_type_hints(kind)
    for number, cells in enumerate(read_cells(path), start=2):
        if tuple(cells) != kind._fields:
            raise ResultsError(f"{path} has columns {', '.join(cells)}: must have {', '.join(kind._fields)}")
        try:
            yield kind(**{c: hints[c](cell if cell or hints[c] is str else "nan") for c, cell in cells.items()})
        except ValueError as error:
            raise ResultsError(f"{path}, line {number}: {error}: run the experiment again") from None


def _csv(rows: Iterable[tuple[object, ...]], columns: Sequence[str]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    """Write a number with ten digits, and what is not known as nothing."""
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.10g}"
    return str(value)


def _packed(thing: object) -> bytes:
    return gzip.compress(json.dumps(thing).encode(), mtime=0)


def _parquet(columns: Mapping[str, Iterable[Any]]) -> bytes:
    import pyarrow as pa
    from pyarrow.parquet import write_table

    data = BytesIO()
    write_table(pa.table({name: pa.array(values) for name, values in columns.items()}), data, compression="zstd")
    return data.getvalue()


def _replace(path: Path, data: bytes) -> None:
    """Write a file so that it is there as a whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _appearing(target: Path) -> Iterator[Path]:
    """Give a path to write to that takes the target's name when all is written; who comes second gives way."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(dir=target.parent, prefix="."))
    try:
        yield new
        new.chmod(0o755)
        with suppress(OSError):
            new.rename(target)
    finally:
        shutil.rmtree(new, ignore_errors=True)
