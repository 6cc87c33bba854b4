"""Measures: each changes one end use of one factory by engineering parameters, and costs something."""

from .base import EndUseMeasure, Measure
from .chemical_saving import ChemicalSaving
from .compressed_air import AirLeaks, AirPressure
from .cooling import ChillerReplacement, ChillerSetPoint
from .desk import DeskFigures, DeskPrices
from .heat_exchange import HeatExchange
from .idle_switch_off import IdleSwitchOff
from .lighting import LightingLed
from .load_shifting import LoadShifting
from .material_saving import MaterialSaving
from .motors import EfficientMotor, VariableSpeedDrive
from .process_heat import BurnerTuning, FuelSwitch, HeatInsulation, HeatRecovery
from .rooftop_solar import RooftopSolar
from .water import CounterCurrentRinsing, WaterFixtures, WaterLoop

MEASURES: dict[str, type[Measure]] = {
    kind.kind: kind
    for kind in (
        AirLeaks,
        AirPressure,
        BurnerTuning,
        ChemicalSaving,
        ChillerReplacement,
        ChillerSetPoint,
        CounterCurrentRinsing,
        EfficientMotor,
        FuelSwitch,
        HeatExchange,
        HeatInsulation,
        HeatRecovery,
        IdleSwitchOff,
        LightingLed,
        LoadShifting,
        MaterialSaving,
        RooftopSolar,
        VariableSpeedDrive,
        WaterFixtures,
        WaterLoop,
    )
}
"""The class that belongs to each ``type`` of a catalogue."""

__all__ = [
    "MEASURES",
    "AirLeaks",
    "AirPressure",
    "BurnerTuning",
    "ChemicalSaving",
    "ChillerReplacement",
    "ChillerSetPoint",
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
    "MaterialSaving",
    "Measure",
    "RooftopSolar",
    "VariableSpeedDrive",
    "WaterFixtures",
    "WaterLoop",
]
