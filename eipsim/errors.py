"""What eipsim says when it can't go on: every problem at once, each with place, value, range and remedy."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from types import TracebackType


class EipsimError(ValueError):
    """Any mistake that a user can mend; the command line prints it without a traceback."""


class ConfigError(EipsimError):
    """A configuration or an override is not usable."""


class ParkError(EipsimError):
    """A park can't be assembled or can't close its balances."""


class DataError(EipsimError):
    """A table or a file has something wrong in it."""


class CatalogueError(EipsimError):
    """A row of a measure catalogue can't be applied."""


class ResultsError(EipsimError):
    """A result can't be written, read or reproduced."""


class StorageError(ResultsError):
    """The folder of results can't be written: it is full, forbidden or no folder."""


class FlowLoopError(ParkError):
    """Two buses each wait for the other's dispatch."""


class ChatterError(EipsimError):
    """Components wake each other at one instant without end."""


class ShortageError(EipsimError):
    """No consistent set of served fractions was found."""


def nearest(name: str, valid: Iterable[str]) -> str:
    """Say which valid name is meant, or list the first valid ones.

    Parameters
    ----------
    name : str
        What was written.
    valid : iterable of str
        What could have been written.

    Returns
    -------
    str
        A clause for the end of a message.

    Examples
    --------
    >>> nearest("electrcity", ["electricity", "water"])
    "did you mean 'electricity'?"
    """
    names = sorted(valid)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    return "known: " + ", ".join(names[:12]) + (", …" if len(names) > 12 else "")


class Problems:
    """A list of problems that becomes one error.

    Used as a context manager it raises at the end of the block if anything was added.

    Parameters
    ----------
    where : str
        What is examined, for example ``Park "amata"``.
    error : type of EipsimError
        The class to raise.
    shown : int or None
        How many are told one by one, of a file that may have as many as lines; None for all.

    Examples
    --------
    >>> with Problems('Park "toy"', ParkError) as problems:
    ...     problems.add("factory_1.leak_frac", "= 1.4: must be between 0 and 1")
    Traceback (most recent call last):
    ...
    eipsim.errors.ParkError: Park "toy" has 1 problem:
      factory_1.leak_frac = 1.4: must be between 0 and 1
    """

    def __init__(self, where: str, error: type[EipsimError], shown: int | None = None):
        self.where, self.error, self.shown, self.lines = where, error, shown, list[str]()

    def add(self, place: str, message: str) -> None:
        """Note one problem at a place."""
        self.lines.append(f"{place} {message}")

    def raise_if_any(self) -> None:
        """Raise the error with all lines, if there are any."""
        if self.lines:
            count = f"{len(self.lines)} problem{'s' if len(self.lines) > 1 else ''}"
            told, more = self.lines[: self.shown], len(self.lines[self.shown :]) if self.shown else 0
            rest = [f"and {more:,} more, the last: {self.lines[-1]}"] if more else []
            raise self.error(f"{self.where} has {count}:\n  " + "\n  ".join([*told, *rest]))

    def __enter__(self) -> Problems:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self.raise_if_any()
