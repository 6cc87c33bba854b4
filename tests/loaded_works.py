"""A sewer with loads, and what follows it, small enough to balance by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benches import Unlimited
from toys import Shifty

from eipsim.carriers import LOADS
from eipsim.components import ActivatedSludgePlant, EqualisationTank, River, StormBasin
from eipsim.kernel.component import Component
from eipsim.kernel.passer import Source

STRENGTH_G_PER_M3 = (30.0, 220.0, 200.0, 200.0, 180.0, 40.0, 6.5, 900.0)
"""What the shift lets in, in the order of `LOADS`."""


@dataclass(eq=False)
class Shift(Shifty, Source):
    """A flow with loads while people work."""

    strength: Sequence[float] = STRENGTH_G_PER_M3

    def concentrations(self):
        return {"flow": tuple(self.strength)}


def shift(rate=30.0, place="sewer", **more) -> Shift:
    """Return 30 m3/h from 6 to 22."""
    return Shift("wastewater", rate, place=place, **more)


def plant(**parameters: object) -> ActivatedSludgePlant:
    """Return two trains of 20 m3/h that never fail."""
    given = {
        "trains": 2,
        "train_m3_per_h": 20.0,
        "treatment_kwh_per_m3": 0.1,
        "fixed_kw": 4.0,
        "mtbf_h": float("inf"),
        "train_tank_m3": 150.0,
        "train_clarifier_m2": 40.0,
        "train_blower_kw": 30.0,
        "design_m3_per_h": 20.0,
    }
    return ActivatedSludgePlant(**{**given, **parameters})


def works(**parts: Component) -> dict[str, Component]:
    """Return a shift, tank, storm basin, plant and river, and all the power there is; parts take the place of these."""
    usual: dict[str, Component] = {
        "shift": shift(),
        "tank": EqualisationTank(plant="plant", capacity_m3=200.0, bands=((0.0, 15.0), (0.5, 25.0)), start_frac=0.0),
        "storm_basin": StormBasin(tank="tank", capacity_m3=80.0, pump_m3_per_h=10.0),
        "plant": plant(),
        "river": River(place="plant"),
        "grid": Unlimited("electricity", "utilities"),
    }
    return {**usual, **parts}


def cod_kg(loads: Sequence[float]) -> float:
    """Return the COD of loads."""
    return float(sum(loads[:3]))


TDS = LOADS.index("dissolved_solids")
