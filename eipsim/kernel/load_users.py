"""Users whose water has loads: what a cubic metre of theirs brings, and where what they drink comes back."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..carriers import LOADS
from .load_book import NOTHING
from .network import Place
from .passer import Source
from .ports import OUTLET, Port
from .traces import Floats

if TYPE_CHECKING:
    from .ledger import Ledger


class Users(NamedTuple):
    """Users on loaded buses, in groups that let in at one place, or that drink at one and let out at another.

    Parameters
    ----------
    columns : ndarray of shape (columns,)
        Their columns of the ledger, group by group.
    brings : ndarray of shape (loads + 1, columns)
        What a cubic metre of each brings, by load [kg], and 1.
    groups : list of (int, int)
        Where the columns of each group begin and end.
    sources : list of (int, str)
        Number and place of the bus of each of the first groups: those that let in.
    drinks : dict
        Of the other groups by the number of the bus that they drink from: where they let out, and which group.
    """

    columns: NDArray[np.int64]
    brings: Floats
    groups: list[tuple[int, int]]
    sources: list[tuple[int, str]]
    drinks: dict[int, list[tuple[int | None, int]]]

    def bring(self, volumes_m3: Floats) -> Floats:
        """Return what each group brings in each bin, by load [kg], and its volume [m3], shape (groups, bins, loads + 1).

        Parameters
        ----------
        volumes_m3 : ndarray of shape (bins, columns)
            Of each column [m3].
        """
        found = np.empty((len(self.groups), len(volumes_m3), len(LOADS) + 1))
        for group, (a, b) in enumerate(self.groups):
            # einsum stays in one thread: those of a BLAS wait for each other longer than these few numbers take
            np.einsum("ij,kj->ik", volumes_m3[:, a:b], self.brings[:, a:b], out=found[group])
        return found


def lay_out(ledger: Ledger, loaded: Mapping[Port, Place], number: Mapping[Place, int]) -> Users:
    """Group the users on loaded buses.

    Parameters
    ----------
    ledger : Ledger
        Has their columns.
    loaded : mapping of Port to Place
        The bus of each port whose water has loads.
    number : mapping of Place to int
        Numbers of those buses.
    """
    columns = [j for j, port in enumerate(ledger.user_ports[: ledger.n_flows]) if port in loaded]
    ports = {j: ledger.user_ports[j] for j in columns}
    owners = {port.component.name: port.component for port in ledger.user_ports}
    known = {name: owner.concentrations() for name, owner in owners.items() if isinstance(owner, Source)}
    let_in: dict[Place, list[int]] = {}
    back_to: dict[str, int] = {}
    for j, port in ports.items():
        if port.direction == OUTLET:
            back_to.setdefault(port.component.name, number[loaded[port]])
            let_in.setdefault(loaded[port], []).append(j)
    drink: dict[tuple[int, int | None], list[int]] = {}
    for j, port in ports.items():
        if port.direction != OUTLET:
            drink.setdefault((number[loaded[port]], back_to.get(port.component.name)), []).append(j)
    drinks: dict[int, list[tuple[int | None, int]]] = {}
    for n, (bus, target) in enumerate(drink, start=len(let_in)):
        drinks.setdefault(bus, []).append((target, n))
    groups = [*let_in.values(), *drink.values()]
    grouped = [j for group in groups for j in group]
    brings = [known.get(ports[j].component.name, {}).get(ports[j].name, NOTHING) for j in grouped]
    return Users(
        np.array(grouped, np.int64),
        np.array([(*(c / 1000 for c in each), 1.0) for each in brings]).reshape(len(grouped), len(LOADS) + 1).T.copy(),
        list(pairwise(accumulate(map(len, groups), initial=0))),
        [(number[place], place[1]) for place in let_in],
        drinks,
    )
