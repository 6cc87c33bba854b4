"""Which measures of a factory can act on each other at all: what its flows and its site's own sources say before any run."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from itertools import combinations

from ..components import Factory
from ..context import Context
from ..kernel.ports import OUTLET
from ..measures import Measure
from ..park import Park

ROUNDING = 1e-9
"""What counts as no difference beside the flow itself [1]."""

PortKey = tuple[str, str, int, str, tuple[str, ...]]
Rates = tuple[float, float]
Members = frozenset[str]
"""The measures of a coalition, by key."""

_LOAD = "load"


@dataclasses.dataclass(frozen=True)
class Interplay:
    """Which measures of one factory can act on what another saves.

    Two measures are linked if what they change of the factory's flows is not the sum of what each changes; if both change
    the electricity of a site with a source of its own, whose surplus depends on all that is drawn there; if both change
    wastewater whose load is counted, or electricity whose power is paid for; or if one of them moves the factory's lines, or
    both change one component.

    Parameters
    ----------
    keys : tuple of str
        Of the measures, sorted.
    links : frozenset of frozenset of str
        Pairs that are linked whatever else is done.
    sun_links : frozenset of frozenset of str
        Pairs that are linked where the site has a source of its own.
    sources : frozenset of str
        Measures that bring a source.
    has_source : bool
        Whether the site has one before any measure.

    Notes
    -----
    What a factory's meters show is a sum over its flows, so parts that share none add up while nothing is short. Whoever
    relies on it tests that on runs: see `attribution`.
    """

    keys: tuple[str, ...]
    links: frozenset[frozenset[str]]
    sun_links: frozenset[frozenset[str]] = frozenset()
    sources: frozenset[str] = frozenset()
    has_source: bool = False

    @classmethod
    def of(cls, measures: Mapping[str, Measure], park: Park, context: Context) -> Interplay:
        """Look at the measures of one factory, by key.

        Parameters
        ----------
        measures : mapping of str to Measure
            By key, at least one, all of the same factory.
        park : Park
            Before any measure.
        context : Context
            Tells whether power is paid for.
        """
        keys = tuple(sorted(measures, key=lambda key: measures[key].id))
        factory = measures[keys[0]].factory
        before = _Seen.of(park, factory)
        parks = {key: measures[key].apply(park) for key in keys}
        alone = {key: _Seen.of(parks[key], factory) for key in keys}
        changed = {key: before.changed_to(alone[key]) for key in keys}
        shared = _Shared(context.tariff.capacity_vnd_per_kw_month is not None, before.has_loads)
        links, sun_links = set(), set()
        for one, other in combinations(keys, 2):
            pair = frozenset((one, other))
            if changed[one].is_electric and changed[other].is_electric:
                sun_links.add(pair)
            if shared.links(changed[one], changed[other]):
                links.add(pair)
                continue
            both = _Seen.of(measures[other].apply(parks[one]), factory)
            if not _adds_up(before, alone[one], alone[other], both):
                links.add(pair)
        has_source = _has_own_source(park, factory)
        sources = frozenset(key for key in keys if not has_source and _has_own_source(parks[key], factory))
        return cls(keys, frozenset(links), frozenset(sun_links), sources, has_source)

    @classmethod
    def whole(cls, keys: Iterable[str]) -> Interplay:
        """Return that of measures which all act on each other."""
        names = tuple(keys)
        return cls(names, frozenset(frozenset(pair) for pair in combinations(names, 2)))

    def parts(self, members: Members) -> tuple[Members, ...]:
        """Return a coalition in parts of which none acts on what another saves, in the order of the keys.

        What a coalition saves is the sum over its parts. A source links what is electric only while it is a member itself,
        so that the value of most coalitions follows from smaller ones.
        """
        sunny = self.has_source or bool(self.sources & members)
        known = self.links | self.sun_links if sunny else self.links
        left = [key for key in self.keys if key in members]
        parts = []
        while left:
            part, edge = {left[0]}, [left[0]]
            while edge:
                here = edge.pop()
                reached = [key for key in left if key not in part and frozenset((here, key)) in known]
                part.update(reached)
                edge += reached
            parts.append(frozenset(part))
            left = [key for key in left if key not in part]
        return tuple(parts)


@dataclasses.dataclass(frozen=True)
class _Changed:
    """What one measure changes: flows, the factory besides its end uses, and other components."""

    ports: frozenset[PortKey]
    factory: bool
    components: frozenset[str]

    @property
    def is_electric(self) -> bool:
        """Whether it changes what the site draws or has of electricity."""
        return bool(self.components) or any(carrier == "electricity" for _, carrier, *_ in self.ports)

    @property
    def is_wet(self) -> bool:
        """Whether it changes the wastewater, or what that brings."""
        return any(carrier in ("wastewater", _LOAD) for _, carrier, *_ in self.ports)


@dataclasses.dataclass(frozen=True)
class _Shared:
    """What lets measures act on each other that change different flows."""

    power_is_paid: bool
    has_loads: bool

    def links(self, one: _Changed, other: _Changed) -> bool:
        """Say whether two measures are linked, whatever their flows add up to."""
        if one.factory or other.factory or one.components & other.components:
            return True
        return (one.is_electric and other.is_electric and self.power_is_paid) or (
            one.is_wet and other.is_wet and self.has_loads
        )


def _has_own_source(park: Park, factory: str) -> bool:
    """Say whether the site of a factory has a component with electricity to give."""
    site = park.factory(factory).place
    return any(
        port.carrier == "electricity" and port.direction == OUTLET
        for component in park.components.values()
        if not isinstance(component, Factory) and component.place == site
        for port in component.declared_ports().values()
    )


@dataclasses.dataclass(frozen=True)
class _Seen:
    """A factory as its meters see it: flows by port, what its wastewater brings, all else of it, and other components."""

    rates: Mapping[PortKey, Rates]
    has_loads: bool
    rest: Factory
    components: Mapping[str, object]

    @classmethod
    def of(cls, park: Park, name: str) -> _Seen:
        """Look at a factory of a park."""
        factory = park.factory(name)
        rates: dict[PortKey, Rates] = {}
        for port, flow in factory.flows().items():
            rates[port, flow.carrier, flow.direction, flow.driver, flow.factors] = (flow.rest, flow.run)
        loads = factory.concentrations()
        for port, brought in loads.items():
            for k, g_per_m3 in enumerate(brought):
                rates[port, _LOAD, k, "", ()] = (g_per_m3, 0.0)
        others = {key: one for key, one in park.components.items() if key != name}
        return cls(rates, bool(loads), factory, others)

    def changed_to(self, other: _Seen) -> _Changed:
        """Return what differs in another look at the same factory."""
        keys = self.rates.keys() | other.rates.keys()
        fields = [f.name for f in dataclasses.fields(self.rest) if f.name != "end_uses" and f.init]
        return _Changed(
            frozenset(key for key in keys if not _same(self.rates.get(key, _NONE), other.rates.get(key, _NONE))),
            any(getattr(self.rest, name) != getattr(other.rest, name) for name in fields),
            frozenset(
                name
                for name in self.components.keys() | other.components.keys()
                if self.components.get(name) is not other.components.get(name)
            ),
        )


_NONE: Rates = (0.0, 0.0)


def _same(one: Rates, other: Rates) -> bool:
    return all(math.isclose(a, b, rel_tol=ROUNDING, abs_tol=0.0) for a, b in zip(one, other, strict=True))


def _adds_up(before: _Seen, one: _Seen, other: _Seen, both: _Seen) -> bool:
    """Say whether two measures together change each flow by the sum of what each changes."""
    seen = [look.rates for look in (before, one, other, both)]
    for key in set().union(*seen):
        for k in (0, 1):
            b, i, j, ij = (rates.get(key, _NONE)[k] for rates in seen)
            if abs((ij - b) - (i - b) - (j - b)) > ROUNDING * max(abs(b), abs(i), abs(j), abs(ij)):
                return False
    return True
