"""Measures on compressor stations that serve a network of compressed air."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..components import CompressorStation
from ..components.compressor_station import MINUTES
from ..end_uses import CompressedAir
from ..kernel.component import Component
from ..physics.compressed_air import pressure_power_ratio
from .base import HOURS_PER_YEAR, SETTINGS, Positive
from .desk import Saved, supplied_on_paper
from .supplier import SupplierMeasure

if TYPE_CHECKING:
    from ..components.compressor_station import Compressor
    from ..park import Park
    from ..timebase import Horizon

HALF = 0.5
"""Flow of a compressor on trim over its capacity, in desk calculations."""


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class StationMeasure(SupplierMeasure):
    """A measure on a compressor station."""

    acts_on: ClassVar[tuple[type[Component], ...]] = (CompressorStation,)


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class StationLeaks(StationMeasure):
    """Leaks of the network itself are found and mended. What is saved depends on how far the machine on trim follows.

    ``size`` is the share of the network's leaks that is mended, 0-1; those of factories are `AirLeaks`.
    """

    kind: ClassVar[str] = "station_leaks"

    def objection(self, supplier: Any) -> str:
        """Return why not, for a network without leaks."""
        return "" if supplier.leak_m3_per_min else "its network has no leaks: leak_m3_per_min is 0"

    def changed(self, supplier: Any) -> dict[str, Any]:
        """Lower the leaking flow."""
        return {"leak_m3_per_min": supplier.leak_m3_per_min * (1 - self.size)}

    def largest(self, supplier: Any) -> float:
        """Return 1: all leaks."""
        return 1.0

    def saved_on_paper(self, park: Park, horizon: Horizon) -> Saved:
        """Count flow × specific power of the first compressor × all hours, as if the control followed in full."""
        station: CompressorStation = self.supplier(park)
        mended = station.leak_m3_per_min * self.size
        return Saved(kwh=mended * station.compressors[0].specific_power_kw_per_m3_per_min * HOURS_PER_YEAR)

    def cost_quantity(self, park: Park) -> float:
        """Return the flow that is mended [m3/min]."""
        return float(self.supplier(park).leak_m3_per_min) * self.size


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class StationPressure(StationMeasure):
    """The set point of the network is lowered: less work per flow, and less flow through leaks and unregulated users.

    ``size`` is the reduction [bar].

    Parameters
    ----------
    lowest_bar_g : float
        Pressure that the farthest user needs at the station [bar].
    """

    kind: ClassVar[str] = "station_pressure"

    lowest_bar_g: Annotated[float, Field(ge=2, le=12, allow_inf_nan=False)] = 5.5

    def changed(self, supplier: Any) -> dict[str, Any]:
        """Lower the set point."""
        return {"pressure_bar_g": supplier.pressure_bar_g - self.size}

    def change(self, park: Park) -> Park:
        """Return the park with a lower set point of the station, and of those whom it serves."""
        station: CompressorStation = self.supplier(park)
        park = super().change(park)
        for name, factory in park.factories().items():
            if station.place in (factory.place, park.parents.get(("compressed_air", factory.place))):
                for key, use in factory.end_uses.items():
                    if isinstance(use, CompressedAir) and use.served:
                        lower = replace(use, pressure_bar_g=park.components[self.factory].pressure_bar_g)  # type: ignore[attr-defined]
                        park = park.replace_end_use(name, key, lower)
        return park

    def largest(self, supplier: Any) -> float:
        """Return what is left above the pressure that users need [bar]."""
        return max(float(supplier.pressure_bar_g) - self.lowest_bar_g, 0.0)

    def saved_on_paper(self, park: Park, horizon: Horizon) -> Saved:
        """Count the air of the schedules and the leaks × specific power × the isentropic fraction, flows left as they are."""
        station: CompressorStation = self.supplier(park)
        fraction = 1 - float(pressure_power_ratio(station.pressure_bar_g - self.size, station.pressure_bar_g))
        air_m3 = supplied_on_paper(park, station, horizon) + MINUTES * station.leak_m3_per_min * HOURS_PER_YEAR
        return Saved(kwh=air_m3 / MINUTES * station.compressors[0].specific_power_kw_per_m3_per_min * fraction)


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class StationDrive(StationMeasure):
    """The last compressor of the list gets a converter, so that it trims beside the others in full.

    ``size`` is 1: a station has one machine on trim.
    """

    kind: ClassVar[str] = "station_drive"

    def objection(self, supplier: Any) -> str:
        """Return why not, for a part of a converter, or where a machine trims already."""
        if self.size != int(self.size):
            return f"size = {self.size:g}: must be 0 or 1"
        trims = [one.name for one in supplier.compressors if one.control == "variable_speed"]
        return f"{trims[0]} has a variable speed already, and only one can trim" if trims else ""

    def changed(self, supplier: Any) -> dict[str, Any]:
        """Give the last one a variable speed."""
        *others, last = supplier.compressors
        return {"compressors": (*others, replace(last, control="variable_speed"))}

    def largest(self, supplier: Any) -> float:
        """Return 1."""
        return 1.0

    def saved_on_paper(self, park: Park, horizon: Horizon) -> Saved:
        """Count what it draws less at half its flow, at all hours."""
        station: CompressorStation = self.supplier(park)
        last = station.compressors[-1]
        spared_kw = _at_half_kw(station, last) - _at_half_kw(station, replace(last, control="variable_speed"))
        return Saved(kwh=self.size * spared_kw * HOURS_PER_YEAR)

    def cost_quantity(self, park: Park) -> float:
        """Return the power of the compressor [kW]."""
        last = self.supplier(park).compressors[-1]
        return float(self.size * last.capacity_m3_per_min * last.specific_power_kw_per_m3_per_min)


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class StationReceiver(StationMeasure):
    """More receivers: a load/unload compressor loads less often, so that its sump has time to fall.

    ``size`` is the volume that is added [m3].

    Parameters
    ----------
    most_m3 : float
        Receivers and mains for which there is room [m3].
    """

    kind: ClassVar[str] = "station_receiver"

    most_m3: Positive = 60.0

    def objection(self, supplier: Any) -> str:
        """Return why not, where no compressor loads and unloads."""
        cycling = any(one.control == "load_unload" for one in supplier.compressors)
        return "" if cycling else "none of its compressors loads and unloads"

    def changed(self, supplier: Any) -> dict[str, Any]:
        """Add the volume."""
        return {"receiver_m3": supplier.receiver_m3 + self.size}

    def largest(self, supplier: Any) -> float:
        """Return the room that is left [m3]."""
        return max(self.most_m3 - float(supplier.receiver_m3), 0.0)

    def saved_on_paper(self, park: Park, horizon: Horizon) -> Saved:
        """Count what the last load/unload compressor draws less at half its flow, at all hours."""
        station: CompressorStation = self.supplier(park)
        trim = [one for one in station.compressors if one.control == "load_unload"][-1]
        larger = replace(station, **self.changed(station))
        return Saved(kwh=(_at_half_kw(station, trim) - _at_half_kw(larger, trim)) * HOURS_PER_YEAR)


def _at_half_kw(station: CompressorStation, one: Compressor) -> float:
    """Return the power of a compressor at half its flow and the rated pressure [kW]."""
    return station.compressor_kw(one, HALF * one.capacity_m3_per_min)
