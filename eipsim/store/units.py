"""Units of work on disk: ``runs/<hash>/`` for what is done, ``failed/<hash>.json`` for what failed, ``broken/`` for ruins."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ResultsError
from ..kernel.run import Event
from ..kpis.detail import Detail, Monitored, Tank
from .files import appearing, packed, parquet_bytes, read_parquet, replace_file, told, unpacked

RUNS, FAILED, BROKEN, RECORD = "runs", "failed", "broken", "record"
"""Names of folders inside ``results/``."""

UNIT, RUN, DETAIL, SERIES = "unit.json.gz", "run.json", "detail.json.gz", "series.parquet"
"""Names of files of a unit: numbers, how the run went, and of some also levels with events, and series."""


def unit_files(unit: Mapping[str, Any], detail: Detail | None = None) -> dict[str, bytes]:
    """Return the files that a unit of work leaves behind, which depend on nothing but what its hash names."""
    files = {}
    if detail is not None:
        files[SERIES] = parquet_bytes({"band": detail.bands, **detail.series})
        tanks = {tank: {**kept._asdict(), "level_m3": kept.level_m3.tolist()} for tank, kept in detail.tanks.items()}
        head = {"start": detail.start.isoformat(), "step_h": detail.step_h, "events": detail.events, "tanks": tanks}
        if detail.monitors:
            head["monitors"] = {name: _plain(one) for name, one in detail.monitors.items()}
        files[DETAIL] = packed(head)
    files[UNIT] = packed(unit)
    return files


def _plain(seen: Monitored) -> dict[str, Any]:
    """Return what a monitor saw as plain values, concentrations to a ten-thousandth."""
    found = {name: values.round(4).tolist() for name, values in seen.found_g_per_m3.items()}
    return {**seen._asdict(), "hour": seen.hour.tolist(), "found_g_per_m3": found}


def _monitored(plain: Mapping[str, Any]) -> Monitored:
    found = {name: np.array(values) for name, values in plain["found_g_per_m3"].items()}
    return Monitored(plain["standard"], plain["limits_g_per_m3"], np.array(plain["hour"]), found)


def store_unit(folder: Path, name: str, files: Mapping[str, bytes], run: Mapping[str, Any] | None = None) -> None:
    """Store the files of a unit under its hash: they are there as a whole or not at all, and never replaced.

    Parameters
    ----------
    folder : Path
        The folder of all results.
    name : str
        Hash.
    files : mapping of str to bytes
        What `unit_files` made.
    run : mapping, optional
        How the run went: ``run.json``, which is no part of the numbers.

    Raises
    ------
    StorageError
        If the folder can't be written.
    """
    with appearing(folder / RUNS / name) as new:
        for file, data in files.items():
            (new / file).write_bytes(data)
        if run is not None:
            (new / RUN).write_text(json.dumps(run, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def write_unit(folder: Path, name: str, unit: Mapping[str, Any], detail: Detail | None = None) -> None:
    """Store a unit of work under its hash: it is there as a whole or not at all."""
    store_unit(folder, name, unit_files(unit, detail))


def is_stored(folder: Path, name: str) -> bool:
    """Say whether a unit of work has been done."""
    return (folder / RUNS / name / UNIT).is_file()


def stored_keys(folder: Path) -> list[str]:
    """Return the hashes of all units of work that have been done, sorted."""
    if not (folder / RUNS).is_dir():
        return []
    return sorted(entry.name for entry in os.scandir(folder / RUNS) if entry.is_dir() and not entry.name.startswith("."))


def read_unit(folder: Path, name: str) -> dict[str, Any] | None:
    """Return what a unit of work left behind, with its wall time if that was noted; None if it has not been done.

    Raises
    ------
    ResultsError
        If its file can't be read.
    """
    path = folder / RUNS / name / UNIT
    if not path.is_file():
        return None
    try:
        found = unpacked(path)
    except ResultsError as error:
        raise ResultsError(f"{error}: delete the folder {path.parent} and run again") from None
    if not isinstance(found, dict):
        raise ResultsError(f"{path} holds no unit of work: delete the folder {path.parent} and run again")
    run = read_run(folder, name)
    return found | {"wall_s": run["wall_s"]} if "wall_s" in run else found


def read_run(folder: Path, name: str) -> dict[str, Any]:
    """Return how the run of a unit went, as ``run.json`` says; empty if there is none or it can't be read."""
    try:
        found = json.loads((folder / RUNS / name / RUN).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def read_detail(folder: Path, name: str) -> Detail | None:
    """Return the detail of a unit of work, or None if it has none.

    Raises
    ------
    ResultsError
        If its files can't be read.
    """
    path = folder / RUNS / name
    if not (path / DETAIL).is_file():
        return None
    try:
        head = unpacked(path / DETAIL)
        columns = read_parquet(path / SERIES)
    except ResultsError as error:
        raise ResultsError(f"{str(error).removesuffix(': run the experiment again')}: delete {path} and run again") from None
    series = {column: columns[column].to_numpy() for column in columns.column_names if column != "band"}
    tanks = {
        tank: Tank(kept["capacity_m3"], kept["high_m3"], np.array(kept["level_m3"])) for tank, kept in head["tanks"].items()
    }
    events = [Event(*event) for event in head["events"]]
    monitors = {name: _monitored(one) for name, one in head.get("monitors", {}).items()}
    bands = columns["band"].to_pylist()
    return Detail(date.fromisoformat(head["start"]), head["step_h"], bands, series, tanks, events, monitors)


def set_aside(folder: Path, name: str) -> Path:
    """Move a unit that can't be read to ``broken/``, so that it is done again; return where it is now.

    Raises
    ------
    StorageError
        If it can't be moved.
    """
    with told(folder / BROKEN):
        (folder / BROKEN).mkdir(parents=True, exist_ok=True)
        place = next(p for k in range(1, 10**6) if not (p := folder / BROKEN / f"{name}.{k}").exists())
        (folder / RUNS / name).rename(place)
        return place


def write_failure(folder: Path, name: str, failure: Mapping[str, Any]) -> None:
    """Note why a unit failed.

    Raises
    ------
    StorageError
        If the folder can't be written.
    """
    with told(folder / FAILED):
        (folder / FAILED).mkdir(parents=True, exist_ok=True)
    replace_file(folder / FAILED / f"{name}.json", (json.dumps(failure, indent=2, sort_keys=True) + "\n").encode())


def read_failure(folder: Path, name: str) -> dict[str, Any] | None:
    """Return why a unit failed, or None if it did not."""
    try:
        found = json.loads((folder / FAILED / f"{name}.json").read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def clear_failure(folder: Path, name: str) -> None:
    """Forget that a unit failed, because it has been done."""
    (folder / FAILED / f"{name}.json").unlink(missing_ok=True)
