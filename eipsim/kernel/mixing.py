"""Volumes that loads stay in for a while: a stirred one, and a pipe that keeps the order in which water came."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import exp, expm1, log1p
from operator import add, sub

from .load_book import NOTHING


class Stirred:
    """A stirred volume of changing size.

    Parameters
    ----------
    volume_m3 : float
        Water in it [m3].
    concentrations_g_per_m3 : sequence of float
        What is in that water, by load [g/m3]; clean if empty.
    """

    def __init__(self, volume_m3: float = 0.0, concentrations_g_per_m3: Sequence[float] = ()):
        self.volume_m3 = volume_m3
        self.kg = [c * volume_m3 / 1000 for c in concentrations_g_per_m3] or list(NOTHING)

    def pass_on(self, in_m3: float, out_m3: float, came: Sequence[float]) -> list[float]:
        """Mix what comes with what is there, and return what leaves, exactly for constant flows and loads.

        Parameters
        ----------
        in_m3, out_m3 : float
            What flows in and out over an interval [m3].
        came : sequence of float
            Loads that flow in [kg].

        Returns
        -------
        list of float
            Loads that flow out [kg]; with what stays they are what was there and what came.

        Notes
        -----
        V dC/dt = L − q C, V = V₀ + (q − p) t: the distance of C from L/q shrinks by (V/V₀)^(−q/(q−p)), and by e^(−qt/V) if
        the volume is steady.
        """
        volume, kg = self.volume_m3, self.kg
        end = max(0.0, volume + in_m3 - out_m3)
        self.volume_m3 = end
        if out_m3 <= 0.0:
            if in_m3 > 0.0 or any(came):
                self.kg = list(map(add, kg, came))
            return list(NOTHING)
        if in_m3 <= 0.0:
            share = min(1.0, out_m3 / volume) if volume > 0 else 1.0
            left = [a * (1 - share) for a in kg]
            self.kg = list(map(add, left, came))
            return list(map(sub, kg, left))
        gain = in_m3 - out_m3
        if volume <= 0.0 or end <= 0.0:
            if end <= 0.0:
                self.kg = list(NOTHING)
                return list(map(add, kg, came))
            old, new = 0.0, end / in_m3
        else:
            turns = in_m3 / volume if abs(gain) <= 1e-9 * volume else in_m3 / gain * log1p(gain / volume)
            old, new = exp(-turns) * end / volume, -expm1(-turns) * end / in_m3
        after = [old * a + new * b for a, b in zip(kg, came, strict=True)]
        out = [a + b - c for a, b, c in zip(kg, came, after, strict=True)]
        self.kg = after
        return out


class Pipe:
    """Water that leaves in the order in which it came, each parcel with its own loads."""

    def __init__(self) -> None:
        self.parcels: deque[tuple[float, list[float]]] = deque()

    def push(self, volume_m3: float, came: Sequence[float]) -> None:
        """Let water in at the upper end: its volume [m3] and loads [kg]."""
        if volume_m3 > 0 or any(came):
            self.parcels.append((volume_m3, list(came)))

    def pull(self, volume_m3: float) -> list[float]:
        """Let water out at the lower end [m3]; return its loads [kg]."""
        out, parcels = None, self.parcels
        while volume_m3 > 0 and parcels:
            volume, kg = parcels.popleft()
            if volume <= volume_m3 * (1 + 1e-9):
                volume_m3 -= volume
            else:
                share = volume_m3 / volume
                taken = [a * share for a in kg]
                parcels.appendleft((volume - volume_m3, list(map(sub, kg, taken))))
                kg, volume_m3 = taken, 0.0
            out = kg if out is None else list(map(add, out, kg))
        return list(NOTHING) if out is None else out

    @property
    def kg(self) -> list[float]:
        """What is in it [kg]."""
        return [sum(column) for column in zip(NOTHING, *(kg for _, kg in self.parcels), strict=True)]
