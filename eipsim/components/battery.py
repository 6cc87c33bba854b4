"""Batteries that shave the peak of a meter and carry a site through an outage."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import field
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..kernel.component import Life, Storage
from ..kernel.ports import Port, inlet, outlet
from .bounds import STRICT, Frac, Positive
from .outages import Interruptible, supply_chain

LEAST_FRAC = 0.001
"""Charge over capacity below which it can't be told from empty."""


@dataclass(eq=False, kw_only=True, config=STRICT)
class Battery(Storage):
    """Gives what is needed above the threshold of its meter, and in an outage; is charged below the threshold.

    The rule is the order of merit: the meter's import up to its threshold (9) comes before the battery (10), and that before
    import above the threshold (11); charging bids 9.5. So it shaves exactly, with no forecast, as long as power and charge
    last, and never lifts the import above the threshold by charging. A battery at the place of a feeder with a rating that
    limits it, or whose meter has no threshold, gives when that limit is reached.

    Parameters
    ----------
    place : str
        The site behind a meter, or the place of a feeder.
    feeder : str
        The feeder or substation whose outage frees the reserve and stops charging; empty if none can be out.
    capacity_kwh : float
        What it holds [kWh].
    charge_kw, discharge_kw : float
        Greatest power at its terminals [kW].
    round_trip_frac : float
        Energy out over energy in, lost in equal factors on both ways, 0-1.
    charge_band : {"offpeak", "normal", "peak", "any"}
        Band of the tariff in which it is charged.
    reserve_frac : float
        Charge over capacity that is kept for outages, 0-1.
    start_frac : float
        Charge at hour 0 over capacity, 0-1.

    Notes
    -----
    Ports: ``charge``, ``discharge``. Degradation, self-discharge (a few per cent a month for lithium cells) and the power of
    its cooling are not modelled: the round trip of 0.85 of the NREL Annual Technology Baseline (2020) is that of a whole plant
    at one cycle a day. Events: ``full`` and ``empty`` (down to the reserve, or to nothing in an outage) with the charge [kWh].
    """

    supplementary = True
    charge = inlet("electricity", merit=9.5)
    discharge = outlet("electricity", merit=10)

    place: str = field()
    feeder: str = ""
    capacity_kwh: Positive = field()
    charge_kw: Positive = field()
    discharge_kw: Positive = field()
    round_trip_frac: Annotated[float, Field(gt=0, le=1)] = 0.85
    charge_band: Literal["offpeak", "normal", "peak", "any"] = "offpeak"
    reserve_frac: Annotated[float, Field(ge=0, lt=1)] = 0.0
    start_frac: Frac = 1.0

    def __post_init__(self) -> None:
        for name in ("reserve_frac", "start_frac"):
            if 0 < (frac := getattr(self, name)) < LEAST_FRAC:
                raise ValueError(f"battery.{name} = {frac:g}: must be 0 or from {LEAST_FRAC:g} up")

    @property
    def one_way_frac(self) -> float:
        """What is left on the way in, and again on the way out."""
        return math.sqrt(self.round_trip_frac)

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports; the charger follows the band of the tariff."""
        factors = () if self.charge_band == "any" else (f"band:{self.charge_band}",)
        return super().declared_ports() | {"charge": inlet("electricity", merit=9.5, factors=factors)}

    def start(self) -> None:
        """Start with the given charge."""
        self.capacity = self.capacity_kwh
        self.level = self.start_frac * self.capacity_kwh
        self.reserve_kwh = self.reserve_frac * self.capacity_kwh
        self.marks = tuple(sorted({0.0, self.reserve_kwh, self.capacity_kwh}))
        self.chain: tuple[Interruptible, ...] = ()

    def operate(self) -> Iterable[Life]:
        """Watch the supply."""
        if self.feeder:
            self.chain = tuple(supply_chain(self, self.feeder))
            for part in self.chain:
                part.watchers.append(self)
        return ()

    @property
    def is_backup(self) -> bool:
        """Whether the supply is out, so that the reserve may be used."""
        return not all(part.up for part in self.chain)

    @property
    def floor_kwh(self) -> float:
        """Charge at which it gives no more [kWh]."""
        return 0.0 if self.is_backup else self.reserve_kwh

    def limit(self, port: Port) -> float:
        """Return its power while there is charge to give, or room and supply to take [kW]."""
        if port.name == "charge":
            return self.charge_kw if self.level < self.capacity and not self.is_backup else 0.0
        return self.discharge_kw if self.level > self.floor_kwh else 0.0

    def net_rate(self) -> float:
        """Return what reaches the cells less what leaves them [kW]."""
        return self.one_way_frac * self.charge.rate - self.discharge.rate / self.one_way_frac

    def passed_mark(self) -> None:
        """Note that it is full, or has no more to give."""
        if self.level == self.capacity:
            self.log("full", self.level)
        elif self.level == self.floor_kwh and self.net < 0:
            self.log("empty", self.level)
