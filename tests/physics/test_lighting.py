import pytest

from eipsim.physics.lighting import replaced_power_frac


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1.0), (0.5, 0.75), (1.0, 0.5)])
def test_power_falls_with_the_replaced_share_at_equal_light(share, expected):
    assert replaced_power_frac(share, 70.0, 140.0) == pytest.approx(expected)
