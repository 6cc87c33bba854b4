"""Solar arrays on the roofs of a site."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import field

from pydantic.dataclasses import dataclass

from ..kernel.component import Life
from ..kernel.ports import Port, gauge, outlet
from .bounds import STRICT, Frac, NonNegative, Positive, PositiveOrInfinite
from .outages import Repairable


@dataclass(eq=False, kw_only=True, config=STRICT)
class SolarArray(Repairable):
    """Offers what the sun gives, and is curtailed where nobody takes it.

    It follows the context's profile ``solar:<tilt>:<azimuth>`` [kW of alternating current per kWp] without being woken.
    Its inverters fail one by one; what is left is in proportion.

    Parameters
    ----------
    place : str
        The site.
    peak_kw : float
        Peak power of the modules at standard test conditions [kWp].
    tilt_deg, azimuth_deg : float
        Of the modules: 0 is flat; 180 is south.
    soiling_frac : float
        Mean loss to dirt, 0-1; losses of cables, mismatch and inverters are in the profile.
    inverter_kw : float
        Greatest power of one inverter; as few as that allows share the array equally [kW].
    mtbf_h : float
        Mean time between failures of an inverter, exponential [h].
    repair_h_median, repair_sigma : float
        Until it is replaced, lognormal: median [h] and sigma of the logarithm.
    crew : str
        Component that repairs; empty if someone always comes at once.

    Notes
    -----
    Ports: ``power``, and the gauge ``available``: curtailed energy is their difference. Events: ``inverter_down`` and
    ``inverter_up`` with the number that are up. It does not stop when its feeder is out: a site with its own bus goes on
    as an island, which today's grid-following inverters can't.
    """

    power = outlet("electricity", merit=1)

    place: str = field()
    peak_kw: NonNegative = field()
    tilt_deg: float = 10.0
    azimuth_deg: float = 180.0
    soiling_frac: Frac = 0.03
    inverter_kw: Positive = 100.0
    mtbf_h: PositiveOrInfinite = 43800.0
    repair_h_median: Positive = 168.0
    repair_sigma: NonNegative = 0.6
    crew: str = ""

    @property
    def inverters(self) -> int:
        """How many inverters share the array."""
        return max(1, math.ceil(self.peak_kw / self.inverter_kw))

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports, which follow the profile of the array's orientation."""
        sun = (f"solar:{self.tilt_deg:g}:{self.azimuth_deg:g}",)
        clean_kw = self.peak_kw * (1 - self.soiling_frac)
        available = gauge("available", activity=0, run=clean_kw, factors=sun)
        return {"power": outlet("electricity", merit=1, factors=sun), "available": available}

    def start(self) -> None:
        """All inverters are up at hour 0."""
        super().start()
        self.up = self.inverters
        self.activity[0] = 1.0

    def operate(self) -> Iterable[Life]:
        """Return the life of each inverter."""
        return (self.fail_and_repair(f"inverter {k}") for k in range(self.inverters))

    def lose(self) -> None:
        """Do without one inverter."""
        self._turn(-1, "inverter_down")

    def regain(self) -> None:
        """Have one inverter more."""
        self._turn(+1, "inverter_up")

    def _turn(self, change: int, event: str) -> None:
        self.up += change
        self.activity[0] = self.up / self.inverters
        self.log(event, self.up)
        self.announce()

    def limit(self, port: Port) -> float:
        """Return what it could give under a profile of 1 [kW]."""
        return self.peak_kw * (1 - self.soiling_frac) * self.up / self.inverters
