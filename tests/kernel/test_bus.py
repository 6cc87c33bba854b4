import math

import pytest
from toys import Connection, MainsMeter, Tank, User, grid, simulate

from eipsim.errors import ParkError
from eipsim.kernel.ports import INLET, OUTLET


def rates(run, hours=1.0):
    return {(c.component, c.port): run.amounts[0, j] / hours for j, c in enumerate(run.columns)}


def test_offers_are_used_from_the_lowest_merit_up():
    park = {
        "factory": User({"electricity": 10.0}),
        "sun": Connection("electricity", OUTLET, 1.0, 4.0),
        "grid": grid(),
    }

    flow = rates(simulate(park, 1.0))

    assert flow["sun", "flow"] == 4.0
    assert flow["grid", "flow"] == 6.0


def test_equal_merits_share_in_proportion_to_their_limits():
    park = {
        "factory": User({"water": 6.0}),
        "well": Connection("water", OUTLET, 1.0, 3.0),
        "main": Connection("water", OUTLET, 1.0, 9.0),
    }

    flow = rates(simulate(park, 1.0))

    assert flow["well", "flow"] == pytest.approx(1.5, rel=1e-15)
    assert flow["main", "flow"] == pytest.approx(4.5, rel=1e-15)


def test_unlimited_equals_share_equally():
    park = {"factory": User({"water": 6.0}), "a": Connection("water"), "b": Connection("water")}

    flow = rates(simulate(park, 1.0))

    assert flow["a", "flow"] == flow["b", "flow"] == 3.0


def test_plant_before_storm_basin_before_river():
    park = {
        "factory": User({}, {"wastewater": 10.0}),
        "plant": Connection("wastewater", INLET, 5.0, 6.0),
        "basin": Tank("wastewater", 100.0, merit_in=3.0, merit_out=9.0, power=3.0),
        "river": Connection("wastewater", INLET, 1.0),
    }

    flow = rates(simulate(park, 1.0))

    assert (flow["plant", "flow"], flow["basin", "fill"], flow["river", "flow"]) == (6.0, 3.0, 1.0)


def test_an_offer_serves_a_bid_of_higher_merit_only():
    cheap = {"sun": Connection("electricity", OUTLET, 1.0, 5.0), "export": Connection("electricity", INLET, 2.0)}
    dear = {"grid": Connection("electricity", OUTLET, 9.0, 5.0), "export": Connection("electricity", INLET, 2.0)}

    assert rates(simulate(cheap, 1.0))["export", "flow"] == 5.0
    assert rates(simulate(dear, 1.0))["export", "flow"] == 0.0


def test_surplus_at_a_zero_export_site_is_curtailed_not_shared():
    sunny = {
        "sun": Connection("electricity", OUTLET, 0.0, 10.0, place="site a"),
        "own": User({"electricity": 4.0}, place="site a"),
    }
    needy = {"other": User({"electricity": 8.0}, place="site b")}
    meters = {"meter a": MainsMeter("electricity", "site a", "feeder")}
    feeder = {"grid": Connection("electricity", OUTLET, 9.0, place="feeder")}

    run = simulate(sunny | needy | meters | feeder, 1.0, parents={("electricity", "site b"): "feeder"})

    assert rates(run)["sun", "flow"] == 4.0
    assert rates(run)["grid", "flow"] == 8.0
    assert run.residual == 0.0


def test_surplus_below_the_export_cap_reaches_the_neighbour():
    sunny = {
        "sun": Connection("electricity", OUTLET, 0.0, 10.0, place="site a"),
        "own": User({"electricity": 4.0}, place="site a"),
    }
    needy = {"other": User({"electricity": 8.0}, place="site b")}
    meters = {"meter a": MainsMeter("electricity", "site a", "feeder", export_cap=5.0)}
    feeder = {"grid": Connection("electricity", OUTLET, 9.0, place="feeder")}

    run = simulate(sunny | needy | meters | feeder, 1.0, parents={("electricity", "site b"): "feeder"})

    assert rates(run)["sun", "flow"] == 9.0
    assert rates(run)["grid", "flow"] == 3.0


def test_a_surplus_without_a_taker_is_an_error_that_names_the_bus():
    park = {"factory": User({}, {"wastewater": 10.0}), "plant": Connection("wastewater", INLET, 5.0, 6.0)}

    with pytest.raises(ParkError, match=r"wastewater@park can't close: 4 of a surplus of 10 finds no taker; add an outlet"):
        simulate(park, 1.0)


def test_two_unlimited_traders_are_refused():
    park = {"source": Connection("water", OUTLET, 1.0, math.inf), "sink": Connection("water", INLET, 2.0, math.inf)}

    with pytest.raises(ParkError, match="an unlimited offer meets an unlimited bid"):
        simulate(park, 1.0)
