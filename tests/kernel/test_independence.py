"""Streams of different components, purposes, replications and seeds share no key and no pattern."""

import itertools
import math

import numpy as np
import pytest
from scipy.stats import kstest, norm

from eipsim.kernel.streams import Stream, key_of

COMPONENTS = [f"factory_{k:03}" for k in range(168)] + ["substation", "tank", "plant", "feeder_1"]
PURPOSES = ("failure", "repair", "orders", "batch", "line:0", "line:1")
DRAWS = 1_000
FALSE_ALARM = 1e-4
"""Probability that independent streams fail a test; the seeds are fixed, so that it passes is no luck."""


def uniforms(streams):
    """One row of numbers for each stream."""
    return np.array([[stream.uniform() for _ in range(DRAWS)] for stream in streams])


FAMILIES = {
    "components": [Stream(2022, 0, name, "failure") for name in COMPONENTS[:40]],
    "purposes of components": [Stream(2022, 0, n, p) for n, p in itertools.product(COMPONENTS[:7], PURPOSES)],
    "replications": [Stream(2022, r, "tank", "failure") for r in range(40)],
    "seeds": [Stream(seed, 0, "tank", "failure") for seed in range(40)],
    "names that are alike": [Stream(1, 0, *name) for name in (("a", "b"), ("ab",), ("b", "a"), ("a", "b", ""), ("", "a", "b"))],
}


@pytest.fixture(scope="module", params=FAMILIES, ids=str)
def drawn(request):
    return uniforms(FAMILIES[request.param])


def test_no_two_streams_of_an_experiment_share_a_key():
    asked = list(itertools.product((159, 2022), range(30), COMPONENTS, PURPOSES))

    assert len({key_of(seed, r, *names) for seed, r, *names in asked}) == len(asked)


@pytest.mark.parametrize(
    ("one", "other"),
    [((1, 12, "a"), (11, 2, "a")), ((1, 2, "a", "b"), (1, 2, "ab")), ((1, 2, "3"), (1, 23)), ((1, 2, "a"), (2, 1, "a"))],
)
def test_keys_differ_where_names_run_together(one, other):
    assert key_of(*one) != key_of(*other)


def test_no_pair_of_streams_is_correlated(drawn):
    correlations = np.corrcoef(drawn)[np.triu_indices(len(drawn), 1)]

    bound = norm.isf(FALSE_ALARM / 2 / len(correlations)) / math.sqrt(DRAWS)
    assert np.abs(correlations).max() < bound


def test_no_stream_is_another_one_moved_by_a_few_draws(drawn):
    lags = (1, 2, 64)
    moved = np.array([np.corrcoef(drawn[:, lag:], drawn[:, :-lag])[: len(drawn), len(drawn) :] for lag in lags])

    bound = norm.isf(FALSE_ALARM / 2 / moved.size) / math.sqrt(DRAWS - max(lags))
    assert np.abs(moved).max() < bound


def test_correlations_scatter_as_those_of_independent_numbers_do(drawn):
    correlations = np.corrcoef(drawn)[np.triu_indices(len(drawn), 1)]

    assert kstest(math.sqrt(DRAWS) * correlations, norm.cdf).pvalue > FALSE_ALARM


def test_the_first_draws_of_all_streams_are_uniform(drawn):
    assert kstest(drawn[:, 0], "uniform").pvalue > FALSE_ALARM
    assert kstest(drawn.ravel(), "uniform").pvalue > FALSE_ALARM
