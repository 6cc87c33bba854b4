import numpy as np
import pytest

from eipsim.physics.finance import annuity_factor_yr, discounted_payback_yr, net_present_value_vnd, simple_payback_yr


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
