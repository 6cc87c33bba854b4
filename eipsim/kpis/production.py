"""What factories make, and what they fail to make."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from .base import kpi

if TYPE_CHECKING:
    from ..components.factory import Factory
    from ..context import Context
    from ..kernel.run import Run
    from ..park import Park


class LineHours(NamedTuple):
    """How one production line spent the working hours of its factory.

    Parameters
    ----------
    made : float
        Output [units].
    run_h, set_up_h : float
        Hours at work, and hours set up for the next batch [h].
    stopped_h : float
        Working hours with orders in which it did neither: broken down, waiting for a crew, or stopped as planned [h].
    unserved_h : float
        Hours at work that a shortage took away, as hours at full rate [h].
    lost_vnd : float
        Contribution margin of what it did not make in stopped and unserved hours [VND].
    """

    made: float
    run_h: float
    set_up_h: float
    stopped_h: float
    unserved_h: float
    lost_vnd: float


def line_hours(run: Run, name: str, factory: Factory) -> list[LineHours]:
    """Return how the lines of a factory spent its working hours.

    Notes
    -----
    A stopped hour would have held run and set-up in the shares of the other hours, so the margin lost with it is that of
    run/(run + set-up) hours of output. A line that neither ran nor was set up all through loses full hours.
    """
    open_h = run.amount(component=name, port="open")
    hours = []
    for k, line in enumerate(factory.lines):
        made, run_h, set_up_h, unordered_h = (
            run.amount(component=name, port=f"{what}_{k}") for what in ("output", "run", "set_up", "unordered")
        )
        stopped_h = max(0.0, open_h - run_h - set_up_h - unordered_h)
        unserved_h = max(0.0, run_h - made / line.units_per_h)
        productive = run_h / (run_h + set_up_h) if run_h + set_up_h else 1.0
        lost_units = line.units_per_h * (stopped_h * productive + unserved_h)
        hours.append(LineHours(made, run_h, set_up_h, stopped_h, unserved_h, lost_units * line.margin_vnd_per_unit))
    return hours


def lines_of(run: Run, factories: dict[str, Factory]) -> list[LineHours]:
    """Return the hours of all lines of the factories."""
    return [hours for name, factory in factories.items() for hours in line_hours(run, name, factory)]


@kpi(unit="h", boundary="assessed")
def run_assessed_h(run: Run, park: Park, context: Context) -> float:
    """Hours that the production lines of the assessed factories were at work."""
    return math.fsum(line.run_h for line in lines_of(run, park.assessed()))


@kpi(unit="1", boundary="assessed")
def output_assessed_frac(run: Run, park: Park, context: Context) -> float:
    """Mean over the assessed factories' lines of output over what full rate at all working hours would make."""
    open_h = {name: run.amount(component=name, port="open") for name in park.assessed()}
    shares = [
        line.made / (spec.units_per_h * open_h[name])
        for name, factory in park.assessed().items()
        for spec, line in zip(factory.lines, line_hours(run, name, factory), strict=True)
        if open_h[name]
    ]
    return math.fsum(shares) / len(shares) if shares else math.nan


@kpi(unit="h", boundary="assessed")
def lost_production_assessed_h(run: Run, park: Park, context: Context) -> float:
    """Working hours that lines of the assessed factories lost to breakdowns, stops and shortages."""
    return math.fsum(line.stopped_h + line.unserved_h for line in lines_of(run, park.assessed()))


@kpi(unit="VND", boundary="assessed")
def lost_margin_assessed_vnd(run: Run, park: Park, context: Context) -> float:
    """Contribution margin that the assessed factories lost with their lost production."""
    return math.fsum(line.lost_vnd for line in lines_of(run, park.assessed()))


@kpi(unit="h")
def lost_production_park_h(run: Run, park: Park, context: Context) -> float:
    """Working hours that production lines of the park lost to breakdowns, stops and shortages."""
    return math.fsum(line.stopped_h + line.unserved_h for line in lines_of(run, park.factories()))


@kpi(unit="VND")
def lost_margin_park_vnd(run: Run, park: Park, context: Context) -> float:
    """Contribution margin that the factories of the park lost with their lost production."""
    return math.fsum(line.lost_vnd for line in lines_of(run, park.factories()))
