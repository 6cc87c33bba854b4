"""What must be saved before meters can tell, by hand."""

from math import isnan, sqrt
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eipsim.errors import ResultsError
from eipsim.studies.detectable import (
    BILLS,
    HIDDEN,
    NO_METER,
    REGRESSION,
    SUBMETER,
    Readings,
    detection_factor,
    fitted,
    fractional_uncertainty,
    known,
    needed_cv_frac,
    readings_of,
    savings_sd_frac,
)
from eipsim.studies.detectable_rows import best_proofs, known_meters, measure_proofs, meter_rows, programme_rows

DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=float)
FLAT = np.ones(12)


def year(total, shape=FLAT):
    """Return twelve readings with a sum."""
    return total * shape / shape.sum()


def test_the_factor_of_many_years_is_that_of_the_normal_distribution():
    assert detection_factor(10**7) == pytest.approx(1.959964 + 0.841621, abs=1e-5)
    assert detection_factor(9) == pytest.approx(2.262157 + 0.883404, abs=1e-5)


def test_a_saving_by_regression_is_as_uncertain_as_guideline_14_says():
    assert savings_sd_frac(0.10) == pytest.approx(1.26 * 0.10 * sqrt(14 / 144))
    # t(0.84, 10) = 1.0463 with two parameters
    assert fractional_uncertainty(0.05, 0.10, 2) == pytest.approx(1.0463 * 1.26 * 0.10 * sqrt(14 / 144) / 0.05, rel=1e-3)
    assert fractional_uncertainty(0.0, 0.10, 2) == float("inf")


def test_the_regression_that_is_needed_just_finds_the_saving():
    cv = needed_cv_frac(0.05)

    assert detection_factor(10) * savings_sd_frac(cv) == pytest.approx(0.05)


def test_a_line_through_its_points_leaves_nothing():
    hours = np.array([10, 12, 14, 9, 11, 13, 15, 8, 10, 12, 14, 16], dtype=float)

    fit = fitted(100 + 5 * hours, [hours])

    assert fit.coefficients == pytest.approx([100, 5])
    assert fit.cv_frac == pytest.approx(0, abs=1e-12)


def test_the_spread_around_a_mean_has_eleven_degrees_of_freedom():
    readings = np.array([9.0, 11.0] * 6)

    assert fitted(readings, np.empty((0, 12))).cv_frac == pytest.approx(sqrt(12 / 11) / 10)


def test_what_bills_find_follows_from_the_spread_of_years():
    years = np.array([year(1000.0), year(1010.0), year(1020.0)])

    found = known(years, DAYS, np.ones((3, 12)), FLAT, drift_frac=0.0)

    assert (found.mean, found.sd) == (pytest.approx(1010), pytest.approx(10))
    assert found.least_bills == pytest.approx((4.302653 + 1.060660) * sqrt(2) * 10, rel=1e-5)


def test_the_drift_of_a_meter_is_found_twice():
    years = np.tile(year(1000.0, DAYS), (3, 1))

    found = known(years, DAYS, np.tile(DAYS, (3, 1)), FLAT, drift_frac=0.002)

    assert found.model == "mean"
    assert found.sd == pytest.approx(0, abs=1e-9)
    assert found.least_bills == pytest.approx(detection_factor(2) * sqrt(2) * 2.0)
    assert found.least_regression == pytest.approx(detection_factor(11) * sqrt(2) * 2.0, rel=1e-6)


def test_production_explains_what_years_differ_by():
    hours = np.array([[300, 250, 320, 310, 290, 305, 280, 330, 270, 300, 310, 260]]) + np.array([[0], [40], [-30], [15]])
    found = known(2000 + 5.0 * hours, DAYS, hours, FLAT, drift_frac=0.0)

    assert found.model == "production"
    assert found.least_regression < 0.5 * found.least_bills


@given(st.floats(1.0, 1e6), st.integers(3, 12))
def test_shares_do_not_depend_on_the_unit(scale, years):
    rows = np.array([year(1000.0 + 7 * k, DAYS) for k in range(years)])
    hours = np.ones((years, 12))

    one, other = known(rows, DAYS, hours, FLAT), known(scale * rows, DAYS, hours, FLAT)

    assert other.least_bills / other.mean == pytest.approx(one.least_bills / one.mean, rel=1e-6)
    assert other.cv_frac == pytest.approx(one.cv_frac, rel=1e-6, abs=1e-12)


# verdicts


def a_measure(name, end_use="lights", kind="lighting_led", status="implemented"):
    return SimpleNamespace(id=name, factory="f", end_use=end_use, kind=kind, status=status)


SPREAD = (0.99, 1.0, 1.01)


def base():
    """Return a factory of 1000 kWh/yr whose lamps take 40 kWh in every year, and water that never changes."""
    return Readings(
        DAYS,
        {"f": np.ones((3, 12))},
        {
            ("f", "electricity"): np.array([year(1000.0 * x, DAYS) for x in SPREAD]),
            ("f", "water"): np.array([year(100.0, DAYS)] * 3),
        },
        {("f", "lights", "electricity"): np.array([year(40.0, DAYS)] * 3)},
    )


def with_less(kwh, lights_kwh=0.0, m3=0.0):
    """Return the first year of a park that uses less."""
    before = base()
    return Readings(
        DAYS,
        before.line_h,
        {
            ("f", "electricity"): before.meters["f", "electricity"][:1] - year(kwh, DAYS),
            ("f", "water"): before.meters["f", "water"][:1] - year(m3, DAYS),
        },
        {("f", "lights", "electricity"): before.end_uses["f", "lights", "electricity"][:1] - year(lights_kwh, DAYS)},
    )


def proofs(one, alone):
    meters = known_meters(base(), FLAT)
    return measure_proofs([one], {one.id: alone}, base(), meters)


def test_a_meter_s_least_is_that_of_its_years():
    (power, _) = meter_rows(base(), known_meters(base(), FLAT))

    assert power.least_bills_frac == pytest.approx((4.302653 + 1.060660) * sqrt(2 * (0.01**2 + 0.002**2)), rel=1e-5)
    assert power.within_guideline


@pytest.mark.parametrize(
    ("kwh", "lights_kwh", "verdict"),
    [(80.0, 20.0, BILLS), (20.0, 10.0, REGRESSION), (5.0, 5.0, SUBMETER), (0.5, 0.3, HIDDEN)],
)
def test_the_least_effort_that_finds_a_saving_is_told(kwh, lights_kwh, verdict):
    (row,) = proofs(a_measure("m1"), with_less(kwh, lights_kwh))

    assert row.verdict == verdict
    assert row.saving == pytest.approx(kwh)
    assert row.submeter_saving_frac == pytest.approx(lights_kwh / 40)


def test_the_carrier_that_proves_with_least_effort_counts():
    rows = proofs(a_measure("m1"), with_less(0.5, 0.0, m3=30.0))

    assert {row.carrier: row.verdict for row in rows} == {"electricity": HIDDEN, "water": BILLS}
    assert [row.carrier for row in best_proofs(rows)] == ["water"]


def test_a_measure_that_saves_nothing_metered_is_said_to_have_no_meter():
    (row,) = proofs(a_measure("m1", "materials", "material_saving"), with_less(0.0))

    assert row.verdict == NO_METER
    assert isnan(row.least_bills_frac)


def test_solar_has_a_meter_of_its_own():
    (row,) = proofs(a_measure("m1", "", "rooftop_solar"), with_less(1.0))

    assert row.verdict == SUBMETER


def test_a_programme_is_compared_year_by_year():
    before = base()
    after = Readings(DAYS, before.line_h, {("f", "electricity"): 0.9 * before.meters["f", "electricity"]}, {})

    power, water = programme_rows("all", [a_measure("m1")], after, before, known_meters(before, FLAT))

    assert (power.saving, power.verdict) == (pytest.approx(100), BILLS)
    assert power.unpaired_sd_frac == pytest.approx(sqrt(2) * 0.01)
    assert power.paired_sd_frac == pytest.approx(0.1 * 0.01)
    assert water.saving_frac == pytest.approx(1)


# what units hold


def unit(months=12):
    return {
        "readings": {
            "months": [[2022, k + 1, 30] for k in range(months)],
            "factories": {"f": {"line_h": [1.0] * months, "meters": {"water": [2.0] * months}, "end_uses": {}}},
        }
    }


def test_readings_of_replications_are_gathered():
    found = readings_of([unit(), unit()], "a result")

    assert found.meters["f", "water"].shape == (2, 12)
    assert found.days.sum() == 360


def test_units_without_readings_or_months_are_refused():
    with pytest.raises(ResultsError, match="a result has no monthly readings: an earlier version made it"):
        readings_of([{}], "a result")
    with pytest.raises(ResultsError, match="a result has 1 months: it must have 12"):
        readings_of([unit(1)], "a result")
