"""What wastewater plants cost beside their electricity: chemicals, and sludge that is hauled away."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..carriers import LOADS
from ..components.activated_sludge_plant import ActivatedSludgePlant
from ..physics.wastewater_reuse import hauled_t

if TYPE_CHECKING:
    from ..kernel.run import Run
    from ..park import Park


class TreatmentCost(NamedTuple):
    """What all plants together use and leave.

    Parameters
    ----------
    chemicals_kg, chemicals_vnd : float
        Coagulant and polymer [kg, VND].
    sludge_t, sludge_vnd : float
        Dewatered sludge that leaves, and its disposal [t, VND].
    """

    chemicals_kg: float
    chemicals_vnd: float
    sludge_t: float
    sludge_vnd: float


def activated_sludge_plants(park: Park) -> dict[str, ActivatedSludgePlant]:
    """Return the plants that count chemicals and sludge by name, sorted."""
    return {name: c for name, c in sorted(park.components.items()) if isinstance(c, ActivatedSludgePlant)}


def sludge_dry_kg(run: Run, plant: str) -> float:
    """Return the dry solids that a plant has wasted [kg]; 0 in a park without loads."""
    if run.loads is None:
        return 0.0
    return run.loads.booked.get(plant, {}).get("sludge", [0.0] * len(LOADS))[LOADS.index("tss")]


def treatment_cost(run: Run, park: Park) -> TreatmentCost:
    """Return what chemicals and sludge of all plants amount to; polymer and sludge are 0 in a park without loads."""
    chemicals_kg = chemicals_vnd = sludge_t = sludge_vnd = 0.0
    for name, plant in activated_sludge_plants(park).items():
        dry_kg = sludge_dry_kg(run, name)
        coagulant_kg = plant.coagulant_g_per_m3 / 1000 * run.amount(component=name, port="inflow")
        polymer_kg = dry_kg / 1000 * plant.polymer_kg_per_t
        cake_t = float(hauled_t(dry_kg, plant.cake_frac))
        chemicals_kg += coagulant_kg + polymer_kg
        chemicals_vnd += coagulant_kg * plant.coagulant_vnd_per_kg + polymer_kg * plant.polymer_vnd_per_kg
        sludge_t += cake_t
        sludge_vnd += cake_t * plant.sludge_vnd_per_t
    return TreatmentCost(chemicals_kg, chemicals_vnd, sludge_t, sludge_vnd)
