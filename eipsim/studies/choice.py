"""What to adopt next: the best set of measures under a budget and a yearly installation capacity, as an integer program."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as checked_dataclass

from ..errors import ConfigError, ResultsError
from ..measures.base import Measure
from ..physics.finance import annuity_factor_yr
from .alone import Saved
from .economics import SAVED
from .interaction import Overlap

if TYPE_CHECKING:
    from scipy.optimize import LinearConstraint

Floats = NDArray[np.float64]

CO2_KPI, MONEY_KPI = SAVED[2], SAVED[3]

Money = Annotated[float, Field(gt=0, allow_inf_nan=False)]


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class ChoiceSettings:
    """What is chosen from, within which limits, and for what.

    Parameters
    ----------
    objective : {"npv", "co2"}
        Greatest net present value, or most CO2 avoided until ``horizon_yr``.
    budget_vnd : float or None
        For all years together [VND]; None for no limit.
    yearly_budget_vnd : float or None
        For each year [VND].
    yearly_count : int
        Measures that can be installed in a year.
    years_count : int
        Years in which something is installed.
    standing, scenario : str
        Scenario with the measures that stand, and the one with all that could be chosen.
    savings : {"alone", "desk"}
        What the response model starts from.
    rate_frac : float or None
        Discount rate a year [1]; None for that of ``finance_vn.csv``.
    horizon_yr : float
        Years from the start within which CO2 counts [yr].
    time_limit_s : float
        After which the best set found so far is taken [s].
    gap_frac : float
        Distance from the best bound at which the search ends [1].
    """

    objective: Literal["npv", "co2"] = "npv"
    budget_vnd: Money | None = None
    yearly_budget_vnd: Money | None = None
    yearly_count: Annotated[int, Field(ge=1)] = 10
    years_count: Annotated[int, Field(ge=1, le=20)] = 3
    standing: str = "implemented_60"
    scenario: str = "all_159"
    savings: Literal["alone", "desk"] = "alone"
    rate_frac: Annotated[float, Field(gt=0, lt=1)] | None = None
    horizon_yr: Money = 10.0
    time_limit_s: Money = 60.0
    gap_frac: Annotated[float, Field(ge=0, lt=1)] = 1e-4


class Candidate(NamedTuple):
    """One measure that could be chosen, with what it saves beside those that stand."""

    name: str
    capital_vnd: float
    upkeep_vnd: float
    saving_vnd: float
    saving_co2_t: float
    life_yr: float


class Loss(NamedTuple):
    """What two candidates save less together than added up [VND/yr, t/yr]; below 0 they help each other."""

    first: str
    second: str
    vnd: float
    co2_t: float


class Chosen(NamedTuple):
    """The best set.

    Parameters
    ----------
    year_of : dict of str to int
        Year of installation from 0, by id.
    value : float
        Of the objective [VND, or t].
    bound : float
        What no set can exceed.
    """

    year_of: dict[str, int]
    value: float
    bound: float


def response_model(
    measures: Iterable[Measure], standing: Iterable[str], saved: Saved, pairs: Iterable[Overlap]
) -> tuple[list[Candidate], list[Loss]]:
    """Return candidates beside the measures that stand, and what pairs of candidates take from each other.

    A candidate saves what it saves alone, less the overlap with each measure that stands: s_j − Σ_i o_ij (s_i + s_j).

    Parameters
    ----------
    measures : iterable of Measure
        Candidates and those that stand.
    standing : iterable of str
        Ids of the latter.
    saved : mapping
        What each saves by itself a year, by id and KPI.
    pairs : iterable of Overlap
        See `interaction.overlaps`.
    """
    there, by_id = set(standing), {one.id: one for one in measures}
    vnd, co2_t = ({name: saved[name].get(kpi, 0.0) for name in by_id} for kpi in (MONEY_KPI, CO2_KPI))
    less_vnd, less_co2_t = dict.fromkeys(by_id, 0.0), dict.fromkeys(by_id, 0.0)
    losses = []
    for one in pairs:
        loss = Loss(
            one.first,
            one.second,
            one.vnd_frac * (vnd[one.first] + vnd[one.second]),
            one.co2_frac * (co2_t[one.first] + co2_t[one.second]),
        )
        if one.first not in there and one.second not in there:
            losses.append(loss)
        for name, other in ((one.first, one.second), (one.second, one.first)):
            if other in there:
                less_vnd[name] += loss.vnd
                less_co2_t[name] += loss.co2_t
    candidates = [
        Candidate(
            name, one.capital_vnd, one.yearly_cost_vnd, vnd[name] - less_vnd[name], co2_t[name] - less_co2_t[name], one.life_yr
        )
        for name, one in sorted(by_id.items())
        if name not in there
    ]
    return candidates, losses


def value_of(one: Candidate, year: int, settings: ChoiceSettings, rate_frac: float) -> float:
    """Return what a measure installed in a year adds to the objective [VND at the start, or t]."""
    if settings.objective == "co2":
        return one.saving_co2_t * max(0.0, min(one.life_yr, settings.horizon_yr - year))
    worth = (one.saving_vnd - one.upkeep_vnd) * float(annuity_factor_yr(rate_frac, one.life_yr)) - one.capital_vnd
    return worth / (1.0 + rate_frac) ** year


def loss_of(one: Loss, life_yr: float, year: int, settings: ChoiceSettings, rate_frac: float) -> float:
    """Return what two measures take from the objective from the year of the later one on [VND at the start, or t]."""
    if settings.objective == "co2":
        return one.co2_t * max(0.0, min(life_yr, settings.horizon_yr - year))
    return one.vnd * float(annuity_factor_yr(rate_frac, life_yr)) / (1.0 + rate_frac) ** year


def choose(candidates: Sequence[Candidate], losses: Sequence[Loss], settings: ChoiceSettings, rate_frac: float) -> Chosen:
    """Choose what is installed when.

    Maximise Σ_jt v_jt x_jt − Σ_pt (l_pt − l_p,t+1) y_pt with x_jt = 1 if j is installed in year t, and y_pt = 1 if both of a
    pair stand by the end of year t (y_pt ≥ X_it + X_jt − 1, X the sum of x so far), subject to Σ_t x_jt ≤ 1, Σ K_j x_jt ≤
    budget and, each year, Σ_j x_jt ≤ capacity. Solved by HiGHS through `scipy.optimize.milp`.

    Parameters
    ----------
    candidates : sequence of Candidate
        In the order of their names.
    losses : sequence of Loss
        Between candidates.
    settings : ChoiceSettings
        Objective and limits.
    rate_frac : float
        Discount rate a year [1].

    Returns
    -------
    Chosen
        Empty if nothing adds to the objective.

    Raises
    ------
    ConfigError
        If there is no candidate, or not even the cheapest one fits the budget.
    ResultsError
        If the time is over before any set was found.
    """
    from scipy.optimize import Bounds, milp

    _check(candidates, settings)
    count, years = len(candidates), settings.years_count
    place = {one.name: j for j, one in enumerate(candidates)}
    value = [value_of(one, t, settings, rate_frac) for one in candidates for t in range(years)]
    cost = [-each for each in value]
    for loss in losses:
        life_yr = min(candidates[place[loss.first]].life_yr, candidates[place[loss.second]].life_yr)
        each = [loss_of(loss, life_yr, t, settings, rate_frac) for t in range(years)] + [0.0]
        cost += [each[t] - each[t + 1] for t in range(years)]
    scale = max([abs(one) for one in cost], default=0.0) or 1.0
    found = milp(
        np.array(cost) / scale,
        integrality=np.repeat([1, 0], [count * years, len(losses) * years]),
        bounds=Bounds(0.0, 1.0),
        constraints=_limits(candidates, losses, place, settings),
        options={"time_limit": settings.time_limit_s, "mip_rel_gap": settings.gap_frac},
    )
    if found.x is None:
        raise ResultsError(f"time_limit_s = {settings.time_limit_s:g}: no set was found within it; give more, or fewer years")
    taken = np.argwhere(found.x[: count * years].reshape(count, years) > 0.5)
    year_of = {candidates[int(j)].name: int(t) for j, t in taken}
    return Chosen(year_of, -float(found.fun) * scale + 0.0, -float(found.mip_dual_bound) * scale + 0.0)


def _check(candidates: Sequence[Candidate], settings: ChoiceSettings) -> None:
    if not candidates:
        raise ConfigError(
            f"scenario {settings.scenario} has no measure that {settings.standing} has not: nothing can be chosen"
        )
    cheapest = min(candidates, key=lambda one: (one.capital_vnd, one.name))
    for key in ("budget_vnd", "yearly_budget_vnd"):
        budget = getattr(settings, key)
        if budget is not None and budget < cheapest.capital_vnd:
            raise ConfigError(
                f"experiment.settings.{key} = {budget:,.0f}: buys nothing, the cheapest of {len(candidates)} measures is "
                f"{cheapest.name} for {cheapest.capital_vnd:,.0f} VND"
            )


def _limits(
    candidates: Sequence[Candidate], losses: Sequence[Loss], place: Mapping[str, int], settings: ChoiceSettings
) -> LinearConstraint:
    from scipy.optimize import LinearConstraint
    from scipy.sparse import coo_array

    count, years = len(candidates), settings.years_count
    capital = [one.capital_vnd / 1e6 for one in candidates]
    cells: list[tuple[int, int, float]] = []
    upper: list[float] = []

    def row(terms: Iterable[tuple[int, float]], most: float) -> None:
        cells.extend((len(upper), column, weight) for column, weight in terms)
        upper.append(most)

    for j in range(count):
        row(((j * years + t, 1.0) for t in range(years)), 1.0)
    if settings.budget_vnd is not None:
        row(((j * years + t, capital[j]) for j in range(count) for t in range(years)), settings.budget_vnd / 1e6)
    for t in range(years):
        row(((j * years + t, 1.0) for j in range(count)), float(settings.yearly_count))
        if settings.yearly_budget_vnd is not None:
            row(((j * years + t, capital[j]) for j in range(count)), settings.yearly_budget_vnd / 1e6)
    for p, loss in enumerate(losses):
        worst = loss.co2_t if settings.objective == "co2" else loss.vnd
        both = [place[loss.first], place[loss.second]]
        for t in range(years):
            y = (count + p) * years + t
            if worst > 0:
                row([*((j * years + s, 1.0) for j in both for s in range(t + 1)), (y, -1.0)], 1.0)
            else:
                for j in both:
                    row([(y, 1.0), *((j * years + s, -1.0) for s in range(t + 1))], 0.0)
    rows, columns, weights = zip(*cells, strict=True)
    matrix = coo_array((weights, (rows, columns)), shape=(len(upper), (count + len(losses)) * years))
    return LinearConstraint(matrix.tocsr(), -np.inf, np.array(upper))


def by_payback(candidates: Sequence[Candidate], losses: Sequence[Loss], settings: ChoiceSettings, rate_frac: float) -> Chosen:
    """Return what the rule of thumb takes: the shortest payback first, whatever still fits; its value with the same losses.

    Parameters
    ----------
    candidates, losses, settings, rate_frac
        As in `choose`.
    """
    years, year_of = settings.years_count, dict[str, int]()
    left = math.inf if settings.budget_vnd is None else settings.budget_vnd
    yearly = [math.inf if settings.yearly_budget_vnd is None else settings.yearly_budget_vnd] * years
    room = [settings.yearly_count] * years
    earning = [one for one in candidates if one.saving_vnd > one.upkeep_vnd]
    for one in sorted(earning, key=lambda one: (one.capital_vnd / (one.saving_vnd - one.upkeep_vnd), one.name)):
        free = [t for t in range(years) if room[t] and one.capital_vnd <= min(left, yearly[t])]
        if free:
            year_of[one.name] = free[0]
            room[free[0]] -= 1
            left -= one.capital_vnd
            yearly[free[0]] -= one.capital_vnd
    return Chosen(year_of, worth_of(year_of, candidates, losses, settings, rate_frac), math.nan)


def worth_of(
    year_of: Mapping[str, int],
    candidates: Sequence[Candidate],
    losses: Sequence[Loss],
    settings: ChoiceSettings,
    rate_frac: float,
) -> float:
    """Return the objective of any set [VND, or t]."""
    by_name = {one.name: one for one in candidates}
    gained = [value_of(by_name[name], t, settings, rate_frac) for name, t in year_of.items()]
    lost = [
        loss_of(
            one, min(by_name[one.first].life_yr, by_name[one.second].life_yr),
            max(year_of[one.first], year_of[one.second]), settings, rate_frac,
        )
        for one in losses
        if one.first in year_of and one.second in year_of
    ]  # fmt: skip
    return math.fsum(gained) - math.fsum(lost)


def predicted(chosen: Iterable[str], candidates: Sequence[Candidate], losses: Sequence[Loss]) -> dict[str, float]:
    """Return by KPI what the response model says a set saves a year: single savings less the losses of pairs."""
    names = set(chosen)
    mine = [one for one in candidates if one.name in names]
    shared = [one for one in losses if one.first in names and one.second in names]
    return {
        MONEY_KPI: math.fsum(one.saving_vnd for one in mine) - math.fsum(one.vnd for one in shared),
        CO2_KPI: math.fsum(one.saving_co2_t for one in mine) - math.fsum(one.co2_t for one in shared),
    }
