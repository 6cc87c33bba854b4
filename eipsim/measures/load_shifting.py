"""Loads that run when electricity is cheap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..end_uses import EndUse, Motors, PlugLoad
from .base import SETTINGS, EndUseMeasure
from .desk import DeskHours, Saved

WEEKS_PER_YEAR = 8760 / 168


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class LoadShifting(EndUseMeasure):
    """A share of a load moves from peak to off-peak hours: no kilowatt-hour less, but cheaper ones.

    ``size`` is the share of the use in peak hours that moves, 0-1. The energy of whole weeks is kept if the load runs
    for the stated hours in the two bands; for a load that runs at all hours these are 30 and 42.

    Parameters
    ----------
    peak_h_per_week, off_peak_h_per_week : float
        Hours of a week that the load runs in the two bands of the tariff [h/week].
    """

    kind: ClassVar[str] = "load_shifting"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (PlugLoad, Motors)

    peak_h_per_week: Annotated[float, Field(gt=0, le=168, allow_inf_nan=False)] = 30.0
    off_peak_h_per_week: Annotated[float, Field(gt=0, le=168, allow_inf_nan=False)] = 42.0

    def objection(self, end_use: EndUse) -> str:
        """Return why not, if a part was shifted by other hours."""
        assert isinstance(end_use, PlugLoad | Motors)
        if end_use.shifted_frac and end_use.off_peak_ratio != self._ratio:
            return "is shifted in part already: peak_h_per_week and off_peak_h_per_week must agree with that"
        return ""

    def improve(self, end_use: EndUse) -> EndUse:
        """Raise the shifted share."""
        assert isinstance(end_use, PlugLoad | Motors)
        return replace(end_use, shifted_frac=1 - (1 - end_use.shifted_frac) * (1 - self.size), off_peak_ratio=self._ratio)

    def largest(self, end_use: EndUse) -> float:
        """Return 1: all of it."""
        return 1.0

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count nameplate power × peak hours of a year × share, at the difference of the two prices."""
        return Saved(shifted_kwh=self.quantity(end_use) * self.peak_h_per_week * WEEKS_PER_YEAR)

    def quantity(self, end_use: EndUse) -> float:
        """Return the power that is moved [kW]."""
        assert isinstance(end_use, PlugLoad | Motors)
        power_kw = end_use.nameplate_kw if isinstance(end_use, PlugLoad) else end_use.power_kw
        return power_kw * (1 - end_use.shifted_frac) * self.size

    @property
    def _ratio(self) -> float:
        return self.peak_h_per_week / self.off_peak_h_per_week
