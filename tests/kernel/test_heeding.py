"""Components are asked for a response only where a dispatch matters to them."""

import numpy as np
import pytest
from small_park import scenario, small_park
from toys import Connection, Shifty, User, grid, simulate

from eipsim.components import EqualisationTank, Sewer
from eipsim.kernel.component import Component
from eipsim.kernel.ports import INLET, OUTLET, inlet, outlet
from eipsim.park_loads import with_sewers
from eipsim.scenario import prepare

ASKED = []


class Deaf(Component):
    """Takes what comes and gives 2, whatever it is; asks for a settlement at hours 5 and 15, and draws power."""

    inflow = inlet("wastewater", 5.0)
    power = inlet("electricity")

    def operate(self):
        yield self.ring()

    def ring(self):
        for hour in (5.0, 15.0):
            yield self.wait_until(hour)
            self.changed()

    def respond(self):
        ASKED.append(self.now)
        self.power.rate = 2.0 * self.served
        self.heeds = False


def test_a_component_that_does_not_heed_dispatches_is_asked_after_its_own_changes_only():
    ASKED.clear()
    park = {"factory": Shifty("wastewater", 7.0), "deaf": Deaf(), "grid": grid()}

    run = simulate(park, 48.0)

    assert ASKED == [0.0, 5.0, 15.0]
    assert run.amount(component="deaf", port="inflow") == pytest.approx(7.0 * 32.0)
    assert run.amount(component="grid") == pytest.approx(2.0 * 48.0)


def test_in_a_shortage_everyone_is_asked():
    # 10 kW for 9 and for the 2 of the component, until the factory stops at hour 22
    ASKED.clear()
    park = {
        "factory": Shifty("electricity", 9.0, direction=INLET),
        "drain": User({}, {"wastewater": 1.0}),
        "river": Connection("wastewater", INLET, 1.0),
        "deaf": Deaf(),
        "grid": Connection("electricity", OUTLET, 9.0, 10.0),
    }

    run = simulate(park, 48.0)

    assert {6.0, 22.0, 30.0, 46.0} <= set(ASKED)
    assert run.amount(component="deaf", port="power") == pytest.approx(2.0 * 16.0 + 10.0 / 11.0 * 2.0 * 32.0)


def test_a_tank_behind_a_sewer_flows_as_it_does_when_it_is_asked_each_time(monkeypatch):
    park = with_sewers(small_park(pipe=Sewer(place="north", travel_h=1.0)), {"feeder": "north"})
    prepared = prepare(scenario("baseline", park=park))
    asked = {"seldom": 0, "always": 0}

    def counting(kind, when):
        respond = kind.respond

        def counted(self):
            asked[when] += 1
            respond(self)
            self.heeds = self.heeds or when == "always"

        return counted

    runs = {}
    for when in asked:
        with monkeypatch.context() as patch:
            patch.setattr(EqualisationTank, "respond", counting(EqualisationTank, when))
            runs[when] = prepared.run()

    assert asked["seldom"] < asked["always"]
    assert np.array_equal(runs["seldom"].amounts, runs["always"].amounts)
    assert runs["seldom"].events == runs["always"].events


def test_a_component_is_not_asked_about_ports_that_it_is_deaf_to():
    asked = []

    class Still(Component):
        deaf_to = ("cold",)
        cold = outlet("chilled_water", 1.0)
        steam = outlet("steam", 1.0)
        power = inlet("electricity")

        def respond(self):
            asked.append((self.cold.rate, self.steam.rate))
            self.power.rate = 0.5 * self.steam.rate

    park = {
        "still": Still(),
        "cool": Shifty("chilled_water", 3.0, 6.0, 22.0, direction=INLET),
        "mill": Shifty("steam", 4.0, 8.0, 20.0, direction=INLET),
        "grid": grid(),
    }

    run = simulate(park, 24.0)

    assert asked == [(0.0, 0.0), (3.0, 4.0), (3.0, 0.0)]
    assert run.amount(component="still", port="power") == 0.5 * 4.0 * 12.0
