"""Measures on chiller plants that serve a network of chilled water."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..components import ChillerPlant
from ..kernel.component import Component
from ..physics.cooling import chiller_capacity_frac, chiller_power_frac, tower_fan_power_frac, tower_water
from .base import HOURS_PER_YEAR, SETTINGS
from .desk import Saved, supplied_on_paper
from .supplier import SupplierMeasure

if TYPE_CHECKING:
    from ..park import Park
    from ..timebase import Horizon

DESK_CONDENSER_C, DESK_LOAD_FRAC = 29.4, 0.75
"""Condenser water [°C] and load at which desk calculations read the curves of a chiller."""


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class ChillerPlantMeasure(SupplierMeasure):
    """A measure on a chiller plant."""

    acts_on: ClassVar[tuple[type[Component], ...]] = (ChillerPlant,)


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class ChilledWaterReset(ChillerPlantMeasure):
    """The network's water is made warmer, so that chillers work over a smaller lift and can do more.

    ``size`` is the rise [K].

    Parameters
    ----------
    warmest_c : float
        Water with which the users can still be cooled and dried, at most 10 °C, to which the curves are fitted [°C].
    """

    kind: ClassVar[str] = "chilled_water_reset"

    warmest_c: Annotated[float, Field(ge=5, le=10, allow_inf_nan=False)] = 9.0

    def changed(self, supplier: Any) -> dict[str, Any]:
        """Raise the set point."""
        return {"chilled_water_c": supplier.chilled_water_c + self.size}

    def largest(self, supplier: Any) -> float:
        """Return what is left below the warmest water [K]."""
        return max(self.warmest_c - float(supplier.chilled_water_c), 0.0)

    def saved_on_paper(self, park: Park, horizon: Horizon) -> Saved:
        """Count the cooling of the users' schedules × what the chillers draw less for it."""
        plant: ChillerPlant = self.supplier(park)
        before, after = (_kw_per_kw_th(plant, plant.chilled_water_c + rise) for rise in (0.0, self.size))
        return Saved(kwh=supplied_on_paper(park, plant, horizon) * (before - after))


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class TowerCycles(ChillerPlantMeasure):
    """Treated tower water may be saltier, so that less is blown down.

    ``size`` is what the cycles of concentration rise by.

    Parameters
    ----------
    most_cycles : float
        Cycles that the treatment allows without scale.
    """

    kind: ClassVar[str] = "tower_cycles"

    most_cycles: Annotated[float, Field(gt=1, le=20, allow_inf_nan=False)] = 7.0

    def changed(self, supplier: Any) -> dict[str, Any]:
        """Raise the cycles."""
        return {"concentration_cycles": supplier.concentration_cycles + self.size}

    def largest(self, supplier: Any) -> float:
        """Return what is left up to the most."""
        return max(self.most_cycles - float(supplier.concentration_cycles), 0.0)

    def saved_on_paper(self, park: Park, horizon: Horizon) -> Saved:
        """Count the blowdown of the heat that the users' schedules and the chillers reject."""
        plant: ChillerPlant = self.supplier(park)
        heat_kwh = supplied_on_paper(park, plant, horizon) * (1 + _kw_per_kw_th(plant, plant.chilled_water_c))
        before, after = (
            tower_water(heat_kwh, plant.concentration_cycles + more, plant.drift_frac).makeup_m3_per_h
            for more in (0.0, self.size)
        )
        return Saved(water_m3=before - after)

    def cost_quantity(self, park: Park) -> float:
        """Return the cooling of all chillers [kW thermal]."""
        plant: ChillerPlant = self.supplier(park)
        return plant.chiller_count * plant.chiller_kw_th * self.size


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class TowerFanDrive(ChillerPlantMeasure):
    """Tower fans get converters in place of switching on and off.

    ``size`` is the share of the fans that have none and get one, 0-1.
    """

    kind: ClassVar[str] = "tower_fan_drive"

    def objection(self, supplier: Any) -> str:
        """Return why not, for a plant whose fans are not modelled, or all have converters."""
        if not supplier.tower_fan_kw:
            return "its tower fans are in the auxiliaries: give it tower_fan_kw and tower_water_m3_per_h"
        return "" if supplier.tower_fan_vsd_frac < 1 else "all its tower fans have converters already"

    def changed(self, supplier: Any) -> dict[str, Any]:
        """Raise the share with converters."""
        return {"tower_fan_vsd_frac": 1 - (1 - supplier.tower_fan_vsd_frac) * (1 - self.size)}

    def largest(self, supplier: Any) -> float:
        """Return 1: all of them."""
        return 1.0

    def saved_on_paper(self, park: Park, horizon: Horizon) -> Saved:
        """Count what the converters spare at three quarters of the air, at all hours."""
        spared_frac = tower_fan_power_frac(DESK_LOAD_FRAC, 1) - tower_fan_power_frac(DESK_LOAD_FRAC, None)
        return Saved(kwh=self.cost_quantity(park) * spared_frac * HOURS_PER_YEAR)

    def cost_quantity(self, park: Park) -> float:
        """Return the power of the fans that get one [kW]."""
        plant: ChillerPlant = self.supplier(park)
        return plant.tower_fan_kw * (1 - plant.tower_fan_vsd_frac) * self.size


def _kw_per_kw_th(plant: ChillerPlant, chilled_c: float) -> float:
    """Return the electricity of the chillers per cooling, as desk calculations take it."""
    part = DESK_LOAD_FRAC * chiller_capacity_frac(chilled_c, DESK_CONDENSER_C, plant.curves)
    return chiller_power_frac(DESK_LOAD_FRAC, chilled_c, DESK_CONDENSER_C, plant.curves) / part / plant.cop
