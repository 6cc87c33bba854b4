"""Whether there is work: orders that come and go by the month."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..kernel.streams import Stream
from ..kernel.traces import Floats

MONTH_H = 8760.0 / 12
_DAY_H = 24.0
_ROUNDING_H = 1e-9


def working_days(edges_h: tuple[float, ...]) -> tuple[Floats, Floats]:
    """Return starts and stops of stretches of work, long ones cut every 24 h, each of shape (stretches,) [h].

    Parameters
    ----------
    edges_h : tuple of float
        Start, stop, start, stop, … in rising order [h].

    Examples
    --------
    >>> [each.tolist() for each in working_days((6.0, 22.0, 30.0, 80.0))]
    [[6.0, 30.0, 54.0, 78.0], [22.0, 54.0, 78.0, 80.0]]
    """
    starts, stops = np.array(edges_h[::2]), np.array(edges_h[1::2])
    days = np.maximum(np.ceil((stops - starts - _ROUNDING_H) / _DAY_H), 1.0).astype(np.int64)
    day = np.arange(days.sum()) - np.repeat(np.cumsum(days) - days, days)
    begins = np.repeat(starts, days) + _DAY_H * day
    return begins, np.where(day + 1 < np.repeat(days, days), begins + _DAY_H, np.repeat(stops, days))


class OrderBook:
    """Tells on which working days a line has orders.

    The share of days with orders is drawn anew each month (a twelfth of a year), with the logit normal about its median,
    and is common to the lines of a factory; within the month days are independent.

    Parameters
    ----------
    levels, days : Stream
        Of the factory's months, and of the line's days.
    ordered_frac : float
        Median share of working days with orders, 0-1; at 1 there always are.
    order_sigma : float
        Standard deviation of the logit of a month's share [1].
    """

    def __init__(self, levels: Stream, days: Stream, ordered_frac: float, order_sigma: float):
        self._levels, self._days = levels, days
        self._ordered_frac, self._sigma = ordered_frac, order_sigma
        self._months: list[float] = []

    def has_orders(self, hours: Floats) -> NDArray[np.bool_]:
        """Whether the working days that start at these hours have orders; ask once for each day, in order of time."""
        if self._ordered_frac >= 1.0:
            return np.ones(len(hours), bool)
        months = (hours / MONTH_H).astype(np.int64)
        while len(self._months) <= months.max(initial=-1):
            logit = math.log(self._ordered_frac / (1 - self._ordered_frac)) + self._sigma * self._levels.normal()
            self._months.append(1 / (1 + math.exp(-logit)))
        shares = np.array(self._months)[months]
        return np.array([self._days.uniform() for _ in hours]) < shares
