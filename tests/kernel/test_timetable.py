"""What is known ahead stands in one timetable, which wakes whoever sleeps until one of its hours."""

from types import SimpleNamespace

import numpy as np
import pytest
import simpy
from toys import Connection, Reminder, Shifty, User, grid, simulate

from eipsim.kernel.foresight import Agenda, Foretold
from eipsim.kernel.ports import INLET
from eipsim.kernel.simulation import Simulation
from eipsim.kernel.timetable import Timetable

SUN = np.tile([0.0, 1.0, 1.0, 0.5], 12)


def foretold(*hours):
    return Foretold(np.array(hours), np.zeros(len(hours), np.int64), np.ones(len(hours)))


def test_rows_are_all_hours_at_which_an_activity_or_a_profile_changes_or_a_bin_ends():
    agenda = Agenda([foretold(0.25, 1.0), foretold(1.0)], [0, 5])
    ledger = SimpleNamespace(moves=lambda: [0, 2, 3])

    rows = list(Timetable(agenda, ledger, 0.5, np.array([1.0, 2.0]), 2.5))

    assert rows == [
        (0.0, 0.25, 0, 0, 0, 0.0),
        (0.25, 1.0, 0, 1, -1, 0.0),
        (1.0, 1.5, 1, 3, 2, 1.0),
        (1.5, 2.0, 3, 3, 3, 1.0),
        (2.0, 2.5, 3, 3, -1, 2.0),
    ]


@pytest.fixture
def scheduled(monkeypatch):
    """Count SimPy events."""
    events, schedule = [], simpy.Environment.schedule

    def counted(env, *args, **settings):
        events.append(env.now)
        return schedule(env, *args, **settings)

    monkeypatch.setattr(simpy.Environment, "schedule", counted)
    return events


def test_lives_that_sleep_until_an_hour_of_the_timetable_are_woken_by_it(monkeypatch, scheduled):
    park = {
        "array": User({}, {"electricity": 10.0}, factors=("sun",)),
        "sink": Connection("electricity", INLET, 1.0),
        "factory": Shifty("electricity", 4.0, 6.5, 22.0, direction=INLET),
        "reminder": Reminder((0.5, 0.7, 1.5, 6.5)),
        "grid": grid(),
    }

    together = simulate(park, 24.0, profiles={"sun": SUN})
    few = len(scheduled)
    monkeypatch.setattr(Simulation, "kept", property(lambda self: frozenset(), lambda self, hours: None), raising=False)
    apart = simulate(park, 24.0, profiles={"sun": SUN})

    # 0.5, 1.5, 6.5 and 22 are in the timetable: none is woken apart there, and at the last three nothing is settled apart
    assert len(scheduled) - few == few + 4 + 3
    assert together.amounts.tolist() == apart.amounts.tolist()
    assert together.settlements == apart.settlements
    assert [event.hour for event in together.events] == [0.5, 0.7, 1.5, 6.5]
