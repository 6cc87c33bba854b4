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
    """

    def __init__(self, storages: Sequence[Storage], resting: Sequence[Storage]):
        self.storages, self.resting = storages, resting
        self.restless = [storage for storage in storages if storage not in resting]
        self.rested = False
        self.due_h, self.meets_h = math.inf, math.inf
        for storage in storages:
            storage.trace = Trace(storage.level)

    def find(self, now: float) -> None:
        """Find the levels that are due [h]."""
        if now >= self.due_h:
            for storage in self.storages:
                if now >= storage.due_h:
                    storage.find_level(now)

    def turn(self, now: float, waits: bool) -> float:
        """Take the net rates that hold from now on.

        Parameters
        ----------
        now : float
            Hours since the horizon started [h].
        waits : bool
            Whether those stand still that may.

        Returns
        -------
        float
            When the first level meets a mark [h].
        """
        turned = waits and not self.rested
        if turned:
            for storage in self.resting:
                storage.take_net(now, 0.0)
        self.rested = waits
        for storage in self.restless if waits else self.storages:
            net = storage.net_rate()
            if net != storage.net or not storage.aimed:
                storage.take_net(now, net)
                turned = True
        if turned:
            self.due_h = min([storage.due_h for storage in self.storages], default=math.inf)
            self.meets_h = min([storage.meets_h for storage in self.storages], default=math.inf)
        return self.meets_h

    def close(self, until_h: float) -> dict[str, Trace]:
        """Find all levels at the end of a run [h]; return what each was, by name."""
        for storage in self.storages:
            storage.find_level(until_h)
        return {storage.name: storage.trace for storage in self.storages}
