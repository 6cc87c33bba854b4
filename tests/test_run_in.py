from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from small_park import MONDAY, WEEK_H, scenario

from eipsim.errors import ConfigError
from eipsim.kernel.run import Event
from eipsim.run_in import run_in_problem, without_run_in
from eipsim.scenario import simulate

RECORD = ("substation.supply",)


@pytest.fixture(scope="module")
def plain():
    return simulate(scenario(), 1, record=RECORD)


@pytest.fixture(scope="module")
def longer():
    """The week with two days before it, all counted."""
    context = replace(scenario().context, horizon=replace(scenario().context.horizon, start=MONDAY - timedelta(2), hours=216))
    return simulate(replace(scenario(), context=context), 1, record=RECORD)


@pytest.fixture(scope="module")
def run_in():
    return simulate(replace(scenario(), run_in_h=48.0), 1, record=RECORD)


def test_without_a_run_in_the_bytes_are_the_same(plain):
    same = simulate(replace(scenario(), run_in_h=0.0), 1, record=RECORD)

    assert same.amounts.tobytes() == plain.amounts.tobytes()
    assert without_run_in(plain, 0.0) is plain


def test_a_run_in_counts_what_the_longer_run_counts_after_it(run_in, longer):
    later = [account.day >= 2 for account in longer.accounts]

    assert np.array_equal(run_in.amounts, longer.amounts[later])
    assert np.array_equal(run_in.variable, longer.variable[later])
    assert [(account.day + 2, account.band) for account in run_in.accounts] == [a for a in longer.accounts if a.day >= 2]
    assert np.array_equal(run_in.series["substation.supply"], longer.series["substation.supply"][96:])


def test_hours_and_days_are_those_of_the_horizon(run_in, plain):
    assert run_in.hours == plain.hours == WEEK_H
    assert run_in.accounts == plain.accounts
    assert len(run_in.series["substation.supply"]) == 336


def test_a_tank_starts_at_the_level_that_the_run_in_has_left(run_in, longer):
    hours, levels = longer.levels["tank"]

    assert plain_level(run_in) == pytest.approx(np.interp(48.0, hours, levels))
    assert run_in.levels["tank"][0].max() <= WEEK_H
    assert (np.diff(run_in.levels["tank"][0]) > 0).all()


def test_a_level_that_never_changes_is_known_at_both_ends(longer):
    still = replace(longer, levels={"tank": np.array([[0.0], [7.0]])})

    assert without_run_in(still, 48.0).levels["tank"].tolist() == [[0.0, WEEK_H], [7.0, 7.0]]


def test_what_users_lacked_is_counted_from_the_horizon_on(longer):
    lacked = replace(longer, unserved={"electricity@site": np.array([[0.0, 40.0, 60.0], [0.0, 5.0, 0.0]])})

    later = without_run_in(lacked, 48.0)

    assert lacked.unserved_amount("electricity@site") == 100.0
    assert later.unserved["electricity@site"].tolist() == [[0.0, 12.0], [5.0, 0.0]]
    assert later.unserved_amount("electricity@site") == 60.0


def plain_level(run):
    hours, levels = run.levels["tank"]
    assert hours[0] == 0.0
    return levels[0]


def test_events_are_told_by_the_hours_of_the_horizon(run_in, longer):
    expected = [(event.hour - 48.0, *event[1:]) for event in longer.events if event.hour >= 48.0]

    assert [tuple(event) for event in run_in.events] == expected


def test_an_outage_that_began_in_the_run_in_counts_with_its_last_hours(longer):
    events = (
        Event(10.0, "feeder", "out", 5.0),
        Event(40.0, "feeder", "out", 20.0),
        Event(40.0, "tank", "high", 60.0),
        Event(50.0, "feeder", "out", 3.0),
    )

    cut = without_run_in(replace(longer, events=events), 48.0)

    assert cut.events == (Event(0.0, "feeder", "out", 12.0), Event(2.0, "feeder", "out", 3.0))


@pytest.mark.parametrize("run_in_h", [-24.0, 30.0, 8784.0, float("nan"), float("inf")])
def test_a_run_in_must_be_whole_days(run_in_h):
    assert run_in_problem(run_in_h)
    with pytest.raises(ConfigError, match=r"run_in_h = .* h: must be a number of whole days, from 0 to 8760 h"):
        simulate(replace(scenario(), run_in_h=run_in_h))
