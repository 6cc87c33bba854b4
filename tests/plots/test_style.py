"""Layout that figures share."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from eipsim.plots.labels import Labels
from eipsim.plots.style import decimals_of, number_ticks, spread, text_width_in, wrap


@given(st.lists(st.floats(0, 10), min_size=1, max_size=8), st.floats(0.1, 1.0))
def test_labels_that_are_spread_keep_order_distance_and_room(wanted, gap):
    placed = spread(wanted, gap, 0.0, 10.0)

    ordered = [place for _, place in sorted(zip(wanted, placed, strict=True))]
    assert ordered == sorted(ordered)
    assert all(later - earlier >= gap - 1e-6 for earlier, later in pairwise(ordered))
    assert min(placed) >= -1e-6
    assert max(placed) <= 10.0 + 1e-6


def test_labels_far_apart_stay_where_they_are():
    assert spread([2.0, 8.0, 5.0], 1.0, 0.0, 10.0) == [2.0, 8.0, 5.0]


def test_labels_without_room_share_what_there_is():
    assert spread([1.0, 1.0, 1.0], 5.0, 0.0, 4.0) == pytest.approx([0.0, 2.0, 4.0])


def test_wrapped_lines_fit_and_no_line_is_left_nearly_empty():
    text = "Trong 36.256 tấn mỗi năm mà 159 giải pháp hứa hẹn trên giấy, 30.110 tấn thể hiện tại đồng hồ đo của nhà máy"

    lines = wrap(text, 6.0, 20.0, "bold").split("\n")

    widths = [text_width_in(line, 20.0, "bold") for line in lines]
    assert " ".join(lines) == text
    assert max(widths) <= 6.0
    assert min(widths) > 0.5 * max(widths)


def test_a_no_break_space_is_never_a_line_break():
    lines = wrap("save 36,256\N{NO-BREAK SPACE}t\N{NO-BREAK SPACE}CO₂e", 1.0, 20.0).split("\n")

    assert lines == ["save", "36,256\N{NO-BREAK SPACE}t\N{NO-BREAK SPACE}CO₂e"]


@pytest.mark.parametrize(("step", "decimals"), [(1.0, 0), (2.5, 1), (0.25, 2), (5000.0, 0), (0.001, 3), (0.1, 1)])
def test_a_step_has_the_decimals_it_needs(step, decimals):
    assert decimals_of(step) == decimals


def test_ticks_are_round_numbers_in_the_language():
    axes = Figure().add_subplot()

    number_ticks(axes.xaxis, 0.0, 8.0, Labels("vi").number, most=4)

    assert [label.get_text() for label in axes.get_xticklabels()] == ["0", "2", "4", "6", "8"]


def test_ticks_are_fewer_where_their_numbers_would_touch():
    wide, narrow = Figure().add_subplot(), Figure().add_subplot()

    for axes, width_in in ((wide, 6.0), (narrow, 1.5)):
        number_ticks(axes.xaxis, 0.0, 36_000.0, Labels("en").number, most=4, width_in=width_in)

    assert [label.get_text() for label in wide.get_xticklabels()] == ["0", "10,000", "20,000", "30,000"]
    assert [label.get_text() for label in narrow.get_xticklabels()] == ["0", "20,000"]
