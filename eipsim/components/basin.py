"""What tanks and basins for wastewater have in common."""

from __future__ import annotations

from ..kernel.component import Storage
from ..kernel.ports import Port


class Basin(Storage):
    """A volume that follows what flows in less what flows out.

    Its limits change when it becomes full or empty, which are marks, and when it is so no more, which the kernel would not
    notice by itself.

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

    def advance(self, hours: float) -> None:
        """Follow the net rate; respond when the level has left full or empty."""
        before = self.level
        super().advance(hours)
        if before != self.level and before in (0.0, self.capacity):
            self.changed()
