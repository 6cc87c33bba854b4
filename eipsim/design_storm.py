"""A storm that a planner asks for: so much rain, in so many hours, on a given day, on top of the year's own."""

from __future__ import annotations

import datetime as dt
from datetime import timedelta
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from .physics.rain import blocks_fallen_frac, triangle_fallen_frac
from .timebase import Horizon

Frac = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class DesignStorm:
    """One storm that every replication has, added to the rain that a file or a draw gives.

    It is rain alone: sun, temperature and humidity stay what they are.

    Parameters
    ----------
    depth_mm : float
        Rain of the whole storm [mm].
    duration_h : float
        From its first to its last drop, at most ten days [h].
    date : date
        Day on which it begins.
    start_h : float
        Hour of that day at which it begins, 0-24 [h].
    shape : str
        ``triangle``: intensity rises until ``peak_frac`` of the duration and falls again. ``uniform``. ``blocks``: equal parts
        of the duration with the shares of ``blocks_frac``.
    peak_frac : float
        Time of the peak of a triangle over the duration, 0-1.
    blocks_frac : tuple of float
        Shares of the rain, 0-1, of a storm of that shape; they add up to 1.

    Examples
    --------
    >>> storm = DesignStorm(depth_mm=120, duration_h=4, date=dt.date(2022, 10, 12))
    >>> storm.begins, storm.peak_mm_per_h
    (datetime.datetime(2022, 10, 12, 14, 0), 60.0)
    """

    depth_mm: Annotated[float, Field(gt=0, le=2000, allow_inf_nan=False)]
    duration_h: Annotated[float, Field(gt=0, le=240, allow_inf_nan=False)]
    date: dt.date
    start_h: Annotated[float, Field(ge=0, lt=24, allow_inf_nan=False)] = 14.0
    shape: Literal["triangle", "uniform", "blocks"] = "triangle"
    peak_frac: Frac = 0.375
    blocks_frac: tuple[Frac, ...] = ()

    def __post_init__(self) -> None:
        """Refuse blocks without shares, and shares without blocks."""
        total, words = sum(self.blocks_frac), list(self.blocks_frac)
        if self.shape == "blocks" and abs(total - 1) > 1e-6:
            raise ValueError(f"blocks_frac = {words}: must add up to 1 for the shape 'blocks', and add up to {total:g}")
        if self.shape != "blocks" and self.blocks_frac:
            raise ValueError(f"blocks_frac = {words}: belongs to the shape 'blocks', not to {self.shape!r}: leave it out")

    @property
    def begins(self) -> dt.datetime:
        """When it begins, in park time."""
        return dt.datetime.combine(self.date, dt.time()) + timedelta(hours=self.start_h)

    @property
    def ends(self) -> dt.datetime:
        """When it is over, in park time."""
        return self.begins + timedelta(hours=self.duration_h)

    @property
    def peak_mm_per_h(self) -> float:
        """Its greatest intensity [mm/h]."""
        mean = self.depth_mm / self.duration_h
        if self.shape == "triangle":
            return 2 * mean
        return mean * max(self.blocks_frac) * len(self.blocks_frac) if self.blocks_frac else mean

    def problem(self, horizon: Horizon) -> str:
        """Return why it does not lie within a horizon, or nothing if it does."""
        first = dt.datetime.combine(horizon.start, dt.time())
        last = first + timedelta(hours=horizon.hours)
        if first <= self.begins and self.ends <= last:
            return ""
        return (
            f"from {self.begins:%Y-%m-%d %H:%M} to {self.ends:%Y-%m-%d %H:%M}: must lie within the horizon, "
            f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}"
        )

    def mm_per_h(self, horizon: Horizon, step_h: float) -> NDArray[np.float64]:
        """Return its mean intensity in each step of a horizon.

        Parameters
        ----------
        horizon : Horizon
            What the steps divide.
        step_h : float
            Width of a step [h].

        Returns
        -------
        ndarray of shape (steps,)
            [mm/h]; their sum × ``step_h`` is the depth if the whole storm lies within the horizon.
        """
        first = dt.datetime.combine(horizon.start, dt.time())
        begins_h = (self.begins - first) / timedelta(hours=1)
        edges = (np.arange(horizon.steps(step_h) + 1) * step_h - begins_h) / self.duration_h
        fallen = (
            triangle_fallen_frac(edges, self.peak_frac)
            if self.shape == "triangle"
            else blocks_fallen_frac(edges, self.blocks_frac or (1.0,))
        )
        found: NDArray[np.float64] = self.depth_mm * np.diff(fallen) / step_h
        return found
