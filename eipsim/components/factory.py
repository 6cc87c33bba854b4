"""Factories: production lines that work, set up, break down and wait for a crew, and end uses that follow them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..end_uses import EndUse, Flow, by_line
from ..kernel.ports import ALL_LINES, Port, gauge
from .bounds import STRICT, NonNegative, VoltageClass, Whole
from .line import DOWN, RUN, SET_UP, UNORDERED, WAITING, Line
from .producing import Producing

if TYPE_CHECKING:
    from ..kernel.simulation import Simulation


@dataclass(eq=False, kw_only=True, config=STRICT)
class Factory(Producing):
    """A tenant: production lines on a calendar, and one metered port for each flow of each end use.

    A line with batches goes through set-up and batch while the factory works, stops with the shift and goes on with the
    next one. Breakdowns come with running time; then the line waits for the crew, which also works when the factory
    does not. A line without batches runs whenever the factory works. A factory whose lines all are so follows the
    profile ``calendar:<name>`` and is woken by breakdowns alone.

    Parameters
    ----------
    place : str
        The site, where its ports stand unless the park joins them to a place further up.
    calendar : str
        Name of a calendar of the park.
    lines : tuple of Line
        At least one.
    end_uses : mapping of str to EndUse
        By name; the ports are called ``<end use>_<flow>``.
    crew : str
        Component that repairs its lines; empty if its own people always come at once.
    assessed : bool
        Whether it belongs to the factories whose meters the published figures are about.
    sector, voltage_class : str
        Of its products, and of its connection in the tariff: ``ge110``, ``22_110``, ``6_22`` or ``lt6`` [kV].
    power_factor_frac : float
        Active over apparent power of the month's bill; below 0.90 it costs a surcharge.
    workers : int
        Head count.
    roof_m2 : float
        Roof that could bear solar modules [m2].
    output_unit : str
        What one unit of output is, for tables.
    planned_stops_h : tuple of (float, float)
        Start and end of stretches in which the lines stand still, as for an installation [h].

    Notes
    -----
    Activities: one per line (1 running, ``set_up_frac``, ``down_frac``, 0 idle), their mean, working hours, always; then
    a counter per line and state. Flows that a driver ``line:<k>`` or ``lines`` moves count as variable in equal-production
    savings. Gauges: ``output_<k>`` [units], and hours ``run_<k>``, ``set_up_<k>``, ``unordered_<k>`` (no orders),
    ``down_<k>`` (being repaired), ``waiting_<k>`` (for a crew), ``open`` [h]; down and waiting count by the clock, also
    outside working hours. Events: ``breakdown`` and ``repaired``, with the number of the line.

    In a shortage a line's activity is cut, and with it what follows ``lines``, by its part of their mean; its counters are
    not, so that hours run less output / ``units_per_h`` is what was not served. A shortage of what follows ``lines`` cuts
    every line, unless its class is comfort. Wastewater of people follows a water shortage only where its end use says so.
    """

    place: str = field()
    calendar: str = field()
    lines: tuple[Line, ...] = field()
    end_uses: Mapping[str, EndUse] = field()
    crew: str = ""
    assessed: bool = False
    sector: str = ""
    voltage_class: VoltageClass = "22_110"
    power_factor_frac: Annotated[float, Field(gt=0, le=1)] = 0.92
    workers: Whole = 0
    roof_m2: NonNegative = 0.0
    output_unit: str = "units"
    planned_stops_h: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("factory.lines is empty: give at least one line")
        if wrong := [stop for stop in self.planned_stops_h if not 0 <= stop[0] < stop[1]]:
            raise ValueError(f"factory.planned_stops_h = {wrong}: each must start at 0 h or later and end after it starts")

    @property
    def profile_names(self) -> frozenset[str]:
        """Profiles that its activities follow."""
        return frozenset({f"calendar:{self.calendar}"} if self.follows_calendar else ())

    def flows(self) -> dict[str, Flow]:
        """Return the flows of all end uses by port name."""
        found = {}
        for name, end_use in self.end_uses.items():
            for whole in end_use.flows(self.end_uses):
                for flow in by_line(whole, len(self.lines)):
                    like = tuple((port_name(name, inlet), weight) for inlet, weight in flow.like)
                    found[port_name(name, flow.name)] = flow._replace(like=like) if like else flow
        return found

    def concentrations(self) -> dict[str, tuple[float, ...]]:
        """Return what each wastewater port brings with it, where end uses have loads [g/m3]."""
        uses = self.end_uses.items()
        return {port_name(name, flow): brought for name, use in uses for flow, brought in use.brings().items()}

    def declared_ports(self) -> dict[str, Port]:
        """Return the ports of its end uses, and the gauges of its lines."""
        ports: dict[str, Port] = {}
        for name, flow in self.flows().items():
            driver, of_line = self._driver(flow.driver)
            ports[name] = Port(
                flow.carrier,
                flow.direction,
                None,
                flow.factors,
                driver,
                flow.rest,
                flow.run,
                of_line,
                flow.priority,
                like=flow.like,
            )
        ports["open"] = gauge("state", activity=self._open)
        for k, line in enumerate(self.lines):
            counters = self._counter(k)
            ports[f"output_{k}"] = gauge("output", activity=counters + RUN, run=line.units_per_h, line=k)
            ports[f"run_{k}"] = gauge("state", activity=counters + RUN)
            if line.batch_h_median is not None:
                ports[f"set_up_{k}"] = gauge("state", activity=counters + SET_UP)
                if line.ordered_frac < 1:
                    ports[f"unordered_{k}"] = gauge("state", activity=counters + UNORDERED)
            if math.isfinite(line.mtbf_h):
                ports[f"down_{k}"] = gauge("state", activity=counters + DOWN)
                if self.crew:
                    ports[f"waiting_{k}"] = gauge("state", activity=counters + WAITING)
        return ports

    def _driver(self, driver: str) -> tuple[int, int | None]:
        """Return the activity that a driver's name means, and the line it belongs to."""
        fixed: dict[str, tuple[int, int | None]] = {
            "lines": (len(self.lines), ALL_LINES),
            "open": (self._open, None),
            "always": (self._always, None),
        }
        if driver in fixed:
            return fixed[driver]
        k = int(driver.removeprefix("line:")) if driver.startswith("line:") and driver[5:].isdigit() else -1
        if not 0 <= k < len(self.lines):
            known = ", ".join([*fixed, *(f"line:{k}" for k in range(len(self.lines)))])
            raise ValueError(f"driver = {driver!r}: must be one of {known}")
        return k, k

    def bind(self, name: str, simulation: Simulation) -> None:
        """Take a name and a simulation; let activities and hours run follow the calendar's profile, if they do."""
        follows = [""] * self._counter(len(self.lines))
        for profile in self.profile_names:
            for k in range(len(self.lines)):
                follows[k] = follows[self._counter(k) + RUN] = profile
            follows[len(self.lines)] = follows[self._open] = profile
        self.activity_factors = follows
        super().bind(name, simulation)


def port_name(end_use: str, flow: str) -> str:
    """Return the name of the port of a flow: ``<end use>_<flow>``, or just the end use if the flow has no name of its own.

    Examples
    --------
    >>> port_name("washing", "water"), port_name("lighting", "lighting")
    ('washing_water', 'lighting')
    """
    return end_use if flow in ("", end_use) else f"{end_use}_{flow}"
