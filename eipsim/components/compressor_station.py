"""Compressors that serve a network of compressed air."""

from __future__ import annotations

import math
from dataclasses import field
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..kernel.ports import Port, gauge, inlet, outlet
from ..physics.compressed_air import (
    load_unload_power_frac,
    part_load_power_frac,
    pressure_flow_ratio,
    pressure_power_ratio,
)
from .bounds import STRICT, Frac, NonNegative, Positive, PositiveOrInfinite
from .supplier import Supplier

Pressure = Annotated[float, Field(ge=2, le=14, allow_inf_nan=False)]
Control = Literal["start_stop", "variable_speed", "load_unload", "modulating"]
MINUTES = 60.0

FOLLOW_FRAC = {"start_stop": 1.0, "variable_speed": 0.95, "modulating": 0.3}
"""How far power follows flow: MEASUR's modes; a converter's losses and least speed leave about 5 % [B]."""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Compressor:
    """One compressor of a station.

    Parameters
    ----------
    name : str
        Within the station.
    capacity_m3_per_min : float
        Free air at full load [m3/min].
    specific_power_kw_per_m3_per_min : float
        Full-load power per free air at the station's rated pressure [kW/(m3/min)]; 6-8 at 7 bar.
    control : str
        ``start_stop``, ``variable_speed``, ``load_unload`` or ``modulating``.
    unloaded_frac : float
        Power at idle over full-load power of a ``load_unload`` control, 0-1: 0.15-0.35.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    capacity_m3_per_min: Positive
    specific_power_kw_per_m3_per_min: Annotated[float, Field(ge=3, le=20, allow_inf_nan=False)] = 6.8
    control: Control = "load_unload"
    unloaded_frac: Frac = 0.16


@dataclass(eq=False, kw_only=True, config=STRICT)
class CompressorStation(Supplier):
    """Delivers free air at one pressure; its power follows the flow as far as the control of the machine on trim lets it.

    Compressors at fixed speed are loaded in the order of the list; if one has a variable speed, it takes what they leave. As
    many run as draw least; the others are off. Leaks of the network flow at all hours, with the
    absolute pressure.

    Parameters
    ----------
    place : str
        Where users are joined to the network; the site of a factory for a station of its own.
    power_place : str
        Where it draws electricity.
    compressors : tuple of Compressor
        In the order in which they are loaded.
    rated_pressure_bar_g, pressure_bar_g : float
        Pressure that powers and leaks are stated for, and set point [bar].
    leak_m3_per_min : float
        Free air that the network leaks at the rated pressure [m3/min]; factories have leaks of their own.
    receiver_m3, band_bar : float
        Volume of receivers and mains [m3], and band of pressure in which a compressor loads and unloads [bar].
    mtbf_h : float
        Mean time between failures of a compressor, exponential [h].
    repair_h_median, repair_sigma : float
        Length of a repair, lognormal: median [h] and sigma of the logarithm.
    crew : str
        Component that repairs; empty if someone always comes at once.
    paid_by : str
        Factory that pays its electricity; empty for the park's operator.

    Notes
    -----
    Ports: ``compressed_air``, ``power``; gauge ``made`` [m3], leaks included. Its power is of the class of lines: in a
    shortage it is cut as they are. Events: ``machine_down`` and ``machine_up`` with the number that are up. A receiver holds a
    minute of flow and the clock stands still for a quarter of an hour: as a storage it would be full and empty within one
    interval, so what it changes, the cycles of a load/unload control, is in the power.
    """

    product: ClassVar[str] = "compressed_air"
    compressed_air = outlet("compressed_air", merit=5)
    power = inlet("electricity")
    made = gauge("compressed_air")

    place: str = "air_main"
    power_place: str = "utilities"
    compressors: tuple[Compressor, ...] = field()
    rated_pressure_bar_g: Pressure = 7.0
    pressure_bar_g: Pressure = 7.0
    leak_m3_per_min: NonNegative = 0.0
    receiver_m3: Positive = 10.0
    band_bar: Annotated[float, Field(gt=0, le=3, allow_inf_nan=False)] = 0.7
    mtbf_h: PositiveOrInfinite = 4000.0
    repair_h_median: Positive = 8.0
    repair_sigma: NonNegative = 0.8
    crew: str = ""
    paid_by: str = ""

    def __post_init__(self) -> None:
        names = list(self.machines)
        if not names or len(set(names)) < len(names):
            raise ValueError(f"compressor_station.compressors = {names}: must be one or more, each with a name of its own")
        if sum(one.control == "variable_speed" for one in self.compressors) > 1:
            raise ValueError("compressor_station.compressors: at most one may have a variable speed: only one can trim")
        if self.leak_at_set_point_m3_per_min >= sum(one.capacity_m3_per_min for one in self.compressors):
            raise ValueError(
                f"compressor_station.leak_m3_per_min = {self.leak_m3_per_min:g}: must be less than the compressors can deliver"
            )

    @property
    def machines(self) -> tuple[str, ...]:
        """Names of the compressors."""
        return tuple(one.name for one in self.compressors)

    @cached_property
    def leak_at_set_point_m3_per_min(self) -> float:
        """Free air that the network leaks at the set point [m3/min]."""
        return self.leak_m3_per_min * float(pressure_flow_ratio(self.pressure_bar_g, self.rated_pressure_bar_g))

    @cached_property
    def leak_m3_per_h(self) -> float:
        """Free air that the network leaks at the set point [m3/h]."""
        return MINUTES * self.leak_at_set_point_m3_per_min

    @cached_property
    def power_ratio(self) -> float:
        """Power per flow at the set point over that at the rated pressure [1]."""
        return float(pressure_power_ratio(self.pressure_bar_g, self.rated_pressure_bar_g))

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports; the power stands at its own place."""
        return super().declared_ports() | {"power": inlet("electricity", place=self.power_place)}

    @cached_property
    def known_kw(self) -> dict[tuple[float, frozenset[str]], float]:
        """Power that has been worked out, by flow [m3/min] and machines that are down [kW]."""
        return {}

    @property
    def _up(self) -> list[Compressor]:
        return [one for one in self.compressors if one.name not in self.down]

    def can_give(self) -> float:
        """Return what the compressors that are up can deliver, leaks of the network included [m3/h]."""
        return MINUTES * sum(one.capacity_m3_per_min for one in self._up)

    def limit(self, port: Port) -> float:
        """Return what the compressors that are up can deliver, less the leaks of the network [m3/h]."""
        return max(self.most - self.leak_m3_per_h, 0.0)

    def respond(self) -> None:
        """Load the compressors; draw their power."""
        served, air_m3_per_h = self.served, self.asked(self.leak_m3_per_h)
        self.made.rate = served * air_m3_per_h
        self.power.rate = served * self.power_kw(air_m3_per_h / MINUTES)

    def power_kw(self, flow_m3_per_min: float) -> float:
        """Return the least power with which machines that are up can deliver a flow of free air [kW].

        More air never takes less, so that what a shortage cuts is never too little.
        """
        if not flow_m3_per_min:
            return 0.0
        asked = flow_m3_per_min, self.down
        kw = self.known_kw.get(asked)
        if kw is None:
            kw = self.known_kw[asked] = self._least_kw(flow_m3_per_min)
        return kw

    def _least_kw(self, flow_m3_per_min: float) -> float:
        fixed = [one for one in self._up if one.control != "variable_speed"]
        trims = [None, *(one for one in self._up if one.control == "variable_speed")]
        ways = (self._way_kw(fixed[:n], trim, flow_m3_per_min) for n in range(len(fixed) + 1) for trim in trims)
        return self.power_ratio * min(ways)

    def _way_kw(self, fixed: list[Compressor], trim: Compressor | None, flow_m3_per_min: float) -> float:
        """Return the power if exactly these run, at the rated pressure; infinite if they can't deliver the flow."""
        left, kw = flow_m3_per_min, 0.0
        for one in fixed:
            load = min(left, one.capacity_m3_per_min)
            left -= load
            kw += self.compressor_kw(one, load)
        if trim is not None:
            load = min(left, trim.capacity_m3_per_min)
            left -= load
            kw += self.compressor_kw(trim, load)
        return kw if left <= 1e-9 * flow_m3_per_min else math.inf

    def compressor_kw(self, one: Compressor, load_m3_per_min: float) -> float:
        """Return what one compressor draws at a flow and the rated pressure [kW]."""
        full_kw = one.specific_power_kw_per_m3_per_min * one.capacity_m3_per_min
        flow_frac = load_m3_per_min / one.capacity_m3_per_min
        if one.control != "load_unload":
            return full_kw * float(part_load_power_frac(flow_frac, FOLLOW_FRAC[one.control]))
        return full_kw * load_unload_power_frac(
            flow_frac,
            one.unloaded_frac,
            capacity_m3_per_min=one.capacity_m3_per_min,
            receiver_m3=self.receiver_m3,
            band_bar=self.band_bar,
        )
