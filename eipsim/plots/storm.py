"""A storm on its way through the wastewater works, and what all storms of a time do in each scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import numpy as np
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from ..errors import DataError, Problems
from .dates import name_below
from .labels import Labels, Language
from .style import GREEN, INK, PURPLE, SCENARIO_COLOURS, SKY, VERMILLION, name_axis, number_ticks, slide, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

COLOURS = (*SCENARIO_COLOURS, GREEN, PURPLE, SKY)
DASHES: tuple[Literal["-", "--"], ...] = ("-", "--", "-", "--", "-", "--")
"""Scenarios are told apart by colour and by line."""

DAYS = 3
COUNTED = {"spill_m3": "m3", "spilled_cod_kg": "kg", "exceedance_h": "h", "wet_lines_stopped_h": "h"}
"""KPIs at the right, and their units."""


@styled
def draw_storm(
    storm_m3_per_h: ArrayLike,
    level_m3: Mapping[str, tuple[ArrayLike, ArrayLike]],
    spill_m3_per_h: Mapping[str, ArrayLike],
    counted: Mapping[str, Mapping[str, Sequence[float]]],
    *,
    high_mark_m3: float,
    capacity_m3: float,
    start: date,
    step_h: float = 0.5,
    language: Language = "en",
) -> Figure:
    """Draw the greatest storm of a replication with tank and spill by scenario, and what all replications count.

    Parameters
    ----------
    storm_m3_per_h : array_like of shape (steps,)
        Rain that drains into the sewer [m3/h]; all scenarios share it.
    level_m3 : mapping of str to (array_like, array_like)
        Hours [h] and levels [m3] of the equalisation tank at each change of slope, by scenario, the baseline first.
    spill_m3_per_h : mapping of str to array_like of shape (steps,)
        What reaches the river untreated, by scenario [m3/h].
    counted : mapping of str to mapping
        Values of each replication by scenario, of the KPIs in `COUNTED`.
    high_mark_m3, capacity_m3 : float
        Of the tank [m3].
    start : date
        First day of the record.
    step_h : float
        Width of a step; divides a day [h].
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If there is no scenario, or more than six, one lacks a series or a KPI, or lengths differ.
    """
    labels = Labels(language)
    storm = np.asarray(storm_m3_per_h, dtype=np.float64)
    spill = {name: np.asarray(values, dtype=np.float64) for name, values in spill_m3_per_h.items()}
    _check(storm, spill, level_m3, counted)
    names, per_day = list(spill), round(24.0 / step_h)
    by_day = np.add.reduceat(storm, np.arange(0, len(storm), per_day))
    days = len(by_day)
    first = max(0, min(int(np.argmax(by_day)) - 1, days - DAYS))
    replications = len(counted["spill_m3"][names[0]])
    subtitle = labels.text("storm.subtitle", day=labels.full_date(start + timedelta(days=int(np.argmax(by_day)))))
    frame = slide(_finding(names, counted["spill_m3"], labels), subtitle, labels.source(replications=replications))
    spacing = {"lower_in": 0.95, "upper_in": 0.36}
    left = frame.grid(3, 1, left_in=0.95, right_in=6.2, hspace=0.55, height_ratios=[0.8, 1.3, 1.0], **spacing)
    inflow, level, over = (frame.figure.add_subplot(left[k, 0]) for k in range(3))
    shown = slice(first * per_day, (first + DAYS) * per_day)
    edges = np.arange(len(storm[shown]) + 1) / per_day + first
    inflow.stairs(storm[shown], edges, fill=True, color=SKY)
    for name, colour, dash in zip(names, COLOURS, DASHES, strict=False):
        hours, levels = (np.asarray(values, dtype=np.float64) for values in level_m3[name])
        ends = np.array([first, first + DAYS]) * 24.0
        at = np.unique(np.concatenate((hours[(hours > ends[0]) & (hours < ends[1])], ends)))
        level.plot(at / 24.0, np.interp(at, hours, levels), color=colour, linewidth=2.0, linestyle=dash)
        over.stairs(spill[name][shown], edges, color=colour, linewidth=2.0, linestyle=dash)
    level.axhline(high_mark_m3, color=VERMILLION, linewidth=1.4, linestyle=(0, (2, 2)), zorder=1)
    peaks = [storm[shown].max(), capacity_m3, max(values[shown].max() for values in spill.values())]
    words = [("storm.inflow", "m3_per_h"), ("tank.level", "m3"), ("tank.spill", "m3_per_h")]
    for axes, peak, (key, unit) in zip((inflow, level, over), peaks, words, strict=True):
        top = 1.1 * float(peak) or 1.0
        axes.set_ylim(0.0, top)
        axes.set_xlim(first, first + DAYS)
        axes.set_xticks(range(first, first + DAYS + 1), [])
        number_ticks(axes.yaxis, 0.0, top, labels.number, most=3)
        name_axis(axes, labels.text(key, unit=labels.unit(unit)))
    for day in range(first, first + DAYS):
        name_below(over, day + 0.5, labels.day_month(start + timedelta(days=day)), 10.5)
    right = frame.grid(len(COUNTED), 1, left_in=7.9, right_in=1.55, hspace=0.75, **spacing)
    for row, (kpi, unit) in enumerate(COUNTED.items()):
        axes = frame.figure.add_subplot(right[row, 0])
        _bars(axes, {name: counted[kpi][name] for name in names}, labels)
        name_axis(axes, labels.text("storm.counted", kpi=labels.name("storm", kpi), unit=labels.unit(unit)))
    handles = [
        Line2D([], [], color=colour, linewidth=2.0, linestyle=dash, label=labels.name("scenario", name))
        for name, colour, dash in zip(names, COLOURS, DASHES, strict=False)
    ]
    frame.legend(handles)
    return frame.figure


def _bars(axes: Axes, values: Mapping[str, Sequence[float]], labels: Labels) -> None:
    """Draw the mean of each scenario as a bar with its value, and each replication as a dot."""
    most = max(max(own) for own in values.values()) or 1.0
    for row, (own, colour) in enumerate(zip(values.values(), COLOURS, strict=False)):
        mean = float(np.mean(own))
        axes.barh(row, mean, color=colour, height=0.72)
        axes.plot(own, [row] * len(own), "o", markersize=3.0, color=INK, alpha=0.35, markeredgewidth=0.0)
        at = axes.get_yaxis_transform()
        axes.text(1.03, row, labels.number(mean), transform=at, va="center_baseline", size=min(11.0, 44.0 / len(values)))
    axes.set_ylim(len(values) - 0.4, -0.6)
    axes.set_yticks([])
    axes.set_xlim(0.0, 1.02 * most)
    axes.set_xticks([])


def _check(
    storm: Floats,
    spill: Mapping[str, Floats],
    level_m3: Mapping[str, tuple[ArrayLike, ArrayLike]],
    counted: Mapping[str, Mapping[str, Sequence[float]]],
) -> None:
    with Problems("storm", DataError) as problems:
        if not 1 <= len(spill) <= len(COLOURS):
            problems.add("spill_m3_per_h", f"has {len(spill)} scenarios: must have from 1 to {len(COLOURS)}")
        if not len(storm):
            problems.add("storm_m3_per_h", "is empty: needs at least one step")
        for name, values in spill.items():
            if values.shape != storm.shape:
                problems.add(name, f"has {values.size} steps of spill: must have the {storm.size} of storm_m3_per_h")
            if name not in level_m3:
                problems.add(name, "has no level: give one to each scenario")
            if lacking := [kpi for kpi in COUNTED if not counted.get(kpi, {}).get(name)]:
                problems.add(name, f"has no {', '.join(lacking)}: give at least one replication to each")


def _finding(names: Sequence[str], spilt_m3: Mapping[str, Sequence[float]], labels: Labels) -> str:
    means = [float(np.mean(spilt_m3[name])) for name in (names[0], names[-1])]
    if len(names) == 1 or max(means) < 0.5:
        return labels.text("storm.title_one", spill=labels.quantity(means[0], "m3"))
    return labels.text(
        "storm.title",
        before=labels.quantity(means[0], "m3"),
        after=labels.quantity(means[1], "m3"),
        scenario=labels.name("scenario", names[-1]),
    )
