"""Draws many catalogues that all meet the published figures, and tells what they leave open: ignorance, not chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..claims import REALISED, PublishedClaim
from ..context import Context
from ..engines import Compute
from ..errors import CatalogueError
from ..kpis import KPIS, Outcome, paired_savings
from ..measures import Measure
from ..measures.base import HOURS_PER_YEAR
from ..measures.catalogue import check_catalogue
from ..replication import Unit, units_of
from ..scenario import Scenario
from ..work import Progress, do_all
from .calibration import assessed_part
from .catalogue_draw import Drawn, NoDrawError, Priors, draw_catalogue
from .desk_sizes import DrawnSizes
from .ensemble_settings import EnsembleSettings, priors_of
from .ensemble_values import METERED, values_of
from .targets import STATUSES, MixPrior, Reached, Target, mix_of, targets_of

MOST_STEPS = 8
"""Simulations after which the sizes of a draw must have settled."""

BASELINE = "baseline"

Of = tuple[int, str]
"""A draw and a scenario of it."""


class DrawRow(NamedTuple):
    """One reconciled draw; one row of ``draws.csv``.

    Parameters
    ----------
    draw : int
        Counted from 0.
    steps : int
        How often its sizes were found and simulated.
    missed_frac : float
        Greatest miss of a figure.
    moved : float
        Σ ((ln s − ln s_draw)/σ)²; of the order of the number of figures if the priors fit them.
    halved_count : int
        How often its sizes were found by halved steps alone; without them it would have been rejected.
    """

    draw: int
    steps: int
    missed_frac: float
    moved: float
    halved_count: int


class ValueRow(NamedTuple):
    """What one draw says about one quantity; one row of ``values.csv``."""

    draw: int
    group: str
    quantity: str
    unit: str
    value: float


class ReachedRow(NamedTuple):
    """How well one draw meets one figure, and what a desk unit of it is worth; one row of ``reached.csv``."""

    draw: int
    claim: str
    basis: str
    published: float
    desk: float
    realised: float
    difference_frac: float


@dataclass(frozen=True)
class Ensemble:
    """Reconciled draws.

    Parameters
    ----------
    settings : EnsembleSettings
        What was asked.
    draws : tuple of DrawRow
        Those that were reconciled, in their order.
    values : tuple of ValueRow
        What they say.
    reached : tuple of ReachedRow
        How well they meet the figures.
    rejected : mapping of str to int
        Draws that were not, by reason.
    tried : int
        How many draws were looked at.
    """

    settings: EnsembleSettings
    draws: tuple[DrawRow, ...]
    values: tuple[ValueRow, ...]
    reached: tuple[ReachedRow, ...]
    rejected: Mapping[str, int]
    tried: int

    def worth(self) -> dict[str, float]:
        """Return what a desk unit of each realised figure is worth at the meters: the median over draws."""
        known: dict[str, list[float]] = {}
        for row in self.reached:
            if row.basis == REALISED:
                known.setdefault(row.claim, []).append(row.realised / row.desk)
        return {claim: float(np.median(ratios)) for claim, ratios in known.items()}


class UnderWay:
    """One draw on its way to the figures.

    Parameters
    ----------
    number : int
        Which draw.
    sizes : DrawnSizes
        Its sizes as they were drawn, and all figures.
    worth : mapping of Target to float
        What a desk unit of each realised figure is worth at the meters, to begin with.
    mix : MixPrior
        What its mix may be.
    wanted : sequence of Target, optional
        The figures that it is to meet; all by default.

    Raises
    ------
    NoDrawError
        If no sizes meet the figures, or their mix is outside its prior.
    """

    def __init__(
        self,
        number: int,
        sizes: DrawnSizes,
        worth: Mapping[Target, float],
        mix: MixPrior,
        wanted: Sequence[Target] | None = None,
    ):
        self.number, self.sizes, self.worth, self.mix = number, sizes, dict(worth), mix
        self.wanted = tuple(sizes.targets if wanted is None else wanted)
        self.steps = 0
        self.rows: list[Drawn] = []
        self.reached: tuple[Reached, ...] = ()
        self.saved: dict[str, dict[str, float]] = {}
        self.move()

    def move(self) -> None:
        """Find sizes anew.

        Raises
        ------
        NoDrawError
            If there are none, or their mix is outside its prior.
        """
        self.rows = self.sizes.rows(self.worth, self.wanted)
        priors = self.sizes.priors
        if objection := self.mix.objection(mix_of(self.measures, priors.park, priors.prices)):
            raise NoDrawError(objection)
        self.steps += 1

    @property
    def measures(self) -> list[Measure]:
        """All rows at the sizes found last."""
        return [row.measure for row in self.rows]

    def of(self, scenario: str) -> list[Measure]:
        """Return the measures of a scenario."""
        return [measure for measure in self.measures if measure.status in STATUSES[scenario]]

    def look(self) -> float:
        """Compare with the figures what has been simulated; return the greatest miss of those that are to be met."""
        priors, reached = self.sizes.priors, []
        for target in self.sizes.targets:
            desk = target.desk_sum(self.measures, priors.park, priors.prices)
            shown = self.saved.get(target.scenario, {}).get(target.kpi, float("nan"))
            reached.append(Reached.of(target, desk, shown))
            if target in self.worth:
                self.worth[target] = shown / desk
        self.reached = tuple(reached)
        claims = {target.claim for target in self.wanted}
        return max(abs(one.difference_frac) for one in reached if one.claim in claims)


class DrawRuns:
    """Simulates scenarios of draws on the assessed part of the park, through the store; parameters as in `run_ensemble`."""

    def __init__(self, priors: Priors, context: Context, settings: EnsembleSettings, folder: Path, compute: Compute | int):
        self.park, self.context, self.settings = assessed_part(priors.park), context, settings
        self.folder, self.compute = folder, compute
        self.known: dict[int, Any] = {}
        self.baseline: list[Outcome] = []

    def units(self, label: str, measures: Sequence[Measure]) -> list[Unit]:
        """Return the units of work of a set of measures."""
        scenario = Scenario(label, self.park, self.context, tuple(measures))
        replications = range(self.settings.replications)
        return units_of(label, scenario, replications, None, seed=self.settings.seed, known=self.known)

    def simulate(
        self, wanted: Mapping[tuple[int, str], Sequence[Any]], on_done: Progress
    ) -> dict[tuple[int, str], dict[str, float]]:
        """Return the savings of each scenario of each draw, by KPI."""
        if not self.baseline:
            own = self.units(BASELINE, ())
            found = do_all(own, self.folder, self.compute, on_done)
            self.baseline = [Outcome.from_plain(found[unit.key]["outcome"]) for unit in own]
        units = {key: self.units(f"draw {key[0]}, {key[1]}", measures) for key, measures in wanted.items()}
        found = do_all([unit for own in units.values() for unit in own], self.folder, self.compute, on_done)
        return {key: self._savings([found[unit.key]["outcome"] for unit in own]) for key, own in units.items()}

    def _savings(self, plain: Sequence[Any]) -> dict[str, float]:
        outcomes = [Outcome.from_plain(one) for one in plain]
        return {kpi: float(paired_savings(KPIS[kpi], self.baseline, outcomes)[0].mean()) for kpi in METERED}


def run_ensemble(
    settings: EnsembleSettings,
    priors: Priors,
    context: Context,
    claims: Sequence[PublishedClaim],
    *,
    folder: Path,
    compute: Compute | int,
    on_done: Progress,
) -> Ensemble:
    """Draw catalogues until so many of them meet the published figures through the simulator.

    A draw that no sizes within bounds, sigma and mix can reconcile is rejected at the desk and costs no simulation. The others
    are simulated with what is implemented, their sizes are found anew with what a desk unit turned out to be worth, and so on
    until every figure is met within the tolerance; then whatever scenario is left is simulated once. Each simulation is a unit
    of work that is stored as soon as it is done: an interrupted ensemble goes on from there. Which draws are taken does not
    depend on how many are on their way at the same time.

    Parameters
    ----------
    settings : EnsembleSettings
        How many, seeds and tolerances.
    priors : Priors
        Park, kinds of measures, costs and prices.
    context : Context
        Of the simulations.
    claims : sequence of PublishedClaim
        Those with provenance ``calibrated`` are met.
    folder : Path
        The folder of all results.
    compute : Compute or int
        Where; a number is that of processes of this computer.
    on_done : callable
        Told (draws reconciled, draws wanted, what was done last).

    Raises
    ------
    CatalogueError
        If not a single draw can be reconciled, with the reasons counted.
    ResultsError
        If a run fails.
    """
    compute = Compute(workers=compute) if isinstance(compute, int) else compute
    priors = priors_of(priors, settings)
    targets = targets_of(claims, settings.reversed_basis)
    runs = DrawRuns(priors, context, settings, folder, compute)
    realised = [target for target in targets if target.basis == REALISED]
    share = context.horizon.hours / HOURS_PER_YEAR
    worth = {target: settings.worth.get(target.kpi, 1.0) * share for target in realised}
    rejected: Counter[str] = Counter()
    done: list[UnderWay] = []
    tried = 0

    def told(_: int, __: int, label: str) -> None:
        on_done(len(done), settings.reconciled_count, label)

    while len(done) < settings.reconciled_count and tried < settings.draws_count:
        at_once = min(compute.workers_here, settings.reconciled_count - len(done))
        under_way: list[UnderWay] = []
        while len(under_way) < at_once and tried < settings.draws_count:
            try:
                sizes = DrawnSizes(
                    draw_catalogue(priors, settings.seed, tried), priors, targets,
                    furthest_sigma=settings.furthest_sigma, digits_count=settings.digits_count,
                    halvings_count=settings.halvings_count,
                )  # fmt: skip
                under_way.append(UnderWay(tried, sizes, worth, settings.mix))
            except NoDrawError as error:
                rejected[str(error)] += 1
            tried += 1
        settled = settle(under_way, runs, {target.scenario for target in realised}, rejected, told)
        rest = {(one.number, name): one.of(name) for one in settled for name in STATUSES if name not in one.saved}
        for (number, name), saved in (runs.simulate(rest, told) if rest else {}).items():
            next(one for one in settled if one.number == number).saved[name] = saved
        for one in settled:
            check_catalogue(one.measures, priors.park)
        done += settled
        on_done(len(done), settings.reconciled_count, f"{tried} draws tried")
    if not done:
        reasons = "; ".join(f"{count} × {reason}" for reason, count in rejected.most_common())
        raise CatalogueError(f"none of {tried} draws can be reconciled: {reasons}")
    return _gathered(settings, priors, done, rejected, tried)


def settle(
    under_way: list[UnderWay], runs: DrawRuns, scenarios: set[str], rejected: Counter[str], told: Progress
) -> list[UnderWay]:
    """Simulate and move draws until they meet the figures; return those that do, in their order.

    Parameters
    ----------
    under_way : list of UnderWay
        The draws.
    runs : DrawRuns
        Simulates them.
    scenarios : set of str
        What the realised figures belong to.
    rejected : Counter
        Counts why others do not; is added to.
    told : callable
        As in `work.do_all`.
    """
    settled: list[UnderWay] = []
    for _ in range(MOST_STEPS):
        wanted = {(one.number, name): one.of(name) for one in under_way for name in sorted(scenarios)}
        found = runs.simulate(wanted, told) if wanted else {}
        again = []
        for one in under_way:
            one.saved = {name: found[one.number, name] for name in scenarios}
            if one.look() <= runs.settings.tolerance_frac:
                settled.append(one)
                continue
            try:
                one.move()
                again.append(one)
            except NoDrawError as error:
                rejected[str(error)] += 1
        under_way = again
        if not under_way:
            break
    rejected["desk sums and simulation did not settle"] += len(under_way)
    return sorted(settled, key=lambda one: one.number)


def _gathered(
    settings: EnsembleSettings, priors: Priors, done: Sequence[UnderWay], rejected: Counter[str], tried: int
) -> Ensemble:
    draws, values, reached = [], [], []
    for one in done:
        missed = max(abs(row.difference_frac) for row in one.reached)
        draws.append(DrawRow(one.number, one.steps, missed, one.sizes.moved(one.rows), one.sizes.halved_count))
        values += [ValueRow(one.number, *value) for value in values_of(one.measures, one.saved, priors)]
        reached += [
            ReachedRow(one.number, r.claim, r.basis, r.published, r.desk, r.realised, r.difference_frac) for r in one.reached
        ]
    counted = {reason: count for reason, count in rejected.most_common() if count}
    return Ensemble(settings, tuple(draws), tuple(values), tuple(reached), counted, tried)
