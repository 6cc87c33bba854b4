import numpy as np
import pytest

from eipsim.physics.motors import (
    EFFICIENCY_CLASSES,
    LOADS,
    class_efficiency_frac,
    nameplate_power_kw,
    speed_controlled_power_frac,
    throttled_power_frac,
)

HP_IN_KW = 0.7457


@pytest.mark.parametrize(
    ("efficiency_class", "hp", "expected"),
    [  # MEASUR: standard efficiency; premium efficiency, 1780 rpm
        ("IE1", 50, 0.9139),
        ("IE1", 100, 0.9294),
        ("IE1", 150, 0.9348),
        ("IE1", 250, 0.9425),
        ("IE3", 200, 0.9612),
    ],
)
def test_full_load_efficiency_is_within_half_a_point_of_measur(efficiency_class, hp, expected):
    assert class_efficiency_frac(hp * HP_IN_KW, efficiency_class) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(
    ("efficiency_class", "kw", "expected"),
    [("IE1", 7.5, 0.860), ("IE2", 7.5, 0.887), ("IE3", 7.5, 0.904), ("IE4", 7.5, 0.926), ("IE3", 75, 0.950)],
)
def test_efficiency_is_that_of_the_standard_s_table(efficiency_class, kw, expected):
    assert class_efficiency_frac(kw, efficiency_class) == pytest.approx(expected, abs=0.001)


def test_a_better_class_is_better_at_every_size():
    sizes = np.array([0.75, 5.5, 37.0, 200.0, 400.0])

    efficiency = np.array([class_efficiency_frac(sizes, name) for name in EFFICIENCY_CLASSES])

    assert (np.diff(efficiency, axis=0) > 0).all()
    assert (efficiency < 1).all()


def test_nameplate_power_with_reduced_frequency_follows_measur_s_exponent():
    """MEASUR's nameplate method: P·LF·(f/f_line)^2.5/eff."""
    assert nameplate_power_kw(200.0, 0.8, 0.95, 50 / 60) == pytest.approx(200 * 0.8 / 0.95 * (50 / 60) ** 2.5)


@pytest.mark.parametrize("load", LOADS)
def test_at_full_flow_a_throttle_costs_nothing_and_a_drive_its_losses(load):
    assert throttled_power_frac(1.0, load) == pytest.approx(1)
    assert speed_controlled_power_frac(1.0, load) == pytest.approx(1 / 0.97)


@pytest.mark.parametrize("load", ["fan", "pump"])
def test_at_part_flow_speed_control_takes_less_than_a_throttle(load):
    flow = np.linspace(0.3, 0.9, 7)

    assert (speed_controlled_power_frac(flow, load) < throttled_power_frac(flow, load)).all()
