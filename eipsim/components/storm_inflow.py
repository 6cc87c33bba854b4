"""Rain that finds its way into the sewer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from pydantic.dataclasses import dataclass

from ..carriers import LOADS
from ..kernel.passer import Source
from ..kernel.ports import outlet
from .bounds import STRICT, Frac, NonNegative, Positive

RAIN = "rain_mm_per_h"
"""Profile of the context that rain is read from."""


@dataclass(eq=False, kw_only=True, config=STRICT)
class StormInflow(Source):
    """Runoff of roofs and yards that drain into the foul sewer by mistake, in step with the rain.

    Parameters
    ----------
    place : str
        The sewer that it enters.
    area_ha : float
        Surface that drains to it [ha].
    runoff_frac : float
        Share of the rain that runs off, 0-1.
    tss_g_per_m3, cod_g_per_m3 : float
        What it washes along: solids, 100-300, and COD, all particulate, 50-150 [g/m3].

    Notes
    -----
    Port: ``runoff`` = area × runoff × the profile ``rain_mm_per_h``. No losses at the start of a storm, no travel time: add a
    `Sewer`. No events.
    """

    runoff = outlet("wastewater", factors=(RAIN,), activity=0)

    place: str = "sewer"
    area_ha: Positive = field()
    runoff_frac: Frac = 0.8
    tss_g_per_m3: NonNegative = 0.0
    cod_g_per_m3: NonNegative = 0.0

    def start(self) -> None:
        """Runoff follows the rain alone."""
        self.activity[0] = self.area_ha * 10.0 * self.runoff_frac

    def concentrations(self) -> Mapping[str, Sequence[float]]:
        """Return what the runoff brings with it [g/m3]; nothing if it is clean."""
        if not self.tss_g_per_m3 and not self.cod_g_per_m3:
            return {}
        carried = {"cod_particulate": self.cod_g_per_m3, "tss": self.tss_g_per_m3}
        return {"runoff": tuple(carried.get(name, 0.0) for name in LOADS)}
