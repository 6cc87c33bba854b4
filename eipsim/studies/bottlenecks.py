"""What cost the park its production, as tables of text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..errors import ResultsError
from ..results import LostRow, Results
from ..summary import Table, number, percent

SHOWN = 15
"""Factories that are printed; the table of all is a file."""

SEVERAL = "(several)"
"""What stands for a root if a cause has many of them, each its own: the factories that break down."""


class CauseSum(NamedTuple):
    """Hours that all lines of a scenario lost to one cause.

    Parameters
    ----------
    scenario : str
        Name.
    cause, carrier, root, why : str
        As in ``lost_hours.csv``; breakdowns of all factories are one cause.
    lost_h : float
        Mean over replications [h].
    lost_frac : float
        Of all hours lost in the scenario, 0-1.
    """

    scenario: str
    cause: str
    carrier: str
    root: str
    why: str
    lost_h: float
    lost_frac: float


def cause_sums(rows: Sequence[LostRow]) -> list[CauseSum]:
    """Return hours by scenario and cause, the greatest first; they add up to all hours lost.

    Parameters
    ----------
    rows : sequence of LostRow
        Of all scenarios.
    """
    found: list[CauseSum] = []
    for scenario in dict.fromkeys(row.scenario for row in rows):
        parts: dict[tuple[str, str, str, str], list[float]] = {}
        for row in rows:
            if row.scenario == scenario:
                root = row.root if row.carrier or row.root != row.factory else SEVERAL
                parts.setdefault((row.cause, row.carrier, root, row.why), []).append(row.lost_h)
        whole = math.fsum(hours for own in parts.values() for hours in own)
        sums = {key: math.fsum(own) for key, own in parts.items()}
        ranked = sorted(sums, key=lambda key: (-sums[key], key))
        found += [CauseSum(scenario, *key, sums[key], sums[key] / whole if whole else math.nan) for key in ranked]
    return found


def check_lost(results: Results) -> None:
    """Refuse results in which nothing was lost.

    Raises
    ------
    ResultsError
        If there is no lost hour to tell of.
    """
    if not results.lost_hours:
        raise ResultsError(f"{results.experiment} has lost no hour of production: there is no bottleneck to tell of")


def bottleneck_tables(results: Results, scenario: str) -> Iterator[Table]:
    """Return what cost production, by cause for all scenarios, and by factory for one.

    Parameters
    ----------
    results : Results
        With lost hours.
    scenario : str
        Whose factories are told.
    """
    sums = cause_sums(results.lost_hours)
    scenarios = list(dict.fromkeys(row.scenario for row in sums))
    hours = {(one.scenario, *one[1:5]): one for one in sums}
    keys = list(dict.fromkeys(one[1:5] for one in sums))
    rows = []
    for key in keys:
        cells = [hours.get((name, *key)) for name in scenarios]
        rows.append((*key, *(f"{number(one.lost_h)} ({percent(one.lost_frac, 1)})" if one else "0" for one in cells)))
    totals = [math.fsum(one.lost_h for one in sums if one.scenario == name) for name in scenarios]
    rows.append(("all", "", "", "", *map(number, totals)))
    note = (
        f"Line hours, mean of {results.manifest['replications']} replications. Setting up is no loss. Causes that bind alike "
        "share in equal parts; a root is named once, not with what it stopped."
    )
    yield Table("What cost the park its production", ("cause", "short of", "root", "what", *scenarios), rows, note, 4)
    yield _factories(results.lost_hours, scenario)


def _factories(rows: Sequence[LostRow], scenario: str) -> Table:
    own = [row for row in rows if row.scenario == scenario]
    causes = sorted({row.cause for row in own})
    parts: dict[str, dict[str, float]] = {}
    for row in own:
        by_cause = parts.setdefault(row.factory, dict.fromkeys(causes, 0.0))
        by_cause[row.cause] += row.lost_h
    ranked = sorted(parts, key=lambda name: (-math.fsum(parts[name].values()), name))
    lines = {name: len({row.line for row in own if row.factory == name}) for name in ranked}
    cells = [
        (name, number(lines[name]), *(number(parts[name][cause]) for cause in causes), number(math.fsum(parts[name].values())))
        for name in ranked[:SHOWN]
    ]
    note = f"The {min(SHOWN, len(ranked))} that lost most, of {len(ranked)}. Line hours."
    return Table(f"Factories of {scenario}", ("factory", "lines", *causes, "all"), cells, note, 1)
