"""Estimates what a measure costs from its size and the table of unit costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from ..errors import CatalogueError, nearest
from ..readers.measure_cost_table import MeasureCost
from .base import Measure

if TYPE_CHECKING:
    from ..park import Park

M = TypeVar("M", bound=Measure)


def with_costs(measure: M, park: Park, costs: Mapping[str, MeasureCost]) -> M:
    """Return the measure with capital, yearly cost, life and lead time of its type.

    Parameters
    ----------
    measure : Measure
        At its final size.
    park : Park
        The park before any measure.
    costs : mapping of str to MeasureCost
        By type; see `read_measure_costs`.

    Returns
    -------
    Measure
        With capital = unit cost × quantity, rounded to 1,000 VND.

    Raises
    ------
    CatalogueError
        If the table has no such type, or the measure does not fit the park.
    """
    if measure.kind not in costs:
        raise CatalogueError(f"row {measure.id}, column type = {measure.kind!r}: has no cost; {nearest(measure.kind, costs)}")
    cost = costs[measure.kind]
    capital_vnd = round(cost.capital_vnd_per_unit * measure.cost_quantity(park), -3)
    return replace(
        measure,
        capital_vnd=capital_vnd,
        yearly_cost_vnd=round(capital_vnd * cost.yearly_cost_frac, -3),
        life_yr=cost.life_yr,
        lead_time_d=cost.lead_time_d,
    )
