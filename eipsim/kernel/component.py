"""What every component is: ports, and the hooks that the simulation calls."""

from __future__ import annotations

import math
from collections.abc import Collection, Generator, Iterable, Mapping, MutableSequence, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from .filling import Filling
from .ports import Port

if TYPE_CHECKING:
    from .foresight import Foretold, Ints
    from .losses import Hours
    from .run import Cause
    from .simulation import Simulation
    from .streams import Stream
    from .traces import Floats

Life = Generator[Any, Any, None]
"""A component's life: a generator that yields the hour at which it wakes again, or a SimPy event."""


class Follow(NamedTuple):
    """How a firm port follows what a flexible one of the same component was dispatched: gain × its rate + rest × served.

    Parameters
    ----------
    source : str
        Name of the flexible port.
    gain : float
        Rate per rate of the source [rate unit of the port over that of the source].
    rest : float
        What flows at a rate of 0 [rate unit of the port].
    """

    source: str
    gain: float = 1.0
    rest: float = 0.0


class Component:
    """A unit of the park: a dataclass of parameters, ports in the class body, and the hooks that it needs.

    Subclasses are dataclasses; fields are parameters and are never changed by a run. State is created in `start` on
    the run's own copy. A component without flexible ports is a *user*: its rates depend on its own state alone. One
    with flexible ports is a *utility*: it also responds to what it was dispatched.

    Attributes
    ----------
    name, place : str
        What it is called, and where its ports stand if they don't say.
    activity_factors : sequence of str
        For each activity a profile that multiplies it ("" for none): rate = (rest + run × activity × its profile) ×
        the port's profiles.
    served : float
        The share of its need that a utility gets in a shortage; its limits shrink with it by themselves [1].
    is_utility : bool
        Whether a bus dispatches any of its ports.
    foreseeable : bool
        Whether its lives depend on nothing but time, chance and crews, and change nothing but activities.
    foreseen : bool
        Whether they are lived before the clock starts, and `foretold` then: they may note what comes without waiting.
    takes_orders : bool
        Whether another `disturbs` what was foreseen of it; then its activities are noted as they come.
    heeds : bool
        Whether `respond` is called after each dispatch, as it is after `changed` and in a shortage. `respond` may take that
        back until the next `changed`, when no dispatch matters in the state that it finds.
    deaf_to : collection of str
        Flexible ports of which `respond` does not look at what they were dispatched: it is not called for their buses.
    supplementary : bool
        Whether it only helps out others (sun, battery, standby, reservoir), and so is no root of a shortage beside them.
    """

    name: str = ""
    place: str = "park"
    served: float = 1.0
    heeds: bool = True
    activity_factors: Sequence[str] = ()
    deaf_to: ClassVar[Collection[str]] = ()
    supplementary: ClassVar[bool] = False
    ports: list[Port]
    activity: MutableSequence[float]
    is_utility: bool = False
    foreseeable: bool = False
    foreseen: bool = False
    takes_orders: bool = False
    simulation: Simulation

    def declared_ports(self) -> dict[str, Port]:
        """Ports of the class body; override to add ports that depend on parameters."""
        return {
            key: port for kind in reversed(type(self).__mro__) for key, port in vars(kind).items() if isinstance(port, Port)
        }

    def start(self) -> None:
        """Set the state at hour 0."""

    def operate(self) -> Iterable[Life]:
        """Return the lives of the component: each yields waits, changes state, calls `changed`."""
        return ()

    def foretold(self) -> Foretold:
        """Return all that foreseen lives did to activities; needed if ``foreseeable``."""
        raise NotImplementedError

    def act_out(self, activities: Ints, values: Floats) -> None:
        """Take what was foreseen of some activities for now while orders hide it; needed if it can be disturbed."""
        raise NotImplementedError

    def disturbs(self) -> Iterable[str]:
        """Return the names of components whose activities it may hide during a run; their lives go on behind that."""
        return ()

    def respond(self) -> None:
        """Set activities, and rates of free firm ports, from state and dispatched rates: pure and idempotent."""

    def limit(self, port: Port) -> float:
        """Return the most that a flexible port can carry now, before its factors; may change only with `changed`."""
        return math.inf

    def bind(self, name: str, simulation: Simulation) -> None:
        """Take a name and a simulation; called once, on the run's own copy."""
        self.name, self.simulation = name, simulation
        self.ports = [port.on(self, key) for key, port in self.declared_ports().items()]
        self.is_utility = any(not port.firm for port in self.ports)
        for port in self.ports:
            setattr(self, port.name, port)
        driven = 1 + max((p.activity for p in self.ports if p.activity is not None), default=-1)
        self.activity = [0.0] * max(driven, len(self.activity_factors))

    @property
    def acts(self) -> bool:
        """Whether it has a `respond` of its own."""
        return type(self).respond is not Component.respond

    @property
    def responds(self) -> bool:
        """Whether it acts on what it was dispatched; only then are those rates kept up to date for it."""
        return self.acts

    def fault(self) -> str:
        """Return what keeps it from doing what it usually can, such as ``out``; empty if nothing is the matter."""
        return ""

    def stops(self, hours: Hours) -> Iterable[tuple[int, Cause, float]]:
        """Yield hours that its production lines lost to causes of its own, by line and cause, when a run is over [h]."""
        return ()

    def follows(self) -> Mapping[str, Follow]:
        """Return the firm ports that are proportional to a flexible one of the component, by name: no `respond` is needed."""
        return {}

    def standing(self, port: Port) -> float:
        """Return the part of a firm draw that is there, served in full, whatever is dispatched [rate unit of the carrier]."""
        follow = self.follows().get(port.name)
        return 0.0 if follow is None else follow.rest

    def changed(self) -> None:
        """Ask for `respond` at the end of this instant."""
        self.simulation.touch(self)

    def redraw(self, port: Port) -> None:
        """Settle at the end of this instant if a firm port of a utility has a new rate; nothing else may have changed."""
        self.simulation.redraw(port)

    def relimit(self, port: Port) -> None:
        """Settle at the end of this instant with a new `limit` of a flexible port; what follows from it is for `respond`."""
        self.simulation.relimit(port)

    def wait_until(self, hour: float) -> float:
        """Return what to yield for an absolute hour; an hour that has passed is now."""
        return hour

    def wait(self, hours: float) -> float:
        """Return what to yield for that many hours from now."""
        return self.simulation.now + hours

    def wait_random(self, duration_h: float, stream: Stream) -> float:
        """Return what to yield for a random duration, which ends on the calendar of the stream."""
        return stream.end_of(self.simulation.now, duration_h)

    def stream(self, purpose: str) -> Stream:
        """Return the random numbers of this component for one purpose."""
        return self.simulation.stream(self.name, purpose)

    def log(self, what: str, value: float, hour: float | None = None) -> None:
        """Write an event of this component into the run's log: of now, or of an hour that is over [h]."""
        self.simulation.log(self.name, what, value, hour)

    @property
    def now(self) -> float:
        """Hours since the horizon started."""
        return self.simulation.now


class Storage(Component):
    """A component with a level that follows its own net inflow, and settles exactly when it meets a mark.

    Subclasses define ``capacity`` (a parameter), ``ways`` or `net_rate`, and may define ``marks``. The level is found anew only
    when the net rate changes, and when a mark is met or left; read in between it is what the net rate has made of it.

    Attributes
    ----------
    rests : bool
        Whether its level stands still while its flexible outlets stay within `rests_below`; their buses may be cleared later.
    ways : tuple of str
        Names of the port that fills it and of the one that empties it, if its net rate is the difference of their rates.
    filling : Filling
        How full it is, and where its net rate leads.
    """

    rests: ClassVar[bool] = False
    ways: ClassVar[tuple[str, ...]] = ()

    capacity: float
    marks: tuple[float, ...] = ()
    filling: Filling

    def bind(self, name: str, simulation: Simulation) -> None:
        """Take a name and a simulation, and be empty."""
        super().bind(name, simulation)
        self.filling = Filling(self)

    def net_rate(self) -> float:
        """Return what flows in less what flows out [rate unit of the carrier]; only asked for if there are no ``ways``."""
        inward, outward = self.way_ports()
        return inward.rate - outward.rate

    def way_ports(self) -> tuple[Port, Port]:
        """Return the ports of its ``ways``."""
        inward, outward = (getattr(self, name) for name in self.ways)
        return inward, outward

    def rests_below(self, port: Port) -> float:
        """Return up to which rate of a flexible outlet the level surely stands still now; may change only with `changed`."""
        return -math.inf

    def all_marks(self) -> tuple[float, ...]:
        """Return the sorted levels at which the simulation settles: empty, full and the component's own, or none at all."""
        return self.marks or (0.0, self.capacity)

    def marks_ahead(self, rises: bool) -> tuple[float, ...]:
        """Return the marks at which it settles while its level rises, or while it falls; full, or empty, is among them."""
        return self.all_marks()

    @property
    def level(self) -> float:
        """What it holds now."""
        filling = self.filling
        net = filling.net
        return filling.level + net * (self.simulation.now - filling.found_h) if net else filling.level

    @level.setter
    def level(self, level: float) -> None:
        self.filling.level = level

    @property
    def net(self) -> float:
        """The net rate that it has been told of last [rate unit of the carrier]."""
        return self.filling.net

    def passed_mark(self) -> None:
        """Note that the level has just met a mark; override to log or to count."""

    def left_mark(self, mark: float) -> None:
        """Respond, as the level has just left a mark; override where that changes nothing."""
        self.changed()
