"""How an ensemble of catalogues is drawn, and how its priors are moved."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..errors import ConfigError
from .catalogue_draw import Priors
from .targets import MixPrior


@dataclass(frozen=True)
class EnsembleSettings:
    """How an ensemble is drawn.

    Parameters
    ----------
    seed : int
        Of draws and of simulations; never that of another experiment.
    replications : int
        Of each simulated total, under common random numbers with the baseline.
    reconciled_count : int
        How many reconciled catalogues are wanted.
    draws_count : int
        How many draws are tried at most.
    tolerance_frac : float
        Greatest miss of a figure that is met through the simulator.
    digits_count : int
        Significant digits of a size.
    furthest_sigma : float
        How far a size may be moved from its draw, in standard deviations.
    halvings_count : int
        How often a step towards the figures is halved where no sizes within bounds take it.
    confidence_frac : float
        Share of the draws that an interval holds.
    worth : mapping of str to float
        What a desk unit is worth at the meters, by KPI, in the first step; a guess that saves a simulation and decides nothing
        beyond the tolerance.
    size_frac : mapping of str to float
        By option, what the median of its prior is multiplied by: how results move when priors move.
    left_out_draws : int
        Draws from which each figure is predicted while it is left out; 0 for none.
    left_out_simulated_count : int
        How many of these are also moved through the simulator, to see how far the prediction at the desk is off; 0 for none.
    reversed_basis : bool
        Read the figures of the 60 as a consultants' sum, and those of the 159 as realised.
    mix : MixPrior
        Draws whose mix is outside are rejected.

    Raises
    ------
    ConfigError
        If a number makes no sense.
    """

    seed: int = 1600
    replications: int = 1
    reconciled_count: int = 200
    draws_count: int = 1000
    tolerance_frac: float = 0.005
    digits_count: int = 5
    furthest_sigma: float = 3.0
    halvings_count: int = 8
    confidence_frac: float = 0.90
    worth: Mapping[str, float] = field(default_factory=dict)
    size_frac: Mapping[str, float] = field(default_factory=dict)
    left_out_draws: int = 200
    left_out_simulated_count: int = 0
    reversed_basis: bool = False
    mix: MixPrior = field(default_factory=MixPrior)

    def __post_init__(self) -> None:
        if min(self.replications, self.reconciled_count) < 1 or self.draws_count < self.reconciled_count:
            raise ConfigError(
                f"ensemble: replications = {self.replications} and reconciled_count = {self.reconciled_count} must be 1 or "
                f"more, draws_count = {self.draws_count} at least reconciled_count"
            )
        if not (0 < self.tolerance_frac < 0.1 and self.furthest_sigma > 0 and 0 < self.confidence_frac < 1):
            raise ConfigError(
                "ensemble: tolerance_frac must be above 0 and below 0.1, furthest_sigma above 0, confidence_frac from 0 to 1"
            )
        if not 3 <= self.digits_count <= 9 or not 0 <= self.halvings_count <= 20:
            raise ConfigError("ensemble: digits_count must be from 3 to 9, halvings_count from 0 to 20")
        if not 0 <= self.left_out_simulated_count <= self.left_out_draws:
            raise ConfigError(
                f"ensemble: left_out_draws = {self.left_out_draws} must be 0 or more, and left_out_simulated_count = "
                f"{self.left_out_simulated_count} from 0 to as many"
            )
        factors = {**self.worth, **self.size_frac}
        if bad := [f"{name} = {value:g}" for name, value in factors.items() if not 0 < value < 100]:
            raise ConfigError(f"ensemble: worth and size_frac must be above 0 and below 100: {', '.join(bad)}")


def priors_of(priors: Priors, settings: EnsembleSettings) -> Priors:
    """Return the priors with the medians that the settings multiply.

    Raises
    ------
    ConfigError
        If ``size_frac`` names an option that is not there.
    """
    names = [option.option for option in priors.options]
    if unknown := sorted(settings.size_frac.keys() - set(names)):
        raise ConfigError(f"ensemble: size_frac names no option {', '.join(unknown)}: there are {', '.join(names)}")
    options = [
        dataclasses.replace(option, size_median_frac=option.size_median_frac * settings.size_frac.get(option.option, 1.0))
        for option in priors.options
    ]
    return dataclasses.replace(priors, options=options)
