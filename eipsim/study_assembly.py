"""Builds what studies ask from what a configuration says: catalogues that are drawn, and the sensitivity to inputs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from .assembly import Plan, _table, plan
from .errors import ConfigError, Problems, nearest
from .measures.desk import DeskPrices
from .park_draw import read_assessed
from .readers.measure_cost_table import read_measure_costs
from .readers.measure_option_table import read_measure_options
from .scenario import Scenario
from .studies.calibration import CalibrationSettings
from .studies.catalogue_draw import Priors
from .studies.ensemble_settings import EnsembleSettings, priors_of
from .studies.sensitivity import Build, SensitivitySettings
from .validation import leaves, made, with_leaves

Drawing = TypeVar("Drawing", CalibrationSettings, EnsembleSettings)

VARIABLE = ("park.", "context.", "experiment.scenarios.")
"""Where values stand that a study of sensitivity may vary."""


def calibration(plan: Plan) -> tuple[Priors, CalibrationSettings]:
    """Return what a catalogue is drawn from, and how it is reconciled.

    Parameters
    ----------
    plan : Plan
        Of an experiment of type ``calibration``; its park has tables of factories, which tell the roofs.

    Raises
    ------
    ConfigError
        With everything that is wrong in ``experiment.settings``, or if the park has no tables of factories.
    """
    return _drawing(plan, CalibrationSettings)


def ensemble(plan: Plan) -> tuple[Priors, EnsembleSettings]:
    """Return what catalogues are drawn from, and how many are reconciled.

    Parameters
    ----------
    plan : Plan
        Of an experiment of type ``ensemble``; its park has tables of factories, which tell the roofs.

    Raises
    ------
    ConfigError
        With everything that is wrong in ``experiment.settings``, or if the park has no tables of factories.
    """
    priors, settings = _drawing(plan, EnsembleSettings)
    priors_of(priors, settings)
    return priors, settings


def _drawing(plan: Plan, kind: type[Drawing]) -> tuple[Priors, Drawing]:
    """Return priors and settings of an experiment that draws catalogues."""
    given, tables = plan.settings, plan.values["park"].get("factories")
    with Problems("What was asked for", ConfigError) as problems:
        values = {"seed": given.seed, "replications": given.replications, "reversed_basis": given.reversed_basis}
        settings = made(kind, {**given.settings, **values}, "experiment.settings", problems)
        if not tables:
            problems.add("park.factories", "is empty: catalogues need tables of factories, which tell the roofs")
    sites = read_assessed(*(_table(tables[name]) for name in ("factories", "lines", "end_uses")))
    roofs_m2 = {name: site.roof_m2 for name, site in sites.items()}
    prices = DeskPrices.of(plan.context)
    priors = Priors.of(plan.park, prices, roofs_m2, read_measure_options(), read_measure_costs())
    assert settings is not None
    return priors, settings


def sensitivity(asked: Plan, configs: Path) -> tuple[SensitivitySettings, Build]:
    """Return what a study of sensitivity varies, and how the scenarios of a point are built.

    Parameters
    ----------
    asked : Plan
        Of an experiment of type ``sensitivity``.
    configs : Path
        The folder of the configurations.

    Raises
    ------
    ConfigError
        With everything that is wrong in ``experiment.settings``; keys must name single values of park, context or scenarios.
    """
    given = asked.settings
    with Problems("What was asked for", ConfigError) as problems:
        own = {"seed": given.seed, "replications": given.replications}
        settings = made(SensitivitySettings, {**given.settings, **own}, "experiment.settings", problems)
        for name in settings.scenarios if settings else ():
            if name not in asked.scenarios:
                problems.add("experiment.settings.outputs", f"name no scenario {name!r}: {nearest(name, asked.scenarios)}")
        known = [key for key in leaves(asked.values) if key.startswith(VARIABLE)]
        for name, one in settings.parameters.items() if settings else ():
            if one.key not in known:
                where = f"experiment.settings.parameters.{name}.key"
                problems.add(
                    where, f"= {one.key!r} is no single value of park, context or scenarios: {nearest(one.key, known)}"
                )
    assert settings is not None
    scenarios = {name: asked.values["experiment"]["scenarios"][name] for name in settings.scenarios}
    fewer = {**asked.values, "experiment": {**asked.values["experiment"], "scenarios": scenarios}}

    def build(point: Mapping[str, Any]) -> Mapping[str, Scenario]:
        values = with_leaves(fewer, {settings.parameters[name].key: value for name, value in point.items()})
        with Problems(f"Point {dict(point)}", ConfigError) as wrong:
            built = plan(values, configs, wrong)
        assert built is not None
        return built.scenarios

    return settings, build
