"""Where units of work are done: in this process, in processes of this computer, on a Ray cluster, under Slurm."""

from collections.abc import Callable
from pathlib import Path

from .base import Compute, Engine, WorkerLostError
from .here import Here
from .on_joblib import OnJoblib
from .on_ray import OnRay
from .on_submitit import OnSubmitit

ENGINES: dict[str, Callable[[Compute, Path], Engine]] = {
    "here": Here,
    "joblib": OnJoblib,
    "ray": OnRay,
    "submitit_local": OnSubmitit,
    "submitit_slurm": OnSubmitit,
}
"""By the name that ``compute.engine`` gives."""

__all__ = ["ENGINES", "Compute", "Engine", "Here", "OnJoblib", "OnRay", "OnSubmitit", "WorkerLostError"]
