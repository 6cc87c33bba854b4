import numpy as np
import pytest

from eipsim.physics.compressed_air import (
    bag_flow_m3_per_min,
    orifice_flow_m3_per_min,
    part_load_power_frac,
    pressure_flow_ratio,
    pressure_power_ratio,
)

PSI_IN_BAR = 0.0689475729
CFM_IN_M3_PER_MIN = 0.028316846592


def test_pressure_set_back_uses_what_measur_says():
    ratio = pressure_power_ratio(90 * PSI_IN_BAR, 100 * PSI_IN_BAR, 14.7 * PSI_IN_BAR)

    assert 200 * 8760 * ratio == pytest.approx(1_650_714.7105, rel=1e-6)


def test_a_survey_by_estimate_costs_what_measur_says():
    hours, cubic_feet_per_min, kw_per_cubic_foot_per_min = 8760, 100, 0.16

    kwh = hours * cubic_feet_per_min * kw_per_cubic_foot_per_min * part_load_power_frac(1.0, 1.0)

    assert kwh == pytest.approx(140_160)


def test_orifices_leak_what_measur_says():
    leak = orifice_flow_m3_per_min(
        0.375 * 25.4,
        100 * PSI_IN_BAR,
        1.0,
        air_c=(550 + 459.67) / 1.8 - 273.15,
        atmosphere_bar=14.7 * PSI_IN_BAR,
        gas_constant_j_per_kg_k=53.34 * 32.2 * 0.3048**2 * 1.8,
    )

    assert 4 * leak / CFM_IN_M3_PER_MIN == pytest.approx(1295.1250, rel=1e-6)
    assert 4 * leak / CFM_IN_M3_PER_MIN * 0.16 * 8640 == pytest.approx(1_790_380.84, rel=1e-6)


def test_a_bag_fills_at_the_flow_that_measur_says():
    two_bags = 2 * bag_flow_m3_per_min(10 * 25.4, 15 * 25.4, 12) / CFM_IN_M3_PER_MIN

    assert two_bags == pytest.approx(6.8176923906, rel=1e-6)
    assert two_bags * 0.16 * 8640 == pytest.approx(9_424.78, rel=1e-6)


def test_a_load_unload_compressor_at_part_flow_draws_what_measur_says():
    power_frac = part_load_power_frac(0.24, 1 - 71.3 / 452.3)

    assert 452.3 * power_frac == pytest.approx(162.74, abs=0.005)
    assert power_frac == pytest.approx(0.3598, abs=5e-5)


def test_leaks_save_less_where_the_control_does_not_follow():
    """Leak survey of MEASUR's desktop: 17,000 kWh of leaks, adjustment 25 %: 4,250 saved; two leaks of 14,000: 3,500."""
    full_flow_kwh = 50_000.0

    def saved_kwh(leak_kwh):
        before, after = part_load_power_frac(np.array([1.0, 1 - leak_kwh / full_flow_kwh]), 0.25)
        return full_flow_kwh * (before - after)

    assert saved_kwh(17_000) == pytest.approx(4_250)
    assert saved_kwh(14_000) == pytest.approx(3_500)


def test_a_hole_leaks_in_proportion_to_absolute_pressure():
    ratio = orifice_flow_m3_per_min(3, 5.0) / orifice_flow_m3_per_min(3, 7.0)

    assert ratio == pytest.approx(pressure_flow_ratio(5.0, 7.0))


def test_arrays_give_what_single_numbers_give():
    pressures = np.array([4.0, 6.0, 8.0])

    assert pressure_power_ratio(pressures, 7.0).tolist() == [float(pressure_power_ratio(p, 7.0)) for p in pressures]
