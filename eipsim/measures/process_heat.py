"""Measures on boilers, furnaces and ovens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, ClassVar, cast

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..end_uses import EndUse, ProcessHeat
from ..end_uses.process_heat import AMBIENT_C, GJ_PER_KWH, HeatCarrier
from ..physics.heat import preheated_c
from ..physics.insulation import bare_loss_w_per_m2, insulated_loss_w_per_m2, pipe_loss_w_per_m
from .base import SETTINGS, EndUseMeasure, NonNegative, Positive
from .desk import DeskHours, Saved


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class HeatInsulation(EndUseMeasure):
    """Hot surface is insulated; what it still loses is kept as the bare surface that would lose as much.

    ``size`` is the share of the hot surface that is covered, 0-1.

    Parameters
    ----------
    insulation_mm : float
        Thickness [mm].
    conductivity_w_per_m_k : float
        Conductivity of the insulation [W/(m K)].
    pipe_diameter_mm : float
        Outer diameter of the pipes that are covered, 0 for walls [mm].
    """

    kind: ClassVar[str] = "heat_insulation"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (ProcessHeat,)

    insulation_mm: Positive = 50.0
    conductivity_w_per_m_k: Annotated[float, Field(gt=0.01, le=0.3, allow_inf_nan=False)] = 0.045
    pipe_diameter_mm: NonNegative = 0.0

    def improve(self, end_use: EndUse) -> EndUse:
        """Lower the surface."""
        heat = cast(ProcessHeat, end_use)
        return replace(heat, surface_m2=heat.surface_m2 * (1 - self.size * self._kept_frac(heat)))

    def largest(self, end_use: EndUse) -> float:
        """Return 1: all hot surface."""
        return 1.0

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count the loss of the covered surface in working hours, less what still goes through."""
        heat = cast(ProcessHeat, end_use)
        return _saved(heat, heat.surface_loss_kw * self.size * self._kept_frac(heat) * hours.standing(heat.driver))

    def quantity(self, end_use: EndUse) -> float:
        """Return the surface that is covered [m2]."""
        return cast(ProcessHeat, end_use).surface_m2 * self.size

    def _kept_frac(self, heat: ProcessHeat) -> float:
        """Return the share of its loss that covered surface keeps in."""
        if heat.surface_c <= AMBIENT_C:
            return 0.0
        thickness, conductivity = self.insulation_mm, self.conductivity_w_per_m_k
        if self.pipe_diameter_mm:
            bare = pipe_loss_w_per_m(self.pipe_diameter_mm, heat.surface_c, AMBIENT_C)
            covered = pipe_loss_w_per_m(
                self.pipe_diameter_mm,
                heat.surface_c,
                AMBIENT_C,
                insulation_mm=thickness,
                conductivity_w_per_m_k=conductivity,
            )
        else:
            bare = float(bare_loss_w_per_m2(heat.surface_c, AMBIENT_C))
            covered = float(insulated_loss_w_per_m2(heat.surface_c, AMBIENT_C, thickness, conductivity))
        return 1 - covered / bare


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class BurnerTuning(EndUseMeasure):
    """Burners are set to less excess air.

    ``size`` is the share of the way from the present oxygen to the target, 0-1: the share of the burners that are tuned.

    Parameters
    ----------
    target_o2_frac : float
        Oxygen in the dry flue gas that a tuned burner can keep.
    """

    kind: ClassVar[str] = "burner_tuning"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (ProcessHeat,)

    target_o2_frac: Annotated[float, Field(ge=0.01, le=0.1, allow_inf_nan=False)] = 0.03

    def objection(self, end_use: EndUse) -> str:
        """Return why not, for heat without a burner or burners that are tuned already."""
        heat = cast(ProcessHeat, end_use)
        if not heat.is_fired:
            return f"is heated by {heat.carrier}, which has no burner here"
        low = heat.flue_o2_frac > self.target_o2_frac
        return "" if low else f"flue_o2_frac = {heat.flue_o2_frac:g} is at the target already"

    def improve(self, end_use: EndUse) -> EndUse:
        """Lower the oxygen."""
        heat = cast(ProcessHeat, end_use)
        return replace(heat, flue_o2_frac=heat.flue_o2_frac - self.size * (heat.flue_o2_frac - self.target_o2_frac))

    def largest(self, end_use: EndUse) -> float:
        """Return 1: all burners."""
        return 1.0

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count the fuel of useful heat in scheduled hours × the gain of available heat."""
        heat = cast(ProcessHeat, end_use)
        return _gained(heat, cast(ProcessHeat, self.improve(heat)), hours)

    def quantity(self, end_use: EndUse) -> float:
        """Return the useful heat of the tuned burners [kW]."""
        return cast(ProcessHeat, end_use).useful_kw * self.size


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class HeatRecovery(EndUseMeasure):
    """Exhaust preheats: an economiser behind a boiler, or a recuperator for the combustion air of a furnace.

    ``size`` is the effectiveness of the heat exchanger, 0-0.75.

    Parameters
    ----------
    cold_c : float
        Temperature of the feed water that an economiser heats [°C]; a recuperator heats the combustion air.
    coldest_flue_c : float
        Flue gas above its acid dew point [°C]: 90 for gas and LPG, 120-140 for oil and coal.
    hottest_air_c : float
        Combustion air that the burner stands [°C].
    """

    kind: ClassVar[str] = "heat_recovery"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (ProcessHeat,)

    cold_c: Annotated[float, Field(ge=10, le=110, allow_inf_nan=False)] = 60.0
    coldest_flue_c: Annotated[float, Field(ge=60, le=200, allow_inf_nan=False)] = 100.0
    hottest_air_c: Annotated[float, Field(ge=100, le=800, allow_inf_nan=False)] = 500.0

    def objection(self, end_use: EndUse) -> str:
        """Return why not, for heat without exhaust."""
        heat = cast(ProcessHeat, end_use)
        return "" if heat.is_fired else f"is heated by {heat.carrier}, which has no exhaust here"

    def improve(self, end_use: EndUse) -> EndUse:
        """Cool the flue gas of a boiler, or heat the air of a furnace."""
        heat = cast(ProcessHeat, end_use)
        if heat.firing == "furnace":
            return replace(heat, combustion_air_c=float(preheated_c(heat.combustion_air_c, heat.flue_c, self.size)))
        return replace(heat, flue_c=heat.flue_c - self.size * (heat.flue_c - self.cold_c))

    def largest(self, end_use: EndUse) -> float:
        """Return 0.75, or the effectiveness at which flue gas or air meets its limit."""
        heat = cast(ProcessHeat, end_use)
        if heat.firing == "furnace":
            limit = (self.hottest_air_c - heat.combustion_air_c) / (heat.flue_c - heat.combustion_air_c)
        elif heat.flue_c > self.cold_c:
            limit = (heat.flue_c - self.coldest_flue_c) / (heat.flue_c - self.cold_c)
        else:
            limit = 0.0
        return max(min(0.75, limit), 0.0)

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count the fuel of useful heat in scheduled hours × the gain of available heat."""
        heat = cast(ProcessHeat, end_use)
        return _gained(heat, cast(ProcessHeat, self.improve(heat)), hours)

    def quantity(self, end_use: EndUse) -> float:
        """Return the heat that is recovered at full activity [kW]."""
        heat = cast(ProcessHeat, end_use)
        better = cast(ProcessHeat, self.improve(heat))
        return heat.useful_kw * (1 / heat.available_heat_frac - 1 / better.available_heat_frac)


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class FuelSwitch(EndUseMeasure):
    """A share of the heat comes from another carrier: biomass steam, or electricity by heat pump or direct.

    ``size`` is the share of the heat that still comes from the first carrier and is switched, 0-1.

    Parameters
    ----------
    to_carrier : str
        The new carrier.
    efficiency_frac : float
        Heat per energy of the new carrier: 0.80 for a biomass boiler, 3 for a heat pump.
    """

    kind: ClassVar[str] = "fuel_switch"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (ProcessHeat,)

    to_carrier: HeatCarrier = "biomass"
    efficiency_frac: Annotated[float, Field(gt=0.2, le=5, allow_inf_nan=False)] = 0.8

    def objection(self, end_use: EndUse) -> str:
        """Return why not, if the carrier is the same, or heat was switched to a third one."""
        heat = cast(ProcessHeat, end_use)
        if heat.carrier == self.to_carrier:
            return f"burns {self.to_carrier} already: to_carrier must be another"
        settled = (heat.switched_to, heat.switched_efficiency_frac) == (self.to_carrier, self.efficiency_frac)
        if heat.switched_frac and not settled:
            return f"is switched in part to {heat.switched_to} already: a second switch must be to the same equipment"
        return ""

    def improve(self, end_use: EndUse) -> EndUse:
        """Raise the share of the new carrier."""
        heat = cast(ProcessHeat, end_use)
        return replace(
            heat,
            switched_frac=1 - (1 - heat.switched_frac) * (1 - self.size),
            switched_to=self.to_carrier,
            switched_efficiency_frac=self.efficiency_frac,
        )

    def largest(self, end_use: EndUse) -> float:
        """Return 1: all heat."""
        return 1.0

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count the fuel of useful heat in scheduled hours, less what the new carrier takes for it."""
        heat = cast(ProcessHeat, end_use)
        heat_kwh = heat.useful_kw * hours.of(heat.driver) * (1 - heat.switched_frac) * self.size
        gone, taken = _saved(heat, heat_kwh), heat_kwh / self.efficiency_frac
        if self.to_carrier == "electricity":
            return replace(gone, kwh=gone.kwh - taken)
        return replace(gone, fuel_gj={**gone.fuel_gj, self.to_carrier: -taken * GJ_PER_KWH})

    def quantity(self, end_use: EndUse) -> float:
        """Return the heat that is switched [kW]."""
        heat = cast(ProcessHeat, end_use)
        return heat.useful_kw * (1 - heat.switched_frac) * self.size


def _saved(heat: ProcessHeat, heat_kwh: float) -> Saved:
    """Return the amounts of the first carrier that give that heat."""
    if heat.carrier == "steam":
        return Saved(steam_t=heat_kwh * heat.steam_t_per_kwh)
    kwh = heat_kwh / heat.available_heat_frac
    return Saved(kwh=kwh) if heat.carrier == "electricity" else Saved(fuel_gj={heat.carrier: kwh * GJ_PER_KWH})


def _gained(heat: ProcessHeat, better: ProcessHeat, hours: DeskHours) -> Saved:
    """Return the fuel that the same useful heat needs less."""
    fraction = 1 - heat.available_heat_frac / better.available_heat_frac
    return _saved(heat, heat.useful_kw * hours.of(heat.driver) * fraction)
