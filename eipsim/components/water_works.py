"""The city's water for the park."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from pydantic.dataclasses import dataclass

from ..kernel.component import Follow, Life
from ..kernel.ports import PLANT, Port, inlet, outlet
from .bounds import STRICT, NonNegative, Positive
from .outages import Interruptible


@dataclass(eq=False, kw_only=True, config=STRICT)
class WaterWorks(Interruptible):
    """Brings city water through the main, pumped on by the park.

    Parameters
    ----------
    place : str
        Where sites are joined to it.
    power_place : str
        Where its pumps draw electricity.
    capacity_m3_per_h : float
        The most it can bring [m3/h].
    pumping_kwh_per_m3 : float
        Electricity of the park's pumps [kWh/m3]. The default is 5 bar at 60 % efficiency, an estimate.
    interruptions_per_yr : float
        Mean number in a year of 8760 h [1/yr].
    interruption_h_median, interruption_sigma : float
        Length, lognormal: median [h] and sigma of the logarithm.

    Notes
    -----
    Ports: ``supply``, ``power``. Without its power the main gives nothing: there is no tower. Events: ``out`` with its
    length [h], ``back``.
    """

    supply = outlet("water", merit=9)
    power = inlet("electricity", priority=PLANT)

    place: str = "water_main"
    power_place: str = "utilities"
    capacity_m3_per_h: Positive = field()
    pumping_kwh_per_m3: NonNegative = 0.23
    interruptions_per_yr: NonNegative = 2.0
    interruption_h_median: Positive = 6.0
    interruption_sigma: NonNegative = 1.0

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports; the power stands at its own place."""
        return super().declared_ports() | {"power": inlet("electricity", place=self.power_place, priority=PLANT)}

    def operate(self) -> Iterable[Life]:
        """Return its interruptions."""
        yield self.interrupt()

    def limit(self, port: Port) -> float:
        """Return the capacity while it is up [m3/h]."""
        return self.capacity_m3_per_h if self.up else 0.0

    def follows(self) -> Mapping[str, Follow]:
        """Pump what is drawn."""
        return {"power": Follow("supply", self.pumping_kwh_per_m3)}
