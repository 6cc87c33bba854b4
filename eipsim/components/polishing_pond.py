"""The pond that effluent passes before it leaves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field

import numpy as np
from pydantic.dataclasses import dataclass

from ..carriers import LOADS
from ..kernel.component import Component, Follow
from ..kernel.load_book import Amounts, Bins, nothing
from ..kernel.mixing import course
from ..kernel.passer import Passer
from ..kernel.ports import Port, inlet, outlet
from ..kernel.traces import Floats
from ..physics.wastewater import full_tank_course, rate_at
from .bounds import STRICT, NonNegative, Positive


@dataclass(eq=False, kw_only=True, config=STRICT)
class PolishingPond(Passer, Component):
    """A full, stirred pond: solids settle, and what is left of organics and nitrogen decays slowly.

    Parameters
    ----------
    place : str
        Where effluent arrives.
    to : str
        Where it leaves.
    volume_m3 : float
        Of the water [m3].
    settling_per_d : float
        Of solids, and of the COD and nutrients in them [1/d]: settling velocity over depth.
    decay_per_d : float
        Of biodegradable COD and BOD5 at 20 °C [1/d].
    nitrogen_per_d : float
        Of nitrogen at 20 °C [1/d]; uptake and denitrification.
    water_c : float
        Temperature [°C].

    Notes
    -----
    Ports: ``inflow``, ``outflow``; a pond that is full passes on what comes. What settles is booked as ``sediment``, what
    decays as ``reactions``; algae, evaporation and rain on the pond are left out. No events.
    """

    inflow = inlet("effluent", merit=1)
    outflow = outlet("effluent")

    place: str = "plant"
    to: str = "outfall"
    volume_m3: Positive = field()
    settling_per_d: NonNegative = 0.4
    decay_per_d: NonNegative = 0.1
    nitrogen_per_d: NonNegative = 0.03
    water_c: Positive = 28.0

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports, each at its place."""
        return super().declared_ports() | {"outflow": outlet("effluent", place=self.to)}

    def limit(self, port: Port) -> float:
        """Return no limit [m3/h]."""
        return math.inf

    def follows(self) -> Mapping[str, Follow]:
        """Pass on what comes."""
        return {"outflow": Follow("inflow")}

    def start_loads(self) -> None:
        """Start with clean water."""
        self.kg = nothing()
        decay, nitrogen = (float(rate_at(rate, 1.05, self.water_c)) for rate in (self.decay_per_d, self.nitrogen_per_d))
        rates = {
            "cod_biodegradable": decay,
            "bod5": decay,
            "total_n": nitrogen,
            "cod_particulate": self.settling_per_d,
            "tss": self.settling_per_d,
        }
        self.per_d = np.array([rates.get(name, 0.0) for name in LOADS])
        self.settles = np.array([name in ("cod_particulate", "tss") for name in LOADS])
        self.reacted = nothing()

    def take(self, bins: Bins, moved: Mapping[str, Floats], came: Mapping[str, Amounts]) -> Mapping[str, Amounts]:
        """Mix, settle and decay."""
        exchanges, days = moved["inflow"] / self.volume_m3, bins.hours / 24
        kept, gained, reacts = full_tank_course(exchanges[:, None], days[:, None] * self.per_d)
        after = course(self.kg, kept, gained * came["inflow"])
        lost = np.concatenate((self.kg[None], after[:-1])) + came["inflow"] - after
        reacted = lost * reacts
        self.kg, self.reacted = after[-1].copy(), self.reacted + np.add.reduce(reacted)
        return {"outflow": lost - reacted}

    def held(self) -> Amounts:
        """Return what is in the pond [kg]."""
        return self.kg

    def booked(self) -> Mapping[str, Amounts]:
        """Return what has settled and decayed [kg]."""
        return {"sediment": self.reacted * self.settles, "reactions": self.reacted * ~self.settles}
