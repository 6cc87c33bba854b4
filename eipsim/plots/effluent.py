"""What online monitoring saw of the effluent, beside the limits of the standard that holds, and how long it was beyond them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import DataError, Problems
from .dates import LONGEST_BY_DAY, name_dates
from .labels import Labels, Language
from .style import BLUE, INK, QUIET, SKY, VERMILLION, name_axis, number_ticks, slide, styled, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

LIMIT_INK = "#A94700"
BESIDE_IN = 2.75


class Spells(NamedTuple):
    """How often and how long a concentration was beyond its limit: number, hours in all, hours of the longest."""

    times: int
    hours: float
    longest_h: float


@styled
def draw_effluent(
    hour: ArrayLike,
    found_g_per_m3: Mapping[str, ArrayLike],
    *,
    limits_g_per_m3: Mapping[str, float],
    standard: str,
    start: date,
    hours: float,
    scenario: str = "baseline",
    language: Language = "en",
) -> Figure:
    """Draw the concentration of each substance over time with its limit, what is beyond it marked, and for how long.

    Up to two months every sample is drawn, in longer records the lowest and highest of each day.

    Parameters
    ----------
    hour : array_like of shape (samples,)
        Hours since the start of the record, increasing [h]; without flow there is no sample.
    found_g_per_m3 : mapping of str to array_like of shape (samples,)
        Concentration by substance [g/m3].
    limits_g_per_m3 : mapping of str to float
        What may be let out, by substance [g/m3]; substances are drawn in this order.
    standard : str
        Name of the discharge standard.
    start : date
        First day of the record.
    hours : float
        Length of the record [h].
    scenario : str
        What the samples are of, as named in the label table.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If there is no sample, hours don't increase, a substance has no limit or another number of samples, or a value is
        negative or not finite.
    """
    labels = Labels(language)
    at = np.asarray(hour, dtype=np.float64)
    found = {name: np.asarray(values, dtype=np.float64) for name, values in found_g_per_m3.items()}
    _check(at, found, limits_g_per_m3)
    shown = [name for name in limits_g_per_m3 if name in found]
    spells = {name: spells_of(at, found[name], limits_g_per_m3[name], hours) for name in shown}
    subtitle = labels.text("effluent.subtitle", scenario=labels.name("scenario", scenario), standard=standard)
    frame = slide(_finding(spells, found, limits_g_per_m3, labels), subtitle, labels.source())
    grid = frame.grid(len(shown), 1, left_in=0.95, right_in=BESIDE_IN, lower_in=0.42, upper_in=0.34, hspace=0.62)
    days = max(1, round(np.ceil(hours / 24.0)))
    for row, name in enumerate(shown):
        axes = frame.figure.add_subplot(grid[row, 0])
        limit = limits_g_per_m3[name]
        top = 1.12 * max(limit, float(found[name].max()))
        axes.set_ylim(0.0, top)
        (_by_day if days > LONGEST_BY_DAY else _by_sample)(axes, at, found[name], limit, days)
        axes.axhline(limit, color=VERMILLION, linewidth=1.4, linestyle=(0, (5, 2)), zorder=3)
        number_ticks(axes.yaxis, 0.0, top, labels.number, most=2)
        name_axis(axes, f"{labels.name('substance', name)} [{labels.unit('g_per_m3')}]")
        _beside(axes, spells[name], found[name], limit, labels)
        if row == len(shown) - 1:
            name_dates(axes, start, days, labels)
        else:
            axes.set_xlim(0, days)
            axes.set_xticks([])
    return frame.figure


def spells_of(hour: Floats, found: Floats, limit: float, end_h: float) -> Spells:
    """Return how often and how long samples were beyond a limit; a spell lasts until the first sample within.

    Parameters
    ----------
    hour, found : ndarray of shape (samples,)
        Hours [h], and concentrations [g/m3].
    limit : float
        In the same unit as the concentrations.
    end_h : float
        When the record ends, and with it the last spell [h].

    Examples
    --------
    >>> spells_of(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([1.0, 9.0, 9.0, 1.0, 9.0]), 5.0, 6.0)
    Spells(times=2, hours=3.0, longest_h=2.0)
    """
    beyond = np.concatenate(([False], found > limit, [False]))
    edges = np.flatnonzero(beyond[1:] != beyond[:-1])
    times = np.append(hour, end_h)
    lengths = times[edges[1::2]] - times[edges[::2]]
    return Spells(len(lengths), float(lengths.sum()), float(lengths.max(initial=0.0)))


def _check(hour: Floats, found: Mapping[str, Floats], limits: Mapping[str, float]) -> None:
    with Problems("effluent", DataError) as problems:
        if hour.ndim != 1 or not len(hour):
            problems.add("hour", "is empty: needs at least one sample")
        elif not (np.diff(hour) > 0).all():
            problems.add("hour", "falls or stands still somewhere: hours must increase")
        for name, values in found.items():
            if name not in limits:
                problems.add(name, f"has no limit: limits are known of {', '.join(limits)}")
            if values.shape != hour.shape:
                problems.add(name, f"has shape {values.shape}: must have one value for each of {len(hour)} samples")
            elif not (np.isfinite(values).all() and (values >= 0).all()):
                problems.add(name, "has a value below 0 or none at all: must be 0 or more")


def _by_sample(axes: Axes, hour: Floats, found: Floats, limit: float, days: int) -> None:
    """Draw every sample, with a gap where nothing flowed."""
    gap = 1.5 * float(np.median(np.diff(hour))) if len(hour) > 1 else np.inf
    breaks = np.flatnonzero(np.diff(hour) > gap) + 1
    x, y = np.insert(hour, breaks, hour[breaks - 1] + gap / 2) / 24.0, np.insert(found, breaks, np.nan)
    axes.plot(x, y, color=BLUE, linewidth=1.3)
    over = np.where(np.isnan(y), limit, np.maximum(y, limit))
    axes.plot(hour[found > limit] / 24.0, found[found > limit], "o", markersize=3.0, color=VERMILLION, zorder=4)
    axes.fill_between(x, limit, over, where=~np.isnan(y) & (over > limit), interpolate=True, color=VERMILLION, linewidth=0.0)


def _by_day(axes: Axes, hour: Floats, found: Floats, limit: float, days: int) -> None:
    """Draw the lowest and highest sample of each day."""
    day = np.clip(((hour - 1e-9) // 24.0).astype(int), 0, days - 1)
    low, high = np.full(days, np.inf), np.full(days, -np.inf)
    np.minimum.at(low, day, found)
    np.maximum.at(high, day, found)
    known = np.isfinite(low)
    edges = np.arange(days + 1)
    axes.stairs(np.where(known, high, np.nan), edges, baseline=np.where(known, low, np.nan), fill=True, color=SKY)
    over = np.where(known & (high > limit), high, np.nan)
    axes.stairs(over, edges, baseline=limit, fill=True, color=VERMILLION)


def _beside(axes: Axes, spells: Spells, found: Floats, limit: float, labels: Labels) -> None:
    """Write beside a curve its limit, and how often and how long it was beyond."""
    words = labels.text("effluent.limit", value=labels.quantity(limit, "g_per_m3"))
    if spells.times:
        numbers = {
            "hours": labels.quantity(spells.hours, "h", 0),
            "count": str(spells.times),
            "longest": labels.quantity(spells.longest_h, "h", 0),
        }
        told = labels.text("effluent.beyond" if spells.times > 1 else "effluent.beyond_once", **numbers)
    else:
        told = labels.text("effluent.kept", share=labels.percent(float(found.max()) / limit))
    axes.text(1.015, 1.0, words, size=11.0, color=LIMIT_INK, transform=axes.transAxes, va="center")
    told = wrap(told, BESIDE_IN - 0.35, 11.0)
    axes.text(
        1.015, 0.78, told, size=11.0, color=INK if spells.times else QUIET, transform=axes.transAxes, va="top", linespacing=1.2
    )


def _finding(spells: Mapping[str, Spells], found: Mapping[str, Floats], limits: Mapping[str, float], labels: Labels) -> str:
    worst = max(spells, key=lambda name: spells[name].hours)
    if spells[worst].times:
        beyond = [name for name in spells if spells[name].times]
        return labels.text(
            "effluent.title_beyond",
            substance=labels.name("substance", worst),
            hours=labels.quantity(spells[worst].hours, "h", 0),
            count=str(len(beyond)),
            all=str(len(spells)),
        )
    nearest = max(spells, key=lambda name: float(found[name].max()) / limits[name])
    share = labels.percent(float(found[nearest].max()) / limits[nearest])
    return labels.text("effluent.title_kept", substance=labels.name("substance", nearest), share=share)
