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


def pipe_loss_w_per_m(
    diameter_mm: float,
    pipe_c: float,
    ambient_c: float,
    *,
    insulation_mm: float = 0.0,
    conductivity_w_per_m_k: float = 0.045,
    wind_m_per_s: float = 0.3,
    emissivity_frac: float = 0.8,
) -> float:
    """Heat lost from a metre of horizontal pipe, bare or insulated.

    Parameters
    ----------
    diameter_mm : float
        Outer diameter of the pipe [mm]; its wall is taken to conduct perfectly.
    pipe_c, ambient_c : float
        Temperature of pipe and of surroundings [°C].
    insulation_mm : float
        Thickness of the insulation, 0 for none [mm].
    conductivity_w_per_m_k : float
        Conductivity of the insulation at its mean temperature [W/(m K)].
    wind_m_per_s : float
        Speed of the air across the pipe [m/s].
    emissivity_frac : float
        Emissivity of the surface [0-1].

    Returns
    -------
    float
        Loss [W/m].

    Notes
    -----
    Forced (Churchill and Bernstein 1977) and free convection (Churchill and Chu 1975) join as the fourth root of the sum
    of fourth powers; radiation is added; the surface temperature is found by halving.

    References
    ----------
    MEASUR (ORNL), InsulatedPipeReduction, to 1 % with air properties by Sutherland's formulas.

    Examples
    --------
    >>> round(pipe_loss_w_per_m(25.399, 148.889, 26.667, wind_m_per_s=0.89408))
    280
    """
    ambient_k = ambient_c + _ZERO_C_IN_K
    outer_m = (diameter_mm + 2 * insulation_mm) / 1000

    def film_w_per_m(surface_c: float) -> float:
        surface_k = surface_c + _ZERO_C_IN_K
        conductivity, viscosity, diffusivity = _air((surface_k + ambient_k) / 2)
        prandtl = viscosity / diffusivity
        reynolds = outer_m * wind_m_per_s / viscosity
        rayleigh = 9.81 * 2 / (surface_k + ambient_k) * abs(surface_k - ambient_k) * outer_m**3 / (viscosity * diffusivity)
        forced = 0.3 + 0.62 * reynolds**0.5 * prandtl ** (1 / 3) * (1 + (reynolds / 282000) ** (5 / 8)) ** (4 / 5) / (
            1 + (0.4 / prandtl) ** (2 / 3)
        ) ** (1 / 4)
        free = (0.6 + 0.387 * rayleigh ** (1 / 6) / (1 + (0.559 / prandtl) ** (9 / 16)) ** (8 / 27)) ** 2
        convection = (forced**4 + free**4) ** 0.25 * conductivity / outer_m * (surface_k - ambient_k)
        radiation = emissivity_frac * STEFAN_BOLTZMANN_W_PER_M2_K4 * (surface_k**4 - ambient_k**4)
        return float(np.pi * outer_m * (convection + radiation))

    if not insulation_mm:
        return film_w_per_m(pipe_c)
    per_k = 2 * np.pi * conductivity_w_per_m_k / np.log(outer_m * 1000 / diameter_mm)
    low, high = ambient_c, pipe_c
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if film_w_per_m(middle) < per_k * (pipe_c - middle) else (low, middle)
    return film_w_per_m((low + high) / 2)


def _air(kelvin: float) -> tuple[float, float, float]:
    """Return conductivity [W/(m K)], kinematic viscosity and thermal diffusivity [m2/s] of air at 1 atm (Sutherland)."""
    relative = kelvin / _ZERO_C_IN_K
    density = 353.05 / kelvin
    conductivity = 0.02414 * relative**1.5 * (_ZERO_C_IN_K + 194.4) / (kelvin + 194.4)
    viscosity = 1.716e-5 * relative**1.5 * (_ZERO_C_IN_K + 110.4) / (kelvin + 110.4)
    return conductivity, viscosity / density, conductivity / (density * 1007)
