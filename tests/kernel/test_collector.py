import gc
import weakref
from typing import ClassVar

import pytest
from toys import User, simulate

from eipsim.kernel.collector import collector_at_rest, swept
from eipsim.kernel.component import Component


class Looker(Component):
    """Notes whether the collector is at work while a run goes on."""

    seen: ClassVar[list[bool]] = []

    def operate(self):
        Looker.seen.append(gc.isenabled())
        return ()


def test_a_run_is_not_searched_for_cycles_and_what_follows_it_is():
    Looker.seen.clear()

    simulate({"looker": Looker()}, 1.0)

    assert Looker.seen == [False]
    assert gc.isenabled()


def test_the_collector_works_again_after_a_run_that_failed():
    with pytest.raises(Exception, match="nothing there is flexible"):
        simulate({"user": User({"water": 1.0})}, 1.0)
    with pytest.raises(ZeroDivisionError), collector_at_rest():
        _ = 1 / 0

    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    try:
        with collector_at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_a_run_leaves_behind_goes_at_once():
    seen = []

    class Witness(Component):
        def operate(self):
            seen.append(weakref.ref(self.simulation))
            return ()

    gc.disable()
    try:
        with swept():
            simulate({"witness": Witness()}, 1.0)
    finally:
        gc.enable()

    assert [left() for left in seen] == [None]
    assert gc.get_freeze_count() == 0


def test_what_was_there_before_a_run_that_failed_is_searched_again():
    with pytest.raises(ZeroDivisionError), swept():
        _ = 1 / 0

    assert gc.get_freeze_count() == 0
