"""Questions to all results at once: views, differences, and what could go."""

import math
import os
import time

import pytest

from eipsim.errors import ResultsError
from eipsim.kpis import Saving
from eipsim.questions import ask, config_differences, flat, kpi_differences, run_key, standing, standings, swept_columns, upkeep
from eipsim.results import KpiRow, Results, write_results
from eipsim.store import Maker, maker_of_now, store_unit, write_failure, write_maker

NOW = maker_of_now()
OTHER = Maker({}, {}, None)


def write(folder, name, value, **manifest):
    swept = manifest.pop("swept", {"park.solar_kwp": value})
    kpis = tuple(KpiRow("all", k, "co2_park_t", "t", value + k) for k in range(2))
    saving = Saving("all", "co2_park_t", "t", 1.0, math.nan, value, 0.0, 2.0, value, 2)
    made = {
        "hash": f"{value:08.0f}",
        "seed": 1,
        "swept": swept,
        "units": {"all": [f"{name}run"]},
        "config": {"park": {"name": name}},
    }
    write_results(Results(name, (), (saving,), kpis, (), (), (), made | manifest, folder=folder))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    write(folder, "one", 10.0)
    write(folder, "two", 20.0, dirty=True)
    (folder / "record" / "one").mkdir(parents=True)
    store_unit(folder, "onerun", {"unit.json.gz": b""}, {"wall_s": 2.0, "settlements": 7, "detail": None, "maker": NOW.name})
    write_failure(
        folder, "abcd", {"label": "all, replication 3", "replication": 3, "seed": 1, "message": "no", "traceback": "T"}
    )
    return folder


def test_swept_values_are_columns_beside_every_kpi(folder):
    columns, rows = ask(folder, "SELECT experiment, solar_kwp, avg(value) FROM kpis GROUP BY ALL ORDER BY ALL")

    assert columns == ["experiment", "solar_kwp", 'avg("value")']
    assert rows == [("one", 10.0, 10.5), ("two", 20.0, 20.5)]


@pytest.mark.parametrize(
    ("sql", "answer"),
    [
        ("SELECT experiment, saving, alone_sum FROM savings WHERE solar_kwp > 15", [("two", 20.0, None)]),
        ("SELECT wall_s, settlements FROM runs", [(2.0, 7)]),
        ("SELECT label, message FROM failures", [("all, replication 3", "no")]),
        ("SELECT value FROM config WHERE experiment = 'two' AND key = 'park.name'", [("two",)]),
        ("SELECT experiment FROM experiments WHERE dirty", [("two",)]),
    ],
)
def test_each_view_answers(folder, sql, answer):
    assert ask(folder, sql)[1] == answer


@pytest.mark.parametrize("sql", ["SELEC 1", "SELECT nothing FROM kpis", "SELECT * FROM kpi"])
def test_a_question_that_is_not_understood_names_the_views(folder, sql):
    with pytest.raises(ResultsError, match=r"can't be answered \(.*Views: kpis, savings, experiments, config, runs, failures"):
        ask(folder, sql)


def test_an_empty_folder_answers_with_nothing(tmp_path):
    assert ask(tmp_path, "SELECT count(*) FROM kpis") == (["count_star()"], [(0,)])


def test_a_folder_without_results_says_how_to_get_one(tmp_path):
    with pytest.raises(ResultsError, match="holds no results yet: `eipsim run` makes some"):
        standing(tmp_path, "tiny")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ResultsError, match="nowhere is not there: run `eipsim run`"):
        standings(tmp_path / "nowhere")


def test_a_corrupt_table_is_left_out_and_the_others_answer(tmp_path):
    write(tmp_path, "one", 10.0)
    write(tmp_path, "two", 20.0)
    path = tmp_path / "one" / "kpis.parquet"
    data = bytearray(path.read_bytes())
    data[40] ^= 0xFF
    path.write_bytes(data)

    assert "kpis.parquet can't be read" in standing(tmp_path, "one").problem
    assert ask(tmp_path, "SELECT DISTINCT experiment FROM kpis")[1] == [("two",)]


def test_a_result_is_found_by_name_and_by_the_start_of_its_hash(folder):
    assert standing(folder, "one").name == standing(folder, "00000010").name == "one"


@pytest.mark.parametrize(("name", "said"), [("on", "did you mean 'one'"), ("0000", "begins the hash of one, two: write more")])
def test_a_result_that_is_not_there_or_not_the_only_one_is_told(folder, name, said):
    with pytest.raises(ResultsError, match=said):
        standing(folder, name)


def test_a_run_is_found_by_the_start_of_its_hash(folder, tmp_path):
    for key in ("abcd1", "abcd2"):
        store_unit(tmp_path, key, {"unit.json.gz": b""})

    assert run_key(folder, "oner") == run_key(folder, "onerun") == "onerun"
    assert run_key(folder, "one") is None
    assert run_key(folder, "none") is None
    with pytest.raises(ResultsError, match="2 runs start with abcd: write more digits"):
        run_key(tmp_path, "abcd")


def test_columns_that_end_alike_keep_their_whole_key(folder):
    one = standing(folder, "one")
    both = one._replace(manifest={"swept": {"a.size": 1, "b.size": 2, "experiment.seed": 3}})

    assert swept_columns([both]) == {"a_size": "a.size", "b_size": "b.size", "experiment_seed": "experiment.seed"}


def test_differences_begin_with_what_was_asked():
    one = {"config": {"a": {"b": 1, "c": 2}}, "versions": {"numpy": "1"}, "seed": 1, "commit": "x"}
    other = {"config": {"a": {"b": 1, "d": [3]}}, "versions": {"numpy": "2"}, "seed": 2, "commit": "x"}

    assert [tuple(line) for line in config_differences(one, other)] == [
        ("a.c", "2", ""),
        ("a.d.0", "", "3"),
        ("versions.numpy", "1", "2"),
        ("seed", "1", "2"),
    ]


def test_means_that_differ_are_named(folder):
    assert list(kpi_differences(folder, "one", "two")) == [("all", "co2_park_t", "t", 10.5, 20.5)]
    assert list(kpi_differences(folder, "one", "one")) == []


def test_what_no_result_was_made_of_could_go(tmp_path):
    write(tmp_path, "one", 10.0)
    for maker in (NOW, OTHER):
        write_maker(tmp_path, maker)
    for key, maker in (("onerun", OTHER), ("old", OTHER), ("new", NOW)):
        store_unit(tmp_path, key, {"unit.json.gz": b""}, {"maker": maker.name})
    (tmp_path / "broken" / "x.1").mkdir(parents=True)
    for name, age_h in ((".half", 2), (".being_written", 0)):
        (tmp_path / "runs" / name).mkdir()
        os.utime(tmp_path / "runs" / name, (time.time() - 3600 * age_h,) * 2)

    found = upkeep(tmp_path)

    assert [path.name for path in found.stale] == ["old"]
    assert [path.name for path in found.unused] == ["new"]
    assert [path.name for path in found.ruins] == ["x.1", ".half"]


def test_nested_values_become_one_level():
    assert flat({"a": {"b": [1, {"c": None}], "d": {}}}) == {"a.b.0": 1, "a.b.1.c": None, "a.d": {}}
