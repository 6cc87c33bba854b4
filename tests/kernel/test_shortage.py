import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import Connection, Pump, User, grid, simulate

from eipsim.components import Feeder, Meter, Substation
from eipsim.errors import ShortageError
from eipsim.kernel.component import Component, Follow
from eipsim.kernel.ports import COMFORT, INLET, SAFETY, inlet, outlet
from eipsim.kernel.shortage import UNSERVED, by_class, serve


def output(run, name):
    return run.amount(component=name, port="output") / run.hours


def test_a_cut_of_one_carrier_relaxes_the_other():
    park = {
        "power": User({"electricity": 10.0}),
        "water": User({"water": 10.0}),
        "both": User({"electricity": 10.0, "water": 10.0}),
        "grid": grid(10.0),
        "main": Connection("water", capacity=16.0),
    }

    run = simulate(park, 24.0)

    assert [output(run, name) for name in ("power", "water", "both")] == [0.5, 1.0, 0.5]
    assert run.residual <= 1e-12


def test_lower_classes_are_served_first_and_one_class_gets_a_fraction():
    park = {
        "alarm": User({"electricity": 2.0}, priority=SAFETY),
        "line": User({"electricity": 10.0}),
        "office": User({"electricity": 5.0}, priority=COMFORT),
        "grid": grid(7.0),
    }

    run = simulate(park, 24.0)

    assert [output(run, name) for name in ("alarm", "line", "office")] == [1.0, 0.5, 0.0]


def test_a_use_that_a_line_can_not_run_without_is_cut_with_the_line():
    class Dryer(User):
        """A line whose cooling is of the lowest class."""

        def declared_ports(self):
            return super().declared_ports() | {
                "cooling": inlet("electricity", run=5.0, activity=0, line=0, priority=COMFORT),
                "lights": inlet("electricity", run=5.0, activity=0, priority=COMFORT),
            }

    calm = {"interruptions_per_yr": 0.0}
    park = {
        "dryer": Dryer({"electricity": 10.0}, place="feeder"),
        "other": User({"electricity": 10.0}, place="other"),
        "feeder": Feeder(place="feeder", to="busbar", **calm),
        "other_feeder": Feeder(place="other", to="busbar", **calm),
        "substation": Substation(place="busbar", rating_kw=24.0, **calm),
    }

    run = simulate(park, 24.0)

    assert run.amount(component="substation", port="supply") == pytest.approx(24.0 * 24.0)
    assert [output(run, name) for name in ("dryer", "other")] == pytest.approx([1.0, 0.8])
    assert run.amount(component="dryer", port="cooling") == pytest.approx(5.0 * 24.0)
    assert run.amount(component="dryer", port="lights") == pytest.approx(1.0 * 24.0)


def test_what_users_lack_is_traced_by_bus_and_only_what_the_bus_denies():
    park = {
        "both": User({"electricity": 10.0, "water": 10.0}),
        "power": User({"electricity": 10.0}),
        "grid": grid(),
        "main": Connection("water", capacity=4.0),
    }

    run = simulate(park, 24.0)

    assert run.unserved_amount("water@park") == pytest.approx(6.0 * 24.0)
    assert run.unserved_amount("electricity@park") == 0
    assert run.amount(component="both", port="electricity") == pytest.approx(4.0 * 24.0)


def test_a_site_with_surplus_feeds_all_of_it_into_a_short_feeder():
    calm = {"interruptions_per_yr": 0.0}
    park = {
        "roof": User({}, {"electricity": 6.0}, place="site"),
        "meter": Meter(place="site", to="feeder", export_cap_kw=100.0),
        "neighbour": User({"electricity": 20.0}, place="feeder"),
        "feeder": Feeder(place="feeder", to="busbar", **calm),
        "substation": Substation(place="busbar", rating_kw=10.0, **calm),
    }

    run = simulate(park, 24.0)

    assert run.amount(component="meter", port="feed") == pytest.approx(6.0 * 24.0, rel=1e-12)
    assert output(run, "neighbour") == pytest.approx(16.0 / 20.0, rel=1e-9)


def test_a_use_without_a_line_takes_its_own_carriers_fraction():
    park = {
        "wash": User({"water": 4.0, "electricity": 1.0}, line=None),
        "grid": grid(),
        "main": Connection("water", capacity=1.0),
    }

    run = simulate(park, 24.0)

    assert run.amount(component="wash", carrier="water") == pytest.approx(24.0, rel=1e-12)
    assert run.amount(component="wash", carrier="electricity") == pytest.approx(24.0, rel=1e-12)


def test_a_plant_without_power_bypasses_and_the_balances_close():
    park = {
        "factory": User({}, {"wastewater": 10.0}),
        "plant": Pump("wastewater", "effluent", 1.0, capacity=8.0),
        "river": Connection("wastewater", INLET, 1.0),
        "outfall": Connection("effluent", INLET, 1.0),
        "grid": grid(2.0),
    }

    run = simulate(park, 24.0)

    assert run.amount(component="plant", port="inflow") == pytest.approx(48.0, rel=1e-9)
    assert run.amount(component="river") == pytest.approx(192.0, rel=1e-9)
    assert run.amount(component="grid") == pytest.approx(48.0, rel=1e-9)
    assert run.residual <= 1e-9


def test_no_power_at_all_stops_everything_and_closes():
    park = {"a": User({"electricity": 3.0, "water": 1.0}), "grid": grid(0.0), "main": Connection("water")}

    run = simulate(park, 24.0)

    assert run.amount(carrier="electricity") == 0.0
    assert run.amount(carrier="water") == 0.0


def test_the_log_says_when_a_shortage_begins():
    run = simulate({"a": User({"electricity": 4.0}), "grid": grid(1.0)}, 24.0)

    assert run.events == ((0.0, "electricity@park", "shortage", 0.25),)


def test_a_firm_draw_that_does_not_shrink_is_an_error():
    class Stubborn(Pump):
        def respond(self):
            self.outflow.rate = self.inflow.rate
            self.power.rate = 5.0

    park = {
        "factory": User({}, {"wastewater": 1.0}),
        "plant": Stubborn("wastewater", "effluent", 1.0),
        "river": Connection("wastewater", INLET, 1.0),
        "outfall": Connection("effluent", INLET, 1.0),
        "grid": grid(2.0),
    }

    with pytest.raises(ShortageError, match=r"electricity@park stays short with everyone cut"):
        simulate(park, 24.0)


def test_shares_that_never_settle_are_an_error(monkeypatch):
    monkeypatch.setattr("eipsim.kernel.shortage.ROUNDS", 1)

    with pytest.raises(ShortageError, match=r"the shares of electricity@park still move after 1 rounds"):
        simulate({"a": User({"electricity": 4.0}), "grid": grid(1.0)}, 24.0)


@given(
    st.lists(st.tuples(st.floats(0.01, 10), st.floats(0, 1), st.integers(0, 3)), min_size=1, max_size=12),
    st.floats(0, 60),
)
def test_what_is_served_uses_all_there_is_and_no_more(users, available):
    need, cap, rank = (np.array(x) for x in zip(*users, strict=True))
    rank = rank.astype(int)

    level, fraction = serve(need, cap, by_class(rank), available)

    own = np.where(rank < level, 1.0, np.where(rank == level, fraction, 0.0))
    used = float((need * np.minimum(own, cap)).sum())
    assert used <= available + 1e-8
    if level != UNSERVED:
        assert used == pytest.approx(available, rel=1e-8, abs=1e-8)


class Supplier(Component):
    """Gives process water, and draws as much of another carrier."""

    def __init__(self, draws, merit):
        self.draws, self.merit = draws, merit

    def declared_ports(self):
        return {"supply": outlet("process_water", self.merit), "draw": inlet(self.draws)}

    def follows(self):
        return {"draw": Follow("supply")}


def test_a_utility_that_stands_in_for_one_that_was_cut_shares_in_what_is_left():
    park = {
        "grid": grid(0.0),
        "recycler": Supplier("electricity", 1.0),
        "city": Supplier("water", 8.0),
        "main": Connection("water", capacity=6.0),
        "rinse": User({"process_water": 4.0}),
        "wash": User({"water": 8.0}),
    }

    run = simulate(park, 10.0)

    # without power nothing is recycled, so city water serves both: 6 of 12
    assert run.amount(component="wash", port="water") == pytest.approx(40.0)
    assert run.amount(component="rinse", port="process_water") == pytest.approx(20.0)
    assert run.residual < 1e-9
