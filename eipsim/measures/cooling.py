"""Measures on chillers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, ClassVar, cast

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..end_uses import Cooling, EndUse
from ..physics.cooling import chilled_water_cop_ratio
from .base import SERVED, SETTINGS, EndUseMeasure
from .desk import DeskHours, Saved

Cop = Annotated[float, Field(ge=1, le=10, allow_inf_nan=False)]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class ChillerSetPoint(EndUseMeasure):
    """Chilled water is made warmer, so that the chiller works over a smaller difference.

    ``size`` is the rise [K].

    Parameters
    ----------
    warmest_c : float
        Water with which rooms and processes can still be cooled and dried [°C].
    """

    kind: ClassVar[str] = "chiller_set_point"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (Cooling,)

    warmest_c: Annotated[float, Field(ge=5, le=20, allow_inf_nan=False)] = 11.0

    def objection(self, end_use: EndUse) -> str:
        """Return why not, for chilled water of a plant."""
        return SERVED.format("chilled_water_reset", "chiller plant") if cast(Cooling, end_use).served else ""

    def improve(self, end_use: EndUse) -> EndUse:
        """Raise the set point."""
        cooling = cast(Cooling, end_use)
        return replace(cooling, chilled_water_c=cooling.chilled_water_c + self.size)

    def largest(self, end_use: EndUse) -> float:
        """Return what is left below the warmest water [K]."""
        return max(self.warmest_c - cast(Cooling, end_use).chilled_water_c, 0.0)

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count the nameplate load in working hours × (1 − COP / COP at the new set point)."""
        cooling = cast(Cooling, end_use)
        ratio = float(chilled_water_cop_ratio(cooling.chilled_water_c + self.size, cooling.chilled_water_c))
        return Saved(kwh=_desk_kwh(cooling, hours, others) * (1 - 1 / ratio))

    def quantity(self, end_use: EndUse) -> float:
        """Return the rise [K]."""
        return self.size


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class ChillerReplacement(EndUseMeasure):
    """Old chillers give way to better ones.

    ``size`` is the share of the cooling that the replaced chillers carry, 0-1.

    Parameters
    ----------
    existing_cop, new_cop : float
        Of the replaced and the new plant, pumps and towers included.
    """

    kind: ClassVar[str] = "chiller_replacement"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (Cooling,)

    existing_cop: Cop = 3.8
    new_cop: Cop = 5.2

    def objection(self, end_use: EndUse) -> str:
        """Return why not, for chilled water of a plant, or if the new plant is no better."""
        if cast(Cooling, end_use).served:
            return SERVED.format("another cop", "chiller plant")
        return "" if self.new_cop > self.existing_cop else f"new_cop = {self.new_cop:g} must be above existing_cop"

    def improve(self, end_use: EndUse) -> EndUse:
        """Raise the mean coefficient of performance."""
        cooling = cast(Cooling, end_use)
        return replace(cooling, cop=cooling.cop / (1 - self.size * self._gain_frac))

    def largest(self, end_use: EndUse) -> float:
        """Return 1, or the share at which the mean reaches a coefficient of performance of 10."""
        left = 1 - cast(Cooling, end_use).cop / 10
        return max(min(1.0, left / self._gain_frac), 0.0)

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count the nameplate load in working hours × share × (1 − COP / COP new)."""
        return Saved(kwh=_desk_kwh(cast(Cooling, end_use), hours, others) * self.size * self._gain_frac)

    def quantity(self, end_use: EndUse) -> float:
        """Return the cooling of the new chillers, at 1.5 times the mean envelope load [kW thermal]."""
        cooling = cast(Cooling, end_use)
        return (1.5 * cooling.envelope_kw_th + cooling.process_kw_th) * self.size

    @property
    def _gain_frac(self) -> float:
        return 1 - self.existing_cop / self.new_cop


def _desk_kwh(cooling: Cooling, hours: DeskHours, others: Mapping[str, EndUse]) -> float:
    """Return electricity of envelope, process and all room heat at full activity, by the schedule [kWh]."""
    room_kw = sum(heat.rest + heat.run for other in others.values() for heat in other.room_heat())
    heat_kwh = (cooling.envelope_kw_th + room_kw) * hours.standing(cooling.driver)
    return (heat_kwh + cooling.process_kw_th * hours.of(cooling.driver)) / cooling.cop_at_set_point
