"""A reservoir on the water main, by numbers that can be worked out."""

import numpy as np
import pytest
from benches import Unlimited, workshop
from toys import Connection, Shifty, User, simulate

from eipsim.components import Calendar, Factory, WaterReservoir, WaterWorks
from eipsim.end_uses import WaterUse


class TimedWorks(WaterWorks):
    """Is out from hour 10 to 30."""

    def operate(self):
        yield self.go_out()

    def go_out(self):
        yield self.wait_until(10.0)
        self.turn(False)
        yield self.wait_until(30.0)
        self.turn(True)


def main(**parameters):
    given = {"capacity_m3": 100.0, "fill_m3_per_h": 8.0, "draw_m3_per_h": 50.0, "start_frac": 0.5, "low_frac": 0.2}
    return {
        "works": Connection("water", capacity=20.0, place="water_main"),
        "reservoir": WaterReservoir(**{**given, **parameters}),
    }


def events(run, what):
    return [event.hour for event in run.events if (event.component, event.what) == ("reservoir", what)]


def test_it_gives_what_the_works_lack_until_it_is_empty_and_then_users_share_what_comes():
    run = simulate(main() | {"user": User({"water": 25.0}, place="water_main")}, 24.0)

    # 50 m3 go at 25 - 20 = 5 m3/h: low at 20 m3 after 6 h, empty after 10 h, 5 m3/h lacking in the 14 h that are left
    assert (events(run, "low"), events(run, "empty")) == ([pytest.approx(6.0)], [pytest.approx(10.0)])
    assert run.amount(component="user", port="water") == pytest.approx(10 * 25 + 14 * 20)
    assert run.unserved_amount("water@water_main") == pytest.approx(14 * 5)
    assert {loss.cause.root for loss in run.lost} == {"works"}
    assert run.residual < 1e-12


def test_it_fills_from_what_is_to_spare_and_stops_when_it_is_full():
    run = simulate(main() | {"user": User({"water": 15.0}, place="water_main")}, 24.0)

    # 5 m3/h to spare fill 50 m3 in 10 h
    assert events(run, "full") == [pytest.approx(10.0)]
    assert run.amount(component="works", port="flow") == pytest.approx(10 * 20 + 14 * 15)


def test_its_inlet_and_outlet_limit_it():
    run = simulate(main(draw_m3_per_h=2.0) | {"user": User({"water": 25.0}, place="water_main")}, 4.0)
    spare = simulate(main() | {"user": User({"water": 1.0}, place="water_main")}, 4.0)

    assert run.amount(component="user", port="water") == pytest.approx(4 * 22)
    assert spare.levels["reservoir"][1][-1] == pytest.approx(50 + 4 * 8)


def test_a_day_of_demand_that_swings_about_the_limit_of_the_works_leaves_nobody_short():
    parts = main(capacity_m3=200.0, fill_m3_per_h=20.0, start_frac=1.0)
    shift = Shifty("water", 26.0, 6.0, 22.0, direction=-1, place="water_main")

    run = simulate(parts | {"shift": shift}, 72.0)

    # 16 h × 6 m3/h go out, 8 h × 20 m3/h can come in
    assert run.unserved_amount("water@water_main") == 0
    assert run.levels["reservoir"][1].min() == pytest.approx(200.0 - 96.0)


def test_an_interruption_is_bridged_and_then_people_come_before_processes():
    parts = main(start_frac=1.0)
    parts["works"] = TimedWorks(capacity_m3_per_h=20.0, pumping_kwh_per_m3=0.0, interruptions_per_yr=0.0)
    works = Factory(
        place="water_main",
        calendar="work",
        lines=workshop().lines,
        end_uses={"water": WaterUse(process_m3_per_h=9.0, sanitary_m3_per_h=1.0)},
    )
    parts |= {"people": works, "calendar:work": Calendar(edges_h=(0.0, 48.0)), "river": Unlimited("wastewater", "water_main")}
    parts["grid"] = Unlimited("electricity", "utilities")
    parts["trickle"] = Connection("water", capacity=2.0, place="water_main")
    run = simulate(parts, 30.0, profiles={"calendar:work": np.ones(60)})

    # trickle and works share in proportion; from hour 10 on 100 m3 last 100 / (10 - 2) = 12.5 h, then 2 m3/h are left
    assert events(run, "empty") == [pytest.approx(22.5)]
    assert run.amount(component="people", port="water_sanitary") == pytest.approx(30.0)
    assert run.amount(component="people", port="water_process") == pytest.approx(22.5 * 9 + 7.5 * 1)


@pytest.mark.parametrize(("pumping", "served"), [(0.0, 40.0), (0.5, 0.0)])
def test_a_tower_gives_without_power_and_pumps_do_not(pumping, served):
    parts = main(pumping_kwh_per_m3=pumping, power_place="busbar")
    parts["works"] = WaterWorks(power_place="busbar", capacity_m3_per_h=20.0, interruptions_per_yr=0.0)
    parts |= {
        "grid": Connection("electricity", capacity=0.0, place="busbar"),
        "user": User({"water": 10.0}, place="water_main"),
    }

    run = simulate(parts, 4.0)

    assert run.amount(component="user", port="water") == pytest.approx(served)


def test_water_that_only_rounding_has_left_behind_counts_as_none():
    late = Shifty("water", 25.0, 6.0, 22.0, direction=-1, place="water_main")

    run = simulate(main(start_frac=1e-18, fill_m3_per_h=1e-30) | {"late": late}, 12.0)

    assert run.unserved_amount("water@water_main") == pytest.approx(6 * 5)


@pytest.mark.parametrize("wrong", [0.0, 1.0])
def test_an_alarm_at_empty_or_full_is_refused(wrong):
    with pytest.raises(ValueError, match=rf"water_reservoir.low_frac = {wrong:g}: must be more than 0 and below 1"):
        WaterReservoir(capacity_m3=1.0, fill_m3_per_h=1.0, draw_m3_per_h=1.0, low_frac=wrong)


@pytest.mark.parametrize(
    ("driver", "follows", "waste_frac"),
    [("lines", True, 0.4), ("lines", False, 0.4), ("open", True, 0.4), ("open", False, 1.0)],
)
def test_wastewater_follows_the_lines_and_else_the_water_that_was_served_where_it_is_asked_for(driver, follows, waste_frac):
    use = WaterUse(driver=driver, process_m3_per_h=9.0, sanitary_m3_per_h=1.0, return_frac=0.8, waste_follows_water=follows)
    parts = {
        "it": Factory(place="site", calendar="work", lines=workshop().lines, end_uses={"water": use}),
        "calendar:work": Calendar(edges_h=(0.0, 48.0)),
        "sewer": Unlimited("wastewater", "site"),
        "main": Connection("water", capacity=1.0 + 0.4 * 9.0, place="site"),
    }
    run = simulate(parts, 10.0, profiles={"calendar:work": np.ones(20)})

    assert run.amount(component="it", port="water_sanitary_waste") == pytest.approx(10 * 0.9)
    assert run.amount(component="it", port="water_process_waste") == pytest.approx(10 * 9 * 0.8 * waste_frac)
