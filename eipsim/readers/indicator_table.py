"""Reads the indicators of eco-industrial parks, what somebody declares of them, and published scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import ConfigError, DataError, Problems, nearest
from .tables import packaged, parse_number, read_lines, read_table

COMPARISONS = ("declared", "at_least", "above", "at_most", "below")
"""How a value is held against its threshold; what is declared has none."""

MET, NOT_MET, NOT_APPLICABLE, NOT_REPORTED = "met", "not met", "not applicable", "not reported"
STATUSES = (MET, NOT_MET, NOT_APPLICABLE, NOT_REPORTED)
"""What an indicator can be."""


@dataclass(frozen=True)
class Indicator:
    """One indicator of a framework.

    Parameters
    ----------
    framework, code, pillar, kind, indicator, target : str
        Which one it is, and its target in words.
    compare : str
        One of `COMPARISONS`.
    threshold_ratio : float
        What it is held against: a share 0-1 or a count; 0 where it is declared [1].
    numerator, denominator : str
        KPIs, with blanks between those that are added; empty where it can't be computed.
    """

    framework: str
    code: str
    pillar: str
    kind: str
    indicator: str
    target: str
    compare: str
    threshold_ratio: float = 0.0
    numerator: str = ""
    denominator: str = ""

    def __post_init__(self) -> None:
        if self.compare not in COMPARISONS:
            raise ValueError(f"compare = {self.compare!r}: {nearest(self.compare, COMPARISONS)}")

    def holds(self, value: float) -> bool:
        """Say whether a value meets the threshold."""
        return {
            "at_least": value >= self.threshold_ratio,
            "above": value > self.threshold_ratio,
            "at_most": value <= self.threshold_ratio,
            "below": value < self.threshold_ratio,
        }[self.compare]


@dataclass(frozen=True)
class PublishedScore:
    """One published score: share of the applicable indicators that are met.

    Parameters
    ----------
    park, date : str
        Of what and when.
    score_frac, half_width_frac : float
        As printed, and how far it may be rounded, 0-1.
    met_count : int
        Indicators met, if printed; else 0.
    """

    park: str
    date: str
    score_frac: float
    half_width_frac: float
    met_count: int


def read_indicators(framework: str, path: Path | None = None) -> tuple[Indicator, ...]:
    """Read the indicators of a framework.

    Parameters
    ----------
    framework : str
        ``international_v1`` or ``viet_nam``, or another one of the table.
    path : Path, optional
        A table with the columns of the packaged one, which is the default: thresholds are data.

    Raises
    ------
    ConfigError
        If the table has no such framework.
    DataError
        If a cell is wrong.
    """
    rows = read_table(path or packaged("eip_indicators.csv"), Indicator)
    found = tuple(row for row in rows if row.framework == framework)
    if not found:
        raise ConfigError(f"framework {framework!r}: {nearest(framework, {row.framework for row in rows})}")
    return found


def read_declared(path: Path, indicators: Iterable[Indicator]) -> Mapping[str, str]:
    """Read what is declared of indicators: their status, or a value that is held against the threshold.

    Parameters
    ----------
    path : Path
        A table with the columns code, status and value; one of the two is given in each line.
    indicators : iterable of Indicator
        The framework.

    Returns
    -------
    mapping of str to str
        Status by code.

    Raises
    ------
    DataError
        With every wrong cell by line and column, and the nearest name.
    """
    known = {one.code: one for one in indicators}
    found: dict[str, str] = {}
    with Problems(path.name, DataError) as problems:
        for line in read_lines(path):
            if missing := [name for name in ("code", "status", "value") if name not in line.cells]:
                problems.add("header", f"has no column {', '.join(missing)}")
                break
            code, status, text = (line.cells[name] for name in ("code", "status", "value"))
            where = f"line {line.number}, column"
            one = known.get(code)
            if one is None:
                problems.add(f"{where} 'code'", f"= {code!r}: {nearest(code, known)}")
            elif code in found:
                problems.add(f"{where} 'code'", f"= {code!r}: is there twice")
            elif bool(status) == bool(text):
                problems.add(f"line {line.number}", "must have either a status or a value")
            elif status and status not in STATUSES:
                problems.add(f"{where} 'status'", f"= {status!r}: {nearest(status, STATUSES)}")
            elif status:
                found[code] = status
            elif one.compare == "declared":
                problems.add(f"{where} 'value'", f"= {text!r}: {code} has no threshold; write a status")
            else:
                try:
                    found[code] = MET if one.holds(parse_number(text)) else NOT_MET
                except ValueError:
                    problems.add(f"{where} 'value'", f"= {text!r}: must be a share from 0 to 1 or a count")
    return found


def read_score_path() -> tuple[PublishedScore, ...]:
    """Read the published scores of the reference park and its sister parks."""
    return read_table(packaged("eip_score_path.csv"), PublishedScore)
