"""Water: process, rinsing, sanitary use, leaks, and a loop that brings treated water back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic.dataclasses import dataclass

from .base import SETTINGS, EndUse, Flow, Frac, NonNegative, inlet_flow, outlet_flow


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class WaterUse(EndUse):
    """Water that comes in, the part that goes to the sewer, and a loop that returns process water.

    What does not return evaporates or leaves with the product; leaks are lost to the ground. With reuse r and return
    share w, process intake = demand × (1 − w r) and process wastewater = demand × w (1 − r), so what is consumed does not
    depend on the loop.

    Parameters
    ----------
    process_m3_per_h : float
        Process water at full activity, without rinsing [m3/h].
    rinse_m3_per_h : float
        Rinsing water at full activity [m3/h].
    sanitary_m3_per_h : float
        Kitchen, toilets, showers in working hours [m3/h].
    leak_m3_per_h : float
        Leaks at all hours [m3/h].
    return_frac : float
        Share of process and rinsing water that becomes wastewater.
    sanitary_return_frac : float
        Share of sanitary water that becomes wastewater.
    reuse_frac : float
        Share of process and rinsing wastewater that a loop brings back, after its own reject.
    loop_kwh_per_m3 : float
        Electricity of the loop per returned water [kWh/m3].
    """

    kind: ClassVar[str] = "water_use"

    process_m3_per_h: NonNegative = 0.0
    rinse_m3_per_h: NonNegative = 0.0
    sanitary_m3_per_h: NonNegative = 0.0
    leak_m3_per_h: NonNegative = 0.0
    return_frac: Frac = 0.8
    sanitary_return_frac: Frac = 0.9
    reuse_frac: Frac = 0.0
    loop_kwh_per_m3: NonNegative = 0.0

    @property
    def wet_m3_per_h(self) -> float:
        """Process and rinsing water that the lines need at full activity [m3/h]."""
        return self.process_m3_per_h + self.rinse_m3_per_h

    @property
    def reused_m3_per_h(self) -> float:
        """Water that the loop returns at full activity [m3/h]."""
        return self.wet_m3_per_h * self.return_frac * self.reuse_frac

    def own_flows(self, others: Mapping[str, EndUse]) -> tuple[Flow, ...]:
        """Return intake and wastewater of lines and people, leaks, and the electricity of the loop."""
        process_waste = self.wet_m3_per_h * self.return_frac * (1 - self.reuse_frac)
        sanitary_waste = self.sanitary_m3_per_h * self.sanitary_return_frac
        return (
            inlet_flow("process", "water", 0.0, self.wet_m3_per_h - self.reused_m3_per_h, self.driver),
            inlet_flow("sanitary", "water", 0.0, self.sanitary_m3_per_h, "open"),
            inlet_flow("leak", "water", self.leak_m3_per_h, 0.0, "always"),
            outlet_flow("process_waste", "wastewater", 0.0, process_waste, self.driver),
            outlet_flow("sanitary_waste", "wastewater", 0.0, sanitary_waste, "open"),
            inlet_flow("loop", "electricity", 0.0, self.reused_m3_per_h * self.loop_kwh_per_m3, self.driver),
        )
