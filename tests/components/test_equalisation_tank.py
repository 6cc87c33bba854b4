from dataclasses import dataclass

import numpy as np
import pytest
from benches import Unlimited
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import Shifty, User, daily_accounts, simulate

from eipsim.components import EqualisationTank, River, StormBasin, WastewaterPlant
from eipsim.kernel.component import Component, Storage
from eipsim.kernel.ports import Port, outlet


def tank(**parameters):
    given = {"plant": "plant", "capacity_m3": 400.0, "bands": ((0.0, 10.0),), "start_frac": 0.0, "dead_band_frac": 0.0}
    return EqualisationTank(**{**given, **parameters})


def plant(**parameters):
    given = {"trains": 2, "train_m3_per_h": 10.0, "treatment_kwh_per_m3": 0.5, "fixed_kw": 4.0, "mtbf_h": float("inf")}
    return WastewaterPlant(**{**given, **parameters})


def works(inflow, **parts):
    """A sewer with tank, plant and river, and all the power there is."""
    rest = {"river": River(place="plant"), "grid": Unlimited("electricity", "utilities"), "sewer": inflow}
    return {"tank": tank(), "plant": plant(), **rest, **parts}


def shift(rate=30.0):
    return Shifty("wastewater", rate, 0.0, 8.0, place="sewer")


def steady(rate):
    return User({}, {"wastewater": rate}, place="sewer")


def test_the_tank_levels_a_shifts_inflow():
    run = simulate(works(shift()), 240.0, accounts=daily_accounts(240.0))

    assert run.by_account(component="plant", port="inflow").tolist() == pytest.approx([240.0] * 10)
    assert run.levels["tank"][1].max() == pytest.approx(160.0, abs=1e-9)
    assert run.amount(component="river", port="spill") == 0


def test_a_full_tank_spills_and_says_so():
    # 160 m3 would be needed, 100 are there: 60 m3 a day go over
    run = simulate(works(shift(), tank=tank(capacity_m3=100.0)), 240.0)

    assert run.amount(component="river", port="spill") == pytest.approx(600.0)
    assert [event.what for event in run.events][:3] == ["high", "full", "high_end"]
    assert sum(event.what == "high" for event in run.events) == 10


def test_a_storm_basin_takes_the_overflow_and_returns_it_at_night():
    parts = {"tank": tank(capacity_m3=100.0, bands=((0.0, 10.0), (0.5, 10.001))), "storm_basin": basin()}

    run = simulate(works(shift(), **parts), 240.0)

    assert run.amount(component="river", port="spill") == 0
    assert run.levels["storm_basin"][1].max() == pytest.approx(60.0, abs=0.1)
    assert run.amount(component="storm_basin", port="draw") > 500
    assert run.residual < 1e-9


def basin(**parameters):
    return StormBasin(**{"tank": "tank", "capacity_m3": 80.0, "pump_m3_per_h": 20.0, **parameters})


def test_a_full_storm_basin_says_so_and_the_river_takes_the_rest():
    parts = {"tank": tank(capacity_m3=100.0), "storm_basin": basin(capacity_m3=20.0)}

    run = simulate(works(shift(), **parts), 24.0)

    # full after 5 h; then 20 m3/h go to the basin for 1 h, and 2 h over it
    assert [event.hour for event in run.events if event.component == "storm_basin"] == pytest.approx([6.0])
    assert run.amount(component="river", port="spill") == pytest.approx(40.0)


def test_pumps_step_up_with_the_level_and_down_a_dead_band_below():
    bands = ((0.0, 5.0), (0.5, 15.0))
    parts = {"tank": tank(capacity_m3=100.0, bands=bands, dead_band_frac=0.1)}

    run = simulate(works(steady(10.0), **parts), 100.0)

    # rises 50 m3 in 10 h, falls 10 in 2 h, rises 10 in 2 h, ...
    hours, level = run.levels["tank"]
    assert np.interp([5.0, 10.0, 12.0, 14.0, 16.0], hours, level).tolist() == pytest.approx([25.0, 50.0, 40.0, 50.0, 40.0])


def test_the_tank_fills_while_a_train_is_down():
    parts = {"tank": tank(capacity_m3=1000.0, bands=((0.0, 20.0),)), "plant": plant(mtbf_h=200.0, repair_h_median=20.0)}

    run = simulate(works(steady(15.0), **parts), 2000.0)

    assert any(event.what == "train_down" for event in run.events)
    assert run.levels["tank"][1].max() > 50
    assert run.amount(component="river", port="bypass") == 0


def test_without_power_at_the_plant_the_tank_holds_what_comes():
    dark = Unlimited("electricity", "utilities", gives=0.0)

    run = simulate(works(steady(10.0), grid=dark, tank=tank(capacity_m3=100.0)), 24.0)

    # full after 10 h, and then everything goes past the tank or past the plant
    assert run.levels["tank"][1].max() == pytest.approx(100.0)
    assert run.amount(component="plant", port="inflow") == 0
    assert run.amount(component="river", port="spill") + run.amount(component="river", port="bypass") == pytest.approx(140.0)
    assert run.residual < 1e-9


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    capacity=st.floats(10.0, 300.0),
    rate=st.floats(1.0, 60.0),
    power_kw=st.floats(0.0, 15.0),
    basin_m3=st.floats(5.0, 100.0),
)
def test_levels_stay_within_bounds_and_balances_close_in_every_state(capacity, rate, power_kw, basin_m3):
    parts = {
        "tank": tank(capacity_m3=capacity, bands=((0.0, 6.0), (0.4, 12.0), (0.7, 18.0)), dead_band_frac=0.05),
        "plant": plant(mtbf_h=30.0, repair_h_median=20.0),
        "storm_basin": basin(capacity_m3=basin_m3),
        "grid": Unlimited("electricity", "utilities", gives=power_kw),
    }

    run = simulate(works(shift(rate), **parts), 200.0)

    for name, most in (("tank", capacity), ("storm_basin", basin_m3)):
        level = run.levels[name][1]
        assert level.min() >= -1e-9
        assert level.max() <= most * (1 + 1e-9)
    assert run.residual < 1e-9


def test_the_plant_treats_what_its_trains_can_take_and_bypasses_the_rest():
    parts = {"tank": tank(bands=((0.0, 50.0),), plant="")}

    run = simulate(works(steady(30.0), **parts), 10.0)

    assert run.amount(component="plant", port="inflow") == pytest.approx(200.0)
    assert run.amount(component="plant", port="effluent") == pytest.approx(200.0)
    assert run.amount(component="plant", port="power") == pytest.approx(0.5 * 200 + 40)
    assert run.amount(component="river", port="bypass") == pytest.approx(100.0)


@pytest.mark.parametrize(
    "bands", [(), ((0.1, 5.0),), ((0.0, 5.0), (0.02, 8.0)), ((0.0, 5.0), (1.0, 8.0)), ((0.0, 5.0), (0.6, 6.0), (0.5, 7.0))]
)
def test_bands_that_do_not_rise_from_zero_are_refused(bands):
    with pytest.raises(ValueError, match="bands start at"):
        tank(bands=bands, dead_band_frac=0.05)


def test_pumps_that_stand_still_are_refused():
    with pytest.raises(ValueError, match=r"pump \[0.0\] m3/h"):
        tank(bands=((0.0, 0.0),))


@dataclass(eq=False)
class Steps(Component):
    """Gives a flow that changes at given hours."""

    flows: tuple[tuple[float, float], ...]
    place: str = "sewer"

    def declared_ports(self) -> dict[str, Port]:
        return {"flow": outlet("wastewater", run=1.0, activity=0)}

    def operate(self):
        return [self.live()]

    def live(self):
        for hour, rate in self.flows:
            self.activity[0] = rate
            self.changed()
            yield self.wait_until(hour)


def test_a_tank_that_is_full_no_more_takes_what_comes_again():
    # full at 5 h; falls to 90 m3 until 6 h, which meets no mark; then 30 m3/h come for half an hour
    inflow = Steps(((5.0, 30.0), (6.0, 0.0), (6.5, 30.0), (24.0, 0.0)))

    run = simulate(works(inflow, tank=tank(capacity_m3=100.0, high_frac=0.5)), 24.0)

    assert run.amount(component="river", port="spill") == 0


def test_a_basin_that_is_empty_no_more_gives_what_it_has():
    # the tank is full at 5 h, 10 m3 go beside it, and come back as soon as it is below its second band
    bands = ((0.0, 10.0), (0.9, 10.001))
    parts = {"tank": tank(capacity_m3=100.0, bands=bands, dead_band_frac=0.01), "storm_basin": basin(capacity_m3=1000.0)}

    run = simulate(works(Steps(((5.5, 30.0), (48.0, 0.0))), **parts), 48.0)

    assert run.levels["storm_basin"][1].max() == pytest.approx(10.0, abs=0.01)
    assert run.amount(component="storm_basin", port="draw") == pytest.approx(10.0, abs=0.01)


@dataclass(eq=False)
class Told(Component):
    """Joins a list of the tank's, and logs whenever it is told that something changed."""

    at: str

    def operate(self):
        getattr(self.simulation.components["tank"], self.at).append(self)
        return ()

    def changed(self):
        if "tank" in self.simulation.components and self.simulation.now > 0:
            self.log("told", self.simulation.components["tank"].level)
        super().changed()


def test_only_a_change_of_band_or_alarm_is_told_and_to_those_alone_who_look_at_it():
    # rises to the band at 50 and on to the alarm at 80, falls to the lower end of the dead band at 40, and empties
    flow = Steps(((10.0, 15.0), (40.0, 0.0)))
    parts = {"tank": tank(capacity_m3=100.0, bands=((0.0, 5.0), (0.5, 6.0)), dead_band_frac=0.1, high_frac=0.8)}

    run = simulate(works(flow, **parts, watcher=Told("watchers"), ordered=Told("ordered")), 40.0)

    told = [(event.component, round(event.value, 9)) for event in run.events if event.what == "told"]
    assert told == [("watcher", 50.0), ("ordered", 80.0), ("ordered", 80.0), ("watcher", 40.0)]
    assert run.levels["tank"][1][-1] == 0


def test_a_mark_that_is_left_matters_to_an_empty_or_full_tank_only(monkeypatch):
    bands = ((0.0, 6.0), (0.4, 12.0), (0.7, 18.0))
    park = works(shift(40.0), tank=tank(capacity_m3=160.0, bands=bands, dead_band_frac=0.05), storm_basin=basin())
    responses = []
    monkeypatch.setattr(EqualisationTank, "changed", lambda self: responses.append(self.now) or Component.changed(self))

    seldom, few = simulate(park, 480.0), len(responses)
    monkeypatch.setattr(EqualisationTank, "left_mark", Storage.left_mark)
    always = simulate(park, 480.0)

    assert len(responses) - few > few > 100
    assert seldom.amounts.tolist() == always.amounts.tolist()
    assert seldom.events == always.events
    assert {event.what for event in seldom.events} >= {"high", "full", "high_end"}
