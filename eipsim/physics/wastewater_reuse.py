"""Treating water further: membranes with recovery and reject, salt in loops, precipitation of phosphorus, sludge to haul."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Separation(NamedTuple):
    """Shares of a feed that a membrane stage sends each way.

    Parameters
    ----------
    permeate_frac : float
        Water that becomes product, 0-1.
    rejected_frac : tuple of float
        Of each load the share that goes to the reject, 0-1.
    """

    permeate_frac: float
    rejected_frac: tuple[float, ...]


def rejected_load_frac(recovery_frac: ArrayLike, rejection_frac: ArrayLike) -> NDArray[np.float64]:
    """Return the share of a load that leaves with the reject of a membrane stage.

    Parameters
    ----------
    recovery_frac : array_like
        Permeate over feed, 0 to below 1: 0.9-0.95 ultrafiltration, 0.65-0.8 reverse osmosis.
    rejection_frac : array_like
        1 − concentration in the permeate over the mean of feed and reject, 0-1: 0.97-0.99 salts in reverse osmosis.

    Notes
    -----
    Along the membrane dM = (1 − rejection) C dQ, so M_reject / M_feed = (1 − recovery)^(1 − rejection). At full rejection all
    of the load leaves with the reject; at none, its share is that of the water.

    References
    ----------
    Baker, Membrane Technology and Applications, 3rd edition, chapter 4 (module with plug flow on the feed side).

    Examples
    --------
    >>> [round(float(rejected_load_frac(0.75, r)), 4) for r in (0.0, 0.98, 1.0)]
    [0.25, 0.9727, 1.0]
    """
    recovery, rejection = np.asarray(recovery_frac, dtype=float), np.asarray(rejection_frac, dtype=float)
    return np.asarray((1 - recovery) ** (1 - rejection))


def in_series(first: Separation, second: Separation) -> Separation:
    """Return two stages as one: the second treats the permeate of the first, and both rejects leave together.

    Examples
    --------
    >>> joined = in_series(Separation(0.9, (0.1,)), Separation(0.75, (0.97,)))
    >>> round(joined.permeate_frac, 3), round(joined.rejected_frac[0], 3)
    (0.675, 0.973)
    """
    rejected = tuple(a + (1 - a) * b for a, b in zip(first.rejected_frac, second.rejected_frac, strict=True))
    return Separation(first.permeate_frac * second.permeate_frac, rejected)


def loop_salts_g_per_m3(
    added_kg_per_h: ArrayLike, intake_g_per_m3: ArrayLike, intake_m3_per_h: ArrayLike, outlet_m3_per_h: ArrayLike
) -> NDArray[np.float64]:
    """Return the dissolved solids in what leaves a water loop at rest: all that comes in leaves by the sewer.

    Parameters
    ----------
    added_kg_per_h : array_like
        Salts that the process adds [kg/h].
    intake_g_per_m3 : array_like
        Dissolved solids of the fresh water [g/m3].
    intake_m3_per_h, outlet_m3_per_h : array_like
        Fresh water, and wastewater that leaves [m3/h]; what evaporates leaves its salts behind.

    Examples
    --------
    >>> float(loop_salts_g_per_m3(10.0, 200.0, 20.0, 14.0))
    1000.0
    """
    added, intake = np.asarray(added_kg_per_h, dtype=float) * 1000, np.asarray(intake_g_per_m3) * np.asarray(intake_m3_per_h)
    return np.asarray((added + intake) / np.asarray(outlet_m3_per_h, dtype=float))


def largest_reuse_frac(
    added_kg_per_h: float, intake_g_per_m3: float, wet_m3_per_h: float, return_frac: float, salt_limit_g_per_m3: float
) -> float:
    """Return the share of process wastewater that a loop may bring back before salts pass a limit.

    Parameters
    ----------
    added_kg_per_h : float
        Salts that the process adds [kg/h].
    intake_g_per_m3 : float
        Dissolved solids of the fresh water [g/m3].
    wet_m3_per_h : float
        Water that the process needs, fresh and returned [m3/h].
    return_frac : float
        Share of it that becomes wastewater, 0-1.
    salt_limit_g_per_m3 : float
        The most dissolved solids in what leaves [g/m3].

    Returns
    -------
    float
        0-1; 0 if the limit is passed without any loop.

    Notes
    -----
    With reuse r the outlet W w (1 − r) carries what was added and what the intake W (1 − w r) brings; solved for r.

    Examples
    --------
    >>> round(largest_reuse_frac(10.0, 200.0, 20.0, 0.7, 2000.0), 4)
    0.5556
    """
    waste = wet_m3_per_h * return_frac
    if waste <= 0 or salt_limit_g_per_m3 <= intake_g_per_m3:
        return 0.0
    brought = added_kg_per_h * 1000 + intake_g_per_m3 * wet_m3_per_h
    reuse = (salt_limit_g_per_m3 * waste - brought) / (waste * (salt_limit_g_per_m3 - intake_g_per_m3))
    return min(max(reuse, 0.0), 1.0)


def precipitated_frac(metal_per_p_ratio: ArrayLike) -> NDArray[np.float64]:
    """Return the share of dissolved phosphorus that iron or aluminium takes out.

    Parameters
    ----------
    metal_per_p_ratio : array_like
        Metal dosed over dissolved phosphorus present [mol/mol]; 0-3.

    Notes
    -----
    A straight line to 0.95 at 2 mol/mol, flat beyond: at a molar ratio of 1.5-2 effluents of 0.5-1 g/m3 are reached from 5-8.
    No better than 10 points; pH and alkalinity are left out.

    References
    ----------
    Metcalf & Eddy, 4th edition, section 6-4, table 6-4 (alum: 1.38 mol/mol removes 75 %, 1.72 85 %, 2.3 95 %).

    Examples
    --------
    >>> precipitated_frac([0.0, 1.0, 4.0]).tolist()
    [0.0, 0.475, 0.95]
    """
    return np.asarray(np.minimum(np.multiply(metal_per_p_ratio, 0.475), 0.95))


def hauled_t(dry_solids_kg: ArrayLike, dry_frac: ArrayLike) -> NDArray[np.float64]:
    """Return the wet sludge that leaves after dewatering.

    Parameters
    ----------
    dry_solids_kg : array_like
        Dry solids [kg].
    dry_frac : array_like
        Dry matter of the cake: 0.18-0.25 after belt press or centrifuge.

    Examples
    --------
    >>> float(hauled_t(1000.0, 0.2))
    5.0
    """
    return np.asarray(np.asarray(dry_solids_kg, dtype=float) / np.asarray(dry_frac, dtype=float) / 1000)
