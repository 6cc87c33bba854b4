"""Shares of small games, by hand and by their axioms."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eipsim.studies.shapley import (
    antithetic_orders,
    coalitions_of,
    exact_shares,
    pair_effects,
    prefixes,
    sampled_shares,
)


def left(*fractions):
    """Return the game of measures that each save a fraction of what is left of one load."""
    saves = dict(zip("abcdefgh", fractions, strict=False))
    return lambda members: np.array(1.0 - math.prod(1.0 - saves[player] for player in members))


def test_40_and_30_percent_of_one_load_share_58_as_34_and_24():
    value = left(0.4, 0.3)

    shares = exact_shares("ab", value)

    assert shares == pytest.approx([0.34, 0.24], rel=1e-12)
    assert value("ab") == pytest.approx(0.58, rel=1e-12)
    assert pair_effects("ab", value)["a", "b"] == pytest.approx(-0.12, rel=1e-12)


def test_three_measures_by_hand():
    """Of 0.5, 0.2 and 0.1 alone the first has the mean over six orders, written out."""
    value = left(0.5, 0.2, 0.1)
    a = (2 * 0.5 + (0.6 - 0.2) + (0.55 - 0.1) + 2 * (0.64 - 0.28)) / 6

    assert exact_shares("abc", value)[0] == pytest.approx(a, rel=1e-12)


def test_coalitions_are_all_sets_from_nobody_to_all():
    assert coalitions_of("ab") == [frozenset(), frozenset("a"), frozenset("b"), frozenset("ab")]
    assert len(coalitions_of("abcdefgh")) == 256


def test_an_order_builds_up_from_nobody_to_all():
    assert prefixes("ba") == [frozenset(), frozenset("b"), frozenset("ab")]


numbers = st.lists(st.floats(-5, 5), min_size=16, max_size=16)


def game_of(values):
    known = dict(zip(coalitions_of("abcd"), [0.0, *values[1:]], strict=True))
    return lambda members: np.array(known[frozenset(members)])


@given(numbers)
@settings(max_examples=20, deadline=None)
def test_shares_sum_to_what_all_save(values):
    value = game_of(values)

    assert exact_shares("abcd", value).sum() == pytest.approx(float(value("abcd")), rel=1e-12, abs=1e-12)


@given(numbers)
@settings(max_examples=20, deadline=None)
def test_every_pair_of_orders_sums_to_what_all_save_and_all_orders_give_the_exact_shares(values):
    from itertools import permutations

    value = game_of(values)
    every = [(order, order[::-1]) for order in permutations("abcd")]

    by_pair = sampled_shares("abcd", every, value)

    assert by_pair.sum(axis=1) == pytest.approx(np.full(24, float(value("abcd"))), abs=1e-9)
    assert by_pair.mean(axis=0) == pytest.approx(exact_shares("abcd", value), abs=1e-9)


def test_who_adds_nothing_gets_nothing_and_equals_get_equal_shares():
    value = left(0.4, 0.4, 0.0)

    shares = exact_shares("abc", value)

    assert shares[2] == pytest.approx(0.0, abs=1e-15)
    assert shares[0] == pytest.approx(shares[1], rel=1e-12)
    assert shares[0] == pytest.approx(0.32, rel=1e-12)


def test_values_may_be_arrays_of_replications_and_kpis():
    value = left(0.4, 0.3)

    shares = exact_shares("ab", lambda members: value(members) * np.array([[1.0, 10.0], [2.0, 20.0]]))

    assert shares.shape == (2, 2, 2)
    assert shares[0] == pytest.approx(0.34 * np.array([[1.0, 10.0], [2.0, 20.0]]))


def test_orders_come_with_their_reverse_and_depend_on_names_and_seed_alone():
    orders = antithetic_orders("abcdef", 5, seed=7)

    assert all(reverse == order[::-1] for order, reverse in orders)
    assert all(sorted(order) == list("abcdef") for order, _ in orders)
    assert orders == antithetic_orders("fedcba", 5, seed=7)
    assert orders != antithetic_orders("abcdef", 5, seed=8)
    assert orders[:3] == antithetic_orders("abcdef", 3, seed=7)


def test_drawn_orders_agree_with_the_exact_shares_within_two_standard_errors():
    value = left(0.5, 0.4, 0.3, 0.3, 0.2, 0.2, 0.1, 0.1)
    exact = exact_shares("abcdefgh", value)

    by_pair = sampled_shares("abcdefgh", antithetic_orders("abcdefgh", 64, seed=1), value)

    error = by_pair.std(axis=0, ddof=1) / math.sqrt(64)
    assert np.all(np.abs(by_pair.mean(axis=0) - exact) < 2.5 * error)
    assert np.mean(np.abs(by_pair.mean(axis=0) - exact) < 2 * error) >= 0.75


def test_an_order_and_its_reverse_vary_less_than_two_independent_orders():
    value = left(0.5, 0.4, 0.3, 0.3, 0.2, 0.2, 0.1, 0.1)
    orders = antithetic_orders("abcdefgh", 64, seed=1)
    plain = [(orders[k][0], orders[k + 1][0]) for k in range(0, 64, 2)]

    paired, independent = (sampled_shares("abcdefgh", of, value) for of in (orders[:32], plain))

    assert paired.std(axis=0).sum() < 0.5 * independent.std(axis=0).sum()
