"""Measures on motors and on what drives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, ClassVar, Literal, cast

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..end_uses import CompressedAir, EndUse, Motors
from ..physics.motors import class_efficiency_frac, speed_controlled_power_frac, throttled_power_frac
from .base import SERVED, SETTINGS, EndUseMeasure
from .desk import DeskHours, Saved

_HIGHEST_EFFICIENCY_FRAC = 0.985


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class VariableSpeedDrive(EndUseMeasure):
    """Speed control takes the place of throttling; on compressed air, of idling.

    ``size`` is the share of the throttled shaft power (of the idling compressors) that gets a drive, 0-1: of two such
    measures the second finds only what the first left.
    """

    kind: ClassVar[str] = "variable_speed_drive"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (Motors, CompressedAir)

    def objection(self, end_use: EndUse) -> str:
        """Return why not, for air of a station."""
        served = isinstance(end_use, CompressedAir) and end_use.served
        return SERVED.format("station_drive", "compressor station") if served else ""

    def improve(self, end_use: EndUse) -> EndUse:
        """Raise the share with speed control, or how far the compressors follow."""
        if isinstance(end_use, CompressedAir):
            return replace(end_use, follow_frac=1 - (1 - end_use.follow_frac) * (1 - self.size))
        motors = cast(Motors, end_use)
        return replace(motors, vsd_frac=1 - (1 - motors.vsd_frac) * (1 - self.size))

    def largest(self, end_use: EndUse) -> float:
        """Return 1: everything that has no drive yet."""
        return 1.0

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count nameplate power × hours × the difference of the two power curves at the mean flow."""
        if isinstance(end_use, CompressedAir):
            drawn = end_use.demand_m3_per_min + end_use.leak_m3_per_min
            idle_frac = (1 - end_use.follow_frac) * (1 - drawn / end_use.capacity_m3_per_min)
            return Saved(kwh=end_use.full_load_kw * hours.of(end_use.driver) * idle_frac * self.size)
        motors = cast(Motors, end_use)
        throttled = float(throttled_power_frac(motors.flow_frac, motors.load))
        controlled = float(speed_controlled_power_frac(motors.flow_frac, motors.load))
        nameplate_kw = motors.shaft_kw * (1 - motors.vsd_frac) / motors.efficiency_frac
        return Saved(kwh=nameplate_kw * hours.of(motors.driver) * self.size * (throttled - controlled))

    def quantity(self, end_use: EndUse) -> float:
        """Return the power that gets a drive [kW]."""
        if isinstance(end_use, CompressedAir):
            return end_use.full_load_kw * self.size
        motors = cast(Motors, end_use)
        return motors.shaft_kw * (1 - motors.vsd_frac) * self.size


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class EfficientMotor(EndUseMeasure):
    """Motors are replaced by a better efficiency class; the machine they drive takes what it took.

    ``size`` is the share of the shaft power whose motors are replaced, 0-1.

    Parameters
    ----------
    motor_kw : float
        Rated power of a typical replaced motor [kW].
    existing_class, new_class : str
        ``IE1`` to ``IE4``.
    """

    kind: ClassVar[str] = "efficient_motor"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (Motors,)

    motor_kw: Annotated[float, Field(ge=0.75, le=1000, allow_inf_nan=False)] = 15.0
    existing_class: Literal["IE1", "IE2", "IE3"] = "IE1"
    new_class: Literal["IE2", "IE3", "IE4"] = "IE3"

    def objection(self, end_use: EndUse) -> str:
        """Return why not, if the new class is no better."""
        return "" if self.new_class > self.existing_class else f"new_class = {self.new_class} must be above existing_class"

    def improve(self, end_use: EndUse) -> EndUse:
        """Raise the mean efficiency."""
        motors = cast(Motors, end_use)
        return replace(motors, efficiency_frac=motors.efficiency_frac / (1 - self.size * self._gain_frac))

    def largest(self, end_use: EndUse) -> float:
        """Return the share at which the mean efficiency reaches that of the best motors."""
        left = 1 - cast(Motors, end_use).efficiency_frac / _HIGHEST_EFFICIENCY_FRAC
        return max(min(1.0, left / self._gain_frac), 0.0)

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count nameplate power × hours × share × (1 − η / η_new)."""
        motors = cast(Motors, end_use)
        nameplate_kw = motors.shaft_kw / motors.efficiency_frac
        return Saved(kwh=nameplate_kw * hours.of(motors.driver) * self.size * self._gain_frac)

    def quantity(self, end_use: EndUse) -> float:
        """Return the power whose motors are replaced [kW]."""
        return cast(Motors, end_use).shaft_kw * self.size

    @property
    def _gain_frac(self) -> float:
        """Electricity that a replaced motor saves, of what it drew."""
        existing = float(class_efficiency_frac(self.motor_kw, self.existing_class))
        return 1 - existing / float(class_efficiency_frac(self.motor_kw, self.new_class))
