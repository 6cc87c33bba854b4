"""From desk figures to meters: a waterfall for each resource, with its numbers beside it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING

from matplotlib.patches import Patch

from ..errors import DataError
from ..studies.waterfall import STAGES, StageRow, Waterfall, steps_of
from .labels import Labels, Language
from .quantities import shown_unit
from .style import BLUE, FAINT, GREEN, INK, MARGIN_IN, QUIET, VERMILLION, WIDTH_IN, slide, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT_IN, RIGHT_IN = 3.6, 5.2

MOST_SCENARIOS = 2
"""Scenarios that a slide has room for: the last ones are drawn."""

COLUMNS_IN = (1.15, 2.3, 4.75)
"""Right ends of the columns of numbers, from the right end of the axes [in]."""

ROUNDING = 1e-9


def draw_waterfalls(found: Waterfall, *, language: Language = "en") -> dict[str, Figure]:
    """Draw a slide for each resource of which anything is saved.

    Parameters
    ----------
    found : Waterfall
        What `studies.waterfall.run_waterfall` returned.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    dict of str to Figure
        ``waterfall_<kpi>``.
    """
    kpis = dict.fromkeys(row.kpi for row in found.rows if row.value)
    return {f"waterfall_{kpi}": draw_waterfall(found, kpi, language=language) for kpi in kpis}


@styled
def draw_waterfall(found: Waterfall, kpi: str, *, language: Language = "en") -> Figure:
    """Draw the steps of one resource: bars between neighbouring stages, one block for each scenario.

    Bars have one linear scale in each block, so a step that is too small to be seen stands in its numbers alone.

    Parameters
    ----------
    found : Waterfall
        What `studies.waterfall.run_waterfall` returned.
    kpi : str
        Of the resource.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If the waterfall has no such KPI.
    """
    labels = Labels(language)
    scenarios = list(dict.fromkeys(row.scenario for row in found.rows if row.kpi == kpi))[-MOST_SCENARIOS:]
    if not scenarios:
        raise DataError(f"waterfall: no rows of {kpi}")
    blocks = {name: steps_of(found.rows, name, kpi) for name in scenarios}
    factor, unit = _unit(kpi, blocks[scenarios[-1]][0].unit)
    replications = found.settings.replications
    frame = slide(
        _finding(blocks[scenarios[-1]], factor, unit, labels, found.hours),
        labels.text("waterfall.subtitle", unit=labels.unit(unit, hours=found.hours)),
        labels.source(replications=replications, interval=replications > 1),
    )
    grid = frame.grid(
        len(blocks),
        1,
        left_in=LEFT_IN,
        right_in=RIGHT_IN,
        lower_in=0.42,
        upper_in=0.62,
        hspace=0.28 if len(blocks) > 1 else 0.0,
    )
    for place, (name, steps) in enumerate(blocks.items()):
        axes = frame.figure.add_subplot(grid[place, 0])
        _block(axes, steps, factor, labels)
        _heads(axes, labels.name("scenario", name), labels, with_columns=place == 0)
    frame.legend(
        [
            Patch(facecolor=colour, label=labels.text(f"waterfall.{key}"))
            for key, colour in (("paper", FAINT), ("less", VERMILLION), ("more", GREEN), ("meters", BLUE))
        ]
    )
    return frame.figure


def _unit(kpi: str, unit: str) -> tuple[float, str]:
    factor, name = shown_unit(unit)
    return factor, "t_co2e" if kpi.startswith("co2_") else name


def _finding(steps: Sequence[StageRow], factor: float, unit: str, labels: Labels, hours: float) -> str:
    first, last = steps[0].value, steps[-1].value
    greatest = max(steps[1:], key=lambda row: abs(row.step))
    return labels.text(
        "waterfall.title",
        kpi=labels.name("kpi", steps[0].kpi),
        naive=labels.quantity(factor * first, unit),
        simulated=labels.quantity(factor * last, unit),
        span=labels.span("span.", hours),
        step=labels.text(f"waterfall.stage.{greatest.stage}"),
        change=labels.quantity(factor * greatest.step, unit),
    )


def _block(axes: Axes, steps: Sequence[StageRow], factor: float, labels: Labels) -> None:
    """Draw one scenario: the first stage from 0, then each step from where the one before ended, then the last from 0."""
    bars = [(0.0, factor * steps[0].value, FAINT)]
    for before, row in pairwise(steps):
        start, end = factor * before.value, factor * row.value
        bars.append((start, end, VERMILLION if end < start else GREEN))
    bars.append((0.0, factor * steps[-1].value, BLUE))
    if all(abs(end) <= ROUNDING for _, end, _ in bars):
        bars = [(0.0, 0.0, colour) for _, _, colour in bars]
    ends = [0.0, *(end for _, end, _ in bars)]
    for place, (start, end, colour) in enumerate(bars):
        axes.barh(place, end - start, left=start, height=0.62, color=colour, zorder=2)
        if place + 1 < len(bars):
            axes.plot([end, end], [place - 0.31, place + 1.31], color=QUIET, linewidth=0.7, zorder=3)
    low, high = min(ends), max(ends)
    margin = 0.03 * ((high - low) or 1.0)
    axes.set_xlim(low - (margin if low < 0 else 0.0), high + margin)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    names = [labels.text(f"waterfall.stage.{stage}") for stage in STAGES]
    axes.set_yticks(range(len(bars)), [*names, labels.text("waterfall.meters")])
    axes.tick_params(axis="y", length=0, labelsize=11.0)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(False)
    axes.axvline(0.0, color=INK, linewidth=1.0, zorder=5)
    for place, row in enumerate([*steps, steps[-1]]):
        is_sum = place in (0, len(steps))
        words = ("", _signed(factor * row.step, labels), _interval(row, factor, labels))
        told = (labels.number(factor * row.value), "", "") if is_sum else words
        _write(axes, place, told, weight="bold" if is_sum else "normal", size=11.0)


def _write(axes: Axes, y: float, words: Sequence[str], *, weight: str, size: float, colour: str = INK) -> None:
    width_in = axes.get_position().width * WIDTH_IN
    for text, at_in in zip(words, COLUMNS_IN, strict=True):
        if text:
            x = 1.0 + at_in / width_in
            axes.text(
                x,
                y,
                text,
                transform=axes.get_yaxis_transform(),
                ha="right",
                va="center",
                size=size,
                weight=weight,
                color=colour,
            )


def _heads(axes: Axes, scenario: str, labels: Labels, *, with_columns: bool) -> None:
    width_in = axes.get_position().width * WIDTH_IN
    left = -(LEFT_IN - MARGIN_IN) / width_in
    axes.text(left, -0.75, scenario, transform=axes.get_yaxis_transform(), va="center", size=13, weight="bold")
    if with_columns:
        heads = [labels.text(f"waterfall.column.{key}") for key in ("value", "step", "interval")]
        _write(axes, -0.75, heads, weight="normal", size=11.0, colour=QUIET)


def _signed(value: float, labels: Labels) -> str:
    words = labels.number(value) if abs(value) > ROUNDING else "0"
    return f"+{words}" if value > ROUNDING else words


def _interval(row: StageRow, factor: float, labels: Labels) -> str:
    if not isfinite(row.step_low + row.step_high):
        return ""
    low, high = (_signed(factor * end, labels) for end in (row.step_low, row.step_high))
    return labels.text("savings.value", value="", low=low, high=high).strip()
