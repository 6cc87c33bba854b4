"""Moves some draws to all figures but one through the simulator, to see how far predictions at the desk are off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..claims import REALISED, SIMULATED, PublishedClaim
from ..context import Context
from ..engines import Compute
from ..measures.base import HOURS_PER_YEAR
from ..work import Progress
from .catalogue_draw import Priors, draw_catalogue
from .desk_sizes import DrawnSizes
from .ensemble import DrawRuns, Ensemble, UnderWay, settle
from .ensemble_settings import priors_of
from .left_out import LeftOut
from .targets import Target, targets_of


class CheckRow(NamedTuple):
    """What one draw predicts for a figure that is left out, at the desk and simulated; one row of ``left_out_check.csv``.

    Parameters
    ----------
    claim : str
        The figure that is left out.
    draw : int
        Which draw.
    steps : int
        How often its sizes were found and simulated until the other figures were met.
    desk, simulated : float
        The prediction [unit of the claim].
    difference_frac : float
        Simulated over desk, less 1.
    """

    claim: str
    draw: int
    steps: int
    desk: float
    simulated: float
    difference_frac: float


class CheckSpread(NamedTuple):
    """How far predictions of one figure at the desk are off: draws compared, median and greatest difference [1]."""

    claim: str
    draws: int
    median_frac: float
    greatest_frac: float


def check_left_out(
    ensemble: Ensemble,
    left_out: LeftOut,
    priors: Priors,
    context: Context,
    claims: Sequence[PublishedClaim],
    *,
    folder: Path,
    compute: Compute,
    on_done: Progress,
) -> list[CheckRow]:
    """Simulate some of the predictions of figures that are left out.

    A draw starts from the sizes of its prediction at the desk and is moved on until the simulator says that it meets all
    figures but the one that is left out; then that one is read off. Each simulation is stored as soon as it is done.

    Parameters
    ----------
    ensemble : Ensemble
        Says how many draws are simulated, and what a desk unit is worth in the median.
    left_out : LeftOut
        The predictions at the desk; the first draws of each figure are simulated.
    priors, context, claims, folder, compute, on_done
        As in `ensemble.run_ensemble`.

    Returns
    -------
    list of CheckRow
        Without the draws that the simulator does not let settle.

    Raises
    ------
    ResultsError
        If a run fails.
    """
    settings = ensemble.settings
    priors, targets, known = priors_of(priors, settings), targets_of(claims, settings.reversed_basis), ensemble.worth()
    realised = [target for target in targets if target.basis == REALISED]
    worth = {target: known.get(target.claim, context.horizon.hours / HOURS_PER_YEAR) for target in realised}
    runs = DrawRuns(priors, context, settings, folder, compute)
    rows: list[CheckRow] = []
    for target in targets:
        desk = {one.draw: one.value for one in left_out.predictions if one.claim == target.claim}
        under_way: list[UnderWay] = []
        for draw in sorted(desk)[: settings.left_out_simulated_count]:
            drawn = draw_catalogue(priors, settings.seed, draw)
            sizes = DrawnSizes(
                drawn, priors, targets,
                furthest_sigma=settings.furthest_sigma, digits_count=settings.digits_count,
                halvings_count=settings.halvings_count,
            )  # fmt: skip
            others = [other for other in targets if other != target]
            under_way.append(UnderWay(draw, sizes, worth, settings.mix, others))
        if not under_way:
            continue
        for one in settle(under_way, runs, {other.scenario for other in realised}, Counter(), on_done):
            value = _value(one, target) * SIMULATED[target.claim].factor
            rows.append(CheckRow(target.claim, one.number, one.steps, desk[one.number], value, value / desk[one.number] - 1.0))
    return rows


def _value(one: UnderWay, target: Target) -> float:
    reached = next(reached for reached in one.reached if reached.claim == target.claim)
    return reached.realised if target.basis == REALISED else reached.desk


def check_spread(rows: Sequence[CheckRow]) -> list[CheckSpread]:
    """Return how far predictions at the desk are off, figure by figure."""
    found = []
    for claim in dict.fromkeys(row.claim for row in rows):
        off = np.abs([row.difference_frac for row in rows if row.claim == claim])
        found.append(CheckSpread(claim, len(off), float(np.median(off)), float(off.max())))
    return found
