"""Water: process, rinsing, sanitary use, leaks, and a loop that brings treated water back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..carriers import LOADS
from ..kernel.ports import GAUGE, SAFETY
from ..physics.wastewater_reuse import largest_reuse_frac
from .base import SETTINGS, EndUse, Flow, Frac, NonNegative, inlet_flow, outlet_flow


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class WaterUse(EndUse):
    """Water that comes in, the part that goes to the sewer, and a loop that returns process water.

    What does not return evaporates or leaves with the product; leaks are lost to the ground. With reuse r and return
    share w, process intake = demand × (1 − w r) and process wastewater = demand × w (1 − r), so what is consumed does not
    depend on the loop.

    Loads are kg per hour at full activity, so that what saves water makes wastewater stronger and takes nothing off its loads.
    In a shortage the water of people comes before that of processes.

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
    reclaimed_frac : float
        Share of the process intake that may be water which the park has reclaimed.
    chemicals_vnd_per_h : float
        What goes into baths and rinses at full activity [VND/h].
    process_load_kg_per_h, sanitary_load_kg_per_h : tuple of float
        What process and sanitary wastewater carry at full activity, in the order of `carriers.LOADS` [kg/h]; empty for nothing.
    salt_limit_g_per_m3 : float
        The most dissolved solids that a loop leaves in process wastewater [g/m3]: as salts stay behind, it returns no more
        water than that, whatever ``reuse_frac`` says. Only where there are loads.
    waste_follows_water : bool
        Whether wastewater shrinks with the water that a shortage leaves; if not, only what follows lines does, with them.

    Raises
    ------
    ValueError
        If loads are not one number for each of `carriers.LOADS`, or have no wastewater to go with.
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
    reclaimed_frac: Frac = 0.0
    chemicals_vnd_per_h: NonNegative = 0.0
    process_load_kg_per_h: tuple[NonNegative, ...] = ()
    sanitary_load_kg_per_h: tuple[NonNegative, ...] = ()
    salt_limit_g_per_m3: Annotated[float, Field(gt=0)] = 3000.0
    waste_follows_water: bool = False

    def __post_init__(self) -> None:
        for name, waste in (("process", self.process_waste_m3_per_h), ("sanitary", self.sanitary_waste_m3_per_h)):
            load = getattr(self, f"{name}_load_kg_per_h")
            if len(load) not in (0, len(LOADS)):
                raise ValueError(f"{name}_load_kg_per_h has {len(load)} numbers: must have {len(LOADS)}: {', '.join(LOADS)}")
            if any(load) and not waste:
                raise ValueError(f"{name}_load_kg_per_h has no {name} wastewater to go with: a loop must leave some")

    @property
    def returned_frac(self) -> float:
        """Share of process and rinsing wastewater that comes back: what the loop is built for, or what salts allow."""
        if not self.reuse_frac or not self.process_load_kg_per_h:
            return self.reuse_frac
        salts_kg_per_h = self.process_load_kg_per_h[LOADS.index("dissolved_solids")]
        limit = self.salt_limit_g_per_m3
        return min(self.reuse_frac, largest_reuse_frac(salts_kg_per_h, 0.0, self.wet_m3_per_h, self.return_frac, limit))

    @property
    def process_waste_m3_per_h(self) -> float:
        """Wastewater of process and rinsing at full activity [m3/h]."""
        return self.wet_m3_per_h * self.return_frac * (1 - self.returned_frac)

    @property
    def sanitary_waste_m3_per_h(self) -> float:
        """Sanitary wastewater in working hours [m3/h]."""
        return self.sanitary_m3_per_h * self.sanitary_return_frac

    @property
    def wet_m3_per_h(self) -> float:
        """Process and rinsing water that the lines need at full activity [m3/h]."""
        return self.process_m3_per_h + self.rinse_m3_per_h

    @property
    def reused_m3_per_h(self) -> float:
        """Water that the loop returns at full activity [m3/h]."""
        return self.wet_m3_per_h * self.return_frac * self.returned_frac

    def own_flows(self, others: Mapping[str, EndUse]) -> tuple[Flow, ...]:
        """Return intake and wastewater of lines and people, leaks, and the electricity of the loop."""
        intake = self.wet_m3_per_h - self.reused_m3_per_h
        sources = (("process", 1 - self.reclaimed_frac), ("reclaimed", self.reclaimed_frac))
        process = tuple((name, weight) for name, weight in sources if weight and intake) if self.waste_follows_water else ()
        people = (("sanitary", 1.0),) if self.waste_follows_water else ()
        return (
            inlet_flow("process", "water", 0.0, intake * (1 - self.reclaimed_frac), self.driver),
            inlet_flow("reclaimed", "process_water", 0.0, intake * self.reclaimed_frac, self.driver),
            inlet_flow("sanitary", "water", 0.0, self.sanitary_m3_per_h, "open", priority=SAFETY),
            inlet_flow("leak", "water", self.leak_m3_per_h, 0.0, "always"),
            outlet_flow("process_waste", "wastewater", 0.0, self.process_waste_m3_per_h, self.driver)._replace(like=process),
            outlet_flow("sanitary_waste", "wastewater", 0.0, self.sanitary_waste_m3_per_h, "open")._replace(like=people),
            Flow("chemicals", "materials", GAUGE, 0.0, self.chemicals_vnd_per_h, self.driver),
            inlet_flow("loop", "electricity", 0.0, self.reused_m3_per_h * self.loop_kwh_per_m3, self.driver),
        )

    def brings(self) -> Mapping[str, tuple[float, ...]]:
        """Return what process and sanitary wastewater bring with them [g/m3]."""
        streams = (
            ("process_waste", self.process_load_kg_per_h, self.process_waste_m3_per_h),
            ("sanitary_waste", self.sanitary_load_kg_per_h, self.sanitary_waste_m3_per_h),
        )
        return {name: tuple(kg / flow * 1000 for kg in load) for name, load, flow in streams if load and flow}
