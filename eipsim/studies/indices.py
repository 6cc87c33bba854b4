"""Indices of sensitivity from the outputs of a design, with intervals."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..kernel.streams import Stream
from ..kpis import t_interval
from .designs import FACTORIAL, LHS, MORRIS, SOBOL, design_seed, problem, salib

Floats = NDArray[np.float64]

TIMES = " × "
"""Between two parameters that act together."""


class Index(NamedTuple):
    """One index of one parameter, or of two that act together.

    Parameters
    ----------
    parameter : str
        Its name, or two names.
    statistic : str
        Which index; see docs/sensitivity.md.
    value, low, high : float
        And its interval: bootstrap for morris, sobol and lhs, t over replications for factorial and tornado (nan with one).
    """

    parameter: str
    statistic: str
    value: float
    low: float
    high: float


class Estimate(NamedTuple):
    """How indices are estimated: levels of morris' grid; samples and confidence [0-1] of intervals; the experiment's seed."""

    levels: int
    resamples: int
    confidence: float
    seed: int


def indices(study: str, names: Sequence[str], shares: Floats, outputs: Floats, by: Estimate) -> list[Index]:
    """Return the indices that a study gives.

    Parameters
    ----------
    study : str
        One of `designs.STUDIES`.
    names : sequence of str
        Of the parameters.
    shares : ndarray of shape (points, parameters)
        The design in the unit cube.
    outputs : ndarray of shape (points, replications)
        One output; replications share their seeds over all points.
    levels : int
        Of the grid of morris.
    by : Bootstrap
        For intervals.
    """
    means: Floats = outputs.mean(axis=1)
    if study == MORRIS:
        return list(_morris(names, shares, means, by))
    if study == SOBOL:
        return list(_sobol(names, means, by))
    if study == LHS:
        return list(_ranks(names, shares, means, by))
    if study == FACTORIAL:
        return list(_factorial(names, shares, outputs, by.confidence))
    return list(_tornado(names, outputs, by.confidence))


def _morris(names: Sequence[str], shares: Floats, means: Floats, by: Estimate) -> Iterator[Index]:
    (analyze,) = salib("analyze.morris")
    found = analyze.analyze(
        problem(len(names)),
        shares,
        means,
        num_resamples=by.resamples,
        conf_level=by.confidence,
        num_levels=by.levels,
        seed=design_seed(by.seed, MORRIS),
    )
    for k, name in enumerate(names):
        yield _with_half(name, "mu_star", found["mu_star"][k], found["mu_star_conf"][k])
        for index in ("mu", "sigma"):
            yield Index(name, index, float(found[index][k]), math.nan, math.nan)


def _sobol(names: Sequence[str], means: Floats, by: Estimate) -> Iterator[Index]:
    (analyze,) = salib("analyze.sobol")
    pairs = list(itertools.combinations(range(len(names)), 2))
    if np.ptp(means) == 0:
        for index in ("S1", "ST"):
            yield from (Index(name, index, 0.0, 0.0, 0.0) for name in names)
        return
    found = analyze.analyze(
        problem(len(names)),
        means,
        num_resamples=by.resamples,
        conf_level=by.confidence,
        seed=design_seed(by.seed, SOBOL),
    )
    for index in ("S1", "ST"):
        for k, name in enumerate(names):
            yield _with_half(name, index, found[index][k], found[f"{index}_conf"][k])
    for j, k in pairs:
        yield _with_half(f"{names[j]}{TIMES}{names[k]}", "S2", found["S2"][j, k], found["S2_conf"][j, k])


def _with_half(name: str, index: str, value: Any, half: Any) -> Index:
    return Index(name, index, float(value), float(value - half), float(value + half))


def _ranks(names: Sequence[str], shares: Floats, means: Floats, by: Estimate) -> Iterator[Index]:
    """Yield standardised rank regression coefficients and the share of rank variance that they explain."""
    stream = Stream(by.seed, 0, "study", "bootstrap")
    points = len(means)
    rows = [[int(points * stream.uniform()) for _ in range(points)] for _ in range(by.resamples)]
    there = rank_regression(shares, means)
    drawn = np.array([rank_regression(shares[row], means[row]) for row in rows])
    tail = (1 - by.confidence) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    for k, name in enumerate(names):
        yield Index(name, "srrc", float(there[k]), float(low[k]), float(high[k]))
    yield Index("all", "r2_ranks", float(there[-1]), float(low[-1]), float(high[-1]))


def rank_regression(inputs: Floats, output: Floats) -> Floats:
    """Return standardised rank regression coefficients, and R² of the ranks behind them.

    Parameters
    ----------
    inputs : ndarray of shape (points, parameters)
        In any unit: only their order matters.
    output : ndarray of shape (points,)
        In any unit.

    Returns
    -------
    ndarray of shape (parameters + 1,)
        Coefficients from −1 to 1 where inputs are independent, and R²; 0 throughout if the output never varies. Low R² says
        that the response is not monotone, and that coefficients don't tell its sensitivity.

    References
    ----------
    R. L. Iman, W. J. Conover, The use of the rank transform in regression, Technometrics 21 (1979) 499-509.
    """
    from scipy.stats import rankdata

    if np.ptp(output) == 0:
        return np.zeros(inputs.shape[1] + 1)
    ranks = rankdata(np.column_stack([inputs, output]), axis=0)
    spread = ranks.std(axis=0)
    scaled = (ranks - ranks.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    coefficients, *_ = np.linalg.lstsq(scaled[:, :-1], scaled[:, -1], rcond=None)
    left = scaled[:, -1] - scaled[:, :-1] @ coefficients
    found: Floats = np.append(coefficients, 1.0 - left.var())
    return found


def _factorial(names: Sequence[str], shares: Floats, outputs: Floats, confidence: float) -> Iterator[Index]:
    """Yield the share of the sum of squares that each parameter and each pair explains."""
    each = [dict(_squares(names, shares, outputs[:, r])) for r in range(outputs.shape[1])]
    of_means = dict(_squares(names, shares, outputs.mean(axis=1)))
    for effect, share in of_means.items():
        middle, _, high = t_interval([one[effect] for one in each], confidence)
        index = "interaction_share" if TIMES in effect else "main_share"
        yield _with_half(effect, index, share, high - middle)


def _squares(names: Sequence[str], shares: Floats, output: Floats) -> Iterator[tuple[str, float]]:
    levels = [np.unique(column, return_inverse=True)[1] for column in shares.T]
    centred = output - output.mean()
    total = float((centred**2).sum())
    main = [_level_means(centred, level)[level] for level in levels]
    for name, effect in zip(names, main, strict=True):
        yield name, float((effect**2).sum()) / total if total else 0.0
    for j, k in itertools.combinations(range(len(names)), 2):
        cell = levels[j] * (levels[k].max() + 1) + levels[k]
        pair = _level_means(centred, cell)[cell] - main[j] - main[k]
        yield f"{names[j]}{TIMES}{names[k]}", float((pair**2).sum()) / total if total else 0.0


def _level_means(values: Floats, level: NDArray[np.intp]) -> Floats:
    means: Floats = np.bincount(level, weights=values) / np.bincount(level)
    return means


def _tornado(names: Sequence[str], outputs: Floats, confidence: float) -> Iterator[Index]:
    """Yield what the output is when one parameter is at its lower or upper quantile, less what it is at the medians."""
    moved = outputs - outputs[0]
    for k, name in enumerate(names):
        yield Index(name, "at_low", *t_interval(moved[1 + 2 * k], confidence))
        yield Index(name, "at_high", *t_interval(moved[2 + 2 * k], confidence))


class Spread(NamedTuple):
    """Where the spread of an output comes from.

    Parameters
    ----------
    mean : float
        Over all points and replications [unit of the output].
    sd_parameters : float
        Standard deviation that the parameters cause [unit of the output]; nan if the points are no draw from them.
    sd_chance : float
        What the seeds cause that all points share, which more replications average out [unit of the output].
    sd_both : float
        What seeds cause at one point and not at another [unit of the output]; with one replication in sd_parameters.
    """

    mean: float
    sd_parameters: float
    sd_chance: float
    sd_both: float


def spread(outputs: Floats, *, drawn: bool) -> Spread:
    """Tell ignorance from chance: components of variance of points × replications with common seeds.

    Parameters
    ----------
    outputs : ndarray of shape (points, replications)
        One output.
    drawn : bool
        Whether the points are a draw from the distributions of the parameters.

    Returns
    -------
    Spread
        From mean squares of points A, replications B and the remainder E with n points and r replications:
        (A − E)/r, (B − E)/n and E; none below 0. With one replication chance is not known (nan).

    References
    ----------
    S. R. Searle, G. Casella, C. E. McCulloch, Variance Components, Wiley 1992, section 4.3.
    """
    points, replications = outputs.shape
    mean, by_point = float(outputs.mean()), outputs.mean(axis=1)
    if replications == 1:
        return Spread(mean, float(by_point.std(ddof=1)) if drawn else math.nan, math.nan, math.nan)
    by_seed = outputs.mean(axis=0)
    left = outputs - by_point[:, None] - by_seed + mean
    a, b = replications * by_point.var(ddof=1), points * by_seed.var(ddof=1)
    e = float((left**2).sum()) / ((points - 1) * (replications - 1))
    parameters, chance = (math.sqrt(max(float(x), 0.0)) for x in ((a - e) / replications, (b - e) / points))
    return Spread(mean, parameters if drawn else math.nan, chance, math.sqrt(e))
