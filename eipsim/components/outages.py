"""Interruptions that come at random: of a feeder, of a substation, of a water main, of a machine."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

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
    ``up``. It is out while any of its ``causes`` lasts. Events: ``out`` with its length [h], ``back``.

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
    causes: set[str]

    def start(self) -> None:
        """Be up at hour 0."""
        super().start()
        self.up, self.causes = True, set()

    def fault(self) -> str:
        """Return the causes for which it is out."""
        return ", ".join(sorted(self.causes))

    def turn(self, up: bool, cause: str = "interruption") -> None:
        """Go out for a cause, or come back when it is over and no other is left."""
        if up:
            self.causes.discard(cause)
        else:
            self.causes.add(cause)
        self.up = not self.causes
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

    def switch_off(self, stretches_h: Sequence[tuple[float, float]]) -> Life:
        """Be out as planned, from hour to hour."""
        for start_h, end_h in sorted(stretches_h):
            yield self.wait_until(start_h)
            self.log("out", end_h - start_h)
            self.turn(False, "planned")
            yield self.wait_until(end_h)
            self.turn(True, "planned")
            self.log("back", 0.0)


def check_stretches(name: str, stretches_h: Sequence[tuple[float, float]]) -> None:
    """Refuse planned outages that run backwards or into each other.

    Raises
    ------
    ValueError
        Naming them.
    """
    edges = [hour for stretch in sorted(stretches_h) for hour in stretch]
    if edges and not (edges[0] >= 0 and edges[-1] < math.inf and all(a < b for a, b in pairwise(edges))):
        given = ", ".join(f"{start:g}-{end:g}" for start, end in stretches_h)
        raise ValueError(f"{name} = {given} h: each must start at 0 h or later, end after it starts and before the next")


def supply_chain(component: Component, feeder: str) -> Iterator[Interruptible]:
    """Yield the feeder or substation of that name and all that stands above it."""
    interruptible = [c for _, c in sorted(component.simulation.components.items()) if isinstance(c, Interruptible)]
    place: str | None = None
    for _ in interruptible:
        here = [c for c in interruptible if (c.name == feeder if place is None else c.place == place)]
        yield from here
        place = next((getattr(c, "to", None) for c in here), None)
        if place is None:
            return


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
        """Live the life of one machine; `fail` and `mend` are called when it fails and when it is repaired."""
        if self.mtbf_h == math.inf:
            return
        failures, lengths = self.stream(f"{machine} failures"), self.stream(f"{machine} repairs")
        crew = crew_of(self, self.crew)
        while True:
            yield self.wait_random(failures.exponential(self.mtbf_h), failures)
            self.fail(machine)
            if crew is not None:
                yield crew.request(self, machine)
            yield self.wait_random(lengths.lognormal(self.repair_h_median, self.repair_sigma), lengths)
            if crew is not None:
                crew.release()
            self.mend(machine)

    def fail(self, machine: str) -> None:
        """Do without a machine; where all are alike, `lose` is enough."""
        self.lose()

    def mend(self, machine: str) -> None:
        """Have a machine again; where all are alike, `regain` is enough."""
        self.regain()

    def lose(self) -> None:
        """Do without one machine."""
        raise NotImplementedError

    def regain(self) -> None:
        """Have one machine more."""
        raise NotImplementedError
