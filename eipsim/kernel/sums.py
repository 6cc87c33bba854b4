"""Sums of users' flows: the same digits in whatever order, anew or from what changes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .foresight import Ints
from .traces import Floats

BITS = 51
"""Binary places to which the greatest sum is known; with activities up to 2, sums and differences of sums are exact."""

Members = Sequence[tuple[Ints, Floats]]
"""Columns of each group, and what a unit of each counts."""


class Sums:
    """Sums over groups of columns.

    Columns of a group that follow the same profile are a part of its sum:

        sum = Σ profile × Σ weight × (rest + run × activity)

    Each product is rounded to a whole number of units, a power of two apart for each part (the greatest sum that it can have
    counts 2⁵⁰ to 2⁵¹ of them). Whole numbers add up exactly, so that order does not matter, differences may be added
    instead, and what all let go of is exactly 0. Activities beyond 2 would make that hold only to rounding.

    Parameters
    ----------
    members : Members
        Of each group.
    cells : ndarray of shape (columns,)
        The activity that drives each column.
    rates : tuple of ndarray of shape (columns,)
        Rests and runs [rate unit].
    profiles : tuple of ndarray of shape (columns,)
        Which profile rests and runs follow.
    n_cells : int
        Number of activities.
    """

    def __init__(self, members: Members, cells: Ints, rates: tuple[Floats, Floats], profiles: tuple[Ints, Ints], n_cells: int):
        n = self.n = len(members)
        self.group = np.repeat(np.arange(n), [len(columns) for columns, _ in members])
        self.column = np.concatenate([np.zeros(0, np.int64), *(columns for columns, _ in members)])
        self.weight = np.concatenate([np.zeros(0), *(weights for _, weights in members)])
        follows = np.concatenate((np.zeros(n, np.int64), *(which[self.column] for which in profiles)))
        of, kinds = np.concatenate((np.arange(n), self.group, self.group)), int(follows.max(initial=0)) + 1
        values = np.concatenate((np.zeros(n), *(self.weight * rate[self.column] for rate in rates)))
        parts, part = np.unique(of * kinds + follows, return_inverse=True)
        group_of_part, self.profile = np.divmod(parts, kinds)
        self.n_parts, self.starts = len(parts), np.searchsorted(group_of_part, np.arange(n))
        most = added(part, np.abs(values), self.n_parts)
        self.unit = np.maximum(np.ldexp(1.0, np.frexp(most)[1] - BITS), np.finfo(np.float64).smallest_subnormal)
        always, runs = np.split(np.arange(len(part)), [n + len(self.column)])
        in_units = values / self.unit[part]
        self.constant = added(part[always], np.rint(in_units[always]), self.n_parts)
        self._drive(cells[self.column], part[runs], in_units[runs], n_cells)

    def _drive(self, cells: Ints, part: Ints, run: Floats, n_cells: int) -> None:
        """Lay out by activity what it drives; columns of one part that follow the same activity count as one."""
        keys, place = np.unique(cells[run != 0] * self.n_parts + part[run != 0], return_inverse=True)
        self.cells, self.part = np.divmod(keys, max(self.n_parts, 1))
        self.run = added(place, run[run != 0], len(keys))
        self.counts = np.bincount(self.cells, minlength=n_cells)
        self.first = np.cumsum(self.counts) - self.counts

    def amounts(self, activities: Floats) -> Floats:
        """Return what all activities make of each part before its profile, shape (parts,) [units]."""
        return added(self.part, np.rint(self.run * activities.take(self.cells)), self.n_parts) + self.constant

    def differences(self, rows: int, row: Ints, cells: Ints, values: tuple[Floats, Floats]) -> Floats:
        """Return what changes of activities change of each part, shape (rows, parts) [units].

        Parameters
        ----------
        rows : int
            How many.
        row, cells : ndarray of shape (changes,)
            In which row which activity changes.
        values : tuple of ndarray of shape (changes,)
            From what to what.
        """
        counts = self.counts.take(cells)
        change = np.repeat(np.arange(len(cells)), counts)
        which = np.arange(len(change)) + np.repeat(self.first.take(cells) - np.cumsum(counts) + counts, counts)
        run, (before, after) = self.run.take(which), (each.take(change) for each in values)
        place = row.take(change) * self.n_parts + self.part.take(which)
        return added(place, np.rint(run * after) - np.rint(run * before), rows * self.n_parts).reshape(rows, self.n_parts)

    def of(self, amounts: Floats, factors: Floats) -> Floats:
        """Return the sums of all groups.

        Parameters
        ----------
        amounts : ndarray of shape (rows, parts)
            See `amounts`.
        factors : ndarray of shape (rows, profiles)
            What profiles are [1].

        Returns
        -------
        ndarray of shape (rows, groups + 1)
            With a last column of zeros [rate unit × weight].
        """
        products = factors.take(self.profile, axis=1)
        products *= self.unit
        products *= amounts
        found = np.zeros((len(amounts), self.n + 1))
        if self.n:
            np.add.reduceat(products, self.starts, axis=1, out=found[:, :-1])
        return found

    def now(self, activities: Floats, factors: Floats) -> Floats:
        """Return the sums at one time, given what activities and profiles are then, shape (groups + 1,)."""
        sums: Floats = self.of(self.amounts(activities)[None], factors[None])[0]
        return sums

    def of_rates(self, rates: Floats) -> Floats:
        """Return the sums, to rounding, if each column has the rate given, shape (groups + 1,)."""
        return added(self.group, self.weight * rates[self.column], self.n + 1)


def added(place: Ints, values: Floats, n: int) -> Floats:
    """Return the sums of values by place, shape (n,)."""
    return np.bincount(place, values, minlength=n).astype(np.float64, copy=False)
