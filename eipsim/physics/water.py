"""Water: counter-current rinsing, and loops that treat and return process water."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def rinse_flow_ratio(dilution: ArrayLike, stages: int) -> NDArray[np.float64]:
    """Rinse water per drag-out that dilutes the bath by a factor, in stages of counter-current flow.

    Parameters
    ----------
    dilution : array_like
        Concentration in the bath over concentration in the last rinse, at least 1; 500-5,000 in electroplating.
    stages : int
        Number of rinse tanks in series, 1 or more.

    Returns
    -------
    ndarray
        Rinse flow over drag-out [1].

    Raises
    ------
    ValueError
        If there is no stage, or a dilution below 1.

    Notes
    -----
    With ideally mixed tanks r + r² + … + r^n + 1 = dilution, solved by Newton's method from dilution^(1/n). A single tank
    needs dilution − 1; two need about the square root.

    References
    ----------
    Kushner, Water and Waste Control for the Plating Shop, rinsing equation of counter-current tanks.

    Examples
    --------
    >>> [round(float(rinse_flow_ratio(1000.0, n)), 2) for n in (1, 2, 3)]
    [999.0, 31.11, 9.64]
    """
    target = np.asarray(dilution, dtype=float)
    if stages < 1 or np.any(target < 1):
        raise ValueError(f"stages = {stages}, dilution = {target.min():g}: must be at least 1")
    r = target ** (1 / stages)
    powers = np.arange(stages + 1)
    for _ in range(50):
        value = (r[..., None] ** powers).sum(axis=-1) - target
        slope = (powers[1:] * r[..., None] ** powers[:-1]).sum(axis=-1)
        r = np.maximum(r - value / slope, 0.0)
    return np.asarray(r)


def loop_reuse_frac(treated_frac: ArrayLike, recovery_frac: ArrayLike) -> NDArray[np.float64]:
    """Share of process wastewater that a loop returns.

    Parameters
    ----------
    treated_frac : array_like
        Share of the wastewater that is led to the loop [0-1].
    recovery_frac : array_like
        Permeate over feed of its membranes [0-1]; the reject goes to the sewer with all salts.

    Returns
    -------
    ndarray
        Share [0-1].

    Examples
    --------
    >>> round(float(loop_reuse_frac(0.9, 0.75)), 3)
    0.675
    """
    return np.asarray(np.asarray(treated_frac, dtype=float) * np.asarray(recovery_frac))
