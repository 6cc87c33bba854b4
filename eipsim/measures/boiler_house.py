"""Measures on boiler houses that serve a network of steam."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..components import BoilerHouse
from ..kernel.component import Component
from ..physics.steam import makeup_per_steam
from .base import HOURS_PER_YEAR, SETTINGS, Frac
from .desk import Saved, fuel_of_steam, supplied_on_paper
from .supplier import SupplierMeasure

if TYPE_CHECKING:
    from ..park import Park
    from ..timebase import Horizon

Oxygen = Annotated[float, Field(ge=0.01, le=0.12, allow_inf_nan=False)]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class BoilerHouseMeasure(SupplierMeasure):
    """A measure on a boiler house, all of whose steam is made by its first boiler at full fire on paper."""

    acts_on: ClassVar[tuple[type[Component], ...]] = (BoilerHouse,)

    def saved_on_paper(self, park: Park, horizon: Horizon) -> Saved:
        """Count the steam of the users' schedules and of the main × what a tonne takes less of fuel and water."""
        before: BoilerHouse = self.supplier(park)
        after: BoilerHouse = replace(before, **self.changed(before)) if self.size else before
        drawn_t = supplied_on_paper(park, before, horizon)
        (fuel, old), (_, new) = fuel_of_steam(before), fuel_of_steam(after)
        made = [drawn_t + HOURS_PER_YEAR * house.main_loss_t_per_h for house in (before, after)]
        water = [t * makeup_per_steam(h.blowdown_frac, h.condensate_frac) for t, h in zip(made, (before, after), strict=True)]
        return Saved(fuel_gj={fuel: made[0] * old - made[1] * new}, water_m3=water[0] - water[1])


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class CondensateReturn(BoilerHouseMeasure):
    """More condensate comes back: hotter feed water, and less make-up.

    ``size`` is what the share of the steam that comes back rises by, 0-1.

    Parameters
    ----------
    most_frac : float
        Share that can come back at most; what goes into products and live-steam baths can't.
    """

    kind: ClassVar[str] = "condensate_return"

    most_frac: Frac = 0.9

    def changed(self, supplier: Any) -> dict[str, Any]:
        """Raise the share."""
        return {"condensate_frac": supplier.condensate_frac + self.size}

    def largest(self, supplier: Any) -> float:
        """Return what is left up to the most."""
        return max(self.most_frac - float(supplier.condensate_frac), 0.0)


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class BoilerTuning(BoilerHouseMeasure):
    """Burners and grates are set to less excess air, at full and at low fire.

    ``size`` is the share of the way from the present oxygen to the targets, 0-1; a boiler that has less already stays.

    Parameters
    ----------
    target_o2_frac, target_low_fire_o2_frac : float
        Oxygen in the dry flue gas that can be kept: gas 0.03 and 0.05, a grate for wood 0.06 and 0.09.
    """

    kind: ClassVar[str] = "boiler_tuning"

    target_o2_frac: Oxygen = 0.06
    target_low_fire_o2_frac: Oxygen = 0.09

    def objection(self, supplier: Any) -> str:
        """Return why not, if all boilers are tuned already."""
        return "" if supplier.boilers != self._tuned(supplier, 1.0) else "its boilers have the oxygen of the targets already"

    def changed(self, supplier: Any) -> dict[str, Any]:
        """Lower the oxygen of each boiler."""
        return {"boilers": self._tuned(supplier, self.size)}

    def largest(self, supplier: Any) -> float:
        """Return 1: the whole way."""
        return 1.0

    def _tuned(self, supplier: Any, share: float) -> tuple[Any, ...]:
        def lowered(o2_frac: float, target: float) -> float:
            return o2_frac - share * max(o2_frac - target, 0.0)

        return tuple(
            replace(
                boiler,
                flue_o2_frac=lowered(boiler.flue_o2_frac, self.target_o2_frac),
                low_fire_o2_frac=lowered(boiler.low_fire_o2_frac, self.target_low_fire_o2_frac),
            )
            for boiler in supplier.boilers
        )


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class BoilerEconomiser(BoilerHouseMeasure):
    """Economisers behind all boilers lead heat of the flue gas to the feed water.

    ``size`` is their effectiveness, 0-0.75.

    Parameters
    ----------
    cold_c : float
        Feed water that they heat [°C].
    coldest_flue_c : float
        Flue gas above its acid dew point [°C]: 100 for gas, 120-140 for wood, coal and oil.
    """

    kind: ClassVar[str] = "boiler_economiser"

    cold_c: Annotated[float, Field(ge=10, le=110, allow_inf_nan=False)] = 85.0
    coldest_flue_c: Annotated[float, Field(ge=60, le=200, allow_inf_nan=False)] = 130.0

    def changed(self, supplier: Any) -> dict[str, Any]:
        """Cool the flue gas of each boiler."""

        def cooled(flue_c: float) -> float:
            return flue_c - self.size * (flue_c - self.cold_c)

        boilers = supplier.boilers
        return {"boilers": tuple(replace(b, flue_c=cooled(b.flue_c), low_fire_c=cooled(b.low_fire_c)) for b in boilers)}

    def largest(self, supplier: Any) -> float:
        """Return 0.75, or the effectiveness at which the coldest flue gas meets its limit."""
        coldest = min(min(boiler.flue_c, boiler.low_fire_c) for boiler in supplier.boilers)
        if coldest <= max(self.cold_c, self.coldest_flue_c):
            return 0.0
        return float(min(0.75, (coldest - self.coldest_flue_c) / (coldest - self.cold_c)))


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class MainInsulation(BoilerHouseMeasure):
    """The steam main gets more insulation.

    ``size`` is what is added to its thickness [mm].

    Parameters
    ----------
    thickest_mm : float
        Insulation for which there is room [mm].
    """

    kind: ClassVar[str] = "main_insulation"

    thickest_mm: Annotated[float, Field(gt=0, le=300, allow_inf_nan=False)] = 120.0

    def objection(self, supplier: Any) -> str:
        """Return why not, for a house without a main."""
        return "" if supplier.main_m else "has no main: main_m is 0"

    def changed(self, supplier: Any) -> dict[str, Any]:
        """Thicken the insulation."""
        return {"main_insulation_mm": supplier.main_insulation_mm + self.size}

    def largest(self, supplier: Any) -> float:
        """Return the room that is left [mm]."""
        return max(self.thickest_mm - float(supplier.main_insulation_mm), 0.0)

    def cost_quantity(self, park: Park) -> float:
        """Return the length of the main times the thickness, over 60 mm [m]."""
        return float(self.supplier(park).main_m) * self.size / 60.0
