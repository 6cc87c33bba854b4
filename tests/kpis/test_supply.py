"""KPIs of feeders, standby generation and batteries, by hand on the small park."""

import dataclasses
import math
from datetime import date

import pytest
from small_park import small_park, week

from eipsim.components import (
    Battery,
    Feeder,
    FuelSupply,
    Meter,
    ProtectedFeeder,
    ProtectedSubstation,
    StandbyGenerator,
    Substation,
    WaterWorks,
)
from eipsim.context import Context
from eipsim.errors import ResultsError
from eipsim.kernel.run import Event
from eipsim.kpis import KPIS, all_bills, billed_ports, evaluate
from eipsim.kpis.supply import (
    feeding,
    interruptions_by_factory,
    out_stretches_h,
    unserved_by_feeder_kwh,
    watched_ports,
)
from eipsim.physics.genset import genset_fuel_mj_per_h
from eipsim.scenario import Scenario, simulate

OUT = ((34.0, 38.0),)
"""Tuesday, 10 to 14 h."""
CONTEXT = week()
CALM = {"interruptions_per_yr": 0.0}
WORKS = WaterWorks(capacity_m3_per_h=200.0, power_place="substation", **CALM)
"""They go on while the feeder is out."""


def feeder(**more):
    return Feeder(place="feeder", to="substation", **CALM, **more)


def run_of(park, record=()):
    return simulate(Scenario("one", park, CONTEXT), record=(*record, *watched_ports(park)))


def of(name, run, park, context=CONTEXT):
    return KPIS[name].total(run, park, context)


def with_standby(**more):
    genset = StandbyGenerator(
        place="site_2", feeder="feeder", rating_kw=500.0, start_delay_h=0.0, start_failure_frac=0.0, **more
    )
    parts = {"genset": genset, "meter_denim": Meter(place="site_2", to="feeder", feeder="feeder")}
    park = small_park(feeder=feeder(planned_outages_h=OUT), diesel=FuelSupply(carrier="diesel"), water_works=WORKS)
    for name, part in parts.items():
        park = park.add(name, part)
    return park


def test_an_outage_interrupts_every_factory_of_its_feeder_once():
    park = small_park(feeder=feeder(planned_outages_h=OUT), other=Substation(place="elsewhere", planned_outages_h=OUT, **CALM))
    run = run_of(park)

    assert feeding(park, "denim") == ("feeder", "substation")
    assert interruptions_by_factory(run, park) == dict.fromkeys(("candles", "denim", "neighbour"), (1, 4.0))
    assert out_stretches_h(run, ["feeder"]) == [(34.0, 38.0)]


def test_indices_of_ieee_1366_leave_the_momentary_out_and_count_what_overlaps_once():
    park = small_park(substation=ProtectedSubstation(place="substation", rating_kw=1e6, **CALM))
    outs = [(10.0, 0.08, "feeder"), (20.0, 2.0, "feeder"), (21.0, 3.0, "substation"), (167.0, 5.0, "substation")]
    run = dataclasses.replace(run_of(park), events=tuple(Event(hour, name, "out", length) for hour, length, name in outs))

    assert of("saifi_count", run, park) == 2.0
    assert of("saidi_h", run, park) == pytest.approx(4.0 + 1.0)


def test_a_substation_without_a_transformer_counts_as_out():
    park = small_park(substation=ProtectedSubstation(place="substation", rating_kw=1e6, transformers=2, **CALM))
    told = [(5.0, "down", 1), (6.0, "up", 2), (10.0, "down", 1), (12.0, "down", 0), (15.0, "up", 1), (160.0, "down", 0)]
    events = tuple(Event(hour, "substation", f"transformer_{way}", left) for hour, way, left in told)

    run = dataclasses.replace(run_of(park), events=events)

    assert out_stretches_h(run, ["substation"]) == [(12.0, 15.0), (160.0, 168.0)]


def test_what_is_not_served_is_told_by_feeder_and_a_generator_carries_its_site():
    bare = small_park(feeder=feeder(planned_outages_h=OUT), water_works=WORKS)
    calm, out, carried = run_of(small_park()), run_of(bare), run_of(park := with_standby())

    need_kwh = {
        name: sum(run.amount(component=name, carrier="electricity") for run in (calm,)) for name in ("candles", "denim")
    }
    lost_kwh = {name: need_kwh[name] - out.amount(component=name, carrier="electricity") for name in need_kwh}
    assert unserved_by_feeder_kwh(out, bare)["feeder"] > sum(lost_kwh.values()) > 0
    assert unserved_by_feeder_kwh(out, bare)["substation"] == 0
    covered_kwh = unserved_by_feeder_kwh(out, bare)["feeder"] - unserved_by_feeder_kwh(carried, park)["feeder"]
    assert covered_kwh == pytest.approx(lost_kwh["denim"])
    assert carried.amount(component="denim", carrier="electricity") == pytest.approx(need_kwh["denim"])
    assert of("standby_kwh", carried, park) == pytest.approx(covered_kwh)
    assert of("standby_h", carried, park) == pytest.approx(4.0)
    assert of("unserved_kwh", carried, park) == pytest.approx(sum(unserved_by_feeder_kwh(carried, park).values()))
    assert of("saidi_h", carried, park) == 4.0


def test_the_fuel_of_a_sites_generator_is_on_its_bill_and_in_its_scope_1():
    park = with_standby()
    run, calm = run_of(park), run_of(small_park())

    load_kw = run.amount(component="genset", port="power") / 4.0
    fuel_gj = 4.0 * genset_fuel_mj_per_h(max(load_kw, 150.0), 500.0) / 1000.0
    bills = {item.item: item for item in all_bills(run, park, CONTEXT)["denim"]}
    assert of("standby_fuel_gj", run, park) == pytest.approx(fuel_gj, rel=0.05)
    fuel_gj = of("standby_fuel_gj", run, park)
    assert bills["diesel"].quantity == pytest.approx(fuel_gj)
    assert bills["diesel"].amount_vnd == pytest.approx(fuel_gj * CONTEXT.prices.fuel_vnd_per_gj["diesel"])
    added_t = fuel_gj * CONTEXT.factors.fuel_kgco2_per_gj["diesel"] / 1000.0
    for name, factories in (
        ("scope_1_assessed_t", ("candles", "denim")),
        ("scope_1_park_t", ("candles", "denim", "neighbour")),
    ):
        lpg_gj = [sum(one.amount(component=factory, carrier="lpg") for factory in factories) for one in (run, calm)]
        other_t = (lpg_gj[1] - lpg_gj[0]) * CONTEXT.factors.fuel_kgco2_per_gj["lpg"] / 1000.0
        assert other_t > 0
        assert of(name, run, park) - of(name, calm, small_park()) == pytest.approx(added_t - other_t)
    assert "diesel" not in {item.item for item in all_bills(run, park, CONTEXT)["operator"]}


def test_the_fuel_of_a_feeders_generator_is_the_operators():
    park = small_park(feeder=feeder(planned_outages_h=OUT), diesel=FuelSupply(carrier="diesel"))
    genset = StandbyGenerator(
        place="feeder", feeder="feeder", sets=2, rating_kw=1000.0, start_delay_h=0.0, start_failure_frac=0.0
    )
    park = park.add("genset", genset)
    run, outage = run_of(park), run_of(small_park(feeder=feeder(planned_outages_h=OUT)))

    fuel_gj = of("standby_fuel_gj", run, park)
    bills = {item.item: item for item in all_bills(run, park, CONTEXT)["operator"]}
    lpg_gj = run.amount(component="lpg", port="supply")
    factors = CONTEXT.factors.fuel_kgco2_per_gj
    assert fuel_gj > 0
    assert of("unserved_kwh", run, park) == pytest.approx(0.0, abs=1e-6) != of("unserved_kwh", outage, park)
    assert bills["diesel"].quantity == pytest.approx(fuel_gj)
    assert of("other_fuel_park_gj", run, park) == pytest.approx(fuel_gj)
    assert of("lpg_park_t", run, park) == pytest.approx(lpg_gj / CONTEXT.factors.fuel_ncv_gj_per_t["lpg"])
    assert of("scope_1_park_t", run, park) == pytest.approx((fuel_gj * factors["diesel"] + lpg_gj * factors["lpg"]) / 1000.0)
    paid = sum(item.amount_vnd for items in all_bills(run, park, CONTEXT).values() for item in items)
    assert of("money_park_vnd", run, park) == pytest.approx(paid)


def test_loading_and_trips_are_counted():
    parts = {
        "feeder": ProtectedFeeder(place="feeder", to="substation", rating_kw=100.0, delay_h=1.0, reclose_h=2.0, **CALM),
        "substation": ProtectedSubstation(place="substation", rating_mva=10.0, power_factor_frac=0.8, **CALM),
    }
    park = small_park(**parts)
    run = run_of(park)

    trips = [event for event in run.events if event.what == "trip"]
    assert of("trips_count", run, park) == len(trips) > 0
    assert of("feeder_peak_loading_frac", run, park) == run.series["feeder.supply"].max() / 100.0 > 1
    assert of("substation_peak_loading_frac", run, park) == run.series["substation.supply"].max() / 8000.0
    assert len(trips) <= of("overload_h", run, park) < len(trips) + 1
    assert math.isnan(of("feeder_peak_loading_frac", dataclasses.replace(run, series={}), park))


def test_a_battery_is_told_by_cycles_losses_and_peaks():
    parts = {
        "battery": Battery(
            place="site_2", feeder="feeder", capacity_kwh=400.0, charge_kw=100.0, discharge_kw=200.0, round_trip_frac=0.81
        ),
        "meter_denim": Meter(place="site_2", to="feeder", feeder="feeder", threshold_kw=120.0),
    }
    park = small_park(feeder=feeder())
    for name, part in parts.items():
        park = park.add(name, part)
    run, plain = run_of(park), run_of(small_park(feeder=feeder()), record=("denim.*",))

    names = [f"denim.{c.port}" for c in plain.columns if c.component == "denim" and c.carrier == "electricity"]
    before_kw = sum(plain.series[name] for name in names).max()
    charged, discharged = (run.amount(component="battery", port=port) for port in ("charge", "discharge"))
    held = run.levels["battery"][1, -1] - 400.0
    assert discharged > 0
    assert of("battery_cycles_count", run, park) == pytest.approx(discharged / 0.9 / 400.0)
    assert of("battery_loss_kwh", run, park) == pytest.approx(0.1 * charged + (1 / 0.9 - 1) * discharged)
    assert of("battery_loss_kwh", run, park) == pytest.approx(charged - discharged - held)
    assert of("battery_peak_before_kw", run, park) == pytest.approx(before_kw)
    assert of("battery_peak_after_kw", run, park) <= before_kw * (1 + 1e-12)
    assert of("above_threshold_kwh", run, park) == run.amount(component="meter_denim", port="above")


def test_import_above_the_threshold_is_metered_billed_and_part_of_the_peak():
    context = Context.at(date(2026, 7, 1), hours=168.0, two_part_tariff=True)
    parks = [
        small_park(feeder=feeder()).add("meter_denim", Meter(place="site_2", to="feeder", threshold_kw=threshold))
        for threshold in (float("inf"), 60.0)
    ]
    runs = [simulate(Scenario("one", park, context), record=billed_ports(park, context)) for park in parks]

    bills = [
        {item.item: item.amount_vnd for item in all_bills(run, park, context)["denim"]}
        for run, park in zip(runs, parks, strict=True)
    ]
    assert runs[1].amount(component="meter_denim", port="above") > 0
    assert bills[0] == pytest.approx(bills[1])
    assert bills[1]["capacity"] > 0


def test_a_park_without_them_has_none_of_these_and_says_so_when_asked():
    park = small_park()
    outcome = evaluate(run_of(park), park, CONTEXT)

    assert not {name for name, one in KPIS.items() if one.needs} & outcome.kpis.keys()
    with pytest.raises(ResultsError, match="standby_h is not known: this park has no StandbyGenerator"):
        outcome.value("standby_h")
