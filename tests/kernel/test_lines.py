"""Uses of all lines of a factory in a shortage, by numbers that can be worked out."""

import numpy as np
import pytest
from benches import Unlimited, workshop
from toys import Connection, User, grid, simulate

from eipsim.components import Calendar, EqualisationTank, Feeder, Line, River, WaterReservoir
from eipsim.components.meter import Meter
from eipsim.end_uses import Materials, Motors, ProcessHeat, WaterUse
from eipsim.errors import ParkError
from eipsim.kernel.component import Component, Follow
from eipsim.kernel.ports import ALL_LINES, COMFORT, PLANT, gauge, inlet, outlet
from eipsim.kernel.run import Cause
from eipsim.kpis.bottlenecks import lost_hours
from eipsim.park import Park

TEN_HOURS = {"profiles": {"calendar:work": np.ones(20)}}


class TwoLines(Component):
    """Line 0 draws steam and line 1 electricity, 10 each; both together draw 10 of water and let 8 out."""

    def __init__(self, active=(1.0, 1.0), priority=2):
        self.active, self.priority = active, priority

    def declared_ports(self):
        return {
            "steam": inlet("steam", run=10.0, activity=0, line=0),
            "electricity": inlet("electricity", run=10.0, activity=1, line=1),
            "water": inlet("water", run=10.0, activity=2, line=ALL_LINES, priority=self.priority),
            "waste": outlet("wastewater", run=8.0, activity=2, line=ALL_LINES),
            "bath": gauge("materials", run=100.0, activity=2, line=ALL_LINES),
            "output_0": gauge("output", activity=0, line=0),
            "output_1": gauge("output", activity=1, line=1),
        }

    def start(self):
        for k, activity in enumerate((*self.active, sum(self.active) / 2)):
            self.activity[k] = activity


def run_of(it, steam=100.0, electricity=100.0, water=100.0, hours=10.0):
    """Return mean rates by port."""
    parts = {
        "it": it,
        "boiler": Connection("steam", capacity=steam),
        "grid": grid(electricity),
        "main": Connection("water", capacity=water),
        "sewer": Connection("wastewater", -1, 1.0),
    }
    run = simulate(parts, hours)
    assert run.residual < 1e-12
    return {port: run.amount(component="it", port=port) / hours for port in it.declared_ports()}, run


@pytest.mark.parametrize(
    ("active", "left"),
    # of two lines alike one stops; of one that runs and one that is set up at a quarter the latter; the only one; neither runs
    [((1.0, 1.0), 0.5), ((1.0, 0.25), 1.0 / 1.25), ((0.0, 1.0), 0.0), ((0.0, 0.0), 0.5)],
)
def test_uses_of_all_lines_lose_what_the_cut_line_is_of_their_activity(active, left):
    rates, _ = run_of(TwoLines(active), electricity=0.0)

    mean = sum(active) / 2
    assert rates["water"] == pytest.approx(10.0 * mean * left, abs=1e-12)
    assert rates["waste"] == pytest.approx(8.0 * mean * left, abs=1e-12)
    assert rates["bath"] == pytest.approx(100.0 * mean * left, abs=1e-12)
    assert rates["steam"] == 10.0 * active[0]


def test_a_use_of_all_lines_that_is_short_slows_every_line_and_is_the_cause():
    rates, run = run_of(TwoLines(), water=4.0)

    assert [rates[port] for port in ("water", "steam", "electricity", "output_0", "output_1")] == [4.0, 4.0, 4.0, 0.4, 0.4]
    cause = Cause("shortage", "water", "park", "main", "at its limit")
    assert [(loss.line, loss.cause, loss.hours) for loss in run.lost] == [
        (0, cause, pytest.approx(6)),
        (1, cause, pytest.approx(6)),
    ]


def test_what_a_line_that_is_cut_deeper_does_not_want_goes_to_the_others():
    rates, run = run_of(TwoLines(), steam=2.0, water=4.0)

    # line 0 wants 5 × 0.2 of the water, which leaves 3 of 5 for line 1
    assert rates["output_0"] == pytest.approx(0.2)
    assert rates["output_1"] == pytest.approx(0.6)
    assert rates["water"] == pytest.approx(4.0, rel=1e-12)
    lost = {(loss.line, loss.cause.carrier): loss.hours for loss in run.lost}
    assert lost == {(0, "steam"): pytest.approx(8.0), (1, "water"): pytest.approx(4.0)}


def test_a_comfort_use_of_all_lines_is_cut_before_production_and_stops_nothing():
    it = TwoLines(priority=COMFORT)

    assert run_of(it, water=4.0)[0]["output_0"] == 1.0
    assert run_of(it, water=4.0)[0]["water"] == 4.0
    assert run_of(it, water=4.0, electricity=5.0)[0]["water"] == 4.0
    assert run_of(it, water=8.0, electricity=5.0)[0]["water"] == 7.5


def test_a_use_of_all_lines_without_any_line_takes_what_its_bus_gives():
    run = simulate({"it": User({"water": 8.0}, line=ALL_LINES), "main": Connection("water", capacity=2.0)}, 10.0)

    assert run.amount(component="it", port="water") == pytest.approx(20.0)


def test_a_use_of_all_lines_beside_a_line_without_an_activity_is_refused():
    class Odd(TwoLines):
        def declared_ports(self):
            return super().declared_ports() | {"output_7": gauge("output", activity=0, line=7)}

    with pytest.raises(ParkError, match=r"it has a line 7 and 3 activities: .* activity k must be that of line k"):
        run_of(Odd())


def test_all_that_a_factory_uses_with_its_lines_stops_with_their_electricity():
    uses = {
        "machines": Motors(shaft_kw=88.0, efficiency_frac=0.88, driver="line:0"),
        "press": ProcessHeat(carrier="electricity", useful_kw=10.0, driver="line:1"),
        "boiler": ProcessHeat(carrier="lpg", useful_kw=50.0),
        "washing": WaterUse(process_m3_per_h=5.0, sanitary_m3_per_h=1.0, return_frac=0.8, chemicals_vnd_per_h=100.0),
        "materials": Materials(product_vnd_per_h=1000.0),
    }
    it = workshop(lines=(Line(units_per_h=10.0), Line(units_per_h=30.0)), end_uses=uses)
    parts = {
        "it": it,
        "feeder": Feeder(place="site", to="busbar", planned_outages_h=((2.0, 6.0),), interruptions_per_yr=0.0),
        "calendar:work": Calendar(edges_h=(0.0, 10.0)),
        "grid": Unlimited("electricity", "busbar"),
        **{f"{carrier}_supply": Unlimited(carrier, "site") for carrier in ("water", "wastewater", "lpg")},
    }

    run = simulate(parts, 10.0, **TEN_HOURS)

    calm = simulate(parts | {"feeder": Unlimited("electricity", "site")}, 10.0, **TEN_HOURS)
    follow = ("boiler_useful", "washing_process", "washing_process_waste", "washing_chemicals", "output_0", "output_1")
    for port in follow:
        assert run.amount(component="it", port=port) == pytest.approx(0.6 * calm.amount(component="it", port=port))
    for port in ("boiler_loss", "washing_sanitary", "run_0", "run_1"):
        assert run.amount(component="it", port=port) == calm.amount(component="it", port=port)
    rows = lost_hours(run, Park("one", {"it": it}))
    assert [(row.line, row.cause, row.root, row.lost_h) for row in rows] == [
        (k, "shortage", "feeder", pytest.approx(4.0, rel=1e-12)) for k in range(2)
    ]


def test_a_tenant_whose_uses_all_follow_its_line_makes_nothing_without_electricity():
    parts = {
        "it": workshop(),
        "feeder": Feeder(place="site", to="busbar", planned_outages_h=((2.0, 6.0),), interruptions_per_yr=0.0),
        "calendar:work": Calendar(edges_h=(0.0, 10.0)),
        "grid": Unlimited("electricity", "busbar"),
        "main": Unlimited("water", "site"),
        "sewer": Unlimited("wastewater", "site"),
    }

    run = simulate(parts, 10.0, **TEN_HOURS)

    assert run.amount(component="it", port="output_0") == pytest.approx(10.0 * 6)
    assert run.amount(component="it", port="run_0") == 10.0
    assert run.amount(component="it", port="washing_process") == pytest.approx(5.0 * 6)


def test_reservoir_and_equalisation_tank_feel_a_feeder_that_is_out():
    def parts(outages):
        return {
            "it": workshop(end_uses={**workshop().end_uses, "washing": WaterUse(process_m3_per_h=5.0, return_frac=0.8)}),
            "feeder": Feeder(place="feeder", to="busbar", planned_outages_h=outages, interruptions_per_yr=0.0),
            "meter": Meter(place="site", to="feeder"),
            "calendar:work": Calendar(edges_h=(0.0, 10.0)),
            "grid": Unlimited("electricity", "busbar"),
            "works": Connection("water", capacity=3.0, place="water_main"),
            "reservoir": WaterReservoir(capacity_m3=50.0, fill_m3_per_h=3.0, draw_m3_per_h=9.0, start_frac=0.6),
            "tank": EqualisationTank(place="sewer", capacity_m3=100.0, bands=((0.0, 1.0),), start_frac=0.1),
            "river": River(place="plant", sewer_place="sewer"),
        }

    where = {"parents": {("water", "site"): "water_main", ("wastewater", "site"): "sewer"}}

    calm, out = (simulate(parts(outages), 10.0, **TEN_HOURS, **where) for outages in ((), ((2.0, 6.0),)))

    # 5 less 3 m3/h leave the reservoir; for 4 h nothing does and 3 m3/h come in
    assert [run.levels["reservoir"][1][-1] for run in (calm, out)] == pytest.approx([30 - 10 * 2, 30 - 6 * 2 + 4 * 3])
    # 4 m3/h come into the tank and 1 m3/h leaves it; for 4 h nothing comes
    assert [run.levels["tank"][1][-1] for run in (calm, out)] == pytest.approx([10 + 10 * 3, 10 + 6 * 3 - 4])


class Works(Component):
    """A plant that draws 1 at rest and 0.7 for each unit of wastewater, before the lines."""

    def declared_ports(self):
        return {
            "inflow": inlet("wastewater", 5.0),
            "outflow": outlet("effluent"),
            "power": inlet("electricity", priority=PLANT),
        }

    def limit(self, port):
        return 100.0

    def follows(self):
        return {"outflow": Follow("inflow"), "power": Follow("inflow", 0.7, 1.0)}


@pytest.mark.parametrize(("capacity", "made"), [(4.3, 0.5), (1.0, 0.0), (7.6, 1.0), (7.5, 6.5 / 6.6)])
def test_a_plant_that_needs_more_power_than_the_lines_whose_water_it_treats_comes_to_rest(capacity, made):
    parts = {
        "line": User({"electricity": 1.0}, {"wastewater": 8.0}),
        "plant": Works(),
        "grid": grid(capacity),
        "river": Connection("wastewater", -1, 1.0),
        "outfall": Connection("effluent", -1, 1.0),
    }

    run = simulate(parts, 10.0)

    # at a share φ of the line: 1 + 0.7 × 8 φ for the plant and φ for the line
    assert run.amount(component="line", port="output") == pytest.approx(10 * made, rel=1e-9, abs=1e-9)
    assert run.amount(component="plant", port="power") == pytest.approx(10 * (1 + 5.6 * made), rel=1e-9)
    assert run.residual < 1e-9
