"""``eipsim economics``."""

import csv

import pytest
import small_configs
from typer.testing import CliRunner

from eipsim import cli, composition


@pytest.fixture
def small(tmp_path, monkeypatch):
    configs = small_configs.write_small_configs(tmp_path)
    monkeypatch.setattr(composition, "configs_folder", lambda: configs)
    return tmp_path


def valued(folder, *words):
    return CliRunner().invoke(cli.app, ["economics", *words, "--results", str(folder)])


@pytest.mark.slow
def test_measures_are_valued_on_paper_drawn_and_written(small):
    done = valued(small, "--savings", "desk")

    assert done.exit_code == 0, done.output
    assert "What the measures are worth together" in done.stdout
    with (small / "economics" / "economics.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["measure"] for row in rows] == ["S1", "S2", "S3"]
    assert float(rows[0]["saving_kwh"]) > 0
    assert (small / "economics" / "figures" / "abatement_cost.png").stat().st_size > 10_000
    assert (small / "economics" / "cash_flow.csv").is_file()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "holds no results: run `eipsim run experiment=recp_savings`"),
        (("--savings", "desk", "--rate", "12"), "rate = 12: must be between 0 and 1, such as 0.12"),
        (("--savings", "desk", "--scenario", "all_195"), "--scenario all_195: did you mean 'all_159'?"),
        (("--savings", "desk", "--scenario", "baseline"), "--scenario baseline: has no measures"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(small, words, message):
    done = valued(small, *words)

    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())


@pytest.mark.slow
def test_measures_are_valued_by_what_they_save_alone(small):
    week = ["context.hours=168", "experiment.replications=1"]
    CliRunner().invoke(cli.app, ["run", *week, "experiment.alone_replications=1", "--results", str(small)])
    done = valued(small, "context.hours=168")
    assert done.exit_code == 0, done.output

    CliRunner().invoke(cli.app, ["run", *week, "experiment.alone_replications=0", "--results", str(small)])
    refused = valued(small)
    assert refused.exit_code == 2
    assert "does not say what S1, S2, S3 save alone (3 measures)" in " ".join(refused.stderr.split())
