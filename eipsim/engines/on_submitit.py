"""As jobs of Slurm, or as separate processes of this computer that are started in the same way, through submitit."""

from __future__ import annotations

import logging
import subprocess
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

QUEUE_S = 10.0
"""Between two questions to Slurm which jobs it still has [s]."""


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
        logging.getLogger("submitit").setLevel(logging.ERROR)
        try:
            executor = submitit.AutoExecutor(folder=self.folder / "%j", cluster=self.cluster)
            executor.update_parameters(**({"name": "eipsim", "cpus_per_task": 1, "timeout_min": 60} | self.options))
        except (RuntimeError, NameError, TypeError) as error:
            raise ConfigError(f"compute.engine = 'submitit_{self.cluster}': {str(error).strip()}") from None
        return executor

    def _answers(self, jobs: Sequence[Any]) -> Iterator[Any]:
        waiting, left, asked = list(jobs), set[str](), time.monotonic()
        while waiting:
            ended = [job for job in waiting if job.done()]
            waiting = [job for job in waiting if job not in ended]
            for job in ended:
                if error := job.exception():
                    reason = next((line.strip() for line in reversed(str(error).splitlines()) if line.strip(" -")), "no reason")
                    raise WorkerLostError(f"job {job.job_id} ended without an answer ({reason}); its log: {job.paths.stderr}")
                yield from job.result()
            if waiting and self.cluster == "slurm" and time.monotonic() > asked + QUEUE_S:
                before, left, asked = left, out_of_queue([job.job_id for job in waiting]), time.monotonic()
                if gone := [job for job in waiting if job.job_id in before & left and not job.paths.result_pickle.exists()]:
                    raise WorkerLostError(
                        f"job {gone[0].job_id} has left the queue without an answer; its log: {gone[0].paths.stderr}"
                    )
            if waiting and not ended:
                time.sleep(POLL_S)


def out_of_queue(jobs: Sequence[str]) -> set[str]:
    """Return which jobs ``<id>_<place in the array>`` Slurm has no longer; none if it does not answer.

    Needs no accounting, on which submitit relies: without it a job that was killed would be waited for without end.
    """
    arrays = ",".join(sorted({job.partition("_")[0] for job in jobs}))
    command = ["squeue", "--noheader", "--array", "--format=%i", f"--jobs={arrays}"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return set()
    if said.returncode and "Invalid job id" not in said.stderr:
        return set()
    return set(jobs) - set(said.stdout.split())


def share_of_jobs(task: Callable[[Item], Outcome], items: Sequence[Item]) -> list[Outcome]:
    """Do the share of one job."""
    return [task(item) for item in items]
