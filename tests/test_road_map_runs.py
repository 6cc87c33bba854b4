"""``eipsim run experiment=road_map``."""

import csv

import pytest
import small_configs
from typer.testing import CliRunner

from eipsim import cli, composition

pytestmark = pytest.mark.slow


@pytest.fixture
def small(tmp_path, monkeypatch):
    configs = small_configs.write_small_configs(tmp_path)
    monkeypatch.setattr(composition, "configs_folder", lambda: configs)
    return tmp_path


def asked(folder, *words):
    return CliRunner().invoke(cli.app, ["run", "experiment=road_map", *words, "--results", str(folder)])


def test_all_mistakes_are_told_at_once_without_a_traceback(small):
    done = asked(
        small,
        "experiment.settings.years_count=0",
        "experiment.settings.install_on=holiday",
        "+experiment.settings.wave=4",
        "experiment.replications=auto",
    )

    assert done.exit_code == 2
    told = " ".join(done.stderr.split())
    assert "experiment.settings.years_count = 0: must be greater than or equal to 1" in told
    assert "experiment.settings.install_on = 'holiday': must be 'sunday' or 'working_day'" in told
    assert "experiment.settings.wave is unknown" in told
    assert "experiment.replications = auto: only experiments about savings" in told


def test_a_year_without_law_is_told_before_anything_runs(small):
    done = asked(small, "experiment.settings.start=2012-01-01", "experiment.settings.standing=implemented_06")

    assert done.exit_code == 2
    told = " ".join(done.stderr.split())
    assert "experiment.settings.start" in told
    assert "2012-01-01" in told
    assert "experiment.settings.standing = 'implemented_06' is no scenario of the experiment" in told


def test_two_catalogues_are_told(small):
    swapped = ("experiment.settings.standing=all_159", "experiment.settings.scenario=implemented_60")

    done = asked(small, *swapped, "experiment.settings.savings=desk")

    assert done.exit_code == 2
    assert "all_159 has measures that implemented_60 has not: S3; choose scenarios of one catalogue" in done.stderr


def test_a_year_and_a_quarter_of_a_road_map_is_simulated_told_and_written(small):
    short = [f"experiment.settings.{key}" for key in ("years_count=2", "rollout_years_count=1", "waves_per_yr_count=1")]

    done = asked(small, *short, "experiment.settings.savings=desk", "experiment.replications=1", "compute=local")

    assert done.exit_code == 0, done.output
    assert "1 measures from 2023-01-02 to 2023-01-02" in done.stdout
    with (small / "road_map" / "years.csv").open(encoding="utf-8") as file:
        saved = {(row["year"], row["kpi"]): float(row["saving"]) for row in csv.DictReader(file)}
    assert saved["2022", "electricity_assessed_kwh"] == pytest.approx(0.0, abs=1e-6)
    assert saved["2023", "electricity_assessed_kwh"] > 0
    with (small / "road_map" / "cash_flow.csv").open(encoding="utf-8") as file:
        cash = list(csv.DictReader(file))
    assert [row["is_simulated"] for row in cash[:3]] == ["True", "True", "False"]
    assert (small / "road_map" / "figures" / "road_map.png").stat().st_size > 10_000
