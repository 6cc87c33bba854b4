"""The basin beside the sewer that takes what the equalisation tank has no room for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import field

import numpy as np
from pydantic.dataclasses import dataclass

from ..kernel.component import Life
from ..kernel.load_book import Amounts, Bins, nothing
from ..kernel.ports import Port, inlet, outlet
from ..kernel.traces import Floats
from .basin import Basin
from .bounds import STRICT, Count, Frac, Positive
from .equalisation_tank import EqualisationTank


@dataclass(eq=False, kw_only=True, config=STRICT)
class StormBasin(Basin):
    """A side basin: fills when the tank is full, and returns water when the tank is low again.

    Parameters
    ----------
    place : str
        The sewer.
    tank : str
        Component whose level decides when water returns.
    capacity_m3 : float
        Volume [m3].
    pump_m3_per_h : float
        The most that returns [m3/h].
    return_below_band : int
        Water returns while the tank pumps in a band below this one, counted from 0.
    start_frac : float
        Level at hour 0 over capacity, 0-1.

    Notes
    -----
    Ports: ``fill`` ranks below the tank's inlet and above the river's, ``draw`` between the two. Events: ``full`` with the
    level [m3].
    """

    delays = True
    fill = inlet("wastewater", merit=3)
    draw = outlet("wastewater", merit=4)

    place: str = "sewer"
    tank: str = field()
    capacity_m3: Positive = field()
    pump_m3_per_h: Positive = field()
    return_below_band: Count = 1
    start_frac: Frac = 0.0

    def operate(self) -> Iterable[Life]:
        """Watch the tank."""
        self._tank().watchers.append(self)
        return ()

    def _tank(self) -> EqualisationTank:
        tank = self.simulation.components[self.tank]
        assert isinstance(tank, EqualisationTank)
        return tank

    def limit(self, port: Port) -> float:
        """Return no limit to fill while there is room; the pump's rate to return while the tank is low [m3/h]."""
        if port.name == "fill":
            return math.inf if self.level < self.capacity else 0.0
        returns = self.level > 0 and self._tank().band < self.return_below_band
        return self.pump_m3_per_h if returns else 0.0

    def give(self, bins: Bins, moved: Mapping[str, Floats]) -> Mapping[str, Amounts]:
        """Return water as it is mixed now; it never fills and returns at the same time."""
        if not np.count_nonzero(moved["draw"]):
            return {"draw": nothing(bins.n)}
        return {"draw": self.water.pass_on(np.zeros(bins.n), moved["draw"], nothing(bins.n))}

    def take(self, bins: Bins, moved: Mapping[str, Floats], came: Mapping[str, Amounts]) -> Mapping[str, Amounts]:
        """Take what the tank has no room for."""
        if np.count_nonzero(moved["fill"]):
            self.water.pass_on(moved["fill"], np.zeros(bins.n), came["fill"])
        return {}

    def passed_mark(self) -> None:
        """Note that it is full."""
        if self.level == self.capacity:
            self.log("full", self.level)
