import pytest

from eipsim.physics.cooling import chilled_water_cop_ratio


def test_warmer_water_gains_between_measur_s_fixed_and_variable_speed_chiller():
    """MEASUR: 42 to 43 °F, power per cooling .5522 to .526177 at fixed and 514.976 to 495.449 kW at variable speed."""
    gained = chilled_water_cop_ratio((43 - 32) / 1.8, (42 - 32) / 1.8, 35.0) - 1

    assert 549.740 / 543.603 - 1 < gained < 514.976 / 495.449 - 1


def test_the_rated_set_point_changes_nothing():
    assert chilled_water_cop_ratio(7.0, 7.0) == 1


def test_set_points_combine():
    assert chilled_water_cop_ratio(8.0, 7.0) * chilled_water_cop_ratio(9.0, 8.0) == pytest.approx(
        chilled_water_cop_ratio(9.0, 7.0)
    )
