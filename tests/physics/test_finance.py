import numpy as np
import pytest

from eipsim.physics.finance import (
    annuity_factor_yr,
    discounted_payback_yr,
    internal_rate_frac,
    levelised_cost_vnd_per_unit,
    net_present_value_vnd,
    simple_payback_yr,
)


def test_the_annuity_and_what_follows_from_it_agree_with_the_closed_forms():
    assert annuity_factor_yr(0.1, 10) == pytest.approx(6.144567105704685, rel=1e-12)
    assert net_present_value_vnd(100_000, 20_000, 0.1, 10) == pytest.approx(22_891.342114093713, rel=1e-12)
    assert simple_payback_yr(100_000, 20_000) == 5
    assert discounted_payback_yr(100_000, 20_000, 0.1) == pytest.approx(7.272540897341713, rel=1e-12)


def test_without_interest_the_annuity_is_the_life():
    assert annuity_factor_yr([0.0, 0.1], 10).tolist()[0] == 10


def test_what_saves_nothing_never_pays_back():
    assert simple_payback_yr(1.0, np.array([0.0, -5.0])).tolist() == [np.inf, np.inf]
    assert discounted_payback_yr(1000.0, 10.0, 0.1) == np.inf


def test_the_internal_rate_makes_flows_worth_nothing():
    rate = internal_rate_frac([-100_000.0, *10 * [20_000.0]])

    # the annuity factor at which 20,000 a year are worth 100,000 is 5
    assert float(annuity_factor_yr(rate, 10)) == pytest.approx(5.0, rel=1e-9)
    assert internal_rate_frac([-100.0, 110.0]) == pytest.approx(0.10)


@pytest.mark.parametrize("flows", [[], [1.0, 2.0], [-1.0, -2.0], [0.0, 0.0]])
def test_flows_of_one_sign_have_no_internal_rate(flows):
    assert np.isnan(internal_rate_frac(flows))


def test_a_levelised_cost_spreads_capital_over_what_is_saved():
    costs = levelised_cost_vnd_per_unit(100_000, 1_000, [50.0, 0.0], 0.1, 10)

    # (100,000 / 6.144567 + 1,000) / 50
    assert costs[0] == pytest.approx(345.4908, abs=1e-4)
    assert np.isnan(costs[1])
