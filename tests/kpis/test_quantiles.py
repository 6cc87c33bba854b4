import math

import numpy as np
import pytest
from scipy.stats import binom

from eipsim.kernel.streams import Stream
from eipsim.kpis import quantile_interval


def test_the_ends_are_the_order_statistics_of_the_binomial_table():
    found = quantile_interval(range(1, 41), 0.5)

    assert (found.low, found.high) == (14.0, 27.0)
    assert binom.cdf(13, 40, 0.5) <= 0.025 < binom.cdf(14, 40, 0.5)


def test_the_middle_of_an_even_number_is_the_mean_of_the_two_in_the_middle():
    assert quantile_interval([1.0, 2.0, 3.0, 10.0], 0.5).middle == pytest.approx(2.5)


@pytest.mark.parametrize(("replications", "known"), [(35, False), (36, True)])
def test_the_upper_end_of_the_90th_percentile_needs_36_replications(replications, known):
    assert math.isfinite(quantile_interval(range(replications), 0.9).high) is known


def test_one_replication_has_no_interval():
    middle, low, high = quantile_interval([3.0], 0.9)

    assert middle == 3.0
    assert math.isnan(low)
    assert math.isnan(high)


def test_at_least_95_of_100_intervals_hold_the_true_quantile_of_a_skew_distribution():
    draw = Stream(4, 0, "quantiles")
    truth = -math.log(0.2)
    intervals = [quantile_interval([draw.exponential(1.0) for _ in range(40)], 0.8) for _ in range(120)]

    assert np.mean([low <= truth <= high for _, low, high in intervals]) >= 0.94
