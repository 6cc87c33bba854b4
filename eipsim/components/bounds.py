"""Bounded numbers that parameters of components are made of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field

STRICT = ConfigDict(extra="forbid", validate_default=True)
"""Unknown parameters are refused, and defaults are checked like values."""

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
PositiveOrInfinite = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Frac = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
Whole = Annotated[int, Field(ge=0)]

_READ_AS_NUMBERS = {22110: "22_110", 622: "6_22"}


def _voltage_class(value: object) -> object:
    """Return the class that YAML reads as a number, because it drops the underscore: 22_110 without quotes."""
    return _READ_AS_NUMBERS.get(value, value) if isinstance(value, int) else value


VoltageName = Literal["ge110", "22_110", "6_22", "lt6"]
VoltageClass = Annotated[VoltageName, BeforeValidator(_voltage_class)]
"""Classes of supply voltage of the tariff."""
