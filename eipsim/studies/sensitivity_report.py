"""What a study of sensitivity says, in tables and one sentence for each output."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..summary import Table, amount, number, shown_unit, span
from .designs import FACTORIAL, LHS, MORRIS, SOBOL, TORNADO
from .sensitivity import IndexRow, Sensitivity

RANKED_BY = {
    MORRIS: ("mu_star",),
    SOBOL: ("ST",),
    LHS: ("srrc",),
    FACTORIAL: ("main_share", "interaction_share"),
    TORNADO: ("at_low", "at_high"),
}
"""The indices by which each study puts its parameters in order, greatest first."""

_NOTES = {
    MORRIS: "mu_star: mean of absolute elementary effects from end to end of a parameter; sigma: how much they vary.",
    SOBOL: "S1: share of the variance that a parameter causes alone; ST: with all others; S2: what a pair causes together.",
    LHS: "srrc: standardised rank regression coefficient; r2_ranks: share of the variance of ranks that all explain.",
    FACTORIAL: "Share of the sum of squares over all combinations of levels.",
    TORNADO: "What the output is more or less than with all parameters at their medians, when one is at its quantile.",
}


def ranked(rows: Sequence[IndexRow], study: str) -> list[str]:
    """Return parameters, or pairs of them, by how much they matter for one output.

    Parameters
    ----------
    rows : sequence of IndexRow
        Of one output.
    study : str
        That they come from.
    """
    weight: dict[str, float] = {}
    for row in rows:
        if row.statistic in RANKED_BY[study]:
            weight[row.parameter] = max(weight.get(row.parameter, 0.0), abs(row.value))
    return sorted(weight, key=lambda name: (-weight[name], name))


def sensitivity_tables(found: Sensitivity) -> list[Table]:
    """Return a table of indices for each output, and one of where the spread of outputs comes from."""
    by_output = {output: [row for row in found.indices if row.output == output] for output in found.outputs}
    tables = [_indices(output, rows, found.settings.study) for output, rows in by_output.items()]
    return [*tables, _spread(found)]


def _indices(output: str, rows: Sequence[IndexRow], study: str) -> Table:
    columns = list(dict.fromkeys(row.statistic for row in rows))
    cells = {(row.parameter, row.statistic): _cell(row) for row in rows}
    order = list(dict.fromkeys([*ranked(rows, study), *(row.parameter for row in rows)]))
    unit = next((shown_unit(row.unit)[1] for row in rows if row.unit != "1"), "")
    title = f"Sensitivity of {output}" + (f", in {unit}" if unit else "")
    shown = [(name, *(cells.get((name, column), "") for column in columns)) for name in order]
    return Table(title, ("parameter", *columns), shown, _NOTES[study], 1)


def _cell(row: IndexRow) -> str:
    factor = shown_unit(row.unit)[0]
    value = (number if row.unit == "1" else amount)(factor * row.value)
    return f"{value} ({span(factor * row.low, factor * row.high)})" if math.isfinite(row.low + row.high) else value


def _spread(found: Sensitivity) -> Table:
    rows = []
    for row in found.spread:
        factor, unit = shown_unit(row.unit)
        numbers = (row.mean, row.sd_parameters, row.sd_chance, row.sd_both)
        rows.append((row.output, unit, *(amount(factor * x) for x in numbers)))
    note = (
        f"Points: {found.spread[0].points}; replications of each, with the same seeds: {found.spread[0].replications}. "
        "Chance: what all points share; both: what a seed causes at one point and not at another."
    )
    columns = ("output", "unit", "mean", "sd by parameters", "sd by chance", "sd by both")
    return Table("Ignorance and chance", columns, rows, note, 2)


def sensitivity_sentences(found: Sensitivity) -> list[str]:
    """Say for each output which parameter matters most, and last what failed."""
    sentences = []
    for output in found.outputs:
        rows = [row for row in found.indices if row.output == output]
        if not any(row.value for row in rows if row.statistic in RANKED_BY[found.settings.study]):
            sentences.append(f"{output}: nothing that was varied moves it.")
            continue
        first, *others = ranked(rows, found.settings.study)
        cells = [
            f"{row.statistic} {_cell(row)} {shown_unit(row.unit)[1]}".strip()
            for row in rows
            if row.parameter == first and row.statistic in RANKED_BY[found.settings.study]
        ]
        moving = {row.parameter for row in rows if row.value and row.statistic in RANKED_BY[found.settings.study]}
        then = f", then {others[0]}" if others and others[0] in moving else ""
        sentences.append(f"{output}: {first} matters most ({', '.join(cells)}){then}.")
    if found.failed:
        stood, asked = found.spread[0], found.settings
        sentences.append(
            f"{len(found.failed)} runs failed; what is said comes from {stood.points} of {asked.points} points and "
            f"{stood.replications} of {asked.replications} replications. The first: {found.failed[0]['label']}: "
            f"{found.failed[0]['message']}"
        )
    return sentences
