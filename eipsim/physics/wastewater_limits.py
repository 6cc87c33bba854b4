"""How far a concentration is beyond what may be let out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def stepped_factor(value: float, steps: Sequence[tuple[float, float]]) -> float:
    """Return the factor of the first step that a value does not exceed.

    Parameters
    ----------
    value : float
        For example the flow of a river.
    steps : sequence of (float, float)
        Upper bound, included, and factor; bounds rise.

    Raises
    ------
    ValueError
        If the value is negative, not a number or above the last bound.

    Examples
    --------
    >>> [stepped_factor(flow, ((50, 0.9), (200, 1.0), (float("inf"), 1.2))) for flow in (50, 51, 1000)]
    [0.9, 1.0, 1.2]
    """
    found = next((factor for bound, factor in steps if 0 <= value <= bound), None)
    if found is None:
        raise ValueError(f"{value:g} has no step: must be from 0 to {steps[-1][0]:g}")
    return found


def limit_g_per_m3(basis_g_per_m3: float, kq: float, kf: float, scaled: bool = True) -> float:
    """Return what may be let out: C × Kq × Kf, or C itself where the standard scales nothing.

    Parameters
    ----------
    basis_g_per_m3 : float
        Value C of the column [g/m3].
    kq, kf : float
        Factors of the receiving water and of the amount discharged [1].
    scaled : bool
        False for pH, colour, temperature and coliform.

    References
    ----------
    QCVN 40:2011/BTNMT, section 2.1.

    Examples
    --------
    >>> round(limit_g_per_m3(75.0, 0.9, 0.9), 2)
    60.75
    """
    return basis_g_per_m3 * kq * kf if scaled else basis_g_per_m3


def exceedance_ratio(concentration_g_per_m3: ArrayLike, limit: ArrayLike) -> NDArray[np.float64]:
    """Return by what share a concentration is beyond its limit; 0 if it is not.

    Parameters
    ----------
    concentration_g_per_m3, limit : array_like
        Of one substance [g/m3].

    Examples
    --------
    >>> exceedance_ratio([60.0, 81.0], 67.5).tolist()
    [0.0, 0.19999999999999996]
    """
    beyond = np.asarray(concentration_g_per_m3, dtype=float) / np.asarray(limit, dtype=float) - 1.0
    return np.asarray(np.maximum(beyond, 0.0))


def exceedances(concentrations_g_per_m3: Mapping[str, float], limits: Mapping[str, float]) -> dict[str, float]:
    """Return by what share each substance is beyond its limit, those that keep it left out.

    Parameters
    ----------
    concentrations_g_per_m3, limits : mapping of str to float
        By substance [g/m3]; a substance without a limit is left out.

    Examples
    --------
    >>> exceedances({"cod": 81.0, "tss": 10.0, "salt": 900.0}, {"cod": 67.5, "tss": 45.0})
    {'cod': 0.2}
    """
    over = {
        name: concentrations_g_per_m3[name] / limit - 1 for name, limit in limits.items() if name in concentrations_g_per_m3
    }
    return {name: round(share, 12) for name, share in over.items() if share > 0}
