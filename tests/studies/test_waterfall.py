"""The steps from desk figures to meters: in small parks, by hand and from the command line."""

import csv
import math
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from pydantic import ConfigDict
from pydantic.dataclasses import dataclass
from small_configs import write_small_configs
from small_park import MONDAY, factory, measure, measures, scenario, small_park
from typer.testing import CliRunner

from eipsim import cli, composition
from eipsim.context import Context
from eipsim.end_uses import EndUse
from eipsim.end_uses.base import inlet_flow
from eipsim.engines import Compute
from eipsim.errors import ConfigError
from eipsim.kernel.crew import Crew
from eipsim.kpis import KPIS, evaluate, paired_savings, t_interval
from eipsim.scenario import prepare
from eipsim.schema import ExperimentSettings
from eipsim.studies import coalitions, waterfall
from eipsim.studies.coalitions import Coalitions, Doing
from eipsim.studies.waterfall import (
    KPIS_SHOWN,
    STAGES,
    WaterfallSettings,
    carrier_of,
    run_waterfall,
    stage_rows,
    steps_of,
)
from eipsim.studies.waterfall_report import waterfall_sentences, waterfall_tables
from eipsim.waterfall_runs import waterfall_settings

SUNDAY = Context.at(MONDAY - timedelta(days=1), hours=36.0)
"""A day on which the sun shines for nobody, and the morning after it."""

KWH, CO2, VND = "electricity_assessed_kwh", "co2_assessed_t", "money_assessed_vnd"
ALL = measures()
SOME = ALL[:2]


def scenarios(park=None, **chosen):
    park = park or small_park()
    own = {"baseline": (), **chosen}
    return {name: replace(scenario(name, of, park), context=SUNDAY) for name, of in own.items()}


def silent(done, total, label):
    pass


def run(folder, park=None, replications=1, **chosen):
    settings = WaterfallSettings(replications=replications)
    doing = Doing(replications, 2022, folder, Compute("here"), silent)
    return run_waterfall("tiny", settings, scenarios(park, **chosen), doing)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="module")
def found(folder):
    return run(folder, replications=2, some=SOME, all=ALL)


@pytest.fixture
def own_crews():
    """The small park in which nobody waits for the other's repairs."""
    return small_park(second_crew=Crew(1), denim=factory("site_2", batches=False, crew="second_crew"))


@pytest.mark.slow
def test_runs_without_factories_of_which_all_is_told_say_the_same(folder, own_crews, monkeypatch):
    more = (*ALL, measure("lighting_led", "candles", "lights"), measure("burner_tuning", "candles", "boiler"))
    labels = []
    done = run(folder, own_crews, replications=2, all=more)
    monkeypatch.setattr(waterfall, "WHOLE_ROUNDS", 99)

    whole = run_waterfall(
        "tiny", WaterfallSettings(replications=2), scenarios(own_crews, all=more),
        Doing(2, 2022, folder, Compute("here"), lambda done, total, label: labels.append(label)),
    )  # fmt: skip

    assert [label for label in labels if "run 7 of 7" in label and "kept" not in label]
    for one, other in zip(done.rows, whole.rows, strict=True):
        assert one[:4] == other[:4]
        assert one[4:] == pytest.approx(other[4:], rel=1e-9, abs=1e-9)


def test_all_factories_stay_if_a_meter_notices_that_others_are_away(folder, monkeypatch):
    """The two factories wait for one crew, of which nobody is told."""
    expected = run(folder, all=ALL)
    monkeypatch.setattr(coalitions, "teams_of", lambda park: tuple(frozenset({name}) for name in park.factories()))
    monkeypatch.setattr(Coalitions, "missed_by", lambda self, planned: ("candles",))

    assert run(folder, all=ALL) == expected


def stages(found, name, kpi=KWH):
    """Return what each stage says, by stage."""
    return {row.stage: row.value for row in steps_of(found.rows, name, kpi)}


@pytest.mark.parametrize("kpi", KPIS_SHOWN)
@pytest.mark.parametrize("name", ["some", "all"])
def test_steps_sum_to_what_the_meters_show(found, name, kpi):
    rows = steps_of(found.rows, name, kpi)

    assert [row.stage for row in rows] == list(STAGES)
    scale = max(abs(row.value) for row in rows)
    assert math.fsum(row.step for row in rows) == pytest.approx(rows[-1].value, rel=0, abs=1e-12 * scale)


def test_the_last_stage_is_what_the_experiment_about_savings_shows(found):
    outcomes = []
    for one in (scenarios()["baseline"], scenarios(all=ALL)["all"]):
        ready = prepare(one)
        outcomes.append([evaluate(ready.run(r, 2022), ready.park, SUNDAY) for r in (0, 1)])

    for kpi in KPIS_SHOWN:
        shown = float(paired_savings(KPIS[kpi], *outcomes)[0].mean())
        assert stages(found, "all", kpi)["park"] == pytest.approx(shown, rel=1e-12)


def test_two_measures_on_one_compressor_lose_at_the_end_use_and_nowhere_else(found):
    shown = stages(found, "some")

    assert shown["end_use"] < 0.97 * shown["alone"]
    assert [shown[stage] for stage in ("factory", "tariff", "park")] == pytest.approx([shown["end_use"]] * 3, rel=1e-9)


def test_before_the_tariff_a_kilowatt_hour_is_worth_the_mean_price(found):
    mean_vnd = SUNDAY.tariff.mean_price_vnd_per_kwh("22_110")

    kwh, vnd = stages(found, "some"), stages(found, "some", VND)

    for stage in ("alone", "end_use", "factory"):
        assert vnd[stage] == pytest.approx(mean_vnd * kwh[stage], rel=1e-9)
    assert vnd["tariff"] != pytest.approx(mean_vnd * kwh["tariff"], rel=1e-3)


def test_the_sun_gives_all_that_it_has_until_the_export_rule_holds(folder):
    solar = ALL[-1]
    found = run(folder, sun=(solar,))
    ready = prepare(scenarios(sun=(solar,))["sun"])
    kpis = evaluate(ready.run(0, 2022), ready.park, SUNDAY).kpis

    kwh, co2 = stages(found, "sun"), stages(found, "sun", CO2)

    assert kpis["curtailed_kwh"] > 100
    assert kwh["alone"] == pytest.approx(kpis["solar_kwh"] + kpis["curtailed_kwh"], rel=1e-9)
    assert kwh["tariff"] - kwh["factory"] == pytest.approx(-kpis["curtailed_kwh"], rel=1e-9)
    assert co2["alone"] == pytest.approx(kwh["alone"] / 1000 * SUNDAY.factors.grid_tco2_per_mwh, rel=1e-9)
    assert stages(found, "sun", VND)["alone"] == pytest.approx(
        kwh["alone"] * SUNDAY.tariff.mean_price_vnd_per_kwh("22_110"), rel=1e-9
    )


def test_outages_take_away_in_the_last_step_only(folder):
    park = small_park()
    park = park.replace("feeder", interruptions_per_yr=2000.0, interruption_h_median=2.0)

    shown = stages(run(folder, park=park, some=SOME), "some")

    assert shown["park"] < 0.99 * shown["tariff"]
    assert shown["tariff"] == pytest.approx(shown["factory"], rel=1e-9)


def test_the_desk_counts_wastewater_too(found):
    assert stages(found, "all", "wastewater_assessed_m3")["desk"] > 0
    assert stages(found, "some", "wastewater_assessed_m3") == dict.fromkeys(STAGES, pytest.approx(0.0, abs=1e-9))


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class GasHeating(EndUse):
    """A made-up heater of a hall, which needs less gas where lamps are hot: 0.01 GJ/h for each kW of light."""

    kind: ClassVar[str] = "gas_heating"
    need_gj_per_h: float

    def own_flows(self, others):
        light_kw = sum(heat.rest + heat.run for one in others.values() for heat in one.room_heat())
        return (inlet_flow("", "lpg", self.need_gj_per_h - 0.01 * light_kw, 0.0, "always"),)


def test_what_an_end_use_does_to_other_carriers_comes_with_the_whole_factory(folder):
    led = measure("lighting_led", "candles", "lights", 0.5, existing_lm_per_w=60.0, led_lm_per_w=120.0)
    park = small_park()
    one = park.factory("candles")
    lights = replace(one.end_uses["lights"], cooled_frac=1.0)
    park = park.replace("candles", end_uses={**one.end_uses, "lights": lights, "heater": GasHeating(need_gj_per_h=1.0)})

    found = run(folder, park=park, led=(led,))

    lpg, kwh = stages(found, "led", "lpg_assessed_t"), stages(found, "led")
    co2, vnd = stages(found, "led", CO2), stages(found, "led", VND)
    more_gj = -lpg["factory"] * SUNDAY.factors.fuel_ncv_gj_per_t["lpg"]
    assert more_gj > 1
    assert lpg["alone"] == lpg["factory"]
    assert lpg["end_use"] == pytest.approx(0.0, abs=1e-12)
    assert kwh["end_use"] == kwh["factory"]
    assert co2["end_use"] - co2["factory"] == pytest.approx(more_gj * SUNDAY.factors.fuel_kgco2_per_gj["lpg"] / 1000, rel=1e-9)
    assert vnd["end_use"] - vnd["factory"] == pytest.approx(more_gj * SUNDAY.prices.fuel_vnd_per_gj["lpg"], rel=1e-9)


def test_a_step_has_the_paired_interval_of_its_replications():
    values = {stage: np.tile(np.array([[1.0], [2.0], [4.0]]) * (k + 1), (1, 7)) for k, stage in enumerate(STAGES)}

    row = steps_of(stage_rows("all", values), "all", KWH)[1]

    assert (row.step, row.step_low, row.step_high) == tuple(t_interval([1.0, 2.0, 4.0]))
    assert (row.value, row.low, row.high) == tuple(t_interval([2.0, 4.0, 8.0]))
    assert row.replications == 3


@pytest.mark.parametrize(
    ("item", "carrier"),
    [
        ("electricity_peak", "electricity"),
        ("export", "electricity"),
        ("capacity", "electricity"),
        ("lpg", "lpg"),
        ("water", "water"),
        ("cod_surcharge", "wastewater"),
        ("materials", "materials"),
    ],
)
def test_every_line_of_a_bill_is_about_one_carrier(item, carrier):
    assert carrier_of(item) == carrier


def test_tables_hold_the_steps_of_each_scenario_and_their_intervals(found):
    tables = list(waterfall_tables(found))

    assert [len(table.rows) for table in tables] == [7] * 4
    assert (
        "most is taken away by hours of the tariff, and surplus of the sun that may not leave" in waterfall_sentences(found)[3]
    )


def asked(found, **changes):
    """Return the settings of an experiment whose scenarios are as given."""
    given = {"name": "tiny", "type": "waterfall", "replications": 1, "seed": 2022} | changes
    return waterfall_settings(SimpleNamespace(settings=ExperimentSettings(**given), scenarios=found))


@pytest.mark.parametrize(
    ("scenarios_asked", "changes", "told"),
    [
        (scenarios(all=ALL), {"settings": {"baseline": "bare"}}, "baseline = 'bare' is no scenario"),
        (scenarios(), {}, "have none besides the baseline: there are no steps"),
        (scenarios(all=()), {}, "scenarios.all.measures are none: there are no steps"),
        (scenarios(all=ALL) | {"baseline": scenarios(all=ALL)["all"]}, {}, "must be none: every step is from there"),
        (scenarios() | {"all": scenario("all", ALL)}, {}, "has another park or context than the baseline"),
        (scenarios(all=ALL), {"replications": "auto"}, "replications = 'auto': must be an integer"),
        (scenarios(all=ALL), {"settings": {"stages": 3}}, "settings.stages is unknown"),
    ],
)
def test_scenarios_that_have_no_steps_are_refused(scenarios_asked, changes, told):
    with pytest.raises(ConfigError, match=told):
        asked(scenarios_asked, **changes)


@pytest.mark.slow
def test_a_run_from_the_command_line_writes_steps_and_slides(tmp_path, monkeypatch):
    configs = write_small_configs(tmp_path)
    monkeypatch.setattr(composition, "configs_folder", lambda: configs)
    wanted = ["experiment=interaction_waterfall", "context.hours=24", "experiment.replications=1", "compute=local"]

    done = CliRunner().invoke(cli.app, ["run", *wanted, "--results", str(tmp_path / "out")])

    assert done.exit_code == 0, done.output
    folder = tmp_path / "out" / "interaction_waterfall"
    rows = list(csv.DictReader((folder / "waterfall.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 2 * 7 * 6
    assert (folder / "figures" / "waterfall_electricity_assessed_kwh.png").is_file()
    assert "no row describes a real firm" in done.output
