"""What firms take: a logit of payback and capital, worked out by hand on small cases."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import small_park
from pydantic import ValidationError

from eipsim.errors import ConfigError
from eipsim.studies.adoption import (
    AdoptionSettings,
    Offers,
    Policy,
    calibrated_intercept,
    offers_of,
    payback_yr,
    probability,
    terms,
)
from eipsim.studies.adoption_outcome import adopt, fit_of, price_ratios

SETTINGS = AdoptionSettings(policies={}, effort_vnd=1e6, reference_vnd_per_worker=1e6, draws_count=200, share_frac=0.5)


def offers(capital_mvnd=(4.0, 9.0), saving_mvnd=(4.0, 4.0), workers=5.0, **changes):
    """Two measures of a firm of five: with 1 M VND of own work they come back in 15 and 30 months."""
    count = len(capital_mvnd)
    given = Offers(
        tuple(f"M{k}" for k in range(count)),
        np.arange(count) < count / 2,
        1e6 * np.array(capital_mvnd),
        np.zeros(count),
        1e6 * np.array(saving_mvnd),
        np.full(count, 1000.0),
        np.zeros(count),
        np.full(count, 2.0),
        np.full(count, workers),
    )
    return replace(given, **changes)


def test_the_logit_is_that_worked_out_by_hand():
    # payback 5 / 4 yr = 15 months: ln 1 = 0; capital 5 M VND / 5 workers = the reference: ln 1 = 0
    # payback 10 / 4 yr = 30 months: ln 2; capital 10 M VND / 5 workers: ln 2; 0.5 - 1.5 * (1 + 0.4) ln 2
    found = probability(terms(offers(), Policy(), SETTINGS), Policy(), 0.5, 1.5, SETTINGS)

    assert found == pytest.approx([1 / (1 + math.exp(-0.5)), 1 / (1 + math.exp(-0.5) * 2 ** (1.5 * 1.4))])


def test_capital_moves_odds_as_much_as_it_is_said_to_and_more_than_savings():
    def log_odds(capital, saving):
        offered = terms(offers(capital_mvnd=(capital,), saving_mvnd=(saving,)), Policy(), SETTINGS)
        share = probability(offered, Policy(), 0.0, 1.0, SETTINGS)[0]
        return math.log(share / (1 - share))

    # own work of 1 M VND counts as capital: 9 + 1 to 19 + 1 doubles it
    assert log_odds(9.0, 4.0) - log_odds(19.0, 4.0) == pytest.approx(1.4 * math.log(2))
    assert log_odds(9.0, 8.0) - log_odds(9.0, 4.0) == pytest.approx(math.log(2))


def test_the_intercept_gives_the_share_by_hand():
    # two equal measures, each with odds exp(a): a share of 1/4 needs odds 1/3
    offered = terms(offers(capital_mvnd=(4.0, 4.0)), Policy(), SETTINGS)

    assert calibrated_intercept(offered, 0.25, 1.0, SETTINGS) == pytest.approx(-math.log(3))


def test_a_share_beyond_the_measures_that_save_is_refused():
    offered = terms(offers(saving_mvnd=(4.0, 0.0)), Policy(), SETTINGS)

    with pytest.raises(ConfigError, match=r"share_frac = 0.6: only 1 of 2 measures save anything"):
        calibrated_intercept(offered, 0.6, 1.0, SETTINGS)


def test_what_saves_nothing_is_never_taken_but_by_no_duty_either():
    policy = Policy(duty_payback_yr=100.0)

    found = probability(terms(offers(saving_mvnd=(4.0, 0.0)), policy, SETTINGS), policy, 50.0, 1.0, SETTINGS)

    assert found == pytest.approx([1.0, 0.0])


@pytest.mark.parametrize(
    ("own", "net", "loan", "years"),
    [
        (100.0, 50.0, (0.0, 0.0, 0.0), 2.0),
        (20.0, 50.0, (80.0, 0.0, 4.0), 20 / 30),
        (20.0, 15.0, (80.0, 0.0, 4.0), 4 + 40 / 15),  # 5 a year are missing until the loan is repaid: 20 + 4 * 5 are then left
        (10.0, 60.0, (100.0, 0.1, 1.0), 1 + 60 / 60),  # an instalment of 110 for one year
        (10.0, -1.0, (0.0, 0.0, 0.0), math.inf),
    ],
)
def test_own_money_comes_back_after_the_instalments(own, net, loan, years):
    lent, rate, term = loan

    found = payback_yr(np.array([own]), np.array([net]), np.array([lent]), rate, term)

    assert found == pytest.approx([years])


def test_a_subsidy_and_a_carbon_price_change_payback_as_by_hand():
    # (9 * 0.5 + 1) / 4 yr; (9 + 1) / (4 + 2 t * 0.5 M VND/t)
    subsidised = terms(offers(), Policy(subsidy_frac=0.5), SETTINGS)
    taxed = terms(offers(), Policy(carbon_vnd_per_t=0.5e6), SETTINGS)

    assert subsidised.payback_yr[1] == pytest.approx(5.5 / 4)
    assert subsidised.subsidy_vnd.tolist() == [2e6, 4.5e6]
    assert taxed.payback_yr[1] == pytest.approx(10 / 5)


def test_a_loan_that_makes_a_measure_less_attractive_is_not_taken():
    dear = Policy(loan_frac=0.5, loan_rate_frac=0.9, loan_term_yr=20.0)

    poor = offers(saving_mvnd=(1.2, 1.2))  # less than the instalments of twenty years

    assert terms(poor, dear, SETTINGS).score == pytest.approx(terms(poor, Policy(), SETTINGS).score)


def test_a_duty_adds_its_share_of_what_would_not_have_been_done():
    policy = Policy(duty_payback_yr=2.0, duty_frac=0.5)
    offered = terms(offers(), policy, SETTINGS)

    before = probability(offered, Policy(), 0.0, 1.0, SETTINGS)
    after = probability(offered, policy, 0.0, 1.0, SETTINGS)

    assert after == pytest.approx([0.5 + 0.5 * 0.5, before[1]])


def test_expected_savings_and_free_riders_follow_from_probabilities():
    asked = replace(SETTINGS, policies={"half": Policy(subsidy_frac=0.5)})

    found = adopt(offers(), asked)

    none, half = found.policies
    assert none.taken == pytest.approx(2 * 0.5)
    assert none.saving_co2_t == pytest.approx(2.0 * none.taken)
    likely = [row.likely_frac for row in found.measures]
    paid = sum(after * vnd for (_, after), vnd in zip(likely, (2e6, 4.5e6), strict=True))
    assert half.subsidy_vnd == pytest.approx(paid)
    free = sum(before * vnd for (before, _), vnd in zip(likely, (2e6, 4.5e6), strict=True))
    assert half.free_rider_frac == pytest.approx(free / paid)
    assert half.added_co2_t == pytest.approx(2.0 * sum(after - before for before, after in likely))


def test_draws_are_paired_and_another_measure_leaves_those_of_others_as_they_were():
    asked = replace(SETTINGS, policies={"half": Policy(subsidy_frac=0.5)}, simulated_draws_count=20)
    three = offers(capital_mvnd=(4.0, 9.0, 1e6), saving_mvnd=(4.0, 4.0, 0.0))

    found, more = adopt(offers(), asked), adopt(three, replace(asked, share_frac=1 / 3))

    assert found.policies[1].added_co2_low_t >= 0
    for before, after in zip(found.adopters["none"], found.adopters["half"], strict=True):
        assert set(before) <= set(after)
    assert more.adopters == found.adopters
    assert 0 < sum(map(len, found.adopters["none"])) < 40


def test_the_fit_is_that_counted_by_hand():
    likely = np.array([0.9, 0.6, 0.7, 0.2])
    implemented = np.array([True, True, False, False])
    four = terms(offers(capital_mvnd=(1.0, 3.0, 2.0, 9.0), saving_mvnd=(4.0,) * 4), Policy(), SETTINGS)

    fit = fit_of(four, likely, implemented, SETTINGS)

    # of four pairs 0.6 against 0.7 is the wrong way round; squared errors 0.01 + 0.16 + 0.49 + 0.04
    assert fit[:6] == pytest.approx((0.6, 0.5, 0.75, 0.175, 0.25, 1))
    assert fit.fitted_exponent > 0


def test_the_share_of_the_catalogue_is_taken_if_none_is_given():
    asked = replace(SETTINGS, share_frac=None)

    assert adopt(offers(capital_mvnd=(1.0, 2.0, 3.0), saving_mvnd=(4.0,) * 3), asked).policies[0].taken == pytest.approx(2.0)
    with pytest.raises(ConfigError, match=r"share_frac: 100% of the rows are implemented; give a share"):
        adopt(offers(is_implemented=np.array([True, True])), asked)


def test_another_law_counts_by_what_it_makes_of_desk_figures():
    paper = {"M0": {"money_assessed_vnd": 2.0}, "M1": {"money_assessed_vnd": 0.0}}
    then = {"M0": {"money_assessed_vnd": 3.0}, "M1": {"money_assessed_vnd": 0.0}}

    assert price_ratios(offers(), paper, then).tolist() == [1.5, 1.0]


def test_factories_without_workers_are_named():
    with pytest.raises(ConfigError, match=r"candles.workers = 0: capital is measured by the head count"):
        offers_of(small_park.measures(), small_park.small_park(), {})
    with pytest.raises(ConfigError, match="has no measures"):
        offers_of((), small_park.small_park(), {})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"payback_exponent": 3.0}, "payback_exponent = 3: must lie from low_payback_exponent = 0.5"),
        ({"policies": {"none": Policy()}}, "none is the name of what happens without a policy"),
        ({"policies": {"loan": {"loan_frac": 0.5}}}, "a loan needs both loan_frac and loan_term_yr"),
        ({"share_frac": 1.2}, "less than 1"),
    ],
)
def test_settings_that_make_no_sense_are_refused(changes, message):
    with pytest.raises(ValidationError, match=message):
        AdoptionSettings(**{"policies": {}, **changes})


def test_a_day_of_another_law_is_a_date():
    assert Policy(tariff_date="2026-07-01").tariff_date == date(2026, 7, 1)
