"""Solar modules on a factory's roof, behind its meter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..errors import CatalogueError, EipsimError
from .base import SETTINGS, Measure, NonNegative, Positive
from .desk import Saved

if TYPE_CHECKING:
    from ..park import Park
    from ..timebase import Horizon


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class RooftopSolar(Measure):
    """Modules meet the residual load of the site; the surplus is sold as the rules allow, or curtailed.

    ``size`` is the peak power [kWp]. It acts on no end use, and has no other savings.

    Parameters
    ----------
    roof_m2 : float
        Roof that can carry modules [m2].
    area_m2_per_kwp : float
        Roof per peak power [m2/kWp].
    tilt_deg, azimuth_deg : float
        Of the modules; 180 is south [°].
    yield_kwh_per_kwp : float
        What a desk calculation takes a year to give; the simulation works with the sun of its context [kWh/kWp].
    """

    kind: ClassVar[str] = "rooftop_solar"

    roof_m2: NonNegative
    area_m2_per_kwp: Positive = 5.2
    tilt_deg: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)] = 10.0
    azimuth_deg: Annotated[float, Field(ge=0, lt=360, allow_inf_nan=False)] = 180.0
    yield_kwh_per_kwp: Positive = 1400.0

    def __post_init__(self) -> None:
        """Refuse an end use, or savings that belong to one."""
        super().__post_init__()
        if self.end_use or self.other_vnd_per_yr:
            raise ValueError("end_use: must be empty, and other_vnd_per_yr 0, for rooftop_solar")

    def change(self, park: Park) -> Park:
        """Return the park with modules, and a meter, on the site."""
        self.tenant(park)
        try:
            return park.add_solar(self.factory, self.size, self.tilt_deg, self.azimuth_deg)
        except EipsimError as error:
            raise CatalogueError(f"row {self.id}, column size = {self.size:g}: {error}") from None

    def size_bounds(self, park: Park) -> tuple[float, float]:
        """Return 0 and what the roof carries [kWp]."""
        self.tenant(park)
        return 0.0, self.roof_m2 / self.area_m2_per_kwp

    def saved_on_paper(self, park: Park, horizon: Horizon) -> Saved:
        """Count all that the modules give, as if every hour took it."""
        self.tenant(park)
        return Saved(kwh=self.size * self.yield_kwh_per_kwp)

    def cost_quantity(self, park: Park) -> float:
        """Return the peak power [kWp]."""
        return self.size
