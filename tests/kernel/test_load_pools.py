import numpy as np
import pytest

from eipsim.carriers import LOADS
from eipsim.kernel.load_pools import Pools

ENDS_H = np.array([1.0, 2.0, 3.0])


def kg(*amounts):
    """The first load of so many bins."""
    return np.column_stack([amounts, *np.zeros((len(LOADS) - 1, len(amounts)))])


def test_what_was_drunk_leaves_with_the_first_bin_that_ends_after_it_is_due():
    pools = Pools()
    pools.add(0, np.array([1.0, 1.5]), kg(4.0, 7.0))

    out = pools.leave(0, ENDS_H, np.ones(3))

    assert out[:, 0].tolist() == [0.0, 11.0, 0.0]
    assert pools.leave(0, ENDS_H, np.ones(3)) is None


def test_it_waits_for_water_and_for_its_hour():
    pools = Pools()
    pools.add(0, np.array([0.5, 9.0]), kg(4.0, 7.0))

    out = pools.leave(0, ENDS_H, np.array([0.0, 0.0, 2.0]))

    assert out[:, 0].tolist() == [0.0, 0.0, 4.0]
    assert pools.held()[0] == 7.0


def test_nothing_leaves_before_it_is_due_nor_on_another_bus():
    pools = Pools()
    pools.add(3, np.array([5.0]), kg(2.0))

    assert pools.leave(0, ENDS_H, np.ones(3)) is None
    assert pools.leave(3, ENDS_H, np.ones(3)) is None
    assert pools.held()[0] == 2.0


def test_nothing_is_kept_of_nothing():
    pools = Pools()
    pools.add(0, np.array([1.0]), kg(0.0))

    assert pools.due == {}
    assert pools.held() == pytest.approx(np.zeros(len(LOADS)))
