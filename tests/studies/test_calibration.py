"""A drawn catalogue is reconciled with published figures through the simulator."""

import dataclasses
import math
from pathlib import Path

import pytest

from eipsim.claims import PublishedClaim, published_claims
from eipsim.components import Factory
from eipsim.config import load_plan
from eipsim.context import Context
from eipsim.errors import CatalogueError, ConfigError
from eipsim.kpis import evaluate
from eipsim.measures import DeskPrices
from eipsim.measures.catalogue import check_catalogue, load_catalogue
from eipsim.readers.measure_cost_table import read_measure_costs
from eipsim.readers.measure_option_table import read_measure_options
from eipsim.scenario import Scenario, prepare
from eipsim.studies.calibration import CalibrationSettings, Meters, assessed_part, calibrate
from eipsim.studies.catalogue_draw import CatalogueRules, Priors
from eipsim.studies.targets import MixPrior, targets_of
from eipsim.study_assembly import calibration

pytestmark = pytest.mark.slow

TRACKED = Path(__file__).parents[2] / "configs" / "measures" / "amata_159.csv"
ANY_MIX = MixPrior((-9.0, 9.0), (-9.0, 9.0), (-9.0, 9.0))
FAST = CalibrationSettings(replications=1, draws_count=2, mix=ANY_MIX, furthest_sigma=9.0)


@pytest.fixture(scope="module")
def plan():
    return load_plan(["experiment=catalogue_calibration"])


@pytest.fixture(scope="module")
def week():
    return Context.at(hours=168.0)


@pytest.fixture(scope="module")
def two(plan, week):
    """Two factories, for which some rows of a few kinds are drawn."""
    kept = {
        name: component
        for name, component in plan.park.components.items()
        if not isinstance(component, Factory) or name in {"denim_laundry", "cosmetics"}
    }
    park = dataclasses.replace(plan.park, components=kept)
    wanted = {"air_leaks", "air_pressure", "led", "chiller_set_point", "compressor_drive", "taps_and_leaks", "rooftop_solar"}
    options = [dataclasses.replace(option, rows=2) for option in read_measure_options() if option.option in wanted]
    roofs_m2 = {"denim_laundry": 30_000.0, "cosmetics": 30_000.0}
    rules = CatalogueRules(implemented_count=6, least_count=7, most_count=7)
    return Priors.of(park, DeskPrices.of(week), roofs_m2, options, read_measure_costs(), rules=rules)


def claim(name, value, basis):
    return PublishedClaim(name, "", "", "", "", "", value, "", basis, "", 0.5, "calibrated")


def figures(kwh=3000.0, co2_t=5000.0):
    """A week's saving at the meters, and a year's sum of desk figures."""
    return claim("amata_60_electricity", kwh, "realised"), claim("amata_159_co2", co2_t, "catalogue")


def test_simulated_and_desk_figures_are_both_met_after_sizes_are_rounded(two, week):
    found = calibrate(two, week, figures(), FAST)

    assert [abs(one.difference_frac) < 0.001 for one in found.reached] == [True, True]
    assert {f"{one.size:.5g}" for one in found.measures} == {repr(one.size).removesuffix(".0") for one in found.measures}
    done = [measure for measure in found.measures if measure.status == "implemented"]
    again = Meters(two.park, week, FAST).savings("implemented_60", done)["electricity_assessed_kwh"]
    assert again == pytest.approx(3000.0, rel=0.001)
    assert math.fsum(m.desk(two.park, two.prices).co2_t for m in found.measures) == pytest.approx(5000.0, rel=0.001)


def test_no_size_stands_at_or_beyond_its_bound_and_all_moves_are_told(two, week):
    found = calibrate(two, week, figures(), FAST)

    assert [row.measure for row in found.sizes] == [measure.id for measure in found.measures]
    assert all(row.size < row.bound for row in found.sizes)
    assert any(row.moved_sigma for row in found.sizes)
    check_catalogue(found.measures, two.park)


def test_the_same_settings_give_the_same_text_and_other_seeds_another(two, week):
    texts = [calibrate(two, week, figures(), dataclasses.replace(FAST, seed=seed)).text for seed in (159, 160)]

    assert texts[0] == calibrate(two, week, figures(), FAST).text != texts[1]


def test_the_other_reading_meets_the_60_as_desk_figures_and_the_159_at_the_meters(two, week):
    swapped = dataclasses.replace(FAST, reversed_basis=True)

    found = calibrate(two, week, figures(kwh=200_000.0, co2_t=70.0), swapped)

    assert [one.basis for one in found.reached] == ["catalogue", "realised"]
    assert found.reached[0].desk == pytest.approx(200_000.0, rel=0.001)
    assert found.reached[1].realised == pytest.approx(70.0, rel=0.001)


def test_draws_that_need_sizes_beyond_their_bounds_are_counted_and_refused(two, week):
    with pytest.raises(
        CatalogueError, match="none of 2 draws can be reconciled: 2 × a size would have to pass its physical bound"
    ):
        calibrate(two, week, figures(co2_t=1e6), FAST)


def test_draws_that_would_have_to_move_too_far_are_counted_and_refused(two, week):
    with pytest.raises(CatalogueError, match=r"a size would have to move by more than 0.01 sigma"):
        calibrate(two, week, figures(), dataclasses.replace(FAST, furthest_sigma=0.01))


def test_draws_whose_mix_is_outside_its_prior_are_counted_and_refused(two, week):
    with pytest.raises(CatalogueError, match="mix outside its prior: fuel_switch"):
        calibrate(two, week, figures(), dataclasses.replace(FAST, mix=MixPrior(electricity_frac=(0.0, 1.0))))


def test_what_is_done_is_told_in_words(two, week):
    told = []

    calibrate(two, week, figures(), FAST, on_step=told.append)

    assert told[-1].startswith("draw ")
    assert "greatest difference" in told[-1]


def test_the_meters_of_the_assessed_factories_do_not_depend_on_the_others(plan, week):
    outcomes = []
    for park in (plan.park, assessed_part(plan.park)):
        ready = prepare(Scenario("year", park, week))
        outcomes.append(evaluate(ready.run(0, 159), ready.park, week).kpis)

    own = [{name: value for name, value in kpis.items() if "assessed" in name} for kpis in outcomes]
    assert own[0] == pytest.approx(own[1], rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("wrong", [{"replications": 0}, {"draws_count": 0}, {"digits_count": 2}])
def test_counts_of_a_calibration_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ConfigError, match="replications and draws_count must be 1 or more, digits_count from 3 to 9"):
        CalibrationSettings(**wrong)


@pytest.mark.parametrize("wrong", [{"tolerance_frac": 0.0}, {"tolerance_frac": 0.2}, {"furthest_sigma": 0.0}])
def test_tolerances_of_a_calibration_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ConfigError, match=r"tolerance_frac must be above 0 and below 0.1, furthest_sigma above 0"):
        CalibrationSettings(**wrong)


def test_the_tracked_catalogue_fits_the_park_and_meets_the_desk_sums(plan):
    measures, prices = load_catalogue(TRACKED), DeskPrices.of(plan.context)

    check_catalogue(measures, plan.park)

    for target in targets_of(published_claims()):
        if target.basis == "catalogue":
            assert target.desk_sum(measures, plan.park, prices) == pytest.approx(target.published, rel=0.001)


@pytest.mark.slow
def test_the_tracked_60_meet_what_was_published_at_the_meters(plan):
    priors, settings = calibration(plan)
    done = [measure for measure in load_catalogue(TRACKED) if measure.status == "implemented"]

    saved = Meters(priors.park, plan.context, settings).savings("implemented_60", done)

    wanted = {target.kpi: target.published for target in targets_of(published_claims()) if target.basis == "realised"}
    assert {kpi: saved[kpi] for kpi in wanted} == pytest.approx(wanted, rel=0.001)
