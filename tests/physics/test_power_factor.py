import pytest
from hypothesis import given
from hypothesis import strategies as st

from eipsim.physics.power_factor import apparent_kva, capacitor_kvar, corrected_power_factor_frac, reactive_kvar


def test_capacitors_are_those_that_measur_says():
    """PowerFactor.unit.cpp: 87 kW at 100 kVA, to 0.95."""
    assert apparent_kva(87.0, 0.95) == pytest.approx(91.5789, abs=5e-5)
    assert 100 - apparent_kva(87.0, 0.95) == pytest.approx(8.4211, abs=5e-5)
    assert reactive_kvar(87.0, 0.87) == pytest.approx(49.3052, rel=1e-6)
    assert reactive_kvar(87.0, 0.95) == pytest.approx(28.5955, rel=1e-6)
    assert capacitor_kvar(87.0, 0.87, 0.95) == pytest.approx(20.7097, abs=5e-5)


@given(st.floats(0.5, 0.95), st.floats(0.0, 0.04), st.floats(1, 1e5))
def test_the_capacitors_for_a_power_factor_give_that_power_factor(before, gain, kw):
    kvar = capacitor_kvar(kw, before, before + gain)

    assert corrected_power_factor_frac(kw, before, kvar) == pytest.approx(before + gain)


def test_too_many_capacitors_lower_the_factor_again():
    assert corrected_power_factor_frac(87.0, 0.87, 2 * 49.3052) == pytest.approx(0.87, rel=1e-5)
