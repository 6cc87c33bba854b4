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
        self.resting = [(k, storage) for k, storage in enumerate(storages) if storage in resting]
        self.storages = list(enumerate(storages))
        self.restless = [(k, storage) for k, storage in self.storages if storage not in resting]
        self.rested = False
        self.due_h, self.meets_h = [math.inf] * (len(storages) + 1), [math.inf] * (len(storages) + 1)
        self.first_due_h = math.inf

    def find(self, now: float) -> None:
        """Find the levels that are due [h]."""
        if now >= self.first_due_h:
            for k, storage in self.storages:
                if now >= self.due_h[k]:
                    storage.find_level(now)
                    self.due_h[k] = storage.due_h

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
        if waits and not self.rested:
            for k, storage in self.resting:
                storage.take_net(now, 0.0)
                self.due_h[k] = self.meets_h[k] = math.inf
        self.rested = waits
        for k, storage in self.restless if waits else self.storages:
            net = storage.net_rate()
            if net != storage.net or not storage.aimed:
                storage.take_net(now, net)
                self.due_h[k], self.meets_h[k] = storage.due_h, storage.meets_h
        self.first_due_h = min(self.due_h)
        return min(self.meets_h)

    def close(self, until_h: float) -> dict[str, Trace]:
        """Find all levels at the end of a run [h]; return what each was, by name."""
        for _, storage in self.storages:
            storage.find_level(until_h)
        return {storage.name: storage.trace for _, storage in self.storages}
