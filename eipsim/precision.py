"""How well an experiment knows its numbers: why it stopped, what common random numbers gain, rare things, quantiles."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .kpis import BCA_FROM, KPIS, bca_interval, paired_spread, quantile_interval, rare_interval, share_of_years
from .kpis.selection import MOST as SELECTION_MOST
from .kpis.stopping import ABSOLUTE, MOST, RELATIVE
from .results import Results
from .summary import Table, amount, number, percent, shown_unit, span, values_by_scenario
from .tabulation import DESK

QUANTILE_KPIS = ("peak_park_kw", *DESK, "lost_production_assessed_h")
"""KPIs whose years are shown in quantiles."""

QUANTILES = (0.1, 0.5, 0.9)

_ENDED_BY = {
    RELATIVE: "the relative half-width was reached last",
    ABSOLUTE: "the absolute half-width was reached last",
    MOST: "the greatest number of replications ended it",
}

Values = Mapping[tuple[str, str], Sequence[float]]


def precision_tables(results: Results) -> list[Table]:
    """Return what is printed about precision: each table where there are enough replications for it.

    Parameters
    ----------
    results : Results
        Of any experiment about savings.

    Returns
    -------
    list of Table
        Why the experiment stopped or what it selected, if its number of replications was automatic; from 3 replications on
        what pairing gains; from 30 on the rare KPIs and the quantiles of years.
    """
    values = values_by_scenario(results)
    scenarios, baseline = list(results.manifest["units"]), str(results.manifest["baseline"])
    others = [name for name in scenarios if name != baseline]
    replications = int(results.manifest["replications"])
    found = []
    if results.manifest.get("stopping"):
        found.append(_stopping(results.manifest["stopping"], str(results.manifest["watched"]["unit"])))
    if results.manifest.get("selection"):
        found.append(_selection(results.manifest["selection"], str(results.manifest["watched"]["unit"])))
    if replications >= 3 and others:
        found.append(_pairing(values, baseline, others))
    if replications >= BCA_FROM:
        found += [_rare(values, scenarios), _quantiles(values, scenarios)]
    return found


def _stopping(told: Mapping[str, Any], kpi_unit: str) -> Table:
    factor, unit = shown_unit(kpi_unit)
    rows = [
        (
            one["scenario"], unit, number(factor * one["mean"]), number(factor * one["half_width"]),
            number(factor * one["target"]), one["bound"], "yes" if one["half_width"] <= one["target"] else "no",
        )
        for one in told["precision"]
    ]  # fmt: skip
    enough = f"from {told['enough']} on" if told["enough"] else "not reached"
    note = (
        f"Narrow enough in every scenario: {enough}; {_ENDED_BY[told['bound']]}. Asked for: half-width <= max("
        f"{number(100 * told['relative_frac'])} % of the mean, {number(factor * told['absolute'])} {unit}), at least "
        f"{told['least']} and at most {told['most']} replications, look-ahead {told['look_ahead']}."
    )
    columns = ("scenario", "unit", "mean difference", "half-width", "asked for", "by", "met")
    return Table(f"Replications: {told['replications']}, until {told['kpi']} is known well enough", columns, rows, note, 2)


def _selection(told: Mapping[str, Any], kpi_unit: str) -> Table:
    factor, unit = shown_unit(kpi_unit)
    order = sorted(told["means"], key=lambda name: -told["means"][name])
    rows = [
        (
            name, unit, number(factor * told["means"][name]),
            "selected" if name == told["best"] else f"left out after {told['left_out_at'].get(name, told['replications'])}",
        )
        for name in order
    ]  # fmt: skip
    promise = (
        "The greatest number of replications ended it: nothing is promised."
        if told["ended_by"] == SELECTION_MOST
        else f"Right with at least {number(100 * told['confidence_frac'])} % if the best is better than the next by "
        f"{number(factor * told['indifference'])} {unit} or more (Kim and Nelson 2001)."
    )
    title = f"Best by {told['kpi']} after {told['replications']} replications: {told['best']}"
    return Table(title, ("scenario", "unit", "mean saving", "outcome"), rows, promise, 2)


def _pairing(values: Values, baseline: str, others: Sequence[str]) -> Table:
    return Table(
        "What common random numbers gain",
        ("scenario", "kpi", "unit", "sd paired", "sd independent", "ratio", "independent runs"),
        list(_pairing_rows(values, baseline, others)),
        "Plain differences from the baseline. Independent runs: how many for one paired, for the same interval.",
        3,
    )


def _pairing_rows(values: Values, baseline: str, others: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for name in others:
        for kpi in DESK:
            one, other = np.array(values[baseline, kpi]), np.array(values[name, kpi])
            factor, unit = shown_unit(KPIS[kpi].unit)
            paired = factor * float((one - other).std(ddof=1))
            independent = factor * math.sqrt(float(one.var(ddof=1) + other.var(ddof=1)))
            ratio = paired_spread(one, other)
            saved = f"{number(1 / ratio**2, 2)} to 1" if ratio else "–"
            yield name, kpi, unit, number(paired), number(independent), percent(ratio, 1), saved


def _rare(values: Values, scenarios: Sequence[str]) -> Table:
    rows = []
    for kpi in (name for name, one in KPIS.items() if one.rare):
        factor, unit = shown_unit(KPIS[kpi].unit)
        for name in (name for name in scenarios if values.get((name, kpi))):
            years = [factor * x for x in values[name, kpi]]
            median, low, high = rare_interval(years)
            mean, *ends = bca_interval(years)
            rows.append(
                (kpi, name, unit, amount(median), span(low, high), percent(share_of_years(years)), amount(mean), span(*ends))
            )
    columns = ("kpi", "scenario", "unit", "median", "least to greatest", "of years", "mean", "95 % interval of the mean (BCa)")
    note = "Bias-corrected and accelerated bootstrap, chance only, inputs fixed; savings.csv has the intervals of differences."
    return Table("What is rare", columns, rows, note, 3)


def _quantiles(values: Values, scenarios: Sequence[str]) -> Table:
    rows = []
    for name in scenarios:
        for kpi in QUANTILE_KPIS:
            factor, unit = shown_unit(KPIS[kpi].unit)
            years = [factor * x for x in values[name, kpi]]
            cells = []
            for quantile in QUANTILES:
                middle, low, high = quantile_interval(years, quantile)
                cells.append(f"{amount(middle)} ({span(low, high)})")
            rows.append((name, kpi, unit, *cells))
    columns = ("scenario", "kpi", "unit", *(f"{percent(q)} of years are below" for q in QUANTILES))
    note = "In brackets 95 % intervals of order statistics, chance only; a dash where replications are too few for one."
    return Table("Quantiles of years", columns, rows, note, 3)
