"""Draws a synthetic catalogue: which measures are found where, how large, and which of them are implemented.

No row describes a real firm. The published catalogue is not public; this one has its counts (159 measures in 18
factories, 60 of them implemented) and is made of priors that are written down in ``measure_options.csv``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any, NamedTuple

from ..components.factory import Factory
from ..end_uses import ProcessHeat
from ..errors import CatalogueError
from ..kernel.streams import Stream
from ..measures import MEASURES, DeskPrices, EndUseMeasure, Measure
from ..measures.costs import with_costs
from ..park import Park
from ..readers.measure_cost_table import MeasureCost
from ..readers.measure_option_table import MeasureOption

CARRYING_ROOF_FRAC = 0.6
"""Share of a roof that can carry modules, less clearances, skylights and machines; C."""
LEAST_VND_PER_YR = 20e6
"""What an option must promise at its full size to be found at all [VND/yr]; C."""
LARGEST_FRAC = 0.95
"""Drawn sizes stay below this share of their bound."""
EFFORT_VND = 10e6
"""What any measure costs in attention, counted beside its capital [VND]; C."""
COST_RESPONSE_RATIO = 1.4
"""How much more firms respond to capital than to the yearly saving (Anderson & Newell 2004: 40 % more; A)."""
CHOICE_SHARPNESS = 0.5
"""How strictly the odds follow money: 0 not at all, 1 in proportion; C, keeps housekeeping near 65-75 % adopted."""
_NORMAL = NormalDist()


class NoDrawError(CatalogueError):
    """A draw came to nothing and is to be rejected; the message is the reason that is counted."""


@dataclass(frozen=True)
class CatalogueRules:
    """How many rows, and where they may stand.

    Parameters
    ----------
    implemented_count : int
        How many of the rows are implemented.
    least_count, most_count : int
        Rows per factory.
    implemented_carriers : tuple of str
        Fuels that implemented rows may save: the published figures of the 60 name no fuel but LPG.
    """

    implemented_count: int = 60
    least_count: int = 7
    most_count: int = 12
    implemented_carriers: tuple[str, ...] = ("lpg",)


@dataclass(frozen=True)
class Drawn:
    """A row in the making.

    Parameters
    ----------
    measure : Measure
        At the drawn size.
    option : MeasureOption
        What it is of.
    bound_size : float
        Its largest size.
    """

    measure: Measure
    option: MeasureOption
    bound_size: float

    def at(self, size: float, priors: Priors) -> Drawn:
        """Return the row at another size, with its costs and the upkeep that it saves."""
        measure = with_costs(replace(self.measure, size=size, other_vnd_per_yr=0.0), priors.park, priors.costs)
        if self.option.upkeep_vnd_per_yr:
            upkeep = round(self.option.upkeep_vnd_per_yr * measure.cost_quantity(priors.park), -3)
            measure = replace(measure, other_vnd_per_yr=upkeep)
        return replace(self, measure=measure)


class Place(NamedTuple):
    """Where an option can stand.

    Parameters
    ----------
    measure : Measure
        There, at its largest size.
    bound_size : float
        That size.
    """

    measure: Measure
    bound_size: float


@dataclass(frozen=True)
class Priors:
    """All that a catalogue is drawn from; worked out once for any number of draws.

    Parameters
    ----------
    park : Park
        Before any measure.
    options : sequence of MeasureOption
        The kinds of measures.
    costs : mapping of str to MeasureCost
        By type of measure.
    prices : DeskPrices
        Of the desk figures.
    rules : CatalogueRules
        Counts.
    places : mapping of str to list of Place
        By option, where it fits an assessed factory and would be worth something at full size.
    """

    park: Park
    options: Sequence[MeasureOption]
    costs: Mapping[str, MeasureCost]
    prices: DeskPrices
    rules: CatalogueRules
    places: Mapping[str, Sequence[Place]]

    @classmethod
    def of(
        cls,
        park: Park,
        prices: DeskPrices,
        roofs_m2: Mapping[str, float],
        options: Sequence[MeasureOption],
        costs: Mapping[str, MeasureCost],
        *,
        rules: CatalogueRules = CatalogueRules(),
    ) -> Priors:
        """Find all places; ``roofs_m2`` is the roof of each assessed factory [m2]."""
        places = {option.option: _places(park, roofs_m2, option, prices) for option in options}
        return cls(park, options, costs, prices, rules, places)


def draw_catalogue(priors: Priors, seed: int = 159, draw: int = 0) -> list[Drawn]:
    """Draw one catalogue.

    Each option gets as many rows as its table says, on places drawn among those where it fits; it stands on an end use
    at most once. Sizes are lognormal below their bound. The implemented rows are drawn by odds that grow with those of
    the option and with yearly saving / capital^1.4.

    Parameters
    ----------
    priors : Priors
        What it is drawn from.
    seed, draw : int
        Of the random numbers; each pair gives one catalogue.

    Returns
    -------
    list of Drawn
        Sorted by factory, with ids ``M001`` and so on.

    Raises
    ------
    NoDrawError
        If an option finds no place left, or too few rows can be implemented.
    """
    stream = Stream(seed, draw, "catalogue", "places")
    room = _room(sorted(priors.park.assessed()), sum(option.rows for option in priors.options), priors.rules, stream)
    rows: list[Drawn] = []
    for k, option in enumerate(_narrowest_first(priors)):
        taken = {(row.option.option, row.measure.factory, row.measure.end_use) for row in rows}
        free = [
            place
            for place in priors.places[option.option]
            if room[place.measure.factory] and (option.option, place.measure.factory, place.measure.end_use) not in taken
        ]
        if not free:
            raise NoDrawError(f"no place left for {option.option}")
        place = free[stream.choice([room[place.measure.factory] for place in free])]
        room[place.measure.factory] -= 1
        size = place.bound_size * _below(option, Stream(seed, draw, "catalogue", "size", str(k)))
        rows.append(Drawn(place.measure, option, place.bound_size).at(size, priors))
    rows.sort(key=lambda row: (row.measure.factory, row.measure.end_use, row.option.option))
    named = [replace(row, measure=replace(row.measure, id=f"M{k:03d}")) for k, row in enumerate(rows, 1)]
    return _adopt(named, priors, Stream(seed, draw, "catalogue", "adoption"))


def _narrowest_first(priors: Priors) -> list[MeasureOption]:
    """Return each option as often as it has rows, those that fit the fewest factories first."""
    factories = {name: len({place.measure.factory for place in places}) for name, places in priors.places.items()}
    ordered = sorted(priors.options, key=lambda option: (factories[option.option], -option.rows, option.option))
    return [option for option in ordered for _ in range(option.rows)]


def _places(park: Park, roofs_m2: Mapping[str, float], option: MeasureOption, prices: DeskPrices) -> list[Place]:
    """Return all places where an option fits and is worth something."""
    found = []
    for name, factory in park.assessed().items():
        for end_use in _end_uses(option, factory):
            values: dict[str, Any] = {**option.values(), "id": "M000", "factory": name, "recp_category": option.recp_category}
            if end_use:
                values["end_use"] = end_use
            else:
                values["roof_m2"] = float(f"{CARRYING_ROOF_FRAC * roofs_m2[name]:.3g}")
            measure = MEASURES[option.type](**values, size=1.0)
            try:
                bound = measure.size_bounds(park)[1]
                worth = bound and replace(measure, size=bound).desk(park, prices).vnd
            except CatalogueError:
                continue
            if worth >= LEAST_VND_PER_YR:
                found.append(Place(replace(measure, size=bound), bound))
    return found


def _end_uses(option: MeasureOption, factory: Factory) -> list[str]:
    kind = MEASURES[option.type]
    if not issubclass(kind, EndUseMeasure):
        return [""]
    wanted = option.end_uses.split() or list(factory.end_uses)
    return sorted(name for name in wanted if isinstance(factory.end_uses.get(name), kind.acts_on))


def _room(names: Sequence[str], rows: int, rules: CatalogueRules, stream: Stream) -> dict[str, int]:
    """Share the rows out: the least for each factory, and the rest by lot up to the most."""
    room = dict.fromkeys(names, rules.least_count)
    left = rows - sum(room.values())
    if left < 0 or rows > len(names) * rules.most_count:
        raise NoDrawError(f"{rows} rows do not fit {len(names)} factories of {rules.least_count} to {rules.most_count}")
    for _ in range(left):
        open_names = [name for name in names if room[name] < rules.most_count]
        room[open_names[stream.choice([1.0] * len(open_names))]] += 1
    return room


def _below(option: MeasureOption, stream: Stream) -> float:
    """Return a lognormal share of the bound, cut off below it."""
    cut = _NORMAL.cdf(math.log(LARGEST_FRAC / option.size_median_frac) / option.size_sigma)
    return option.size_median_frac * math.exp(option.size_sigma * _NORMAL.inv_cdf(cut * stream.uniform()))


def _adopt(rows: list[Drawn], priors: Priors, stream: Stream) -> list[Drawn]:
    """Return the rows, as many of them implemented as the rules say."""
    park, rules = priors.park, priors.rules
    waits = []
    for k, row in enumerate(rows):
        saving = row.measure.desk(park, priors.prices).vnd
        odds = row.option.adoption_frac / (1 - row.option.adoption_frac)
        attraction = saving / (row.measure.capital_vnd + EFFORT_VND) ** COST_RESPONSE_RATIO
        weight = odds * attraction**CHOICE_SHARPNESS
        wait = stream.exponential(1.0)
        if weight > 0 and _may_be_implemented(row.measure, park, rules):
            waits.append((wait / weight, k))
    if len(waits) < rules.implemented_count:
        raise NoDrawError("too few rows can be implemented")
    chosen = {k for _, k in sorted(waits)[: rules.implemented_count]}
    return [
        replace(row, measure=replace(row.measure, status="implemented" if k in chosen else "proposed"))
        for k, row in enumerate(rows)
    ]


def _may_be_implemented(measure: Measure, park: Park, rules: CatalogueRules) -> bool:
    if not isinstance(measure, EndUseMeasure):
        return True
    heat = measure.target(park)
    return not isinstance(heat, ProcessHeat) or heat.carrier in ("electricity", *rules.implemented_carriers)
