"""A road map: its cash flow year by year, and the CO2 that it saves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..errors import DataError
from .labels import Labels, Language
from .style import BLUE, FAINT, INK, ORANGE, QUIET, SKY, VERMILLION, name_axis, number_ticks, slide, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..studies.road_map_run import CashRow, RoadMap, YearRow

PARTS = {"saving": SKY, "capital": ORANGE, "upkeep": QUIET, "margin": VERMILLION}
"""Parts of the cash flow and their colours."""

MOST_YEARS = 16
"""Years that are drawn; lives of twenty years say little beyond."""


@styled
def draw_road_map(found: RoadMap, *, language: Language = "en") -> Figure:
    """Draw the cash flow of a road map with its sums, and the CO2 saved in each simulated year.

    Parameters
    ----------
    found : RoadMap
        What `studies.road_map_run.run_road_map` returned.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide; at most 16 years of the cash flow.

    Raises
    ------
    DataError
        If there is no year.
    """
    if not found.cash:
        raise DataError("road map: has no year")
    labels = Labels(language)
    cash = found.cash[:MOST_YEARS]
    co2 = [row for row in found.years if row.kpi == "co2_assessed_t"]
    frame = slide(
        labels.text(
            "road_map.title",
            count=labels.number(len(found.steps), 0),
            co2=labels.quantity(co2[-1].saving, "t_co2e", 0),
            year=str(co2[-1].year),
            npv=labels.number(found.cash[-1].discounted_vnd / 1e9),
        ),
        labels.text("road_map.subtitle", rate=labels.percent(found.rate_frac)),
        labels.source(replications=found.replications, interval=found.replications > 1),
    )
    left = frame.grid(1, 1, left_in=0.95, right_in=4.6, upper_in=0.42, lower_in=1.0)
    right = frame.grid(1, 1, left_in=9.8, right_in=0.6, upper_in=0.42, lower_in=1.0)
    _draw_cash(frame.figure.add_subplot(left[0, 0]), cash, labels)
    _draw_co2(frame.figure.add_subplot(right[0, 0]), co2, labels)
    handles = [Patch(facecolor=colour, label=labels.text(f"road_map.{part}")) for part, colour in PARTS.items()]
    lines = [
        Line2D([], [], color=INK, linewidth=1.8, label=labels.text("road_map.cumulative")),
        Line2D([], [], color=INK, linewidth=1.4, linestyle=(0, (4, 3)), label=labels.text("road_map.discounted")),
    ]
    frame.legend([*handles, *lines])
    return frame.figure


def _draw_cash(axes: Axes, cash: tuple[CashRow, ...], labels: Labels) -> None:
    years = np.array([row.year for row in cash])
    parts = {part: np.array([getattr(row, f"{part}_vnd") for row in cash]) / 1e9 for part in PARTS}
    above, below = np.zeros(years.size), np.zeros(years.size)
    for part, colour in PARTS.items():
        flow = parts[part] if part == "saving" else -parts[part]
        base = np.where(flow >= 0, above, below)
        axes.bar(years, flow, bottom=base, color=colour, width=0.7)
        above, below = above + np.maximum(flow, 0.0), below + np.minimum(flow, 0.0)
    sums = [np.array([getattr(row, f"{name}_vnd") for row in cash]) / 1e9 for name in ("cumulative", "discounted")]
    axes.plot(years, sums[0], color=INK, linewidth=1.8)
    axes.plot(years, sums[1], color=INK, linewidth=1.4, linestyle=(0, (4, 3)))
    low, high = min(below.min(), *(one.min() for one in sums)), max(above.max(), *(one.max() for one in sums))
    gap = 0.05 * (high - low)
    later = [row.year for row in cash if not row.is_simulated]
    if later:
        axes.axvspan(later[0] - 0.5, years[-1] + 0.5, color=FAINT, alpha=0.25, linewidth=0)
        axes.text(later[0] - 0.4, low - 0.6 * gap, labels.text("road_map.not_simulated"), size=10.0, color=QUIET)
    axes.axhline(0.0, color=INK, linewidth=0.8)
    axes.set_xlim(years[0] - 0.5, years[-1] + 0.5)
    axes.set_ylim(low - gap, high + gap)
    shown = years[:: 1 if years.size <= 10 else 2]
    axes.set_xticks(shown, [str(year) for year in shown])
    number_ticks(axes.yaxis, low, high, labels.number, most=7)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    name_axis(axes, labels.text("road_map.money"))


def _draw_co2(axes: Axes, rows: list[YearRow], labels: Labels) -> None:
    years = [row.year for row in rows]
    axes.bar(years, [row.saving for row in rows], color=BLUE, width=0.7)
    for row in rows:
        if row.high == row.high:
            axes.plot([row.year, row.year], [row.low, row.high], color=INK, linewidth=1.2)
    most = max(row.high if row.high == row.high else row.saving for row in rows)
    axes.set_xticks(years, [str(year)[2:] if len(years) > 8 else str(year) for year in years], rotation=45)
    axes.set_ylim(min(0.0, *(row.saving for row in rows), 0.0), 1.05 * most if most > 0 else 1.0)
    number_ticks(axes.yaxis, 0.0, most, labels.number)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    name_axis(axes, labels.text("road_map.co2"))
