"""What boiler houses, compressor stations and chiller plants draw, and which part of it each user of their networks caused."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..carriers import FUELS
from ..components.reclaimed_water import ProcessWaterMain, ReclaimedWater
from ..components.supplier import Supplier
from ..components.wastewater_plant import WastewaterPlant
from ..components.water_reservoir import WaterReservoir
from ..components.water_works import WaterWorks
from ..kernel.ports import INLET

if TYPE_CHECKING:
    from ..context import Context
    from ..kernel.run import Run
    from ..park import Park

VOLTAGE_CLASS = "22_110"
"""Of the operator's own connections in the tariff."""

WATER_PLANTS = (WastewaterPlant, WaterWorks, WaterReservoir, ReclaimedWater)
"""Whose electricity and materials the operator pays for, beside the suppliers of its networks."""


class Supplied(NamedTuple):
    """What was drawn of a network, and what its suppliers drew for it, by the share of all that they gave.

    Parameters
    ----------
    carrier : str
        ``steam``, ``compressed_air`` or ``chilled_water``.
    amount : float
        Drawn [amount unit of the carrier].
    fuels_gj : mapping of str to float
        Burnt for it, by carrier [GJ].
    electricity_kwh : mapping of str to float
        Drawn for it, by tariff band [kWh].
    water_m3 : float
        City water drawn for it [m3].
    """

    carrier: str
    amount: float
    fuels_gj: Mapping[str, float]
    electricity_kwh: Mapping[str, float]
    water_m3: float

    def scaled(self, share: float) -> Supplied:
        """Return a share of it."""
        return Supplied(
            self.carrier,
            self.amount * share,
            {fuel: share * gj for fuel, gj in self.fuels_gj.items()},
            {band: share * kwh for band, kwh in self.electricity_kwh.items()},
            self.water_m3 * share,
        )

    def cost_vnd(self, context: Context) -> float:
        """Return what fuels, electricity and water for it cost the operator [VND]."""
        prices = context.tariff.price_vnd_per_kwh(VOLTAGE_CLASS)
        return (
            math.fsum(gj * context.prices.fuel_vnd_per_gj[fuel] for fuel, gj in self.fuels_gj.items())
            + math.fsum(kwh * prices[band] for band, kwh in self.electricity_kwh.items())
            + self.water_m3 * context.prices.water_vnd_per_m3
        )


def suppliers_of(park: Park) -> dict[str, Supplier]:
    """Return the boiler houses, compressor stations and chiller plants of a park by name, sorted."""
    return {name: c for name, c in sorted(park.components.items()) if isinstance(c, Supplier)}


def operated(park: Park) -> list[str]:
    """Return the names of those that the park's operator pays for."""
    return [name for name, c in suppliers_of(park).items() if not c.paid_by]


def operator_plants(park: Park) -> list[str]:
    """Return the names of all whose electricity and materials the park's operator pays for."""
    return [*sorted(name for name, c in park.components.items() if isinstance(c, WATER_PLANTS)), *operated(park)]


def operator_connections(park: Park) -> dict[str, tuple[str, ...]]:
    """Return the electric ports of each of the operator's connections as ``component.port``: one for each of its plants."""
    found = {}
    for name in operator_plants(park):
        ports = park.component(name).declared_ports()
        power = (f"{name}.{key}" for key, port in ports.items() if port.carrier == "electricity" and port.direction == INLET)
        if drawn := tuple(sorted(power)):
            found[name] = drawn
    return found


def drawn_by(run: Run, name: str, carrier: str, by_band: Callable[[list[int]], Mapping[str, float]]) -> Supplied:
    """Return all that a supplier drew; the amount is what it gave."""
    own = {column: j for j in run.find(component=name, direction=INLET) if (column := run.columns[j])}
    fuels = {fuel: [j for column, j in own.items() if column.carrier == fuel] for fuel in FUELS}
    return Supplied(
        carrier,
        run.amount(component=name, port=carrier),
        {fuel: float(run.amounts[:, columns].sum()) for fuel, columns in fuels.items() if columns},
        by_band([j for column, j in own.items() if column.carrier == "electricity"]),
        run.amount(component=name, carrier="water", direction=INLET),
    )


def networks_of(
    run: Run, park: Park, by_band: Callable[[list[int]], Mapping[str, float]]
) -> dict[tuple[str, str], tuple[bool, Supplied]]:
    """Return what one unit of each network took, by carrier and place, and whether a tenant pays its suppliers.

    Where several suppliers serve one network, what they drew is added up; where nothing was given, it is in no one's books.
    """
    found: dict[tuple[str, str], tuple[bool, Supplied]] = {}
    for name, supplier in suppliers_of(park).items():
        place, all_of_it = (supplier.product, supplier.place), drawn_by(run, name, supplier.product, by_band)
        paid = bool(supplier.paid_by)
        found[place] = (paid or found[place][0], _added(found[place][1], all_of_it)) if place in found else (paid, all_of_it)
    return {place: (paid, one.scaled(1 / one.amount)) for place, (paid, one) in found.items() if one.amount > 0}


def _added(one: Supplied, other: Supplied) -> Supplied:
    fuels = {fuel: one.fuels_gj.get(fuel, 0.0) + other.fuels_gj.get(fuel, 0.0) for fuel in FUELS}
    bands = {band: kwh + other.electricity_kwh[band] for band, kwh in one.electricity_kwh.items()}
    return Supplied(one.carrier, one.amount + other.amount, fuels, bands, one.water_m3 + other.water_m3)


def operator_water_m3(run: Run, park: Park) -> float:
    """Return the city water that the operator's suppliers and mains of process water drew [m3]."""
    mains = sorted(name for name, c in park.components.items() if isinstance(c, ProcessWaterMain))
    return math.fsum(run.amount(component=name, carrier="water", direction=INLET) for name in (*operated(park), *mains))
