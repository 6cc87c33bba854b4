"""Which uncertain input moves an output: a tornado for each output, and a heat map of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.patches import Patch

from ..errors import DataError
from ..studies.designs import FACTORIAL, LHS, MORRIS, SOBOL, TORNADO
from ..studies.indices import TIMES
from ..studies.sensitivity import IndexRow, Sensitivity
from ..studies.sensitivity_report import RANKED_BY, ranked
from .labels import Labels, Language, three_digits
from .quantities import shown_unit
from .style import BLUE, INK, ORANGE, PALE, QUIET, SKY, WIDTH_IN, number_ticks, slide, styled, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT_IN, RIGHT_IN = 3.4, 3.0

MOST_ROWS = 8
"""Inputs and pairs of them that a tornado has room for; the others matter less."""

BARS: dict[str, tuple[tuple[str, str], ...]] = {
    MORRIS: (("mu_star", SKY),),
    SOBOL: (("ST", SKY), ("S1", BLUE)),
    LHS: (("srrc", SKY),),
    FACTORIAL: (("main_share", SKY), ("interaction_share", BLUE)),
    TORNADO: (("at_low", ORANGE), ("at_high", BLUE)),
}
"""The indices of each study that are drawn, and their colours."""


class Design(NamedTuple):
    """What stands below a slide: the study, how many inputs it has, its points, and its replications of each."""

    study: str
    inputs: int
    points: int
    replications: int


def draw_sensitivity(found: Sensitivity, *, language: Language = "en") -> dict[str, Figure]:
    """Draw a tornado for each output of a study and a heat map of all.

    Parameters
    ----------
    found : Sensitivity
        What `studies.sensitivity.run_sensitivity` returned.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    dict of str to Figure
        ``tornado_<scenario>_<kpi>`` for each output, and ``heat_map``.
    """
    settings = found.settings
    stood = found.spread[0]
    design = Design(settings.study, len(settings.parameters), stood.points, stood.replications)
    slides = {
        f"tornado_{output.replace('.', '_')}": draw_tornado(
            [row for row in found.indices if row.output == output], design, language=language
        )
        for output in found.outputs
    }
    return slides | {"heat_map": draw_heat_map(found.indices, design, language=language)}


@styled
def draw_tornado(rows: Sequence[IndexRow], design: Design, *, language: Language = "en") -> Figure:
    """Draw how much each input moves one output, the one that matters most at the top.

    Parameters
    ----------
    rows : sequence of IndexRow
        Of one output.
    design : Design
        Where they come from.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If there is no index of the study among the rows.
    """
    labels = Labels(language)
    order = ranked(rows, design.study)[:MOST_ROWS]
    if not order:
        raise DataError(f"tornado: the rows hold no {' or '.join(RANKED_BY[design.study])}: are they of study {design.study}?")
    output = rows[0].output
    shown = {(row.parameter, row.statistic): row for row in rows}
    frame = slide(
        _finding(shown, order, design, labels, output), labels.text(f"sensitivity.{design.study}"), _source(design, labels)
    )
    grid = frame.grid(1, 1, left_in=LEFT_IN, right_in=RIGHT_IN, lower_in=0.75, upper_in=0.1)
    axes = frame.figure.add_subplot(grid[0, 0])
    kinds = [(index, colour) for index, colour in BARS[design.study] if any(key[1] == index for key in shown)]
    factor, unit = _unit(next(row for row in rows if row.statistic == kinds[0][0]).unit, labels)
    ends = [0.0]
    for place, name in enumerate(order):
        words = []
        mine = [(shown[name, index], colour) for index, colour in kinds if (name, index) in shown]
        for lane, (row, colour) in enumerate(mine):
            apart = len(mine) > 1 and design.study != TORNADO
            y = place + (0.36 * (lane - 0.5) if apart else 0.0)
            axes.barh(y, factor * row.value, height=0.34 if apart else 0.62, color=colour, zorder=2)
            ends += [factor * row.value, *_whisker(axes, factor * row.low, factor * row.high, y)]
            words.append(labels.number(factor * row.value, three_digits(factor * row.value) if unit else 2))
        axes.text(1.02, place, " / ".join(words), transform=axes.get_yaxis_transform(), va="center", size=11.5, weight="bold")
    axes.set_ylim(len(order) - 0.4, -0.6)
    axes.set_yticks(range(len(order)), [wrap(_input(name, labels), LEFT_IN - 0.8, 12.0) for name in order])
    axes.tick_params(axis="y", length=0, labelsize=12.0)
    axes.axvline(0.0, color=INK, linewidth=1.0, zorder=5)
    margin = 0.04 * ((max(ends) - min(ends)) or 1.0)
    axes.set_xlim(min(ends) - (margin if min(ends) < 0 else 0.0), max(ends) + margin)
    number_ticks(axes.xaxis, *axes.get_xlim(), labels.number, width_in=WIDTH_IN - LEFT_IN - RIGHT_IN)
    axes.grid(visible=True, axis="x")
    axes.set_axisbelow(True)
    axes.set_xlabel(labels.text(f"sensitivity.axis.{design.study}") + (f" [{unit}]" if unit else ""))
    if len(kinds) > 1:
        frame.legend([Patch(facecolor=colour, label=labels.text(f"sensitivity.index.{index}")) for index, colour in kinds])
    return frame.figure


def _whisker(axes: Axes, low: float, high: float, y: float) -> list[float]:
    """Draw an interval if there is one; return its ends."""
    if not isfinite(low + high):
        return []
    axes.plot([low, high], [y, y], color=INK, linewidth=1.5, zorder=4, solid_capstyle="butt")
    return [low, high]


def _finding(
    shown: Mapping[tuple[str, str], IndexRow], order: Sequence[str], design: Design, labels: Labels, output: str
) -> str:
    moved = any(shown[order[0], index].value for index in RANKED_BY[design.study] if (order[0], index) in shown)
    return labels.text(
        "sensitivity.title" if moved else "sensitivity.title_none",
        output=_output(output, labels),
        first=_input(order[0], labels),
        count=str(design.inputs),
    )


@styled
def draw_heat_map(rows: Sequence[IndexRow], design: Design, *, language: Language = "en") -> Figure:
    """Draw for all outputs how much each input matters, over the one that matters most.

    Parameters
    ----------
    rows : sequence of IndexRow
        Of all outputs.
    design : Design
        Where they come from.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.
    """
    labels = Labels(language)
    outputs = list(dict.fromkeys(row.output for row in rows))
    weights = {output: _weights([row for row in rows if row.output == output], design.study) for output in outputs}
    totals: dict[str, float] = {}
    for own in weights.values():
        for name, share in own.items():
            totals[name] = totals.get(name, 0.0) + share
    order = sorted(totals, key=lambda name: (-totals[name], name))[:MOST_ROWS]
    wins = {name: sum(own.get(name, 0.0) == 1.0 for own in weights.values()) for name in order}
    first = max(order, key=lambda name: wins[name])
    title = labels.text("sensitivity.heat_title", first=_input(first, labels), wins=str(wins[first]), count=str(len(outputs)))
    frame = slide(title, labels.text("sensitivity.heat_subtitle"), _source(design, labels))
    grid = frame.grid(1, 1, left_in=LEFT_IN, right_in=0.6, lower_in=0.1, upper_in=0.75)
    axes = frame.figure.add_subplot(grid[0, 0])
    values = [[weights[output].get(name, 0.0) for output in outputs] for name in order]
    axes.imshow(values, cmap="Blues", vmin=0.0, vmax=1.25, aspect="auto")
    for place, line in enumerate(values):
        for column, value in enumerate(line):
            axes.text(column, place, labels.percent(value, 0), ha="center", va="center", color="white" if value > 0.7 else INK)
    width_in = (WIDTH_IN - LEFT_IN - 0.6) / len(outputs) - 0.2
    axes.set_xticks(range(len(outputs)), [wrap(_output(output, labels), width_in, 11.0) for output in outputs])
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(order)), [wrap(_input(name, labels), LEFT_IN - 0.8, 12.0) for name in order])
    axes.tick_params(length=0, colors=QUIET)
    axes.tick_params(axis="y", labelsize=12.0, labelcolor=INK)
    for side in axes.spines.values():
        side.set_edgecolor(PALE)
    return frame.figure


def _weights(rows: Sequence[IndexRow], study: str) -> dict[str, float]:
    """Return for each single input of one output its greatest index over that of the first [0-1]."""
    found: dict[str, float] = {}
    for row in rows:
        if row.statistic in RANKED_BY[study] and TIMES not in row.parameter:
            found[row.parameter] = max(found.get(row.parameter, 0.0), abs(row.value))
    most = max(found.values(), default=0.0)
    return {name: value / most if most else 0.0 for name, value in found.items()}


def _input(name: str, labels: Labels) -> str:
    return TIMES.join(labels.name("input", part) for part in name.split(TIMES))


def _output(output: str, labels: Labels) -> str:
    scenario, _, kpi = output.partition(".")
    return f"{labels.name('kpi', kpi)} ({labels.name('scenario', scenario)})"


def _unit(unit: str, labels: Labels) -> tuple[float, str]:
    factor, name = shown_unit(unit)
    return factor, labels.unit(name) if name else ""


def _source(design: Design, labels: Labels) -> str:
    counted = labels.text("sensitivity.source", points=labels.number(design.points, 0), count=str(design.replications))
    return " ".join([labels.text("source.simulated"), counted, labels.text("source.synthetic")])
