"""Machines on electric motors: presses, spindles, conveyors, fans, pumps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..physics.motors import speed_controlled_power_frac, throttled_power_frac
from .base import SETTINGS, EndUse, Flow, Frac, NonNegative, Positive, inlet_flow, scaled, shifted


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class Motors(EndUse):
    """Motors of one purpose at one mean flow, a share of them with speed control.

    Electric power = shaft power × (throttled or speed-controlled power fraction at the flow) / efficiency.

    Parameters
    ----------
    shaft_kw : float
        Shaft power at full flow [kW].
    efficiency_frac : float
        Mean motor efficiency.
    load : str
        ``constant``, ``fan`` or ``pump``.
    flow_frac : float
        Mean flow over full flow while the line runs; for a constant load the speed that would do.
    vsd_frac : float
        Share of the shaft power with a variable-speed drive; the rest is throttled.
    standby_frac : float
        Share of the power that idling motors draw at activity 0.
    cooled_frac : float
        Share of the power that ends as heat in cooled rooms.
    shifted_frac : float
        Share of the use in peak hours that is moved to off-peak hours.
    off_peak_ratio : float
        Hours in the peak band over hours in the off-peak band in which the motors run.
    """

    kind: ClassVar[str] = "motors"

    shaft_kw: NonNegative
    efficiency_frac: Annotated[float, Field(gt=0.3, lt=1, allow_inf_nan=False)] = 0.88
    load: Literal["constant", "fan", "pump"] = "constant"
    flow_frac: Annotated[float, Field(ge=0.2, le=1, allow_inf_nan=False)] = 1.0
    vsd_frac: Frac = 0.0
    standby_frac: Frac = 0.1
    cooled_frac: Frac = 0.0
    shifted_frac: Frac = 0.0
    off_peak_ratio: Positive = 30 / 42

    @property
    def power_kw(self) -> float:
        """Electric power while the line runs [kW]."""
        throttled = float(throttled_power_frac(self.flow_frac, self.load))
        controlled = float(speed_controlled_power_frac(self.flow_frac, self.load))
        return self.shaft_kw * ((1 - self.vsd_frac) * throttled + self.vsd_frac * controlled) / self.efficiency_frac

    def own_flows(self, others: Mapping[str, EndUse]) -> tuple[Flow, ...]:
        """Return the electricity, and its shifted part if any."""
        rest_kw = self.power_kw * self.standby_frac
        flow = inlet_flow("electricity", "electricity", rest_kw, self.power_kw - rest_kw, self.driver, priority=self.priority)
        return shifted(flow, self.shifted_frac, self.off_peak_ratio)

    def room_heat(self) -> tuple[Flow, ...]:
        """Return the electricity of motors in cooled rooms."""
        return scaled(self.own_flows({}), self.cooled_frac)
