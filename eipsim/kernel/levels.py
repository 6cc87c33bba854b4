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
        for storage in storages:
            storage.set_out()
        self.storages = list(storages)
        each = [(k, storage, storage.net_rate) for k, storage in enumerate(storages)]
        self.resting = [one for one in each if one[1] in resting]
        self.plain = [storage for storage in storages if not storage.marks]
        self.each = [one for one in each if one[1].marks]
        self.restless = [one for one in self.each if one[1] not in resting]
        self.rested = False
        self.nets, self.due_h, self.meets_h = ([value] * len(storages) for value in (math.nan, math.inf, math.inf))
        self.first_due_h, self.first_h = math.inf, math.inf

    def find(self, now: float) -> None:
        """Find the levels that are due [h]."""
        if now >= self.first_due_h:
            for k, storage in enumerate(self.storages):
                if now >= self.due_h[k]:
                    storage.find_level(now)
                    self._look(k, storage)
            self.first_due_h = min(self.due_h)

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
            for k, storage, _ in self.resting:
                storage.take_net(now, 0.0)
                self._look(k, storage)
        self.rested = waits
        for storage in self.plain:
            storage.follow(now)
        nets = self.nets
        for k, storage, net_rate in self.restless if waits else self.each:
            net = net_rate()
            if net != nets[k]:
                storage.take_net(now, net)
                self._look(k, storage)
                turned = True
        if turned:
            self.first_due_h, self.first_h = min(self.due_h, default=math.inf), min(self.meets_h, default=math.inf)
        return self.first_h

    def _look(self, k: int, storage: Storage) -> None:
        """See what a storage is up to; one that has just met a mark is to be looked at again whatever its net rate."""
        self.nets[k] = storage.net if storage.aimed else math.nan
        self.due_h[k], self.meets_h[k] = storage.due_h, storage.meets_h

    def close(self, until_h: float) -> dict[str, Trace]:
        """Find all levels at the end of a run [h]; return what each was, by name."""
        for storage in self.storages:
            storage.find_level(until_h)
        return {storage.name: storage.trace for storage in self.storages}
