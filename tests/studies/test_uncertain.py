import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.stats import truncnorm

from eipsim.studies.uncertain import Uncertain, values_at

KEY = "context.irradiance_frac"


def one(distribution, **given):
    return Uncertain(KEY, distribution, **given)


@pytest.mark.parametrize(
    ("uncertain", "expected"),
    [
        (one("uniform", low=2.0, high=6.0), [2.0, 3.0, 4.0, 6.0]),
        (one("log_uniform", low=1.0, high=16.0), [1.0, 2.0, 4.0, 16.0]),
        (one("triangular", low=0.0, mode=1.0, high=2.0), [0.0, math.sqrt(0.5), 1.0, 2.0]),
        (one("integer", low=1, high=4), [1, 2, 3, 4]),
        (one("choice", values=("a", None, 3, 4.5)), ["a", None, 3, 4.5]),
    ],
)
def test_a_share_of_a_distribution_stands_for_the_value_below_which_it_lies(uncertain, expected):
    assert uncertain.at([0.0, 0.25, 0.5, 1.0]) == [value if value is None else pytest.approx(value) for value in expected]


def test_a_normal_distribution_is_cut_off_at_both_ends():
    found = one("normal", mean=10.0, sd=2.0, low=7.0, high=15.0).at([0.0, 0.5, 1.0])

    assert found == pytest.approx([7.0, truncnorm.ppf(0.5, -1.5, 2.5, 10.0, 2.0), 15.0])


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8))
def test_values_never_leave_the_ends(shares):
    for uncertain in (one("uniform", low=0.1, high=0.3), one("triangular", low=0.1, mode=0.1, high=0.3)):
        assert all(0.1 <= value <= 0.3 for value in uncertain.at(shares))


def test_integers_and_choices_are_all_as_likely():
    shares = (np.arange(1000) + 0.5) / 1000

    counts = np.bincount(one("integer", low=0, high=3).at(shares))

    assert counts.tolist() == [250] * 4
    assert all(isinstance(value, int) for value in one("integer", low=0, high=3).at(shares))


def test_each_point_has_the_values_of_its_row():
    parameters = {"a": one("uniform", low=0.0, high=10.0), "b": one("choice", values=(2019, 2020))}

    assert values_at(parameters, np.array([[0.1, 0.9], [0.5, 0.2]])) == [{"a": 1.0, "b": 2020}, {"a": 5.0, "b": 2019}]


@pytest.mark.parametrize(
    ("distribution", "given", "said"),
    [
        ("uniform", {"low": 1.0}, "a uniform distribution has low, high: got low"),
        ("uniform", {}, "got none"),
        ("choice", {"values": (1, 2), "low": 0.0}, "a choice distribution has values: got low, values"),
        ("uniform", {"low": 2.0, "high": 2.0}, "low = 2: must be below high = 2"),
        ("uniform", {"low": 0.0, "high": math.inf}, "must be finite"),
        ("triangular", {"low": 0.0, "mode": 3.0, "high": 2.0}, "mode = 3: must lie from low to high"),
        ("normal", {"mean": 0.0, "sd": 0.0, "low": -1.0, "high": 1.0}, "sd = 0: must be above 0"),
        ("normal", {"mean": 2.0, "sd": 1.0, "low": -1.0, "high": 1.0}, "mean = 2: must lie between low and high"),
        ("log_uniform", {"low": 0.0, "high": 1.0}, "low = 0: must be above 0 for a logarithm"),
        ("integer", {"low": 0.5, "high": 2.0}, "low and high must be integers"),
        ("choice", {"values": (1,)}, "values must be two or more"),
    ],
)
def test_a_distribution_that_makes_no_sense_is_refused(distribution, given, said):
    with pytest.raises(ValidationError, match=said):
        one(distribution, **given)
