"""What of a study still stands when some of its runs failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ResultsError
from .designs import FACTORIAL, LHS, MORRIS, SOBOL, TORNADO


def standing(
    study: str, lost: NDArray[np.bool_], count: int, failed: Sequence[Mapping[str, Any]] = ()
) -> tuple[list[int], list[int]]:
    """Return the points and the replications from which a study is concluded.

    Points share their seeds, so a replication that failed somewhere is left out everywhere. A point of which every replication
    failed is left out with its block: a trajectory of morris, a base sample of sobol, itself in lhs. Where that leaves no
    replication, every block with a failure is left out instead. What is left is no longer quite the design that was asked
    for: where failures go with the parameters, indices are those of the region that can be simulated.

    Parameters
    ----------
    study : str
        One of `designs.STUDIES`.
    lost : ndarray of bool of shape (points, replications)
        Where a run failed.
    count : int
        Parameters.
    failed : sequence of mapping
        Why, for the message: ``label`` and ``message``.

    Raises
    ------
    ResultsError
        If too little is left: no replication, or fewer blocks than the study needs; factorial and tornado need all points.
    """
    size = {MORRIS: count + 1, SOBOL: 2 * count + 2, LHS: 1, FACTORIAL: len(lost), TORNADO: len(lost)}[study]
    fewest = {MORRIS: 2, SOBOL: 4, LHS: count + 2, FACTORIAL: 1, TORNADO: 1}[study]
    for gone in ([all(row) for row in lost], [any(row) for row in lost]):
        blocks = [k for k in range(0, len(lost), size) if not any(gone[k : k + size])]
        points = [point for k in blocks for point in range(k, k + size)]
        replications = np.flatnonzero(~lost[points].any(axis=0)).tolist()
        if len(blocks) >= fewest and replications:
            return points, replications
    first = f", the first: {failed[0]['label']}: {failed[0]['message']}" if failed else ""
    raise ResultsError(
        f"{study}: {lost.sum()} of {lost.size} replications of points failed, and what stands is too little for its "
        f"indices{first}"
    )
