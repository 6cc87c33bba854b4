"""How much the park's utilities have to spare on a busy day, limit by limit, and what an average tenant takes of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..components.equalisation_tank import EqualisationTank
from ..components.protected_supply import Protected
from ..components.river import River
from ..components.substation import Feeder, Substation
from ..components.wastewater_plant import WastewaterPlant
from ..components.water_reservoir import WaterReservoir
from ..components.water_works import WaterWorks
from ..physics.power_factor import LEAST_POWER_FACTOR_FRAC
from .peaks import peak_by_day_kw
from .use import books_of, names_of

if TYPE_CHECKING:
    from ..kernel.run import Floats, Run
    from ..park import Park
    from .use import Use

BUSY_PERCENT = 95.0
"""Share of the days on which no more is used than on the busy day [%]."""

DAY_H = 24.0
KW_PER_MVA = 1000.0
"""Active power per apparent power at a power factor of 1 [kW/MVA]."""


class Room(NamedTuple):
    """What one limit leaves.

    Parameters
    ----------
    resource : str
        ``water``, ``water peak``, ``wastewater``, ``electricity``, or ``feeder`` for that of one feeder.
    limit : str
        Component whose limit it is.
    unit : str
        m3/d, m3/h or MVA.
    capacity : float
        What it can carry [unit].
    used : float
        What it carried on the busy day: the 95th percentile over days, of the day's sum or of its greatest half hour [unit].
    tenant : float
        What the average tenant used of that; nan in a park without tenants [unit].
    """

    resource: str
    limit: str
    unit: str
    capacity: float
    used: float
    tenant: float


def headroom_ports(park: Park) -> tuple[str, ...]:
    """Return the ports whose series `headroom` needs, as ``component.port``."""
    return tuple(f"{name}.supply" for kind in (Substation, Feeder, WaterWorks) for name in names_of(park, kind))


def headroom(run: Run, park: Park) -> list[Room]:
    """Return the room that each limit leaves on the busy day.

    The average tenant is the mean of the factories that are not assessed. It is taken to use on the busy day the same share
    of what passes a limit as over the whole run, so its power counts with the park's coincidence. Water works that a
    reservoir helps out are limited by the day, others also by the half hour. Apparent power is taken at the power factor of
    the connection, or at that below which a bill has a surcharge. Days that are not whole are left out.

    Parameters
    ----------
    run : Run
        With the series of `headroom_ports`.
    park : Park
        What was simulated.
    """
    return [*_water(run, park), *_wastewater(run, park), *_electricity(run, park)]


def busy(by_day: Sequence[float] | Floats) -> float:
    """Return the 95th percentile over days, linear between order statistics."""
    return float(np.percentile(np.asarray(by_day), BUSY_PERCENT)) if len(by_day) else math.nan


def _by_day(run: Run, ports: Sequence[tuple[str, str]]) -> Floats:
    """Return the sums of some ports on each whole day, shape (days,)."""
    total: Floats = np.zeros(math.ceil(run.hours / DAY_H))
    days = np.array([account.day for account in run.accounts], np.int64)
    for component, port in ports:
        np.add.at(total, days, run.by_account(component=component, port=port))
    return total[: int(run.hours // DAY_H)]


def _peaks(run: Run, port: str) -> list[float]:
    """Return the greatest half-hour mean on each whole day."""
    return list((peak_by_day_kw(run, (port,)) or {}).values())[: int(run.hours // DAY_H)]


def _tenant_frac(run: Run, park: Park, resource: str, whole: float) -> float:
    """Return the share of a sum that the average tenant takes [1]."""

    def taken(use: Use) -> float:
        return math.fsum(use.electricity_kwh.values()) if resource == "electricity" else float(getattr(use, f"{resource}_m3"))

    books = books_of(run, park)
    tenants = [taken(books.use(name)) for name, one in park.factories().items() if not one.assessed]
    return math.fsum(tenants) / len(tenants) / whole if tenants and whole else math.nan


def _water(run: Run, park: Park) -> Iterator[Room]:
    helped = {park.component(name).place for name in names_of(park, WaterReservoir)}
    for name in names_of(park, WaterWorks):
        works = park.component(name)
        assert isinstance(works, WaterWorks)
        share = _tenant_frac(run, park, "water", run.amount(component=name, port="supply"))
        used = busy(_by_day(run, [(name, "supply")]))
        yield Room("water", name, "m3/d", works.capacity_m3_per_h * DAY_H, used, share * used)
        if works.place not in helped:
            peak = busy(_peaks(run, f"{name}.supply"))
            yield Room("water peak", name, "m3/h", works.capacity_m3_per_h, peak, share * peak)


def _wastewater(run: Run, park: Park) -> Iterator[Room]:
    past = [(name, port) for name in names_of(park, River) for port in ("spill", "bypass")]
    plants = names_of(park, WastewaterPlant)
    by_day = _by_day(run, [*((name, "inflow") for name in plants), *past])
    used = busy(by_day)
    tenant = _tenant_frac(run, park, "wastewater", float(by_day.sum())) * used
    for name in plants:
        plant = park.component(name)
        assert isinstance(plant, WastewaterPlant)
        yield Room("wastewater", name, "m3/d", plant.trains * plant.train_m3_per_h * DAY_H, used, tenant)
    for name in names_of(park, EqualisationTank):
        tank = park.component(name)
        assert isinstance(tank, EqualisationTank)
        yield Room("wastewater", name, "m3/d", tank.bands[-1].pump_m3_per_h * DAY_H, used, tenant)


def _electricity(run: Run, park: Park) -> Iterator[Room]:
    substations = names_of(park, Substation)
    whole = math.fsum(run.amount(component=name, port="supply") for name in substations)
    used = math.fsum(busy(_peaks(run, f"{name}.supply")) for name in substations)
    tenant_kw = _tenant_frac(run, park, "electricity", whole) * used
    for name in (*substations, *names_of(park, Feeder)):
        component = park.component(name)
        rated_kw, power_factor_frac = float(getattr(component, "rating_kw", math.inf)), LEAST_POWER_FACTOR_FRAC
        if isinstance(component, Protected):
            rated_kw, power_factor_frac = component.rated_kw, component.power_factor_frac
        if math.isfinite(rated_kw):
            kw_per_mva = KW_PER_MVA * power_factor_frac
            peak_kw = busy(_peaks(run, f"{name}.supply"))
            resource = "feeder" if isinstance(component, Feeder) else "electricity"
            yield Room(resource, name, "MVA", *(kw / kw_per_mva for kw in (rated_kw, peak_kw, tenant_kw)))
