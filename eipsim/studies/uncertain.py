"""What is not known about a configuration: values with distributions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import ConfigDict, model_validator
from pydantic.dataclasses import dataclass as checked_dataclass

Floats = NDArray[np.float64]
Shape = Literal["uniform", "log_uniform", "triangular", "normal", "integer", "choice"]

NEEDS: dict[str, tuple[str, ...]] = {
    "uniform": ("low", "high"),
    "log_uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "normal": ("mean", "sd", "low", "high"),
    "integer": ("low", "high"),
    "choice": ("values",),
}
"""Which parameters each distribution has."""


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Uncertain:
    """One value of a configuration, and what it may be.

    Parameters
    ----------
    key : str
        Where it stands, for example ``park.components.tank.capacity_m3``.
    distribution : str
        ``uniform``, ``log_uniform`` (its logarithm is uniform), ``triangular``, ``normal`` (cut off at both ends),
        ``integer`` (each from low to high alike) or ``choice`` (each value alike).
    low, high : float
        Ends [unit of the value].
    mode, mean, sd : float
        Most likely value; mean and standard deviation before the ends are cut off [unit of the value].
    values : tuple
        Of a choice: numbers, words or null.

    Raises
    ------
    pydantic.ValidationError
        If a parameter is missing, out of order, or not one of the distribution's.
    """

    key: str
    distribution: Shape
    low: float | None = None
    high: float | None = None
    mode: float | None = None
    mean: float | None = None
    sd: float | None = None
    values: tuple[float | int | str | bool | None, ...] | None = None

    @model_validator(mode="after")
    def _check(self) -> Uncertain:
        given = {name for name in ("low", "high", "mode", "mean", "sd", "values") if getattr(self, name) is not None}
        needs = NEEDS[self.distribution]
        if given != set(needs):
            raise ValueError(
                f"a {self.distribution} distribution has {', '.join(needs)}: got {', '.join(sorted(given)) or 'none'}"
            )
        numbers = [value for name in needs if name != "values" for value in [getattr(self, name)]]
        if not all(math.isfinite(value) for value in numbers):
            raise ValueError("all of its numbers must be finite")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError(f"low = {self.low:g}: must be below high = {self.high:g}")
        if self.mode is not None and not self._low <= self.mode <= self._high:
            raise ValueError(f"mode = {self.mode:g}: must lie from low to high")
        if self.sd is not None and self.sd <= 0:
            raise ValueError(f"sd = {self.sd:g}: must be above 0")
        if self.mean is not None and not self._low < self.mean < self._high:
            raise ValueError(f"mean = {self.mean:g}: must lie between low and high")
        if self.distribution == "log_uniform" and self._low <= 0:
            raise ValueError(f"low = {self.low:g}: must be above 0 for a logarithm")
        if self.distribution == "integer" and (self._low % 1 or self._high % 1):
            raise ValueError("low and high must be integers")
        if self.values is not None and len(self.values) < 2:
            raise ValueError("values must be two or more")
        return self

    @property
    def _low(self) -> float:
        return -math.inf if self.low is None else self.low

    @property
    def _high(self) -> float:
        return math.inf if self.high is None else self.high

    def at(self, shares: ArrayLike) -> list[Any]:
        """Return the values below which these shares of the distribution lie.

        Parameters
        ----------
        shares : array_like of shape (n,)
            Probabilities [0-1].

        Returns
        -------
        list
            As many values: floats, integers, or those of the choice.
        """
        share = np.clip(np.asarray(shares, dtype=np.float64), 0.0, 1.0)
        if self.values is not None:
            return [self.values[k] for k in _places(share, len(self.values))]
        low, high = self._low, self._high
        if self.distribution == "integer":
            return [int(low) + k for k in _places(share, round(high - low) + 1)]
        found: Floats
        if self.distribution == "uniform":
            found = low + share * (high - low)
        elif self.distribution == "log_uniform":
            found = low * (high / low) ** share
        else:
            found = self._scipy_quantiles(share)
        return [float(value) for value in np.clip(found, low, high)]

    def _scipy_quantiles(self, share: Floats) -> Floats:
        from scipy.stats import triang, truncnorm

        low, high = self._low, self._high
        if self.mode is not None:
            return np.asarray(triang.ppf(share, (self.mode - low) / (high - low), low, high - low), dtype=np.float64)
        mean, sd = float(self.mean or 0.0), float(self.sd or 1.0)
        return np.asarray(truncnorm.ppf(share, (low - mean) / sd, (high - mean) / sd, mean, sd), dtype=np.float64)


def _places(share: Floats, count: int) -> list[int]:
    return [min(int(x * count), count - 1) for x in share]


def values_at(parameters: Mapping[str, Uncertain], shares: Floats) -> list[dict[str, Any]]:
    """Return what each point of the unit cube stands for.

    Parameters
    ----------
    parameters : mapping of str to Uncertain
        By name, in the order of the columns.
    shares : ndarray of shape (points, parameters)
        Probabilities [0-1].

    Returns
    -------
    list of dict
        For each point the value of each parameter, by name.
    """
    columns = {name: one.at(shares[:, k]) for k, (name, one) in enumerate(parameters.items())}
    return [{name: column[row] for name, column in columns.items()} for row in range(len(shares))]
