"""Does the units of work that are missing, on any engine, and loses none that is finished."""

from __future__ import annotations

import logging
import pickle
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from .engines import ENGINES, Compute, Engine, WorkerLostError
from .errors import ConfigError, EipsimError, ResultsError, StorageError, nearest
from .fingerprint import code_fingerprint
from .replication import Unit, described, do
from .scenario import Scenario
from .store import (
    RUNS,
    clear_failure,
    is_stored,
    maker_of_now,
    read_failure,
    read_run,
    read_unit,
    set_aside,
    stale_units,
    store_unit,
    write_failure,
    write_maker,
)
from .store.files import told

__all__ = ["Progress", "Unit", "described", "do_all", "do_missing", "failures_of"]

Progress = Callable[[int, int, str], None]

LOSSES = 3
"""Times that a worker may be lost in a row before anything more is done."""

log = logging.getLogger("eipsim")


class Parcel(NamedTuple):
    """A unit on its way to a worker: the scenario is packed once for all its replications."""

    unit: Unit
    scenario: bytes
    code: str


class Answer(NamedTuple):
    """What became of a unit.

    Parameters
    ----------
    key : str
        Hash of the unit.
    run : dict
        How it went; see `replication.Made`.
    failure : dict or None
        Why it failed: ``label``, ``message`` and ``traceback``.
    ends : str
        Why nothing more can be done by anyone; empty if it can.
    files : dict of str to bytes or None
        What it made, if it is not yet stored.
    """

    key: str
    run: dict[str, Any]
    failure: dict[str, Any] | None = None
    ends: str = ""
    files: dict[str, bytes] | None = None


def do_all(units: Sequence[Unit], folder: Path, compute: Compute | int, on_done: Progress) -> dict[str, dict[str, Any]]:
    """Do the units that have not been done, and return what all left behind, by key.

    A stored unit that can't be read is set aside and done again.

    Parameters
    ----------
    units : sequence of Unit
        Those with the same key are done once.
    folder : Path
        The folder of all results; each unit is stored in ``runs/<key>/`` as soon as it is done.
    compute : Compute or int
        Where; a number is that of processes of this computer.
    on_done : callable
        Called after each unit with (units done, units in all, label).

    Returns
    -------
    dict
        Without the units that failed, if ``compute.on_error`` is to go on; `failures_of` tells why.

    Raises
    ------
    StorageError
        If the folder can't be written.
    ResultsError
        If a unit failed and that is to stop, or workers are lost again and again.
    """
    compute = Compute(workers=compute) if isinstance(compute, int) else compute
    do_missing(units, folder, compute, on_done)
    found: dict[str, dict[str, Any]] = {}
    ruined: list[Unit] = []
    for unit in units:
        if unit.key in found or not is_stored(folder, unit.key):
            continue
        try:
            found[unit.key] = read_unit(folder, unit.key) or {}
        except ResultsError as error:
            place = set_aside(folder, unit.key)
            log.warning("%s: set aside as %s and done again", str(error).split(": delete")[0], place)
            ruined.append(unit)
    if ruined:
        do_missing(ruined, folder, compute, lambda done, total, label: None)
        found |= {unit.key: left for unit in ruined if (left := read_unit(folder, unit.key)) is not None}
    return found


def do_missing(units: Iterable[Unit], folder: Path, compute: Compute, on_done: Progress) -> None:
    """Do the units that have not been done; parameters and errors as in `do_all`, nothing is read back."""
    wanted: dict[str, Unit] = {}
    for unit in units:
        wanted.setdefault(unit.key, unit)
    missing = []
    done = 0
    for key, unit in wanted.items():
        if is_stored(folder, key):
            done += 1
            on_done(done, len(wanted), f"{unit.label} (kept)")
        else:
            missing.append(unit)
    if not missing:
        return
    _make_ready(folder)
    for unit in missing:
        clear_failure(folder, unit.key)
    _tell_stale(missing, folder)
    engine = _engine(compute, folder)
    losses = 0
    while missing:
        try:
            for answer in engine.each(task_of(engine, folder), _parcels(missing)):
                done, losses = done + 1, 0
                _take(answer, wanted[answer.key], folder, compute, f"{done - 1} of {len(wanted)} runs are kept")
                on_done(done, len(wanted), wanted[answer.key].label + (" (failed)" if answer.failure else ""))
            return
        except WorkerLostError as lost:
            losses += 1
            missing = [unit for unit in missing if not _settled(unit, folder, compute)]
            done = len(wanted) - len(missing)
            kept = f"{done} of {len(wanted)} runs are kept"
            if losses == LOSSES:
                raise ResultsError(
                    f"A worker was lost {LOSSES} times in a row, last because {lost}: {kept}. Fewer at a time need less memory "
                    "(compute.workers=1); the same command goes on from there."
                ) from None
            log.warning("A worker was lost: %s. %s, the rest goes on.", lost, kept)


def task_of(engine: Engine, folder: Path) -> Callable[[Parcel], Answer]:
    """Return what a worker does with a parcel."""
    return partial(attempt, folder=folder.absolute() if engine.shares_folder else None)


def failures_of(units: Iterable[Unit], folder: Path) -> dict[str, dict[str, Any]]:
    """Return why units failed, by key: ``label``, ``message`` and ``traceback``."""
    return {
        unit.key: why
        for unit in units
        if not is_stored(folder, unit.key) and (why := read_failure(folder, unit.key)) is not None
    }


_unpacked: list[tuple[str, Scenario]] = []


def attempt(parcel: Parcel, folder: Path | None) -> Answer:
    """Do a unit in a worker and store it, or say why that did not work; raises nothing that is the unit's own fault.

    Parameters
    ----------
    parcel : Parcel
        What to do.
    folder : Path or None
        The folder of all results; None to send the files back.
    """
    unit = parcel.unit
    if parcel.code != code_fingerprint():
        return Answer(
            unit.key, {}, ends="a worker has another version of eipsim, or of its tables: install the same everywhere"
        )
    if folder is not None and is_stored(folder, unit.key):
        return Answer(unit.key, read_run(folder, unit.key))
    if not _unpacked or _unpacked[0][0] != unit.scenario_key:
        _unpacked[:] = [(unit.scenario_key, pickle.loads(parcel.scenario))]
    try:
        made = do(unit._replace(scenario=_unpacked[0][1]))
    except Exception as error:
        return Answer(
            unit.key, {}, failure={"label": unit.label, "message": _message(error), "traceback": traceback.format_exc()}
        )
    if folder is None:
        return Answer(unit.key, made.run, files=made.files)
    try:
        store_unit(folder, unit.key, made.files, made.run)
    except StorageError as error:
        return Answer(unit.key, {}, ends=str(error))
    return Answer(unit.key, made.run)


def _message(error: Exception) -> str:
    """Return one line: what a user can mend as it is, anything else with its kind and place."""
    if isinstance(error, EipsimError):
        return " ".join(str(error).split())
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())}{place}"


def _make_ready(folder: Path) -> None:
    """Try whether the folder can be written, before anything is simulated."""
    with told(folder):
        (folder / RUNS).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder / RUNS) as file:
            file.write(b"eipsim")
    write_maker(folder, maker_of_now())


def _engine(compute: Compute, folder: Path) -> Engine:
    if compute.engine not in ENGINES:
        raise ConfigError(f"compute.engine = {compute.engine!r}: {nearest(compute.engine, ENGINES)}")
    return ENGINES[compute.engine](compute, folder)


def _tell_stale(missing: Sequence[Unit], folder: Path) -> None:
    """Say why units that look done are done again."""
    stale = stale_units(folder, (unit.subject for unit in missing))
    if not stale:
        return
    reasons: dict[str, int] = {}
    for _, maker in stale.values():
        why = maker.changed_to(maker_of_now())
        reasons[why] = reasons.get(why, 0) + 1
    for why, count in sorted(reasons.items(), key=lambda item: -item[1]):
        log.warning("%d runs are stale (%s): they are done again, and the old ones stay", count, why)


def _parcels(units: Iterable[Unit]) -> Iterator[Parcel]:
    last, packed = "", b""
    for unit in units:
        if unit.scenario_key != last:
            last, packed = unit.scenario_key, pickle.dumps(unit.scenario)
        yield Parcel(unit._replace(scenario=None), packed, code_fingerprint())  # type: ignore[arg-type]


def _settled(unit: Unit, folder: Path, compute: Compute) -> bool:
    """Say whether nothing is left to do for a unit: it is stored, or failed where that is to be gone on from."""
    return is_stored(folder, unit.key) or (compute.on_error == "continue" and read_failure(folder, unit.key) is not None)


def _take(answer: Answer, unit: Unit, folder: Path, compute: Compute, kept: str) -> None:
    """Store and log an answer, or stop if it says so."""
    if answer.ends:
        raise StorageError(f"{answer.ends} ({kept})")
    if answer.failure is not None:
        write_failure(folder, unit.key, answer.failure | {"replication": unit.replication, "seed": unit.seed})
        message = f"{unit.label} failed: {answer.failure['message']}"
        if compute.on_error == "stop":
            raise ResultsError(
                f"{message}\n  {kept}; how it came about: {folder / 'failed' / unit.key}.json; compute.on_error=continue goes "
                "on without such runs."
            )
        log.warning("%s: left out", message)
        return
    if answer.files is not None:
        store_unit(folder, unit.key, answer.files, answer.run)
    clear_failure(folder, unit.key)
    run = answer.run
    log.info(
        "%s: %.2f s, %d settlements, %d per s, %s MB",
        unit.label, run.get("wall_s", 0.0), run.get("settlements", 0), run.get("settlements_per_s", 0),
        run.get("peak_memory_mb", "?"), extra={"run": {"hash": unit.key} | run},
    )  # fmt: skip
