"""How the difference of a KPI from the baseline gets known: running mean and interval over replications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from ..errors import DataError
from ..kpis import running
from .labels import Labels, Language
from .quantities import shown_unit
from .style import BLUE, INK, QUIET, SKY, VERMILLION, WIDTH_IN, number_ticks, slide, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

LEFT_IN, RIGHT_IN, GAP_IN = 1.15, 0.6, 0.9


@styled
def draw_convergence(
    watched: Mapping[str, Any], stopping: Mapping[str, Any] | None = None, *, language: Language = "en"
) -> Figure:
    """Draw mean and interval of the first two, three, … replications' differences, and how narrow they had to become.

    Parameters
    ----------
    watched : mapping
        ``kpi``, its ``unit`` and by scenario the ``differences`` of all replications, as in a manifest.
    stopping : mapping, optional
        ``relative_frac``, ``absolute``, ``confidence_frac`` and ``enough`` of the stopping rule, as in a manifest. Without it
        there is no target.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide, one panel for each scenario.

    Raises
    ------
    DataError
        If there is no scenario, or a scenario has fewer than three replications.
    """
    labels = Labels(language)
    differences: Mapping[str, Sequence[float]] = watched["differences"]
    few = min((len(values) for values in differences.values()), default=0)
    if few < 3:
        raise DataError(f"convergence: {few} replications of a difference can't show how it converges: run 3 or more")
    factor, unit = shown_unit(str(watched["unit"]))
    confidence_frac = float(stopping["confidence_frac"]) if stopping else 0.95
    known = {name: tuple(factor * x for x in running(values, confidence_frac)) for name, values in differences.items()}
    enough = stopping["enough"] if stopping else None
    kpi, replications = labels.name("kpi", str(watched["kpi"])), len(next(iter(differences.values())))
    last = list(known)[-1]
    mean, half = (float(x[-1]) for x in known[last])
    title = labels.text(
        "convergence.title" if abs(mean) > 0 else "convergence.title_zero",
        kpi=kpi,
        scenario=labels.name("scenario", last),
        half=labels.percent(half / abs(mean), 2) if mean else labels.quantity(half, unit),
        count=str(replications),
    )
    subtitle = labels.text("convergence.enough", count=str(enough)) if enough else labels.text("convergence.not_enough")
    frame = slide(
        title,
        labels.text("convergence.subtitle") + (f" {subtitle}" if stopping else ""),
        labels.source(replications=replications),
    )
    count = len(known)
    width_in = (WIDTH_IN - LEFT_IN - RIGHT_IN - GAP_IN * (count - 1)) / count
    grid = frame.grid(
        1,
        count,
        left_in=LEFT_IN,
        right_in=RIGHT_IN,
        lower_in=1.0,
        upper_in=0.75,
        wspace=GAP_IN / width_in if count > 1 else 0.0,
    )
    for column, (name, (means, halves)) in enumerate(known.items()):
        axes = frame.figure.add_subplot(grid[0, column])
        axes.set_title(labels.name("scenario", name), loc="left", size=13, weight="bold", pad=26, color=INK)
        target = _target(means, stopping, factor) if stopping else None
        _panel(axes, means, halves, target, enough)
        _scale(axes, labels, width_in, labels.unit(unit), frame.top_in - frame.bottom_in)
    handles: list[Any] = [
        Line2D([], [], color=BLUE, linewidth=2.2, label=labels.text("convergence.mean")),
        Patch(facecolor=SKY, alpha=0.35, label=labels.text("convergence.interval", share=labels.percent(confidence_frac, 0))),
    ]
    if stopping:
        handles.append(Line2D([], [], color=VERMILLION, linestyle="--", label=labels.text("convergence.target")))
    frame.legend(handles)
    return frame.figure


def _target(means: Floats, stopping: Mapping[str, Any], factor: float) -> Floats:
    asked: Floats = np.maximum(stopping["relative_frac"] * np.abs(means), factor * stopping["absolute"])
    return asked


def _panel(axes: Axes, means: Floats, halves: Floats, target: Floats | None, enough: int | None) -> None:
    counts = np.arange(1, means.size + 1)
    shown = slice(2, None)
    axes.fill_between(counts[shown], (means - halves)[shown], (means + halves)[shown], color=SKY, alpha=0.35, linewidth=0)
    axes.plot(counts[shown], means[shown], color=BLUE, linewidth=2.2)
    if target is not None:
        for side in (-1.0, 1.0):
            axes.plot(counts[shown], (means + side * target)[shown], color=VERMILLION, linestyle="--", linewidth=1.3)
    if enough:
        axes.axvline(enough, color=QUIET, linewidth=1.0, linestyle=":")
    axes.set_xlim(3, max(means.size, 4))


def _scale(axes: Axes, labels: Labels, width_in: float, unit: str, height_in: float) -> None:
    low, high = axes.get_ylim()
    number_ticks(axes.xaxis, *axes.get_xlim(), labels.number, width_in=width_in, most=6)
    number_ticks(axes.yaxis, low, high, labels.number, most=6)
    axes.grid(visible=True, axis="y")
    axes.set_axisbelow(True)
    axes.set_xlabel(labels.text("convergence.replications"))
    axes.text(0.0, 1.0 + 0.22 / height_in, unit, transform=axes.transAxes, ha="left", va="bottom", color=QUIET, size=11)
