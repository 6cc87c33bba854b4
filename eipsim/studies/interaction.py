"""How much less measures of one factory save together than added up, by the nameplates of its end uses."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from ..carriers import FUELS
from ..errors import CatalogueError
from ..kernel.ports import INLET, OUTLET
from ..measures import RooftopSolar
from ..measures.base import Measure
from ..measures.desk import DeskHours, DeskPrices

if TYPE_CHECKING:
    from ..components import Factory
    from ..park import Park

LEAST_FRAC = 1e-6
"""Share of the savings below which two measures do not touch each other."""


class Nameplate(NamedTuple):
    """What a factory's end uses take in a year by nameplate and schedule: money [VND/yr] and emissions [t CO2/yr]."""

    vnd: float
    co2_t: float


def nameplate(park: Park, name: str, prices: DeskPrices) -> Nameplate:
    """Return what the end uses of a factory take in a year at flat prices.

    Σ over flows of price × (rest × 8760 h + run × scheduled hours of the driver); profiles of weather, light and tariff
    bands count with their mean of 1.

    Parameters
    ----------
    park : Park
        With whatever measures are done.
    name : str
        Of the factory.
    prices : DeskPrices
        Flat prices and factors.

    Notes
    -----
    Valid for comparing the same factory with and without measures that change rates. Load shifting, which moves between
    tariff bands, and solar arrays, which are no end use, show nothing here.
    """
    factory: Factory = park.factory(name)
    hours = DeskHours.of_factory(park, name, prices.horizon)
    money, emitted_kg = [], []
    for flow in factory.flows().values():
        amount = flow.rest * hours.always_h + flow.run * hours.of(flow.driver)
        price = {
            "electricity": prices.electricity_vnd_per_kwh[factory.voltage_class],
            "water": prices.water_vnd_per_m3,
            "wastewater": prices.wastewater_vnd_per_m3,
            "materials": 1.0,
            **prices.fuel_vnd_per_gj,
        }.get(flow.carrier, 0.0)
        counts = flow.direction == (OUTLET if flow.carrier == "wastewater" else INLET) or flow.carrier == "materials"
        money.append(price * amount if counts else 0.0)
        if flow.carrier == "electricity" and flow.direction == INLET:
            emitted_kg.append(prices.grid_tco2_per_mwh * amount)
        elif flow.carrier in FUELS and flow.direction == INLET:
            emitted_kg.append(prices.fuel_kgco2_per_gj[flow.carrier] * amount)
    return Nameplate(math.fsum(money), math.fsum(emitted_kg) / 1000.0)


class Overlap(NamedTuple):
    """Shares of two measures' added savings that they do not save together.

    Parameters
    ----------
    first, second : str
        Ids, in their order.
    vnd_frac, co2_frac : float
        1 − s(both) / (s(first) + s(second)) of money and of emissions; below 0 where they help each other, and 0 where
        nothing is saved.
    """

    first: str
    second: str
    vnd_frac: float
    co2_frac: float


def overlaps(measures: Iterable[Measure], park: Park, prices: DeskPrices) -> list[Overlap]:
    """Return how much pairs of measures in one factory take from each other, where it is anything.

    Parameters
    ----------
    measures : iterable of Measure
        Any; pairs of different factories have no overlap.
    park : Park
        The park without them.
    prices : DeskPrices
        Flat prices and factors.

    Returns
    -------
    list of Overlap
        On one end use with fractions f and g it is f g / (f + g): 40 % and 30 % save 58 % of it, not 70 %.

    Raises
    ------
    CatalogueError
        If a measure alone does not fit the park. Two that do not fit together count as one: their overlap is that of the
        smaller one.

    Notes
    -----
    Rates at full activity, so it knows end uses that multiply and lamps that warm a cooled hall, and neither compressor
    controls at part load nor the sun. Triples are left to pairs: three measures on one end use overlap a little less.
    """
    by_factory: dict[str, list[Measure]] = {}
    for measure in sorted(measures, key=lambda one: one.id):
        if not isinstance(measure, RooftopSolar):
            by_factory.setdefault(measure.factory, []).append(replace(measure, installation_downtime_h=0.0))
    return [pair for name, own in sorted(by_factory.items()) for pair in _within(name, own, park, prices)]


def _within(name: str, own: Sequence[Measure], park: Park, prices: DeskPrices) -> list[Overlap]:
    before = nameplate(park, name, prices)
    parks = {one.id: one.apply(park) for one in own}
    saved: Mapping[str, list[float]] = {
        key: [a - b for a, b in zip(before, nameplate(after, name, prices), strict=True)] for key, after in parks.items()
    }
    found = []
    for one, other in combinations(own, 2):
        added = [a + b for a, b in zip(saved[one.id], saved[other.id], strict=True)]
        try:
            after = nameplate(other.apply(parks[one.id]), name, prices)
            both = [a - b for a, b in zip(before, after, strict=True)]
        except CatalogueError:
            both = [max(a, b) for a, b in zip(saved[one.id], saved[other.id], strict=True)]
        shares = [1.0 - together / total if total > 0 else 0.0 for together, total in zip(both, added, strict=True)]
        if max(map(abs, shares)) > LEAST_FRAC:
            found.append(Overlap(one.id, other.id, *shares))
    return found
