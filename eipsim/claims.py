"""Published figures beside simulated ones: what was calibrated, what follows, what is not simulated yet."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from .errors import DataError, Problems
from .readers.tables import packaged, parse_number, read_lines

REALISED, CATALOGUE = "realised", "catalogue"
"""Bases: what meters have shown, and the sum of what the rows of a catalogue promise."""

PROVENANCES = ("input", "calibrated", "derived", "reproduced", "audited", "assumed", "context")


class PublishedClaim(NamedTuple):
    """One published figure.

    Parameters
    ----------
    claim : str
        Its name.
    source, date, park, scope, quantity : str
        Where and when it was printed, and what it is about.
    published : float
        The figure as printed [unit].
    unit : str
        Unit of the figure.
    basis : str
        ``realised`` or ``catalogue``; empty for figures that are no savings.
    boundary : str
        Whose meters and bills.
    rounding_half_width : float
        Half the last printed digit [unit]; nan where the rounding is not known.
    provenance : str
        One of `PROVENANCES`.
    """

    claim: str
    source: str
    date: str
    park: str
    scope: str
    quantity: str
    published: float
    unit: str
    basis: str
    boundary: str
    rounding_half_width: float
    provenance: str


class ClaimRow(NamedTuple):
    """One row of ``claims.csv``; what is not known is nan.

    Parameters
    ----------
    reproduced : float
        Our value on the claim's own basis: for ``realised`` the simulated saving, for ``catalogue`` the sum of the rows'
        desk figures, for counts the count [unit].
    difference_frac : float
        reproduced / published − 1.
    simulated, low, high : float
        What the meters show, with its 95 % interval (chance only, inputs fixed) [unit].
    left_out_low, left_out_high : float
        What the other claims predict for this one; empty if no ensemble stands in the same folder [unit].
    """

    claim: str
    basis: str
    boundary: str
    quantity: str
    unit: str
    published: float
    rounding_half_width: float
    reproduced: float
    difference_frac: float
    simulated: float
    low: float
    high: float
    left_out_low: float
    left_out_high: float
    provenance: str


class Shown(NamedTuple):
    """What a scenario saves of one KPI [unit of the KPI]: desk figures summed, and what the meters show."""

    naive_sum: float
    saving: float
    low: float
    high: float


class Simulated(NamedTuple):
    """Where a claim is found in the savings table: scenario, KPI, and what one unit of the KPI is in the claim's unit."""

    scenario: str
    kpi: str
    factor: float


SIMULATED: dict[str, Simulated] = {
    "amata_60_money": Simulated("implemented_60", "money_assessed_vnd", 1e-6),
    "amata_60_electricity": Simulated("implemented_60", "electricity_assessed_kwh", 1.0),
    "amata_60_lpg": Simulated("implemented_60", "lpg_assessed_t", 1.0),
    "amata_60_water": Simulated("implemented_60", "water_assessed_m3", 1.0),
    "amata_60_co2": Simulated("implemented_60", "co2_assessed_t", 1.0),
    "amata_159_co2": Simulated("all_159", "co2_assessed_t", 1.0),
    "amata_159_money": Simulated("all_159", "money_assessed_vnd", 1e-6),
}
"""The figures of the assessed factories that a simulation answers."""

COUNTED = ("amata_enterprises", "amata_factories_assessed", "amata_measures_found", "amata_measures_implemented")
"""The figures that are reproduced by counting."""


def published_claims(path: Path | None = None) -> tuple[PublishedClaim, ...]:
    """Read the published figures.

    Parameters
    ----------
    path : Path, optional
        A table with the columns of the packaged one, which is the default.

    Raises
    ------
    DataError
        If a figure is no number, a name comes twice, or basis or provenance are not in the vocabulary.
    """
    path = path or packaged("published_claims.csv")
    claims: dict[str, PublishedClaim] = {}
    with Problems(path.name, DataError) as problems:
        for line in read_lines(path):
            where, cells = f"line {line.number}", line.cells
            if missing := [c for c in (*PublishedClaim._fields, "value") if c not in cells and c != "published"]:
                problems.add("header", f"lacks column {', '.join(missing)}")
                break
            numbers = {}
            for column in ("value", "rounding_half_width"):
                try:
                    numbers[column] = parse_number(cells[column]) if cells[column] else math.nan
                except ValueError:
                    problems.add(f"{where}, {column}", f"= {cells[column]!r}: must be a number with a decimal point")
            if cells["claim"] in claims:
                problems.add(f"{where}, claim", f"= {cells['claim']!r}: is there twice")
            if cells["basis"] not in {"", REALISED, CATALOGUE}:
                problems.add(f"{where}, basis", f"= {cells['basis']!r}: must be {REALISED}, {CATALOGUE} or empty")
            if cells["provenance"] not in PROVENANCES:
                problems.add(f"{where}, provenance", f"= {cells['provenance']!r}: must be one of {', '.join(PROVENANCES)}")
            if len(numbers) == 2:
                named = {c: cells[c] for c in PublishedClaim._fields if c not in {"published", "rounding_half_width"}}
                claims[cells["claim"]] = PublishedClaim(
                    **named, published=numbers["value"], rounding_half_width=numbers["rounding_half_width"]
                )
    return tuple(claims.values())


def claims_table(
    claims: Iterable[PublishedClaim],
    shown: Mapping[tuple[str, str], Shown],
    counts: Mapping[str, float],
    *,
    reversed_basis: bool = False,
    left_out: Mapping[str, tuple[float, float]] | None = None,
) -> list[ClaimRow]:
    """Put a simulated figure beside each published one.

    Parameters
    ----------
    claims : iterable of PublishedClaim
        In the order of the rows.
    shown : mapping of (scenario, KPI) to Shown
        What an experiment found.
    counts : mapping of str to float
        By claim, what was counted in the park and its programmes.
    reversed_basis : bool
        Whether the calibration read each figure on the other basis than the source's wording says: then that is
        what ``reproduced`` is on, and what the column ``basis`` says.
    left_out : mapping of str to (float, float), optional
        By claim, the interval that the others predict while it is left out [unit].

    Returns
    -------
    list of ClaimRow
        Claims that nothing here answers have no ``reproduced``: they are not simulated yet.
    """
    rows, predicted, unknown = [], left_out or {}, (math.nan, math.nan)
    for claim in claims:
        basis = {REALISED: CATALOGUE, CATALOGUE: REALISED}.get(claim.basis, "") if reversed_basis else claim.basis
        reproduced = simulated = low = high = math.nan
        link = SIMULATED.get(claim.claim)
        if link and (saving := shown.get((link.scenario, link.kpi))):
            simulated, low, high = (link.factor * x for x in (saving.saving, saving.low, saving.high))
            reproduced = link.factor * saving.naive_sum if basis == CATALOGUE else simulated
        elif claim.claim in counts:
            reproduced = simulated = float(counts[claim.claim])
        rows.append(
            ClaimRow(
                claim.claim, basis, claim.boundary, claim.quantity, claim.unit, claim.published, claim.rounding_half_width,
                reproduced, reproduced / claim.published - 1.0, simulated, low, high, *predicted.get(claim.claim, unknown),
                claim.provenance,
            )
        )  # fmt: skip
    return rows
