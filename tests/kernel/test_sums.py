"""Users' sums add up exactly: in any order, anew or by what changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eipsim.kernel.sums import Sums

RATES = st.floats(0, 1e6, allow_subnormal=False)
ACTIVITIES = st.floats(0, 2)


def sums_of(groups, rests, runs, cells, *, profiles=None):
    """Groups of so many columns each; without profiles, all follow the first."""
    n = len(cells)
    members = [(columns, np.ones(len(columns))) for columns in np.split(np.arange(n), np.cumsum(groups)[:-1])]
    which = np.array(profiles or [(0, 0)] * n, np.int64).T
    return Sums(members, np.array(cells), (np.array(rests, float), np.array(runs, float)), tuple(which), max(cells) + 1)


def test_a_group_sums_up_rests_and_runs_times_activities_times_their_profiles():
    sums = sums_of([2, 1], [1, 2, 0], [10, 20, 40], [0, 1, 0], profiles=[(0, 1), (2, 1), (0, 2)])

    found = sums.now(np.array([0.5, 0.25]), np.array([1.0, 3.0, 5.0]))

    assert found.tolist() == [1 + 2 * 5 + 3 * (10 * 0.5 + 20 * 0.25), 5 * 40 * 0.5, 0.0]


def test_a_column_counts_in_each_group_by_its_weight_there():
    none, cells, runs = np.zeros(2), np.arange(2), np.array([10.0, 20.0])
    members = [(np.array([0, 1]), np.array([1.0, 0.5])), (np.array([1]), np.array([0.25]))]
    sums = Sums(members, cells, (none, runs), (none.astype(int), none.astype(int)), 2)

    found = sums.now(np.array([1.0, 0.5]), np.ones(1))

    assert found.tolist() == sums.of_rates(np.array([10.0, 10.0])).tolist() == [10 + 0.5 * 10, 0.25 * 10, 0.0]


def test_a_park_without_users_has_the_last_zero_alone():
    sums = Sums([], np.zeros(0, np.int64), (np.zeros(0),) * 2, (np.zeros(0, np.int64),) * 2, 1)

    assert sums.now(np.zeros(1), np.ones(1)).tolist() == sums.of_rates(np.zeros(0)).tolist() == [0.0]


@given(st.lists(st.tuples(RATES, RATES, ACTIVITIES), min_size=1, max_size=12), st.randoms())
def test_the_order_of_columns_does_not_change_a_digit(columns, random):
    def total(columns):
        rests, runs, activities = zip(*columns, strict=True)
        sums = sums_of([len(columns)], rests, runs, range(len(columns)))
        return sums.now(np.array(activities), np.ones(1))[0]

    in_turn = total(columns)
    random.shuffle(columns)

    assert total(columns) == in_turn
    most = sum(rest + run for rest, run, _ in columns)
    assert in_turn == pytest.approx(sum(rest + run * activity for rest, run, activity in columns), rel=0, abs=1e-14 * most)


@given(st.lists(RATES, min_size=3, max_size=3), st.lists(st.tuples(st.integers(0, 2), ACTIVITIES), max_size=20))
def test_differences_lead_to_what_is_found_anew_to_the_last_digit(runs, changes):
    sums = sums_of([2, 1], [0.1, 0, 3], runs, [0, 1, 2], profiles=[(0, 0), (0, 1), (1, 0)])
    activities, before = np.array([1.0, 0.3, 0.0]), []
    start = sums.amounts(activities)
    for cell, value in changes:
        before.append(activities[cell])
        activities[cell] = value
    row, cells = np.arange(len(changes)), np.array([cell for cell, _ in changes], np.int64)
    values = np.array(before), np.array([value for _, value in changes])

    steps = sums.differences(len(changes), row, cells, values)

    assert (start + steps.sum(axis=0)).tolist() == sums.amounts(activities).tolist()


def test_what_all_let_go_of_is_exactly_nothing():
    rates = [0.1, 1e-7, 3.3, 12345.6789]
    sums = sums_of([4], [0] * 4, rates, range(4))
    on, off = np.ones(4), np.zeros(4)

    left = sums.amounts(on) + sums.differences(1, np.zeros(4, np.int64), np.arange(4), (on, off))[0]

    assert left.any() == 0


def test_the_smallest_rate_counts():
    sums = sums_of([1], [0], [5e-324], [0])

    assert sums.now(np.ones(1), np.ones(1))[0] == 5e-324
