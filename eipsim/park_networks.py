"""Joins end uses of factories to boiler houses, compressor stations and chiller plants, and gives boilers their prices."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from .components import BoilerHouse, ChillerPlant, CompressorStation, Supplier
from .end_uses import CompressedAir, Cooling, EndUse, ProcessHeat
from .errors import ParkError, Problems, nearest
from .park import Park

SERVABLE: dict[str, type[EndUse]] = {"steam": ProcessHeat, "compressed_air": CompressedAir, "chilled_water": Cooling}
"""The type of end use that each network can serve."""
KINDS = {"steam": "boiler_house", "compressed_air": "compressor_station", "chilled_water": "chiller_plant"}
"""The type of component that supplies each."""


def with_served(park: Park, carrier: str, place: str, end_uses: Mapping[str, str | Sequence[str]]) -> Park:
    """Return a park in which end uses draw from a network instead of having boilers, compressors or chillers of their own.

    An end use that followed the mean of all lines does so line by line from then on, so that lines slow down when the network
    is short. It takes the pressure of its supplier.

    Parameters
    ----------
    park : Park
        With the supplier.
    carrier : str
        ``steam``, ``compressed_air`` or ``chilled_water``.
    place : str
        Of the network: the place of the supplier.
    end_uses : mapping of str to str or sequence of str
        Names of end uses by factory.

    Raises
    ------
    ParkError
        With everything that does not fit: no supplier there, no such factory or end use, or one of another kind.
    """
    suppliers = {c.place: c for _, c in sorted(park.components.items()) if isinstance(c, Supplier) and c.product == carrier}
    with Problems(f"Served with {carrier}", ParkError) as problems:
        if place not in suppliers:
            remedy = nearest(place, suppliers) if suppliers else f"add a {KINDS[carrier]} to the park, or leave served out"
            problems.add("place", f"= {place!r}: nothing supplies {carrier} there: {remedy}")
        for name, wanted in sorted(end_uses.items()):
            if name not in park.factories():
                problems.add(name, f"is no factory of this park: {nearest(name, park.factories())}")
                continue
            own = park.factory(name).end_uses
            for key in (wanted,) if isinstance(wanted, str) else wanted:
                if key not in own:
                    problems.add(f"{name}.{key}", f"is no end use of it: {nearest(key, own)}")
                elif reason := _objection(own[key], carrier):
                    problems.add(f"{name}.{key}", reason)
    parents = dict(park.parents)
    for name, wanted in sorted(end_uses.items()):
        for key in (wanted,) if isinstance(wanted, str) else wanted:
            use = park.end_use(name, key)
            park = park.replace_end_use(name, key, dataclasses.replace(use, **_changes(use, suppliers[place])))
        site = park.factory(name).place
        if site != place:
            parents[carrier, site] = place
    return dataclasses.replace(park, parents=parents)


def _objection(use: EndUse, carrier: str) -> str:
    if not isinstance(use, SERVABLE[carrier]):
        return f"is {use.kind}: {carrier} serves {SERVABLE[carrier].kind}"
    if isinstance(use, ProcessHeat) and use.firing == "furnace" and use.is_fired:
        return "is a furnace, which steam can't heat"
    return ""


def _changes(use: EndUse, supplier: Supplier) -> dict[str, Any]:
    changes: dict[str, Any] = {"driver": "each_line"} if use.driver == "lines" else {}
    if isinstance(supplier, BoilerHouse):
        return changes | {"carrier": "steam", "steam_bar_g": supplier.steam_bar_g}
    if isinstance(supplier, CompressorStation):
        return changes | {"served": True, "pressure_bar_g": supplier.pressure_bar_g}
    assert isinstance(supplier, ChillerPlant)
    return changes | {"served": True}


def with_fuel_prices(park: Park, fuel_vnd_per_gj: Mapping[str, float]) -> Park:
    """Return a park whose boiler houses know the prices by which they choose their fuels, if they choose by price."""
    for name, c in sorted(park.components.items()):
        if isinstance(c, BoilerHouse) and c.fuel_choice == "price":
            park = park.replace(name, fuel_vnd_per_gj=dict(fuel_vnd_per_gj))
    return park


def chooses_fuel(park: Park) -> bool:
    """Return whether a boiler house of a park chooses its fuels by price."""
    return any(isinstance(c, BoilerHouse) and c.fuel_choice == "price" for c in park.components.values())
