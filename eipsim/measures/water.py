"""Measures on water."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, ClassVar, cast

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..end_uses import EndUse, WaterUse
from ..physics.water import loop_reuse_frac, rinse_flow_ratio
from .base import SETTINGS, EndUseMeasure, Frac, NonNegative, Positive
from .desk import DeskHours, Saved


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class WaterFixtures(EndUseMeasure):
    """Taps, showers and cisterns are replaced, and leaks mended on the way.

    ``size`` is the share of the fixtures, 0-1.

    Parameters
    ----------
    existing_l_per_min, new_l_per_min : float
        Flow of the old and the new fixtures [L/min].
    mended_frac : float
        Share of the leaks beside these fixtures that is mended.
    """

    kind: ClassVar[str] = "water_fixtures"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (WaterUse,)

    existing_l_per_min: Positive = 10.0
    new_l_per_min: Positive = 6.0
    mended_frac: Frac = 0.5

    def objection(self, end_use: EndUse) -> str:
        """Return why not, if the new fixtures take no less."""
        less = self.new_l_per_min < self.existing_l_per_min
        return "" if less else f"new_l_per_min = {self.new_l_per_min:g} must be below existing_l_per_min"

    def improve(self, end_use: EndUse) -> EndUse:
        """Lower sanitary water and leaks."""
        use = cast(WaterUse, end_use)
        return replace(
            use,
            sanitary_m3_per_h=use.sanitary_m3_per_h * (1 - self.size * self._saved_frac),
            leak_m3_per_h=use.leak_m3_per_h * (1 - self.size * self.mended_frac),
        )

    def largest(self, end_use: EndUse) -> float:
        """Return 1: all fixtures."""
        return 1.0

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count sanitary water in working hours and leaks in all."""
        use = cast(WaterUse, end_use)
        sanitary_m3 = use.sanitary_m3_per_h * hours.open_h * self.size * self._saved_frac
        leak_m3 = use.leak_m3_per_h * hours.always_h * self.size * self.mended_frac
        return Saved(water_m3=sanitary_m3 + leak_m3, wastewater_m3=sanitary_m3 * use.sanitary_return_frac)

    def quantity(self, end_use: EndUse) -> float:
        """Return the water that is saved [m3/h]."""
        use = cast(WaterUse, end_use)
        return (use.sanitary_m3_per_h * self._saved_frac + use.leak_m3_per_h * self.mended_frac) * self.size

    @property
    def _saved_frac(self) -> float:
        return 1 - self.new_l_per_min / self.existing_l_per_min


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class CounterCurrentRinsing(EndUseMeasure):
    """Rinses get more tanks in counter-current flow, for the same purity with less water.

    ``size`` is the share of the rinsing water whose lines are rebuilt, 0-1.

    Parameters
    ----------
    existing_stages, new_stages : int
        Rinse tanks in series before and after.
    dilution_ratio : float
        Concentration in the bath over that allowed in the last rinse.
    """

    kind: ClassVar[str] = "counter_current_rinsing"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (WaterUse,)

    existing_stages: Annotated[int, Field(ge=1, le=5)] = 2
    new_stages: Annotated[int, Field(ge=2, le=6)] = 3
    dilution_ratio: Annotated[float, Field(ge=10, le=1e5, allow_inf_nan=False)] = 1000.0

    def objection(self, end_use: EndUse) -> str:
        """Return why not, if there are no more stages than before, or nothing is rinsed."""
        if self.new_stages <= self.existing_stages:
            return f"new_stages = {self.new_stages} must be above existing_stages"
        return "" if cast(WaterUse, end_use).rinse_m3_per_h else "has no rinse_m3_per_h"

    def improve(self, end_use: EndUse) -> EndUse:
        """Lower the rinsing water."""
        use = cast(WaterUse, end_use)
        return replace(use, rinse_m3_per_h=use.rinse_m3_per_h * (1 - self.size * self._saved_frac))

    def largest(self, end_use: EndUse) -> float:
        """Return 1: all rinses."""
        return 1.0

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count rinsing water in scheduled hours × the ratio of the rinsing equation, loops left aside."""
        use = cast(WaterUse, end_use)
        saved_m3 = use.rinse_m3_per_h * hours.of(use.driver) * self.size * self._saved_frac
        return Saved(water_m3=saved_m3, wastewater_m3=saved_m3 * use.return_frac)

    def quantity(self, end_use: EndUse) -> float:
        """Return the water that is saved [m3/h]."""
        return cast(WaterUse, end_use).rinse_m3_per_h * self.size * self._saved_frac

    @property
    def _saved_frac(self) -> float:
        before = float(rinse_flow_ratio(self.dilution_ratio, self.existing_stages))
        return 1 - float(rinse_flow_ratio(self.dilution_ratio, self.new_stages)) / before


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class WaterLoop(EndUseMeasure):
    """Process wastewater is filtered and returned; the sewer gets less and more concentrated water.

    ``size`` is the share of the process wastewater that is led to the loop, 0-0.98.

    Parameters
    ----------
    recovery_frac : float
        Permeate over feed: 0.9 ultrafiltration, 0.75 with reverse osmosis, 0.98 with brine treatment.
    loop_kwh_per_m3 : float
        Electricity per returned water [kWh/m3]: 0.3 ultrafiltration, 2-4 with reverse osmosis.
    """

    kind: ClassVar[str] = "water_loop"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (WaterUse,)

    recovery_frac: Frac = 0.75
    loop_kwh_per_m3: NonNegative = 2.5

    def objection(self, end_use: EndUse) -> str:
        """Return why not, if no process water comes back."""
        use = cast(WaterUse, end_use)
        return "" if use.wet_m3_per_h * use.return_frac else "has no process wastewater"

    def improve(self, end_use: EndUse) -> EndUse:
        """Raise the reused share, with the electricity of old and new loop."""
        use = cast(WaterUse, end_use)
        added = (1 - use.reuse_frac) * float(loop_reuse_frac(self.size, self.recovery_frac))
        reuse = use.reuse_frac + added
        per_m3 = (use.reuse_frac * use.loop_kwh_per_m3 + added * self.loop_kwh_per_m3) / reuse if reuse else 0.0
        return replace(use, reuse_frac=reuse, loop_kwh_per_m3=per_m3)

    def largest(self, end_use: EndUse) -> float:
        """Return 0.98: some water is always too dirty."""
        return 0.98

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count returned water in scheduled hours, less the electricity of the loop."""
        use = cast(WaterUse, end_use)
        returned_m3 = self._treated_m3_per_h(use) * self.recovery_frac * hours.of(use.driver)
        return Saved(kwh=-returned_m3 * self.loop_kwh_per_m3, water_m3=returned_m3, wastewater_m3=returned_m3)

    def quantity(self, end_use: EndUse) -> float:
        """Return what the loop treats [m3/h]."""
        return self._treated_m3_per_h(cast(WaterUse, end_use))

    def _treated_m3_per_h(self, use: WaterUse) -> float:
        return use.wet_m3_per_h * use.return_frac * (1 - use.reuse_frac) * self.size
