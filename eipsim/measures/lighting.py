"""Measures on lighting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, cast

from pydantic.dataclasses import dataclass

from ..end_uses import EndUse, Lighting
from ..physics.lighting import replaced_power_frac
from .base import SETTINGS, EndUseMeasure, Positive
from .desk import DeskHours, Saved


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class LightingLed(EndUseMeasure):
    """Lamps are replaced by LED of a higher efficacy at equal light; cooled rooms then need less cooling too.

    ``size`` is the share of the installed power that is replaced, 0-1. Two such measures multiply: the second
    replaces a share of what is there.

    Parameters
    ----------
    existing_lm_per_w : float
        Efficacy of the luminaires that are replaced; fluorescent with magnetic ballast 60-70, metal halide 65.
    led_lm_per_w : float
        Efficacy of the new ones; 110-150.
    """

    kind: ClassVar[str] = "lighting_led"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (Lighting,)

    existing_lm_per_w: Positive = 65.0
    led_lm_per_w: Positive = 130.0

    def objection(self, end_use: EndUse) -> str:
        """Return why not, if the new lamps are no better."""
        better = self.led_lm_per_w > self.existing_lm_per_w
        return "" if better else f"led_lm_per_w = {self.led_lm_per_w:g} must be above existing_lm_per_w"

    def improve(self, end_use: EndUse) -> EndUse:
        """Lower the installed power."""
        lights = cast(Lighting, end_use)
        return replace(lights, installed_kw=lights.installed_kw * self._power_frac)

    def largest(self, end_use: EndUse) -> float:
        """Return 1: all lamps."""
        return 1.0

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count the installed power in working hours, without daylight, emergency lighting or cooling."""
        lights = cast(Lighting, end_use)
        return Saved(kwh=lights.installed_kw * hours.standing(lights.driver) * (1 - self._power_frac))

    def quantity(self, end_use: EndUse) -> float:
        """Return the power that is replaced [kW]."""
        return cast(Lighting, end_use).installed_kw * self.size

    @property
    def _power_frac(self) -> float:
        return float(replaced_power_frac(self.size, self.existing_lm_per_w, self.led_lm_per_w))
