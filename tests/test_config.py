"""Overrides and configurations: what is right is composed, what is wrong is said at once with the nearest right name."""

import tomllib
from pathlib import Path

import pytest

from eipsim import composition, config, sweep
from eipsim.errors import ConfigError


@pytest.fixture
def small_configs(tmp_path, monkeypatch):
    files = {
        "config.yaml": "defaults:\n  - park: amata\n  - experiment: savings\n  - _self_\n",
        "park/amata.yaml": "area_ha: 513\nfeeders: [1, 2]\n",
        "park/lehigh.yaml": "area_ha: 900\nfeeders: [1]\n",
        "measures/none.yaml": "catalogue: null\n",
        "measures/all.yaml": "catalogue: rows.csv\n",
        "experiment/savings.yaml": (
            "defaults:\n  - /measures@scenarios.baseline.measures: none\n  - _self_\n"
            "name: savings\nreplications: 10\nseed: 2022\n"
        ),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(composition, "configs_folder", lambda: tmp_path)
    return tmp_path


def problems_of(*overrides):
    return config.read(overrides).problems.lines


def test_a_file_that_has_changed_is_composed_again(small_configs):
    config.read(["park=lehigh"])
    (small_configs / "park" / "lehigh.yaml").write_text("area_ha: 1000\nfeeders: [1]\n", encoding="utf-8")

    assert config.read(["park=lehigh"]).values["park"]["area_ha"] == 1000


@pytest.mark.usefixtures("small_configs")
def test_a_value_from_the_environment_is_not_remembered(monkeypatch):
    monkeypatch.setenv("AREA_HA", "600")
    config.read(["park.area_ha=${oc.env:AREA_HA}"])
    monkeypatch.setenv("AREA_HA", "700")

    assert config.read(["park.area_ha=${oc.env:AREA_HA}"]).values["park"]["area_ha"] == "700"


def test_what_a_caller_does_to_values_is_not_remembered(small_configs):
    config.read([]).values["park"]["feeders"].append(3)

    assert config.read([]).values["park"]["feeders"] == [1, 2]


@pytest.mark.usefixtures("small_configs")
def test_overrides_change_values_and_choose_files():
    composed = config.read(["experiment.replications=30", "park=lehigh", "measures@experiment.scenarios.baseline.measures=all"])

    assert composed.problems.lines == []
    assert composed.values == {
        "park": {"area_ha": 900, "feeders": [1]},
        "experiment": {
            "name": "savings",
            "replications": 30,
            "seed": 2022,
            "scenarios": {"baseline": {"measures": {"catalogue": "rows.csv"}}},
        },
    }


@pytest.mark.usefixtures("small_configs")
def test_every_wrong_override_is_named_with_what_was_meant():
    problems = problems_of(
        "experiment.replicatons=3",
        "park=amatta",
        "replications=3",
        "experiment.seed",
        "parc=amata",
        "park.feeders.5=1",
        "park.area_ha=600",
    )

    assert problems == [
        "'experiment.seed' is not an override such as experiment.replications=30 (missing EQUAL at '<EOF>')",
        "park=amatta: there is no configs/park/amatta.yaml: did you mean 'amata'?",
        "experiment.replicatons=3: there is no key 'experiment.replicatons': did you mean 'experiment.replications'?",
        "replications=3: there is no key 'replications': did you mean 'experiment.replications'?",
        "parc=amata: there is no key 'parc': did you mean 'park'?",
        "park.feeders.5=1: there is no key 'park.feeders.5': did you mean 'park.feeders.1'?",
    ]


def test_a_parameter_that_a_components_file_leaves_out_is_added_with_a_plus():
    said = r"there is no key .*: known: blowdown_salts.*; \+park.components.chillers.cop=… adds one that may be left out"

    with pytest.raises(ConfigError, match=said), config.read(["park=amata_full", "park.components.chillers.cop=5"]).problems:
        pass


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("measures=all", r"chooses for nothing: which\? measures@experiment.scenarios.baseline.measures"),
        ("measures@experiment.scenarios.baselin.measures=all", "chooses for nothing: did you mean"),
        ("+park.area_ha=3", "is there already: write it without +"),
        ("~park.aria_ha", "there is no key 'park.aria_ha': did you mean 'park.area_ha'"),
        ("park.area_ha.km2=3", "'park.area_ha' holds one value"),
        ("park.measured_loads={}", r"known: .*; \+park.measured_loads=… adds one that may be left out"),
        ("experiment.seed=1,2", "names several values: add -m"),
        ("hydra.run.dir=here", "leave it out"),
        ("park.area_ha=[1", "is not an override"),
        ("=3", "is not an override"),
    ],
)
@pytest.mark.usefixtures("small_configs")
def test_a_wrong_override_says_what_to_do(override, said):
    with pytest.raises(ConfigError, match=said), config.read([override]).problems:
        pass


@pytest.mark.usefixtures("small_configs")
def test_new_keys_are_added_with_a_plus_and_dropped_with_a_tilde():
    values = config.read(["+park.green_ha=70", "~park.feeders"]).values

    assert values["park"] == {"area_ha": 513, "green_ha": 70}


@pytest.mark.usefixtures("small_configs")
def test_a_sweep_runs_through_all_combinations_in_the_order_written():
    found = sweep.read_sweep(["park=amata,lehigh", "experiment.seed=range(1,3)", "experiment.replications=2"])

    assert [composed.variant for composed in found] == [
        "park=amata,experiment.seed=1",
        "park=amata,experiment.seed=2",
        "park=lehigh,experiment.seed=1",
        "park=lehigh,experiment.seed=2",
    ]
    assert [(c.values["park"]["area_ha"], c.values["experiment"]["seed"]) for c in found] == [
        (513, 1),
        (513, 2),
        (900, 1),
        (900, 2),
    ]
    assert {c.values["experiment"]["replications"] for c in found} == {2}


@pytest.mark.usefixtures("small_configs")
def test_a_sweep_over_files_may_be_a_glob():
    found = sweep.read_sweep(["park=glob(*)"])

    assert [composed.variant for composed in found] == ["park=amata", "park=lehigh"]


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("experiment.seed=interval(1,3)", "interval without steps"),
        ("park=glob(x*)", "matches nothing"),
        ("experiment.sed=1,2", "did you mean"),
    ],
)
@pytest.mark.usefixtures("small_configs")
def test_a_sweep_that_can_not_run_says_why(override, said):
    with pytest.raises(ConfigError, match=said), sweep.read_sweep([override])[0].problems:
        pass


@pytest.mark.usefixtures("small_configs")
def test_a_sweep_without_swept_values_is_one_run():
    assert [composed.variant for composed in sweep.read_sweep(["experiment.seed=3"])] == [""]


def test_a_variant_makes_a_safe_folder_name():
    assert config.file_name("experiment.seed=7,measures@a.b=c/d") == "seed=7,b=c-d"


def test_a_broken_file_is_a_problem_and_no_traceback(small_configs):
    (small_configs / "park" / "amata.yaml").write_text("area_ha: [1\n", encoding="utf-8")

    with pytest.raises(ConfigError, match="can't be composed"), config.read().problems:
        pass


def test_a_missing_value_is_a_problem(small_configs):
    (small_configs / "park" / "amata.yaml").write_text("area_ha: ???\n", encoding="utf-8")

    with pytest.raises(ConfigError, match="area_ha"), config.read().problems:
        pass


def test_no_configs_folder_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setattr(composition, "__file__", str(tmp_path / "eipsim" / "composition.py"))

    with pytest.raises(ConfigError, match="install eipsim again"):
        composition.configs_folder()


def test_configurations_inside_an_installed_package_come_first(monkeypatch, tmp_path):
    for folder in (tmp_path / "eipsim" / "configs", tmp_path / "configs"):
        folder.mkdir(parents=True)
        (folder / "config.yaml").write_text("", encoding="utf-8")
    monkeypatch.setattr(composition, "__file__", str(tmp_path / "eipsim" / "composition.py"))

    assert composition.configs_folder() == tmp_path / "eipsim" / "configs"


def test_a_wheel_carries_the_configurations():
    pyproject = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))

    assert pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"] == {"configs": "eipsim/configs"}


def test_hydra_as_the_caller_opened_it_stays_open(small_configs):
    from hydra import compose, initialize_config_dir

    with initialize_config_dir(config_dir=str(small_configs), version_base="1.3"):
        config.read(["park=lehigh"])

        assert compose("config").park.area_ha == 513
