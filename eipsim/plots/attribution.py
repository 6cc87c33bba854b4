"""Who deserves the credit: shares by category and by measure, beside what each saves alone and last of all."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..errors import DataError
from ..studies.attribution import Attribution
from ..studies.attribution_rows import TOTAL, FactoryShare, Share
from .labels import Labels, Language
from .quantities import shown_unit
from .style import INK, ORANGE, SKY, VERMILLION, WIDTH_IN, number_ticks, slide, styled, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LEFT_IN, RIGHT_IN = 4.1, 2.6

MOST_MEASURES, MOST_KPIS = 10, 2
"""Measures that a slide has room for, and KPIs that get slides."""

NUMBERS_AT = (1.15, 1.30)
"""Right ends of the two columns of numbers, in widths of the axes."""

ALONE: dict[str, Any] = {
    "marker": "D",
    "markersize": 7.0,
    "markerfacecolor": "white",
    "markeredgecolor": VERMILLION,
    "markeredgewidth": 1.6,
}
LAST: dict[str, Any] = {
    "marker": "o",
    "markersize": 6.5,
    "markerfacecolor": ORANGE,
    "markeredgecolor": INK,
    "markeredgewidth": 0.6,
}


class Bar(NamedTuple):
    """One row of a slide: its name, three sums and a standard error [unit of the KPI]."""

    name: str
    alone: float
    last_in: float
    shapley: float
    standard_error: float


def draw_attribution(found: Attribution, *, language: Language = "en") -> dict[str, Figure]:
    """Draw shares by category and the greatest by measure, for the first KPIs that were asked for.

    Parameters
    ----------
    found : Attribution
        What `studies.attribution.run_attribution` returned.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    dict of str to Figure
        ``attribution_categories_<kpi>`` and ``attribution_measures_<kpi>``.
    """
    labels = Labels(language)
    slides = {}
    for kpi in found.settings.kpis[:MOST_KPIS]:
        total = next(row for row in found.factories if (row.factory, row.kpi) == (TOTAL, kpi))
        bars = [
            Bar(labels.name("category", row.category), *row[4:8]) for row in found.categories if row.kpi == kpi
        ]  # fmt: skip
        slides[f"attribution_categories_{kpi}"] = draw_shares(bars, total, found, "categories", language=language)
        own = sorted((row for row in found.shares if row.kpi == kpi), key=lambda row: -abs(row.shapley))[:MOST_MEASURES]
        named = [Bar(_name(row, labels), row.alone, row.last_in, row.shapley, row.standard_error) for row in own]
        slides[f"attribution_measures_{kpi}"] = draw_shares(named, total, found, "measures", language=language)
    return slides


def _name(row: Share, labels: Labels) -> str:
    return f"{row.measure} {labels.name('measure_type', row.type)}, {row.factory.replace('_', ' ')}"


@styled
def draw_shares(
    bars: Sequence[Bar], total: FactoryShare, found: Attribution, kind: str, *, language: Language = "en"
) -> Figure:
    """Draw one bar for each category or measure, the greatest at the top.

    Parameters
    ----------
    bars : sequence of Bar
        In the order in which they stand.
    total : FactoryShare
        What all measures save in the whole park.
    found : Attribution
        Where they come from.
    kind : {"categories", "measures"}
        What they are of.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If there is no bar.
    """
    if not bars:
        raise DataError(f"attribution: no {kind} to draw")
    labels = Labels(language)
    factor, unit = shown_unit(total.unit)
    unit = "t_co2e" if total.kpi.startswith("co2_") else unit
    best = max(bars, key=lambda bar: bar.shapley)
    title = labels.text(
        f"attribution.title_{kind}",
        first=best.name,
        share=_share(best.shapley, total.shapley, labels),
        kpi=labels.name("kpi", total.kpi),
        total=labels.quantity(factor * total.shapley, unit),
    )
    frame = slide(
        title,
        labels.text("attribution.subtitle", scenario=labels.name("scenario", found.settings.scenario)),
        labels.source(replications=found.settings.replications),
    )
    grid = frame.grid(1, 1, left_in=LEFT_IN, right_in=RIGHT_IN, lower_in=1.0, upper_in=0.1)
    axes = frame.figure.add_subplot(grid[0, 0])
    ends = [0.0]
    for place, bar in enumerate(bars):
        ends += _row(axes, place, bar, factor)
        told = (labels.number(factor * bar.shapley), _share(bar.shapley, total.shapley, labels))
        for words, x in zip(told, NUMBERS_AT, strict=True):
            axes.text(x, place, words, transform=axes.get_yaxis_transform(), ha="right", va="center", size=11.5, weight="bold")
    size = 12.0 if len(bars) <= 9 else 11.0
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_yticks(range(len(bars)), [wrap(bar.name, LEFT_IN - 0.8, size) for bar in bars])
    axes.tick_params(axis="y", length=0, labelsize=size)
    axes.axvline(0.0, color=INK, linewidth=1.0, zorder=5)
    margin = 0.04 * ((max(ends) - min(ends)) or 1.0)
    axes.set_xlim(min(ends) - (margin if min(ends) < 0 else 0.0), max(ends) + margin)
    number_ticks(axes.xaxis, *axes.get_xlim(), labels.number, width_in=WIDTH_IN - LEFT_IN - RIGHT_IN)
    axes.grid(visible=True, axis="x")
    axes.set_xlabel(labels.text("attribution.axis", unit=labels.unit(unit)))
    handles = [
        Patch(facecolor=SKY, label=labels.text("attribution.shapley")),
        Line2D([], [], linestyle="none", label=labels.text("attribution.alone"), **ALONE),
        Line2D([], [], linestyle="none", label=labels.text("attribution.last_in"), **LAST),
    ]
    if any(isfinite(bar.standard_error) for bar in bars):
        handles.append(Line2D([], [], color=INK, linewidth=1.5, label=labels.text("attribution.error")))
    frame.legend(handles)
    return frame.figure


def _share(part: float, whole: float, labels: Labels) -> str:
    return labels.percent(part / whole, 1) if whole else "–"


def _row(axes: Axes, place: int, bar: Bar, factor: float) -> list[float]:
    """Draw one row; return what the axis must hold."""
    axes.barh(place, factor * bar.shapley, height=0.6, color=SKY, zorder=2)
    reach = [factor * bar.shapley]
    if isfinite(bar.standard_error):
        ends = [factor * (bar.shapley + sign * bar.standard_error) for sign in (-1, 1)]
        axes.plot(ends, [place, place], color=INK, linewidth=1.5, zorder=4, solid_capstyle="butt")
        reach += ends
    axes.plot([factor * bar.alone], [place], linestyle="none", zorder=6, **ALONE)
    axes.plot([factor * bar.last_in], [place], linestyle="none", zorder=7, **LAST)
    return [*reach, factor * bar.alone, factor * bar.last_in]
