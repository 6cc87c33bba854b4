"""Sewers, rain, buffer tanks, biology, pond, monitor, reuse and irrigation, each by a number that can be worked out."""

import dataclasses
import math
from datetime import date

import numpy as np
import pytest
from benches import Unlimited, workshop
from loaded_works import STRENGTH_G_PER_M3, TDS, plant, shift, works
from toys import Shifty, User, simulate

from eipsim.components import (
    ActivatedSludgePlant,
    BufferTank,
    Calendar,
    EqualisationTank,
    Irrigation,
    OnlineMonitor,
    Outfall,
    PolishingPond,
    ProcessWaterMain,
    Rain,
    ReclaimedWater,
    River,
    Sewer,
    StormInflow,
)
from eipsim.components.rain import RAIN
from eipsim.errors import ConfigError
from eipsim.kernel.component import Storage
from eipsim.kernel.ports import INLET
from eipsim.physics.wastewater import blower_kw

WEEK_H = 168.0


def river(place="plant"):
    return River(place=place)


def series(run, name):
    return run.series[name].tolist()


def test_a_sewer_delivers_each_half_hour_a_travel_time_later():
    parts = {
        "shift": Shifty("wastewater", 10.0, 1.0, 2.0, place="upper"),
        "sewer": Sewer(place="upper", to="sewer", travel_h=2.0),
        "river": river(),
    }

    run = simulate(parts, 6.0, record=["sewer.outflow"], step_h=0.5, profiles={"clock": np.arange(12.0)})

    assert series(run, "sewer.outflow") == pytest.approx([0.0] * 6 + [10.0, 10.0] + [0.0] * 4)
    assert run.levels["sewer"][1].max() == pytest.approx(10.0)
    assert run.residual < 1e-12


def test_a_sewer_keeps_all_water_of_a_flow_that_changes_within_steps():
    parts = {
        "shift": Shifty("wastewater", 12.0, 1.1, 2.3, place="upper"),
        "sewer": Sewer(place="upper", to="sewer", travel_h=1.0),
        "river": river(),
    }

    run = simulate(parts, 24.0)

    assert run.amount(component="river", port="spill") == pytest.approx(12 * 1.2)
    assert run.levels["sewer"][1][-1] == pytest.approx(0.0, abs=1e-9)


def test_a_travel_time_must_be_whole_steps():
    with pytest.raises(ValueError, match=r"travel_h = 0.7 h: must be a whole number of steps"):
        Sewer(place="upper", travel_h=0.7)


def test_rain_on_four_hectares_runs_off_to_the_sewer():
    parts = {"storm": StormInflow(area_ha=4.0, runoff_frac=0.5), "river": river()}

    run = simulate(parts, 2.0, profiles={"rain_mm_per_h": np.array([0.0, 30.0, 0.0, 0.0])}, step_h=0.5)

    # 15 mm on 40,000 m2, half of it
    assert run.amount(component="river", port="spill") == pytest.approx(0.015 * 40_000 * 0.5)


def buffered(**parameters):
    """A workshop of 4 m3/h of wastewater behind a tank, and a central tank whose alarm is on from the first hours."""
    given = {
        "place": "site",
        "factory": "factory",
        "tank": "tank",
        "capacity_m3": 20.0,
        "pump_m3_per_h": 5.0,
        "start_frac": 0.0,
    }
    return {
        "factory": workshop(),
        "buffer": BufferTank(**{**given, **parameters}),
        "tank": EqualisationTank(capacity_m3=100.0, bands=((0.0, 1.0),), start_frac=0.8, high_frac=0.85),
        "river": river(),
        "calendar:work": Calendar(edges_h=(0.0, 400.0)),
        "grid": Unlimited("electricity", "site"),
        "mains": Unlimited("water", "site"),
    }


WORK = {"profiles": {"calendar:work": np.ones(800)}, "step_h": 0.5}


def times(run, component, what):
    return [event.hour for event in run.events if (event.component, event.what) == (component, what)]


def test_an_order_to_hold_back_fills_the_buffer_and_stops_the_wet_line():
    run = simulate(buffered(hold_frac=0.2), 60.0, **WORK)

    # the central tank gains 4 - 1 m3/h from 80 and alarms at 85 m3; then 1 of 4 m3/h goes on and the buffer gains 3
    alarm = 5 / 3
    assert times(run, "tank", "high") == pytest.approx([alarm])
    assert times(run, "buffer", "hold back") == pytest.approx([alarm])
    assert times(run, "buffer", "lines stop")[0] == pytest.approx(alarm + 20 / 3)
    # 20 m3 drain to 16 at 1 m3/h, and the line goes on
    assert times(run, "buffer", "lines go on")[0] == pytest.approx(alarm + 20 / 3 + 4)
    stopped_h = 60 - run.amount(component="factory", port="run_0")
    assert stopped_h > 4
    assert run.amount(component="factory", port="output_0") == pytest.approx(10 * (60 - stopped_h))
    assert run.residual < 1e-9


def test_without_an_order_a_buffer_only_passes_on():
    run = simulate(buffered(tank=""), 24.0, **WORK)

    assert run.levels["buffer"][1].max() == pytest.approx(0.0)
    assert run.amount(component="buffer", port="draw") == pytest.approx(96.0)


def test_a_level_to_resume_outside_its_range_is_refused():
    with pytest.raises(ValueError, match=r"resume_frac = 1"):
        BufferTank(place="site", factory="f", capacity_m3=1.0, pump_m3_per_h=1.0, resume_frac=1.0)


def blowers_kw(factor):
    """The mean of a week with 10 kW installed, at a multiple of the usual loads."""
    strength = [c * factor for c in STRENGTH_G_PER_M3]
    run = simulate(works(shift=shift(strength=strength), plant=plant(train_blower_kw=5.0)), WEEK_H)
    rest_kwh = 0.1 * run.amount(component="plant", port="inflow") + 4 * WEEK_H
    return (run.amount(component="plant", port="power") - rest_kwh) / WEEK_H, times(run, "plant", "blowers at limit")


def test_blowers_follow_the_load_between_turndown_and_what_is_installed():
    (weak, _), (usual, none), (strong, limited) = (blowers_kw(factor) for factor in (0.01, 1.0, 12.0))

    assert weak == pytest.approx(0.35 * 10, rel=0.05)
    assert weak < usual < strong <= 10
    assert limited
    assert not none


def test_what_blowers_draw_is_at_all_times_that_of_the_trains_that_are_up(monkeypatch):
    respond, trains = ActivatedSludgePlant.respond, set()

    def looked_at(self):
        assert self.blowers_kw == (blower_kw(self.wanted_kw, self.installed_kw, self.turndown_frac) if self.wanted_kw else 0)
        trains.add(self.trains_up)
        respond(self)

    monkeypatch.setattr(ActivatedSludgePlant, "respond", looked_at)
    simulate(works(plant=plant(train_blower_kw=5.0, maintenance_every_h=20.0, maintenance_h=3.3)), 72.0)

    assert trains == {1, 2}


def test_a_plant_that_lacks_air_lets_ammonia_through():
    starved, usual = (
        simulate(works(plant=plant(train_blower_kw=kw)), 10 * 24.0).loads.stream("river.effluent")[-1] for kw in (1.0, 30.0)
    )

    n = 5
    assert starved[n] > 1.5 * usual[n]


def test_coagulant_takes_phosphorus_and_leaves_sludge_and_salt():
    with_dose, without = (simulate(works(plant=plant(coagulant_g_per_m3=dose)), WEEK_H).loads for dose in (40.0, 0.0))

    p, tss = 6, 4
    assert with_dose.total("river.effluent")["total_p"] < 0.6 * without.total("river.effluent")["total_p"]
    assert with_dose.booked["plant"]["sludge"][tss] > without.booked["plant"]["sludge"][tss]
    assert with_dose.booked["plant"]["sludge"][p] > without.booked["plant"]["sludge"][p]
    assert with_dose.total("river.effluent")["dissolved_solids"] > without.total("river.effluent")["dissolved_solids"]
    assert with_dose.residual() < 1e-9


def test_trains_are_maintained_in_turn():
    run = simulate(works(plant=plant(maintenance_every_h=48.0, maintenance_h=6.0)), 100.0)

    assert times(run, "plant", "train_down") == pytest.approx([24.0, 54.0, 84.0])
    assert times(run, "plant", "train_up") == pytest.approx([30.0, 60.0, 90.0])


def test_design_loads_must_be_complete():
    with pytest.raises(ValueError, match="design_g_per_m3 has 2 numbers: must have 8"):
        plant(design_g_per_m3=(1.0, 2.0))


def test_solids_settle_in_the_pond_as_in_one_stirred_tank():
    steady = {"source": Steady(10.0, [0.0] * 4 + [100.0] + [0.0] * 3), "pond": pond(), "river": river("outfall")}

    run = simulate(steady, 40 * 24.0)

    # 240 m3 at 10 m3/h is a day: C = C0 / (1 + 0.4)
    assert run.loads.stream("river.effluent")[-1][4] == pytest.approx(24.0 / 1.4, rel=1e-6)


def pond(**parameters):
    return PolishingPond(**{"volume_m3": 240.0, "settling_per_d": 0.4, **parameters})


def Steady(rate, strength):
    """Return a flow of effluent with loads at all hours."""
    source = shift(rate, place="plant", strength=strength, start_h=0.0, end_h=24.0)
    source.carrier = "effluent"
    return source


def reuse(**parameters):
    """Effluent of 1,000 g/m3 salts, a stage of 8 m3/h, its users, and the city's main behind."""
    given = {"place": "plant", "feed_m3_per_h": 8.0, "capacity_m3": 10.0, "pump_m3_per_h": 20.0, "kwh_per_m3": 1.0}
    return {
        "source": Steady(10.0, [0.0] * 7 + [1000.0]),
        "stage": ReclaimedWater(**{**given, **parameters}),
        "pipe": Outfall(place="plant", to="mouth"),
        "river": river("mouth"),
        "main": ProcessWaterMain(salts_g_per_m3=0.0),
        "city": Unlimited("water", "water_main"),
        "grid": Unlimited("electricity", "utilities"),
        "user": User({"process_water": 6.0}, place="process_main"),
    }


def test_reclaimed_water_comes_before_city_water():
    run = simulate(reuse(filter_recovery_frac=1.0, osmosis_recovery_frac=0.5), 100.0)

    # 4 m3/h of product for 6 m3/h of need, once the tank has its reserve of 1 m3 after a quarter of an hour
    assert run.amount(component="stage", port="feed") == pytest.approx(800.0)
    assert run.amount(component="stage", port="product") == pytest.approx(400.0, abs=1.5)
    assert run.amount(component="main", port="city") == pytest.approx(200.0, abs=1.5)
    assert run.amount(component="stage", port="power") == pytest.approx(800.0)
    assert run.amount(component="river", port="effluent") == pytest.approx(1000 - 400)
    assert run.residual < 1e-9


def test_the_reject_carries_the_salts_that_the_product_lacks():
    run = simulate(reuse(filter_recovery_frac=1.0, osmosis_recovery_frac=0.5, osmosis_rejection_frac=1.0), 100.0)

    assert run.loads.total("stage.product")["dissolved_solids"] == pytest.approx(0.0, abs=1e-9)
    assert run.loads.total("stage.reject")["dissolved_solids"] == pytest.approx(800.0)
    assert run.loads.residual() < 1e-9


def test_salts_of_reclaimed_water_come_back_with_the_wastewater_of_those_who_used_it():
    parts = reuse(filter_recovery_frac=1.0, osmosis_recovery_frac=0.5, osmosis_rejection_frac=0.0)
    parts |= works(shift=User({"process_water": 3.0}, {"wastewater": 2.0}, place="both"))
    parts["river"], parts["main"] = river("mouth"), ProcessWaterMain(salts_g_per_m3=0.0, stay_h=1.0)
    del parts["plant"], parts["storm_basin"], parts["tank"], parts["user"], parts["source"]
    parts["source"] = Steady(10.0, [0.0] * 7 + [1000.0])

    run = simulate(parts, 48.0, parents={("process_water", "both"): "process_main", ("wastewater", "both"): "sewer"})

    used = run.loads.total("stage.product")["dissolved_solids"]
    assert used > 50
    assert run.loads.total("river.spill")["dissolved_solids"] == pytest.approx(used, rel=0.05)
    assert run.loads.residual() < 1e-9


def test_nothing_changes_where_the_tank_of_a_stage_leaves_a_mark(monkeypatch):
    user = Shifty("process_water", 12.0, 6.0, 10.0, INLET, place="process_main")
    parts = reuse(capacity_m3=20.0, reserve_frac=0.2) | {"user": user}

    seldom = simulate(parts, 240.0)
    monkeypatch.setattr(ReclaimedWater, "left_mark", Storage.left_mark)
    always = simulate(parts, 240.0)

    assert (len(times(seldom, "stage", "full")), len(times(seldom, "stage", "empty"))) == (11, 10)
    assert seldom.events == always.events
    assert seldom.amounts.tolist() == always.amounts.tolist()


def test_a_full_tank_stops_the_stage_until_it_has_room():
    parts = reuse(filter_recovery_frac=1.0, osmosis_recovery_frac=0.5)
    parts["user"] = User({"process_water": 1.0}, place="process_main")

    run = simulate(parts, 48.0)

    # fills at 3 m3/h, then 8 m3 are left after 2 h
    full = times(run, "stage", "full")
    assert full[1] - full[0] == pytest.approx(2 + 2 / 3)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"reserve_frac": 0.9}, "must be more than 0, rise"), ({"osmosis_recovery_frac": 0.0}, "must be more than 0")],
)
def test_a_stage_that_cannot_work_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        ReclaimedWater(feed_m3_per_h=1.0, capacity_m3=1.0, pump_m3_per_h=1.0, **wrong)


def test_lawns_get_what_the_month_needs_less_the_rain_of_the_day_before():
    weather = Rain(mm_of_days=(2.0, 0.0, 40.0, 0.0), month_of_days=(1, 1, 7, 7))
    needs = (3.0, *[0.5] * 11)
    parts = {
        "source": Shifty("effluent", 1000.0, 0.0, 24.0, place="outfall"),
        "lawns": Irrigation(area_ha=10.0, mm_per_d=needs, start_h=5.0, length_h=4.0),
        "river": river("outfall"),
        RAIN: weather,
    }

    run = simulate(parts, 96.0)

    # 3 mm, then 3 - 2 mm, then 0.5 mm in July, then nothing after a storm: on 100,000 m2
    assert run.amount(component="lawns", port="water") == pytest.approx((3.0 + 1.0 + 0.5) * 100)


def test_a_needs_table_or_hours_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="mm_per_d has 2 numbers"):
        Irrigation(area_ha=1.0, mm_per_d=(1.0, 2.0))
    with pytest.raises(ValueError, match="must be at most 24"):
        Irrigation(area_ha=1.0, start_h=22.0)


def test_the_monitor_logs_what_is_beyond_its_limit_and_for_how_long():
    strength = [0.0, 0.0, 0.0, 0.0, 100.0, 0.0, 0.0, 0.0]
    source = shift(10.0, place="plant", strength=strength, start_h=2.0, end_h=5.0)
    source.carrier = "effluent"
    parts = {"source": source, "clean": User({}, {"effluent": 5.0}, place="plant"), "river": river()}
    parts["monitor"] = OnlineMonitor(watches="river.effluent", river_m3_per_s=40.0, discharge_m3_per_d=10_000.0)

    run = simulate(parts, 12.0)

    # 100 × 10/15 g/m3 solids from 2 to 5 h; 50 × 0.9 × 0.9 = 40.5 are allowed
    events = [(event.hour, event.what) for event in run.events]
    assert events == [(3.0, "tss exceeds"), (6.0, "tss complies")]
    assert run.events[0].value == pytest.approx(1000 / 15 / 40.5 - 1)
    assert run.events[1].value == pytest.approx(3.0)


def test_a_monitor_knows_its_standard():
    assert OnlineMonitor(watches="x.y", discharge_m3_per_d=100.0).limits_g_per_m3()["cod"] == pytest.approx(75 * 0.9 * 1.1)
    with pytest.raises(ConfigError, match="has no rows of it"):
        OnlineMonitor(watches="x.y", standard="QCVN 41").limits_g_per_m3()


def test_a_monitor_takes_limits_from_a_table_of_ones_own(tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text(
        "standard,effective_from,parameter,column_a_g_per_m3,column_b_g_per_m3,scaled\nmine,2025-09-01,cod,40,60,false\n",
        encoding="utf-8",
    )
    packaged = OnlineMonitor(watches="x.y", law_date=date(2026, 1, 1), existing=False)

    own = dataclasses.replace(packaged, limits_table=table)

    assert (own.standard_name(), own.limits_g_per_m3()) == ("mine", {"cod": 40.0})
    with pytest.raises(ConfigError, match="holds for a new plant"):
        packaged.standard_name()
    with pytest.raises(ValueError, match=r"nowhere.csv: there is no such file"):
        OnlineMonitor(watches="x.y", limits_table=tmp_path / "nowhere.csv")


def test_spills_are_events_with_volume_hours_and_load():
    parts = {"shift": shift(20.0, start_h=1.0, end_h=3.0), "river": river()}

    run = simulate(parts, 6.0)

    assert {event.what: event.value for event in run.events} == pytest.approx(
        {"spill": 40.0, "spill hours": 2.0, "spill cod": 40 * 0.45}
    )
    assert run.loads.booked["river"]["spill"][TDS] == pytest.approx(36.0)


def test_a_plant_for_loads_also_works_without_any():
    parts = works(shift=User({}, {"wastewater": 10.0}, place="sewer"))

    run = simulate(parts, 24.0)

    assert isinstance(parts["plant"], ActivatedSludgePlant)
    assert run.amount(component="plant", port="power") == pytest.approx(0.1 * run.amount(component="plant", port="inflow") + 96)


def test_parameters_are_left_as_they_were():
    parts = works()
    before = {name: dataclasses.asdict(part) for name, part in parts.items() if dataclasses.is_dataclass(part)}

    simulate(parts, 24.0)

    assert {name: dataclasses.asdict(part) for name, part in parts.items() if name in before} == before
    assert math.isfinite(before["plant"]["water_c"])
