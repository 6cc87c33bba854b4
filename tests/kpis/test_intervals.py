import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eipsim.kernel.streams import Stream
from eipsim.kpis import paired_spread, rare_interval, share_of_years, t_interval

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
