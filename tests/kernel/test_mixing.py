import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from eipsim.carriers import LOADS
from eipsim.kernel.mixing import Pipe, Stirred, course, pass_on_side_by_side


def loads(*first):
    return [*first, *([0.0] * (len(LOADS) - len(first)))]


def pass_on(tank, in_m3, out_m3, came):
    """Pass one bin on; return what leaves of the first load."""
    return tank.pass_on(np.array([in_m3]), np.array([out_m3]), np.array([loads(came)]))[0, 0]


def test_a_full_tank_forgets_exponentially():
    tank = Stirred(100.0, loads(1000.0))

    out = pass_on(tank, 50.0, 50.0, 0.0)

    assert tank.kg[0] == pytest.approx(100 * math.exp(-0.5))
    assert out == pytest.approx(100 * (1 - math.exp(-0.5)))


def test_a_filling_tank_meets_the_solution_by_fine_steps():
    tank, mass, volume, n = Stirred(10.0, loads(500.0)), 5.0, 10.0, 200_000

    out = pass_on(tank, 30.0, 12.0, 9.0)

    left = 0.0
    for _ in range(n):
        leaves = mass / volume * 12.0 / n
        mass, volume, left = mass + 9.0 / n - leaves, volume + 18.0 / n, left + leaves
    assert tank.kg[0] == pytest.approx(mass, rel=1e-4)
    assert out == pytest.approx(left, rel=1e-4)


def test_a_draining_tank_gives_its_concentration_and_at_last_everything():
    tank = Stirred(20.0, loads(300.0))

    assert pass_on(tank, 0.0, 5.0, 0.0) == pytest.approx(1.5)
    assert pass_on(tank, 0.0, 15.0, 0.0) == pytest.approx(4.5)
    assert (tank.volume_m3, tank.kg[0]) == (0.0, pytest.approx(0.0, abs=1e-12))


def test_an_empty_tank_passes_on_what_comes():
    tank = Stirred()

    assert pass_on(tank, 7.0, 7.0, 3.0) == pytest.approx(3.0)
    assert pass_on(tank, 4.0, 0.0, 2.0) == 0.0
    assert tank.kg[0] == pytest.approx(2.0)


def test_an_empty_tank_that_fills_mixes_what_it_keeps():
    tank = Stirred()

    assert pass_on(tank, 8.0, 2.0, 4.0) == pytest.approx(1.0)
    assert tank.kg[0] == pytest.approx(3.0)


def test_a_tank_that_is_asked_for_more_than_it_has_is_empty_and_fills_again():
    tank = Stirred(5.0, loads(1000.0))

    out = tank.pass_on(np.array([0.0, 3.0]), np.array([9.0, 0.0]), np.array([loads(0.0), loads(6.0)]))

    assert out[:, 0] == pytest.approx([5.0, 0.0])
    assert (tank.volume_m3, tank.kg[0]) == (3.0, pytest.approx(6.0))


def test_a_sinusoidal_concentration_is_damped_as_the_closed_form_says():
    # full stirred tank: amplitude ratio 1/sqrt(1 + (omega tau)^2)
    tank, omega, tau, step = Stirred(60.0), 2 * math.pi / 24, 6.0, 0.05
    hours = (np.arange(round(240 / step)) + 0.5) * step
    flow, came = np.full(len(hours), 10 * step), np.zeros((len(hours), len(LOADS)))
    came[:, 0] = (2 + np.sin(omega * hours)) * 10 * step

    seen = tank.pass_on(flow, flow, came)[:, 0] / (10 * step)

    last_day = seen[-round(24 / step) :]
    assert (last_day.max() - last_day.min()) / 2 == pytest.approx(1 / math.hypot(1, omega * tau), rel=1e-3)


amounts = st.floats(0.0, 100.0)
bins = st.lists(st.tuples(amounts, amounts, amounts), min_size=1, max_size=9)


@settings(max_examples=200, deadline=None)
@given(amounts, amounts, bins, st.integers(0, 9))
@example(0.0, 0.0, [(21.0, 0.0, 0.0), (1e-308, 3e-7, 1.0)], 0)
@example(0.0, 0.0, [(0.0, 1.0, 0.0), (1e-9, 1e-308, 1.0)], 1)
def test_a_tank_keeps_what_it_does_not_pass_on_however_its_bins_are_cut(volume, mass, rows, cut):
    in_m3, out_m3, came = np.array(rows).T
    came = np.column_stack([np.where(in_m3 > 0, came, 0.0), *np.zeros((len(LOADS) - 1, len(rows)))])
    whole, parts = Stirred(volume), Stirred(volume)
    whole.kg[0] = parts.kg[0] = mass = mass if volume else 0.0

    out = whole.pass_on(in_m3, out_m3, came)
    halves = [
        parts.pass_on(in_m3[part], out_m3[part], came[part]) for part in (slice(cut), slice(cut, None)) if len(in_m3[part])
    ]

    assert np.concatenate(halves) == pytest.approx(out, rel=1e-9, abs=1e-9)
    assert (parts.volume_m3, parts.kg[0]) == pytest.approx((whole.volume_m3, whole.kg[0]), rel=1e-9, abs=1e-9)
    assert out[:, 0].sum() + whole.kg[0] == pytest.approx(mass + came.sum(), rel=1e-12, abs=1e-12)
    assert min(out[:, 0].min(), whole.kg[0]) >= -1e-9 * (mass + came.sum())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(amounts, bins), min_size=2, max_size=4))
def test_tanks_side_by_side_pass_on_what_each_would_alone(many):
    n = min(len(rows) for _, rows in many)
    in_m3, out_m3, mass = np.array([rows[:n] for _, rows in many]).transpose(2, 0, 1)
    came = mass[:, :, None] * np.arange(1.0, 1.0 + len(LOADS)) * (in_m3 > 0)[:, :, None]
    together, alone = ([Stirred(volume, loads(80.0, 3.0)) for volume, _ in many] for _ in range(2))

    out = pass_on_side_by_side(together, in_m3, out_m3, came)

    assert out == pytest.approx(np.array([tank.pass_on(*row) for tank, *row in zip(alone, in_m3, out_m3, came, strict=True)]))
    assert [tank.volume_m3 for tank in together] == pytest.approx([tank.volume_m3 for tank in alone])
    assert np.array([tank.kg for tank in together]) == pytest.approx(np.array([tank.kg for tank in alone]))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0.0, 1.0), amounts), min_size=1, max_size=20))
def test_a_course_of_many_bins_is_that_of_one_after_another(rows):
    kept, joins = np.array(rows).T
    start = np.full(len(LOADS), 7.0)

    found = course(start, kept[:, None], np.repeat(joins[:, None], len(LOADS), axis=1))

    value, expected = 7.0, []
    for share, more in rows:
        value = share * value + more
        expected.append(value)
    assert found[:, 3] == pytest.approx(expected)


def test_a_pipe_gives_back_in_order_and_splits_parcels():
    pipe = Pipe()
    pipe.push(np.array([10.0, 10.0]), np.array([loads(1.0), loads(5.0)]))

    assert pipe.pull(np.array([15.0]))[0, 0] == pytest.approx(1.0 + 2.5)
    assert pipe.kg[0] == pytest.approx(2.5)
    assert pipe.pull(np.array([0.0, 100.0, 1.0]))[:, 0] == pytest.approx([0.0, 2.5, 0.0])


def test_a_pipe_without_flow_keeps_even_what_came_without_water():
    pipe = Pipe()
    pipe.push(np.array([0.0]), np.array([loads(2.0)]))

    assert pipe.pull(np.array([0.0, 0.0])).sum() == 0.0
    pipe.push(np.array([4.0]), np.array([loads(1.0)]))

    assert pipe.pull(np.array([2.0]))[0, 0] == pytest.approx(2.5)
    assert pipe.kg[0] == pytest.approx(0.5)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(amounts, st.floats(0.0, 1.0), amounts), min_size=1, max_size=12))
def test_a_pipe_gives_all_that_it_got_a_parcel_after_the_other(rows):
    pipe, left_m3, brought, given_back = Pipe(), 0.0, 0.0, 0.0
    for volume, share, mass in rows:
        pipe.push(np.array([volume]), np.array([loads(mass)]))
        left_m3 += volume
        given_back += pipe.pull(np.array([share * left_m3]))[0, 0]
        left_m3 -= share * left_m3
        brought += mass

    assert given_back + pipe.kg[0] == pytest.approx(brought, rel=1e-12, abs=1e-12)
