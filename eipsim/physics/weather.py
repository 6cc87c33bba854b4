"""What weather does to buildings: cooling degrees, light through the roof, and means spread over finer time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def cooling_degree_k(ambient_c: Floats | float, base_c: float = 18.0) -> Floats:
    """Return how far the air is above the temperature at which a building needs no cooling.

    Good for the sensible load of halls and offices over days; the latent load of humid air is not in it, and in a
    climate whose humidity varies little over the year (0.70-0.87 in the south of Viet Nam) mostly scales with it.

    Parameters
    ----------
    ambient_c : float or ndarray of shape (n,)
        Dry-bulb temperature [°C].
    base_c : float
        Balance temperature [°C].

    Returns
    -------
    ndarray of shape (n,)
        From 0 up [K].

    References
    ----------
    ASHRAE Handbook Fundamentals (2017), chapter 14: cooling degree hours, base 18.3 °C (65 °F), here rounded.

    Examples
    --------
    >>> cooling_degree_k([12.0, 27.4]).round(1).tolist()
    [0.0, 9.4]
    """
    return np.maximum(np.asarray(ambient_c, dtype=np.float64) - base_c, 0.0)


def lights_needed_frac(
    ghi_w_per_m2: Floats | float,
    daylight_factor_frac: float = 0.01,
    efficacy_lm_per_w: float = 110.0,
    needed_lux: float = 300.0,
    least_frac: float = 0.3,
) -> Floats:
    """Return what share of the lamps of a daylit hall is needed, if they are dimmed or switched by daylight.

    Good for halls with roof lights under a sky that is not all clear; glare, and lamps that nobody switches off, are
    not in it.

    Parameters
    ----------
    ghi_w_per_m2 : float or ndarray of shape (n,)
        Global horizontal irradiance [W/m2].
    daylight_factor_frac : float
        Illuminance at the darker work places over that outdoors, 0-1; half of the mean of 2 % from which a room counts
        as daylit (confidence C).
    efficacy_lm_per_w : float
        Luminous efficacy of daylight [lm/W]; 110 within 10 % for most skies (B).
    needed_lux : float
        Illuminance to be kept, for general work in industry (ISO 8995-1) [lux].
    least_frac : float
        Lamps that stay on however bright the day, 0-1: places without daylight, dimmers' own use (C).

    Returns
    -------
    ndarray of shape (n,)
        1 in the dark, falling linearly to ``least_frac``.

    References
    ----------
    P. J. Littlefair, Lighting Research and Technology 17 (1985) 162-182, doi:10.1177/14771535850170040401 (efficacy).

    Examples
    --------
    >>> lights_needed_frac([0.0, 136.4, 800.0]).round(2).tolist()
    [1.0, 0.65, 0.3]
    """
    inside_lux = np.asarray(ghi_w_per_m2, dtype=np.float64) * efficacy_lm_per_w * daylight_factor_frac
    return 1.0 - (1.0 - least_frac) * np.minimum(inside_lux / needed_lux, 1.0)


def spread_over_cells(means: Floats, cell: NDArray[np.int64], weight: Floats) -> Floats:
    """Spread the mean of each cell over finer time in proportion to a weight, so that the mean is kept.

    Parameters
    ----------
    means : ndarray of shape (cells,)
        Mean of each cell, for example irradiance in an hour of the day of a month.
    cell : ndarray of shape (n,)
        The cell of each fine step.
    weight : ndarray of shape (n,)
        From 0 up; a cell whose weights are all 0 is spread evenly.

    Returns
    -------
    ndarray of shape (n,)
        Values whose mean over each cell that occurs is that of the cell.

    Examples
    --------
    >>> import numpy as np
    >>> spread_over_cells(np.array([3.0, 5.0]), np.array([0, 0, 1]), np.array([1.0, 2.0, 0.0])).tolist()
    [2.0, 4.0, 5.0]
    """
    steps = np.bincount(cell, minlength=means.size)
    mean_weight = np.bincount(cell, weights=weight, minlength=means.size) / np.maximum(steps, 1)
    here = mean_weight[cell]
    spread: Floats = means[cell] * np.where(here > 0, weight / np.where(here > 0, here, 1.0), 1.0)
    return spread


def wet_bulb_c(ambient_c: Floats, humidity_frac: Floats) -> Floats:
    """Return the temperature down to which water can cool air by evaporating into it.

    Parameters
    ----------
    ambient_c : ndarray of shape (n,)
        Dry-bulb temperature, -100 to 200 [°C].
    humidity_frac : ndarray of shape (n,)
        Relative humidity, 0-1.

    Returns
    -------
    ndarray of shape (n,)
        Thermodynamic wet-bulb temperature at 101,325 Pa, to 0.001 K [°C].

    References
    ----------
    ASHRAE Handbook Fundamentals (2017), chapter 1, by the library psychrolib.

    Examples
    --------
    >>> wet_bulb_c(np.array([30.0, 30.0]), np.array([0.7, 1.0])).round(2).tolist()
    [25.5, 30.0]
    """
    import psychrolib

    psychrolib.SetUnitSystem(psychrolib.SI)
    air = np.column_stack([np.asarray(ambient_c, dtype=np.float64), np.asarray(humidity_frac, dtype=np.float64)])
    distinct, place = np.unique(air, axis=0, return_inverse=True)
    found = np.array([psychrolib.GetTWetBulbFromRelHum(warm, humid, 101325.0) for warm, humid in distinct.tolist()])
    return found[place.reshape(-1)]
