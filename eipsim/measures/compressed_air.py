"""Measures on compressed air."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, ClassVar, cast

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..end_uses import CompressedAir, EndUse
from ..physics.compressed_air import pressure_power_ratio
from .base import SERVED, SETTINGS, EndUseMeasure
from .desk import DeskHours, Saved


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
        return SERVED.format("pressure_bar_g", "compressor station") if cast(CompressedAir, end_use).served else ""

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
