"""Which measures flip which indicator: groups of them added to the park as it was, and taken from the park with all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from ..errors import ConfigError
from ..measures.base import Measure
from ..summary import Table, number, percent
from .scorecard import Scored, flips

By = Literal["category", "type", "factory", "measure"]


class GroupRow(NamedTuple):
    """One indicator with one group of measures, simulated.

    Parameters
    ----------
    group : str
        Its name.
    measures_count : int
        In it.
    code, indicator : str
        Of the framework.
    before, added, added_met_frac : str, str, float
        Status without measures, and with this group alone; share of the years in which it is met then.
    all, without, without_met_frac : str, str, float
        Status with all measures, and without this group; share of the years in which it is met then.
    added_value, without_value : float
        Mean values.
    """

    group: str
    measures_count: int
    code: str
    indicator: str
    before: str
    added: str
    added_met_frac: float
    added_value: float
    all: str
    without: str
    without_met_frac: float
    without_value: float


class GroupCards(NamedTuple):
    """Score cards of a group: with it alone, and with all measures but it."""

    measures_count: int
    added: Sequence[Scored]
    without: Sequence[Scored]


def groups_of(measures: Iterable[Measure], by: By) -> dict[str, tuple[Measure, ...]]:
    """Return measures by group, sorted by its name.

    Raises
    ------
    ConfigError
        If there is no measure.
    """
    found: dict[str, list[Measure]] = {}
    for one in measures:
        name = {"category": one.recp_category, "type": one.kind, "factory": one.factory, "measure": one.id}[by]
        found.setdefault(name, []).append(one)
    if not found:
        raise ConfigError(f"--by {by}: the scenario has no measures")
    return {name: tuple(sorted(own, key=lambda one: one.id)) for name, own in sorted(found.items())}


def group_rows(before: Sequence[Scored], every: Sequence[Scored], groups: Mapping[str, GroupCards]) -> list[GroupRow]:
    """Return a row for each group and indicator that is simulated.

    Parameters
    ----------
    before, every : sequence of Scored
        Without measures, and with all.
    groups : mapping of str to GroupCards
        By name.
    """
    rows = []
    for name, cards in groups.items():
        for old, added, full, without in zip(before, cards.added, every, cards.without, strict=True):
            if added.how == "simulated":
                head = name, cards.measures_count, old.code, old.indicator
                with_it = old.status, added.status, added.met_frac, added.value
                rows.append(GroupRow(*head, *with_it, full.status, without.status, without.met_frac, without.value))
    return rows


def groups_table(before: Sequence[Scored], every: Sequence[Scored], groups: Mapping[str, GroupCards], by: By) -> Table:
    """Return which groups flip which indicators, as a table of text."""
    rows = [
        (
            name,
            str(cards.measures_count),
            _told(before, cards.added),
            _told(every, cards.without),
            "; ".join(_cell(row) for row in cards.added if row.how == "simulated"),
        )
        for name, cards in groups.items()
    ]
    heads = (by, "measures", "added to none, flips", "taken from all, flips", "values with it alone")
    note = "Each group is simulated. Met: in more than half of the years; the share of years is beside the value."
    return Table(f"What flips indicators, by {by}", heads, rows, note, 5)


def pivotal(before: Sequence[Scored], every: Sequence[Scored], groups: Mapping[str, GroupCards]) -> list[str]:
    """Return for each indicator that all measures flip who can do it alone and whom it can't do without, in sentences."""
    told = []
    for code, old, new in flips(before, every):
        place = next(k for k, row in enumerate(before) if row.code == code)
        alone = [name for name, cards in groups.items() if cards.added[place].status == new]
        needed = [name for name, cards in groups.items() if cards.without[place].status != new]
        told.append(
            f"{code} goes from {old} to {new}: alone by {', '.join(alone) or 'no group'}; "
            f"not without {', '.join(needed) or 'any one group: others make up for it'}."
        )
    return told


def _told(one: Sequence[Scored], other: Sequence[Scored]) -> str:
    return "; ".join(f"{code}: {new}" for code, _, new in flips(one, other)) or "none"


def _cell(row: Scored) -> str:
    met = f" ({percent(row.met_frac)})" if math.isfinite(row.met_frac) else ""
    return f"{row.code} {number(row.value, 3)}{met}"
