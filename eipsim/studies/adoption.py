"""Which measures firms take by themselves, and what a policy adds: a logit of payback and capital."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass as checked_dataclass

from ..errors import ConfigError, Problems
from ..measures.base import Measure
from ..park import Park
from ..physics.finance import annuity_factor_yr
from .alone import Saved
from .economics import SAVED

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MONTHS_PER_YR = 12.0
BRACKET = 60.0
"""How far from 0 the intercept of a logit is looked for: odds of 1e26."""

Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
More = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Policy:
    """What a policy gives to, or asks of, every firm.

    Parameters
    ----------
    subsidy_frac : float
        Share of the capital that is paid for the firm, 0-1.
    loan_frac, loan_rate_frac, loan_term_yr : float
        Share of the rest of the capital that is lent, 0-1, at a rate a year [1] for some years [yr]; the firm takes the loan if
        that makes the measure more attractive.
    carbon_vnd_per_t : float
        Price of a tonne of CO2 that the firm no longer pays [VND/t].
    tariff_date : date or None
        Law and prices of that day in place of those of the context.
    duty_payback_yr : float
        Measures that come back within so many years must be done [yr]; 0 for no duty.
    duty_frac : float
        Share of the firms that keep to the duty where they would not have acted, 0-1.

    Raises
    ------
    pydantic.ValidationError
        If a number is out of range, or part of a loan or duty is missing.
    """

    subsidy_frac: Share = 0.0
    loan_frac: Share = 0.0
    loan_rate_frac: Annotated[float, Field(ge=0, lt=1)] = 0.0
    loan_term_yr: Amount = 0.0
    carbon_vnd_per_t: Amount = 0.0
    tariff_date: dt.date | None = None
    duty_payback_yr: Amount = 0.0
    duty_frac: Share = 1.0

    @model_validator(mode="after")
    def _check(self) -> Policy:
        if (self.loan_frac > 0) != (self.loan_term_yr > 0):
            raise ValueError("a loan needs both loan_frac and loan_term_yr, more than 0")
        return self


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class AdoptionSettings:
    """How firms decide, and which policies are compared.

    Parameters
    ----------
    policies : dict of str to Policy
        By a name of their own; ``none`` is always compared.
    scenario : str
        Whose measures.
    savings : {"alone", "desk"}
        What firms look at: what a measure saves alone in the simulator, or on paper.
    share_frac : float or None
        Share of the measures that firms take without a policy, which the intercept is calibrated to, 0-1; None for the
        share that the catalogue calls implemented.
    threshold_month : float
        Payback that counts as 1 [months].
    payback_exponent, low_payback_exponent, high_payback_exponent : float
        Odds fall with payback to this power; low and high make the interval.
    capital_over_saving_ratio : float
        How much stronger the response to capital is than to savings.
    effort_vnd : float
        Own work that any measure takes, on top of its capital [VND].
    reference_vnd_per_worker : float
        Capital per worker that counts as 1 [VND/worker].
    draws_count : int
        Draws that intervals are made of.
    simulated_draws_count : int
        Draws whose adopters are simulated; 0 for none.
    seed : int
        Of the draws.
    """

    policies: dict[Name, Policy]
    scenario: str = "all_159"
    savings: Literal["alone", "desk"] = "alone"
    share_frac: Annotated[float, Field(gt=0, lt=1)] | None = None
    threshold_month: More = 15.0
    payback_exponent: More = 1.0
    low_payback_exponent: More = 0.5
    high_payback_exponent: More = 2.0
    capital_over_saving_ratio: Annotated[float, Field(ge=1, allow_inf_nan=False)] = 1.4
    effort_vnd: More = 5e6
    reference_vnd_per_worker: More = 1e5
    draws_count: Annotated[int, Field(ge=20)] = 1000
    simulated_draws_count: Annotated[int, Field(ge=0)] = 0
    seed: Annotated[int, Field(ge=0)] = 2022

    @model_validator(mode="after")
    def _check(self) -> AdoptionSettings:
        if not self.low_payback_exponent <= self.payback_exponent <= self.high_payback_exponent:
            raise ValueError(
                f"payback_exponent = {self.payback_exponent:g}: must lie from low_payback_exponent = "
                f"{self.low_payback_exponent:g} to high_payback_exponent = {self.high_payback_exponent:g}"
            )
        if "none" in self.policies:
            raise ValueError("policies: none is the name of what happens without a policy; choose another")
        return self


@dataclass(frozen=True)
class Offers:
    """Measures as firms see them, in the order of their ids.

    Parameters
    ----------
    names : tuple of str
        Ids.
    is_implemented : ndarray of bool of shape (measures,)
        Status of the catalogue.
    capital_vnd, upkeep_vnd, saving_vnd, saving_kwh, saving_m3, saving_co2_t : ndarray of shape (measures,)
        Capital [VND]; upkeep [VND/yr]; what it saves a year.
    size_workers : ndarray of shape (measures,)
        Workers of the factory, by which capital is measured.
    """

    names: tuple[str, ...]
    is_implemented: Bools
    capital_vnd: Floats
    upkeep_vnd: Floats
    saving_vnd: Floats
    saving_kwh: Floats
    saving_m3: Floats
    saving_co2_t: Floats
    size_workers: Floats


def offers_of(measures: Sequence[Measure], park: Park, saved: Saved) -> Offers:
    """Return measures as firms see them.

    Raises
    ------
    ConfigError
        If a factory has no workers, by which capital could be measured.
    """
    ordered = sorted(measures, key=lambda one: one.id)
    with Problems("Adoption", ConfigError) as problems:
        if not ordered:
            problems.add("scenario", "has no measures: choose one that has")
        for name in sorted({one.factory for one in ordered}):
            if not park.factory(name).workers:
                problems.add(f"{name}.workers", "= 0: capital is measured by the head count; give it")
    vnd, kwh, m3, co2_t = SAVED[3], SAVED[0], SAVED[1], SAVED[2]

    def array(kpi: str) -> Floats:
        return np.array([saved[one.id].get(kpi, 0.0) for one in ordered], dtype=np.float64)

    return Offers(
        tuple(one.id for one in ordered),
        np.array([one.status == "implemented" for one in ordered]),
        np.array([one.capital_vnd for one in ordered], dtype=np.float64),
        np.array([one.yearly_cost_vnd for one in ordered], dtype=np.float64),
        array(vnd), array(kwh), array(m3), array(co2_t),
        np.array([float(park.factory(one.factory).workers) for one in ordered]),
    )  # fmt: skip


def payback_yr(
    own_vnd: Floats, net_vnd_per_yr: Floats, lent_vnd: Floats | float = 0.0, rate_frac: float = 0.0, term_yr: float = 0.0
) -> Floats:
    """Return when a firm has its own money back while it repays a loan in equal yearly amounts.

    Parameters
    ----------
    own_vnd, net_vnd_per_yr : ndarray of shape (measures,)
        Own money [VND]; savings less upkeep [VND/yr].
    lent_vnd : ndarray of shape (measures,)
        What is lent [VND].
    rate_frac, term_yr : float
        Of the loan [1, yr].

    Returns
    -------
    ndarray of shape (measures,)
        own / (net − instalment) if that is within the term, else term + (own − (net − instalment) × term) / net; infinite if
        nothing is saved [yr].

    Examples
    --------
    >>> payback_yr(np.array([100.0, 20.0]), np.array([50.0, 50.0]), np.array([0.0, 80.0]), 0.0, 4.0).round(3).tolist()
    [2.0, 0.667]
    """
    lent = np.broadcast_to(np.asarray(lent_vnd, dtype=np.float64), own_vnd.shape)
    instalment = lent / annuity_factor_yr(rate_frac, term_yr) if term_yr else np.zeros_like(own_vnd)
    during = net_vnd_per_yr - instalment
    with np.errstate(divide="ignore", invalid="ignore"):
        within = np.where(during > 0, own_vnd / during, np.inf)
        beyond = term_yr + (own_vnd - during * term_yr) / net_vnd_per_yr
    found: Floats = np.where(net_vnd_per_yr > 0, np.where(within <= term_yr, within, beyond), np.inf)
    return found


class Terms(NamedTuple):
    """What a policy makes of each measure.

    Parameters
    ----------
    score : ndarray of shape (2, measures)
        ln(payback / threshold), and ln(own capital per worker / reference), of which odds are made; infinite for a measure
        that saves nothing.
    payback_yr : ndarray of shape (measures,)
        Own payback without a loan [yr].
    subsidy_vnd : ndarray of shape (measures,)
        What the public pays if the measure is taken [VND].
    """

    score: Floats
    payback_yr: Floats
    subsidy_vnd: Floats


def terms(offers: Offers, policy: Policy, settings: AdoptionSettings, price_ratio: Floats | float = 1.0) -> Terms:
    """Return payback and own capital of each measure under a policy.

    Parameters
    ----------
    offers : Offers
        The measures.
    policy : Policy
        What is given and asked.
    settings : AdoptionSettings
        Threshold, effort and reference.
    price_ratio : ndarray of shape (measures,)
        Money saved under the policy's law and prices over that under those of the context [1].
    """
    net = offers.saving_vnd * price_ratio + policy.carbon_vnd_per_t * offers.saving_co2_t - offers.upkeep_vnd
    subsidy = policy.subsidy_frac * offers.capital_vnd
    paid = offers.capital_vnd - subsidy
    lent = policy.loan_frac * paid

    def score(own: Floats, years: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.array(
                [
                    np.log(MONTHS_PER_YR * years / settings.threshold_month),
                    np.log(own / offers.size_workers / settings.reference_vnd_per_worker),
                ]
            )

    own = paid + settings.effort_vnd
    alone = payback_yr(own, net)
    plain = score(own, alone)
    if not policy.loan_frac:
        return Terms(plain, alone, subsidy)
    less = own - lent
    borrowed = score(less, payback_yr(less, net, lent, policy.loan_rate_frac, policy.loan_term_yr))
    weights = np.array([[1.0], [settings.capital_over_saving_ratio - 1.0]])
    better = (weights * borrowed).sum(axis=0) < (weights * plain).sum(axis=0)
    return Terms(np.where(better, borrowed, plain), alone, subsidy)


def probability(
    offered: Terms, policy: Policy, intercept: Floats | float, exponent: Floats | float, settings: AdoptionSettings
) -> Floats:
    """Return how likely each measure is taken.

    P = 1 / (1 + exp(−(a − b ln(payback/threshold) − (r − 1) b ln(capital per worker/reference)))), with r the strength of
    the response to capital over that to savings: ln payback falls by ln saving and grows by ln capital, so that capital works
    with r b and savings with b (Anderson & Newell 2004, *Resource and Energy Economics* 26, 27-50: r = 1.4). A duty adds its
    share of what would not have been done.

    Parameters
    ----------
    offered : Terms
        Under the policy.
    policy : Policy
        For its duty.
    intercept, exponent : float or ndarray of shape (draws, 1)
        a and b.
    settings : AdoptionSettings
        r.

    Returns
    -------
    ndarray of shape (measures,) or (draws, measures)
        0-1; 0 for a measure that saves nothing.
    """
    payback, capital = offered.score
    ranked = np.asarray(intercept) - np.asarray(exponent) * (payback + (settings.capital_over_saving_ratio - 1.0) * capital)
    likely: Floats = 1.0 / (1.0 + np.exp(-np.clip(ranked, -700.0, 700.0)))
    likely = np.where(np.isinf(payback), 0.0, likely)
    if policy.duty_payback_yr:
        bound = offered.payback_yr <= policy.duty_payback_yr
        likely = np.where(bound, likely + policy.duty_frac * (1.0 - likely), likely)
    return likely


def calibrated_intercept(offered: Terms, share_frac: float, exponent: float, settings: AdoptionSettings) -> float:
    """Return the intercept at which the expected share of measures that are taken is the wanted one.

    Raises
    ------
    ConfigError
        If so many measures save nothing that no intercept gives it.
    """
    from scipy.optimize import brentq

    def beyond(intercept: float) -> float:
        return float(probability(offered, Policy(), intercept, exponent, settings).mean()) - share_frac

    if beyond(BRACKET) <= 0:
        count = int(np.isfinite(offered.score[0]).sum())
        raise ConfigError(
            f"share_frac = {share_frac:g}: only {count} of {offered.score.shape[1]} measures save anything; ask for less"
        )
    return float(brentq(beyond, -BRACKET, BRACKET, xtol=1e-12))
