"""Levels are found when something turns, and nobody can tell from what is read of them."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from small_park import scenario, small_park
from toys import Connection, InLineTank, Shifty, Tank, User, simulate

from eipsim.kernel.component import Component
from eipsim.kernel.ledger import Ledger
from eipsim.kernel.levels import Levels
from eipsim.kernel.ports import INLET
from eipsim.scenario import prepare


@dataclass
class Reader(Component):
    """Reads a tank's level every so many hours, and changes nothing."""

    tank: str
    every_h: float

    def operate(self):
        yield self.look()

    def look(self):
        while True:
            yield self.wait(self.every_h)
            self.log("level", self.simulation.components[self.tank].level)


@dataclass
class Flicker(Component):
    """Asks for a settlement every so many hours."""

    every_h: float

    def operate(self):
        yield self.flicker()

    def flicker(self):
        while True:
            yield self.wait(self.every_h)
            self.changed()


def filling():
    """30 m3/h come from hour 6 to 22 and 20 m3/h go: the level rises by 10 m3/h for 16 h, and falls by 20 m3/h."""
    return {
        "factory": Shifty("wastewater", 30.0),
        "tank": InLineTank("wastewater", "equalised", 400.0, 20.0),
        "plant": Connection("equalised", INLET, 5.0),
    }


def level_at(hour):
    return 10.0 * (hour - 6.0) if 6 <= hour <= 22 else max(0.0, 160.0 - 20.0 * (hour - 22.0) if hour > 22 else 0.0)


def find_all(levels, now):
    """Find every level at every settlement."""
    for filling in levels.fillings.values():
        filling.find(now)
    levels.soonest_h = -math.inf


def test_a_level_read_between_settlements_is_what_flows_have_made_of_it():
    run = simulate(filling() | {"reader": Reader("tank", 0.7)}, 24.0)

    read = [(event.hour, event.value) for event in run.events if event.component == "reader"]
    assert len(read) == 34
    assert [value for _, value in read] == pytest.approx([level_at(hour) for hour, _ in read], abs=1e-9)


def test_a_level_is_noted_where_flows_turn_and_where_it_has_left_a_mark():
    few, many = (simulate(filling() | more, 24.0) for more in ({}, {"flicker": Flicker(0.25)}))

    assert many.settlements > few.settlements + 80
    assert few.levels["tank"].tolist() == [[0.0, 6.0, 22.0, 24.0], [0.0, 0.0, 160.0, 120.0]]
    assert many.levels["tank"].tolist() == [[0.0, 6.0, 6.25, 22.0, 24.0], [0.0, 0.0, 2.5, 160.0, 120.0]]


def test_a_mark_is_met_exactly_whoever_settles_just_before_it():
    # full after 4 h: settlements every 0.1 h come within rounding of it
    park = {
        "factory": User({}, {"wastewater": 0.3}),
        "tank": InLineTank("wastewater", "equalised", 1.2 - 1e-16, 0.0),
        "river": Connection("wastewater", INLET, 1.0),
        "plant": Connection("equalised", INLET, 5.0),
        "flicker": Flicker(0.1),
    }

    run = simulate(park, 10.0)

    assert run.levels["tank"][1].max() == 1.2 - 1e-16
    assert run.amount(component="river") == pytest.approx(0.3 * 6.0, abs=1e-9)


def test_whole_traces_are_those_of_levels_that_are_found_at_every_settlement(monkeypatch):
    prepared = prepare(scenario("baseline", park=small_park()))

    seldom = prepared.run()
    monkeypatch.setattr(Levels, "find", find_all)
    always = prepared.run()

    hours, levels = always.levels["tank"]
    assert len(hours) > len(seldom.levels["tank"][0]) > 100
    assert np.interp(hours, *seldom.levels["tank"]) == pytest.approx(levels, rel=1e-12, abs=1e-12)
    assert seldom.amounts == pytest.approx(always.amounts, rel=1e-12)
    assert seldom.settlements == always.settlements


def test_an_alarm_is_looked_for_only_where_it_may_ring_and_is_the_same(monkeypatch):
    prepared = prepare(scenario("baseline", park=small_park()))
    looked, turn = [], Levels.turn

    def seldom(levels, now, waits, until_h):
        alarm = turn(levels, now, waits, until_h)
        looked.append(alarm if alarm < until_h else math.inf)
        return alarm

    def always(levels, now, waits, until_h):
        levels.soonest_h = -math.inf
        return seldom(levels, now, waits, until_h)

    alarms = []
    for way in (seldom, always):
        monkeypatch.setattr(Levels, "turn", way)
        prepared.run()
        alarms.append(looked.copy())
        looked.clear()

    assert sum(alarm < math.inf for alarm in alarms[0]) > 100
    assert alarms[0] == alarms[1]


@dataclass
class Signals(InLineTank):
    """Logs the marks that it meets: one of 55 m3 on the way up, one of 35 m3 on the way down."""

    def all_marks(self):
        return (0.0, 35.0, 55.0, self.capacity)

    def marks_ahead(self, rises):
        return (0.0, 55.0 if rises else 35.0, self.capacity)

    def passed_mark(self):
        self.log("mark", self.level)


def test_a_level_settles_at_the_marks_that_matter_to_its_direction():
    run = simulate(filling() | {"tank": Signals("wastewater", "equalised", 400.0, 20.0)}, 32.0)

    # up by 10 m3/h from hour 6 to 22, down by 20 m3/h from 160 m3, up again from hour 30
    assert [event.value for event in run.events] == [55.0, 35.0, 0.0]
    assert [event.hour for event in run.events] == pytest.approx([11.5, 28.25, 30.0])


@dataclass(eq=False)
class Counter(Tank):
    """A storage that is never full nor empty, and counts what comes twice."""

    def all_marks(self):
        return ()

    def net_rate(self):
        return 2.0 * self.fill.rate


def test_a_level_without_marks_follows_whatever_net_rate_its_storage_states():
    run = simulate({"factory": Shifty("steam", 30.0), "tank": Counter("steam", math.inf)}, 24.0)

    # 30 t/h from hour 6 to 22
    assert run.levels["tank"].tolist() == [[0.0, 6.0, 22.0, 24.0], [0.0, 0.0, 960.0, 960.0]]


def test_users_sums_are_found_again_only_where_an_activity_has_moved(monkeypatch):
    found, sum_up = [], Ledger.sum_up
    monkeypatch.setattr(Ledger, "sum_up", lambda self, cut: found.append(sum_up(self, cut)) or found[-1])

    seldom = simulate(filling() | {"flicker": Flicker(0.25)}, 24.0)
    lists = len({id(totals) for totals in found})
    monkeypatch.setattr(Ledger, "stale", property(lambda self: True, lambda self, _: None), raising=False)
    always = simulate(filling() | {"flicker": Flicker(0.25)}, 24.0)

    # at hour 0, and when the shift begins and ends
    assert (lists, seldom.settlements > 90) == (3, True)
    assert seldom.amounts.tolist() == always.amounts.tolist()
    assert seldom.levels["tank"].tolist() == always.levels["tank"].tolist()
