"""A score card as a slide: one square an indicator, scenario by scenario, and what was simulated with its probability."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from matplotlib.patches import Patch, Rectangle

from ..errors import DataError
from ..readers.indicator_table import MET, NOT_APPLICABLE, NOT_MET, NOT_REPORTED
from ..studies.scorecard import flips, score
from .labels import Labels, Language
from .style import BLUE, FAINT, INK, PALE, QUIET, VERMILLION, slide, styled, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..studies.scorecard import Scored

COLOURS = {MET: BLUE, NOT_MET: VERMILLION, NOT_REPORTED: FAINT, NOT_APPLICABLE: PALE}
MOST_SIMULATED = 6
SQUARE = 0.84
PILLAR_GAP = 0.8


@styled
def draw_scorecard(framework: str, cards: Mapping[str, Sequence[Scored]], *, language: Language = "en") -> Figure:
    """Draw the score card of some scenarios.

    Parameters
    ----------
    framework : str
        Its name.
    cards : mapping of str to sequence of Scored
        By scenario, the baseline first; the same indicators in each, in the order of the framework.
    language : {"en", "vi"}
        Language of all words and numbers; names of indicators stay as the table has them.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide. A ring stands around what a scenario scores otherwise than the baseline; below are the first six
        simulated indicators with value and probability of being met.

    Raises
    ------
    DataError
        If there is no scenario or no indicator.
    """
    if not cards or not all(cards.values()):
        raise DataError("score card: there is no scenario, or no indicator")
    labels = Labels(language)
    first, last = next(iter(cards.values())), list(cards.values())[-1]
    changed = len(flips(first, last))
    met, applicable = score(last)[0]
    frame = slide(
        labels.text("scorecard.title", met=str(met), applicable=str(applicable), flips=str(changed)),
        labels.text("scorecard.subtitle", framework=framework.replace("_", " ")),
        " ".join([labels.text("source.simulated"), labels.text("source.synthetic")]),
    )
    grid = frame.grid(
        2, 1, left_in=2.6, right_in=0.6, upper_in=0.25, lower_in=0.55, height_ratios=(len(cards), 2.4), hspace=0.12
    )
    _squares(frame.figure.add_subplot(grid[0, 0]), cards, labels)
    _values(frame.figure.add_subplot(grid[1, 0]), cards, labels)
    shown = [status for status in COLOURS if any(row.status == status for card in cards.values() for row in card)]
    frame.legend([Patch(facecolor=COLOURS[s], edgecolor=QUIET, linewidth=0.4, label=labels.text(_key(s))) for s in shown])
    return frame.figure


def _squares(axes: Axes, cards: Mapping[str, Sequence[Scored]], labels: Labels) -> None:
    """Draw one row of squares for each scenario, pillar by pillar."""
    first = next(iter(cards.values()))
    pillars = list(dict.fromkeys(row.pillar for row in first))
    places, start = {}, 0.0
    for pillar in pillars:
        own = [row.code for row in first if row.pillar == pillar]
        places.update({code: start + k for k, code in enumerate(own)})
        axes.text(start, -0.75, pillar, size=11, color=QUIET, va="bottom")
        start += len(own) + PILLAR_GAP
    for y, card in enumerate(cards.values()):
        for old, row in zip(first, card, strict=True):
            ring = row.status != old.status
            axes.add_patch(
                Rectangle(
                    (places[row.code], y - SQUARE / 2),
                    SQUARE,
                    SQUARE,
                    facecolor=COLOURS[row.status],
                    edgecolor=INK if ring else QUIET,
                    linewidth=2.2 if ring else 0.4,
                )
            )
    axes.set_xlim(-0.3, start - PILLAR_GAP + 0.3)
    axes.set_ylim(len(cards) - 0.35, -1.0)
    counts = [score(card)[0] for card in cards.values()]
    words = [f"{labels.name('scenario', name)}\n{c.met}/{c.applicable}" for name, c in zip(cards, counts, strict=True)]
    axes.set_yticks(range(len(cards)), [_folded(one) for one in words], size=10.5)
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0)
    for side in axes.spines.values():
        side.set_visible(False)


def _values(axes: Axes, cards: Mapping[str, Sequence[Scored]], labels: Labels) -> None:
    """Write what was simulated: value and share of years in which it is met, by scenario."""
    first = next(iter(cards.values()))
    places = [k for k, row in enumerate(first) if row.how == "simulated"][:MOST_SIMULATED]
    axes.set_xlim(0, 1)
    axes.set_ylim(MOST_SIMULATED + 0.6, -0.2)
    axes.axis("off")
    wide = 0.46 / max(len(cards), 1)
    columns = [0.54 + wide * (k + 1) for k in range(len(cards))]
    for x, name in zip(columns, cards, strict=True):
        axes.text(x, 0.35, wrap(labels.name("scenario", name), 1.6, 10.0), size=10.0, color=QUIET, ha="right", va="center")
    axes.text(0.0, 0.35, labels.text("scorecard.simulated"), size=10.0, color=QUIET, va="center")
    if not places:
        axes.text(0.0, 1.3, labels.text("scorecard.none"), size=11.0, va="center")
    for y, place in enumerate(places, start=1):
        row = first[place]
        told = wrap(f"{row.code}  {row.indicator} ({row.target})", 5.4, 9.5).split("\n")
        axes.text(0.0, y + 0.35, "\n".join(told[:1]) + (" …" if len(told) > 1 else ""), size=9.5, va="center")
        for x, card in zip(columns, cards.values(), strict=True):
            one = card[place]
            axes.text(
                x, y + 0.35, _value(one, labels), size=11.0, ha="right", va="center", color=_ink(one.status), weight="bold"
            )


def _value(row: Scored, labels: Labels) -> str:
    if not math.isfinite(row.value):
        return labels.text(_key(row.status))
    return f"{labels.percent(row.value)} · {labels.percent(row.met_frac, 0)}"


def _ink(status: str) -> str:
    return COLOURS[status] if status in (MET, NOT_MET) else QUIET


def _folded(words: str) -> str:
    return "\n".join(wrap(line, 1.9, 10.5) for line in words.split("\n"))


def _key(status: str) -> str:
    return f"scorecard.{status.replace(' ', '_')}"
