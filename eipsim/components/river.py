"""The receiving water, which takes whatever nobody else can."""

from __future__ import annotations

import math
from dataclasses import field

from pydantic.dataclasses import dataclass

from ..kernel.component import Component
from ..kernel.ports import Port, inlet
from .bounds import STRICT


@dataclass(eq=False, kw_only=True, config=STRICT)
class River(Component):
    """Takes the plant's effluent, and at the lowest rank what sewer and plant can't hold.

    Parameters
    ----------
    place : str
        Where effluent is let out.
    sewer_place : str
        Where wastewater spills that tank and storm basin have no room for.
    plant_place : str
        Where equalised wastewater goes past a plant that can't take it.

    Notes
    -----
    Ports: ``effluent``, ``spill`` (raw wastewater), ``bypass`` (equalised wastewater), each without a limit, so that the
    park's balances close in every state. No events.
    """

    effluent = inlet("effluent", merit=0)
    spill = inlet("wastewater", merit=0)
    bypass = inlet("equalised", merit=0)

    place: str = field()
    sewer_place: str = "sewer"
    plant_place: str = "plant"

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports, each at its place."""
        return {
            "effluent": inlet("effluent", merit=0),
            "spill": inlet("wastewater", merit=0, place=self.sewer_place),
            "bypass": inlet("equalised", merit=0, place=self.plant_place),
        }

    def limit(self, port: Port) -> float:
        """Return no limit [m3/h]."""
        return math.inf
