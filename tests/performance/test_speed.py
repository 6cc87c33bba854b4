"""What a park-year costs, as ratios to a million bare SimPy timeouts timed beside it; run by ``make bench``."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import simpy
from measured_park import measured_park, simulate

from eipsim import load_scenario
from eipsim.components import Factory, StormInflow
from eipsim.components.background import recorded
from eipsim.kernel.simulation import Simulation
from eipsim.scenario import prepare

SLICES = 200
"""Parts into which a year and the timeouts are cut; they are timed in turns, so that both meet the same machine."""

FULL_GOAL, LOADS_GOAL = 3.0, 0.9
"""What a year of the full park should cost at most, and its loads of that, as ratios."""

PAIRS = 5
"""Rounds with loads and without in turns: the machine changes its pace from one minute to the next."""

CLOCKS = 2
"""Times that a simulation lets a clock run: for what is foreseen, and for the run."""


def bare_timeouts() -> simpy.Environment:
    """Return one bare process that waits again and again."""

    def wait(env: simpy.Environment):
        while True:
            yield env.timeout(1.0)

    env = simpy.Environment()
    env.process(wait(env))
    return env


def seconds(work) -> float:
    """Time one call, processor time only."""
    start = time.process_time()
    work()
    return time.process_time() - start


def ratio(work, rounds: int = 3) -> float:
    """Time simulations and a million timeouts in turns, slice by slice; the median of the rounds."""
    ratios = []
    for _ in range(rounds):
        bare, spent = bare_timeouts(), []

        def in_slices(env: simpy.Environment, until: float, run=simpy.Environment.run, bare=bare, spent=spent) -> None:
            for k in range(1, SLICES // CLOCKS + 1):
                run(env, until * k / (SLICES // CLOCKS))
                spent.append(seconds(lambda: run(bare, 1_000_000 / SLICES * (len(spent) + 1))))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(simpy.Environment, "run", in_slices)
            both = seconds(work)
        assert len(spent) == SLICES
        ratios.append((both - sum(spent)) / sum(spent))
    return statistics.median(ratios)


def ratio_without_loads(work) -> float:
    """Time simulations once, as `ratio` does, of a park whose wastewater carries nothing."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in (Factory, StormInflow):
            patch.setattr(kind, "concentrations", lambda self: {})
        return ratio(work, 1)


def in_a_process(code: str) -> list[float]:
    """Run code that prints numbers in a process of its own, whose memory nobody else has touched."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    return [float(word) for word in done.stdout.split()]


def test_a_year_of_168_factories(benchmark):
    park = measured_park()
    simulate(park, 24.0)

    run = benchmark.pedantic(simulate, args=(park,), rounds=1)
    benchmark.extra_info |= {
        "ratio_to_a_million_timeouts": ratio(lambda: simulate(park)),
        "settlements": run.settlements,
        "columns": len(run.columns),
    }

    assert run.residual <= 1e-9
    assert benchmark.extra_info["ratio_to_a_million_timeouts"] <= 2.0


def test_a_year_of_18_with_the_others_as_a_recorded_background(benchmark):
    whole = measured_park()
    whole_run = simulate(whole, record=("factory_*",))
    others = [name for name, factory in whole.factories().items() if not factory.assessed]
    background, profiles = recorded(whole_run, others)
    some = replace(whole, components={k: c for k, c in whole.components.items() if k not in others})

    def year():
        return simulate(some, extra={"others": background}, more=profiles)

    run = benchmark.pedantic(year, rounds=1)
    benchmark.extra_info["ratio_to_a_million_timeouts"] = ratio(year)

    supply = run.amount(component="substation", port="supply")
    assert supply == pytest.approx(whole_run.amount(component="substation", port="supply"), rel=1e-3)
    assert benchmark.extra_info["ratio_to_a_million_timeouts"] <= 1.2


def test_a_year_of_the_full_park_and_what_its_loads_cost(benchmark):
    default, full = (prepare(load_scenario([f"park={name}"])) for name in ("amata", "amata_full"))
    usual = default.run()

    run = benchmark.pedantic(full.run, rounds=1)
    pairs = [(ratio(full.run, 1), ratio_without_loads(full.run)) for _ in range(PAIRS)]
    benchmark.extra_info |= {
        "ratio_to_a_million_timeouts": statistics.median(with_loads for with_loads, _ in pairs),
        "ratio_of_the_default_park": ratio(default.run),
        "ratio_of_loads": statistics.median(with_loads - without for with_loads, without in pairs),
        "settlements": run.settlements,
    }

    assert run.loads.residual() <= 1e-9
    assert run.settlements <= 1.15 * usual.settlements
    assert benchmark.extra_info["ratio_of_loads"] <= LOADS_GOAL
    assert benchmark.extra_info["ratio_to_a_million_timeouts"] <= FULL_GOAL


def test_the_median_settlement(benchmark, monkeypatch):
    spent: list[float] = []
    settle = Simulation._settle

    def timed(self, event=None):
        start = time.perf_counter()
        settle(self, event)
        spent.append(time.perf_counter() - start)

    monkeypatch.setattr(Simulation, "_settle", timed)

    benchmark.pedantic(simulate, args=(measured_park(), 2184.0), rounds=1)
    benchmark.extra_info["median_settlement_us"] = statistics.median(spent) * 1e6

    assert spent


def test_memory_stays_below_400_mb_and_flat_from_year_to_year(benchmark):
    code = """
from pathlib import Path
from measured_park import measured_park, simulate

park = measured_park()
for _ in range(3):
    simulate(park)
    peak_kb = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    print(int(peak_kb) / 1024)
"""
    peaks = benchmark.pedantic(in_a_process, args=(code,), rounds=1)
    benchmark.extra_info["peak_mb"] = peaks

    assert peaks[-1] <= 400
    assert peaks[2] <= 1.05 * peaks[1]


def test_time_per_response_and_column_stays_flat_up_to_2000_factories(benchmark):
    hours = 336.0
    cost = {}
    for n in (168, 500, 2000):
        park = measured_park(n)
        simulate(park, 24.0)
        run = simulate(park, hours)
        responses = len(run.events) + run.settlements
        size = responses + len(run.columns) * hours / 0.5
        cost[n] = min(seconds(partial(simulate, park, hours)) for _ in range(2)) / size * 1e6

    benchmark.pedantic(simulate, args=(measured_park(168), hours), rounds=1)
    benchmark.extra_info["us_per_response_and_column_bin"] = cost

    assert max(cost.values()) <= 2 * cost[168]
