"""Inlets, outlets and gauges: where a component meets a bus or a meter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .component import Component

INLET, OUTLET, GAUGE = -1, +1, 0

ALL_LINES = -1
"""``Port.line`` of a use that follows the mean output of all production lines of a component; activity k is that of line k."""

SAFETY, PLANT, LINES, COMFORT = 0, 1, 2, 3
"""Priority classes in a shortage: a lower class is served before a higher one."""


@dataclass(eq=False, slots=True)
class Port:
    """One flow between a component and the bus of one carrier at one place.

    A *flexible* port has a merit and is dispatched by its bus between zero and its component's limit: outlets from
    the lowest merit up, inlets from the highest down, a pair only while the inlet's merit is above the outlet's.
    Equal merits share in proportion to their limits.

    A *firm* port has its rate set by its component, in one of two ways. Free: ``respond`` sets ``rate``. Driven: it is
    rest + run × ``component.activity[k]``, which the ledger works out for all such ports at once.

    A *gauge* is a firm port without a bus: it is integrated, not balanced.

    Parameters
    ----------
    carrier : str
        Name of a carrier.
    direction : int
        ``INLET``, ``OUTLET`` or ``GAUGE``.
    merit : float or None
        Rank of a flexible port; None for a firm one.
    factors : tuple of str
        Profiles that multiply a firm rate, or the limit of a flexible port.
    activity : int or None
        The activity that drives a firm port; None for a free one.
    rest, run : float
        Rate at activity 0, and what activity 1 adds [rate unit of the carrier].
    line : int or None
        The production line whose output the use belongs to: in a shortage all ports of a line are cut alike, to the
        least fraction among its carriers. ``ALL_LINES`` for a use that follows the output of the whole factory: it is cut to
        the mean of the lines, and where production needs it, what it gets limits every line (`lines.Lines`). None for one that
        follows none (open hours, weather, the clock): it takes its own carrier's fraction.
    priority : int
        Class in a shortage.
    place : str
        Where the port stands, if not where its component does.
    like : tuple of (str, float)
        Firm inlets of the same component, and weights that add up to 1: in a shortage a user's outlet is cut as they are,
        beside what its line is cut. Empty for an outlet that flows whatever its component gets.

    Attributes
    ----------
    rate : float
        What flows now; a plain number, so that hooks cost no array access.
    seen : float
        The rate that other buses have been told of.
    limit, factor, most : float
        Of a flexible port: what its component allows, the present product of its profiles, and the most that it can
        carry now.
    uncut : float
        Rate before the shortage of this instant was shared out.
    """

    carrier: str
    direction: int
    merit: float | None = None
    factors: tuple[str, ...] = ()
    activity: int | None = None
    rest: float = 0.0
    run: float = 1.0
    line: int | None = None
    priority: int = LINES
    place: str = ""
    like: tuple[tuple[str, float], ...] = ()
    rate: float = 0.0
    seen: float = 0.0
    limit: float = 0.0
    factor: float = 1.0
    most: float = 0.0
    uncut: float = 0.0
    name: str = ""
    component: Component = None  # type: ignore[assignment]

    @property
    def firm(self) -> bool:
        """Whether the component, not the bus, sets the rate."""
        return self.merit is None

    def take_limit(self) -> None:
        """Take what its component allows now, and with it the most that it can carry; of a flexible port."""
        self.limit = self.component.limit(self)
        self.most = self.limit * self.factor

    def on(self, component: Component, name: str) -> Port:
        """Return a copy that belongs to a component."""
        return Port(
            self.carrier,
            self.direction,
            self.merit,
            self.factors,
            self.activity,
            self.rest,
            self.run,
            self.line,
            self.priority,
            self.place or component.place,
            self.like,
            name=name,
            component=component,
        )


def inlet(
    carrier: str,
    merit: float | None = None,
    *,
    place: str = "",
    factors: tuple[str, ...] = (),
    activity: int | None = None,
    rest: float = 0.0,
    run: float = 1.0,
    line: int | None = None,
    priority: int = LINES,
) -> Port:
    """Declare what a component takes; see `Port`."""
    return Port(carrier, INLET, merit, factors, activity, rest, run, line, priority, place)


def outlet(
    carrier: str,
    merit: float | None = None,
    *,
    place: str = "",
    factors: tuple[str, ...] = (),
    activity: int | None = None,
    rest: float = 0.0,
    run: float = 1.0,
    line: int | None = None,
) -> Port:
    """Declare what a component gives; see `Port`."""
    return Port(carrier, OUTLET, merit, factors, activity, rest, run, line, place=place)


def gauge(
    carrier: str,
    *,
    factors: tuple[str, ...] = (),
    activity: int | None = None,
    rest: float = 0.0,
    run: float = 1.0,
    line: int | None = None,
) -> Port:
    """Declare what is counted and flows nowhere: output, money, hours in a state; see `Port`."""
    return Port(carrier, GAUGE, None, factors, activity, rest, run, line)
