"""A year of weather: light and temperature of every hour, and the rain of every day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError, Problems
from .labels import Labels, Language
from .style import BLUE, QUIET, name_axis, number_ticks, slide, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]


@styled
def draw_weather_year(
    month: NDArray[np.int64],
    *,
    ghi_w_per_m2: Floats,
    ambient_c: Floats,
    rain_mm_per_h: Floats,
    name: str,
    language: Language = "en",
) -> Figure:
    """Draw a year of weather as three strips over the days.

    Parameters
    ----------
    month : ndarray of shape (days,)
        Month of each day, 1-12.
    ghi_w_per_m2, ambient_c, rain_mm_per_h : ndarray of shape (days, 24)
        Global horizontal irradiance [W/m2], temperature [°C], rain [mm/h].
    name : str
        Which weather it is.
    language : {"en", "vi"}
        Language of all words and numbers.

    Returns
    -------
    matplotlib.figure.Figure
        A 16:9 slide.

    Raises
    ------
    DataError
        If the arrays are not of (days, 24), or a value is not finite.
    """
    labels = Labels(language)
    strips = {"ghi_w_per_m2": ghi_w_per_m2, "ambient_c": ambient_c, "rain_mm_per_h": rain_mm_per_h}
    with Problems("weather year", DataError) as problems:
        for key, values in strips.items():
            if values.shape != (month.size, 24) or not np.isfinite(values).all():
                problems.add(key, f"has shape {values.shape}: must be ({month.size}, 24), all finite")
    rain_mm = rain_mm_per_h.sum(axis=1)
    frame = slide(
        labels.text(
            "weather.title",
            sun=labels.number(float(ghi_w_per_m2.sum()) / 1000, 0),
            mean=labels.number(float(ambient_c.mean()), 1),
            rain=labels.number(float(rain_mm.sum()), 0),
            wet=labels.number(float((rain_mm >= 0.1).sum()), 0),
            days=str(month.size),
        ),
        labels.text("weather.subtitle", name=name),
        labels.text("weather.source"),
    )
    grid = frame.grid(
        3, 2, left_in=0.95, right_in=1.1, upper_in=0.42, lower_in=0.35, hspace=0.5, wspace=0.02, width_ratios=[60, 1]
    )
    light, air, rain = (frame.figure.add_subplot(grid[row, 0]) for row in range(3))
    _carpet(light, frame.figure.add_subplot(grid[0, 1]), ghi_w_per_m2, labels.text("weather.ghi"), labels)
    _carpet(air, frame.figure.add_subplot(grid[1, 1]), ambient_c, labels.text("weather.ambient"), labels)
    rain.bar(np.arange(month.size) + 0.5, rain_mm, width=1.0, color=BLUE, linewidth=0)
    most = float(rain_mm.max()) * 1.05 or 1.0
    rain.set_ylim(0.0, most)
    number_ticks(rain.yaxis, 0.0, most, labels.number, most=3)
    name_axis(rain, labels.text("weather.rain"))
    begins = np.flatnonzero(np.diff(month, prepend=-1))
    ends = [*begins[1:].tolist(), month.size]
    middles = [0.5 * (first + end) for first, end in zip(begins.tolist(), ends, strict=True)]
    for axes in (light, air, rain):
        axes.set_xlim(0, month.size)
        axes.set_xticks(middles, [labels.month(int(month[first])) for first in begins])
        axes.tick_params(axis="x", length=0)
        for end in ends[:-1]:
            axes.axvline(end, color=QUIET, linewidth=0.5, alpha=0.5)
    return frame.figure


def _carpet(axes: Axes, scale: Axes, values: Floats, words: str, labels: Labels) -> None:
    """Draw hours upward over days to the right, and the scale of the colours beside it."""
    image = axes.imshow(values.T, aspect="auto", origin="lower", extent=(0, len(values), 0, 24), cmap="cividis")
    axes.set_yticks([0, 6, 12, 18, 24], [f"{hour:02d}:00" for hour in (0, 6, 12, 18, 24)])
    name_axis(axes, words)
    low, high = float(values.min()), float(values.max())
    axes.figure.colorbar(image, cax=scale)
    number_ticks(scale.yaxis, low, high, labels.number, most=3)
