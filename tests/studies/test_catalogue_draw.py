"""A synthetic catalogue is drawn from priors, by its own seed."""

import dataclasses
from collections import Counter

import pytest

from eipsim.config import load_plan
from eipsim.end_uses import ProcessHeat
from eipsim.studies.catalogue_draw import CatalogueRules, NoDrawError, draw_catalogue
from eipsim.study_assembly import calibration


@pytest.fixture(scope="module")
def priors():
    return calibration(load_plan(["experiment=catalogue_calibration"]))[0]


@pytest.fixture(scope="module")
def drawn(priors):
    return draw_catalogue(priors, seed=159, draw=3)


def test_there_are_159_rows_of_which_60_are_implemented(drawn):
    assert len(drawn) == len({row.measure.id for row in drawn}) == 159
    assert Counter(row.measure.status for row in drawn) == {"implemented": 60, "proposed": 99}


def test_every_factory_has_about_nine_rows_and_none_more_than_twelve(drawn):
    per_factory = Counter(row.measure.factory for row in drawn)

    assert len(per_factory) == 18
    assert min(per_factory.values()) >= 7
    assert max(per_factory.values()) <= 12


def test_each_option_has_the_rows_of_its_table_and_stands_on_an_end_use_once(priors, drawn):
    assert Counter(row.option.option for row in drawn) == {option.option: option.rows for option in priors.options}
    assert max(Counter((row.option.option, row.measure.factory, row.measure.end_use) for row in drawn).values()) == 1


def test_every_size_is_within_its_physical_bound(priors, drawn):
    for row in drawn:
        low, high = row.measure.size_bounds(priors.park)
        assert low < row.measure.size < high == pytest.approx(row.bound_size)


def test_implemented_rows_burn_no_fuel_but_lpg_and_are_no_solar(priors, drawn):
    for row in drawn:
        if row.measure.status == "implemented":
            assert row.measure.kind != "rooftop_solar"
            heat = priors.park.end_use(row.measure.factory, row.measure.end_use)
            assert not isinstance(heat, ProcessHeat) or heat.carrier in ("electricity", "lpg")


def test_implemented_rows_pay_back_sooner_than_proposed_ones(priors, drawn):
    money = {"implemented": [0.0, 0.0], "proposed": [0.0, 0.0]}
    for row in drawn:
        money[row.measure.status][0] += row.measure.capital_vnd
        money[row.measure.status][1] += row.measure.desk(priors.park, priors.prices).vnd

    payback_yr = {status: capital / saving for status, (capital, saving) in money.items()}
    assert payback_yr["implemented"] < 1.25 < payback_yr["proposed"]


def test_the_same_seed_and_draw_give_the_same_rows_and_another_draw_others(priors, drawn):
    assert repr(draw_catalogue(priors, seed=159, draw=3)) == repr(drawn)
    assert repr(draw_catalogue(priors, seed=159, draw=4)) != repr(drawn)


def test_a_row_at_another_size_has_costs_and_upkeep_in_proportion(priors, drawn):
    row = next(row for row in drawn if row.option.upkeep_vnd_per_yr)

    double = row.at(2 * row.measure.size, priors).measure

    assert double.capital_vnd == pytest.approx(2 * row.measure.capital_vnd, rel=1e-3)
    assert double.other_vnd_per_yr == pytest.approx(2 * row.measure.other_vnd_per_yr, rel=1e-3)


def test_an_option_without_a_place_rejects_the_draw(priors):
    without = dataclasses.replace(priors, places={**priors.places, "led": []})

    with pytest.raises(NoDrawError, match="no place left for led"):
        draw_catalogue(without)


def test_too_few_rows_that_can_be_implemented_reject_the_draw(priors):
    many = dataclasses.replace(priors, rules=CatalogueRules(implemented_count=150))

    with pytest.raises(NoDrawError, match="too few rows can be implemented"):
        draw_catalogue(many)


def test_rows_that_do_not_fit_the_factories_reject_the_draw(priors):
    crowded = dataclasses.replace(priors, rules=CatalogueRules(most_count=8))

    with pytest.raises(NoDrawError, match="159 rows do not fit 18 factories of 7 to 8"):
        draw_catalogue(crowded)
