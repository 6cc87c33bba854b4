import subprocess
import sys
from itertools import islice

import numpy as np
import pytest

from eipsim.kernel.streams import BLOCK, Stream, key_of


def test_a_stream_depends_on_names_alone():
    first = [Stream(1, 0, "factory_1", "line 0").uniform() for _ in range(2)]
    other = Stream(1, 0, "factory_1", "line 1").uniform()

    assert first[0] == first[1] != other


def test_names_are_not_run_together():
    assert key_of(1, 0, "ab", "c") != key_of(1, 0, "a", "bc")


def test_keys_are_the_same_in_every_process():
    code = "from eipsim.kernel.streams import key_of; print(key_of(2022, 3, 'factory_07', 'line 2'))"
    keys = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": str(k)}, capture_output=True, text=True, check=True
        ).stdout
        for k in (0, 1, 2)
    }

    assert keys == {f"{key_of(2022, 3, 'factory_07', 'line 2')}\n"}


def test_ten_thousand_streams_have_distinct_keys():
    keys = {key_of(1, r, f"component {c}", p) for r in range(10) for c in range(500) for p in ("failure", "repair")}

    assert len(keys) == 10_000


@pytest.mark.parametrize(
    ("draw", "mean", "sd"),
    [
        (lambda s: s.uniform(), 0.5, 12**-0.5),
        (lambda s: s.exponential(3.0), 3.0, 3.0),
        (lambda s: s.normal(), 0.0, 1.0),
        (lambda s: s.lognormal(2.0, 0.5), 2.0 * np.exp(0.125), 1.21),
        (lambda s: s.between(2.0, 6.0), 4.0, 4 * 12**-0.5),
        (lambda s: float(s.choice([1.0, 3.0])), 0.75, 0.433),
    ],
    ids=["uniform", "exponential", "normal", "lognormal", "between", "choice"],
)
def test_draws_have_their_mean(draw, mean, sd):
    stream = Stream(7, 0, "mean")

    sample = [draw(stream) for _ in range(20_000)]

    assert abs(np.mean(sample) - mean) < 4 * sd / 20_000**0.5


@pytest.mark.parametrize("mean_h", [0.1, 0.7, 2.6])
def test_the_calendar_leaves_the_mean_of_durations_in_a_row(mean_h):
    stream, now, exact = Stream(1, 0, "calendar", resolution_h=0.25), 0.0, 0.0

    ends = []
    for _ in range(50_000):
        duration = stream.exponential(mean_h)
        exact += duration
        now = stream.end_of(now, duration) if exact >= 0 else now
        ends.append(now)

    assert all(end % 0.25 == 0 for end in ends)
    assert np.all(np.diff(ends) > 0)
    if mean_h > 0.25:
        assert abs(now - exact) < 4 * 0.25 * 50_000**0.5


def test_an_end_is_never_now_itself():
    stream = Stream(1, 0, "short", resolution_h=0.25)

    assert {stream.end_of(10.0, 1e-6) for _ in range(100)} == {10.25}


def test_without_a_calendar_ends_are_exact():
    assert Stream(1, 0, "exact", resolution_h=0.0).end_of(1.5, 0.123) == 1.623


@pytest.mark.parametrize("median_h", [0.02, 0.3, 4.0])
def test_spans_in_a_row_keep_their_mean(median_h):
    n, spans = 40_000, Stream(3, 0, "spans", resolution_h=0.25).lognormal_spans(median_h, 0.5)

    lengths = np.concatenate(list(islice(spans, n // BLOCK)))

    mean, sd = median_h * np.exp(0.125), median_h * np.exp(0.125) * np.sqrt(np.exp(0.25) - 1)
    assert (lengths % 0.25 == 0).all()
    assert lengths.min() >= 0.25
    assert abs(lengths.mean() - max(mean, 0.25)) < 4 * (sd**2 + 0.25**2) ** 0.5 / n**0.5


def test_spans_are_the_draws_that_each_block_has_rounded_one_after_the_other():
    """Next to `end_of`, which is told durations and chances one by one."""
    spans = Stream(3, 0, "spans", resolution_h=0.25).lognormal_spans(0.3, 0.5)
    drawn, told = Stream(3, 0, "spans"), Stream(3, 0, "spans", resolution_h=0.25)
    durations = 0.3 * np.exp(0.5 * drawn._generator.standard_normal(BLOCK)[::-1])
    told._uniforms = drawn._generator.random(BLOCK).tolist()
    now, ends = 0.0, [0.0]
    for duration in durations.tolist():
        now = told.end_of(now, duration)
        ends.append(now)

    assert next(spans).tolist() == np.diff(ends).tolist()


def test_spans_without_a_calendar_are_exact():
    spans = Stream(3, 0, "spans", resolution_h=0.0).lognormal_spans(2.0, 0.0)

    assert next(spans).tolist() == [2.0] * BLOCK
