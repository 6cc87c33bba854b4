"""Tells who deserves the credit, as tables of text and sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..summary import Table, amount, number, percent, shown_unit
from .attribution import Attribution
from .attribution_rows import CROSS_FACTORY, TOTAL, CategoryShare, FactoryShare, Share
from .coalitions import ROUNDING

SHOWN = 12
"""Measures and pairs that are printed; the tables of all are files."""


def attribution_tables(found: Attribution) -> Iterator[Table]:
    """Return shares by category and factory and the greatest by measure, for the first KPI, and pairs that interact most.

    Parameters
    ----------
    found : Attribution
        What `attribution.run_attribution` returned.
    """
    first = found.settings.kpis[0]
    factor, unit = shown_unit(next(row.unit for row in found.shares if row.kpi == first))
    total = next(row for row in found.factories if (row.factory, row.kpi) == (TOTAL, first))
    note = f"Alone: no other measure; last: all others are done already. {_about(found)}"
    heads = ("alone", "last in", "Shapley share", "standard error", "of the total")
    titled = f"{first}, in {unit}"
    rows = [
        (row.category, str(row.measures), *_cells(row, factor), _of(row.shapley, total.shapley))
        for row in found.categories
        if row.kpi == first
    ]
    yield Table(f"Who saves what by category: {titled}", ("category", "measures", *heads), rows, note, 1)
    own = [row for row in found.factories if row.kpi == first]
    ordered = [*sorted(own[:-2], key=lambda row: -row.shapley), *own[-2:]]
    rows = [
        (
            row.factory,
            str(row.measures or ""),
            *_cells(row, factor),
            _of(row.shapley, total.shapley),
            _cell(factor * row.by_itself),
        )
        for row in ordered
    ]
    note = f"{CROSS_FACTORY}: what the whole park saves beyond the shares; by itself: no other factory has measures."
    yield Table(f"By factory: {titled}", ("factory", "measures", *heads, "by itself"), rows, note, 1)
    mine = sorted((row for row in found.shares if row.kpi == first), key=lambda row: -abs(row.shapley))
    rows = [(row.measure, row.factory, row.type, *_cells(row, factor), _of(row.shapley, total.shapley)) for row in mine[:SHOWN]]
    note = f"{min(SHOWN, len(mine))} of {len(mine)} measures, by their share."
    yield Table(f"By measure: {titled}", ("measure", "factory", "type", *heads), rows, note, 3)
    pairs = sorted((row for row in found.pairs if row.kpi == first and row.interaction), key=lambda row: -abs(row.interaction))
    rows = [(row.measure, row.other, row.factory, amount(factor * row.interaction)) for row in pairs[: SHOWN // 2]]
    if rows:
        note = "Shapley interaction index: what two save together beyond what each adds, averaged over what else is done."
        yield Table(f"Pairs that act on each other most: {titled}", ("measure", "other", "factory", "together"), rows, note, 3)
    yield _totals(found)


def _cells(row: Share | FactoryShare | CategoryShare, factor: float) -> tuple[str, ...]:
    values = (row.alone, row.last_in, row.shapley, row.standard_error)
    return tuple(_cell(factor * value) for value in values)


def _cell(value: float) -> str:
    return amount(value) if math.isfinite(value) else "–"


def _of(part: float, whole: float) -> str:
    return percent(0.0 if abs(part) < ROUNDING * abs(whole) else part / whole, 1) if whole else "–"


def _about(found: Attribution) -> str:
    replications = found.settings.replications
    return f"Replications: {replications}, with common random numbers." + (
        "" if replications > 1 else " One has no standard error of chance."
    )


def _totals(found: Attribution) -> Table:
    rows = []
    for kpi in found.settings.kpis:
        own = {row.factory: row for row in found.factories if row.kpi == kpi}
        total, left = own[TOTAL], own[CROSS_FACTORY]
        factor, unit = shown_unit(total.unit)
        cells = (total.alone, total.last_in, total.shapley - left.shapley, left.shapley, total.shapley)
        rows.append((kpi, unit, *(amount(factor * value) for value in cells)))
    columns = ("saving of", "unit", "alone, summed", "last in, summed", "shares, summed", CROSS_FACTORY, "whole park")
    return Table(f"All KPIs, {found.settings.scenario}", columns, rows, "At equal production, positive = less used.", 2)


def attribution_sentences(found: Attribution) -> list[str]:
    """Say which category and measure matter most, what overlap costs, and how the shares were found.

    Parameters
    ----------
    found : Attribution
        What `attribution.run_attribution` returned.
    """
    first = found.settings.kpis[0]
    total = next(row for row in found.factories if (row.factory, row.kpi) == (TOTAL, first))
    category = next(row for row in found.categories if row.kpi == first)
    best = max((row for row in found.shares if row.kpi == first), key=lambda row: row.shapley)
    factor, unit = shown_unit(total.unit)
    share, alone = _of(category.shapley, total.shapley), total.alone
    double = f"{_of(alone - total.shapley, alone)} of what they save alone is counted twice"
    if total.shapley > alone:
        double = f"{_of(total.shapley - alone, alone)} more, for some need each other"
    sentences = [
        f"{first}: {category.category} brings {share} of what {found.settings.scenario} saves; of all measures {best.measure} "
        f"({best.type} in {best.factory}) brings most, {number(factor * best.shapley)} {unit} "
        f"({_of(best.shapley, total.shapley)}).",
        f"Alone the measures would save {number(factor * alone)} {unit}, together they save {number(factor * total.shapley)} "
        f"{unit}: {double}.",
    ]
    drawn = sum(row.method != "exact" for row in found.shares if row.kpi == first)
    groups = max((size for sizes in found.groups.values() for size in sizes), default=0)
    how = f"from drawn orders for {drawn} measures" if drawn else "exact for all of them"
    sentences.append(
        f"{found.runs} runs of the assessed factories, {found.part_runs_count} of them without teams of which no set was left; "
        f"at most {groups} measures act on each other, and shares are {how}."
    )
    if found.missed_by:
        named = ", ".join(found.missed_by)
        sentences.append(f"Every run had to hold all factories: meters show something else while others are away ({named}).")
    if found.taken_whole:
        sentences.append(f"Taken as a whole, since groups did not add up: {', '.join(found.taken_whole)}.")
    return sentences
