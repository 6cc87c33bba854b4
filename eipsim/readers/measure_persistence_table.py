"""Reads how long lines stand still for a type of measure, how it decays, and how often it fails at first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .tables import by_type, packaged, read_table


@dataclass(frozen=True)
class MeasurePersistence:
    """What becomes of one type of measure.

    Parameters
    ----------
    type : str
        The type.
    installation_downtime_h : float
        Hours for which all lines of the factory stand still while it is installed [h].
    decay_frac_per_yr : float
        Share of its size that it loses each year, 0-1.
    commissioning_failure_frac : float
        Share of installations that do nothing until they are mended, 0-1.
    """

    type: str
    installation_downtime_h: float
    decay_frac_per_yr: float
    commissioning_failure_frac: float

    def __post_init__(self) -> None:
        if self.installation_downtime_h < 0:
            raise ValueError(f"type {self.type!r}: installation_downtime_h must be 0 or more")
        if not (0 <= self.decay_frac_per_yr < 1 and 0 <= self.commissioning_failure_frac < 1):
            raise ValueError(f"type {self.type!r}: decay and failure must each be from 0 to below 1")


def read_measure_persistence(path: Path | None = None) -> Mapping[str, MeasurePersistence]:
    """Read downtime, decay and failure by type of measure.

    Parameters
    ----------
    path : Path, optional
        A table; by default the packaged one.

    Raises
    ------
    DataError
        If a cell is wrong, or a type stands in more than one line.
    """
    path = path or packaged("measure_persistence.csv")
    return by_type(path, read_table(path, MeasurePersistence))
