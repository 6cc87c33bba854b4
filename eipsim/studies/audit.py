"""Audits published figures: which can follow from each other, with which factor of which year, and which can't."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from ..readers.claim_table import ClaimSet, read_claim_sets
from ..readers.price_ranges import PriceRanges, read_price_ranges
from ..summary import Table, number
from .audit_checks import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS,
    ONLY_IF,
    Finding,
    capital_finding,
    carbon_finding,
    carbon_price_finding,
    fitting_years,
    money_finding,
)
from .audit_sets import part_findings, rest_findings, time_findings

UNCHECKED = "nothing to check"
ORDER = (IMPOSSIBLE, ONLY_IF, NEEDS, CONSISTENT, UNCHECKED)
"""Verdicts, the gravest first."""


class AuditRow(NamedTuple):
    """What one set of figures implies; None where it does not say enough.

    Parameters
    ----------
    set, verdict : str
        Park, scope and date; the gravest of its findings.
    tco2_per_mwh : float or None
        CO2 less that of named fuels, over electricity [t/MWh].
    vnd_per_kwh : float or None
        All money over electricity [VND/kWh].
    vnd_per_kgco2 : float or None
        Money over CO2 [VND/kg].
    payback_yr : float or None
        What was invested over what is saved [yr].
    tco2_per_unit, money_vnd_per_unit : float or None
        Over the measures or firms that the scope counts [t/yr, VND/yr].
    """

    set: str
    verdict: str
    tco2_per_mwh: float | None
    vnd_per_kwh: float | None
    vnd_per_kgco2: float | None
    payback_yr: float | None
    tco2_per_unit: float | None
    money_vnd_per_unit: float | None


class Audit(NamedTuple):
    """Everything that an audit found.

    Parameters
    ----------
    rows : tuple of AuditRow
        One per set, in the order of the file.
    findings : tuple of Finding
        In the order of the sets.
    reference_year : int
        Year of the grid factor that most sets need, with which the others are judged.
    """

    rows: tuple[AuditRow, ...]
    findings: tuple[Finding, ...]
    reference_year: int


def audit(path: Path | None = None) -> Audit:
    """Audit a table of published figures.

    Parameters
    ----------
    path : Path, optional
        See `readers.claim_table.read_claim_sets`; by default the packaged figures of the reference park and its programme.

    Returns
    -------
    Audit
        What each set implies, and what speaks for and against it.

    Raises
    ------
    DataError
        With everything that is wrong in the table.

    Notes
    -----
    Each figure is an interval of half its last printed digit. Prices are those in force in the two years before the
    date of a figure. A verdict is about arithmetic: that figures are consistent does not say that they were measured.
    """
    return audited(read_claim_sets(path), read_price_ranges())


def audited(sets: Sequence[ClaimSet], prices: PriceRanges) -> Audit:
    """Audit sets of figures with given prices and factors; see `audit`."""
    year = _reference_year(sets, prices)
    findings: list[Finding] = []
    for one in sets:
        for check in (carbon_finding, money_finding, capital_finding):
            findings += check(one, prices)
        findings += carbon_price_finding(one, prices, year)
    findings += [*rest_findings(sets, prices, year), *time_findings(sets), *part_findings(sets)]
    place = {one.label: k for k, one in enumerate(sets)}
    findings.sort(key=lambda finding: place[finding.set])
    return Audit(tuple(_row(one, findings, prices) for one in sets), tuple(findings), year)


def _reference_year(sets: Iterable[ClaimSet], prices: PriceRanges) -> int:
    """Return the year whose factor fits most sets, of equals the newest that does not lie after all of them."""
    fits = Counter(year for one in sets for year in fitting_years(one, prices))
    last = max((one.last_day.year for one in sets), default=max(prices.grid_tco2_per_mwh))
    known = [year for year in prices.grid_tco2_per_mwh if year <= last] or [min(prices.grid_tco2_per_mwh)]
    return max(known, key=lambda year: (fits[year], year))


def rank(verdict: str) -> int:
    """Return the place of a verdict, 0 for the gravest."""
    return ORDER.index(NEEDS) if verdict.startswith(NEEDS) else ORDER.index(verdict)


def _row(one: ClaimSet, findings: Iterable[Finding], prices: PriceRanges) -> AuditRow:
    found = {role: amount.value for role, amount in one.amounts.items()}
    carbon, money, electricity = found.get("carbon"), found.get("money"), found.get("electricity")
    lpg_t = found.get("lpg", 0.0)
    lpg = prices.fuels["lpg"]
    direct_t = lpg_t * lpg.ncv_gj_per_t * lpg.kgco2_per_gj / 1000.0
    units = one.counted[0] if one.counted else None
    verdicts = [finding.verdict for finding in findings if finding.set == one.label]
    return AuditRow(
        one.label,
        min(verdicts, key=rank, default=UNCHECKED),
        None if carbon is None or electricity is None else (carbon - direct_t) / electricity * 1000.0,
        _over(money, electricity),
        None if (each := _over(money, carbon)) is None else each / 1000.0,
        _over(found.get("capital"), money),
        _over(carbon, units),
        _over(money, units),
    )


def _over(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else part / whole


def audit_table(found: Audit) -> Table:
    """Return what each set implies as a table of text."""

    def cell(value: float | None, factor: float = 1.0) -> str:
        return "–" if value is None else number(factor * value)

    rows = [
        (
            row.set, row.verdict, cell(row.tco2_per_mwh), cell(row.vnd_per_kwh), cell(row.vnd_per_kgco2), cell(row.payback_yr),
            cell(row.tco2_per_unit), cell(row.money_vnd_per_unit, 1e-6),
        )
        for row in found.rows
    ]  # fmt: skip
    columns = ("figures", "verdict", "t/MWh", "VND/kWh", "VND/kg CO2", "payback yr", "t each", "M VND each")
    note = (
        "t/MWh without the CO2 of LPG that is named; VND/kWh of all money; each: per measure or firm of the scope. "
        f"Where no factor is implied that of {found.reference_year} is taken."
    )
    return Table("What published figures imply", columns, rows, note, 2)
