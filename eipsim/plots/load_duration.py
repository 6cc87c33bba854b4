"""Load duration: how many hours of the year the park draws at least so much from the grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from ..errors import DataError, Problems
from .labels import Labels, Language
from .style import HEIGHT_IN, QUIET, SCENARIO_COLOURS, SERIES_COLOURS, WIDTH_IN, name_axis, number_ticks, slide, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

POINTS = 800


@styled
def draw_load_duration(import_kw: Mapping[str, ArrayLike], *, step_h: float = 0.5, language: Language = "en") -> Figure:
    """Draw the load duration curves of scenarios, and how far they lie below the first.

    Each series is sorted by itself, so an hour on the axis is a rank and not an instant: the difference at rank r is how
    much lower the scenario's r-th highest import is, not what was saved in one certain half hour.

    Parameters
    ----------
    import_kw : mapping of str to array_like of shape (steps,)
        Mean grid import of each scenario in each step [kW]; the first is the baseline. Export is negative.
    step_h : float
        Width of a step [h].
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If there are fewer than two scenarios, their lengths differ, or a value is not finite.
    """
    labels = Labels(language)
    series = {name: np.asarray(values, dtype=np.float64) for name, values in import_kw.items()}
    _check(series)
    curves = {name: np.sort(values)[::-1] / 1e3 for name, values in series.items()}
    names = list(curves)
    baseline, last = curves[names[0]], curves[names[-1]]
    frame = slide(
        _finding(names[-1], float(baseline[0]), float(last[0]), labels), labels.text("duration.subtitle"), labels.source()
    )
    grid = frame.grid(
        1,
        2,
        left_in=0.95,
        right_in=0.6,
        lower_in=0.68,
        upper_in=0.42 + 0.27 * len(names),
        wspace=0.16,
        width_ratios=[1.45, 1.0],
    )
    palette = [*SCENARIO_COLOURS, *SERIES_COLOURS[1:]]
    colours = {name: palette[k % len(palette)] for k, name in enumerate(names)}
    hours = (np.arange(len(baseline)) + 0.5) * step_h
    ranks = _ranks(len(baseline))

    left = frame.figure.add_subplot(grid[0, 0])
    for name, curve in curves.items():
        left.plot(hours[ranks], curve[ranks], color=colours[name], linewidth=4.5 if curve is baseline else 1.8)
    highest = max(float(curve[0]) for curve in curves.values()) * 1.06 or 1.0
    lowest = min(0.0, *(float(curve[-1]) for curve in curves.values()))
    left.set_ylim(lowest, highest)
    number_ticks(left.yaxis, lowest, highest, labels.number)
    name_axis(left, labels.text("duration.import", unit=labels.unit("MW")))
    _keys(left, [(colours[name], _key("peak", name, curve, labels)) for name, curve in curves.items()])

    right = frame.figure.add_subplot(grid[0, 1])
    below = {name: baseline - curves[name] for name in names[1:]}
    for name, difference in below.items():
        right.plot(hours[ranks], difference[ranks], color=colours[name], linewidth=2.2)
    right.axhline(0.0, color=QUIET, linewidth=1.0)
    extremes = [float(end) for difference in below.values() for end in (difference.min(), difference.max())]
    low, high = min(0.0, *extremes), max(0.0, *extremes)
    room = 0.06 * (high - low) or 1.0
    right.set_ylim(low - (room if low < 0 else 0.0), high + room)
    number_ticks(right.yaxis, *right.get_ylim(), labels.number)
    name_axis(right, labels.text("duration.below", unit=labels.unit("MW")))
    _keys(right, [(colours[name], _key("mean", name, difference, labels)) for name, difference in below.items()])
    for axes in (left, right):
        end = len(baseline) * step_h
        axes.set_xlim(0.0, end)
        number_ticks(axes.xaxis, 0.0, end, labels.number, most=5)
        axes.set_xlabel(labels.text("duration.hours"))
        axes.grid(True, axis="y")
        axes.tick_params(length=3)
    return frame.figure


def _check(series: dict[str, Floats]) -> None:
    with Problems("load duration", DataError) as problems:
        if len(series) < 2:
            problems.add("import_kw", f"has {len(series)} scenarios: give the baseline and at least one other")
        lengths = {name: len(values) for name, values in series.items()}
        if len(set(lengths.values())) > 1 or 0 in lengths.values():
            told = ", ".join(f"{name} {length}" for name, length in lengths.items())
            problems.add("import_kw", f"has series of {told} steps: all must be equally long and not empty")
        for name, values in series.items():
            if not np.isfinite(values).all():
                problems.add(name, "has a value that is not finite")


def _ranks(count: int) -> NDArray[np.int64]:
    """Ranks that show a curve: all of the first and last, then evenly, so that drawings stay small."""
    edge = min(100, count)
    even = np.linspace(0, count - 1, min(POINTS, count)).round()
    return np.unique(np.concatenate((np.arange(edge), even, np.arange(count - edge, count)))).astype(np.int64)


def _finding(name: str, before_mw: float, after_mw: float, labels: Labels) -> str:
    change = before_mw - after_mw
    share = abs(change) / before_mw if before_mw else 0.0
    kind = "same" if share < 5e-4 else "lower" if change > 0 else "higher"
    decimals = 1 if abs(change) >= 0.3 else 2
    change = round(before_mw, decimals) - round(after_mw, decimals)
    return labels.text(
        f"duration.title_{kind}",
        scenario=labels.name("scenario", name),
        change=labels.quantity(abs(change), "MW", decimals),
        share=labels.percent(share),
        before=labels.quantity(before_mw, "MW", decimals),
        after=labels.quantity(after_mw, "MW", decimals),
    )


def _key(kind: str, name: str, curve: Floats, labels: Labels) -> str:
    peak, mean = (labels.quantity(mw, "MW", 1 if abs(mw) >= 1 else 2) for mw in (float(curve[0]), float(curve.mean())))
    return labels.text(f"duration.{kind}", scenario=labels.name("scenario", name), peak=peak, mean=mean)


def _keys(axes: Axes, rows: list[tuple[str, str]]) -> None:
    """Write the series above the panel, one line each, with a square of their colour."""
    place = axes.get_position()
    width_in, height_in = place.width * WIDTH_IN, place.height * HEIGHT_IN
    for k, (colour, words) in enumerate(rows):
        y = 1.0 + (0.44 + 0.27 * (len(rows) - 1 - k)) / height_in
        axes.add_patch(
            Rectangle(
                (0.0, y - 0.075 / height_in),
                0.15 / width_in,
                0.15 / height_in,
                transform=axes.transAxes,
                clip_on=False,
                facecolor=colour,
                linewidth=0.0,
            )
        )
        axes.text(0.24 / width_in, y, words, transform=axes.transAxes, va="center_baseline", size=12.0)
