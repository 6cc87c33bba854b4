"""The catalogue sum, the sum of measures alone and the simulation together, and the gap between them."""

from __future__ import annotations

import math
from math import isfinite
from typing import TYPE_CHECKING, Any

from matplotlib.patches import Patch

from .labels import Labels, Language
from .quantities import (
    RESOURCES,
    SAVINGS_COLUMNS,
    Resource,
    Saving,
    demand_columns,
    demand_scenarios,
    measure_count,
    measured,
    replications,
)
from .style import BLUE, FAINT, INK, QUIET, SKY, VERMILLION, WIDTH_IN, slide, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

LEFT_IN = 2.65

VALUE_PT = 11.0

HATCH: dict[str, Any] = {"edgecolor": VERMILLION, "hatch": "////", "linewidth": 0.0}

PARTS = (("naive", 0.31, FAINT), ("alone", 0.0, SKY), ("saving", -0.31, BLUE))


@styled
def draw_three_sums(savings: DataFrame, *, hours: float = 8760.0, language: Language = "en") -> Figure:
    """Draw the three sums of each resource and scenario as shares of the catalogue sum.

    Three bars each: the desk figures added up (100 %), every measure simulated alone and added up, and all measures
    simulated together. What the catalogue counts and the meters don't show is hatched and written as a percentage.

    Parameters
    ----------
    savings : DataFrame
        ``savings.csv``: scenario, kpi, unit, naive_sum, alone_sum, saving, low, high, replications. A sum that was not
        computed is nan, and is left out. Where the catalogue promises nothing there are numbers and no bars.
    hours : float
        Length of the horizon that was simulated [h].
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If a column is missing, a unit is unknown, or the table is about no resource that is shown.
    """
    demand_columns(savings, SAVINGS_COLUMNS, "savings")
    labels = Labels(language)
    scenarios = demand_scenarios(savings)
    rows = {(r.key, s): row for r in RESOURCES for s in scenarios if (row := measured(savings, r, s))}
    resources = [r for r in RESOURCES if any((r.key, s) in rows for s in scenarios)]
    frame = slide(
        _finding(rows, scenarios, labels, hours),
        labels.text("sums.subtitle"),
        labels.source(replications=replications(savings)),
    )
    grid = frame.grid(
        len(resources), len(scenarios), left_in=LEFT_IN, right_in=0.5, lower_in=0.46, upper_in=0.36, hspace=0.16, wspace=0.08
    )
    usual = [share for row in rows.values() for share in _shares(row) if -0.6 < share < 1.6]
    ends = (min([0.0, *usual]), max([1.0, *usual]))
    for column, scenario in enumerate(scenarios):
        for line, resource in enumerate(resources):
            axes = frame.figure.add_subplot(grid[line, column])
            if line == 0:
                axes.set_title(labels.name("scenario", scenario), loc="left", size=14, weight="bold", pad=10, color=INK)
            if column == 0:
                _name(axes, resource, labels, hours)
            _panel(axes, rows.get((resource.key, scenario)), ends, labels)
    missing = [] if any(isfinite(row.alone) for row in rows.values()) else ["alone"]
    handles = [Patch(facecolor=colour, label=labels.text(f"sums.{key}")) for key, _, colour in PARTS if key not in missing]
    frame.legend([*handles, Patch(facecolor="white", label=labels.text("sums.gap"), **HATCH)])
    return frame.figure


def _finding(rows: dict[tuple[str, str], Saving], scenarios: list[str], labels: Labels, hours: float) -> str:
    """Tell of the last scenario's CO2e, or the first resource that its catalogue promises something of."""
    of_last = {key: row for (key, scenario), row in rows.items() if scenario == scenarios[-1]}
    promised = [key for key in ("co2", "money", *of_last) if key in of_last and of_last[key].naive > 0]
    key = promised[0] if promised else next(iter(of_last))
    row, resource = of_last[key], next(r for r in RESOURCES if r.key == key)
    count = measure_count(scenarios[-1])
    return labels.text(
        "sums.title_more" if row.saving > row.naive else "sums.title_less",
        measures=labels.text("savings.measures", count=str(count)) if count else labels.name("scenario", scenarios[-1]),
        span=labels.span("span.", hours),
        naive=labels.quantity(row.naive, resource.unit),
        simulated=labels.quantity(row.saving, resource.unit),
        share=labels.percent(row.saving / row.naive) if row.naive > 0 else "–",
    )


def _shares(row: Saving) -> tuple[float, ...]:
    """Return the sums over the catalogue sum; over the greatest if that is not known, and none if it promises nothing."""
    values = (row.naive, row.alone, row.saving)
    if row.naive == 0:
        return (0.0, math.nan, math.nan)
    whole = abs(row.naive) if isfinite(row.naive) else max(abs(v) for v in values if isfinite(v))
    return tuple(value / (whole or 1.0) for value in values)


def _panel(axes: Axes, row: Saving | None, ends: tuple[float, float], labels: Labels) -> None:
    """Bars take two thirds of the width, their numbers the rest; a panel that goes beyond the ends of all gets its own."""
    values: tuple[float, ...] = (row.naive, row.alone, row.saving) if row else ()
    shares: tuple[float, ...] = _shares(row) if row else ()
    known = [share for share in shares if isfinite(share)]
    low, high = min([ends[0], *known]), max([ends[1], *known])
    axes.set_xlim(low, low + (high - low) / 0.68)
    axes.set_ylim(-0.55, 0.55)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_position(("data", 0.0))
    per_in = (high - low) / 0.68 / (axes.get_position().width * WIDTH_IN)
    beside = max([0.0, *known]) + 0.12 * per_in
    for (key, lane, colour), value, share in zip(PARTS, values, shares, strict=bool(row)):
        if not isfinite(value):
            continue
        words, gap = labels.number(value), share - shares[0]
        if isfinite(share):
            axes.barh(lane, share, height=0.27, color=colour, zorder=2)
        if key != "naive" and isfinite(gap):
            words += f"  {labels.signed_percent(gap)}"
        axes.text(beside, lane, words, va="center_baseline", size=VALUE_PT, weight="bold" if key == "saving" else "normal")
        if key == "saving" and isfinite(gap):
            axes.barh(lane, abs(gap), left=min(share, shares[0]), height=0.27, facecolor="white", zorder=3, **HATCH)


def _name(axes: Axes, resource: Resource, labels: Labels, hours: float) -> None:
    left = -(LEFT_IN - 0.55) / (axes.get_position().width * WIDTH_IN)
    name = labels.text(f"resource.{resource.key}")
    axes.text(left, 0.54, name, transform=axes.transAxes, va="bottom", size=14, weight="bold")
    axes.text(left, 0.44, labels.unit(resource.unit, hours=hours), transform=axes.transAxes, va="top", size=11.5, color=QUIET)
