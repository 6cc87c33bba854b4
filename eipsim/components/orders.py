"""Whether there is work: orders that come and go by the month."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..kernel.streams import Stream

MONTH_H = 8760.0 / 12
_DAY_H = 24.0
_ROUNDING_H = 1e-9


def working_days(edges_h: tuple[float, ...]) -> Iterator[tuple[float, float]]:
    """Return stretches of work, long ones cut every 24 h.

    Parameters
    ----------
    edges_h : tuple of float
        Start, stop, start, stop, … in rising order [h].

    Examples
    --------
    >>> list(working_days((6.0, 22.0, 30.0, 80.0)))
    [(6.0, 22.0), (30.0, 54.0), (54.0, 78.0), (78.0, 80.0)]
    """
    for start, stop in zip(edges_h[::2], edges_h[1::2], strict=True):
        begin = start
        while stop - begin > _DAY_H + _ROUNDING_H:
            yield begin, begin + _DAY_H
            begin += _DAY_H
        yield begin, stop


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

    def has_orders(self, hour: float) -> bool:
        """Whether the working day that starts at an hour has orders; ask once a day, in order of time."""
        if self._ordered_frac >= 1.0:
            return True
        while len(self._months) <= hour / MONTH_H:
            logit = math.log(self._ordered_frac / (1 - self._ordered_frac)) + self._sigma * self._levels.normal()
            self._months.append(1 / (1 + math.exp(-logit)))
        return self._days.uniform() < self._months[int(hour / MONTH_H)]
