import math
import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hand_made import outcome
from small_park import factory, measure, measures, scenario, small_park

from eipsim import work
from eipsim.engines import Compute
from eipsim.errors import ConfigError, ResultsError, ShortageError
from eipsim.experiment import Experiment
from eipsim.experiment_run import run_experiment
from eipsim.kpis import KPIS, Selecting, Stopping
from eipsim.kpis.detail import END_USE, GRID_IMPORT, SOLAR_AVAILABLE, SOLAR_USED, SPILL
from eipsim.measures import MEASURES
from eipsim.results import read_unit, write_results
from eipsim.tabulation import DESK, alone_rounds, distinct, key_of, savings_rows

ROOT = Path(__file__).parents[1]


def experiment(**changes):
    given = {
        "name": "tiny",
        "scenarios": {
            "baseline": scenario(),
            "nothing": scenario("nothing"),
            "all": scenario("all", measures()),
            "some": scenario("some", measures()[:3]),
        },
        "replications": 3,
        "alone_replications": 2,
        "workers": 1,
    }
    return Experiment(**(given | changes))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="module")
def results(folder):
    return run_experiment(experiment(), folder)


def savings(results, scenario):
    return {row.kpi: row for row in results.savings if row.scenario == scenario}


def values(results, scenario, kpi):
    return [row.value for row in results.kpis if (row.scenario, row.kpi) == (scenario, kpi)]


def test_an_empty_programme_saves_exactly_nothing_in_every_kpi_and_replication(results):
    for row in savings(results, "nothing").values():
        assert (row.saving, row.saving_unadjusted) == (0.0, 0.0)
    for kpi in KPIS:
        assert values(results, "nothing", kpi) == values(results, "baseline", kpi)


def test_every_kpi_of_every_replication_is_kept(results):
    had = sum(not one.of_loads and not one.needs for one in KPIS.values())

    assert len(results.kpis) == 4 * 3 * had
    assert len(results.savings) == 3 * had


def test_equal_scenarios_are_simulated_once(results):
    assert results.manifest["units"]["nothing"] == results.manifest["units"]["baseline"]


def test_savings_are_of_the_right_sign(results):
    found = savings(results, "all")

    assert found["electricity_assessed_kwh"].saving > 0
    assert found["lpg_assessed_t"].saving > 0
    assert found["water_assessed_m3"].saving > 0
    assert found["curtailed_kwh"].saving < 0


def test_the_interval_holds_the_mean(results):
    for row in savings(results, "all").values():
        assert row.low <= row.saving <= row.high


def test_measures_on_one_end_use_save_less_than_their_sum(results):
    row = savings(results, "all")["electricity_assessed_kwh"]

    assert row.saving < row.alone_sum


@pytest.mark.slow
def test_the_alone_sum_is_that_of_true_runs_of_one_measure_each(results, folder):
    chosen = measures()
    singles = {m.id: scenario(m.id, (m,)) for m in chosen}

    alone = run_experiment(
        experiment(scenarios={"baseline": scenario(), **singles}, replications=2, alone_replications=0), folder
    )

    for kpi in DESK:
        true = {m.id: savings(alone, m.id)[kpi].saving for m in chosen}
        rounds = {row.measure: row.alone for row in results.measures if row.kpi == kpi}
        assert rounds == pytest.approx(true, rel=1e-9, abs=1e-6)
        assert savings(results, "all")[kpi].alone_sum == pytest.approx(sum(true.values()), rel=1e-9, abs=1e-6)


def test_a_part_of_the_measures_has_the_part_of_the_sums(results):
    part = {m.id for m in measures()[:3]}

    for kpi in DESK:
        rows = [row for row in results.measures if row.kpi == kpi and row.measure in part]
        assert savings(results, "some")[kpi].naive_sum == pytest.approx(math.fsum(row.naive for row in rows))
        assert savings(results, "some")[kpi].alone_sum == pytest.approx(math.fsum(row.alone for row in rows))


def test_desk_figures_count_for_the_share_of_the_year_that_is_simulated(results):
    row = savings(results, "all")["water_assessed_m3"]

    assert row.naive_sum == pytest.approx(row.saving, rel=0.05)


def test_rounds_have_no_two_measures_in_one_factory():
    rounds = alone_rounds(distinct([scenario(chosen=measures()), scenario(chosen=measures()[:2])]).values())

    assert [sorted(m.factory for m in one.measures) for one in rounds] == [["candles", "denim"]] * 3
    assert sorted(m.id for one in rounds for m in one.measures) == sorted(m.id for m in measures())


def test_a_measure_on_a_supplier_is_in_no_round_and_in_no_sum_of_the_factories_meters():
    shared = MEASURES["station_leaks"](id="s", factory="station", size=0.5, recp_category="good_housekeeping")
    chosen = (*measures(), shared)
    both = {"nothing": scenario(), "all": scenario(chosen=chosen)}
    one_each = {key_of(one): dict.fromkeys(DESK, 1.0) for one in chosen}
    alike = {name: [outcome(100.0, 10.0, 80.0)] for name in both}

    rows = savings_rows(both, "nothing", alike, one_each, one_each)

    assert "station" not in {one.factory for each in alone_rounds(chosen) for one in each.measures}
    (row,) = (row for row in rows if row.kpi == "electricity_assessed_kwh")
    assert row.naive_sum == row.alone_sum == len(measures())


def test_one_id_for_two_measures_counts_as_two():
    larger = replace(measures()[0], size=0.9)

    assert len(distinct([scenario(chosen=measures()[:1]), scenario(chosen=(larger,))])) == 2


def test_common_random_numbers_leave_little_of_the_spread(results):
    assert results.manifest["paired_spread_frac"]["nothing"] == 0.0
    assert results.manifest["paired_spread_frac"]["all"] < 0.5


@pytest.mark.slow
def test_the_same_numbers_come_from_one_and_two_processes(results, tmp_path):
    two = run_experiment(experiment(workers=2), tmp_path)

    assert str(two.savings) == str(results.savings)
    assert two.kpis == results.kpis
    assert str(two.measures) == str(results.measures)
    assert (two.bills, two.production) == (results.bills, results.production)
    assert two.manifest["units"] == results.manifest["units"]


def test_what_is_done_is_not_done_again(results, folder, monkeypatch):
    def fail(*args):
        raise AssertionError("a unit was done again")

    monkeypatch.setattr("eipsim.work.do", fail)
    labels = []

    again = run_experiment(experiment(), folder, lambda done, total, label: labels.append((done, total, label)))

    assert again.kpis == results.kpis
    assert labels[0] == (1, 15, "baseline, replication 0 (kept)")
    assert [done for done, _, _ in labels] == list(range(1, 16))


def test_more_replications_add_what_is_missing(results, folder):
    labels = []

    more = run_experiment(experiment(replications=4), folder, lambda done, total, label: labels.append(label))

    assert [label for label in labels if "kept" not in label] == [
        f"{name}, replication 3" for name in ("baseline", "all", "some")
    ]
    assert values(more, "all", "water_assessed_m3")[:3] == values(results, "all", "water_assessed_m3")


def auto(**stopping):
    rule = Stopping(**({"kpi": "electricity_assessed_kwh", "least": 2, "look_ahead": 1, "most": 5} | stopping))
    pair = {"baseline": scenario(), "all": scenario("all", measures())}
    return experiment(scenarios=pair, replications="auto", stopping=rule, alone_replications=0)


def test_automatic_replications_end_when_the_difference_is_known_well_enough(results, folder):
    found = run_experiment(auto(relative_frac=0.9), folder)

    told = found.manifest["stopping"]
    assert (told["enough"], told["replications"], told["bound"]) == (2, 3, "relative")
    assert found.manifest["replications"] == 3
    assert values(found, "all", "water_assessed_m3") == values(results, "all", "water_assessed_m3")
    assert told["precision"][0]["half_width"] == pytest.approx(half_width(savings(found, "all")["electricity_assessed_kwh"]))


def test_automatic_replications_end_at_the_greatest_number(folder):
    found = run_experiment(auto(relative_frac=0.0), folder)

    told = found.manifest["stopping"]
    assert (told["enough"], told["replications"], told["bound"]) == (None, 5, "most")


def test_automatic_replications_need_something_to_compare():
    with pytest.raises(ConfigError, match="replications = auto: there is no scenario whose difference"):
        experiment(scenarios={"baseline": scenario()}, replications="auto")


def test_the_scenario_that_saves_most_is_selected(folder):
    rule = Selecting(kpi="electricity_assessed_kwh", indifference=1.0, first=3, most=4)
    scenarios = {"baseline": scenario(), "all": scenario("all", measures()), "some": scenario("some", measures()[:3])}

    found = run_experiment(
        experiment(scenarios=scenarios, replications="auto", selection=rule, alone_replications=0), folder
    ).manifest

    assert found["selection"]["best"] == "all"
    assert found["selection"]["means"].keys() == {"baseline", "all", "some"}
    assert found["replications"] == found["selection"]["replications"]
    assert found["watched"]["kpi"] == "electricity_assessed_kwh"
    assert found["stopping"] is None


def half_width(row):
    return (row.high - row.low) / 2


def test_the_differences_that_were_watched_are_kept(results):
    watched = results.manifest["watched"]

    assert watched["differences"].keys() == {"nothing", "all", "some"}
    assert np.mean(watched["differences"]["all"]) == pytest.approx(savings(results, "all")[watched["kpi"]].saving)
    assert results.manifest["stopping"] is None


@pytest.mark.parametrize("changes", [{"seed": 7}, {"hours": 48.0}])
def test_what_decides_numbers_makes_other_units(results, tmp_path, changes):
    one = {"scenarios": {"baseline": scenario()}, "replications": 1, "alone_replications": 0}

    other = run_experiment(experiment(**one, **changes), tmp_path)

    assert other.manifest["units"]["baseline"][0] not in results.manifest["units"]["baseline"]


def test_an_interrupted_experiment_goes_on_where_it_stopped(tmp_path):
    def interrupt(done, total, label):
        if done == 2:
            raise KeyboardInterrupt

    short = experiment(scenarios={"baseline": scenario()}, alone_replications=0)
    with pytest.raises(KeyboardInterrupt):
        run_experiment(short, tmp_path, interrupt)
    kept = {path.name for path in (tmp_path / "runs").iterdir()}
    labels = []
    found = run_experiment(short, tmp_path, lambda done, total, label: labels.append(label))

    assert len(kept) == 2
    assert labels == ["baseline, replication 0 (kept)", "baseline, replication 1 (kept)", "baseline, replication 2"]
    assert kept < set(found.manifest["units"]["baseline"])
    assert all(read_unit(tmp_path, name) for name in kept)


@pytest.mark.slow
def test_ctrl_c_stops_two_processes_and_leaves_finished_runs_readable(tmp_path):
    code = f"""
        import signal
        import sys
        from pathlib import Path
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
        from small_park import scenario
        from eipsim.experiment import Experiment
        from eipsim.experiment_run import run_experiment
        if __name__ == "__main__":
            endless = Experiment("endless", {{"baseline": scenario()}}, replications=2000, alone_replications=0, workers=2)
            try:
                run_experiment(endless, Path({str(tmp_path)!r}), lambda done, total, label: print(done, flush=True))
            except KeyboardInterrupt:
                print("stopped")
    """
    script = tmp_path / "endless.py"
    script.write_text(textwrap.dedent(code), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    seen = [process.stdout.readline() for _ in range(3)]
    time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    rest, _ = process.communicate(timeout=60)

    done = [path.name for path in (tmp_path / "runs").iterdir() if not path.name.startswith(".")]
    assert seen[-1] == "3\n"
    assert rest.splitlines()[-1] == "stopped"
    assert len(done) >= 3
    assert all(read_unit(tmp_path, name) for name in done)


def test_the_manifest_tells_what_made_the_results(results):
    manifest = results.manifest

    assert {"config", "seed", "versions", "commit", "dirty", "hash", "wall_time_s", "settlements", "balance_residuals"} <= set(
        manifest
    )
    assert (manifest["seed"], manifest["replications"], manifest["hours"]) == (2022, 3, 168.0)
    assert manifest["measures"] == {"baseline": 0, "nothing": 0, "all": 6, "some": 3}
    assert all(len(counts) == 3 and min(counts) > 0 for counts in manifest["settlements"].values())


def test_the_books_close_in_every_replication(results):
    assert max(max(residuals) for residuals in results.manifest["balance_residuals"].values()) <= 1e-9


def test_detail_adds_up_to_the_kpis_of_the_first_replication(results):
    detail = results.detail("all")
    kwh = {name: 0.5 * float(values.sum()) for name, values in detail.series.items()}

    assert len(detail.bands) == 336
    assert set(detail.bands) == {"normal", "peak", "offpeak"}
    assert kwh[GRID_IMPORT] == pytest.approx(values(results, "all", "electricity_park_kwh")[0], rel=1e-9)
    assert kwh[SOLAR_USED] == pytest.approx(values(results, "all", "solar_kwh")[0], rel=1e-9)
    assert kwh[SOLAR_AVAILABLE] - kwh[SOLAR_USED] == pytest.approx(values(results, "all", "curtailed_kwh")[0], rel=1e-9)
    assert kwh[SPILL] == pytest.approx(values(results, "all", "spill_m3")[0], abs=1e-9)
    used = sum(amount for name, amount in kwh.items() if name.startswith(END_USE))
    assert used == pytest.approx(values(results, "all", "electricity_assessed_kwh")[0] + kwh[SOLAR_USED], rel=1e-9)


def test_detail_knows_the_tank_and_the_events(results):
    detail = results.detail("baseline")

    assert detail.tanks["tank"].capacity_m3 == 60.0
    assert np.all(np.diff(detail.tanks["tank"].level_m3[0]) >= 0)
    assert sum(event.what == "breakdown" for event in detail.events) == values(results, "baseline", "breakdowns_count")[0]


def test_ports_that_are_asked_for_are_recorded(tmp_path):
    asked = experiment(
        scenarios={"baseline": scenario()}, replications=1, alone_replications=0, record=("candles.pumps*", "river.*")
    )

    series = run_experiment(asked, tmp_path).detail("baseline").series

    asked = {name for name in series if name.startswith(("candles.", "river."))}
    assert asked == {"candles.pumps_electricity", "river.effluent", "river.spill", "river.bypass"}


def test_a_port_that_is_not_there_is_named_with_the_nearest(tmp_path):
    with pytest.raises(ConfigError, match=r"record = 'candles.opn' is no port: did you mean 'candles.open'"):
        run_experiment(experiment(record=("candles.opn",)), tmp_path)


def test_everything_wrong_with_an_experiment_is_said_at_once():
    with pytest.raises(ConfigError) as error:
        experiment(name="a/b", replications=0, alone_replications=2, workers=0, baseline="base")

    assert str(error.value).splitlines() == [
        'Experiment "a/b" has 5 problems:',
        "  name = 'a/b': must be the name of a folder, and not runs or record",
        "  replications = 0: must be 1 or more",
        "  alone_replications = 2: must be from 0 to replications = 0",
        "  workers = 0: must be 1 or more",
        "  scenarios have no 'base': did you mean 'baseline'?",
    ]


@pytest.mark.parametrize("name", ["", "runs", "record", ".hidden", "../up"])
def test_a_name_that_is_no_folder_of_its_own_is_refused(name):
    with pytest.raises(ConfigError, match="must be the name of a folder"):
        experiment(name=name)


def test_without_rounds_there_is_no_alone_sum(tmp_path):
    chosen = {"baseline": scenario(), "all": scenario("all", measures())}

    found = run_experiment(experiment(scenarios=chosen, replications=1, alone_replications=0), tmp_path)

    assert all(math.isnan(row.alone_sum) for row in found.savings)
    assert found.manifest["paired_spread_frac"] == {}


def test_another_park_than_amata_is_not_compared_with_its_claims(results):
    assert all(math.isnan(row.reproduced) for row in results.claims)


def test_a_replication_that_fails_is_left_out_of_all_scenarios_and_named(tmp_path, monkeypatch):
    real = work.do

    def fail(unit):
        if unit.label == "all, replication 1":
            raise ShortageError("nothing to share")
        return real(unit)

    monkeypatch.setattr(work, "do", fail)
    short = {"baseline": scenario(), "all": scenario("all", measures()[:1])}

    found = run_experiment(experiment(scenarios=short, workers=Compute("here", on_error="continue")), tmp_path)
    write_results(found)

    assert {(row.scenario, row.replication) for row in found.kpis} == {(s, r) for s in ("baseline", "all") for r in (0, 2)}
    assert {row.replications for row in found.savings} == {2}
    assert [(why["label"], why["message"]) for why in found.manifest["failed"]] == [("all, replication 1", "nothing to share")]
    assert (
        (tmp_path / "tiny/failures.csv")
        .read_text(encoding="utf-8")
        .splitlines()[1]
        .endswith(',"all, replication 1",1,2022,nothing to share')
    )
    assert all(not math.isnan(row.alone_sum) for row in found.savings if row.kpi in DESK)


def test_rounds_that_fail_leave_the_alone_sum_out(tmp_path, monkeypatch):
    real = work.do

    def fail(unit):
        if unit.label.startswith("alone"):
            raise ShortageError("nothing to share")
        return real(unit)

    monkeypatch.setattr(work, "do", fail)
    short = {"baseline": scenario(), "all": scenario("all", measures()[:2])}

    found = run_experiment(experiment(scenarios=short, workers=Compute("here", on_error="continue")), tmp_path)

    assert all(math.isnan(row.alone_sum) for row in found.savings)
    assert {row.replications for row in found.savings} == {3}


def test_if_every_replication_fails_the_first_message_is_told(tmp_path, monkeypatch):
    def fail(unit):
        raise ShortageError("nothing to share")

    monkeypatch.setattr(work, "do", fail)

    with pytest.raises(ResultsError, match=r"no replication stands in every scenario, for one .*: nothing to share"):
        run_experiment(experiment(workers=Compute("here", on_error="continue")), tmp_path)


@pytest.mark.slow
def test_a_broken_unit_is_done_again(results, tmp_path):
    write_results(replace(results, folder=tmp_path))
    name = results.manifest["units"]["baseline"][0]
    (tmp_path / "runs" / name).mkdir(parents=True)
    (tmp_path / "runs" / name / "unit.json.gz").write_bytes(b"half")

    again = run_experiment(experiment(), tmp_path)

    assert again.kpis == results.kpis
    assert (tmp_path / "broken" / f"{name}.1" / "unit.json.gz").read_bytes() == b"half"


def test_a_day_of_downtime_saves_nothing_and_costs_a_day_of_margin(tmp_path):
    steady = factory("site_2", batches=False, crew="")
    park = small_park(denim=replace(steady, lines=tuple(replace(line, mtbf_h=math.inf) for line in steady.lines)))
    without_effect = measure("lighting_led", "denim", "lights", 0.0, installation_downtime_h=24.0, lead_time_d=1.0)
    chosen = {"baseline": scenario(park=park), "stopped": scenario("stopped", (without_effect,), park)}

    found = savings(run_experiment(experiment(scenarios=chosen, alone_replications=0), tmp_path), "stopped")

    assert found["electricity_assessed_kwh"].saving_unadjusted > 100.0
    assert found["electricity_assessed_kwh"].saving == pytest.approx(0.0, abs=1e-6)
    assert found["lost_margin_assessed_vnd"].saving == pytest.approx(-2 * 16 * 10 * 50_000)
