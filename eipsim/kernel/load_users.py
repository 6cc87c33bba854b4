"""Users whose water has loads: what a cubic metre of theirs brings, and where what they drink comes back."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
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
        Their columns of the ledger, group by group, those together that bring the same.
    alike : ndarray of shape (alike,)
        Where columns start that bring the same.
    brings : ndarray of shape (alike, loads + 1)
        What a cubic metre of these brings, by load [kg], and 1.
    starts : ndarray of shape (groups,)
        Where each group starts among those that bring the same.
    sources : list of (int, str)
        Number and place of the bus of each of the first groups: those that let in.
    drinks : dict
        Of the other groups by the number of the bus that they drink from: where they let out, and which group.
    """

    columns: NDArray[np.int64]
    alike: NDArray[np.int64]
    brings: Floats
    starts: NDArray[np.int64]
    sources: list[tuple[int, str]]
    drinks: dict[int, list[tuple[int | None, int]]]

    def bring(self, volumes_m3: Floats) -> Floats:
        """Return what each group brings in each bin, by load [kg], and its volume [m3], shape (groups, bins, loads + 1).

        Parameters
        ----------
        volumes_m3 : ndarray of shape (bins, columns)
            Of each column [m3].
        """
        found = np.empty((len(self.starts), len(volumes_m3), len(LOADS) + 1))
        if len(self.starts):
            alike_m3 = np.add.reduceat(volumes_m3, self.alike, axis=1)
            for group, (a, b) in enumerate(pairwise([*self.starts.tolist(), len(self.brings)])):
                # einsum stays in one thread: those of a BLAS wait for each other longer than these few numbers take
                np.einsum("ij,jk->ik", alike_m3[:, a:b], self.brings[a:b], out=found[group])
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
    alike: dict[tuple[int, tuple[float, ...]], list[int]] = {}
    for n, group in enumerate((*let_in.values(), *drink.values())):
        for j in group:
            brings = known.get(ports[j].component.name, {}).get(ports[j].name, NOTHING)
            alike.setdefault((n, tuple(brings)), []).append(j)
    groups = [n for n, _ in alike]
    return Users(
        np.array([j for same in alike.values() for j in same], np.int64),
        np.cumsum([0, *map(len, alike.values())])[:-1],
        np.array([(*(c / 1000 for c in brings), 1.0) for _, brings in alike]).reshape(len(alike), len(LOADS) + 1),
        np.searchsorted(groups, np.arange(len(let_in) + len(drink))),
        [(number[place], place[1]) for place in let_in],
        drinks,
    )
