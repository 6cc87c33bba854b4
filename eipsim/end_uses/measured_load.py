"""A measured load in place of modelled end uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic.dataclasses import dataclass

from .base import SETTINGS, Driver, EndUse, Flow, inlet_flow

MEASURED = "measured:"
"""What the profile of a measured load is called before the load's name."""


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class MeasuredLoad(EndUse):
    """Electricity as a meter read it, at all hours, whatever the lines do.

    Measures that act on end uses find nothing to act on in it: it is one number per interval.

    Parameters
    ----------
    measured_load : str
        Name of a measured load of the park.
    """

    kind: ClassVar[str] = "measured_load"

    measured_load: str
    driver: Driver = "always"

    @property
    def profile(self) -> str:
        """Name of the profile that it follows."""
        return f"{MEASURED}{self.measured_load}"

    def own_flows(self, others: Mapping[str, EndUse]) -> tuple[Flow, ...]:
        """Return the load: 1 kW times its profile."""
        return (inlet_flow("electricity", "electricity", 0.0, 1.0, "always", self.profile, priority=self.priority),)
