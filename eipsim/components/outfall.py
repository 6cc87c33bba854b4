"""The last pipe to the river, below all that takes effluent for another use."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field

from pydantic.dataclasses import dataclass

from ..kernel.component import Component, Follow
from ..kernel.load_book import Amounts, Bins
from ..kernel.passer import Passer
from ..kernel.ports import Port, inlet, outlet
from ..kernel.traces import Floats
from .bounds import STRICT


@dataclass(eq=False, kw_only=True, config=STRICT)
class Outfall(Passer, Component):
    """Leads effluent that nobody wants on to the river, where the reject of a reclaimed-water stage may join it.

    Parameters
    ----------
    place : str
        Where effluent can be taken for another use.
    to : str
        Where the river takes it.

    Notes
    -----
    Ports: ``inflow`` at the lowest rank, ``outflow``. It holds no water. No events.
    """

    inflow = inlet("effluent", merit=0)
    outflow = outlet("effluent")

    place: str = "outfall"
    to: str = field()

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports, each at its place."""
        return super().declared_ports() | {"outflow": outlet("effluent", place=self.to)}

    def limit(self, port: Port) -> float:
        """Return no limit [m3/h]."""
        return math.inf

    def follows(self) -> Mapping[str, Follow]:
        """Pass on what comes."""
        return {"outflow": Follow("inflow")}

    def take(self, bins: Bins, moved: Mapping[str, Floats], came: Mapping[str, Amounts]) -> Mapping[str, Amounts]:
        """Pass on what comes."""
        return {"outflow": came["inflow"]}
