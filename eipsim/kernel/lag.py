"""Parts of firm rates that follow what loads were in the bin before: known only when loads have been carried."""

from __future__ import annotations

from array import array

import numpy as np

from .passer import Passer
from .ports import Port
from .traces import Floats, Trace


class Lag:
    """Such a part of one port's rate, as it was taken at settlements, and as it turned out to be.

    Parameters
    ----------
    passer : Passer
        The component.
    port : Port
        Its port.
    column : int
        Where the port stands among the inputs of deferred buses.
    most : float
        What the part is at most [rate unit of the port].
    """

    def __init__(self, passer: Passer, port: Port, column: int, most: float):
        self.passer, self.port, self.column, self.most = passer, port, column, most
        self.value = passer.lag(port)
        self.trace, self.taken = Trace(self.value), array("d")

    def turn(self, hour: float) -> None:
        """Note what it is from an hour on, if that is not what it was."""
        value = self.passer.lag(self.port)
        if value != self.value:
            self.value = value
            self.trace.set(hour, value)

    def follow(self, ends_h: Floats) -> None:
        """Note what it turned out to be after bins that ended at given hours [h]."""
        values = self.passer.lag_course(self.port)
        self.trace.set_many(ends_h, values)
        self.value = float(values[-1])

    def take(self) -> None:
        """Note what of it is in the rate that a settlement went by."""
        self.taken.append(self.value)

    def missing(self, hours: Floats) -> Floats:
        """Return what rates of settlements at these hours lack, and forget what was taken, shape (hours,) [rate unit]."""
        turns, values = self.trace.arrays()
        lacks: Floats = values[np.searchsorted(turns, hours, side="right") - 1] - np.array(self.taken)
        self.taken = array("d")
        return lacks
