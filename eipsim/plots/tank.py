"""The equalisation tank over the year and around its highest level, and what spilled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import DataError, Problems
from .dates import name_below
from .labels import Labels, Language
from .style import BLUE, HEIGHT_IN, INK, QUIET, SKY, VERMILLION, name_axis, number_ticks, slide, spread, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

ZOOM_DAYS = 5

HIGH_INK = "#A94700"


@styled
def draw_tank(
    level_h: ArrayLike,
    level_m3: ArrayLike,
    *,
    capacity_m3: float,
    high_mark_m3: float,
    spill_m3_per_h: ArrayLike,
    start: date,
    step_h: float = 0.5,
    scenario: str = "baseline",
    language: Language = "en",
) -> Figure:
    """Draw the level of the equalisation tank with its high mark, and the spill below it.

    At the left the whole record by days, at the right every change of level in five days around the worst of them: the
    day with most spill, or with the highest level if nothing spilled. Between two changes the level runs straight,
    because rates are constant there.

    Parameters
    ----------
    level_h : array_like of shape (changes,)
        Hours since the start of the record at which the level's slope changed, increasing [h].
    level_m3 : array_like of shape (changes,)
        Level at those hours [m3].
    capacity_m3, high_mark_m3 : float
        Volume of the tank, and level from which it counts as high [m3].
    spill_m3_per_h : array_like of shape (steps,)
        Mean spill in each step [m3/h].
    start : date
        First day of the record.
    step_h : float
        Width of a step; divides a day [h].
    scenario : str
        What the series are of, as named in the label table.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If hours don't increase, lengths differ, a value is negative or not finite, or the high mark is not within the tank.
    """
    labels = Labels(language)
    hours, levels = np.asarray(level_h, dtype=np.float64), np.asarray(level_m3, dtype=np.float64)
    spill = np.asarray(spill_m3_per_h, dtype=np.float64)
    _check(hours, levels, spill, capacity_m3=capacity_m3, high_mark_m3=high_mark_m3, step_h=step_h)
    steps_per_day = round(24.0 / step_h)
    days = -(-len(spill) // steps_per_day)
    lowest, highest = _daily(hours, levels, days)
    spilt = np.add.reduceat(spill, np.arange(0, len(spill), steps_per_day)) * step_h
    worst = int(np.argmax(spilt)) if spilt.any() else int(np.argmax(highest))
    high_days = int((highest >= high_mark_m3 * (1 - 1e-9)).sum())

    title = _finding(high_days, float(spilt.sum()), float(highest.max()) / capacity_m3, labels)
    subtitle = labels.text(
        "tank.subtitle", scenario=labels.name("scenario", scenario), day=labels.full_date(start + timedelta(days=worst))
    )
    frame = slide(title, subtitle, labels.source())
    grid = frame.grid(
        2,
        2,
        left_in=0.95,
        right_in=2.05,
        lower_in=0.66,
        upper_in=0.32,
        hspace=0.30,
        wspace=0.14,
        width_ratios=[1.35, 1.0],
        height_ratios=[2.2, 1.0],
    )
    year, year_spill, near, near_spill = (frame.figure.add_subplot(grid[i, j]) for j in (0, 1) for i in (0, 1))

    across = np.arange(days) + 0.5
    year.fill_between(across, lowest, highest, color=SKY, linewidth=0.0, step="mid")
    year_spill.stairs(spilt, np.arange(days + 1), fill=True, color=VERMILLION)
    inside = (hours >= (first := _first(worst, days)) * 24.0) & (hours <= (first + ZOOM_DAYS) * 24.0)
    ends = np.array([first * 24.0, min((first + ZOOM_DAYS) * 24.0, len(spill) * step_h)])
    at = np.unique(np.concatenate((hours[inside], ends)))
    near.plot(at / 24.0, np.interp(at, hours, levels), color=BLUE, linewidth=1.8)
    chosen = spill[first * steps_per_day : (first + ZOOM_DAYS) * steps_per_day]
    edges = np.arange(len(chosen) + 1) / steps_per_day + first
    near_spill.fill_between(np.repeat(edges, 2)[1:-1], np.repeat(chosen, 2), color=VERMILLION, linewidth=0.0)

    for axes in (year, near):
        _marks(axes, capacity_m3, high_mark_m3, labels, named=axes is near)
    for axes, values, unit in ((year_spill, spilt, "m3_per_day"), (near_spill, chosen, "m3_per_h")):
        top = float(values.max()) * 1.15 or 1.0
        axes.set_ylim(0.0, top)
        number_ticks(axes.yaxis, 0.0, top, labels.number, most=3)
        name_axis(axes, labels.text("tank.spill", unit=labels.unit(unit)))
    _months(year, year_spill, start, days, labels)
    for axes in (near, near_spill):
        axes.set_xlim(first, first + ZOOM_DAYS)
        axes.set_xticks(range(first, first + ZOOM_DAYS + 1), [])
    for day in range(first, min(first + ZOOM_DAYS, days)):
        name_below(
            near_spill,
            day + 0.5,
            f"{labels.weekday(start + timedelta(days=day), short=True)}\n{labels.day_month(start + timedelta(days=day))}",
            10.5,
        )
    return frame.figure


def _check(hours: Floats, levels: Floats, spill: Floats, *, capacity_m3: float, high_mark_m3: float, step_h: float) -> None:
    with Problems("tank", DataError) as problems:
        if hours.shape != levels.shape or hours.ndim != 1 or len(hours) < 2:
            problems.add("level_h", f"has shape {hours.shape}, level_m3 {levels.shape}: both need the same two or more changes")
        elif not (np.diff(hours) >= 0).all():
            problems.add("level_h", "falls somewhere: hours must increase")
        for name, values in (("level_m3", levels), ("spill_m3_per_h", spill)):
            if not (len(values) and np.isfinite(values).all() and (values >= -1e-6).all()):
                problems.add(name, "is empty, or has a value below 0 or none at all: must be 0 or more")
        if not 0 < high_mark_m3 <= capacity_m3:
            problems.add("high_mark_m3", f"= {high_mark_m3:g} m3: must be above 0, and at most the capacity of {capacity_m3:g}")
        if not (step_h > 0 and abs(24.0 / step_h - round(24.0 / step_h)) < 1e-9):
            problems.add("step_h", f"= {step_h:g} h: must divide a day")


def _daily(hours: Floats, levels: Floats, days: int) -> tuple[Floats, Floats]:
    """Return the lowest and highest level of each day, midnights included."""
    midnights = np.arange(days + 1) * 24.0
    at = np.concatenate((hours, midnights))
    values = np.concatenate((levels, np.interp(midnights, hours, levels)))
    lowest, highest = np.full(days, np.inf), np.full(days, -np.inf)
    for shift in (1e-9, -1e-9):
        day = np.clip(np.floor((at + shift) / 24.0).astype(int), 0, days - 1)
        np.minimum.at(lowest, day, values)
        np.maximum.at(highest, day, values)
    return lowest, highest


def _first(worst: int, days: int) -> int:
    """Return the first day of the window around the worst day."""
    return max(min(worst - ZOOM_DAYS // 2, days - ZOOM_DAYS), 0)


def _finding(high_days: int, spilt_m3: float, fullest_frac: float, labels: Labels) -> str:
    if spilt_m3 >= 0.5:
        return labels.text("tank.title_spill", days=str(high_days), spill=labels.quantity(spilt_m3, "m3"))
    if high_days:
        return labels.text("tank.title_high", days=str(high_days))
    return labels.text("tank.title_calm", share=labels.percent(fullest_frac))


def _marks(axes: Axes, capacity_m3: float, high_mark_m3: float, labels: Labels, *, named: bool) -> None:
    top = capacity_m3 * 1.06
    axes.set_ylim(0.0, top)
    number_ticks(axes.yaxis, 0.0, top, labels.number)
    name_axis(axes, labels.text("tank.level", unit=labels.unit("m3")))
    axes.axhline(high_mark_m3, color=VERMILLION, linewidth=1.6, linestyle=(0, (5, 2)), zorder=3)
    axes.axhline(capacity_m3, color=INK, linewidth=1.2, zorder=3)
    if named:
        gap = top * 0.24 / (axes.get_position().height * HEIGHT_IN)
        places = spread([high_mark_m3, capacity_m3], gap, 0.0, top)
        marks = (("high", high_mark_m3, HIGH_INK), ("capacity", capacity_m3, INK))
        for (key, value, ink), place in zip(marks, places, strict=True):
            axes.text(
                1.015,
                place,
                labels.text(f"tank.{key}", value=labels.quantity(value, "m3")),
                size=11.0,
                color=ink,
                transform=axes.get_yaxis_transform(),
                va="center_baseline",
            )


def _months(upper: Axes, lower: Axes, start: date, days: int, labels: Labels) -> None:
    begins = [day for day in range(days) if (start + timedelta(days=day)).day == 1]
    for axes in (upper, lower):
        axes.set_xlim(0, days)
        axes.set_xticks(begins, [])
    for begin, end in zip([0, *[b for b in begins if b]], [*[b for b in begins if b], days], strict=True):
        if end - begin >= min(10, days):
            name_below(lower, (begin + end) / 2, labels.month((start + timedelta(days=begin)).month), 10.5)
    years = sorted({start.year, (start + timedelta(days=days - 1)).year})
    lower.set_xlabel(labels.text("tank.month", year="–".join(str(year) for year in years)), labelpad=22, color=QUIET)
