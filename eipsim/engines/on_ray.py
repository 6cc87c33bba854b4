"""On a Ray cluster, or on Ray in this computer: workers send back what they made, so they need no common disk."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from ..errors import ConfigError
from .base import Compute, Item, Outcome, WorkerLostError

WAITING_PER_CPU = 2
"""Items handed over for each CPU: one at work, one ready."""


KNOCK_S = 10.0
"""Until an address counts as one where nobody answers [s]."""


class OnRay:
    """Does items as Ray tasks of one CPU each, so that no node has more workers than cores."""

    shares_folder = False

    def __init__(self, compute: Compute, folder: Path):
        del folder
        self.workers, self.address = compute.workers, compute.options.get("address")
        self.workers_here = compute.workers_here

    def each(self, task: Callable[[Item], Outcome], items: Iterable[Item]) -> Iterator[Outcome]:
        """Yield what the task returns, in the order in which items are done.

        Raises
        ------
        ConfigError
            If Ray is not installed, or no cluster answers at the address.
        WorkerLostError
            If a worker or its node is gone.
        """
        ray = self._ray()
        try:
            yield from self._each(ray, task, items)
        finally:
            ray.shutdown()

    def _ray(self) -> Any:
        """Return the library, connected."""
        try:
            import ray
        except ImportError:
            raise ConfigError("compute.engine = 'ray': Ray is not installed: pip install 'eipsim[cluster]'") from None
        if self.address is not None:
            self._knock(self.address)
        settings: dict[str, Any] = {"address": self.address or "local", "log_to_driver": False, "logging_level": logging.ERROR}
        if self.address is None:
            settings |= {"num_cpus": self.workers_here, "include_dashboard": False}
        try:
            ray.init(**settings)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise self._no_answer(str(error).strip().splitlines()[0]) from None
        return ray

    def _knock(self, address: str) -> None:
        """Try whether anybody answers, which Ray would do for minutes."""
        host, _, port = address.removeprefix("ray://").rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=KNOCK_S).close()
        except (OSError, ValueError) as error:
            raise self._no_answer(str(error)) from None

    def _no_answer(self, reason: str) -> ConfigError:
        return ConfigError(
            f"compute.address = {self.address!r}: no Ray cluster answers ({reason}): start one with `ray start --head`, or "
            "leave the address out"
        )

    def _each(self, ray: Any, task: Callable[[Item], Outcome], items: Iterable[Item]) -> Iterator[Outcome]:
        remote = ray.remote(num_cpus=1, max_retries=0)(task_of_ray)
        shared = ray.put(task)
        at_once = self.workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        queue = iter(items)
        flying = [remote.remote(shared, item) for item in islice(queue, at_once if self.workers else WAITING_PER_CPU * at_once)]
        while flying:
            done, flying = ray.wait(flying)
            flying += [remote.remote(shared, item) for item in islice(queue, len(done))]
            for one in done:
                try:
                    yield ray.get(one)
                except ray.exceptions.RayTaskError:
                    raise
                except ray.exceptions.RayError as error:
                    reason = str(error).strip().splitlines()[0]
                    raise WorkerLostError(f"a worker of the Ray cluster is gone ({reason})") from None


def task_of_ray(task: Callable[[Item], Outcome], item: Item) -> Outcome:
    """Do an item in a worker of Ray."""
    return task(item)
