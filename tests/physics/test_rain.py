import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eipsim.physics.rain import blocks_fallen_frac, triangle_fallen_frac


def test_a_triangle_has_twice_the_mean_intensity_at_its_peak():
    """Peak at 0.4: a hundredth of the duration about it brings nearly two hundredths of the rain."""
    around = triangle_fallen_frac([0.395, 0.405], 0.4)

    assert around[1] - around[0] == pytest.approx(0.02, rel=0.02)
    assert triangle_fallen_frac(0.4, 0.4) == pytest.approx(0.4)


@pytest.mark.parametrize("peak", [0.0, 1.0])
def test_a_triangle_may_begin_or_end_with_its_peak(peak):
    assert triangle_fallen_frac([0.0, 0.5, 1.0], peak).tolist() == pytest.approx([0, 0.25 if peak else 0.75, 1])


@given(st.floats(0, 1), st.lists(st.floats(0, 1), min_size=2, max_size=8))
@example(2.2e-82, [1.1e-82, 2.2e-82])
def test_rain_never_falls_upwards_and_ends_with_everything(peak, times):
    fallen = triangle_fallen_frac(sorted(times), peak)

    assert np.all(np.diff(fallen) >= -1e-16)
    assert triangle_fallen_frac([-1.0, 0.0, 1.0, 2.0], peak).tolist() == [0, 0, 1, 1]


def test_blocks_keep_their_shares():
    fallen = blocks_fallen_frac(np.linspace(0, 1, 4), (1.0, 0.0, 3.0))

    assert np.diff(fallen).tolist() == pytest.approx([0.25, 0, 0.75])
