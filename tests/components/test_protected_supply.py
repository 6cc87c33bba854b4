"""Feeders and substations that are overloaded: how long they bear it, who is cut, and that it ends."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from toys import Shifty, User, simulate

from eipsim.components import Feeder, Meter, ProtectedFeeder, ProtectedSubstation, Substation
from eipsim.kernel.ports import COMFORT, INLET, SAFETY

GRID = {"substation": Substation(place="busbar", interruptions_per_yr=0.0)}


def feeder(**parameters):
    given = {"place": "feeder_1", "to": "busbar", "rating_kw": 100.0, "interruptions_per_yr": 0.0, "delay_h": 0.5}
    return ProtectedFeeder(**{**given, "reset_h": 1.0, "reclose_h": 2.0, **parameters})


def user(kw, **more):
    return User({"electricity": kw}, place="feeder_1", line=None, **more)


def night(kw, start_h=6.0, end_h=22.0):
    return Shifty("electricity", kw, start_h, end_h, direction=INLET, place="feeder_1")


def happened(run, component, what):
    return [(event.hour, round(event.value, 9)) for event in run.events if (event.component, event.what) == (component, what)]


def test_the_rating_follows_from_apparent_power_and_power_factor():
    assert feeder(rating_kw=math.inf, rating_mva=20.0, power_factor_frac=0.85).rated_kw == pytest.approx(17000.0)


def test_an_overloaded_feeder_trips_after_its_delay_and_recloses_when_said():
    parts = {**GRID, "feeder_1": feeder(), "base": user(80.0), "peak": night(40.0, 6.0, 7.0)}

    run = simulate(parts, 24.0)

    assert happened(run, "feeder_1", "trip") == [(6.5, 1.2)]
    assert happened(run, "feeder_1", "out") == [(6.5, 2.0)]
    assert happened(run, "feeder_1", "back") == [(8.5, 0.0)]
    assert run.amount(component="base", port="electricity") == pytest.approx(80 * 22.0)
    assert run.amount(component="peak", port="flow") == pytest.approx(40 * 0.5)
    assert run.unserved_amount("electricity@feeder_1") == pytest.approx(80 * 2.0 + 40 * 0.5)
    assert run.residual < 1e-9


def test_a_load_that_stays_too_high_trips_it_again_and_again_without_chatter():
    run = simulate({**GRID, "feeder_1": feeder(), "base": user(120.0)}, 25.0)

    assert [hour for hour, _ in happened(run, "feeder_1", "trip")] == [0.5 + 2.5 * k for k in range(10)]
    assert run.amount(component="base", port="electricity") == pytest.approx(120 * 10 * 0.5)


def test_an_overload_shorter_than_the_delay_is_borne_and_forgotten():
    parts = {**GRID, "feeder_1": feeder(), "base": user(80.0), "peak": night(40.0, 6.0, 6.4)}

    run = simulate(parts, 72.0)

    assert happened(run, "feeder_1", "trip") == []
    assert run.amount(component="feeder_1", port="supply") == pytest.approx(80 * 72 + 3 * 0.4 * 40)
    _, levels = run.levels["feeder_1"]
    assert levels.max() == pytest.approx(0.4)
    assert np.maximum(np.diff(levels), 0).sum() == pytest.approx(3 * 0.4)


def test_two_overloads_close_together_add_up():
    parts = {**GRID, "feeder_1": feeder(), "base": user(80.0), "a": night(40.0, 6.0, 6.4), "b": night(40.0, 6.8, 7.4)}

    run = simulate(parts, 24.0)

    # 0.4 h up, 0.4 h at 0.5 h/h down to 0.2, 0.3 h up to 0.5
    assert happened(run, "feeder_1", "trip") == [(pytest.approx(7.1), 1.2)]


def test_cutting_users_comes_before_a_trip_where_that_is_the_rule_and_takes_the_lowest_class_first():
    parts = {
        **GRID,
        "feeder_1": feeder(overload="shed"),
        "safety": user(30.0, priority=SAFETY),
        "lines": user(50.0),
        "comfort": user(40.0, priority=COMFORT),
    }

    run = simulate(parts, 10.0)

    assert happened(run, "feeder_1", "trip") == []
    assert happened(run, "feeder_1", "shed") == [(0.5, 1.2)]
    assert run.amount(component="safety", port="electricity") == pytest.approx(300.0)
    assert run.amount(component="lines", port="electricity") == pytest.approx(500.0)
    assert run.amount(component="comfort", port="electricity") == pytest.approx(40 * 0.5 + 20 * 9.5)
    assert run.unserved_amount("electricity@feeder_1") == pytest.approx(20 * 9.5)


def test_cut_users_come_back_when_the_load_has_stayed_low():
    parts = {**GRID, "feeder_1": feeder(overload="shed"), "base": user(80.0), "peak": night(40.0, 6.0, 8.0)}

    run = simulate(parts, 24.0)

    assert happened(run, "feeder_1", "shed") == [(6.5, 1.2)]
    assert happened(run, "feeder_1", "shed_end") == [(9.0, 0.0)]
    assert run.amount(component="feeder_1", port="supply") == pytest.approx(80 * 24 + 40 * 0.5 + 20 * 1.5)


def test_a_trip_and_an_outage_at_the_same_time_end_with_the_later_one():
    tripping = feeder(planned_outages_h=((6.75, 12.0),))
    parts = {**GRID, "feeder_1": tripping, "base": user(80.0), "peak": night(40.0, 6.0, 7.0)}

    run = simulate(parts, 24.0)

    assert run.amount(component="base", port="electricity") == pytest.approx(80 * (6.5 + 12.0))
    assert [hour for hour, _ in happened(run, "feeder_1", "back")] == [8.5, 12.0]


@pytest.mark.parametrize("overload", ["trip", "shed"])
def test_a_relay_at_rest_lets_its_feeder_be_cleared_later_with_the_same_digits(monkeypatch, overload):
    parts = {**GRID, "feeder_1": feeder(overload=overload, reset_h=0.25)}
    parts |= {
        "base": user(60.0),
        "peak": night(50.0, 6.0, 9.0),
        "short": night(45.0, 10.0, 10.3),
        "low": night(30.0, 12.0, 20.0),
    }

    later = simulate(parts, 72.0)
    monkeypatch.setattr(ProtectedFeeder, "rests", False)
    at_once = simulate(parts, 72.0)

    assert len(happened(later, "feeder_1", overload)) >= 3
    assert later.events == at_once.events
    np.testing.assert_array_equal(later.amounts, at_once.amounts)
    np.testing.assert_array_equal(later.levels["feeder_1"], at_once.levels["feeder_1"])


def test_a_feeder_that_is_never_overloaded_is_as_a_plain_one():
    chance = {"interruptions_per_yr": 200.0, "interruption_h_median": 3.0}
    users = {"base": user(30.0), "peak": night(40.0)}
    plain, protected = (
        simulate({**GRID, "feeder_1": one, **users}, 500.0)
        for one in (Feeder(place="feeder_1", to="busbar", rating_kw=100.0, **chance), feeder(**chance))
    )

    names = [(c.component, c.port) for c in plain.columns]
    assert [(c.component, c.port) for c in protected.columns] == names
    assert protected.amounts == pytest.approx(plain.amounts, rel=1e-12)
    assert protected.events == plain.events != ()


def test_a_substation_without_one_of_two_transformers_trips_at_half_its_rating():
    station = ProtectedSubstation(
        place="busbar",
        transformers=2,
        rating_mva=0.2,
        power_factor_frac=1.0,
        interruptions_per_yr=0.0,
        delay_h=1.0,
        mtbf_h=500.0,
        repair_h_median=50.0,
        repair_sigma=0.0,
    )
    load = User({"electricity": 120.0}, place="busbar", line=None)

    run = simulate({"substation": station, "load": load}, 3000.0)

    down = happened(run, "substation", "transformer_down")
    trips = happened(run, "substation", "trip")
    assert down[0][1] == 1
    assert trips[0] == (pytest.approx(down[0][0] + 1.0), 1.2)
    assert run.residual < 1e-9


def test_a_substation_without_any_transformer_is_out():
    station = ProtectedSubstation(
        place="busbar", rating_kw=200.0, interruptions_per_yr=0.0, mtbf_h=200.0, repair_h_median=20.0, repair_sigma=0.0
    )
    load = User({"electricity": 120.0}, place="busbar", line=None)

    run = simulate({"substation": station, "load": load}, 1000.0)

    downs, ups = (happened(run, "substation", f"transformer_{way}") for way in ("down", "up"))
    gone_h = sum(min(up[0] if up else 1000.0, 1000.0) - down[0] for down, up in zip(downs, [*ups, None], strict=False))
    assert gone_h > 15
    assert run.amount(component="load", port="electricity") == pytest.approx(120 * (1000 - gone_h))


def test_sites_behind_a_meter_are_cut_with_their_feeder():
    parts = {
        **GRID,
        "feeder_1": feeder(),
        "meter": Meter(place="site", to="feeder_1", feeder="feeder_1"),
        "load": User({"electricity": 120.0}, place="site", line=None),
    }

    run = simulate(parts, 2.5)

    assert run.amount(component="load", port="electricity") == pytest.approx(60.0)
    assert run.unserved_amount("electricity@site") == pytest.approx(240.0)
    assert run.residual < 1e-9


@settings(max_examples=25, deadline=None)
@given(
    loads=st.lists(st.floats(10.0, 80.0), min_size=1, max_size=4),
    overload=st.sampled_from(["trip", "shed"]),
    delay_h=st.sampled_from([0.1, 0.25, 1.0]),
)
def test_what_is_served_and_what_is_not_add_up_to_the_need(loads, overload, delay_h):
    parts = {f"user_{k}": night(kw, 5.0 + k, 15.0 + 2 * k) for k, kw in enumerate(loads)}
    need_kwh = sum(kw * (10.0 + k) for k, kw in enumerate(loads)) * 3

    runs = [
        simulate({**GRID, "feeder_1": feeder(overload=overload, delay_h=delay_h), **dict(order)}, 72.0)
        for order in (list(parts.items()), list(parts.items())[::-1])
    ]

    served_kwh = runs[0].amount(component="feeder_1", port="supply")
    assert served_kwh + runs[0].unserved_amount("electricity@feeder_1") == pytest.approx(need_kwh)
    assert runs[0].residual < 1e-9
    assert np.array_equal(runs[0].amounts, runs[1].amounts)
    assert runs[0].events == runs[1].events


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"rating_mva": 20.0}, "rating_mva = 20 MVA and rating_kw = 100 kW: both are given; give one of them"),
        ({"rating_kw": math.inf}, "rating_mva = null MVA and rating_kw = inf kW: neither is given"),
        ({"planned_outages_h": ((5.0, 4.0),)}, r"planned_outages_h = 5-4 h: each must start at 0 h or later"),
        ({"planned_outages_h": ((5.0, 9.0), (8.0, 12.0))}, "end after it starts and before the next"),
        ({"reclose_h": 0.0}, "reclose_h"),
        ({"overload": "melt"}, "'trip' or 'shed'"),
    ],
)
def test_wrong_values_are_refused(wrong, why):
    with pytest.raises(ValidationError, match=why):
        feeder(**wrong)
