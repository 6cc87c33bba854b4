"""What measures are worth: present value, internal rate, paybacks, cost of what is saved, abatement cost, cash flow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..errors import ConfigError, DataError
from ..measures.base import Measure
from ..physics.finance import (
    annuity_factor_yr,
    internal_rate_frac,
    lasting_annuity_factor_yr,
    levelised_cost_vnd_per_unit,
    net_present_value_vnd,
    simple_payback_yr,
)
from ..readers.measure_persistence_table import MeasurePersistence
from ..readers.tables import packaged, read_table
from .persistence import LASTING, left_frac

SAVED = ("electricity_assessed_kwh", "water_assessed_m3", "co2_assessed_t", "money_assessed_vnd")
"""The KPIs whose savings are valued."""

STEPS = 5
"""Years over which a road map spreads what is proposed."""


@dataclass(frozen=True)
class _RateRow:
    what: str
    middle_frac: float
    low_frac: float
    high_frac: float


class Rates(NamedTuple):
    """Discount rate and how far the capital of an estimate may be off.

    Parameters
    ----------
    middle_frac, low_frac, high_frac : float
        Discount rate a year [1].
    capital_frac : mapping of str to tuple of (float, float)
        By confidence, what the capital may turn out less and more [1].
    growth_frac : float
        Growth of prices a year [1].
    """

    middle_frac: float
    low_frac: float
    high_frac: float
    capital_frac: Mapping[str, tuple[float, float]]
    growth_frac: float = 0.0


class Worth(NamedTuple):
    """What one measure costs and brings; nan where a cost has nothing to stand over.

    Parameters
    ----------
    measure, factory, type, status, confidence : str
        Of the catalogue.
    life_yr, capital_vnd, yearly_cost_vnd : float
        [yr, VND, VND/yr].
    decay_frac_per_yr, commissioning_failure_frac : float
        See `MeasurePersistence`; 0 if persistence is left out.
    lasting_frac : float
        Present value of the savings of its life at the middle rate, over that of as many years like new [1].
    saving_vnd, saving_kwh, saving_m3, saving_co2_t : float
        A year, when it works and is new, yearly costs not taken off.
    npv_vnd, irr_frac, payback_yr, discounted_payback_yr : float
        At the middle rate; the simple payback is that of a year like new. A payback that never comes, or a discounted one
        that comes after the life, is infinite.
    cost_vnd_per_kwh, cost_vnd_per_m3 : float
        Levelised cost of what is saved, other savings not taken off.
    cost_vnd_per_t, cost_low_vnd_per_t, cost_high_vnd_per_t : float
        Levelised cost of a tonne of CO2.
    abatement_vnd_per_t, abatement_low_vnd_per_t, abatement_high_vnd_per_t : float
        The same with the money that is saved taken off: below 0 the measure earns.
    """

    measure: str
    factory: str
    type: str
    status: str
    confidence: str
    life_yr: float
    capital_vnd: float
    yearly_cost_vnd: float
    decay_frac_per_yr: float
    commissioning_failure_frac: float
    lasting_frac: float
    saving_vnd: float
    saving_kwh: float
    saving_m3: float
    saving_co2_t: float
    npv_vnd: float
    irr_frac: float
    payback_yr: float
    discounted_payback_yr: float
    cost_vnd_per_kwh: float
    cost_vnd_per_m3: float
    cost_vnd_per_t: float
    abatement_vnd_per_t: float
    abatement_low_vnd_per_t: float
    abatement_high_vnd_per_t: float


class FlowYear(NamedTuple):
    """One year of a cash flow: what is invested, saved and spent, and what that comes to [VND]."""

    year: int
    capital_vnd: float
    saving_vnd: float
    yearly_cost_vnd: float
    net_vnd: float
    cumulative_vnd: float
    discounted_vnd: float


class CurveStep(NamedTuple):
    """One step of an abatement cost curve: from ``start`` on it is ``amount`` wide."""

    name: str
    start: float
    amount: float
    low: float
    middle: float
    high: float


def read_rates(rate_frac: float | None = None) -> Rates:
    """Read rates and errors of estimates.

    Parameters
    ----------
    rate_frac : float, optional
        A discount rate in place of the packaged one and its range [1].

    Raises
    ------
    ConfigError
        If the rate is not between 0 and 1.
    DataError
        If a cell of the table is wrong, or a line is missing.
    """
    table = packaged("finance_vn.csv")
    rows = {row.what: row for row in read_table(table, _RateRow)}
    if missing := {"discount_rate", "price_growth", "capital_a", "capital_b", "capital_c"} - rows.keys():
        raise DataError(f"{table.name}: has no line for what {', '.join(sorted(missing))}")
    rate = rows["discount_rate"]
    span = (rate.middle_frac, rate.low_frac, rate.high_frac)
    if rate_frac is not None:
        if not 0 < rate_frac < 1:
            raise ConfigError(f"rate = {rate_frac:g}: must be between 0 and 1, such as 0.12 for 12 % a year")
        span = (rate_frac, rate_frac, rate_frac)
    capital = {name: rows[f"capital_{name.lower()}"] for name in "ABC"}
    errors = {name: (row.low_frac, row.high_frac) for name, row in capital.items()}
    return Rates(*span, capital_frac=errors, growth_frac=rows["price_growth"].middle_frac)


def flows_vnd(
    capital_vnd: float,
    saving_vnd_per_yr: float,
    life_yr: float,
    yearly_cost_vnd: float = 0.0,
    kept: MeasurePersistence = LASTING,
) -> list[float]:
    """Return the yearly flows of one investment; a part of a year at the end of the life brings that part [VND].

    Examples
    --------
    >>> flows_vnd(100.0, 40.0, 2.5)
    [-100.0, 40.0, 40.0, 20.0]
    """
    parts = [min(1.0, life_yr - year + 1) for year in range(1, math.ceil(life_yr) + 1)]
    net = [part * (saving_vnd_per_yr * left_frac(kept, k) - yearly_cost_vnd) for k, part in enumerate(parts, start=1)]
    return [-capital_vnd, *net]


def worth(measure: Measure, saved: Mapping[str, float], rates: Rates, kept: MeasurePersistence = LASTING) -> Worth:
    """Value one measure.

    Parameters
    ----------
    measure : Measure
        Gives capital, yearly cost, life and confidence.
    saved : mapping of str to float
        By KPI of `SAVED`, what it saves a year when it works and is new [unit of the KPI]; on paper or in the simulator.
    rates : Rates
        Discount rate with its range, and errors of capital.
    kept : MeasurePersistence
        How it decays, and how often it fails at first; by default as if it did neither. Savings of money and of tonnes
        become less alike, yearly costs stay.

    Notes
    -----
    The interval of abatement costs is of ignorance, not of chance: low with the least capital at the lowest rate, high with
    the most at the highest. Taxes, subsidies and downtime are left out.
    """
    kwh, m3, co2_t, vnd = (float(saved.get(kpi, 0.0)) for kpi in SAVED)
    capital, cost, life = measure.capital_vnd, measure.yearly_cost_vnd, measure.life_yr
    less, more = rates.capital_frac[measure.confidence]
    middle = _lasting_frac(rates.middle_frac, life, kept)
    abatement = []
    for rate, off in ((rates.middle_frac, 0.0), (rates.low_frac, less), (rates.high_frac, more)):
        lasting = _lasting_frac(rate, life, kept)
        abatement.append(
            float(levelised_cost_vnd_per_unit(capital * (1 + off), cost - vnd * lasting, co2_t * lasting, rate, life))
        )
    costs = [
        float(levelised_cost_vnd_per_unit(capital, cost, each * middle, rates.middle_frac, life)) for each in (kwh, m3, co2_t)
    ]
    return Worth(
        measure.id, measure.factory, measure.kind, measure.status, measure.confidence, life, capital, cost,
        kept.decay_frac_per_yr, kept.commissioning_failure_frac, middle, vnd, kwh, m3, co2_t,
        float(net_present_value_vnd(capital, vnd * middle - cost, rates.middle_frac, life)),
        internal_rate_frac(flows_vnd(capital, vnd, life, cost, kept)),
        float(simple_payback_yr(capital, vnd - cost)),
        _discounted_payback_yr(measure, vnd, rates.middle_frac, kept),
        *costs, *abatement,
    )  # fmt: skip


def _discounted_payback_yr(measure: Measure, saving_vnd_per_yr: float, rate_frac: float, kept: MeasurePersistence) -> float:
    """Return the first t with S a'(t) − c a(t) = K, continuous between the payments; infinite if the life ends before [yr]."""
    from scipy.optimize import brentq

    def over(years: float) -> float:
        lasting = lasting_annuity_factor_yr(rate_frac, years, kept.decay_frac_per_yr, kept.commissioning_failure_frac)
        spent = measure.yearly_cost_vnd * annuity_factor_yr(rate_frac, years) + measure.capital_vnd
        return float(saving_vnd_per_yr * lasting - spent)

    for start, end in pairwise([*np.arange(0.0, measure.life_yr, 0.25), measure.life_yr]):
        if over(end) >= 0:
            return float(brentq(over, start, end)) if over(start) < 0 else 0.0
    return math.inf


def _lasting_frac(rate_frac: float, life_yr: float, kept: MeasurePersistence) -> float:
    """Return what the savings of a life are worth, over those of as many years like new."""
    lasting = lasting_annuity_factor_yr(rate_frac, life_yr, kept.decay_frac_per_yr, kept.commissioning_failure_frac)
    return float(lasting / annuity_factor_yr(rate_frac, life_yr))


def abatement_curve(levers: Iterable[tuple[str, float, float, float, float]]) -> tuple[list[CurveStep], list[str]]:
    """Order levers by their middle cost and put them side by side.

    Parameters
    ----------
    levers : iterable of (name, amount, low, middle, high)
        What is abated a year, and what a unit of it costs.

    Returns
    -------
    tuple of (list of CurveStep, list of str)
        The steps from the cheapest on; and the names of levers that abate nothing or have no cost.
    """
    known, left_out = [], []
    for name, amount, low, middle, high in levers:
        if amount > 0 and math.isfinite(middle):
            known.append((name, amount, low, middle, high))
        else:
            left_out.append(name)
    steps, start = [], 0.0
    for name, amount, low, middle, high in sorted(known, key=lambda lever: (lever[3], lever[0])):
        steps.append(CurveStep(name, start, amount, low, middle, high))
        start += amount
    return steps, left_out


def curve_of(rows: Iterable[Worth]) -> tuple[list[CurveStep], list[str]]:
    """Return the abatement cost curve of measures [t/yr, VND/t], and the measures that abate nothing."""
    return abatement_curve(
        (row.measure, row.saving_co2_t, row.abatement_low_vnd_per_t, row.abatement_vnd_per_t, row.abatement_high_vnd_per_t)
        for row in rows
    )


def road_map(rows: Sequence[Worth], steps: int = STEPS) -> dict[str, int]:
    """Return the year in which each measure is paid: implemented ones in year 0, the others by payback in equal steps.

    Parameters
    ----------
    rows : sequence of Worth
        The measures.
    steps : int
        Years over which the proposed ones are spread, as many measures each year.
    """
    proposed = sorted((row for row in rows if row.status == "proposed"), key=lambda row: (row.payback_yr, row.measure))
    years = {row.measure: 0 for row in rows if row.status != "proposed"}
    return years | {row.measure: 1 + place * steps // len(proposed) for place, row in enumerate(proposed)}


def _kept(row: Worth) -> MeasurePersistence:
    return MeasurePersistence(row.type, 0.0, row.decay_frac_per_yr, row.commissioning_failure_frac)


def cash_flow(rows: Iterable[Worth], paid_in: Mapping[str, int], rates: Rates) -> list[FlowYear]:
    """Return the cash flow of measures that are paid in given years.

    Parameters
    ----------
    rows : iterable of Worth
        The measures; each brings what is left of its saving from the year after it is paid to the end of its life, and is not
        replaced.
    paid_in : mapping of str to int
        Year by measure, 0 or more.
    rates : Rates
        Discount rate, and growth of prices, which savings and yearly costs follow.

    Returns
    -------
    list of FlowYear
        From year 0 to the end of the last life; empty without measures.
    """
    capital: dict[int, float] = {}
    saving: dict[int, float] = {}
    spent: dict[int, float] = {}
    for row in rows:
        start, kept = paid_in[row.measure], _kept(row)
        capital[start] = capital.get(start, 0.0) + row.capital_vnd
        for age in range(1, math.ceil(row.life_yr) + 1):
            part = min(1.0, row.life_yr - age + 1) * (1 + rates.growth_frac) ** (start + age)
            saving[start + age] = saving.get(start + age, 0.0) + part * row.saving_vnd * left_frac(kept, age)
            spent[start + age] = spent.get(start + age, 0.0) + part * row.yearly_cost_vnd
    found: list[FlowYear] = []
    total = discounted = 0.0
    for year in range(max([*capital, *saving], default=-1) + 1):
        paid, saved, cost = (flow.get(year, 0.0) for flow in (capital, saving, spent))
        net = saved - cost - paid
        total += net
        discounted += net / (1 + rates.middle_frac) ** year
        found.append(FlowYear(year, paid, saved, cost, net, total, discounted))
    return found


def flow_payback_yr(flow: Sequence[FlowYear]) -> float:
    """Return when the discounted flow has come back for good, on a line between its years; infinite if it never does [yr]."""
    if not flow or flow[-1].discounted_vnd < 0:
        return math.inf
    last = max((place for place, year in enumerate(flow) if year.discounted_vnd < 0), default=-1)
    if last < 0:
        return 0.0
    before, after = flow[last].discounted_vnd, flow[last + 1].discounted_vnd
    return flow[last].year - before / (after - before)


def annual_capital_vnd(rows: Iterable[Worth], rate_frac: float) -> float:
    """Return the capital of measures as equal yearly amounts over their lives [VND/yr]."""
    return math.fsum(row.capital_vnd / float(annuity_factor_yr(rate_frac, row.life_yr)) for row in rows)
