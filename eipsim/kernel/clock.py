"""The clock of a run: SimPy moves it, lives sleep and wake by it, and each instant is settled once."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import simpy

from .component import Life

CHANGE, GRANT, SETTLE = 1, 2, 3
"""SimPy priorities within an instant: state changes, then crews, then the settlement."""


class Clock(ABC):
    """Wakes lives, and settles at the end of each instant at which something asked for it.

    Attributes
    ----------
    kept : frozenset of float
        Hours of the timetable that is kept: it wakes all that sleep until one of them.
    """

    def __init__(self) -> None:
        self.env = simpy.Environment()
        self.sleepers: dict[float, list[Life]] = {}
        self.kept: frozenset[float] = frozenset()
        self.pending, self.awake = False, False

    @abstractmethod
    def _settle(self, _: Any = None) -> None:
        """Settle this instant, and take back ``pending``."""

    @property
    def now(self) -> float:
        """Hours since the horizon started."""
        now: float = self.env.now
        return now

    def live(self, life: Life) -> None:
        """Let a life go on until it sleeps: it yields the hour at which it wakes, or a SimPy event that it waits for."""
        wish = next(life, None)
        if isinstance(wish, simpy.Event):
            wish.callbacks.append(partial(self._go_on, life))
        elif wish is not None:
            self._sleep(life, float(wish))

    def _go_on(self, life: Life, _: Any) -> None:
        self.live(life)

    def _sleep(self, life: Life, hour: float) -> None:
        """Wake a life at an hour, with one event for all that wake then; an hour that has passed is now."""
        now = self.env.now
        hour = max(hour, now)
        sleepers = self.sleepers.get(hour)
        if sleepers is None:
            sleepers = self.sleepers[hour] = []
            if hour == now or hour not in self.kept:
                self._call(partial(self._wake, hour), CHANGE, hour - now)
        sleepers.append(life)

    def _wake(self, hour: float, _: Any) -> None:
        """Let all go on that sleep until this hour; settle at once if nothing else happens at this instant."""
        scheduled, self.awake = self.pending, True
        self._rouse(hour)
        self.awake = False
        if self.pending and not scheduled:
            self._settle_now()

    def _rouse(self, hour: float) -> None:
        sleepers = self.sleepers
        for life in sleepers.pop(hour, ()):
            wish = next(life, None)
            if wish.__class__ is float and wish in sleepers:
                sleepers[wish].append(life)
            elif isinstance(wish, simpy.Event):
                wish.callbacks.append(partial(self._go_on, life))
            elif wish is not None:
                self._sleep(life, float(wish))

    def _settle_now(self) -> None:
        """Settle at once if nothing else happens at this instant, else after it."""
        if self.env.peek() > self.env.now:
            self._settle()
        else:
            self._call(self._settle, SETTLE, 0.0)

    def keep(self, timetable: Generator[float, None, None]) -> None:
        """Let a life go on that knows all its hours, ``kept``, each later than the one before, and wake all others at them."""
        event: Any = self.env.event()
        event._ok, event._value = True, None

        def go_on(_: Any = None) -> None:
            scheduled, self.awake = self.pending, True
            self._rouse(self.env.now)
            hour = next(timetable, math.inf)
            self.awake = False
            if hour < math.inf:
                event.callbacks = [go_on]
                self.env.schedule(event, priority=CHANGE, delay=hour - self.env.now)  # type: ignore[arg-type]
            if self.pending and not scheduled:
                self._settle_now()

        go_on()

    def at_end_of_instant(self, callback: Callable[[Any], None]) -> None:
        """Call back after all state changes of this instant, before it is settled."""
        self._call(callback, GRANT, 0.0)

    def _call(self, callback: Callable[[Any], None], priority: int, delay: float) -> None:
        event: Any = self.env.event()
        event._ok, event._value = True, None
        event.callbacks.append(callback)
        self.env.schedule(event, priority=priority, delay=delay)  # type: ignore[arg-type]

    def settle_soon(self) -> None:
        """Settle at the end of this instant."""
        if not self.pending:
            self.pending = True
            if not self.awake:
                self._call(self._settle, SETTLE, 0.0)

    @contextmanager
    def clock_ahead(self) -> Iterator[None]:
        """Move another clock, from hour 0, on which nothing is settled; then go back to this one."""
        own, sleepers, pending = self.env, self.sleepers, self.pending
        self.env, self.sleepers, self.pending = simpy.Environment(), {}, True
        try:
            yield
        finally:
            self.env, self.sleepers, self.pending = own, sleepers, pending
