"""The day of an outage: who carries what on a feeder, and what goes unserved in each scenario."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Patch
from numpy.typing import ArrayLike, NDArray

from ..errors import DataError, Problems
from .labels import Labels, Language
from .style import (
    BLUE,
    FAINT,
    GREEN,
    INK,
    ORANGE,
    PALE,
    SCENARIO_COLOURS,
    SERIES_COLOURS,
    name_axis,
    number_ticks,
    slide,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

FEEDER, GENERATORS, BATTERIES = "feeder", "generators", "batteries"
"""Who carries the users of a feeder; keys of labels."""

COLOURS = {FEEDER: BLUE, GENERATORS: ORANGE, BATTERIES: GREEN}
DAY_H = 24


@styled
def draw_outage_day(
    need_kw: ArrayLike,
    carried_kw: Mapping[str, ArrayLike],
    unserved_kwh: Mapping[str, float],
    lost_vnd: Mapping[str, float],
    *,
    day: date,
    scenario: str,
    step_h: float = 0.5,
    replications: int = 1,
    language: Language = "en",
) -> Figure:
    """Draw who carried the users of a feeder on one day, and what all scenarios left unserved and lost.

    At the left the day of one scenario over what the same users drew in the baseline; the gap is what nobody carried. At the
    right two bars for each scenario with an outage: electricity not served, and contribution margin lost with stopped lines,
    both over the whole horizon and beyond the baseline's.

    Parameters
    ----------
    need_kw : array_like of shape (steps,)
        What the feeder brought in the baseline on that day [kW].
    carried_kw : mapping of str to array_like of shape (steps,)
        By ``feeder``, ``generators`` and ``batteries``: what each gave its users [kW].
    unserved_kwh, lost_vnd : mapping of str to float
        By scenario, more than in the baseline [kWh], [VND]; the first is the outage without anything against it.
    day : date
        Which.
    scenario : str
        The one of the left panel.
    step_h : float
        Width of a step [h].
    replications : int
        Over which the right panels are means; the day is of the first.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If the series are not one day, a part is unknown, a number is not finite, or scenarios differ.
    """
    labels = Labels(language)
    need = np.asarray(need_kw, dtype=np.float64)
    parts = {name: np.asarray(values, dtype=np.float64) for name, values in carried_kw.items()}
    with Problems("outage day", DataError) as problems:
        _check_series(problems, {"need_kw": need, **parts}, round(DAY_H / step_h))
        _check_scenarios(problems, unserved_kwh, lost_vnd, scenario)
    frame = slide(
        _finding(unserved_kwh, lost_vnd, scenario, labels),
        labels.text("outage.subtitle", scenario=labels.name("scenario", scenario), day=labels.full_date(day)),
        labels.source(replications=replications),
    )
    left_grid = frame.grid(1, 1, left_in=0.95, right_in=5.3, lower_in=1.0, upper_in=0.35)
    right_grid = frame.grid(2, 1, left_in=9.75, right_in=0.55, lower_in=0.7, upper_in=0.35, hspace=0.35)
    _day(frame.figure.add_subplot(left_grid[0, 0]), need, parts, step_h, labels)
    names = list(unserved_kwh)
    bars = [
        ("outage.unserved", "MWh", [unserved_kwh[name] / 1e3 for name in names]),
        ("outage.lost", "bn_vnd", [lost_vnd[name] / 1e9 for name in names]),
    ]
    for k, (key, unit, values) in enumerate(bars):
        _bars(frame.figure.add_subplot(right_grid[k, 0]), names, values, labels.text(key, unit=labels.unit(unit)), labels)
    keys = [Patch(color=COLOURS[name], label=labels.text(f"outage.{name}")) for name in parts]
    frame.legend([*keys, Patch(facecolor=PALE, edgecolor=FAINT, hatch="///", label=labels.text("outage.nobody"))])
    return frame.figure


def _check_series(problems: Problems, series: Mapping[str, Floats], steps: int) -> None:
    for name, values in series.items():
        if values.shape != (steps,) or not np.isfinite(values).all():
            problems.add(name, f"has {values.size} steps: must be a day of {steps}, all of them finite")
    if unknown := sorted(series.keys() - {"need_kw", *COLOURS}):
        problems.add("carried_kw", f"names {', '.join(unknown)}: must be {', '.join(COLOURS)}")


def _check_scenarios(
    problems: Problems, unserved_kwh: Mapping[str, float], lost_vnd: Mapping[str, float], scenario: str
) -> None:
    if not unserved_kwh or unserved_kwh.keys() != lost_vnd.keys():
        problems.add("lost_vnd", "must name the scenarios of unserved_kwh, and at least one")
    elif scenario not in unserved_kwh:
        problems.add("scenario", f"= {scenario!r}: must be one of {', '.join(unserved_kwh)}")
    for name, value in (*unserved_kwh.items(), *lost_vnd.items()):
        if not np.isfinite(value):
            problems.add(name, "has a number that is not finite")


def _finding(unserved_kwh: Mapping[str, float], lost_vnd: Mapping[str, float], scenario: str, labels: Labels) -> str:
    first = next(iter(unserved_kwh))
    lost_bn, kept_bn = lost_vnd[first] / 1e9, (lost_vnd[first] - lost_vnd[scenario]) / 1e9
    return labels.text(
        "outage.title",
        unserved=labels.quantity(unserved_kwh[first] / 1e3, "MWh"),
        lost=labels.quantity(lost_bn, "bn_vnd"),
        share=labels.percent(kept_bn / lost_bn if lost_bn else 0.0),
    )


def _day(axes: Axes, need: Floats, parts: Mapping[str, Floats], step_h: float, labels: Labels) -> None:
    edges = np.arange(len(need) + 1) * step_h
    base = np.zeros(len(need))
    axes.stairs(need / 1e3, edges, fill=True, facecolor=PALE, edgecolor=FAINT, hatch="///", linewidth=0.0)
    for name, values in parts.items():
        axes.stairs((base + values) / 1e3, edges, baseline=base / 1e3, fill=True, color=COLOURS[name])
        base = base + values
    axes.stairs(need / 1e3, edges, color=INK, linewidth=1.4)
    top = 1.06 * float(max(need.max(), base.max())) / 1e3 or 1.0
    axes.set_ylim(0.0, top)
    axes.set_xlim(0.0, DAY_H)
    axes.set_xticks(range(0, DAY_H + 1, 4))
    axes.set_xlabel(labels.text("outage.hour"))
    number_ticks(axes.yaxis, 0.0, top, labels.number)
    name_axis(axes, labels.text("outage.power", unit=labels.unit("MW")))
    axes.grid(True, axis="y")


def _bars(axes: Axes, names: list[str], values: list[float], title: str, labels: Labels) -> None:
    palette = [*SCENARIO_COLOURS, *SERIES_COLOURS[1:]]
    places = np.arange(len(values))[::-1]
    axes.barh(places, values, height=0.55, color=[palette[k % len(palette)] for k in range(len(values))])
    span = max(*values, 0.0) - min(*values, 0.0) or 1.0
    axes.set_xlim(min(*values, 0.0), max(*values, 0.0) + 0.42 * span)
    for place, value in zip(places, values, strict=True):
        axes.text(max(value, 0.0) + 0.03 * span, place, labels.number(value), va="center", size=11.5)
    axes.set_yticks(places, [labels.name("scenario_lines", name) for name in names])
    axes.tick_params(length=0)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    name_axis(axes, title)
