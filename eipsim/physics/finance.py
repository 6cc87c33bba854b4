"""Money over time: annuity, present value, internal rate, payback, levelised cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def annuity_factor_yr(rate_frac: ArrayLike, life_yr: ArrayLike) -> NDArray[np.float64]:
    """Present value of 1 a year, paid at the end of each year.

    Parameters
    ----------
    rate_frac : array_like
        Discount rate a year, 0 or more [0-1].
    life_yr : array_like
        Number of years.

    Returns
    -------
    ndarray
        Years [yr]; the life itself at rate 0.

    Notes
    -----
    (1 − (1 + i)^−n) / i.

    Examples
    --------
    >>> round(float(annuity_factor_yr(0.1, 10)), 6)
    6.144567
    """
    rate, life = np.broadcast_arrays(np.asarray(rate_frac, dtype=float), np.asarray(life_yr, dtype=float))
    safe = np.where(rate == 0, 1.0, rate)
    return np.where(rate == 0, life, -np.expm1(-life * np.log1p(safe)) / safe)


def lasting_annuity_factor_yr(
    rate_frac: ArrayLike, life_yr: ArrayLike, decay_frac_per_yr: ArrayLike, first_year_failure_frac: ArrayLike = 0.0
) -> NDArray[np.float64]:
    """Present value of 1 a year that becomes less from year to year, of which a share only begins after a year.

    Parameters
    ----------
    rate_frac : array_like
        Discount rate a year, 0 or more [0-1].
    life_yr : array_like
        Number of years.
    decay_frac_per_yr : array_like
        What each year loses of the year before, below 1 [0-1].
    first_year_failure_frac : array_like
        Share that does nothing in the first year [0-1].

    Returns
    -------
    ndarray
        Years [yr]; `annuity_factor_yr` where nothing decays or fails.

    Notes
    -----
    Σ_k (1 − d)^(k − 1) (1 + i)^−k − f (1 + i)^−1 = (1 − q^n) / (i + d) − f a(1), q = (1 − d) / (1 + i).

    Examples
    --------
    >>> round(float(lasting_annuity_factor_yr(0.1, 2, 0.5, 0.2)), 6)  # 0.8 / 1.1 + 0.5 / 1.21
    1.140496
    """
    rate, life, decay, failure = np.broadcast_arrays(
        *(np.asarray(each, dtype=float) for each in (rate_frac, life_yr, decay_frac_per_yr, first_year_failure_frac))
    )
    per_yr = rate + decay
    safe = np.where(per_yr == 0, 1.0, per_yr)
    whole = np.where(per_yr == 0, life, -np.expm1(life * (np.log1p(-decay) - np.log1p(rate))) / safe)
    return np.asarray(whole - failure * annuity_factor_yr(rate, np.minimum(life, 1.0)))


def net_present_value_vnd(
    capital_vnd: ArrayLike, saving_vnd_per_yr: ArrayLike, rate_frac: ArrayLike, life_yr: ArrayLike
) -> NDArray[np.float64]:
    """Present value of equal yearly savings, less the capital.

    Parameters
    ----------
    capital_vnd : array_like
        Paid at the start [VND].
    saving_vnd_per_yr : array_like
        At the end of each year, yearly costs taken off [VND/yr].
    rate_frac : array_like
        Discount rate a year [0-1].
    life_yr : array_like
        Number of years.

    Returns
    -------
    ndarray
        Value [VND].

    Examples
    --------
    >>> round(float(net_present_value_vnd(100_000, 20_000, 0.1, 10)), 2)
    22891.34
    """
    return np.asarray(np.asarray(saving_vnd_per_yr) * annuity_factor_yr(rate_frac, life_yr) - np.asarray(capital_vnd))


def simple_payback_yr(capital_vnd: ArrayLike, saving_vnd_per_yr: ArrayLike) -> NDArray[np.float64]:
    """Years of savings that return the capital; infinite if nothing is saved.

    Parameters
    ----------
    capital_vnd : array_like
        Capital [VND].
    saving_vnd_per_yr : array_like
        Yearly saving, costs taken off [VND/yr].

    Returns
    -------
    ndarray
        Payback [yr].

    Examples
    --------
    >>> float(simple_payback_yr(100_000, 20_000))
    5.0
    """
    capital, saving = np.broadcast_arrays(np.asarray(capital_vnd, dtype=float), np.asarray(saving_vnd_per_yr, dtype=float))
    return np.asarray(np.divide(capital, saving, out=np.full(capital.shape, np.inf), where=saving > 0))


def discounted_payback_yr(capital_vnd: ArrayLike, saving_vnd_per_yr: ArrayLike, rate_frac: ArrayLike) -> NDArray[np.float64]:
    """Years after which the discounted savings return the capital; infinite if they never do.

    Parameters
    ----------
    capital_vnd : array_like
        Capital [VND].
    saving_vnd_per_yr : array_like
        Yearly saving, costs taken off [VND/yr].
    rate_frac : array_like
        Discount rate a year, more than 0 [0-1].

    Returns
    -------
    ndarray
        Payback [yr].

    Notes
    -----
    −ln(1 − i K / S) / ln(1 + i): continuous between the payments.

    Examples
    --------
    >>> round(float(discounted_payback_yr(100_000, 20_000, 0.1)), 4)
    7.2725
    """
    rate = np.asarray(rate_frac, dtype=float)
    remaining = 1 - rate * simple_payback_yr(capital_vnd, saving_vnd_per_yr)
    paid = remaining > 0
    return np.asarray(np.where(paid, -np.log(np.where(paid, remaining, 1.0)) / np.log1p(rate), np.inf))


def internal_rate_frac(flows_vnd: Sequence[float]) -> float:
    """Return the discount rate at which yearly flows are worth nothing; nan if they do not change their sign.

    Parameters
    ----------
    flows_vnd : sequence of float
        At the end of year 0, 1, 2, …; paid is negative [VND].

    Returns
    -------
    float
        Rate a year [1].

    Notes
    -----
    Σ F_t (1 + r)^−t = 0, by pyxirr. Flows that change their sign more than once may have several rates, of which one is
    returned: trust the net present value there.

    Examples
    --------
    >>> round(internal_rate_frac([-100_000, *10 * [20_000]]), 6)
    0.150984
    """
    if min(flows_vnd, default=0.0) >= 0 or max(flows_vnd, default=0.0) <= 0:
        return float("nan")
    from pyxirr import irr

    found = irr(list(flows_vnd))
    return float("nan") if found is None else float(found)


def levelised_cost_vnd_per_unit(
    capital_vnd: ArrayLike,
    yearly_cost_vnd: ArrayLike,
    saved_per_yr: ArrayLike,
    rate_frac: ArrayLike,
    life_yr: ArrayLike,
) -> NDArray[np.float64]:
    """Yearly share of the capital and the yearly cost, over what is saved a year; nan where nothing is saved.

    Parameters
    ----------
    capital_vnd, yearly_cost_vnd : array_like
        Paid at the start [VND] and every year [VND/yr].
    saved_per_yr : array_like
        Of a resource: kWh, m3 or t [unit/yr].
    rate_frac : array_like
        Discount rate a year [0-1].
    life_yr : array_like
        Number of years.

    Returns
    -------
    ndarray
        Cost [VND/unit]. With the yearly saving of money taken off the yearly cost and t CO2 as what is saved it is the
        marginal abatement cost.

    Notes
    -----
    (K / a + c) / s, a the annuity factor. Equal savings every year.

    Examples
    --------
    >>> round(float(levelised_cost_vnd_per_unit(100_000, 1_000, 50, 0.1, 10)), 3)
    345.491
    """
    yearly = np.asarray(capital_vnd, dtype=float) / annuity_factor_yr(rate_frac, life_yr) + np.asarray(yearly_cost_vnd)
    yearly, saved = np.broadcast_arrays(yearly, np.asarray(saved_per_yr, dtype=float))
    return np.asarray(np.divide(yearly, saved, out=np.full(yearly.shape, np.nan), where=saved > 0))
