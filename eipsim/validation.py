"""Makes objects from plain values, and notes everything that is wrong with them, by key and value."""

from __future__ import annotations

import copy
import dataclasses
import json
import typing
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from .errors import EipsimError, Problems, nearest

T = TypeVar("T")


def made(kind: type[T], values: Any, where: str, problems: Problems) -> T | None:
    """Make an object from plain values, or note all that is wrong with them.

    Parameters
    ----------
    kind : type
        A pydantic model, a pydantic dataclass or a plain dataclass.
    values : object
        A mapping of its parameters.
    where : str
        Key of the values, for messages.
    problems : Problems
        Gets one line for each wrong value, missing or unknown key.

    Returns
    -------
    object or None
        Made from the known keys, so that more can be examined; None if their values don't allow it.
    """
    if not isinstance(values, Mapping):
        problems.add(where, f"= {values!r}: must be a mapping of keys to values")
        return None
    known = field_names(kind)
    for key in (key for key in values if key not in known):
        problems.add(_join(where, key), f"is unknown: {nearest(str(key), known)}")
    try:
        thing = TypeAdapter(kind).validate_python({key: value for key, value in values.items() if key in known})
    except ValidationError as error:
        found: dict[str, list[str]] = {}
        for problem in error.errors():
            place, message = _told(problem, kind, where)
            found.setdefault(place, []).append(message)
        for place, messages in found.items():
            for message in _alternatives(messages):
                problems.add(place, message)
        return None
    return thing


def made_by(maker: Callable[[], T], where: str, problems: Problems) -> T | None:
    """Return what a function makes, or note the error of ours that it raises, line by line."""
    try:
        return maker()
    except EipsimError as error:
        first, *others = str(error).splitlines()
        for line in others or [first]:
            problems.add(f"{where}:", line.strip())
        return None


def made_once(
    known: dict[str, Any], build: Callable[[Any, str, Problems], T], values: Any, where: str, problems: Problems
) -> T:
    """Return what was built from the same values before, or build it; what has a problem is built, and told, each time.

    Parameters
    ----------
    known : dict
        What was built before; is added to.
    build : callable
        Takes values, their key and problems.
    values, where, problems
        As in `made`.
    """
    key = f"{where.rsplit('.', 1)[-1]} {json.dumps(values, sort_keys=True, default=str)}"
    if key in known:
        return typing.cast(T, known[key])
    before = len(problems.lines)
    built = build(values, where, problems)
    if len(problems.lines) == before:
        known[key] = built
    return built


def leaves(values: Any, prefix: str = "") -> list[str]:
    """Return the dotted keys of all single values in nested mappings and lists."""
    inner = values.items() if isinstance(values, Mapping) else enumerate(values) if isinstance(values, list | tuple) else None
    if inner is None:
        return [prefix]
    return [leaf for key, one in inner for leaf in leaves(one, _join(prefix, key))]


def with_leaves(values: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested mappings and lists with other values at some dotted keys; what is given is left as it is."""
    copied: dict[str, Any] = copy.deepcopy(dict(values))
    for key, value in changed.items():
        *path, last = key.split(".")
        node: Any = copied
        for part in path:
            node = node[int(part) if isinstance(node, list) else part]
        node[int(last) if isinstance(node, list) else last] = value
    return copied


def field_names(kind: Any) -> list[str]:
    """Return the names of the parameters of a model, named tuple or dataclass."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return list(kind.model_fields)
    if isinstance(kind, type) and issubclass(kind, tuple):
        return list(getattr(kind, "_fields", ()))
    return [field.name for field in dataclasses.fields(kind) if field.init]


def _join(*parts: object) -> str:
    return ".".join(str(part) for part in parts if part != "")


def _told(problem: Any, kind: Any, where: str) -> tuple[str, str]:
    """Return place and message of one finding of pydantic."""
    loc = [part for part in problem["loc"] if not _is_tag(part)]
    place = _join(where, *loc)
    what = problem["type"]
    if what in ("missing", "missing_argument", "missing_keyword_only_argument"):
        return place, "is missing"
    if what in ("extra_forbidden", "unexpected_keyword_argument"):
        return place, f"is unknown: {nearest(str(loc[-1]), field_names(_kind_at(kind, loc[:-1])))}"
    if what in ("value_error", "assertion_error"):
        return place, f"= {_short(problem['input'])}: {problem['ctx']['error']}"
    if what == "string_pattern_mismatch" and problem["ctx"]["pattern"] == r"^[a-z][a-z0-9_]*$":
        return place, f"= {problem['input']!r}: must be a name of small letters, digits and _, with a letter first"
    message = problem["msg"].replace("Input should be", "must be")
    message = message.replace("a valid integer", "an integer").replace("a valid ", "a ")
    return place, f"= {_short(problem['input'])}: {message[0].lower()}{message[1:]}"


def _alternatives(messages: list[str]) -> list[str]:
    """Make one message of those of the branches of a union: ``must be an integer or 'auto'``."""
    first, *others = (message.partition(": must be ") for message in messages)
    if all(between and value == first[0] for value, between, _ in (first, *others)):
        return [" or ".join([messages[0], *(rest for _, _, rest in others)])]
    return messages


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _is_tag(part: object) -> bool:
    """Say whether pydantic added a part that names a branch of a union and not a key."""
    return isinstance(part, str) and (part.startswith(("literal[", "constrained-", "function-")) or part == "[key]")


def _kind_at(kind: Any, loc: Iterable[object]) -> Any:
    """Return the model, named tuple or dataclass that stands at a place inside another."""
    for part in loc:
        fields = getattr(kind, "__pydantic_fields__", {})
        kind = _inner(fields[part].annotation if part in fields else kind)
    return kind


def _inner(hint: Any) -> Any:
    """Return the first of these in a type such as ``dict[str, Line] | None``."""
    if _has_fields(hint):
        return hint
    return next((found for part in typing.get_args(hint) if _has_fields(found := _inner(part))), hint)


def _has_fields(kind: Any) -> bool:
    return isinstance(kind, type) and (
        issubclass(kind, BaseModel) or dataclasses.is_dataclass(kind) or hasattr(kind, "_fields")
    )
