"""What is left on when nobody needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from pydantic.dataclasses import dataclass

from ..end_uses import CompressedAir, Cooling, EndUse, Lighting, Motors, PlugLoad, ProcessHeat
from .base import SETTINGS, EndUseMeasure
from .desk import DeskHours, Saved

Idling = Lighting | CompressedAir | Motors | Cooling | ProcessHeat | PlugLoad
HEAT_PER_KWH_GJ = 0.0036


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class IdleSwitchOff(EndUseMeasure):
    """Equipment is switched off, by hand or by timer, when its line or the factory rests.

    ``size`` is the share of the standby that is switched off, 0-1.
    """

    kind: ClassVar[str] = "idle_switch_off"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (Lighting, CompressedAir, Motors, Cooling, ProcessHeat, PlugLoad)

    def improve(self, end_use: EndUse) -> EndUse:
        """Lower the standby share."""
        assert isinstance(end_use, Idling)
        return replace(end_use, standby_frac=end_use.standby_frac * (1 - self.size))

    def largest(self, end_use: EndUse) -> float:
        """Return 1: all standby."""
        return 1.0

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count standby power × closed hours × share; pauses within working hours are left aside."""
        closed_h = hours.always_h - hours.standing(end_use.driver)
        carrier, rate = self._standby(end_use)
        amount = rate * closed_h * self.size
        return Saved(kwh=amount) if carrier == "electricity" else Saved(fuel_gj={carrier: amount * HEAT_PER_KWH_GJ})

    def quantity(self, end_use: EndUse) -> float:
        """Return the power that is switched off [kW]."""
        return self._standby(end_use)[1] * self.size

    @staticmethod
    def _standby(end_use: EndUse) -> tuple[str, float]:
        """Return carrier and nameplate standby power [kW], the daylight and weather of the hour left aside."""
        assert isinstance(end_use, Idling)
        if isinstance(end_use, ProcessHeat):
            return end_use.carrier, end_use.surface_loss_kw / end_use.available_heat_frac * end_use.standby_frac
        match end_use:
            case Lighting():
                nameplate_kw = end_use.installed_kw * (1 - end_use.emergency_frac)
            case CompressedAir():
                nameplate_kw = end_use.power_kw(end_use.leak_at_set_point_m3_per_min)
            case Cooling():
                nameplate_kw = end_use.envelope_kw_th / end_use.cop_at_set_point
            case Motors():
                nameplate_kw = end_use.power_kw
            case PlugLoad():
                nameplate_kw = end_use.nameplate_kw
        return "electricity", nameplate_kw * end_use.standby_frac
