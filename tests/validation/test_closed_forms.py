"""Crews and repairs against queueing and reliability theory: 20 long replications on exact times."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from benches import bench
from toys import simulate

from eipsim.components import Factory, Line, WastewaterPlant
from eipsim.end_uses import PlugLoad
from eipsim.kernel.component import Component
from eipsim.kernel.crew import Crew
from eipsim.kernel.run import Run
from eipsim.kernel.streams import Stream

REPLICATIONS = 20
T_95 = 2.101
"""Student's t for 18 degrees of freedom, two-sided."""

Draw = Callable[[Stream], float]


def exponential(mean: float) -> Draw:
    return lambda stream: stream.exponential(mean)


@dataclass(eq=False)
class Customers(Component):
    """Jobs that arrive at random at a crew; keeps how long each waited (infinite if it would not), and the work it brought."""

    per_h: float
    service: Draw
    waits: list
    work: list
    priority: int = 0
    patient: bool = True

    def operate(self):
        return [self.arrive()]

    def arrive(self):
        gaps, lengths = self.stream("arrivals"), self.stream("services")
        while True:
            yield self.wait(gaps.exponential(1 / self.per_h))
            self.work.append(self.service(lengths))
            self.simulation.live(self.be_served(str(len(self.work)), self.work[-1]))

    def be_served(self, job, length):
        crew, begun = self.simulation.components["crew"], self.now
        if not self.patient and not crew.free:
            self.waits.append(np.inf)
            return
        yield crew.request(self, job, self.priority)
        self.waits.append(self.now - begun)
        yield self.wait(length)
        crew.release()


def queue(hours: float, size: int, *classes: dict, of: Callable = np.mean) -> tuple[np.ndarray, np.ndarray]:
    """Return a statistic of the waits of each class, shape (replications, classes), and the work that came [1]."""
    found, offered = [], []
    for replication in range(REPLICATIONS):
        waits, work = [[] for _ in classes], []
        jobs = {f"class {k}": Customers(waits=waits[k], work=work, **one) for k, one in enumerate(classes)}
        simulate({"crew": Crew(size), **jobs}, hours, resolution_h=0.0, replication=replication)
        found.append([of(one[len(one) // 50 :]) for one in waits])
        offered.append(sum(work) / hours)
    return np.array(found), np.array(offered)


def agrees(sample: np.ndarray, value: float, offered: np.ndarray, expected: float) -> None:
    """Hold a closed form to the 95 % interval and the mean to 3 %, both by regression on the work that happened to come.

    The work that came is a control variate: its expectation is known exactly, so the regression line is read there.
    """
    known = offered - expected
    slope = np.cov(known, sample)[0, 1] / known.var(ddof=1)
    mean = sample.mean() - slope * known.mean()
    left = sample - mean - slope * known
    spread = (
        left @ left / (len(sample) - 2) * (1 / len(sample) + known.mean() ** 2 / ((known - known.mean()) ** 2).sum())
    ) ** 0.5
    assert abs(mean - value) <= T_95 * spread, (mean, T_95 * spread, value)
    assert abs(mean / value - 1) <= 0.03, (mean, T_95 * spread, value)


@pytest.mark.slow
def test_one_server_and_exponential_services_make_customers_wait_four_hours():
    waits, offered = queue(20_000.0, 1, {"per_h": 0.8, "service": exponential(1.0)})

    agrees(waits[:, 0], 4.0, offered, 0.8)


@pytest.mark.slow
def test_three_servers_share_one_queue():
    waits, offered = queue(60_000.0, 3, {"per_h": 0.2, "service": exponential(10.0)})

    agrees(waits[:, 0], 4.444444444444444, offered, 2.0)


@pytest.mark.slow
def test_three_servers_leave_four_customers_of_nine_waiting():
    waits, offered = queue(15_000.0, 3, {"per_h": 0.2, "service": exponential(10.0)}, of=lambda w: (np.array(w) > 0).mean())

    agrees(waits[:, 0], 0.4444444444444444, offered, 2.0)


@pytest.mark.slow
def test_services_of_one_length_halve_the_wait():
    waits, offered = queue(20_000.0, 1, {"per_h": 0.8, "service": lambda stream: 1.0})

    agrees(waits[:, 0], 2.0, offered, 0.8)


@pytest.mark.slow
def test_uniform_services_lie_between():
    waits, offered = queue(15_000.0, 1, {"per_h": 0.8, "service": lambda stream: stream.between(0.0, 2.0)})

    agrees(waits[:, 0], 2.6666666666666674, offered, 0.8)


@pytest.mark.slow
def test_who_has_priority_waits_a_fifth_as_long():
    urgent, patient = {"per_h": 0.2, "service": exponential(1.0)}, {"per_h": 0.6, "service": exponential(1.0), "priority": 1}

    waits, offered = queue(15_000.0, 1, urgent, patient)

    agrees(waits[:, 0], 1.0, offered, 0.8)
    agrees(waits[:, 1], 5.0, offered, 0.8)


@pytest.mark.slow
def test_customers_who_do_not_wait_are_lost_as_erlang_says():
    waits, offered = queue(
        2000.0, 5, {"per_h": 4.0, "service": exponential(1.0), "patient": False}, of=lambda w: np.isinf(w).mean()
    )

    agrees(waits[:, 0], 0.19906687402799378, offered, 4.0)


MTBF_H, MTTR_H, SIGMA = 720.0, 24.0, 0.6
REPAIR = {"mtbf_h": MTBF_H, "repair_h_median": MTTR_H / np.exp(SIGMA**2 / 2), "repair_sigma": SIGMA}
SINGLE = 0.967741935483871
"""Availability of one machine; that of several does not depend on how repairs are distributed."""


def contains(sample: np.ndarray, value: float, within: float) -> None:
    half = 2.093 * sample.std(ddof=1) / len(sample) ** 0.5
    assert abs(sample.mean() - value) <= half, (sample.mean(), half, value)
    assert abs(sample.mean() / value - 1) <= within, (sample.mean(), half, value)


def up_frac(run, machines: int, needed: int) -> float:
    """Share of the time in which enough trains of a plant are up, from its events."""
    hours, up = [0.0], [machines]
    for event in run.events:
        hours.append(event.hour)
        up.append(event.value)
    spans = np.diff([*hours, run.hours])
    return float(spans[np.array(up) >= needed].sum() / run.hours)


def replications(component: Component, hours: float) -> list[Run]:
    """Run a component alone for a long time, as if no day differed from another."""
    calm = {"profiles": {"calendar:work": np.ones(1)}, "step_h": hours}
    return [bench(component, hours, replication=replication, **calm) for replication in range(REPLICATIONS)]


def test_a_line_is_available_as_long_as_theory_says():
    machine = Line(units_per_h=1.0, down_frac=0.0, **REPAIR)
    drive = PlugLoad(nameplate_kw=1.0, driver="line:0")
    factory = Factory(place="site", calendar="work", lines=(machine,), end_uses={"drive": drive})

    runs = replications(factory, 200_000.0)
    down = np.array([1 - run.amount(component="it", port="output_0") / run.hours for run in runs])

    contains(1 - down, SINGLE, 0.03)
    contains(down, 1 - SINGLE, 0.03)


@pytest.mark.slow
@pytest.mark.parametrize(("trains", "needed", "value"), [(2, 1, 0.9989594172736732), (3, 2, 0.9969453861904602)])
def test_a_plant_with_a_spare_train_is_available_as_theory_says(trains, needed, value):
    plant = WastewaterPlant(trains=trains, train_m3_per_h=10.0, **REPAIR)

    up = np.array([up_frac(run, trains, needed) for run in replications(plant, 300_000.0)])

    contains(up, value, 0.03)
    contains(1 - up, 1 - value, 0.1)
