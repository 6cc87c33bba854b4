import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eipsim.physics.cooling import (
    CHILLERS,
    chilled_water_cop_ratio,
    chiller_at,
    chiller_capacity_frac,
    chiller_power_frac,
    tower_air_frac,
    tower_fan_power_frac,
    tower_water,
)

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


@pytest.mark.parametrize("name", CHILLERS)
def test_as_many_chillers_share_a_load_as_draw_least(name):
    at = chiller_at(7.0, 30.0, CHILLERS[name])

    for load in (0.03, 0.5, 1.0, 1.2, 2.6, 3.0):
        by_hand = [n * chiller_power_frac(load / n, 7.0, 30.0, CHILLERS[name]) for n in (1, 2, 3) if n >= load]
        assert at.least_power_frac(load, 3) == min(by_hand)
    assert at.least_power_frac(0.0, 3) == 0


def centigrade(fahrenheit):
    return (fahrenheit - 32) / 1.8


def measur_chiller_kw(curves, load_ton, chilled_f):
    """1,000 t of 0.676 kW/t, condenser water of 82.12 °F; MEASUR lets the part load run down to 10 %."""
    curves = curves._replace(least_load_frac=0.1)
    capacity = chiller_capacity_frac(centigrade(chilled_f), centigrade(82.12), curves)
    return 676 * chiller_power_frac(load_ton / 1000 / capacity, centigrade(chilled_f), centigrade(82.12), curves)


@pytest.mark.parametrize(
    ("name", "at_42_kw", "at_43_kw", "capacity_ton"),
    [
        ("centrifugal_inlet_vanes", 549.740164, 543.60299, 995.546437),
        ("centrifugal_variable_speed", 514.9762, 495.4494, 1017.8465),
        ("magnetic_bearing", 525.74132, 509.608, 985.4549),
        ("screw", 568.13317, 562.7885, 963.0877),
    ],
)
def test_a_chilled_water_reset_saves_what_measur_says(name, at_42_kw, at_43_kw, capacity_ton):
    """wasm-chillers-test.js: 2,000 gal/min cooled by 10 °F."""
    load_ton = 2000 * 10 * 0.041667

    assert measur_chiller_kw(CHILLERS[name], load_ton, 42) == pytest.approx(at_42_kw, rel=1e-6)
    assert measur_chiller_kw(CHILLERS[name], load_ton, 43) == pytest.approx(at_43_kw, rel=1e-6)
    assert 1000 * chiller_capacity_frac(centigrade(42), centigrade(82.12), CHILLERS[name]) == pytest.approx(
        capacity_ton, rel=1e-6
    )


def test_staging_saves_what_measur_says():
    """900 t by three machines at 300 t, or by two at 450 t; variable speed, 42 °F."""
    curves = CHILLERS["centrifugal_variable_speed"]

    assert 3 * measur_chiller_kw(curves, 300, 42) == pytest.approx(820.5017, rel=1e-6)
    assert 2 * measur_chiller_kw(curves, 450, 42) == pytest.approx(603.9089, rel=1e-6)


@pytest.mark.parametrize("name", sorted(CHILLERS))
@given(st.floats(0, 1), st.floats(0, 1), st.floats(5, 10), st.floats(21, 35))
@settings(max_examples=25)
def test_no_chiller_takes_less_for_more_cooling(name, one, other, chilled_c, condenser_c):
    less, more = (chiller_power_frac(x, chilled_c, condenser_c, CHILLERS[name]) for x in sorted((one, other)))

    assert less <= more * (1 + 1e-12)


def test_tower_fans_draw_what_measur_says():
    """CoolingTower.unit.cpp: 59.5119 hp, water from 87.98386 to 81.6495 °F, wet bulb 76 °F, one hour, 0.746 kW/hp."""
    air = tower_air_frac((87.98386 - 81.6495) / 1.8, (81.6495 - 76) / 1.8, centigrade(76))

    kw = [0.746 * 59.5119 * tower_fan_power_frac(air, speeds) for speeds in (1, 2, None)]

    assert kw == pytest.approx([41.141872, 37.675337, 33.413053], rel=1e-6)


def test_a_tower_that_can_not_hold_its_approach_blows_all_it_can():
    assert tower_air_frac(14.0, 1.5, 26.0) == 1
    assert tower_fan_power_frac(1.0, 1) == tower_fan_power_frac(1.0, 2) == tower_fan_power_frac(1.0, None)


@given(st.floats(0, 1))
def test_more_speeds_never_take_more(air_frac):
    one, two, every = (tower_fan_power_frac(air_frac, speeds) for speeds in (1, 2, None))

    assert every - 1e-3 <= two <= one + 1e-12
