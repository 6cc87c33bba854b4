"""Levels of all storages: found when a net rate changes and when a mark is met or left, not at every settlement."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .component import Storage
from .traces import Trace


class Levels:
    """The levels of a run.

    Parameters
    ----------
    storages : sequence of Storage
        That have just started.
    resting : sequence of Storage
        Those among them that stand still while their buses wait.

    Attributes
    ----------
    plain, simple : list of (Filling, Port, Port)
        Fillings without and with marks, and the ports of which the difference of rates is their net rate.
    others, restless : list of (Filling, callable)
        The rest, and what returns their net rates; without those that may rest.
    marked, moving : list of Filling
        All with marks; without those that may rest.
    soonest_h : float
        No level is due before this hour [h].
    """

    def __init__(self, storages: Sequence[Storage], resting: Sequence[Storage]):
        for storage in storages:
            storage.filling.set_out()
        self.fillings = {storage.name: storage.filling for storage in storages}
        self.resting = [storage.filling for storage in resting]
        ported = [storage for storage in storages if storage.ways and storage not in resting]
        self.plain = [(storage.filling, *storage.way_ports()) for storage in ported if not storage.all_marks()]
        self.simple = [(storage.filling, *storage.way_ports()) for storage in ported if storage.all_marks()]
        self.others = [(storage.filling, storage.net_rate) for storage in storages if storage not in ported]
        self.restless = [one for one in self.others if one[0] not in self.resting]
        self.rested = False
        self.marked = [storage.filling for storage in storages if storage.all_marks()]
        self.moving = [filling for filling in self.marked if filling not in self.resting]
        self.soonest_h = math.inf

    def find(self, now: float) -> None:
        """Find the levels that are due [h]; `turn` sees which are due next."""
        if now >= self.soonest_h:
            for filling in self.moving if self.rested else self.marked:
                if now >= filling.due_h:
                    filling.find(now)
            self.soonest_h = -math.inf

    def turn(self, now: float, waits: bool, until_h: float) -> float:
        """Take the net rates that hold from now on.

        Parameters
        ----------
        now : float
            Hours since the horizon started [h].
        waits : bool
            Whether those stand still that may.
        until_h : float
            Until when it matters which level meets a mark first [h].

        Returns
        -------
        float
            When that is, infinite if it is not before ``until_h`` [h].
        """
        soonest_h = self.soonest_h
        if waits and not self.rested:
            for filling in self.resting:
                filling.take(now, 0.0)
        self.rested = waits
        for filling, inward, outward in self.plain:
            net = inward.rate - outward.rate
            if net != filling.net:
                filling.find(now)
                filling.net = net
        for filling, inward, outward in self.simple:
            net = inward.rate - outward.rate
            if net != filling.net or not filling.aimed:
                filling.take(now, net)
                soonest_h = min(soonest_h, filling.due_h)
        for filling, net_rate in self.restless if waits else self.others:
            net = net_rate()
            if net != filling.net or not filling.aimed:
                filling.take(now, net)
                soonest_h = min(soonest_h, filling.due_h)
        moving = self.moving if waits else self.marked
        if soonest_h >= until_h or not moving:
            self.soonest_h = soonest_h
            return math.inf
        self.soonest_h = min([filling.due_h for filling in moving])
        return min([filling.meets_h for filling in moving])

    def close(self, until_h: float) -> dict[str, Trace]:
        """Find all levels at the end of a run [h]; return what each was, by name."""
        for filling in self.fillings.values():
            filling.find(until_h)
        return {name: filling.trace for name, filling in self.fillings.items()}
