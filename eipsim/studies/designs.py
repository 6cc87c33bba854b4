"""Which points of the unit cube a study of sensitivity looks at."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ConfigError
from ..kernel.streams import key_of

Floats = NDArray[np.float64]

MORRIS, SOBOL, LHS, FACTORIAL, TORNADO = STUDIES = ("morris", "sobol", "lhs", "factorial", "tornado")
"""The studies that there are."""

RANDOM = (SOBOL, LHS)
"""Studies whose points are drawn from the distributions, so that their spread is that of the parameters."""


def salib(*modules: str) -> list[Any]:
    """Return modules of SALib.

    Raises
    ------
    ConfigError
        If it is not installed.
    """
    from importlib import import_module

    try:
        return [import_module(f"SALib.{name}") for name in modules]
    except ImportError:
        raise ConfigError("studies morris and sobol need SALib: install eipsim[study]") from None


def problem(count: int) -> dict[str, Any]:
    """Return so many parameters of the unit cube as SALib describes them."""
    return {"num_vars": count, "names": [f"x{k}" for k in range(count)], "bounds": [[0.0, 1.0]] * count}


def design_seed(seed: int, study: str) -> int:
    """Return the seed of a study's design or bootstrap: another stream than any simulation's."""
    return key_of(seed, 0, "study", study) % 2**63


def morris_points(count: int, trajectories: int, levels: int, seed: int) -> Floats:
    """Return Morris trajectories: each changes one parameter after another by a fixed step of the grid.

    Parameters
    ----------
    count : int
        Parameters.
    trajectories : int
        How many, each of count + 1 points.
    levels : int
        Of the grid, even; the step is levels / (2 (levels − 1)).
    seed : int
        Of the experiment.

    Returns
    -------
    ndarray of shape (trajectories × (count + 1), count)
        Points of the grid 0, 1/(levels − 1), …, 1; the ends of a distribution are among them.

    References
    ----------
    M. D. Morris, Factorial sampling plans for preliminary computational experiments, Technometrics 33 (1991) 161-174.
    """
    (sample,) = salib("sample.morris")
    points: Floats = sample.sample(problem(count), trajectories, num_levels=levels, seed=design_seed(seed, MORRIS))
    return points


def sobol_points(count: int, samples: int, seed: int) -> Floats:
    """Return Saltelli's scheme on scrambled Sobol points.

    Parameters
    ----------
    count : int
        Parameters.
    samples : int
        Base samples, a power of 2.
    seed : int
        Of the experiment.

    Returns
    -------
    ndarray of shape (samples × (2 count + 2), count)
        For each sample A, AB₁ … ABₖ, BA₁ … BAₖ, B; see `independent_rows`.

    References
    ----------
    A. Saltelli et al., Variance based sensitivity analysis of model output, Comput. Phys. Commun. 181 (2010) 259-270.
    """
    (sample,) = salib("sample.sobol")
    points: Floats = sample.sample(problem(count), samples, calc_second_order=True, seed=design_seed(seed, SOBOL))
    return points


def independent_rows(study: str, points: int, count: int) -> slice | list[int]:
    """Return the points of a random design that are independent draws: of sobol the rows A and B of each sample."""
    if study != SOBOL:
        return slice(None)
    block = 2 * count + 2
    return [row for row in range(points) if row % block in (0, block - 1)]


def latin_points(count: int, samples: int, seed: int) -> Floats:
    """Return a Latin hypercube of shape (samples, count): each parameter has one point in each of as many equal cells.

    References
    ----------
    M. D. McKay, R. J. Beckman, W. J. Conover, A comparison of three methods …, Technometrics 21 (1979) 239-245.
    """
    from scipy.stats.qmc import LatinHypercube

    points: Floats = LatinHypercube(count, rng=design_seed(seed, LHS)).random(samples)
    return points


def factorial_points(count: int, levels: int) -> Floats:
    """Return all combinations of the middles of so many cells of equal probability, shape (levels^count, count)."""
    middles = [(k + 0.5) / levels for k in range(levels)]
    return np.array(list(itertools.product(middles, repeat=count)))


def tornado_points(count: int, tail: float) -> Floats:
    """Return the medians, then for each parameter its lower and its upper quantile with all others at their medians.

    Parameters
    ----------
    count : int
        Parameters.
    tail : float
        Probability beyond either quantile [0-0.5].

    Returns
    -------
    ndarray of shape (1 + 2 count, count)
    """
    points = np.full((1 + 2 * count, count), 0.5)
    for k in range(count):
        points[1 + 2 * k, k], points[2 + 2 * k, k] = tail, 1.0 - tail
    return points
