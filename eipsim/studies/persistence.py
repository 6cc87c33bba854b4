"""What is left of a measure with the years: its own decay and failure at first, or the usual ones of its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..errors import CatalogueError
from ..measures import Measure
from ..readers.measure_persistence_table import MeasurePersistence, read_measure_persistence

LASTING = MeasurePersistence("", 0.0, 0.0, 0.0)
"""What neither decays nor fails, and is installed in no time."""


def persistence_of(measure: Measure, table: Mapping[str, MeasurePersistence] | None = None) -> MeasurePersistence:
    """Return downtime, decay and failure of one measure: what its row says goes before what is usual for its type.

    Parameters
    ----------
    measure : Measure
        A row; a downtime of 0 h means the usual one.
    table : mapping of str to MeasurePersistence, optional
        By type; by default the packaged one.

    Raises
    ------
    CatalogueError
        If the table has no line for its type.
    """
    usual = (read_measure_persistence() if table is None else table).get(measure.kind)
    if usual is None:
        raise CatalogueError(
            f"row {measure.id}, column type = {measure.kind!r}: is not in measure_persistence.csv; add its line"
        )
    decay, failure = measure.decay_frac_per_yr, measure.commissioning_failure_frac
    return replace(
        usual,
        installation_downtime_h=measure.installation_downtime_h or usual.installation_downtime_h,
        decay_frac_per_yr=usual.decay_frac_per_yr if decay is None else decay,
        commissioning_failure_frac=usual.commissioning_failure_frac if failure is None else failure,
    )


def left_frac(kept: MeasurePersistence, year: int) -> float:
    """Return what a measure is expected to do in its first, second, … year, over what it does when it works and is new [1].

    (1 − d)^(year − 1), of which the first year lacks the share that fails at first: it is mended after a year.
    """
    begun = 1.0 - kept.commissioning_failure_frac if year == 1 else 1.0
    return float(begun * (1.0 - kept.decay_frac_per_yr) ** (year - 1))
