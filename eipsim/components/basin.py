"""What tanks and basins for wastewater have in common."""

from __future__ import annotations

from ..kernel.component import Storage
from ..kernel.ports import Port


class Basin(Storage):
    """A volume that follows what flows in less what flows out.

    Parameters
    ----------
    capacity_m3 : float
        Volume [m3].
    start_frac : float
        Level at hour 0 over capacity, 0-1.
    """

    fill: Port
    draw: Port
    capacity_m3: float
    start_frac: float

    def start(self) -> None:
        """Start at the given level."""
        self.capacity = self.capacity_m3
        self.level = self.start_frac * self.capacity

    def net_rate(self) -> float:
        """Return inflow less outflow [m3/h]."""
        return self.fill.rate - self.draw.rate
