import numpy as np
import pytest

from eipsim.physics.compressed_air import (
    NOZZLES,
    SoundTable,
    bag_flow_m3_per_min,
    load_unload_power_frac,
    nozzle_flow_m3_per_min,
    orifice_flow_m3_per_min,
    part_load_power_frac,
    pressure_flow_ratio,
    pressure_power_ratio,
    receiver_free_air_m3,
    sound_flow_m3_per_min,
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


def test_modulation_without_unloading_draws_what_measur_says():
    """Compressors.unit.cpp: 85.4 kW and 473 cfm at full load, 55.3 kW at none; power 89 % at 69 % flow (both rounded there)."""
    follow = 1 - 55.3 / 85.4

    assert part_load_power_frac(0.69, follow) == pytest.approx(0.89, abs=0.005)
    assert 85.4 * part_load_power_frac(786 / 473, follow) == pytest.approx(105.32, rel=1e-4)


def test_starts_and_stops_draw_what_measur_says():
    """Compressors.unit.cpp: 89.5 kW, power factors 1.05 and 1 at either end of the band: 18.35 kW at 20 % flow."""
    assert 89.5 * (1.05 + 1) / 2 * part_load_power_frac(0.2, 1.0) == pytest.approx(18.35, rel=1e-3)


def test_shaft_power_costs_what_measur_says():
    """215 bhp, 25 bhp unloaded, 85 % of 6,800 h loaded, motor 95 and 90 %, 0.05 USD/kWh; 0.746 kW/hp as there."""
    loaded, unloaded = (
        bhp * 0.746 / efficiency * 6800 * share * 0.05 for bhp, efficiency, share in ((215, 0.95, 0.85), (25, 0.9, 0.15))
    )
    mean_kw = 215 * 0.746 / 0.95 * part_load_power_frac(0.85, 1 - (25 / 0.9) / (215 / 0.95))

    assert loaded == pytest.approx(48_792.326, rel=1e-6)
    assert mean_kw * 6800 * 0.05 == pytest.approx(loaded + unloaded)


def test_a_receiver_gives_the_air_that_measur_says():
    """CompressedAir: 660 gal from 110 to 100 psig give 60.0240 scf, at 14.7 psi and 7.48 gal/ft3."""
    air = receiver_free_air_m3(660 / 7.48, 110.0, 100.0, 14.7)

    assert air == pytest.approx(60.0240, rel=1e-4)


def loading(flow_frac, receiver_m3):
    return load_unload_power_frac(flow_frac, 0.25, capacity_m3_per_min=10.0, receiver_m3=receiver_m3, band_bar=0.7)


def test_a_receiver_without_end_leaves_the_straight_line():
    assert loading(0.4, 1e9) == pytest.approx(float(part_load_power_frac(0.4, 0.75)))


def test_a_receiver_of_a_minute_of_flow_adds_what_its_cycles_add():
    """10 m3 × 0.7 bar: cycles of 2.763 min at half flow, of which two thirds of a minute fall in a straight line."""
    cycle_min = 10 * 0.7 / (1.01325 * 10 * 0.25)

    assert loading(0.5, 10.0) == pytest.approx(0.625 + 0.75 * (20 / 60) / cycle_min)


def test_hardly_any_receiver_leaves_full_power_at_all_flows():
    assert loading(0.5, 0.01) == pytest.approx(1.0, abs=0.002)


@pytest.mark.parametrize("flow_frac", [0.0, 1.0])
def test_at_no_flow_and_at_full_flow_the_receiver_is_no_matter(flow_frac):
    assert loading(flow_frac, 0.5) == pytest.approx(0.25 + 0.75 * flow_frac)


def test_a_leak_that_is_heard_flows_as_measur_says():
    """CompressedAirLeakSurvey.unit.cpp: 130 psi, 25 dB, between 150 and 125 psi, 20 and 30 dB; 8,640 h, 0.16 kW/cfm."""
    table = SoundTable((150.0, 125.0), (20.0, 30.0), ((1.04, 1.2), (1.85, 1.65)))

    cubic_feet_per_min = sound_flow_m3_per_min(130.0, 25.0, table)

    assert cubic_feet_per_min == pytest.approx(1.429, rel=1e-9)
    assert cubic_feet_per_min * 8640 * 0.16 == pytest.approx(1_975.4496, rel=1e-9)


def test_an_open_pipe_blows_what_measur_says():
    """CompressedAirReduction.unit.cpp: four of a quarter inch at 50 psi, 8,640 h, 0.16 kW/cfm, 0.12 USD/kWh."""
    each = nozzle_flow_m3_per_min("pipe_1/4_in", 50 * PSI_IN_BAR) / CFM_IN_M3_PER_MIN

    assert each == pytest.approx(90.9812, rel=1e-6)
    assert 4 * each * 8640 * 0.16 == pytest.approx(503_089.64, rel=1e-6)
    assert 4 * each * 8640 * 0.16 * 0.12 == pytest.approx(60_370.757, rel=1e-6)


def test_a_nozzle_of_a_millimetre_blows_what_measur_says():
    each = nozzle_flow_m3_per_min("nozzle_1_mm", 80 * PSI_IN_BAR) / CFM_IN_M3_PER_MIN

    assert each == pytest.approx(1.778508, rel=1e-6)


@pytest.mark.parametrize("kind", NOZZLES)
def test_more_pressure_blows_more(kind):
    flows = nozzle_flow_m3_per_min(kind, np.arange(1.5, 8.5, 0.5))

    assert np.all(np.diff(flows) > 0)


def test_an_unknown_nozzle_is_refused():
    with pytest.raises(KeyError, match="hose"):
        nozzle_flow_m3_per_min("hose", 6.0)
