import pytest

from eipsim.physics.wastewater_limits import exceedance_ratio, exceedances, limit_g_per_m3, stepped_factor


def test_the_cod_limit_of_the_park_is_60_75_with_a_small_stream_and_81_with_the_river():
    assert limit_g_per_m3(75.0, kq=0.9, kf=0.9) == pytest.approx(60.75)
    assert limit_g_per_m3(75.0, kq=1.2, kf=0.9) == pytest.approx(81.0)
    assert limit_g_per_m3(6.0, kq=0.9, kf=0.9, scaled=False) == 6.0


def test_a_bound_belongs_to_its_step_and_what_is_beyond_the_last_is_refused():
    steps = ((50.0, 1.2), (500.0, 1.1))

    assert [stepped_factor(value, steps) for value in (0.0, 50.0, 50.1, 500.0)] == [1.2, 1.2, 1.1, 1.1]
    with pytest.raises(ValueError, match="501 has no step: must be from 0 to 500"):
        stepped_factor(501.0, steps)


def test_an_exceedance_is_the_share_beyond_the_limit_and_nothing_below_it():
    assert exceedance_ratio([60.0, 90.0], 60.0).tolist() == pytest.approx([0.0, 0.5])
    assert exceedances({"cod": 90.0, "tss": 10.0, "salt": 1e4}, {"cod": 60.0, "tss": 45.0}) == pytest.approx({"cod": 0.5})
