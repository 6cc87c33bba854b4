"""What the electricity meter of a factory reads, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..components.meter import Meter
from ..kernel.ports import INLET
from .use import books_of

if TYPE_CHECKING:
    from ..context import Context
    from ..kernel.run import Floats, Run
    from ..park import Park

PEAK_MEAN_H = 0.5
"""Time over which the power of a peak is averaged: the law's half hour [h]."""


class MonthMetered(NamedTuple):
    """One month of one meter.

    Parameters
    ----------
    year, month : int
        Which.
    days : int
        Days of the month that lie in the horizon, a last one cut short counted whole [d].
    electricity_kwh : mapping of str to float
        Drawn, by tariff band [kWh].
    peak_kw : float
        Greatest mean of half an hour; nan if the meter's series was not recorded [kW].
    """

    year: int
    month: int
    days: int
    electricity_kwh: Mapping[str, float]
    peak_kw: float


def metered_ports(park: Park, factory: str) -> tuple[str, ...]:
    """Return the ports through which a factory draws electricity, as ``component.port``: its meter's, or its end uses'."""
    one = park.factory(factory)
    meter = next((name for name, c in sorted(park.components.items()) if isinstance(c, Meter) and c.place == one.place), None)
    if meter is not None:
        return (f"{meter}.import_",)
    ports = one.declared_ports()
    return tuple(
        sorted(f"{factory}.{name}" for name, p in ports.items() if p.carrier == "electricity" and p.direction == INLET)
    )


def metered_months(run: Run, park: Park, context: Context, factory: str) -> list[MonthMetered]:
    """Return what the meter of a factory read in each month of the horizon.

    Parameters
    ----------
    run : Run
        One replication; peaks need the series of `metered_ports` recorded.
    park : Park
        What was simulated.
    context : Context
        Its first day, and its bands.
    factory : str
        Name.
    """
    named = (port.split(".") for port in metered_ports(park, factory))
    columns = [j for component, port in named for j in run.find(component=component, port=port)]
    drawn = run.amounts[:, columns].sum(axis=1)
    bands = books_of(run, park).bands
    found: dict[tuple[int, int], dict[str, float]] = {}
    days: dict[tuple[int, int], set[int]] = {}
    for account, kwh in zip(run.accounts, drawn.tolist(), strict=True):
        at = context.horizon.date_of(account.day)
        by_band = found.setdefault((at.year, at.month), dict.fromkeys(bands, 0.0))
        by_band[account.band] += kwh
        days.setdefault((at.year, at.month), set()).add(account.day)
    peaks = peak_by_day_kw(run, metered_ports(park, factory)) or {}
    return [
        MonthMetered(*month, len(days[month]), by_band, max((peaks.get(day, np.nan) for day in days[month]), default=np.nan))
        for month, by_band in found.items()
    ]


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
