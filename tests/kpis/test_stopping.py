import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from eipsim.kpis import Stopping, decide, running, t_interval

STEADY = [100.0, 101.0, 99.0, 100.0, 102.0, 98.0, 100.0, 101.0, 99.0, 100.0] * 3


@settings(deadline=None)  # the first call imports scipy
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12))
def test_the_last_running_interval_is_the_t_interval(values):
    means, half_widths = running(values)

    middle, low, high = t_interval(values)

    assert means[-1] == pytest.approx(middle, rel=1e-9, abs=1e-6)
    assert half_widths[-1] == pytest.approx((high - low) / 2, rel=1e-6, abs=1e-3)


def test_a_running_interval_keeps_its_digits_far_from_zero():
    far = 1e9 + np.array([0.0, 1e-3, 2e-3])

    _, half_widths = running(far)

    assert half_widths[-1] == pytest.approx(4.3027 * 1e-3 / math.sqrt(3), rel=1e-3)


def test_the_first_replication_alone_has_no_interval():
    means, half_widths = running([3.0])

    assert means.tolist() == [3.0]
    assert math.isnan(half_widths[0])


def test_a_relative_width_that_is_met_at_once_ends_after_the_look_ahead():
    found = decide({"all": STEADY}, Stopping(relative_frac=0.02, look_ahead=5))

    assert (found.enough, found.replications, found.bound) == (10, 15, "relative")
    assert found.precision[0].target == pytest.approx(0.02 * np.mean(STEADY[:15]))


def test_a_difference_near_zero_is_ended_by_the_absolute_width():
    near_zero = [x - 100.0 for x in STEADY]

    found = decide({"all": near_zero}, Stopping(relative_frac=0.01, absolute=1.0, look_ahead=0))

    assert (found.enough, found.bound) == (10, "absolute")
    assert found.precision[0].half_width <= found.precision[0].target == 1.0


def test_without_an_end_more_replications_are_asked_for():
    assert decide({"all": STEADY[:12]}, Stopping(relative_frac=0.02, look_ahead=5)) is None
    assert decide({"all": STEADY[:5]}, Stopping()) is None


def test_the_greatest_number_ends_what_never_gets_narrow():
    wild = [(-1.0) ** k * k for k in range(30)]

    found = decide({"all": wild}, Stopping(relative_frac=0.01, most=20))

    assert (found.enough, found.replications, found.bound) == (None, 20, "most")
    assert not found.precision[0].met


def test_what_gets_wide_again_within_the_look_ahead_was_not_enough():
    jump = [100.0, 100.1] * 5 + [100.0, 100.1, 140.0] + [100.0] * 200

    found = decide({"all": jump}, Stopping(relative_frac=0.02, look_ahead=5, most=200))

    assert found.enough > 13


def test_every_scenario_must_be_known_well_enough():
    wide = [x + 8.0 * (-1.0) ** k for k, x in enumerate(STEADY)]

    alone = decide({"narrow": STEADY}, Stopping(relative_frac=0.04, look_ahead=0))
    both = decide({"narrow": STEADY, "wide": wide}, Stopping(relative_frac=0.04, look_ahead=0))

    assert alone.enough == 10
    assert both.enough > 10
    assert [one.scenario for one in both.precision] == ["narrow", "wide"]


def test_the_answer_does_not_depend_on_how_many_more_were_run():
    stopping = Stopping(relative_frac=0.02)

    assert decide({"all": STEADY}, stopping) == decide({"all": STEADY[:15]}, stopping)


def test_beyond_100_replications_the_look_ahead_grows_in_proportion():
    slow = [100.0 + 10.0 * (-1.0) ** k for k in range(300)]

    found = decide({"all": slow}, Stopping(relative_frac=0.015, look_ahead=10, most=300))

    assert found.enough > 100
    assert found.replications - found.enough == 10 * found.replications // 100


def test_an_empty_difference_is_known_at_once():
    found = decide({"nothing": [0.0] * 10}, Stopping(look_ahead=0))

    assert (found.enough, found.replications) == (10, 10)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kpi": "co2_assesed_t"}, "did you mean 'co2_assessed_t'"),
        ({"relative_frac": 1.0}, "relative_frac\\n.*less than 1"),
        ({"absolute": -1.0}, "absolute\\n.*greater than or equal to 0"),
        ({"least": 1}, "least\\n.*greater than or equal to 2"),
        ({"least": 9, "most": 8}, "most = 8: must be least = 9 or more"),
        ({"look_ahead": -1}, "look_ahead\\n.*greater than or equal to 0"),
        ({"confidence_frac": 1.0}, "confidence_frac\\n.*less than 1"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(changes, said):
    with pytest.raises(ValidationError, match=said):
        Stopping(**changes)
