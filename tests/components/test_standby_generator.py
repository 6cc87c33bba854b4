"""Standby generation: when it starts, what it burns, and when it fails to."""

import pytest
from pydantic import ValidationError
from toys import User, one_account, simulate

from eipsim.components import Feeder, FuelSupply, Meter, StandbyGenerator, Substation
from eipsim.kernel.ports import COMFORT
from eipsim.physics.genset import DIESEL_MJ_PER_L, genset_fuel_mj_per_h

OUT = ((10.0, 20.0),)


def genset(**parameters):
    given = {"place": "site", "feeder": "feeder_1", "rating_kw": 100.0, "start_delay_h": 0.1, "start_failure_frac": 0.0}
    return StandbyGenerator(**{**given, **parameters})


def park(generator, *, feeder_out=OUT, station_out=(), load_kw=80.0, **more):
    return {
        "substation": Substation(place="busbar", interruptions_per_yr=0.0, planned_outages_h=station_out),
        "feeder_1": Feeder(place="feeder_1", to="busbar", interruptions_per_yr=0.0, planned_outages_h=feeder_out),
        "meter": Meter(place="site", to="feeder_1", feeder="feeder_1"),
        "load": User({"electricity": load_kw}, place="site", line=None),
        "diesel": FuelSupply(carrier="diesel"),
        "genset": generator,
        **more,
    }


def happened(run, what):
    return [(round(event.hour, 9), round(event.value, 9)) for event in run.events if event.what == what]


@pytest.mark.parametrize(("load_frac", "l_per_h"), [(0.25, 81.8), (0.5, 137.8), (0.75, 197.2), (1.0, 269.1)])
def test_fuel_is_within_5_percent_of_the_chart_of_a_megawatt_set(load_frac, l_per_h):
    assert genset_fuel_mj_per_h(1000 * load_frac, 1000.0) / DIESEL_MJ_PER_L == pytest.approx(l_per_h, rel=0.05)


@pytest.mark.parametrize("outage", [{"feeder_out": OUT}, {"feeder_out": (), "station_out": OUT}])
def test_it_carries_its_site_from_its_start_to_the_end_of_the_outage(outage):
    run = simulate(park(genset(), **outage), 30.0)

    assert happened(run, "start") == [(10.1, 0)]
    assert happened(run, "stop") == [(20.0, 10.0)]
    assert run.amount(component="genset", port="power") == pytest.approx(80 * 9.9)
    assert run.amount(component="genset", port="running") == pytest.approx(9.9)
    assert run.amount(component="load", port="electricity") == pytest.approx(80 * 29.9)
    assert run.unserved_amount("electricity@site") == pytest.approx(80 * 0.1)
    assert run.amount(component="diesel", port="supply") == pytest.approx(9.9 * genset_fuel_mj_per_h(80.0, 100.0) / 1000)
    assert run.residual < 1e-9


def test_below_its_least_load_it_burns_what_that_needs():
    run = simulate(park(genset(), load_kw=10.0), 30.0)

    assert run.amount(component="genset", port="power") == pytest.approx(10 * 9.9)
    assert run.amount(component="genset", port="burnt") == pytest.approx(9.9 * genset_fuel_mj_per_h(30.0, 100.0) / 1000)


def test_what_is_beyond_its_rating_is_cut_by_priority_class():
    comfort = User({"electricity": 60.0}, place="site", line=None, priority=COMFORT)

    run = simulate(park(genset(start_delay_h=0.0), comfort=comfort), 30.0)

    assert run.amount(component="load", port="electricity") == pytest.approx(80 * 30.0)
    assert run.amount(component="comfort", port="electricity") == pytest.approx(60 * 20.0 + 20 * 10.0)
    assert run.unserved_amount("electricity@site") == pytest.approx(40 * 10.0)


def test_a_set_that_fails_to_start_is_repaired_and_starts_then():
    run = simulate(park(genset(start_failure_frac=1.0, repair_h_median=4.0, repair_sigma=0.0)), 30.0, resolution_h=0.0)

    assert happened(run, "start_failed") == [(10.1, 0)]
    assert happened(run, "start") == [(14.1, 0)]
    assert run.amount(component="genset", port="power") == pytest.approx(80 * 5.9)


def test_a_set_still_in_repair_misses_the_next_outage():
    outages = ((10.0, 11.0), (12.0, 13.0), (20.0, 21.0))

    run = simulate(
        park(genset(start_failure_frac=1.0, repair_h_median=4.0, repair_sigma=0.0), feeder_out=outages), 30.0, resolution_h=0.0
    )

    assert happened(run, "start_failed") == [(10.1, 0), (20.1, 0)]
    assert happened(run, "start") == []
    assert run.amount(component="genset", port="power") == 0


def test_starts_fail_as_often_as_said():
    outages = tuple((10.0 * k, 10.0 * k + 5.0) for k in range(1, 300))
    one = genset(start_failure_frac=0.2, repair_h_median=0.5, sets=4)

    run = simulate(park(one, feeder_out=outages), 3000.0, accounts=one_account(3000.0))

    assert len(happened(run, "start_failed")) == pytest.approx(0.2 * 4 * 299, abs=3 * (0.2 * 0.8 * 4 * 299) ** 0.5)
    assert {k for _, k in happened(run, "start_failed")} == {0, 1, 2, 3}


def test_an_outage_shorter_than_the_start_needs_no_fuel():
    run = simulate(park(genset(), feeder_out=((10.0, 10.05),)), 30.0)

    assert happened(run, "start") == []
    assert run.amount(component="genset", port="burnt") == 0


def test_it_leaves_everyone_elses_chance_alone():
    chancy = Feeder(place="feeder_1", to="busbar", interruptions_per_yr=50.0)

    runs = [
        simulate({**park(genset(start_failure_frac=failing)), "feeder_1": chancy}, 2000.0, accounts=one_account(2000.0))
        for failing in (0.0, 0.9)
    ]

    outs = [[event for event in run.events if event.component == "feeder_1"] for run in runs]
    assert outs[0] == outs[1] != []


def test_only_fuels_are_burnt():
    with pytest.raises(ValidationError, match=r"standby_generator\.fuel = 'disel' is no fuel: did you mean 'diesel'"):
        genset(fuel="disel")
