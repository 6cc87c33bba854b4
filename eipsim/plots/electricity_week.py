"""A week of electricity: end uses stacked, solar over them, and the sun that found no user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike, NDArray

from ..errors import DataError, Problems
from .labels import Labels, Language
from .style import (
    BLACK,
    HEIGHT_IN,
    INK,
    QUIET,
    SERIES_COLOURS,
    VERMILLION,
    YELLOW,
    name_axis,
    number_ticks,
    slide,
    spread,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

LEFT_IN, RIGHT_IN = 1.0, 2.8

MOST_PARTS = 9

OTHER = "other"

DASHED: dict[str, Any] = {"color": VERMILLION, "linestyle": (0, (3, 1.5)), "linewidth": 1.2}

HATCH: dict[str, Any] = {"facecolor": "white", "edgecolor": VERMILLION, "hatch": "////", "linewidth": 0.0}


@styled
def draw_electricity_week(
    end_uses_kw: Mapping[str, ArrayLike],
    *,
    start: date,
    bands: Sequence[str],
    solar_available_kw: ArrayLike | None = None,
    solar_used_kw: ArrayLike | None = None,
    step_h: float = 0.5,
    week_of: date | None = None,
    scenario: str = "all_159",
    boundary: str = "assessed",
    language: Language = "en",
) -> Figure:
    """Draw one week of electricity by end use, with solar below it and peak tariff hours shaded.

    Parameters
    ----------
    end_uses_kw : mapping of str to array_like of shape (steps,)
        Mean power of each end use in each step [kW]. Beyond nine, the smallest are drawn together as "other".
    start : date
        First day of the record; step 0 begins at its midnight, local time.
    bands : sequence of str, length steps
        Tariff band of each step; ``peak`` is shaded.
    solar_available_kw, solar_used_kw : array_like of shape (steps,), optional
        What the arrays could give and what was taken from them [kW]; both or neither. All zero counts as neither.
    step_h : float
        Width of a step; divides a day [h].
    week_of : date, optional
        A day of the week to draw. Without it, the whole week from Monday whose use and curtailment lie nearest to the
        medians of all whole weeks.
    scenario, boundary : str
        What the series are of, as named in the label table (``scenario.<name>``, ``boundary.<name>``).
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If a series is missing, has another length than the others, is negative or not finite, if the step does not
        divide a day, or if the week asked for is not in the record.
    """
    labels = Labels(language)
    uses = {name: np.asarray(values, dtype=np.float64) for name, values in end_uses_kw.items()}
    available = None if solar_available_kw is None else np.asarray(solar_available_kw, dtype=np.float64)
    used = None if solar_used_kw is None else np.asarray(solar_used_kw, dtype=np.float64)
    _check(uses, available, used, len(bands), step_h)
    steps_per_day = round(24.0 / step_h)
    total = np.sum(list(uses.values()), axis=0)
    curtailed = np.zeros_like(total) if available is None or used is None else np.maximum(available - used, 0.0)
    first = _week(total, curtailed, start, steps_per_day, week_of)
    shown = slice(first, min(first + 7 * steps_per_day, len(total)))
    parts = _parts({name: values[shown] / 1e3 for name, values in uses.items()})
    monday = start + timedelta(days=first // steps_per_day)
    sun = None
    if available is not None and used is not None and available.any():
        sun = (available[shown] / 1e3, used[shown] / 1e3)

    title = _finding(parts, sun, monday, steps_per_day, labels)
    days = (shown.stop - shown.start) // steps_per_day
    subtitle = labels.text(
        "week.subtitle",
        scenario=labels.name("scenario", scenario),
        boundary=labels.name("boundary", boundary),
        first=labels.full_date(monday),
        last=labels.full_date(monday + timedelta(days=max(days - 1, 0))),
    )
    if available is not None and curtailed.any() and len(total) > shown.stop - shown.start:
        subtitle += " " + labels.text("week.whole", share=labels.percent(float(curtailed.sum() / available.sum())))
    frame = slide(title, subtitle, labels.source())
    grid = frame.grid(
        2 if sun else 1,
        1,
        left_in=LEFT_IN,
        right_in=RIGHT_IN,
        lower_in=0.78,
        upper_in=0.3,
        hspace=0.24,
        **({"height_ratios": [2.4, 1.0]} if sun else {}),
    )
    peak = np.asarray(bands[shown]) == "peak"
    panels = [frame.figure.add_subplot(grid[0, 0])]
    _stack(panels[0], parts, sun, step_h, labels)
    if sun:
        panels.append(frame.figure.add_subplot(grid[1, 0]))
        _sun(panels[1], *sun, step_h, labels)
    for axes in panels:
        _days(axes, peak, step_h, total=shown.stop - shown.start)
    _name_days(panels[-1], monday, days, labels)
    _key_of_peak(panels[0], labels)
    return frame.figure


def _check(uses: dict[str, Floats], available: Floats | None, used: Floats | None, steps: int, step_h: float) -> None:
    with Problems("electricity week", DataError) as problems:
        if not uses:
            problems.add("end_uses_kw", "is empty: give at least one end use")
        if not (step_h > 0 and abs(24.0 / step_h - round(24.0 / step_h)) < 1e-9):
            problems.add("step_h", f"= {step_h:g} h: must divide a day")
        if (available is None) != (used is None):
            problems.add("solar", "needs both what was available and what was used")
        named = {**uses, "solar_available_kw": available, "solar_used_kw": used}
        for name, values in named.items():
            if values is None:
                continue
            if values.shape != (steps,):
                problems.add(name, f"has shape {values.shape}: bands has {steps} steps")
            elif not (np.isfinite(values).all() and (values >= -1e-6).all()):
                problems.add(name, "has a value below 0 or none at all: power must be 0 kW or more")


def _week(total: Floats, curtailed: Floats, start: date, steps_per_day: int, week_of: date | None) -> int:
    """Return the first step of the week to draw."""
    days = len(total) // steps_per_day
    if week_of is not None:
        monday = (week_of - start).days - week_of.weekday()
        if not 0 <= (week_of - start).days < max(days, 1):
            last = start + timedelta(days=max(days - 1, 0))
            raise DataError(f"week_of = {week_of}: the record is from {start} to {last}")
        return max(monday, 0) * steps_per_day
    mondays = [day for day in range(days - 6) if (start.weekday() + day) % 7 == 0]
    if not mondays:
        return 0
    sums = np.array([[x[day * steps_per_day : (day + 7) * steps_per_day].sum() for x in (total, curtailed)] for day in mondays])
    median = np.median(sums, axis=0)
    distance = np.abs(sums - median) / np.where(median > 0, median, 1.0)
    return mondays[int(np.argmin(distance.sum(axis=1)))] * steps_per_day


def _parts(uses_mw: dict[str, Floats]) -> dict[str, Floats]:
    """Order the end uses from the largest, and put the smallest together if there are too many."""
    ranked = sorted(uses_mw, key=lambda name: (name == OTHER, -uses_mw[name].sum(), name))
    kept = [name for name in ranked if name != OTHER][: MOST_PARTS - 1] if len(ranked) > MOST_PARTS else ranked
    parts = {name: uses_mw[name] for name in kept}
    if len(kept) < len(ranked):
        parts[OTHER] = np.sum([uses_mw[name] for name in ranked if name not in kept], axis=0)
    return parts


def _finding(
    parts: dict[str, Floats], sun: tuple[Floats, Floats] | None, monday: date, steps_per_day: int, labels: Labels
) -> str:
    use = sum(float(values.sum()) for values in parts.values())
    if sun is None or not sun[0].any():
        name, values = next(iter(parts.items()))
        return labels.text("week.title_plain", name=labels.name("end_use", name), share=labels.percent(values.sum() / use))
    available, used = sun
    curtailed = np.maximum(available - used, 0.0)
    if curtailed.sum() < 5e-4 * available.sum():
        return labels.text("week.title_used", share=labels.percent(float(used.sum()) / use))
    by_day = [float(day.sum()) for day in np.split(curtailed, range(steps_per_day, len(curtailed), steps_per_day))]
    worst = monday + timedelta(days=int(np.argmax(by_day)))
    return labels.text(
        "week.title_curtailed",
        share=labels.percent(float(curtailed.sum() / available.sum())),
        curtailed=labels.quantity(float(curtailed.sum()) * 24.0 / steps_per_day, "MWh"),
        day=labels.weekday(worst),
    )


def _steps(values: Floats, step_h: float) -> tuple[Floats, Floats]:
    """Return a mean per step as a line of steps: hours and values, each twice."""
    edges = np.arange(len(values) + 1) * step_h
    return np.repeat(edges, 2)[1:-1], np.repeat(values, 2)


def _by_day(values: Floats) -> Floats:
    """Leave out the nights, so that no line runs along the axis."""
    near = np.convolve(values > 0, [1, 1, 1], mode="same") > 0
    return np.where(near, values, np.nan)


def _stack(axes: Axes, parts: dict[str, Floats], sun: tuple[Floats, Floats] | None, step_h: float, labels: Labels) -> None:
    base = np.zeros_like(next(iter(parts.values())))
    whole = float(sum(values.sum() for values in parts.values())) or 1.0
    names, middles, colours = [], [], []
    for (name, values), colour in zip(parts.items(), SERIES_COLOURS, strict=False):
        top = base + values
        hours, lower = _steps(base, step_h)
        axes.fill_between(hours, lower, _steps(top, step_h)[1], color=colour, linewidth=0.0, zorder=1)
        names.append(f"{labels.name('end_use', name)} {labels.percent(float(values.sum()) / whole)}")
        middles.append(float((base + values / 2).mean()))
        colours.append(colour)
        base = top
    highest = max(float(base.max()), float(sun[1].max()) if sun else 0.0) * 1.06 or 1.0
    axes.set_ylim(0.0, highest)
    number_ticks(axes.yaxis, 0.0, highest, labels.number)
    name_axis(axes, labels.text("week.use", unit=labels.unit("MW")))
    if sun:
        axes.plot(
            *_steps(_by_day(sun[1]), step_h),
            color=BLACK,
            linewidth=1.6,
            zorder=4,
            path_effects=[withStroke(linewidth=3.4, foreground="white")],
        )
    height_in = axes.get_position().height * HEIGHT_IN
    gap = highest * 0.27 / height_in
    places = spread([m * 0.999 for m in middles], gap, gap / 2, highest - gap / 2)
    for name, place, colour in zip(names, places, colours, strict=True):
        _key(axes, place, colour, name)


def _key(axes: Axes, place: float, colour: str, words: str) -> None:
    """Write a name beside the panel, with a square of its colour."""
    height = (axes.get_ylim()[1] - axes.get_ylim()[0]) * 0.15 / (axes.get_position().height * HEIGHT_IN)
    square = Rectangle(
        (1.012, place - height / 2),
        0.016,
        height,
        transform=axes.get_yaxis_transform(),
        clip_on=False,
        facecolor=colour,
        linewidth=0.0,
    )
    axes.add_patch(square)
    axes.text(1.038, place, words, transform=axes.get_yaxis_transform(), va="center_baseline", size=11.0)


def _sun(axes: Axes, available: Floats, used: Floats, step_h: float, labels: Labels) -> None:
    hours, lower = _steps(used, step_h)
    _, upper = _steps(available, step_h)
    axes.fill_between(hours, 0.0, lower, color=YELLOW, linewidth=0.0, zorder=1)
    axes.fill_between(hours, lower, np.maximum(upper, lower), zorder=2, **HATCH)
    axes.plot(hours, _steps(_by_day(available), step_h)[1], zorder=3, **DASHED)
    axes.plot(hours, _steps(_by_day(used), step_h)[1], color=BLACK, linewidth=1.6, zorder=4)
    highest = float(available.max()) * 1.12 or 1.0
    axes.set_ylim(0.0, highest)
    number_ticks(axes.yaxis, 0.0, highest, labels.number, most=3)
    name_axis(axes, labels.text("week.solar", unit=labels.unit("MW")))
    line_in = axes.get_position().height * HEIGHT_IN
    for row, key in enumerate(("solar_available", "curtailed", "solar_used")):
        y = 1.0 - (0.16 + 0.3 * row) / line_in
        if key == "solar_available":
            axes.plot([1.010, 1.030], [y, y], transform=axes.transAxes, clip_on=False, **DASHED)
        elif key == "curtailed":
            axes.fill_between(
                [1.010, 1.030],
                [y - 0.09 / line_in] * 2,
                [y + 0.09 / line_in] * 2,
                transform=axes.transAxes,
                clip_on=False,
                **HATCH,
            )
        else:
            axes.plot([1.010, 1.030], [y, y], transform=axes.transAxes, clip_on=False, color=BLACK, linewidth=1.6)
        axes.text(1.038, y, labels.text(f"week.{key}"), transform=axes.transAxes, va="center_baseline", size=11.0)


def _days(axes: Axes, peak: NDArray[np.bool_], step_h: float, *, total: int) -> None:
    axes.set_xlim(0.0, total * step_h)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], peak.astype(int), [0]))))
    for begin, end in edges.reshape(-1, 2):
        axes.axvspan(begin * step_h, end * step_h, color=INK, alpha=0.13, linewidth=0.0, zorder=3)
    for midnight in np.arange(24.0, total * step_h, 24.0):
        axes.axvline(midnight, color=QUIET, linewidth=0.8, zorder=3.5)
    axes.set_xticks(np.arange(0.0, total * step_h + 1e-9, 6.0), [])
    axes.tick_params(length=3)


def _name_days(axes: Axes, monday: date, days: int, labels: Labels) -> None:
    ticks = axes.get_xticks()
    axes.set_xticks(ticks, ["" if tick % 24 == 0 else f"{int(tick % 24)}" for tick in ticks])
    axes.tick_params(axis="x", labelsize=9.5, pad=2)
    for k in range(days):
        day = monday + timedelta(days=k)
        axes.annotate(
            f"{labels.weekday(day, short=True)} {labels.day_month(day)}",
            (24.0 * k + 12.0, 0.0),
            xycoords=axes.get_xaxis_transform(),
            xytext=(0, -19),
            textcoords="offset points",
            ha="center",
            va="top",
            size=11.5,
            weight="bold",
            annotation_clip=False,
        )
    axes.set_xlabel(labels.text("week.hour"), labelpad=20)


def _key_of_peak(axes: Axes, labels: Labels) -> None:
    y = 1.0 + 0.16 / (axes.get_position().height * HEIGHT_IN)
    height = 0.15 / (axes.get_position().height * HEIGHT_IN)
    axes.fill_between(
        [1.012, 1.028],
        [y - height / 2] * 2,
        [y + height / 2] * 2,
        transform=axes.transAxes,
        clip_on=False,
        color=INK,
        alpha=0.16,
        linewidth=0.0,
    )
    axes.text(1.038, y, labels.text("week.peak"), transform=axes.transAxes, va="center_baseline", size=11.0)
