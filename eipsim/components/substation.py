"""The grid's connection of the park, and the feeders from it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import field

from pydantic.dataclasses import dataclass

from ..kernel.component import Follow, Life
from ..kernel.ports import Port, inlet, outlet
from .bounds import STRICT, NonNegative, Positive, PositiveOrInfinite
from .outages import Interruptible, check_stretches


@dataclass(eq=False, kw_only=True, config=STRICT)
class Substation(Interruptible):
    """Buys from the grid what the park lacks, up to its rating, and takes what the park has too much.

    Parameters
    ----------
    place : str
        The busbar.
    rating_kw : float
        The most it can bring in: transformer rating × power factor [kW].
    interruptions_per_yr : float
        Mean number in a year of 8760 h [1/yr].
    interruption_h_median, interruption_sigma : float
        Length, lognormal: median [h] and sigma of the logarithm.
    planned_outages_h : tuple of (float, float)
        Start and end of outages that come for certain, from the first simulated hour on, a run-in included [h].

    Notes
    -----
    Ports: ``supply`` (from the grid) and ``export`` (to the grid; also what nobody could take during an outage).
    Without losses. Events: ``out`` with its length [h], ``back``.
    """

    supply = outlet("electricity", merit=9)
    export = inlet("electricity", merit=0)

    place: str = field()
    rating_kw: PositiveOrInfinite = math.inf
    interruptions_per_yr: NonNegative = 0.2
    interruption_h_median: Positive = 4.0
    interruption_sigma: NonNegative = 1.0
    planned_outages_h: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        check_stretches(f"{type(self).__name__}.planned_outages_h", self.planned_outages_h)

    def operate(self) -> Iterable[Life]:
        """Return its interruptions, those that are planned after those of chance."""
        yield self.interrupt()
        if self.planned_outages_h:
            yield self.switch_off(self.planned_outages_h)

    def limit(self, port: Port) -> float:
        """Return the rating while it is up [kW]; the way out is free."""
        if port.name == "export":
            return math.inf
        return self.rating_kw if self.up else 0.0


@dataclass(eq=False, kw_only=True, config=STRICT)
class Feeder(Interruptible):
    """A line from a busbar to the sites that hang on it.

    Parameters
    ----------
    place : str
        Where its users stand.
    to : str
        The busbar that it draws from.
    rating_kw : float
        The most it can bring to its users [kW].
    interruptions_per_yr : float
        Mean number in a year of 8760 h [1/yr].
    interruption_h_median, interruption_sigma : float
        Length, lognormal: median [h] and sigma of the logarithm.
    planned_outages_h : tuple of (float, float)
        Start and end of outages that come for certain, from the first simulated hour on, a run-in included [h].

    Notes
    -----
    Ports: ``supply`` at its own place follows need, ``draw`` at the busbar equals it; ``surplus`` and ``feed`` are the way
    back. Without losses. Meters behind it export nothing while it is out. Events: ``out`` with its length [h], ``back``.
    """

    supply = outlet("electricity", merit=9)
    surplus = inlet("electricity", merit=0)
    draw = inlet("electricity")
    feed = outlet("electricity")

    place: str = field()
    to: str = field()
    rating_kw: PositiveOrInfinite = math.inf
    interruptions_per_yr: NonNegative = 4.0
    interruption_h_median: Positive = 1.0
    interruption_sigma: NonNegative = 1.0
    planned_outages_h: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        check_stretches(f"{type(self).__name__}.planned_outages_h", self.planned_outages_h)

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports at both ends."""
        ends = {"draw": inlet("electricity", place=self.to), "feed": outlet("electricity", place=self.to)}
        return super().declared_ports() | ends

    def operate(self) -> Iterable[Life]:
        """Return its interruptions, those that are planned after those of chance."""
        yield self.interrupt()
        if self.planned_outages_h:
            yield self.switch_off(self.planned_outages_h)

    def limit(self, port: Port) -> float:
        """Return the rating while it is up [kW]; the way back is free while it is up."""
        if port.name == "surplus":
            return math.inf if self.up else 0.0
        return self.rating_kw if self.up else 0.0

    def follows(self) -> Mapping[str, Follow]:
        """Let the busbar's side equal the users' side."""
        return {"draw": Follow("supply"), "feed": Follow("surplus")}
