"""Folders of results: each appears as a whole, and other results of the same name move aside."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..errors import ResultsError
from ..fingerprint import digest
from .files import replace_file, told

TRANSIENT = ("wall_time_s", "simulated_s", "commit", "dirty", "label")
"""What a manifest tells that may differ between equal results."""


def write_folder(folder: Path, name: str, files: Mapping[str, bytes]) -> list[Path]:
    """Write the files of a result, ``manifest.json`` among them; return their paths.

    What stands there for the same manifest gets the new files one by one; anything else moves aside first.

    Parameters
    ----------
    folder : Path
        The folder of all results.
    name : str
        Of the result.
    files : mapping of str to bytes
        By path inside the result; at most one folder deep.

    Raises
    ------
    StorageError
        If the folder can't be written.
    """
    target = folder / name
    identity = identity_of(json.loads(files["manifest.json"]))
    with told(target):
        folder.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(dir=folder, prefix="."))
        try:
            for path, data in files.items():
                (new / path).parent.mkdir(exist_ok=True)
                (new / path).write_bytes(data)
            new.chmod(0o755)
            while True:
                if target.exists() and identity_of(read_manifest(target)) != identity:
                    move_aside(target)
                try:
                    new.rename(target)
                    break
                except OSError:
                    if not target.is_dir():
                        raise
                if identity_of(read_manifest(target)) == identity:
                    for path, data in files.items():
                        (target / path).parent.mkdir(exist_ok=True)
                        replace_file(target / path, data)
                    break
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return [target / path for path in files]


def identity_of(manifest: Mapping[str, Any]) -> str:
    """Return the hash of a result: the one that its manifest names, or that of the manifest itself."""
    found = manifest.get("hash")
    return str(found) if found else digest({key: value for key, value in manifest.items() if key not in TRANSIENT})


def read_manifest(target: Path) -> dict[str, Any]:
    """Return the manifest of a result; empty if there is none or it can't be read."""
    try:
        found = json.loads((target / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def move_aside(target: Path) -> Path:
    """Give a result the name ``<name>@<first digits of its hash>``; return where it is now."""
    stem = f"{target.name}@{identity_of(read_manifest(target))[:8]}"
    place = next(p for k in range(10**6) if not (p := target.with_name(f"{stem}.{k}" if k else stem)).exists())
    try:
        target.rename(place)
    except FileNotFoundError:
        return target
    return place


def hand_over(target: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder of the user's; return their paths.

    Raises
    ------
    ResultsError
        If one of them is there already; nothing is written then.
    StorageError
        If the folder can't be written.
    """
    if taken := [name for name in files if (target / name).exists()]:
        raise ResultsError(f"{target / taken[0]} is there already: choose another folder with --out, or delete it")
    with told(target):
        target.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        replace_file(target / name, data)
    return [target / name for name in files]


def remove(folders: Iterable[Path]) -> None:
    """Delete folders with all that is in them.

    Raises
    ------
    StorageError
        If one can't be deleted.
    """
    for folder in folders:
        with told(folder):
            shutil.rmtree(folder)
