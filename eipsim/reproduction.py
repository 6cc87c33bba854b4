"""Compares the results of an experiment with those that were accepted, and names every difference."""

from __future__ import annotations

import math
from pathlib import Path

from .errors import ResultsError
from .results import FIGURES, RECORD, read_cells
from .store.stamps import unstamped

TOLERANCE_FRAC = 1e-6
"""Relative difference below which two numbers agree: what other platforms and libraries may differ by."""

NOTHING = 1e-9
"""Difference that no unit of a table can tell from rounding in a sum."""

NOT_COMPARED = ("left_out_low", "left_out_high")
"""Columns that come from an ensemble, if one stands in the same folder: it has its own seeds, and no record."""

_KEY_COLUMNS = {"claims": 1, "savings": 2}


def recorded_names(folder: Path = Path("results")) -> list[str]:
    """Return the experiments that have a record, sorted."""
    return sorted(path.name for path in (folder / RECORD).glob("*") if path.is_dir())


def differences(experiment: str, folder: Path = Path("results")) -> list[str]:
    """Return how the results of an experiment differ from its record, one sentence each; empty if they agree.

    Numbers agree within a millionth of themselves, or a billionth of the greatest number of their row; figures agree if
    their files do, but for the stamp of their origin.

    Raises
    ------
    ResultsError
        If there is no record, or no result.
    """
    source, record = folder / experiment, folder / RECORD / experiment
    if not record.is_dir():
        raise ResultsError(f"{record} holds no record: write it with `eipsim reproduce --accept`")
    if not source.is_dir():
        raise ResultsError(f"{source} holds no results: run `eipsim run experiment={experiment}`")
    found = []
    for name in sorted(path.stem for path in record.glob("*.csv")):
        found += _table_differences(name, read_cells(record / f"{name}.csv"), read_cells(source / f"{name}.csv"))
    old, new = (
        {p.name: unstamped(p.read_bytes(), p.name) for p in sorted((where / FIGURES).glob("*"))} for where in (record, source)
    )
    found += [f"{FIGURES}/{name}: recorded, and not drawn now" for name in old if name not in new]
    found += [f"{FIGURES}/{name}: drawn now, and not recorded" for name in new if name not in old]
    return found + [f"{FIGURES}/{name}: drawn differently" for name in old if name in new and old[name] != new[name]]


def _table_differences(name: str, old: list[dict[str, str]], new: list[dict[str, str]]) -> list[str]:
    width = _KEY_COLUMNS.get(name) or _words(old)
    recorded, now = _by_key(old, width), _by_key(new, width)
    found = [f"{name}.csv, {k}: recorded, and missing now" for k in recorded if k not in now]
    found += [f"{name}.csv, {k}: new, and not recorded" for k in now if k not in recorded]
    for k in (k for k in recorded if k in now):
        scale = max((abs(x) for x in map(_number, recorded[k].values()) if x is not None and math.isfinite(x)), default=0.0)
        columns = [column for column in dict.fromkeys([*recorded[k], *now[k]]) if column not in NOT_COMPARED]
        for column in columns:
            one, other = recorded[k].get(column, ""), now[k].get(column, "")
            if not _agree(one, other, scale):
                found.append(f"{name}.csv, {k}, {column}: recorded {one or 'nothing'}, now {other or 'nothing'}")
    return found


def _words(rows: list[dict[str, str]]) -> int:
    """Return how many columns stand before the first that holds numbers in every row: they name the row."""
    columns = list(rows[0]) if rows else []
    return next((k for k, column in enumerate(columns) if all(_number(row[column]) is not None for row in rows)), len(columns))


def _by_key(rows: list[dict[str, str]], width: int) -> dict[str, dict[str, str]]:
    """Return rows by what names them; those that are named alike are counted."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        key = " ".join(list(row.values())[:width])
        again = next(text for k in range(1, len(rows) + 2) if (text := key if k == 1 else f"{key} ({k})") not in found)
        found[again] = row
    return found


def _agree(one: str, other: str, scale: float) -> bool:
    a, b = _number(one), _number(other)
    if a is None or b is None:
        return one == other
    return abs(a - b) <= max(TOLERANCE_FRAC * max(abs(a), abs(b), 1e-3 * scale), NOTHING)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
