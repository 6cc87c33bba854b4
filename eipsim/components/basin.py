"""What tanks and basins for wastewater have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..kernel.component import Storage
from ..kernel.load_book import Amounts, Bins
from ..kernel.mixing import Stirred, pass_on_side_by_side
from ..kernel.passer import Passer
from ..kernel.ports import Port
from ..kernel.traces import Floats


class Basin(Storage, Passer):
    """A stirred volume that follows what flows in less what flows out; what is in it at hour 0 is clean.

    Parameters
    ----------
    capacity_m3 : float
        Volume [m3].
    start_frac : float
        Level at hour 0 over capacity, 0-1.
    """

    ways = "fill", "draw"
    fill: Port
    draw: Port
    capacity_m3: float
    start_frac: float

    def start(self) -> None:
        """Start at the given level."""
        self.capacity = self.capacity_m3
        self.level = self.start_frac * self.capacity

    def start_loads(self) -> None:
        """Start with clean water."""
        self.water = Stirred(self.level)

    def take(self, bins: Bins, moved: Mapping[str, Floats], came: Mapping[str, Amounts]) -> Mapping[str, Amounts]:
        """Mix what comes with what is there."""
        return {"draw": self.water.pass_on(moved["fill"], moved["draw"], came["fill"])}

    @classmethod
    def take_side_by_side(
        cls,
        passers: Sequence[Passer],
        bins: Bins,
        moved: Sequence[Mapping[str, Floats]],
        came: Sequence[Mapping[str, Amounts]],
    ) -> list[Mapping[str, Amounts]]:
        """Mix what comes with what is there in many basins at once; one by one in a class that takes in another way."""
        if cls.take is not Basin.take:
            return super().take_side_by_side(passers, bins, moved, came)
        waters = [passer.water for passer in passers if isinstance(passer, Basin)]
        fills, draws = (np.array([volumes[name] for volumes in moved]) for name in ("fill", "draw"))
        left = pass_on_side_by_side(waters, fills, draws, np.array([kg["fill"] for kg in came]))
        return [{"draw": kg} for kg in left]

    def held(self) -> Amounts:
        """Return what is in the water [kg]."""
        return self.water.kg


class InLineBasin(Basin):
    """A basin that all water passes on its way."""

    @property
    def set_m3_per_h(self) -> float:
        """The flow that pumps are set to now [m3/h]."""
        raise NotImplementedError

    def respond(self) -> None:
        """Send on the set flow; what arrives, if the basin is empty and less comes, or full and more."""
        flow, level = self.set_m3_per_h, self.level
        empty = level <= 0
        self.heeds = empty or level >= self.capacity
        if self.heeds:
            comes = self.fill.rate
            if comes < flow if empty else comes > flow:
                flow = comes
        self.draw.rate = flow
