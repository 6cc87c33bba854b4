"""Who pays and who saves under another law: bills without measures, and what measures save, payer by payer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D

from ..errors import DataError, Problems
from .labels import Labels, Language
from .style import BLUE, ORANGE, QUIET, name_axis, number_ticks, slide, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLOURS, MARKS = (QUIET, BLUE, ORANGE), ("o", "D", "s")
"""Laws are told apart by colour and by mark, the one that the others are compared with first."""

ROOM = 0.08


@styled
def draw_reform(
    bills: DataFrame,
    laws: Mapping[str, tuple[str, str]],
    *,
    hours: float = 8760.0,
    replications: int = 1,
    language: Language = "en",
) -> Figure:
    """Draw what each payer's bill does under other laws, and what measures save under each.

    Parameters
    ----------
    bills : DataFrame
        Columns ``scenario``, ``factory``, ``item`` and ``amount_vnd``: each payer's bill; income is negative. What changes is
        told without materials, as a share of what is paid for the rest under the first law.
    laws : mapping of str to (str, str)
        By name of a law, the scenarios without and with measures; two or three laws, the first is compared with.
    hours : float
        What the bills are for [h].
    replications : int
        What the bills are means of.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If there are fewer than two laws or more than three, or a scenario has no bills.
    """
    labels = Labels(language)
    _check(bills, laws)
    sums = bills.groupby(["factory", "scenario"]).amount_vnd.sum().unstack(fill_value=0)
    names = list(laws)
    first, metered = laws[names[0]][0], bills[bills["item"] != "materials"]
    paid = metered[(metered.scenario == first) & (metered.amount_vnd > 0)].groupby("factory").amount_vnd.sum()
    payers = [name for name in sums.index if name in paid.index]
    unmeasured = metered.groupby(["factory", "scenario"]).amount_vnd.sum().unstack(fill_value=0)
    change = {law: (unmeasured[laws[law][0]] - unmeasured[first]) / paid for law in names[1:]}
    saved = {law: (sums[without] - sums[with_]) * 1e-9 for law, (without, with_) in laws.items()}
    payers.sort(key=lambda name: float(change[names[1]][name]))
    unit = labels.unit("bn_vnd", hours=hours)
    frame = slide(
        _finding(change[names[1]][payers].tolist(), [float(saved[law][payers].sum()) for law in names[:2]], labels, hours),
        labels.text("reform.subtitle", first=labels.name("law", names[0])),
        labels.source(replications=replications),
    )
    grid = frame.grid(1, 2, left_in=2.35, right_in=0.6, lower_in=0.72, upper_in=0.36, wspace=0.10)
    left, right = (frame.figure.add_subplot(grid[0, k]) for k in range(2))
    for law, colour, mark in list(zip(names, COLOURS, MARKS, strict=False))[1:]:
        _points(left, [100 * float(change[law][name]) for name in payers], colour, mark)
    for law, colour, mark in zip(names, COLOURS, MARKS, strict=False):
        _points(right, [float(saved[law][name]) for name in payers], colour, mark)
    name_axis(left, labels.text("reform.change"))
    name_axis(right, labels.text("reform.saved", unit=unit))
    left.set_yticks(range(len(payers)), [labels.name("payer", name) for name in payers])
    right.set_yticks([])
    for axes in (left, right):
        axes.set_ylim(len(payers) - 0.4, -0.6)
        axes.axvline(0.0, color=QUIET, linewidth=0.8, zorder=1)
        axes.tick_params(axis="y", length=0)
        axes.grid(True, axis="y")
    totals = {law: float(saved[law][payers].sum()) for law in names}
    for axes in (left, right):
        number_ticks(axes.xaxis, *axes.get_xlim(), labels.number, most=6)
    frame.legend(
        [
            Line2D(
                [], [], color=colour, marker=mark, linestyle="none", markersize=7.0, label=_key(totals[law], law, labels, unit)
            )
            for law, colour, mark in zip(names, COLOURS, MARKS, strict=False)
        ]
    )
    return frame.figure


def _points(axes: Axes, values: Sequence[float], colour: str, mark: str) -> None:
    """Draw one mark a payer, and let the axis reach it."""
    axes.plot(values, range(len(values)), linestyle="none", marker=mark, color=colour, markersize=7.0, alpha=0.9)
    reached = [*(float(x) for line in axes.lines for x in np.asarray(line.get_xdata())), 0.0]
    low, high = min(reached), max(reached)
    room = ROOM * (high - low) or 1.0
    axes.set_xlim(low - room, high + room)


def _key(total: float, law: str, labels: Labels, unit: str) -> str:
    return labels.text("reform.key", law=labels.name("law", law), saved=f"{labels.number(total)} {unit}")


def _finding(changes: Sequence[float], saved: Sequence[float], labels: Labels, hours: float) -> str:
    dearer = sum(change > 0 for change in changes)
    return labels.text(
        "reform.title",
        dearer=str(dearer),
        count=str(len(changes)),
        before=labels.number(saved[0]),
        after=f"{labels.number(saved[1])} {labels.unit('bn_vnd', hours=hours)}",
    )


def _check(bills: DataFrame, laws: Mapping[str, tuple[str, str]]) -> None:
    with Problems("reform", DataError) as problems:
        if not 2 <= len(laws) <= len(COLOURS):
            problems.add("laws", f"are {len(laws)}: must be 2 or {len(COLOURS)}")
        known = set(bills.scenario)
        for law, scenarios in laws.items():
            if missing := [name for name in scenarios if name not in known]:
                problems.add(law, f"has no bills of {', '.join(missing)}: run the experiment with these scenarios")
