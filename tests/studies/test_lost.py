"""What stands of a study whose runs failed here and there."""

import numpy as np
import pytest

from eipsim.errors import ResultsError
from eipsim.studies.lost import standing


def lost(points, replications, *where):
    found = np.zeros((points, replications), dtype=bool)
    for point, replication in where:
        found[point, replication] = True
    return found


def test_where_nothing_failed_everything_stands():
    assert standing("lhs", lost(6, 2), 2) == ([0, 1, 2, 3, 4, 5], [0, 1])


def test_a_replication_that_failed_somewhere_is_left_out_everywhere():
    assert standing("tornado", lost(5, 3, (2, 1)), 2) == ([0, 1, 2, 3, 4], [0, 2])


@pytest.mark.parametrize(
    ("study", "points", "left"),
    [("morris", 9, [0, 1, 2, 6, 7, 8]), ("lhs", 6, [0, 1, 2, 3, 5]), ("sobol", 30, [*range(6, 30)])],
)
def test_a_point_that_always_failed_goes_with_its_block(study, points, left):
    assert standing(study, lost(points, 2, (4, 0), (4, 1)), 2) == (left, [0, 1])


def test_blocks_go_where_no_replication_stands_everywhere():
    assert standing("lhs", lost(6, 2, (0, 0), (5, 1)), 2) == ([1, 2, 3, 4], [0, 1])


@pytest.mark.parametrize(
    ("study", "points"),
    [("morris", 6), ("lhs", 4), ("sobol", 24), ("factorial", 9), ("tornado", 5)],
)
def test_too_few_points_give_no_indices(study, points):
    with pytest.raises(ResultsError, match=f"{study}: 1 of {points} replications of points failed, .*: point 0: no pump"):
        standing(study, lost(points, 1, (0, 0)), 2, [{"label": "point 0", "message": "no pump"}])
