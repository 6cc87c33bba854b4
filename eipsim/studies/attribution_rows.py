"""Rows of the attribution: shares of measures, summed by factory and category, with their standard errors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..kpis import KPIS
from ..measures import Measure

Floats = NDArray[np.float64]

EXACT, PERMUTATIONS = "exact", "permutations"
"""How the shares of a group of measures were found."""

_ROUNDING = 1e-9

CROSS_FACTORY, TOTAL = "cross_factory", "total"
"""Rows below the factories: what belongs to none of them, and what all measures save in the whole park."""


class Share(NamedTuple):
    """One row of ``attribution.csv``: what one measure saves of one KPI [unit]."""

    measure: str
    factory: str
    category: str
    type: str
    kpi: str
    unit: str
    alone: float
    last_in: float
    shapley: float
    standard_error: float
    method: str


class FactoryShare(NamedTuple):
    """One row of ``factories.csv``: sums over a factory's measures, and what they save while no other factory has any."""

    factory: str
    kpi: str
    unit: str
    measures: int
    alone: float
    last_in: float
    shapley: float
    standard_error: float
    by_itself: float


class CategoryShare(NamedTuple):
    """One row of ``categories.csv``: sums over the measures of a category."""

    category: str
    kpi: str
    unit: str
    measures: int
    alone: float
    last_in: float
    shapley: float
    standard_error: float


class PairEffect(NamedTuple):
    """One row of ``pairs.csv``: what two measures save together beyond what each adds, averaged over what else is done."""

    measure: str
    other: str
    factory: str
    kpi: str
    unit: str
    interaction: float
    standard_error: float


@dataclass(frozen=True)
class Shares:
    """Shares of measures in all that chance leaves open.

    Parameters
    ----------
    measures : tuple of Measure
        n of them, by factory and id.
    kpis : tuple of str
        k of them.
    alone, last_in, shapley : ndarray of shape (n, replications, k)
        [unit of the KPI].
    drawn : tuple of (tuple of int, ndarray of shape (pairs, members, k))
        Of each group whose orders were drawn: places of its members, and their shares pair by pair, mean over replications.
    methods : tuple of str
        By measure.
    """

    measures: tuple[Measure, ...]
    kpis: tuple[str, ...]
    alone: Floats
    last_in: Floats
    shapley: Floats
    drawn: tuple[tuple[tuple[int, ...], Floats], ...]
    methods: tuple[str, ...]

    def standard_error(self, places: Sequence[int]) -> Floats:
        """Return the standard error of a sum of shares, by KPI [unit of the KPI].

        Returns
        -------
        ndarray of shape (k,)
            √(s²/R + Σ_groups s_p²/P): chance over R replications, and the draw of P pairs of orders in groups that have more
            measures than are valued exactly. nan with one replication and no orders drawn.
        """
        sums = self.shapley[list(places)].sum(axis=0)
        chance = sums.var(axis=0, ddof=1) / len(sums) if len(sums) > 1 else np.full(len(self.kpis), np.nan)
        drawing = np.zeros(len(self.kpis))
        for members, by_pair in self.drawn:
            mine = [k for k, place in enumerate(members) if place in places]
            drawing = drawing + by_pair[:, mine].sum(axis=1).var(axis=0, ddof=1) / len(by_pair)
        is_drawn = drawing > (_ROUNDING * sums.mean(axis=0)) ** 2
        return np.asarray(np.sqrt(np.where(np.isnan(chance) & is_drawn, 0.0, chance) + drawing))


def _mean(of: Floats, places: Sequence[int], k: int) -> float:
    return math.fsum(of[list(places), :, k].mean(axis=1))


def _sums(shares: Shares, places: Sequence[int], k: int) -> tuple[float, float, float, float]:
    alone, last_in, shapley = (_mean(of, places, k) for of in (shares.alone, shares.last_in, shares.shapley))
    return alone, last_in, shapley, float(shares.standard_error(places)[k])


def share_rows(shares: Shares) -> list[Share]:
    """Return rows by measure and KPI."""
    rows = []
    for place, m in enumerate(shares.measures):
        for k, kpi in enumerate(shares.kpis):
            sums, method = _sums(shares, [place], k), shares.methods[place]
            rows.append(Share(m.id, m.factory, m.recp_category, m.kind, kpi, KPIS[kpi].unit, *sums, method))
    return rows


def factory_rows(shares: Shares, apart: Mapping[str, Floats], total: Floats) -> list[FactoryShare]:
    """Return rows by factory and KPI; then what belongs to no factory, and the total of the whole park."""
    rows: list[FactoryShare] = []
    places = range(len(shares.measures))
    by_name = {name: [p for p in places if shares.measures[p].factory == name] for name in apart}
    for k, kpi in enumerate(shares.kpis):
        own = [
            FactoryShare(name, kpi, KPIS[kpi].unit, len(mine), *_sums(shares, mine, k), float(apart[name][:, k].mean()))
            for name, mine in by_name.items()
        ]
        whole = total[:, k]
        remainder = whole - shares.shapley[:, :, k].sum(axis=0)
        shared = math.fsum(row.shapley for row in own)
        left = (math.nan, math.nan, float(whole.mean()) - shared, standard_error_of_mean(remainder), math.nan)
        both = (
            math.fsum(row.alone for row in own), math.fsum(row.last_in for row in own), float(whole.mean()),
            standard_error_of_mean(whole), math.fsum(row.by_itself for row in own),
        )  # fmt: skip
        rows += own
        rows.append(FactoryShare(CROSS_FACTORY, kpi, KPIS[kpi].unit, 0, *left))
        rows.append(FactoryShare(TOTAL, kpi, KPIS[kpi].unit, len(shares.measures), *both))
    return rows


def standard_error_of_mean(values: Floats) -> float:
    """Return s/√n of replications; nan for one."""
    return float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else math.nan


def category_rows(shares: Shares) -> list[CategoryShare]:
    """Return rows by KPI and category, greatest share first."""
    rows = []
    categories = sorted({measure.recp_category for measure in shares.measures})
    for k, kpi in enumerate(shares.kpis):
        own = []
        for category in categories:
            places = [p for p, measure in enumerate(shares.measures) if measure.recp_category == category]
            own.append(CategoryShare(category, kpi, KPIS[kpi].unit, len(places), *_sums(shares, places, k)))
        rows += sorted(own, key=lambda row: -row.shapley)
    return rows
