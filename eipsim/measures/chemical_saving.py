"""Fewer chemicals in baths and rinses: less to buy, and less in the wastewater."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, cast

from pydantic.dataclasses import dataclass

from ..end_uses import EndUse, WaterUse
from .base import SETTINGS, EndUseMeasure, Frac
from .desk import DeskHours, Saved


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class ChemicalSaving(EndUseMeasure):
    """Dosing is controlled, baths last longer, or a chemical is replaced; the water stays.

    ``size`` is the share of the process chemicals that is saved, 0-1.

    Parameters
    ----------
    load_frac : float
        Share of the process wastewater's loads that comes from these chemicals, the rest from the product, 0-1.
    """

    kind: ClassVar[str] = "chemical_saving"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (WaterUse,)

    load_frac: Frac = 0.5

    def objection(self, end_use: EndUse) -> str:
        """Return why not, if no chemicals are bought."""
        return "" if cast(WaterUse, end_use).chemicals_vnd_per_h else "has no chemicals_vnd_per_h"

    def improve(self, end_use: EndUse) -> EndUse:
        """Lower chemicals and the loads that come from them."""
        use = cast(WaterUse, end_use)
        left = 1 - self.size * self.load_frac
        return replace(
            use,
            chemicals_vnd_per_h=use.chemicals_vnd_per_h * (1 - self.size),
            process_load_kg_per_h=tuple(kg * left for kg in use.process_load_kg_per_h),
        )

    def largest(self, end_use: EndUse) -> float:
        """Return 1: all chemicals."""
        return 1.0

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count chemicals in scheduled hours; no desk counts loads."""
        use = cast(WaterUse, end_use)
        return Saved(other_vnd=use.chemicals_vnd_per_h * hours.of(use.driver) * self.size)

    def quantity(self, end_use: EndUse) -> float:
        """Return the purchase that is avoided at full activity [VND/h]."""
        return cast(WaterUse, end_use).chemicals_vnd_per_h * self.size
