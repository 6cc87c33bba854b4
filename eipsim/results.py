"""Writes and reads what experiments leave behind: tables, figures, and the record of what was accepted."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_type_hints

from .claims import ClaimRow
from .errors import ResultsError, nearest
from .kpis.comparison import Saving
from .kpis.detail import Detail
from .store import RECORD, RUNS, appearing, csv_bytes, parquet_bytes, read_detail, read_unit, replace_file, write_unit
from .store.files import read_parquet, told
from .store.folders import read_manifest, write_folder
from .store.stamps import stamp_of, stamped, unstamped

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = [
    "FIGURES",
    "RECORD",
    "RECORDED_TABLES",
    "RUNS",
    "BillRow",
    "KpiRow",
    "LostRow",
    "MeasureRow",
    "ProductionRow",
    "Results",
    "RoomRow",
    "accept",
    "read_cells",
    "read_detail",
    "read_results",
    "read_unit",
    "write_catalogue",
    "write_figures",
    "write_results",
    "write_unit",
]

FIGURES = "figures"
RECORDED_TABLES = ("claims", "savings")
FAILURE_COLUMNS = ("run", "label", "replication", "seed", "message")
"""Name of the folder of figures inside that of an experiment, the tables that a record keeps, and columns of failures."""


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
    """One row of ``bills.csv``: one item of the bill of a factory, of the others or of the operator, mean."""

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


class LostRow(NamedTuple):
    """One row of ``lost_hours.csv``: hours that a line lost to one cause, mean over replications; see `kpis.bottlenecks`."""

    scenario: str
    factory: str
    line: int
    cause: str
    carrier: str
    place: str
    root: str
    why: str
    lost_h: float


class RoomRow(NamedTuple):
    """One row of ``headroom.csv``: what one limit leaves on the busy day; see `kpis.headroom`.

    Means over replications; ``spare_low`` and ``spare_high`` are the ends of its 95 % interval.
    """

    scenario: str
    resource: str
    limit: str
    unit: str
    capacity: float
    used: float
    spare: float
    spare_low: float
    spare_high: float
    tenant: float


Row = TypeVar("Row", ClaimRow, Saving, KpiRow, MeasureRow, BillRow, ProductionRow, LostRow, RoomRow)
_KINDS: dict[str, type[Any]] = {
    "claims": ClaimRow,
    "savings": Saving,
    "measures": MeasureRow,
    "bills": BillRow,
    "production": ProductionRow,
    "lost_hours": LostRow,
    "headroom": RoomRow,
}


@dataclass(frozen=True)
class Results:
    """Everything that an experiment found.

    Parameters
    ----------
    experiment : str
        Its name.
    claims, savings, kpis, measures, bills, production, lost_hours, headroom : tuple of rows
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
    lost_hours: tuple[LostRow, ...] = ()
    headroom: tuple[RoomRow, ...] = ()
    folder: Path = field(default=Path("results"), compare=False)

    def table(self, name: str) -> DataFrame:
        """Return a table: claims, savings, kpis, measures, bills, production, lost_hours or headroom.

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


def write_results(results: Results, figures: Mapping[str, bytes] | None = None) -> list[Path]:
    """Write the tables, the manifest and the figures of an experiment; return the files.

    Other results of the same name are not overwritten: they move aside to ``<experiment>@<first digits of their hash>``.

    Parameters
    ----------
    results : Results
        What `experiment.run_experiment` returned.
    figures : mapping of str to bytes, optional
        Encoded files by name.

    Raises
    ------
    StorageError
        If the folder can't be written.
    """
    files = {f"{name}.csv": csv_bytes(getattr(results, name), kind._fields) for name, kind in _KINDS.items()}
    files["kpis.parquet"] = parquet_bytes({f: [row[k] for row in results.kpis] for k, f in enumerate(KpiRow._fields)})
    if failed := results.manifest.get("failed"):
        files["failures.csv"] = csv_bytes([[one.get(key) for key in FAILURE_COLUMNS] for one in failed], FAILURE_COLUMNS)
    files["manifest.json"] = _json(results.manifest)
    stamp = stamp_of(results.manifest)
    files |= {f"{FIGURES}/{name}": stamped(data, name, stamp) for name, data in (figures or {}).items()}
    return write_folder(results.folder, results.experiment, files)


def write_figures(folder: Path, experiment: str, figures: Mapping[str, bytes]) -> list[Path]:
    """Write figures, given as encoded files by name, into ``figures/`` of an experiment; return the files.

    Each says in its metadata which results it shows, and whether the working tree had been changed.
    """
    target = folder / experiment / FIGURES
    with told(target):
        target.mkdir(parents=True, exist_ok=True)
    stamp = stamp_of(read_manifest(target.parent))
    for name, data in figures.items():
        replace_file(target / name, stamped(data, name, stamp))
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
    files = {catalogue[0]: catalogue[1].encode()}
    files |= {f"{name}.csv": csv_bytes(rows, rows[0]._fields) for name, rows in tables.items()}
    return write_folder(folder, experiment, files | {"manifest.json": _json(manifest)})


def _json(thing: object) -> bytes:
    return (json.dumps(thing, indent=2, sort_keys=True) + "\n").encode()


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
    columns = read_parquet(source / "kpis.parquet").to_pydict()
    kpis = tuple(KpiRow(*values) for values in zip(*(columns[f] for f in KpiRow._fields), strict=True))
    manifest = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
    tables = {name: tuple(_read_csv(source / f"{name}.csv", kind)) for name, kind in _KINDS.items()}
    return Results(experiment, **tables, kpis=kpis, manifest=manifest, folder=folder)


def accept(experiment: str, folder: Path = Path("results")) -> list[Path]:
    """Make the results of an experiment its record; return the files.

    Of an experiment about savings that is `RECORDED_TABLES`, of any other all of its tables.

    Raises
    ------
    ResultsError
        If there is no result to accept.
    """
    source, record = folder / experiment, folder / RECORD / experiment
    tables = [source / f"{name}.csv" for name in RECORDED_TABLES]
    if (source / "manifest.json").is_file() and not (source / "kpis.parquet").is_file():
        tables = sorted(source.glob("*.csv"))
    if missing := [path for path in tables if not path.is_file()]:
        raise ResultsError(f"{missing[0]} is not there: run `eipsim run experiment={experiment}`")
    if record.exists():
        shutil.rmtree(record)
    with appearing(record) as new:
        for path in tables:
            shutil.copyfile(path, new / path.name)
        if (source / FIGURES).is_dir():
            (new / FIGURES).mkdir()
            for path in sorted((source / FIGURES).iterdir()):
                (new / FIGURES / path.name).write_bytes(unstamped(path.read_bytes(), path.name))
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
