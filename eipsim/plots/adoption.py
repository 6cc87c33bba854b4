"""What firms take: how likely by payback, and the CO2 that is avoided by policy."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from matplotlib.lines import Line2D

from ..errors import DataError
from .labels import Labels, Language
from .style import BLUE, FAINT, INK, ORANGE, SKY, name_axis, number_ticks, slide, styled, text_width_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..studies.adoption_outcome import MeasureRow, PolicyRow

MONTHS = (1, 3, 6, 15, 30, 60, 120, 240, 480)
"""Paybacks that may be named on the axis [months]."""

COLOURS = {"implemented": SKY, "proposed": ORANGE}


@styled
def draw_adoption(policies: Sequence[PolicyRow], measures: Sequence[MeasureRow], *, language: Language = "en") -> Figure:
    """Draw how likely each measure is taken against its payback, and the expected CO2 by policy with its interval.

    Parameters
    ----------
    policies : sequence of PolicyRow
        Without a policy first.
    measures : sequence of MeasureRow
        A measure that never comes back is left out.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If no measure ever comes back.
    """
    shown = [row for row in measures if isfinite(row.payback_yr)]
    if not shown:
        raise DataError("adoption: no measure saves money")
    labels = Labels(language)
    none = policies[0]
    best = max(policies, key=lambda row: row.added_co2_t)
    title = labels.text(
        "adoption.title",
        taken=labels.number(none.taken, 0),
        count=labels.number(len(measures), 0),
        co2=labels.quantity(none.saving_co2_t, "t_co2e", 0),
    )
    if best.added_co2_t > 0:
        title += labels.text(
            "adoption.best", policy=labels.name("policy", best.policy), co2=labels.quantity(best.added_co2_t, "t_co2e", 0)
        )
    frame = slide(
        title, labels.text("adoption.subtitle"), " ".join([labels.text("adoption.source"), labels.text("source.synthetic")])
    )
    names = [labels.name("policy", row.policy) for row in policies]
    left_in = max(text_width_in(name, 11.0) for name in names)
    left = frame.grid(1, 1, left_in=0.95, right_in=7.4, upper_in=0.42, lower_in=1.15)
    right = frame.grid(1, 1, left_in=6.5 + left_in, right_in=1.1, upper_in=0.42, lower_in=1.15)
    _draw_measures(frame.figure.add_subplot(left[0, 0]), shown, labels)
    _draw_policies(frame.figure.add_subplot(right[0, 0]), policies, names, labels)
    there = [name for name in COLOURS if any(row.status == name for row in shown)]
    handles = [
        Line2D([], [], color=COLOURS[name], marker="o", linestyle="none", label=labels.text(f"abatement.{name}"))
        for name in there
    ]
    frame.legend([*handles, Line2D([], [], color=INK, linewidth=1.2, label=labels.text("adoption.interval"))])
    return frame.figure


def _draw_measures(axes: Axes, shown: Sequence[MeasureRow], labels: Labels) -> None:
    months = [12.0 * row.payback_yr for row in shown]
    for row, at in zip(shown, months, strict=True):
        axes.plot(
            at, 100.0 * row.likely_frac[0], "o", color=COLOURS.get(row.status, ORANGE), markersize=6, alpha=0.8,
            markeredgecolor="white", markeredgewidth=0.4,
        )  # fmt: skip
    axes.set_xscale("log")
    axes.minorticks_off()
    axes.set_xlim(0.8 * min(months), 1.25 * max(months))
    ticks = [month for month in MONTHS if 0.8 * min(months) <= month <= 1.25 * max(months)]
    axes.set_xticks(ticks, [labels.number(month, 0) for month in ticks])
    axes.axvline(15.0, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.set_ylim(0.0, 102.0)
    number_ticks(axes.yaxis, 0.0, 100.0, labels.number)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    name_axis(axes, labels.text("adoption.likely"))
    axes.set_xlabel(labels.text("adoption.payback"))


def _draw_policies(axes: Axes, policies: Sequence[PolicyRow], names: Sequence[str], labels: Labels) -> None:
    places = list(range(len(policies)))
    most = max(row.saving_co2_high_t for row in policies)
    for place, row in zip(places, policies, strict=True):
        axes.barh(place, row.saving_co2_t, height=0.6, color=FAINT if place == 0 else BLUE)
        axes.plot([row.saving_co2_low_t, row.saving_co2_high_t], [place, place], color=INK, linewidth=1.2)
        end = max(row.saving_co2_high_t, row.saving_co2_t) + 0.02 * most
        axes.text(end, place, labels.number(row.saving_co2_t, 0), va="center", size=11.0)
    axes.set_yticks(places, names)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(policies) - 0.4, -0.6)
    axes.set_xlim(min(0.0, *(row.saving_co2_low_t for row in policies)), most)
    number_ticks(axes.xaxis, 0.0, most, labels.number, width_in=4.0)
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    axes.set_xlabel(labels.text("abatement.co2"))
