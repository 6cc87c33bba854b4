"""What the meters of the assessed factories read month by month, and what meters of their end uses would read."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..carriers import FUELS
from ..components.factory import port_name
from ..kernel.ports import INLET
from .peaks import metered_ports

if TYPE_CHECKING:
    from ..components.factory import Factory
    from ..context import Context
    from ..kernel.run import Floats, Run
    from ..park import Park

METERED = ("electricity", *FUELS, "water")
"""Carriers that a meter reads; amounts are in kWh, GJ and m3."""

Sums = Callable[[list[int]], list[float]]
"""Sums columns of a run by month."""

_DIGITS = 8


def monthly_readings(run: Run, park: Park, context: Context) -> dict[str, Any]:
    """Return monthly readings as plain values: what a bill says, and what metering beyond it would say.

    Parameters
    ----------
    run : Run
        One replication.
    park : Park
        What was simulated, with its measures.
    context : Context
        Its first day.

    Returns
    -------
    dict
        ``months``: year, month and days in the horizon of each. ``factories``, of the assessed ones by name: ``line_h``, the
        hours at full rate that the output of all lines stands for [h]; ``meters`` by carrier, electricity as imported through
        the meter; ``end_uses`` by name and carrier [kWh, GJ, m3]. Eight digits; carriers that are never drawn are left out.
    """
    of_month = [(at.year, at.month) for at in (context.horizon.date_of(account.day) for account in run.accounts)]
    months = list(dict.fromkeys(of_month))
    rows = np.array([[month == one for one in of_month] for month in months], dtype=float)
    days = [len({a.day for a, at in zip(run.accounts, of_month, strict=True) if at == month}) for month in months]

    by_month: Floats = rows @ run.amounts

    def sums(columns: list[int]) -> list[float]:
        return [float(f"{value:.{_DIGITS}g}") for value in by_month[:, columns].sum(axis=1)]

    factories = {name: _of_factory(run, park, name, factory, sums) for name, factory in park.assessed().items()}
    return {"months": [[*month, n] for month, n in zip(months, days, strict=True)], "factories": factories}


def _of_factory(run: Run, park: Park, name: str, factory: Factory, sums: Sums) -> dict[str, Any]:
    """Return hours of lines, readings of the meters, and of meters on each end use."""
    named = [port.split(".") for port in metered_ports(park, name)]
    imported = [j for component, port in named for j in run.find(component=component, port=port)]
    own = {run.columns[j].port: j for j in run.find(component=name)}
    drawn = [j for j in own.values() if run.columns[j].direction == INLET]
    meters = {c: [j for j in drawn if run.columns[j].carrier == c] for c in METERED} | {"electricity": imported}
    hours = [[units / line.units_per_h for units in sums([own[f"output_{k}"]])] for k, line in enumerate(factory.lines)]
    end_uses: dict[str, dict[str, list[int]]] = {}
    for use, one in factory.end_uses.items():
        for flow in one.flows(factory.end_uses):
            port = port_name(use, flow.name)
            if flow.carrier in METERED and flow.direction == INLET and port in own:
                end_uses.setdefault(use, {}).setdefault(flow.carrier, []).append(own[port])
    return {
        "line_h": [math.fsum(month) for month in zip(*hours, strict=True)],
        "meters": {carrier: read for carrier, columns in meters.items() if any(read := sums(columns))},
        "end_uses": {use: {carrier: sums(js) for carrier, js in by.items()} for use, by in end_uses.items()},
    }
