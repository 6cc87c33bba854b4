"""What a scenario saves against the baseline: replication by replication, at equal production."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..errors import ResultsError
from .base import KPIS, Kpi
from .intervals import interval_of

Floats = NDArray[np.float64]


class LineUse(NamedTuple):
    """What one production line made, and what it caused of each use.

    Parameters
    ----------
    made : float
        Output [units]; of all lines together, the hours at full rate that their output stands for [h].
    caused : dict
        By name of a value, the part of the factory's use that the activity of the line causes [unit of the value].
    """

    made: float
    caused: dict[str, float]


class FactoryOutcome(NamedTuple):
    """One factory in one replication.

    Parameters
    ----------
    assessed : bool
        Whether it is inside the boundary "assessed".
    used : dict
        By name of a value, what crossed the factory's meters [unit of the value].
    lines : dict
        By line number, and ``all`` for uses that follow the whole factory.
    """

    assessed: bool
    used: dict[str, float]
    lines: dict[str, LineUse]


class Outcome(NamedTuple):
    """What is kept of one replication: its KPIs and the factories' uses and production."""

    kpis: dict[str, float]
    factories: dict[str, FactoryOutcome]

    def value(self, kpi: str) -> float:
        """Return one KPI.

        Raises
        ------
        ResultsError
            If the run has none: its wastewater carries no loads, or nothing in the park is what it counts.
        """
        if kpi not in self.kpis:
            needs = KPIS[kpi].needs if kpi in KPIS else ()
            classes = " or ".join(kind.__name__ for kind in needs)
            lacks = f"this park has no {classes}" if needs else "wastewater of this park carries no loads"
            raise ResultsError(f"{kpi} is not known: {lacks}; choose a park that has them, or another KPI")
        return self.kpis[kpi]

    def plain(self) -> dict[str, Any]:
        """Return it as dicts and lists, for a file."""
        factories = {
            name: {"assessed": one.assessed, "used": one.used, "lines": {g: line._asdict() for g, line in one.lines.items()}}
            for name, one in self.factories.items()
        }
        return {"kpis": self.kpis, "factories": factories}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Outcome:
        """Return what `plain` was made of."""
        factories = {
            name: FactoryOutcome(one["assessed"], one["used"], {g: LineUse(**line) for g, line in one["lines"].items()})
            for name, one in plain["factories"].items()
        }
        return cls(plain["kpis"], factories)


class Saving(NamedTuple):
    """One row of ``savings.csv``.

    Parameters
    ----------
    scenario, kpi, unit : str
        What is compared with the baseline.
    naive_sum : float
        Sum of the measures' desk figures; nan for KPIs that a desk figure doesn't have.
    alone_sum : float
        Sum of what each measure saves alone, at its own factory's meters; nan where that is not defined.
    saving : float
        Mean over replications at equal production; for a rare KPI the median below 30 replications. Positive when the
        scenario has less.
    low, high : float
        95 % paired-t interval (chance only, inputs fixed); for a rare KPI least and greatest, from 30 replications on the
        95 % BCa bootstrap interval of the mean.
    saving_unadjusted : float
        Mean of the plain paired difference.
    replications : int
        How many pairs.
    """

    scenario: str
    kpi: str
    unit: str
    naive_sum: float
    alone_sum: float
    saving: float
    low: float
    high: float
    saving_unadjusted: float
    replications: int


def factory_saving(value: str, baseline: FactoryOutcome, scenario: FactoryOutcome) -> float:
    """Return what one factory saves at equal production.

    Per line g, the scenario's use per unit is applied to the baseline's output; what no line causes (rest, weather,
    open hours) is compared per calendar hour.

    Parameters
    ----------
    value : str
        Name of what is compared.
    baseline, scenario : FactoryOutcome
        The same factory in the same replication.

    Returns
    -------
    float
        (B − S) − Σ_g S_caused,g · (B_made,g / S_made,g − 1) [unit of the value]. With equal output this is B − S exactly.
        A line that makes nothing in the scenario shows no use per unit; its baseline use is taken as not saved.

    Notes
    -----
    Valid while what a line causes is in proportion to what it makes. Set-up between batches is: it grows with their
    number. On a site with its own generation the use of missing output is valued as drawn through the meter.
    """
    saved = baseline.used[value] - scenario.used[value]
    for group, line in scenario.lines.items():
        base = baseline.lines[group]
        if line.made == base.made:
            continue
        if line.made:
            saved -= line.caused.get(value, 0.0) * (base.made / line.made - 1.0)
        else:
            saved -= base.caused.get(value, 0.0) - line.caused.get(value, 0.0)
    return saved


def paired_savings(kpi: Kpi, baseline: Sequence[Outcome], scenario: Sequence[Outcome]) -> tuple[Floats, Floats]:
    """Return what each replication saves of a KPI.

    Parameters
    ----------
    kpi : Kpi
        What is compared.
    baseline, scenario : sequence of Outcome
        Replication by replication, with common random numbers.

    Returns
    -------
    adjusted, unadjusted : ndarray of shape (replications,)
        At equal production, and as plain differences [unit of the KPI]. The same for KPIs without a value per factory.

    Raises
    ------
    ResultsError
        If the numbers of replications differ, the scenario has not the factories of the baseline, or a run has not the KPI.
    """
    if len(baseline) != len(scenario):
        raise ResultsError(f"{kpi.name}: {len(baseline)} replications of the baseline can't be paired with {len(scenario)}")
    plain = np.array([b.value(kpi.name) - s.value(kpi.name) for b, s in zip(baseline, scenario, strict=True)])
    if kpi.value is None:
        return plain, plain
    pairs = zip(plain, baseline, scenario, strict=True)
    return np.array([saved + _adjustment(kpi, b, s) for saved, b, s in pairs]), plain


def _adjustment(kpi: Kpi, baseline: Outcome, scenario: Outcome) -> float:
    """Return what equal production adds to the plain difference; exactly 0 when all outputs agree."""
    if missing := sorted(baseline.factories.keys() ^ scenario.factories.keys()):
        raise ResultsError(f"{kpi.name}: factory {', '.join(missing)} is not in both parks, so production can't be equal")
    value = kpi.value.__name__ if kpi.value else ""
    return math.fsum(
        factory_saving(value, one, other) - (one.used[value] - other.used[value])
        for name, one in baseline.factories.items()
        if (other := scenario.factories[name]) and (one.assessed or kpi.boundary == "park")
    )


def compare(
    name: str,
    kpis: Iterable[Kpi],
    baseline: Sequence[Outcome],
    scenario: Sequence[Outcome],
    *,
    naive: Mapping[str, float] | None = None,
    alone: Mapping[str, float] | None = None,
) -> list[Saving]:
    """Return the rows of the savings table for one scenario.

    Parameters
    ----------
    name : str
        Of the scenario.
    kpis : iterable of Kpi
        What is compared, in the order of the rows.
    baseline, scenario : sequence of Outcome
        Replication by replication.
    naive, alone : mapping of str to float, optional
        Desk sums and alone sums by name of KPI.
    """
    rows = []
    for kpi in kpis:
        adjusted, plain = paired_savings(kpi, baseline, scenario)
        middle, low, high = interval_of(adjusted, rare=kpi.rare)
        desk, single = ((sums or {}).get(kpi.name, math.nan) for sums in (naive, alone))
        rows.append(Saving(name, kpi.name, kpi.unit, desk, single, middle, low, high, float(plain.mean()), len(plain)))
    return rows
