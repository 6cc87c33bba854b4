"""What flowed: rates that are noted at each settlement, and folded into volumes bin by bin when loads are carried."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from .load_book import Bins
from .load_users import Users
from .ports import Port
from .traces import Floats

_ROUNDING = 1e-9

MOST_ROWS = 1024
"""Settlements that are noted before they are folded, if nothing asks for it earlier."""


class Flows:
    """Rates since the last bin that was folded, a row a settlement.

    Parameters
    ----------
    prompt : sequence of Port
        Ports whose rates are given at each settlement.
    ports : sequence of Port
        Those whose water has loads.
    users : Users
        Whose water has loads.
    bin_h : float
        Length of a bin [h].
    block_h : float
        How long after the end of the first bin others end that can be carried in one block with it [h].
    turning : sequence of (int, int)
        Pairs of ``ports``: a bin ends when the second begins to flow and the first has flowed in it.
    """

    def __init__(
        self,
        prompt: Sequence[Port],
        ports: Sequence[Port],
        users: Users,
        *,
        bin_h: float,
        block_h: float = math.inf,
        turning: Sequence[tuple[int, int]],
    ):
        place = {port: k for k, port in enumerate(prompt)}
        self.users, self.bin_h, self.n = users, bin_h, len(ports)
        self.columns = np.array([place[port] for port in ports], np.int64)
        self.turning = list(turning)
        self.begins: list[float] = []
        self.prompt, self.brought = list[bytes](), list[bytes]()
        self.edge_h, self.block_h = bin_h, block_h

    def note(self, now_h: float, prompt: bytes, brought: bytes) -> None:
        """Take the flows that hold from now on [h], of the prompt ports and what users bring; they are read when folded."""
        begins = self.begins
        if begins and begins[-1] == now_h:
            begins.pop()
            self.prompt.pop()
            self.brought.pop()
        begins.append(now_h)
        self.prompt.append(prompt)
        self.brought.append(brought)

    def is_full(self, now_h: float) -> bool:
        """Whether it is time to fold: when a block is complete, so that what was noted is still at hand, or much was noted."""
        return now_h >= self.edge_h + self.block_h or len(self.begins) >= MOST_ROWS

    def is_due(self, until_h: float) -> bool:
        """Whether a bin is over at an hour [h]."""
        return self.edge_h < until_h + _ROUNDING

    def fold(self, until_h: float, last: bool = False) -> tuple[Bins, Floats, Floats] | None:
        """Return the bins that are over, and forget them; None if there are none.

        Parameters
        ----------
        until_h : float
            Now [h].
        last : bool
            Whether the run is over, and the last bin with it.

        Returns
        -------
        bins : Bins
            When they were.
        moved : ndarray of shape (ports, bins)
            What flowed through each port [m3].
        found : ndarray of shape (groups, bins, loads + 1)
            What each group of users brought, by load [kg], and its volume [m3].
        """
        times: list[float] = []
        while self.is_due(until_h):
            times.append(min(self.edge_h, until_h))
            self.edge_h += self.bin_h
        begins = self.begins
        if last and until_h - max([begins[0], *times]) > _ROUNDING:
            times.append(until_h)
        if not times:
            return None
        prompt, brought = (np.frombuffer(b"".join(each)).reshape(len(begins), -1) for each in (self.prompt, self.brought))
        rates = np.concatenate((prompt[:, self.columns], brought[:, :-1]), axis=1)
        times = sorted({*times, *self._turns(times, rates)})
        ends, noted = np.array(times), np.array(begins)
        starts = np.append(noted[0], ends[:-1])
        points = np.union1d(noted[noted < ends[-1]], starts)
        row = (np.searchsorted(noted, points, side="right") - 1).tolist()
        spans = np.diff(points, append=ends[-1])
        volumes = np.empty((len(ends), rates.shape[1]))
        for k, (a, b) in enumerate(pairwise([*np.searchsorted(points, starts).tolist(), len(points)])):
            # the rows of a bin lie together: one pass over the block, and no copy of it
            np.einsum("i,ij->j", spans[a:b], rates[row[a] : row[b - 1] + 1], out=volumes[k])
        kept = int(np.searchsorted(noted, ends[-1], side="right")) - 1
        self.begins = [times[-1], *begins[kept + 1 :]]
        self.prompt, self.brought = self.prompt[kept:], self.brought[kept:]
        return Bins(ends - starts, ends), volumes[:, : self.n].T.copy(), self.users.by_group(volumes[:, self.n :])

    def _turns(self, times: Sequence[float], rates: Floats) -> list[float]:
        """Return when bins that end at given times must end earlier, because what was taken in them is given back."""
        pairs = [(rates[:, a] > 0, rates[:, b] > 0) for a, b in self.turning]
        pairs = [(takes, gives) for takes, gives in pairs if takes.any() and gives.any()]
        if not pairs:
            return []
        found, ahead = list[float](), list(times)
        took = [False] * len(pairs)
        busy = np.any(pairs, axis=(0, 1))
        busy[1:] |= busy[:-1]
        for i in np.flatnonzero(busy).tolist():
            begin = self.begins[i]
            while ahead and ahead[0] <= begin:
                over = ahead.pop(0)
                took = [over < begin and bool(takes[i - 1]) for takes, _ in pairs]
            if not ahead:
                break
            if any(was and gives[i] for was, (_, gives) in zip(took, pairs, strict=True)):
                found.append(begin)
                took = [False] * len(pairs)
            took = [was or bool(takes[i]) for was, (takes, _) in zip(took, pairs, strict=True)]
        return found
