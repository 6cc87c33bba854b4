import pytest
from hypothesis import given
from hypothesis import strategies as st

from eipsim.physics.cooling import chilled_water_cop_ratio, chiller_capacity_frac, chiller_power_frac, tower_water

BTU_PER_H_IN_KW = 0.00029307107
M3_PER_GALLON = 0.003785411784


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


@pytest.mark.parametrize(
    ("million_btu_per_h", "hours", "drift_frac", "gallons"),
    [
        (10, 1000, 0.002, 2_100_000),
        (10, 1000, 0.0001, 1_815_000),
        (5, 2000, 0.002, 2_400_000),
        (2, 3000, 0.0001, 1_125_000),
    ],
)
def test_a_tower_takes_the_water_that_measur_says(million_btu_per_h, hours, drift_frac, gallons):
    """CoolingTower.unit.cpp, 2,500 gal/min, three cycles; 1,000 Btu/lb and 500 lb/h per gal/min as there."""
    kw_th = million_btu_per_h * BTU_PER_H_IN_KW * 1e6
    gallons_per_h = million_btu_per_h * 1e6 / 1000 / (500 / 60)
    range_k = 3.6 * kw_th / (4.186 * 2500 * 60 * M3_PER_GALLON)

    water = tower_water(
        kw_th, 3, drift_frac, range_k=range_k, latent_kj_per_kg=3600 * kw_th / gallons_per_h / M3_PER_GALLON / 1000
    )

    assert water.makeup_m3_per_h * hours / M3_PER_GALLON == pytest.approx(gallons, rel=1e-9)


def test_losses_of_a_tower_are_what_measur_says():
    """WaterAssessment: evaporation 72,000 gal at three cycles: make-up 108,000, blowdown 36,000."""
    water = tower_water(72_000 * 2430 / 3.6, 3, 0.0)

    assert water.evaporation_m3_per_h == pytest.approx(72_000)
    assert water.makeup_m3_per_h == pytest.approx(108_000)
    assert water.blowdown_m3_per_h == pytest.approx(36_000)


def test_at_its_reference_a_chiller_draws_its_rating_to_half_a_per_cent():
    assert chiller_capacity_frac(6.67, 29.4) == pytest.approx(1, abs=0.005)
    assert chiller_power_frac(1.0, 6.67, 29.4) == pytest.approx(1, abs=0.005)


def test_curves_are_those_that_were_published():
    """By hand at 8 °C and 32 °C, load 0.6."""
    capacity = 0.257896 + 0.0389016 * 8 - 0.00021708 * 64 + 0.0468684 * 32 - 0.00094284 * 1024 - 0.00034344 * 256
    power = 0.933884 - 0.058212 * 8 + 0.00450036 * 64 + 0.00243 * 32 + 0.000486 * 1024 - 0.001215 * 256
    part = 0.222903 + 0.313387 * 0.6 + 0.46371 * 0.36

    assert chiller_capacity_frac(8.0, 32.0) == pytest.approx(capacity)
    assert chiller_power_frac(0.6, 8.0, 32.0) == pytest.approx(capacity * power * part)


def test_colder_water_than_the_tower_is_kept_at_changes_nothing():
    assert chiller_power_frac(0.7, 7.0, 15.0) == chiller_power_frac(0.7, 7.0, 24.0)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(24, 35))
def test_power_never_falls_with_load_nor_with_warmer_condenser_water(one, other, condenser_c):
    less, more = sorted((one, other))

    assert chiller_power_frac(less, 7.0, condenser_c) <= chiller_power_frac(more, 7.0, condenser_c)
    per_cooling = [chiller_power_frac(more, 7.0, w) / chiller_capacity_frac(7.0, w) for w in (condenser_c, condenser_c + 1)]
    assert per_cooling[0] <= per_cooling[1]


def test_two_chillers_take_less_than_three_at_a_third_of_the_load():
    """MEASUR's staging: 900 of 3,000 t by two machines instead of three draw 603.9 instead of 820.5 kW; vanes gain less."""
    three, two = 3 * chiller_power_frac(0.3, 5.6, 27.8), 2 * chiller_power_frac(0.45, 5.6, 27.8)

    assert 603.9089 / 820.5017 < two / three < 1
