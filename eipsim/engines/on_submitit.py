"""As jobs of Slurm, or as separate processes of this computer that are started in the same way, through submitit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ..errors import ConfigError
from .base import Compute, Item, Outcome, WorkerLostError

JOBS = "jobs"
"""Folder of scripts, pickles and logs of jobs inside ``results/``."""

POLL_S = 0.5
"""Between two looks at the jobs [s]."""


class OnSubmitit:
    """Deals items out to as many jobs as there are to be workers; each does its share one after another.

    Needs a folder of results that all nodes see.
    """

    shares_folder = True

    def __init__(self, compute: Compute, folder: Path):
        self.cluster = compute.engine.removeprefix("submitit_")
        self.workers = compute.workers_here if self.cluster == "local" else compute.workers or 1
        self.options, self.folder = dict(compute.options), folder / JOBS

    def each(self, task: Callable[[Item], Outcome], items: Iterable[Item]) -> Iterator[Outcome]:
        """Yield what the task returns, job by job as they end.

        Raises
        ------
        ConfigError
            If submitit is not installed, or Slurm is not there or takes no such job.
        WorkerLostError
            If a job ended without an answer.
        """
        executor = self._executor()
        everything = list(items)
        shares = [everything[k :: self.workers] for k in range(min(self.workers, len(everything)))]
        try:
            with executor.batch():
                jobs = [executor.submit(share_of_jobs, task, share) for share in shares]
        except (OSError, RuntimeError) as error:
            raise ConfigError(f"compute.engine = 'submitit_{self.cluster}': {str(error).strip()}") from None
        try:
            yield from self._answers(jobs)
        finally:
            for job in jobs:
                if not job.done():
                    job.cancel()

    def _executor(self) -> Any:
        try:
            import submitit
        except ImportError:
            raise ConfigError(
                f"compute.engine = 'submitit_{self.cluster}': submitit is not installed: pip install 'eipsim[cluster]'"
            ) from None
        try:
            executor = submitit.AutoExecutor(folder=self.folder / "%j", cluster=self.cluster)
            executor.update_parameters(**({"name": "eipsim", "cpus_per_task": 1, "timeout_min": 60} | self.options))
        except (RuntimeError, NameError, TypeError) as error:
            raise ConfigError(f"compute.engine = 'submitit_{self.cluster}': {str(error).strip()}") from None
        return executor

    def _answers(self, jobs: Sequence[Any]) -> Iterator[Any]:
        waiting = list(jobs)
        while waiting:
            ended = [job for job in waiting if job.done()]
            waiting = [job for job in waiting if job not in ended]
            for job in ended:
                if error := job.exception():
                    reason = next((line.strip() for line in reversed(str(error).splitlines()) if line.strip(" -")), "no reason")
                    raise WorkerLostError(f"job {job.job_id} ended without an answer ({reason}); its log: {job.paths.stderr}")
                yield from job.result()
            if waiting and not ended:
                time.sleep(POLL_S)


def share_of_jobs(task: Callable[[Item], Outcome], items: Sequence[Item]) -> list[Outcome]:
    """Do the share of one job."""
    return [task(item) for item in items]
