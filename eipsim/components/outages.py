"""Interruptions that come at random: of a feeder, of a substation, of a water main, of a machine."""

from __future__ import annotations

import math

from ..kernel.component import Component, Life
from ..kernel.crew import Crew

HOURS_PER_YR = 8760.0


class Watched(Component):
    """A component whose state changes the limits or set points of others, which register in `operate`."""

    watchers: list[Component]

    def start(self) -> None:
        """Nobody watches at hour 0."""
        self.watchers = []

    def announce(self) -> None:
        """Respond, and let all who watch respond too."""
        for component in (self, *self.watchers):
            component.changed()


class Interruptible(Watched):
    """A component that is up or out.

    Interruptions are Poisson in time, their lengths lognormal. Subclasses have the three parameters; `limit` looks at
    ``up``. Events: ``out`` with its length [h], ``back``.

    Parameters
    ----------
    interruptions_per_yr : float
        Mean number in a year of 8760 h [1/yr].
    interruption_h_median, interruption_sigma : float
        Length, lognormal: median [h] and sigma of the logarithm.
    """

    interruptions_per_yr: float
    interruption_h_median: float
    interruption_sigma: float
    up: bool

    def start(self) -> None:
        """Be up at hour 0."""
        super().start()
        self.up = True

    def turn(self, up: bool) -> None:
        """Go out or come back."""
        self.up = up
        self.announce()

    def interrupt(self) -> Life:
        """Live between interruptions."""
        if not self.interruptions_per_yr:
            return
        gaps, lengths = self.stream("interruptions"), self.stream("interruption lengths")
        while True:
            yield self.wait_random(gaps.exponential(HOURS_PER_YR / self.interruptions_per_yr), gaps)
            end = lengths.end_of(self.now, lengths.lognormal(self.interruption_h_median, self.interruption_sigma))
            self.log("out", end - self.now)
            self.turn(False)
            yield self.wait_until(end)
            self.turn(True)
            self.log("back", 0.0)


def crew_of(component: Component, name: str) -> Crew | None:
    """Return the crew of that name, or None if the name is empty."""
    crew = component.simulation.components[name] if name else None
    assert crew is None or isinstance(crew, Crew)
    return crew


class Repairable(Watched):
    """A component with machines that fail with time and wait for a crew.

    Parameters
    ----------
    mtbf_h : float
        Mean time between failures, exponential [h]; infinite if they never fail.
    repair_h_median, repair_sigma : float
        Length of a repair, lognormal: median [h] and sigma of the logarithm.
    crew : str
        Component that repairs; empty if someone always comes at once.
    """

    mtbf_h: float
    repair_h_median: float
    repair_sigma: float
    crew: str

    def fail_and_repair(self, machine: str) -> Life:
        """Live the life of one machine; `lose` and `regain` are called when it fails and when it is repaired."""
        if self.mtbf_h == math.inf:
            return
        failures, lengths = self.stream(f"{machine} failures"), self.stream(f"{machine} repairs")
        crew = crew_of(self, self.crew)
        while True:
            yield self.wait_random(failures.exponential(self.mtbf_h), failures)
            self.lose()
            if crew is not None:
                yield crew.request(self, machine)
            yield self.wait_random(lengths.lognormal(self.repair_h_median, self.repair_sigma), lengths)
            if crew is not None:
                crew.release()
            self.regain()

    def lose(self) -> None:
        """Do without one machine."""
        raise NotImplementedError

    def regain(self) -> None:
        """Have one machine more."""
        raise NotImplementedError
