"""Greenhouse gases of fuels burnt and of electricity drawn: scope 1 and location-based scope 2."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .base import kpi
from .energy import electricity_kwh, electricity_park_kwh
from .use import Use, sum_of

if TYPE_CHECKING:
    from ..components.factory import Factory
    from ..context import Context
    from ..kernel.run import Run
    from ..park import Park


def fuel_co2_t(use: Use, factory: Factory, context: Context) -> float:
    """Return what the fuels that a factory burns emit; of biomass methane and nitrous oxide only [t CO2e]."""
    return math.fsum(gj * context.factors.fuel_kgco2_per_gj[fuel] for fuel, gj in use.fuels_gj.items()) / 1000.0


def co2_t(use: Use, factory: Factory, context: Context) -> float:
    """Return scope 1 and 2 of a factory: fuels burnt, and electricity drawn; exports earn no credit [t CO2e].

    Notes
    -----
    Location-based scope 2 at the one grid factor of the context, without hours: valid for yearly totals.
    """
    grid_t = electricity_kwh(use, factory, context) / 1000.0 * context.factors.grid_tco2_per_mwh
    return fuel_co2_t(use, factory, context) + grid_t


@kpi(unit="t", boundary="assessed", value=co2_t)
def co2_assessed_t(run: Run, park: Park, context: Context) -> float:
    """Scope 1 and 2 of the assessed factories."""
    return sum_of(co2_t, run, park, context, assessed=True)


@kpi(unit="t", value=co2_t)
def co2_park_t(run: Run, park: Park, context: Context) -> float:
    """Scope 1 and 2 of the park: all fuels, and what it draws from the grid, plant and pumps included."""
    grid_t = electricity_park_kwh(run, park, context) / 1000.0 * context.factors.grid_tco2_per_mwh
    return grid_t + sum_of(fuel_co2_t, run, park, context)
