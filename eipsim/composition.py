"""Hydra composes ``configs/`` with overrides, and every override that does not fit is noted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from hydra import compose, initialize_config_dir
from hydra.core.config_loader import ConfigLoader
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from hydra.initialize import get_gh_backup, restore_gh_from_backup
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from .errors import ConfigError, Problems, nearest
from .validation import with_leaves

ROOT = "config"
WHERE = "What was asked for"


def configs_folder() -> Path:
    """Return the folder of the configurations: inside an installed package, or beside the package in its repository.

    Raises
    ------
    ConfigError
        If neither is there.
    """
    package = Path(__file__).parent
    for folder in (package / "configs", package.parent / "configs"):
        if (folder / f"{ROOT}.yaml").is_file():
            return folder
    raise ConfigError(f"configs/{ROOT}.yaml is neither in {package} nor beside it: install eipsim again")


@contextmanager
def opened_hydra() -> Iterator[ConfigLoader]:
    """Open Hydra on our folder, and leave alone whatever a caller has opened with it."""
    backup = get_gh_backup()
    GlobalHydra.instance().clear()
    try:
        with initialize_config_dir(config_dir=str(configs_folder()), version_base="1.3"):
            yield GlobalHydra.instance().config_loader()
    finally:
        restore_gh_from_backup(backup)


def single_overrides(parsed: Sequence[Override], problems: Problems) -> list[Override]:
    """Return the overrides that name one value, and note those that name several."""
    for override in parsed:
        if override.is_sweep_override():
            problems.add(f"{override.input_line}:", "names several values: add -m to run them one after another")
    return [override for override in parsed if not override.is_sweep_override()]


def parsed_overrides(overrides: Sequence[str], loader: ConfigLoader, problems: Problems) -> list[Override]:
    """Return the overrides that are such, and note why the others are not."""
    parser = OverridesParser.create(config_loader=loader)
    parsed = []
    for text in overrides:
        try:
            override = parser.parse_override(text)
            override.config_loader = loader
        except (HydraException, OmegaConfBaseException, ValueError) as error:
            reason = str(error.__cause__ or error).strip().splitlines()[0]
            problems.add(repr(text), f"is not an override such as experiment.replications=30 ({reason})")
            continue
        if not override.key_or_group:
            problems.add(repr(text), "is not an override such as experiment.replications=30 (no key)")
        elif override.is_hydra_override():
            launcher = override.key_or_group == "hydra/launcher"
            remedy = f"write compute={override.value()}" if launcher else "leave it out"
            problems.add(f"{text}:", f"sets Hydra itself, which eipsim uses for composing only: {remedy}")
        else:
            parsed.append(override)
    return parsed


def composed_values(overrides: Sequence[Override], loader: ConfigLoader, problems: Problems) -> dict[str, Any]:
    """Compose with every override that fits; note why the others don't.

    What was composed from the same files before is remembered, and single values are then set without Hydra, unless what is
    composed refers to other values by interpolation.

    Parameters
    ----------
    overrides : sequence of Override
        Of one value each.
    loader : ConfigLoader
        Of Hydra.
    problems : Problems
        Gets what does not fit.
    """
    files = _files()
    groups = _groups(files)
    chosen: list[str] = []
    keyed = []
    for override in overrides:
        if _chooses_file(override, groups):
            if _choice_fits(override, _places(files, *chosen), loader, problems):
                chosen.append(str(override.input_line))
        else:
            keyed.append(override)
    base = _plain(files, chosen, problems)
    fitting = [override for override in keyed if _key_fits(override, base, problems)]
    if not fitting:
        return base
    if base and not _composed(files, *chosen).refers and all(map(_sets_one_value, fitting)):
        return with_leaves(base, {".".join(_parts(override.key_or_group)): override.value() for override in fitting})
    return _plain(files, [*chosen, *(str(override.input_line) for override in fitting)], problems) or base


Files = tuple[tuple[str, int, int], ...]
"""Every configuration file, when it was written and how long it is: what was composed from them holds until one changes."""


def _files() -> Files:
    found = sorted(configs_folder().rglob("*.yaml"))
    return tuple((str(path), (stat := path.stat()).st_mtime_ns, stat.st_size) for path in found)


def _sets_one_value(override: Override) -> bool:
    """Say whether an override changes a value that is there to a plain number, word or nothing."""
    value = override.value()
    plain = value is None or isinstance(value, bool | int | float | str)
    return plain and "${" not in str(value) and not (override.is_add() or override.is_force_add() or override.is_delete())


class _Composition(NamedTuple):
    """What Hydra composed, its interpolations still to be resolved, and whether it has any."""

    config: DictConfig
    refers: bool


@lru_cache
def _composed(files: Files, *texts: str) -> _Composition:
    """Let Hydra, which is open on these files, compose."""
    config = compose(ROOT, overrides=list(texts))
    return _Composition(config, "${" in str(OmegaConf.to_container(config, resolve=False)))


def _plain(files: Files, texts: list[str], problems: Problems) -> dict[str, Any]:
    """Return what is composed; what can't be is one more problem."""
    try:
        values = OmegaConf.to_container(_composed(files, *texts).config, resolve=True, throw_on_missing=True)
    except (HydraException, OmegaConfBaseException, YAMLError) as error:
        problems.add("configs/", "can't be composed: " + " ".join(str(error).split()))
        return {}
    return {str(key): value for key, value in values.items()} if isinstance(values, dict) else {}


def _chooses_file(override: Override, groups: Sequence[str]) -> bool:
    value = override.value()
    return override.key_or_group in groups and not isinstance(value, (dict, list))


@lru_cache
def _groups(files: Files) -> tuple[str, ...]:
    return tuple(group for group in GlobalHydra.instance().config_loader().list_groups("") if group != "hydra")


@lru_cache
def _places(files: Files, *chosen: str) -> tuple[str, ...]:
    """Return the places of the defaults, ``group`` or ``group@package``, for which a file can be chosen."""
    loader = GlobalHydra.instance().config_loader()
    defaults = loader.compute_defaults_list(config_name=ROOT, overrides=list(chosen), run_mode=RunMode.RUN)
    return tuple(defaults.overrides.known_choices)


def _choice_fits(override: Override, choices: Sequence[str], loader: ConfigLoader, problems: Problems) -> bool:
    """Say whether ``group=file`` or ``group@package=file`` names a place of the defaults and a file that is there."""
    text, group = str(override.input_line), override.key_or_group
    places = [name for name in choices if name.split("@")[0] == group]
    place = group if override.package is None else f"{group}@{override.package}"
    if place not in places and not override.is_add():
        which = nearest(place, places) if override.package else "which? " + " or ".join(places)
        problems.add(f"{text}:", f"chooses for nothing: {which}")
        return False
    options = loader.get_group_options(group)
    value = override.value()
    if value not in options and not override.is_delete():
        problems.add(f"{text}:", f"there is no configs/{group}/{value}.yaml: {nearest(str(value), options)}")
        return False
    return True


def _key_fits(override: Override, base: Mapping[str, Any], problems: Problems) -> bool:
    """Say whether a dotted key is there to be changed or deleted, or is not there to be added."""
    text, key = str(override.input_line), override.key_or_group
    node: Any = base
    walked: list[str] = []
    for part in _parts(key):
        inner = _child(node, part)
        if inner is _NOTHING:
            if override.is_add() or override.is_force_add():
                return True
            meant = _nearest_key(walked, part, node, base)
            new = "" if override.is_delete() or not meant.startswith("known:") else f"; +{key}=… adds one that may be left out"
            problems.add(f"{text}:", f"there is no key '{key}': {meant}{new}")
            return False
        walked.append(part)
        node = inner
    if override.is_add() and not override.is_force_add() and not isinstance(node, (dict, list)):
        problems.add(f"{text}:", "is there already: write it without +")
        return False
    return True


_NOTHING = object()


def _parts(key: str) -> list[str]:
    return [part for part in re.split(r"[.\[\]]+", key) if part]


def _child(node: Any, part: str) -> Any:
    if isinstance(node, Mapping):
        return node.get(part, _NOTHING)
    if isinstance(node, list) and part.isdigit() and int(part) < len(node):
        return node[int(part)]
    return _NOTHING


def _nearest_key(walked: list[str], part: str, node: Any, base: Mapping[str, Any]) -> str:
    """Say which key is meant: a neighbour that is spelt alike, or the same last word elsewhere."""
    inside = list(node) if isinstance(node, Mapping) else [str(k) for k in range(len(node))] if isinstance(node, list) else []
    here = [".".join([*walked, str(name)]) for name in inside]
    guess = nearest(".".join([*walked, part]), here) if here else f"'{'.'.join(walked)}' holds one value"
    close = nearest(part, inside) if inside else ""
    if close.startswith("did you mean"):
        return nearest(".".join([*walked, part]), [name for name in here if f"'{name.rsplit('.', 1)[-1]}'" in close])
    if isinstance(node, Mapping) and "type" in node:
        return close  # a component has more parameters than its file says, so that none of these may be meant
    elsewhere = [name for name in _all_keys(base) if name.rsplit(".", 1)[-1] == part]
    return f"did you mean {' or '.join(repr(name) for name in elsewhere[:3])}?" if elsewhere else guess


def _all_keys(node: Any, prefix: str = "") -> Iterator[str]:
    if isinstance(node, Mapping):
        for name, inner in node.items():
            yield f"{prefix}{name}"
            yield from _all_keys(inner, f"{prefix}{name}.")
