"""What one reconciled catalogue says about what nobody published: at the meters, and on its rows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from ..kpis import KPIS
from ..measures import Measure, RooftopSolar
from ..physics.finance import annuity_factor_yr, simple_payback_yr
from .catalogue_draw import Priors
from .economics import read_rates
from .targets import STATUSES, mix_of

METERED = (
    "electricity_assessed_kwh", "lpg_assessed_t", "other_fuel_assessed_gj", "water_assessed_m3", "wastewater_assessed_m3",
    "co2_assessed_t", "money_assessed_vnd", "peak_park_kw",
)  # fmt: skip
"""KPIs whose saving is read at the meters. Only the assessed factories are there, so the peak is theirs alone."""

SIXTY, REST, ALL = "the 60", "the 99", "all 159"
"""Groups of rows: implemented, proposed, both. What the 99 save is the saving of the 159 less that of the 60."""

Value = tuple[str, str, str, float]
"""Group, quantity, unit, value."""


def values_of(measures: Sequence[Measure], saved: Mapping[str, Mapping[str, float]], priors: Priors) -> Iterator[Value]:
    """Yield what a catalogue says, group by group.

    Parameters
    ----------
    measures : sequence of Measure
        All rows.
    saved : mapping of str to mapping of str to float
        Savings at the meters by scenario of `targets.STATUSES` and KPI.
    priors : Priors
        Park and desk prices.

    Yields
    ------
    tuple of (str, str, str, float)
        The net present value takes each row's desk money times simulated over desk money of its group, over its own life.
    """
    done, both = (saved[name] for name in STATUSES)
    rest = {kpi: both[kpi] - done[kpi] for kpi in METERED}
    groups = {SIXTY: (done, ("implemented",)), REST: (rest, ("proposed",)), ALL: (both, ("implemented", "proposed"))}
    rate = read_rates().middle_frac
    for group, (metered, statuses) in groups.items():
        rows = [measure for measure in measures if measure.status in statuses]
        for kpi in METERED:
            yield group, kpi, KPIS[kpi].unit, metered[kpi]
        desk = [measure.desk(priors.park, priors.prices) for measure in rows]
        capital = math.fsum(measure.capital_vnd for measure in rows)
        yearly = math.fsum(measure.yearly_cost_vnd for measure in rows)
        paper = math.fsum(one.vnd for one in desk)
        money = metered["money_assessed_vnd"]
        present = math.fsum(
            (one.vnd * money / paper - row.yearly_cost_vnd) * float(annuity_factor_yr(rate, row.life_yr)) - row.capital_vnd
            for one, row in zip(desk, rows, strict=True)
        )
        yield group, "materials_vnd", "VND", math.fsum(one.other_vnd for one in desk)
        yield group, "solar_kwp", "kWp", math.fsum(row.size for row in rows if isinstance(row, RooftopSolar))
        yield group, "capital_vnd", "VND", capital
        yield group, "yearly_cost_vnd", "VND", yearly
        yield group, "payback_yr", "yr", float(simple_payback_yr(capital, money - yearly))
        yield group, "npv_vnd", "VND", present
    for name, share in mix_of(measures, priors.park, priors.prices).items():
        yield REST, f"mix_{name}_frac", "1", share
