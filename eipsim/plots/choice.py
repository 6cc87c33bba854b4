"""What to adopt next: the chosen measures by year, and their savings by the model and at the meters."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..errors import DataError
from .labels import Labels, Language
from .style import BLUE, FAINT, GREEN, INK, ORANGE, PURPLE, SKY, VERMILLION, YELLOW, name_axis, number_ticks, slide, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..studies.choice_run import Choice, GapRow

YEAR_COLOURS = (BLUE, SKY, GREEN, ORANGE, YELLOW)
SUMS = ("added_up", "model", "simulated")
SUM_COLOURS = ("#999999", PURPLE, VERMILLION)


@styled
def draw_choice(found: Choice, *, language: Language = "en") -> Figure:
    """Draw all candidates by capital and saving, the chosen ones in the colour of their year; and the set's savings.

    Parameters
    ----------
    found : Choice
        What `studies.choice_run.run_choice` returned.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide. Logarithmic axes leave out what costs or saves nothing.

    Raises
    ------
    DataError
        If nothing was chosen.
    """
    if not found.rows:
        raise DataError("choice: nothing was chosen")
    labels = Labels(language)
    capital = sum(row.capital_vnd for row in found.rows)
    money = next(row for row in found.gaps if row.unit == "VND")
    frame = slide(
        labels.text(
            "choice.title",
            count=labels.number(len(found.rows), 0),
            capital=labels.number(capital / 1e9),
            saved=labels.number(money.simulated / 1e9),
        ),
        labels.text("choice.subtitle"),
        " ".join([labels.text("source.simulated"), labels.text("source.synthetic")]),
    )
    left = frame.grid(1, 1, left_in=0.95, right_in=6.1, upper_in=0.42, lower_in=1.15)
    right = frame.grid(1, 2, left_in=8.1, right_in=0.6, upper_in=0.42, lower_in=1.15, wspace=0.45)
    _draw_candidates(frame.figure.add_subplot(left[0, 0]), found, labels)
    shown = [row for row in found.gaps if row.unit in ("VND", "t")]
    for place, row in enumerate(shown):
        _draw_sums(frame.figure.add_subplot(right[0, place]), row, labels)
    years = sorted({row.year for row in found.rows})
    handles = [
        Line2D([], [], color=_colour(year), marker="o", linestyle="none", label=labels.text("choice.year", year=str(year + 1)))
        for year in years
    ]
    handles += [Line2D([], [], color=FAINT, marker="o", linestyle="none", label=labels.text("choice.left"))]
    bars = [
        Patch(facecolor=colour, label=labels.text(f"choice.{name}")) for name, colour in zip(SUMS, SUM_COLOURS, strict=True)
    ]
    frame.legend([*handles, *bars])
    return frame.figure


def _colour(year: int) -> str:
    return YEAR_COLOURS[year % len(YEAR_COLOURS)]


def _draw_candidates(axes: Axes, found: Choice, labels: Labels) -> None:
    year_of = found.chosen.year_of
    shown = [one for one in found.candidates if one.capital_vnd > 0 and one.saving_vnd > 0]
    for one in sorted(shown, key=lambda one: one.name in year_of):
        colour = _colour(year_of[one.name]) if one.name in year_of else FAINT
        axes.plot(one.capital_vnd / 1e6, one.saving_vnd / 1e6, "o", color=colour, markersize=6.5, markeredgecolor="white",
                  markeredgewidth=0.4)  # fmt: skip
    _log_axis(axes, "x", [one.capital_vnd / 1e6 for one in shown], labels)
    _log_axis(axes, "y", [one.saving_vnd / 1e6 for one in shown], labels)
    axes.minorticks_off()
    axes.grid(color=FAINT, linewidth=0.4)
    name_axis(axes, labels.text("choice.saving"))
    axes.set_xlabel(labels.text("choice.capital"))


def _log_axis(axes: Axes, which: str, values: Sequence[float], labels: Labels) -> None:
    low, high = min(values, default=1.0) / 1.5, max(values, default=1.0) * 1.5
    (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    (axes.set_xlim if which == "x" else axes.set_ylim)(low, high)
    powers = [power for power in range(-4, 9) if low <= 10.0**power <= high]
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_ticks([10.0**power for power in powers], [labels.number(10.0**power, max(0, -power)) for power in powers])


def _draw_sums(axes: Axes, row: GapRow, labels: Labels) -> None:
    scale = 1e-9 if row.unit == "VND" else 1.0
    values = [scale * getattr(row, name) for name in SUMS]
    top = scale * row.high if isfinite(row.high) else values[2]
    most = max(*values, top)
    axes.bar(range(3), values, color=SUM_COLOURS, width=0.75)
    if isfinite(row.low):
        axes.plot([2, 2], [scale * row.low, scale * row.high], color=INK, linewidth=1.2)
    for place, value in enumerate(values):
        above = max(value, top) if place == 2 else value
        axes.text(place, above + 0.02 * most, labels.number(value), ha="center", size=10.5)
    axes.set_xticks([])
    axes.set_ylim(min(0.0, *values), 1.1 * most)
    number_ticks(axes.yaxis, 0.0, most, labels.number)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    name_axis(axes, labels.text(f"choice.unit_{row.unit}"))
