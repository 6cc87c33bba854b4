"""Simulates an eco-industrial park, and what its resource-efficiency measures save at the meters.

``load_scenario`` and ``load_experiment`` make what a configuration describes, ``simulate`` runs a scenario once and
``run_experiment`` runs all replications of all scenarios. They are imported when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .config import load_experiment, load_scenario
    from .experiment_run import run_experiment
    from .scenario import simulate

__all__ = ["__version__", "load_experiment", "load_scenario", "run_experiment", "simulate"]

_HOMES = {"load_experiment": "config", "load_scenario": "config", "run_experiment": "experiment_run", "simulate": "scenario"}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("eipsim")
        except PackageNotFoundError:
            return "unknown: not installed"
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
