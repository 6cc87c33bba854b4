"""A reservoir on the water main, which bridges what the works can't bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from pydantic.dataclasses import dataclass

from ..kernel.component import Follow, Storage
from ..kernel.ports import PLANT, Port, inlet, outlet
from .bounds import STRICT, Frac, NonNegative, Positive


@dataclass(eq=False, kw_only=True, config=STRICT)
class WaterReservoir(Storage):
    """Fills from what the works have to spare, and gives what they lack: treated water that floats on the main.

    While it holds water users are served in full up to its outlet's size. Empty, it gives nothing: users then share what the
    works bring by priority class, people before processes. It is full or empty at the exact instant, not at the next step.

    Parameters
    ----------
    place : str
        The main that works and users stand on.
    power_place : str
        Where its pumps draw electricity, if it has any.
    capacity_m3 : float
        Volume [m3].
    fill_m3_per_h, draw_m3_per_h : float
        The most that its inlet takes and its outlet gives [m3/h].
    pumping_kwh_per_m3 : float
        Electricity to bring its water back into the main [kWh/m3]; 0 for a tower, which also gives without power.
    start_frac : float
        Level at hour 0 over capacity, 0-1.
    low_frac : float
        Level of the alarm over capacity, 0-1.

    Notes
    -----
    Ports: ``fill`` ranks above the works, which it may draw on; ``draw`` ranks behind them; ``power`` if it pumps. Without
    losses; pressure in the main and the age of water are not modelled. Events: ``low`` when the level falls to the alarm and
    ``low_end`` when it rises above, ``empty`` and ``full``, each with the level [m3].
    """

    supplementary = True
    ways = "fill", "draw"
    fill = inlet("water", merit=10)
    draw = outlet("water", merit=10)

    place: str = "water_main"
    power_place: str = "utilities"
    capacity_m3: Positive = field()
    fill_m3_per_h: Positive = field()
    draw_m3_per_h: Positive = field()
    pumping_kwh_per_m3: NonNegative = 0.0
    start_frac: Frac = 1.0
    low_frac: Frac = 0.25

    def __post_init__(self) -> None:
        if not 0 < self.low_frac < 1:
            raise ValueError(f"water_reservoir.low_frac = {self.low_frac:g}: must be more than 0 and below 1")

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports, that of its pumps at its own place."""
        pumps = {"power": inlet("electricity", place=self.power_place, priority=PLANT)} if self.pumping_kwh_per_m3 else {}
        return super().declared_ports() | pumps

    def start(self) -> None:
        """Start at the given level."""
        self.capacity, self.level = self.capacity_m3, self.start_frac * self.capacity_m3
        self.low = self.low_frac * self.capacity
        self.marks = (0.0, self.low, self.capacity)

    def limit(self, port: Port) -> float:
        """Return the size of the inlet while there is room, and of the outlet while there is water [m3/h]."""
        if port.name == "fill":
            return self.fill_m3_per_h if self.level < self.capacity else 0.0
        return self.draw_m3_per_h if self.level > 0 else 0.0

    def follows(self) -> Mapping[str, Follow]:
        """Pump what it gives."""
        return {"power": Follow("draw", self.pumping_kwh_per_m3)} if self.pumping_kwh_per_m3 else {}

    def passed_mark(self) -> None:
        """Note an alarm, and when it is empty or full."""
        if self.level == self.low:
            self.log("low" if self.net < 0 else "low_end", self.level)
        else:
            self.log("empty" if self.level <= 0 else "full", self.level)
