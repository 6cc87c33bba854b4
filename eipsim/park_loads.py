"""Gives the factories' wastewater its loads and its sewers, and factories reclaimed water."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from .end_uses import WaterUse
from .errors import DataError, ParkError, Problems, nearest
from .park import Park
from .readers.load_table import SANITARY, WastewaterStrength


def with_loads(park: Park, strengths: Mapping[str, WastewaterStrength]) -> Park:
    """Return a park whose factories let out loads with their wastewater.

    Each water use gets kilograms per hour at full activity: concentration × the wastewater that it has now without a loop.
    Measures that come later change flows and leave these loads.

    Parameters
    ----------
    park : Park
        Before any measure.
    strengths : mapping of str to WastewaterStrength
        By name of a factory or of its sector, the name first; ``sanitary`` for the water of people.

    Raises
    ------
    DataError
        With every factory that has a water use and no row.
    """
    changed = {}
    with Problems("Loads of wastewater", DataError) as problems:
        for name, factory in park.factories().items():
            uses = {key: use for key, use in factory.end_uses.items() if isinstance(use, WaterUse)}
            own = strengths.get(name) or strengths.get(factory.sector)
            if not uses:
                continue
            if own is None:
                known = nearest(factory.sector or name, strengths)
                problems.add(name, f"has no row of its own, nor has its sector {factory.sector!r}: {known}")
                continue
            loaded = {key: _loaded(use, own, strengths[SANITARY]) for key, use in uses.items()}
            changed[name] = dataclasses.replace(factory, end_uses={**factory.end_uses, **loaded})
    return dataclasses.replace(park, components={**park.components, **changed})


def with_sewers(park: Park, sewers: Mapping[str, str]) -> Park:
    """Return a park whose sites let wastewater into the sewers of their feeders instead of where they did.

    Parameters
    ----------
    park : Park
        Sites hang on feeders by `Park.parents`.
    sewers : mapping of str to str
        Place of a sewer by place of a feeder; sites of other feeders stay as they are.

    Raises
    ------
    ParkError
        If a feeder has no site, or a sewer's place takes no wastewater.
    """
    known = {place for (carrier, _), place in park.parents.items() if carrier == "electricity"}
    takers = {
        port.place or component.place
        for component in park.components.values()
        for port in component.declared_ports().values()
        if port.carrier == "wastewater" and not port.firm
    }
    with Problems("Sewers", ParkError) as problems:
        for feeder, sewer in sorted(sewers.items()):
            if feeder not in known:
                problems.add(feeder, f"is no feeder that a site hangs on: {nearest(feeder, known)}")
            if sewer not in takers:
                problems.add(feeder, f"= {sewer!r}: nothing takes wastewater there: {nearest(sewer, takers)}")
    sites = {site: feeder for (carrier, site), feeder in park.parents.items() if carrier == "electricity" and feeder in sewers}
    own = {("wastewater", site): sewers[feeder] for site, feeder in sites.items() if ("wastewater", site) in park.parents}
    return dataclasses.replace(park, parents={**park.parents, **own})


def with_reclaimed_water(park: Park, shares_frac: Mapping[str, float], main: str) -> Park:
    """Return a park in which factories take a share of their process water from the network of reclaimed water.

    Parameters
    ----------
    park : Park
        With a supplier of process water.
    shares_frac : mapping of str to float
        Share of each factory's process intake, 0-1.
    main : str
        Place of the network.

    Raises
    ------
    ParkError
        If there is no such factory, it has no water use, or a share is outside 0-1.
    """
    parents = dict(park.parents)
    with Problems("Reclaimed water", ParkError) as problems:
        for name, share in sorted(shares_frac.items()):
            factory = park.factories().get(name)
            uses = {} if factory is None else {k: u for k, u in factory.end_uses.items() if isinstance(u, WaterUse)}
            if factory is None:
                problems.add(name, f"is no factory of this park: {nearest(name, park.factories())}")
            elif not uses:
                problems.add(name, "has no water use: leave it out")
            elif not 0 <= share <= 1:
                problems.add(name, f"= {share:g}: must be between 0 and 1")
            else:
                for key, use in uses.items():
                    park = park.replace_end_use(name, key, dataclasses.replace(use, reclaimed_frac=share))
                parents["process_water", factory.place] = main
    return dataclasses.replace(park, parents=parents)


def with_waste_following_water(park: Park) -> Park:
    """Return a park whose factories let out less wastewater while water is short."""
    for name, factory in park.factories().items():
        uses = {k: u for k, u in factory.end_uses.items() if isinstance(u, WaterUse)}
        for key, use in uses.items():
            park = park.replace_end_use(name, key, dataclasses.replace(use, waste_follows_water=True))
    return park


def _loaded(use: WaterUse, own: WastewaterStrength, sanitary: WastewaterStrength) -> WaterUse:
    process_m3_per_h = use.wet_m3_per_h * use.return_frac
    return dataclasses.replace(
        use,
        process_load_kg_per_h=tuple(c * process_m3_per_h / 1000 for c in own.at_sewer_g_per_m3),
        sanitary_load_kg_per_h=tuple(c * use.sanitary_waste_m3_per_h / 1000 for c in sanitary.at_sewer_g_per_m3),
    )
