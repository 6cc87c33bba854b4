"""Which measures meters could prove: savings beside the least that bills and a regression find, factory by factory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from matplotlib.lines import Line2D

from ..errors import DataError
from ..studies.detectable import VERDICTS
from .labels import Labels, Language
from .style import BLUE, FAINT, INK, ORANGE, SKY, VERMILLION, slide, styled, text_width_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..studies.detectable_rows import MeasureProof, MeterRow

COLOURS = dict(zip(VERDICTS, (BLUE, SKY, ORANGE, VERMILLION, FAINT), strict=True))
MARKS = dict(zip(VERDICTS, ("o", "s", "D", "X", "."), strict=True))
LOW_PERCENT, HIGH_PERCENT = 0.01, 100.0
CARRIER = "electricity"


@styled
def draw_detectable(
    meters: Sequence[MeterRow],
    proofs: Sequence[MeasureProof],
    best: Mapping[str, Sequence[MeasureProof]],
    *,
    replications: int,
    language: Language = "en",
) -> Figure:
    """Draw what each measure saves of its factory's electricity, and how many of each scenario could be proven.

    Parameters
    ----------
    meters : sequence of MeterRow
        Of the factories.
    proofs : sequence of MeasureProof
        One row a measure and carrier; those of electricity are drawn.
    best : mapping of str to sequence of MeasureProof
        By scenario, one row a measure; the last scenario is told in the title.
    replications : int
        Years from which the spread was taken.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide. Savings below 0.01 % stand at the left edge.

    Raises
    ------
    DataError
        If there is no meter or no measure.
    """
    rows = sorted((row for row in meters if row.carrier == CARRIER), key=lambda row: row.reading_mean)
    if not rows or not best:
        raise DataError("detectable savings: there is no meter of electricity, or no measure")
    labels = Labels(language)
    last = list(best.values())[-1]
    frame = slide(
        labels.text(
            "detectable.title",
            proven=str(_count(last, VERDICTS[0])),
            all=str(len(last)),
            more=str(_count(last, VERDICTS[1])),
        ),
        labels.text("detectable.subtitle"),
        " ".join([labels.text("detectable.chance"), labels.source(replications=replications)]),
    )
    names = [labels.name("factory", row.factory) for row in rows]
    grid = frame.grid(
        1,
        2,
        left_in=0.75 + max(text_width_in(name, 10.0) for name in names),
        right_in=0.6,
        upper_in=0.12,
        lower_in=1.05,
        width_ratios=(2.6, 1.0),
        wspace=0.12,
    )
    axes = frame.figure.add_subplot(grid[0, 0])
    _strips(axes, rows, proofs, labels)
    axes.set_yticks(range(len(rows)), names, size=10.0)
    _counts(frame.figure.add_subplot(grid[0, 1]), best, labels)
    marks = [
        Line2D([], [], linestyle="none", marker=MARKS[v], color=COLOURS[v], markersize=8, label=labels.text(_key(v)))
        for v in VERDICTS[:4]
    ]
    least = [
        Line2D([], [], color=INK, linewidth=width, label=labels.text(f"detectable.{name}"))
        for name, width in (("least_bills", 2.4), ("least_regression", 0.9))
    ]
    frame.legend([*marks, *least])
    return frame.figure


def _strips(axes: Axes, rows: Sequence[MeterRow], proofs: Sequence[MeasureProof], labels: Labels) -> None:
    """Draw a line for each factory, with what is found on it and what each measure saves."""
    place = {row.factory: k for k, row in enumerate(rows)}
    for k, row in enumerate(rows):
        axes.plot([LOW_PERCENT, HIGH_PERCENT], [k, k], color=FAINT, linewidth=0.5, zorder=1)
        for least, width in ((row.least_bills_frac, 2.4), (row.least_regression_frac, 0.9)):
            axes.plot([100 * least] * 2, [k - 0.36, k + 0.36], color=INK, linewidth=width, zorder=2)
    for verdict in VERDICTS[:4]:
        own = [row for row in proofs if row.carrier == CARRIER and row.verdict == verdict and row.factory in place]
        axes.scatter(
            [min(max(100 * row.saving_frac, LOW_PERCENT), HIGH_PERCENT) for row in own],
            [place[row.factory] for row in own],
            marker=MARKS[verdict],
            s=34,
            color=COLOURS[verdict],
            edgecolors="white",
            linewidths=0.4,
            zorder=3,
        )
    axes.set_xscale("log")
    axes.set_xlim(LOW_PERCENT, HIGH_PERCENT)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    ticks = (0.01, 0.1, 1.0, 10.0, 100.0)
    axes.set_xticks(ticks, [labels.number(tick, decimals) for tick, decimals in zip(ticks, (2, 1, 0, 0, 0), strict=True)])
    axes.minorticks_off()
    axes.set_xlabel(labels.text("detectable.share"))
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _counts(axes: Axes, best: Mapping[str, Sequence[MeasureProof]], labels: Labels) -> None:
    """Draw how many measures of each scenario are proven by what: stacks with their numbers beside them."""
    places = {name: k for k, name in enumerate(best)}
    for name, rows in best.items():
        done = 0.0
        for verdict in VERDICTS:
            if count := _count(rows, verdict):
                share = count / len(rows)
                axes.bar(places[name], share, 0.62, bottom=done, color=COLOURS[verdict], edgecolor="white", linewidth=0.6)
                if share >= 0.035:
                    dark = verdict in (VERDICTS[0], VERDICTS[3])
                    axes.text(
                        places[name],
                        done + share / 2,
                        str(count),
                        ha="center",
                        va="center",
                        color="white" if dark else INK,
                        size=11,
                    )
                done += share
    axes.set_xticks(list(places.values()), [str(len(rows)) for rows in best.values()])
    axes.set_yticks([])
    axes.set_ylim(0, 1.0)
    axes.set_xlim(-0.6, len(places) - 0.4)
    axes.set_xlabel(labels.text("detectable.counts"))
    axes.spines["left"].set_visible(False)
    if any(row.verdict == VERDICTS[4] for row in list(best.values())[-1]):
        axes.text(len(places) - 0.69, 1.015, labels.text(_key(VERDICTS[4])), ha="right", va="bottom", size=10.0)


def _count(rows: Sequence[MeasureProof], verdict: str) -> int:
    return sum(row.verdict == verdict for row in rows)


def _key(verdict: str) -> str:
    return f"detectable.{verdict.replace(' ', '_')}"
