"""The tank that all wastewater passes on its way to the plant."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import field
from itertools import pairwise
from typing import NamedTuple

from pydantic.dataclasses import dataclass

from ..kernel.component import Component, Life
from ..kernel.ports import Port, inlet, outlet
from .basin import InLineBasin
from .bounds import STRICT, Frac, Positive
from .wastewater_plant import WastewaterPlant


class Band(NamedTuple):
    """A pump rate and the level from which on it is set.

    Parameters
    ----------
    from_frac : float
        Level over capacity, 0-1.
    pump_m3_per_h : float
        Set flow [m3/h].
    """

    from_frac: float
    pump_m3_per_h: float


@dataclass(eq=False, kw_only=True, config=STRICT)
class EqualisationTank(InLineBasin):
    """An in-line tank: takes what comes while it has room, and sends a set flow on to the plant.

    The set flow steps up when the level rises to a band, and down again when it has fallen a dead band below, so that
    the night's lower inflow drains what the day has brought. It never exceeds what the plant's trains can take now: when
    a train is down the tank fills. Empty, it passes on what arrives, up to the set flow; full, it takes only that. Without
    power at the plant the pumps stop, and only a full tank passes on what it can't hold.

    Parameters
    ----------
    place : str
        Where wastewater arrives: the sewer.
    to : str
        Where equalised wastewater goes.
    plant : str
        Component whose capacity the pumps respect; empty for none.
    capacity_m3 : float
        Volume [m3].
    bands : tuple of Band
        Set flows by level, rising, the first from 0.
    dead_band_frac : float
        How far below its band the level must fall before the set flow steps down, over capacity, 0-1.
    start_frac : float
        Level at hour 0 over capacity, 0-1.
    high_frac : float
        Level of the alarm over capacity, 0-1.

    Notes
    -----
    Ports: ``fill``, ``draw``. Lift pumps' electricity is part of the plant's. Events: ``high`` when the level rises to
    the alarm and ``high_end`` when it falls below, ``full`` when it is full, each with the level [m3].
    """

    fill = inlet("wastewater", merit=5)
    draw = outlet("equalised")

    place: str = "sewer"
    to: str = "plant"
    plant: str = ""
    capacity_m3: Positive = field()
    bands: tuple[Band, ...] = field()
    dead_band_frac: Frac = 0.05
    start_frac: Frac = 0.2
    high_frac: Frac = 0.85

    def __post_init__(self) -> None:
        starts = [band.from_frac for band in self.bands]
        rising = all(a + self.dead_band_frac < b for a, b in pairwise(starts))
        if not starts or starts[0] != 0 or starts[-1] >= 1 or not rising:
            raise ValueError(
                f"equalisation_tank.bands start at {starts}: must start at 0, stay below 1 "
                f"and rise by more than the dead band of {self.dead_band_frac:g}"
            )
        if wrong := [band.pump_m3_per_h for band in self.bands if not 0 < band.pump_m3_per_h < math.inf]:
            raise ValueError(f"equalisation_tank.bands pump {wrong} m3/h: must be more than 0 and finite")

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports, each at its place."""
        return super().declared_ports() | {"draw": outlet("equalised", place=self.to)}

    def start(self) -> None:
        """Start at the given level, in the band that belongs to it."""
        super().start()
        self.steps_up = [band.from_frac * self.capacity for band in self.bands]
        self.steps_down = [step - self.dead_band_frac * self.capacity for step in self.steps_up]
        self.high = self.high_frac * self.capacity
        self.marks = tuple(sorted({*self.marks_ahead(True), *self.marks_ahead(False)}))
        self.band = max(k for k, step in enumerate(self.steps_up) if step <= self.level)
        self.is_high = self.level >= self.high
        self.watchers: list[Component] = []
        self.ordered: list[Component] = []
        self.works: WastewaterPlant | None = None
        if self.plant:
            plant = self.simulation.components[self.plant]
            assert isinstance(plant, WastewaterPlant)
            self.works = plant

    def marks_ahead(self, rises: bool) -> tuple[float, ...]:
        """Return empty, full and the alarm, and the bands that it may step up to, or down from."""
        steps = self.steps_up if rises else self.steps_down
        return tuple(sorted({0.0, self.capacity, self.high, *steps[1:]}))

    def operate(self) -> Iterable[Life]:
        """Watch the plant."""
        if self.works is not None:
            self.works.watchers.append(self)
        return ()

    @property
    def set_m3_per_h(self) -> float:
        """The flow that pumps are set to now [m3/h]."""
        pump = self.bands[self.band].pump_m3_per_h
        works = self.works
        return pump if works is None else min(pump, works.capacity_m3_per_h) * works.served

    def limit(self, port: Port) -> float:
        """Return no limit while there is room, else the set flow [m3/h]."""
        return math.inf if self.level < self.capacity else self.set_m3_per_h

    def passed_mark(self) -> None:
        """Step the set flow, and raise or end the alarm; tell a change to those who watch the band or obey the alarm."""
        rises, level, band, was_high = self.net > 0, self.level, self.band, self.is_high
        if rises:
            while self.band + 1 < len(self.bands) and level >= self.steps_up[self.band + 1]:
                self.band += 1
        else:
            while self.band and level <= self.steps_down[self.band]:
                self.band -= 1
        if level == self.high and rises != self.is_high:
            self.is_high = rises
            self.log("high" if rises else "high_end", level)
        if level == self.capacity:
            self.log("full", level)
        for component in self.watchers if self.band != band else ():
            component.changed()
        for component in self.ordered if self.is_high != was_high else ():
            component.changed()

    def left_mark(self, mark: float) -> None:
        """Respond if the tank is no longer empty or full: bands and the alarm changed when their marks were met."""
        if mark <= 0 or mark >= self.capacity:
            self.changed()
