import numpy as np
import pytest
from toys import Machine, simulate

from eipsim.kernel.component import Component
from eipsim.kernel.crew import Crew


class Job(Component):
    """Asks for the crew at an hour and notes when it came."""

    def __init__(self, at, priority, notes):
        self.at, self.priority, self.notes = at, priority, notes

    def operate(self):
        return [self.ask()]

    def ask(self):
        yield self.wait_until(self.at)
        yield self.simulation.components["crew"].request(self, "job", self.priority)
        self.notes.append((self.now, self.name))
        yield self.wait(1.0)
        self.simulation.components["crew"].release()


def grants(*names, **settings):
    notes = []
    jobs = {name: Job(2.0, 1, notes) for name in names} | {"urgent": Job(2.0, 0, notes)}
    simulate(jobs | {"crew": Crew(1)}, 24.0, **settings)
    return notes


def test_a_crew_comes_by_priority_first():
    assert grants("a", "b", "c")[0] == (2.0, "urgent")


def test_ties_are_decided_by_the_seed_and_not_by_order():
    forward, backward = grants("a", "b", "c", "d"), grants("d", "c", "b", "a")
    orders = {tuple(name for _, name in grants("a", "b", "c", "d", replication=r)[1:]) for r in range(20)}

    assert forward == backward
    assert len(orders) > 5


def test_who_is_granted_later_in_the_same_instant_still_waits_for_all_requests():
    notes = []
    jobs = {"late": Job(3.0, 1, notes), "first": Job(2.0, 1, notes), "urgent": Job(3.0, 0, notes)}

    simulate(jobs | {"crew": Crew(1)}, 24.0)

    assert notes == [(2.0, "first"), (3.0, "urgent"), (4.0, "late")]


@pytest.mark.slow
def test_five_machines_with_one_crew_wait_as_long_as_theory_says():
    # closed form of the machine-repair model: N = 5, failure rate 0.01, repair rate 0.1
    expected = {"availability": 0.8720956462891947, "waiting": 0.20347394540942926}
    park = {f"machine_{k}": Machine(100.0, 10.0, "crew") for k in range(5)} | {"crew": Crew(1)}

    runs = [simulate(park, 20_000.0, resolution_h=0.0, seed=k) for k in range(20)]
    up = np.array([r.amount(port="up") / 5 / r.hours for r in runs])
    waiting = np.array([r.amount(port="waiting") / r.hours for r in runs])

    for sample, value in ((up, expected["availability"]), (waiting, expected["waiting"])):
        half = 2.093 * sample.std(ddof=1) / 20**0.5
        assert abs(sample.mean() - value) <= max(half, 0.0)
        assert abs(sample.mean() / value - 1) <= 0.03
