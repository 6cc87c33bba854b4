"""The receiving water, which takes whatever nobody else can."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field

import numpy as np
from pydantic.dataclasses import dataclass

from ..kernel.load_book import Amounts, Bins, nothing
from ..kernel.passer import Passer
from ..kernel.ports import Port, inlet
from ..kernel.traces import Floats
from .bounds import STRICT


@dataclass(eq=False, kw_only=True, config=STRICT)
class River(Passer):
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
    park's balances close in every state. Events, if the park's wastewater has loads: each spill and bypass when it ends, as
    ``spill`` with its volume [m3], ``spill hours`` [h] and ``spill cod`` [kg], and the same for ``bypass``.
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

    def start_loads(self) -> None:
        """Nothing has arrived."""
        self.arrived = {name: nothing() for name in ("effluent", "spill", "bypass")}
        self.present = {name: [0.0, 0.0, 0.0] for name in ("spill", "bypass")}

    def take(self, bins: Bins, moved: Mapping[str, Floats], came: Mapping[str, Amounts]) -> Mapping[str, Amounts]:
        """Keep account of what arrives, and log each spill and bypass when it is over."""
        for name, kg in came.items():
            self.arrived[name] = self.arrived[name] + np.add.reduce(kg)
        for name in self.present:
            if self.present[name][1] or np.count_nonzero(moved[name]):
                self._follow(name, bins, moved[name], came[name][:, :3].sum(axis=1))
        return {}

    def _follow(self, name: str, bins: Bins, volumes_m3: Floats, cod_kg: Floats) -> None:
        """Add up a spill or bypass bin by bin, and log it when it is over."""
        sums = self.present[name]
        for volume, hours, cod, end_h in np.column_stack((volumes_m3, bins.hours, cod_kg, bins.ends_h)).tolist():
            if volume > 0:
                sums = [a + b for a, b in zip(sums, (volume, hours, cod), strict=True)]
            elif sums[1]:
                for what, value in zip(("", " hours", " cod"), sums, strict=True):
                    self.log(name + what, value, end_h)
                sums = [0.0, 0.0, 0.0]
        self.present[name] = sums

    def booked(self) -> Mapping[str, Amounts]:
        """Return what has arrived [kg]."""
        return self.arrived
