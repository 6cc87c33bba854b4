"""``eipsim run experiment=adoption`` and ``eipsim run experiment=what_next``."""

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


def asked(folder, *words, experiment="adoption"):
    return CliRunner().invoke(cli.app, ["run", f"experiment={experiment}", *words, "--results", str(folder)])


DESK = ("experiment.settings.savings=desk", "experiment.settings.simulated_draws_count=0")


def test_policies_are_compared_drawn_and_written(small):
    done = asked(small, *DESK, "experiment.settings.draws_count=20")

    assert done.exit_code == 0, done.output
    assert "Left to themselves firms take 2 of 3 measures (66.7 %, as calibrated)" in " ".join(done.stdout.split())
    with (small / "adoption" / "policies.csv").open(encoding="utf-8") as file:
        rows = {row["policy"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["none", "subsidy", "green_loan", "carbon_price", "law_of_2026", "duty"]
    assert float(rows["none"]["taken"]) == pytest.approx(2.0)
    assert float(rows["law_of_2026"]["taken"]) != pytest.approx(2.0, abs=1e-6)
    assert (small / "adoption" / "figures" / "adoption.png").stat().st_size > 10_000


def test_all_mistakes_are_told_at_once_without_a_traceback(small):
    done = asked(
        small,
        "experiment.settings.policies.subsidy.subsidy_frac=30",
        "experiment.settings.policies.duty.duty_frac=-1",
        "+experiment.settings.treshold_month=12",
    )

    assert done.exit_code == 2
    told = " ".join(done.stderr.split())
    assert "policies.subsidy.subsidy_frac = 30: must be less than or equal to 1" in told
    assert "policies.duty.duty_frac = -1: must be greater than or equal to 0" in told
    assert "experiment.settings.treshold_month is unknown: did you mean 'threshold_month'?" in told


def test_a_scenario_or_a_law_that_is_not_there_is_told(small):
    done = asked(
        small, "experiment.settings.scenario=all_195", "experiment.settings.policies.law_of_2026.tariff_date=1999-01-01"
    )

    assert done.exit_code == 2
    told = " ".join(done.stderr.split())
    assert "experiment.settings.scenario = 'all_195' is no scenario of the experiment: did you mean 'all_159'?" in told
    assert "experiment.settings.policies.law_of_2026.tariff_date" in told


def test_what_comes_next_is_chosen_simulated_and_written(small):
    desk = ("experiment.settings.savings=desk", "experiment.replications=1", "context.hours=168", "compute=local")

    done = asked(small, *desk, experiment="what_next")

    assert done.exit_code == 0, done.output
    assert "1 of 1 candidates for 0 M VND" in done.stdout
    with (small / "what_next" / "chosen.csv").open(encoding="utf-8") as file:
        assert [(row["measure"], row["year"]) for row in csv.DictReader(file)] == [("S3", "0")]
    with (small / "what_next" / "savings.csv").open(encoding="utf-8") as file:
        saved = {row["kpi"]: row for row in csv.DictReader(file)}
    assert float(saved["electricity_assessed_kwh"]["simulated"]) > 0


def test_what_can_not_be_chosen_is_told_at_once(small):
    done = asked(
        small,
        "experiment.settings.budget_vnd=-1",
        "experiment.settings.standing=implemented_06",
        "experiment.replications=auto",
        experiment="what_next",
    )

    assert done.exit_code == 2
    told = " ".join(done.stderr.split())
    assert "experiment.settings.budget_vnd = -1: must be greater than 0" in told
    assert "experiment.replications = auto: only experiments about savings can tell how many are enough" in told


def test_what_stands_must_be_among_what_can_be_chosen(small):
    swapped = ("experiment.settings.standing=all_159", "experiment.settings.scenario=implemented_60")

    done = asked(small, *swapped, "experiment.settings.savings=desk", experiment="what_next")

    assert done.exit_code == 2
    assert "all_159 has measures that implemented_60 has not: S3; choose scenarios of one catalogue" in done.stderr


def test_savings_of_a_week_tell_nothing_about_paybacks(small):
    done = asked(small, "context.hours=168")

    assert done.exit_code == 2
    assert "context.hours = 168: savings of a year are needed; take 8760, or experiment.settings.savings=desk" in " ".join(
        done.stderr.split()
    )


def test_adopters_are_simulated_beside_the_sum_of_what_measures_save_alone(small):
    done = asked(small, "experiment.settings.draws_count=20", "compute=local")

    assert done.exit_code == 0, done.output
    with (small / "adoption" / "simulated.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    kwh = [row for row in rows if row["kpi"] == "electricity_assessed_kwh" and int(row["taken"])]
    assert kwh
    for row in kwh:
        assert float(row["simulated"]) == pytest.approx(float(row["added_up"]), rel=0.02)
