"""Volumes that loads stay in for a while: a stirred one, and a pipe that keeps the order in which water came."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .load_book import Amounts, nothing
from .traces import Floats

DRY_M3 = 1e-12
"""Water below which a volume counts as empty [m3]."""


def course(start: Floats, kept: Floats, joins: Floats) -> Floats:
    """Follow xₖ = keptₖ xₖ₋₁ + joinsₖ through many bins at once.

    Parameters
    ----------
    start : ndarray of shape (loads,)
        x before the first bin.
    kept : ndarray of shape (bins, 1) or (bins, loads)
        0-1.
    joins : ndarray of shape (bins, loads)
        What each bin adds.

    Returns
    -------
    ndarray of shape (bins, loads)
        x after each bin.

    Notes
    -----
    Bins are joined to pairs, pairs to fours, and so on, so that a thousand take ten steps; factors of at most 1 keep rounding
    small.
    """
    found, kept, step = joins.copy(), kept.copy(), 1
    found[0] += kept[0] * start
    while step < len(found):
        found[step:] += kept[step:] * found[:-step]
        kept[step:] = kept[step:] * kept[:-step]
        step *= 2
    return found


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
        self.kg = np.array(concentrations_g_per_m3) * volume_m3 / 1000 if concentrations_g_per_m3 else nothing()

    def pass_on(self, in_m3: Floats, out_m3: Floats, came: Amounts) -> Amounts:
        """Mix what comes with what is there, and return what leaves, exactly for flows and loads that are constant in each bin.

        Parameters
        ----------
        in_m3, out_m3 : ndarray of shape (bins,)
            What flows in and out [m3].
        came : ndarray of shape (bins, loads)
            Loads that flow in [kg].

        Returns
        -------
        ndarray of shape (bins, loads)
            Loads that flow out [kg]; with what stays they are what was there and what came.

        Notes
        -----
        V dC/dt = L − q C, V = V₀ + (q − p) t: the distance of C from L/q shrinks by (V/V₀)^(−q/(q−p)), and by e^(−qt/V) if
        the volume is steady.
        """
        ends = self.volume_m3 + np.cumsum(in_m3 - out_m3)
        ends -= np.minimum(np.minimum.accumulate(ends), 0.0)
        begins = np.concatenate(([self.volume_m3], ends[:-1]))
        kept, joins = _stay(begins, ends, in_m3, out_m3)
        after = course(self.kg, kept[:, None], joins[:, None] * came)
        out = came - after
        out[0] += self.kg
        out[1:] += after[:-1]
        self.volume_m3, self.kg = float(ends[-1]), after[-1].copy()
        return out


def _stay(begins: Floats, ends: Floats, in_m3: Floats, out_m3: Floats) -> tuple[Floats, Floats]:
    """Return the share that is still there of what was in a stirred volume, and of what came; each of shape (bins,)."""
    comes, goes = in_m3 > 0, out_m3 > 0
    kept, joins = np.where(goes, 0.0, 1.0), np.where(comes & goes, 0.0, 1.0)
    mixes = (comes & goes & (ends > DRY_M3)).nonzero()[0]
    if len(mixes):
        begin, end, came = begins[mixes], ends[mixes], np.maximum(in_m3[mixes], DRY_M3)
        gain, filled = in_m3[mixes] - out_m3[mixes], begin > DRY_M3
        whole = np.where(filled, begin, 1.0)
        steady = np.abs(gain) <= 1e-9 * whole
        turns = np.where(steady, 1.0, np.log1p(gain / whole)) * came / np.where(steady, whole, gain)
        kept[mixes] = np.where(filled, np.exp(-turns) * end / whole, 0.0)
        joins[mixes] = np.where(filled, -np.expm1(-turns), 1.0) * end / came
    drains = (goes & ~comes & (begins > DRY_M3)).nonzero()[0]
    if len(drains):
        kept[drains] = 1.0 - np.minimum(1.0, out_m3[drains] / begins[drains])
    return kept, joins


class Pipe:
    """Water that leaves in the order in which it came, kept as a line of what lies before each point of it."""

    def __init__(self) -> None:
        self.line_m3, self.line_kg = np.zeros(1), nothing(1)

    def push(self, volumes_m3: Floats, came: Amounts) -> None:
        """Let water in at the upper end: volumes of bins [m3], shape (bins,), and their loads [kg], shape (bins, loads)."""
        self.line_m3 = np.concatenate((self.line_m3, self.line_m3[-1] + np.cumsum(volumes_m3)))
        self.line_kg = np.concatenate((self.line_kg, self.line_kg[-1] + np.cumsum(came, axis=0)))

    def pull(self, volumes_m3: Floats) -> Amounts:
        """Let water out at the lower end, volumes of bins [m3], shape (bins,); return its loads [kg], shape (bins, loads)."""
        line_m3, line_kg = self.line_m3, self.line_kg
        out_m3 = np.minimum(np.cumsum(volumes_m3), line_m3[-1])
        last = len(line_m3) - 1
        after = np.searchsorted(line_m3, out_m3)
        before = np.maximum(after - 1, 0)
        length = line_m3[after] - line_m3[before]
        share = np.where(length > 0, (out_m3 - line_m3[before]) / np.where(length > 0, length, 1.0), 1.0)
        left = line_kg[before] + share[:, None] * (line_kg[after] - line_kg[before])
        out: Amounts = left.copy()
        out[1:] -= left[:-1]
        rest = min(int(np.searchsorted(line_m3, out_m3[-1], side="right")), last)
        self.line_m3 = np.concatenate(([0.0], line_m3[rest:] - out_m3[-1]))
        self.line_kg = np.concatenate((nothing(1), line_kg[rest:] - left[-1]))
        return out

    @property
    def kg(self) -> Amounts:
        """What is in it, shape (loads,) [kg]."""
        kg: Amounts = self.line_kg[-1]
        return kg
