from datetime import date

import numpy as np
import pandas as pd
import pytest
from benches import Unlimited, bench
from toys import User, one_account, simulate

from eipsim.components import Crew, Feeder, Meter, Rain, SolarArray, Substation
from eipsim.components.rain import RAIN
from eipsim.context import Context

SUN = {"solar:10:180": np.array([0.0, 0.25, 0.8, 0.5])}


def array(**parameters):
    return SolarArray(**{"place": "site", "peak_kw": 100.0, "soiling_frac": 0.0, "mtbf_h": float("inf"), **parameters})


def test_an_array_gives_what_is_needed_and_counts_what_it_could():
    parts = {"it": array(), "grid": Unlimited("electricity", "site"), "load": User({"electricity": 40.0}, place="site")}

    run = simulate(parts, 2.0, profiles=SUN, record=("it.*",))

    # the unlimited inlet of the test's grid ranks below the sun and takes nothing
    assert run.series["it.power"].tolist() == pytest.approx([0.0, 25.0, 40.0, 40.0])
    assert run.series["it.available"].tolist() == pytest.approx([0.0, 25.0, 80.0, 50.0])


def test_soiling_and_orientation_change_what_is_available():
    run = bench(array(soiling_frac=0.1, tilt_deg=5.0, azimuth_deg=90.0), 2.0, profiles={"solar:5:90": np.full(4, 0.5)})

    assert run.amount(component="it", port="available") == pytest.approx(90.0)


def test_inverters_that_fail_take_their_share():
    it = array(inverter_kw=25.0, mtbf_h=100.0, repair_h_median=50.0, repair_sigma=0.0)

    run = bench(it, 5000.0, profiles={"solar:10:180": np.ones(10000)}, accounts=one_account(5000.0))

    # alternating renewal: 100 of 150 h up
    assert run.amount(component="it", port="available") / 5e5 == pytest.approx(2 / 3, abs=0.05)
    assert {event.what for event in run.events} == {"inverter_down", "inverter_up"}


NOON = {"solar:10:180": np.ones(2000)}


def test_how_it_is_built_is_in_the_name_of_its_profile():
    assert array().profile == "solar:10:180"
    assert array(mount="open_rack", dc_ac_ratio=1.1, system_loss_frac=0.14).profile == "solar:10:180:open_rack:1.1:0.14"


def test_a_profile_says_how_the_array_is_built():
    context = Context.at(date(2022, 3, 1), hours=744.0)
    roof, rack, small = (
        context.profile(array(**built).profile) for built in ({}, {"mount": "open_rack"}, {"dc_ac_ratio": 2.0})
    )

    assert rack.sum() > 1.01 * roof.sum()  # cooler modules
    assert small.max() == pytest.approx(0.5)  # the inverter cuts


def test_an_old_array_has_lost_its_share_for_every_year():
    run = bench(array(age_yr=10.0, degradation_frac_per_yr=0.005), 1.0, profiles=NOON)

    assert run.amount(component="it", port="available") == pytest.approx(100.0 * 0.995**10)


def washed(*mm, hours=240.0, **parameters):
    """Ten days under a sun that never sets."""
    parts = {
        "it": array(soiling_frac_per_d=0.01, **parameters),
        "bus": Unlimited("electricity", "site"),
        RAIN: Rain(mm_of_days=mm + (0.0,) * (int(hours // 24) - len(mm))),
        "cleaners": Crew(size=1),
    }
    return simulate(parts, hours, profiles=NOON, record=("it.available",))


def by_day(run):
    return run.series["it.available"].reshape(-1, 48).mean(axis=1)


def test_dirt_grows_on_dry_days_and_rain_washes_it_off():
    run = washed(0.0, 5.9, 6.0)

    assert by_day(run)[:6] == pytest.approx([100.0, 99.0, 98.0, 100.0, 99.0, 98.0])
    assert [(e.hour, e.what, e.value) for e in run.events] == [(72.0, "washed", pytest.approx(0.02))]


def test_dirt_grows_as_in_the_model_of_kimber():
    from pvlib import soiling

    mm = tuple(np.where(np.arange(60) % 17 == 3, 8.0, 0.0).tolist())
    days = pd.date_range("2022-01-01", periods=60)
    expected = soiling.kimber(
        pd.Series(mm, days), cleaning_threshold=6, soiling_loss_rate=0.01, grace_period=4, max_soiling=0.08
    )

    run = washed(*mm, hours=60 * 24.0, grace_d=4.0, soiling_most_frac=0.08)

    # pvlib tells the loss at the end of a day, which here holds for the next
    loss = 1.0 - by_day(run) / 100.0
    assert loss[1:].max() == pytest.approx(0.08)
    assert loss[25:] == pytest.approx(expected.to_numpy()[24:-1], abs=1e-9)


def test_cleaners_come_at_seven_when_enough_is_lost_and_take_their_time():
    run = washed(clean_from_frac=0.03, cleaning_crew="cleaners", cleaning_kw_per_h=50.0)

    assert next((e.hour, e.what, e.value) for e in run.events) == (3 * 24.0 + 9.0, "cleaned", pytest.approx(0.03))
    assert by_day(run)[4] == pytest.approx(99.0)


def test_dirt_at_hour_0_stands_where_it_was():
    assert by_day(washed(soiling_frac=0.05))[:2] == pytest.approx([95.0, 94.0])


def outage(**parameters):
    parts = {
        "it": array(feeder="feeder", **parameters),
        "feeder": Feeder(place="feeder_1", to="busbar", interruptions_per_yr=200.0, interruption_h_median=5.0),
        "load": User({"electricity": 40.0}, place="site"),
        "grid": Unlimited("electricity", "busbar"),
        "meter": Meter(place="site", to="feeder_1", feeder="feeder"),
    }
    return simulate(parts, 1000.0, profiles=NOON, record=("it.*",))


def test_an_array_stops_while_its_feeder_is_out():
    run = outage()
    out_h = sum(event.value for event in run.events if event.component == "feeder" and event.what == "out")

    assert out_h > 20.0
    assert run.amount(component="it", port="power") == pytest.approx(40.0 * (1000.0 - out_h))
    assert run.amount(component="it", port="available") == pytest.approx(100.0 * (1000.0 - out_h))


def test_an_array_that_can_island_goes_on():
    assert outage(islanding=True).amount(component="it", port="power") == pytest.approx(40_000.0)


def test_an_array_stops_while_the_substation_above_its_feeder_is_out():
    parts = {
        "it": array(feeder="feeder"),
        "feeder": Feeder(place="feeder_1", to="busbar", interruptions_per_yr=0.0),
        "substation": Substation(place="busbar", interruptions_per_yr=200.0, interruption_h_median=5.0),
        "load": User({"electricity": 40.0}, place="site"),
        "meter": Meter(place="site", to="feeder_1", feeder="feeder"),
    }

    run = simulate(parts, 1000.0, profiles=NOON)

    out_h = sum(event.value for event in run.events if event.what == "out")
    assert out_h > 20.0
    assert run.amount(component="it", port="power") == pytest.approx(40.0 * (1000.0 - out_h))
