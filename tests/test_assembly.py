"""Configurations become parks, contexts and scenarios; what is wrong in them is named by key and value."""

import dataclasses
from copy import deepcopy
from pathlib import Path

import pytest
from small_configs import ROOT, write_small_configs

from eipsim import assembly, composition, config, validation
from eipsim.components import Crew, Factory, SolarArray
from eipsim.engines import Compute
from eipsim.errors import ConfigError, EipsimError, Problems
from eipsim.measures import MEASURES
from eipsim.scenario import Scenario, simulate

CONFIGS = ROOT / "configs"

FACTORY = {
    "type": "factory",
    "place": "site_x",
    "feeder": "feeder_1",
    "calendar": "one_shift",
    "lines": [{"units_per_h": 10}],
    "end_uses": {"machines": {"type": "motors", "driver": "line:0", "shaft_kw": 90}},
}


@pytest.fixture(scope="module")
def small_configs(tmp_path_factory):
    return write_small_configs(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def composed(small_configs):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "configs_folder", lambda: small_configs)
        return config.read(["context.hours=48"]).values


@pytest.fixture
def values(composed, small_configs, monkeypatch):
    monkeypatch.setattr(composition, "configs_folder", lambda: small_configs)
    return deepcopy(composed)


def problems():
    return Problems("The configuration", ConfigError)


def planned(values, folder=CONFIGS):
    found = problems()
    return assembly.plan(values, folder, found), found.lines


def test_the_reference_park_has_168_factories_of_which_18_are_assessed():
    park = config.load_plan(["experiment.scenarios.all_159.measures.status=[]", "experiment.replications=1"]).park

    assert (len(park.factories()), len(park.assessed())) == (168, 18)


def test_scenarios_take_their_rows_of_the_catalogue(values, small_configs):
    plan, wrong = planned(values, small_configs)

    assert wrong == []
    assert {name: [m.id for m in one.measures] for name, one in plan.scenarios.items()} == {
        "baseline": [],
        "implemented_60": ["S1", "S2"],
        "all_159": ["S1", "S2", "S3"],
    }


def test_rows_can_be_left_out(values, small_configs):
    values["experiment"]["scenarios"]["all_159"]["measures"]["without"] = ["S2"]

    plan, _ = planned(values, small_configs)

    assert [m.id for m in plan.scenarios["all_159"].measures] == ["S1", "S3"]


def test_a_factory_written_in_yaml_is_joined_to_its_feeder(values, small_configs):
    values["park"]["components"]["workshop"] = FACTORY
    values["park"]["components"]["roof"] = {"type": "solar_array", "place": "feeder_1", "peak_kw": 5}
    plan, wrong = planned(values, small_configs)

    run = simulate(plan.scenarios["baseline"])

    assert wrong == []
    assert isinstance(plan.park.component("workshop"), Factory)
    assert isinstance(plan.park.component("roof"), SolarArray)
    assert plan.park.parents["electricity", "site_x"] == "feeder_1"
    assert run.amount(component="workshop", carrier="electricity") > 0


def test_a_scenario_may_have_a_park_and_a_context_of_its_own(values, small_configs):
    own = {"name": "windless", "date": "2026-07-01", "hours": 48, "latitude_deg": 10.95, "longitude_deg": 106.87}
    park = {**values["park"], "name": "other"}
    values["experiment"]["scenarios"]["later"] = {"measures": {"catalogue": None}, "context": own, "park": park}

    plan, wrong = planned(values, small_configs)

    assert wrong == []
    assert plan.scenarios["later"].context.date.year == 2026
    assert plan.scenarios["later"].park.name == "other"
    assert plan.scenarios["baseline"].park.name == "small"


@pytest.mark.parametrize(
    ("keys", "value", "said"),
    [
        ("park.components.workshop", FACTORY | {"lines": [{"units_per_h": -1}]}, "workshop.lines.0.units_per_h = -1: must be"),
        ("park.components.workshop", FACTORY | {"lines": 3}, "workshop.lines = 3"),
        (
            "park.components.workshop",
            FACTORY | {"end_uses": {"m": {"type": "motor"}}},
            "end_uses.m.type = 'motor': did you mean 'motors'?",
        ),
        ("park.components.workshop", FACTORY | {"end_uses": {"m": {"shaft_kw": 3}}}, "end_uses.m has no type"),
        ("park.components.workshop", FACTORY | {"end_uses": {"m": 3}}, "end_uses.m = 3: must be a mapping with a type"),
        ("park.components.workshop", FACTORY | {"calendar": "one_shft"}, "did you mean 'one_shift'?"),
        ("park.components.workshop", FACTORY | {"colour": "red"}, "workshop.colour is unknown"),
        (
            "park.components.tank.bands",
            [{"from_frac": 0, "pump_m3": 3}],
            "bands.0.pump_m3 is unknown: did you mean 'pump_m3_per_h'?",
        ),
        ("park.components.tank.bands", [{"from_frac": 0}], "bands.0.pump_m3_per_h is missing"),
        ("park.components.park_crew.size", "two", "park_crew.size = 'two': must be an integer"),
        ("park.calendars.one_shift", {"shifts": [[8, 17]], "days_per_week": 6}, "one_shift.holidays is missing"),
        ("park.calendars.one_shift.shifts", [[17, 8]], "park.calendars.one_shift"),
        ("park.name", "Amata City", "must be a name of small letters"),
        ("park.factories", {"factories": "a/b.csv", "lines": "c.csv", "end_uses": "d.csv"}, "no packaged table 'c.csv'"),
        ("park.tenants", {"table": "sectors.csv"}, "no packaged table 'sectors.csv'"),
        ("context.climate_table", "nowhere/climate.csv", "there is no such file"),
        ("experiment.scenarios.all_159.measures", 3, "measures = 3: must be a mapping"),
        ("experiment.scenarios.all_159.measures.status", ["planned"], "must be 'implemented' or 'proposed'"),
        ("experiment.scenarios.All", {"measures": {"catalogue": None}}, "must be a name of small letters"),
        ("compute", None, "compute = None: must be a mapping"),
        ("rain", 3, "rain is unknown"),
    ],
)
def test_a_wrong_value_is_named_by_its_key(keys, value, said, values, small_configs):
    *path, last = keys.split(".")
    node = values
    for key in path:
        node = node[key]
    node[last] = value

    plan, wrong = planned(values, small_configs)

    assert plan is None
    assert any(said in line for line in wrong), wrong


def test_a_row_that_does_not_fit_the_park_is_a_problem(values, small_configs, tmp_path):
    catalogue = tmp_path / "rows.csv"
    text = (small_configs / "measures" / "amata_159.csv").read_text(encoding="utf-8")
    catalogue.write_text(text.replace("S3,cosmetics,lighting", "S3,cosmetics,lightning"), encoding="utf-8")
    values["experiment"]["scenarios"]["all_159"]["measures"]["catalogue"] = str(catalogue)

    _, wrong = planned(values, small_configs)

    assert len(wrong) == 1
    assert "row S3" in wrong[0]
    assert "did you mean 'lighting'?" in wrong[0]


def test_a_park_that_can_not_run_is_a_problem(values, small_configs):
    del values["park"]["components"]["water_works"]

    _, wrong = planned(values, small_configs)

    assert any("water" in line and "add a WaterWorks" in line for line in wrong)


def test_a_scenario_that_is_not_there_is_an_error(values):
    with pytest.raises(ConfigError, match="scenario 'al_159' is not in the experiment: did you mean 'all_159'"):
        config.load_scenario(scenario="al_159")


def test_a_scenario_is_loaded_with_overrides(values):
    scenario = config.load_scenario(["context.hours=24"], "implemented_60")

    assert isinstance(scenario, Scenario)
    assert (scenario.name, scenario.context.horizon.hours) == ("implemented_60", 24)


def test_an_experiment_keeps_what_it_was_made_from(values):
    experiment = config.load_experiment(["experiment.replications=3", "compute.workers=2"])

    assert (experiment.name, experiment.replications, experiment.compute.workers) == ("recp_savings", 3, 2)
    assert experiment.config["experiment"]["replications"] == 3


def test_only_savings_are_run_as_experiments(values):
    with pytest.raises(ConfigError, match=r"experiment.type = 'calibration'"):
        config.load_experiment(["experiment.type=calibration"])


def test_a_plain_dataclass_is_checked_like_the_others():
    found = problems()

    crew = validation.made(Crew, {"size": 3, "colour": "red"}, "crew", found)

    assert dataclasses.asdict(crew) == {"size": 3}
    assert found.lines == ["crew.colour is unknown: known: size"]


def test_errors_of_several_lines_become_several_problems():
    def fails():
        raise EipsimError("Park has 2 problems:\n  one = 1: bad\n  two = 2: bad")

    found = problems()

    assert validation.made_by(fails, "park", found) is None
    assert found.lines == ["park: one = 1: bad", "park: two = 2: bad"]


def test_paths_are_told_from_names_of_packaged_tables(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text("", encoding="utf-8")

    assert [assembly._table(name) for name in ("amata_lines.csv", "mine.csv", "a/b.csv")] == [
        "amata_lines.csv",
        Path("mine.csv"),
        Path("a/b.csv"),
    ]


def test_solar_of_the_operator_stands_at_the_substation(values):
    with Problems("park", ConfigError) as problems:
        with_solar = assembly.park({**values["park"], "solar_kwp": 500.0}, "park", problems)
        without = assembly.park({**values["park"], "solar_kwp": 0}, "park", problems)

    array = with_solar.component("solar_park")
    assert (array.place, array.peak_kw) == (with_solar.component("substation").place, 500.0)
    assert "solar_park" not in without.components


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"substation": None}, "park.solar_kwp = 500: the park must have one substation, and has 0"),
        ({"solar_park": {"type": "solar_array", "place": "busbar", "peak_kw": 1}}, "has a component solar_park already"),
    ],
)
def test_solar_of_the_operator_that_can_not_stand_is_told(values, changes, said):
    given = {name: one for name, one in (values["park"]["components"] | changes).items() if one is not None}

    with pytest.raises(ConfigError, match=said), Problems("park", ConfigError) as problems:
        assembly.park({**values["park"], "solar_kwp": 500.0, "components": given}, "park", problems)


def test_where_it_is_computed_is_chosen_by_a_file(values):
    plan = config.load_plan(["compute=ray", "compute.address=10.0.0.1:6379", "compute.on_error=continue"])

    assert plan.compute == Compute("ray", None, "continue", {"address": "10.0.0.1:6379"})


def test_measures_on_suppliers_are_refused_where_factories_are_asked_one_by_one():
    shared = MEASURES["aeration_upgrade"](id="O1", factory="plant", size=1.0, recp_category="technology_change")
    scenarios = {"all": Scenario("all", None, None, (shared,))}

    with Problems("what was asked for", ConfigError) as problems:
        assembly._refuse_suppliers(scenarios, "attribution", problems)
        told, problems.lines[:] = list(problems.lines), []

    assert told == [
        "experiment.scenarios.all.measures has 1 on suppliers of the park, and attribution asks factory by factory: leave them "
        "out with measures.without=[O1], or ask experiment.type=savings"
    ]
