import numpy as np
import pytest
from benches import Unlimited
from toys import Connection, User, grid, simulate

from eipsim.components import Feeder, Meter, SolarArray, Substation, WaterWorks
from eipsim.kernel.run import Cause

CALM = {"interruptions_per_yr": 0.0}


def lost(run, name):
    return {loss.cause: loss.hours for loss in run.lost if loss.component == name}


def shortage(carrier, place, root, why="at its limit"):
    return Cause("shortage", carrier, place, root, why)


def test_the_carrier_with_the_least_fraction_is_the_cause_of_all_that_a_line_lost():
    park = {
        "line": User({"electricity": 10.0, "water": 10.0}),
        "grid": grid(4.0),
        "main": Connection("water", capacity=8.0),
    }

    run = simulate(park, 24.0)

    assert lost(run, "line") == {shortage("electricity", "park", "grid"): pytest.approx(0.6 * 24.0, rel=1e-12)}


def test_carriers_that_bind_alike_share_what_was_lost_in_equal_parts():
    park = {
        "line": User({"electricity": 10.0, "water": 10.0}),
        "grid": grid(4.0),
        "main": Connection("water", capacity=4.0),
    }

    run = simulate(park, 10.0)

    assert lost(run, "line") == {
        shortage("electricity", "park", "grid"): pytest.approx(3.0, rel=1e-12),
        shortage("water", "park", "main"): pytest.approx(3.0, rel=1e-12),
    }


def test_an_outage_is_named_once_and_not_the_pump_that_it_stopped():
    park = {
        "line": User({"electricity": 10.0, "water": 10.0}, place="site"),
        "washing": User({"water": 5.0}, place="site"),
        "substation": Substation(place="busbar", planned_outages_h=((10.0, 14.0),), **CALM),
        "feeder": Feeder(place="feeder", to="busbar", **CALM),
        "works": WaterWorks(power_place="busbar", capacity_m3_per_h=50.0, **CALM),
    }
    parents = {("electricity", "site"): "feeder", ("water", "site"): "water_main"}

    run = simulate(park, 24.0, parents=parents)

    assert lost(run, "line") == {shortage("electricity", "feeder", "substation", "planned"): pytest.approx(4.0)}
    assert lost(run, "washing") == {shortage("water", "water_main", "substation", "planned"): pytest.approx(4.0)}


def test_the_walk_goes_up_through_meter_and_feeder_to_the_rating_that_binds():
    park = {
        "line": User({"electricity": 20.0}, place="site"),
        "meter": Meter(place="site", to="feeder"),
        "feeder": Feeder(place="feeder", to="busbar", rating_kw=100.0, **CALM),
        "substation": Substation(place="busbar", rating_kw=5.0, **CALM),
    }

    run = simulate(park, 8.0)

    assert lost(run, "line") == {shortage("electricity", "site", "substation"): pytest.approx(6.0)}


def test_a_supplier_that_only_helps_out_is_no_root():
    park = {
        "line": User({"electricity": 20.0}, place="site"),
        "roof": SolarArray(place="site", peak_kw=5.0, mtbf_h=float("inf")),
        "meter": Meter(place="site", to="feeder", rating_kw=10.0),
        "grid": Unlimited("electricity", "feeder"),
    }

    run = simulate(park, 4.0, profiles={"solar:10:180": np.ones(8)})

    assert {loss.cause.root for loss in run.lost} == {"meter"}


def test_hours_before_the_count_begins_are_left_out():
    park = {
        "line": User({"electricity": 10.0}),
        "substation": Substation(place="park", planned_outages_h=((10.0, 14.0),), **CALM),
    }

    run = simulate(park, 24.0, counted_from_h=13.0)

    assert [loss.hours for loss in run.lost] == [pytest.approx(1.0)]


def test_a_park_that_lacks_nothing_has_lost_nothing():
    run = simulate({"line": User({"electricity": 10.0}), "grid": grid(20.0)}, 24.0)

    assert run.lost == ()
