import copy
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import (
    Connection,
    InLineTank,
    Machine,
    Shifty,
    Tank,
    User,
    daily_accounts,
    grid,
    one_account,
    simulate,
)

from eipsim.errors import ChatterError, ParkError
from eipsim.kernel.component import Component
from eipsim.kernel.ports import INLET, gauge, inlet, outlet
from eipsim.timebase import Account, AccountGrid


def sewer(capacity, **tank):
    """3 m3/h and 7 more from 6 to 22 h, a plant of 8 m3/h, a tank beside it and a river."""
    return {
        "canteen": User({}, {"wastewater": 3.0}),
        "factory": Shifty("wastewater", 7.0),
        "plant": Connection("wastewater", INLET, 5.0, 8.0),
        "tank": Tank("wastewater", capacity, **tank),
        "river": Connection("wastewater", INLET, 1.0),
    }


def test_a_tank_beside_a_plant_spills_and_treats_as_the_closed_form_says():
    # each day the tank is full after 10 of 16 h, so 12 m3 reach the river; at night it empties
    run = simulate(sewer(20.0), 246.0)

    assert run.amount(component="river") == pytest.approx(120.0, abs=1e-9)
    assert run.amount(component="plant") == pytest.approx(1738.0, abs=1e-9)


def test_an_in_line_tank_follows_the_fluid_closed_form():
    # inflow 30 m3/h for 8 h, outflow 10 m3/h: level 0 ... 160 ... 0, mean 80
    park = {
        "factory": Shifty("wastewater", 30.0, 0.0, 8.0),
        "tank": InLineTank("wastewater", "equalised", 400.0, 10.0),
        "plant": Connection("equalised", INLET, 5.0),
    }

    run = simulate(park, 24.0 * 50)

    hours, level = run.levels["tank"]
    assert level.max() == pytest.approx(160.0, abs=1e-9)
    assert np.trapezoid(level, hours) / (24.0 * 50) == pytest.approx(80.0, abs=1e-6)


def test_a_full_tank_passes_through_without_an_alarm_each_instant():
    park = {
        "factory": User({}, {"wastewater": 10.0}),
        "tank": InLineTank("wastewater", "equalised", 5.0, 10.0),
        "plant": Connection("equalised", INLET, 5.0),
    }

    assert simulate(park, 1000.0).settlements == 1


def test_a_tank_that_is_full_no_more_takes_what_comes_again():
    # full from hour 2 to 4, drained by 4 m3 until hour 8, when 2 m3/h more come than go: full again at hour 10
    park = {
        "first": Shifty("wastewater", 6.0, 0.0, 4.0),
        "again": Shifty("wastewater", 3.0, 8.0, 20.0),
        "tank": InLineTank("wastewater", "equalised", 10.0, 1.0),
        "plant": Connection("equalised", INLET, 5.0),
        "river": Connection("wastewater", INLET, 1.0),
    }

    run = simulate(park, 24.0, record=("river.flow",), profiles={"clock": np.arange(48.0)})

    assert run.series["river.flow"][8:24].tolist() == [0.0] * 12 + [2.0] * 4


@given(st.floats(1.0, 200.0), st.floats(0.5, 20.0))
@settings(max_examples=30, deadline=None)
def test_levels_stay_within_bounds_and_balances_close(capacity, power):
    run = simulate(sewer(capacity, power=power), 24.0 * 8, accounts=daily_accounts(24.0 * 8))

    level = run.levels["tank"][1]
    assert level.min() >= 0.0
    assert level.max() <= capacity
    assert run.residual <= 1e-9
    stored = run.amount(component="tank", port="fill") - run.amount(component="tank", port="draw")
    assert stored == pytest.approx(level[-1], abs=1e-8)


@given(st.floats(1.0, 30.0), st.floats(1.0, 30.0))
@settings(max_examples=20, deadline=None)
def test_a_larger_tank_never_spills_more(one, other):
    small, large = sorted((one, other))

    spill = [simulate(sewer(c), 24.0 * 5).amount(component="river") for c in (small, large)]

    assert spill[1] <= spill[0] + 1e-9


def test_a_modulated_port_equals_one_that_is_woken():
    sun = np.maximum(0.0, np.sin(np.arange(48) * np.pi / 24))

    @dataclass
    class Woken(Component):
        power = outlet("electricity")

        def operate(self):
            return [self.follow()]

        def follow(self):
            for k in range(48):
                self.power.rate = 10.0 * sun[k]
                self.changed()
                yield self.wait_until((k + 1) * 0.5)

    sink = {"export": Connection("electricity", INLET, 1.0)}
    followed = simulate({"array": User({}, {"electricity": 10.0}, factors=("sun",))} | sink, 24.0, profiles={"sun": sun})
    woken = simulate({"array": Woken()} | sink, 24.0)

    assert followed.amount(component="export") == pytest.approx(woken.amount(component="export"), rel=1e-14)


def test_profiles_that_move_at_different_steps_are_all_followed():
    """What is dispatched is found at settlements: 2 of a steady use, and what the profiles make of 10 and of 100."""
    one, other = np.array([1.0, 1.0, 0.5, 0.5, 0.0, 1.0]), np.array([0.0, 1.0, 1.0, 2.0, 1.0, 1.0])
    park = {
        "grid": Connection("electricity"),
        "steady": User({"electricity": 2.0}),
        "tens": User({"electricity": 10.0}, factors=("one",)),
        "hundreds": User({"electricity": 100.0}, factors=("other",)),
    }

    run = simulate(park, 3.0, profiles={"one": one, "other": other}, record=("grid.*",))

    assert run.series["grid.flow"].tolist() == (2 + 10 * one + 100 * other).tolist()


def test_a_flexible_port_is_limited_by_its_profile():
    sun = np.array([0.0, 1.0, 0.5, 0.0])
    park = {
        "factory": User({"electricity": 6.0}),
        "array": Connection("electricity", merit=1.0, capacity=8.0, factors=("sun",)),
        "grid": grid(),
    }

    run = simulate(park, 2.0, profiles={"sun": sun}, record=("array.*", "grid.flow"))

    assert run.series["array.flow"].tolist() == [0.0, 6.0, 4.0, 0.0]
    assert run.series["grid.flow"].tolist() == [6.0, 0.0, 2.0, 6.0]


def test_an_activity_may_follow_a_profile_while_the_rest_goes_on():
    @dataclass
    class Tenant(Component):
        activity_factors = ("calendar",)

        def declared_ports(self):
            return {"power": inlet("electricity", rest=2.0, run=10.0, activity=0, factors=("heat",))}

        def start(self):
            self.activity[0] = 1.0

    profiles = {"calendar": np.array([0.0, 1.0]), "heat": np.array([1.0, 0.5])}

    run = simulate({"tenant": Tenant(), "grid": grid()}, 1.0, profiles=profiles)

    assert run.amount(component="tenant") == 0.5 * (2.0 + 12.0 * 0.5)
    assert run.variable[:, run.find(component="tenant")].sum() == 0.5 * 10.0 * 0.5


def test_accounts_are_exact_at_half_past():
    bands = AccountGrid(np.array([0.0, 9.5, 11.5, 24.0]), np.array([0, 1, 0]), (Account(0, "normal"), Account(0, "peak")))
    park = {"factory": Shifty("electricity", 4.0, 9.25, 10.75, INLET), "grid": grid()}

    run = simulate(park, 24.0, accounts=bands)

    assert run.amounts[:, run.find(component="factory")[0]].tolist() == [1.0, 5.0]


def test_the_width_of_accounts_changes_no_total():
    park = sewer(20.0)

    narrow, wide = simulate(park, 240.0, accounts=daily_accounts(240.0)), simulate(park, 240.0, accounts=one_account(240.0))

    np.testing.assert_allclose(narrow.amounts.sum(0), wide.amounts.sum(0), rtol=1e-12)


def failing(n=4):
    return {f"machine_{k}": Machine(50.0, 5.0) for k in range(n)}


def test_declaration_order_changes_nothing():
    forward = simulate(failing(), 2000.0)
    backward = simulate(dict(reversed(failing().items())), 2000.0)

    assert forward.columns == backward.columns
    assert np.array_equal(forward.amounts, backward.amounts)


def test_a_new_component_changes_nobodys_draws():
    small, large = simulate(failing(2), 2000.0), simulate(failing(5), 2000.0)

    for name in failing(2):
        assert small.amount(component=name, port="up") == large.amount(component=name, port="up")


def test_replications_differ_and_repeat():
    up = [simulate(failing(), 2000.0, replication=r).amount(port="up") for r in (0, 1, 0)]

    assert up[0] == up[2] != up[1]


def test_a_run_leaves_its_park_unchanged():
    park = sewer(20.0) | failing()
    before = {name: copy.deepcopy(vars(component)) for name, component in park.items()}

    simulate(park, 100.0)

    assert {name: vars(component) for name, component in park.items()} == before


def test_availability_is_the_share_of_time_up():
    runs = [simulate({"machine": Machine(100.0, 10.0)}, 8760.0, seed=k) for k in range(40)]

    up = np.array([r.amount(port="up") / r.hours for r in runs])

    assert abs(up.mean() - 100 / 110) < 2.023 * up.std(ddof=1) / 40**0.5 + 0.002


def test_a_gauge_that_follows_a_dispatch_counts_from_its_instant():
    @dataclass
    class Boiler(Component):
        steam = outlet("steam", 5.0)
        on = gauge("state", activity=0)

        def respond(self):
            self.activity[0] = float(self.steam.rate > 0)

    run = simulate({"boiler": Boiler(), "mill": Shifty("steam", 5.0, 6.0, 22.0, direction=INLET)}, 24.0)

    assert run.amount(component="boiler", port="on") == 16.0


def test_components_that_wake_each_other_without_end_are_named():
    @dataclass
    class Nervous(Component):
        count = gauge("state")

        def operate(self):
            return [self.fidget()]

        def fidget(self):
            while True:
                self.changed()
                yield self.wait(0.0)

        def respond(self):
            self.simulation.touch()

    @dataclass
    class Echo(Component):
        count = gauge("state")

        def respond(self):
            self.simulation.at_end_of_instant(lambda _: self.changed())

    with pytest.raises(ChatterError, match=r"at hour 0 the park settled 50 times without end; echo keep changing"):
        simulate({"echo": Echo()}, 1.0)


def test_a_firm_port_that_a_bus_can_not_drive_is_refused():
    @dataclass
    class Wrong(Component):
        def declared_ports(self):
            return {"fill": inlet("water", 1.0), "draw": outlet("water", activity=0)}

    with pytest.raises(ParkError, match=r"wrong\.draw is firm on a component that is dispatched"):
        simulate({"wrong": Wrong()}, 1.0)


def test_a_storage_whose_limits_let_it_overflow_is_a_defect():
    class Leaky(Tank):
        def limit(self, port):
            return 100.0

    park = {"factory": User({}, {"water": 10.0}), "tank": Leaky("water", 5.0), "drain": Connection("water", INLET, 1.0)}

    with pytest.raises(RuntimeError, match="tank at level 5 goes past full at 10 per hour"):
        simulate(park, 10.0)
