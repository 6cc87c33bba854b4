"""Measures on the blowers of the central wastewater plant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..components import ActivatedSludgePlant
from ..kernel.component import Component
from ..physics.wastewater import aeration_kwh_per_kg
from .base import HOURS_PER_YEAR, SETTINGS
from .desk import Saved
from .supplier import SupplierMeasure

if TYPE_CHECKING:
    from ..park import Park
    from ..timebase import Horizon

Share = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
DESK_LOAD_FRAC = 0.5
"""Mean output of blowers over what is installed, in desk calculations."""


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class AerationUpgrade(SupplierMeasure):
    """Trains get better blowers and finer bubbles: less electricity for the same oxygen.

    ``size`` is the share of the trains, 0-1. New blowers are sized for as much oxygen as before, so that their least output
    falls with their power.

    Parameters
    ----------
    existing_efficiency_frac, new_efficiency_frac : float
        Of blower, motor and converter together; adiabatic.
    existing_transfer_frac, new_transfer_frac : float
        Oxygen taken up over oxygen blown in, in wastewater.
    head_bar : float
        Pressure of the blowers; it is the same before and after [bar].
    """

    kind: ClassVar[str] = "aeration_upgrade"
    acts_on: ClassVar[tuple[type[Component], ...]] = (ActivatedSludgePlant,)

    existing_efficiency_frac: Share = 0.55
    new_efficiency_frac: Share = 0.70
    existing_transfer_frac: Share = 0.12
    new_transfer_frac: Share = 0.15
    head_bar: Annotated[float, Field(gt=0, le=2, allow_inf_nan=False)] = 0.6

    def objection(self, supplier: Any) -> str:
        """Return why not, if what is new is no better."""
        return "" if self._gain_frac > 0 else "new_efficiency_frac × new_transfer_frac must be above that of what exists"

    def changed(self, supplier: Any) -> dict[str, Any]:
        """Lower the mean electricity per oxygen, and the power of the blowers."""
        kept = 1 - self.size * self._gain_frac
        return {
            "oxygen_kwh_per_kg": supplier.oxygen_kwh_per_kg * kept,
            "train_blower_kw": supplier.train_blower_kw * kept,
        }

    def largest(self, supplier: Any) -> float:
        """Return 1: all trains."""
        return 1.0

    def saved_on_paper(self, park: Park, horizon: Horizon) -> Saved:
        """Count the installed blowers at half their output at all hours × the gain."""
        return Saved(kwh=self.cost_quantity(park) * DESK_LOAD_FRAC * HOURS_PER_YEAR * self._gain_frac)

    def cost_quantity(self, park: Park) -> float:
        """Return the power of the blowers that are changed [kW]."""
        plant: ActivatedSludgePlant = self.supplier(park)
        return plant.trains * plant.train_blower_kw * self.size

    @property
    def _gain_frac(self) -> float:
        before = aeration_kwh_per_kg(self.head_bar, self.existing_efficiency_frac, self.existing_transfer_frac)
        return 1 - aeration_kwh_per_kg(self.head_bar, self.new_efficiency_frac, self.new_transfer_frac) / before
