"""Users whose water has loads: what a cubic metre of theirs brings, and where what they drink comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..carriers import LOADS
from .foresight import Ints
from .load_book import NOTHING
from .network import Place
from .passer import Source
from .ports import OUTLET, Port
from .sums import Members
from .traces import Floats

if TYPE_CHECKING:
    from .ledger import Ledger


class Users(NamedTuple):
    """Users on loaded buses, in groups that let in at one place, or that drink at one and let out at another.

    Parameters
    ----------
    members : Members
        For each group in turn, and each load [kg] and the volume [m3]: who brings it, and how much with a cubic metre.
    sources : list of (int, str)
        Number and place of the bus of each of the first groups: those that let in.
    drinks : dict
        Of the other groups by the number of the bus that they drink from: where they let out, and which group.
    """

    members: Members
    sources: list[tuple[int, str]]
    drinks: dict[int, list[tuple[int | None, int]]]

    def by_group(self, brought: Floats) -> Floats:
        """Return what each group brings in each bin, by load [kg], and its volume [m3], shape (groups, bins, loads + 1).

        Parameters
        ----------
        brought : ndarray of shape (bins, members)
            The same, of shape (bins, groups × (loads + 1)).
        """
        return brought.reshape(len(brought), -1, len(LOADS) + 1).transpose(1, 0, 2).copy()


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
    members: list[tuple[Ints, Floats]] = []
    for group in (*let_in.values(), *drink.values()):
        brings = [known.get(ports[j].component.name, {}).get(ports[j].name, NOTHING) for j in group]
        weights = np.array([(*(c / 1000 for c in each), 1.0) for each in brings])
        members += [(np.array(group, np.int64), each) for each in weights.T]
    return Users(members, [(number[place], place[1]) for place in let_in], drinks)
