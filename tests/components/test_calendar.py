import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eipsim.components import Calendar
from eipsim.components.calendar import WorkClock, without

hours = st.floats(0, 200).map(lambda x: round(x, 2))


@st.composite
def edges(draw):
    count = draw(st.integers(0, 5))
    return tuple(sorted(draw(st.lists(hours, min_size=2 * count, max_size=2 * count, unique=True))))


def worked(spans, until):
    return sum(max(0.0, min(b, until) - a) for a, b in zip(spans[::2], spans[1::2], strict=True))


def test_a_stop_takes_its_hours_out_of_work():
    assert without((8.0, 16.0, 32.0, 40.0), ((10.0, 12.0), (39.0, 50.0))) == (8.0, 10.0, 12.0, 16.0, 32.0, 39.0)


@given(edges(), edges())
def test_stops_take_exactly_what_they_cover(work, stops):
    pairs = tuple(zip(stops[::2], stops[1::2], strict=True))

    left = without(work, pairs)

    covered = sum(worked(work, b) - worked(work, a) for a, b in pairs)
    assert worked(left, 200.0) == pytest.approx(worked(work, 200.0) - covered, abs=1e-9)
    assert list(left) == sorted(left)


@given(edges(), hours, st.floats(0.01, 100))
def test_a_work_clock_finds_the_hour_at_which_the_work_is_done(work, now, work_h):
    hour = WorkClock(work).after(now, work_h)

    done = worked(work, now) + work_h
    if hour < math.inf:
        assert worked(work, hour) == pytest.approx(done, abs=1e-6)
    else:
        assert worked(work, 1e9) <= done + 1e-9


def test_edges_that_do_not_rise_are_refused():
    with pytest.raises(ValueError, match="rising order"):
        Calendar(edges_h=(8.0, 16.0, 12.0, 20.0))
    with pytest.raises(ValueError, match="start, stop"):
        Calendar(edges_h=(8.0, 16.0, 20.0))
