"""A factory's own tank between its drains and the sewer, which is told to hold back, and stops wet lines when it is full."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import field

from pydantic.dataclasses import dataclass

from ..kernel.component import Life
from ..kernel.ports import Port, inlet, outlet
from .basin import InLineBasin
from .bounds import STRICT, Frac, Positive, Whole
from .equalisation_tank import EqualisationTank
from .factory import Factory


@dataclass(eq=False, kw_only=True, config=STRICT)
class BufferTank(InLineBasin):
    """Takes all wastewater of one site and pumps it to the sewer, less while the central tank's alarm is on.

    Parameters
    ----------
    place : str
        The site.
    to : str
        The sewer.
    factory : str
        Component whose wet lines stop while the tank is full.
    wet_lines : tuple of int
        Those lines, counted from 0; all if empty.
    tank : str
        Component whose alarm orders to hold back; empty for none.
    capacity_m3 : float
        Volume [m3].
    pump_m3_per_h : float
        The most that is pumped [m3/h].
    hold_frac : float
        Share of it while the order holds, 0-1.
    resume_frac : float
        Level over capacity at which stopped lines go on, 0-1.
    start_frac : float
        Level at hour 0 over capacity, 0-1.

    Notes
    -----
    Ports: ``fill``, ``draw``. What comes while it is full and wet lines stand still goes on to the sewer: people and leaks
    are not stopped. Events: ``hold back`` and ``let go`` with the level [m3], ``lines stop`` and ``lines go on`` with the
    level [m3]; hours of stopped lines count as idle.
    """

    fill = inlet("wastewater", merit=5)
    draw = outlet("wastewater")

    place: str = field()
    to: str = "sewer"
    factory: str = field()
    wet_lines: tuple[Whole, ...] = ()
    tank: str = ""
    capacity_m3: Positive = field()
    pump_m3_per_h: Positive = field()
    hold_frac: Frac = 0.3
    resume_frac: Frac = 0.8
    start_frac: Frac = 0.1

    def __post_init__(self) -> None:
        if not 0 < self.resume_frac < 1:
            raise ValueError(f"buffer_tank.resume_frac = {self.resume_frac:g}: must be more than 0 and below 1")

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports, each at its place."""
        return super().declared_ports() | {"draw": outlet("wastewater", place=self.to)}

    def start(self) -> None:
        """Start at the given level, without an order."""
        super().start()
        self.resume = self.resume_frac * self.capacity
        self.marks = (0.0, self.resume, self.capacity)
        self.held_back, self.stopped = False, False
        self.central: EqualisationTank | None = None

    def disturbs(self) -> Iterable[str]:
        """Return the factory whose lines it stops."""
        return (self.factory,)

    def operate(self) -> Iterable[Life]:
        """Watch the central tank, and look whether its alarm has changed."""
        if self.tank:
            tank = self.simulation.components[self.tank]
            assert isinstance(tank, EqualisationTank)
            self.central = tank
            tank.ordered.append(self)
        return ()

    def _heed(self) -> None:
        """Note an order that has just come or gone."""
        if self.central is not None and self.held_back != self.central.is_high:
            self.held_back = not self.held_back
            self.log("hold back" if self.held_back else "let go", self.level)

    @property
    def set_m3_per_h(self) -> float:
        """What the pump is set to [m3/h]."""
        central = self.central
        return self.pump_m3_per_h if central is None or not central.is_high else self.pump_m3_per_h * self.hold_frac

    def limit(self, port: Port) -> float:
        """Return no limit: what a full tank can't hold goes on to the sewer [m3/h]."""
        return math.inf

    def changed(self) -> None:
        """Heed an order before responding to it."""
        self._heed()
        super().changed()

    def passed_mark(self) -> None:
        """Stop wet lines at a full tank, and let them go on when it has room again."""
        full, falls = self.level == self.capacity, self.net < 0
        if full and not self.stopped:
            self._stop(True)
        elif self.stopped and self.level == self.resume and falls:
            self._stop(False)

    def _stop(self, stopped: bool) -> None:
        self.stopped = stopped
        self.log("lines stop" if stopped else "lines go on", self.level)
        factory = self.simulation.components[self.factory]
        assert isinstance(factory, Factory)
        ordered = self.held_back and self.central is not None
        root, why = (self.tank, "orders to hold back") if ordered else (self.name, "full")
        for k in self.wet_lines or range(len(factory.lines)):
            factory.hold(k, stopped, root, why)
