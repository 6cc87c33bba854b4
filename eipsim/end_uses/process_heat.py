"""Process heat: boilers, furnaces, ovens, dryers, barrel heaters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..kernel.ports import COMFORT
from ..physics.heat import FUEL_GAS, boiler_available_heat_frac, furnace_available_heat_frac
from ..physics.insulation import bare_loss_w_per_m2
from ..physics.steam import MJ_PER_KWH, saturated
from .base import SETTINGS, EachDriver, EndUse, Flow, Frac, NonNegative, inlet_flow

HeatCarrier = Literal["electricity", "lpg", "natural_gas", "diesel", "fuel_oil", "coal", "biomass"]
AMBIENT_C = 30.0
"""Air in a heated hall, the sink of surface losses and the source of combustion air [°C]; C."""
GJ_PER_KWH = 0.0036


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class ProcessHeat(EndUse):
    """Heat for a process and for the surfaces it leaks from, from electricity, steam of a boiler house, or a fuel.

    Consumption = (useful heat + surface loss) / available heat. The surface loss stands while the equipment is hot: in
    working hours, and for the standby share outside them.

    Parameters
    ----------
    carrier : str
        ``electricity``, a fuel, or ``steam``, of which flue gas and firing are the boiler house's.
    firing : str
        ``boiler`` (flue gas below 450 °C, Siegert) or ``furnace`` (gas or LPG, 400-1,400 °C); no matter for electricity.
    useful_kw : float
        Heat into the product or steam at full activity [kW].
    surface_m2 : float
        Hot surface without insulation, or the bare surface that loses as much [m2].
    surface_c : float
        Temperature of that surface [°C].
    flue_o2_frac : float
        Oxygen in the dry flue gas.
    flue_c : float
        Temperature of the gas that leaves boiler (after an economiser) or furnace (before a recuperator) [°C].
    combustion_air_c : float
        Temperature of the combustion air [°C].
    standby_frac : float
        Share of the surface loss that goes on outside working hours.
    switched_frac : float
        Share of the heat that comes from another carrier.
    switched_to : str
        That carrier; empty if there is none.
    switched_efficiency_frac : float
        Heat per energy of that carrier.
    steam_bar_g : float
        Pressure at which steam condenses [bar above atmosphere].
    interruptible : bool
        Whether it is cut before production when its carrier is short.
    """

    kind: ClassVar[str] = "process_heat"

    driver: EachDriver = "lines"
    carrier: HeatCarrier | Literal["steam"]
    useful_kw: NonNegative
    firing: Literal["boiler", "furnace"] = "boiler"
    surface_m2: NonNegative = 0.0
    surface_c: Annotated[float, Field(ge=AMBIENT_C, le=900, allow_inf_nan=False)] = 150.0
    flue_o2_frac: Annotated[float, Field(ge=0.005, le=0.16, allow_inf_nan=False)] = 0.05
    flue_c: Annotated[float, Field(ge=60, le=1400, allow_inf_nan=False)] = 200.0
    combustion_air_c: Annotated[float, Field(ge=0, le=900, allow_inf_nan=False)] = AMBIENT_C
    standby_frac: Frac = 0.1
    switched_frac: Frac = 0.0
    switched_to: HeatCarrier | Literal[""] = ""
    switched_efficiency_frac: Annotated[float, Field(gt=0.2, le=5, allow_inf_nan=False)] = 0.8
    steam_bar_g: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] = 8.0
    interruptible: bool = False

    def __post_init__(self) -> None:
        """Refuse temperatures and switches that no equipment has."""
        if self.switched_frac and (not self.switched_to or self.switched_to == self.carrier):
            raise ValueError(f"switched_to = {self.switched_to!r}: must name another carrier than {self.carrier!r}")
        if not self.is_fired:
            return
        if self.firing == "furnace" and (self.carrier not in ("lpg", "natural_gas") or self.flue_c < 400):
            raise ValueError("firing = furnace: must burn lpg or natural_gas, with flue_c at least 400 °C")
        if self.firing == "boiler" and self.flue_c > 450:
            raise ValueError(f"flue_c = {self.flue_c:g}: must be at most 450 °C for a boiler; firing = furnace is for more")
        if self.available_heat_frac < 0.1:
            raise ValueError(f"available heat = {self.available_heat_frac:.3f}: flue_o2_frac or flue_c is too high to heat")

    @property
    def is_fired(self) -> bool:
        """Whether it burns a fuel of its own."""
        return self.carrier not in ("electricity", "steam")

    @property
    def steam_t_per_kwh(self) -> float:
        """Steam that gives a kilowatt hour when it condenses [t/kWh]."""
        return MJ_PER_KWH / saturated(self.steam_bar_g).latent_kj_per_kg

    @property
    def available_heat_frac(self) -> float:
        """Heat that stays, per energy of the carrier (net heating value of a fuel, latent heat of steam)."""
        if not self.is_fired:
            return 1.0
        if self.firing == "furnace":
            gross = float(furnace_available_heat_frac(self.flue_o2_frac, self.flue_c, self.combustion_air_c))
            return gross * FUEL_GAS[self.carrier].gross_per_net
        return float(boiler_available_heat_frac(self.carrier, self.flue_o2_frac, self.flue_c, self.combustion_air_c))

    @property
    def surface_loss_kw(self) -> float:
        """Heat lost from the hot surface [kW]."""
        return self.surface_m2 * float(bare_loss_w_per_m2(self.surface_c, AMBIENT_C)) / 1000

    def own_flows(self, others: Mapping[str, EndUse]) -> tuple[Flow, ...]:
        """Return useful heat and surface loss, of the main carrier and of the one that is switched to."""
        sources: list[tuple[str, str, float]] = [("", self.carrier, (1 - self.switched_frac) / self.available_heat_frac)]
        if self.switched_frac:
            sources.append((f"_{self.switched_to}", self.switched_to, self.switched_frac / self.switched_efficiency_frac))
        return tuple(flow for suffix, carrier, per_heat in sources for flow in self._of_carrier(suffix, carrier, per_heat))

    def _of_carrier(self, suffix: str, carrier: str, per_heat: float) -> tuple[Flow, Flow]:
        if carrier != "electricity":
            per_heat *= self.steam_t_per_kwh if carrier == "steam" else GJ_PER_KWH
        priority = COMFORT if self.interruptible else self.priority
        loss = self.surface_loss_kw * per_heat
        kept_hot = loss * self.standby_frac
        open_driver = "always" if self.driver == "always" else "open"
        return (
            inlet_flow(f"useful{suffix}", carrier, 0.0, self.useful_kw * per_heat, self.driver, priority=priority),
            inlet_flow(f"loss{suffix}", carrier, kept_hot, loss - kept_hot, open_driver, priority=priority),
        )
