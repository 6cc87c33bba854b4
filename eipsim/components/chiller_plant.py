"""Chillers with cooling towers that serve a network of chilled water."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from functools import cached_property
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from pydantic.dataclasses import dataclass

from ..kernel.component import Life
from ..kernel.ports import PLANT, Port, inlet, outlet
from ..physics.cooling import (
    CHILLERS,
    ChillerAt,
    ChillerCurves,
    TowerWater,
    chiller_at,
    tower_air_frac,
    tower_fan_power_frac,
    tower_water,
)
from .bounds import STRICT, Count, Frac, NonNegative, Positive, PositiveOrInfinite
from .supplier import BlowsDown, Supplier

KWH_PER_M3_K = 4.186 / 3.6
"""Heat that a cubic metre of water takes up per kelvin [kWh/(m3 K)]."""

WET_BULB = "wet_bulb_c"
"""Profile of the context that towers follow."""


@dataclass(eq=False, kw_only=True, config=STRICT)
class ChillerPlant(Supplier, BlowsDown):
    """Equal water-cooled chillers, as many of which share the load as draw least, and towers near the wet bulb.

    Power and capacity of a chiller follow its load, its chilled water and its condenser water by the curves of
    `physics.cooling.CHILLERS`. Condenser water is as much above the wet bulb as the towers' approach, and at least 24 °C (21 °C
    for others than ``centrifugal``). Fans blow what that takes.

    Parameters
    ----------
    place : str
        Where users are joined to the network; the site of a factory for a plant of its own.
    water_place, power_place, sewer_place : str
        Where it draws city water and electricity, and lets its blowdown out.
    chiller_count : int
        How many.
    chiller_kw_th : float
        Cooling of one at 6.67 °C chilled and 29.4 °C condenser water [kW thermal].
    cop : float
        Heat carried away per electricity of a chiller alone, at the same temperatures and full load.
    compressor : str
        Which curves the chillers have: ``centrifugal`` (DOE-2's default), ``centrifugal_inlet_vanes``,
        ``centrifugal_variable_speed``, ``magnetic_bearing`` or ``screw``.
    chilled_water_c : float
        Set point, 5-10 °C as the curves are fitted for.
    approach_k : float
        Condenser water above the wet bulb [K].
    auxiliary_kw_per_kw_th : float
        Electricity of pumps, and of tower fans unless they are modelled, per cooling [kW/kW].
    tower_fan_kw : float
        Tower fans of the plant at full speed, modelled by range, approach and wet bulb; 0 if they are in the auxiliaries [kW].
    tower_water_m3_per_h : float
        Water that circulates over modelled towers [m3/h]; about 0.2 per kW of chillers.
    tower_fan_vsd_frac : float
        Share of the modelled fans with a converter; the others switch on and off, 0-1.
    concentration_cycles : float
        Salt in the tower's basin over salt in city water, above 1.
    drift_frac : float
        Droplets that are carried away over the water that circulates, 0-1.
    blowdown_salts_g_per_m3 : float
        Dissolved solids of the blowdown [g/m3]; 0 if they are not followed.
    mtbf_h : float
        Mean time between failures of a chiller, exponential [h].
    repair_h_median, repair_sigma : float
        Length of a repair, lognormal: median [h] and sigma of the logarithm.
    crew : str
        Component that repairs; empty if someone always comes at once.
    paid_by : str
        Factory that pays its electricity and water; empty for the park's operator.

    Notes
    -----
    Ports: ``chilled_water`` [kW thermal], ``power``, ``water``, ``blowdown``. Follows the profile ``wet_bulb_c`` step by step.
    Its power is of the class of lines: in a shortage it is cut as they are. Events: ``machine_down`` and ``machine_up`` with
    the number that are up. Heat that the network picks up is left out, as are starts of chillers. Above 35 °C of condenser
    water the curves are used beyond their fit.
    """

    product: ClassVar[str] = "chilled_water"
    chilled_water = outlet("chilled_water", merit=5)
    water = inlet("water", priority=PLANT)
    power = inlet("electricity")
    blowdown = outlet("wastewater")

    place: str = "chilled_water_main"
    water_place: str = "water_main"
    power_place: str = "utilities"
    sewer_place: str = "sewer"
    chiller_count: Count = 2
    chiller_kw_th: Positive = field()
    cop: Annotated[float, Field(ge=2, le=8, allow_inf_nan=False)] = 5.5
    compressor: Literal["centrifugal", "centrifugal_inlet_vanes", "centrifugal_variable_speed", "magnetic_bearing", "screw"] = (
        "centrifugal"
    )
    chilled_water_c: Annotated[float, Field(ge=5, le=10, allow_inf_nan=False)] = 7.0
    approach_k: Annotated[float, Field(ge=1, le=15, allow_inf_nan=False)] = 4.0
    auxiliary_kw_per_kw_th: NonNegative = 0.06
    tower_fan_kw: NonNegative = 0.0
    tower_water_m3_per_h: NonNegative = 0.0
    tower_fan_vsd_frac: Frac = 0.0
    concentration_cycles: Annotated[float, Field(gt=1, le=20, allow_inf_nan=False)] = 4.0
    drift_frac: Frac = 0.0002
    blowdown_salts_g_per_m3: NonNegative = 0.0
    mtbf_h: PositiveOrInfinite = 4000.0
    repair_h_median: Positive = 24.0
    repair_sigma: NonNegative = 0.8
    crew: str = ""
    paid_by: str = ""

    def __post_init__(self) -> None:
        if self.tower_fan_kw and not self.tower_water_m3_per_h:
            raise ValueError(
                f"tower_water_m3_per_h = 0 with tower_fan_kw = {self.tower_fan_kw:g} kW: must be above 0, "
                "about 0.2 per kW of chillers"
            )

    @property
    def curves(self) -> ChillerCurves:
        """Curves of its chillers."""
        return CHILLERS[self.compressor]

    @property
    def machines(self) -> tuple[str, ...]:
        """Names of the chillers."""
        return tuple(f"chiller {k}" for k in range(self.chiller_count))

    @property
    def profile_names(self) -> frozenset[str]:
        """Profiles that it follows."""
        return frozenset({WET_BULB})

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports at the network and at the places that it draws from."""
        return super().declared_ports() | {
            "power": inlet("electricity", place=self.power_place),
            "water": inlet("water", place=self.water_place, priority=PLANT),
            "blowdown": outlet("wastewater", place=self.sewer_place),
        }

    def operate(self) -> Iterable[Life]:
        """Return the lives of the chillers, and one that follows the weather."""
        yield from super().operate()
        yield self._follow_weather()

    def start(self) -> None:
        """Start with the weather of hour 0."""
        self._feel(float(self.simulation.profiles[WET_BULB][0]))
        super().start()

    def _follow_weather(self) -> Life:
        simulation = self.simulation
        wet_bulb_c = simulation.profiles[WET_BULB]
        for step in (np.flatnonzero(np.diff(wet_bulb_c)) + 1).tolist():
            yield self.wait_until(step * simulation.step_h)
            self._feel(float(wet_bulb_c[step]))
            self.most = self.can_give()
            self.relimit(self.chilled_water)

    def _feel(self, wet_bulb_c: float) -> None:
        """Let a wet bulb decide what a chiller can do [°C]."""
        self.wet_bulb_c = wet_bulb_c
        self.each = self.at(wet_bulb_c + self.approach_k)

    @cached_property
    def known(self) -> dict[float, ChillerAt]:
        """A chiller at temperatures of condenser water that have come up [°C]."""
        return {}

    def at(self, condenser_water_c: float) -> ChillerAt:
        """Return what a chiller can do at a temperature of its condenser water [°C]."""
        at = self.known.get(condenser_water_c)
        if at is None:
            at = self.known[condenser_water_c] = chiller_at(self.chilled_water_c, condenser_water_c, self.curves)
        return at

    def can_give(self) -> float:
        """Return what the chillers that are up can give at the weather of now [kW thermal]."""
        up = self.chiller_count - len(self.down)
        return up * self.chiller_kw_th * self.each.capacity_frac

    def limit(self, port: Port) -> float:
        """Return what the chillers that are up can give now [kW thermal]."""
        return self.most

    def respond(self) -> None:
        """Draw power and tower water for the cooling that is asked for."""
        served, cooling_kw_th = self.served, self.asked(0.0)
        chillers_kw = self.chillers_kw(cooling_kw_th, self.each)
        fans_kw = self.fans_kw(cooling_kw_th + chillers_kw, self.wet_bulb_c)
        self.power.rate = served * (chillers_kw + fans_kw + self.auxiliary_kw_per_kw_th * cooling_kw_th)
        heat_kw_th = served * (cooling_kw_th + chillers_kw)
        self.water.rate = heat_kw_th * self.makeup_m3_per_kwh
        self.blowdown.rate = heat_kw_th * self.blowdown_m3_per_kwh

    @cached_property
    def water_per_kw(self) -> TowerWater:
        """Water of the towers for each kilowatt of heat [m3/h]."""
        return tower_water(1.0, self.concentration_cycles, self.drift_frac)

    @cached_property
    def makeup_m3_per_kwh(self) -> float:
        """City water that the towers take for each kilowatt-hour of heat [m3/kWh]."""
        return self.water_per_kw.makeup_m3_per_h

    @cached_property
    def blowdown_m3_per_kwh(self) -> float:
        """Water that the towers let out for each kilowatt-hour of heat [m3/kWh]."""
        return self.water_per_kw.blowdown_m3_per_h

    def fans_kw(self, rejected_kw_th: float, wet_bulb_c: float) -> float:
        """Return what modelled tower fans draw for a heat; nothing if they are in the auxiliaries [kW]."""
        if not self.tower_fan_kw or not rejected_kw_th:
            return 0.0
        range_k = rejected_kw_th / (KWH_PER_M3_K * self.tower_water_m3_per_h)
        air_frac = tower_air_frac(range_k, self.approach_k, wet_bulb_c)
        share = self.tower_fan_vsd_frac
        steps, any_speed = tower_fan_power_frac(air_frac, 1), tower_fan_power_frac(air_frac, None)
        return self.tower_fan_kw * ((1 - share) * steps + share * any_speed)

    def chillers_kw(self, cooling_kw_th: float, each: ChillerAt) -> float:
        """Return the least power with which chillers that are up can give a cooling, without pumps and fans [kW].

        More cooling never takes less, so that what a shortage cuts is never too little.
        """
        load = cooling_kw_th / (self.chiller_kw_th * each.capacity_frac)
        return self.chiller_kw_th / self.cop * each.least_power_frac(load, self.chiller_count - len(self.down))
