"""What each limit of the park carries on a busy day, and how many average tenants still fit below it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..errors import DataError
from .labels import Labels, Language
from .style import FAINT, INK, QUIET, SCENARIO_COLOURS, VERMILLION, WIDTH_IN, slide, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..studies.headroom import Fit

MOST_SCENARIOS = len(SCENARIO_COLOURS)
LEFT_IN, BARS_FRAC = 2.9, 0.56
"""Room for names, and the share of the width that bars take; their numbers take the rest."""

UNITS = {"m3/d": "m3_per_day", "m3/h": "m3_per_h", "MVA": "MVA"}


@styled
def draw_headroom(rooms: Sequence[Fit], *, replications: int, language: Language = "en") -> Figure:
    """Draw for each limit what is used of it on the 95 % day, beside what is spare and how many average tenants fit.

    Parameters
    ----------
    rooms : sequence of Fit
        What `studies.headroom.fits` returned; at most the first three scenarios are drawn.
    replications : int
        What they are means of.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If there is no limit.
    """
    if not rooms:
        raise DataError("headroom: the park has no limit to draw")
    labels = Labels(language)
    scenarios = list(dict.fromkeys(one.scenario for one in rooms))[:MOST_SCENARIOS]
    limits = list(dict.fromkeys((one.resource, one.limit, one.unit) for one in rooms))
    frame = slide(
        _finding(rooms, scenarios, labels), labels.text("headroom.subtitle"), labels.source(replications=replications)
    )
    grid = frame.grid(len(limits), 1, left_in=LEFT_IN, right_in=0.5, lower_in=0.5, upper_in=0.1, hspace=0.25)
    known = {(one.scenario, one.resource, one.limit): one for one in rooms}
    for k, (resource, limit, unit) in enumerate(limits):
        axes = frame.figure.add_subplot(grid[k, 0])
        own = [known.get((scenario, resource, limit)) for scenario in scenarios]
        _panel(axes, own, labels)
        left = -(LEFT_IN - 0.55) / (axes.get_position().width * WIDTH_IN)
        name = labels.name("headroom", resource.replace(" ", "_"))
        axes.text(left, 0.5, name, transform=axes.transAxes, va="bottom", size=13, weight="bold")
        capacity = next(one.capacity for one in own if one is not None)
        below = f"{limit.replace('_', ' ')}: {labels.quantity(capacity, UNITS[unit])}"
        axes.text(left, 0.44, below, transform=axes.transAxes, va="top", size=10.5, color=QUIET)
    handles = [
        Patch(facecolor=colour, label=labels.name("scenario", name))
        for name, colour in zip(scenarios, SCENARIO_COLOURS, strict=False)
    ]
    frame.legend([*handles, Line2D([], [], color=VERMILLION, linewidth=1.5, label=labels.text("headroom.full"))])
    return frame.figure


def _finding(rooms: Sequence[Fit], scenarios: Sequence[str], labels: Labels) -> str:
    """Tell what binds in the first scenario, and how many tenants fit there and in the last."""
    binding = [
        next((one for one in rooms if one.scenario == name and one.binds), None) for name in (scenarios[0], scenarios[-1])
    ]
    first, last = binding
    if first is None or last is None:
        return labels.text("headroom.title_none")
    told = {
        "resource": labels.name("headroom", first.resource.replace(" ", "_")).lower(),
        "first": labels.number(first.tenants, 0),
        "last": labels.number(last.tenants, 0),
        "scenario": labels.name("scenario", last.scenario).lower(),
    }
    return labels.text("headroom.title" if len(scenarios) > 1 else "headroom.title_one", **told)


def _panel(axes: Axes, own: Sequence[Fit | None], labels: Labels) -> None:
    lanes = [-0.5 * (len(own) - 1) + k for k in range(len(own))]
    most = max([1.0, *(one.used / one.capacity for one in own if one is not None)])
    axes.set_xlim(0.0, most / BARS_FRAC)
    axes.set_ylim(0.5 * len(own) + 0.1, -0.5 * len(own) - 0.1)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    axes.barh([0.0], [1.0], height=0.92 * len(own), color=FAINT, alpha=0.35, zorder=1)
    axes.axvline(1.0, color=VERMILLION, linewidth=1.5, zorder=3)
    for one, lane, colour in zip(own, lanes, SCENARIO_COLOURS, strict=False):
        if one is None:
            continue
        axes.barh([lane], [one.used / one.capacity], height=0.72, color=colour, zorder=2)
        spare = labels.quantity(one.spare, UNITS[one.unit])
        fit = "–" if math.isnan(one.tenants) else labels.number(one.tenants, 0)
        words = labels.text("headroom.spare", used=labels.percent(one.used / one.capacity), spare=spare, tenants=fit)
        weight = "bold" if one.binds else "normal"
        axes.text(most * 1.02, lane, words, va="center_baseline", size=10.0, color=INK, weight=weight)
