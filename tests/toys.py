"""Small components to try the kernel with."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from eipsim.kernel.component import Component, Storage
from eipsim.kernel.ports import LINES, OUTLET, Port, gauge, inlet, outlet
from eipsim.kernel.run import Run
from eipsim.kernel.simulation import Simulation
from eipsim.timebase import Account, AccountGrid


def one_account(hours: float) -> AccountGrid:
    """Everything into one row."""
    return AccountGrid(np.array([0.0, hours]), np.array([0]), (Account(0, "normal"),))


def daily_accounts(hours: float) -> AccountGrid:
    """A row a day."""
    days = math.ceil(hours / 24)
    edges = np.append(np.arange(days) * 24.0, hours)
    return AccountGrid(edges, np.arange(days), tuple(Account(d, "normal") for d in range(days)))


def simulate(components: dict[str, Component], hours: float, **settings: object) -> Run:
    """Run with one account, unless another grid is given."""
    settings.setdefault("accounts", one_account(hours))
    return Simulation(components, hours=hours, **settings).run()  # type: ignore[arg-type]


@dataclass
class User(Component):
    """Draws its carriers at constant rates, all by one line."""

    takes: dict[str, float]
    gives: dict[str, float] | None = None
    place: str = "park"
    factors: tuple[str, ...] = ()
    priority: int = LINES
    line: int | None = 0

    def declared_ports(self) -> dict[str, Port]:
        common = {"factors": self.factors, "activity": 0, "line": self.line}
        taken = {c: inlet(c, run=rate, priority=self.priority, **common) for c, rate in self.takes.items()}
        given = {f"{c}_out": outlet(c, run=rate, **common) for c, rate in (self.gives or {}).items()}
        return taken | given | {"output": gauge("output", run=1.0, activity=0, line=self.line)}

    def start(self) -> None:
        self.activity[0] = 1.0


@dataclass
class Shifty(Component):
    """Gives a flow of one carrier while it works, by a daily clock."""

    carrier: str
    rate: float
    start_h: float = 6.0
    end_h: float = 22.0
    direction: int = OUTLET
    place: str = "park"

    def declared_ports(self) -> dict[str, Port]:
        return {"flow": Port(self.carrier, self.direction, run=self.rate, activity=0)}

    def operate(self):
        return [self.work()]

    def work(self):
        day = 0
        while True:
            for hour, on in ((self.start_h, 1.0), (self.end_h, 0.0)):
                yield self.wait_until(24 * day + hour)
                self.activity[0] = on
                self.changed()
            day += 1


@dataclass
class Reminder(Component):
    """Logs that it woke at some hours, and changes nothing."""

    hours: tuple[float, ...]

    def operate(self):
        yield self.remind()

    def remind(self):
        for hour in self.hours:
            yield self.wait_until(hour)
            self.log("woke", hour)


@dataclass
class Foreman(Component):
    """Lets lines of a factory stand still, now one, now two at once."""

    orders: str = ""

    def disturbs(self):
        return (self.orders,)

    def operate(self):
        yield self._give_orders()

    def _give_orders(self):
        factory = self.simulation.components[self.orders]
        for hour in range(5, 160, 9):
            yield self.wait_until(float(hour))
            factory.hold(hour % len(factory.lines), True)
            yield self.wait_until(hour + 4.1)
            factory.hold((hour + 1) % len(factory.lines), True)
            yield self.wait_until(hour + 6.3)
            for k in range(len(factory.lines)):
                factory.hold(k, False)


@dataclass
class Machine(Component):
    """Up and down by chance; counts its hours up."""

    mtbf_h: float
    mttr_h: float
    crew: str = ""

    def declared_ports(self) -> dict[str, Port]:
        return {"up": gauge("state", run=1.0, activity=0), "waiting": gauge("state", run=1.0, activity=1)}

    def start(self) -> None:
        self.activity[0] = 1.0

    def operate(self):
        return [self.live()]

    def set(self, *activity: float) -> None:
        self.activity[0], self.activity[1] = activity
        self.changed()

    def live(self):
        chance = self.stream("failure")
        crew = self.simulation.components.get(self.crew)
        while True:
            yield self.wait_random(chance.exponential(self.mtbf_h), chance)
            if crew is not None:
                self.set(0.0, 1.0)
                yield crew.request(self, "machine")
            self.set(0.0, 0.0)
            yield self.wait_random(chance.exponential(self.mttr_h), chance)
            if crew is not None:
                crew.release()
            self.set(1.0, 0.0)


@dataclass
class Connection(Component):
    """Supplies or takes one carrier up to a capacity."""

    carrier: str
    direction: int = OUTLET
    merit: float = 9.0
    capacity: float = math.inf
    place: str = "park"
    factors: tuple[str, ...] = ()

    def declared_ports(self) -> dict[str, Port]:
        return {"flow": Port(self.carrier, self.direction, self.merit, factors=self.factors)}

    def limit(self, port: Port) -> float:
        return self.capacity


@dataclass
class Tank(Storage):
    """Storage beside a bus."""

    carrier: str
    capacity: float
    merit_in: float = 2.0
    merit_out: float = 3.0
    power: float = math.inf

    def declared_ports(self) -> dict[str, Port]:
        return {"fill": inlet(self.carrier, self.merit_in), "draw": outlet(self.carrier, self.merit_out)}

    def start(self) -> None:
        self.level = 0.0

    def net_rate(self) -> float:
        return self.fill.rate - self.draw.rate

    def limit(self, port: Port) -> float:
        movable = self.level < self.capacity if port is self.fill else self.level > 0
        return self.power if movable else 0.0


@dataclass
class InLineTank(Storage):
    """Takes what comes; a pump passes on a steady flow."""

    carrier: str
    into: str
    capacity: float
    pump_per_h: float

    def declared_ports(self) -> dict[str, Port]:
        return {"fill": inlet(self.carrier, 5.0), "draw": outlet(self.into)}

    def start(self) -> None:
        self.level = 0.0

    def net_rate(self) -> float:
        return self.fill.rate - self.draw.rate

    def limit(self, port: Port) -> float:
        return math.inf if self.level < self.capacity else self.pump_per_h

    def respond(self) -> None:
        self.draw.rate = self.pump_per_h if self.level > 0 else min(self.pump_per_h, self.fill.rate)


@dataclass
class Pump(Component):
    """Passes one carrier on with power from another."""

    carrier: str
    into: str
    kwh_per_unit: float
    capacity: float = math.inf

    def declared_ports(self) -> dict[str, Port]:
        return {"inflow": inlet(self.carrier, 5.0), "outflow": outlet(self.into), "power": inlet("electricity", priority=1)}

    def limit(self, port: Port) -> float:
        return self.capacity

    def respond(self) -> None:
        self.outflow.rate = self.inflow.rate
        self.power.rate = self.kwh_per_unit * self.inflow.rate


@dataclass
class MainsMeter(Component):
    """Joins a site to the next place: imports without limit, exports up to a cap."""

    carrier: str
    place: str
    to: str = ""
    export_cap: float = 0.0

    def declared_ports(self) -> dict[str, Port]:
        return {
            "import_": outlet(self.carrier, 9.0),
            "export": inlet(self.carrier, 1.0),
            "drawn": inlet(self.carrier, place=self.to),
            "fed": outlet(self.carrier, place=self.to),
        }

    def limit(self, port: Port) -> float:
        return self.export_cap if port is self.export else math.inf

    def respond(self) -> None:
        self.drawn.rate, self.fed.rate = self.import_.rate, self.export.rate


def grid(capacity: float = math.inf) -> Connection:
    """An electricity supply."""
    return Connection("electricity", OUTLET, 9.0, capacity)
