"""What the command line prints with: tables, lists of files, and mistakes without a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as RichTable

from .errors import EipsimError
from .progress import StoppedByUserError

if TYPE_CHECKING:
    from .summary import Table

MISTAKE, INTERRUPTED = 2, 130
"""Exit codes: something that the user can mend, and Ctrl-C."""

PLAIN_WIDTH = 160
"""Columns of what is written into a file or a pipe."""

WORDS_WIDTH = 24
"""Columns of the screen up to which words in a table are not folded."""


def console(*, error: bool = False, quiet: bool = False) -> Console:
    """Return where to write: coloured on a terminal, plain text of a fixed width elsewhere, nothing if quiet."""
    stream = sys.stderr if error else sys.stdout
    return Console(stderr=error, highlight=False, quiet=quiet, width=None if stream.isatty() else PLAIN_WIDTH)


def name_files(files: list[Path]) -> None:
    """Print which files were written."""
    out = console()
    out.print(f"\n{len(files)} files:")
    for path in files:
        out.print(f"  {path}", markup=False, soft_wrap=True)


def drawn(table: Table) -> RichTable:
    """Return a table as the terminal shows it: words to the left, numbers to the right."""
    shown = RichTable(
        title=f"\n{table.title}",
        title_justify="left",
        title_style="bold",
        caption=table.note or None,
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    for place, column in enumerate(table.columns):
        words = place < table.first_number
        widest = max((len(row[place]) for row in table.rows), default=0) if words else 0
        shown.add_column(
            escape(column), justify="left" if words else "right", overflow="fold", min_width=min(widest, WORDS_WIDTH)
        )
    for row in table.rows:
        shown.add_row(*(escape(cell) for cell in row))
    return shown


@contextmanager
def mistakes_told() -> Iterator[None]:
    """Print what the user can mend, without a traceback."""
    try:
        yield
    except StoppedByUserError as stop:
        console(error=True).print(str(stop), markup=False)
        raise typer.Exit(INTERRUPTED) from None
    except EipsimError as error:
        console(error=True).print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(MISTAKE) from None
    except KeyboardInterrupt:
        console(error=True).print("Stopped before anything was run.")
        raise typer.Exit(INTERRUPTED) from None
