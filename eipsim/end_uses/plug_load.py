"""Electric loads without own engineering: machine controls, offices, pumps of the house, cold stores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic.dataclasses import dataclass

from .base import SETTINGS, EndUse, Flow, Frac, NonNegative, Positive, inlet_flow, scaled, shifted


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class PlugLoad(EndUse):
    """A nameplate load with a share that stays on, of which a part may be moved out of peak hours.

    Parameters
    ----------
    nameplate_kw : float
        Power at full activity [kW].
    standby_frac : float
        Share that stays on at activity 0.
    cooled_frac : float
        Share of the power that ends as heat in cooled rooms.
    shifted_frac : float
        Share of the use in peak hours that is moved to off-peak hours.
    off_peak_ratio : float
        Hours in the peak band over hours in the off-peak band in which the use runs.
    """

    kind: ClassVar[str] = "plug_load"

    nameplate_kw: NonNegative
    standby_frac: Frac = 0.1
    cooled_frac: Frac = 0.0
    shifted_frac: Frac = 0.0
    off_peak_ratio: Positive = 30 / 42

    def own_flows(self, others: Mapping[str, EndUse]) -> tuple[Flow, ...]:
        """Return the load, and its shifted part if any."""
        return shifted(self._unshifted(), self.shifted_frac, self.off_peak_ratio)

    def room_heat(self) -> tuple[Flow, ...]:
        """Return the load in cooled rooms."""
        return scaled(self.own_flows({}), self.cooled_frac)

    def _unshifted(self) -> Flow:
        rest_kw = self.nameplate_kw * self.standby_frac
        return inlet_flow(
            "electricity", "electricity", rest_kw, self.nameplate_kw - rest_kw, self.driver, priority=self.priority
        )
