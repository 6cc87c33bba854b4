"""A scenario: a park, measures, policies and a context; and one run of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .components import Calendar, ChillerPlant, Factory, Irrigation, Rain, SolarArray
from .components.rain import RAIN
from .context import RAIN as RAIN_PROFILE
from .context import Context
from .end_uses.measured_load import MEASURED
from .errors import ConfigError
from .kernel.collector import swept
from .kernel.component import Component
from .kernel.run import Run
from .kernel.simulation import Simulation
from .measures.base import Measure
from .park import Park
from .park_networks import chooses_fuel, with_fuel_prices
from .readers.load_profile import LoadProfile
from .run_in import run_in_problem, with_run_in, without_run_in
from .timebase import AccountGrid, Horizon, WorkCalendar

CALENDAR = "calendar:"
"""What the profiles and components of working calendars are called before the calendar's name."""


@dataclass(frozen=True, eq=False)
class Scenario:
    """What is simulated.

    Parameters
    ----------
    name : str
        For results.
    park : Park
        As it is without the measures.
    measures : sequence of Measure
        Applied in the order of their ids, so that the order of a file is no matter.
    policies : mapping of str to Component
        Components without ports that set merits or set points, by name.
    context : Context
        Dates, weather, prices, rules.
    run_in_h : float
        Time that is simulated before the horizon starts and is not counted, in whole days [h].
    """

    name: str
    park: Park
    context: Context
    measures: Sequence[Measure] = ()
    policies: Mapping[str, Component] = field(default_factory=dict)
    run_in_h: float = 0.0

    def build(self) -> Park:
        """Return the park with all measures and policies, and the export caps of the rules in force.

        Raises
        ------
        ParkError
            If the park can't run, with all problems.
        CatalogueError
            If a measure can't be applied.
        ConfigError
            If a measured load does not cover the horizon, or no discharge standard holds on the day of the law.
        """
        park = self.park
        for measure in sorted(self.measures, key=lambda measure: measure.id):
            park = measure.apply(park)
        for name, policy in sorted(self.policies.items()):
            park = park.add(name, policy)
        park = park.with_export_caps(self.context.solar_regime.export_frac).with_discharge_law(self.context.date)
        if chooses_fuel(park):
            park = with_fuel_prices(park, self.context.prices.fuel_vnd_per_gj)
        park.check()
        for load in park.measured_loads.values():
            load.check_covers(self.context.horizon)
        return park


@dataclass(frozen=True, eq=False)
class Prepared:
    """A scenario whose park, profiles and accounts are worked out, ready for any replication.

    Parameters
    ----------
    park : Park
        With measures, policies and working calendars.
    hours, step_h : float
        Length of the horizon, run-in included, and of a profile's step [h].
    accounts : AccountGrid
        What amounts are summed into.
    profiles : mapping of str to ndarray of shape (steps,)
        Factors that ports follow and all replications share [1].
    context : Context
        Draws the weather of a replication.
    drawn : frozenset of str
        Names of the profiles that each replication draws.
    run_in_h : float
        How much of the horizon is not counted [h].
    """

    park: Park
    hours: float
    step_h: float
    accounts: AccountGrid
    profiles: Mapping[str, NDArray[np.float64]]
    context: Context
    drawn: frozenset[str] = frozenset()
    run_in_h: float = 0.0

    def profiles_of(self, replication: int, seed: int) -> dict[str, NDArray[np.float64]]:
        """Return all profiles of one replication, those that it draws among them."""
        if not self.drawn:
            return dict(self.profiles)
        context = self.context.drawn(seed, replication)
        return {**self.profiles, **{name: context.profile(name) for name in sorted(self.drawn)}}

    def components_of(self, replication: int, seed: int) -> dict[str, Component]:
        """Return the components of one replication, with its rain where something is washed or watered by it."""
        components = dict(self.park.components)
        if any(isinstance(c, Irrigation) or (isinstance(c, SolarArray) and c.is_washed) for c in components.values()):
            rain = self.context.drawn(seed, replication).profile(RAIN_PROFILE)
            days = np.add.reduceat(rain, np.arange(0, rain.size, round(24.0 / self.step_h))) * self.step_h
            months = tuple(self.context.horizon.date_of(day).month for day in range(days.size))
            components[RAIN] = Rain(mm_of_days=tuple(days.tolist()), month_of_days=months)
        return components

    def run(self, replication: int = 0, seed: int = 2022, record: Sequence[str] = (), resolution_h: float = 0.25) -> Run:
        """Simulate once; parameters as in `simulate`."""
        with swept():
            run = Simulation(
                self.components_of(replication, seed),
                hours=self.hours,
                accounts=self.accounts,
                profiles=self.profiles_of(replication, seed),
                step_h=self.step_h,
                parents=self.park.parents,
                seed=seed,
                replication=replication,
                resolution_h=resolution_h,
                record=record,
                counted_from_h=self.run_in_h,
            ).run()
        return without_run_in(run, self.run_in_h)


def prepare(scenario: Scenario, hours: float | None = None) -> Prepared:
    """Work out everything that replications share.

    Parameters
    ----------
    scenario : Scenario
        Left as it is.
    hours : float or None
        Length of the horizon [h]; None for that of the context.

    Raises
    ------
    ConfigError
        If the horizon is longer than the context's, or the run-in is no number of whole days.
    ParkError, CatalogueError
        If the park can't run or a measure can't be applied.
    """
    if problem := run_in_problem(scenario.run_in_h):
        raise ConfigError(f"run_in_h = {scenario.run_in_h:g} h: {problem}")
    context, park = scenario.context, scenario.build()
    horizon: Horizon = context.horizon
    if hours is not None:
        if not 0 < hours <= horizon.hours:
            raise ConfigError(f"hours = {hours:g}: must be more than 0 and at most the horizon of {horizon.hours:g} h")
        horizon = dataclasses.replace(horizon, hours=hours)
    if scenario.run_in_h:
        horizon = with_run_in(horizon, scenario.run_in_h)
    if horizon != context.horizon:
        context = dataclasses.replace(context, horizon=horizon)
    calendars: dict[str, Any] = {f"{CALENDAR}{name}": calendar for name, calendar in park.calendars.items()}
    used = {f"{CALENDAR}{factory.calendar}" for factory in park.factories().values()}
    clocks = {name: Calendar(edges_h=tuple(calendars[name].edges(horizon).tolist())) for name in sorted(used)}
    own = calendars | {f"{MEASURED}{name}": load for name, load in park.measured_loads.items()}
    names = profile_names(park)
    drawn = frozenset(name for name in names - own.keys() if context.is_drawn(name))
    profiles = {name: _profile(name, own, context, horizon) for name in sorted(names - drawn)}
    park = dataclasses.replace(park, components={**park.components, **clocks})
    return Prepared(park, horizon.hours, context.step_h, context.accounts(), profiles, context, drawn, scenario.run_in_h)


def simulate(
    scenario: Scenario,
    replication: int = 0,
    seed: int = 2022,
    record: Sequence[str] = (),
    hours: float | None = None,
    *,
    resolution_h: float = 0.25,
) -> Run:
    """Simulate a scenario once; nothing that is given is changed.

    Parameters
    ----------
    scenario : Scenario
        What is simulated.
    replication, seed : int
        Of the random numbers: scenarios share them, so their differences have small variance.
    record : sequence of str
        Patterns ``component.port`` (with ``*``) of which a series is kept.
    hours : float or None
        Length of the horizon [h]; None for that of the context.
    resolution_h : float
        Calendar on which stochastic durations end [h]; 0 for exact times.

    Returns
    -------
    Run
        Amounts per (day × tariff band), series, levels, events, residuals.

    Raises
    ------
    ConfigError, ParkError, CatalogueError
        As `prepare`.
    """
    return prepare(scenario, hours).run(replication, seed, record, resolution_h)


def profile_names(park: Park) -> set[str]:
    """Return the names of all profiles that ports and activities of a park follow."""
    names = set[str]()
    for component in park.components.values():
        for port in component.declared_ports().values():
            names.update(port.factors)
        if isinstance(component, Factory | ChillerPlant):
            names |= component.profile_names
    return names


def _profile(
    name: str, own: Mapping[str, WorkCalendar | LoadProfile], context: Context, horizon: Horizon
) -> NDArray[np.float64]:
    return own[name].profile(horizon, context.step_h) if name in own else context.profile(name)
