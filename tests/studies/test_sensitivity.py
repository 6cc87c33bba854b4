"""Studies of sensitivity run on the small park, and from the command line."""

import csv
import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from pydantic import ValidationError
from small_configs import write_small_configs
from small_park import MONDAY, measures, scenario, small_park
from typer.testing import CliRunner

from eipsim import cli, composition, screen, work
from eipsim.components import EqualisationTank, Substation
from eipsim.context import Context
from eipsim.engines import Compute
from eipsim.errors import ConfigError, ResultsError, ShortageError
from eipsim.kpis import KPIS
from eipsim.store import read_run
from eipsim.studies.sensitivity import SensitivitySettings, concluded, run_sensitivity
from eipsim.studies.sensitivity_report import sensitivity_sentences, sensitivity_tables
from eipsim.studies.uncertain import values_at
from eipsim.validation import leaves, with_leaves

TWO_DAYS = Context.at(MONDAY, hours=48.0)
TANK = {"key": "park.components.tank.capacity_m3", "distribution": "uniform", "low": 20.0, "high": 100.0}
LOSSES = {"key": "park.components.substation.interruption_h_median", "distribution": "uniform", "low": 1.0, "high": 4.0}


def settings(**changes):
    given = {
        "study": "tornado",
        "parameters": {"tank_m3": TANK, "outage_h": LOSSES},
        "outputs": ("baseline.spill_m3", "all.electricity_assessed_kwh"),
        "replications": 2,
        "resamples": 50,
    }
    return SensitivitySettings(**(given | changes))


def build(point):
    tank = EqualisationTank(capacity_m3=point["tank_m3"], bands=((0.0, 8.0), (0.5, 30.0)), plant="plant")
    substation = Substation(place="substation", interruptions_per_yr=800.0, interruption_h_median=point["outage_h"])
    park = small_park(tank=tank, substation=substation)
    chosen = {"baseline": (), "all": measures()}
    return {name: replace(scenario(name, own, park), context=TWO_DAYS) for name, own in chosen.items()}


def silent(done, total, label):
    pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="module")
def found(folder):
    return run_sensitivity("tiny", settings(), build, folder=folder, compute=1, on_done=silent)


@pytest.mark.slow
def test_each_output_has_a_number_for_each_point_and_replication(found):
    assert {output: values.shape for output, values in found.outputs.items()} == dict.fromkeys(settings().outputs, (5, 2))
    assert found.values[0] == {"tank_m3": 60.0, "outage_h": 2.5}
    assert found.values[1] == {"tank_m3": pytest.approx(24.0), "outage_h": 2.5}


@pytest.mark.slow
def test_all_points_share_their_seeds_so_that_a_tank_does_not_move_electricity_and_outages_do(found):
    moved = {row.parameter: abs(row.value) for row in found.indices if row.output.startswith("all.")}

    assert moved["outage_h"] > 0
    assert moved["tank_m3"] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.slow
def test_what_is_done_is_not_done_again(found, folder, monkeypatch):
    def fail(*args):
        raise AssertionError("a unit was done again")

    monkeypatch.setattr("eipsim.work.do", fail)

    again = run_sensitivity("tiny", settings(), build, folder=folder, compute=1, on_done=silent)

    assert again.text() == found.text()


@pytest.mark.slow
def test_the_table_of_points_holds_values_and_outputs_of_every_replication(found):
    rows = list(csv.DictReader(found.text().splitlines()))

    assert len(rows) == 5 * 2
    assert list(rows[0]) == ["point", "replication", "tank_m3", "outage_h", *settings().outputs]
    assert float(rows[3]["all.electricity_assessed_kwh"]) == pytest.approx(found.outputs["all.electricity_assessed_kwh"][1, 1])


def test_the_ends_of_distributions_are_tried_before_anything_is_run(tmp_path):
    def refuse(point):
        if point["tank_m3"] > 99.0:
            raise ConfigError("Point has 1 problem:\n  park.components.tank.capacity_m3 = 100: must be below 99")
        return build(point)

    with pytest.raises(ConfigError, match=r"The ends of the distributions has 1 problem:\n.*= 100: must be below 99"):
        run_sensitivity("tiny", settings(), refuse, folder=tmp_path, compute=1, on_done=silent)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({"study": "morris", "trajectories": 4}, 12),
        ({"study": "sobol", "samples": 8}, 48),
        ({"study": "lhs", "samples": 9}, 9),
        ({"study": "factorial", "factorial_levels": 4}, 16),
        ({"study": "tornado"}, 5),
    ],
)
def test_every_study_concludes_from_as_many_points_as_it_says(changes, points):
    asked = settings(**changes)
    shares = asked.design()
    outputs = {output: 5.0 + shares[:, :1] + np.array([0.0, 0.1]) for output in asked.outputs}

    found = concluded("tiny", asked, shares, values_at(asked.parameters, shares), outputs)

    assert len(shares) == asked.points == points
    assert {row.output for row in found.indices} == set(asked.outputs)
    assert {row.unit for row in found.indices} <= {"m3", "kWh", "1"}
    assert found.spread[0].sd_chance == pytest.approx(0.1 / np.sqrt(2))
    assert [table.title.split(" of ")[0] for table in sensitivity_tables(found)] == ["Sensitivity"] * 2 + [
        "Ignorance and chance"
    ]
    assert all("tank_m3 matters most" in sentence for sentence in sensitivity_sentences(found))


def test_an_output_that_nothing_moves_is_said_to_be_so():
    asked = settings(outputs=("baseline.spill_m3",))
    shares = asked.design()

    found = concluded("tiny", asked, shares, values_at(asked.parameters, shares), {"baseline.spill_m3": np.zeros((5, 2))})

    assert sensitivity_sentences(found) == ["baseline.spill_m3: nothing that was varied moves it."]


def test_what_moves_nothing_is_not_said_to_matter():
    asked = settings(outputs=("baseline.spill_m3",))
    shares = asked.design()

    found = concluded(
        "tiny", asked, shares, values_at(asked.parameters, shares), {"baseline.spill_m3": shares[:, :1] * np.ones(2)}
    )

    assert sensitivity_sentences(found)[0].startswith("baseline.spill_m3: tank_m3 matters most (at_low -0.45")
    assert "then" not in sensitivity_sentences(found)[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"parameters": {}}, "must each be one or more"),
        ({"outputs": ()}, "must each be one or more"),
        ({"study": "morris", "parameters": {"tank_m3": TANK}}, "morris needs two parameters or more"),
        ({"study": "sobol", "samples": 60}, "samples = 60: must be a power of 2 for sobol"),
        ({"study": "lhs", "samples": 4, "parameters": dict.fromkeys("abcd", TANK)}, "must be two more than the parameters"),
        ({"study": "factorial", "factorial_levels": 2000}, "the design has 4,000,000 points: must be 1,000,000 or fewer"),
        ({"outputs": ("baseline.spil_m3",)}, "must be scenario.kpi: did you mean 'spill_m3'"),
        ({"outputs": ("spill_m3",)}, "must be scenario.kpi"),
        ({"levels": 5}, "multiple of 2"),
        ({"study": "guess"}, "'morris', 'sobol', 'lhs', 'factorial' or 'tornado'"),
    ],
)
def test_settings_that_make_no_sense_are_refused(changes, said):
    with pytest.raises(ValidationError, match=said):
        settings(**changes)


def test_without_salib_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.sample.morris", None)

    with pytest.raises(ConfigError, match=r"need SALib: install eipsim\[study\]"):
        settings(study="morris").design()


@pytest.fixture(scope="module")
def small_configs(tmp_path_factory):
    return write_small_configs(tmp_path_factory.mktemp("small"))


@pytest.fixture
def small(small_configs, monkeypatch):
    monkeypatch.setattr(composition, "configs_folder", lambda: small_configs)


def invoke(*overrides):
    return CliRunner().invoke(cli.app, ["run", "experiment=sensitivity", "context.hours=168", *map(str, overrides)])


@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_a_study_is_run_printed_and_written_from_the_command_line(tmp_path):
    done = invoke("experiment.settings.study=tornado", "--results", tmp_path)

    assert done.exit_code == 0, done.output
    target = tmp_path / "sensitivity"
    written = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert {"points.csv", "indices.csv", "spread.csv", "manifest.json", "figures/heat_map.png"} <= written
    assert "all_159.co2_assessed_t: grid_factor_year matters most" in " ".join(done.stdout.split())
    assert json.loads((target / "manifest.json").read_text())["experiment"] == "sensitivity"


PARAMETERS = "experiment.settings.parameters"


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (
            [
                f"{PARAMETERS}.tank_m3.key=park.components.tank.capacity",
                f"{PARAMETERS}.repair_h.key=experiment.seed",
                "experiment.settings.outputs=[all_158.co2_assessed_t]",
            ],
            [
                "did you mean 'park.components.tank.capacity_m3'?",
                "= 'experiment.seed' is no single value of park, context or scenarios",
                "name no scenario 'all_158': did you mean 'all_159'?",
            ],
        ),
        (
            [f"{PARAMETERS}.tank_m3.low=9000", "experiment.settings.study=guess", "experiment.replications=auto"],
            [
                f"{PARAMETERS}.tank_m3 = ",
                "low = 9000: must be below high = 3400",
                "experiment.settings.study = 'guess'",
                "experiment.settings.replications = 'auto': must be an integer",
            ],
        ),
        ([f"{PARAMETERS}.irradiance_frac.high=1.6"], ["irradiance_frac = 1.6: must be more than 0 and at most 1.5"]),
    ],
)
@pytest.mark.slow
@pytest.mark.usefixtures("small")
def test_mistakes_in_a_study_are_told_before_anything_is_run(overrides, said, tmp_path):
    done = invoke(*overrides, "--results", tmp_path)

    assert done.exit_code == screen.MISTAKE, done.output
    assert [words for words in said if words not in done.stderr] == []
    assert not list(Path(tmp_path).iterdir())


def test_every_output_of_the_default_study_is_a_kpi():
    text = (Path(__file__).parents[2] / "configs" / "experiment" / "sensitivity.yaml").read_text(encoding="utf-8")

    assert {output.partition(".")[2] for output in yaml.safe_load(text)["settings"]["outputs"]} <= KPIS.keys()


def test_a_place_in_a_list_is_a_key_too():
    values = {"park": {"bands": [{"pump": 200, "from": 0}, {"pump": 290, "from": 0.3}]}, "empty": {}}

    changed = with_leaves(values, {"park.bands.1.pump": 300.0})

    assert leaves(values) == ["park.bands.0.pump", "park.bands.0.from", "park.bands.1.pump", "park.bands.1.from"]
    assert changed["park"]["bands"][1] == {"pump": 300.0, "from": 0.3}
    assert values["park"]["bands"][1]["pump"] == 290


def failing(monkeypatch, *labels):
    """Let the units of these labels fail."""
    real = work.do

    def fail(unit):
        if unit.label in labels:
            raise ShortageError("nothing to share")
        return real(unit)

    monkeypatch.setattr(work, "do", fail)


@pytest.mark.slow
def test_a_replication_that_fails_at_one_point_is_left_out_at_all_points(found, folder, tmp_path, monkeypatch):
    shutil.copytree(folder / "runs", tmp_path / "runs")
    for unit in (tmp_path / "runs").iterdir():
        if read_run(tmp_path, unit.name)["label"] == "point 3, all, replication 1":
            shutil.rmtree(unit)
    failing(monkeypatch, "point 3, all, replication 1")
    told = []

    again = run_sensitivity(
        "tiny",
        settings(),
        build,
        folder=tmp_path,
        compute=Compute("here", on_error="continue"),
        on_done=lambda *a: told.append(a),
    )

    assert [(why["label"], why["message"]) for why in again.failed] == [("point 3, all, replication 1", "nothing to share")]
    first = replace(settings(), replications=1)
    alone = concluded("tiny", first, first.design(), found.values, {name: one[:, :1] for name, one in found.outputs.items()})
    assert [row.value for row in again.indices] == [row.value for row in alone.indices]
    assert again.spread[0].replications == 1
    assert again.text().splitlines()[1 + 2 * 3 + 1].endswith(",,")
    assert sensitivity_sentences(again)[-1] == (
        "1 runs failed; what is said comes from 5 of 5 points and 1 of 2 replications. "
        "The first: point 3, all, replication 1: nothing to share"
    )
    assert told[-1][:2] == (20, 20)


def test_a_failure_stops_a_study_unless_it_is_to_go_on(tmp_path, monkeypatch):
    failing(monkeypatch, "point 0, baseline, replication 0")

    with pytest.raises(ResultsError, match=r"(?s)point 0, baseline, replication 0 failed: nothing to share.*on_error=continue"):
        run_sensitivity("tiny", settings(), build, folder=tmp_path, compute=Compute("here"), on_done=silent)
