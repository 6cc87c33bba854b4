import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eipsim.physics.insulation import bare_loss_w_per_m2, insulated_loss_w_per_m2, pipe_loss_w_per_m

PIPE = {"diameter_mm": 25.399, "pipe_c": 422.039 - 273.15, "ambient_c": 299.817 - 273.15, "wind_m_per_s": 0.89408}
LENGTH_M, HOURS, EFFICIENCY_FRAC = 15.24, 8640, 0.9


def test_a_bare_pipe_loses_what_measur_says():
    loss = pipe_loss_w_per_m(**PIPE)

    assert loss == pytest.approx(278.898, rel=0.01)
    assert loss * LENGTH_M * HOURS / EFFICIENCY_FRAC == pytest.approx(40_803_938.64, rel=0.01)


def test_an_insulated_pipe_loses_what_measur_says():
    mean_k = (422.039 + 303) / 2
    conductivity = 1.57526e-12 * mean_k**4 - 2.02822e-09 * mean_k**3 + 8.6328e-07 * mean_k**2 + 0.006729488

    loss = pipe_loss_w_per_m(**PIPE, insulation_mm=76.2, conductivity_w_per_m_k=conductivity, emissivity_frac=0.1)

    assert loss == pytest.approx(19.386, rel=0.01)
    assert loss * LENGTH_M * HOURS / EFFICIENCY_FRAC == pytest.approx(2_836_231.37, rel=0.01)


def test_conduction_through_insulation_equals_the_loss_of_its_film():
    flux = float(insulated_loss_w_per_m2(180.0, 30.0, 50.0, 0.045))

    jacket_c = 180.0 - flux * 0.05 / 0.045

    assert bare_loss_w_per_m2(jacket_c, 30.0) == pytest.approx(flux, rel=1e-9)


@given(st.floats(40, 500), st.floats(1, 200), st.floats(1, 100))
def test_thicker_insulation_never_loses_more(surface_c, thin_mm, added_mm):
    thin, thick = insulated_loss_w_per_m2(surface_c, 30.0, np.array([thin_mm, thin_mm + added_mm]))

    assert 0 <= thick <= thin <= bare_loss_w_per_m2(surface_c, 30.0) * (1 + 1e-9)


def test_a_surface_at_air_temperature_loses_nothing():
    assert bare_loss_w_per_m2(30.0, 30.0) == 0


def test_an_insulated_tank_conducts_what_measur_says():
    """InsulatedTankReduction.unit.cpp: 6 × 10 ft at 500 °F, half a foot of insulation in air of 70 °F.

    There 0.04446388 stands for 4,446.4 Btu/h, of which 1,186.3 are the radiation of one square foot as hot as the tank; the
    rest goes through the insulation of the shell.
    """
    watt_per_btu_per_h = 0.29307107
    radiated = 0.1713e-8 * 0.9 * (959.67**4 - 529.67**4)
    conducted_w = (0.0444638799e5 - radiated) * watt_per_btu_per_h

    metres = 10 * 0.3048
    loss_w_per_m = pipe_loss_w_per_m(
        6 * 304.8,
        260.0,
        21.11,
        insulation_mm=0.5 * 304.8,
        conductivity_w_per_m_k=0.0191 * 1.730735,
        wind_m_per_s=0.01,
        emissivity_frac=0.9,
    )

    assert loss_w_per_m * metres == pytest.approx(conducted_w, rel=0.01)
