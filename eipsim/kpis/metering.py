"""What the electricity meter of a factory reads, month by month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .peaks import metered_ports, peak_by_day_kw
from .use import books_of

if TYPE_CHECKING:
    from ..context import Context
    from ..kernel.run import Run
    from ..park import Park


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
