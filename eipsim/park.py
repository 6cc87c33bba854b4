"""A park: components by name, calendars, and which place hangs on which."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .carriers import FUELS
from .components import (
    Factory,
    Feeder,
    Meter,
    OnlineMonitor,
    SolarArray,
)
from .end_uses import EndUse
from .errors import ConfigError, ParkError, Problems, nearest
from .kernel.component import Component
from .park_checks import check_components
from .readers.load_profile import LoadProfile
from .timebase import WorkCalendar


@dataclass(frozen=True)
class Park:
    """Everything that a run starts from; a change gives a new park, and never alters the old one.

    Parameters
    ----------
    name : str
        For messages and results.
    components : mapping of str to Component
        By name; the order is no matter.
    calendars : mapping of str to WorkCalendar
        By the name that factories refer to.
    parents : mapping of (str, str) to str
        From (carrier, place) to the place one level up, where a place has no bus of that carrier; see `site_parents`.
    measured_loads : mapping of str to LoadProfile
        By the name that end uses of the type ``measured_load`` refer to.
    """

    name: str
    components: Mapping[str, Component]
    calendars: Mapping[str, WorkCalendar] = field(default_factory=dict)
    parents: Mapping[tuple[str, str], str] = field(default_factory=dict)
    measured_loads: Mapping[str, LoadProfile] = field(default_factory=dict)

    def check(self) -> None:
        """Find everything that would keep the park from running.

        Raises
        ------
        ParkError
            With all problems at once: unknown names, carriers that are drawn and not supplied or given and not taken,
            sites with generation and no meter, loops.
        """
        with Problems(f'Park "{self.name}"', ParkError) as problems:
            check_components(problems, self.components, self.calendars, self.parents, self.measured_loads)

    def component(self, name: str) -> Component:
        """Return a component by name.

        Raises
        ------
        ParkError
            If there is none of that name.
        """
        if name not in self.components:
            raise ParkError(f'Park "{self.name}" has no component {name!r}: {nearest(name, self.components)}')
        return self.components[name]

    def factory(self, name: str) -> Factory:
        """Return a factory by name.

        Raises
        ------
        ParkError
            If there is none of that name.
        """
        factory = self.components.get(name)
        if not isinstance(factory, Factory):
            raise ParkError(f'Park "{self.name}" has no factory {name!r}: {nearest(name, self.factories())}')
        return factory

    def factories(self) -> dict[str, Factory]:
        """Return all factories by name, sorted."""
        return {name: c for name, c in sorted(self.components.items()) if isinstance(c, Factory)}

    def assessed(self) -> dict[str, Factory]:
        """Return the factories whose meters the published figures are about, by name, sorted."""
        return {name: factory for name, factory in self.factories().items() if factory.assessed}

    def end_use(self, factory: str, name: str) -> EndUse:
        """Return an end use of a factory.

        Raises
        ------
        ParkError
            If there is no such factory or end use.
        """
        end_uses = self.factory(factory).end_uses
        if name not in end_uses:
            raise ParkError(f'Factory "{factory}" has no end use {name!r}: {nearest(name, end_uses)}')
        return end_uses[name]

    def replace_end_use(self, factory: str, name: str, end_use: EndUse) -> Park:
        """Return a park in which one end use of one factory is another.

        Raises
        ------
        ParkError
            If there is no such factory or end use.
        """
        self.end_use(factory, name)
        return self.replace(factory, end_uses={**self.factory(factory).end_uses, name: end_use})

    def replace(self, name: str, **changes: Any) -> Park:
        """Return a park in which some parameters of one component are others.

        Raises
        ------
        ParkError
            If there is no such component or parameter.
        """
        component = self.component(name)
        known = [f.name for f in dataclasses.fields(component)]  # type: ignore[arg-type]
        for parameter in changes:
            if parameter not in known:
                raise ParkError(f"{name} has no parameter {parameter!r}: {nearest(parameter, known)}")
        return self._with(name, dataclasses.replace(component, **changes))  # type: ignore[type-var]

    def add(self, name: str, component: Component) -> Park:
        """Return a park with one component more.

        Raises
        ------
        ParkError
            If the name is taken.
        """
        if name in self.components:
            raise ParkError(f'Park "{self.name}" already has a component {name!r}: choose another name')
        return self._with(name, component)

    def remove(self, name: str) -> Park:
        """Return a park without one component.

        Raises
        ------
        ParkError
            If there is none of that name.
        """
        self.component(name)
        return dataclasses.replace(self, components={k: c for k, c in self.components.items() if k != name})

    def _with(self, name: str, component: Component) -> Park:
        return dataclasses.replace(self, components={**self.components, name: component})

    def connections(self, factory: str) -> dict[str, str]:
        """Return the place that the site of a factory hangs on, by carrier."""
        site = self.factory(factory).place
        return {carrier: up for (carrier, place), up in sorted(self.parents.items()) if place == site}

    def add_solar(
        self,
        factory: str,
        peak_kw: float,
        tilt_deg: float = 10.0,
        azimuth_deg: float = 180.0,
        *,
        islanding: bool = False,
    ) -> Park:
        """Return a park with solar on the site of a factory, behind its meter.

        Adds the component ``solar_<factory>``, or enlarges it if its modules have the same orientation, else one with the
        orientation in its name; and ``meter_<factory>`` if the site has none. The meter exports nothing until
        `with_export_caps` gives it a cap.

        Parameters
        ----------
        factory : str
            Name.
        peak_kw : float
            Peak power of the modules [kWp]; 0 changes nothing.
        tilt_deg, azimuth_deg : float
            Of the modules; 180 is south.
        islanding : bool
            Whether a new array goes on while its feeder is out.

        Raises
        ------
        ParkError
            If there is no such factory, if the power is negative, or if its site hangs on no feeder.
        """
        site = self.factory(factory).place
        if not peak_kw >= 0:
            raise ParkError(f"solar_{factory}.peak_kw = {peak_kw:g}: must be 0 or more")
        if not peak_kw:
            return self
        name = f"solar_{factory}"
        present = self.components.get(name)
        if isinstance(present, SolarArray) and (present.tilt_deg, present.azimuth_deg) != (tilt_deg, azimuth_deg):
            name = f"solar_{factory}_{tilt_deg:g}_{azimuth_deg:g}"
            present = self.components.get(name)
        if isinstance(present, SolarArray):
            return self.replace(name, peak_kw=present.peak_kw + peak_kw)
        park = self._with_meter(factory, site)
        feeder = next(c.feeder for _, c in sorted(park.components.items()) if isinstance(c, Meter) and c.place == site)
        array = SolarArray(
            place=site,
            peak_kw=peak_kw,
            tilt_deg=tilt_deg,
            azimuth_deg=azimuth_deg,
            feeder=feeder,
            islanding=islanding,
        )
        return park.add(name, array)

    def _with_meter(self, factory: str, site: str) -> Park:
        if any(isinstance(c, Meter) and c.place == site for c in self.components.values()):
            return self
        up = self.parents.get(("electricity", site))
        if up is None:
            raise ParkError(f'{factory} at "{site}" hangs on no feeder: give parents[("electricity", "{site}")] its place')
        feeder = next((name for name, c in sorted(self.components.items()) if isinstance(c, Feeder) and c.place == up), "")
        return self.add(f"meter_{factory}", Meter(place=site, to=up, feeder=feeder))

    def with_discharge_law(self, on: date) -> Park:
        """Return a park whose monitors watch the discharge standard of a day, unless they have a day of their own.

        Parameters
        ----------
        on : date
            Day of the law.

        Raises
        ------
        ConfigError
            If the table of a monitor has no standard that holds on its day, or not its column; the message names the monitor.
        """
        park = self
        with Problems("Online monitoring", ConfigError) as problems:
            for name, c in sorted(self.components.items()):
                if isinstance(c, OnlineMonitor):
                    watching = dataclasses.replace(c, law_date=c.law_date or on)
                    try:
                        watching.limits_g_per_m3()
                    except ConfigError as error:
                        problems.add(f"{name}:", str(error))
                    park = park.replace(name, law_date=watching.law_date)
        return park

    def with_export_caps(self, share_frac: float) -> Park:
        """Return a park whose meters may export a share of the solar power behind them.

        Parameters
        ----------
        share_frac : float
            Cap over installed peak power, 0-1; 0 is zero export. See `SolarRegime.export_frac`.
        """
        peak_kw: dict[str, float] = {}
        for c in self.components.values():
            if isinstance(c, SolarArray):
                peak_kw[c.place] = peak_kw.get(c.place, 0.0) + c.peak_kw
        park = self
        for name, c in self.components.items():
            if isinstance(c, Meter) and c.export_cap_kw != (cap := share_frac * peak_kw.get(c.place, 0.0)):
                park = park.replace(name, export_cap_kw=cap)
        return park


def site_parents(
    site: str, feeder: str, water: str = "water_main", sewer: str = "sewer", fuels: str = "fuel_depot"
) -> dict[tuple[str, str], str]:
    """Return the places that a site hangs on, for `Park.parents`.

    Parameters
    ----------
    site : str
        Place of a factory.
    feeder, water, sewer, fuels : str
        Places one level up, of electricity, city water, wastewater and all fuels.

    Examples
    --------
    >>> site_parents("site_1", "feeder_2")["electricity", "site_1"]
    'feeder_2'
    """
    up = {"electricity": feeder, "water": water, "wastewater": sewer} | dict.fromkeys(FUELS, fuels)
    return {(carrier, site): place for carrier, place in up.items()}
