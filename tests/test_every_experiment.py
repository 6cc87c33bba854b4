"""Every experiment of configs/ runs: those about savings for a week, the calibration as a whole."""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from eipsim import cli
from eipsim.config import load_plan
from eipsim.results import read_results

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
NAMES = sorted(path.stem for path in (ROOT / "configs" / "experiment").glob("*.yaml"))
SETTINGS = {name: yaml.safe_load((ROOT / f"configs/experiment/{name}.yaml").read_text(encoding="utf-8")) for name in NAMES}
KINDS = {name: values.get("experiment", values)["type"] for name, values in SETTINGS.items()}
BELONGS_TO = {"operator_10": ["park=amata_full"]}
"""What a file of configs/ can only be chosen with."""
SAVINGS = [name for name, kind in KINDS.items() if kind == "savings"]


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_is_called_like_its_file(name):
    plan = load_plan([f"experiment={name}"])

    assert plan.settings.name == name


@pytest.mark.parametrize(
    "choice",
    [path for group in ("context", "measures", "park") for path in sorted((ROOT / "configs" / group).glob("*.yaml"))],
    ids=lambda path: path.stem,
)
def test_every_file_of_configs_can_be_chosen(choice):
    group, name = choice.parent.name, choice.stem
    key = f"{group}@experiment.scenarios.all_159.measures" if group == "measures" else group

    plan = load_plan([f"{key}={name}", *BELONGS_TO.get(name, ())])

    assert plan.scenarios.keys() == {"baseline", "implemented_60", "all_159"}


@pytest.mark.parametrize("name", SAVINGS)
def test_an_experiment_about_savings_has_a_short_script_that_draws_it(name):
    script = ROOT / "experiments" / f"{name}.py"

    assert script.is_file()
    assert len(script.read_text(encoding="utf-8").splitlines()) <= 60


def test_every_script_has_its_configuration():
    assert [path.stem for path in (ROOT / "experiments").glob("*.py") if path.stem not in NAMES] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", SAVINGS)
def test_a_week_of_an_experiment_runs_with_2_replications(name, tmp_path):
    week = [f"experiment={name}", "context.hours=168", "experiment.replications=2", "--results", str(tmp_path)]

    done = CliRunner().invoke(cli.app, ["run", *week])

    assert done.exit_code == 0, done.output
    results = read_results(name, tmp_path)
    assert results.manifest["replications"] == 2
    assert max(residual for own in results.manifest["balance_residuals"].values() for residual in own) <= 1e-9


def test_in_a_wet_october_with_all_measures_a_feeder_is_out_from_wednesday_the_12th_to_friday():
    plan = load_plan(["experiment=storm_october"])
    scenarios = plan.scenarios

    (out,) = scenarios["all_159_feeder_out"].park.component("feeder_2").planned_outages_h

    start = datetime.combine(scenarios["all_159_feeder_out"].context.horizon.start, time())
    first = start - timedelta(hours=plan.settings.run_in_h)
    assert [first + timedelta(hours=hour) for hour in out] == [datetime(2022, 10, 12, 8), datetime(2022, 10, 14, 8)]
    assert {name: len(scenario.measures) for name, scenario in scenarios.items()} == {
        "baseline": 0,
        "implemented_60": 60,
        "all_159": 159,
        "all_159_storage": 159,
        "all_159_feeder_out": 159,
    }


@pytest.mark.slow
def test_the_tracked_catalogue_is_what_the_calibration_makes(tmp_path):
    done = CliRunner().invoke(cli.app, ["run", "experiment=catalogue_calibration", "--results", str(tmp_path)])

    assert done.exit_code == 0, done.output
    made = tmp_path / "catalogue_calibration" / "amata_159.csv"
    assert made.read_bytes() == (ROOT / "configs" / "measures" / "amata_159.csv").read_bytes()
