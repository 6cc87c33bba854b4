import pytest

from eipsim.physics.wastewater_reuse import (
    Separation,
    hauled_t,
    in_series,
    largest_reuse_frac,
    loop_salts_g_per_m3,
    precipitated_frac,
    rejected_load_frac,
)


def test_a_membrane_that_holds_nothing_back_splits_loads_like_water_and_a_tight_one_keeps_all():
    assert rejected_load_frac([0.5, 0.75], 0.0).tolist() == pytest.approx([0.5, 0.25])
    assert rejected_load_frac(0.75, 1.0) == 1.0


def test_a_membrane_meets_its_own_differential_equation():
    recovery, rejection, n = 0.75, 0.95, 100_000
    mass = volume = 1.0
    for _ in range(n):
        mass, volume = mass - (1 - rejection) * mass / volume * recovery / n, volume - recovery / n

    assert float(rejected_load_frac(recovery, rejection)) == pytest.approx(mass, rel=1e-5)


def test_ultrafiltration_before_reverse_osmosis_loses_water_twice_and_keeps_most_salt_in_the_reject():
    both = in_series(Separation(0.92, (0.08, 1.0)), Separation(0.75, (0.97, 0.99)))

    assert both.permeate_frac == pytest.approx(0.69)
    assert both.rejected_frac == pytest.approx((0.08 + 0.92 * 0.97, 1.0))


def test_salt_limits_a_loop_where_its_outlet_just_meets_the_limit():
    reuse = largest_reuse_frac(6.0, 150.0, 30.0, 0.8, 3000.0)
    outlet, intake = 30 * 0.8 * (1 - reuse), 30 * (1 - 0.8 * reuse)

    assert 0 < reuse < 1
    assert float(loop_salts_g_per_m3(6.0, 150.0, intake, outlet)) == pytest.approx(3000.0)


@pytest.mark.parametrize(("salt", "limit", "expected"), [(0.0, 1e9, 1.0), (100.0, 2000.0, 0.0), (1.0, 100.0, 0.0)])
def test_reuse_stays_between_nothing_and_all(salt, limit, expected):
    assert largest_reuse_frac(salt, 150.0, 30.0, 0.8, limit) == pytest.approx(expected, abs=1e-4)


def test_alum_takes_out_what_the_textbook_says_within_ten_points():
    found = [precipitated_frac(ratio) for ratio in (1.38, 1.72, 2.3)]

    assert found == pytest.approx([0.75, 0.85, 0.95], abs=0.1)


def test_a_cake_of_a_fifth_dry_matter_weighs_five_times_its_solids():
    assert hauled_t([200.0, 0.0], 0.2).tolist() == [1.0, 0.0]
