import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from eipsim.kernel.streams import Stream
from eipsim.kpis import BCA_FROM, bca_interval, interval_of, paired_spread, rare_interval, share_of_years, t_interval

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12)


def test_the_t_interval_agrees_with_the_table_of_student():
    middle, low, high = t_interval([1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09])

    assert middle == pytest.approx(1.343)
    assert (high - low) / 2 == pytest.approx(2.262 * math.sqrt(0.17 / 10), rel=0.01)


def test_one_replication_has_no_interval():
    middle, low, high = t_interval([3.0])

    assert middle == 3.0
    assert math.isnan(low)
    assert math.isnan(high)


@given(NUMBERS)
def test_the_mean_lies_in_the_middle_of_its_interval(values):
    middle, low, high = t_interval(values)

    assert low <= middle <= high
    assert high - middle == pytest.approx(middle - low, abs=1e-6)


def test_about_95_of_100_intervals_hold_the_true_mean():
    draw = Stream(1, 0, "coverage")
    hits = [(low <= 5.0 <= high) for _, low, high in (t_interval([5.0 + draw.normal() for _ in range(5)]) for _ in range(1000))]

    assert np.mean(hits) == pytest.approx(0.95, abs=0.02)


def test_a_rare_thing_is_told_by_median_and_range():
    assert rare_interval([0.0, 0.0, 0.0, 7.0, 120.0]) == (0.0, 0.0, 120.0)


def test_the_share_of_years_counts_replications_in_which_it_happened():
    assert share_of_years([0.0, 0.0, 0.0, 7.0, 120.0]) == pytest.approx(0.4)


def test_pairing_removes_what_both_share():
    noise = np.array([-3.0, 1.0, 2.0, 0.0])

    assert paired_spread(100 + noise, 90 + noise) == 0.0


def test_pairing_of_independent_numbers_gains_nothing():
    draw = Stream(2, 0, "independent")
    one, other = ([draw.normal() for _ in range(4000)] for _ in range(2))

    assert paired_spread(one, other) == pytest.approx(1.0, abs=0.05)


def test_what_never_varies_has_no_spread():
    assert paired_spread([5.0, 5.0], [3.0, 3.0]) == 0.0


SPILLS = [0.0] * 24 + [4.0, 9.0, 15.0, 40.0, 70.0, 120.0]


def test_the_bootstrap_interval_is_that_of_the_published_formula():
    data = np.array(SPILLS)
    generator = Stream(3, 0, "resamples")
    means = np.sort([np.mean([data[int(30 * generator.uniform())] for _ in range(30)]) for _ in range(4000)])
    left_out = np.array([np.delete(data, k).mean() for k in range(30)])
    pulls = left_out.mean() - left_out
    bias = norm.ppf((np.mean(means < data.mean()) + np.mean(means <= data.mean())) / 2)
    acceleration = (pulls**3).sum() / (6 * (pulls**2).sum() ** 1.5)
    moved = [norm.cdf(bias + (bias + z) / (1 - acceleration * (bias + z))) for z in norm.ppf([0.025, 0.975])]

    found = bca_interval(SPILLS)

    assert found.middle == pytest.approx(8.6)
    assert (found.low, found.high) == pytest.approx(np.quantile(means, moved), rel=0.05)


def test_a_bootstrap_interval_never_reaches_below_what_can_happen():
    assert t_interval(SPILLS).low < 0 < bca_interval(SPILLS).low


def test_a_bootstrap_interval_is_the_same_every_time():
    assert bca_interval(SPILLS) == bca_interval(SPILLS)


@pytest.mark.slow
def test_about_93_of_100_bootstrap_intervals_hold_a_mean_that_t_intervals_miss_more_often():
    draw = Stream(5, 0, "rare")
    years = [[draw.exponential(100.0) if draw.uniform() < 0.3 else 0.0 for _ in range(40)] for _ in range(60)]

    held = [[low <= 30.0 <= high for _, low, high in map(interval, years)] for interval in (bca_interval, t_interval)]

    assert sum(held[0]) >= sum(held[1])
    assert np.mean(held[0]) == pytest.approx(0.93, abs=0.06)


@pytest.mark.parametrize(("values", "expected"), [([0.0] * 30, (0.0, 0.0, 0.0)), ([5.0] * 40, (5.0, 5.0, 5.0))])
def test_what_never_varies_has_a_bootstrap_interval_without_width(values, expected):
    assert bca_interval(values) == expected


def test_too_few_replications_have_no_bootstrap_interval():
    assert np.isnan(bca_interval(SPILLS[1:])[1:]).all()


def test_the_interval_of_a_rare_kpi_changes_at_30_replications():
    assert interval_of(SPILLS[1:], rare=True) == rare_interval(SPILLS[1:])
    assert len(SPILLS) == BCA_FROM
    assert interval_of(SPILLS, rare=True) == bca_interval(SPILLS)
    assert interval_of(SPILLS, rare=False) == t_interval(SPILLS)
