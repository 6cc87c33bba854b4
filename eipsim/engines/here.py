"""In this process, one after another: for few runs, and for a debugger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from .base import Compute, Item, Outcome


class Here:
    """Does one item after another in this process."""

    shares_folder = True

    def __init__(self, compute: Compute, folder: Path):
        del compute, folder

    def each(self, task: Callable[[Item], Outcome], items: Iterable[Item]) -> Iterator[Outcome]:
        """Yield what the task returns for each item, in their order."""
        return map(task, items)
