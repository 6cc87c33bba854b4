"""Deliveries of fuels."""

from __future__ import annotations

import math
from dataclasses import field

from pydantic.dataclasses import dataclass

from ..carriers import FUELS
from ..errors import nearest
from ..kernel.component import Component
from ..kernel.ports import Port, outlet
from .bounds import STRICT, PositiveOrInfinite


@dataclass(eq=False, kw_only=True, config=STRICT)
class FuelSupply(Component):
    """Brings one fuel as it is burnt; stocks and lorries are not modelled.

    Parameters
    ----------
    carrier : str
        One of the fuels: lpg, natural_gas, diesel, fuel_oil, coal, biomass.
    place : str
        Where sites are joined to it.
    capacity_gj_per_h : float
        The most it can bring [GJ/h].

    Notes
    -----
    Port: ``supply``. No events.
    """

    carrier: str = field()
    place: str = "fuel_depot"
    capacity_gj_per_h: PositiveOrInfinite = math.inf

    def __post_init__(self) -> None:
        if self.carrier not in FUELS:
            raise ValueError(f"fuel_supply.carrier = {self.carrier!r} is no fuel: {nearest(self.carrier, FUELS)}")

    def declared_ports(self) -> dict[str, Port]:
        """Return the outlet."""
        return {"supply": outlet(self.carrier, merit=9)}

    def limit(self, port: Port) -> float:
        """Return the capacity [GJ/h]."""
        return self.capacity_gj_per_h
