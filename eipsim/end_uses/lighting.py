"""Lighting of halls and offices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic.dataclasses import dataclass

from ..kernel.ports import COMFORT, SAFETY
from .base import SETTINGS, Driver, EndUse, Flow, Frac, NonNegative, inlet_flow, scaled


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class Lighting(EndUse):
    """Lamps that are on in working hours, a part of them at all hours, dimmed by daylight where sensors are fitted.

    Parameters
    ----------
    installed_kw : float
        Power of all lamps with ballasts [kW].
    emergency_frac : float
        Share that is on at all hours.
    standby_frac : float
        Share of the rest that is left on outside working hours.
    daylit : bool
        Whether the general lighting follows the profile ``daylight``.
    cooled_frac : float
        Share of the power that ends as heat in cooled rooms.
    """

    kind: ClassVar[str] = "lighting"
    priority: ClassVar[int] = COMFORT

    driver: Driver = "open"
    installed_kw: NonNegative
    emergency_frac: Frac = 0.05
    standby_frac: Frac = 0.0
    daylit: bool = False
    cooled_frac: Frac = 0.0

    def own_flows(self, others: Mapping[str, EndUse]) -> tuple[Flow, ...]:
        """Return emergency and general lighting apart: they have different priority and factors."""
        general_kw = self.installed_kw * (1 - self.emergency_frac)
        left_on_kw = general_kw * self.standby_frac
        factors = ("daylight",) if self.daylit else ()
        return (
            inlet_flow("emergency", "electricity", self.installed_kw * self.emergency_frac, 0.0, "always", priority=SAFETY),
            inlet_flow(
                "electricity", "electricity", left_on_kw, general_kw - left_on_kw, self.driver, *factors, priority=self.priority
            ),
        )

    def room_heat(self) -> tuple[Flow, ...]:
        """Return the lighting of cooled rooms."""
        return scaled(self.own_flows({}), self.cooled_frac)
