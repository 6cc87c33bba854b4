"""Generators that stand by for a supply that goes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from pydantic.dataclasses import dataclass

from ..carriers import FUELS
from ..errors import nearest
from ..kernel.component import Component, Life
from ..kernel.ports import Port, gauge, inlet, outlet
from ..physics.genset import FUEL_MJ_PER_KWH, NO_LOAD_MJ_PER_H_PER_KW, genset_fuel_mj_per_h
from .bounds import STRICT, Count, Frac, NonNegative, Positive
from .outages import Interruptible, supply_chain


@dataclass(eq=False, kw_only=True, config=STRICT)
class StandbyGenerator(Component):
    """Sets that start when a feeder, or what that hangs on, is out, and stop when it is back.

    Each set starts after a delay, or fails to; one that has failed is repaired, and then starts if it is still wanted. Running
    sets share the load equally and come before the meter or the feeder in merit. What they can't give is cut by priority
    class. Below the least load a load bank takes the difference, so that the engine burns what that needs.

    Parameters
    ----------
    place : str
        The site behind a meter, or the place of a feeder.
    feeder : str
        The feeder or substation that it stands by for.
    sets : int
        How many.
    rating_kw : float
        Of each set [kW].
    start_delay_h : float
        From the outage until it carries load: start, warm-up, transfer [h].
    start_failure_frac : float
        Probability that a start fails, 0-1.
    repair_h_median, repair_sigma : float
        Of a set that has failed to start, lognormal: median [h] and sigma of the logarithm.
    min_load_frac : float
        Least load of the running sets over their rating, 0-1; makers want 0.3 or more.
    fuel : str
        One of the fuels.
    fuel_place : str
        Where it is delivered.
    fuel_mj_per_kwh, no_load_mj_per_h_per_kw : float
        Willans line: what each kilowatt-hour adds [MJ/kWh], and what turns the engine per rating [MJ/h/kW].

    Notes
    -----
    Ports: ``power``, ``burnt``, and the gauge ``running`` [set hours]. The way back to the grid is without a gap. Failures
    while running, fuel stocks and tests are not modelled. Events: ``start`` and ``start_failed`` with the number of the set,
    ``stop`` with the hours since the outage began [h].
    """

    supplementary = True
    power = outlet("electricity", merit=5)
    burnt = inlet("diesel")

    place: str = field()
    feeder: str = field()
    sets: Count = 1
    rating_kw: Positive = field()
    start_delay_h: NonNegative = 0.05
    start_failure_frac: Frac = 0.01
    repair_h_median: Positive = 4.0
    repair_sigma: NonNegative = 0.6
    min_load_frac: Frac = 0.3
    fuel: str = "diesel"
    fuel_place: str = "fuel_depot"
    fuel_mj_per_kwh: Positive = FUEL_MJ_PER_KWH
    no_load_mj_per_h_per_kw: NonNegative = NO_LOAD_MJ_PER_H_PER_KW

    def __post_init__(self) -> None:
        if self.fuel not in FUELS:
            raise ValueError(f"standby_generator.fuel = {self.fuel!r} is no fuel: {nearest(self.fuel, FUELS)}")

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports, the fuel's where it is delivered."""
        burnt = inlet(self.fuel, place=self.fuel_place)
        return super().declared_ports() | {"burnt": burnt, "running": gauge("state", activity=0)}

    def start(self) -> None:
        """All sets stand still at hour 0."""
        self.chain: tuple[Interruptible, ...] = ()
        self.running = [False] * self.sets
        self.repaired_h = [0.0] * self.sets
        self.outage, self.wanted, self.since_h = 0, False, 0.0

    def operate(self) -> Iterable[Life]:
        """Watch the supply."""
        self.chain = tuple(supply_chain(self, self.feeder))
        for part in self.chain:
            part.watchers.append(self)
        self.starts = [self.stream(f"set {k} starts") for k in range(self.sets)]
        self.repairs = [self.stream(f"set {k} repairs") for k in range(self.sets)]
        return ()

    def changed(self) -> None:
        """Start when the supply goes out, stop when it is back."""
        wanted = not all(part.up for part in self.chain)
        if wanted and not self.wanted:
            self.wanted, self.since_h = True, self.now
            for k in range(self.sets):
                self.simulation.live(self._start(k, self.outage))
        elif self.wanted and not wanted:
            self.wanted, self.outage = False, self.outage + 1
            self.running = [False] * self.sets
            self.log("stop", self.now - self.since_h)
        self.activity[0] = float(sum(self.running))
        super().changed()

    def _start(self, k: int, outage: int) -> Life:
        """Bring one set to its load, unless the outage is over before."""
        fails = self.starts[k].uniform() < self.start_failure_frac
        yield self.wait_until(max(self.now + self.start_delay_h, self.repaired_h[k]))
        if self.outage != outage:
            return
        if fails:
            self.log("start_failed", k)
            repair_h = self.repairs[k].lognormal(self.repair_h_median, self.repair_sigma)
            self.repaired_h[k] = self.wait_random(repair_h, self.repairs[k])
            yield self.wait_until(self.repaired_h[k])
            if self.outage != outage:
                return
        self.running[k] = True
        self.log("start", k)
        self.changed()

    def limit(self, port: Port) -> float:
        """Return the rating of the sets that run [kW]."""
        return self.rating_kw * sum(self.running)

    def respond(self) -> None:
        """Burn what the load needs, or the least load [GJ/h]."""
        rating_kw = self.rating_kw * sum(self.running)
        load_kw = max(self.power.rate, self.min_load_frac * rating_kw)
        line = (self.no_load_mj_per_h_per_kw, self.fuel_mj_per_kwh)
        self.burnt.rate = genset_fuel_mj_per_h(load_kw, rating_kw, *line) / 1000.0
