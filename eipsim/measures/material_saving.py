"""Less scrap, and less of what is used up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, cast

from pydantic.dataclasses import dataclass

from ..end_uses import EndUse, Materials
from .base import SETTINGS, EndUseMeasure
from .desk import DeskHours, Saved


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class MaterialSaving(EndUseMeasure):
    """Scrap is avoided: the same product needs purchase = product / (1 − scrap).

    ``size`` is the share of the scrap that is avoided, 0-1.
    """

    kind: ClassVar[str] = "material_saving"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (Materials,)

    def improve(self, end_use: EndUse) -> EndUse:
        """Lower the scrap."""
        materials = cast(Materials, end_use)
        return replace(materials, scrap_frac=materials.scrap_frac * (1 - self.size))

    def largest(self, end_use: EndUse) -> float:
        """Return 1: all scrap."""
        return 1.0

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count purchase in scheduled hours × avoided scrap."""
        materials = cast(Materials, end_use)
        avoided_frac = materials.scrap_frac * self.size
        return Saved(other_vnd=materials.purchase_vnd_per_h * hours.of(materials.driver) * avoided_frac)

    def quantity(self, end_use: EndUse) -> float:
        """Return the purchase that is avoided at full activity [VND/h]."""
        materials = cast(Materials, end_use)
        return materials.purchase_vnd_per_h * materials.scrap_frac * self.size
