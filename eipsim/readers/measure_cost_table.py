"""Reads what measures cost, how long they last and how long they take, by type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .tables import by_type, packaged, read_table


@dataclass(frozen=True)
class MeasureCost:
    """Cost of one type of measure.

    Parameters
    ----------
    type : str
        The type.
    recp_category : str
        The category that it usually belongs to.
    unit : str
        What the capital is proportional to.
    capital_vnd_per_unit : float
        Capital per that [VND].
    yearly_cost_frac : float
        Upkeep a year over capital.
    life_yr : float
        Technical life [yr].
    lead_time_d : float
        From decision to operation [d].
    """

    type: str
    recp_category: str
    unit: str
    capital_vnd_per_unit: float
    yearly_cost_frac: float
    life_yr: float
    lead_time_d: float

    def __post_init__(self) -> None:
        if min(self.capital_vnd_per_unit, self.yearly_cost_frac, self.lead_time_d) < 0 or self.life_yr <= 0:
            raise ValueError(f"type {self.type!r}: costs and lead time must be 0 or more, and life_yr more than 0")


def read_measure_costs(path: Path | None = None) -> Mapping[str, MeasureCost]:
    """Read the costs by type of measure.

    Parameters
    ----------
    path : Path, optional
        A table; by default the packaged one.

    Raises
    ------
    DataError
        If a cell is wrong, or a type stands in more than one line.
    """
    path = path or packaged("measure_costs.csv")
    return by_type(path, read_table(path, MeasureCost))
