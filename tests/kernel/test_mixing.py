import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eipsim.carriers import LOADS
from eipsim.kernel.mixing import Pipe, Stirred


def loads(*first):
    return [*first, *([0.0] * (len(LOADS) - len(first)))]


def test_a_full_tank_forgets_exponentially():
    tank = Stirred(100.0, loads(1000.0))

    out = tank.pass_on(50.0, 50.0, loads(0.0))

    assert tank.kg[0] == pytest.approx(100 * math.exp(-0.5))
    assert out[0] == pytest.approx(100 * (1 - math.exp(-0.5)))


def test_a_filling_tank_meets_the_solution_by_fine_steps():
    tank, mass, volume, n = Stirred(10.0, loads(500.0)), 5.0, 10.0, 200_000

    out = tank.pass_on(30.0, 12.0, loads(9.0))

    left = 0.0
    for _ in range(n):
        leaves = mass / volume * 12.0 / n
        mass, volume, left = mass + 9.0 / n - leaves, volume + 18.0 / n, left + leaves
    assert tank.kg[0] == pytest.approx(mass, rel=1e-4)
    assert out[0] == pytest.approx(left, rel=1e-4)


def test_a_draining_tank_gives_its_concentration_and_at_last_everything():
    tank = Stirred(20.0, loads(300.0))

    assert tank.pass_on(0.0, 5.0, loads())[0] == pytest.approx(1.5)
    assert tank.pass_on(0.0, 15.0, loads())[0] == pytest.approx(4.5)
    assert (tank.volume_m3, tank.kg[0]) == (0.0, pytest.approx(0.0, abs=1e-12))


def test_an_empty_tank_passes_on_what_comes():
    tank = Stirred()

    assert tank.pass_on(7.0, 7.0, loads(3.0))[0] == pytest.approx(3.0)
    assert tank.pass_on(4.0, 0.0, loads(2.0)) == loads()
    assert tank.kg[0] == pytest.approx(2.0)


def test_a_sinusoidal_concentration_is_damped_as_the_closed_form_says():
    # full stirred tank: amplitude ratio 1/sqrt(1 + (omega tau)^2)
    tank, omega, tau, step = Stirred(60.0), 2 * math.pi / 24, 6.0, 0.05
    seen = []
    for k in range(round(240 / step)):
        hour = (k + 0.5) * step
        out = tank.pass_on(10 * step, 10 * step, loads((2 + math.sin(omega * hour)) * 10 * step))
        seen.append(out[0] / (10 * step))
    last_day = np.array(seen[-round(24 / step) :])

    assert (last_day.max() - last_day.min()) / 2 == pytest.approx(1 / math.hypot(1, omega * tau), rel=1e-3)


@settings(max_examples=100, deadline=None)
@given(*[st.floats(0.0, 100.0) for _ in range(5)])
def test_a_tank_keeps_what_it_does_not_pass_on(volume, in_m3, out_m3, mass, came):
    out_m3 = min(out_m3, volume + in_m3)
    tank = Stirred(volume, loads())
    tank.kg = loads(mass if volume else 0.0)
    before = tank.kg[0]
    came = came if in_m3 else 0.0

    out = tank.pass_on(in_m3, out_m3, loads(came))

    assert out[0] + tank.kg[0] == pytest.approx(before + came, rel=1e-12, abs=1e-12)
    assert min(out[0], tank.kg[0]) >= -1e-9 * (before + came)


def test_a_pipe_gives_back_in_order_and_splits_parcels():
    pipe = Pipe()
    pipe.push(10.0, loads(1.0))
    pipe.push(10.0, loads(5.0))

    assert pipe.pull(15.0)[0] == pytest.approx(1.0 + 2.5)
    assert pipe.kg[0] == pytest.approx(2.5)
    assert pipe.pull(100.0)[0] == pytest.approx(2.5)
    assert pipe.pull(1.0) == loads()
