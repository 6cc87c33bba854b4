"""Dates below a horizontal axis of days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .labels import Labels

LONGEST_BY_DAY = 62
"""Days up to which single days are named, every week; beyond it months."""


def name_dates(axes: Axes, start: date, days: int, labels: Labels) -> None:
    """Name the days or months below an axis of days.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Its horizontal axis counts days from the midnight of ``start`` [d].
    start : date
        First day.
    days : int
        How many there are.
    labels : Labels
        Of a language.
    """
    axes.set_xlim(0, days)
    if days <= LONGEST_BY_DAY:
        step = 1 if days <= 10 else 7
        axes.set_xticks(range(0, days + 1, step), [])
        for day in range(0, days - step // 4, step):
            name_below(axes, day if step > 1 else day + 0.5, labels.day_month(start + timedelta(days=day)), 10.5)
        return
    begins = [day for day in range(days) if (start + timedelta(days=day)).day == 1]
    axes.set_xticks(begins, [])
    for begin, end in zip([0, *[b for b in begins if b]], [*[b for b in begins if b], days], strict=True):
        if end - begin >= 10:
            name_below(axes, (begin + end) / 2, labels.month((start + timedelta(days=begin)).month), 10.5)


def name_below(axes: Axes, x: float, words: str, size_pt: float) -> None:
    """Write words below an axis, centred at a place on it."""
    axes.annotate(
        words,
        (x, 0.0),
        xycoords=axes.get_xaxis_transform(),
        xytext=(0, -7),
        textcoords="offset points",
        ha="center",
        va="top",
        size=size_pt,
        annotation_clip=False,
    )
