"""Units of work are done where they are missing; what fails, dies or is ruined costs nothing that is finished."""

import json
import logging
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from small_park import scenario

from eipsim import replication, work
from eipsim.engines import ENGINES, Compute, WorkerLostError
from eipsim.errors import ConfigError, ParkError, ResultsError, StorageError
from eipsim.replication import units_of
from eipsim.store import Maker, is_stored, read_failure, read_run, read_unit, store_unit, write_maker
from eipsim.work import do_all, do_missing, failures_of

ROOT = Path(__file__).parents[1]
HERE = Compute("here")
GO_ON = Compute("here", on_error="continue")


@pytest.fixture(scope="module")
def units():
    return units_of("baseline", scenario(), range(3), seed=2022, hours=12.0)


@pytest.fixture
def quick(monkeypatch):
    """Do units in no time."""

    def made(unit):
        run = {"wall_s": 0.5, "settlements": 10, "settlements_per_s": 20, "peak_memory_mb": 300, "label": unit.label}
        return replication.Made(replication.unit_files({"replication": unit.replication}), run)

    monkeypatch.setattr(work, "do", made)
    return made


def silent(done, total, label):
    pass


def fail_at(number, error):
    real = work.do

    def failing(unit):
        if unit.replication == number:
            raise error
        return real(unit)

    return failing


def test_a_unit_leaves_numbers_and_how_the_run_went(units, tmp_path):
    do_missing(units[:1], tmp_path, HERE, silent)

    run = read_run(tmp_path, units[0].key)
    assert set(run) == {
        "label", "replication", "seed", "begun", "wall_s", "settlements", "settlements_per_s", "peak_memory_mb", "subject",
        "maker", "detail",
    }  # fmt: skip
    assert run["settlements_per_s"] == pytest.approx(run["settlements"] / run["wall_s"], rel=0.01)
    assert run["peak_memory_mb"] > 20
    assert "wall_s" in read_unit(tmp_path, units[0].key)


def test_a_unit_has_the_same_bytes_whenever_it_is_done(units):
    assert replication.do(units[0]).files == replication.do(units[0]).files


def test_code_and_versions_are_in_the_hash_and_not_in_the_subject(units, monkeypatch):
    monkeypatch.setattr(replication, "versions", lambda: {"numpy": "1.0"})

    other = units_of("baseline", scenario(), range(3), seed=2022, hours=12.0)

    assert [unit.subject for unit in other] == [unit.subject for unit in units]
    assert {unit.key for unit in other} & {unit.key for unit in units} == set()


@pytest.mark.usefixtures("quick")
def test_units_are_done_once_and_kept(units, tmp_path):
    labels = []

    do_missing(units[:2], tmp_path, HERE, silent)
    found = do_all([*units, units[0]], tmp_path, HERE, lambda done, total, label: labels.append((done, total, label)))

    assert labels == [
        (1, 3, "baseline, replication 0 (kept)"),
        (2, 3, "baseline, replication 1 (kept)"),
        (3, 3, "baseline, replication 2"),
    ]
    assert [found[unit.key]["replication"] for unit in units] == [0, 1, 2]


@pytest.mark.usefixtures("quick")
def test_a_replication_that_fails_stops_and_keeps_the_others(units, tmp_path, monkeypatch):
    monkeypatch.setattr(work, "do", fail_at(2, ParkError("the tank is no tank")))

    with pytest.raises(ResultsError) as told:
        do_missing(units, tmp_path, HERE, silent)

    assert str(told.value).startswith("baseline, replication 2 failed: the tank is no tank\n  2 of 3 runs are kept;")
    assert "compute.on_error=continue goes on without such runs" in str(told.value)
    assert [is_stored(tmp_path, unit.key) for unit in units] == [True, True, False]


@pytest.mark.usefixtures("quick")
def test_a_replication_that_fails_can_be_gone_on_from(units, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(work, "do", fail_at(1, ZeroDivisionError("division by zero")))
    labels = []

    found = do_all(units, tmp_path, GO_ON, lambda done, total, label: labels.append(label))

    assert list(found) == [units[0].key, units[2].key]
    why = failures_of(units, tmp_path)[units[1].key]
    assert re.fullmatch(r"ZeroDivisionError: division by zero \(test_work.py, line \d+\)", why["message"])
    assert "Traceback" in why["traceback"]
    assert labels[1] == "baseline, replication 1 (failed)"
    assert "baseline, replication 1 failed: ZeroDivisionError" in caplog.text


def test_what_failed_is_tried_again_and_its_note_goes(units, tmp_path, monkeypatch, quick):
    monkeypatch.setattr(work, "do", fail_at(1, ValueError("no")))
    do_missing(units, tmp_path, GO_ON, silent)
    failed = read_failure(tmp_path, units[1].key)
    monkeypatch.setattr(work, "do", quick)

    do_missing(units, tmp_path, GO_ON, silent)

    assert failed["label"] == "baseline, replication 1"
    assert read_failure(tmp_path, units[1].key) is None
    assert is_stored(tmp_path, units[1].key)


@pytest.mark.usefixtures("quick")
def test_a_stored_unit_that_is_ruined_is_set_aside_and_done_again(units, tmp_path, caplog):
    do_missing(units, tmp_path, HERE, silent)
    (tmp_path / "runs" / units[1].key / "unit.json.gz").write_bytes(b"half")

    found = do_all(units, tmp_path, HERE, silent)

    assert found[units[1].key]["replication"] == 1
    assert (tmp_path / "broken" / f"{units[1].key}.1" / "unit.json.gz").read_bytes() == b"half"
    assert "set aside as" in caplog.text


@pytest.mark.usefixtures("quick")
def test_other_code_makes_runs_stale_and_says_why(units, tmp_path, caplog):
    now = work.maker_of_now()
    earlier = Maker({**now.files, "carriers.py": "0"}, now.versions, None)
    write_maker(tmp_path, earlier)
    for unit in units[:2]:
        store_unit(
            tmp_path, f"old{unit.replication}", {"unit.json.gz": b"old"}, {"subject": unit.subject, "maker": earlier.name}
        )

    do_missing(units, tmp_path, HERE, silent)

    assert "2 runs are stale (carriers.py changed): they are done again, and the old ones stay" in caplog.text
    assert (tmp_path / "runs/old0/unit.json.gz").read_bytes() == b"old"


@pytest.mark.usefixtures("quick")
def test_nothing_is_simulated_where_nothing_can_be_written(units, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(StorageError, match="can't be written"):
        do_missing(units, tmp_path / "file", HERE, silent)


@pytest.mark.usefixtures("quick")
def test_a_disk_that_fills_up_says_what_is_kept(units, tmp_path, monkeypatch):
    real = work.store_unit

    def full(folder, key, files, run):
        if key == units[2].key:
            raise StorageError("runs can't be written (No space left on device): make room")
        real(folder, key, files, run)

    monkeypatch.setattr(work, "store_unit", full)

    with pytest.raises(StorageError, match=r"No space left on device\): make room \(2 of 3 runs are kept\)"):
        do_missing(units, tmp_path, HERE, silent)

    assert [is_stored(tmp_path, unit.key) for unit in units] == [True, True, False]


class Losing:
    """An engine that loses its worker after so many items, so many times."""

    shares_folder = True
    losses, after = 1, 1

    def __init__(self, compute, folder):
        pass

    def each(self, task, items):
        for done, item in enumerate(items):
            if done == self.after and type(self).losses > 0:
                type(self).losses -= 1
                raise WorkerLostError("a process was killed")
            yield task(item)


@pytest.mark.usefixtures("quick")
def test_a_lost_worker_costs_only_what_it_was_doing(units, tmp_path, monkeypatch, caplog):
    monkeypatch.setitem(ENGINES, "losing", type("Once", (Losing,), {"losses": 1, "after": 1}))

    do_missing(units, tmp_path, Compute("losing"), silent)

    assert all(is_stored(tmp_path, unit.key) for unit in units)
    assert "A worker was lost: a process was killed. 1 of 3 runs are kept, the rest goes on." in caplog.text


@pytest.mark.usefixtures("quick")
def test_workers_that_are_lost_again_and_again_end_it(units, tmp_path, monkeypatch):
    monkeypatch.setitem(ENGINES, "losing", type("Always", (Losing,), {"losses": 9, "after": 0}))

    with pytest.raises(ResultsError, match=r"lost 3 times in a row, .*killed: 0 of 3 runs are kept.*compute.workers=1"):
        do_missing(units, tmp_path, Compute("losing"), silent)


@pytest.mark.usefixtures("quick")
def test_a_worker_with_other_code_is_refused(units, tmp_path, monkeypatch):
    class Elsewhere(Losing):
        losses = 0

        def each(self, task, items):
            return (task(item._replace(code="other")) for item in items)

    monkeypatch.setitem(ENGINES, "elsewhere", Elsewhere)

    with pytest.raises(StorageError, match="another version of eipsim"):
        do_missing(units, tmp_path, Compute("elsewhere"), silent)


@pytest.mark.usefixtures("quick")
def test_an_engine_without_the_folder_sends_files_back(units, tmp_path, monkeypatch):
    class Apart(Losing):
        shares_folder, losses = False, 0

    monkeypatch.setitem(ENGINES, "apart", Apart)

    do_missing(units, tmp_path, Compute("apart"), silent)

    assert [read_unit(tmp_path, unit.key)["replication"] for unit in units] == [0, 1, 2]


def test_an_unknown_engine_is_named_with_the_nearest(units, tmp_path):
    with pytest.raises(ConfigError, match=r"compute.engine = 'job': did you mean 'joblib'"):
        do_missing(units, tmp_path, Compute("job"), silent)


@pytest.mark.usefixtures("quick")
def test_each_run_is_one_line_of_the_log(units, tmp_path, caplog):
    caplog.set_level(logging.INFO, "eipsim")

    do_missing(units, tmp_path, HERE, silent)

    assert [record.message for record in caplog.records] == [
        f"baseline, replication {k}: 0.50 s, 10 settlements, 20 per s, 300 MB" for k in range(3)
    ]
    assert caplog.records[0].run["hash"] == units[0].key


SWEEP = """
    import sys
    from pathlib import Path
    sys.path[:0] = [{root!r}, {tests!r}]
    from small_park import scenario
    from eipsim.engines import Compute
    from eipsim.replication import units_of
    from eipsim.work import do_missing
    if __name__ == "__main__":
        units = units_of("baseline", scenario(), range(int(sys.argv[1])), seed=2022)
        tell = lambda done, total, label: print(done, label, flush=True)
        do_missing(units, Path({folder!r}), Compute(workers=2), tell)
"""


def start_sweep(folder, replications):
    script = folder / "sweep.py"
    code = SWEEP.format(root=str(ROOT), tests=str(ROOT / "tests"), folder=str(folder / "results"))
    script.write_text(textwrap.dedent(code), encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, script, str(replications)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def whole_units(folder):
    runs = folder / "results" / "runs"
    return [path.name for path in runs.iterdir() if not path.name.startswith(".")]


@pytest.mark.slow
def test_kill_9_in_the_middle_loses_nothing_that_is_finished_and_the_rest_is_done_later(tmp_path):
    sweep = start_sweep(tmp_path, 400)
    for _ in range(3):
        assert sweep.stdout.readline()
    os.kill(sweep.pid, signal.SIGKILL)
    sweep.communicate(timeout=20)
    time.sleep(0.5)
    kept = whole_units(tmp_path)

    assert len(kept) >= 3
    assert all(read_unit(tmp_path / "results", name)["settlements"] > 0 for name in kept)
    again = start_sweep(tmp_path, 6)
    told, errors = again.communicate(timeout=120)
    assert again.returncode == 0, errors
    assert told.splitlines()[-1].startswith("6 ")
    assert "(kept)" in told


@pytest.mark.slow
def test_a_worker_that_is_killed_from_outside_is_told_and_replaced(tmp_path):
    sweep = start_sweep(tmp_path, 30)
    for _ in range(2):
        sweep.stdout.readline()
    children = Path(f"/proc/{sweep.pid}/task/{sweep.pid}/children").read_text(encoding="utf-8").split()
    workers = [int(child) for child in children if b"popen_loky" in Path(f"/proc/{child}/cmdline").read_bytes()]
    os.kill(workers[0], signal.SIGKILL)
    _, errors = sweep.communicate(timeout=120)

    assert sweep.returncode == 0, errors
    assert len(whole_units(tmp_path)) == 30
    assert "A worker was lost: a process was killed from outside" in errors
    assert "Traceback" not in errors


@pytest.mark.slow
def test_two_sweeps_of_the_same_at_once_agree_and_neither_fails(tmp_path):
    one, other = start_sweep(tmp_path, 12), start_sweep(tmp_path, 12)
    ends = [sweep.communicate(timeout=120) for sweep in (one, other)]

    assert (one.returncode, other.returncode) == (0, 0), ends
    assert len(whole_units(tmp_path)) == 12
    assert [path for path in (tmp_path / "results/runs").iterdir() if path.name.startswith(".")] == []
    assert all(json.loads((tmp_path / "results/runs" / name / "run.json").read_text()) for name in whole_units(tmp_path))
