"""``eipsim scorecard``."""

import pytest
import small_configs
from typer.testing import CliRunner

from eipsim import cli, composition


def scored(*words):
    return CliRunner().invoke(cli.app, ["scorecard", *(str(word) for word in words)])


def test_published_scores_are_counts():
    done = scored("--path")

    assert done.exit_code == 0, done.output
    assert "54/63" in done.stdout
    assert "31/63 or 32/63" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("vietnam",), "framework 'vietnam': did you mean 'viet_nam'?"),
        (("viet_nam", "--declared", "nowhere.csv"), "nowhere.csv: there is no such file"),
        (("viet_nam", "--results", "nowhere"), "nowhere/recp_savings holds no results"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(words, message):
    done = scored(*words)

    assert done.exit_code == 2
    assert message in " ".join(done.stderr.split())


@pytest.mark.slow
def test_a_run_is_scored_by_scenario(tmp_path, monkeypatch):
    configs = small_configs.write_small_configs(tmp_path)
    monkeypatch.setattr(composition, "configs_folder", lambda: configs)
    week = ["context.hours=168", "experiment.replications=1", "experiment.alone_replications=0"]
    CliRunner().invoke(cli.app, ["run", *week, "--results", str(tmp_path)])
    (tmp_path / "declared.csv").write_text("code,status,value\nENV.1,,2\n", encoding="utf-8")

    done = scored("viet_nam", "--declared", tmp_path / "declared.csv", "--results", tmp_path)

    assert done.exit_code == 0, done.output
    assert "implemented_60 flips ENV.2 from not met to met." in done.stdout
    assert "met (0.5; 100 %)" in done.stdout
