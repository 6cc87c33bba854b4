"""Sizes move as little as possible from their draw to meet totals."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from eipsim.studies.nearest_sizes import nearest_sizes


def proportional(worth):
    """Totals that grow in proportion to size."""
    worth = np.atleast_2d(worth)

    def totals(x):
        parts = worth * np.exp(x)
        return parts.sum(axis=1), parts

    return totals


def test_a_draw_that_meets_the_totals_stays_as_it_is():
    drawn = np.log([1.0, 2.0, 3.0])

    found = nearest_sizes(drawn, np.ones(3), np.log([9.0, 9.0, 9.0]), proportional([1.0, 1.0, 1.0]), wanted=np.array([6.0]))

    assert found == pytest.approx(drawn, abs=1e-9)


def test_equal_rows_share_a_change_equally():
    found = nearest_sizes(np.zeros(4), np.ones(4), np.full(4, 5.0), proportional(np.ones(4)), wanted=np.array([4.4]))

    assert np.exp(found) == pytest.approx([1.1] * 4)


def test_the_stationary_point_satisfies_the_condition_of_lagrange():
    drawn, sigma, worth = np.log([1.0, 2.0, 0.5, 4.0]), np.array([1.0, 1.5, 0.7, 1.2]), np.array([3.0, 1.0, 2.0, 0.5])

    found = nearest_sizes(drawn, sigma, np.full(4, 9.0), proportional(worth), wanted=np.array([9.5]))

    pulls = (found - drawn) / sigma**2 / (worth * np.exp(found))
    assert (worth * np.exp(found)).sum() == pytest.approx(9.5)
    assert pulls == pytest.approx([pulls[0]] * 4, rel=1e-4)


def test_a_row_at_its_bound_leaves_the_change_to_the_others():
    found = nearest_sizes(
        np.zeros(3), np.ones(3), np.log([1.05, 9.0, 9.0]), proportional([1.0, 1.0, 1.0]), wanted=np.array([3.45])
    )

    assert np.exp(found) == pytest.approx([1.05, 1.2, 1.2])


def test_two_totals_that_share_rows_are_met_together():
    worth = np.array([[1.0, 1.0, 1.0, 0.0], [0.0, 2.0, 1.0, 5.0]])

    found = nearest_sizes(np.zeros(4), np.ones(4), np.full(4, 3.0), proportional(worth), wanted=np.array([2.0, 11.0]))

    assert worth @ np.exp(found) == pytest.approx([2.0, 11.0])


@pytest.mark.parametrize("wanted", [3.2, -1.0])
def test_totals_beyond_all_bounds_have_no_sizes(wanted):
    totals = proportional([1.0, 1.0, 1.0])

    assert nearest_sizes(np.zeros(3), np.ones(3), np.log([1.05] * 3), totals, wanted=np.array([wanted])) is None


@pytest.mark.slow
def test_a_step_that_is_out_of_reach_is_halved_where_the_goal_is_not():
    """A row of 0.01 that may grow to 0.5 hardly grows in a linearised step, and the other has no room."""
    drawn, upper, totals = np.log([0.01, 0.9]), np.log([0.5, 0.95]), proportional([1.0, 1.0])

    at_once = nearest_sizes(drawn, np.ones(2), upper, totals, wanted=np.array([1.4]))
    halved = nearest_sizes(drawn, np.ones(2), upper, totals, wanted=np.array([1.4]), halvings_count=8)

    assert at_once is None
    assert np.exp(halved) == pytest.approx([0.45, 0.95])
    beyond = np.array([1.46])
    assert nearest_sizes(drawn, np.ones(2), upper, totals, wanted=beyond, halvings_count=8) is None


def test_a_total_that_no_row_adds_to_has_no_sizes():
    assert nearest_sizes(np.zeros(2), np.ones(2), np.ones(2), proportional([0.0, 0.0]), wanted=np.array([1.0])) is None


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.floats(0.05, 0.9), min_size=3, max_size=12),
    factor=st.floats(0.4, 1.6),
    seed=st.integers(0, 99),
)
def test_whatever_is_found_meets_the_totals_within_the_bounds(sizes, factor, seed):
    drawn = np.log(sizes)
    worth = np.array(
        [[1 + (7 * k + seed) % 5 for k in range(len(sizes))], [(3 * k + seed) % 4 for k in range(len(sizes))]], float
    )
    assume(worth[1].sum() > 0)
    wanted = worth @ np.exp(drawn) * factor

    found = nearest_sizes(drawn, np.full(len(sizes), 1.5), np.zeros(len(sizes)), proportional(worth), wanted=wanted)

    assume(found is not None)
    assert worth @ np.exp(found) == pytest.approx(wanted, rel=1e-6)
    assert (found <= 1e-12).all()


def test_draws_moved_to_totals_are_the_conditional_normal_where_totals_are_as_good_as_linear():
    mean, sigma = np.array([1.0, 2.0, 0.5, 3.0]), 0.01 * np.array([0.5, 1.0, 0.3, 0.8])
    worth = np.array([[1.0, 1.0, 0.0, 2.0], [0.0, 1.0, 1.0, 1.0]])
    draws = mean + sigma * np.random.default_rng(5).standard_normal((400, 4))
    wanted = worth @ np.exp(mean) * np.array([1.01, 1.005])

    found = np.array([nearest_sizes(x, sigma, np.full(4, 99.0), proportional(worth), wanted=wanted) for x in draws])

    slopes, spread = worth * np.exp(mean), np.diag(sigma**2)
    gain = spread @ slopes.T @ np.linalg.inv(slopes @ spread @ slopes.T)
    assert found.mean(axis=0) == pytest.approx(mean + gain @ (wanted - worth @ np.exp(mean)), abs=2e-3)
    assert np.cov(found.T) * 1e4 == pytest.approx(1e4 * (spread - gain @ slopes @ spread), abs=0.05)
    assert worth @ np.exp(found.T) == pytest.approx(np.tile(wanted, (400, 1)).T, rel=1e-6)
