"""What was asked for: Hydra composes ``configs/``, every mistake is found at once, scenarios and experiments come out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from . import composition
from .assembly import Plan
from .assembly import plan as build_plan
from .composition import WHERE, composed_values, opened_hydra, parsed_overrides, single_overrides
from .errors import ConfigError, Problems, nearest
from .experiment import Experiment
from .scenario import Scenario
from .schema import SAVINGS


class Composed(NamedTuple):
    """One configuration, resolved, and what is wrong with the overrides that led to it.

    Parameters
    ----------
    values : dict
        The configuration as plain dicts, lists and scalars.
    problems : Problems
        What was found in the overrides; the schema adds its own.
    variant : str
        The swept overrides as text, empty outside a sweep.
    swept : dict
        What is swept, by key: its value here.
    """

    values: dict[str, Any]
    problems: Problems
    variant: str = ""
    swept: Mapping[str, Any] = MappingProxyType({})


def read(overrides: Sequence[str] = ()) -> Composed:
    """Compose one configuration.

    Parameters
    ----------
    overrides : sequence of str
        Hydra overrides, for example ``["experiment.replications=30", "park=amata"]``.

    Returns
    -------
    Composed
        The configuration with all overrides that could be applied, and the problems of the others.
    """
    with opened_hydra() as loader:
        problems = Problems(WHERE, ConfigError)
        parsed = parsed_overrides(overrides, loader, problems)
        single = single_overrides(parsed, problems)
        return Composed(composed_values(single, loader, problems), problems)


def load_plan(overrides: Sequence[str] = ()) -> Plan:
    """Return everything that a configuration names, built.

    Parameters
    ----------
    overrides : sequence of str
        Hydra overrides.

    Raises
    ------
    ConfigError
        With every problem of overrides, keys, values, tables and catalogues.
    """
    return built_plan(read(overrides))


def load_scenario(overrides: Sequence[str] = (), scenario: str = "baseline") -> Scenario:
    """Return one scenario of an experiment, ready for `simulate`.

    Parameters
    ----------
    overrides : sequence of str
        Hydra overrides, for example ``["context.hours=168"]``.
    scenario : str
        Its name in the experiment: ``baseline``, ``implemented_60`` or ``all_159`` unless another experiment is chosen.

    Raises
    ------
    ConfigError
        With every problem, or if there is no scenario of that name.
    """
    scenarios = load_plan(overrides).scenarios
    if scenario not in scenarios:
        raise ConfigError(f"scenario {scenario!r} is not in the experiment: {nearest(scenario, scenarios)}")
    return scenarios[scenario]


def load_experiment(overrides: Sequence[str] = ()) -> Experiment:
    """Return an experiment, ready for `run_experiment`.

    Parameters
    ----------
    overrides : sequence of str
        Hydra overrides, for example ``["experiment.replications=2"]``.

    Raises
    ------
    ConfigError
        With every problem, or if the experiment asks something else than savings.
    """
    plan = load_plan(overrides)
    if plan.settings.type != SAVINGS:
        raise ConfigError(f"experiment.type = {plan.settings.type!r}: run_experiment does those of type {SAVINGS!r}")
    return experiment_of(plan)


def experiment_of(plan: Plan, variant: str = "") -> Experiment:
    """Return the experiment of a plan; a variant of a sweep has its own name."""
    settings = plan.settings
    return Experiment(
        name=result_name(plan, variant),
        scenarios=plan.scenarios,
        replications=settings.replications,
        stopping=settings.stopping,
        selection=settings.selection,
        seed=settings.seed,
        alone_replications=settings.alone_replications,
        workers=plan.compute,
        record=settings.record,
        reversed_basis=settings.reversed_basis,
        config=plan.values,
    )


def result_name(plan: Plan, variant: str = "") -> str:
    """Return the name of the folder of results: the experiment's, and in a sweep what tells its runs apart."""
    return ",".join(part for part in (plan.settings.name, file_name(variant)) if part)


def built_plan(composed: Composed, known: dict[str, Any] | None = None) -> Plan:
    """Return what a configuration names, built; what is known of others is built once (see `assembly.plan`).

    Raises
    ------
    ConfigError
        With every problem.
    """
    plan = build_plan(composed.values, composition.configs_folder(), composed.problems, known)
    composed.problems.raise_if_any()
    assert plan is not None
    return plan


def file_name(variant: str) -> str:
    """Return a swept variant as a part of a folder's name: last key and value, with nothing that a file system minds.

    Examples
    --------
    >>> file_name("experiment.seed=7,park=amata")
    'seed=7,park=amata'
    """
    return re.sub(r"[^\w=,.+-]+", "-", re.sub(r"[\w.@/]+\.(?=\w+=)", "", variant))
