"""From traces to amounts: what a ledger noted becomes a run's tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from ..timebase import AccountGrid
from .ledger import Ledger
from .network import Place, name_of
from .ports import GAUGE, OUTLET
from .rate_log import RateLog
from .run import Column
from .traces import Floats, Trace, integrals, merged, split


def by_stretch(ledger: Ledger, edges: Floats, wanted: Sequence[int]) -> Iterator[tuple[list[int], Floats, Floats]]:
    """Integrate posted columns over each stretch between edges.

    Yields
    ------
    columns : list of int
        Columns that have a driver, profiles and a share in common.
    rest, run : ndarray of shape (n,)
        What a rest of 1 and a run of 1 amount to in each stretch.
    """
    reach = [edges if profile is None else profile.until(edges) for profile in ledger.profiles]
    width = [np.diff(until) for until in reach]
    for (cell, cut), alike in _alike(ledger, wanted).items():
        hours, values = ledger.activity_traces[cell].arrays()
        if cut is not None:
            hours, values, share = merged(ledger.activity_traces[cell], ledger.share_traces[cut])
            shared, values = split(edges, hours, share), values * share
        parts = split(edges, hours, values)
        for (at_rest, at_run), columns in alike.items():
            rest = (
                width[at_rest] if cut is None else integrals(shared, reach[at_rest], width[at_rest], ledger.profiles[at_rest])
            )
            yield columns, rest, integrals(parts, reach[at_run], width[at_run], ledger.profiles[at_run])


def _alike(ledger: Ledger, wanted: Sequence[int]) -> dict[tuple[int, int | None], dict[tuple[int, int], list[int]]]:
    """Group columns by driver and by one of the columns that were cut as they were; then by profiles."""
    first_cut: dict[tuple[bytes, bytes], int] = {}
    groups: dict[tuple[int, int | None], dict[tuple[int, int], list[int]]] = {}
    cells, rests, runs = ledger.cell.tolist(), ledger.which_rest.tolist(), ledger.which_run.tolist()
    for j in wanted:
        trace = ledger.share_traces.get(j)
        cut = None if trace is None else first_cut.setdefault((trace.hours.tobytes(), trace.values.tobytes()), j)
        groups.setdefault((cells[j], cut), {}).setdefault((rests[j], runs[j]), []).append(j)
    return groups


def amounts(ledger: Ledger, log: RateLog, grid: AccountGrid) -> tuple[Floats, Floats]:
    """Return all amounts and their variable part, each of shape (accounts, columns)."""
    rows, n = len(grid.accounts), len(ledger.columns)
    total, variable = np.zeros((n, rows)), np.zeros((n, rows))

    def fold(stretches: Floats) -> Floats:
        folded: Floats = np.bincount(grid.account, stretches, minlength=rows).astype(np.float64, copy=False)
        return folded

    for columns, rest, run in by_stretch(ledger, grid.edges_h, range(ledger.n_users)):
        rest_amount, run_amount = fold(rest), fold(run)
        for j in columns:
            np.multiply(run_amount, ledger.run[j], out=variable[j])
            np.multiply(rest_amount, ledger.rest[j], out=total[j])
            total[j] += variable[j]
    for k in range(len(ledger.utility_ports)):
        total[ledger.n_users + k] = fold(log.amounts[:, k])
    return total.T, variable.T


def picked(ledger: Ledger, patterns: Sequence[str]) -> list[int]:
    """Return the columns whose ``component.port`` fits any of the patterns."""
    names = [f"{c.component}.{c.port}" for c in ledger.columns]
    return [j for j, name in enumerate(names) if any(fnmatchcase(name, pattern) for pattern in patterns)]


def recorded(ledger: Ledger, log: RateLog, wanted: Sequence[int], steps: Floats) -> dict[str, Floats]:
    """Return the mean rate per step of the wanted columns, by ``component.port``."""
    found: dict[int, Floats] = {}
    for columns, rest, run in by_stretch(ledger, steps, [j for j in wanted if j < ledger.n_users]):
        for j in columns:
            found[j] = ledger.rest[j] * rest + ledger.run[j] * run
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
    """Return hours and levels of each storage, shape (2, changes)."""
    return {name: np.vstack(trace.arrays()) for name, trace in sorted(traces.items())}
