from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from eipsim.kernel.traces import Profile, Trace, integrals, merged

changes = st.lists(st.tuples(st.integers(0, 95), st.floats(0, 10)), min_size=1, max_size=30)


def by_hand(trace: Trace, profile: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Sum quarter-hours one by one."""
    hours, values = trace.arrays()
    quarter = np.arange(0, 24, 0.25)
    rate = values[np.searchsorted(hours, quarter, side="right") - 1] * np.repeat(profile, 2)
    return np.array([rate[(quarter >= a) & (quarter < b)].sum() * 0.25 for a, b in pairwise(edges)])


@given(changes)
def test_the_integral_equals_the_sum_of_quarter_hours(quarters):
    trace, profile = Trace(), np.linspace(0, 1, 48)
    for quarter, value in sorted(quarters, key=lambda q: q[0]):
        trace.set(quarter / 4, value)
    edges = np.array([0.0, 4.0, 9.5, 11.5, 24.0])

    steady = Trace(2.0)
    amount = integrals(edges, [steady.arrays(), trace.arrays(), steady.arrays()], Profile(profile, 0.5))

    for row, one in zip(amount, (steady, trace, steady), strict=True):
        np.testing.assert_allclose(row, by_hand(one, profile, edges), rtol=1e-12, atol=1e-12)


@given(changes, changes)
def test_merged_traces_keep_both_values(one, other):
    a, b = Trace(), Trace(1.0)
    for trace, quarters in ((a, one), (b, other)):
        for quarter, value in sorted(quarters, key=lambda q: q[0]):
            trace.set(quarter / 4, value)

    hours, of_a, of_b = merged(a.arrays(), b.arrays())

    for trace, values in ((a, of_a), (b, of_b)):
        at, kept = trace.arrays()
        assert values.tolist() == kept[np.searchsorted(at, hours, side="right") - 1].tolist()


def test_the_last_value_of_an_instant_counts():
    trace = Trace()
    trace.set(2.0, 5.0)
    trace.set(2.0, 1.0)

    edges = np.array([0.0, 4.0])

    assert integrals(edges, [trace.arrays()], None).tolist() == [[2.0]]
