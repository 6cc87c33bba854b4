"""Tells the steps from desk figures to meters, as tables of text and sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..summary import Table, amount, number, percent, shown_unit, span
from .waterfall import STAGES, StageRow, Waterfall, steps_of

WORDS = {
    "desk": "desk figures",
    "alone": "each alone",
    "end_use": "per end use",
    "factory": "per factory",
    "tariff": "tariff, export",
    "park": "whole park",
}
"""What stages are called at the head of a table."""

WHY = {
    "alone": "real hours, loads and breakdowns instead of nameplate and schedule",
    "end_use": "measures that share an end use",
    "factory": "end uses that act on each other",
    "tariff": "hours of the tariff, and surplus of the sun that may not leave",
    "park": "outages and limits of the park",
}
"""What each step is."""


def waterfall_tables(found: Waterfall) -> Iterator[Table]:
    """Return for each scenario the steps by resource, and their intervals.

    Parameters
    ----------
    found : Waterfall
        What `waterfall.run_waterfall` returned.
    """
    for scenario in dict.fromkeys(row.scenario for row in found.rows):
        kpis = dict.fromkeys(row.kpi for row in found.rows if row.scenario == scenario)
        lines = {kpi: steps_of(found.rows, scenario, kpi) for kpi in kpis}
        rows = []
        for kpi, steps in lines.items():
            factor, unit = shown_unit(steps[0].unit)
            first, last = factor * steps[0].value, factor * steps[-1].value
            rows.append((kpi, unit, amount(first), *(_signed(factor * row.step) for row in steps[1:]), amount(last)))
        columns = ("saving of", "unit", WORDS["desk"], *(f"→ {WORDS[stage]}" for stage in STAGES[1:]), "at the meters")
        note = "Steps sum to what the meters show. " + "; ".join(f"→ {WORDS[stage]}: {why}" for stage, why in WHY.items()) + "."
        yield Table(f"From desk figures to meters: {scenario}", columns, rows, note, 2)
        if found.settings.replications > 1:
            ends = []
            for kpi, steps in lines.items():
                factor, unit = shown_unit(steps[0].unit)
                ends.append((kpi, unit, *(span(factor * row.step_low, factor * row.step_high) for row in steps[1:])))
            note = f"Paired over {found.settings.replications} replications: chance only, inputs fixed."
            heads = ("step of", "unit", *(f"→ {WORDS[stage]}" for stage in STAGES[1:]))
            yield Table(f"95 % intervals of the steps: {scenario}", heads, ends, note, 2)


def _signed(value: float) -> str:
    words = amount(value)
    return f"+{words}" if value > 0 and words != "0" else words


def waterfall_sentences(found: Waterfall) -> list[str]:
    """Say for CO2 and money of each scenario how much arrives, and which step takes most.

    Parameters
    ----------
    found : Waterfall
        What `waterfall.run_waterfall` returned.
    """
    sentences = []
    for scenario in dict.fromkeys(row.scenario for row in found.rows):
        for kpi in ("co2_assessed_t", "money_assessed_vnd"):
            steps = steps_of(found.rows, scenario, kpi)
            factor, unit = shown_unit(steps[0].unit)
            first, last = steps[0].value, steps[-1].value
            least = min(steps[1:], key=lambda row: row.step)
            share = percent(last / first) if first else "–"
            sentences.append(
                f"{scenario}, {kpi}: of {number(factor * first)} {unit} on paper {number(factor * last)} {unit} reach the "
                f"meters ({share}){_most(least, factor, unit)}."
            )
    return sentences


def _most(row: StageRow, factor: float, unit: str) -> str:
    if row.step >= 0:
        return "; no step takes anything away"
    interval = f" ({span(factor * row.step_low, factor * row.step_high)})" if math.isfinite(row.step_low) else ""
    return f"; most is taken away by {WHY[row.stage]}, {number(factor * row.step)} {unit}{interval}"
