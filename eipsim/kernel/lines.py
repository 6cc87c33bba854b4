"""Production lines as a shortage sees them: which columns stop them, and which follow them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .ports import ALL_LINES, INLET, LINES, Port
from .traces import Floats

Ints = NDArray[np.int64]


class Claims(NamedTuple):
    """What users draw from one bus, a use of all lines once for each of its lines.

    Parameters
    ----------
    columns : ndarray of shape (claims,)
        Which column draws.
    lines : ndarray of shape (claims,)
        The line whose share limits the claim; −1 for none.
    split : ndarray of shape (parts,)
        Which claims are a part of a use of all lines.
    parts : ndarray of shape (parts,)
        Where the weights of those stand, see `Lines.weigh`.
    """

    columns: Ints
    lines: Ints
    split: Ints
    parts: Ints


class Lines:
    """The production lines of all users, numbered through.

    A line runs at the least share s_k among its own columns and the uses of all lines (`ALL_LINES`) that production needs:
    inlets of class ``LINES`` or before. A use of all lines is cut to the mean of what its lines run at, weighted as the
    activity that drives it is, and not above what its own bus gives:

        share = 1 − Σ a_k (1 − s_k) / Σ a_k

    with a_k the activity of line k, or 1 for each where none is active. Such a use in the class ``COMFORT`` is cut before
    production and stops no line. A use of all lines of a component without a line counts as one of none.

    Parameters
    ----------
    ports : sequence of Port
        Of the users' columns.
    n_flows : int
        How many of them flow; gauges come after.
    first_cell : mapping of str to int
        Where the activities of each component stand; in a component with a use of all lines, activity k is that of line k.
    """

    def __init__(self, ports: Sequence[Port], n_flows: int, first_cell: Mapping[str, int]):
        numbers: dict[tuple[str, int], int] = {}
        for port in ports:
            if port.line is not None and port.line >= 0:
                numbers.setdefault((port.component.name, port.line), len(numbers))
        self.n = len(numbers)
        own = [-1 if port.line is None else numbers.get((port.component.name, port.line), -1) for port in ports]
        self.group = np.array(own, np.int64)
        self.lined = np.flatnonzero(self.group >= 0)
        self.line_of_lined = self.group[self.lined]
        self._lay_out_parts(ports, numbers, first_cell)
        stops = np.array([port.direction == INLET and port.priority <= LINES for port in ports], bool)
        self.stopping = np.flatnonzero(stops[self.use_column])
        members = np.concatenate([self.lined, self.use_column[self.stopping]])
        lines = np.concatenate([self.line_of_lined, self.use_line[self.stopping]])
        order = np.argsort(lines, kind="stable")
        self.members, self.first = members[order], np.flatnonzero(np.diff(lines[order], prepend=-1))
        self.classes = self._classes(ports, n_flows)

    def _lay_out_parts(
        self, ports: Sequence[Port], numbers: Mapping[tuple[str, int], int], first_cell: Mapping[str, int]
    ) -> None:
        """Give the parts numbers, one for each line of an owner of uses of all lines, and say which column uses which."""
        lines: dict[str, list[tuple[int, int]]] = {}
        for (name, k), line in numbers.items():
            lines.setdefault(name, []).append((line, k))
        parts, places = list[tuple[int, int, int]](), dict[str, range]()
        uses = [
            (j, port.component.name) for j, port in enumerate(ports) if port.line == ALL_LINES and port.component.name in lines
        ]
        for _, name in uses:
            if name not in places:
                places[name] = range(len(parts), len(parts) + len(lines[name]))
                parts += [(len(places) - 1, line, first_cell[name] + k) for line, k in lines[name]]
        self.part_owner, self.part_line, self.part_cell = np.array(parts, np.int64).reshape(-1, 3).T
        self.part_starts = np.array([place.start for place in places.values()], np.int64)
        self.part_counts = np.array([len(place) for place in places.values()], np.int64)
        self.mean = np.array([j for j, _ in uses], np.int64)
        self.owner_of_mean = self.part_owner[np.array([places[name].start for _, name in uses], np.int64)]
        split = [(j, part) for j, name in uses for part in places[name]]
        self.use_column, self.use_part = np.array(split, np.int64).reshape(-1, 2).T
        self.use_line = self.part_line[self.use_part]
        self.weight = np.ones(len(parts))

    def _classes(self, ports: Sequence[Port], n_flows: int) -> Ints:
        """Return the class of each column; uses that a line can't run without count as the first class among them."""
        rank = np.array([port.priority for port in ports], np.int64)
        tied = np.arange(self.n)
        for column in np.unique(self.use_column[self.stopping]).tolist():
            lines = self.use_line[self.use_column == column]
            tied[lines] = lines.min()
        of_column = np.where(self.group >= 0, tied[self.group] if self.n else -1, -1)
        of_column[self.use_column[self.stopping]] = tied[self.use_line[self.stopping]]
        bound = (of_column >= 0) & (np.arange(len(ports)) < n_flows)
        first = np.full(self.n, np.iinfo(np.int64).max)
        np.minimum.at(first, of_column[bound], rank[bound])
        rank[bound] = first[of_column[bound]]
        return rank

    def weigh(self, activities: Floats) -> None:
        """Weight the parts of uses of all lines by what their lines do now; each part's share of its use is its weight."""
        if not len(self.mean):
            return
        active = activities[self.part_cell]
        total = np.add.reduceat(active, self.part_starts)
        idle = total <= 0
        active[idle[self.part_owner]] = 1.0
        self.active, self.total = active, np.where(idle, self.part_counts, total)
        self.weight = active / self.total[self.part_owner]

    def run_at(self, own: Floats) -> Floats:
        """Return the share that each line runs at, if each column gets the share ``own`` from its bus."""
        return np.minimum.reduceat(own[self.members], self.first) if self.n else np.ones(0)

    def cut(self, own: Floats, run_at: Floats) -> Floats:
        """Return the share of each column, from what its bus gives and what its lines run at."""
        share = own.copy()
        share[self.lined] = run_at[self.line_of_lined]
        if len(self.mean):
            lost = np.add.reduceat(self.active * (1.0 - run_at[self.part_line]), self.part_starts) / self.total
            share[self.mean] = np.minimum(own[self.mean], (1.0 - lost)[self.owner_of_mean])
        return share

    def claims(self, columns: Ints) -> Claims:
        """Return the claims of a bus's inlets."""
        mine = self.stopping[np.isin(self.use_column[self.stopping], columns)]
        whole = columns[~np.isin(columns, self.use_column[mine])]
        return Claims(
            np.concatenate([whole, self.use_column[mine]]),
            np.concatenate([self.group[whole], self.use_line[mine]]),
            len(whole) + np.arange(len(mine)),
            self.use_part[mine],
        )
