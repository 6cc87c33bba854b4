"""What stands in a park: factories and all that serves them."""

from ..kernel.component import Component
from ..kernel.crew import Crew
from .calendar import Calendar
from .equalisation_tank import Band, EqualisationTank
from .factory import Factory, Line
from .fuel_supply import FuelSupply
from .meter import Meter
from .rain import Rain
from .river import River
from .solar_array import SolarArray
from .storm_basin import StormBasin
from .substation import Feeder, Substation
from .wastewater_plant import WastewaterPlant
from .water_works import WaterWorks

COMPONENTS: dict[str, type[Component]] = {
    "calendar": Calendar,
    "crew": Crew,
    "equalisation_tank": EqualisationTank,
    "factory": Factory,
    "feeder": Feeder,
    "fuel_supply": FuelSupply,
    "meter": Meter,
    "rain": Rain,
    "river": River,
    "solar_array": SolarArray,
    "storm_basin": StormBasin,
    "substation": Substation,
    "wastewater_plant": WastewaterPlant,
    "water_works": WaterWorks,
}
"""Classes by the ``type`` that a configuration names."""

__all__ = [
    "COMPONENTS",
    "Band",
    "Calendar",
    "Crew",
    "EqualisationTank",
    "Factory",
    "Feeder",
    "FuelSupply",
    "Line",
    "Meter",
    "Rain",
    "River",
    "SolarArray",
    "StormBasin",
    "Substation",
    "WastewaterPlant",
    "WaterWorks",
]
