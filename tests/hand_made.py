"""Runs and outcomes written down by hand, so that every KPI can be worked out on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from eipsim.kernel.ports import GAUGE, INLET, OUTLET
from eipsim.kernel.run import Column, Event, Run
from eipsim.kpis import FactoryOutcome, LineUse, Outcome
from eipsim.timebase import Account

ACCOUNTS = (Account(0, "peak"), Account(0, "offpeak"), Account(1, "peak"))
"""Two days; two rows of peak and one of off-peak."""


class Metered(NamedTuple):
    """One column: its amounts in the three accounts, and the part of them that a line causes."""

    component: str
    port: str
    carrier: str
    direction: int
    amounts: Sequence[float]
    variable: Sequence[float] = (0.0, 0.0, 0.0)
    line: int | None = None


def drawn(
    component: str, port: str, carrier: str, *amounts: float, line: int | None = None, variable: Sequence[float] = ()
) -> Metered:
    """Return an inlet; what a line drives is variable altogether unless said otherwise."""
    part = variable or (amounts if line is not None else (0.0, 0.0, 0.0))
    return Metered(component, port, carrier, INLET, amounts, part, line)


def given(component: str, port: str, carrier: str, *amounts: float, line: int | None = None) -> Metered:
    """Return an outlet."""
    return Metered(component, port, carrier, OUTLET, amounts, amounts if line is not None else (0.0, 0.0, 0.0), line)


def counted(component: str, port: str, carrier: str, *amounts: float, line: int | None = None) -> Metered:
    """Return a gauge."""
    return Metered(component, port, carrier, GAUGE, amounts, amounts, line)


def run_of(
    columns: Sequence[Metered],
    *,
    events: Sequence[Event] = (),
    series: Mapping[str, Sequence[float]] | None = None,
    residuals: Mapping[str, float] | None = None,
) -> Run:
    """Return a run of two days with these columns."""
    return Run(
        columns=tuple(Column(m.component, m.port, m.carrier, "park", m.direction, m.line) for m in columns),
        accounts=ACCOUNTS,
        amounts=np.array([m.amounts for m in columns], dtype=float).T,
        variable=np.array([m.variable for m in columns], dtype=float).T,
        series={name: np.array(values, dtype=float) for name, values in (series or {}).items()},
        series_step_h=0.5,
        levels={},
        events=tuple(events),
        residuals=dict(residuals or {}),
        settlements=1,
        hours=48.0,
    )


def outcome(
    used_kwh: float,
    made: float,
    caused_kwh: float,
    *,
    factories: Sequence[str] = ("candles",),
    assessed: bool = True,
    **kpis: float,
) -> Outcome:
    """Return an outcome of factories with one line each, all alike, that use electricity alone."""
    one = FactoryOutcome(assessed, {"electricity_kwh": used_kwh}, {"0": LineUse(made, {"electricity_kwh": caused_kwh})})
    return Outcome({"electricity_assessed_kwh": used_kwh * len(factories), **kpis}, dict.fromkeys(factories, one))
