"""Heat lost from hot surfaces: film of air, radiation and conduction through insulation."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

STEFAN_BOLTZMANN_W_PER_M2_K4 = 5.670374419e-8
"""Constant of radiation [W/(m2 K4)]."""

_ZERO_C_IN_K = 273.15


def bare_loss_w_per_m2(surface_c: ArrayLike, ambient_c: ArrayLike, emissivity_frac: ArrayLike = 0.9) -> NDArray[np.float64]:
    """Heat flux from a hot wall in still air.

    For walls and large pipes above about 0.3 m, turbulent natural convection, surface above ambient.

    Parameters
    ----------
    surface_c : array_like
        Surface temperature [°C].
    ambient_c : array_like
        Temperature of air and surroundings [°C].
    emissivity_frac : array_like
        Emissivity [0-1].

    Returns
    -------
    ndarray
        Heat flux [W/m2].

    Notes
    -----
    1.31 ΔT^(4/3) + ε σ (Ts⁴ − Ta⁴).

    References
    ----------
    ASHRAE Handbook Fundamentals, simplified equation for vertical plates in air.

    Examples
    --------
    >>> round(float(bare_loss_w_per_m2(100.0, 30.0)))
    936
    """
    hot = np.asarray(surface_c, dtype=float)
    cold = np.asarray(ambient_c, dtype=float)
    rise = np.maximum(hot - cold, 0.0)
    radiation = STEFAN_BOLTZMANN_W_PER_M2_K4 * ((hot + _ZERO_C_IN_K) ** 4 - (cold + _ZERO_C_IN_K) ** 4)
    return np.asarray(1.31 * rise ** (4 / 3) + np.asarray(emissivity_frac) * radiation)


def insulated_loss_w_per_m2(
    surface_c: ArrayLike,
    ambient_c: ArrayLike,
    thickness_mm: ArrayLike,
    conductivity_w_per_m_k: ArrayLike = 0.045,
    emissivity_frac: ArrayLike = 0.9,
) -> NDArray[np.float64]:
    """Heat flux through insulation on a hot wall into still air.

    Parameters
    ----------
    surface_c : array_like
        Temperature under the insulation [°C].
    ambient_c : array_like
        Temperature of air and surroundings [°C].
    thickness_mm : array_like
        Thickness of the insulation [mm].
    conductivity_w_per_m_k : array_like
        Conductivity of the insulation at its mean temperature [W/(m K)].
    emissivity_frac : array_like
        Emissivity of the jacket [0-1].

    Returns
    -------
    ndarray
        Heat flux [W/m2].

    Notes
    -----
    The temperature of the jacket is where conduction through the insulation equals convection and radiation from
    the jacket; the difference falls monotonically, so 60 halvings find it to 1e-15 of the span.

    Examples
    --------
    >>> round(float(insulated_loss_w_per_m2(180.0, 30.0, 50.0)))
    123
    """
    hot, cold, metre, conductivity = np.broadcast_arrays(
        np.asarray(surface_c, dtype=float),
        np.asarray(ambient_c, dtype=float),
        np.asarray(thickness_mm, dtype=float) / 1000,
        np.asarray(conductivity_w_per_m_k, dtype=float),
    )
    low, high = cold.copy(), hot.copy()
    for _ in range(60):
        middle = (low + high) / 2
        short = metre * bare_loss_w_per_m2(middle, cold, emissivity_frac) < conductivity * (hot - middle)
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return bare_loss_w_per_m2((low + high) / 2, cold, emissivity_frac)
