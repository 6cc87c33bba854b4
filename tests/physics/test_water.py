import pytest
from hypothesis import given
from hypothesis import strategies as st

from eipsim.physics.water import loop_reuse_frac, rinse_flow_ratio


def test_one_tank_needs_dilution_less_one():
    assert rinse_flow_ratio(1000.0, 1) == pytest.approx(999)


@given(st.floats(2, 1e5), st.integers(1, 5))
def test_the_flow_dilutes_as_asked(dilution, stages):
    r = float(rinse_flow_ratio(dilution, stages))

    assert sum(r**k for k in range(stages + 1)) == pytest.approx(dilution, rel=1e-9)


@given(st.floats(10, 1e5), st.integers(1, 4))
def test_another_stage_needs_less_water(dilution, stages):
    assert rinse_flow_ratio(dilution, stages + 1) < rinse_flow_ratio(dilution, stages)


@pytest.mark.parametrize(("dilution", "stages"), [(0.5, 2), (100.0, 0)])
def test_a_rinse_without_stage_or_dilution_is_refused(dilution, stages):
    with pytest.raises(ValueError, match="must be at least 1"):
        rinse_flow_ratio(dilution, stages)


def test_a_loop_returns_what_it_treats_less_its_reject():
    assert loop_reuse_frac(0.98, 0.8) == pytest.approx(0.784)
