"""Boilers that make steam for a network: in the middle of the park, or on a factory's site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..carriers import FUELS
from ..errors import nearest
from ..kernel.ports import PLANT, Port, gauge, inlet, outlet
from ..physics.insulation import pipe_loss_w_per_m
from ..physics.steam import (
    MJ_PER_KWH,
    Firing,
    HotBoiler,
    blowdown_per_steam,
    combustion_efficiency_frac,
    makeup_per_steam,
    saturated,
    steam_duty_kj_per_kg,
)
from .bounds import STRICT, Frac, NonNegative, Positive, PositiveOrInfinite, Whole
from .supplier import BlowsDown, Supplier

AMBIENT_C = 30.0
"""Air around the main, and combustion air [°C]; C."""

Water = Annotated[float, Field(gt=0, le=200, allow_inf_nan=False)]
Oxygen = Annotated[float, Field(ge=0.005, le=0.16, allow_inf_nan=False)]
FlueGas = Annotated[float, Field(ge=60, le=450, allow_inf_nan=False)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Boiler:
    """One boiler of a house.

    Parameters
    ----------
    name : str
        Within the house.
    rating_t_per_h : float
        Steam at full fire, from the feed water of the house [t/h].
    fuels : tuple of str
        What it can burn; the first is burnt unless fuels are chosen by price.
    flue_o2_frac, flue_c : float
        Oxygen in the dry flue gas at full fire, and its temperature behind the economiser [°C].
    low_fire_o2_frac, low_fire_c : float
        The same at low fire.
    turndown_frac : float
        Lowest steady fire over full fire, 0-1; below it the boiler starts and stops. 1 if it has no other fire than full.
    cycles_per_h : float
        Starts in an hour while it is off half the time [1/h].
    purge_s : float
        Time for which the fan clears it before and after firing [s].
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    rating_t_per_h: Positive
    fuels: tuple[str, ...]
    flue_o2_frac: Oxygen = 0.04
    flue_c: FlueGas = 200.0
    low_fire_o2_frac: Oxygen = 0.07
    low_fire_c: FlueGas = 165.0
    turndown_frac: Annotated[float, Field(gt=0, le=1)] = 0.3
    cycles_per_h: NonNegative = 6.0
    purge_s: NonNegative = 60.0

    def __post_init__(self) -> None:
        if not self.fuels:
            raise ValueError(f"boiler {self.name}: fuels is empty: name at least one of {', '.join(FUELS)}")
        for fuel in self.fuels:
            if fuel not in FUELS:
                raise ValueError(f"boiler {self.name}: fuels = {fuel!r} is no fuel: {nearest(fuel, FUELS)}")

    def firing(self, fuel: str) -> Firing:
        """Return how it is fired with a fuel."""
        return Firing(
            fuel,
            self.flue_o2_frac,
            self.flue_c,
            self.low_fire_o2_frac,
            self.low_fire_c,
            self.turndown_frac,
            self.cycles_per_h,
            self.purge_s,
            AMBIENT_C,
        )


class Fired(NamedTuple):
    """A boiler in its place of the sequence, with the fuel that it burns."""

    boiler: Boiler
    firing: Firing


@dataclass(eq=False, kw_only=True, config=STRICT)
class BoilerHouse(Supplier, BlowsDown):
    """Makes dry steam as it is drawn, in boilers that are loaded one after the other.

    A boiler's fuel is (heat + loss of its casing) / combustion efficiency; below turndown starts and purging are added, see
    `physics.steam.boiler_fuel_kw`. Condensate comes back, blowdown goes to the sewer, city water makes up for both. The main
    is kept hot at all hours. A failed boiler waits for the crew, and the next of the sequence takes its load; if that is too
    little, users are cut by class.

    Parameters
    ----------
    place : str
        Where users are joined to the main; the site of a factory for a house of its own.
    fuel_place, water_place, power_place, sewer_place : str
        Where it draws fuels, city water and electricity, and lets its blowdown out.
    boilers : tuple of Boiler
        In the order in which they are loaded, unless fuels are chosen by price.
    fuel_choice : str
        ``order``: boilers as they are listed, each with its first fuel. ``price``: each with the fuel that gives the cheapest
        heat, and the boiler with the cheapest heat first.
    fuel_vnd_per_gj : mapping of str to float
        Prices that this goes by; `Scenario.build` sets them from the prices in force. Without them the order holds.
    steam_bar_g : float
        Pressure [bar above atmosphere].
    blowdown_frac : float
        Blowdown over feed water; salt of the feed water over what boiler water may have.
    condensate_frac : float
        Share of the steam that comes back, the main's drains included.
    condensate_c, makeup_c : float
        Temperature of the condensate at the feed tank and of city water [°C].
    main_m, main_diameter_mm, main_insulation_mm : float
        Length, outer diameter and insulation of the main; no loss at a length of 0.
    hot_count : int
        How many are kept hot at least, with or without load.
    power_kwh_per_t : float
        Electricity of feed pumps and fans per steam [kWh/t].
    blowdown_salts_g_per_m3 : float
        Dissolved solids of the blowdown [g/m3]; 0 if they are not followed.
    mtbf_h : float
        Mean time between failures of a boiler, exponential [h].
    repair_h_median, repair_sigma : float
        Length of a repair, lognormal: median [h] and sigma of the logarithm.
    crew : str
        Component that repairs; empty if someone always comes at once.
    paid_by : str
        Factory that pays its fuel; empty for the park's operator.

    Notes
    -----
    Ports: ``steam``; ``fuel_<boiler>``, ``water``, ``power``, ``blowdown``; gauges ``raised_<boiler>`` [t]. A tonne of water is
    taken as a cubic metre. Events: ``machine_down`` and ``machine_up`` with the number that are up. A repaired boiler is hot
    at once. A fuel that is short cuts the whole house: boilers don't change fuel within a year.
    """

    product: ClassVar[str] = "steam"
    steam = outlet("steam", merit=5)
    water = inlet("water", priority=PLANT)
    power = inlet("electricity", priority=PLANT)
    blowdown = outlet("wastewater")

    place: str = "steam_main"
    fuel_place: str = "fuel_depot"
    water_place: str = "water_main"
    power_place: str = "utilities"
    sewer_place: str = "sewer"
    boilers: tuple[Boiler, ...] = field()
    fuel_choice: Literal["order", "price"] = "order"
    fuel_vnd_per_gj: Mapping[str, float] = field(default_factory=dict)
    steam_bar_g: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] = 10.0
    blowdown_frac: Annotated[float, Field(ge=0, lt=0.5)] = 0.05
    condensate_frac: Frac = 0.6
    condensate_c: Water = 85.0
    makeup_c: Water = 28.0
    main_m: NonNegative = 0.0
    main_diameter_mm: Positive = 168.3
    main_insulation_mm: NonNegative = 60.0
    hot_count: Whole = 1
    power_kwh_per_t: NonNegative = 4.0
    blowdown_salts_g_per_m3: NonNegative = 0.0
    mtbf_h: PositiveOrInfinite = 3000.0
    repair_h_median: Positive = 12.0
    repair_sigma: NonNegative = 0.8
    crew: str = ""
    paid_by: str = ""

    def __post_init__(self) -> None:
        names = [boiler.name for boiler in self.boilers]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"boiler_house.boilers = {names}: must be one or more, each with a name of its own")
        boiling_c = saturated(self.steam_bar_g).boiling_c
        if self.condensate_c > boiling_c:
            raise ValueError(
                f"boiler_house.condensate_c = {self.condensate_c:g} °C: must be at most the {boiling_c:.1f} °C of the steam"
            )
        for fired in self.sequence:
            if min(combustion_efficiency_frac(fired.firing, fire) for fire in (fired.boiler.turndown_frac, 1.0)) < 0.4:
                raise ValueError(f"boiler {fired.boiler.name} loses more than 60 % by its flue: lower flue_o2_frac or flue_c")

    @cached_property
    def sequence(self) -> tuple[Fired, ...]:
        """Boilers as they are loaded, with their fuels."""
        prices = self.fuel_vnd_per_gj
        if self.fuel_choice == "order" or not prices:
            return tuple(Fired(boiler, boiler.firing(boiler.fuels[0])) for boiler in self.boilers)

        def vnd_per_heat(fired: Fired) -> float:
            return prices[fired.firing.fuel] / combustion_efficiency_frac(fired.firing, 1.0)

        cheapest = (min((Fired(b, b.firing(fuel)) for fuel in b.fuels), key=vnd_per_heat) for b in self.boilers)
        return tuple(sorted(cheapest, key=vnd_per_heat))

    @cached_property
    def duty_kwh_per_t(self) -> float:
        """Heat of a tonne of steam over its feed water and with its blowdown [kWh/t]."""
        kj_per_kg = steam_duty_kj_per_kg(
            self.steam_bar_g, self.blowdown_frac, self.condensate_frac, self.condensate_c, self.makeup_c
        )
        return kj_per_kg / MJ_PER_KWH

    @cached_property
    def makeup_m3_per_t(self) -> float:
        """City water that makes up for a tonne of steam [m3/t]."""
        return makeup_per_steam(self.blowdown_frac, self.condensate_frac)

    @cached_property
    def blowdown_m3_per_t(self) -> float:
        """Water that is let out with a tonne of steam [m3/t]."""
        return blowdown_per_steam(self.blowdown_frac)

    @cached_property
    def main_loss_t_per_h(self) -> float:
        """Steam that condenses in the main [t/h]."""
        if not self.main_m:
            return 0.0
        steam = saturated(self.steam_bar_g)
        w_per_m = pipe_loss_w_per_m(self.main_diameter_mm, steam.boiling_c, AMBIENT_C, insulation_mm=self.main_insulation_mm)
        return self.main_m * w_per_m / 1000 * MJ_PER_KWH / steam.latent_kj_per_kg

    @property
    def machines(self) -> tuple[str, ...]:
        """Names of the boilers, as they are listed."""
        return tuple(boiler.name for boiler in self.boilers)

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports at the main and at the places that it draws from."""
        ports = super().declared_ports() | {
            "water": inlet("water", place=self.water_place, priority=PLANT),
            "power": inlet("electricity", place=self.power_place, priority=PLANT),
        }
        if self.blowdown_frac:
            ports["blowdown"] = outlet("wastewater", place=self.sewer_place)
        else:
            del ports["blowdown"]
        for boiler, firing in self.sequence:
            ports[f"fuel_{boiler.name}"] = inlet(firing.fuel, place=self.fuel_place, priority=PLANT)
            ports[f"raised_{boiler.name}"] = gauge("steam")
        return ports

    def start(self) -> None:
        """All boilers are up at hour 0."""
        super().start()
        self.fired: list[tuple[str, float, HotBoiler, Port, Port]] = [
            (
                boiler.name,
                boiler.rating_t_per_h,
                HotBoiler(firing, boiler.rating_t_per_h * self.duty_kwh_per_t),
                getattr(self, f"fuel_{boiler.name}"),
                getattr(self, f"raised_{boiler.name}"),
            )
            for boiler, firing in self.sequence
        ]

    def can_give(self) -> float:
        """Return what the boilers that are up can raise [t/h]."""
        return sum(boiler.rating_t_per_h for boiler in self.boilers if boiler.name not in self.down)

    def limit(self, port: Port) -> float:
        """Return what the boilers that are up can raise, less what condenses in the main [t/h]."""
        return max(self.most - self.main_loss_t_per_h, 0.0)

    def respond(self) -> None:
        """Load the boilers in turn; draw fuel, water and power, and let the blowdown out."""
        served, steam = self.served, self.asked(self.main_loss_t_per_h)
        self.water.rate = served * self.makeup_m3_per_t * steam
        self.power.rate = served * self.power_kwh_per_t * steam
        if self.blowdown_frac:
            self.blowdown.rate = served * self.blowdown_m3_per_t * steam
        hot, down = self.hot_count, self.down
        for name, rating_t_per_h, boiler, fuel, raised in self.fired:
            load, fuel_kw = 0.0, 0.0
            if name not in down:
                load = steam if steam < rating_t_per_h else rating_t_per_h
                steam -= load
                if load or hot > 0:
                    fuel_kw = boiler.fuel_kw(load * self.duty_kwh_per_t)
                    hot -= 1
            fuel.rate = served * fuel_kw * MJ_PER_KWH / 1000
            raised.rate = served * load
