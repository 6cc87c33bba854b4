"""Lives that nothing in a run can change are lived before its clock starts; the run then only acts out what they did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .component import Component
from .crew import Crew
from .traces import Floats

Ints = NDArray[np.int64]


class Foretold(NamedTuple):
    """Changes of activities to come.

    Parameters
    ----------
    hours : ndarray of shape (changes,)
        When [h].
    activities : ndarray of shape (changes,)
        Which, numbered within the component.
    values : ndarray of shape (changes,)
        To what.
    """

    hours: Floats
    activities: Ints
    values: Floats


def changed(activity: int, hours: Floats, values: Floats, first: float) -> Foretold:
    """Return when one activity differs from what it was before.

    Parameters
    ----------
    activity : int
        Its number within the component.
    hours, values : ndarray of shape (n,)
        What it is from which hour on [h].
    first : float
        What it is before.
    """
    moved = values != np.append(first, values[:-1])[: len(values)]
    return Foretold(hours[moved], np.full(int(moved.sum()), activity), values[moved])


def foreseen(components: Mapping[str, Component]) -> set[str]:
    """Return the names of components whose lives depend on nothing but time, chance and each other.

    These are foreseeable ones that share a crew only with others of their kind. Orders hide what they do, and change nothing.
    """
    found = {name for name, component in components.items() if component.foreseeable}
    crews = {name for name, component in components.items() if isinstance(component, Crew)}
    served = {
        name: crews.intersection(value for value in vars(component).values() if isinstance(value, str))
        for name, component in components.items()
        if not isinstance(component, Crew)
    }
    while busy := set[str]().union(*(names for name, names in served.items() if name not in found)) & set[str]().union(
        *(served[name] for name in found)
    ):
        found -= {name for name in found if served[name] & busy}
    return found


class Agenda:
    """What was foreseen, by the hour.

    Parameters
    ----------
    foretold : sequence of Foretold
        Of each component.
    first_cells : sequence of int
        Where the activities of each stand among those of the park.

    Attributes
    ----------
    hours : ndarray of shape (instants,)
        When something changes [h].
    starts : ndarray of shape (instants + 1,)
        Where the changes of each instant start among ``cells`` and ``values``.
    shown : ndarray of shape (changes,)
        Whether each comes as it was foreseen; an order hides it if not.
    """

    def __init__(self, foretold: Sequence[Foretold], first_cells: Sequence[int]):
        hours = np.concatenate([np.zeros(0), *(one.hours for one in foretold)])
        cells = np.concatenate(
            [np.zeros(0, np.int64), *(first + one.activities for first, one in zip(first_cells, foretold, strict=True))]
        )
        values = np.concatenate([np.zeros(0), *(one.values for one in foretold)])
        order = np.argsort(hours, kind="stable")
        hours, self.cells, self.values = hours[order], cells[order], values[order]
        first = np.flatnonzero(np.append(True, hours[1:] != hours[:-1])[: len(hours)])
        self.hours, self.starts = hours[first], np.append(first, len(hours))
        self.shown = np.ones(len(hours), bool)
