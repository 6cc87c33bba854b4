"""Scores a park by the indicators of eco-industrial parks: met, not met, not applicable, not reported."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..readers.indicator_table import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    NOT_REPORTED,
    Indicator,
    PublishedScore,
)
from ..summary import Table, number, percent

MOST_NOT_APPLICABLE = 6
"""How many indicators of a framework are let be not applicable when a published score is taken apart."""

FRAMEWORK_COUNTS = {"v1.0": 51, "v2.0": 64}
"""Indicators of the international framework by version."""

Values = Mapping[str, Sequence[float]]
"""By KPI, one value for each replication."""


class Scored(NamedTuple):
    """One indicator in one scenario.

    Parameters
    ----------
    code, pillar, indicator, target : str
        Of the framework.
    status : str
        Met, not met, not applicable or not reported.
    how : str
        ``simulated``, ``declared`` or empty.
    value : float
        Mean over replications; nan if it is not simulated.
    met_frac : float
        Share of the replications in which it is met; nan if it is not simulated.
    """

    code: str
    pillar: str
    indicator: str
    target: str
    status: str
    how: str
    value: float
    met_frac: float


class Count(NamedTuple):
    """A score as a count: so many met of so many applicable."""

    met: int
    applicable: int


def scorecard(indicators: Iterable[Indicator], values: Values, declared: Mapping[str, str]) -> list[Scored]:
    """Score one scenario.

    Parameters
    ----------
    indicators : iterable of Indicator
        The framework.
    values : mapping of str to sequence of float
        By KPI, one for each replication.
    declared : mapping of str to str
        Status by code of what can't be simulated; where both are known the simulation counts, unless the indicator is
        declared not applicable.

    Returns
    -------
    list of Scored
        In the order of the framework. A simulated indicator is met if it is met in more than half of the replications; one
        whose KPIs are missing or divide by 0 is as declared.
    """
    found = []
    for one in indicators:
        shares = _shares(one, values)
        told = declared.get(one.code, NOT_REPORTED)
        if shares and told != NOT_APPLICABLE:
            met = sum(map(one.holds, shares)) / len(shares)
            status, how, value = MET if met > 0.5 else NOT_MET, "simulated", math.fsum(shares) / len(shares)
        else:
            status, how, value, met = told, "declared" if one.code in declared else "", math.nan, math.nan
        found.append(Scored(one.code, one.pillar, one.indicator, one.target, status, how, value, met))
    return found


def _shares(one: Indicator, values: Values) -> list[float]:
    """Return the value of an indicator in each replication; none if it can't be computed."""
    above, below = one.numerator.split(), one.denominator.split()
    if not above or any(name not in values for name in above + below):
        return []
    tops = [math.fsum(row) for row in zip(*(values[name] for name in above), strict=True)]
    bottoms = [math.fsum(row) for row in zip(*(values[name] for name in below), strict=True)] if below else [1.0] * len(tops)
    if any(bottom == 0 for bottom in bottoms):
        return []
    return [top / bottom for top, bottom in zip(tops, bottoms, strict=True)]


def score(rows: Iterable[Scored]) -> tuple[Count, Count]:
    """Return what is met of all applicable indicators, and of those that are reported.

    Examples
    --------
    >>> row = Scored("a", "ENV", "", "", "met", "", 1.0, 1.0)
    >>> score([row, row._replace(status="not met"), row._replace(status="not reported")])
    (Count(met=1, applicable=3), Count(met=1, applicable=2))
    """
    statuses = [row.status for row in rows]
    met = statuses.count(MET)
    applicable = len(statuses) - statuses.count(NOT_APPLICABLE)
    return Count(met, applicable), Count(met, applicable - statuses.count(NOT_REPORTED))


def flips(before: Sequence[Scored], after: Sequence[Scored]) -> list[tuple[str, str, str]]:
    """Return code, status before and status after of the indicators that two scenarios score differently."""
    return [(a.code, a.status, b.status) for a, b in zip(before, after, strict=True) if a.status != b.status]


def counts_of(published: PublishedScore, indicators_count: int) -> list[Count]:
    """Return every count that a published percentage can be rounded from.

    Parameters
    ----------
    published : PublishedScore
        The percentage, its rounding, and the number met if it was printed.
    indicators_count : int
        Indicators of the framework, of which up to `MOST_NOT_APPLICABLE` may be not applicable.

    Examples
    --------
    >>> counts_of(PublishedScore("AMATA", "2024-01", 0.86, 0.005, 54), 64)
    [Count(met=54, applicable=63)]
    """
    return [
        Count(met, applicable)
        for applicable in range(indicators_count - MOST_NOT_APPLICABLE, indicators_count + 1)
        for met in ([published.met_count] if published.met_count else range(applicable + 1))
        if met <= applicable and abs(met / applicable - published.score_frac) <= published.half_width_frac
    ]


def path_counts(path: Sequence[PublishedScore], indicators_count: int) -> dict[int, list[list[Count]]]:
    """Return the counts of all scores of one park by the number of applicable indicators that explains every one of them."""
    each = [counts_of(one, indicators_count) for one in path]
    applicable = sorted(set.intersection(*({count.applicable for count in counts} for counts in each))) if each else []
    return {n: [[count for count in counts if count.applicable == n] for counts in each] for n in applicable}


def scorecard_table(framework: str, cards: Mapping[str, Sequence[Scored]]) -> Table:
    """Return the score card of some scenarios as a table of text.

    Parameters
    ----------
    framework : str
        Its name.
    cards : mapping of str to sequence of Scored
        By scenario, at least one.
    """
    first = next(iter(cards.values()))
    rows = [
        (row.code, row.indicator, row.target, *(_cell(card[place]) for card in cards.values()))
        for place, row in enumerate(first)
    ]
    for words, which in (("met of all applicable", 0), ("met of those reported", 1)):
        counts = [score(card)[which] for card in cards.values()]
        told = (f"{c.met}/{c.applicable}" + (f" = {percent(c.met / c.applicable)}" if c.applicable else "") for c in counts)
        rows.append((words, "", "", *told))
    note = "Simulated: value, and share of the years in which it is met. Others as declared; nothing is assumed of what is not."
    return Table(f"Score card: {framework}", ("code", "indicator", "target", *cards), rows, note, 3 + len(cards))


def _cell(row: Scored) -> str:
    if row.how != "simulated":
        return row.status
    return f"{row.status} ({number(row.value, 3)}; {percent(row.met_frac)})"


def path_table(path: Sequence[PublishedScore]) -> Table:
    """Return published scores as counts, as a table of text."""
    rows = []
    for park in dict.fromkeys(one.park for one in path):
        own = [one for one in path if one.park == park]
        for version, indicators_count in FRAMEWORK_COUNTS.items():
            common = path_counts(own, indicators_count)
            cells = [
                "; ".join(" or ".join(f"{c.met}/{c.applicable}" for c in counts[place]) for counts in common.values()) or "–"
                for place in range(len(own))
            ]
            rows += [(park, version, one.date, percent(one.score_frac), cell) for one, cell in zip(own, cells, strict=True)]
    note = (
        "Counts with one number of applicable indicators for all scores of a park; – where no such number explains them all. "
        f"Up to {MOST_NOT_APPLICABLE} indicators may be not applicable."
    )
    return Table("Published scores as counts", ("park", "framework", "date", "score", "met/applicable"), rows, note, 5)
