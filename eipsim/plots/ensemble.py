"""What the published figures leave open, and each of them as the others predict it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, log10
from typing import TYPE_CHECKING

from matplotlib.lines import Line2D

from ..claims import SIMULATED, PublishedClaim
from ..errors import DataError
from ..studies.ensemble_values import ALL, REST, SIXTY
from .labels import Labels, Language
from .style import BLUE, FAINT, INK, QUIET, VERMILLION, WIDTH_IN, slide, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..studies.ensemble_report import IntervalRow
    from ..studies.left_out import LeftOutRow

ROWS: tuple[tuple[str, str, float, str], ...] = (
    ("electricity_assessed_kwh", "electricity", 1e-6, "GWh"),
    ("lpg_assessed_t", "lpg", 1.0, "t"),
    ("other_fuel_assessed_gj", "other_fuel", 1e-3, "TJ"),
    ("water_assessed_m3", "water", 1e-3, "thousand_m3"),
    ("wastewater_assessed_m3", "wastewater", 1e-3, "thousand_m3"),
    ("materials_vnd", "materials", 1e-9, "bn_vnd"),
    ("solar_kwp", "solar", 1e-3, "mwp"),
    ("co2_assessed_t", "co2", 1e-3, "kt_co2e"),
    ("money_assessed_vnd", "money", 1e-9, "bn_vnd"),
    ("capital_vnd", "capital", 1e-9, "bn_vnd"),
    ("npv_vnd", "npv", 1e-9, "bn_vnd"),
    ("peak_park_kw", "peak", 1e-3, "MW"),
)
"""Quantities that are drawn: their word, what a unit is multiplied by, and what it is called then."""

GROUPS = {SIXTY: "implemented_60", REST: "rest_99", ALL: "all_159"}
LEFT_IN = 3.2
DOT_PT = 7.0
MOST_DECADES = 1.0
"""How far the axis of ratios reaches either side; what goes on beyond is cut off, and its numbers stand beside."""


@styled
def draw_ensemble(
    rows: Sequence[IntervalRow],
    claims: Sequence[PublishedClaim] = (),
    *,
    confidence_frac: float = 0.9,
    language: Language = "en",
) -> Figure:
    """Draw the interval of each quantity for the 60, the 99 and all 159, with published figures beside.

    Parameters
    ----------
    rows : sequence of IntervalRow
        What `studies.ensemble_report.intervals` returned.
    claims : sequence of PublishedClaim
        Figures that are marked where the same quantity is drawn.
    confidence_frac : float
        Share of the draws in an interval.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If there is no interval of the 159's electricity and solar power.
    """
    labels = Labels(language)
    by = {(row.group, row.quantity): row for row in rows}
    power, solar = by.get((ALL, "electricity_assessed_kwh")), by.get((ALL, "solar_kwp"))
    if power is None or solar is None:
        raise DataError("ensemble: has no electricity and solar power of all 159")
    marked = {(link.scenario, link.kpi): c.published / link.factor for c in claims if (link := SIMULATED.get(c.claim))}
    title = labels.text(
        "ensemble.title",
        low=labels.number(power.low * 1e-6, 0),
        high=labels.quantity(power.high * 1e-6, "GWh", 0),
        few=labels.number(solar.low * 1e-3, 0),
        many=labels.quantity(solar.high * 1e-3, "mwp", 0),
    )
    subtitle = labels.text("ensemble.subtitle", share=labels.percent(confidence_frac, 0), count=str(power.draws))
    source = " ".join([labels.text("ensemble.source"), labels.text("source.synthetic")])
    frame = slide(title, subtitle, source)
    there = [row for row in ROWS if any((group, row[0]) in by for group in GROUPS)]
    grid = frame.grid(len(there), 3, left_in=LEFT_IN, right_in=0.5, lower_in=0.4, upper_in=0.3, hspace=0.1, wspace=0.1)
    for line, (quantity, word, factor, unit) in enumerate(there):
        for column, (group, scenario) in enumerate(GROUPS.items()):
            axes = frame.figure.add_subplot(grid[line, column])
            if line == 0:
                axes.set_title(labels.text(f"ensemble.{scenario}"), loc="left", size=13, weight="bold", pad=8, color=INK)
            if column == 0:
                _name(axes, labels.text(f"ensemble.{word}"), labels.unit(unit))
            published = marked.get((scenario, quantity))
            _interval(axes, by.get((group, quantity)), factor, None if published is None else factor * published, labels)
    frame.legend(_handles(labels, labels.text("ensemble.interval", share=labels.percent(confidence_frac, 0))))
    return frame.figure


def _name(axes: Axes, words: str, unit: str) -> None:
    left = -(LEFT_IN - 0.55) / (axes.get_position().width * WIDTH_IN)
    axes.text(left, 0.5, words, transform=axes.transAxes, va="center", size=12, weight="bold")
    axes.text(-0.03, 0.5, unit, transform=axes.transAxes, va="center", ha="right", size=10.5, color=QUIET)


def _interval(axes: Axes, row: IntervalRow | None, factor: float, published: float | None, labels: Labels) -> None:
    axes.set_ylim(-1.0, 1.0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[["bottom", "left"]].set_visible(False)
    if row is None:
        return
    low, middle, high = (factor * value for value in (row.low, row.median, row.high))
    ends = [0.0, low, high, *([] if published is None else [published])]
    least, most = min(ends), max(ends)
    axes.set_xlim(least - 0.03 * (most - least), (most + (most - least) * 0.95) if most > least else 1.0)
    if most == least:
        axes.text(0.0, 0.0, labels.number(middle), va="center_baseline", size=11)
        return
    axes.plot([0.0, 0.0], [-0.7, 0.7], color=FAINT, linewidth=0.8)
    axes.plot([low, high], [0.0, 0.0], color=BLUE, linewidth=5.0, solid_capstyle="butt", alpha=0.45)
    axes.plot(middle, 0.0, "o", color=BLUE, markersize=DOT_PT)
    if published is not None:
        axes.plot(published, 0.0, "D", color=VERMILLION, markersize=5.5, markerfacecolor="none", markeredgewidth=1.5)
    words = labels.text("ensemble.span", middle=labels.number(middle), low=labels.number(low), high=labels.number(high))
    axes.text(most + 0.08 * (most - least), 0.0, words, va="center_baseline", size=10.5)


def _handles(labels: Labels, interval: str) -> list[Line2D]:
    return [
        Line2D([], [], color=BLUE, marker="o", linewidth=5.0, alpha=0.6, label=interval),
        Line2D(
            [],
            [],
            color=VERMILLION,
            marker="D",
            linestyle="none",
            markerfacecolor="none",
            label=labels.text("ensemble.published"),
        ),
    ]


@styled
def draw_left_out(rows: Sequence[LeftOutRow], *, confidence_frac: float = 0.9, language: Language = "en") -> Figure:
    """Draw what the other figures predict for each one, over what was published.

    Parameters
    ----------
    rows : sequence of LeftOutRow
        What `studies.left_out.leave_one_out` found.
    confidence_frac : float
        Share of the draws in an interval.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If nothing was predicted.
    """
    if not rows:
        raise DataError("left out: no figure was predicted")
    labels = Labels(language)
    inside = sum(row.low <= row.published <= row.high for row in rows)
    frame = slide(
        labels.text("left_out.title", inside=str(inside), count=str(len(rows))),
        labels.text("left_out.subtitle", share=labels.percent(confidence_frac, 0)),
        " ".join([labels.text("ensemble.source"), labels.text("source.synthetic")]),
    )
    grid = frame.grid(1, 1, left_in=3.6, right_in=4.3, lower_in=0.85, upper_in=0.35)
    axes = frame.figure.add_subplot(grid[0, 0])
    axes.set_xscale("log")
    reach = [value / row.published for row in rows for value in (row.low, row.high) if value > 0]
    decades = min(max(abs(log10(value)) for value in [*reach, 1.5]), MOST_DECADES)
    axes.set_xlim(10 ** (-1.06 * decades), 10 ** (1.06 * decades))
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.axvline(1.0, color=VERMILLION, linewidth=1.4)
    for place, row in enumerate(rows):
        ratios = [max(value / row.published, 1e-9) for value in (row.low, row.median, row.high)]
        axes.plot([ratios[0], ratios[2]], [place, place], color=BLUE, linewidth=6.0, solid_capstyle="butt", alpha=0.45)
        axes.plot(ratios[1], place, "o", color=BLUE, markersize=DOT_PT + 1)
        words = labels.text(
            "left_out.row", low=labels.number(row.low), high=labels.number(row.high), unit=row.unit,
            beyond=labels.percent(row.beyond_frac, 0),
        )  # fmt: skip
        axes.text(1.02, place, words, transform=axes.get_yaxis_transform(), va="center", size=11)
    axes.set_yticks(
        range(len(rows)),
        [f"{labels.name('claim', row.claim)}\n{labels.number(row.published)} {row.unit}" for row in rows],
        size=11,
    )
    axes.tick_params(axis="y", length=0)
    ticks = [t for t in (0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 2.0, 3.0, 10.0, 30.0, 100.0) if abs(log10(t)) <= 1.06 * decades]
    axes.set_xticks(ticks, [labels.number(t, 2 if t < 0.1 else 1 if t < 1 else 0) for t in ticks])
    axes.minorticks_off()
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    axes.set_xlabel(labels.text("left_out.axis"))
    interval = labels.text("ensemble.interval", share=labels.percent(confidence_frac, 0))
    assert all(isfinite(value) for value in reach)
    frame.legend(
        [
            Line2D([], [], color=BLUE, marker="o", linewidth=5.0, alpha=0.6, label=interval),
            Line2D([], [], color=VERMILLION, linewidth=1.4, label=labels.text("ensemble.published")),
        ]
    )
    return frame.figure
