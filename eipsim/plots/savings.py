"""What each resource's meters save in each scenario, against the figures that were published."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from .labels import Labels, Language, is_year, three_digits
from .quantities import (
    CLAIMS_COLUMNS,
    RESOURCES,
    SAVINGS_COLUMNS,
    Published,
    Resource,
    Saving,
    demand_columns,
    demand_scenarios,
    measure_count,
    measured,
    published,
    replications,
)
from .style import INK, QUIET, SKY, VERMILLION, WIDTH_IN, Slide, decimals_of, number_ticks, slide, styled, text_width_in, wrap

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame

LEFT_IN = 2.65

VALUE_PT = 11.5

LANE = 0.30

PUBLISHED_INK = "#A94700"

DIAMOND: dict[str, Any] = {
    "marker": "D",
    "markersize": 8.0,
    "markeredgewidth": 2.0,
    "markeredgecolor": VERMILLION,
    "color": VERMILLION,
}


@styled
def draw_savings(savings: DataFrame, claims: DataFrame, *, hours: float = 8760.0, language: Language = "en") -> Figure:
    """Draw simulated savings with their intervals beside published figures with their rounding.

    One row per resource, one column per scenario. A bar is the saving at equal production, the whisker its 95 % interval,
    a diamond the published figure: filled if it was published as realised, open if as potential, its line the rounding.

    Parameters
    ----------
    savings : DataFrame
        ``savings.csv``: scenario, kpi, unit, naive_sum, alone_sum, saving, low, high, replications.
    claims : DataFrame
        ``claims.csv``: claim, basis, unit, published, rounding_half_width. Published figures are per year, so they are
        left out if the horizon is not a year.
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
    demand_columns(claims, CLAIMS_COLUMNS, "claims")
    labels = Labels(language)
    claims = claims if is_year(hours) else claims.iloc[:0]
    scenarios = demand_scenarios(savings)
    resources = [r for r in RESOURCES if any(measured(savings, r, scenario) for scenario in scenarios)]
    count = replications(savings)
    source = labels.source(replications=count, interval=count > 1, published=not claims.empty)
    frame = slide(_finding(savings, claims, scenarios, labels, hours), labels.text("savings.subtitle"), source)
    grid = frame.grid(
        len(resources), len(scenarios), left_in=LEFT_IN, right_in=0.5, lower_in=0.72, upper_in=0.36, hspace=0.80, wspace=0.10
    )
    pairs = {
        (r.key, name): (row, published(claims, r, name))
        for r in resources
        for name in scenarios
        if (row := measured(savings, r, name))
    }
    unpublished = "" if claims.empty else labels.text("savings.unpublished")
    words = [(_words(row, labels), _claimed(claim, labels) or unpublished) for row, claim in pairs.values()]
    words_in = max(max(text_width_in(bold, VALUE_PT, "bold"), text_width_in(plain, VALUE_PT)) for bold, plain in words)
    for column, scenario in enumerate(scenarios):
        for line, resource in enumerate(resources):
            axes = frame.figure.add_subplot(grid[line, column])
            if (resource.key, scenario) in pairs:
                saving, claim = pairs[resource.key, scenario]
                _panel(
                    axes,
                    saving,
                    claim,
                    (_words(saving, labels), _claimed(claim, labels) or unpublished),
                    words_in=words_in,
                    labels=labels,
                )
            if line == 0:
                axes.set_title(labels.name("scenario", scenario), loc="left", size=14, weight="bold", pad=16, color=INK)
            if column == 0:
                _name(axes, resource, labels, hours)
    _legend(frame, labels, [row for row, _ in pairs.values()], [claim for _, claim in pairs.values() if claim])
    return frame.figure


def _finding(savings: DataFrame, claims: DataFrame, scenarios: list[str], labels: Labels, hours: float) -> str:
    co2, money = (next(r for r in RESOURCES if r.key == key) for key in ("co2", "money"))
    for scenario in reversed(scenarios):
        saved = [measured(savings, r, scenario) for r in (co2, money)]
        claimed = [published(claims, r, scenario) for r in (co2, money)]
        if all(saved) and all(claimed):
            co2_t, money_bn = (row.saving for row in saved if row)
            co2_claim, money_claim = (claim.value for claim in claimed if claim)
            return labels.text(
                "savings.title",
                measures=labels.text("savings.measures", count=str(measure_count(scenario))),
                co2=labels.quantity(co2_t, co2.unit),
                money=labels.quantity(money_bn, money.unit),
                co2_share=labels.percent(co2_t / co2_claim),
                money_share=labels.percent(money_bn / money_claim),
                span=labels.span("span.", hours),
            )
    shown = [(scenario, r, row) for scenario in scenarios for r in RESOURCES if (row := measured(savings, r, scenario))]
    scenario, resource, row = shown[-1]
    value = labels.quantity(row.saving, resource.unit)
    return labels.text(
        "savings.title_plain", measures=labels.name("scenario", scenario), value=value, span=labels.span("span.", hours)
    )


def _words(saving: Saving, labels: Labels) -> str:
    numbers = (saving.saving, saving.low, saving.high)
    value, low, high = (labels.number(number, three_digits(*numbers)) for number in numbers)
    if not isfinite(saving.low + saving.high) or not any(numbers):
        return value
    return labels.text("savings.value", value=value, low=low, high=high)


def _claimed(claim: Published | None, labels: Labels) -> str:
    if claim is None:
        return ""
    return labels.text("savings.published", value=labels.number(claim.value, decimals_of(2.0 * claim.rounding_half_width)))


def _panel(
    axes: Axes, saving: Saving, claim: Published | None, words: tuple[str, str], *, words_in: float, labels: Labels
) -> None:
    """Bar above, published figure below, both written at the right, where ``words_in`` is kept free of data."""
    axes.barh(LANE, saving.saving, height=0.46, color=SKY, zorder=2)
    ends = [0.0, saving.saving]
    if isfinite(saving.low + saving.high) and saving.low < saving.high:
        axes.plot([saving.low, saving.high], [LANE, LANE], color=INK, linewidth=1.6, zorder=4, solid_capstyle="butt")
        for end in (saving.low, saving.high):
            axes.plot([end, end], [LANE - 0.16, LANE + 0.16], color=INK, linewidth=1.6, zorder=4)
        ends += [saving.low, saving.high]
    if claim is not None:
        ends += [claim.value - claim.rounding_half_width, claim.value + claim.rounding_half_width]
    width_in = axes.get_position().width * WIDTH_IN
    per_in = ((max(ends) - min(ends)) or 1.0) / (width_in - words_in - 0.35)
    axes.set_xlim(min(ends), min(ends) + width_in * per_in)
    axes.set_ylim(-0.66, 0.62)
    beside = max(ends) + 0.18 * per_in
    axes.text(beside, LANE, words[0], va="center_baseline", size=VALUE_PT, weight="bold")
    axes.text(beside, -LANE, words[1], va="center_baseline", size=VALUE_PT, color=PUBLISHED_INK if claim else QUIET)
    if claim is not None:
        axes.plot(ends[-2:], [-LANE, -LANE], color=VERMILLION, linewidth=4.0, zorder=5, solid_capstyle="butt")
        face = VERMILLION if claim.basis == "realised" else "white"
        axes.plot([claim.value], [-LANE], markerfacecolor=face, zorder=6, linestyle="none", clip_on=False, **DIAMOND)
    axes.set_yticks([])
    axes.spines["left"].set_position(("data", 0.0))
    axes.spines["bottom"].set_bounds(min(ends), max(ends))
    number_ticks(axes.xaxis, min(ends), max(ends), labels.number, most=4, width_in=(max(ends) - min(ends)) / per_in)
    axes.tick_params(axis="x", length=3, pad=2, labelsize=10)


def _name(axes: Axes, resource: Resource, labels: Labels, hours: float) -> None:
    left = -(LEFT_IN - 0.55) / (axes.get_position().width * WIDTH_IN)
    name = wrap(labels.text(f"resource.{resource.key}"), LEFT_IN - 0.7, 14, "bold")
    axes.text(left, 0.5, name, transform=axes.transAxes, va="bottom", size=14, weight="bold", linespacing=1.05)
    axes.text(left, 0.36, labels.unit(resource.unit, hours=hours), transform=axes.transAxes, va="top", size=11.5, color=QUIET)


def _legend(frame: Slide, labels: Labels, rows: list[Saving], claims: list[Published]) -> None:
    """Name what is on the slide, and nothing else."""
    handles: list[Artist] = [Patch(facecolor=SKY, label=labels.text("savings.simulated"))]
    if any(isfinite(row.low + row.high) for row in rows):
        handles.append(Line2D([], [], color=INK, linewidth=1.6, label=labels.text("savings.interval")))
    bases = {claim.basis for claim in claims}
    for basis, face in (("realised", VERMILLION), ("catalogue", "white")):
        if basis in bases:
            name = labels.text(f"savings.{basis}")
            handles.append(Line2D([], [], markerfacecolor=face, linestyle="none", label=name, **DIAMOND))
    if claims:
        handles.append(Line2D([], [], color=VERMILLION, linewidth=4.0, label=labels.text("savings.rounding")))
    frame.legend(handles)
