"""Python's search for unreachable cycles of objects, which a run need not wait for."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Look for no cycles meanwhile, and then as before.

    A run keeps nearly all that it makes, so that searching it again and again takes a twentieth of a park-year and finds
    next to nothing; what there is goes after the run.
    """
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


@contextmanager
def swept() -> Iterator[None]:
    """Let go at once of what a run leaves behind: a park whose parts know each other, with all that it noted.

    Only what has been made meanwhile is searched, three hundredths of a second for a park-year. Else runs pile up until Python
    finds that it has made a quarter more objects, and each of them holds arrays of some 50 MB.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
