"""A run-in that is not counted: simulated from an earlier day on, and cut off what is left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from .kernel.run import Event, Run
from .timebase import Account, Horizon

Floats = NDArray[np.float64]

DAY_H = 24.0
LONGEST_H = 8760.0
"""Length of a day, and of the longest run-in [h]."""


def run_in_problem(run_in_h: float) -> str:
    """Return what is wrong with the length of a run-in, or nothing if it is a number of whole days."""
    if 0 <= run_in_h <= LONGEST_H and run_in_h % DAY_H == 0:
        return ""
    return f"must be a number of whole days, from 0 to {LONGEST_H:g} h, for example 168"


def with_run_in(horizon: Horizon, run_in_h: float) -> Horizon:
    """Return the horizon that starts so many hours earlier and ends at the same time."""
    return Horizon(horizon.start - timedelta(hours=run_in_h), horizon.hours + run_in_h)


def without_run_in(run: Run, run_in_h: float) -> Run:
    """Return what a run has left behind after its first hours, as if hour 0 came then.

    Parameters
    ----------
    run : Run
        Of the longer horizon.
    run_in_h : float
        Whole days that are cut off [h].

    Returns
    -------
    Run
        Amounts, series, levels and events from there on. An outage that began before counts with the hours that are left of
        it. Balance residuals and settlements are those of the whole run.
    """
    if not run_in_h:
        return run
    days, steps = round(run_in_h / DAY_H), round(run_in_h / run.series_step_h)
    kept = [row for row, account in enumerate(run.accounts) if account.day >= days]
    return replace(
        run,
        accounts=tuple(Account(run.accounts[row].day - days, run.accounts[row].band) for row in kept),
        amounts=run.amounts[kept],
        variable=run.variable[kept],
        series={name: values[steps:] for name, values in run.series.items()},
        levels={name: _between(hours_and_levels, run_in_h, run.hours) for name, hours_and_levels in run.levels.items()},
        unserved={name: _held(trace, run_in_h) for name, trace in run.unserved.items()},
        events=tuple(_later(run.events, run_in_h)),
        loads=run.loads and run.loads.counted(),
        hours=run.hours - run_in_h,
        _index={},
    )


def _between(hours_and_levels: Floats, run_in_h: float, end_h: float) -> Floats:
    """Return a level from an hour on, with what lies between two changes at both ends."""
    hours, levels = hours_and_levels
    inside = (hours > run_in_h) & (hours < end_h)
    ends = np.interp([run_in_h, end_h], hours, levels)
    found: Floats = np.array([[0.0, *(hours[inside] - run_in_h), end_h - run_in_h], [ends[0], *levels[inside], ends[1]]])
    return found


def _held(hours_and_rates: Floats, from_h: float) -> Floats:
    """Return stepwise rates from an hour on, with the one that holds then."""
    hours, rates = hours_and_rates
    first = int(np.searchsorted(hours, from_h, side="right")) - 1
    found: Floats = np.array([np.maximum(hours[first:] - from_h, 0.0), rates[first:]])
    return found


def _later(events: Sequence[Event], run_in_h: float) -> Iterator[Event]:
    for event in events:
        if event.hour >= run_in_h:
            yield event._replace(hour=event.hour - run_in_h)
        elif event.what == "out" and event.hour + event.value > run_in_h:
            yield event._replace(hour=0.0, value=event.hour + event.value - run_in_h)
