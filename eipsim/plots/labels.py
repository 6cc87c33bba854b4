"""Words and numbers on figures, in English and Vietnamese."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from math import floor, isfinite, log10
from typing import Literal

from ..errors import DataError, nearest
from ..readers.tables import packaged, read_lines

Language = Literal["en", "vi"]

LANGUAGES: tuple[Language, ...] = ("en", "vi")


NO_BREAK = "\N{NO-BREAK SPACE}"


@cache
def _table() -> dict[str, dict[str, str]]:
    return {line.cells["key"]: line.cells for line in read_lines(packaged("labels.csv"))}


@dataclass(frozen=True)
class Labels:
    """The label table read in one language.

    Parameters
    ----------
    language : {"en", "vi"}
        Language of words and of decimal marks.

    Raises
    ------
    DataError
        If the language is not in the table, or a key is asked for that isn't.

    Examples
    --------
    >>> Labels("vi").number(36256.0)
    '36.256'
    >>> Labels("en").unit("GWh", hours=8760.0)
    'GWh/yr'
    """

    language: Language = "en"
    _known: dict[str, dict[str, str]] = field(default_factory=_table, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a language that the table doesn't have."""
        if self.language not in LANGUAGES:
            raise DataError(f"language = {self.language!r}: must be one of en, vi")

    def text(self, key: str, **values: str) -> str:
        """Return the text of a key with its places filled in; ``~`` in the table is a space that never breaks a line."""
        if key not in self._known:
            raise DataError(f"labels.csv has no key {key!r}: {nearest(key, self._known)}")
        return self._known[key][self.language].replace("~", NO_BREAK).format(**values)

    def name(self, family: str, word: str) -> str:
        """Return how a word of a family is called, or the word itself with spaces: users may name things of their own."""
        key = f"{family}.{word}"
        return self.text(key) if key in self._known else word.replace("_", " ")

    def number(self, value: float, decimals: int | None = None) -> str:
        """Write a number with the marks of the language.

        Parameters
        ----------
        value : float
            The number [any unit].
        decimals : int, optional
            Digits behind the decimal mark; without it three digits in all, and never fewer than those before the mark.
        """
        if not isfinite(value):
            return "–"
        if decimals is None:
            decimals = three_digits(value)
        written = f"{value:,.{decimals}f}"
        if float(written.replace(",", "")) == 0:
            written = written.replace("-", "")
        written = written.replace("-", "−")
        return written.translate(str.maketrans(",.", ".,")) if self.language == "vi" else written

    def percent(self, frac: float, decimals: int | None = None) -> str:
        """Write a fraction as a percentage, with one decimal below 10 %."""
        if decimals is None:
            decimals = 1 if abs(frac) < 0.0995 else 0
        return f"{self.number(100 * frac, decimals)}{NO_BREAK}%"

    def signed_percent(self, frac: float) -> str:
        """Write a fraction as a percentage with its sign."""
        return f"+{self.percent(frac)}" if frac > 0 else self.percent(frac)

    def quantity(self, value: float, unit: str, decimals: int | None = None) -> str:
        """Write a number and its unit so that no line break parts them."""
        return f"{self.number(value, decimals)} {self.unit(unit)}".replace(" ", NO_BREAK)

    def weekday(self, day: date, *, short: bool = False) -> str:
        """Return the name of a day of the week."""
        return self.text(f"{'day' if short else 'weekday'}.{day.weekday()}")

    def day_month(self, day: date) -> str:
        """Write a date without its year."""
        return f"{day.day}/{day.month}" if self.language == "vi" else f"{day.day}{NO_BREAK}{self.month(day.month)}"

    def full_date(self, day: date) -> str:
        """Write a date with its year."""
        return f"{day.day}/{day.month}/{day.year}" if self.language == "vi" else f"{self.day_month(day)}{NO_BREAK}{day.year}"

    def month(self, number: int) -> str:
        """Return the short name of a month, 1 to 12."""
        return self.text(f"month.{number}")

    def unit(self, unit: str, *, hours: float | None = None) -> str:
        """Return how a unit is written, and if hours are given, per year or in so many hours."""
        return self.text(f"unit.{unit}") + ("" if hours is None else self.span("span.unit_", hours))

    def span(self, family: str, hours: float) -> str:
        """Return how a stretch of time is called: a year, or so many hours."""
        if is_year(hours):
            return self.text(f"{family}year")
        return self.text(f"{family}hours", hours=self.number(hours, 0))

    def source(self, *, replications: int = 1, interval: bool = False, published: bool = False) -> str:
        """Return the line that says where a slide comes from, and that no row describes a real firm."""
        counted = "source.replications" if replications > 1 else "source.one_replication"
        parts = [self.text("source.simulated"), self.text(counted, count=str(replications))]
        parts += [self.text(key) for key, told in (("source.interval", interval), ("source.published", published)) if told]
        return " ".join([*parts, self.text("source.synthetic")])


def three_digits(*values: float) -> int:
    """Return with how many decimals the greatest of the values has three digits, at most 6."""
    greatest = max((abs(value) for value in values if isfinite(value)), default=0.0)
    return 0 if greatest == 0 else min(max(2 - floor(log10(greatest)), 0), 6)


def is_year(hours: float) -> bool:
    """Whether a stretch of time is a year, leap or not."""
    return hours in {8760.0, 8784.0}
