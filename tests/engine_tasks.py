"""Tasks for engines, in a module that their processes can import."""

import os
import signal
from pathlib import Path


def square(number: int) -> int:
    return number**2


def process(number: int) -> tuple[int, str]:
    return os.getpid(), os.environ.get("OMP_NUM_THREADS", "")


def die_once(path: str) -> str:
    """End this process at the first call with a path, as if from outside."""
    if path and not Path(path).exists():
        Path(path).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return path
