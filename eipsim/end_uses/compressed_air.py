"""Compressed air: what machines draw, what leaks, and what the compressors make of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..physics.compressed_air import part_load_power_frac, pressure_flow_ratio, pressure_power_ratio
from .base import SETTINGS, EachDriver, EndUse, Flow, Frac, NonNegative, Positive, inlet_flow

Pressure = Annotated[float, Field(ge=2, le=14, allow_inf_nan=False)]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class CompressedAir(EndUse):
    """Compressed air at one pressure, of compressors of its own or of a station: leaks as long as it is on, demand as asked.

    Leaks and unregulated demand shrink with the pressure, power per flow with the isentropic work, and power follows
    the flow only as far as the control lets it. The standing part (no-load power and leaks) is on in working hours.

    Parameters
    ----------
    demand_m3_per_min : float
        Free air that the machines draw at full activity and rated pressure [m3/min].
    leak_m3_per_min : float
        Free air that leaks at rated pressure [m3/min].
    specific_power_kw_per_m3_per_min : float
        Full-load power per free air delivered at rated pressure [kW/(m3/min)]; 6-8 at 7 bar.
    capacity_m3_per_min : float
        Free air that the compressors on line can deliver [m3/min], at least demand and leaks.
    rated_pressure_bar_g : float
        Pressure that demand, leaks and specific power are stated for [bar].
    pressure_bar_g : float
        Set point [bar].
    follow_frac : float
        How far power follows flow: 1 is an ideal speed control, 0.84 load/unload, 0.3 inlet modulation.
    unregulated_frac : float
        Share of the demand without pressure regulator.
    standby_frac : float
        Share of the standing part that stays on outside working hours.
    served : bool
        Whether a station delivers the air: then demand and leaks are drawn from its network, at its pressure, and capacity,
        specific power and control are the station's.
    """

    kind: ClassVar[str] = "compressed_air"

    driver: EachDriver = "lines"
    demand_m3_per_min: NonNegative
    leak_m3_per_min: NonNegative
    capacity_m3_per_min: Positive
    specific_power_kw_per_m3_per_min: Annotated[float, Field(ge=3, le=20, allow_inf_nan=False)] = 6.8
    rated_pressure_bar_g: Pressure = 7.0
    pressure_bar_g: Pressure = 7.0
    follow_frac: Frac = 0.84
    unregulated_frac: Frac = 0.3
    standby_frac: Frac = 0.3
    served: bool = False

    def __post_init__(self) -> None:
        """Refuse compressors that can't deliver what is drawn."""
        drawn = self.demand_at_set_point_m3_per_min + self.leak_at_set_point_m3_per_min
        if not self.served and drawn > self.capacity_m3_per_min * (1 + 1e-9):
            raise ValueError(
                f"capacity_m3_per_min = {self.capacity_m3_per_min:g}: must be at least demand and leaks, {drawn:g} m3/min"
            )

    @property
    def leak_at_set_point_m3_per_min(self) -> float:
        """Free air that leaks at the set point [m3/min]."""
        return self.leak_m3_per_min * self._flow_ratio

    @property
    def demand_at_set_point_m3_per_min(self) -> float:
        """Free air that machines draw at full activity and the set point [m3/min]."""
        return self.demand_m3_per_min * (1 - self.unregulated_frac * (1 - self._flow_ratio))

    @property
    def full_load_kw(self) -> float:
        """Power of the compressors on line at full flow and the set point [kW]."""
        ratio = float(pressure_power_ratio(self.pressure_bar_g, self.rated_pressure_bar_g))
        return self.specific_power_kw_per_m3_per_min * ratio * self.capacity_m3_per_min

    def power_kw(self, flow_m3_per_min: float) -> float:
        """Return the power at a flow [kW]."""
        return self.full_load_kw * float(part_load_power_frac(flow_m3_per_min / self.capacity_m3_per_min, self.follow_frac))

    def own_flows(self, others: Mapping[str, EndUse]) -> tuple[Flow, ...]:
        """Return the standing part or the leaks, in working hours, and what the demand adds."""
        leak = self.leak_at_set_point_m3_per_min
        house = "always" if self.driver == "always" else "open"
        if self.served:
            leak_m3_per_h, demand_m3_per_h = 60 * leak, 60 * self.demand_at_set_point_m3_per_min
            kept_m3_per_h = leak_m3_per_h * self.standby_frac
            return (
                inlet_flow("leak", "compressed_air", kept_m3_per_h, leak_m3_per_h - kept_m3_per_h, house),
                inlet_flow("demand", "compressed_air", 0.0, demand_m3_per_h, self.driver),
            )
        standing_kw = self.power_kw(leak)
        demand_kw = self.power_kw(leak + self.demand_at_set_point_m3_per_min) - standing_kw
        left_on_kw = standing_kw * self.standby_frac
        return (
            inlet_flow("standing", "electricity", left_on_kw, standing_kw - left_on_kw, house, priority=self.priority),
            inlet_flow("demand", "electricity", 0.0, demand_kw, self.driver, priority=self.priority),
        )

    @property
    def _flow_ratio(self) -> float:
        return float(pressure_flow_ratio(self.pressure_bar_g, self.rated_pressure_bar_g))
