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


def by_stretch(ledger: Ledger, edges: Floats, wanted: Sequence[int]) -> Iterator[tuple[list[int], int | Floats, Floats]]:
    """Integrate posted columns over each stretch between edges.

    Yields
    ------
    columns : list of int
        Columns that share a driver, profiles and a share.
    rest : int or ndarray of shape (n,)
        What a rest of 1 amounts to in each stretch; a number names the profile whose integral it is.
    run : ndarray of shape (n,)
        What a run of 1 amounts to in each stretch.
    """
    alike: dict[int, dict[tuple[int, int], list[int]]] = {}
    reach = [edges if profile is None else profile.until(edges) for profile in ledger.profiles]
    for j in wanted:
        profiles = int(ledger.which_rest[j]), int(ledger.which_run[j])
        if j in ledger.share_traces:
            hours, activity, share = merged(ledger.activity_traces[ledger.cell[j]], ledger.share_traces[j])
            cut, cut_run = split(edges, hours, share), split(edges, hours, share * activity)
            rest, run = (
                integrals(parts, reach[k], ledger.profiles[k]) for parts, k in zip((cut, cut_run), profiles, strict=True)
            )
            yield [j], rest, run
        else:
            alike.setdefault(int(ledger.cell[j]), {}).setdefault(profiles, []).append(j)
    for cell, columns_by_profile in alike.items():
        parts = split(edges, *ledger.activity_traces[cell].arrays())
        for (at_rest, at_run), columns in columns_by_profile.items():
            yield columns, at_rest, integrals(parts, reach[at_run], ledger.profiles[at_run])


def widths(ledger: Ledger, edges: Floats) -> list[Floats]:
    """Return the integral of each profile over each stretch between edges."""
    return [np.diff(edges if profile is None else profile.until(edges)) for profile in ledger.profiles]


def amounts(ledger: Ledger, log: RateLog, grid: AccountGrid) -> tuple[Floats, Floats]:
    """Return all amounts and their variable part, each of shape (accounts, columns)."""
    rows, n = len(grid.accounts), len(ledger.columns)
    total, variable = np.zeros((n, rows)), np.zeros((n, rows))

    def fold(stretches: Floats) -> Floats:
        folded: Floats = np.bincount(grid.account, stretches, minlength=rows).astype(np.float64, copy=False)
        return folded

    width = [fold(width) for width in widths(ledger, grid.edges_h)]
    for columns, rest, run in by_stretch(ledger, grid.edges_h, range(ledger.n_users)):
        rest_amount, run_amount = width[rest] if isinstance(rest, int) else fold(rest), fold(run)
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
    width = widths(ledger, steps)
    for columns, rest, run in by_stretch(ledger, steps, [j for j in wanted if j < ledger.n_users]):
        for j in columns:
            found[j] = ledger.rest[j] * (width[rest] if isinstance(rest, int) else rest) + ledger.run[j] * run
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
