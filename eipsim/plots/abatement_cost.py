"""The marginal abatement cost curve: what a tonne of CO2 costs, measure by measure, the cheapest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from ..errors import DataError
from .labels import Labels, Language
from .style import FAINT, INK, ORANGE, SKY, name_axis, number_ticks, slide, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEAST_FRAC, NAMED_FRAC = 0.005, 0.04
"""Share of all CO2 below which a step has no interval and does not stretch the axis, and from which on it is named."""

COLOURS = {"implemented": SKY, "proposed": ORANGE}


class Step(NamedTuple):
    """One step of the curve: where it starts and how wide it is [t/yr], and what a tonne costs [VND/t]."""

    name: str
    start: float
    amount: float
    low: float
    middle: float
    high: float


@styled
def draw_abatement_cost(
    steps: Sequence[Sequence[object]],
    status: Mapping[str, str],
    *,
    rate_frac: float,
    on_paper: bool = False,
    language: Language = "en",
) -> Figure:
    """Draw a marginal abatement cost curve with the interval of each step.

    Parameters
    ----------
    steps : sequence of (name, start, amount, low, middle, high)
        What `studies.economics.abatement_curve` returned [t/yr, VND/t].
    status : mapping of str to str
        ``implemented`` or ``proposed``, by name.
    rate_frac : float
        Discount rate of the middle [1].
    on_paper : bool
        Whether savings are desk figures, not simulated ones.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide. Steps of less than 0.5 % of the CO2 may lie outside; how many is written below.

    Raises
    ------
    DataError
        If there is no step.
    """
    drawn = [Step(*step) for step in steps]  # type: ignore[arg-type]
    if not drawn:
        raise DataError("abatement cost curve: no measure avoids CO2")
    labels = Labels(language)
    total = sum(step.amount for step in drawn)
    wide = [step for step in drawn if step.amount >= LEAST_FRAC * total]
    low = min(0.0, *(step.low for step in wide)) / 1e6
    high = max(0.0, *(step.high for step in wide)) / 1e6
    outside = [step for step in drawn if not low <= step.middle / 1e6 <= high]
    earning = sum(step.amount for step in drawn if step.middle < 0)
    frame = slide(
        labels.text("abatement.title", share=labels.percent(earning / total), total=labels.quantity(total, "t_co2e", 0)),
        labels.text("abatement.subtitle", rate=labels.percent(rate_frac)),
        " ".join(
            [
                labels.text("abatement.outside", count=str(len(outside)), co2=labels.number(sum(s.amount for s in outside), 0)),
                labels.text("abatement.on_paper" if on_paper else "source.simulated"),
                labels.text("source.synthetic"),
            ]
        ),
    )
    grid = frame.grid(1, 1, left_in=0.95, right_in=0.6, upper_in=0.42, lower_in=1.15)
    axes = frame.figure.add_subplot(grid[0, 0])
    gap = 0.03 * (high - low)
    for step in drawn:
        colour = COLOURS.get(status.get(step.name, ""), ORANGE)
        edge = "white" if step.amount >= LEAST_FRAC * total else "none"
        size = step.amount, step.middle / 1e6
        axes.add_patch(Rectangle((step.start, 0.0), *size, facecolor=colour, edgecolor=edge, linewidth=0.3))
        if step.amount < LEAST_FRAC * total:
            continue
        middle = step.start + 0.5 * step.amount
        axes.plot([middle, middle], [step.low / 1e6, step.high / 1e6], color=INK, linewidth=0.8, alpha=0.7, zorder=3)
        if step.amount >= NAMED_FRAC * total:
            axes.text(middle, max(step.high / 1e6, 0.0) + gap, step.name, ha="center", va="bottom", size=10.5)
    axes.axhline(0.0, color=INK, linewidth=0.8)
    axes.set_xlim(0.0, 1.01 * total)
    axes.set_ylim(low - gap, high + 4 * gap)
    number_ticks(axes.xaxis, 0.0, total, labels.number, most=8)
    number_ticks(axes.yaxis, low, high, labels.number, most=7)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    name_axis(axes, labels.text("abatement.cost"))
    axes.set_xlabel(labels.text("abatement.co2"))
    shown = [name for name in COLOURS if any(status.get(step.name) == name for step in drawn)]
    handles = [Patch(facecolor=COLOURS[name], label=labels.text(f"abatement.{name}")) for name in shown]
    frame.legend([*handles, Line2D([], [], color=INK, linewidth=0.8, label=labels.text("abatement.interval"))])
    return frame.figure
