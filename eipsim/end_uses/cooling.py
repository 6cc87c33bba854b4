"""Air conditioning and process cooling by chillers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..kernel.ports import COMFORT
from ..physics.cooling import chilled_water_cop_ratio
from .base import SETTINGS, EachDriver, EndUse, Flow, Frac, NonNegative, inlet_flow

ChilledWater = Annotated[float, Field(ge=3, le=20, allow_inf_nan=False)]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class Cooling(EndUse):
    """Cooling, by chillers of its own or of a plant: of what comes through walls, of fresh air, of processes and of other uses.

    The envelope load follows the profile ``cooling_degree`` in working hours. Heat of lighting, motors and plug loads in
    cooled rooms is carried away when it arises, so light that is saved is cooling that is saved.

    Parameters
    ----------
    envelope_kw_th : float
        Heat through envelope and fresh air at the yearly mean of the weather [kW thermal].
    process_kw_th : float
        Heat of processes at full activity of the driver [kW thermal].
    cop : float
        Heat carried away per electricity of the whole plant, pumps and towers included, at the rated set point.
    rated_chilled_water_c : float
        Set point that ``cop`` is stated for [°C].
    chilled_water_c : float
        Set point [°C].
    standby_frac : float
        Share of the envelope load that is cooled outside working hours.
    served : bool
        Whether a chiller plant delivers chilled water: then the heat is drawn from its network, and coefficient of performance
        and set point are the plant's.
    """

    kind: ClassVar[str] = "cooling"
    priority: ClassVar[int] = COMFORT

    driver: EachDriver = "lines"
    envelope_kw_th: NonNegative
    process_kw_th: NonNegative = 0.0
    cop: Annotated[float, Field(ge=1, le=10, allow_inf_nan=False)] = 4.0
    rated_chilled_water_c: ChilledWater = 7.0
    chilled_water_c: ChilledWater = 7.0
    standby_frac: Frac = 0.0
    served: bool = False

    @property
    def cop_at_set_point(self) -> float:
        """Coefficient of performance at the set point."""
        return self.cop * float(chilled_water_cop_ratio(self.chilled_water_c, self.rated_chilled_water_c))

    def own_flows(self, others: Mapping[str, EndUse]) -> tuple[Flow, ...]:
        """Return envelope, process, and one flow for each electric flow that heats cooled rooms."""
        cop, carrier = (1.0, "chilled_water") if self.served else (self.cop_at_set_point, "electricity")
        envelope_kw = self.envelope_kw_th / cop
        left_on_kw = envelope_kw * self.standby_frac
        open_driver = "always" if self.driver == "always" else "open"
        gains = [
            heat._replace(
                name=f"gain_{name}_{heat.name}",
                carrier=carrier,
                rest=heat.rest / cop,
                run=heat.run / cop,
                priority=self.priority,
            )
            for name, other in sorted(others.items())
            for heat in other.room_heat()
        ]
        return (
            inlet_flow(
                "envelope",
                carrier,
                left_on_kw,
                envelope_kw - left_on_kw,
                open_driver,
                "cooling_degree",
                priority=self.priority,
            ),
            inlet_flow("process", carrier, 0.0, self.process_kw_th / cop, self.driver),
            *gains,
        )
