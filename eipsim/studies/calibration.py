"""Reconciles a drawn catalogue with the published figures, through the simulator; nothing outside the catalogue is scaled."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..claims import REALISED, PublishedClaim
from ..components import Factory
from ..context import Context
from ..errors import CatalogueError, ConfigError
from ..kpis import KPIS, evaluate, paired_savings
from ..kpis.comparison import Outcome
from ..measures import Measure
from ..measures.base import HOURS_PER_YEAR
from ..measures.catalogue import check_catalogue, to_rows
from ..park import Park
from ..readers.catalogue_table import catalogue_text
from ..scenario import Scenario, prepare
from ..tabulation import DESK
from .catalogue_draw import Drawn, NoDrawError, Priors, draw_catalogue
from .desk_sizes import DrawnSizes
from .targets import MixPrior, Reached, Target, mix_of, targets_of

Progress = Callable[[str], None]
_MOST_STEPS = 20


@dataclass(frozen=True)
class CalibrationSettings:
    """How a catalogue is reconciled.

    Parameters
    ----------
    seed : int
        Of draws and of simulations; never that of an experiment.
    replications : int
        Of each simulated total.
    tolerance_frac : float
        Greatest miss of a figure after sizes are rounded.
    digits_count : int
        Significant digits of a size.
    draws_count : int
        How many draws are tried at most.
    furthest_sigma : float
        How far a size may be moved from its draw, in standard deviations.
    reversed_basis : bool
        Read the figures of the 60 as a consultants' sum, and those of the 159 as realised.
    mix : MixPrior
        Draws whose mix is outside are rejected.

    Raises
    ------
    ConfigError
        If a number makes no sense.
    """

    seed: int = 159
    replications: int = 8
    tolerance_frac: float = 0.001
    digits_count: int = 5
    draws_count: int = 50
    furthest_sigma: float = 3.0
    reversed_basis: bool = False
    mix: MixPrior = field(default_factory=MixPrior)

    def __post_init__(self) -> None:
        if min(self.replications, self.draws_count) < 1 or not 3 <= self.digits_count <= 9:
            raise ConfigError("calibration: replications and draws_count must be 1 or more, digits_count from 3 to 9")
        if not (0 < self.tolerance_frac < 0.1 and self.furthest_sigma > 0):
            raise ConfigError("calibration: tolerance_frac must be above 0 and below 0.1, furthest_sigma above 0")


class SizeRow(NamedTuple):
    """Where a size came from; one row of ``sizes.csv``.

    Parameters
    ----------
    measure, option : str
        Id of the row, and the kind of measure that it was drawn as.
    drawn, size, bound : float
        Size as it was drawn, as it was reconciled, and the physical bound [unit of the type].
    moved_sigma : float
        How far it was moved in log size, in standard deviations of its prior.
    """

    measure: str
    option: str
    drawn: float
    size: float
    bound: float
    moved_sigma: float


@dataclass(frozen=True)
class Calibrated:
    """A reconciled catalogue.

    Parameters
    ----------
    measures : tuple of Measure
        The rows, at sizes of so many digits.
    text : str
        The rows as a table, with desk figures and costs.
    draw : int
        The draw that was taken, counted from 0.
    rejected : mapping of str to int
        How many draws before it were rejected, by reason.
    reached : tuple of Reached
        One for each figure.
    sizes : tuple of SizeRow
        One for each row.
    mix_frac : mapping of str to float
        Shares of the proposed rows' desk CO2.
    """

    measures: tuple[Measure, ...]
    text: str
    draw: int
    rejected: Mapping[str, int]
    reached: tuple[Reached, ...]
    sizes: tuple[SizeRow, ...]
    mix_frac: Mapping[str, float]


def calibrate(
    priors: Priors,
    context: Context,
    claims: Sequence[PublishedClaim],
    settings: CalibrationSettings = CalibrationSettings(),
    *,
    on_step: Progress | None = None,
) -> Calibrated:
    """Draw catalogues until one can be reconciled with the published figures.

    Each row's size is moved as little as possible from its draw (see `nearest_sizes`) so that desk sums meet the figures
    on the basis ``catalogue``, and the simulated savings those on the basis ``realised``: these are found by turns, a
    simulation telling what a desk sum is worth at the meters and new sizes following from that.

    Parameters
    ----------
    priors : Priors
        Park, kinds of measures, costs and prices.
    context : Context
        Of the simulations.
    claims : sequence of PublishedClaim
        Those with provenance ``calibrated`` are met.
    settings : CalibrationSettings
        Seeds and tolerances.
    on_step : callable, optional
        Told in words what has been done.

    Returns
    -------
    Calibrated
        From the first draw that was not rejected. Rejected are draws that would need a size at or beyond its physical
        bound or too far from its draw, that leave an option without a place, or whose mix is outside its prior.

    Raises
    ------
    CatalogueError
        If no draw can be reconciled, with the reasons counted.
    """
    tell = on_step or _silent
    reconciler = _Reconciler(priors, context, targets_of(claims, settings.reversed_basis), settings)
    rejected: Counter[str] = Counter()
    for draw in range(settings.draws_count):
        try:
            drawn = draw_catalogue(priors, settings.seed, draw)
            rows, reached = reconciler.reconcile(drawn, lambda text, draw=draw: tell(f"draw {draw}, {text}"))  # type: ignore[misc]
        except NoDrawError as error:
            rejected[str(error)] += 1
            tell(f"draw {draw} rejected: {error}")
            continue
        measures = tuple(row.measure for row in rows)
        check_catalogue(measures, priors.park)
        return Calibrated(
            measures,
            catalogue_text(to_rows(measures, priors.park, priors.prices)),
            draw,
            dict(rejected),
            reached,
            tuple(_size_row(row, before) for row, before in zip(rows, drawn, strict=True)),
            mix_of(measures, priors.park, priors.prices),
        )
    reasons = "; ".join(f"{count} × {reason}" for reason, count in rejected.most_common())
    raise CatalogueError(f"none of {settings.draws_count} draws can be reconciled: {reasons}")


def _silent(_: str) -> None:
    pass


def _size_row(row: Drawn, before: Drawn) -> SizeRow:
    size, drawn = row.measure.size, before.measure.size
    moved = math.log(size / drawn) / row.option.size_sigma
    return SizeRow(row.measure.id, row.option.option, drawn, size, row.bound_size, moved)


def assessed_part(park: Park, measures: Iterable[Measure] = ()) -> Park:
    """Return the park without the factories that are neither assessed nor have one of these measures.

    What the meters of the assessed factories show does not depend on the others while no feeder, water main or crew that
    both share is short; the reference park keeps crews apart and feeders wide, and a test holds it to that.
    """
    own = {measure.factory for measure in measures}
    kept = {name: c for name, c in park.components.items() if not isinstance(c, Factory) or c.assessed or name in own}
    return dataclasses.replace(park, components=kept)


class Meters:
    """Simulated savings at the meters of the assessed factories, under the calibration's own seeds.

    Parameters
    ----------
    park : Park
        Before any measure.
    context : Context
        Of the simulations.
    settings : CalibrationSettings
        Seed and replications.
    """

    def __init__(self, park: Park, context: Context, settings: CalibrationSettings):
        self.park, self.context, self.settings = assessed_part(park), context, settings
        self.baseline = self._outcomes("baseline", ())

    def _outcomes(self, name: str, measures: Sequence[Measure]) -> list[Outcome]:
        ready = prepare(Scenario(name, self.park, self.context, measures))
        runs = (ready.run(replication, self.settings.seed) for replication in range(self.settings.replications))
        return [evaluate(run, ready.park, self.context) for run in runs]

    def savings(self, name: str, measures: Sequence[Measure]) -> dict[str, float]:
        """Return the mean saving at equal production of each KPI that has a desk figure [unit of the KPI]."""
        outcomes = self._outcomes(name, measures)
        return {kpi: float(paired_savings(KPIS[kpi], self.baseline, outcomes)[0].mean()) for kpi in DESK}


class _Reconciler:
    """Moves the sizes of one draw after another to the same figures."""

    def __init__(self, priors: Priors, context: Context, targets: Sequence[Target], settings: CalibrationSettings):
        self.priors, self.context, self.targets, self.settings = priors, context, targets, settings
        self.realised = [target for target in targets if target.basis == REALISED]
        self.meters: Meters | None = None

    def reconcile(self, drawn: Sequence[Drawn], tell: Progress) -> tuple[list[Drawn], tuple[Reached, ...]]:
        """Return the rows at sizes that meet all figures, and how well they do.

        Raises
        ------
        NoDrawError
            If that can't be done, or the mix that results is outside its prior.
        """
        park, prices = self.priors.park, self.priors.prices
        worth = dict.fromkeys(self.realised, self.context.horizon.hours / HOURS_PER_YEAR)
        sizes = DrawnSizes(
            drawn, self.priors, self.targets,
            furthest_sigma=self.settings.furthest_sigma, digits_count=self.settings.digits_count,
        )  # fmt: skip
        for step in range(_MOST_STEPS):
            rows = sizes.rows(worth)
            measures = [row.measure for row in rows]
            if objection := self.settings.mix.objection(mix_of(measures, park, prices)):
                raise NoDrawError(objection)
            simulated = self._simulated(measures)
            reached = []
            for target in self.targets:
                desk = target.desk_sum(measures, park, prices)
                shown = simulated.get(target.scenario, {}).get(target.kpi, math.nan)
                reached.append(Reached.of(target, desk, shown))
                if target in worth:
                    worth[target] = shown / desk
            worst = max(abs(one.difference_frac) for one in reached)
            tell(f"step {step}: greatest difference {worst:.3%}")
            if worst <= 0.5 * self.settings.tolerance_frac:
                return rows, tuple(reached)
        raise NoDrawError("desk sums and simulation did not settle")

    def _simulated(self, measures: Sequence[Measure]) -> dict[str, dict[str, float]]:
        """Return the savings of each scenario that a figure with the basis ``realised`` belongs to."""
        if self.realised and self.meters is None:
            self.meters = Meters(self.priors.park, self.context, self.settings)
        members = {target.scenario: [m for m in measures if target.counts(m)] for target in self.realised}
        return {name: self.meters.savings(name, own) for name, own in sorted(members.items()) if self.meters}
