import gc
from typing import ClassVar

import pytest
from toys import User, simulate

from eipsim.kernel.collector import collector_at_rest
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
