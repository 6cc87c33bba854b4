"""``eipsim detectable``."""

import csv
import json
import shutil

import pytest
import small_configs
from typer.testing import CliRunner

from eipsim import cli, composition
from eipsim.results import RUNS, read_results
from eipsim.store import read_unit, write_unit


@pytest.fixture
def small(tmp_path, monkeypatch):
    configs = small_configs.write_small_configs(tmp_path)
    monkeypatch.setattr(composition, "configs_folder", lambda: configs)
    return tmp_path


def asked(folder, *words):
    return CliRunner().invoke(cli.app, ["detectable", *words, "--results", str(folder)])


def told(done):
    return " ".join(done.output.split())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "holds no results: run `eipsim run experiment=recp_savings`"),
        (("--drift", "2"), "--drift 2: must be from 0 to 0.1, such as 0.002"),
        (("park=amatta",), "did you mean 'amata'?"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(small, words, message):
    done = asked(small, *words)

    assert done.exit_code == 2
    assert message in told(done)


def as_a_year(folder):
    """Let each stored week stand for a year of twelve months whose sum differs from replication to replication."""
    manifest = read_results("recp_savings", folder).manifest
    runs = [*manifest["units"].values(), *manifest["alone_units"]]
    for keys in runs:
        for replication, key in enumerate(keys):
            unit = read_unit(folder, key)
            for one in unit["readings"]["factories"].values():
                for read in (one["meters"], *one["end_uses"].values()):
                    for carrier, (week,) in read.items():
                        read[carrier] = [week * (1 + 0.01 * replication + 0.001 * month) for month in range(12)]
                one["line_h"] = one["line_h"] * 12
            unit["readings"]["months"] = [[2022, month + 1, 30] for month in range(12)]
            shutil.rmtree(folder / RUNS / key)
            write_unit(folder, key, unit)


@pytest.mark.slow
def test_measures_are_proven_by_the_replications_of_a_run(small):
    week = ["context.hours=168", "experiment.replications=3", "experiment.alone_replications=1", "compute=local"]
    CliRunner().invoke(cli.app, ["run", *week, "--results", str(small), "-q"])
    assert "has 1 months: it must have 12" in told(asked(small))

    as_a_year(small)
    done = asked(small)

    assert done.exit_code == 0, done.output
    with (small / "detectable" / "measures.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["measure"] for row in rows} == {"S1", "S2", "S3"}
    assert all(float(row["saving_frac"]) > 0 for row in rows)
    assert "What could prove a measure" in told(done)
    assert (small / "detectable" / "figures" / "detectable.png").stat().st_size > 10_000

    path = small / "recp_savings" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(manifest | {"alone_units": []}), encoding="utf-8")
    assert "has 0 rounds in which measures stand alone" in told(asked(small))
    fewer = {name: keys[:2] for name, keys in manifest["units"].items()}
    path.write_text(json.dumps(manifest | {"units": fewer}), encoding="utf-8")
    assert "has 2 replications: a spread needs 3 or more" in told(asked(small))
    path.write_text(json.dumps(manifest), encoding="utf-8")
    shutil.rmtree(small / RUNS)
    assert "a run is gone: run the experiment again" in told(asked(small))
