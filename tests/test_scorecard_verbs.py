"""``eipsim scorecard``."""

import csv

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


@pytest.mark.slow
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
    week = ["context.hours=168", "experiment.replications=1", "experiment.alone_replications=0", "compute=local"]
    CliRunner().invoke(cli.app, ["run", *week, "--results", str(tmp_path)])
    (tmp_path / "declared.csv").write_text("code,status,value\nENV.1,,2\n", encoding="utf-8")

    asked = ("viet_nam", "--declared", tmp_path / "declared.csv", "--results", tmp_path)
    done = scored(*asked, "--by", "type")

    assert done.exit_code == 0, done.output
    assert "implemented_60 flips ENV.2 from not met to met." in done.stdout
    assert "met (0.5; 100 %)" in done.stdout
    assert "ENV.2 goes from not met to met: alone by air_leaks, lighting_led; not without any one group" in done.stdout
    with (tmp_path / "scorecard" / "scorecard.csv").open(encoding="utf-8") as file:
        rows = {(row["scenario"], row["code"]): row for row in csv.DictReader(file)}
    assert rows["baseline", "ENV.2"]["status"] == "not met"
    assert (rows["all_159", "ENV.2"]["status"], float(rows["all_159", "ENV.2"]["met_frac"])) == ("met", 1.0)
    with (tmp_path / "scorecard" / "groups.csv").open(encoding="utf-8") as file:
        groups = {(row["group"], row["code"]): row for row in csv.DictReader(file)}
    assert float(groups["air_leaks", "ENV.2"]["added_value"]) == 0.5
    assert (tmp_path / "scorecard" / "figures" / "scorecard.png").stat().st_size > 10_000
    for words, message in (
        (("--replications", "0"), "--replications 0: must be 1 or more"),
        (("--scenario", "all_195"), "--scenario all_195: did you mean 'all_159'?"),
        (("--scenario", "baseline"), "--by type: the scenario has no measures"),
    ):
        assert message in " ".join(scored(*asked, "--by", "type", *words).stderr.split())
