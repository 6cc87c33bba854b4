"""Measures: each changes an end use of a factory, or a supplier of the park, by engineering parameters, and costs something."""

from .aeration import AerationUpgrade
from .base import EndUseMeasure, Measure
from .boiler_house import BoilerEconomiser, BoilerTuning, CondensateReturn, MainInsulation
from .chemical_saving import ChemicalSaving
from .chiller_plant import ChilledWaterReset, TowerCycles, TowerFanDrive
from .compressed_air import AirLeaks, AirNozzles, AirPressure
from .compressor_station import StationDrive, StationLeaks, StationPressure, StationReceiver
from .cooling import ChillerReplacement, ChillerSetPoint
from .desk import DeskFigures, DeskPrices
from .heat_exchange import HeatExchange
from .idle_switch_off import IdleSwitchOff
from .lighting import LightingLed
from .load_shifting import LoadShifting
from .material_saving import MaterialSaving
from .motors import EfficientMotor, VariableSpeedDrive
from .power_factor import PowerFactorCorrection
from .process_heat import BurnerTuning, FuelSwitch, HeatInsulation, HeatRecovery
from .rooftop_solar import RooftopSolar
from .supplier import SupplierMeasure
from .water import CounterCurrentRinsing, WaterFixtures, WaterLoop

MEASURES: dict[str, type[Measure]] = {
    kind.kind: kind
    for kind in (
        AerationUpgrade,
        AirLeaks,
        AirNozzles,
        AirPressure,
        BoilerEconomiser,
        BoilerTuning,
        BurnerTuning,
        ChemicalSaving,
        ChilledWaterReset,
        ChillerReplacement,
        ChillerSetPoint,
        CondensateReturn,
        CounterCurrentRinsing,
        EfficientMotor,
        FuelSwitch,
        HeatExchange,
        HeatInsulation,
        HeatRecovery,
        IdleSwitchOff,
        LightingLed,
        LoadShifting,
        MainInsulation,
        MaterialSaving,
        PowerFactorCorrection,
        RooftopSolar,
        StationDrive,
        StationLeaks,
        StationPressure,
        StationReceiver,
        TowerCycles,
        TowerFanDrive,
        VariableSpeedDrive,
        WaterFixtures,
        WaterLoop,
    )
}
"""The class that belongs to each ``type`` of a catalogue."""

__all__ = [
    "MEASURES",
    "AerationUpgrade",
    "AirLeaks",
    "AirNozzles",
    "AirPressure",
    "BoilerEconomiser",
    "BoilerTuning",
    "BurnerTuning",
    "ChemicalSaving",
    "ChilledWaterReset",
    "ChillerReplacement",
    "ChillerSetPoint",
    "CondensateReturn",
    "CounterCurrentRinsing",
    "DeskFigures",
    "DeskPrices",
    "EfficientMotor",
    "EndUseMeasure",
    "FuelSwitch",
    "HeatExchange",
    "HeatInsulation",
    "HeatRecovery",
    "IdleSwitchOff",
    "LightingLed",
    "LoadShifting",
    "MainInsulation",
    "MaterialSaving",
    "Measure",
    "PowerFactorCorrection",
    "RooftopSolar",
    "StationDrive",
    "StationLeaks",
    "StationPressure",
    "StationReceiver",
    "SupplierMeasure",
    "TowerCycles",
    "TowerFanDrive",
    "VariableSpeedDrive",
    "WaterFixtures",
    "WaterLoop",
]
