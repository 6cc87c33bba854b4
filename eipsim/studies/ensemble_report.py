"""What an ensemble says, as tables and sentences: intervals of ignorance, and each figure as the others predict it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..summary import Table, number, percent
from .ensemble import Ensemble
from .ensemble_values import ALL, REST, SIXTY
from .left_out import LeftOut, WorthRow
from .left_out_check import CheckSpread

IGNORANCE = "ignorance: what the published figures leave open; chance is not in it"

SHOWN: dict[str, tuple[str, float, str]] = {
    "electricity_assessed_kwh": ("electricity", 1e-3, "MWh/yr"),
    "lpg_assessed_t": ("LPG", 1.0, "t/yr"),
    "other_fuel_assessed_gj": ("other fuel", 1e-3, "TJ/yr"),
    "water_assessed_m3": ("water", 1.0, "m3/yr"),
    "wastewater_assessed_m3": ("wastewater", 1.0, "m3/yr"),
    "materials_vnd": ("materials and other (desk)", 1e-6, "M VND/yr"),
    "solar_kwp": ("rooftop solar", 1.0, "kWp"),
    "co2_assessed_t": ("CO2e", 1.0, "t/yr"),
    "money_assessed_vnd": ("money", 1e-6, "M VND/yr"),
    "peak_park_kw": ("peak of the assessed", 1.0, "kW"),
    "capital_vnd": ("capital", 1e-9, "bn VND"),
    "payback_yr": ("payback", 1.0, "yr"),
    "npv_vnd": ("net present value", 1e-9, "bn VND"),
}
"""Quantities that people are shown: their words, what a unit is multiplied by, and what it is called then."""


class IntervalRow(NamedTuple):
    """What the ensemble says about one quantity of one group; one row of ``intervals.csv`` [unit of the quantity]."""

    group: str
    quantity: str
    unit: str
    low: float
    median: float
    high: float
    draws: int


def intervals(ensemble: Ensemble) -> list[IntervalRow]:
    """Return the middle share of the draws for each quantity and group, that the settings' confidence says."""
    tail = (1.0 - ensemble.settings.confidence_frac) / 2
    values: dict[tuple[str, str, str], list[float]] = {}
    for row in ensemble.values:
        values.setdefault((row.group, row.quantity, row.unit), []).append(row.value)
    rows = []
    for key, found in values.items():
        low, median, high = np.quantile(found, [tail, 0.5, 1.0 - tail], method="linear")
        rows.append(IntervalRow(*key, float(low), float(median), float(high), len(found)))
    return rows


def ensemble_tables(
    ensemble: Ensemble,
    found: Sequence[IntervalRow],
    left_out: LeftOut | None,
    worth: Sequence[WorthRow],
    checked: Sequence[CheckSpread] = (),
) -> Iterator[Table]:
    """Yield what a user sees."""
    by = {(row.group, row.quantity): row for row in found}
    rows = []
    for quantity, (words, factor, unit) in SHOWN.items():
        cells = [by.get((group, quantity)) for group in (SIXTY, REST, ALL)]
        rows.append((words, unit, *(_interval(row, factor) if row else "–" for row in cells)))
    share = percent(ensemble.settings.confidence_frac, 0)
    note = f"Median and {share} interval of {len(ensemble.draws)} reconciled catalogues ({IGNORANCE})."
    yield Table("What is saved, where nobody published it", ("quantity", "unit", SIXTY, REST, ALL), rows, note, 2)
    if left_out and left_out.rows:
        lines: list[tuple[str, ...]] = [
            (
                one.claim, one.unit, number(one.published), number(one.low), number(one.median), number(one.high),
                percent(one.beyond_frac), _mix(one[8:11]), _mix(one[11:14]), str(one.draws),
            )
            for one in left_out.rows
        ]  # fmt: skip
        heads = ("left out", "unit", "published", "low", "median", "high", "beyond", "mix without", "mix with", "draws")
        note = (
            f"{share} interval of what the other figures predict ({IGNORANCE}); beyond: share of draws on the far side of the "
            "published value; mix: electricity / fuel switch / other in the CO2 of the 99, without and with the figure."
        )
        yield Table("Each figure left out in turn", heads, lines, note, 2)
    if checked:
        lines = [(one.claim, str(one.draws), percent(one.median_frac, 2), percent(one.greatest_frac, 2)) for one in checked]
        note = "Predictions at the desk beside those of the same draws moved to the other figures through the simulator."
        yield Table("How far predictions at the desk are off", ("left out", "draws", "median", "greatest"), lines, note)
    if worth:
        lines = [(one.claim, number(one.low), number(one.median), number(one.high)) for one in worth]
        note = "What a desk unit is worth at the meters; the medians carry the predictions above from desk to meter."
        yield Table("From desk to meter", ("figure", "low", "median", "high"), lines, note)


def _interval(row: IntervalRow, factor: float) -> str:
    low, median, high = (number(factor * x, 3) for x in (row.low, row.median, row.high))
    return median if low == high else f"{median} ({low} to {high})"


def _mix(shares: Sequence[float]) -> str:
    return " / ".join(f"{100 * share:.0f}" for share in shares)


def ensemble_sentences(ensemble: Ensemble, left_out: LeftOut | None) -> Iterator[str]:
    """Yield what it comes to."""
    reasons = ", ".join(f"{count} × {reason}" for reason, count in ensemble.rejected.items()) or "none"
    worst = max(row.missed_frac for row in ensemble.draws)
    moved = float(np.median([row.moved for row in ensemble.draws]))
    yield (
        f"{len(ensemble.draws)} of {ensemble.tried} draws meet all figures through the simulator, the worst within "
        f"{percent(worst, 2)}; rejected: {reasons}."
    )
    if halved := sum(row.halved_count > 0 for row in ensemble.draws):
        yield f"{halved} of them were found by halved steps alone."
    yield f"The median draw was moved by a chi-square of {moved:.1f}; about the number of figures where priors fit them."
    for row in left_out.rows if left_out else ():
        if not row.low <= row.published <= row.high:
            yield f"{row.claim} is outside what the other figures predict; {percent(row.beyond_frac)} of the draws are beyond."
