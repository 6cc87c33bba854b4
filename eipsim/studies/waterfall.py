"""From desk figures to meters: the same measures in ever more of the park, and what each step adds or takes away."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as checked_dataclass

from ..carriers import FUELS
from ..components import Feeder, Substation, WaterWorks
from ..context import Context
from ..kpis import KPIS, Outcome, paired_savings, t_interval
from ..measures import DeskPrices, Measure
from ..park import Park
from ..scenario import Scenario
from ..tabulation import HOURS_PER_YR, distinct
from .calibration import assessed_part
from .coalitions import Coalitions, Doing, by_factory
from .interplay import Members

Floats = NDArray[np.float64]

STAGES = ("desk", "alone", "end_use", "factory", "tariff", "park")
"""What is counted, in the order of the steps."""

KPIS_SHOWN = (
    "electricity_assessed_kwh",
    "lpg_assessed_t",
    "other_fuel_assessed_gj",
    "water_assessed_m3",
    "wastewater_assessed_m3",
    "co2_assessed_t",
    "money_assessed_vnd",
)
"""The KPI of each resource."""

KWH, LPG, FUEL, WATER, WASTEWATER, CO2, VND = range(7)

WHOLE_ROUNDS = 1
"""Rounds of sets of measures that hold all factories; later ones leave those out of which all is told."""

MORE_THAN_ANYONE_ASKS_M3_PER_H = 1e9


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class WaterfallSettings:
    """How the stages are simulated.

    Parameters
    ----------
    replications, seed : int
        Of every stage; all share their seeds.
    baseline : str
        What savings are counted from.

    Raises
    ------
    pydantic.ValidationError
        If a number makes no sense.
    """

    replications: Annotated[int, Field(ge=1)] = 5
    seed: Annotated[int, Field(ge=0)] = 2022
    baseline: str = "baseline"


class StageRow(NamedTuple):
    """One row of ``waterfall.csv``: what a stage says a scenario saves of a resource, and how far that is from the one before.

    The step of the first stage is its value, so that steps sum to the value of the last. Ends are 95 % t intervals over
    replications, of steps paired ones; nan with one replication.
    """

    scenario: str
    kpi: str
    unit: str
    stage: str
    value: float
    low: float
    high: float
    step: float
    step_low: float
    step_high: float
    replications: int


@dataclass(frozen=True)
class Waterfall:
    """What was found.

    Parameters
    ----------
    settings : WaterfallSettings
        What was asked.
    rows : tuple of StageRow
        By scenario, KPI and stage.
    hours : float
        Length of the horizon [h].
    """

    settings: WaterfallSettings
    rows: tuple[StageRow, ...]
    hours: float


def run_waterfall(name: str, settings: WaterfallSettings, scenarios: Mapping[str, Scenario], doing: Doing) -> Waterfall:
    """Simulate every stage of every scenario.

    Parameters
    ----------
    name : str
        Of the results, for progress.
    settings : WaterfallSettings
        What is asked.
    scenarios : mapping of str to Scenario
        The baseline and one or more others, in its park and context.
    doing : Doing
        How runs are done.

    Returns
    -------
    Waterfall
        ``desk``: the sum of desk figures. ``alone``: each measure alone in its factory, summed. ``end_use``: the measures of
        each end use together, of what they save on carriers of that end use, summed. ``factory``: each factory with all its
        measures. These three at the mean price, with shared utilities unlimited, and what the sun gives beyond the need of a
        site counted as if the grid took it for the same price. ``tariff``: the tariff's hours and the export rule in force.
        ``park``: the whole park with its outages and limits.

    Raises
    ------
    ResultsError
        If a run failed.

    Notes
    -----
    What the meters of the assessed factories show, at equal production; plant, pumps and the operator's fees are not in it.
    """
    base = scenarios[settings.baseline]
    others = {key: one for key, one in scenarios.items() if key != settings.baseline}
    measures = distinct(others.values())
    keys = {key: [of for of, m in measures.items() if m in one.measures] for key, one in others.items()}
    unlimited = dataclasses.replace(base, park=unlimited_part(base.park, measures.values()))
    flat = dataclasses.replace(unlimited, context=at_mean_price(base.context))
    coalitions = Coalitions(flat, measures, doing)
    wanted = _wanted(measures, keys.values())
    later: dict[tuple[str, str], Any] = {}
    for stage, bare in (("tariff", unlimited), ("park", base)):
        known: dict[int, Any] = {}
        for key, one in {settings.baseline: base, **others}.items():
            chosen = dataclasses.replace(bare, name=key, measures=one.measures)
            later[stage, key] = doing.units(f"{stage}, {key}", chosen, known)
    planned = [units for _, units in coalitions.planned(name, wanted, WHOLE_ROUNDS)]
    teams = coalitions.planned_teams(name, wanted, WHOLE_ROUNDS)
    quiet = coalitions.doing = doing.ahead([*later.values(), *planned, *teams.values()])
    coalitions.run(name, wanted, WHOLE_ROUNDS)
    if coalitions.missed_by(teams):
        coalitions = Coalitions(flat, measures, doing)
        coalitions.run(f"{name}, all factories there", wanted)
    left = quiet.records(list(later.values()))
    outcomes = {of: [Outcome.from_plain(r["outcome"]) for r in records] for of, records in zip(later, left, strict=True)}
    hours = float(left[0][0]["hours"])
    flat_stages = _FlatStages(coalitions, base.context)
    rows: list[StageRow] = []
    for key in others:
        own = by_factory({of: measures[of] for of in keys[key]})
        values = {
            "desk": np.tile(desk_sums(own, base, hours), (settings.replications, 1)),
            "alone": flat_stages.sum((f, frozenset({of})) for f, mine in own.items() for of in mine),
            "end_use": flat_stages.end_uses(own),
            "factory": flat_stages.sum((f, frozenset(mine)) for f, mine in own.items()),
        }
        for stage in ("tariff", "park"):
            pair = outcomes[stage, settings.baseline], outcomes[stage, key]
            values[stage] = np.array([paired_savings(KPIS[kpi], *pair)[0] for kpi in KPIS_SHOWN]).T
        rows += stage_rows(key, values)
    return Waterfall(settings, tuple(rows), hours)


def _wanted(measures: Mapping[str, Measure], scenarios: Iterable[Sequence[str]]) -> dict[str, list[Members]]:
    """Return by factory all measures, each alone, the measures of each end use, and all, of every scenario."""
    wanted: dict[str, list[Members]] = {
        f: [frozenset(mine), *(frozenset({of}) for of in mine)] for f, mine in by_factory(measures).items()
    }
    for keys in scenarios:
        for factory, mine in by_factory({of: measures[of] for of in keys}).items():
            wanted[factory] += [*(frozenset(group) for group in by_end_use(mine).values()), frozenset(mine)]
    return {factory: list(dict.fromkeys(own)) for factory, own in wanted.items()}


def by_end_use(measures: Mapping[str, Measure]) -> dict[str, dict[str, Measure]]:
    """Return the measures of one factory by the end use that they act on; those that act on none stand under no name."""
    found: dict[str, dict[str, Measure]] = {}
    for key, measure in measures.items():
        found.setdefault(measure.end_use, {})[key] = measure
    return dict(sorted(found.items()))


def unlimited_part(park: Park, measures: Iterable[Measure] = ()) -> Park:
    """Return the assessed part of a park whose shared grid and water are never out and never short.

    Substation, feeders and water works have no interruptions and no limit. Repair crews stay as they are: they are part of how
    lines work, and no measure changes them.
    """
    part = assessed_part(park, measures)
    for name, one in part.components.items():
        if isinstance(one, Substation | Feeder):
            part = part.replace(name, interruptions_per_yr=0.0, rating_kw=math.inf)
        elif isinstance(one, WaterWorks):
            part = part.replace(name, interruptions_per_yr=0.0, capacity_m3_per_h=MORE_THAN_ANYONE_ASKS_M3_PER_H)
    return part


def at_mean_price(context: Context) -> Context:
    """Return a context in which every hour has the mean price of a constant load, power is free and all surplus may leave.

    What leaves is paid nothing here: `run_waterfall` counts it at the mean price of its factory.
    """
    tariff = context.tariff
    means = {name: tariff.mean_price_vnd_per_kwh(name) for name in tariff.prices_vnd_per_kwh}
    prices = {name: dict.fromkeys(bands, means[name]) for name, bands in tariff.prices_vnd_per_kwh.items()}
    return dataclasses.replace(
        context,
        tariff=dataclasses.replace(tariff, prices_vnd_per_kwh=prices, capacity_vnd_per_kw_month=None),
        solar_regime=dataclasses.replace(
            context.solar_regime, sale_cap_frac=1.0, sale_cap_of="installed_capacity", price_vnd_per_kwh=0.0
        ),
    )


def desk_sums(measures: Mapping[str, Mapping[str, Measure]], base: Scenario, hours: float) -> Floats:
    """Return the sum of desk figures in the share of a year that is simulated, shape (resources,)."""
    prices = DeskPrices.of(base.context)
    rows = []
    for one in (m for mine in measures.values() for m in mine.values()):
        if base.park.factory(one.factory).assessed:
            desk, saved = one.desk(base.park, prices), one.saved_on_paper(base.park, prices.horizon)
            rows.append((desk.kwh, desk.lpg_t, desk.other_fuel_gj, desk.water_m3, saved.wastewater_m3, desk.co2_t, desk.vnd))
    return np.array([hours / HOURS_PER_YR * math.fsum(column) for column in zip(*rows, strict=True)] or [0.0] * len(KPIS_SHOWN))


@dataclass(frozen=True)
class _FlatStages:
    """Savings at the mean price, of sets of measures that were run.

    Parameters
    ----------
    coalitions : Coalitions
        Simulated at the mean price, with all surplus leaving the site.
    context : Context
        As it is; gives mean prices and factors.
    """

    coalitions: Coalitions
    context: Context

    def sum(self, sets: Iterable[tuple[str, Members]]) -> Floats:
        """Return the sum of what sets save, shape (replications, resources)."""
        return sum((self.saved(factory, members) for factory, members in sets), self._zeros())

    def _zeros(self) -> Floats:
        return np.zeros((self.coalitions.doing.replications, len(KPIS_SHOWN)))

    def saved(self, factory: str, members: Members) -> Floats:
        """Return what one set saves, what leaves the site among it, shape (replications, resources)."""
        found = self.coalitions.saved(factory, members, KPIS_SHOWN)
        tenant = self.coalitions.base.park.factory(factory)
        if not tenant.assessed:
            return found
        given_kwh = np.array([self._given_kwh(factory, of) for of in (frozenset[str](), members)])
        more_kwh = given_kwh[1] - given_kwh[0]
        found[:, KWH] += more_kwh
        found[:, CO2] += more_kwh / 1000.0 * self.context.factors.grid_tco2_per_mwh
        found[:, VND] += more_kwh * self.context.tariff.mean_price_vnd_per_kwh(tenant.voltage_class)
        return found

    def _given_kwh(self, factory: str, members: Members) -> list[float]:
        bills = self.coalitions.bills(factory, members)
        return [-math.fsum(quantity for item, quantity, _, _ in items if item == "export") for items in bills]

    def end_uses(self, measures: Mapping[str, Mapping[str, Measure]]) -> Floats:
        """Return what the measures of each end use save together on its own carriers, summed."""
        total = self._zeros()
        for factory, mine in measures.items():
            for end_use, group in by_end_use(mine).items():
                members = frozenset(group)
                foreign = self._foreign(factory, end_use, group)
                total = total + self.saved(factory, members) - self._on(foreign, factory, members)
        return total

    def _foreign(self, factory: str, end_use: str, group: Mapping[str, Measure]) -> set[str]:
        """Return the carriers that an end use draws and gives neither without nor with its measures."""
        park = self.coalitions.base.park
        changed = park
        for measure in group.values():
            changed = measure.apply(changed)
        own = {"electricity"} if not end_use else set[str]()
        for tenant in (park.factory(factory), changed.factory(factory)) if end_use else ():
            own |= {flow.carrier for flow in tenant.end_uses[end_use].flows(tenant.end_uses)}
        return {"electricity", "water", "wastewater", "materials", *FUELS} - own

    def _on(self, carriers: set[str], factory: str, members: Members) -> Floats:
        """Return what a set saves on some carriers, as plain differences, shape (replications, resources)."""
        pairs = zip(self.coalitions.bills(factory, frozenset()), self.coalitions.bills(factory, members), strict=True)
        tenant = self.coalitions.base.park.factory(factory)
        mean_vnd = self.context.tariff.mean_price_vnd_per_kwh(tenant.voltage_class)
        rows = []
        for before, after in pairs:
            less: dict[str, list[float]] = {}
            for sign, items in ((1.0, before), (-1.0, after)):
                for item, quantity, _, vnd in items:
                    if carrier_of(item) in carriers:
                        own = less.setdefault(item, [0.0, 0.0])
                        own[0], own[1] = own[0] + sign * quantity, own[1] + sign * vnd
            rows.append(
                sum((self._worth(item, gone, vnd, mean_vnd) for item, (gone, vnd) in less.items()), np.zeros(len(KPIS_SHOWN)))
            )
        return np.array(rows)

    def _worth(self, item: str, quantity: float, vnd: float, mean_vnd: float) -> Floats:
        """Return one line of a bill by resource."""
        factors, row = self.context.factors, np.zeros(len(KPIS_SHOWN))
        row[VND] = vnd
        if item == "export" or item.startswith("electricity_"):
            row[KWH], row[CO2] = quantity, quantity / 1000.0 * factors.grid_tco2_per_mwh
            row[VND] += quantity * mean_vnd if item == "export" else 0.0
        elif item in FUELS:
            row[CO2] = quantity * factors.fuel_kgco2_per_gj[item] / 1000.0
            row[LPG if item == "lpg" else FUEL] = quantity / (factors.fuel_ncv_gj_per_t["lpg"] if item == "lpg" else 1.0)
        elif item in ("water", "wastewater"):
            row[WATER if item == "water" else WASTEWATER] = quantity
        return row


def carrier_of(item: str) -> str:
    """Return the carrier that a line of a bill is about."""
    if item in FUELS or item in ("water", "wastewater", "materials"):
        return item
    return "wastewater" if item == "cod_surcharge" else "electricity"


def stage_rows(scenario: str, values: Mapping[str, Floats]) -> list[StageRow]:
    """Return the rows of one scenario.

    Parameters
    ----------
    scenario : str
        Its name.
    values : mapping of str to ndarray of shape (replications, resources)
        By stage, in the order of `STAGES` [unit of the KPI].
    """
    rows = []
    for k, kpi in enumerate(KPIS_SHOWN):
        last: Floats | None = None
        for stage in STAGES:
            here = values[stage][:, k]
            value, step = t_interval(here), t_interval(here if last is None else here - last)
            rows.append(StageRow(scenario, kpi, KPIS[kpi].unit, stage, *value, *step, len(here)))
            last = here
    return rows


def steps_of(rows: Sequence[StageRow], scenario: str, kpi: str) -> list[StageRow]:
    """Return the rows of one scenario and KPI, stage by stage."""
    return [row for row in rows if (row.scenario, row.kpi) == (scenario, kpi)]
