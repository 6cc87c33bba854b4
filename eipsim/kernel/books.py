"""From traces to amounts: what a ledger noted becomes a run's tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from ..timebase import AccountGrid
from .ledger import Ledger
from .network import Place, name_of
from .ports import GAUGE, INLET, OUTLET
from .run import Column
from .traces import Floats, Trace, integrals, merged, stretches


def by_stretch(ledger: Ledger, edges: Floats, wanted: set[int]) -> Iterator[tuple[list[int], Floats, Floats]]:
    """Integrate columns over each stretch between edges.

    Yields
    ------
    columns : list of int
        Columns that share a driver, a profile and a share.
    rest, run : ndarray of shape (n,)
        What a rest of 1 and a run of 1 amount to in each stretch.
    """
    alike: dict[int, dict[tuple[int, int], list[int]]] = {}
    for j in range(ledger.n_users):
        if j in wanted:
            if j in ledger.share_traces:
                yield [j], *_cut(ledger, edges, j)
            else:
                alike.setdefault(int(ledger.cell[j]), {}).setdefault(
                    (int(ledger.which_rest[j]), int(ledger.which_run[j])), []
                ).append(j)
    rest = {k: np.diff(edges if p is None else p.until(edges)) for k, p in enumerate(ledger.profiles)}
    for cell, columns_by_profile in alike.items():
        points, first, (kept,) = stretches(edges, *ledger.activity_traces[cell].arrays())
        for (at_rest, at_run), columns in columns_by_profile.items():
            yield columns, rest[at_rest], integrals(points, first, kept, ledger.profiles[at_run])
    for k, trace in enumerate(ledger.port_traces, start=ledger.n_users):
        if k in wanted:
            points, first, (kept,) = stretches(edges, *trace.arrays())
            amount = integrals(points, first, kept, None)
            yield [k], amount, np.zeros_like(amount)


def _cut(ledger: Ledger, edges: Floats, j: int) -> tuple[Floats, Floats]:
    """Return the integrals of share × profile and share × activity × profile of a column that was cut."""
    hours, activity, cut = merged(ledger.activity_traces[ledger.cell[j]], ledger.share_traces[j])
    points, first, (activity, cut) = stretches(edges, hours, activity, cut)
    at_rest, at_run = ledger.profiles[ledger.which_rest[j]], ledger.profiles[ledger.which_run[j]]
    return integrals(points, first, cut, at_rest), integrals(points, first, cut * activity, at_run)


def amounts(ledger: Ledger, grid: AccountGrid) -> tuple[Floats, Floats]:
    """Return all amounts and their variable part, each of shape (accounts, columns)."""
    n = len(ledger.columns)
    total, variable = np.zeros((n, len(grid.accounts))), np.zeros((n, len(grid.accounts)))
    order = np.argsort(grid.account, kind="stable")
    sorted_accounts = grid.account[order]
    first = np.flatnonzero(np.r_[True, np.diff(sorted_accounts) > 0])
    rows = sorted_accounts[first]
    for columns, rest, run in by_stretch(ledger, grid.edges_h, set(range(n))):
        rest_sum, run_sum = np.add.reduceat(rest[order], first), np.add.reduceat(run[order], first)
        for j in columns:
            if j < ledger.n_users:
                variable[j, rows] = ledger.run[j] * run_sum
                total[j, rows] = ledger.rest[j] * rest_sum + variable[j, rows]
            else:
                total[j, rows] = rest_sum
    return total.T, variable.T


def recorded(ledger: Ledger, patterns: Sequence[str], hours: float, step_h: float) -> dict[str, Floats]:
    """Return the mean rate per step of the columns whose ``component.port`` fits a pattern."""
    names = {k: f"{c.component}.{c.port}" for k, c in enumerate(ledger.columns)}
    wanted = {k for k, name in names.items() if any(fnmatchcase(name, pattern) for pattern in patterns)}
    edges = np.append(np.arange(0.0, hours, step_h), hours)
    series = {}
    for columns, rest, run in by_stretch(ledger, edges, wanted):
        for j in columns:
            amount = ledger.rest[j] * rest + ledger.run[j] * run if j < ledger.n_users else rest
            series[names[j]] = amount / np.diff(edges)
    return dict(sorted(series.items()))


def residuals(columns: Sequence[Column], order: Sequence[Place], total: Floats) -> dict[str, float]:
    """Return the greatest imbalance of each bus over the accounts, as a fraction of the most that flows there."""
    found: dict[str, float] = {}
    place_of = np.array([order.index((c.carrier, c.place)) if c.direction != GAUGE else -1 for c in columns])
    direction = np.array([c.direction for c in columns])
    for k, place in enumerate(order):
        into = total[:, (place_of == k) & (direction == OUTLET)].sum(axis=1)
        out = total[:, (place_of == k) & (direction == INLET)].sum(axis=1)
        most = max(into.max(initial=0.0), out.max(initial=0.0))
        found[name_of(place)] = float(np.abs(into - out).max(initial=0.0) / most) if most > 0 else 0.0
    return found


def levels(traces: Mapping[str, Trace]) -> dict[str, NDArray[np.float64]]:
    """Return hours and levels of each storage, shape (2, changes)."""
    return {name: np.vstack(trace.arrays()) for name, trace in sorted(traces.items())}
