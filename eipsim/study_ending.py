"""How a study or a question to stored results ends: its manifest, and what it prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .screen import console, drawn, name_files

if TYPE_CHECKING:
    from .assembly import Plan
    from .results import Results
    from .summary import Table


def made_from(plan: Plan, name: str) -> dict[str, Any]:
    """Return what every manifest of a study holds: what was asked, and by which code it was answered."""
    from .fingerprint import code_fingerprint, versions

    return {"experiment": name, "config": plan.values, "versions": versions(), "code": code_fingerprint()}


def manifest(plan: Plan, name: str, told: Mapping[str, object]) -> bytes:
    """Return the manifest of a study as a file: what was asked, by which code, and what else is told."""
    from json import dumps

    return (dumps(made_from(plan, name) | dict(told), indent=2, sort_keys=True, default=str) + "\n").encode()


def manifest_of(plan: Plan, name: str, stored: Results, told: Mapping[str, object]) -> bytes:
    """Return the manifest of what was asked of stored results: which results they were, and what else is told."""
    return manifest(plan, name, {"of": stored.experiment, "hash": stored.manifest["hash"], **told})


def tell(tables: Iterable[Table], sentences: Iterable[str], files: list[Path]) -> None:
    """Print what a study found, that its catalogue is made up, and which files were written."""
    from .summary import SYNTHETIC

    out = console()
    for table in tables:
        out.print(drawn(table))
    for sentence in [*sentences, SYNTHETIC]:
        out.print(sentence, markup=False)
    name_files(files)
