"""How many replications are enough: until the interval of a paired difference is as narrow as was asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass as checked_dataclass

from .base import KpiName

Floats = NDArray[np.float64]

RELATIVE, ABSOLUTE, MOST = "relative", "absolute", "most"
"""What can end an experiment: one of the two widths that were asked for, or the greatest number of replications."""


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Stopping:
    """When an experiment has enough replications.

    Parameters
    ----------
    kpi : str
        The KPI whose paired difference, baseline less scenario at equal production, must be known well enough in every
        scenario.
    relative_frac : float
        Half-width of its interval over its mean that is narrow enough [0-1].
    absolute : float
        Half-width that is narrow enough however small the mean is [unit of the KPI].
    least, most : int
        Replications that are run in any case, and at most.
    look_ahead : int
        Further replications over which the interval must stay narrow; beyond 100 replications so many per hundred.
    confidence_frac : float
        Of the t interval [0-1].

    Raises
    ------
    pydantic.ValidationError
        With every number that makes no sense.

    References
    ----------
    K. Hoad, S. Robinson, R. Davies, Automated selection of the number of replications for a discrete-event simulation,
    J. Oper. Res. Soc. 61 (2010) 1632-1644.
    """

    kpi: KpiName = "co2_assessed_t"
    relative_frac: Annotated[float, Field(ge=0, lt=1)] = 0.01
    absolute: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    least: Annotated[int, Field(ge=2)] = 10
    most: int = 100
    look_ahead: Annotated[int, Field(ge=0)] = 5
    confidence_frac: Annotated[float, Field(gt=0, lt=1)] = 0.95

    @model_validator(mode="after")
    def _check_order(self) -> Stopping:
        if self.most < self.least:
            raise ValueError(f"most = {self.most}: must be least = {self.least} or more")
        return self


class Precision(NamedTuple):
    """How well one paired difference is known.

    Parameters
    ----------
    scenario : str
        What is compared with the baseline.
    mean, half_width : float
        Of the difference [unit of the KPI].
    target : float
        The greater of the two half-widths that were asked for [unit of the KPI].
    bound : {"relative", "absolute"}
        Which of the two that is.
    """

    scenario: str
    mean: float
    half_width: float
    target: float
    bound: str

    @property
    def met(self) -> bool:
        """Whether the interval is narrow enough."""
        return self.half_width <= self.target


class Stopped(NamedTuple):
    """Why an experiment has as many replications as it has.

    Parameters
    ----------
    replications : int
        That were run, with those of the look-ahead.
    enough : int or None
        The first number from which on every interval was narrow enough; None if that never came.
    bound : {"relative", "absolute", "most"}
        What ended it: the width that the last scenario to get there had to meet, or the greatest number.
    precision : tuple of Precision
        Of each scenario at the end.
    """

    replications: int
    enough: int | None
    bound: str
    precision: tuple[Precision, ...]


def running(values: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return mean and half-width of the t interval of the first one, two, … values.

    Parameters
    ----------
    values : array_like of shape (n,)
        One value per replication.
    confidence : float
        Of the interval [0-1].

    Returns
    -------
    means, half_widths : ndarray of shape (n,)
        As `intervals.t_interval` of each beginning; the first half-width is nan [unit of the values].
    """
    from scipy.special import stdtrit

    data = np.asarray(values, dtype=np.float64)
    counts = np.arange(1, data.size + 1)
    from_first = data - data[0]
    means = np.cumsum(from_first) / counts
    squares = np.maximum(np.cumsum(from_first**2) - counts * means**2, 0.0)
    half_widths = np.full(data.size, math.nan)
    more = counts[1:]
    half_widths[1:] = stdtrit(more - 1, (1 + confidence) / 2) * np.sqrt(squares[1:] / (more - 1) / more)
    return data[0] + means, half_widths


def decide(differences: Mapping[str, ArrayLike], stopping: Stopping) -> Stopped | None:
    """Say whether an experiment has enough replications, and why.

    The answer depends on the differences alone, not on how many at a time were run: from ``least`` on they are looked at
    one by one, and what comes after the end is not looked at.

    Parameters
    ----------
    differences : mapping of str to array_like of shape (n,)
        By scenario, the paired differences of all replications so far [unit of the KPI].
    stopping : Stopping
        What is enough.

    Returns
    -------
    Stopped or None
        None if more replications are needed.
    """
    known = {name: running(values, stopping.confidence_frac) for name, values in differences.items()}
    there = min(means.size for means, _ in known.values())
    since, bound = 0, RELATIVE
    for n in range(stopping.least, min(there, stopping.most) + 1):
        at = tuple(_precisions(known, n, stopping))
        if all(one.met for one in at):
            if not since:
                since, bound = n, max(at, key=_nearness).bound
            if n - since >= stopping.look_ahead * max(n, 100) // 100:
                return Stopped(n, since, bound, at)
        else:
            since = 0
        if n == stopping.most:
            return Stopped(n, None, MOST, at)
    return None


def _precisions(known: Mapping[str, tuple[Floats, Floats]], n: int, stopping: Stopping) -> Iterator[Precision]:
    for name, (means, half_widths) in known.items():
        mean, relative = float(means[n - 1]), stopping.relative_frac * abs(float(means[n - 1]))
        bound = RELATIVE if relative >= stopping.absolute else ABSOLUTE
        yield Precision(name, mean, float(half_widths[n - 1]), max(relative, stopping.absolute), bound)


def _nearness(one: Precision) -> float:
    """Return how much of the width that was asked for is used up: the greatest was met last."""
    return one.half_width / one.target if one.target else 0.0
