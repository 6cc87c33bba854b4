"""Clear skies, scattered light, and numbers that persist and keep their mean."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eipsim.physics.sky import (
    bounded_of_normal,
    clear_sky_ghi_w_per_m2,
    clearness_shift,
    diffuse_frac,
    persistent,
)


def test_the_clear_sky_agrees_with_pvlib() -> None:
    from pvlib import clearsky

    zenith = np.array([0.0, 20.0, 45.0, 70.0, 85.0, 95.0])

    expected = clearsky.haurwitz(pd.Series(zenith))["ghi"].to_numpy()

    assert clear_sky_ghi_w_per_m2(zenith) == pytest.approx(expected, rel=1e-9)


def test_the_diffuse_share_agrees_with_pvlib() -> None:
    from pvlib import irradiance

    ghi = np.linspace(20.0, 1100.0, 25)
    extra = irradiance.get_extra_radiation(100)
    expected = irradiance.erbs(ghi, 40.0, 100)["dhi"] / ghi

    assert diffuse_frac(ghi / (extra * np.cos(np.radians(40.0)))) == pytest.approx(expected, rel=1e-9)


def test_light_below_no_clearness_is_all_diffuse() -> None:
    assert diffuse_frac([-0.5, 0.0]).tolist() == [1.0, 1.0]


def test_the_shift_of_clearness_meets_the_mean_of_diffuse_light() -> None:
    ghi = np.linspace(100.0, 900.0, 40)[:, None]

    shift = clearness_shift(ghi, np.array([1100.0]), np.array([230.0]))

    assert (ghi * diffuse_frac(ghi / 1100.0 + shift)).mean() == pytest.approx(230.0, rel=1e-6)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(mean=st.floats(0.03, 0.97), concentration=st.floats(2.0, 40.0))
def test_bounded_numbers_have_the_mean_and_the_variance_of_the_beta_distribution(mean: float, concentration: float) -> None:
    from scipy.special import ndtri

    normals = ndtri((np.arange(20_000) + 0.5) / 20_000)

    drawn = bounded_of_normal(mean, normals, concentration=concentration)

    assert drawn.mean() == pytest.approx(mean, rel=1e-3)
    assert drawn.var() == pytest.approx(mean * (1 - mean) / (concentration + 1), rel=2e-2)
    assert ((drawn >= 0) & (drawn <= 1)).all()


def test_a_mean_at_or_beyond_a_bound_is_kept_without_chance() -> None:
    assert bounded_of_normal([0.99, 1.3, 0.0], [2.0, -2.0, 1.0]).tolist() == [0.99, 1.3, 0.0]


def test_persistent_numbers_stay_standard_normal_and_remember() -> None:
    shocks = np.sin(np.arange(200_000) * 12.9898) * 43758.5453
    from scipy.special import ndtri

    numbers = persistent(ndtri(np.clip(shocks - np.floor(shocks), 1e-9, 1 - 1e-9)), 0.6)

    assert numbers.std() == pytest.approx(1.0, abs=0.02)
    assert np.corrcoef(numbers[:-1], numbers[1:])[0, 1] == pytest.approx(0.6, abs=0.02)
