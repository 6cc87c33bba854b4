"""What production lines do in time: shifts, batches, breakdowns, repairs, orders to stand still."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ..kernel.component import Life
from ..kernel.foresight import Foretold
from ..kernel.passer import Source
from ..kernel.run import Cause
from .batch_work import WITHOUT_PAUSE, BatchWork, turns
from .calendar import Calendar, WorkClock, without
from .holds import HELD_BACK, Holds
from .line import DOWN, IDLE, N_STATES, RUN, WAITING, Line, Plan, foretold_activities
from .orders import OrderBook, working_days
from .outages import crew_of

if TYPE_CHECKING:
    from ..kernel.foresight import Ints
    from ..kernel.losses import Hours
    from ..kernel.traces import Floats


class Producing(Source):
    """The lives of a factory's lines; the factory has the parameters, and ports that follow the lines' activities."""

    lines: tuple[Line, ...]
    calendar: str
    crew: str
    planned_stops_h: tuple[tuple[float, float], ...]

    foreseeable = True

    @property
    def follows_calendar(self) -> bool:
        """Whether no line has batches, so that a profile tells when it works."""
        return all(line.batch_h_median is None for line in self.lines)

    @property
    def _open(self) -> int:
        return len(self.lines) + 1

    @property
    def _always(self) -> int:
        return len(self.lines) + 2

    def _counter(self, k: int) -> int:
        return len(self.lines) + 3 + N_STATES * k

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
        self.plans, self.works = [Plan(state) for _ in self.lines], dict[int, BatchWork]()
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

    def foretold(self) -> Foretold:
        """Return every change of its activities."""
        edges_h = None if self.follows_calendar else self.open_edges_h
        for k, work in self.works.items():
            self.plans[k].extend(*work.course(0.0, self.simulation.hours))
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
        if self.foreseen and not self.takes_orders:
            raise RuntimeError(f"{self.name} is held, though its lines were foreseen: name it in disturbs()")
        if held and k not in self.held:
            state = self.states[k]
            if not self.foreseen:
                self._show(k, IDLE)
            elif not self.held:
                self.own = array("d", self.activity)
                self.simulation.hide(self)
            self.held[k] = state
            self.holds.begin(k, self.now, Cause(HELD_BACK, root=root, why=why))
        elif not held and k in self.held:
            state = self.held.pop(k)
            if not self.foreseen:
                self._show(k, state)
            elif not self.held:
                self.simulation.show(self)
            self.holds.end(k, self.now)
        else:
            return
        if self.foreseen:
            self._hide()
            self.changed()

    def act_out(self, activities: Ints, values: Floats) -> None:
        """Take what was foreseen of some activities for now, and hide it where a line is held."""
        for activity, value in zip(activities.tolist(), values.tolist(), strict=True):
            self.own[activity] = value
        self._hide()

    def _hide(self) -> None:
        """Show what was foreseen, except that lines that are held stand still."""
        activity, n = self.activity, len(self.lines)
        activity[:] = self.own
        for k in self.held:
            activity[k] = 0.0
            for state in range(N_STATES):
                activity[self._counter(k) + state] = float(state == IDLE)
        activity[n] = sum(activity[:n]) / n

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
        """Live the life of a line with shifts, batches, set-ups and breakdowns."""
        mtbf_h = self.lines[k].mtbf_h
        work = self.works[k] = self._batch_work(k)
        failures, lengths = self.stream(f"line {k} failures"), self.stream(f"line {k} repairs")
        while True:
            now = self.now
            healthy_h = failures.end_of(now, failures.exponential(mtbf_h)) - now if mtbf_h < math.inf else math.inf
            fails = work.fails_after(healthy_h)
            if not self.foreseen:
                yield from self._follow(k, *work.course(now, fails))
            if fails == math.inf:
                return
            yield self.wait_until(fails)
            yield from self._repair(k, lengths)
            work.go_on(self.now)

    def _follow(self, k: int, hours: Floats, states: Ints) -> Life:
        """Show what a line does, from hour to hour."""
        for hour, state in zip(hours.tolist(), states.tolist(), strict=True):
            if hour > self.now:
                yield self.wait_until(hour)
            self._show(k, state)

    def _batch_work(self, k: int) -> BatchWork:
        """Draw orders, set-ups and batches of a line for the whole calendar."""
        line, (starts, stops) = self.lines[k], working_days(self.line_edges_h)
        levels, days = self.stream("order levels"), self.stream(f"line {k} orders")
        ordered = OrderBook(levels, days, line.ordered_frac, line.order_sigma).has_orders(starts)
        if line.batch_h_median is None:
            return BatchWork(starts, stops, ordered, WITHOUT_PAUSE)
        set_ups = self.stream(f"line {k} set-ups").lognormal_spans(line.set_up_h_median, line.set_up_sigma)
        batches = self.stream(f"line {k} batches").lognormal_spans(line.batch_h_median, line.batch_sigma)
        return BatchWork(starts, stops, ordered, turns(set_ups, batches, float(np.sum((stops - starts)[ordered]))))
