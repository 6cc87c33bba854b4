"""What stands in a park: factories and all that serves them."""

from ..kernel.component import Component
from ..kernel.crew import Crew
from .activated_sludge_plant import ActivatedSludgePlant
from .battery import Battery
from .boiler_house import Boiler, BoilerHouse
from .buffer_tank import BufferTank
from .calendar import Calendar
from .chiller_plant import ChillerPlant
from .compressor_station import Compressor, CompressorStation
from .equalisation_tank import Band, EqualisationTank
from .factory import Factory
from .fuel_supply import FuelSupply
from .irrigation import Irrigation
from .line import Line
from .meter import Meter
from .online_monitor import OnlineMonitor
from .outfall import Outfall
from .polishing_pond import PolishingPond
from .protected_supply import Protected, ProtectedFeeder, ProtectedSubstation
from .rain import Rain
from .reclaimed_water import ProcessWaterMain, ReclaimedWater
from .river import River
from .sewer import Sewer
from .solar_array import SolarArray
from .standby_generator import StandbyGenerator
from .storm_basin import StormBasin
from .storm_inflow import StormInflow
from .substation import Feeder, Substation
from .supplier import Supplier
from .wastewater_plant import WastewaterPlant
from .water_reservoir import WaterReservoir
from .water_works import WaterWorks

COMPONENTS: dict[str, type[Component]] = {
    "activated_sludge_plant": ActivatedSludgePlant,
    "battery": Battery,
    "boiler_house": BoilerHouse,
    "buffer_tank": BufferTank,
    "calendar": Calendar,
    "chiller_plant": ChillerPlant,
    "compressor_station": CompressorStation,
    "crew": Crew,
    "equalisation_tank": EqualisationTank,
    "factory": Factory,
    "feeder": Feeder,
    "fuel_supply": FuelSupply,
    "irrigation": Irrigation,
    "meter": Meter,
    "online_monitor": OnlineMonitor,
    "outfall": Outfall,
    "polishing_pond": PolishingPond,
    "process_water_main": ProcessWaterMain,
    "protected_feeder": ProtectedFeeder,
    "protected_substation": ProtectedSubstation,
    "rain": Rain,
    "reclaimed_water": ReclaimedWater,
    "river": River,
    "sewer": Sewer,
    "solar_array": SolarArray,
    "standby_generator": StandbyGenerator,
    "storm_basin": StormBasin,
    "storm_inflow": StormInflow,
    "substation": Substation,
    "wastewater_plant": WastewaterPlant,
    "water_reservoir": WaterReservoir,
    "water_works": WaterWorks,
}
"""Classes by the ``type`` that a configuration names."""

__all__ = [
    "COMPONENTS",
    "ActivatedSludgePlant",
    "Band",
    "Battery",
    "Boiler",
    "BoilerHouse",
    "BufferTank",
    "Calendar",
    "ChillerPlant",
    "Compressor",
    "CompressorStation",
    "Crew",
    "EqualisationTank",
    "Factory",
    "Feeder",
    "FuelSupply",
    "Irrigation",
    "Line",
    "Meter",
    "OnlineMonitor",
    "Outfall",
    "PolishingPond",
    "ProcessWaterMain",
    "Protected",
    "ProtectedFeeder",
    "ProtectedSubstation",
    "Rain",
    "ReclaimedWater",
    "River",
    "Sewer",
    "SolarArray",
    "StandbyGenerator",
    "StormBasin",
    "StormInflow",
    "Substation",
    "Supplier",
    "WastewaterPlant",
    "WaterReservoir",
    "WaterWorks",
]
