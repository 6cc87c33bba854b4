"""What a catalogue must meet: published figures on their basis, and a prior for what its carbon comes from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..claims import CATALOGUE, REALISED, SIMULATED, PublishedClaim
from ..measures import DeskPrices, Measure
from ..park import Park
from ..tabulation import DESK

STATUSES = {"implemented_60": ("implemented",), "all_159": ("implemented", "proposed")}
"""The rows that a scenario of the claims consists of."""


class Target(NamedTuple):
    """A published figure that the catalogue must meet.

    Parameters
    ----------
    claim : str
        Its name.
    scenario, kpi : str
        Where it is read: a key of `STATUSES`, and the name of a KPI.
    published : float
        The figure [unit of the KPI].
    basis : str
        ``realised``: the simulated saving meets it. ``catalogue``: the sum of desk figures does.
    """

    claim: str
    scenario: str
    kpi: str
    published: float
    basis: str

    def counts(self, measure: Measure) -> bool:
        """Say whether a row belongs to the figure."""
        return measure.status in STATUSES[self.scenario]

    def desk_sum(self, measures: Iterable[Measure], park: Park, prices: DeskPrices) -> float:
        """Return the sum of the desk figures of the rows that belong to it [unit of the KPI]."""
        return math.fsum(getattr(m.desk(park, prices), DESK[self.kpi]) for m in measures if self.counts(m))


class Reached(NamedTuple):
    """A target and what a catalogue makes of it; one row of ``reached.csv``.

    Parameters
    ----------
    claim, scenario, kpi, basis, published
        As in `Target`.
    desk : float
        Sum of desk figures [unit of the KPI].
    realised : float
        Simulated saving; nan if it was not simulated [unit of the KPI].
    difference_frac : float
        Value on the target's basis over the published one, less 1.
    """

    claim: str
    scenario: str
    kpi: str
    basis: str
    published: float
    desk: float
    realised: float
    difference_frac: float

    @classmethod
    def of(cls, target: Target, desk: float, realised: float) -> Reached:
        """Return the row of a target."""
        value = realised if target.basis == REALISED else desk
        own = (target.claim, target.scenario, target.kpi, target.basis, target.published)
        return cls(*own, desk, realised, value / target.published - 1.0)


def targets_of(claims: Sequence[PublishedClaim], reversed_basis: bool = False) -> tuple[Target, ...]:
    """Return the figures whose provenance is ``calibrated``, in units of their KPI.

    Parameters
    ----------
    claims : sequence of PublishedClaim
        All published figures.
    reversed_basis : bool
        Read the figures of the 60 as a consultants' sum, and those of the 159 as realised.
    """
    swapped = {REALISED: CATALOGUE, CATALOGUE: REALISED}
    found = []
    for claim in claims:
        if claim.provenance == "calibrated" and claim.claim in SIMULATED:
            where = SIMULATED[claim.claim]
            basis = swapped[claim.basis] if reversed_basis else claim.basis
            found.append(Target(claim.claim, where.scenario, where.kpi, claim.published / where.factor, basis))
    return tuple(found)


@dataclass(frozen=True)
class MixPrior:
    """What part of the proposed rows' carbon may come from where; written down before any catalogue was drawn.

    Parameters
    ----------
    electricity_frac, fuel_switch_frac, other_frac : tuple of (float, float)
        Least and most of their desk CO2 that saved electricity and solar power, switched fuels, and all else may carry.
    """

    electricity_frac: tuple[float, float] = (0.30, 0.90)
    fuel_switch_frac: tuple[float, float] = (0.05, 0.40)
    other_frac: tuple[float, float] = (0.0, 0.30)

    def objection(self, mix: Mapping[str, float]) -> str:
        """Return why a mix is outside, empty if it is not."""
        for name, share in mix.items():
            least, most = getattr(self, f"{name}_frac")
            if not least <= share <= most:
                return f"mix outside its prior: {name}"
        return ""


def mix_of(measures: Iterable[Measure], park: Park, prices: DeskPrices) -> dict[str, float]:
    """Return the shares of electricity, fuel switch and all else in the desk CO2 of the proposed rows."""
    parts = dict.fromkeys(("electricity", "fuel_switch", "other"), 0.0)
    for measure in measures:
        if measure.status == "proposed":
            desk = measure.desk(park, prices)
            if measure.kind == "fuel_switch":
                parts["fuel_switch"] += desk.co2_t
            else:
                electric_t = desk.kwh / 1000 * prices.grid_tco2_per_mwh
                parts["electricity"] += electric_t
                parts["other"] += desk.co2_t - electric_t
    total = math.fsum(parts.values())
    return {name: part / total for name, part in parts.items()}
