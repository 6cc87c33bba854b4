"""People who are shared: who finds them busy waits, and chance of order decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

from .component import Component
from .streams import key_of


@dataclass
class Crew(Component):
    """Repair people shared by components.

    All requests of an instant are collected and granted at its end: by priority, then by the hour of the request,
    then by a hash of (seed, replication, job), never by the order in which processes happened to run.

    Parameters
    ----------
    size : int
        Jobs that can be done at the same time.
    """

    size: int = 1

    def start(self) -> None:
        """Nobody is busy at hour 0."""
        self.free = self.size
        self.queue: list[tuple[int, float, int, Any]] = []
        self.granting = False

    def request(self, component: Component, job: str, priority: int = 0) -> Any:
        """Return the event at which someone comes.

        Parameters
        ----------
        component : Component
            Who needs a repair.
        job : str
            What is repaired, distinct within the component.
        priority : int
            Lower numbers are served first.
        """
        simulation = self.simulation
        event = simulation.env.event()
        ticket = key_of(simulation.seed, simulation.replication, component.name, job, repr(self.now))
        heappush(self.queue, (priority, self.now, ticket, event))
        self._grant_later()
        return event

    def release(self) -> None:
        """Let one person go to the next job."""
        self.free += 1
        self._grant_later()

    def _grant_later(self) -> None:
        if self.queue and self.free and not self.granting:
            self.granting = True
            self.simulation.at_end_of_instant(self._grant)

    def _grant(self, _: Any = None) -> None:
        self.granting = False
        while self.queue and self.free:
            self.free -= 1
            heappop(self.queue)[3].succeed()
