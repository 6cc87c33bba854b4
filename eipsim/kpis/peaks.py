"""The ports through which a factory or the operator draws electricity, and the greatest power of each day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..components.meter import Meter
from ..components.supplier import Supplier
from ..kernel.ports import INLET
from .network_use import operator_connections

if TYPE_CHECKING:
    from ..context import Context
    from ..kernel.run import Floats, Run
    from ..park import Park

PEAK_MEAN_H = 0.5
"""Time over which the power of a peak is averaged: the law's half hour [h]."""


def metered_ports(park: Park, factory: str) -> tuple[str, ...]:
    """Return the ports through which a factory draws electricity, as ``component.port``: its meter's, or its end uses'."""
    one = park.factory(factory)
    paid = {name: c for name, c in sorted(park.components.items()) if isinstance(c, Supplier) and c.paid_by == factory}
    for name, meter in sorted(park.components.items()):
        if isinstance(meter, Meter) and meter.place == one.place:
            beside = (supplier for supplier, c in paid.items() if c.power_place != one.place)
            return (*(f"{name}.{port}" for port in meter.import_ports), *(f"{supplier}.power" for supplier in beside))
    ports = one.declared_ports()
    own = (f"{factory}.{name}" for name, p in ports.items() if p.carrier == "electricity" and p.direction == INLET)
    return tuple(sorted([*own, *(f"{supplier}.power" for supplier in paid)]))


def billed_ports(park: Park, context: Context) -> tuple[str, ...]:
    """Return the ports whose series the bills need: those of all who pay if power is paid for, else none."""
    if context.tariff.capacity_vnd_per_kw_month is None:
        return ()
    own = (port for ports in operator_connections(park).values() for port in ports)
    return (*(port for name in park.factories() for port in metered_ports(park, name)), *own)


def peak_by_day_kw(run: Run, ports: tuple[str, ...]) -> dict[int, float] | None:
    """Return the greatest half-hour mean of each day, or None if a port was not recorded [kW].

    Parameters
    ----------
    run : Run
        With series in steps of at most an hour; where they are longer than half an hour, the peak is theirs.
    ports : tuple of str
        ``component.port``, added up.
    """
    if not all(port in run.series for port in ports):
        return None
    power: Floats = np.sum([run.series[port] for port in ports], axis=0) if ports else np.zeros(0)
    joined = max(1, round(PEAK_MEAN_H / run.series_step_h))
    whole = power[: power.size // joined * joined].reshape(-1, joined).mean(axis=1)
    rest = power[whole.size * joined :]
    means = np.append(whole, rest.mean()) if rest.size else whole
    per_day = round(24.0 / (joined * run.series_step_h))
    return {day: float(means[first : first + per_day].max()) for day, first in enumerate(range(0, means.size, per_day))}
