"""Heat of a process that chillers carry away, led to one that a boiler heats."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar, TypeVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..end_uses import Cooling, EndUse, ProcessHeat
from ..end_uses.process_heat import GJ_PER_KWH
from ..errors import CatalogueError, nearest
from .base import HOURS_PER_YEAR, SETTINGS, Measure
from .desk import DeskHours, Saved

if TYPE_CHECKING:
    from ..park import Park
    from ..timebase import Horizon

U = TypeVar("U", bound=EndUse)

PINCH_K = 5.0
"""Least difference of temperature in a heat exchanger [K]."""

Temperature = Annotated[float, Field(ge=5, le=300, allow_inf_nan=False)]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class HeatExchange(Measure):
    """What a process gives off preheats what a boiler heats: less fuel, and less for chillers to carry away.

    ``size`` is the heat that is led over at full activity [kW]; ``end_use`` is what is heated. Heat is led over when it
    arises, so both must follow the same lines; pumps of the exchanger are left out.

    Parameters
    ----------
    cooling_use : str
        Name of the end use that carries the heat away so far.
    source_c : float
        Temperature of the process that gives off the heat [°C].
    sink_c : float
        Temperature of what is heated, before it is [°C].
    """

    kind: ClassVar[str] = "heat_exchange"

    cooling_use: str
    source_c: Temperature = 60.0
    sink_c: Temperature = 30.0

    def __post_init__(self) -> None:
        """Refuse heat that would have to flow uphill."""
        super().__post_init__()
        if self.source_c < self.sink_c + PINCH_K:
            raise ValueError(f"source_c = {self.source_c:g}: must be at least {PINCH_K:g} K above sink_c = {self.sink_c:g}")

    def change(self, park: Park) -> Park:
        """Return the park in which boiler and chillers are spared the heat."""
        heat, cooling = self._both(park)
        _, most = self.size_bounds(park)
        if self.size > most * (1 + 1e-9):
            raise CatalogueError(f"row {self.id}, column size = {self.size:g}: must be from 0 to {most:g}")
        other = heat.other_vnd_per_h - self.other_vnd_per_yr / HOURS_PER_YEAR
        heated = replace(heat, useful_kw=max(heat.useful_kw - self.size, 0.0), other_vnd_per_h=other)
        cooled = replace(cooling, process_kw_th=max(cooling.process_kw_th - self.size, 0.0))
        return park.replace_end_use(self.factory, self.end_use, heated).replace_end_use(self.factory, self.cooling_use, cooled)

    def size_bounds(self, park: Park) -> tuple[float, float]:
        """Return 0 and the lesser of what is heated and what is cooled [kW]."""
        heat, cooling = self._both(park)
        return 0.0, min(heat.useful_kw, cooling.process_kw_th)

    def saved_on_paper(self, park: Park, horizon: Horizon) -> Saved:
        """Count fuel and electricity of that heat in scheduled hours."""
        heat, cooling = self._both(park)
        hours = DeskHours.of_factory(park, self.factory, horizon)
        heat_kwh = self.size * hours.of(heat.driver)
        fuel_kwh, chiller_kwh = heat_kwh / heat.available_heat_frac, heat_kwh / cooling.cop_at_set_point
        if heat.carrier == "electricity":
            return Saved(kwh=fuel_kwh + chiller_kwh)
        return Saved(kwh=chiller_kwh, fuel_gj={heat.carrier: fuel_kwh * GJ_PER_KWH})

    def cost_quantity(self, park: Park) -> float:
        """Return the heat that is led over [kW]."""
        return self.size

    def _both(self, park: Park) -> tuple[ProcessHeat, Cooling]:
        """Return what is heated and what is cooled."""
        heat, cooling = self._use(park, "end_use", ProcessHeat), self._use(park, "cooling_use", Cooling)
        if heat.driver != cooling.driver:
            place = f"row {self.id}, column cooling_use = {self.cooling_use!r}"
            reason = f"follows {cooling.driver}, and {self.end_use} follows {heat.driver}"
            raise CatalogueError(f"{place}: {reason}: heat is not stored, so both must follow the same")
        return heat, cooling

    def _use(self, park: Park, column: str, kind: type[U]) -> U:
        uses, name = self.tenant(park).end_uses, getattr(self, column)
        place = f"row {self.id}, column {column} = {name!r}"
        if name not in uses:
            raise CatalogueError(f"{place}: {self.factory} has no such end use; {nearest(name, uses)}")
        found = uses[name]
        if not isinstance(found, kind):
            raise CatalogueError(f"{place}: is {found.kind}; {self.kind} needs {kind.kind} there")
        return found
