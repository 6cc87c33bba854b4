"""Runs have the same bytes on every engine; a Ray cluster of two nodes on the loopback interface is one of them."""

import os
from pathlib import Path

import pytest
from small_park import scenario

from eipsim.engines import Compute
from eipsim.replication import units_of
from eipsim.work import do_missing

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def units():
    return units_of("baseline", scenario(), range(4), seed=2022, asked=(), hours=12.0)


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), str(ROOT / "tests"))))


def files_of(folder, units, compute):
    do_missing(units, folder, compute, lambda done, total, label: None)
    paths = [path for unit in units for path in (folder / "runs" / unit.key).iterdir() if path.name != "run.json"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["joblib", "submitit_local", "ray"])
def test_runs_have_the_same_bytes_on_every_engine(engine, units, tmp_path):
    if engine != "joblib":
        pytest.importorskip(engine.split("_")[0])

    here = files_of(tmp_path / "here", units, Compute("here"))

    assert files_of(tmp_path / engine, units, Compute(engine, 2)) == here


@pytest.mark.slow
@pytest.mark.skipif("EIPSIM_CLUSTER" not in os.environ, reason="starts a Ray cluster: set EIPSIM_CLUSTER=1 to try it")
def test_runs_have_the_same_bytes_on_a_cluster_of_two_nodes(units, tmp_path):
    pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    try:
        cluster.add_node(num_cpus=1)
        found = files_of(tmp_path / "cluster", units, Compute("ray", options={"address": cluster.address}))
    finally:
        cluster.shutdown()

    assert found == files_of(tmp_path / "here", units, Compute("here"))


@pytest.mark.slow
@pytest.mark.skipif("EIPSIM_SLURM" not in os.environ, reason="needs Slurm: set EIPSIM_SLURM=1 to try it")
def test_runs_have_the_same_bytes_as_jobs_of_slurm(units, tmp_path):
    pytest.importorskip("submitit")

    found = files_of(tmp_path / "slurm", units, Compute("submitit_slurm", 2, options={"timeout_min": 5}))

    assert found == files_of(tmp_path / "joblib", units, Compute("joblib", 2))
    assert list((tmp_path / "slurm" / "jobs").rglob("*.sh"))
