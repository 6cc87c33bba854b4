"""The unit is in the name of every quantity."""

import builtins
import collections.abc
import dataclasses
import importlib
import pkgutil
import sys
import typing
from collections.abc import Iterator

import numpy as np
import pytest

import eipsim
from eipsim.units import unit_of

UNIT_BY_CARRIER = ("eipsim.kernel",)
"""Packages whose quantities have the unit of whatever carrier flows, which a name can't say."""

WITHOUT_UNIT = {
    "Adoption.intercept",  # log of odds
    *(f"Attribution.{name}" for name in ("groups", "runs")),  # counts
    *(f"AttributionSettings.{name}" for name in ("exact_up_to", "pairs")),  # counts
    "Background.flows",  # each flow has the unit of its carrier
    "Calibrated.draw",  # which draw it was
    "Calibrated.rejected",  # a count of draws
    "Coalitions.runs",  # a count
    *(f"Ensemble.{name}" for name in ("rejected", "tried")),  # counts of draws
    "EnsembleSettings.left_out_draws",  # a count
    "EnsembleSettings.worth",  # ratios by KPI
    "MeasureOption.rows",  # a count of catalogue rows
    "Prepared.profiles",  # factors by name
    "Selecting.indifference",  # in the unit of the KPI that is watched
    *(f"Selecting.{name}" for name in ("first", "most")),  # counts of replications
    "Sensitivity.outputs",  # each output has the unit of its KPI
    "Sector.workers_median",  # a count of people
    *(f"Shares.{name}" for name in ("alone", "last_in", "shapley", "drawn")),  # in the units of their KPIs
    "StormBasin.return_below_band",  # the place of a band in a list
    *(
        f"SensitivitySettings.{name}" for name in ("trajectories", "levels", "samples", "factorial_levels", "resamples")
    ),  # counts
    "Stopping.absolute",  # in the unit of the KPI that is watched
    *(f"Stopping.{name}" for name in ("least", "most", "look_ahead")),  # counts of replications
    "_Changed.ports",  # flows of many carriers
    "_Seen.rates",  # flows of many carriers
    *(f"Uncertain.{name}" for name in ("low", "high", "mode", "mean", "sd", "values")),  # in the unit of the value
}
"""Fields whose numbers are counts or places, or are of several units."""


def module_names() -> list[str]:
    found = pkgutil.walk_packages(eipsim.__path__, "eipsim.")
    return sorted(module.name for module in found if not module.name.endswith("__main__"))


def classes(module_name: str) -> Iterator[type]:
    module = importlib.import_module(module_name)
    for value in vars(module).values():
        if (
            isinstance(value, type)
            and value.__module__ == module_name
            and (dataclasses.is_dataclass(value) or hasattr(value, "model_fields"))
        ):
            yield value


def holds_numbers(hint: object) -> bool:
    """Say whether a type is a number, an array, or made of them."""
    if isinstance(hint, type) and not typing.get_args(hint):
        return issubclass(hint, (float, int, np.ndarray, np.number)) and not issubclass(hint, bool)
    if typing.get_origin(hint) in (typing.Literal, collections.abc.Callable):
        return False
    if typing.get_origin(hint) is np.ndarray:
        return typing.get_args(hint)[1] != np.dtype[np.bool_]
    return any(holds_numbers(part) for part in typing.get_args(hint))


class _Names(dict):
    """Names of a module; what it imports for type checkers only is some object."""

    def __missing__(self, name: str) -> object:
        if hasattr(builtins, name):
            raise KeyError(name)
        return object


def hints(kind: type) -> dict[str, object]:
    """Return the types of all annotated names of a class and its bases."""
    found = {}
    for base in reversed(kind.__mro__):
        names = _Names(vars(sys.modules[base.__module__]))
        for name, hint in vars(base).get("__annotations__", {}).items():
            found[name] = eval(hint, {}, names) if isinstance(hint, str) else hint
    return found


def fields(kind: type) -> Iterator[tuple[str, object]]:
    known = hints(kind)
    own = dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else []
    names = [field.name for field in own] or list(getattr(kind, "model_fields", {}))
    yield from ((name, known[name]) for name in names if not name.startswith("_"))


def nameless(kind: type) -> list[str]:
    return [f"{kind.__qualname__}.{name}" for name, hint in fields(kind) if holds_numbers(hint) and unit_of(name) is None]


@pytest.mark.parametrize("module_name", [name for name in module_names() if not name.startswith(UNIT_BY_CARRIER)])
def test_every_number_of_a_dataclass_has_its_unit_in_its_name(module_name):
    without = [name for kind in classes(module_name) for name in nameless(kind) if name not in WITHOUT_UNIT]

    assert without == []


def test_a_field_without_a_unit_is_found():
    @dataclasses.dataclass
    class Lamp:
        power: float
        installed_kw: float
        daylit: bool
        steps_kw: tuple[float, ...] = ()
        shares: typing.Annotated[float | None, "0 to 1"] = None
        kind: typing.Literal["led", "tube"] = "led"

    assert nameless(Lamp) == [
        "test_a_field_without_a_unit_is_found.<locals>.Lamp.power",
        "test_a_field_without_a_unit_is_found.<locals>.Lamp.shares",
    ]


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("capacity_m3_per_h", "m3/h"),
        ("leak_frac", "1"),
        ("specific_power_kw_per_m3_per_min", "kW/m3/min"),
        ("flow", None),
        ("spark", None),
    ],
)
def test_the_unit_is_read_from_the_end_of_a_name(name, unit):
    assert unit_of(name) == unit
