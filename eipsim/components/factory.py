"""Factories: production lines that work, set up, break down and wait for a crew, and end uses that follow them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from pydantic.dataclasses import dataclass

from ..end_uses import EndUse, Flow, by_line
from ..kernel.component import Life
from ..kernel.foresight import Foretold
from ..kernel.ports import ALL_LINES, Port, gauge
from ..kernel.quality import Source
from ..kernel.run import Cause
from .bounds import STRICT, NonNegative, Whole
from .calendar import Calendar, WorkClock, without
from .holds import HELD_BACK, Holds
from .line import DOWN, IDLE, N_STATES, RUN, SET_UP, UNORDERED, WAITING, Line, Plan, foretold_activities
from .orders import OrderBook, working_days
from .outages import crew_of

if TYPE_CHECKING:
    from ..kernel.losses import Hours
    from ..kernel.simulation import Simulation

_ROUNDING_H = 1e-9


@dataclass(eq=False, kw_only=True, config=STRICT)
class Factory(Source):
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
        Of its products, and of its connection in the tariff.
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

    In a shortage a line's activity is cut; its counters are not, so that hours run less output / ``units_per_h`` is
    what was not served. Wastewater follows a water shortage only where its end use says so.
    """

    place: str = field()
    calendar: str = field()
    lines: tuple[Line, ...] = field()
    end_uses: Mapping[str, EndUse] = field()
    crew: str = ""
    assessed: bool = False
    sector: str = ""
    voltage_class: str = "22_110"
    power_factor_frac: Annotated[float, Field(gt=0, le=1)] = 0.92
    workers: Whole = 0
    roof_m2: NonNegative = 0.0
    output_unit: str = "units"
    planned_stops_h: tuple[tuple[float, float], ...] = ()

    foreseeable = True

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("factory.lines is empty: give at least one line")
        if wrong := [stop for stop in self.planned_stops_h if not 0 <= stop[0] < stop[1]]:
            raise ValueError(f"factory.planned_stops_h = {wrong}: each must start at 0 h or later and end after it starts")

    @property
    def follows_calendar(self) -> bool:
        """Whether no line has batches, so that a profile tells when it works."""
        return all(line.batch_h_median is None for line in self.lines)

    @property
    def profile_names(self) -> frozenset[str]:
        """Profiles that its activities follow."""
        return frozenset({f"calendar:{self.calendar}"} if self.follows_calendar else ())

    def flows(self) -> dict[str, Flow]:
        """Return the flows of all end uses by port name."""
        found = {}
        whole = ((name, flow) for name, use in self.end_uses.items() for flow in use.flows(self.end_uses))
        for name, flow in ((name, part) for name, flow in whole for part in by_line(flow, len(self.lines))):
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

    @property
    def _open(self) -> int:
        return len(self.lines) + 1

    @property
    def _always(self) -> int:
        return len(self.lines) + 2

    def _counter(self, k: int) -> int:
        return len(self.lines) + 3 + N_STATES * k

    def bind(self, name: str, simulation: Simulation) -> None:
        """Take a name and a simulation; let activities and hours run follow the calendar's profile, if they do."""
        follows = [""] * self._counter(len(self.lines))
        for profile in self.profile_names:
            for k in range(len(self.lines)):
                follows[k] = follows[self._counter(k) + RUN] = profile
            follows[len(self.lines)] = follows[self._open] = profile
        self.activity_factors = follows
        super().bind(name, simulation)

    def start(self) -> None:
        """All lines are idle at hour 0, or run if a profile tells when the factory works."""
        calendar = self.simulation.components[f"calendar:{self.calendar}"]
        assert isinstance(calendar, Calendar)
        self.open_edges_h = calendar.edges_h
        self.line_edges_h = without(calendar.edges_h, self.planned_stops_h)
        self.repairers = crew_of(self, self.crew)
        state = RUN if self.follows_calendar else IDLE
        self.states = [state] * len(self.lines)
        self.levels = [line.levels for line in self.lines]
        self.plans = [Plan(state) for _ in self.lines]
        self.activity[self._always] = 1.0
        self.is_open = self.follows_calendar
        self.activity[self._open] = float(self.is_open)
        self.stopped, self.held = False, dict[int, int]()
        self.holds = Holds(self.name, self.crew, self.planned_stops_h)
        for k in range(len(self.lines)):
            self.activity[self._counter(k) + state] = 1.0
        self._show_all()

    def operate(self) -> Iterable[Life]:
        """Return one life for each line, and one for working hours or planned stops, unless they are foreseen."""
        if self.follows_calendar:
            clock = WorkClock(self.line_edges_h)
            yield from (self._break_down(k, clock) for k, line in enumerate(self.lines) if math.isfinite(line.mtbf_h))
            if self.planned_stops_h:
                yield self._stand_still()
        else:
            if not self.foreseen:
                yield self._open_and_close()
            yield from (self._produce(k) for k in range(len(self.lines)))

    def _show_all(self) -> None:
        """Work all line activities out from states."""
        n = len(self.lines)
        self.line_levels = [
            levels[state] if self.is_open else 0.0 for levels, state in zip(self.levels, self.states, strict=True)
        ]
        for k, level in enumerate(self.line_levels):
            self.activity[k] = level
        self.activity[n] = sum(self.line_levels) / n
        self.changed()

    def _show_now(self, k: int, _: float, state: int) -> None:
        self._show(k, state)

    def foretold(self) -> Foretold:
        """Return every change of its activities."""
        edges_h = None if self.follows_calendar else self.open_edges_h
        return foretold_activities(self.lines, self.plans, edges_h, self.simulation.hours)

    def _show(self, k: int, state: int) -> None:
        """Note the state of a line, from now on."""
        if self.foreseen:
            self.states[k] = state
            self.plans[k].add(self.now, state)
            return
        if self.held and k in self.held:
            self.held[k] = state
            return
        before = self.states[k]
        if before == state:
            return
        self.states[k] = state
        activity, line_levels = self.activity, self.line_levels
        n = len(line_levels)
        counters = self._counter(k)
        activity[counters + before] = 0.0
        activity[counters + state] = 1.0
        if self.is_open:
            activity[k] = line_levels[k] = self.levels[k][state]
            activity[n] = sum(line_levels) / n
        self.simulation.touch(self)

    def hold(self, k: int, held: bool, root: str = "", why: str = "") -> None:
        """Let a line stand still by order, or go on where it would be without it.

        Parameters
        ----------
        k : int
            The line.
        held : bool
            Whether the order begins or ends.
        root, why : str
            Component that is behind an order that begins, and what is the matter with it.

        Raises
        ------
        RuntimeError
            If its lines have been foreseen: whoever gives orders must say so in `disturbs`.
        """
        if self.foreseen:
            raise RuntimeError(f"{self.name} is held, though its lines were foreseen: name it in disturbs()")
        if held and k not in self.held:
            state = self.states[k]
            self._show(k, IDLE)
            self.held[k] = state
            self.holds.begin(k, self.now, Cause(HELD_BACK, root=root, why=why))
        elif not held and k in self.held:
            self._show(k, self.held.pop(k))
            self.holds.end(k, self.now)

    def stops(self, hours: Hours) -> Iterator[tuple[int, Cause, float]]:
        """Yield working hours in which lines were broken down, waited for a crew, were held back or stopped as planned [h]."""
        for k in range(len(self.lines)):
            yield from self.holds.stops(k, self._counter(k), self._open, hours)

    def _open_and_close(self) -> Life:
        for hour, is_open in zip(self.open_edges_h, (True, False) * (len(self.open_edges_h) // 2), strict=True):
            yield self.wait_until(hour)
            self.is_open = is_open
            self.activity[self._open] = float(is_open)
            self._show_all()

    def _stand_still(self) -> Life:
        for stop, end in sorted(self.planned_stops_h):
            for hour, stopped in ((stop, True), (end, False)):
                yield self.wait_until(hour)
                self.stopped = stopped
                for k, state in enumerate(self.states):
                    if state in (RUN, IDLE):
                        self._show(k, IDLE if self.stopped else RUN)

    def _repair(self, k: int, lengths: Any) -> Life:
        """Wait for a crew, and then for the repair."""
        line = self.lines[k]
        self.log("breakdown", k)
        if self.repairers is not None:
            self._show(k, WAITING)
            yield self.repairers.request(self, f"line {k}")
        self._show(k, DOWN)
        yield self.wait_random(lengths.lognormal(line.repair_h_median, line.repair_sigma), lengths)
        if self.repairers is not None:
            self.repairers.release()
        self.log("repaired", k)

    def _break_down(self, k: int, clock: WorkClock) -> Life:
        """Live the life of a line that runs whenever the factory works."""
        mtbf_h = self.lines[k].mtbf_h
        failures, lengths = self.stream(f"line {k} failures"), self.stream(f"line {k} repairs")
        while True:
            now = self.now
            hour = clock.after(now, failures.exponential(mtbf_h))
            if hour == math.inf:
                return
            yield self.wait_until(failures.end_of(now, hour - now))
            yield from self._repair(k, lengths)
            self._show(k, IDLE if self.stopped else RUN)

    def _produce(self, k: int) -> Life:
        """Live the life of a line that is woken by its shifts, batches, set-ups and breakdowns."""
        line, edges, waits = self.lines[k], self.line_edges_h, not self.foreseen
        show = partial(self._show_now, k) if waits else self.plans[k].add
        set_up_end = self.stream(f"line {k} set-ups").lognormal_ends(line.set_up_h_median, line.set_up_sigma)
        batch_end = self.stream(f"line {k} batches").lognormal_ends(line.batch_h_median or math.inf, line.batch_sigma)
        failures, lengths = self.stream(f"line {k} failures"), self.stream(f"line {k} repairs")
        batch_h, mtbf_h, now = line.batch_h_median, line.mtbf_h, self.now
        state, left_h = (RUN, math.inf) if batch_h is None else (SET_UP, -1.0)
        healthy_h = failures.end_of(now, failures.exponential(mtbf_h)) - now if mtbf_h < math.inf else math.inf
        levels, days = self.stream("order levels"), self.stream(f"line {k} orders")
        orders = OrderBook(levels, days, line.ordered_frac, line.order_sigma)
        for start, stop in working_days(edges):
            ordered = orders.has_orders(start)
            if start > now:
                show(now, IDLE)
                now = start
                if waits:
                    yield now
            if not ordered and now < stop:
                show(now, UNORDERED)
                now = stop
                if waits:
                    yield now
            while stop - now > _ROUNDING_H:
                if left_h < 0.0:
                    if state == SET_UP:
                        left_h = set_up_end(now) - now
                    elif batch_h is not None:
                        left_h = batch_end(now) - now
                show(now, state)
                runs = state == RUN
                span = min(stop - now, left_h, healthy_h) if runs else min(stop - now, left_h)
                now += span
                if waits:
                    yield now
                left_h -= span
                if left_h <= _ROUNDING_H:
                    state, left_h = RUN if state == SET_UP else SET_UP, -1.0
                if runs:
                    healthy_h -= span
                    if healthy_h <= _ROUNDING_H:
                        if not waits:
                            yield now
                        yield from self._repair(k, lengths)
                        now = self.now
                        healthy_h = failures.end_of(now, failures.exponential(mtbf_h)) - now
        show(now, IDLE)


def port_name(end_use: str, flow: str) -> str:
    """Return the name of the port of a flow: ``<end use>_<flow>``, or just the end use if the flow has no name of its own.

    Examples
    --------
    >>> port_name("washing", "water"), port_name("lighting", "lighting")
    ('washing_water', 'lighting')
    """
    return end_use if flow in ("", end_use) else f"{end_use}_{flow}"
