"""Lives that nothing can change are lived before the clock starts, and nobody can tell from the numbers."""

import dataclasses

import numpy as np
import pytest
from small_park import scenario, small_park, week
from toys import Foreman, User, simulate

from eipsim.components import Calendar, Factory, SolarArray
from eipsim.kernel.activity_log import ActivityLog
from eipsim.kernel.component import Component
from eipsim.kernel.crew import Crew
from eipsim.kernel.foresight import Agenda, Foretold, changed, foreseen
from eipsim.scenario import Scenario, prepare

SEEN = ("candles.*", "denim.*", "tank.*", "substation.supply")


def run_of(park, replication=0):
    return prepare(Scenario("baseline", park, week(), ())).run(replication, 2022, SEEN)


@pytest.mark.parametrize("planned_stops_h", [(), ((30.0, 54.0), (100.0, 101.5))])
@pytest.mark.parametrize("crew_size", [1, 2])
def test_a_foreseen_run_is_the_run_it_would_be_live_to_the_last_digit(monkeypatch, planned_stops_h, crew_size):
    park = small_park(crew=Crew(crew_size))
    for name in ("candles", "denim"):
        park = park.replace(name, planned_stops_h=planned_stops_h)

    ahead = run_of(park)
    monkeypatch.setattr(Factory, "foreseeable", False)
    live = run_of(park)

    assert ahead.amounts.tobytes() == live.amounts.tobytes()
    assert sorted(ahead.events) == sorted(live.events)
    assert len(ahead.events) > 10
    assert ahead.settlements == live.settlements
    assert all(np.array_equal(ahead.series[name], live.series[name]) for name in ahead.series)


def test_events_are_told_in_order_of_time():
    hours = [event.hour for event in run_of(small_park()).events]

    assert hours == sorted(hours)


def test_a_factory_that_shares_its_crew_with_another_kind_of_component_is_not_foreseen():
    modules = SolarArray(place="site_1", peak_kw=100.0, crew="crew", mtbf_h=100.0, feeder="feeder")
    components = scenario(park=small_park()).build().components

    assert foreseen(components) == {"candles", "denim", "neighbour"}
    assert foreseen({**components, "modules": modules}) == {"neighbour"}


@pytest.mark.parametrize("name", ["candles", "denim"])
def test_a_factory_that_takes_orders_is_foreseen_and_stands_still_as_if_it_was_not(monkeypatch, name):
    park = small_park(crew=Crew(1), foreman=Foreman(name))

    without, ahead = run_of(small_park(crew=Crew(1))), run_of(park)
    monkeypatch.setattr(Factory, "foreseeable", False)
    live = run_of(park)

    assert not np.array_equal(ahead.amounts, without.amounts)
    assert ahead.amounts == pytest.approx(live.amounts, rel=1e-12, abs=1e-9)
    assert sorted(ahead.events) == sorted(live.events)
    assert {loss.cause.what for loss in ahead.lost} >= {"held back"}
    assert [loss[:3] for loss in ahead.lost] == [loss[:3] for loss in live.lost]
    assert [loss.hours for loss in ahead.lost] == pytest.approx([loss.hours for loss in live.lost], rel=1e-12)


def test_a_line_that_was_foreseen_can_not_be_held():
    @dataclasses.dataclass
    class Meddler(Component):
        def operate(self):
            yield self.meddle()

        def meddle(self):
            yield self.wait_until(20.0)
            self.simulation.components["candles"].hold(0, True)

    with pytest.raises(RuntimeError, match=r"candles is held, though its lines were foreseen: name it in disturbs\(\)"):
        run_of(small_park(meddler=Meddler()))


def test_a_foreseeable_component_must_say_what_it_foretells():
    class Silent(User):
        foreseeable = True

    with pytest.raises(NotImplementedError):
        simulate({"silent": Silent({}), "calendar:x": Calendar(edges_h=())}, 1.0)


def test_only_changes_are_foretold():
    told = changed(3, np.array([1.0, 2.0, 5.0]), np.array([0.5, 0.5, 0.0]), 0.5)

    assert [part.tolist() for part in told] == [[5.0], [3], [0.0]]


def test_an_agenda_has_one_entry_an_instant():
    first = Foretold(np.array([1.0, 4.0]), np.array([0, 0]), np.array([1.0, 0.0]))
    second = Foretold(np.array([4.0]), np.array([1]), np.array([0.25]))

    agenda = Agenda([first, second], [10, 20])

    assert (agenda.hours.tolist(), agenda.starts.tolist()) == ([1.0, 4.0], [0, 1, 3])
    assert (agenda.cells.tolist(), agenda.values.tolist()) == ([10, 10, 21], [1.0, 0.0, 0.25])


def test_what_an_order_hides_is_in_the_log_as_it_came_and_not_as_it_was_foreseen():
    foretold = Foretold(np.array([1.0, 3.0, 5.0, 9.0]), np.zeros(4, int), np.array([1.0, 0.5, 0.0, 1.0]))
    log, agenda = ActivityLog(2), Agenda([foretold], [1])
    log.add(0.0, np.array([0, 1]), np.array([7.0, 0.25]))
    log.foretell(agenda)

    log.add(2.0, np.array([1]), np.array([0.0]))
    agenda.shown[1:3] = False
    log.add(6.0, np.array([1]), np.array([0.0]))

    (still_h, still), (hours, values) = log.traces()
    assert (still_h.tolist(), still.tolist()) == ([0.0, 0.0], [0.0, 7.0])
    assert (hours.tolist(), values.tolist()) == ([0.0, 0.0, 1.0, 2.0, 6.0, 9.0], [0.0, 0.25, 1.0, 0.0, 0.0, 1.0])
