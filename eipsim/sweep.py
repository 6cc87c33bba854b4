"""Sweeps: every combination of the values that overrides, or the experiment itself, name."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hydra.core.config_loader import ConfigLoader
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override

from .assembly import Plan
from .composition import WHERE, composed_values, opened_hydra, parsed_overrides, single_overrides
from .config import Composed, built_plan
from .errors import ConfigError, Problems


class Variant(NamedTuple):
    """One combination of swept values, ready to run.

    Parameters
    ----------
    text : str
        What tells it from the others; empty outside a sweep.
    swept : mapping of str to object
        What is swept, by key: its value here.
    plan : Plan
        What it names, built.
    """

    text: str
    swept: Mapping[str, Any]
    plan: Plan


def read_sweep(overrides: Sequence[str], *, multirun: bool = True) -> list[Composed]:
    """Compose one configuration for each combination of swept values, in the order in which they are written.

    Parameters
    ----------
    overrides : sequence of str
        Hydra overrides; comma lists, ``range(…)``, ``choice(…)`` and ``glob(…)`` are swept.
    multirun : bool
        Whether overrides may sweep; what an experiment declares under ``sweep`` is swept in any case.

    Returns
    -------
    list of Composed
        At least one. What is wrong in the overrides themselves is noted at the first.
    """
    with opened_hydra() as loader:
        problems = Problems(WHERE, ConfigError)
        parsed = parsed_overrides(overrides, loader, problems)
        if not multirun:
            parsed = single_overrides(parsed, problems)
        parsed += _declared(parsed, loader, problems)
        axes = [axis for override in parsed if (axis := _axis(override, loader, problems))]
        found: list[Composed] = []
        for point in itertools.product(*axes):
            own = problems if not found else Problems(WHERE, ConfigError)
            variant = ",".join(text for _, text in point if text)
            swept = {override.get_key_element(): override.value() for override, text in point if text}
            found.append(Composed(composed_values([override for override, _ in point], loader, own), own, variant, swept))
        return found


def _declared(given: Sequence[Override], loader: ConfigLoader, problems: Problems) -> list[Override]:
    """Return the sweep that the experiment itself declares, but for keys that the command line sets."""
    fixed = [one for one in given if not one.is_sweep_override()]
    experiment = composed_values(fixed, loader, Problems(WHERE, ConfigError)).get("experiment")
    declared = experiment.get("sweep") if isinstance(experiment, dict) else None
    if not isinstance(declared, dict):
        return []
    named = {override.key_or_group for override in given}
    texts = [
        f"{key}={','.join(map(str, values))}"
        for key, values in declared.items()
        if isinstance(values, list) and values and key not in named
    ]
    return parsed_overrides(texts, loader, problems)


def load_sweep(overrides: Sequence[str], *, multirun: bool = True) -> list[Variant]:
    """Return the plan of each combination of values that the overrides or the experiment itself sweep.

    Parameters
    ----------
    overrides : sequence of str
        Hydra overrides.
    multirun : bool
        Whether overrides may sweep; what an experiment declares under ``sweep`` is swept in any case.

    Raises
    ------
    ConfigError
        As `load_plan`, for the first combination that has a problem, before anything is run.
    """
    known: dict[str, Any] = {}
    return [Variant(one.variant, one.swept, built_plan(one, known)) for one in read_sweep(overrides, multirun=multirun)]


def _axis(override: Override, loader: ConfigLoader, problems: Problems) -> list[tuple[Override, str]]:
    """Return the values that an override takes in a sweep, each with the text that names it."""
    if not override.is_sweep_override():
        return [(override, "")]
    if not override.is_discrete_sweep():
        problems.add(f"{override.input_line}:", "is an interval without steps: write range(start, stop, step) or a comma list")
        return []
    parser = OverridesParser.create(config_loader=loader)
    texts = [f"{override.get_key_element()}={value}" for value in override.sweep_string_iterator()]
    if not texts:
        problems.add(f"{override.input_line}:", "matches nothing")
    return [(parser.parse_override(text), text) for text in texts]
