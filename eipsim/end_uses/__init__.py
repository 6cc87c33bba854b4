"""What a factory uses energy, water and materials for: immutable engineering parameters that become metered flows."""

from .base import EndUse, Flow, by_line
from .compressed_air import CompressedAir
from .cooling import Cooling
from .lighting import Lighting
from .materials import Materials
from .measured_load import MeasuredLoad
from .motors import Motors
from .plug_load import PlugLoad
from .process_heat import ProcessHeat
from .water_use import WaterUse

END_USES: dict[str, type[EndUse]] = {
    "compressed_air": CompressedAir,
    "cooling": Cooling,
    "lighting": Lighting,
    "materials": Materials,
    "measured_load": MeasuredLoad,
    "motors": Motors,
    "plug_load": PlugLoad,
    "process_heat": ProcessHeat,
    "water_use": WaterUse,
}
"""The class that belongs to each ``type:`` name of a table or a configuration."""

__all__ = [
    "END_USES",
    "CompressedAir",
    "Cooling",
    "EndUse",
    "Flow",
    "Lighting",
    "Materials",
    "MeasuredLoad",
    "Motors",
    "PlugLoad",
    "ProcessHeat",
    "WaterUse",
    "by_line",
]
