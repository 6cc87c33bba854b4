"""A sewer: what is let in at its upper end comes out below after a while."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import field

from pydantic.dataclasses import dataclass

from ..kernel.component import Life, Storage
from ..kernel.load_book import Amounts, Bins
from ..kernel.mixing import Pipe
from ..kernel.passer import Passer
from ..kernel.ports import Port, inlet, outlet
from ..kernel.traces import Floats
from .bounds import STRICT, Positive


@dataclass(eq=False, kw_only=True, config=STRICT)
class Sewer(Storage, Passer):
    """A pipe with a travel time: plug flow, without a limit and without mixing.

    Parameters
    ----------
    place : str
        Where wastewater is let in.
    to : str
        Where it comes out.
    travel_h : float
        How long it takes [h]; a whole number of steps.
    step_h : float
        What is let in during a step comes out evenly during another [h].

    Raises
    ------
    ValueError
        If the travel time is not a whole number of steps.

    Notes
    -----
    Ports: ``inflow``, ``outflow``. The level is the water on its way; at hour 0 there is none. Real sewers let waves flatten
    and travel faster when full; both are left out. No events.
    """

    delays = True
    ways = "inflow", "outflow"
    inflow = inlet("wastewater", merit=5)
    outflow = outlet("wastewater")

    place: str = field()
    to: str = "sewer"
    travel_h: Positive = 1.0
    step_h: Positive = 0.5

    def __post_init__(self) -> None:
        steps = self.travel_h / self.step_h
        if abs(steps - round(steps)) > 1e-9 or steps < 1:
            raise ValueError(f"sewer.travel_h = {self.travel_h:g} h: must be a whole number of steps of {self.step_h:g} h")

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports, each at its place."""
        return super().declared_ports() | {"outflow": outlet("wastewater", place=self.to)}

    def start(self) -> None:
        """Nothing is on its way."""
        self.capacity = math.inf
        self.level = 0.0

    def operate(self) -> Iterable[Life]:
        """Return the life that passes water on step by step."""
        yield self._flow()

    def _flow(self) -> Life:
        outflow, step_h, step, before = self.outflow, self.step_h, 0, self.level
        parcels = deque([0.0] * (round(self.travel_h / step_h) - 1))
        while True:
            step += 1
            yield step * step_h
            level = self.level
            came = level - before + outflow.rate * step_h
            parcels.append(came if came > 0.0 else 0.0)
            before = level
            outflow.rate = parcels.popleft() / step_h
            self.redraw(outflow)

    def all_marks(self) -> tuple[float, ...]:
        """Return none: it is never full, and never runs empty before its time."""
        return ()

    def start_loads(self) -> None:
        """Start empty."""
        self.pipe = Pipe()

    def give(self, bins: Bins, moved: Mapping[str, Floats]) -> Mapping[str, Amounts]:
        """Return what has come to the lower end."""
        return {"outflow": self.pipe.pull(moved["outflow"])}

    def take(self, bins: Bins, moved: Mapping[str, Floats], came: Mapping[str, Amounts]) -> Mapping[str, Amounts]:
        """Let water in at the upper end."""
        self.pipe.push(moved["inflow"], came["inflow"])
        return {}

    def held(self) -> Amounts:
        """Return what is on its way [kg]."""
        return self.pipe.kg
