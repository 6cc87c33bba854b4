"""Money: the bill of each factory item by item, and what leaves the park."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..components.wastewater_plant import WastewaterPlant
from ..components.water_works import WaterWorks
from ..kernel.ports import INLET
from .base import kpi
from .use import Use, books_of, names_of, sum_of

if TYPE_CHECKING:
    from ..components.factory import Factory
    from ..context import Context
    from ..kernel.run import Run
    from ..park import Park


ROUNDING = 1e-9
"""What counts as nothing beside what is paid [1]."""


class Item(NamedTuple):
    """One line of a bill; what is earned is negative.

    Parameters
    ----------
    item : str
        ``electricity_<band>``, ``export``, ``export_unpaid`` (beyond the regime's cap), ``solar_leased`` (power of a third
        party's arrays), a fuel, ``water``, ``wastewater`` or ``materials``.
    quantity : float
        How much [unit].
    unit : str
        Unit of the quantity.
    amount_vnd : float
        What it costs [VND].
    """

    item: str
    quantity: float
    unit: str
    amount_vnd: float


def bill(use: Use, factory: Factory, context: Context) -> list[Item]:
    """Return what a factory pays for what it used, before value-added tax.

    Parameters
    ----------
    use : Use
        What crossed its meters, or a part of it.
    factory : Factory
        Its voltage class decides the price of electricity.
    context : Context
        Tariff, prices and solar regime in force.

    Returns
    -------
    list of Item
        Electricity by band, export income (negative), power bought from a third party's arrays, fuels that were burnt, water,
        wastewater fee, materials. Linear in the use but for the cap of a month's export.
    """
    prices = context.tariff.price_vnd_per_kwh(factory.voltage_class)
    items = [Item(f"electricity_{band}", kwh, "kWh", kwh * prices[band]) for band, kwh in use.electricity_kwh.items()]
    items += _sun_items(use, prices, context)
    items += [Item(fuel, gj, "GJ", gj * context.prices.fuel_vnd_per_gj[fuel]) for fuel, gj in use.fuels_gj.items() if gj]
    items.append(Item("water", use.water_m3, "m3", use.water_m3 * context.prices.water_vnd_per_m3))
    items.append(Item("wastewater", use.wastewater_m3, "m3", use.wastewater_m3 * context.prices.wastewater_vnd_per_m3))
    items.append(Item("materials", use.materials_vnd, "VND", use.materials_vnd))
    return items


def _sun_items(use: Use, prices: Mapping[str, float], context: Context) -> list[Item]:
    """Return what a site's arrays earn and cost; the export of a third party's arrays is that party's income."""
    price = context.solar_regime.price_vnd_per_kwh
    if use.sun is None:
        return [Item("export", -use.export_kwh, "kWh", -use.export_kwh * price)]
    exported, made = (by_month(days, context) for days in (use.sun.export_by_day_kwh, use.sun.made_by_day_kwh))
    paid = math.fsum(context.solar_regime.paid_kwh(kwh, made[month]) for month, kwh in exported.items())
    own_kwh = use.sun.own_frac * paid
    items = [Item("export", -own_kwh, "kWh", -own_kwh * price)]
    if (unpaid := math.fsum(exported.values()) - paid) > ROUNDING * paid:
        items.append(Item("export_unpaid", -unpaid, "kWh", 0.0))
    for discount_frac, by_band in use.sun.leased_kwh:
        cost = (1.0 - discount_frac) * math.fsum(kwh * prices[band] for band, kwh in by_band.items())
        items.append(Item("solar_leased", math.fsum(by_band.values()), "kWh", cost))
    return items


def by_month(by_day: Mapping[int, float], context: Context) -> dict[tuple[int, int], float]:
    """Return sums by (year, month) of amounts by day of the horizon."""
    found: dict[tuple[int, int], float] = {}
    for day, amount in by_day.items():
        at = context.horizon.date_of(day)
        found[at.year, at.month] = found.get((at.year, at.month), 0.0) + amount
    return found


def bill_vnd(use: Use, factory: Factory, context: Context) -> float:
    """Return the sum of a factory's bill [VND]."""
    return math.fsum(item.amount_vnd for item in bill(use, factory, context))


def fee_vnd(use: Use, factory: Factory, context: Context) -> float:
    """Return what a factory pays the park's operator for its wastewater [VND]."""
    return use.wastewater_m3 * context.prices.wastewater_vnd_per_m3


def outgoing_vnd(use: Use, factory: Factory, context: Context) -> float:
    """Return the part of a factory's bill that leaves the park: all but the wastewater fee [VND]."""
    return bill_vnd(use, factory, context) - fee_vnd(use, factory, context)


@kpi(unit="VND", boundary="assessed", value=bill_vnd)
def money_assessed_vnd(run: Run, park: Park, context: Context) -> float:
    """Bills of the assessed factories: electricity less export, fuels, water, wastewater fee, materials."""
    return sum_of(bill_vnd, run, park, context, assessed=True)


@kpi(unit="VND", value=outgoing_vnd)
def money_park_vnd(run: Run, park: Park, context: Context) -> float:
    """Money that leaves the park: all bills without the wastewater fee, and the operator's electricity."""
    return sum_of(outgoing_vnd, run, park, context) + operator_electricity_vnd(run, park, context)


@kpi(unit="VND", value=fee_vnd)
def operator_fees_vnd(run: Run, park: Park, context: Context) -> float:
    """Wastewater fees that the park's operator earns; a saving of them is lost income."""
    return sum_of(fee_vnd, run, park, context)


@kpi(unit="VND")
def operator_electricity_vnd(run: Run, park: Park, context: Context) -> float:
    """Electricity of the wastewater plant and the water pumps, at the tariff of 22 to 110 kV."""
    books, prices = books_of(run, park), context.tariff.price_vnd_per_kwh("22_110")
    columns = [
        j
        for name in (*names_of(park, WastewaterPlant), *names_of(park, WaterWorks))
        for j in run.find(component=name, carrier="electricity", direction=INLET)
    ]
    return math.fsum(kwh * prices[band] for band, kwh in books.by_band(columns).items())
