"""What is told while runs are done: a bar, a line for each tenth, a line for each run, or JSON for a cluster's log."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from .errors import EipsimError


class Loudness(StrEnum):
    """How much is told."""

    QUIET = "quiet"
    USUAL = "usual"
    VERBOSE = "verbose"
    JSON = "json"


class StoppedByUserError(EipsimError):
    """Ctrl-C, after what is kept has been told."""


@contextmanager
def telling(out: Console, loudness: Loudness) -> Iterator[None]:
    """Send the log of runs to the console: warnings always, one line per run if verbose, JSON lines if asked for."""
    log = logging.getLogger("eipsim")
    handler = _JsonLines() if loudness is Loudness.JSON else _Lines(out)
    before = log.level, log.propagate
    log.setLevel(logging.INFO if loudness in (Loudness.VERBOSE, Loudness.JSON) else logging.WARNING)
    log.propagate = False
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.level, log.propagate = before


class _Lines(logging.Handler):
    def __init__(self, out: Console) -> None:
        super().__init__()
        self.out = out

    def emit(self, record: logging.LogRecord) -> None:
        """Print a line above the bar."""
        self.out.print(record.getMessage(), markup=False, soft_wrap=True)


class _JsonLines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        """Write one line of JSON to stderr."""
        line = {"level": record.levelname.lower(), "message": record.getMessage()} | getattr(record, "run", {})
        sys.stderr.write(json.dumps(line) + "\n")
        sys.stderr.flush()


@contextmanager
def progress(name: str, out: Console, loudness: Loudness) -> Iterator[Callable[[int, int, str], None]]:
    """Give a function to call after each run: a bar with the time left on a terminal, a line for each tenth elsewhere.

    Raises
    ------
    StoppedByUserError
        After Ctrl-C, with how much is kept.
    """
    so_far = [0, 0]
    lines = loudness is Loudness.USUAL and not out.is_terminal
    bar = Progress(
        TextColumn(name),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
        console=out,
        transient=True,
        disable=not out.is_terminal or loudness in (Loudness.QUIET, Loudness.JSON),
    )
    with bar:
        task = bar.add_task("preparing", total=None)

        def on_done(done: int, total: int, label: str) -> None:
            before = so_far[0]
            so_far[:] = [done, total]
            bar.update(task, completed=done, total=total, description=label)
            if lines and (10 * done) // total > (10 * before) // total:
                out.print(f"{name}: {done} of {total} runs done", markup=False)

        try:
            yield on_done
        except KeyboardInterrupt:
            bar.stop()
            done, total = so_far
            kept = f"{done} of {total} runs are kept" if total else "nothing had been run"
            raise StoppedByUserError(f"Stopped: {kept}. The same command goes on from there.") from None
