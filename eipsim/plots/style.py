"""How a slide looks: palette, size, type, the frame with title and source line, and its bytes as PNG and SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

from matplotlib import style
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font
from matplotlib.ticker import MaxNLocator

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.gridspec import GridSpec

P = ParamSpec("P")

WIDTH_IN, HEIGHT_IN = 13.333, 7.5
"""A 16:9 slide [in]."""

DOTS_PER_INCH = 200

MARGIN_IN = 0.55

BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILLION, PURPLE = (
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
"""The eight colours of Okabe and Ito (2008), told apart with each common form of colour blindness."""

INK, QUIET, FAINT, PALE = "#1A1A1A", "#5A5A5A", "#BDBDBD", "#EEEEEE"

SERIES_COLOURS = (BLUE, SKY, GREEN, ORANGE, PURPLE, YELLOW, VERMILLION, "#999999", "#666666", "#C9C9C9")
"""Colours for stacked parts, in the order in which they are given out."""

SCENARIO_COLOURS = (QUIET, ORANGE, BLUE)
"""Colours of scenarios, the baseline first."""

RC: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 12.0,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.labelsize": 12.0,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 11.0,
    "ytick.labelsize": 11.0,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.7,
    "hatch.linewidth": 0.9,
    "legend.frameon": False,
    "legend.fontsize": 11.0,
    "svg.hashsalt": "eipsim",
    "svg.fonttype": "path",
}


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Let a function draw with the style of this module, whatever the user's own matplotlib settings are."""

    @wraps(draw)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with style.context(["default", RC]):
            return draw(*args, **kwargs)

    return wrapped


def encode(figure: Figure, kind: Literal["png", "svg"]) -> bytes:
    """Return a figure as the bytes of a file.

    The bytes carry no date and no random identifier, so the same table gives the same bytes with one version of matplotlib.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What one of the ``draw`` functions returned.
    kind : {"png", "svg"}
        A raster of 200 dots per inch, or a drawing with text as outlines, which looks alike without its fonts.

    Returns
    -------
    bytes
        The content of the file.
    """
    metadata: dict[str, Any] = {"Date": None, "Creator": "eipsim"} if kind == "svg" else {"Software": "eipsim"}
    buffer = BytesIO()
    with style.context(["default", RC]):
        figure.savefig(buffer, format=kind, dpi=DOTS_PER_INCH, metadata=metadata)
    return buffer.getvalue()


@cache
def _font(weight: str) -> FT2Font:
    font = FT2Font(findfont(FontProperties(family=RC["font.family"], weight=weight)))
    font.set_size(100.0, 72.0)
    return font


@cache
def _advance_em(letter: str, weight: str) -> float:
    return float(_font(weight).load_char(ord(letter)).linearHoriAdvance) / 65536.0 / 100.0


def text_width_in(text: str, size_pt: float, weight: str = "normal") -> float:
    """Return how wide a line of text is [in], without the little that kerning takes off."""
    return sum(_advance_em(letter, weight) for letter in text) * size_pt / 72.0


def wrap(text: str, width_in: float, size_pt: float, weight: str = "normal") -> str:
    """Break a text into as few lines as fit a width, and make those lines about equally long.

    Parameters
    ----------
    text : str
        One paragraph; a word wider than ``width_in`` keeps a line of its own. No-break spaces hold words together.
    width_in : float
        Width that is free [in].
    size_pt : float
        Size of type [pt].
    weight : str
        ``normal`` or ``bold``.

    Returns
    -------
    str
        The text with line breaks.
    """
    words = [word for word in text.split(" ") if word]

    def lines(width: float) -> list[str]:
        broken = [words[0]] if words else [""]
        for word in words[1:]:
            longer = f"{broken[-1]} {word}"
            if text_width_in(longer, size_pt, weight) <= width:
                broken[-1] = longer
            else:
                broken.append(word)
        return broken

    best = lines(width_in)
    narrower = width_in
    while len(best) > 1 and narrower > 0.5 * width_in:
        narrower -= 0.03 * width_in
        trial = lines(narrower)
        if len(trial) > len(best):
            break
        best = trial
    return "\n".join(best)


@dataclass(frozen=True)
class Slide:
    """A figure with its title, subtitle and source line set, and the room that is left between them.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    top_in, bottom_in : float
        Upper and lower end of the free room, from the bottom of the slide [in].
    """

    figure: Figure
    top_in: float
    bottom_in: float

    def grid(
        self,
        rows: int,
        columns: int,
        *,
        left_in: float,
        right_in: float,
        lower_in: float = 0.0,
        upper_in: float = 0.0,
        **spacing: Any,
    ) -> GridSpec:
        """Divide the free room; the margins count from the edges of the slide, ``lower_in`` and ``upper_in`` from the room."""
        return self.figure.add_gridspec(
            rows,
            columns,
            left=left_in / WIDTH_IN,
            right=1.0 - right_in / WIDTH_IN,
            bottom=(self.bottom_in + lower_in) / HEIGHT_IN,
            top=(self.top_in - upper_in) / HEIGHT_IN,
            **spacing,
        )

    def legend(self, handles: Sequence[Artist]) -> None:
        """Put a legend in one row at the bottom of the free room, as far apart as the slide allows."""
        words_in = sum(text_width_in(str(handle.get_label()), 11.0) + 0.42 for handle in handles)
        free_in = WIDTH_IN - 2 * MARGIN_IN - words_in
        gap_in = min(max(free_in / max(len(handles) - 1, 1), 0.1), 0.45)
        self.figure.legend(
            handles=handles,
            loc="lower left",
            ncols=len(handles),
            borderpad=0.0,
            borderaxespad=0.0,
            bbox_to_anchor=(MARGIN_IN / WIDTH_IN, (self.bottom_in + 0.02) / HEIGHT_IN),
            handlelength=1.8,
            handletextpad=0.7,
            columnspacing=gap_in * 72.0 / 11.0,
        )


def slide(title: str, subtitle: str, source: str) -> Slide:
    """Open a slide: the finding in bold at the top, what is shown below it, where it comes from at the bottom.

    Parameters
    ----------
    title, subtitle, source : str
        Texts of any length; each is broken to the width of the slide.

    Returns
    -------
    Slide
        The figure and the room left for axes.
    """
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), facecolor="white")
    width_in = WIDTH_IN - 2 * MARGIN_IN
    top_in = HEIGHT_IN - 0.42
    for text, size_pt, weight, colour, gap_in in ((title, 21.0, "bold", INK, 0.10), (subtitle, 12.5, "normal", QUIET, 0.12)):
        broken = wrap(text, width_in, size_pt, weight)
        figure.text(
            MARGIN_IN / WIDTH_IN,
            top_in / HEIGHT_IN,
            broken,
            size=size_pt,
            weight=weight,
            color=colour,
            va="top",
            linespacing=1.18,
        )
        top_in -= (broken.count("\n") + 1) * size_pt * 1.38 / 72.0 + gap_in
    size_pt = 9.5
    broken = wrap(source, width_in, size_pt)
    figure.text(MARGIN_IN / WIDTH_IN, 0.22 / HEIGHT_IN, broken, size=size_pt, color=QUIET, va="bottom", linespacing=1.25)
    return Slide(figure, top_in, 0.22 + (broken.count("\n") + 1) * size_pt * 1.45 / 72.0 + 0.12)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels apart as little as needed, keeping their order.

    Parameters
    ----------
    wanted : sequence of float
        Where each label would stand, in any order.
    gap : float
        Least distance between two labels.
    low, high : float
        Where the first and the last may stand at most; if there is too little room the gap shrinks.

    Returns
    -------
    list of float
        Where each label stands, in the order of ``wanted``.

    Examples
    --------
    >>> spread([1.0, 1.0, 5.0], gap=1.0, low=0.0, high=10.0)
    [0.5, 1.5, 5.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    if len(wanted) > 1:
        gap = min(gap, (high - low) / (len(wanted) - 1))
    groups: list[tuple[float, int]] = []
    for i in order:
        centre, count = min(max(wanted[i], low), high), 1
        while groups and centre - groups[-1][0] < gap * (count + groups[-1][1]) / 2 - 1e-12:
            other, number = groups.pop()
            centre, count = (centre * count + other * number) / (count + number), count + number
            half = gap * (count - 1) / 2
            centre = min(max(centre, low + half), high - half)
        groups.append((centre, count))
    placed = [centre + gap * (k - (count - 1) / 2) for centre, count in groups for k in range(count)]
    result = [0.0] * len(wanted)
    for place, i in zip(placed, order, strict=True):
        result[i] = place
    return result


def name_axis(axes: Axes, words: str) -> None:
    """Write what stands on the vertical axis above it, where it reads without turning the head."""
    axes.set_ylabel(words, rotation=0, ha="left", va="bottom")
    height_in = axes.get_position().height * HEIGHT_IN
    axes.yaxis.set_label_coords(0.0, 1.0 + 0.06 / height_in)


def number_ticks(
    axis: Axis, low: float, high: float, write: Callable[[float, int], str], *, most: int = 5, width_in: float = math.inf
) -> None:
    """Set ticks at round numbers between two ends, written with the decimals that their step needs.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
        The axis that gets the ticks.
    low, high : float
        Ends between which ticks may stand, in the unit of the axis.
    write : callable
        Writes a number with so many decimals, for example `Labels.number`.
    most : int
        Greatest number of steps; fewer if the numbers would touch.
    width_in : float
        How far apart the two ends are on a horizontal axis [in].
    """
    if not high > low:
        axis.set_ticks([low], [write(low, 0)])
        return
    slack = 1e-9 * (high - low)
    for steps in range(most, 0, -1):
        values = MaxNLocator(steps, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
        ticks = [float(v) for v in values if low - slack <= v <= high + slack]
        decimals = decimals_of(float(values[1] - values[0]))
        words = [write(v, decimals) for v in ticks]
        widest_in = max(text_width_in(word, 11.0) for word in words) if words else 0.0
        if widest_in + 0.08 < width_in * float(values[1] - values[0]) / (high - low):
            break
    axis.set_ticks(ticks, words)


def decimals_of(step: float) -> int:
    """Return how many decimals a multiple of a step needs, at most 6."""
    return next((n for n in range(6) if abs(step * 10**n - round(step * 10**n)) < 1e-6 and step * 10**n > 0.5), 6)
