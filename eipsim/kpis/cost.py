"""Money: the bill of each factory item by item, and what leaves the park."""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..carriers import CARRIERS, FUELS
from ..errors import ConfigError
from ..kernel.ports import INLET
from ..physics.power_factor import power_factor_surcharge_frac
from .base import kpi
from .network_use import VOLTAGE_CLASS, operator_connections, operator_plants, operator_water_m3
from .peaks import peak_by_day_kw
from .treatment_cost import treatment_cost
from .use import Use, books_of, sum_of

if TYPE_CHECKING:
    from ..components.factory import Factory
    from ..context import Context
    from ..kernel.run import Run
    from ..park import Park


SUPPLIED = ("steam", "compressed_air", "chilled_water", "process_water")
"""What the operator's networks supply."""

ROUNDING = 1e-9
"""What counts as nothing beside what is paid [1]."""

BOUGHT = (*FUELS, "water", "chemicals", "sludge")
"""What the operator pays to others beside its electricity."""


class Item(NamedTuple):
    """One line of a bill; what is earned is negative.

    Parameters
    ----------
    item : str
        ``electricity_<band>``, ``capacity`` (of a two-part tariff), ``power_factor`` (surcharge), ``export``,
        ``export_unpaid`` (beyond the regime's cap), ``solar_leased`` (power of a third party's arrays), a fuel, ``water``,
        ``wastewater``, ``cod_surcharge``, ``materials``, or the operator's ``steam``, ``compressed_air``, ``chilled_water``,
        ``process_water``.
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
        Electricity by band, what its power and its power factor cost, export income (negative), power bought from a third
        party's arrays, fuels that were burnt, water, wastewater fee with its surcharge, materials, and what the operator's
        networks supplied: heat, air and cold at the cost of their fuel, electricity and water, process water at the price of
        city water. Linear in the use but for peaks, the cap of a month's export and the limit of COD.

    Raises
    ------
    ConfigError
        If power is paid for and its peaks were not recorded.
    """
    prices = context.tariff.price_vnd_per_kwh(factory.voltage_class)
    items = [Item(f"electricity_{band}", kwh, "kWh", kwh * prices[band]) for band, kwh in use.electricity_kwh.items()]
    items += _power_items(use, factory, context, math.fsum(item.amount_vnd for item in items))
    items += _sun_items(use, prices, context)
    items += [Item(fuel, gj, "GJ", gj * context.prices.fuel_vnd_per_gj[fuel]) for fuel, gj in use.fuels_gj.items() if gj]
    items.append(Item("water", use.water_m3, "m3", use.water_m3 * context.prices.water_vnd_per_m3))
    items += wastewater_items(use, context)
    items.append(Item("materials", use.materials_vnd, "VND", use.materials_vnd))
    return items + supplied_items(use, context)


def supplied_items(use: Use, context: Context) -> list[Item]:
    """Return what a factory pays the operator: steam, air and chilled water at cost without capital, process water as water."""
    items = [Item(one.carrier, one.amount, CARRIERS[one.carrier].amount_unit, one.cost_vnd(context)) for one in use.supplied]
    if drawn_m3 := use.process_water_m3:
        items.append(Item("process_water", drawn_m3, "m3", drawn_m3 * context.prices.water_vnd_per_m3))
    return items


def wastewater_items(use: Use, context: Context) -> list[Item]:
    """Return the wastewater fee, and the surcharge for COD beyond what it covers if there is any."""
    items = [Item("wastewater", use.wastewater_m3, "m3", use.wastewater_m3 * context.prices.wastewater_vnd_per_m3)]
    if (beyond_kg := context.prices.cod_beyond_kg(use.wastewater_m3, use.cod_kg)) > 0:
        items.append(Item("cod_surcharge", beyond_kg, "kg", beyond_kg * context.prices.cod_vnd_per_kg))
    return items


def _power_items(use: Use, factory: Factory, context: Context, energy_vnd: float) -> list[Item]:
    items = _capacity_items([use.peak_by_day_kw], factory.voltage_class, context)
    energy_vnd += math.fsum(item.amount_vnd for item in items)
    if surcharge_frac := power_factor_surcharge_frac(factory.power_factor_frac):
        items.append(Item("power_factor", surcharge_frac, "1", surcharge_frac * energy_vnd))
    return items


def _capacity_items(connections: Iterable[Mapping[int, float] | None], voltage_class: str, context: Context) -> list[Item]:
    """Return what the greatest power of each month costs, connection by connection, if it is paid for."""
    if context.tariff.capacity_vnd_per_kw_month is None:
        return []
    months_kw = []
    for peak_by_day in connections:
        if peak_by_day is None:
            raise ConfigError(
                f"tariff {context.tariff.decision}: power is paid for, and its series was not recorded: record billed_ports"
            )
        peaks, days = dict[tuple[int, int], float](), dict[tuple[int, int], int]()
        for day, kw in peak_by_day.items():
            at = context.horizon.date_of(day)
            month = at.year, at.month
            peaks[month] = max(peaks.get(month, 0.0), kw)
            days[month] = days.get(month, 0) + 1
        months_kw += [kw * days[month] / calendar.monthrange(*month)[1] for month, kw in peaks.items()]
    sum_kw = math.fsum(months_kw)
    return [Item("capacity", sum_kw, "kW·month", sum_kw * context.tariff.capacity_vnd_per_kw_month[voltage_class])]


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
    return math.fsum(item.amount_vnd for item in wastewater_items(use, context))


def outgoing_vnd(use: Use, factory: Factory, context: Context) -> float:
    """Return the part of a factory's bill that leaves the park, by the operator's boilers too: all but its fees [VND]."""
    return bill_vnd(use, factory, context) - fee_vnd(use, factory, context)


def supplied_vnd(use: Use, factory: Factory, context: Context) -> float:
    """Return what a factory pays the operator for what its networks supply [VND]."""
    return math.fsum(item.amount_vnd for item in supplied_items(use, context))


@kpi(unit="VND", boundary="assessed", value=bill_vnd)
def money_assessed_vnd(run: Run, park: Park, context: Context) -> float:
    """Bills of the assessed factories: electricity less export, fuels, water, wastewater fee, materials."""
    return sum_of(bill_vnd, run, park, context, assessed=True)


@kpi(unit="VND", value=outgoing_vnd)
def money_park_vnd(run: Run, park: Park, context: Context) -> float:
    """Money that leaves the park: all bills without what factories pay the operator."""
    paid_on = [item for item in operator_bill(run, park, context) if item.item in BOUGHT]
    bought = sum_of(supplied_vnd, run, park, context)
    own = operator_electricity_vnd(run, park, context) + math.fsum(item.amount_vnd for item in paid_on)
    return sum_of(outgoing_vnd, run, park, context) + own - bought


@kpi(unit="VND", value=fee_vnd)
def operator_fees_vnd(run: Run, park: Park, context: Context) -> float:
    """Wastewater fees that the park's operator earns; a saving of them is lost income."""
    return sum_of(fee_vnd, run, park, context)


@kpi(unit="VND")
def money_others_vnd(run: Run, park: Park, context: Context) -> float:
    """Bills of the factories that are not assessed: energy, water, wastewater fee, materials if they have any."""
    books = books_of(run, park)
    others = {name: factory for name, factory in park.factories().items() if not factory.assessed}
    return math.fsum(bill_vnd(books.use(name), factory, context) for name, factory in others.items())


@kpi(unit="VND")
def operator_electricity_vnd(run: Run, park: Park, context: Context) -> float:
    """Electricity of wastewater plant, water pumps, reclaiming and the operator's networks, at the tariff of 22 to 110 kV."""
    return math.fsum(item.amount_vnd for item in _operator_electricity(run, park, context))


@kpi(unit="VND")
def operator_net_vnd(run: Run, park: Park, context: Context) -> float:
    """Payments of the park's operator less the fees that it earns: electricity, fuels, materials; below 0 it earns."""
    return math.fsum(item.amount_vnd for item in operator_bill(run, park, context))


def operator_bill(run: Run, park: Park, context: Context) -> list[Item]:
    """Return what the park's operator pays and earns, before value-added tax.

    Parameters
    ----------
    run : Run
        One replication.
    park : Park
        What was simulated.
    context : Context
        Tariff and prices in force.

    Returns
    -------
    list of Item
        Electricity of plant, pumps and networks by band at 22 to 110 kV, and their power if it is paid for, each at a
        connection of its own; fuels that no site burns, water of boilers, towers and mains of process water, chemicals and
        sludge of an activated sludge plant, materials if a plant counts them, and what all factories pay it (negative):
        wastewater fees and surcharges, steam, compressed air, chilled and process water.

    Raises
    ------
    ConfigError
        If power is paid for and its peaks were not recorded.
    """
    books = books_of(run, park)
    uses = [books.use(name) for name in park.factories()]
    materials = math.fsum(run.amount(component=name, carrier="materials") for name in operator_plants(park))
    fees = [item for use in uses for item in wastewater_items(use, context)]
    items = _operator_electricity(run, park, context) + _operator_fuels(run, park, context)
    if water_m3 := operator_water_m3(run, park):
        items.append(Item("water", water_m3, "m3", water_m3 * context.prices.water_vnd_per_m3))
    cost, fees = treatment_cost(run, park), fees + [item for use in uses for item in supplied_items(use, context)]
    if cost.chemicals_kg:
        items.append(Item("chemicals", cost.chemicals_kg, "kg", cost.chemicals_vnd))
    if cost.sludge_t:
        items.append(Item("sludge", cost.sludge_t, "t", cost.sludge_vnd))
    if materials:
        items.append(Item("materials", materials, "VND", materials))
    units = {"wastewater": "m3", "cod_surcharge": "kg"} | {name: CARRIERS[name].amount_unit for name in SUPPLIED}
    for name, unit in units.items():
        mine = [item for item in fees if item.item == name]
        if mine:
            sums = (math.fsum(item.quantity for item in mine), math.fsum(item.amount_vnd for item in mine))
            items.append(Item(f"{name}_fees", -sums[0], unit, -sums[1]))
    return items


def _operator_fuels(run: Run, park: Park, context: Context) -> list[Item]:
    burnt, prices = books_of(run, park).operator_fuels_gj(), context.prices.fuel_vnd_per_gj
    return [Item(fuel, gj, "GJ", gj * prices[fuel]) for fuel, gj in burnt.items() if gj]


def _operator_electricity(run: Run, park: Park, context: Context) -> list[Item]:
    books, prices = books_of(run, park), context.tariff.price_vnd_per_kwh(VOLTAGE_CLASS)
    columns = [j for name in operator_plants(park) for j in run.find(component=name, carrier="electricity", direction=INLET)]
    by_band = books.by_band(columns)
    items = [Item(f"electricity_{band}", kwh, "kWh", kwh * prices[band]) for band, kwh in by_band.items()]
    peaks = (peak_by_day_kw(run, ports) for ports in operator_connections(park).values())
    return items + _capacity_items(peaks, VOLTAGE_CLASS, context)
