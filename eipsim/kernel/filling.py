"""How full a storage is, and where its net rate leads."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from .traces import Trace

if TYPE_CHECKING:
    from .component import Storage

MET = 1e-9
"""Share of a storage's capacity by which a level may miss a mark that it meets."""

LEFT = -math.inf
"""When a level that leaves a mark is due: at the next settlement."""

ENDLESS = -math.inf, math.inf
"""Marks of a level that has none."""


class Filling:
    """The level of a storage, found anew where the net rate changes, and where a mark is met or left.

    Parameters
    ----------
    storage : Storage
        Whose level it is; told when it meets or leaves a mark.

    Attributes
    ----------
    level, found_h : float
        The level when it was last found, and when that was [h].
    net : float
        The net rate that holds since [rate unit of the carrier].
    marks, rising, falling : tuple of float
        Sorted levels at which the simulation settles: all, and those that matter to a level that rises or falls.
    next_mark, meets_h, near_h : float
        The mark that the level is on its way to, when it meets it, and from when on it can't be told from it [h].
    due_h : float
        When it is to be found at the latest [h].
    mark : float
        The mark that it has left, or leaves.
    aimed : bool
        Whether ``next_mark`` is known; if not, the net rate is to be taken again, whatever it is.
    reach : float
        How far from a mark it is met.
    """

    __slots__ = (
        "aimed",
        "due_h",
        "falling",
        "found_h",
        "level",
        "mark",
        "marks",
        "meets_h",
        "near_h",
        "net",
        "next_mark",
        "reach",
        "rising",
        "storage",
        "trace",
    )

    def __init__(self, storage: Storage):
        self.storage = storage
        self.level, self.found_h, self.net = 0.0, 0.0, 0.0
        self.mark, self.next_mark, self.aimed = math.nan, math.nan, False
        self.meets_h = self.near_h = self.due_h = math.inf
        self.trace = Trace()

    def set_out(self) -> None:
        """Begin a run, when marks and level are set."""
        marks = self.storage.all_marks()
        self.marks, self.trace = marks or ENDLESS, Trace(self.level)
        self.rising, self.falling = (self.storage.marks_ahead(rises) or ENDLESS for rises in (True, False))
        self.reach = MET * self.storage.capacity if marks else 0.0

    def find(self, now: float) -> None:
        """Find the level [h]; respond when a mark is met, exactly, and when one has been left."""
        hours = now - self.found_h
        if hours > 0:
            self.level += self.net * hours
            self.found_h = now
            if now >= self.due_h:
                if self.due_h == LEFT:
                    self.due_h = self.near_h
                    self.storage.left_mark(self.mark)
                if now >= self.near_h:
                    self._meet_mark()
            self.trace.set(now, self.level)

    def take(self, now: float, net: float) -> None:
        """Take the net rate that holds from now on [h], and look when it leads to a mark.

        Raises
        ------
        RuntimeError
            If it leads out of an empty or full storage.
        """
        self.find(now)
        onward = net * self.net > 0.0 and self.aimed and self.due_h > LEFT
        self.net = net
        if onward or self._aim():
            self.meets_h = meets_h = now + (self.next_mark - self.level) / net
            self.near_h = near_h = meets_h - self.reach / abs(net)
            self.due_h = near_h
            if not onward and self.level in self.marks:
                self.mark, self.due_h = self.level, LEFT

    def _aim(self) -> bool:
        """Look for the mark that the net rate leads to; return whether there is one, and it is not met yet."""
        self.aimed = True
        self.meets_h = self.near_h = self.due_h = math.inf
        level, net = self.level, self.net
        if not net:
            self.next_mark = math.nan
            return False
        marks = self.rising if net > 0 else self.falling
        k = bisect_right(marks, level) if net > 0 else bisect_left(marks, level) - 1
        if not 0 <= k < len(marks):
            name, side = self.storage.name, "full" if net > 0 else "empty"
            raise RuntimeError(f"{name} at level {level:g} goes past {side} at {net:g} per hour: its limits let it")
        self.next_mark = marks[k]
        if abs(level - self.next_mark) > self.reach:
            return True
        self._meet_mark()
        return False

    def _meet_mark(self) -> None:
        """Be exactly at the next mark, which the level can't be told from, and respond."""
        self.level, self.aimed = self.next_mark, False
        self.storage.passed_mark()
        self.storage.changed()
