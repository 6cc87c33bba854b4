"""How much must be saved before meters can tell: a year's bills, a monthly regression, a meter on the end use."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import ResultsError

Floats = NDArray[np.float64]

CONFIDENCE, POWER = 0.95, 0.80
"""Two-sided confidence, and how often a saving of that size is found."""

GUIDELINE_CONFIDENCE, GUIDELINE_MOST_FRAC = 0.68, 0.50
"""ASHRAE Guideline 14: at this confidence a saving may be uncertain by that share of itself."""

DRIFT_FRAC = 0.002
"""How far a meter reads differently in two years: standard deviation of a reading [1]; class 0.5 allows 0.005; C."""

MONTHS = 12
LEAST_REPLICATIONS = 3

BILLS, REGRESSION, SUBMETER, HIDDEN, NO_METER = "bills", "regression", "submeter", "not provable", "no meter"
VERDICTS = (BILLS, REGRESSION, SUBMETER, HIDDEN, NO_METER)
"""What proves a saving, the least effort first; the last saves nothing that a meter of energy or water reads."""

UNITS = {"electricity": "kWh", "water": "m3"}
NOTHING_FRAC = 1e-6


class Band(NamedTuple):
    """What ASHRAE Guideline 14 asks of a calibrated model: CV(RMSE) and NMBE at most [1]."""

    cv_frac: float
    nmbe_frac: float


MONTHLY = Band(0.15, 0.05)
"""By month; by hour the guideline allows 0.30 and 0.10."""


class Fit(NamedTuple):
    """A regression of one year's readings per day.

    Parameters
    ----------
    coefficients : ndarray of shape (parameters,)
        Constant first [unit/d and per unit of each driver].
    cv_frac : float
        Root of the mean squared residual, of n − p degrees of freedom, over the mean reading [1].
    """

    coefficients: Floats
    cv_frac: float


class Known(NamedTuple):
    """How well the reading of a meter is known.

    Parameters
    ----------
    mean : float
        A year's reading [unit].
    sd : float
        From year to year [unit].
    model : str
        The regression with the least CV(RMSE): ``mean``, ``production`` or ``production and weather``.
    cv_frac : float
        Its CV(RMSE), mean over years [1].
    bias_frac : float
        Root of the mean squared error of the next year's sum, over the reading [1].
    least_bills, least_regression : float
        What must be saved in a year [unit].
    """

    mean: float
    sd: float
    model: str
    cv_frac: float
    bias_frac: float
    least_bills: float
    least_regression: float


def detection_factor(degrees: int, confidence: float = CONFIDENCE, power: float = POWER) -> float:
    """Return how many standard deviations of a difference it must be to be found.

    t(1 − α/2, ν) + t(power, ν); 2.80 for many degrees of freedom.

    Parameters
    ----------
    degrees : int
        Degrees of freedom of the standard deviation.
    confidence, power : float
        Two-sided, and how often it is found [1].

    References
    ----------
    G. W. Snedecor, W. G. Cochran, Statistical Methods, 8th ed., section 6.14: sample size for comparing two means.

    Examples
    --------
    >>> round(detection_factor(10**6), 2), round(detection_factor(9), 2)
    (2.8, 3.15)
    """
    from scipy.special import stdtrit

    return float(stdtrit(degrees, (1 + confidence) / 2) + stdtrit(degrees, power))


def savings_sd_frac(cv_frac: float, before: int = MONTHS, after: int = MONTHS) -> float:
    """Return the standard deviation of a saving that a regression tells, over the reading after it [1].

    1.26 CV(RMSE) √((n + 2) / (n m)) for n months before and m after, without autocorrelation.

    References
    ----------
    T. A. Reddy, D. E. Claridge, Uncertainty of "measured" energy savings from statistical baseline models, HVAC&R Research
    6 (2000) 3-20; ASHRAE Guideline 14-2014, Annex B.

    Examples
    --------
    >>> round(savings_sd_frac(0.15), 4)
    0.0589
    """
    return 1.26 * cv_frac * math.sqrt((before + 2) / (before * after))


def fractional_uncertainty(
    saving_frac: float, cv_frac: float, parameters: int, confidence: float = GUIDELINE_CONFIDENCE
) -> float:
    """Return the uncertainty of a saving over the saving itself, a year before and a year after [1].

    t · 1.26 CV(RMSE) √((n + 2) / (n m)) / F, with t of n − p degrees of freedom and F the saved share of the reading.
    ASHRAE Guideline 14 accepts up to 0.5 at a confidence of 68 %.

    Examples
    --------
    >>> round(fractional_uncertainty(0.10, 0.15, 3), 2)
    0.62
    """
    from scipy.special import stdtrit

    t = float(stdtrit(MONTHS - parameters, (1 + confidence) / 2))
    return t * savings_sd_frac(cv_frac) / saving_frac if saving_frac > 0 else math.inf


def needed_cv_frac(saving_frac: float, parameters: int = 2) -> float:
    """Return the CV(RMSE) at which a monthly regression would just find a saving of that share of the meter [1]."""
    return saving_frac / (detection_factor(MONTHS - parameters) * savings_sd_frac(1.0))


def fitted(per_day: ArrayLike, drivers: ArrayLike) -> Fit:
    """Fit readings per day by least squares.

    Parameters
    ----------
    per_day : array_like of shape (months,)
        Reading over days [unit/d].
    drivers : array_like of shape (drivers, months)
        What it is explained by; may have no row.
    """
    y = np.asarray(per_day, dtype=float)
    x = np.vstack([np.ones(y.size), *np.atleast_2d(np.asarray(drivers, dtype=float).reshape(-1, y.size))]).T
    coefficients: Floats = np.linalg.lstsq(x, y, rcond=None)[0]
    rest = y - x @ coefficients
    rmse = math.sqrt(float(rest @ rest) / (y.size - x.shape[1]))
    return Fit(coefficients, rmse / float(y.mean()) if y.mean() else 0.0)


def known(readings: ArrayLike, days: ArrayLike, line_h: ArrayLike, weather: ArrayLike, drift_frac: float = DRIFT_FRAC) -> Known:
    """Return how well one meter is known from replications of the same year.

    Parameters
    ----------
    readings, line_h : array_like of shape (replications, 12)
        What the meter read, and hours at full rate of all lines, by month.
    days, weather : array_like of shape (12,)
        Days of the months, and the mean of what the weather asks for.
    drift_frac : float
        Standard deviation of a year's reading that is the meter's own [1].

    Returns
    -------
    Known
        By bills a saving must be k √(2 (s² + d²)), s from replications with ν of their number less 1; by regression
        k √(s_reg² + 2 d²), s_reg = 1.26 CV(RMSE) √((n+2)/(n m)) E with ν = n − p.
    """
    y, h = np.asarray(readings, dtype=float), np.asarray(line_h, dtype=float)
    d, w = np.asarray(days, dtype=float), np.asarray(weather, dtype=float)
    drivers: dict[str, list[Floats]] = {
        "mean": [np.empty((0, d.size)) for _ in y],
        "production": [np.array([one / d]) for one in h],
        "production and weather": [np.array([one / d, w]) for one in h],
    }
    fits = {name: [fitted(one / d, x) for one, x in zip(y, each, strict=True)] for name, each in drivers.items()}
    cvs = {name: math.fsum(fit.cv_frac for fit in each) / len(each) for name, each in fits.items()}
    model = min(cvs, key=lambda name: (round(cvs[name], 6), list(cvs).index(name)))
    sums: Floats = y.sum(axis=1)
    mean, sd, drift = float(sums.mean()), float(sums.std(ddof=1)), drift_frac * float(sums.mean())
    errors = []
    for k, fit in enumerate(fits[model]):
        after = (k + 1) % len(y)
        x = np.vstack([np.ones(d.size), *drivers[model][after]])
        errors.append(float(sums[after] - (fit.coefficients @ x) @ d))
    bias = math.sqrt(math.fsum(error**2 for error in errors) / len(errors))
    parameters = 1 + len(drivers[model][0])
    regression_sd = savings_sd_frac(cvs[model]) * mean
    return Known(
        mean,
        sd,
        model,
        cvs[model],
        bias / mean if mean else 0.0,
        detection_factor(len(y) - 1) * math.sqrt(2 * (sd**2 + drift**2)),
        detection_factor(MONTHS - parameters) * math.sqrt(regression_sd**2 + 2 * drift**2),
    )


def parameters_of(model: str) -> int:
    """Return how many parameters a regression has."""
    return {"mean": 1, "production": 2, "production and weather": 3}[model]


class Readings(NamedTuple):
    """Monthly readings of replications, by factory and carrier, and by factory, end use and carrier.

    Parameters
    ----------
    days : ndarray of shape (12,)
        Of the months [d].
    line_h : dict of str to ndarray of shape (replications, 12)
        By factory [h].
    meters, end_uses : dict of tuple of str to ndarray of shape (replications, 12)
        kWh, GJ, m3.
    """

    days: Floats
    line_h: dict[str, Floats]
    meters: dict[tuple[str, str], Floats]
    end_uses: dict[tuple[str, str, str], Floats]


def readings_of(units: Sequence[Mapping[str, Any]], what: str) -> Readings:
    """Gather what units of work read.

    Parameters
    ----------
    units : sequence of mapping
        What was stored of each replication.
    what : str
        Whose, for messages.

    Raises
    ------
    ResultsError
        If they were made before readings were kept, or are not of twelve months.
    """
    if any("readings" not in unit for unit in units):
        raise ResultsError(f"{what} has no monthly readings: an earlier version made it, so run it again")
    kept = [unit["readings"] for unit in units]
    if len(kept[0]["months"]) != MONTHS:
        raise ResultsError(f"{what} has {len(kept[0]['months'])} months: it must have {MONTHS}, from 1 January with hours=8760")
    factories = kept[0]["factories"]
    line_h = {name: np.array([one["factories"][name]["line_h"] for one in kept]) for name in factories}

    def gathered(name: str, *keys: str) -> Floats:
        rows = []
        for one in kept:
            found: Any = one["factories"][name]
            for key in keys:
                found = found.get(key, {})
            rows.append(found or [0.0] * MONTHS)
        return np.array(rows, dtype=float)

    meters = {(name, c): gathered(name, "meters", c) for name, one in factories.items() for c in one["meters"]}
    uses = {
        (name, use, c): gathered(name, "end_uses", use, c)
        for name, one in factories.items()
        for use, by in one["end_uses"].items()
        for c in by
    }
    return Readings(np.array([days for _, _, days in kept[0]["months"]], dtype=float), line_h, meters, uses)
