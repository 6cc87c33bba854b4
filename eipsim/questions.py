"""Asks all results at once: DuckDB reads every table of a folder of results as a few views, swept values as columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import ResultsError, nearest
from .store import BROKEN, FAILED, RECORD, RUNS, is_stored, maker_of_now, read_failure, read_run, stored_keys
from .store.files import read_parquet
from .store.folders import identity_of, read_manifest
from .store.makers import MAKERS, read_makers

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NO_RESULT = frozenset({RUNS, RECORD, FAILED, BROKEN, MAKERS, "jobs"})
"""Folders of ``results/`` that hold no result."""

VIEWS = {
    "kpis": "one row per experiment, scenario, replication and KPI; swept values are columns",
    "savings": "one row per experiment, scenario and KPI: the three sums and intervals; swept values are columns",
    "experiments": "one row per result: hash, seed, replications, commit, dirty; swept values are columns",
    "config": "one row per experiment and key of its configuration, values as text",
    "runs": "one row per stored run: wall time, settlements, memory, what made it",
    "failures": "one row per run that failed, with its message",
}
"""What can be asked."""


class Standing(NamedTuple):
    """One result in a folder.

    Parameters
    ----------
    name : str
        Of its folder; earlier results have ``@`` and the first digits of their hash in it.
    manifest : dict
        What made it.
    problem : str
        Why its tables can't be asked; empty if they can.
    """

    name: str
    manifest: dict[str, Any]
    problem: str = ""

    @property
    def keys(self) -> list[str]:
        """Hashes of the runs that it was made of."""
        units, alone = self.manifest.get("units", {}), self.manifest.get("alone_units", [])
        return [key for own in (*units.values(), *alone) for key in own]


def standings(folder: Path) -> list[Standing]:
    """Return all results of a folder by name.

    Raises
    ------
    ResultsError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise ResultsError(f"{folder} is not there: run `eipsim run`, or name the folder with --results")
    found = []
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in NO_RESULT and not path.name.startswith("."):
            manifest = read_manifest(path)
            problem = "" if manifest else "manifest.json can't be read"
            if manifest and (path / "kpis.parquet").exists():
                try:
                    read_parquet(path / "kpis.parquet")
                except ResultsError as error:
                    problem = str(error)
            found.append(Standing(path.name, manifest, problem))
    return found


def standing(folder: Path, name: str) -> Standing:
    """Return one result by its name or by the first digits of its hash.

    Raises
    ------
    ResultsError
        If there is none, or more than one.
    """
    everything = standings(folder)
    if not everything:
        raise ResultsError(f"{folder} holds no results yet: `eipsim run` makes some")
    if exact := [one for one in everything if one.name == name]:
        return exact[0]
    begun = [one for one in everything if one.manifest and len(name) >= 4 and identity_of(one.manifest).startswith(name)]
    if len(begun) == 1:
        return begun[0]
    if begun:
        raise ResultsError(f"{name} begins the hash of {', '.join(one.name for one in begun)}: write more digits")
    raise ResultsError(f"{folder / name} holds no result: {nearest(name, [one.name for one in everything])}")


def run_key(folder: Path, start: str) -> str | None:
    """Return the hash of the one stored run that starts with some digits, at least four; None if there is none.

    Raises
    ------
    ResultsError
        If there are several.
    """
    if len(start) < 4:
        return None
    found = [start] if is_stored(folder, start) else [key for key in stored_keys(folder) if key.startswith(start)]
    if len(found) > 1:
        raise ResultsError(f"{len(found)} runs start with {start}: write more digits")
    return found[0] if found else None


def ask(folder: Path, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return columns and rows that answer a question in SQL.

    Parameters
    ----------
    folder : Path
        The folder of all results.
    sql : str
        In the words of DuckDB, over the views of `VIEWS`.

    Raises
    ------
    ResultsError
        If DuckDB does not understand it.
    """
    import duckdb

    with opened(folder) as connection:
        try:
            answer = connection.execute(sql)
            columns = [column[0] for column in answer.description or ()]
            return columns, [tuple(row) for row in answer.fetchall()]
        except duckdb.Error as error:
            reason = str(error).strip().splitlines()[0]
            views = ", ".join(VIEWS)
            raise ResultsError(f"The question can't be answered ({reason}). Views: {views}.") from None


def opened(folder: Path) -> DuckDBPyConnection:
    """Return a connection in which the views of `VIEWS` stand for the tables of a folder of results."""
    import duckdb

    sound = [one for one in standings(folder) if not one.problem]
    connection = duckdb.connect()
    columns = swept_columns(sound)
    heads = [
        {
            "experiment": one.name, "hash": identity_of(one.manifest), "seed": one.manifest.get("seed"),
            "replications": one.manifest.get("replications"), "hours": one.manifest.get("hours"),
            "commit": one.manifest.get("commit"), "dirty": one.manifest.get("dirty"), "runs": len(one.keys),
            "failed": len(one.manifest.get("failed", [])), "wall_time_s": one.manifest.get("wall_time_s"),
        }
        | {column: one.manifest.get("swept", {}).get(key) for column, key in columns.items()}
        for one in sound
    ]  # fmt: skip
    _table(connection, "experiments", heads, ["experiment", "hash"])
    configs = [
        {"experiment": one.name, "key": key, "value": str(value)}
        for one in sound
        for key, value in flat(one.manifest.get("config", {})).items()
    ]
    _table(connection, "config", configs, ["experiment", "key", "value"])
    runs = [{"hash": key} | read_run(folder, key) for key in stored_keys(folder)]
    _table(connection, "runs", [{k: v for k, v in run.items() if k != "detail"} for run in runs], ["hash"])
    failures = [
        {"hash": path.stem} | {key: why.get(key) for key in ("label", "replication", "seed", "message")}
        for path in sorted((folder / FAILED).glob("*.json"))
        if (why := read_failure(folder, path.stem))
    ]
    _table(connection, "failures", failures, ["hash", "label", "message"])
    swept = "".join(f', e."{column}"' for column in columns)
    for name, file, reader in (("kpis", "kpis.parquet", "read_parquet"), ("savings", "savings.csv", "read_csv")):
        paths = {str(folder / one.name / file): one.name for one in sound if (folder / one.name / file).is_file()}
        if not paths:
            connection.execute(f"CREATE TABLE {name} (experiment VARCHAR, scenario VARCHAR, kpi VARCHAR)")
            continue
        _table(connection, f"{name}_files", [{"file": path, "experiment": one} for path, one in paths.items()], [])
        listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
        connection.execute(
            f"CREATE VIEW {name} AS SELECT e.experiment{swept}, t.* EXCLUDE (filename) "
            f"FROM {reader}([{listed}], filename = true, union_by_name = true) t "
            f"JOIN {name}_files f ON f.file = t.filename JOIN experiments e ON e.experiment = f.experiment"
        )
    return connection


def swept_columns(everything: Sequence[Standing]) -> dict[str, str]:
    """Return by column the swept key of a configuration: its last word, or all of it where two end alike."""
    keys = sorted({key for one in everything for key in one.manifest.get("swept", {})})
    taken = {"experiment", "scenario", "replication", "kpi", "unit", "value", "hash", "seed", "replications", "hours"}
    last = [key.rsplit(".", 1)[-1] for key in keys]
    return {
        (word if last.count(word) == 1 and word not in taken else key.replace(".", "_").replace("@", "_")): key
        for key, word in zip(keys, last, strict=True)
    }


def _table(connection: DuckDBPyConnection, name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Make a table of rows; columns whose values are of several kinds hold text."""
    import pyarrow as pa

    names = list(dict.fromkeys([*columns, *(key for row in rows for key in row)]))
    arrays = {}
    for column in names:
        values = [row.get(column) for row in rows]
        values = [None if isinstance(value, float) and math.isnan(value) else value for value in values]
        try:
            arrays[column] = pa.array(values)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            arrays[column] = pa.array([None if value is None else str(value) for value in values])
        if pa.types.is_null(arrays[column].type):
            arrays[column] = arrays[column].cast(pa.string())
    connection.register(f"{name}_rows", pa.table(arrays))
    connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM {name}_rows')


def flat(values: Any, prefix: str = "") -> dict[str, Any]:
    """Return the single values of nested mappings and lists by dotted key.

    Examples
    --------
    >>> flat({"park": {"shifts": [6, 14]}})
    {'park.shifts.0': 6, 'park.shifts.1': 14}
    """
    items = values.items() if isinstance(values, Mapping) else enumerate(values) if isinstance(values, list | tuple) else None
    if items is None or not values:
        return {prefix: values} if prefix else {}
    found: dict[str, Any] = {}
    for key, value in items:
        found |= flat(value, f"{prefix}.{key}" if prefix else str(key))
    return found


class Difference(NamedTuple):
    """One thing in which two results differ; empty text for what one of them does not have."""

    what: str
    one: str
    other: str


def config_differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Difference]:
    """Return how two manifests differ in what was asked and in what made them, configuration first."""
    found: list[Difference] = []
    for part in ("config", "versions"):
        a, b = flat(one.get(part, {})), flat(other.get(part, {}))
        found += [
            Difference(f"{part}.{key}".removeprefix("config."), _text(a, key), _text(b, key))
            for key in dict.fromkeys([*a, *b])
            if a.get(key) != b.get(key) or (key in a) != (key in b)
        ]
    told = {difference.what.removeprefix("experiment.") for difference in found}
    return found + [
        Difference(key, str(one.get(key)), str(other.get(key)))
        for key in ("seed", "replications", "code", "commit", "dirty")
        if one.get(key) != other.get(key) and key not in told
    ]


def _text(values: Mapping[str, Any], key: str) -> str:
    return str(values[key]) if key in values else ""


def kpi_differences(folder: Path, one: str, other: str) -> Iterator[tuple[str, str, str, float, float]]:
    """Yield scenario, KPI, unit and both means of every KPI whose mean over replications differs between two results."""
    sql = (
        "WITH m AS (SELECT experiment, scenario, kpi, any_value(unit) AS unit, avg(value) AS mean FROM kpis "
        f"WHERE experiment IN ({_quoted(one)}, {_quoted(other)}) GROUP BY ALL) "
        "SELECT a.scenario, a.kpi, a.unit, a.mean, b.mean FROM m a JOIN m b USING (scenario, kpi) "
        f"WHERE a.experiment = {_quoted(one)} AND b.experiment = {_quoted(other)} AND a.mean IS DISTINCT FROM b.mean "
        "ORDER BY a.scenario, a.kpi"
    )
    for scenario, kpi, unit, a, b in ask(folder, sql)[1]:
        yield scenario, kpi, unit, float(a), float(b)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class Upkeep(NamedTuple):
    """What a folder of results could do without.

    Parameters
    ----------
    stale : list of Path
        Runs of other code or libraries that no result was made of.
    unused : list of Path
        Runs of this code that no result was made of: finished parts of what was interrupted.
    ruins : list of Path
        What was set aside because it could not be read, and what was being written when a process was killed.
    """

    stale: list[Path]
    unused: list[Path]
    ruins: list[Path]


def upkeep(folder: Path, leftover_h: float = 1.0) -> Upkeep:
    """Return what a folder of results could do without.

    Parameters
    ----------
    folder : Path
        The folder of all results.
    leftover_h : float
        Age from which a half-written folder counts as left by a process that is gone [h].
    """
    import time

    used = {key for one in standings(folder) for key in one.keys}
    now, makers = maker_of_now().name, read_makers(folder)
    stale: list[Path] = []
    unused: list[Path] = []
    for key in stored_keys(folder):
        if key not in used:
            maker = read_run(folder, key).get("maker")
            (unused if maker == now and maker in makers else stale).append(folder / RUNS / key)
    ruins = sorted((folder / BROKEN).glob("*"))
    before = time.time() - 3600 * leftover_h
    for place in (folder, folder / RUNS):
        ruins += [p for p in sorted(place.glob(".*")) if p.is_dir() and p.stat().st_mtime < before] if place.is_dir() else []
    return Upkeep(stale, unused, ruins)


def size_of(paths: Sequence[Path]) -> int:
    """Return the size of files and folders [bytes]."""
    files = (file for path in paths for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file())
    return sum(file.stat().st_size for file in files)
