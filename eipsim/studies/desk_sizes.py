"""One draw of a catalogue, and the sizes nearest to it whose desk sums meet figures."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ..tabulation import DESK
from .catalogue_draw import Drawn, NoDrawError, Priors
from .nearest_sizes import nearest_sizes
from .targets import Target

Floats = NDArray[np.float64]


class DrawnSizes:
    """A draw whose desk figures are worked out as functions of its sizes, once for any number of reconciliations.

    Parameters
    ----------
    drawn : sequence of Drawn
        The rows.
    priors : Priors
        What they were drawn from.
    targets : sequence of Target
        The figures.
    furthest_sigma : float
        How far a size may be moved from its draw, in standard deviations.
    digits_count : int
        Significant digits of a size.
    halvings_count : int
        How often a step is halved where it can't be taken; see `nearest_sizes`. The catalogue of record was found without.
    """

    def __init__(
        self,
        drawn: Sequence[Drawn],
        priors: Priors,
        targets: Sequence[Target],
        *,
        furthest_sigma: float,
        digits_count: int,
        halvings_count: int = 0,
    ):
        self.drawn, self.priors, self.targets = tuple(drawn), priors, tuple(targets)
        self.furthest_sigma, self.digits_count, self.halvings_count = furthest_sigma, digits_count, halvings_count
        self.halved_count = 0
        self._logs = np.log([row.measure.size for row in drawn])
        self._sigma = np.array([row.option.size_sigma for row in drawn])
        self._upper = np.log([row.bound_size for row in drawn])
        self._curves = [self._curve(row) for row in drawn]

    def rows(self, worth: Mapping[Target, float], targets: Sequence[Target] | None = None) -> list[Drawn]:
        """Return the rows at the sizes nearest to the draw whose desk sums meet figures.

        Parameters
        ----------
        worth : mapping of Target to float
            What a desk unit is worth on the basis of a figure; 1 for those that are not named.
        targets : sequence of Target, optional
            Those that are to be met; all by default.

        Raises
        ------
        NoDrawError
            If a size would have to meet or pass its bound, or to leave its draw too far, or no sizes are found.
        """
        wanted = self.targets if targets is None else tuple(targets)
        columns = [self.targets.index(target) for target in wanted]
        counts = np.array([[target.counts(row.measure) for row in self.drawn] for target in wanted], dtype=float)

        def totals(x: Floats) -> tuple[Floats, Floats]:
            here, below = (
                np.array([curve(math.exp(v)) for curve, v in zip(self._curves, at, strict=True)]).T[columns]
                for at in (x, x - 1e-5)
            )
            return (counts * here).sum(axis=1), counts * (here - below) / 1e-5

        sums = np.array([target.published / worth.get(target, 1.0) for target in wanted])
        found = nearest_sizes(self._logs, self._sigma, self._upper, totals, wanted=sums)
        if found is None and self.halvings_count:
            found = nearest_sizes(self._logs, self._sigma, self._upper, totals, wanted=sums, halvings_count=self.halvings_count)
            self.halved_count += found is not None
        if found is None or np.any(found >= self._upper - 1e-9):
            raise NoDrawError("a size would have to pass its physical bound")
        if float((np.abs(found - self._logs) / self._sigma).max()) > self.furthest_sigma:
            raise NoDrawError(f"a size would have to move by more than {self.furthest_sigma:g} sigma")
        sizes = [float(f"{math.exp(x):.{self.digits_count}g}") for x in found]
        return [row.at(min(size, row.bound_size), self.priors) for row, size in zip(self.drawn, sizes, strict=True)]

    def moved(self, rows: Sequence[Drawn]) -> float:
        """Return Σ ((ln s − ln s_draw) / σ)²: of the order of the number of figures if the priors fit them."""
        logs = np.log([row.measure.size for row in rows])
        return float((((logs - self._logs) / self._sigma) ** 2).sum())

    def _curve(self, row: Drawn) -> Callable[[float], Floats]:
        """Return the desk figures of the targets as a function of size; those of most types are proportional to it."""
        measure, drawn_size = row.measure, row.measure.size
        fields = [DESK[target.kpi] for target in self.targets]

        def figures(size: float) -> Floats:
            other = measure.other_vnd_per_yr * size / drawn_size
            desk = dataclasses.replace(measure, size=size, other_vnd_per_yr=other).desk(self.priors.park, self.priors.prices)
            return np.array([getattr(desk, name) for name in fields])

        whole, half = figures(drawn_size), figures(drawn_size / 2)
        if np.allclose(whole, 2 * half, rtol=1e-9, atol=0.0):
            return lambda size: whole * (size / drawn_size)
        return figures
