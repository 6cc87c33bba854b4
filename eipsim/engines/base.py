"""What an engine is: it does one task for each of many items, in any order, and says when a worker is lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

from ..errors import ResultsError

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class WorkerLostError(ResultsError):
    """A worker ended without an answer: killed from outside, out of memory, or its node is gone."""


@dataclass(frozen=True)
class Compute:
    """Where and how units of work are done; no number depends on it.

    Parameters
    ----------
    engine : str
        A name of `ENGINES`.
    workers : int or None
        How many do units at the same time, each with one thread; None for one per core, or per CPU of a cluster.
    on_error : {"stop", "continue"}
        Whether the first replication that fails ends everything, or is left out and named.
    options : mapping
        What the engine needs besides.
    """

    engine: str = "joblib"
    workers: int | None = None
    on_error: Literal["stop", "continue"] = "stop"
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def workers_here(self) -> int:
        """How many workers this computer is to have: as many as were asked for, or one per core it may use."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return self.workers or cores


class Engine(Protocol):
    """Does a task for each item.

    Attributes
    ----------
    shares_folder : bool
        Whether its workers write into the folder of results themselves; otherwise what they made is sent back.
    """

    shares_folder: bool

    def each(self, task: Callable[[Item], Outcome], items: Iterable[Item]) -> Iterator[Outcome]:
        """Yield what the task returns, in the order in which items are done; take items only as workers get free.

        Raises
        ------
        WorkerLostError
            If a worker ended without an answer. What was yielded stands; the rest may be asked for again.
        """
        ...
