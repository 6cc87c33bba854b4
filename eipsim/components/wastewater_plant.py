"""The park's central wastewater plant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from pydantic.dataclasses import dataclass

from ..kernel.component import Follow, Life
from ..kernel.ports import PLANT, Port, inlet, outlet
from .bounds import STRICT, Count, NonNegative, Positive, PositiveOrInfinite
from .outages import Repairable


@dataclass(eq=False, kw_only=True, config=STRICT)
class WastewaterPlant(Repairable):
    """Treats equalised wastewater in parallel trains, each with a blower that fails and is repaired.

    Parameters
    ----------
    place : str
        Where equalised wastewater arrives and effluent leaves.
    power_place : str
        Where it draws electricity.
    trains : int
        Parallel trains of one size.
    train_m3_per_h : float
        Capacity of one train [m3/h].
    treatment_kwh_per_m3 : float
        Electricity that follows the flow: aeration, pumps [kWh/m3]. Column A of QCVN 40 takes 0.6-1.2 in all.
    fixed_kw : float
        Electricity that does not: mixing, buildings [kW].
    mtbf_h : float
        Mean time between failures of a blower, exponential [h].
    repair_h_median, repair_sigma : float
        Length of a repair, lognormal: median [h] and sigma of the logarithm.
    crew : str
        Component that repairs; empty if someone always comes at once.

    Notes
    -----
    Ports: ``inflow``, ``effluent``, ``power``. Effluent equals inflow: the water in sludge is neglected. In a power
    shortage capacity shrinks in proportion. Events: ``train_down`` and ``train_up`` with the number that are up.
    """

    inflow = inlet("equalised", merit=5)
    effluent = outlet("effluent")
    power = inlet("electricity", priority=PLANT)

    place: str = "plant"
    power_place: str = "utilities"
    trains: Count = 2
    train_m3_per_h: Positive = field()
    treatment_kwh_per_m3: NonNegative = 0.7
    fixed_kw: NonNegative = 40.0
    mtbf_h: PositiveOrInfinite = 4000.0
    repair_h_median: Positive = 24.0
    repair_sigma: NonNegative = 0.6
    crew: str = ""

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports; the power stands at its own place."""
        return super().declared_ports() | {"power": inlet("electricity", place=self.power_place, priority=PLANT)}

    def start(self) -> None:
        """All trains are up at hour 0."""
        super().start()
        self.trains_up = self.trains

    def operate(self) -> Iterable[Life]:
        """Return the life of each train's blower."""
        return (self.fail_and_repair(f"blower {k}") for k in range(self.trains))

    def lose(self) -> None:
        """Do without one train."""
        self.trains_up -= 1
        self.log("train_down", self.trains_up)
        self.announce()

    def regain(self) -> None:
        """Have one train more."""
        self.trains_up += 1
        self.log("train_up", self.trains_up)
        self.announce()

    @property
    def capacity_m3_per_h(self) -> float:
        """What the trains that are up can take [m3/h]."""
        return self.train_m3_per_h * self.trains_up

    def limit(self, port: Port) -> float:
        """Return the capacity of the trains that are up [m3/h]."""
        return self.capacity_m3_per_h

    def follows(self) -> Mapping[str, Follow]:
        """Let effluent and power follow the inflow."""
        return {"effluent": Follow("inflow"), "power": Follow("inflow", self.treatment_kwh_per_m3, self.fixed_kw)}
