"""What figures need of one replication: a few summed series, storage levels and events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..carriers import LOADS
from ..components.equalisation_tank import EqualisationTank
from ..components.factory import Factory, port_name
from ..components.online_monitor import OnlineMonitor
from ..components.river import River
from ..components.solar_array import SolarArray
from ..components.storm_inflow import StormInflow
from ..components.substation import Substation
from ..kernel.ports import INLET
from ..kernel.run import Event
from .use import names_of

if TYPE_CHECKING:
    from ..context import Context
    from ..kernel.run import Run
    from ..park import Park

Floats = NDArray[np.float64]

STORM = "storm_m3_per_h"
GRID_IMPORT, SPILL, SOLAR_USED, SOLAR_AVAILABLE = "grid_import_kw", "spill_m3_per_h", "solar_used_kw", "solar_available_kw"
END_USE = "end_use:"


class Tank(NamedTuple):
    """An equalisation tank and how its level went: (hour, level) at each change of slope, shape (2, changes)."""

    capacity_m3: float
    high_m3: float
    level_m3: Floats


class Monitored(NamedTuple):
    """What online monitoring saw.

    Parameters
    ----------
    standard : str
        Name of the discharge standard.
    limits_g_per_m3 : dict of str to float
        What may be let out, by substance [g/m3].
    hour : ndarray of shape (samples,)
        Of each sample [h].
    found_g_per_m3 : dict of str to ndarray of shape (samples,)
        Concentrations by substance [g/m3].
    """

    standard: str
    limits_g_per_m3: dict[str, float]
    hour: Floats
    found_g_per_m3: dict[str, Floats]


class Detail(NamedTuple):
    """One replication in steps.

    Parameters
    ----------
    start : date
        First day; step 0 begins at its midnight, local time.
    step_h : float
        Width of a step [h].
    bands : list of str
        Tariff band at the beginning of each step.
    series : dict of str to ndarray of shape (steps,)
        Means per step: ``grid_import_kw`` (of the park, less what it exports), ``spill_m3_per_h``; where rain drains into the
        sewer ``storm_m3_per_h``; of the assessed
        factories ``solar_used_kw``, ``solar_available_kw`` and ``end_use:<type>`` [kW]; and what was asked for.
    tanks : dict of str to Tank
        By component.
    events : list of Event
        In order of time.
    monitors : dict of str to Monitored
        By component.
    """

    start: date
    step_h: float
    bands: list[str]
    series: dict[str, Floats]
    tanks: dict[str, Tank]
    events: list[Event]
    monitors: Mapping[str, Monitored] = MappingProxyType({})


def supply_ports(park: Park) -> tuple[str, ...]:
    """Return the ports that the park draws its electricity through, as ``component.port``: what the peak needs."""
    return tuple(f"{name}.supply" for name in names_of(park, Substation))


def detail_ports(park: Park) -> tuple[str, ...]:
    """Return the ports that `detail_of` sums, as ``component.port``."""
    chosen = [port for ports in _groups(park).values() for port, _ in ports]
    return tuple(sorted(chosen))


def _groups(park: Park) -> dict[str, list[tuple[str, int]]]:
    """Return what each series is summed from: ports and their signs."""
    substations, rivers = names_of(park, Substation), names_of(park, River)
    sites = {factory.place for factory in park.assessed().values()}
    arrays = [name for name in names_of(park, SolarArray) if park.component(name).place in sites]
    groups = {
        GRID_IMPORT: [(f"{name}.supply", +1) for name in substations] + [(f"{name}.export", -1) for name in substations],
        SPILL: [(f"{name}.{port}", +1) for name in rivers for port in ("spill", "bypass")],
        SOLAR_USED: [(f"{name}.power", +1) for name in arrays],
        SOLAR_AVAILABLE: [(f"{name}.available", +1) for name in arrays],
    }
    if storms := names_of(park, StormInflow):
        groups[STORM] = [(f"{name}.runoff", +1) for name in storms]
    for name, factory in park.assessed().items():
        for kind, ports in electricity_ports(factory).items():
            groups.setdefault(f"{END_USE}{kind}", []).extend((f"{name}.{port}", +1) for port in ports)
    return groups


def electricity_ports(factory: Factory) -> dict[str, list[str]]:
    """Return the ports through which a factory's end uses draw electricity, by type of end use."""
    declared = factory.declared_ports()
    found: dict[str, list[str]] = {}
    for name, end_use in sorted(factory.end_uses.items()):
        for flow in end_use.flows(factory.end_uses):
            if flow.carrier == "electricity" and flow.direction == INLET:
                port = port_name(name, flow.name)
                found.setdefault(end_use.kind, []).extend(p for p in (port, f"{port}_rest") if p in declared)
    return found


def detail_of(run: Run, park: Park, context: Context, asked: Sequence[str] = ()) -> Detail:
    """Return the detail of a run that recorded `detail_ports`.

    Parameters
    ----------
    run : Run
        One replication.
    park : Park
        What was simulated.
    context : Context
        Its date and tariff.
    asked : sequence of str
        Further ports ``component.port`` whose series are kept as they are.
    """
    steps = max((len(s) for s in run.series.values()), default=0)
    series = {name: _sum(run.series, ports, steps) for name, ports in sorted(_groups(park).items())}
    series |= {name: run.series[name] for name in sorted(asked)}
    grid = context.accounts()
    begins = np.arange(steps) * run.series_step_h
    stretch = np.searchsorted(grid.edges_h, begins, side="right") - 1
    bands = [grid.accounts[grid.account[k]].band for k in stretch]
    tanks = {}
    for name, component in sorted(park.components.items()):
        if isinstance(component, EqualisationTank) and name in run.levels:
            tanks[name] = Tank(component.capacity_m3, component.high_frac * component.capacity_m3, run.levels[name])
    monitors = {name: _monitored(run, one) for name, one in sorted(park.components.items()) if isinstance(one, OnlineMonitor)}
    seen = {name: one for name, one in monitors.items() if one is not None}
    return Detail(context.horizon.start, run.series_step_h, bands, series, tanks, list(run.events), seen)


def _monitored(run: Run, monitor: OnlineMonitor) -> Monitored | None:
    """Return what a monitor saw; None if no water that carries loads passed it."""
    samples = None if run.loads is None else run.loads.samples.get(monitor.watches)
    if samples is None:
        return None
    limits = monitor.limits_g_per_m3()
    by_load = dict(zip(LOADS, samples[:, 1:].T, strict=True))
    found = {"cod": samples[:, 1:4].sum(axis=1), **by_load}
    return Monitored(monitor.standard_name(), limits, samples[:, 0], {name: found[name] for name in limits if name in found})


def _sum(series: Mapping[str, Floats], ports: Sequence[tuple[str, int]], steps: int) -> Floats:
    total = np.zeros(steps)
    for port, sign in ports:
        total += sign * series[port]
    return total
