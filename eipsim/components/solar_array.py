"""Solar arrays on the roofs of a site."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import field
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..kernel.component import Life
from ..kernel.ports import Port, gauge, outlet
from .bounds import STRICT, Frac, NonNegative, Positive, PositiveOrInfinite
from .outages import Interruptible, Repairable, crew_of, supply_chain
from .rain import RAIN, Rain

CLEANING_BEGINS_H = 7.0
"""Hour of the day at which cleaners begin [h]."""


@dataclass(eq=False, kw_only=True, config=STRICT)
class SolarArray(Repairable):
    """Offers what the sun gives, and is curtailed where nobody takes it.

    It follows the context's profile ``solar:<tilt>:<azimuth>`` [kW of alternating current per kWp] without being woken.
    Its inverters fail one by one; what is left is in proportion. Dirt is a mean loss, or grows with the days, is washed off
    by rain and cleaned by a crew. Where it names the feeder of its site it stops while that is out.

    Parameters
    ----------
    place : str
        The site.
    peak_kw : float
        Peak power of the modules at standard test conditions [kWp].
    tilt_deg, azimuth_deg : float
        Of the modules: 0 is flat; 180 is south.
    mount : {"close_roof", "open_rack", "insulated_back"}
        How the modules are cooled.
    dc_ac_ratio : float
        Module power over inverter power; the inverter cuts what is above.
    system_loss_frac : float
        Losses before the inverter but dirt and outages: shading, mismatch, cables, first light, rating, 0-1.
    age_yr, degradation_frac_per_yr : float
        Age at hour 0 [yr] and loss per year of age, compounded and held over the horizon, 0-1; silicon loses 0.005 a year
        (Jordan & Kurtz 2013, doi:10.1002/pip.1182).
    soiling_frac : float
        Mean loss to dirt, 0-1; with ``soiling_frac_per_d`` the loss at hour 0.
    soiling_frac_per_d : float
        What a dry day adds to the loss [1/d]; 0 keeps the mean. Kimber et al. (2006) found 0.001-0.003 in dry seasons.
    soiling_most_frac : float
        The most that dirt can take, 0-1.
    wash_mm : float
        Rain of a day that washes the modules [mm].
    grace_d : float
        Days on which no dirt settles, that of the wash the first [d].
    clean_from_frac : float
        Loss at which cleaners are called, 0-1; 1 for never.
    cleaning_crew : str
        Component that cleans; empty if someone always comes at once.
    cleaning_kw_per_h : float
        Modules cleaned in an hour [kWp/h].
    inverter_kw : float
        Greatest power of one inverter; as few as that allows share the array equally [kW].
    mtbf_h : float
        Mean time between failures of an inverter, exponential [h].
    repair_h_median, repair_sigma : float
        Until it is replaced, lognormal: median [h] and sigma of the logarithm.
    crew : str
        Component that repairs; empty if someone always comes at once.
    feeder : str
        Feeder of the site; empty if nothing can be out.
    islanding : bool
        Whether it goes on while its feeder, or what that hangs on, is out. Today's grid-following inverters can't.
    owner : {"site", "third_party"}
        Who sells its power: the site uses it for nothing, or buys it from a third party.
    discount_frac : float
        What a third party's power costs less than the tariff's band, 0-1.

    Notes
    -----
    Ports: ``power``, and the gauge ``available``: curtailed energy is their difference; what is lost to dirt, age or an outage
    is not available. Events: ``inverter_down`` and ``inverter_up`` with the number that are up, ``washed`` and ``cleaned``
    with the loss that they took off.
    """

    supplementary = True
    power = outlet("electricity", merit=1)

    place: str = field()
    peak_kw: NonNegative = field()
    tilt_deg: float = 10.0
    azimuth_deg: float = 180.0
    mount: Literal["close_roof", "open_rack", "insulated_back"] = "close_roof"
    dc_ac_ratio: Annotated[float, Field(ge=0.5, le=3)] = 1.2
    system_loss_frac: Annotated[float, Field(ge=0, lt=1)] = 0.10
    age_yr: NonNegative = 0.0
    degradation_frac_per_yr: Annotated[float, Field(ge=0, lt=1)] = 0.0
    soiling_frac: Frac = 0.03
    soiling_frac_per_d: Frac = 0.0
    soiling_most_frac: Frac = 0.3
    wash_mm: Positive = 6.0
    grace_d: NonNegative = 0.0
    clean_from_frac: Frac = 1.0
    cleaning_crew: str = ""
    cleaning_kw_per_h: Positive = 250.0
    inverter_kw: Positive = 100.0
    mtbf_h: PositiveOrInfinite = 43800.0
    repair_h_median: Positive = 168.0
    repair_sigma: NonNegative = 0.6
    crew: str = ""
    feeder: str = ""
    islanding: bool = False
    owner: Literal["site", "third_party"] = "site"
    discount_frac: Frac = 0.1

    @property
    def inverters(self) -> int:
        """How many inverters share the array."""
        return max(1, math.ceil(self.peak_kw / self.inverter_kw))

    @property
    def is_washed(self) -> bool:
        """Whether dirt grows on it, so that it must know the rain."""
        return self.soiling_frac_per_d > 0

    @property
    def profile(self) -> str:
        """Name of the profile that it follows."""
        name = f"solar:{self.tilt_deg:g}:{self.azimuth_deg:g}"
        built = (self.mount, f"{self.dc_ac_ratio:g}", f"{self.system_loss_frac:g}")
        return name if built == ("close_roof", "1.2", "0.1") else ":".join((name, *built))

    @property
    def _aged_kw(self) -> float:
        """Power after age, and after the mean loss to dirt if there is only that [kWp]."""
        fixed_loss_frac = 0.0 if self.is_washed else self.soiling_frac
        left_frac: float = (1 - self.degradation_frac_per_yr) ** self.age_yr
        return self.peak_kw * (1 - fixed_loss_frac) * left_frac

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports, which follow the profile of the array's orientation."""
        sun = (self.profile,)
        available = gauge("available", activity=0, run=self._aged_kw, factors=sun)
        return {"power": outlet("electricity", merit=1, factors=sun), "available": available}

    def start(self) -> None:
        """All inverters are up at hour 0."""
        super().start()
        self.up = self.inverters
        self.dirt_frac = self.soiling_frac if self.is_washed else 0.0
        self.grid: tuple[Interruptible, ...] = ()
        self.activity[0] = 1.0 - self.dirt_frac

    def operate(self) -> Iterable[Life]:
        """Return the life of each inverter, of the dirt and of its cleaners."""
        if self.feeder and not self.islanding:
            self.grid = tuple(supply_chain(self, self.feeder))
            for part in self.grid:
                part.watchers.append(self)
        lives = [self.fail_and_repair(f"inverter {k}") for k in range(self.inverters)]
        if self.is_washed:
            lives.append(self._soil())
            if self.clean_from_frac < 1:
                lives.append(self._clean())
        return lives

    def _soil(self) -> Life:
        rain = self.simulation.components[RAIN]
        assert isinstance(rain, Rain)
        dry_d = self.grace_d
        for day, mm in enumerate(rain.mm_of_days, start=1):
            yield self.wait_until(24.0 * day)
            if mm >= self.wash_mm:
                dry_d = 0.0
                self._take_off("washed")
                continue
            dry_d += 1.0
            if dry_d >= self.grace_d:
                self.dirt_frac = min(self.dirt_frac + self.soiling_frac_per_d, max(self.soiling_most_frac, self.dirt_frac))
                self.announce()

    def _clean(self) -> Life:
        crew, day = crew_of(self, self.cleaning_crew), 0
        while True:
            yield self.wait_until(24.0 * day + CLEANING_BEGINS_H)
            if self.dirt_frac >= self.clean_from_frac:
                if crew is not None:
                    yield crew.request(self, "cleaning")
                yield self.wait(self.peak_kw / self.cleaning_kw_per_h)
                if crew is not None:
                    crew.release()
                self._take_off("cleaned")
            day = int(self.now // 24.0) + 1

    def _take_off(self, how: str) -> None:
        if self.dirt_frac:
            self.log(how, self.dirt_frac)
            self.dirt_frac = 0.0
            self.announce()

    def lose(self) -> None:
        """Do without one inverter."""
        self._turn(-1, "inverter_down")

    def regain(self) -> None:
        """Have one inverter more."""
        self._turn(+1, "inverter_up")

    def _turn(self, change: int, event: str) -> None:
        self.up += change
        self.log(event, self.up)
        self.announce()

    def changed(self) -> None:
        """Show what is available, and be dispatched anew; no `respond`, so that a site's buses can wait."""
        self.activity[0] = self.up / self.inverters * self._clean_frac
        super().changed()

    @property
    def _clean_frac(self) -> float:
        """What dirt leaves, 0 while there is no grid to follow."""
        return 1.0 - self.dirt_frac if all(part.up for part in self.grid) else 0.0

    def limit(self, port: Port) -> float:
        """Return what it could give under a profile of 1 [kW]."""
        return self._aged_kw * self.up / self.inverters * self._clean_frac
