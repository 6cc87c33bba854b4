"""Capacitors beside a factory's meter."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic.dataclasses import dataclass

from ..kernel.ports import INLET
from ..physics.power_factor import corrected_power_factor_frac, power_factor_surcharge_frac, reactive_kvar
from .base import SETTINGS, Measure
from .desk import Saved, drawn_on_paper

if TYPE_CHECKING:
    from ..park import Park
    from ..timebase import Horizon


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class PowerFactorCorrection(Measure):
    """Capacitors lift the power factor of the month's bill, which has a surcharge below 0.90; no kilowatt-hour is saved.

    ``size`` is their reactive power [kvar], switched with the load so that the factor of full activity is that of the month. It
    acts on no end use, and has no other savings. What less current spares in cables and transformers is not counted.
    """

    kind: ClassVar[str] = "power_factor_correction"

    def __post_init__(self) -> None:
        """Refuse an end use, or savings that belong to one."""
        super().__post_init__()
        if self.end_use or self.other_vnd_per_yr:
            raise ValueError("end_use: must be empty, and other_vnd_per_yr 0, for power_factor_correction")

    def change(self, park: Park) -> Park:
        """Return the park with a better power factor of the factory."""
        return park.replace(self.factory, power_factor_frac=self._corrected_frac(park))

    def size_bounds(self, park: Park) -> tuple[float, float]:
        """Return 0 and the reactive power at full activity [kvar]."""
        return 0.0, float(reactive_kvar(self._active_kw(park), self.tenant(park).power_factor_frac))

    def saved_on_paper(self, park: Park, horizon: Horizon) -> Saved:
        """Count the surcharge that is spared, on the electricity of the schedule."""
        before, after = self.tenant(park).power_factor_frac, self._corrected_frac(park)
        spared_frac = power_factor_surcharge_frac(before) - power_factor_surcharge_frac(after)
        return Saved(spared_price_kwh=spared_frac * drawn_on_paper(park, self.factory, "electricity", horizon))

    def cost_quantity(self, park: Park) -> float:
        """Return the reactive power [kvar]."""
        return self.size

    def _active_kw(self, park: Park) -> float:
        """Return what the factory draws at full activity [kW]."""
        flows = self.tenant(park).flows().values()
        return sum(f.rest + f.run for f in flows if (f.carrier, f.direction) == ("electricity", INLET))

    def _corrected_frac(self, park: Park) -> float:
        active_kw, before = self._active_kw(park), self.tenant(park).power_factor_frac
        if not active_kw:
            return before
        return min(float(corrected_power_factor_frac(active_kw, before, self.size)), 1.0)
