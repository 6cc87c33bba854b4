"""From traces to amounts: what a ledger noted becomes a run's tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..timebase import AccountGrid
from .ledger import Ledger
from .network import Place, name_of
from .ports import GAUGE, OUTLET
from .rate_log import RateLog
from .run import Column
from .traces import Floats, Trace, integrals, merged

Fold = Callable[[Floats], Floats]
"""Sums stretches up to what is wanted: (traces, stretches) → (traces, amounts)."""

BLOCK = 1 << 17
"""Numbers that are worked out at once, so that memory stays flat with the size of the park."""


class Shared(NamedTuple):
    """Integrals that several columns have in common.

    Parameters
    ----------
    different : ndarray of shape (different, amounts)
        Each once.
    row : ndarray of shape (wanted,)
        Which of them is each column's.
    """

    different: Floats
    row: NDArray[np.int64]

    def into(self, out: Floats, factor: Floats) -> None:
        """Write each column's, times its factor, into an array of shape (wanted, amounts)."""
        self.different.take(self.row, axis=0, out=out, mode="clip")
        out *= factor[:, None]


def posted_amounts(ledger: Ledger, edges: Floats, wanted: Sequence[int], fold: Fold) -> tuple[Shared, Shared]:
    """Integrate posted columns over each stretch between edges.

    Returns
    -------
    rest, run : Shared
        What a rest of 1 and a run of 1 amount to, for each wanted column.
    """
    first_cut: dict[tuple[bytes, bytes], int] = {}
    cuts: list[int | None] = []
    for j in wanted:
        trace = ledger.shares.get(j)
        cuts.append(None if trace is None else first_cut.setdefault((trace[0].tobytes(), trace[1].tobytes()), j))
    traces, shares, whole = ledger.traces, ledger.shares, (np.zeros(1), np.ones(1))

    def at_rest(_: int, cut: int | None) -> tuple[Floats, Floats]:
        return whole if cut is None else shares[cut]

    def at_run(cell: int, cut: int | None) -> tuple[Floats, Floats]:
        if cut is None:
            return traces[cell]
        hours, values, share = merged(traces[cell], shares[cut])
        return hours, values * share

    which_rest, which_run, cells = (of[list(wanted)].tolist() for of in (ledger.which_rest, ledger.which_run, ledger.cell))
    rests = [(profile, 0, cut) for profile, cut in zip(which_rest, cuts, strict=True)]
    runs = list(zip(which_run, cells, cuts, strict=True))
    return _each(ledger, edges, rests, at_rest, fold), _each(ledger, edges, runs, at_run, fold)


Key = tuple[int, int, int | None]
"""Profile, driver, and a column that was cut alike: what columns with the same integral have in common."""


def _each(
    ledger: Ledger,
    edges: Floats,
    keys: Sequence[Key],
    trace_of: Callable[[int, int | None], tuple[Floats, Floats]],
    fold: Fold,
) -> Shared:
    """Integrate each different key once."""
    by_profile: dict[int, dict[Key, None]] = {}
    for key in keys:
        by_profile.setdefault(key[0], {})[key] = None
    found = np.zeros((0, 0))
    row: dict[Key, int] = {}
    at_once = max(1, BLOCK // len(edges))
    for profile, alike in by_profile.items():
        different = list(alike)
        first = len(row)
        row |= {key: first + k for k, key in enumerate(different)}
        for k in range(0, len(different), at_once):
            traces = [trace_of(cell, cut) for _, cell, cut in different[k : k + at_once]]
            folded = fold(integrals(edges, traces, ledger.profiles[profile]))
            if not len(found):
                found = np.empty((sum(map(len, by_profile.values())), folded.shape[1]))
            found[first + k : first + k + len(traces)] = folded
    return Shared(found, np.array([row[key] for key in keys]))


def amounts(ledger: Ledger, log: RateLog, grid: AccountGrid) -> tuple[Floats, Floats]:
    """Return all amounts and their variable part, each of shape (accounts, columns)."""
    rows, n = len(grid.accounts), len(ledger.columns)
    total, variable = np.zeros((n, rows)), np.zeros((n, rows))

    def fold(stretches: Floats) -> Floats:
        place = np.arange(len(stretches))[:, None] * rows + grid.account
        folded = np.bincount(place.ravel(), stretches.ravel(), minlength=len(stretches) * rows).astype(np.float64, copy=False)
        return folded.reshape(len(stretches), rows)

    if ledger.n_users:
        posted = slice(0, ledger.n_users)
        rest, run = posted_amounts(ledger, grid.edges_h, range(ledger.n_users), fold)
        run.into(variable[posted], ledger.run)
        rest.into(total[posted], ledger.rest)
        total[posted] += variable[posted]
    if ledger.utility_ports:
        total[ledger.n_users :] = fold(log.amounts.T)
    return total.T, variable.T


def picked(ledger: Ledger, patterns: Sequence[str]) -> list[int]:
    """Return the columns whose ``component.port`` fits any of the patterns."""
    names = [f"{c.component}.{c.port}" for c in ledger.columns]
    return [j for j, name in enumerate(names) if any(fnmatchcase(name, pattern) for pattern in patterns)]


def recorded(ledger: Ledger, log: RateLog, wanted: Sequence[int], steps: Floats) -> dict[str, Floats]:
    """Return the mean rate per step of the wanted columns, by ``component.port``."""
    posted = [j for j in wanted if j < ledger.n_users]
    found: dict[int, Floats] = {}
    if posted:
        rest, run = posted_amounts(ledger, steps, posted, lambda stretches: stretches)
        sums, variable = (np.empty((len(posted), len(steps) - 1)) for _ in range(2))
        rest.into(sums, ledger.rest[posted])
        run.into(variable, ledger.run[posted])
        found = dict(zip(posted, np.add(sums, variable, out=sums), strict=True))
    for j in wanted:
        if j >= ledger.n_users:
            found[j] = log.by_step[:, j - ledger.n_users]
    return {f"{ledger.columns[j].component}.{ledger.columns[j].port}": found[j] / np.diff(steps) for j in wanted}


def residuals(columns: Sequence[Column], order: Sequence[Place], total: Floats) -> dict[str, float]:
    """Return the greatest imbalance of each bus over the accounts, as a fraction of the most that flows there."""
    number = {place: k for k, place in enumerate(order)}
    sums = np.zeros((2, len(order), len(total)))
    for j, column in enumerate(columns):
        if column.direction != GAUGE:
            sums[int(column.direction == OUTLET), number[column.carrier, column.place]] += total[:, j]
    off, most = np.abs(sums[1] - sums[0]).max(axis=1, initial=0.0), sums.max(axis=(0, 2), initial=0.0)
    share = np.divide(off, most, out=np.zeros_like(off), where=most > 0)
    return {name_of(place): float(share[k]) for place, k in number.items()}


def levels(traces: Mapping[str, Trace]) -> dict[str, NDArray[np.float64]]:
    """Return hours and values of each trace, shape (2, changes)."""
    return {name: np.vstack(trace.arrays()) for name, trace in sorted(traces.items())}
