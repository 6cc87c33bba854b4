"""What firms are expected and drawn to take under each policy, and how that fits the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..errors import ConfigError
from ..kernel.streams import Stream
from .adoption import (
    AdoptionSettings,
    Bools,
    Floats,
    Offers,
    Policy,
    Terms,
    calibrated_intercept,
    probability,
    terms,
)
from .alone import Saved
from .economics import SAVED

NONE = "none"
"""What no policy is called."""


class Drawn(NamedTuple):
    """What chance and ignorance decide, the same for all policies.

    Parameters
    ----------
    intercept, exponent : ndarray of shape (draws, 1)
        Of the logit; one for each draw.
    ticket : ndarray of shape (draws, measures)
        A measure is taken if its ticket is below its probability, 0-1.
    """

    intercept: Floats
    exponent: Floats
    ticket: Floats


def drawn(offers: Offers, offered: Terms, share_frac: float, settings: AdoptionSettings) -> Drawn:
    """Draw exponents, log-uniform from low to high, and tickets; the intercept is calibrated anew for each.

    Parameters
    ----------
    offers : Offers
        The measures, whose ids key their tickets.
    offered : Terms
        Without a policy.
    share_frac : float
        What is calibrated to, 0-1.
    settings : AdoptionSettings
        Exponents, count and seed.
    """
    low, high = np.log([settings.low_payback_exponent, settings.high_payback_exponent])
    chance = Stream(settings.seed, 0, "adoption", "exponent")
    exponent = np.exp([chance.between(float(low), float(high)) for _ in range(settings.draws_count)])
    streams = [Stream(settings.seed, 0, "adoption", name) for name in offers.names]
    ticket = np.array([[stream.uniform() for _ in range(settings.draws_count)] for stream in streams]).T
    intercept = [calibrated_intercept(offered, share_frac, float(one), settings) for one in exponent]
    return Drawn(np.array(intercept)[:, None], exponent[:, None], ticket)


class PolicyRow(NamedTuple):
    """What is expected under one policy, and what it adds; intervals hold 90 % of the draws.

    Parameters
    ----------
    policy : str
        Its name.
    taken, taken_low, taken_high : float
        Measures.
    saving_kwh, saving_m3, saving_vnd : float
        Expected a year, alone savings added up.
    saving_co2_t, saving_co2_low_t, saving_co2_high_t : float
        [t/yr].
    added_co2_t, added_co2_low_t, added_co2_high_t : float
        More than without a policy, by the same draws [t/yr].
    capital_vnd, subsidy_vnd : float
        What firms and public invest, and the public's part of it [VND].
    free_rider_frac : float
        Share of the subsidy for what would have been done anyway; nan without one.
    subsidy_vnd_per_t : float
        Subsidy over the yearly tonnes that it adds [VND/(t/yr)]; nan without one.
    """

    policy: str
    taken: float
    taken_low: float
    taken_high: float
    saving_kwh: float
    saving_m3: float
    saving_vnd: float
    saving_co2_t: float
    saving_co2_low_t: float
    saving_co2_high_t: float
    added_co2_t: float
    added_co2_low_t: float
    added_co2_high_t: float
    capital_vnd: float
    subsidy_vnd: float
    free_rider_frac: float
    subsidy_vnd_per_t: float


def policy_row(
    name: str, offers: Offers, subsidy_vnd: Floats, likely: tuple[Floats, Floats], takes: tuple[Bools, Bools]
) -> PolicyRow:
    """Return what is expected under a policy.

    Parameters
    ----------
    name : str
        Of the policy.
    offers : Offers
        The measures.
    subsidy_vnd : ndarray of shape (measures,)
        What the public pays for each that is taken [VND].
    likely : tuple of two ndarrays of shape (measures,)
        Probabilities under the policy and without one, at the middle exponent.
    takes : tuple of two ndarrays of bool of shape (draws, measures)
        What is taken in each draw under the policy and without one.
    """
    now, before = likely
    under, without = takes
    counts, co2_t = under.sum(axis=1), under @ offers.saving_co2_t
    more = co2_t - without @ offers.saving_co2_t
    added = float((now - before) @ offers.saving_co2_t)
    subsidy = float(now @ subsidy_vnd)
    (few, many), (co2_low, co2_high), (more_low, more_high) = (
        np.quantile(values, (0.05, 0.95)).tolist() for values in (counts, co2_t, more)
    )
    kwh, m3, vnd, co2, capital = (
        float(now @ each)
        for each in (offers.saving_kwh, offers.saving_m3, offers.saving_vnd, offers.saving_co2_t, offers.capital_vnd)
    )
    riding = float(np.minimum(now, before) @ subsidy_vnd) / subsidy if subsidy else float("nan")
    per_t = subsidy / added if subsidy and added > 0 else float("nan")
    return PolicyRow(
        name, float(now.sum()), few, many, kwh, m3, vnd, co2, co2_low, co2_high, added, more_low, more_high, capital,
        subsidy, riding, per_t,
    )  # fmt: skip


class Fit(NamedTuple):
    """How the calibrated logit agrees with the status column.

    Parameters
    ----------
    share_frac : float
        Expected share, which is what was asked for.
    status_frac : float
        Share of the rows that are implemented.
    concordant_frac : float
        Share of the pairs of an implemented and a proposed row in which the implemented one is the likelier; 0.5 is chance.
    brier_frac, constant_brier_frac : float
        Mean squared error of the probabilities, and of one probability for all rows.
    hits_count : int
        Implemented rows among as many of the likeliest rows as there are implemented ones.
    fitted_exponent : float
        Exponent of greatest likelihood; nan if rows of one status are missing.
    """

    share_frac: float
    status_frac: float
    concordant_frac: float
    brier_frac: float
    constant_brier_frac: float
    hits_count: int
    fitted_exponent: float


def fit_of(offered: Terms, likely: Floats, is_implemented: Bools, settings: AdoptionSettings) -> Fit:
    """Compare probabilities with what the catalogue calls implemented."""
    share = float(is_implemented.mean())
    yes, no = likely[is_implemented], likely[~is_implemented]
    pairs = np.sign(yes[:, None] - no[None, :])
    count = int(is_implemented.sum())
    best = np.argsort(-likely, kind="stable")[:count]
    return Fit(
        float(likely.mean()),
        share,
        float((pairs.mean() + 1.0) / 2.0) if pairs.size else float("nan"),
        float(((likely - is_implemented) ** 2).mean()),
        share * (1.0 - share),
        int(is_implemented[best].sum()),
        _fitted_exponent(offered, is_implemented, settings) if pairs.size else float("nan"),
    )


def _fitted_exponent(offered: Terms, is_implemented: Bools, settings: AdoptionSettings) -> float:
    from scipy.optimize import minimize

    known = np.isfinite(offered.score[0])
    rank = offered.score[0][known] + (settings.capital_over_saving_ratio - 1.0) * offered.score[1][known]
    sign = np.where(is_implemented[known], 1.0, -1.0)

    def unlikely(of: Floats) -> float:
        return float(np.logaddexp(0.0, -sign * (of[0] - of[1] * rank)).sum())

    return float(minimize(unlikely, np.array([0.0, settings.payback_exponent]), method="BFGS").x[1])


def price_ratios(offers: Offers, now: Saved, then: Saved) -> Floats:
    """Return how many times as much money each measure saves on paper by another law and its prices [1].

    Parameters
    ----------
    offers : Offers
        The measures.
    now, then : mapping of str to mapping
        Desk figures by the law of the context, and by the other.
    """
    pairs = [(now[name][SAVED[3]], then[name][SAVED[3]]) for name in offers.names]
    return np.array([after / before if before else 1.0 for before, after in pairs])


class MeasureRow(NamedTuple):
    """How likely one measure is taken, without a policy and under each of them, 0-1."""

    measure: str
    status: str
    payback_yr: float
    capital_vnd: float
    likely_frac: tuple[float, ...]


@dataclass(frozen=True)
class Adoption:
    """What a study of adoption found.

    Parameters
    ----------
    offers : Offers
        The measures.
    intercept : float
        At the middle exponent.
    policies : tuple of PolicyRow
        Without a policy first.
    measures : tuple of MeasureRow
        In the order of the offers.
    fit : Fit
        Of what is expected without a policy.
    adopters : mapping of str to tuple of tuple of str
        By policy, the ids that are taken in each draw that is to be simulated.
    """

    offers: Offers
    intercept: float
    policies: tuple[PolicyRow, ...]
    measures: tuple[MeasureRow, ...]
    fit: Fit
    adopters: Mapping[str, tuple[tuple[str, ...], ...]]


def adopt(offers: Offers, settings: AdoptionSettings, ratios: Mapping[str, Floats] | None = None) -> Adoption:
    """Calibrate the logit, and say what is taken without a policy and under each.

    Parameters
    ----------
    offers : Offers
        The measures.
    settings : AdoptionSettings
        How firms decide, and the policies.
    ratios : mapping of str to ndarray of shape (measures,), optional
        By policy with another law, what `price_ratios` returned.

    Raises
    ------
    ConfigError
        If the share can't be met, or is that of a catalogue of one status.
    """
    policies = {NONE: Policy(), **settings.policies}
    offered = {name: terms(offers, one, settings, (ratios or {}).get(name, 1.0)) for name, one in policies.items()}
    share = wanted_share_frac(offers, settings)
    middle = calibrated_intercept(offered[NONE], share, settings.payback_exponent, settings)
    chance = drawn(offers, offered[NONE], share, settings)
    likely = {
        name: probability(offered[name], one, middle, settings.payback_exponent, settings) for name, one in policies.items()
    }
    takes = {
        name: chance.ticket < probability(offered[name], one, chance.intercept, chance.exponent, settings)
        for name, one in policies.items()
    }
    rows = tuple(
        policy_row(name, offers, offered[name].subsidy_vnd, (likely[name], likely[NONE]), (takes[name], takes[NONE]))
        for name in policies
    )
    status = ["implemented" if one else "proposed" for one in offers.is_implemented]
    measures = tuple(
        MeasureRow(name, status[k], float(offered[NONE].payback_yr[k]), float(offers.capital_vnd[k]),
                   tuple(float(one[k]) for one in likely.values()))
        for k, name in enumerate(offers.names)
    )  # fmt: skip
    adopters = {
        name: tuple(
            tuple(offers.names[k] for k in np.flatnonzero(chance.ticket[draw] < one))
            for draw in range(settings.simulated_draws_count)
        )
        for name, one in likely.items()
    }
    fit = fit_of(offered[NONE], likely[NONE], offers.is_implemented, settings)
    return Adoption(offers, middle, rows, measures, fit, adopters)


def wanted_share_frac(offers: Offers, settings: AdoptionSettings) -> float:
    """Return the share that the intercept is calibrated to, 0-1.

    Raises
    ------
    ConfigError
        If none is given, and all rows of the catalogue have one status.
    """
    if settings.share_frac is not None:
        return settings.share_frac
    share = float(offers.is_implemented.mean())
    if not 0 < share < 1:
        raise ConfigError(f"share_frac: {share:.0%} of the rows are implemented; give a share between 0 and 1, such as 0.38")
    return share
