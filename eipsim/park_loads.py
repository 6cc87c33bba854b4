"""Gives the wastewater of a park's factories its loads."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from .end_uses import WaterUse
from .errors import DataError, Problems, nearest
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


def _loaded(use: WaterUse, own: WastewaterStrength, sanitary: WastewaterStrength) -> WaterUse:
    process_m3_per_h = use.wet_m3_per_h * use.return_frac
    return dataclasses.replace(
        use,
        process_load_kg_per_h=tuple(c * process_m3_per_h / 1000 for c in own.at_sewer_g_per_m3),
        sanitary_load_kg_per_h=tuple(c * use.sanitary_waste_m3_per_h / 1000 for c in sanitary.at_sewer_g_per_m3),
    )
