"""The rain of each day, for components that it washes or waters."""

from __future__ import annotations

from dataclasses import field

from pydantic.dataclasses import dataclass

from ..kernel.component import Component
from .bounds import STRICT, NonNegative

RAIN = "weather:rain"
"""What the component is called; `scenario.Prepared` adds it where something is washed or watered."""


@dataclass(eq=False, kw_only=True, config=STRICT)
class Rain(Component):
    """Tells how much rain fell on each day of the horizon.

    Parameters
    ----------
    mm_of_days : tuple of float
        Rain from midnight to midnight [mm].
    month_of_days : tuple of int
        Month of each day, 1-12.
    """

    mm_of_days: tuple[NonNegative, ...] = field()
    month_of_days: tuple[int, ...] = ()
