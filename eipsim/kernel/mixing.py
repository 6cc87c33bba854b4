"""Volumes that loads stay in for a while: a stirred one, and a pipe that keeps the order in which water came."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from .load_book import Amounts, nothing
from .traces import Floats

DRY_M3 = 1e-12
"""Water below which a volume counts as empty [m3]."""


def course(start: Floats, kept: Floats, joins: Floats) -> Floats:
    """Follow xₖ = keptₖ xₖ₋₁ + joinsₖ through many bins at once; leading axes, if there are any, side by side.

    Parameters
    ----------
    start : ndarray of shape (..., loads)
        x before the first bin.
    kept : ndarray of shape (..., bins, 1) or (..., bins, loads)
        0-1.
    joins : ndarray of shape (..., bins, loads)
        What each bin adds.

    Returns
    -------
    ndarray of shape (..., bins, loads)
        x after each bin.

    Notes
    -----
    All bins of one load, then those of the next, are one set of equations xₖ − keptₖ xₖ₋₁ = joinsₖ, a band of two diagonals
    that BLAS solves from the top (``tbsv``), as one would by hand.
    """
    from scipy.linalg.blas import dtbsv

    found = joins.swapaxes(-1, -2).copy()
    found[..., 0] += kept[..., 0, :] * start
    band = np.zeros((*found.shape, 2))
    band[..., :-1, 1] = -kept[..., 1:, :].swapaxes(-1, -2)
    solved: Floats = dtbsv(1, band.reshape(-1, 2).T, found.ravel(), lower=1, diag=1, overwrite_x=1)
    return solved.reshape(found.shape).swapaxes(-1, -2)


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
        """Mix what comes with what is there, and return what leaves; see `pass_on_side_by_side`.

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
        """
        out: Amounts = pass_on_side_by_side([self], in_m3[None], out_m3[None], came[None])[0]
        return out


def pass_on_side_by_side(tanks: Sequence[Stirred], in_m3: Floats, out_m3: Floats, came: Amounts) -> Amounts:
    """Mix what comes with what is there in volumes none of which is fed by another, exactly for what is constant in each bin.

    Parameters
    ----------
    tanks : sequence of Stirred
        The volumes.
    in_m3, out_m3 : ndarray of shape (tanks, bins)
        What flows in and out of each [m3].
    came : ndarray of shape (tanks, bins, loads)
        Loads that flow in [kg].

    Returns
    -------
    ndarray of shape (tanks, bins, loads)
        Loads that flow out [kg]; with what stays they are what was there and what came.

    Notes
    -----
    V dC/dt = L − q C, V = V₀ + (q − p) t: the distance of C from L/q shrinks by (V/V₀)^(−q/(q−p)), and by e^(−qt/V) if the
    volume is steady.
    """
    begins, kg = [tank.volume_m3 for tank in tanks], np.array([tank.kg for tank in tanks])
    line = np.concatenate((np.array(begins)[:, None], in_m3 - out_m3), axis=1)
    np.add.accumulate(line, axis=1, out=line)
    if line.min() < 0:
        for tank, net_m3 in zip(line, in_m3 - out_m3, strict=True):
            tank[:] = list(accumulate(net_m3.tolist(), _at_least_empty, initial=tank[0]))
    kept, joins = _stay(line[:, :-1].ravel(), line[:, 1:].ravel(), in_m3.ravel(), out_m3.ravel())
    after = course(kg, kept.reshape(*in_m3.shape, 1), joins.reshape(*in_m3.shape, 1) * came)
    out = came - after
    out[:, 0] += kg
    out[:, 1:] += after[:, :-1]
    for tank, volume_m3, left in zip(tanks, line[:, -1].tolist(), after[:, -1].copy(), strict=True):
        tank.volume_m3, tank.kg = volume_m3, left
    return out


def _at_least_empty(volume_m3: float, net_m3: float) -> float:
    """Return a volume after what has flowed in less what has flowed out [m3]."""
    return max(volume_m3 + net_m3, 0.0)


def _stay(begins: Floats, ends: Floats, in_m3: Floats, out_m3: Floats) -> tuple[Floats, Floats]:
    """Return the share that is still there of what was in a stirred volume, and of what came; all of shape (bins,)."""
    comes, goes = in_m3 > 0, out_m3 > 0
    passes = comes & goes
    mixes = (passes & (ends > DRY_M3)).nonzero()[0]
    if len(mixes) == len(ends):
        return _mixed(begins, ends, in_m3, out_m3)
    kept, joins = (~goes).astype(float), (~passes).astype(float)
    if len(mixes):
        kept[mixes], joins[mixes] = _mixed(begins[mixes], ends[mixes], in_m3[mixes], out_m3[mixes])
    drains = ((goes > comes) & (begins > DRY_M3)).nonzero()[0]
    if len(drains):
        kept[drains] = 1.0 - np.minimum(1.0, out_m3[drains] / begins[drains])
    return kept, joins


def _mixed(begins: Floats, ends: Floats, in_m3: Floats, out_m3: Floats) -> tuple[Floats, Floats]:
    """Return what `_stay` does, of bins in which water comes and goes and some is left."""
    dry = begins <= DRY_M3
    whole = begins + dry
    came, growth = np.maximum(in_m3, DRY_M3), (in_m3 - out_m3) / whole
    steady = np.ones(growth.shape)
    turns = came / whole * np.divide(np.log1p(growth), growth, out=steady, where=np.abs(growth) > 1e-9)
    kept, joins = np.exp(-turns) * ends / whole, -np.expm1(-turns) * ends / came
    empty = dry.nonzero()[0]
    if len(empty):
        kept[empty], joins[empty] = 0.0, ends[empty] / (begins[empty] + came[empty])
    return kept, joins


class Pipe:
    """Water that leaves in the order in which it came, kept as a line of what lies before each point of it."""

    def __init__(self) -> None:
        self.line_m3, self.line_kg = np.zeros(1), nothing(1)

    def push(self, volumes_m3: Floats, came: Amounts) -> None:
        """Let water in at the upper end: volumes of bins [m3], shape (bins,), and their loads [kg], shape (bins, loads)."""
        self.line_m3 = np.concatenate((self.line_m3, self.line_m3[-1] + np.add.accumulate(volumes_m3)))
        self.line_kg = np.concatenate((self.line_kg, self.line_kg[-1] + np.add.accumulate(came)))

    def pull(self, volumes_m3: Floats) -> Amounts:
        """Let water out at the lower end, volumes of bins [m3], shape (bins,); return its loads [kg], shape (bins, loads)."""
        line_m3, line_kg = self.line_m3, self.line_kg
        out_m3 = np.minimum(np.add.accumulate(volumes_m3), line_m3[-1])
        last = len(line_m3) - 1
        after = line_m3.searchsorted(out_m3)
        before = np.maximum(after - 1, 0)
        begin_m3, begin_kg = line_m3[before], line_kg[before]
        length = line_m3[after] - begin_m3
        share = np.divide(out_m3 - begin_m3, length, out=np.ones(len(length)), where=length > 0)
        left = begin_kg + share[:, None] * (line_kg[after] - begin_kg)
        out: Amounts = left.copy()
        out[1:] -= left[:-1]
        rest = min(int(line_m3.searchsorted(out_m3[-1], side="right")), last)
        self.line_m3 = np.concatenate(([0.0], line_m3[rest:] - out_m3[-1]))
        self.line_kg = np.concatenate((nothing(1), line_kg[rest:] - left[-1]))
        return out

    @property
    def kg(self) -> Amounts:
        """What is in it, shape (loads,) [kg]."""
        kg: Amounts = self.line_kg[-1]
        return kg
