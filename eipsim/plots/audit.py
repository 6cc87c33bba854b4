"""What published figures imply: tonnes and dong of a saved kilowatt-hour, beside grid factors and prices that were in force."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import TYPE_CHECKING

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..errors import DataError
from .labels import Labels, Language
from .style import BLUE, FAINT, GREEN, INK, ORANGE, QUIET, VERMILLION, slide, styled, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from ..readers.price_ranges import PriceRanges
    from ..studies.audit import Audit

COLOURS = {"impossible": VERMILLION, "consistent only if": ORANGE, "needs": BLUE, "consistent": GREEN}
NAME_IN = 3.5
MOST_SETS = 9


@styled
def draw_audit(found: Audit, prices: PriceRanges, *, language: Language = "en") -> Figure:
    """Draw the grid factor and the price of a kilowatt-hour that each set of figures implies, in the colour of its verdict.

    Parameters
    ----------
    found : Audit
        What `studies.audit.audit` returned; drawn are the first nine sets that name electricity with CO2 or money.
    prices : PriceRanges
        What they are compared with.
    language : {"en", "vi"}
        Language of all words and numbers; sets are named as in their table.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide with logarithmic axes.

    Raises
    ------
    DataError
        If no set names electricity with CO2 or money.
    """
    shown = [row for row in found.rows if row.tco2_per_mwh is not None or row.vnd_per_kwh is not None][:MOST_SETS]
    if not shown:
        raise DataError("audit: no set of figures names electricity with CO2 or money")
    labels = Labels(language)
    verdicts = [_kind(row.verdict) for row in found.rows]
    title = labels.text(
        "audit.title",
        sets=str(len(verdicts)),
        impossible=str(verdicts.count("impossible")),
        only_if=str(verdicts.count("consistent only if")),
    )
    grid = prices.grid_tco2_per_mwh
    years = {"first": str(min(grid)), "last": str(max(grid))}
    frame = slide(title, labels.text("audit.subtitle", **years), labels.text("audit.source"))
    panels = frame.grid(1, 2, left_in=NAME_IN + 0.65, right_in=0.7, upper_in=0.35, lower_in=0.75, wspace=0.16)
    left, right = (frame.figure.add_subplot(panels[0, k]) for k in (0, 1))
    colours = [COLOURS[_kind(row.verdict)] for row in shown]
    paid = prices.electricity_vnd_per_kwh.values()
    carbon = [row.tco2_per_mwh for row in shown]
    money = [row.vnd_per_kwh for row in shown]
    _panel(left, list(zip(carbon, colours, strict=True)), (min(grid.values()), max(grid.values())), labels)
    _panel(right, list(zip(money, colours, strict=True)), (min(p.low for p in paid), max(p.high for p in paid)), labels)
    left.set_title(labels.text("audit.carbon"), loc="left", size=12.0)
    right.set_title(labels.text("audit.money"), loc="left", size=12.0)
    left.axvline(grid[found.reference_year], color=INK, linewidth=1.0, linestyle=(0, (4, 3)))
    left.set_yticks(range(len(shown)), [wrap(row.set, NAME_IN, 10.5) for row in shown], size=10.5)
    right.set_yticks([])
    present = [kind for kind in COLOURS if kind in {_kind(row.verdict) for row in shown}]
    handles = [
        Line2D([], [], color=COLOURS[kind], marker="o", linestyle="none", label=labels.text(f"audit.{kind.replace(' ', '_')}"))
        for kind in present
    ]
    year = labels.text("audit.reference", year=str(found.reference_year))
    handles.append(Line2D([], [], color=INK, linewidth=1.0, linestyle=(0, (4, 3)), label=year))
    frame.legend([*handles, Patch(facecolor=FAINT, alpha=0.5, label=labels.text("audit.band"))])
    return frame.figure


def _kind(verdict: str) -> str:
    return "needs" if verdict.startswith("needs") else verdict if verdict in COLOURS else "consistent"


def _panel(axes: Axes, points: Sequence[tuple[float | None, str]], band: tuple[float, float], labels: Labels) -> None:
    known = [value for value, _ in points if value]
    low, high = min([*known, band[0]]), max([*known, band[1]])
    axes.set_xscale("log")
    axes.set_xlim(low / 1.25, high * 1.6)
    axes.set_ylim(len(points) - 0.4, -0.6)
    axes.axvspan(*band, color=FAINT, alpha=0.5, linewidth=0, zorder=0)
    for place, (value, colour) in enumerate(points):
        if value:
            axes.plot(value, place, "o", color=colour, markersize=10, zorder=3)
            words = labels.number(value)
            axes.annotate(words, (value, place), (9, 0), textcoords="offset points", va="center_baseline", size=11)
        else:
            axes.text(0.5, place, "–", transform=axes.get_yaxis_transform(), ha="center", va="center_baseline", color=QUIET)
    steps = [m * 10.0**p for p in range(floor(log10(low)) - 1, ceil(log10(high)) + 1) for m in (1, 2, 5)]
    ticks = [step for step in steps if low / 1.25 <= step <= high * 1.6]
    axes.minorticks_off()
    axes.set_xticks(ticks, [labels.number(step, 1 if step < 1 else 0) for step in ticks])
    axes.tick_params(axis="y", length=0)
