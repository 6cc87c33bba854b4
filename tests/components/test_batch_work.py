import math
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eipsim.components.batch_work import WITHOUT_PAUSE, BatchWork, turns
from eipsim.components.line import IDLE, RUN, SET_UP, UNORDERED, Plan

DAYS = (np.array([8.0, 32.0, 56.0]), np.array([16.0, 40.0, 64.0]), np.array([True, False, True]))


def told(work, since=0.0, until=math.inf):
    """What a line does, from when on: changes alone."""
    plan = Plan(IDLE)
    plan.extend(*work.course(since, until))
    hours, states = plan.until(until)
    return list(zip(hours.tolist(), states.tolist(), strict=True))


def test_a_batch_goes_on_after_a_day_without_orders():
    work = BatchWork(*DAYS, np.array([1.0, 10.0, 11.0, 99.0]))

    expected = [(8, SET_UP), (9, RUN), (16, IDLE), (32, UNORDERED), (40, IDLE), (56, RUN), (58, SET_UP), (59, RUN), (64, IDLE)]
    assert told(work) == expected


def test_a_failure_comes_with_hours_run_and_what_was_left_is_taken_up():
    work = BatchWork(*DAYS, np.array([1.0, 10.0, 11.0, 99.0]))

    assert work.fails_after(3.0) == 12.0
    work.go_on(14.0)

    assert told(work)[:4] == [(8, SET_UP), (9, RUN), (16, IDLE), (32, UNORDERED)]
    assert told(work, 14.0)[:2] == [(14, RUN), (16, IDLE)]
    assert told(work)[-4:] == [(56, RUN), (60, SET_UP), (61, RUN), (64, IDLE)]
    assert work.fails_after(6.0) == 60.0  # where the batch ends, before the next set-up


def test_a_repair_that_takes_all_day_leaves_the_line_standing_until_the_next():
    work = BatchWork(*DAYS, WITHOUT_PAUSE)

    assert work.fails_after(8.0) == 16.0  # at the end of the day, not at the start of the next
    work.go_on(60.0)

    assert told(work, 16.0) == [(60, RUN), (64, IDLE)]
    assert work.fails_after(5.0) == math.inf


def test_a_line_without_a_day_of_orders_never_runs():
    work = BatchWork(DAYS[0], DAYS[1], np.zeros(3, bool), WITHOUT_PAUSE)

    assert work.fails_after(1.0) == math.inf
    assert {state for _, state in told(work)} == {UNORDERED, IDLE}


def test_a_calendar_without_work_has_none():
    work = BatchWork(np.zeros(0), np.zeros(0), np.zeros(0, bool), np.zeros(0))

    assert told(work) == []


def test_turns_go_beyond_the_work_that_there_is():
    set_ups, batches = ([np.full(2, hours)] * 9 for hours in (0.5, 2.0))

    assert turns(iter(set_ups), iter(batches), 6.0).tolist() == [0.5, 2.5, 3.0, 5.0, 5.5, 7.5, 8.0, 10.0]


def walked(stretches, spans, failures, until):
    """The same, step by step: at each step what the line does, and None while it is out of order."""
    does, spent, ran, repaired, left = [], 0, 0, -1, list(failures)
    ends = list(accumulate(spans))
    for step in range(until):
        if step < repaired:
            does.append(None)
            continue
        ordered = next((ordered for start, stop, ordered in stretches if start <= step < stop), None)
        if ordered is not True:
            does.append(IDLE if ordered is None else UNORDERED)
            continue
        runs = sum(end <= spent for end in ends) % 2
        does.append(RUN if runs else SET_UP)
        spent, ran = spent + 1, ran + runs
        if runs and left and ran == left[0][0]:
            repaired, ran = step + 1 + left.pop(0)[1], 0
    return does


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(1, 12), st.booleans()), min_size=1, max_size=8),
    st.lists(st.integers(1, 7), min_size=60, max_size=60).map(lambda spans: [*spans, 1000, 1000]),
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 20)), max_size=6),
)
def test_it_is_what_a_walk_step_by_step_finds(days, spans, failures):
    stretches, at = [], 0
    for pause, length, ordered in days:
        stretches.append((at + pause, at + pause + length, ordered))
        at += pause + length
    starts, stops, ordered = (np.array(each) for each in zip(*stretches, strict=True))
    work = BatchWork(starts * 0.25, stops * 0.25, ordered.astype(bool), np.cumsum(spans) * 0.25)
    broken = np.zeros(at + 30, bool)
    for run, repair in failures:
        hour = work.fails_after(run * 0.25)
        if hour == math.inf:
            break
        work.go_on(hour + repair * 0.25)
        broken[round(hour * 4) : round(hour * 4) + repair] = True

    hours, states = work.course(0.0, math.inf)

    steps = np.arange(at + 30)
    found = states[np.searchsorted(hours, steps * 0.25, "right") - 1]
    expected = walked(stretches, spans, failures, at + 30)
    assert [None if out else state for out, state in zip(broken, found.tolist(), strict=True)] == expected


@pytest.mark.parametrize("since", [0.0, 9.0, 20.0])
def test_a_part_of_its_course_is_that_part(since):
    work = BatchWork(*DAYS, np.array([1.0, 10.0, 11.0, 99.0]))

    hours, states = work.course(since, 58.5)

    whole, every = work.course(0.0, math.inf)
    inside = (since <= whole) & (whole < 58.5)
    assert (hours.tolist(), states.tolist()) == (whole[inside].tolist(), every[inside].tolist())
