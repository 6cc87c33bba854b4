from dataclasses import dataclass

import numpy as np
import pytest
from benches import Unlimited
from loaded_works import STRENGTH_G_PER_M3, TDS, cod_kg, plant, shift, works
from toys import Shifty, User, simulate

from eipsim.carriers import LOADS
from eipsim.components import (
    EqualisationTank,
    OnlineMonitor,
    Outfall,
    PolishingPond,
    ProcessWaterMain,
    ReclaimedWater,
    River,
    Sewer,
    StormBasin,
)
from eipsim.components.basin import Basin
from eipsim.errors import FlowLoopError, ParkError
from eipsim.kernel.component import Component, Follow
from eipsim.kernel.passer import Passer
from eipsim.kernel.ports import INLET, inlet, outlet
from eipsim.kernel.quality import Quality

WEEK_H = 168.0


def test_a_park_without_loads_keeps_no_account_of_them():
    assert simulate(works(shift=shift(strength=(0.0,) * 8)), 24.0).loads is not None
    assert simulate(works(shift=User({}, {"wastewater": 10.0}, place="sewer")), 24.0).loads is None


def test_what_is_let_in_is_concentration_times_flow():
    loads = simulate(works(), 48.0).loads

    # two days of 16 h at 30 m3/h
    brought = loads.total("sources@sewer")
    assert [brought[name] for name in LOADS] == pytest.approx([c * 960 / 1000 for c in STRENGTH_G_PER_M3])
    assert loads.stream("sources@sewer").shape == (2, 8)


def test_every_load_is_found_again_in_river_sludge_air_and_what_is_still_there():
    run = simulate(works(pond=PolishingPond(volume_m3=300.0, to="outfall"), river=River(place="outfall")), WEEK_H)

    assert run.loads.residual() < 1e-9
    assert cod_kg(run.loads.booked["plant"]["sludge"]) > 0
    assert run.loads.at_end["tank"][TDS] >= 0
    assert run.residual < 1e-9


def test_a_residual_is_seen_when_a_component_loses_something():
    class Leaky(PolishingPond):
        def take(self, bins, moved, came):
            return {"outflow": 0.9 * super().take(bins, moved, came)["outflow"]}

    run = simulate(works(pond=Leaky(volume_m3=300.0, to="outfall"), river=River(place="outfall")), WEEK_H)

    assert run.loads.residual() > 1e-3


def salts_of_river(bin_h):
    """Each day's load of what no reaction touches."""
    return simulate(works(), WEEK_H, load_bin_h=bin_h).loads.stream("river.effluent")[1:]


def test_halving_the_bin_halves_the_error_and_the_default_is_within_one_percent():
    fine = salts_of_river(1 / 32)
    errors = [np.abs(salts_of_river(bin_h) / fine - 1).max() for bin_h in (1.0, 0.5, 0.25)]

    assert errors[0] < 0.01
    assert errors[1] < 0.6 * errors[0]
    assert errors[2] < 0.6 * errors[1]


def test_a_component_that_does_not_know_loads_is_named():
    parts = works(sink=Taker())

    with pytest.raises(ParkError, match=r"sink\.pipe carries wastewater, and Taker doesn't say"):
        simulate(parts, 1.0)


class Taker(Component):
    """Takes wastewater, and knows nothing of loads."""

    pipe = inlet("wastewater", merit=1)
    place = "sewer"


class Lift(Passer):
    """Passes water on at once."""

    take_in = inlet("wastewater", merit=5)
    let_out = outlet("wastewater")

    def __init__(self, place, to):
        self.place, self.to = place, to

    def declared_ports(self):
        return super().declared_ports() | {"let_out": outlet("wastewater", place=self.to)}

    def follows(self):
        return {"let_out": Follow("take_in")}

    def take(self, bins, moved, came):
        return {"let_out": came["take_in"]}


def test_loads_go_through_a_chain_of_places():
    parts = works(shift=shift(place="upper"), lift=Lift("upper", "sewer"))

    run = simulate(parts, 24.0)

    assert run.loads.total("lift.let_out") == pytest.approx(run.loads.total("sources@upper"))


class Returning(Sewer):
    """A sewer that claims to pass on at once what it does not."""

    delays = False


def test_a_loop_without_a_delay_is_refused_with_its_path():
    parts = works(back=Returning(place="sewer", to="sewer", travel_h=1.0))

    with pytest.raises(FlowLoopError, match=r"round without a stop: .*back"):
        simulate(parts, 10.0)


def test_sewers_deliver_loads_in_the_order_in_which_they_came():
    parts = works(shift=shift(place="upper", start_h=0.0, end_h=2.0), pipe=Sewer(place="upper", to="sewer", travel_h=3.0))

    run = simulate(parts, 4.0)

    # what came in the first hour has arrived after four, the second hour's is on its way
    assert run.loads.total("pipe.outflow")["dissolved_solids"] == pytest.approx(27.0)
    assert run.loads.at_end["pipe"][TDS] == pytest.approx(27.0)
    assert run.loads.residual() < 1e-9


def test_the_concentration_of_a_stream_is_that_of_its_last_bin():
    seen = []

    class Looker(Component):
        def operate(self):
            return [self.look()]

        def look(self):
            for hour in (0.5, 8.0):
                yield self.wait_until(hour)
                seen.append(self.simulation.quality.concentration("tank.fill", self.now))

    simulate(works(looker=Looker()), 10.0)

    assert seen[0] is None
    assert [seen[1][name] for name in LOADS] == pytest.approx(list(STRENGTH_G_PER_M3))


def test_a_storm_basin_keeps_loads_and_gives_them_back():
    tank = EqualisationTank(plant="plant", capacity_m3=50.0, bands=((0.0, 10.0), (0.5, 15.0)), start_frac=0.0)

    run = simulate(works(tank=tank, shift=shift(40.0)), 72.0)

    kept = run.loads.total("storm_basin.fill")["dissolved_solids"]
    given = run.loads.total("storm_basin.draw")["dissolved_solids"]
    assert kept > 10
    assert given == pytest.approx(kept - run.loads.at_end["storm_basin"][TDS], rel=1e-9)
    assert run.loads.residual() < 1e-9


def test_order_of_names_decides_nothing():
    renamed = {f"{9 - k} {name}" if name == "shift" else name: part for k, (name, part) in enumerate(works().items())}

    one, other = simulate(works(), 72.0).loads, simulate(renamed, 72.0).loads

    assert one.stream("river.effluent") == pytest.approx(other.stream("river.effluent"), rel=1e-12)


class EveryHour(Component):
    """Has the park settled at each full hour."""

    def operate(self):
        yield self.tick()

    def tick(self):
        while True:
            yield self.wait(1.0)
            self.changed()


def blocks(monkeypatch):
    """How many bins are carried at once, block by block."""
    carried = []
    carry = Quality._carry

    def noted(self, bins, *flowed):
        carried.append(bins.n)
        carry(self, bins, *flowed)

    monkeypatch.setattr(Quality, "_carry", noted)
    return carried


@pytest.mark.parametrize("grid_kw", [1000.0, 70.0])
def test_carrying_many_bins_at_once_changes_nothing(grid_kw, monkeypatch):
    failing = plant(mtbf_h=60.0, repair_h_median=5.0, maintenance_every_h=70.0, maintenance_h=3.0, sludge_age_d=8.0)
    parts = {
        "plant": failing,
        "hours": EveryHour(),
        "monitor": OnlineMonitor(watches="river.effluent"),
        "grid": Unlimited("electricity", "utilities", gives=grid_kw),
        "day": Shifty("electricity", 62.0, direction=INLET, place="utilities"),
    }
    carried = blocks(monkeypatch)

    later = simulate(works(**parts), 2 * WEEK_H)
    at_once = max(carried)
    monkeypatch.setattr(Quality, "defer", lambda self, outer, n_totals: [])
    carried.clear()
    soon = simulate(works(**parts), 2 * WEEK_H)

    assert (at_once > 5, max(carried)) == (True, 1)
    assert later.amounts == pytest.approx(soon.amounts, rel=1e-12, abs=1e-12)
    assert later.loads.by_day == pytest.approx(soon.loads.by_day, rel=1e-12, abs=1e-12)
    events = [sorted(run.events) for run in (later, soon)]
    assert [event[:3] for event in events[0]] == [event[:3] for event in events[1]]
    assert [event.value for event in events[0]] == pytest.approx([event.value for event in events[1]], rel=1e-12)
    assert {"train_down", "total_p exceeds"} <= {event.what for event in later.events}
    assert bool(later.unserved) == (grid_kw == 70.0)
    assert later.residual < 1e-9


def test_a_passer_that_lags_must_say_by_how_much():
    class Silent(Lift):
        def lags(self):
            return {"let_out": 1.0}

    with pytest.raises(NotImplementedError):
        Silent("a", "b").lag(Lift.let_out)
    with pytest.raises(NotImplementedError):
        Silent("a", "b").lag_course(Lift.let_out)


def reuse(stay_h):
    """Two users: one lets in, and one drinks what the plant has treated and lets it out again."""
    return works(
        plant=plant(mtbf_h=60.0, repair_h_median=5.0, sludge_age_d=8.0),
        tank=EqualisationTank(plant="plant", capacity_m3=60.0, bands=((0.0, 15.0), (0.5, 25.0)), start_frac=0.0),
        outfall=Outfall(place="plant", to="mouth"),
        river=River(place="mouth"),
        stage=ReclaimedWater(feed_m3_per_h=8.0, capacity_m3=20.0, pump_m3_per_h=10.0, place="plant"),
        main=ProcessWaterMain(stay_h=stay_h),
        city=Unlimited("water", "water_main"),
        pipe=Sewer(place="site", to="sewer", travel_h=1.0),
        user=User({"process_water": 4.0}, {"wastewater": 4.0}, place="site"),
    )


PLACES = {("process_water", "site"): "process_main"}


def test_bins_are_carried_in_blocks_as_long_as_what_users_drink_stays(monkeypatch):
    carried = blocks(monkeypatch)

    in_blocks = simulate(reuse(stay_h=10.0), WEEK_H, parents=PLACES)
    at_once = max(carried)
    carried.clear()
    monkeypatch.setattr(Quality, "block_h", property(lambda self: 0.0, lambda self, _: None), raising=False)
    one_by_one = simulate(reuse(stay_h=10.0), WEEK_H, parents=PLACES)

    assert (at_once, max(carried)) == (11, 1)
    assert in_blocks.loads.by_day == pytest.approx(one_by_one.loads.by_day, rel=1e-9, abs=1e-9)
    assert in_blocks.amounts == pytest.approx(one_by_one.amounts, rel=1e-12, abs=1e-12)
    assert in_blocks.loads.residual() < 1e-9
    assert in_blocks.loads.total("stage.product")["dissolved_solids"] > 1.0


def test_what_users_drink_leaves_after_its_stay():
    first = [simulate(reuse(stay_h), 30.0, parents=PLACES).loads for stay_h in (5.0, 40.0)]

    # city water has 120 g/m3 of dissolved solids; the second stay is longer than the run
    returned = [loads.total("pipe.inflow")["dissolved_solids"] for loads in first]
    assert returned == [pytest.approx(returned[0]), 0.0]
    assert returned[0] > 5.0
    assert first[1].at_end["on its way"][TDS] > first[0].at_end["on its way"][TDS]


class Lifting(StormBasin):
    """A basin that gives back at the upper end of a sewer."""

    def declared_ports(self):
        return super().declared_ports() | {"draw": outlet("wastewater", merit=4, place="upper")}


def test_a_loop_through_other_places_is_carried_bin_by_bin(monkeypatch):
    carried = blocks(monkeypatch)
    tank = EqualisationTank(plant="plant", capacity_m3=50.0, bands=((0.0, 10.0), (0.5, 15.0)), start_frac=0.0)
    basin = Lifting(tank="tank", capacity_m3=80.0, pump_m3_per_h=10.0)
    down = Sewer(place="upper", to="sewer", travel_h=2.0)

    run = simulate(works(shift=shift(40.0, place="upper"), down=down, tank=tank, storm_basin=basin), 48.0)

    assert set(carried) == {1}
    assert run.loads.total("storm_basin.draw")["dissolved_solids"] > 10.0
    assert run.loads.residual() < 1e-9


@dataclass(eq=False, kw_only=True)
class Pool(Basin):
    """Takes all wastewater of its place, and gives 4 m3/h to the sewer."""

    fill = inlet("wastewater", merit=5)
    draw = outlet("wastewater")

    place: str
    capacity_m3: float = 900.0
    start_frac: float = 0.1

    def declared_ports(self):
        return super().declared_ports() | {"draw": outlet("wastewater", place="sewer")}

    def start(self):
        super().start()
        self.draw.rate = 4.0

    def limit(self, port):
        return float("inf")


def test_basins_side_by_side_take_together_what_each_would_alone(monkeypatch):
    def loads_of_two_days():
        pools = {"pool_a": Pool(place="a"), "pool_b": Pool(place="b")}
        return simulate(works(**pools, a=shift(5.0, "a"), b=shift(9.0, "b", strength=range(8))), 48.0).loads

    many, together = [], Basin.take_side_by_side
    monkeypatch.setattr(Basin, "take_side_by_side", lambda pools, *which: many.append(len(pools)) or together(pools, *which))
    found = loads_of_two_days()
    monkeypatch.setattr(Basin, "take_side_by_side", Passer.take_side_by_side)
    alone = loads_of_two_days()

    assert set(many) == {2}
    assert found.residual() < 1e-9
    assert found.total("pool_a.draw")["total_n"] > 0
    assert found.by_day == pytest.approx(alone.by_day, rel=1e-12)


class Sink(Pool):
    """Keeps a tenth of what comes to it."""

    def take(self, bins, moved, came):
        return super().take(bins, moved, {"fill": 0.9 * came["fill"]})


def test_a_basin_that_takes_in_its_own_way_does_so_side_by_side():
    def brought(kind):
        pools = {"pool_a": kind(place="a"), "pool_b": kind(place="b")}
        loads = simulate(works(**pools, a=shift(5.0, "a"), b=shift(9.0, "b")), 48.0).loads
        return [loads.total(f"{name}.draw")["total_n"] for name in pools]

    assert brought(Sink) == pytest.approx([0.9 * kg for kg in brought(Pool)], rel=1e-12)
