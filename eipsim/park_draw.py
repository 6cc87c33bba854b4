"""The factories of a park: the assessed ones from their tables, the other tenants drawn from the mix of sectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import exp, gcd
from pathlib import Path
from statistics import NormalDist
from typing import cast

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked_dataclass

from .carriers import FUELS
from .components import Factory, Feeder, Line
from .components.bounds import VoltageName
from .end_uses import END_USES, Cooling, EndUse, Lighting, Motors, ProcessHeat, WaterUse
from .end_uses.process_heat import HeatCarrier
from .errors import DataError, ParkError, Problems, nearest
from .kernel.component import Component
from .kernel.streams import Stream
from .park import Park, site_parents
from .readers.factory_table import Parts, Site, read_factories
from .readers.tables import packaged, read_table
from .timebase import WorkCalendar

WORKING_WEEKS = 49.7
"""Weeks of a year in which a calendar with holidays works: 365 less 17 days of holidays and Tet, by 7; C."""
WORKING_DAYS = 298
"""Days of a year for which water per worker and day is meant; C."""
MWH_PER_YR_FROM: dict[VoltageName, float] = {"22_110": 1000.0, "6_22": 250.0, "lt6": 0.0}
"""Yearly use from which a tenant is connected at a voltage class of the tariff [MWh/yr]; C."""
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Sector:
    """A row of the sector table: what the tenants of one sector are like.

    Parameters
    ----------
    sector : str
        Name.
    tenants : int
        How many belong to it.
    workers_median, workers_sigma : float
        Head count, lognormal.
    mwh_per_worker_yr_median, mwh_per_worker_yr_sigma : float
        Electricity per worker, lognormal [MWh/yr].
    lighting_frac, cooling_frac : float
        Shares of the electricity; machines and their compressed air take the rest.
    heat_gj_per_worker_yr : float
        Useful heat from fuel, of those that burn any [GJ/yr].
    process_water_l_per_worker_d, sanitary_water_l_per_worker_d : float
        Water per working day [L/d].
    return_frac : float
        Share of the process water that becomes wastewater.
    roof_m2_per_worker : float
        Roof [m2].
    calendars, fuels : str
        Weights as ``name:weight name:weight``; the fuel ``none`` burns none.
    """

    sector: str
    tenants: int
    workers_median: float
    workers_sigma: float
    mwh_per_worker_yr_median: float
    mwh_per_worker_yr_sigma: float
    lighting_frac: float
    cooling_frac: float
    heat_gj_per_worker_yr: float
    process_water_l_per_worker_d: float
    sanitary_water_l_per_worker_d: float
    return_frac: float
    roof_m2_per_worker: float
    calendars: str
    fuels: str

    def __post_init__(self) -> None:
        for name in ("lighting_frac", "cooling_frac", "return_frac"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} = {getattr(self, name):g}: must be between 0 and 1")
        if self.lighting_frac + self.cooling_frac >= 1:
            raise ValueError("lighting_frac and cooling_frac leave nothing for machines: their sum must be below 1")
        if self.tenants < 1 or min(self.workers_median, self.mwh_per_worker_yr_median) <= 0:
            raise ValueError("tenants, workers_median and mwh_per_worker_yr_median must be more than 0")
        weights_of(self.calendars)
        for fuel in sorted(weights_of(self.fuels).keys() - {"none", *FUELS}):
            raise ValueError(f"fuels name {fuel!r}: {nearest(fuel, ('none', *FUELS))}")


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class FactoryTables:
    """The three tables of the assessed factories.

    Parameters
    ----------
    factories, lines, end_uses : str or Path
        Name of a packaged table, or path of another.
    """

    factories: str | Path = "amata_factories.csv"
    lines: str | Path = "amata_lines.csv"
    end_uses: str | Path = "amata_end_uses.csv"


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Tenants:
    """Where the other tenants come from.

    Parameters
    ----------
    table : str or Path
        Mix of sectors: name of a packaged table, or path of another.
    seed : int
        Of the park, not of a run.
    crews : mapping of str to str
        The crew that repairs on each feeder; none where it is left out.
    """

    table: str | Path = "tenant_sectors.csv"
    seed: int = 2022
    crews: Mapping[str, str] = field(default_factory=dict)


def weights_of(text: str) -> dict[str, float]:
    """Read ``name:weight name:weight``.

    Raises
    ------
    ValueError
        If a part is not of that form, a weight is negative, or all are zero.

    Examples
    --------
    >>> weights_of("one_shift:0.25 two_shifts:0.75")
    {'one_shift': 0.25, 'two_shifts': 0.75}
    """
    try:
        weights = {name: float(weight) for name, weight in (part.split(":") for part in text.split())}
    except ValueError:
        raise ValueError(f"{text!r}: must be written like one_shift:0.3 two_shifts:0.7") from None
    if not weights or min(weights.values()) < 0 or not sum(weights.values()) > 0:
        raise ValueError(f"{text!r}: weights must be 0 or more and not all 0")
    return weights


def read_assessed(factories: str | Path, lines: str | Path, end_uses: str | Path) -> dict[str, Site[Factory]]:
    """Read the assessed factories from their three tables.

    Parameters
    ----------
    factories, lines, end_uses : str or Path
        Name of a packaged table, or path of another.

    Raises
    ------
    DataError
        With every wrong cell by file, line and column.
    """
    parts = Parts(partial(Factory, assessed=True), Line, END_USES)
    return read_factories(_path(factories), _path(lines), _path(end_uses), parts)


def read_sectors(table: str | Path = "tenant_sectors.csv") -> tuple[Sector, ...]:
    """Read the mix of sectors.

    Parameters
    ----------
    table : str or Path
        Name of a packaged table, or path of another.

    Raises
    ------
    DataError
        With every wrong cell by line and column.
    """
    return read_table(_path(table), Sector)


def _path(table: str | Path) -> Path:
    return table if isinstance(table, Path) else packaged(table)


def draw_tenants(
    sectors: Sequence[Sector],
    calendars: Mapping[str, WorkCalendar],
    feeders: Mapping[str, float],
    crews: Mapping[str, str],
    seed: int = 2022,
) -> dict[str, Site[Factory]]:
    """Draw tenants that are like their sectors, no two equal.

    Head count and electricity per worker are lognormal, drawn in strata: of n tenants each has its own n-th of the
    distribution, so that totals hardly depend on the seed. End uses are sized for the yearly amounts. One line stands
    for a whole workshop, of which a breakdown stops about half. Each tenant goes to the feeder that carries the least.

    Parameters
    ----------
    sectors : sequence of Sector
        The mix.
    calendars : mapping of str to WorkCalendar
        By the names that the sectors use.
    feeders : mapping of str to float
        Places that tenants may hang on, with what they carry already [MWh/yr].
    crews : mapping of str to str
        The crew that repairs on each feeder.
    seed : int
        Of the park.

    Returns
    -------
    dict of str to Site
        ``tenant_001`` and so on.

    Raises
    ------
    DataError
        If a sector names a calendar that is not there, or there is no feeder.
    """
    with Problems("Tenants", DataError) as problems:
        for sector in sectors:
            for name in sorted(weights_of(sector.calendars).keys() - calendars.keys()):
                problems.add(f"sector {sector.sector!r}", f"works on calendar {name!r}: {nearest(name, calendars)}")
        if not feeders:
            problems.add("feeders", "are none: tenants must hang on at least one")
    load = dict(feeders)
    drawn = [
        _Draw(sector, k, Stream(seed, 0, "tenants", sector.sector, str(k))) for sector in sectors for k in range(sector.tenants)
    ]
    drawn.sort(key=lambda draw: (-draw.mwh_per_yr, draw.sector.sector, draw.k))
    sites = {}
    for number, draw in enumerate(drawn, 1):
        feeder = min(load, key=lambda name: (load[name], name))
        load[feeder] += draw.mwh_per_yr
        sites[f"tenant_{number:03d}"] = draw.site(
            f"tenant_{number:03d}", feeder, crews.get(feeder, ""), calendars[draw.calendar]
        )
    return sites


def build_park(
    name: str,
    components: Mapping[str, Component],
    calendars: Mapping[str, WorkCalendar],
    factories: FactoryTables | None = None,
    tenants: Tenants | None = None,
) -> Park:
    """Return a park of utilities, assessed factories and drawn tenants, each site joined to what it hangs on.

    Parameters
    ----------
    name : str
        Of the park.
    components : mapping of str to Component
        Utilities, feeders and crews. A feeder's place is what the tables of factories call a feeder.
    calendars : mapping of str to WorkCalendar
        By the names that tables use.
    factories : FactoryTables or None
        Tables of the assessed factories.
    tenants : Tenants or None
        Where the others are drawn from.

    Raises
    ------
    DataError
        With every wrong cell.
    ParkError
        If a factory hangs on no feeder of the park, or is called like a utility.
    """
    sites = read_assessed(factories.factories, factories.lines, factories.end_uses) if factories else {}
    feeders = sorted(component.place for component in components.values() if isinstance(component, Feeder))
    with Problems(f'Park "{name}"', ParkError) as problems:
        for key, site in sites.items():
            if site.feeder not in feeders:
                problems.add(f"{key}.feeder", f"= {site.feeder!r} is no feeder of this park: {nearest(site.feeder, feeders)}")
            if site.factory.calendar not in calendars:
                wanted = site.factory.calendar
                problems.add(f"{key}.calendar", f"= {wanted!r} is no calendar of this park: {nearest(wanted, calendars)}")
    if tenants:
        load = dict.fromkeys(feeders, 0.0)
        for site in sites.values():
            load[site.feeder] += yearly_mwh(site.factory, calendars[site.factory.calendar])
        drawn = draw_tenants(read_sectors(tenants.table), calendars, load, tenants.crews, tenants.seed)
        sites = {**sites, **drawn}
    with Problems(f'Park "{name}"', ParkError) as problems:
        for key in sorted(components.keys() & sites.keys()):
            problems.add(key, "is the name of a factory and of a utility: rename the utility")
    parents: dict[tuple[str, str], str] = {}
    for key, site in sites.items():
        parents |= site_parents(key, site.feeder)
    stands = {key: site.factory for key, site in sites.items()}
    return Park(name, {**components, **stands}, calendars, parents)


def yearly_mwh(factory: Factory, calendar: WorkCalendar) -> float:
    """Return the electricity that a factory would need in a usual year if its lines never paused [MWh].

    Weather and daylight are taken at 1, so it is an upper estimate, good for sharing feeders out.
    """
    hours = yearly_hours(calendar)
    flows = [flow for flow in factory.flows().values() if flow.carrier == "electricity"]
    return sum(flow.rest * 8760 + flow.run * (8760 if flow.driver == "always" else hours) for flow in flows) / 1000


def yearly_hours(calendar: WorkCalendar) -> float:
    """Return the working hours of a usual year that sizes are stated for [h]."""
    weeks = WORKING_WEEKS if calendar.holidays else 365 / 7
    day_h = sum(end - start for start, end in calendar.shifts)
    return weeks * calendar.days_per_week * day_h


class _Draw:
    """One tenant in the making; its numbers come from its own stream in a fixed order."""

    def __init__(self, sector: Sector, k: int, stream: Stream):
        self.sector, self.k, self.stream = sector, k, stream
        n = sector.tenants
        step = next(step for step in range(n // 2 + 1, 2 * n + 2) if gcd(step, n) == 1)
        self.workers = max(5, round(sector.workers_median * self._in_stratum(k, sector.workers_sigma)))
        per_worker = sector.mwh_per_worker_yr_median * self._in_stratum(k * step % n, sector.mwh_per_worker_yr_sigma)
        self.mwh_per_yr = self.workers * per_worker
        calendars, fuels = weights_of(sector.calendars), weights_of(sector.fuels)
        self.calendar = list(calendars)[stream.choice(list(calendars.values()))]
        self.fuel = list(fuels)[stream.choice(list(fuels.values()))]

    def _in_stratum(self, k: int, sigma: float) -> float:
        return exp(sigma * _NORMAL.inv_cdf((k + self.stream.uniform()) / self.sector.tenants))

    def about(self, value: float) -> float:
        """Return a value up to a fifth more or less, with four digits."""
        return float(f"{value * self.stream.between(0.8, 1.2):.4g}")

    def site(self, name: str, feeder: str, crew: str, calendar: WorkCalendar) -> Site[Factory]:
        """Return the tenant on its feeder."""
        between = self.stream.between
        line = Line(
            units_per_h=self.workers,
            mtbf_h=round(between(150, 400)),
            repair_h_median=round(between(1.5, 4.5), 1),
            down_frac=round(between(0.4, 0.6), 2),
        )
        factory = Factory(
            place=name,
            calendar=self.calendar,
            lines=(line,),
            end_uses=self._end_uses(yearly_hours(calendar)),
            crew=crew,
            sector=self.sector.sector,
            voltage_class=next(name for name, least in MWH_PER_YR_FROM.items() if self.mwh_per_yr >= least),
            workers=self.workers,
        )
        return Site(factory, feeder, self.about(self.workers * self.sector.roof_m2_per_worker), "worker hours")

    def _end_uses(self, hours: float) -> dict[str, EndUse]:
        """Return end uses that need the yearly amounts in so many working hours."""
        sector, between, kwh = self.sector, self.stream.between, 1000 * self.mwh_per_yr
        emergency, standby = round(between(0.03, 0.08), 3), round(between(0.06, 0.2), 3)
        efficiency, cop = round(between(0.85, 0.91), 3), round(between(2.8, 4.2), 2)
        share = 1 - sector.lighting_frac - sector.cooling_frac
        lamps_h, machines_h = hours + emergency * (8760 - hours), hours + standby * (8760 - hours)
        uses: dict[str, EndUse] = {
            "lighting": Lighting(installed_kw=self.about(kwh * sector.lighting_frac / lamps_h), emergency_frac=emergency),
            "machines": Motors(
                shaft_kw=self.about(kwh * share / machines_h * efficiency), efficiency_frac=efficiency, standby_frac=standby
            ),
            "cooling": Cooling(envelope_kw_th=self.about(kwh * sector.cooling_frac / hours * cop), cop=cop),
            "water": WaterUse(
                process_m3_per_h=self._water_m3_per_h(sector.process_water_l_per_worker_d, hours),
                sanitary_m3_per_h=self._water_m3_per_h(sector.sanitary_water_l_per_worker_d, hours),
                return_frac=sector.return_frac,
            ),
        }
        if self.fuel != "none" and sector.heat_gj_per_worker_yr:
            useful_kw = self.about(self.workers * sector.heat_gj_per_worker_yr / 0.0036 / hours)
            uses["boiler"] = ProcessHeat(
                carrier=cast(HeatCarrier, self.fuel), useful_kw=useful_kw, flue_o2_frac=round(between(0.04, 0.09), 3)
            )
        return uses

    def _water_m3_per_h(self, l_per_worker_d: float, hours: float) -> float:
        return self.about(self.workers * l_per_worker_d / 1000 * WORKING_DAYS / hours)
