"""Indices against functions whose sensitivity is known: Ishigami's and a plane."""

import math

import numpy as np
import pytest

from eipsim.kernel.streams import Stream
from eipsim.studies.designs import (
    factorial_points,
    independent_rows,
    latin_points,
    morris_points,
    sobol_points,
    tornado_points,
)
from eipsim.studies.indices import Estimate, indices, rank_regression, spread

NAMES = ("x1", "x2", "x3")
BY = Estimate(4, 200, 0.95, 1)


def ishigami(shares, a=7.0, b=0.1):
    """Ishigami and Homma's function of three angles, each uniform from −π to π."""
    x = -math.pi + 2 * math.pi * shares
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


def analytic(a=7.0, b=0.1):
    """First and total indices of it: Saltelli et al., Global Sensitivity Analysis (2008), section 4.6."""
    v1 = 0.5 * (1 + b * math.pi**4 / 5) ** 2
    v2, v13 = a**2 / 8, b**2 * math.pi**8 * (1 / 18 - 1 / 50)
    total = v1 + v2 + v13
    return {"S1": (v1 / total, v2 / total, 0.0), "ST": ((v1 + v13) / total, v2 / total, v13 / total), "S2": v13 / total}


def plane(shares):
    return 100.0 + 3.0 * shares[:, 0] - 1.0 * shares[:, 1]


def column(outputs):
    return outputs[:, None]


def found(study, shares, outputs, names=NAMES):
    rows = indices(study, names, shares, outputs if outputs.ndim == 2 else column(outputs), BY)
    return {(row.parameter, row.statistic): row for row in rows}


@pytest.fixture(scope="module")
def sobol_of_ishigami():
    shares = sobol_points(3, 2048, seed=1)
    return found("sobol", shares, ishigami(shares))


@pytest.mark.parametrize("index", ["S1", "ST"])
def test_sobol_indices_of_ishigamis_function_are_the_analytic_ones(sobol_of_ishigami, index):
    for name, true in zip(NAMES, analytic()[index], strict=True):
        row = sobol_of_ishigami[name, index]
        assert row.value == pytest.approx(true, abs=0.02)
        assert row.low - 0.01 <= true <= row.high + 0.01


def test_the_pair_of_ishigamis_function_is_found(sobol_of_ishigami):
    assert sobol_of_ishigami["x1 × x3", "S2"].value == pytest.approx(analytic()["S2"], abs=0.03)
    assert sobol_of_ishigami["x1 × x2", "S2"].value == pytest.approx(0.0, abs=0.03)


def test_sobol_indices_of_a_plane_are_its_squared_slopes():
    shares = sobol_points(3, 512, seed=2)

    rows = found("sobol", shares, plane(shares))

    assert [rows[name, "ST"].value for name in NAMES] == pytest.approx([0.9, 0.1, 0.0], abs=0.01)


def test_morris_finds_slopes_of_a_plane_without_any_spread():
    shares = morris_points(3, 10, 4, seed=1)

    rows = found("morris", shares, plane(shares))

    assert [rows[name, "mu_star"].value for name in NAMES] == pytest.approx([3.0, 1.0, 0.0])
    assert [rows[name, "mu"].value for name in NAMES] == pytest.approx([3.0, -1.0, 0.0])
    assert [rows[name, "sigma"].value for name in NAMES] == pytest.approx([0.0] * 3, abs=1e-9)
    assert rows["x1", "mu_star"].low == pytest.approx(rows["x1", "mu_star"].high)


def test_morris_tells_that_ishigamis_inputs_act_together():
    shares = morris_points(3, 200, 4, seed=1)

    rows = found("morris", shares, ishigami(shares))

    assert rows["x3", "sigma"].value > rows["x3", "mu"].value
    for name in NAMES:
        assert rows[name, "mu_star"].low < rows[name, "mu_star"].value < rows[name, "mu_star"].high


def test_morris_changes_one_parameter_at_a_time():
    shares = morris_points(3, 10, 4, seed=1).reshape(10, 4, 3)

    moved = np.abs(np.diff(shares, axis=1))

    assert ((moved > 0).sum(axis=2) == 1).all()
    assert moved[moved > 0] == pytest.approx(2 / 3)


def test_a_latin_hypercube_has_one_point_in_each_cell():
    shares = latin_points(3, 20, seed=1)

    for parameter in shares.T:
        assert sorted(int(20 * x) for x in parameter) == list(range(20))


def test_rank_coefficients_of_a_plane_are_its_slopes_over_its_spread():
    shares = latin_points(3, 400, seed=1)

    rows = found("lhs", shares, plane(shares))

    assert [rows[name, "srrc"].value for name in NAMES] == pytest.approx([3 / math.sqrt(10), -1 / math.sqrt(10), 0.0], abs=0.05)
    assert rows["all", "r2_ranks"].value > 0.97
    assert rows["x1", "srrc"].low < rows["x1", "srrc"].value < rows["x1", "srrc"].high


def test_ranks_do_not_mind_a_monotone_change_of_the_output():
    shares = latin_points(2, 50, seed=3)

    assert rank_regression(shares, plane(shares)) == pytest.approx(rank_regression(shares, np.exp(plane(shares) - 100.0)))


def test_ranks_say_that_they_do_not_explain_ishigamis_function():
    shares = latin_points(3, 400, seed=1)

    assert found("lhs", shares, ishigami(shares))["all", "r2_ranks"].value < 0.5


def test_shares_of_a_factorial_design_are_those_of_the_sums_of_squares():
    shares = factorial_points(2, 2)
    outputs = np.array([1.0, 2.0, 3.0, 8.0])

    rows = found("factorial", shares, outputs, ("a", "b"))

    assert rows["a", "main_share"].value == pytest.approx(16 / 29)
    assert rows["b", "main_share"].value == pytest.approx(9 / 29)
    assert rows["a × b", "interaction_share"].value == pytest.approx(4 / 29)


def test_replications_give_factorial_shares_an_interval():
    shares = factorial_points(2, 3)
    outputs = np.column_stack([plane(shares), plane(shares) + shares[:, 1], plane(shares)])

    row = found("factorial", shares, outputs, ("a", "b"))["a", "main_share"]

    assert row.low < row.value < row.high


def test_a_tornado_tells_how_far_each_end_moves_the_output():
    shares = tornado_points(2, 0.05)

    rows = found("tornado", shares, plane(shares), ("a", "b"))

    assert [rows["a", side].value for side in ("at_low", "at_high")] == pytest.approx([-1.35, 1.35])
    assert [rows["b", side].value for side in ("at_low", "at_high")] == pytest.approx([0.45, -0.45])


def test_common_seeds_leave_no_chance_in_a_tornado_of_a_sum():
    shares, chance = tornado_points(2, 0.05), np.array([[-5.0, 0.0, 9.0]])

    row = found("tornado", shares, column(plane(shares)) + chance, ("a", "b"))["a", "at_high"]

    assert (row.low, row.high) == pytest.approx((1.35, 1.35))


DESIGNS = {
    "morris": morris_points(3, 4, 4, 1),
    "sobol": sobol_points(3, 8, 1),
    "lhs": latin_points(3, 8, 1),
    "factorial": factorial_points(3, 2),
    "tornado": tornado_points(3, 0.1),
}


@pytest.mark.parametrize("study", DESIGNS)
def test_an_output_that_never_varies_is_sensitive_to_nothing(study):
    rows = found(study, DESIGNS[study], np.full(len(DESIGNS[study]), 7.0))

    assert {row.value for row in rows.values()} == {0.0}


def test_designs_are_the_same_every_time_and_differ_by_seed():
    assert np.array_equal(sobol_points(3, 8, 1), DESIGNS["sobol"])
    assert np.array_equal(morris_points(3, 4, 4, 1), DESIGNS["morris"])
    assert not np.array_equal(latin_points(3, 8, 2), DESIGNS["lhs"])


def test_the_independent_rows_of_sobol_are_two_of_each_block():
    assert independent_rows("sobol", 16, 3) == [0, 7, 8, 15]
    assert independent_rows("lhs", 16, 3) == slice(None)


def test_the_components_of_spread_are_found_again():
    draw = Stream(1, 0, "spread")
    points, replications = 400, 60
    ignorance, chance = ([sd * draw.normal() for _ in range(n)] for sd, n in ((4.0, points), (2.0, replications)))
    noise = np.array([[draw.normal() for _ in range(replications)] for _ in range(points)])

    parts = spread(10.0 + column(np.array(ignorance)) + np.array(chance) + noise, drawn=True)

    assert parts.sd_parameters == pytest.approx(np.std(ignorance, ddof=1), rel=0.02)
    assert parts.sd_chance == pytest.approx(np.std(chance, ddof=1), rel=0.02)
    assert parts.sd_both == pytest.approx(1.0, rel=0.02)


def test_one_replication_does_not_tell_chance():
    parts = spread(np.array([[1.0], [3.0]]), drawn=True)

    assert parts.sd_parameters == pytest.approx(math.sqrt(2))
    assert math.isnan(parts.sd_chance)


def test_points_that_are_no_draw_have_no_spread_of_parameters():
    assert math.isnan(spread(np.array([[1.0, 2.0], [3.0, 5.0]]), drawn=False).sd_parameters)
