"""The pond that effluent passes before it leaves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field

from pydantic.dataclasses import dataclass

from ..carriers import LOADS
from ..kernel.component import Component, Follow
from ..kernel.load_book import NOTHING, Amounts
from ..kernel.passer import Passer
from ..kernel.ports import Port, inlet, outlet
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
        self.kg = list(NOTHING)
        decay, nitrogen = (float(rate_at(rate, 1.05, self.water_c)) for rate in (self.decay_per_d, self.nitrogen_per_d))
        rates = {
            "cod_biodegradable": decay,
            "bod5": decay,
            "total_n": nitrogen,
            "cod_particulate": self.settling_per_d,
            "tss": self.settling_per_d,
        }
        self.per_d = [rates.get(name, 0.0) for name in LOADS]
        self.different_per_d = sorted(set(self.per_d))
        self.gone = {"sediment": list(NOTHING), "reactions": list(NOTHING)}
        self.goes = [self.gone["sediment" if name in ("cod_particulate", "tss") else "reactions"] for name in LOADS]

    def take(self, hours: float, moved: Mapping[str, float], came: Mapping[str, Amounts]) -> Mapping[str, Amounts]:
        """Mix, settle and decay."""
        out, brought = list(NOTHING), came.get("inflow", NOTHING)
        exchanges, days = moved["inflow"] / self.volume_m3, hours / 24
        kg, courses = self.kg, {per_d: full_tank_course(exchanges, per_d * days) for per_d in self.different_per_d}
        for k, per_d in enumerate(self.per_d):
            kept, gained, reacts = courses[per_d]
            there, comes = kg[k], brought[k]
            left = kg[k] = there * kept + comes * gained
            lost = there + comes - left
            reacted = lost * reacts
            out[k] = lost - reacted
            self.goes[k][k] += reacted
        return {"outflow": out}

    def held(self) -> Amounts:
        """Return what is in the pond [kg]."""
        return list(self.kg)

    def booked(self) -> Mapping[str, Amounts]:
        """Return what has settled and decayed [kg]."""
        return self.gone
