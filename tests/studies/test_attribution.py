"""Shares of measures in small parks that are simulated, by hand and from the command line."""

import csv
import json
import math
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
from types import SimpleNamespace

import numpy as np
import pytest
from pydantic import ValidationError
from small_configs import write_small_configs
from small_park import MONDAY, factory, measure, measures, scenario, small_park
from typer.testing import CliRunner

from eipsim import cli, composition, work
from eipsim.attribution_runs import attribution_settings
from eipsim.context import Context
from eipsim.engines import Compute
from eipsim.errors import ConfigError, ResultsError, ShortageError
from eipsim.kernel.crew import Crew
from eipsim.kernel.streams import Stream
from eipsim.kpis import KPIS, evaluate, paired_savings
from eipsim.scenario import Scenario, prepare
from eipsim.schema import ExperimentSettings
from eipsim.studies import coalitions
from eipsim.studies.attribution import AttributionSettings, run_attribution
from eipsim.studies.attribution_report import attribution_sentences, attribution_tables
from eipsim.studies.attribution_rows import CROSS_FACTORY, TOTAL, Shares
from eipsim.studies.coalitions import Doing, rounds_of, teams_of
from eipsim.studies.interplay import Interplay

DAY = Context.at(MONDAY - timedelta(days=1), hours=36.0)
"""A Sunday, on which the sun shines for nobody, and the morning after it."""
TWO_WEEKS = Context.at(MONDAY, hours=336.0)
KWH, VND = "electricity_assessed_kwh", "money_assessed_vnd"


def settings(**changes):
    return AttributionSettings(**({"scenario": "all", "kpis": (KWH, VND, "lpg_assessed_t")} | changes))


def scenarios(chosen, park=None, context=DAY):
    bare = {"baseline": (), "all": tuple(chosen)}
    park = park or small_park()
    return {name: replace(scenario(name, own, park), context=context) for name, own in bare.items()}


def silent(done, total, label):
    pass


def doing(folder, replications=1, told=silent, **compute):
    return Doing(replications, 2022, folder, Compute("here", **compute), told)


def run(folder, chosen, replications=1, park=None, context=DAY, **changes):
    asked = settings(replications=replications, **changes)
    return run_attribution("tiny", asked, scenarios(chosen, park, context), doing(folder, replications))


def led(size, name, factory="candles"):
    """Lamps of twice the efficacy in a share of the hall: half of that share's electricity is saved."""
    one = measure("lighting_led", factory, "lights", size, existing_lm_per_w=60.0, led_lm_per_w=120.0)
    return replace(one, id=name)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="module")
def found(folder):
    return run(folder, measures(), replications=2)


def by_measure(found, kpi=KWH):
    return {row.measure: row for row in found.shares if row.kpi == kpi}


def by_factory(found, kpi=KWH):
    return {row.factory: row for row in found.factories if row.kpi == kpi}


def test_40_and_30_percent_of_one_load_save_58_and_share_34_and_24(folder):
    lamps_kwh = by_measure(run(folder, [led(1.0, "all")]))["all"].alone / 0.5

    rows = by_measure(run(folder, [led(0.8, "a"), led(0.6, "b")]))

    assert [rows[name].alone / lamps_kwh for name in "ab"] == pytest.approx([0.40, 0.30], rel=1e-9)
    assert [rows[name].last_in / lamps_kwh for name in "ab"] == pytest.approx([0.28, 0.18], rel=1e-9)
    assert [rows[name].shapley / lamps_kwh for name in "ab"] == pytest.approx([0.34, 0.24], rel=1e-9)
    assert sum(rows[name].shapley for name in "ab") / lamps_kwh == pytest.approx(0.58, rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("kpi", [KWH, VND, "lpg_assessed_t"])
def test_shares_and_the_remainder_sum_to_what_the_whole_park_saves(found, kpi):
    rows = by_factory(found, kpi)

    shares = math.fsum(row.shapley for row in by_measure(found, kpi).values())

    assert shares + rows[CROSS_FACTORY].shapley == pytest.approx(rows[TOTAL].shapley, rel=1e-12)
    assert rows[CROSS_FACTORY].shapley == pytest.approx(0.0, abs=1e-9 * abs(rows[TOTAL].shapley) + 1e-9)
    assert math.fsum(row.shapley for row in found.categories if row.kpi == kpi) == pytest.approx(shares, rel=1e-12)
    assert rows["candles"].shapley + rows["denim"].shapley == pytest.approx(shares, rel=1e-12)


def test_the_total_is_what_the_scenario_saves(found):
    outcomes = []
    for one in scenarios(measures()).values():
        ready = prepare(one)
        outcomes.append([evaluate(ready.run(r, 2022), ready.park, DAY) for r in (0, 1)])

    saved = paired_savings(KPIS[KWH], *outcomes)[0].mean()

    assert by_factory(found)[TOTAL].shapley == pytest.approx(float(saved), rel=1e-12)


def test_a_factory_saves_as_much_by_itself_where_factories_do_not_act_on_each_other(found):
    for name in ("candles", "denim"):
        row = by_factory(found)[name]
        assert row.by_itself == pytest.approx(row.shapley, rel=1e-9)


def test_what_overlaps_saves_least_as_the_last_and_most_alone(found):
    rows = by_measure(found)

    for name in ("candles_air_air_leaks", "candles_air_air_pressure", "denim_pumps_variable_speed_drive"):
        assert rows[name].last_in + 1 < rows[name].shapley < rows[name].alone - 1


def test_only_measures_that_act_on_each_other_are_in_one_group(found):
    assert found.groups == {"candles": (2, 1), "denim": (2, 1)}
    assert {(row.measure, row.other) for row in found.pairs if row.kpi == KWH} == {
        ("candles_air_air_leaks", "candles_air_air_pressure"),
        ("denim_pumps_variable_speed_drive", "denim_rooftop_solar_rooftop_solar"),
    }
    assert all(row.interaction < -1 for row in found.pairs if row.kpi == KWH)
    assert found.taken_whole == ()


def test_runs_are_as_many_as_the_factory_with_most_sets_needs(found):
    """The baseline, 3 alone, all, 3 with one taken out and each factory by itself, twice; pairs are among the 3."""
    assert found.runs == 2 * (1 + 3 + 1 + 3 + 2)


def test_one_replication_has_no_standard_error_and_two_have(found, folder):
    one = by_measure(run(folder, measures()))

    assert all(math.isnan(row.standard_error) for row in one.values())
    assert all(row.standard_error >= 0 for row in by_measure(found).values())


def test_the_standard_error_adds_chance_and_the_draw_of_orders():
    """Shares 1, 2, 3 and 5, 5, 5 of three years; pairs of orders give the second 4, 6 and what is left of 7 to the first."""
    shapley = np.array([[[1.0], [2.0], [3.0]], [[5.0], [5.0], [5.0]]])
    by_pair = np.array([[[3.0], [4.0]], [[1.0], [6.0]]])
    shares = Shares(measures()[:2], (KWH,), shapley, shapley, shapley, (((0, 1), by_pair),), ("permutations",) * 2)

    assert shares.standard_error([0])[0] == pytest.approx(math.sqrt(1 / 3 + 2 / 2), rel=1e-12)
    assert shares.standard_error([1])[0] == pytest.approx(1.0, rel=1e-12)
    assert shares.standard_error([0, 1])[0] == pytest.approx(math.sqrt(1 / 3), rel=1e-12)
    first_year = replace(shares, shapley=shapley[:, :1])
    assert first_year.standard_error([0])[0] == pytest.approx(1.0, rel=1e-12)
    assert math.isnan(first_year.standard_error([0, 1])[0])


def test_orders_are_drawn_where_too_many_act_on_each_other(found, folder):
    drawn = run(folder, measures(), replications=2, exact_up_to=1, pairs=3)

    rows, exact = by_measure(drawn), by_measure(found)
    assert {row.method for row in rows.values() if row.measure.startswith("candles_air")} == {"permutations"}
    assert {row.method for row in exact.values()} == {"exact"}
    assert [row.shapley for row in rows.values()] == pytest.approx([row.shapley for row in exact.values()], rel=1e-9)


def test_groups_that_do_not_add_up_are_taken_for_one(found, folder, monkeypatch):
    monkeypatch.setattr(Interplay, "of", lambda measures, park, context: Interplay(tuple(sorted(measures)), frozenset()))

    again = run(folder, measures(), replications=2)

    assert again.taken_whole == ("candles", "denim")
    assert again.groups == {"candles": (3,), "denim": (3,)}
    expected = {name: row.shapley for name, row in by_measure(found).items()}
    assert {name: row.shapley for name, row in by_measure(again).items()} == pytest.approx(expected, rel=1e-9)
    assert "Taken as a whole, since groups did not add up: candles, denim." in attribution_sentences(again)


def test_what_is_done_is_not_done_again(found, folder, monkeypatch):
    def fail(unit):
        raise AssertionError("a unit was done again")

    monkeypatch.setattr(work, "do", fail)

    assert run(folder, measures(), replications=2) == found


def test_all_runs_are_told_of_as_one(tmp_path):
    told = []

    run_attribution("tiny", settings(), scenarios(measures()), doing(tmp_path, told=lambda *a: told.append(a)))

    totals = {total for _, total, _ in told}
    assert len(totals) == 1
    assert [done for done, _, _ in told] == list(range(1, totals.pop() + 1))


def test_a_run_that_fails_leaves_no_shares(tmp_path, monkeypatch):
    real = work.do

    def fail(unit):
        if "run 2 of" in unit.label:
            raise ShortageError("nothing to share")
        return real(unit)

    monkeypatch.setattr(work, "do", fail)

    with pytest.raises(ResultsError, match=r"run 2 of \d, replication 0 failed: nothing to share\. 1 of \d+ runs are missing"):
        run_attribution("tiny", settings(), scenarios(measures()), doing(tmp_path, on_error="continue"))


def test_rounds_hold_one_coalition_of_each_factory():
    wanted = {"a": [frozenset("x"), frozenset("xy")], "b": [frozenset("z"), frozenset(), frozenset("z")]}

    assert rounds_of(wanted) == [{"a": frozenset("x"), "b": frozenset("z")}, {"a": frozenset("xy")}]
    assert rounds_of({}) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"kpis": ("solar_kwh",)}, "solar_kwh is not counted factory by factory"),
        ({"kpis": ()}, "must be one or more"),
        ({"kpis": ("co2",)}, "is no KPI"),
        ({"exact_up_to": 0}, "greater than or equal to 1"),
        ({"pairs": 1}, "greater than or equal to 2"),
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong, told):
    with pytest.raises(ValidationError, match=told):
        settings(**wrong)


def test_tables_hold_categories_factories_measures_pairs_and_all_kpis(found):
    tables = list(attribution_tables(found))

    assert [len(table.rows) for table in tables] == [2, 4, 6, 2, 3]
    assert tables[1].rows[-1][0] == TOTAL
    assert tables[1].rows[-1][-2] == "100.0 %"


TWELVE = (
    *measures(),
    led(0.5, "led 1"),
    led(0.4, "led 2"),
    led(0.6, "led 3", "denim"),
    measure("heat_insulation", "denim", "boiler", 0.6),
    measure("air_leaks", "denim", "air"),
    measure("material_saving", "candles", "materials"),
)


def own_crews():
    """Return the small park with a crew for each factory: nobody waits for the other's repairs."""
    return small_park(second_crew=Crew(1), denim=factory("site_2", batches=False, crew="second_crew"))


SIX = (*TWELVE[:4], *TWELVE[6:8])
"""Five measures of one factory and a boiler's of the other: nothing is asked of the other long before all is told."""


@pytest.mark.slow
def test_runs_without_those_of_whom_nothing_is_asked_tell_the_same_shares(folder):
    lean = run(folder, SIX, replications=2, park=own_crews())

    whole = run(folder, SIX, replications=2, park=own_crews(), whole_parks=True)

    assert lean.part_runs_count > 0 == whole.part_runs_count
    assert lean.missed_by == ()
    for one, other in zip(lean.shares, whole.shares, strict=True):
        assert (one.measure, one.kpi) == (other.measure, other.kpi)
        shown = (one.alone, one.last_in, one.shapley, one.standard_error)
        assert shown == pytest.approx((other.alone, other.last_in, other.shapley, other.standard_error), rel=1e-11)


def test_factories_that_share_a_crew_are_a_team():
    assert teams_of(small_park()) == (frozenset({"candles", "denim"}), frozenset({"neighbour"}))
    assert set(teams_of(own_crews())) == {frozenset({name}) for name in ("candles", "denim", "neighbour")}


@pytest.mark.slow
def test_every_run_holds_all_if_a_meter_shows_something_else_without_the_others(folder, monkeypatch):
    """The two factories wait for one crew, of which nobody is told."""
    monkeypatch.setattr(coalitions, "teams_of", lambda park: tuple(frozenset({name}) for name in park.factories()))

    found = run(folder, SIX, context=TWO_WEEKS)

    whole = run(folder, SIX, context=TWO_WEEKS, whole_parks=True)
    assert found.missed_by == ("candles",)
    assert [row.shapley for row in found.shares] == [row.shapley for row in whole.shares]
    assert any("meters show something else while others are away (candles)" in said for said in attribution_sentences(found))


@pytest.mark.slow
def test_plain_orders_of_twelve_measures_agree_within_two_standard_errors(folder):
    """Orders of all twelve, over both factories and without groups, each set simulated as it is."""
    exact = by_measure(run(folder, TWELVE))
    known: dict[frozenset[str], float] = {}

    def value(members):
        if members not in known:
            chosen = tuple(one for one in TWELVE if one.id in members)
            ready = prepare(Scenario("try", small_park(), DAY, chosen))
            known[members] = evaluate(ready.run(0, 2022), ready.park, DAY).kpis[KWH]
        return known[members]

    stream, gains = Stream(1, 0, "plain orders"), defaultdict(list)
    for _ in range(20):
        order = [one.id for _, one in sorted(((stream.uniform(), one) for one in TWELVE), key=lambda pair: pair[0])]
        values = [value(members) for members in accumulate(order, lambda sofar, name: sofar | {name}, initial=frozenset())]
        for name, before, after in zip(order, values, values[1:], strict=False):
            gains[name].append(before - after)

    off = []
    for name, mine in gains.items():
        error = np.std(mine, ddof=1) / math.sqrt(len(mine))
        off.append(abs(np.mean(mine) - exact[name].shapley) / max(error, 1e-6 * abs(exact[name].shapley) + 1e-9))
    assert len(off) == 12
    assert sum(one > 2.0 for one in off) <= 1  # of twelve one in twenty lies beyond by chance
    assert max(off) < 3.0


@pytest.mark.slow
def test_a_run_from_the_command_line_shares_out_what_was_asked_for(tmp_path, monkeypatch):
    configs = write_small_configs(tmp_path)
    monkeypatch.setattr(composition, "configs_folder", lambda: configs)
    asked = ["experiment=attribution", "context.hours=24", "experiment.replications=1", "compute=local"]

    done = CliRunner().invoke(cli.app, ["run", *asked, "--results", str(tmp_path / "out")])

    assert done.exit_code == 0, done.output
    text = (tmp_path / "out" / "attribution" / "attribution.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["measure"] for row in rows} == {"S1", "S2", "S3"}
    assert len(rows) == 3 * 7
    assert {"measure", "factory", "category", "kpi", "alone", "last_in", "shapley", "standard_error"} <= rows[0].keys()
    manifest = json.loads((tmp_path / "out" / "attribution" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["groups"] == {"candles": [1, 1], "cosmetics": [1]}
    assert (tmp_path / "out" / "attribution" / "figures" / "attribution_measures_co2_assessed_t.png").is_file()
    assert "no row describes a real firm" in done.output


@pytest.mark.slow
def test_everything_that_is_wrong_with_an_attribution_is_told_at_once(tmp_path, monkeypatch):
    configs = write_small_configs(tmp_path)
    monkeypatch.setattr(composition, "configs_folder", lambda: configs)
    wrong = ["experiment.settings.scenario=all_195", "experiment.settings.kpis=[solar_kwh]", "+experiment.settings.orders=3"]

    done = CliRunner().invoke(cli.app, ["run", "experiment=attribution", *wrong, "--results", str(tmp_path / "out")])

    assert done.exit_code == 2
    assert "solar_kwh is not counted factory by factory" in done.stderr
    assert "experiment.settings.orders is unknown" in done.stderr
    assert "Traceback" not in done.output


def asked(found, **changes):
    """Return the settings of an experiment whose scenarios are as given."""
    given = {"name": "tiny", "type": "attribution", "replications": 1, "seed": 2022} | changes
    own = {"scenario": "all", "kpis": [KWH]} | given.pop("settings", {})
    return attribution_settings(SimpleNamespace(settings=ExperimentSettings(**given, settings=own), scenarios=found))


def test_scenarios_that_can_be_compared_are_taken():
    assert asked(scenarios(measures())) == settings(kpis=(KWH,))


@pytest.mark.parametrize(
    ("scenarios_asked", "changes", "told"),
    [
        (scenarios(measures()), {"settings": {"scenario": "al"}}, "name no scenario 'al': did you mean 'all'"),
        (scenarios(()), {}, "scenarios.all.measures are none: there is no saving to share"),
        (dict.fromkeys(("baseline", "all"), scenarios(measures())["all"]), {}, "must be none: shares are of all measures"),
        (scenarios(()) | {"all": scenario("all", measures())}, {}, "has another park or context than the baseline"),
        ({}, {"replications": "auto"}, "replications = 'auto': must be an integer"),
    ],
)
def test_scenarios_that_cannot_be_compared_are_refused(scenarios_asked, changes, told):
    with pytest.raises(ConfigError, match=told):
        asked(scenarios_asked, **changes)
