"""One table over the variants of a sweep: what was swept, and the mean of each KPI with its saving."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from .fingerprint import digest
from .questions import Standing, swept_columns
from .results import Results
from .store import csv_bytes, parquet_bytes
from .store.folders import write_folder
from .summary import Table, amount, shown_unit, values_by_scenario

SHOWN_KPIS = (
    "electricity_park_kwh", "peak_park_kw", "solar_kwh", "curtailed_kwh", "co2_park_t", "money_park_vnd",
    "electricity_assessed_kwh", "co2_assessed_t", "money_assessed_vnd", "lost_production_assessed_h",
)  # fmt: skip
"""What the printed table shows; the file has all KPIs."""

COLUMNS = ("scenario", "kpi", "unit", "mean", "saving", "low", "high", "replications")


class ComparisonRow(NamedTuple):
    """One KPI of one scenario of one variant.

    Parameters
    ----------
    swept : mapping of str to object
        Value of each swept key, by column.
    scenario, kpi, unit : str
        What.
    mean : float
        Over replications [unit].
    saving, low, high : float or None
        Against the baseline of the same variant, with its 95 % interval (chance only, inputs fixed) [unit]; None for the
        baseline itself.
    replications : int
        How many.
    """

    swept: Mapping[str, Any]
    scenario: str
    kpi: str
    unit: str
    mean: float
    saving: float | None
    low: float | None
    high: float | None
    replications: int


def comparison_rows(done: Sequence[Results]) -> list[ComparisonRow]:
    """Return all KPIs of all scenarios of the variants of a sweep, in their order."""
    columns = swept_columns([Standing(one.experiment, dict(one.manifest)) for one in done])
    rows = []
    for one in done:
        swept = {column: one.manifest["swept"].get(key) for column, key in columns.items()}
        units = {row.kpi: row.unit for row in one.kpis}
        savings = {(row.scenario, row.kpi): row for row in one.savings}
        for (scenario, kpi), values in values_by_scenario(one).items():
            saved = savings.get((scenario, kpi))
            saving, low, high = (saved.saving, saved.low, saved.high) if saved else (None, None, None)
            rows.append(ComparisonRow(swept, scenario, kpi, units[kpi], fmean(values), saving, low, high, len(values)))
    return rows


def comparison_table(rows: Sequence[ComparisonRow]) -> Table:
    """Return what is printed: one line per variant and scenario, the means of some KPIs."""
    names = list(dict.fromkeys(column for row in rows for column in row.swept))
    kpis = [kpi for kpi in SHOWN_KPIS if any(row.kpi == kpi for row in rows)]
    means = {(*row.swept.values(), row.scenario, row.kpi): row for row in rows}
    heads, lines = [], []
    for kpi in kpis:
        unit = next(row.unit for row in rows if row.kpi == kpi)
        heads.append(f"{kpi.rsplit('_', 1)[0].replace('_', ' ')} [{shown_unit(unit)[1]}]")
    for key in dict.fromkeys((*row.swept.values(), row.scenario) for row in rows):
        cells = [means[(*key, kpi)] for kpi in kpis]
        lines.append((*map(str, key), *(amount(shown_unit(row.unit)[0] * row.mean) for row in cells)))
    note = "Means over replications; comparison.csv has all KPIs, and savings with their intervals."
    return Table("The variants side by side", (*names, "scenario", *heads), lines, note, len(names) + 1)


def write_comparison(folder: Path, done: Sequence[Results], rows: Sequence[ComparisonRow]) -> list[Path]:
    """Write the table over the variants as CSV and Parquet, with a manifest that names them; return the files.

    It stands in ``<experiment>,by <columns>``; one of other variants moves aside.
    """
    names = list(dict.fromkeys(column for row in rows for column in row.swept))
    experiment = str(done[0].manifest.get("config", {}).get("experiment", {}).get("name", done[0].experiment))
    variants = {one.experiment: one.manifest["hash"] for one in done}
    manifest = {"experiment": experiment, "columns": names, "variants": variants, "hash": digest(variants)}
    cells = [(*row.swept.values(), *row[1:]) for row in rows]
    columns = {name: [row[k] for row in cells] for k, name in enumerate((*names, *COLUMNS))}
    files = {
        "comparison.csv": csv_bytes(cells, (*names, *COLUMNS)),
        "comparison.parquet": parquet_bytes({name: _of_one_kind(values) for name, values in columns.items()}),
        "manifest.json": (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode(),
    }
    return write_folder(folder, f"{experiment},by {' '.join(names)}", files)


def _of_one_kind(values: Sequence[Any]) -> Sequence[Any]:
    """Return numbers as they are, anything mixed as text."""
    plain = all(value is None or isinstance(value, int | float) for value in values)
    return values if plain else [None if value is None else str(value) for value in values]
