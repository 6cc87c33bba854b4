"""Lamps: the power that gives the same light with another efficacy."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def replaced_power_frac(share_frac: ArrayLike, existing_lm_per_w: ArrayLike, new_lm_per_w: ArrayLike) -> NDArray[np.float64]:
    """Power of an installation after a share of its lamps is replaced at equal light, over the power before.

    Parameters
    ----------
    share_frac : array_like
        Share of the power that is replaced [0-1].
    existing_lm_per_w, new_lm_per_w : array_like
        Efficacy of the replaced and of the new luminaires, ballasts and optics included [lm/W].

    Returns
    -------
    ndarray
        Fraction [1]: 1 − share (1 − existing / new).

    Examples
    --------
    >>> round(float(replaced_power_frac(0.5, 70.0, 140.0)), 3)
    0.75
    """
    ratio = np.asarray(existing_lm_per_w, dtype=float) / np.asarray(new_lm_per_w, dtype=float)
    return np.asarray(1 - np.asarray(share_frac, dtype=float) * (1 - ratio))
