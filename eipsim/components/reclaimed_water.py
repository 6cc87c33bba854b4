"""Effluent that is made fit for factories again: filtration and reverse osmosis, a tank, and a network beside the city's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property

import numpy as np
from pydantic.dataclasses import dataclass

from ..carriers import LOADS
from ..kernel.component import Component, Follow, Storage
from ..kernel.load_book import Amounts, Bins, nothing
from ..kernel.mixing import Stirred
from ..kernel.passer import Passer
from ..kernel.ports import PLANT, Port, inlet, outlet
from ..kernel.traces import Floats
from ..physics.wastewater_reuse import Separation, in_series, rejected_load_frac
from .bounds import STRICT, Frac, NonNegative, Positive
from .supplier import SALTS

NUTRIENTS_HELD_FRAC = {"filter": 0.1, "osmosis": 0.9}
"""Rejection of nitrogen and phosphorus; C."""


@dataclass(eq=False, kw_only=True, config=STRICT)
class ReclaimedWater(Storage, Passer):
    """Takes effluent before it leaves, and keeps its product in a tank from which process water is drawn before city water.

    Parameters
    ----------
    place : str
        Where effluent is taken from.
    to : str
        The network of process water.
    reject_to : str
        Where the reject goes, as effluent.
    power_place : str
        Where it draws electricity.
    feed_m3_per_h : float
        Capacity of the stage [m3/h]; it works at this rate or less, as effluent comes.
    filter_recovery_frac, osmosis_recovery_frac : float
        Product over feed of ultrafiltration and of reverse osmosis, 0-1; an osmosis of 1 is none.
    osmosis_rejection_frac : float
        Of dissolved solids and dissolved COD, 0-1.
    kwh_per_m3 : float
        Electricity per feed [kWh/m3]: 0.2-0.3 ultrafiltration alone, 0.9-1.5 with reverse osmosis.
    capacity_m3 : float
        Of the tank [m3].
    pump_m3_per_h : float
        The most that is drawn from it [m3/h].
    restart_frac : float
        Level over capacity below which a stage that stopped at a full tank starts again, 0-1.
    reserve_frac : float
        Level over capacity from which a tank that ran empty gives again, 0-1.

    Notes
    -----
    Ports: ``feed`` ranks above pond and river, ``reject``, ``product`` is cheaper than city water, ``power``. Events: ``full``
    and ``empty`` with the level [m3]. Cleaning, ageing and scaling of membranes are left out.
    """

    supplementary = True
    deaf_to = ("product",)
    feed = inlet("effluent", merit=3)
    reject = outlet("effluent")
    product = outlet("process_water", merit=1)
    power = inlet("electricity", priority=PLANT)

    place: str = "outfall"
    to: str = "process_main"
    reject_to: str = "mouth"
    power_place: str = "utilities"
    feed_m3_per_h: Positive = field()
    filter_recovery_frac: Frac = 0.92
    osmosis_recovery_frac: Frac = 0.75
    osmosis_rejection_frac: Frac = 0.97
    kwh_per_m3: NonNegative = 1.2
    capacity_m3: Positive = field()
    pump_m3_per_h: Positive = field()
    restart_frac: Frac = 0.8
    reserve_frac: Frac = 0.1

    def __post_init__(self) -> None:
        if not 0 < self.reserve_frac < self.restart_frac < 1:
            raise ValueError(
                f"reclaimed_water.reserve_frac = {self.reserve_frac:g}, restart_frac = {self.restart_frac:g}: "
                "must be more than 0, rise, and be below 1"
            )
        if not self.recovery_frac > 0:
            raise ValueError("reclaimed_water.filter_recovery_frac × osmosis_recovery_frac = 0: must be more than 0")

    @cached_property
    def recovery_frac(self) -> float:
        """Product over feed of the whole stage, 0-1."""
        return self.filter_recovery_frac * self.osmosis_recovery_frac

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports, each at its place."""
        return super().declared_ports() | {
            "reject": outlet("effluent", place=self.reject_to),
            "product": outlet("process_water", merit=1, place=self.to),
            "power": inlet("electricity", place=self.power_place, priority=PLANT),
        }

    def start(self) -> None:
        """Start with an empty tank, at work."""
        self.capacity, self.level = self.capacity_m3, 0.0
        self.marks = (0.0, self.reserve_frac * self.capacity, self.restart_frac * self.capacity, self.capacity)
        self.works, self.gives = True, False

    def limit(self, port: Port) -> float:
        """Return what the stage takes while it works, and what pumps give while there is water [m3/h]."""
        if port.name == "feed":
            return self.feed_m3_per_h if self.works else 0.0
        return self.pump_m3_per_h if self.gives else 0.0

    def respond(self) -> None:
        """Let reject and power follow the feed."""
        self.reject.rate = (1 - self.recovery_frac) * self.feed.rate
        self.power.rate = self.kwh_per_m3 * self.feed.rate

    def net_rate(self) -> float:
        """Return product made less product drawn [m3/h]."""
        return self.recovery_frac * self.feed.rate - self.product.rate

    def marks_ahead(self, rises: bool) -> tuple[float, ...]:
        """Return empty, full, and the reserve at which pumps may give again, or the level at which the stage restarts."""
        empty, reserve, restart, full = self.marks
        return (empty, reserve, full) if rises else (empty, restart, full)

    def passed_mark(self) -> None:
        """Stop the stage when the tank is full, and its pumps when it is empty."""
        empty, reserve, restart, full = self.marks
        if self.level == full:
            self.works = False
            self.log("full", full)
        elif self.level == empty:
            self.gives = False
            self.log("empty", empty)
        elif self.level == restart and self.net < 0:
            self.works = True
        elif self.level == reserve and self.net > 0:
            self.gives = True

    def left_mark(self, mark: float) -> None:
        """Do nothing: stage and pumps stop and start where a mark is met."""

    def start_loads(self) -> None:
        """Start with an empty tank."""
        self.water = Stirred(self.level)
        self.rejected_frac = np.array(self.stages().rejected_frac)

    def stages(self) -> Separation:
        """Return what filtration and osmosis together hold back."""

        def stage(recovery: float, held: Mapping[str, float]) -> Separation:
            return Separation(
                recovery,
                tuple(1.0 if held[name] >= 1 else float(rejected_load_frac(recovery, held[name])) for name in LOADS),
            )

        solids = {"cod_particulate": 1.0, "tss": 1.0}
        nutrients = dict.fromkeys(("total_n", "total_p"), NUTRIENTS_HELD_FRAC["filter"])
        first = stage(self.filter_recovery_frac, dict.fromkeys(LOADS, 0.0) | nutrients | solids)
        nutrients = dict.fromkeys(("total_n", "total_p"), NUTRIENTS_HELD_FRAC["osmosis"])
        second = stage(self.osmosis_recovery_frac, dict.fromkeys(LOADS, self.osmosis_rejection_frac) | nutrients | solids)
        return in_series(first, second) if self.osmosis_recovery_frac < 1 else first

    def take(self, bins: Bins, moved: Mapping[str, Floats], came: Mapping[str, Amounts]) -> Mapping[str, Amounts]:
        """Split what comes between product and reject, and mix the product in the tank."""
        reject = came["feed"] * self.rejected_frac
        drawn = self.water.pass_on(self.recovery_frac * moved["feed"], moved["product"], came["feed"] - reject)
        return {"reject": reject, "product": drawn}

    def held(self) -> Amounts:
        """Return what is in the tank [kg]."""
        return self.water.kg


@dataclass(eq=False, kw_only=True, config=STRICT)
class ProcessWaterMain(Passer, Component):
    """Tops the network of process water up from the city's main.

    Parameters
    ----------
    place : str
        The network.
    water_place : str
        Where city water is drawn.
    salts_g_per_m3 : float
        Dissolved solids of city water [g/m3].
    stay_h : float
        How long what process water brings stays in baths and loops before it leaves with the wastewater of its users [h].

    Notes
    -----
    Ports: ``supply`` ranks behind reclaimed water, ``city``. What it brings is booked as ``city water``, negative. No events.
    """

    supply = outlet("process_water", merit=8)
    city = inlet("water")

    place: str = "process_main"
    water_place: str = "water_main"
    salts_g_per_m3: NonNegative = 120.0
    stay_h: NonNegative = 48.0

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports, each at its place."""
        return super().declared_ports() | {"city": inlet("water", place=self.water_place)}

    def limit(self, port: Port) -> float:
        """Return no limit but that of the city's main [m3/h]."""
        return math.inf

    def follows(self) -> Mapping[str, Follow]:
        """Draw what is supplied."""
        return {"city": Follow("supply")}

    def start_loads(self) -> None:
        """Nothing has been brought."""
        self.brought = nothing()

    def take(self, bins: Bins, moved: Mapping[str, Floats], came: Mapping[str, Amounts]) -> Mapping[str, Amounts]:
        """Bring the salts of city water."""
        salts = nothing(bins.n)
        salts[:, SALTS] = self.salts_g_per_m3 * moved["supply"] / 1000
        self.brought = self.brought - np.add.reduce(salts)
        return {"supply": salts}

    def booked(self) -> Mapping[str, Amounts]:
        """Return what city water has brought, negative [kg]."""
        return {"city water": self.brought}
