"""What every slide must hold, in both languages: everything readable, nothing on top of anything else, same bytes."""

from itertools import combinations
from pathlib import Path

import matplotlib
import pytest
from made_up import FIGURES, drawn, texts, title, visible_texts
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg

from eipsim import plots
from eipsim.plots.labels import LANGUAGES
from eipsim.plots.style import encode

pytestmark = pytest.mark.slow

NO_CATALOGUE = ("weather_year", "audit")
"""Slides of weather and of published figures."""

CASES = [(name, language) for name in FIGURES for language in LANGUAGES]


@pytest.fixture(scope="module")
def figures():
    found = {(name, language): drawn(name, language) for name, language in CASES}
    for figure in found.values():
        FigureCanvasAgg(figure)
        figure.draw_without_rendering()
    return found


def boxes(figure):
    """Return the words of a figure and where they stand, empty and unseen ones left out."""
    hidden = {id(label) for axis in figure.findobj(Axis) for label in outside(axis)}
    renderer = figure.canvas.get_renderer()
    return [(text.get_text(), text.get_window_extent(renderer)) for text in visible_texts(figure) if id(text) not in hidden]


def outside(axis):
    """Return the labels of ticks that lie beyond the limits and are not drawn."""
    low, high = sorted(axis.get_view_interval())
    slack = 1e-9 * (high - low)
    return [
        label
        for tick in axis.get_major_ticks()
        for label in (tick.label1, tick.label2)
        if not low - slack <= tick.get_loc() <= high + slack or not label.get_visible()
    ]


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_no_words_stand_on_other_words(figures, case):
    cores = [(words, box.expanded(0.98, 0.75)) for words, box in boxes(figures[case])]

    overlaps = [(first, second) for (first, a), (second, b) in combinations(cores, 2) if a.overlaps(b)]

    assert overlaps == []


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_all_words_stand_on_the_slide(figures, case):
    figure = figures[case]
    width, height = figure.canvas.get_width_height()

    beyond = [
        words
        for words, box in boxes(figure)
        if box.x0 < 0.01 * width or box.x1 > 0.99 * width or box.y0 < 0.01 * height or box.y1 > 0.99 * height
    ]

    assert beyond == []


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_words_beside_and_above_stay_off_the_data(figures, case):
    figure = figures[case]
    margins = [text.get_window_extent(figure.canvas.get_renderer()) for text in figure.texts]
    margins += [legend.get_window_extent() for legend in figure.legends]

    covered = [axes for axes in figure.axes for box in margins if axes.get_window_extent().overlaps(box)]

    assert covered == []


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_a_slide_is_16_to_9_with_a_title_and_the_line_on_the_catalogue(figures, case):
    figure = figures[case]
    line = {"en": "Synthetic catalogue: no row describes a real firm.", "vi": "Danh mục giả lập"}[case[1]]

    assert figure.get_figwidth() / figure.get_figheight() == pytest.approx(16 / 9, rel=1e-3)
    assert any(character.isdigit() for character in title(figure))
    assert any(line in words for words in texts(figure)) or case[0] in NO_CATALOGUE
    assert all("{" not in words for words in texts(figure))


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_data_give_the_same_svg_bytes_without_a_date(name):
    first, second = encode(FIGURES[name]("en"), "svg"), encode(FIGURES[name]("en"), "svg")

    assert first == second
    assert b"<dc:date>" not in first


def test_the_same_data_give_the_same_png_bytes():
    first, second = (encode(FIGURES["load_duration"]("en"), "png") for _ in range(2))

    assert first == second
    assert first[16:24] == (2666).to_bytes(4, "big") + (1500).to_bytes(4, "big")


def test_drawing_changes_no_setting_and_knows_no_current_figure():
    before = dict(matplotlib.rcParams)

    encode(FIGURES["tank"]("en"), "png")

    assert dict(matplotlib.rcParams) == before
    sources = {path.name: path.read_text(encoding="utf-8") for path in Path(plots.__file__).parent.glob("*.py")}
    assert [name for name, source in sources.items() if "pyplot" in source] == []


def test_a_users_own_matplotlib_settings_do_not_change_a_slide():
    plain = encode(FIGURES["load_duration"]("en"), "svg")

    with matplotlib.rc_context({"lines.linewidth": 9.0, "font.size": 3.0, "axes.grid": True, "svg.fonttype": "none"}):
        changed = encode(FIGURES["load_duration"]("en"), "svg")

    assert changed == plain
