"""Names results by what made them: a hash of scenario, seed, code, tables and the versions that decide numbers."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from json import dumps
from pathlib import Path
from typing import Any

import numpy as np

PACKAGE = Path(__file__).parent

ABOVE_KPIS = frozenset(
    {"store", "engines", "work.py", "questions.py", "export.py", "rerun.py", "comparison.py", "progress.py", "sweep.py"}
    | {"results_cli.py", "study_assembly.py", "audit_verbs.py", "economics_verbs.py", "operator_verbs.py", "scorecard_verbs.py"}
    | {"catalogue_verbs.py", "detectable_verbs.py"}
    | {"study_runs.py", "adoption_runs.py", "road_map_runs.py", "decision_assembly.py"}
    | {"ensemble_runs.py"}
    | {"fingerprint.py", "results.py", "reproduction.py", "experiment.py", "summary.py", "studies", "plots", "report", "app"}
    | {"assembly.py", "schema.py", "config.py", "configs", "cli.py", "weather_verbs.py", "__main__.py", "__init__.py"}
)
"""Files and folders of the package that decide no number of a replication."""

DECIDING = ("numpy", "scipy", "simpy", "pvlib", "iapws", "psychrolib")
"""Libraries whose version may change a number."""


def canonical(thing: Any) -> Any:
    """Return a description that JSON can hold, the same for equal things on every machine.

    Parameters
    ----------
    thing : object
        Dataclasses, mappings, sets, sequences, arrays, dates, paths, numbers and text, in any nesting. Fields whose name
        starts with an underscore are caches and are left out.

    Raises
    ------
    TypeError
        For anything else, whose description could differ from run to run.
    """
    if thing is None or isinstance(thing, bool | int | str):
        return thing
    if isinstance(thing, float):
        return repr(float(thing))
    if is_dataclass(thing) and not isinstance(thing, type):
        kept = {f.name: canonical(getattr(thing, f.name)) for f in fields(thing) if not f.name.startswith("_")}
        return {"type": f"{type(thing).__module__}.{type(thing).__qualname__}", **kept}
    if isinstance(thing, Mapping):
        return {"mapping": sorted(([canonical(k), canonical(v)] for k, v in thing.items()), key=dumps)}
    if isinstance(thing, Set):
        return {"set": sorted((canonical(x) for x in thing), key=dumps)}
    if isinstance(thing, tuple | list):
        return [canonical(x) for x in thing]
    if isinstance(thing, np.ndarray):
        array = np.ascontiguousarray(thing)
        return {"array": sha256(array.tobytes()).hexdigest(), "shape": list(array.shape), "dtype": array.dtype.str}
    if isinstance(thing, np.generic):
        return canonical(thing.item())
    if isinstance(thing, date | Path):
        return str(thing)
    raise TypeError(f"{type(thing).__qualname__} can't be described for a hash: give it as a dataclass")


def digest(thing: Any) -> str:
    """Return the sha256 of the canonical description of a thing, in hexadecimal."""
    return sha256(dumps(canonical(thing), sort_keys=True).encode()).hexdigest()


@cache
def code_files() -> dict[str, str]:
    """Return the sha256 of each source and table that a replication's numbers may depend on, by its path in the package."""
    found = {}
    for path in sorted(PACKAGE.rglob("*")):
        inside = path.relative_to(PACKAGE)
        wanted = path.suffix == ".py" or inside.parts[0] == "data"
        if path.is_file() and wanted and inside.parts[0] not in ABOVE_KPIS and "__pycache__" not in inside.parts:
            found[inside.as_posix()] = sha256(path.read_bytes()).hexdigest()
    return found


@cache
def code_fingerprint() -> str:
    """Return the sha256 of all sources and tables that a replication's numbers may depend on."""
    return digest(code_files())


def versions() -> dict[str, str]:
    """Return the versions of the libraries that decide numbers."""
    return dict(_versions())


@cache
def _versions() -> dict[str, str]:
    return {name: version(name) for name in DECIDING}


def own_version() -> str | None:
    """Return the version of eipsim, or None if it is run from its sources without having been installed."""
    try:
        return version("eipsim")
    except PackageNotFoundError:
        return None


def commit(folder: Path = PACKAGE) -> tuple[str | None, bool | None]:
    """Return the commit that the package was run from, and whether tracked or new files differed from it.

    Returns
    -------
    commit : str or None
        None if the package is not run from a checkout of its own, or git is missing.
    dirty : bool or None
        None with it.
    """

    def git(*words: str) -> str:
        return subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True).stdout.strip()

    try:
        git("ls-files", "--error-unmatch", "carriers.py")
        return git("rev-parse", "HEAD"), bool(git("status", "--porcelain"))
    except (OSError, subprocess.CalledProcessError):
        return None, None
