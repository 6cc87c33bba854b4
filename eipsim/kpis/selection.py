"""Which scenario is best: the fully sequential procedure of Kim and Nelson, on common random numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass as checked_dataclass

from .base import KpiName

Floats = NDArray[np.float64]

ALONE, BOUND, MOST = "alone", "bound", "most"
"""What can end a selection: one scenario is left, the procedure's own bound, or the greatest number of replications."""


@checked_dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Selecting:
    """How the scenario that saves most is selected.

    Parameters
    ----------
    kpi : str
        The KPI of which the best scenario saves most, at equal production.
    indifference : float
        The least difference that is worth detecting, more than 0 [unit of the KPI].
    confidence_frac : float
        Probability that the best is selected if it is better than the next by that much or more [0-1].
    first : int
        Replications after which the first scenarios may be left out.
    most : int
        Replications at most.

    Raises
    ------
    pydantic.ValidationError
        With every number that makes no sense.
    """

    indifference: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    kpi: KpiName = "co2_assessed_t"
    confidence_frac: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    first: Annotated[int, Field(ge=2)] = 10
    most: int = 100

    @model_validator(mode="after")
    def _check_order(self) -> Selecting:
        if self.most < self.first:
            raise ValueError(f"most = {self.most}: must be first = {self.first} or more")
        return self


class Selected(NamedTuple):
    """Which scenario was selected, and when the others were left out.

    Parameters
    ----------
    best : str
        The scenario.
    replications : int
        After which the selection ended.
    ended_by : {"alone", "bound", "most"}
        With ``most`` nothing is guaranteed.
    means : dict of str to float
        Mean saving of each scenario over these replications [unit of the KPI].
    left_out_at : dict of str to int
        For each scenario that was left out, after how many replications.
    """

    best: str
    replications: int
    ended_by: str
    means: dict[str, float]
    left_out_at: dict[str, int]


def select(savings: Mapping[str, ArrayLike], selecting: Selecting) -> Selected | None:
    """Select the scenario that saves most, looking at replications one by one.

    Parameters
    ----------
    savings : mapping of str to array_like of shape (n,)
        By scenario, what each replication saves, with common random numbers [unit of the KPI]. The baseline saves 0.
    selecting : Selecting
        How sure.

    Returns
    -------
    Selected or None
        None if more replications are needed.

    Notes
    -----
    With S² the variance of a pair's difference over the first n₀ replications, k scenarios, η = ½((2α/(k−1))^(−2/(n₀−1)) − 1)
    and h² = 2η(n₀−1), scenario i is left out after r replications if its mean is below that of another by more than
    W = max(0, δ/(2r) · (h²S²/δ² − r)). The guarantee holds for normal savings, correlated between scenarios or not; narrow
    pairs, which common random numbers give, are decided early.

    References
    ----------
    S.-H. Kim, B. L. Nelson, A fully sequential procedure for indifference-zone selection in simulation, ACM Trans. Model.
    Comput. Simul. 11 (2001) 251-273.
    """
    names = list(savings)
    data = np.array([np.asarray(savings[name], dtype=np.float64) for name in names])
    there, delta, first = data.shape[1], selecting.indifference, selecting.first
    if there < first:
        return None
    alpha, k = 1 - selecting.confidence_frac, max(len(names), 2)
    eta = 0.5 * ((2 * alpha / (k - 1)) ** (-2 / (first - 1)) - 1)
    h2 = 2 * eta * (first - 1)
    variance: Floats = (data[:, None, :first] - data[None, :, :first]).var(axis=2, ddof=1)
    bound = math.floor(h2 * float(variance.max()) / delta**2)
    left, left_out_at = list(range(len(names))), dict[str, int]()
    for r in range(first, min(there, selecting.most) + 1):
        means = data[:, :r].mean(axis=1)
        reach = np.maximum(0.0, delta / (2 * r) * (h2 * variance / delta**2 - r))
        beaten = [i for i in left if any(means[i] < means[j] - reach[i, j] for j in left if j != i)]
        left_out_at |= {names[i]: r for i in beaten}
        left = [i for i in left if i not in beaten]
        ended_by = ALONE if len(left) == 1 else BOUND if r > bound else MOST if r == selecting.most else ""
        if ended_by:
            best = max(left, key=lambda i: means[i])
            return Selected(names[best], r, ended_by, dict(zip(names, means.tolist(), strict=True)), left_out_at)
    return None
