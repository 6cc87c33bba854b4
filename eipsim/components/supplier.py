"""What boiler houses, compressor stations and chiller plants have in common: machines that fail, and a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from ..carriers import LOADS
from ..kernel.component import Life
from ..kernel.load_book import Amounts, Bins, nothing
from ..kernel.passer import Passer
from ..kernel.ports import Port
from ..kernel.traces import Floats
from .outages import Repairable

SALTS = LOADS.index("dissolved_solids")


class Supplier(Repairable):
    """Machines in one house that serve a network; each fails with time and waits for a crew.

    Subclasses name their `machines`, say what those that are up `can_give`, and set rates in `respond`: what they draw is a
    curve of what they give, so that nothing follows in proportion. In a shortage of what they draw all of it is multiplied by
    the share that they are ``served``, as if they worked that share of the time. Events: ``machine_down`` and ``machine_up``
    with the number that are up.

    Attributes
    ----------
    product : str
        The port, called like its carrier, by which it serves.
    paid_by : str
        Factory that pays what it draws; empty for the park's operator, who passes its cost on to the users.
    power_place : str
        Where it draws electricity.
    down : frozenset of str
        Machines that wait for a repair or are being repaired.
    most : float
        What the others can give now [rate unit of the product].
    """

    product: ClassVar[str] = ""
    paid_by: str
    power_place: str
    down: frozenset[str]
    most: float

    @property
    def machines(self) -> tuple[str, ...]:
        """Names of the machines."""
        raise NotImplementedError

    def start(self) -> None:
        """All machines are up at hour 0."""
        super().start()
        self.drawn: Port = getattr(self, self.product)
        self.down = frozenset()
        self.most = self.can_give()

    def can_give(self) -> float:
        """Work out what the machines that are up can give [rate unit of the product]."""
        raise NotImplementedError

    def operate(self) -> Iterable[Life]:
        """Return the life of each machine."""
        return (self.fail_and_repair(machine) for machine in self.machines)

    def fail(self, machine: str) -> None:
        """Do without a machine."""
        self.down |= {machine}
        self.most = self.can_give()
        self.log("machine_down", len(self.machines) - len(self.down))
        self.announce()

    def mend(self, machine: str) -> None:
        """Have a machine again."""
        self.down -= {machine}
        self.most = self.can_give()
        self.log("machine_up", len(self.machines) - len(self.down))
        self.announce()

    def asked(self, losses: float) -> float:
        """Return what the machines would give if they were served in full: what is drawn, and losses of the network.

        Parameters
        ----------
        losses : float
            Of the network, at all hours [rate unit of the product].
        """
        served = self.served
        asked = (self.drawn.rate / served if served else 0.0) + losses
        return asked if asked < self.most else self.most


class BlowsDown(Passer):
    """A component whose blowdown takes salts into the wastewater.

    Attributes
    ----------
    blowdown_salts_g_per_m3 : float
        Dissolved solids of the blowdown [g/m3]; 0 if they are not followed.
    """

    blowdown_salts_g_per_m3: float
    salts_kg: float

    def start_loads(self) -> None:
        """Nothing has been let out at hour 0."""
        self.salts_kg = 0.0

    def take(self, bins: Bins, moved: Mapping[str, Floats], came: Mapping[str, Amounts]) -> Mapping[str, Amounts]:
        """Let the salts go with the blowdown."""
        if "blowdown" not in moved:
            return {}
        out = nothing(bins.n)
        out[:, SALTS] = self.blowdown_salts_g_per_m3 / 1000 * moved["blowdown"]
        self.salts_kg += float(out.sum())
        return {"blowdown": out}

    def booked(self) -> Mapping[str, Amounts]:
        """Return what fresh water brought, as something that was added [kg]."""
        added = nothing()
        added[SALTS] = -self.salts_kg
        return {"fresh water": added}
