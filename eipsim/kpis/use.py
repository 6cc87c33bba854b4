"""What crosses the meters of one factory, and the part of it that each production line causes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..carriers import FUELS, LOADS
from ..components.factory import port_name
from ..components.meter import Meter
from ..components.solar_array import SolarArray
from ..components.standby_generator import StandbyGenerator
from ..kernel.ports import ALL_LINES, INLET, OUTLET
from .network_use import Supplied, networks_of, suppliers_of
from .peaks import metered_ports, peak_by_day_kw

if TYPE_CHECKING:
    from ..components.factory import Factory
    from ..context import Context
    from ..kernel.component import Component
    from ..kernel.run import Floats, Run
    from ..park import Park
    from .base import Value


COD = ("cod_inert", "cod_biodegradable", "cod_particulate")
"""The parts of the chemical oxygen demand among the loads."""


class Sun(NamedTuple):
    """What the solar arrays of one site made, and what left the site.

    Parameters
    ----------
    made_by_day_kwh, export_by_day_kwh : mapping of int to float
        By day of the horizon [kWh].
    self_consumed_kwh : float
        Used on the site [kWh].
    own_frac : float
        Share of the power that arrays of the site's own made [1].
    leased_kwh : tuple of (float, mapping of str to float)
        Discount, and what the site used of the power of a third party by tariff band [kWh].
    """

    made_by_day_kwh: Mapping[int, float]
    export_by_day_kwh: Mapping[int, float]
    self_consumed_kwh: float
    own_frac: float
    leased_kwh: tuple[tuple[float, Mapping[str, float]], ...]


class Use(NamedTuple):
    """Amounts that one factory takes and gives over the horizon.

    Parameters
    ----------
    electricity_kwh : mapping of str to float
        Drawn through the meter, by tariff band [kWh].
    export_kwh : float
        Given back through the meter [kWh].
    fuels_gj : mapping of str to float
        Burnt, by carrier, at lower heating value [GJ].
    water_m3, wastewater_m3 : float
        From the water works, and into the sewer [m3].
    materials_vnd : float
        Materials, chemicals, waste and upkeep [VND].
    sun : Sun or None
        What the arrays of the site made and gave away; None without arrays, and for the part that a line causes.
    cod_kg : float
        Chemical oxygen demand of the wastewater, where end uses say what it carries [kg].
    supplied : tuple of Supplied
        Steam, compressed air and chilled water of the operator's networks, with what they took.
    peak_by_day_kw : mapping of int to float, or None
        Greatest half-hour mean by day of the horizon; empty for the part that a line causes, None if it was not
        recorded [kW].
    process_water_m3 : float
        From the network of process water, reclaimed or not [m3].
    """

    electricity_kwh: Mapping[str, float]
    export_kwh: float
    fuels_gj: Mapping[str, float]
    water_m3: float
    wastewater_m3: float
    materials_vnd: float
    sun: Sun | None = None
    cod_kg: float = 0.0
    supplied: tuple[Supplied, ...] = ()
    peak_by_day_kw: Mapping[int, float] | None = {}
    process_water_m3: float = 0.0


class Books:
    """Reads a run factory by factory.

    A factory whose site has a `Meter` is read there: import and export. Any other is read at its own ports.

    Parameters
    ----------
    run : Run
        One replication.
    park : Park
        What was simulated.
    """

    def __init__(self, run: Run, park: Park):
        self.run, self.park = run, park
        self.bands = sorted({account.band for account in run.accounts})
        self._rows = {band: np.array([account.band == band for account in run.accounts]) for band in self.bands}
        self.meters = {c.place: name for name, c in park.components.items() if isinstance(c, Meter)}
        self.arrays: dict[str, dict[str, SolarArray]] = {}
        for name, c in sorted(park.components.items()):
            if isinstance(c, SolarArray):
                self.arrays.setdefault(c.place, {})[name] = c
        self.standby: dict[str, list[str]] = {}
        for name, c in sorted(park.components.items()):
            if isinstance(c, StandbyGenerator):
                self.standby.setdefault(c.place, []).append(name)
        self.networks = networks_of(run, park, self.by_band)
        self._paid: dict[str, list[str]] = {}
        for name, supplier in suppliers_of(park).items():
            self._paid.setdefault(supplier.paid_by, []).append(name)
        self._uses: dict[str, Use] = {}
        self._cod_g_per_m3: dict[str, dict[str, float]] = {}

    def use(self, name: str) -> Use:
        """Return what crossed the meters of the factory of that name."""
        if name not in self._uses:
            self._uses[name] = self._read(name)
        return self._uses[name]

    def _read(self, name: str) -> Use:
        run, own, known = self.run, self.run.find(component=name), self.run.columns
        site = self.park.component(name).place
        paid = [j for supplier in self._paid.get(name, ()) for j in run.find(component=supplier)]
        own += paid
        meter = self.meters.get(site)
        drawn, given = self._of(own, "electricity", INLET), 0.0
        if meter:
            ports = metered_ports(self.park, name)
            drawn = [j for j in [*run.find(component=meter), *paid] if f"{known[j].component}.{known[j].port}" in ports]
            given = run.amount(component=meter, port="export")
        own += [j for standby in self.standby.get(site, ()) for j in run.find(component=standby)]
        sun = self.sun(site)
        peaks = peak_by_day_kw(run, tuple(f"{known[j].component}.{known[j].port}" for j in drawn))
        return self._use(run.amounts, own, drawn, given)._replace(sun=sun, peak_by_day_kw=peaks)

    def operator_fuels_gj(self) -> dict[str, float]:
        """Return the fuels that nobody's site burns, which the park's operator pays for [GJ]."""
        factories = self.park.factories()
        sites = {factory.place for factory in factories.values()}
        tenants = {name for place, names in self.standby.items() if place in sites for name in names}
        tenants |= {name for payer, names in self._paid.items() if payer for name in names}
        burnt = dict.fromkeys(FUELS, 0.0)
        for j, column in enumerate(self.run.columns):
            mine = column.component not in factories and column.component not in tenants
            if mine and column.carrier in burnt and column.direction == INLET:
                burnt[column.carrier] += float(self.run.amounts[:, j].sum())
        return burnt

    def sun(self, place: str) -> Sun | None:
        """Return what the arrays of a site made and gave away, or None if it has none."""
        arrays, meter = self.arrays.get(place), self.meters.get(place)
        if not arrays:
            return None
        run = self.run
        columns = {name: run.find(component=name, port="power") for name in arrays}
        exported = run.find(component=meter, port="export") if meter else []
        made = self.by_band([j for found in columns.values() for j in found])
        gone = self.by_band(exported)
        kept_frac = {band: 1.0 - gone[band] / made[band] if made[band] > 0 else 1.0 for band in self.bands}
        mine = {name: self.by_band(found) for name, found in columns.items()}
        own = math.fsum(sum(mine[name].values()) for name, array in arrays.items() if array.owner == "site")
        total = math.fsum(made.values())
        return Sun(
            self._by_day([j for found in columns.values() for j in found]),
            self._by_day(exported),
            total - math.fsum(gone.values()),
            own / total if total else 1.0,
            tuple(
                (array.discount_frac, {band: kwh * kept_frac[band] for band, kwh in mine[name].items()})
                for name, array in arrays.items()
                if array.owner == "third_party"
            ),
        )

    def _by_day(self, columns: list[int]) -> dict[int, float]:
        found: dict[int, float] = {}
        for account, kwh in zip(self.run.accounts, self.run.amounts[:, columns].sum(axis=1).tolist(), strict=True):
            found[account.day] = found.get(account.day, 0.0) + kwh
        return found

    def caused(self, name: str) -> dict[int, Use]:
        """Return what the activity of each line of a factory causes, by line number; `ALL_LINES` for all together."""
        columns = self.run.columns
        own = self.run.find(component=name)
        lines = sorted({line for j in own if (line := columns[j].line) is not None and columns[j].carrier != "output"})
        uses = {}
        for line in lines:
            mine = [j for j in own if columns[j].line == line]
            use = self._use(self.run.variable, mine, self._of(mine, "electricity", INLET), 0.0)
            uses[line] = self._with_paid(use, mine)
        return uses

    def _with_paid(self, use: Use, columns: list[int]) -> Use:
        """Add what suppliers that the factory pays drew for the part that a line causes."""
        for one in self._supplied(self.run.variable, columns, paid=True):
            use = use._replace(
                fuels_gj={fuel: gj + one.fuels_gj.get(fuel, 0.0) for fuel, gj in use.fuels_gj.items()},
                electricity_kwh={band: kwh + one.electricity_kwh[band] for band, kwh in use.electricity_kwh.items()},
                water_m3=use.water_m3 + one.water_m3,
            )
        return use

    def _supplied(self, amounts: Floats, columns: list[int], *, paid: bool) -> tuple[Supplied, ...]:
        """Return what users' columns drew of networks, of those that the factory pays or of the others."""
        known, drawn = self.run.columns, dict[tuple[str, str], list[int]]()
        for j in columns:
            place = known[j].carrier, known[j].place
            if known[j].direction == INLET and place in self.networks and self.networks[place][0] == paid:
                drawn.setdefault(place, []).append(j)
        sums = {place: float(amounts[:, mine].sum()) for place, mine in drawn.items()}
        return tuple(self.networks[place][1].scaled(amount) for place, amount in sorted(sums.items()))

    def made(self, name: str, factory: Factory) -> dict[int, float]:
        """Return the output of each line [units]; for `ALL_LINES` the hours at full rate that they stand for [h]."""
        made = {k: self.run.amount(component=name, port=f"output_{k}") for k in range(len(factory.lines))}
        return made | {ALL_LINES: sum(made[k] / line.units_per_h for k, line in enumerate(factory.lines))}

    def by_band(self, columns: list[int]) -> dict[str, float]:
        """Return the sum of columns by tariff band."""
        return self._by_band(self.run.amounts, columns)

    def _by_band(self, amounts: Floats, columns: list[int]) -> dict[str, float]:
        by_account = amounts[:, columns].sum(axis=1)
        return {band: float(by_account[rows].sum()) for band, rows in self._rows.items()}

    def _of(self, columns: Iterable[int], carrier: str, direction: int) -> list[int]:
        known = self.run.columns
        return [j for j in columns if known[j].carrier == carrier and known[j].direction == direction]

    def _use(self, amounts: Floats, own: list[int], drawn: list[int], given: float) -> Use:
        known = self.run.columns

        def total(carrier: str, direction: int | None) -> float:
            mine = [j for j in own if known[j].carrier == carrier and direction in (None, known[j].direction)]
            return float(amounts[:, mine].sum())

        return Use(
            self._by_band(amounts, drawn),
            given,
            {fuel: total(fuel, INLET) for fuel in FUELS},
            total("water", INLET),
            total("wastewater", OUTLET),
            total("materials", None),
            cod_kg=self._cod_kg(amounts, own),
            supplied=self._supplied(amounts, own, paid=False) if self.networks else (),
            process_water_m3=total("process_water", INLET),
        )

    def _cod_kg(self, amounts: Floats, own: list[int]) -> float:
        """Return the COD that columns of a factory let out, where its end uses say what their water brings [kg]."""
        if not own:
            return 0.0
        columns, name = self.run.columns, self.run.columns[own[0]].component
        if name not in self._cod_g_per_m3:
            self._cod_g_per_m3[name] = {
                port_name(use, flow): math.fsum(brought[LOADS.index(part)] for part in COD)
                for use, one in self.park.factory(name).end_uses.items()
                for flow, brought in one.brings().items()
            }
        brings = self._cod_g_per_m3[name]
        if not brings:
            return 0.0
        return math.fsum(float(amounts[:, j].sum()) * brings.get(columns[j].port, 0.0) / 1000.0 for j in own)


_open: list[Books] = []


@contextmanager
def opened(run: Run, park: Park) -> Iterator[Books]:
    """Keep the books of a run open, so that all KPIs read the same ones."""
    books = Books(run, park)
    _open.append(books)
    try:
        yield books
    finally:
        _open.remove(books)


def books_of(run: Run, park: Park) -> Books:
    """Return the open books of a run, or new ones."""
    return next((books for books in _open if books.run is run and books.park is park), None) or Books(run, park)


def names_of(park: Park, kind: type[Component]) -> list[str]:
    """Return the sorted names of the components of a class."""
    return sorted(name for name, component in park.components.items() if isinstance(component, kind))


def sum_of(value: Value, run: Run, park: Park, context: Context, *, assessed: bool = False) -> float:
    """Return a value summed over all factories, or over the assessed ones [unit of the value]."""
    books = books_of(run, park)
    factories = park.assessed() if assessed else park.factories()
    return math.fsum(value(books.use(name), factory, context) for name, factory in factories.items())
