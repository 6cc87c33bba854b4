"""Measures on compressed air."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, ClassVar, Literal, cast

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..end_uses import CompressedAir, EndUse
from ..physics.compressed_air import NOZZLES, nozzle_flow_m3_per_min, pressure_power_ratio
from .base import SERVED, SETTINGS, EndUseMeasure, Frac
from .desk import DeskHours, Saved

Blowing = Literal[NOZZLES]  # type: ignore[valid-type]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class AirLeaks(EndUseMeasure):
    """Leaks are found and mended. What is saved depends on how far the compressors' control follows the flow.

    ``size`` is the share of the leaking flow that is mended, 0-1.
    """

    kind: ClassVar[str] = "air_leaks"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (CompressedAir,)

    def improve(self, end_use: EndUse) -> EndUse:
        """Lower the leaking flow."""
        air = cast(CompressedAir, end_use)
        return replace(air, leak_m3_per_min=air.leak_m3_per_min * (1 - self.size))

    def largest(self, end_use: EndUse) -> float:
        """Return 1: all leaks."""
        return 1.0

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count flow × full-load specific power × hours, as if the control followed in full."""
        air = cast(CompressedAir, end_use)
        mended = air.leak_m3_per_min * self.size
        return Saved(kwh=mended * air.specific_power_kw_per_m3_per_min * hours.standing(air.driver))

    def quantity(self, end_use: EndUse) -> float:
        """Return the flow that is mended [m3/min]."""
        return cast(CompressedAir, end_use).leak_m3_per_min * self.size


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class AirPressure(EndUseMeasure):
    """The set point is lowered: less work per flow, and less flow through leaks and unregulated users.

    ``size`` is the reduction [bar].

    Parameters
    ----------
    lowest_bar_g : float
        Pressure that the machines need [bar].
    """

    kind: ClassVar[str] = "air_pressure"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (CompressedAir,)

    lowest_bar_g: Annotated[float, Field(ge=2, le=12, allow_inf_nan=False)] = 5.5

    def objection(self, end_use: EndUse) -> str:
        """Return why not, for air of a station."""
        return SERVED.format("station_pressure", "compressor station") if cast(CompressedAir, end_use).served else ""

    def improve(self, end_use: EndUse) -> EndUse:
        """Lower the set point."""
        air = cast(CompressedAir, end_use)
        return replace(air, pressure_bar_g=air.pressure_bar_g - self.size)

    def largest(self, end_use: EndUse) -> float:
        """Return what is left above the pressure that machines need [bar]."""
        return max(cast(CompressedAir, end_use).pressure_bar_g - self.lowest_bar_g, 0.0)

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count full-load power × hours × the isentropic fraction, leaks left as they are."""
        air = cast(CompressedAir, end_use)
        fraction = 1 - float(pressure_power_ratio(air.pressure_bar_g - self.size, air.pressure_bar_g))
        return Saved(kwh=air.full_load_kw * hours.of(air.driver) * fraction)

    def quantity(self, end_use: EndUse) -> float:
        """Return the reduction [bar]."""
        return self.size


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class AirNozzles(EndUseMeasure):
    """Open pipes and tubes that blow get engineered nozzles: as much thrust on the workpiece with less air.

    ``size`` is how many are changed. They belong to the demand without pressure regulator.

    Parameters
    ----------
    open_line, nozzle : str
        What blows before and after: see `physics.compressed_air.NOZZLES`.
    nozzle_bar_g : float
        Pressure at the nozzle, below the set point by what the line loses [bar].
    blowing_frac : float
        Share of the time of full activity in which each blows, 0-1.
    """

    kind: ClassVar[str] = "air_nozzles"
    acts_on: ClassVar[tuple[type[EndUse], ...]] = (CompressedAir,)

    open_line: Blowing = "pipe_1/8_in"
    nozzle: Blowing = "nozzle_2_mm"
    nozzle_bar_g: Annotated[float, Field(ge=1.5, le=8, allow_inf_nan=False)] = 4.0
    blowing_frac: Frac = 0.2

    def objection(self, end_use: EndUse) -> str:
        """Return why not, for a nozzle that blows no less or a pressure that is not there."""
        if self._spared_m3_per_min <= 0:
            return f"nozzle = {self.nozzle} must blow less than open_line = {self.open_line}, and blowing_frac be above 0"
        set_point = cast(CompressedAir, end_use).pressure_bar_g
        return (
            f"nozzle_bar_g = {self.nozzle_bar_g:g} is above the set point of {set_point:g} bar"
            if (self.nozzle_bar_g > set_point)
            else ""
        )

    def improve(self, end_use: EndUse) -> EndUse:
        """Lower the demand without regulator."""
        air = cast(CompressedAir, end_use)
        spared = self.size * self._spared_m3_per_min
        demand = max(air.demand_m3_per_min - spared, 0.0)
        unregulated = max(air.demand_m3_per_min * air.unregulated_frac - spared, 0.0)
        return replace(air, demand_m3_per_min=demand, unregulated_frac=unregulated / demand if demand else 0.0)

    def largest(self, end_use: EndUse) -> float:
        """Return how many would spare all demand without regulator."""
        air = cast(CompressedAir, end_use)
        return air.demand_m3_per_min * air.unregulated_frac / self._spared_m3_per_min

    def desk_saving(self, end_use: EndUse, hours: DeskHours, others: Mapping[str, EndUse]) -> Saved:
        """Count the spared air × full-load specific power × hours, as if the control followed in full."""
        air = cast(CompressedAir, end_use)
        spared = self.size * self._spared_m3_per_min
        return Saved(kwh=spared * air.specific_power_kw_per_m3_per_min * hours.of(air.driver))

    def quantity(self, end_use: EndUse) -> float:
        """Return how many are changed."""
        return self.size

    @property
    def _spared_m3_per_min(self) -> float:
        """Air that one of them spares, in the mean of full activity [m3/min]."""
        before, after = (float(nozzle_flow_m3_per_min(kind, self.nozzle_bar_g)) for kind in (self.open_line, self.nozzle))
        return self.blowing_frac * (before - after)
