"""In several processes of this computer, through joblib."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from .base import Compute, Item, Outcome, WorkerLostError


class OnJoblib:
    """Does items in processes, each with one thread for linear algebra; one process is this one."""

    shares_folder = True

    def __init__(self, compute: Compute, folder: Path):
        del folder
        self.workers = compute.workers_here

    def each(self, task: Callable[[Item], Outcome], items: Iterable[Item]) -> Iterator[Outcome]:
        """Yield what the task returns, in the order in which items are done.

        Raises
        ------
        WorkerLostError
            If a process was killed.
        """
        if self.workers == 1:
            yield from map(task, items)
            return
        from joblib import Parallel, delayed, parallel_config
        from joblib.externals.loky.process_executor import BrokenProcessPool

        with parallel_config(backend="loky", inner_max_num_threads=1):
            pool = Parallel(n_jobs=self.workers, return_as="generator_unordered", batch_size=1)
            try:
                yield from pool(delayed(_quietly)(task, item, os.getpid()) for item in items)
            except BrokenProcessPool:
                raise WorkerLostError("a process was killed from outside, or ran out of memory") from None


def _quietly(task: Callable[[Item], Outcome], item: Item, starter: int) -> Outcome:
    """Do an item in a process that leaves Ctrl-C to the one that started it, and ends when that one is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not any(thread.name == _WATCH for thread in threading.enumerate()):
        threading.Thread(target=_end_with, args=(starter,), name=_WATCH, daemon=True).start()
    return task(item)


_WATCH = "ends with the process that started this one"


def _end_with(starter: int) -> None:
    while os.getppid() == starter:
        time.sleep(0.5)
    os._exit(1)
