"""What cost the park its production: all causes, and what lies behind those that are no breakdown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.patches import Patch

from ..errors import DataError
from .labels import Labels, Language
from .style import INK, SCENARIO_COLOURS, slide, styled, text_width_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..studies.bottlenecks import CauseSum

MOST_ROOTS = 6
BREAKDOWN = "breakdown"
NAME_PT = 11.0
"""Size of the names beside bars [pt]."""


@styled
def draw_bottlenecks(sums: Sequence[CauseSum], *, replications: int, language: Language = "en") -> Figure:
    """Draw lost line hours by cause, and by root for all causes but breakdowns.

    Parameters
    ----------
    sums : sequence of CauseSum
        What `studies.bottlenecks.cause_sums` returned; the first three scenarios are drawn.
    replications : int
        What they are means of.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide. Where there are many roots those that cost most are drawn, and the others are one bar.

    Raises
    ------
    DataError
        If nothing was lost.
    """
    if not sums:
        raise DataError("bottlenecks: no hour was lost")
    labels = Labels(language)
    scenarios = list(dict.fromkeys(one.scenario for one in sums))[: len(SCENARIO_COLOURS)]
    causes: dict[str, dict[str, float]] = {}
    roots: dict[str, dict[str, float]] = {}
    for one in sums:
        if one.scenario in scenarios:
            cause = labels.name("lost", one.cause.replace(" ", "_"))
            _add(causes, cause, one)
            if one.cause != BREAKDOWN:
                _add(roots, _root(one, labels), one)
    frame = slide(_finding(sums, scenarios[0], labels), labels.text("lost.subtitle"), labels.source(replications=replications))
    widest_in = max(text_width_in(name, NAME_PT) for name in causes)
    parts = [(labels.text("lost.all"), causes)] + ([(labels.text("lost.roots"), _most(roots, labels))] if roots else [])
    wide_in = max((text_width_in(name, NAME_PT) for name in parts[-1][1]), default=0.0)
    gap = {"wspace": (wide_in + 1.2) / 3.6} if roots else {}
    grid = frame.grid(1, len(parts), left_in=0.75 + widest_in, right_in=0.9, lower_in=0.5, upper_in=0.4, **gap)
    for k, (title, bars) in enumerate(parts):
        axes = frame.figure.add_subplot(grid[0, k])
        axes.set_title(title, loc="left", size=13, weight="bold", pad=8, color=INK)
        _panel(axes, bars, scenarios, labels)
    frame.legend(
        [Patch(facecolor=c, label=labels.name("scenario", s)) for s, c in zip(scenarios, SCENARIO_COLOURS, strict=False)]
    )
    return frame.figure


def _add(into: dict[str, dict[str, float]], name: str, one: CauseSum) -> None:
    own = into.setdefault(name, {})
    own[one.scenario] = own.get(one.scenario, 0.0) + one.lost_h


def _root(one: CauseSum, labels: Labels) -> str:
    name = one.root.replace("_", " ") if one.root else labels.name("lost", one.cause.replace(" ", "_"))
    return f"{name}: {labels.name('lost', one.why.replace(' ', '_'))}" if one.why else name


def _most(bars: dict[str, dict[str, float]], labels: Labels) -> dict[str, dict[str, float]]:
    """Return the bars of most hours, and the others as one."""
    ranked = sorted(bars, key=lambda name: -max(bars[name].values()))
    kept = {name: bars[name] for name in ranked[:MOST_ROOTS]}
    rest = ranked[MOST_ROOTS:]
    if rest:
        scenarios = {scenario for name in rest for scenario in bars[name]}
        others = {scenario: math.fsum(bars[name].get(scenario, 0.0) for name in rest) for scenario in sorted(scenarios)}
        kept[labels.text("lost.others", count=str(len(rest)))] = others
    return kept


def _finding(sums: Sequence[CauseSum], scenario: str, labels: Labels) -> str:
    """Tell what cost most in the first scenario, and how much all together."""
    own = [one for one in sums if one.scenario == scenario]
    by_cause: dict[str, float] = {}
    for one in own:
        by_cause[one.cause] = by_cause.get(one.cause, 0.0) + one.lost_h
    whole = math.fsum(by_cause.values())
    greatest = max(by_cause, key=lambda cause: by_cause[cause])
    return labels.text(
        "lost.title",
        hours=labels.number(whole, 0),
        share=labels.percent(by_cause[greatest] / whole),
        cause=labels.name("lost", greatest.replace(" ", "_")).lower(),
        scenario=labels.name("scenario", scenario),
    )


def _panel(axes: Axes, bars: dict[str, dict[str, float]], scenarios: Sequence[str], labels: Labels) -> None:
    most = max(value for own in bars.values() for value in own.values())
    height = 0.8 / len(scenarios)
    axes.set_xlim(0.0, 1.3 * most)
    axes.set_ylim(len(bars) - 0.45, -0.55)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_yticks(range(len(bars)), list(bars), size=NAME_PT)
    axes.tick_params(axis="y", length=0)
    for row, own in enumerate(bars.values()):
        for k, scenario in enumerate(scenarios):
            lane, value = row - 0.4 + height * (k + 0.5), own.get(scenario, 0.0)
            axes.barh([lane], [value], height=0.9 * height, color=SCENARIO_COLOURS[k])
            size = min(10.0, 33.0 * height)
            axes.text(value + 0.015 * most, lane, labels.quantity(value, "h"), va="center_baseline", size=size)
