"""Every engine does each item once and gives the same answers; a lost worker is told as such."""

import os
import sys
from pathlib import Path

import pytest
from engine_tasks import die_once, process, square

from eipsim.engines import ENGINES, Compute, WorkerLostError
from eipsim.engines.on_submitit import out_of_queue
from eipsim.errors import ConfigError

NUMBERS = list(range(12))
SLURM = pytest.mark.skipif("EIPSIM_SLURM" not in os.environ, reason="needs Slurm: set EIPSIM_SLURM=1 to try it")
LOCAL = ["here", pytest.param("joblib", marks=pytest.mark.slow), pytest.param("submitit_local", marks=pytest.mark.slow)]


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    """Let processes of other engines find this eipsim and the tasks."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, (Path(__file__).parents[2], Path(__file__).parents[1]))))


def engine(name, folder, workers=2, **options):
    return ENGINES[name](Compute(name, workers, options=options), folder)


@pytest.mark.parametrize(
    "name",
    [*LOCAL, pytest.param("ray", marks=pytest.mark.slow), pytest.param("submitit_slurm", marks=[pytest.mark.slow, SLURM])],
)
def test_every_item_is_done_once(name, tmp_path):
    if name == "ray":
        pytest.importorskip("ray")
    if name.startswith("submitit"):
        pytest.importorskip("submitit")

    found = engine(name, tmp_path).each(square, iter(NUMBERS))

    assert sorted(found) == [number**2 for number in NUMBERS]


def test_one_worker_of_joblib_is_this_process(tmp_path):
    assert list(engine("joblib", tmp_path, workers=1).each(square, NUMBERS)) == [number**2 for number in NUMBERS]


def test_this_process_takes_items_only_when_it_is_free(tmp_path):
    taken = []
    items = (taken.append(number) or number for number in NUMBERS)

    next(iter(engine("here", tmp_path).each(square, items)))

    assert taken == [0]


@pytest.mark.slow
def test_processes_have_one_thread_each_and_are_as_many_as_asked_for(tmp_path):
    found = list(engine("joblib", tmp_path).each(process, NUMBERS))

    assert len({number for number, _ in found}) <= 2
    assert {threads for _, threads in found} == {"1"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["joblib", "submitit_local", "ray", pytest.param("submitit_slurm", marks=SLURM)])
def test_a_killed_worker_is_told_and_the_engine_goes_on_afterwards(name, tmp_path):
    if name != "joblib":
        pytest.importorskip(name.split("_")[0])
    one = engine(name, tmp_path)
    items = ["", str(tmp_path / "died"), ""]

    with pytest.raises(WorkerLostError):
        list(one.each(die_once, items))

    assert sorted(one.each(die_once, items)) == sorted(items)


def test_all_cores_are_used_unless_told_otherwise():
    assert Compute().workers_here >= 1
    assert Compute(workers=3).workers_here == 3


@pytest.mark.parametrize(("name", "library"), [("ray", "ray"), ("submitit_local", "submitit")])
def test_a_library_that_is_not_there_is_named(name, library, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(ConfigError, match=r"is not installed: pip install 'eipsim\[cluster\]'"):
        list(engine(name, tmp_path).each(square, NUMBERS))


def test_slurm_that_is_not_there_is_told(tmp_path, monkeypatch):
    pytest.importorskip("submitit")
    monkeypatch.setenv("PATH", "")

    with pytest.raises(ConfigError, match=r"compute.engine = 'submitit_slurm': .*srun"):
        list(engine("submitit_slurm", tmp_path).each(square, NUMBERS))


@pytest.mark.parametrize(
    ("answer", "gone"),
    [
        ("echo 7_0; echo 8_1", {"7_1"}),
        ("echo slurm_load_jobs error: Invalid job id specified >&2; exit 1", {"7_0", "7_1", "8_1"}),
        ("echo slurm_load_jobs error: Unable to contact slurm controller >&2; exit 1", set()),
    ],
)
def test_jobs_that_slurm_no_longer_has_are_found(answer, gone, tmp_path, monkeypatch):
    squeue = tmp_path / "squeue"
    squeue.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    squeue.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert out_of_queue(["7_0", "7_1", "8_1"]) == gone


def test_without_squeue_no_job_is_taken_for_gone(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert out_of_queue(["7_0"]) == set()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nowhere"])
def test_a_cluster_that_does_not_answer_is_told(tmp_path, address, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", object())

    with pytest.raises(ConfigError, match=f"compute.address = '{address}': no Ray cluster answers"):
        list(engine("ray", tmp_path, address=address).each(square, NUMBERS))
