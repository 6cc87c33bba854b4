"""What a consultant writes down: nameplate × scheduled hours × fraction at the mean price, without any interaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from ..carriers import FUELS
from ..components import BoilerHouse, Supplier
from ..end_uses.process_heat import GJ_PER_KWH
from ..kernel.ports import INLET
from ..physics.steam import combustion_efficiency_frac
from ..timebase import Horizon

if TYPE_CHECKING:
    from ..context import Context
    from ..park import Park


class DeskFigures(NamedTuple):
    """Yearly savings of a measure on paper.

    Parameters
    ----------
    kwh : float
        Electricity [kWh/yr].
    lpg_t : float
        LPG [t/yr].
    other_fuel_gj : float
        All other fuels [GJ/yr]; negative for a fuel that is switched to.
    water_m3 : float
        City water [m3/yr].
    other_vnd : float
        Materials, upkeep, waste [VND/yr].
    vnd : float
        Money of all these, wastewater fees included and yearly costs not taken off [VND/yr].
    co2_t : float
        Emissions of electricity and fuels [t CO2/yr].
    """

    kwh: float = 0.0
    lpg_t: float = 0.0
    other_fuel_gj: float = 0.0
    water_m3: float = 0.0
    other_vnd: float = 0.0
    vnd: float = 0.0
    co2_t: float = 0.0


@dataclass(frozen=True)
class Saved:
    """Amounts that a measure saves in a year on paper, before they are priced.

    Parameters
    ----------
    kwh : float
        Electricity [kWh].
    fuel_gj : mapping of str to float
        Fuels by carrier [GJ].
    water_m3, wastewater_m3 : float
        City water and wastewater [m3].
    other_vnd : float
        Materials, upkeep, waste [VND].
    shifted_kwh : float
        Electricity moved from peak to off-peak hours [kWh].
    steam_t : float
        Steam of a boiler house [t]; `with_fuel_of_steam` makes fuel of it.
    spared_price_kwh : float
        Electricity whose price is spared though it is drawn: a surcharge on so many kilowatt-hours [kWh].
    """

    kwh: float = 0.0
    fuel_gj: Mapping[str, float] = field(default_factory=dict)
    water_m3: float = 0.0
    wastewater_m3: float = 0.0
    other_vnd: float = 0.0
    shifted_kwh: float = 0.0
    steam_t: float = 0.0
    spared_price_kwh: float = 0.0


def with_fuel_of_steam(saved: Saved, park: Park, factory: str) -> Saved:
    """Return the amounts with steam as the fuel of the first boiler of the house that serves a factory, at full fire."""
    site = park.factory(factory).place
    places = (site, park.parents.get(("steam", site), ""))
    houses = (c for _, c in sorted(park.components.items()) if isinstance(c, BoilerHouse) and c.place in places)
    house = next(houses, None)
    if house is None:
        return saved
    fuel, gj_per_t = fuel_of_steam(house)
    fuels = {**saved.fuel_gj, fuel: saved.fuel_gj.get(fuel, 0.0) + saved.steam_t * gj_per_t}
    return replace(saved, fuel_gj=fuels, steam_t=0.0)


def fuel_of_steam(house: BoilerHouse) -> tuple[str, float]:
    """Return the fuel of the first boiler of a house, and what a tonne of steam takes of it at full fire [GJ/t]."""
    _, firing = house.sequence[0]
    return firing.fuel, house.duty_kwh_per_t * GJ_PER_KWH / combustion_efficiency_frac(firing, 1.0)


def drawn_on_paper(park: Park, factory: str, carrier: str, horizon: Horizon) -> float:
    """Return what a factory draws of a carrier in a year by its schedule [amount unit of the carrier]."""
    hours = DeskHours.of_factory(park, factory, horizon)
    flows = park.factory(factory).flows().values()
    return sum(
        f.rest * hours.always_h + f.run * hours.of(f.driver) for f in flows if (f.carrier, f.direction) == (carrier, INLET)
    )


def supplied_on_paper(park: Park, supplier: Supplier, horizon: Horizon) -> float:
    """Return what those whom a network serves draw from it in a year by their schedules [amount unit of its product]."""
    carrier, place = supplier.product, supplier.place
    users = (name for name, one in park.factories().items() if place in (one.place, park.parents.get((carrier, one.place))))
    return sum(drawn_on_paper(park, name, carrier, horizon) for name in users)


@dataclass(frozen=True)
class DeskPrices:
    """The flat prices and factors of a desk calculation.

    Parameters
    ----------
    electricity_vnd_per_kwh : mapping of str to float
        Mean price of a constant load, by voltage class [VND/kWh].
    shifted_vnd_per_kwh : mapping of str to float
        Peak less off-peak price, by voltage class [VND/kWh].
    water_vnd_per_m3, wastewater_vnd_per_m3 : float
        City water and the plant's fee [VND/m3].
    fuel_vnd_per_gj, fuel_kgco2_per_gj : mapping of str to float
        Price and emission of fuels by carrier.
    lpg_gj_per_t : float
        Net calorific value of LPG [GJ/t].
    grid_tco2_per_mwh : float
        Emission factor of electricity.
    horizon : Horizon
        The year whose working hours are counted.
    """

    electricity_vnd_per_kwh: Mapping[str, float]
    shifted_vnd_per_kwh: Mapping[str, float]
    water_vnd_per_m3: float
    wastewater_vnd_per_m3: float
    fuel_vnd_per_gj: Mapping[str, float]
    fuel_kgco2_per_gj: Mapping[str, float]
    lpg_gj_per_t: float
    grid_tco2_per_mwh: float
    horizon: Horizon

    @classmethod
    def of(cls, context: Context) -> DeskPrices:
        """Return the prices of a context, for a year from the day its horizon starts."""
        bands = {name: context.tariff.price_vnd_per_kwh(name) for name in context.tariff.prices_vnd_per_kwh}
        return cls(
            electricity_vnd_per_kwh={name: context.tariff.mean_price_vnd_per_kwh(name) for name in bands},
            shifted_vnd_per_kwh={name: band["peak"] - band["offpeak"] for name, band in bands.items()},
            water_vnd_per_m3=context.prices.water_vnd_per_m3,
            wastewater_vnd_per_m3=context.prices.wastewater_vnd_per_m3,
            fuel_vnd_per_gj=context.prices.fuel_vnd_per_gj,
            fuel_kgco2_per_gj=context.factors.fuel_kgco2_per_gj,
            lpg_gj_per_t=context.factors.fuel_ncv_gj_per_t["lpg"],
            grid_tco2_per_mwh=context.factors.grid_tco2_per_mwh,
            horizon=Horizon(context.horizon.start),
        )

    def figures(self, saved: Saved, voltage_class: str) -> DeskFigures:
        """Return the figures of saved amounts at the prices of a voltage class."""
        fuels = {name: saved.fuel_gj.get(name, 0.0) for name in FUELS}
        money = (
            saved.kwh * self.electricity_vnd_per_kwh[voltage_class]
            + saved.spared_price_kwh * self.electricity_vnd_per_kwh[voltage_class]
            + saved.shifted_kwh * self.shifted_vnd_per_kwh[voltage_class]
            + sum(gj * self.fuel_vnd_per_gj[name] for name, gj in fuels.items())
            + saved.water_m3 * self.water_vnd_per_m3
            + saved.wastewater_m3 * self.wastewater_vnd_per_m3
            + saved.other_vnd
        )
        emitted_kg = saved.kwh * self.grid_tco2_per_mwh + sum(gj * self.fuel_kgco2_per_gj[name] for name, gj in fuels.items())
        return DeskFigures(
            kwh=saved.kwh,
            lpg_t=fuels.pop("lpg") / self.lpg_gj_per_t,
            other_fuel_gj=sum(fuels.values()),
            water_m3=saved.water_m3,
            other_vnd=saved.other_vnd,
            vnd=money,
            co2_t=emitted_kg / 1000,
        )


class DeskHours(NamedTuple):
    """Scheduled hours of a year in one factory.

    Parameters
    ----------
    always_h, open_h : float
        All hours, and working hours of the calendar.
    line_h : tuple of float
        Working hours of each line less planned set-up; nobody plans breakdowns.
    """

    always_h: float
    open_h: float
    line_h: tuple[float, ...]

    @classmethod
    def of_factory(cls, park: Park, factory: str, horizon: Horizon) -> DeskHours:
        """Return the hours of a factory's calendar and lines."""
        tenant = park.factory(factory)
        open_h = park.calendars[tenant.calendar].hours(horizon)
        planned = [
            1.0 if line.batch_h_median is None else line.batch_h_median / (line.batch_h_median + line.set_up_h_median)
            for line in tenant.lines
        ]
        return cls(horizon.hours, open_h, tuple(open_h * share for share in planned))

    def of(self, driver: str) -> float:
        """Return the hours of a driver."""
        if driver == "always":
            return self.always_h
        if driver == "open":
            return self.open_h
        if driver in ("lines", "each_line"):
            return sum(self.line_h) / len(self.line_h)
        return self.line_h[int(driver.removeprefix("line:"))]

    def standing(self, driver: str) -> float:
        """Return the hours for which equipment of a driver is switched on: working hours, or all."""
        return self.always_h if driver == "always" else self.open_h
