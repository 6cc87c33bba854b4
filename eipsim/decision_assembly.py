"""Builds what studies of decisions ask from what a configuration says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from .assembly import Plan, context
from .context import Context
from .errors import ConfigError, Problems, nearest
from .scenario import Scenario
from .studies.adoption import AdoptionSettings
from .studies.choice import ChoiceSettings
from .studies.road_map import DAY_H, RoadMapSettings
from .studies.road_map_run import ContextOf
from .validation import made

BASELINE = "baseline"


class AskedAdoption(NamedTuple):
    """What a study of adoption needs: settings, the park without and with measures, and the law of policies that change it."""

    settings: AdoptionSettings
    baseline: Scenario
    measured: Scenario
    laws: dict[str, Context]


def adoption(plan: Plan) -> AskedAdoption:
    """Return what a study of adoption asks.

    Parameters
    ----------
    plan : Plan
        Of an experiment of type ``adoption``.

    Raises
    ------
    ConfigError
        With everything that is wrong in ``experiment.settings``.
    """
    laws: dict[str, Context] = {}
    with Problems("What was asked for", ConfigError) as problems:
        settings = made(
            AdoptionSettings, {**plan.settings.settings, "seed": plan.settings.seed}, "experiment.settings", problems
        )
        _scenario(plan, BASELINE, "experiment.scenarios", problems)
        if settings:
            _scenario(plan, settings.scenario, "experiment.settings.scenario", problems)
        for name, policy in settings.policies.items() if settings else ():
            if policy.tariff_date is not None:
                where = f"experiment.settings.policies.{name}.tariff_date"
                law = context({**plan.values["context"], "date": policy.tariff_date}, where, problems)
                laws |= {name: law} if law else {}
    assert settings is not None
    return AskedAdoption(settings, plan.scenarios[BASELINE], plan.scenarios[settings.scenario], laws)


def choice(plan: Plan) -> tuple[ChoiceSettings, tuple[Scenario, Scenario, Scenario], int]:
    """Return what a study of choice asks: settings, the park without measures, with what stands and with all; replications.

    Parameters
    ----------
    plan : Plan
        Of an experiment of type ``choice``.

    Raises
    ------
    ConfigError
        With everything that is wrong in ``experiment.settings``.
    """
    with Problems("What was asked for", ConfigError) as problems:
        settings = made(ChoiceSettings, plan.settings.settings, "experiment.settings", problems)
        _scenario(plan, BASELINE, "experiment.scenarios", problems)
        replications = _replications(plan, problems)
        for key in ("standing", "scenario") if settings else ():
            _scenario(plan, getattr(settings, key), f"experiment.settings.{key}", problems)
    assert settings is not None
    names = (BASELINE, settings.standing, settings.scenario)
    return settings, (plan.scenarios[names[0]], plan.scenarios[names[1]], plan.scenarios[names[2]]), replications


class AskedRoadMap(NamedTuple):
    """What a road map needs: settings, the park without measures, with what stands and with all, contexts, replications."""

    settings: RoadMapSettings
    scenarios: tuple[Scenario, Scenario, Scenario]
    context_of: ContextOf
    replications: int


def road_map(plan: Plan) -> AskedRoadMap:
    """Return what a road map asks.

    Parameters
    ----------
    plan : Plan
        Of an experiment of type ``road_map``.

    Raises
    ------
    ConfigError
        With everything that is wrong in ``experiment.settings``, or if there is no law or weather for the first or last day.
    """
    with Problems("What was asked for", ConfigError) as problems:
        settings = made(RoadMapSettings, plan.settings.settings, "experiment.settings", problems)
        _scenario(plan, BASELINE, "experiment.scenarios", problems)
        replications = _replications(plan, problems)
        for key in ("standing", "scenario") if settings else ():
            _scenario(plan, getattr(settings, key), f"experiment.settings.{key}", problems)
        if settings:
            for day in (settings.start, settings.end - timedelta(days=1)):
                context(_values(plan, settings, day, DAY_H), "experiment.settings.start", problems)
    assert settings is not None

    def context_of(day: date, hours: float) -> Context:
        with Problems(f"Segment of {day}", ConfigError) as wrong:
            found = context(_values(plan, settings, day, hours), "context", wrong)
        assert found is not None
        return found

    names = (BASELINE, settings.standing, settings.scenario)
    first, standing, everything = (plan.scenarios[name] for name in names)
    return AskedRoadMap(settings, (first, standing, everything), context_of, replications)


def _values(plan: Plan, settings: RoadMapSettings, day: date, hours: float) -> dict[str, object]:
    factor = {"grid_factor_year": None} if settings.grid_factor_by_date else {}
    return {**plan.values["context"], "date": day, "hours": hours, **factor}


def _replications(plan: Plan, problems: Problems) -> int:
    if plan.settings.replications == "auto":
        problems.add("experiment.replications", "= auto: only experiments about savings can tell how many are enough")
        return 0
    return int(plan.settings.replications)


def _scenario(plan: Plan, name: str, where: str, problems: Problems) -> None:
    if name not in plan.scenarios:
        problems.add(where, f"= {name!r} is no scenario of the experiment: {nearest(name, plan.scenarios)}")
