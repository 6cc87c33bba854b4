"""The number of replications of an M/M/1 queue, beside what sim-tools asks for and what queueing theory says."""

import json
from functools import cache
from pathlib import Path

import pytest
from mm1 import mean_wait_h

from eipsim.kpis import Stopping, decide, running

RECORD = json.loads(Path(__file__).with_name("sim_tools.json").read_text(encoding="utf-8"))
CASES = RECORD["cases"]
REACHED = [case for case in CASES if case["enough"] is not None]


def named(case):
    return f"{case['utilisation']}-{case['seed']}-{case['precision_frac']}-{case['look_ahead']}"


@cache
def waits_h(utilisation, seed):
    count = max(case["run"] for case in CASES if (case["utilisation"], case["seed"]) == (utilisation, seed))
    return [mean_wait_h(utilisation, seed, replication) for replication in range(count)]


def stopped(case):
    stopping = Stopping(
        relative_frac=case["precision_frac"], least=RECORD["least"], most=RECORD["most"], look_ahead=case["look_ahead"]
    )
    return decide({"queue": waits_h(case["utilisation"], case["seed"])}, stopping)


@pytest.mark.parametrize("case", REACHED, ids=named)
def test_as_many_replications_are_enough_as_sim_tools_says(case):
    found = stopped(case)

    assert (found.enough, found.replications) == (case["enough"], case["run"])
    assert found.bound == "relative"


@pytest.mark.parametrize("case", [case for case in CASES if case["enough"] is None], ids=named)
def test_what_sim_tools_does_not_reach_is_ended_by_the_greatest_number(case):
    found = stopped(case)

    assert (found.enough, found.replications, found.bound) == (None, RECORD["most"], "most")


@pytest.mark.parametrize("case", CASES, ids=named)
def test_mean_and_interval_are_those_of_sim_tools(case):
    means, half_widths = running(waits_h(case["utilisation"], case["seed"])[: case["run"]])

    assert means[-1] == pytest.approx(case["mean"], rel=1e-12)
    assert means[-1] - half_widths[-1] == pytest.approx(case["low"], rel=1e-9)
    assert means[-1] + half_widths[-1] == pytest.approx(case["high"], rel=1e-9)


@pytest.mark.parametrize("case", [case for case in REACHED if case["precision_frac"] == 0.05], ids=named)
def test_the_mean_wait_is_that_of_queueing_theory(case):
    theory_h = case["utilisation"] / (1 - case["utilisation"])
    standard_error_frac = case["precision_frac"] / 1.96

    assert case["mean"] == pytest.approx(theory_h, rel=3 * standard_error_frac)
