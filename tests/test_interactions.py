"""Why a park saves less than its catalogue: each interaction is switched off, and a number moves by what it was worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from math import inf

import numpy as np
import pytest
from one_factory import without_changes
from small_park import measure, measures, small_park, week

from eipsim.components import EqualisationTank, Feeder, WastewaterPlant
from eipsim.context import Context
from eipsim.end_uses import Cooling, Motors
from eipsim.kernel.crew import Crew
from eipsim.kernel.run import Run
from eipsim.kpis import KPIS, Outcome, evaluate, paired_savings, paired_spread
from eipsim.measures import Measure
from eipsim.park import Park
from eipsim.scenario import Scenario, simulate

pytestmark = pytest.mark.slow

KWH, MONEY = "electricity_assessed_kwh", "money_assessed_vnd"


def run_of(park: Park, *chosen: Measure, context: Context | None = None, replication: int = 0) -> tuple[Run, Outcome]:
    """Return a week of a park with measures, and what is kept of it."""
    scenario = Scenario("try", park, context or week(), chosen)
    run = simulate(scenario, replication, record=("substation.supply",))
    return run, evaluate(run, scenario.build(), scenario.context)


def kpis_of(park: Park, *chosen: Measure, context: Context | None = None, replication: int = 0) -> Mapping[str, float]:
    return run_of(park, *chosen, context=context, replication=replication)[1].kpis


@cache
def outcomes(replication: int = 0) -> Outcome:
    """Return the small park without measures."""
    return run_of(small_park(), replication=replication)[1]


def saved(kpi: str, *chosen: Measure, park: Park | None = None, context: Context | None = None) -> float:
    """Return what measures take off a KPI."""
    before = kpis_of(park or small_park(), context=context) if park or context else outcomes().kpis
    return before[kpi] - kpis_of(park or small_park(), *chosen, context=context)[kpi]


def with_use(name: str, end_use: str, **changes: object) -> Park:
    """Return the small park with other parameters of one end use."""
    park = small_park()
    return park.replace_end_use(name, end_use, replace(park.end_use(name, end_use), **changes))


def with_all(park: Park, **changes: object) -> Park:
    """Return a park with other parameters of every line."""
    for name, one in park.factories().items():
        park = park.replace(name, lines=tuple(replace(line, **changes) for line in one.lines))
    return park


def led(size: float, name: str = "led", factory: str = "candles") -> Measure:
    """Lamps of twice the efficacy in a share of the hall: half of that share's electricity is saved."""
    return replace(measure("lighting_led", factory, "lights", size, existing_lm_per_w=60.0, led_lm_per_w=120.0), id=name)


# measures on one end use


def test_measures_on_one_end_use_leave_the_product_of_what_each_leaves():
    """0.1, 0.2 and 0.15 of the light are 0.388 together, and not 0.45."""
    chosen = (led(0.2, "a"), led(0.4, "b"), led(0.3, "c"))
    lamps_kwh = saved(KWH, led(1.0)) / 0.5

    alone = [saved(KWH, one) / lamps_kwh for one in chosen]
    together = saved(KWH, *chosen) / lamps_kwh

    assert alone == pytest.approx([0.1, 0.2, 0.15], rel=1e-9)
    assert together == pytest.approx(0.388, rel=1e-9)


def test_measures_on_different_end_uses_add_up():
    chosen = (led(0.5), measure("variable_speed_drive", "denim", "pumps"), measure("air_leaks", "denim", "air"))

    assert saved(KWH, *chosen) == pytest.approx(sum(saved(KWH, one) for one in chosen), rel=1e-9)


def test_dropping_a_row_moves_the_total_by_what_that_row_saves():
    rows = (
        led(0.5),
        led(0.8, "led 2", "denim"),
        measure("air_leaks", "candles", "air"),
        measure("burner_tuning", "denim", "boiler"),
        measure("water_fixtures", "candles", "water"),
        measure("material_saving", "denim", "materials"),
    )
    nothing, total = outcomes().kpis, kpis_of(small_park(), *rows)

    for dropped in rows:
        alone, without = kpis_of(small_park(), dropped), kpis_of(small_park(), *(row for row in rows if row is not dropped))
        for kpi in (KWH, MONEY, "lpg_assessed_t", "water_assessed_m3", "co2_assessed_t"):
            of_the_row = nothing[kpi] - alone[kpi]
            assert without[kpi] - total[kpi] == pytest.approx(of_the_row, rel=1e-9, abs=1e-6), (dropped.id, kpi)


def test_leaks_and_pressure_of_one_compressor_save_less_than_their_sum():
    leaks, pressure = measure("air_leaks", "candles", "air"), measure("air_pressure", "candles", "air", 1.0)

    assert saved(KWH, leaks, pressure) < 0.97 * (saved(KWH, leaks) + saved(KWH, pressure))


# one end use acts on another


@pytest.mark.parametrize(("cooled_frac", "share"), [(0.8, 0.8), (0.0, 0.0)])
def test_light_that_is_saved_is_cooling_that_is_saved(cooled_frac, share):
    park = with_use("candles", "lights", cooled_frac=cooled_frac)
    one = park.factory("candles")
    cooled = park.replace("candles", end_uses={**one.end_uses, "chiller": Cooling(envelope_kw_th=100, cop=4.0)})

    in_the_dark = saved(KWH, led(0.5), park=park)

    assert saved(KWH, led(0.5), park=cooled) == pytest.approx(in_the_dark * (1 + share / 4.0), rel=1e-9)


@pytest.mark.parametrize("follow_frac", [1.0, 0.25])
def test_mended_leaks_save_only_what_the_control_follows(follow_frac):
    """Four leaks of 17,000 kWh save 4,250 where the compressor follows a quarter."""
    mended = measure("air_leaks", "candles", "air", 1.0)
    ideal = saved(KWH, mended, park=with_use("candles", "air", follow_frac=1.0))

    found = saved(KWH, mended, park=with_use("candles", "air", follow_frac=follow_frac))

    assert found == pytest.approx(follow_frac * ideal, rel=1e-9)


def test_saved_water_spares_the_plant_and_the_pumps():
    park = small_park(plant=WastewaterPlant(train_m3_per_h=20.0, treatment_kwh_per_m3=0.7, mtbf_h=inf))
    loop = measure("water_loop", "candles", "water", 0.5)

    before, after = run_of(park)[1].kpis, run_of(park, loop)[1].kpis
    less = {kpi: before[kpi] - after[kpi] for kpi in before}

    assert less["wastewater_park_m3"] > 100
    assert less["plant_electricity_kwh"] == pytest.approx(0.7 * less["treated_m3"], rel=1e-9)
    assert less["treated_m3"] == pytest.approx(less["wastewater_park_m3"], abs=60.0)
    assert less["pumping_kwh"] == pytest.approx(0.23 * less["water_park_m3"], rel=1e-9)


def test_a_plant_without_energy_per_volume_gains_nothing_by_saved_water():
    park = small_park(plant=WastewaterPlant(train_m3_per_h=20.0, treatment_kwh_per_m3=0.0, mtbf_h=inf))

    assert saved("plant_electricity_kwh", measure("water_loop", "candles", "water", 0.5), park=park) == 0.0


def test_fees_that_a_factory_saves_are_lost_by_the_operator():
    fixtures = measure("water_loop", "candles", "water", 0.5)

    assert saved("operator_fees_vnd", fixtures) == pytest.approx(8500 * saved("wastewater_assessed_m3", fixtures), rel=1e-9)
    assert saved("money_park_vnd", fixtures) < saved(MONEY, fixtures)


# the sun


SOLAR = measure("rooftop_solar", "denim", size=300.0, roof_m2=5000.0)
DRIVE = measure("variable_speed_drive", "denim", "pumps", 1.0)


def regime(sale_cap_frac: float) -> Context:
    """Return the week under other rules for surplus."""
    return replace(week(), solar_regime=replace(week().solar_regime, sale_cap_frac=sale_cap_frac))


def net_saved(*chosen: Measure, context: Context) -> float:
    """Return how much less the park draws from the grid, after what it gives back."""
    return saved("electricity_park_kwh", *chosen, context=context) - saved("exported_kwh", *chosen, context=context)


def test_a_site_that_may_not_export_curtails_what_its_neighbours_could_use():
    kpis = kpis_of(small_park(), SOLAR)

    assert kpis["curtailed_kwh"] > 100
    assert kpis["exported_kwh"] == 0.0
    assert saved("electricity_park_kwh", SOLAR) == pytest.approx(kpis["solar_kwh"], rel=1e-9)
    assert saved(KWH, SOLAR) == pytest.approx(kpis["solar_kwh"], rel=1e-9)


def test_where_surplus_may_be_sold_nothing_is_curtailed_and_the_neighbours_use_it():
    free = kpis_of(small_park(), SOLAR, context=regime(1.0))
    bound = kpis_of(small_park(), SOLAR)

    assert free["curtailed_kwh"] == pytest.approx(0.0, abs=1e-6)
    assert free["solar_kwh"] == pytest.approx(bound["solar_kwh"] + bound["curtailed_kwh"], rel=1e-9)
    assert 0 < free["exported_kwh"] < free["solar_kwh"] - bound["solar_kwh"]
    assert net_saved(SOLAR, context=regime(1.0)) == pytest.approx(free["solar_kwh"], rel=1e-9)


def test_saving_by_day_takes_the_use_that_the_sun_would_have_met():
    """Together they save less than their sum, by what is curtailed more."""
    together, alone = saved(KWH, SOLAR, DRIVE), saved(KWH, SOLAR) + saved(KWH, DRIVE)
    more = kpis_of(small_park(), SOLAR, DRIVE)["curtailed_kwh"] - kpis_of(small_park(), SOLAR)["curtailed_kwh"]

    assert more > 20
    assert together == pytest.approx(alone - more, rel=1e-9)


def test_where_all_surplus_is_taken_the_sun_and_savings_add_up():
    free = regime(1.0)

    together = net_saved(SOLAR, DRIVE, context=free)

    assert together == pytest.approx(net_saved(SOLAR, context=free) + net_saved(DRIVE, context=free), rel=1e-9)


# the hours of the tariff


def flat() -> Context:
    """Return the week at one price for all hours."""
    here = week()
    prices = {voltage: dict.fromkeys(bands, 1555.0) for voltage, bands in here.tariff.prices_vnd_per_kwh.items()}
    return replace(here, tariff=replace(here.tariff, prices_vnd_per_kwh=prices))


def paid_per_kwh(one: Measure, context: Context | None = None) -> float:
    return saved(MONEY, one, context=context) / saved(KWH, one, context=context)


def test_a_kilowatt_hour_of_sun_is_worth_the_hour_it_shines_in():
    mean = week().tariff.mean_price_vnd_per_kwh("22_110")

    assert paid_per_kwh(SOLAR) > 1.02 * mean
    assert paid_per_kwh(SOLAR, flat()) == pytest.approx(1555.0, rel=1e-9)


def always_pumping() -> Park:
    park = small_park()
    return park.replace_end_use("denim", "pumps", Motors(shaft_kw=80, driver="always"))


def test_a_shifted_load_uses_as_much_and_pays_less_only_where_hours_differ():
    shifted = measure("load_shifting", "denim", "pumps")

    less_vnd = saved(MONEY, shifted, park=always_pumping())

    moved_kwh = 0.5 * (80 / 0.88) * 30
    assert saved(KWH, shifted, park=always_pumping()) == pytest.approx(0.0, abs=1e-6)
    assert less_vnd == pytest.approx(moved_kwh * (2871 - 1007), rel=1e-9)
    assert saved(MONEY, shifted, park=always_pumping(), context=flat()) == pytest.approx(0.0, abs=1e-3)


# breakdowns, crews, outages


def test_breakdowns_cost_production():
    sound = kpis_of(with_all(small_park(), mtbf_h=inf))
    failing = outcomes().kpis

    assert (sound["breakdowns_count"], sound["lost_production_assessed_h"]) == (0.0, pytest.approx(0.0, abs=1e-6))
    assert failing["breakdowns_count"] > 5
    assert failing["lost_production_assessed_h"] > 5
    assert failing["output_assessed_frac"] < sound["output_assessed_frac"] - 0.01


def test_lines_wait_for_a_crew_that_is_busy_elsewhere():
    runs = {size: run_of(with_all(small_park(crew=Crew(size)), mtbf_h=10.0)) for size in (1, 4)}

    waited = {
        size: sum(run.amount(component=name, port=f"waiting_{k}") for name in ("candles", "denim") for k in (0, 1))
        for size, (run, _) in runs.items()
    }
    lost = {size: outcome.kpis["lost_production_assessed_h"] for size, (_, outcome) in runs.items()}
    assert waited[1] > 10
    assert waited[4] == 0.0
    assert lost[1] > lost[4] + 5


def test_an_outage_of_the_feeder_stops_what_hangs_on_it():
    out = Feeder(place="feeder", to="substation", interruptions_per_yr=300.0, interruption_h_median=2.0)
    down, up = kpis_of(small_park(feeder=out)), outcomes().kpis

    assert up["unserved_h"] == 0.0
    assert down["feeder_outage_h"] > 2
    assert down["unserved_h"] > 2
    assert down["output_assessed_frac"] < up["output_assessed_frac"]
    assert down["balance_residual_frac"] <= 1e-9


def test_lost_production_is_no_saving():
    """Use falls with output; at equal production what follows the lines saves next to nothing."""
    park = small_park()
    worse = with_all(park, mtbf_h=8.0)
    before, after = run_of(park)[1], run_of(worse)[1]

    adjusted, plain = paired_savings(KPIS["lpg_assessed_t"], [before], [after])

    assert plain[0] > 0.05 * before.kpis["lpg_assessed_t"]
    assert abs(adjusted[0]) < 0.25 * plain[0]


# the sewer


def sewer(mtbf_h: float, capacity_m3: float = 60.0) -> Park:
    plant = WastewaterPlant(train_m3_per_h=10.0, trains=3, mtbf_h=mtbf_h, repair_h_median=30.0)
    tank = EqualisationTank(capacity_m3=capacity_m3, bands=((0.0, 8.0), (0.5, 30.0)), plant="plant")
    return small_park(plant=plant, tank=tank)


def test_a_train_that_fails_fills_the_tank_up_to_the_alarm():
    sound, failing = kpis_of(sewer(inf)), kpis_of(sewer(60.0))

    assert (sound["tank_alarms_count"], sound["spill_m3"]) == (0.0, 0.0)
    assert failing["tank_alarms_count"] >= 1
    assert failing["spill_m3"] > 0


def test_a_larger_tank_spares_the_river():
    spills = [kpis_of(sewer(60.0, capacity))["spill_m3"] for capacity in (60.0, 120.0, 5000.0)]

    assert spills[0] > spills[1] > spills[2] == 0.0


def test_saved_water_keeps_the_tank_below_the_alarm():
    loops = [measure("water_loop", name, "water", 1.0, recovery_frac=0.9) for name in ("candles", "denim")]

    assert saved("spill_m3", *loops, park=sewer(60.0)) > 0


# pairing


def test_an_empty_programme_saves_exactly_nothing_in_every_kpi_and_replication():
    for replication in range(2):
        park = small_park()
        before, after = run_of(park, replication=replication)[1], run_of(without_changes(park), replication=replication)[1]

        for kpi in (one for one in KPIS.values() if not one.of_loads and not one.needs):
            adjusted, plain = paired_savings(kpi, [before], [after])
            assert (adjusted[0], plain[0]) == (0.0, 0.0), kpi.name


def test_a_measure_without_effect_and_a_day_of_downtime_saves_nothing_and_costs_a_day_of_margin():
    park = with_all(small_park(), mtbf_h=inf)
    idle = measure("lighting_led", "denim", "lights", 0.0, installation_downtime_h=24.0, lead_time_d=1.0)

    before, after = run_of(park)[1], run_of(park, idle)[1]

    for kpi in (KWH, "lpg_assessed_t", "water_assessed_m3", "money_assessed_vnd", "co2_assessed_t"):
        adjusted, plain = paired_savings(KPIS[kpi], [before], [after])
        assert plain[0] > 0
        assert adjusted[0] == pytest.approx(0.0, abs=1e-9 * before.kpis[kpi]), kpi
    assert after.kpis["lost_margin_assessed_vnd"] - before.kpis["lost_margin_assessed_vnd"] == pytest.approx(
        2 * 16 * 10 * 50_000, rel=1e-9
    )


def test_common_random_numbers_leave_a_tenth_of_the_spread():
    replications = range(8)

    before = [outcomes(r).kpis[KWH] for r in replications]
    after = [kpis_of(small_park(), *measures(), replication=r)[KWH] for r in replications]

    assert np.std(before) > 0
    assert paired_spread(before, after) < 0.1
