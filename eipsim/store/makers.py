"""What made a unit of work: files of code and tables, and versions. Says why a stored unit does not count any more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..fingerprint import code_files, digest, own_version, versions
from .files import replace_file, told
from .units import read_run, stored_keys

MAKERS = "makers"


class Maker(NamedTuple):
    """Code and libraries that decide numbers.

    Parameters
    ----------
    files : mapping of str to str
        Hash of each file of code and each table, by its path in the package.
    versions : mapping of str to str
        Of the libraries that decide numbers.
    eipsim : str or None
        Version, which decides nothing by itself.
    """

    files: Mapping[str, str]
    versions: Mapping[str, str]
    eipsim: str | None

    @property
    def name(self) -> str:
        """What units call it."""
        return digest([self.files, self.versions])[:16]

    def changed_to(self, other: Maker) -> str:
        """Say what is different in another maker, for a message."""
        libraries = [
            f"{name} {version} → {other.versions.get(name, 'gone')}"
            for name, version in sorted(self.versions.items())
            if other.versions.get(name) != version
        ]
        names = sorted(n for n in self.files.keys() | other.files.keys() if self.files.get(n) != other.files.get(n))
        more = f" and {len(names) - 4} more files" if len(names) > 4 else ""
        return "; ".join([*libraries, *([f"{', '.join(names[:4])}{more} changed"] if names else [])]) or "nothing"


def maker_of_now() -> Maker:
    """Return the maker that would make a unit now."""
    return Maker(code_files(), versions(), own_version())


def write_maker(folder: Path, maker: Maker) -> None:
    """Note what a maker is, once.

    Raises
    ------
    StorageError
        If the folder can't be written.
    """
    path = folder / MAKERS / f"{maker.name}.json"
    if path.is_file():
        return
    with told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, (json.dumps(maker._asdict(), indent=2, sort_keys=True) + "\n").encode())


def read_makers(folder: Path) -> dict[str, Maker]:
    """Return the makers that are known, by name; what can't be read is left out."""
    found = {}
    for path in sorted((folder / MAKERS).glob("*.json")):
        try:
            found[path.stem] = Maker(**json.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError):
            continue
    return found


def stale_units(folder: Path, wanted: Iterable[str]) -> dict[str, tuple[str, Maker]]:
    """Return stored units of the same scenario, replication and seed that other code or other libraries made.

    Parameters
    ----------
    folder : Path
        The folder of all results.
    wanted : iterable of str
        What is asked for, each as a hash without code and versions (`Unit.subject`).

    Returns
    -------
    dict of str to tuple of (str, Maker)
        Hash of the newest stored unit, and what made it, by what was asked for. Looks only if there is another maker.
    """
    makers, now = read_makers(folder), maker_of_now().name
    subjects = set(wanted)
    if not subjects or not makers.keys() - {now}:
        return {}
    found: dict[str, tuple[str, str, Maker]] = {}
    for key in stored_keys(folder):
        run: dict[str, Any] = read_run(folder, key)
        subject, maker, begun = run.get("subject"), run.get("maker"), str(run.get("begun", ""))
        if subject in subjects and maker != now and maker in makers and begun >= found.get(subject, ("",))[0]:
            found[subject] = (begun, key, makers[maker])
    return {subject: (key, maker) for subject, (_, key, maker) in found.items()}
