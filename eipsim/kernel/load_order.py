"""The way of the loads: buses and components in the order in which water flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from ..errors import FlowLoopError
from .load_book import Amounts, Bins, nothing
from .network import Place, name_of
from .passer import Passer
from .ports import INLET, Port
from .traces import Floats

Came = dict[str, Amounts]
Pair = tuple[int, int]


class Stage(NamedTuple):
    """A component on the way of the loads.

    Parameters
    ----------
    passer : Passer
        The component.
    ports : list of (str, int)
        Name and number of each of its ports.
    inlets : list of str
        Names of those that water comes by.
    outlets : list of (str, int, int)
        Name, number of the bus, and number of each outlet.
    came : dict
        What comes by each inlet [kg]; filled anew for each block of bins.
    closes : bool
        Whether it closes a loop, so that it gives before it takes.
    """

    passer: Passer
    ports: list[tuple[str, int]]
    inlets: list[str]
    outlets: list[tuple[str, int, int]]
    came: Came
    closes: bool = False

    def take(self, bins: Bins, moved: Floats) -> Mapping[str, Amounts]:
        """Let the component take what has come to it; return what leaves it.

        Parameters
        ----------
        bins : Bins
            When they were.
        moved : ndarray of shape (ports, bins)
            What flowed through all ports on the way [m3].
        """
        volumes, came = self.volumes(moved), self.collect(bins)
        sent = self.passer.take(bins, volumes, came)
        return self.passer.give(bins, volumes) if self.passer.delays and not self.closes else sent

    def give(self, bins: Bins, moved: Floats) -> Mapping[str, Amounts]:
        """Let a component that closes a loop give, before it takes; see `take`."""
        return self.passer.give(bins, self.volumes(moved))

    def volumes(self, moved: Floats) -> dict[str, Floats]:
        """Return what flowed through each of its ports, shape (bins,) [m3]; see `take`."""
        return {name: moved[k] for name, k in self.ports}

    def collect(self, bins: Bins) -> Came:
        """Return what has come by each inlet, and forget it."""
        came = {name: self.came[name] if name in self.came else nothing(bins.n) for name in self.inlets}
        self.came.clear()
        return came


class Side(NamedTuple):
    """Components of one kind side by side: none is fed by another, and none delays."""

    stages: list[Stage]

    def take(self, bins: Bins, moved: Floats) -> list[Mapping[str, Amounts]]:
        """Let all take what has come to them; return what leaves each, see `Stage.take`."""
        passers = [stage.passer for stage in self.stages]
        volumes = [stage.volumes(moved) for stage in self.stages]
        return type(passers[0]).take_side_by_side(passers, bins, volumes, [stage.collect(bins) for stage in self.stages])


class Mix(NamedTuple):
    """A bus on the way of the loads.

    Parameters
    ----------
    bus : int
        Its number.
    inlets : list of (int, str, dict)
        Number and name of each inlet, and where its component takes what comes.
    drinks : list of (int or None, int)
        Where users let out again what they drink, and which group of users they are.
    suppliers : list of Passer
        Whose outlets stand on it.
    """

    bus: int
    inlets: list[tuple[int, str, Came]]
    drinks: list[tuple[int | None, int]]
    suppliers: list[Passer]

    @property
    def stay_h(self) -> float:
        """How long what users drink here stays with them [h]."""
        return max((passer.stay_h for passer in self.suppliers), default=0.0)


class Order(NamedTuple):
    """How loads are carried through a block of bins.

    Parameters
    ----------
    nodes : list of Stage, Side or Mix
        In the order in which water flows, but for those that close a loop.
    closing : list of Stage
        Components that delay and close a loop: they give before all others what they take after all others.
    turning : list of (int, int)
        Pairs of ports of these, an inlet and an outlet on one bus: no bin has water of the first before that of the second.
    loops : bool
        Whether any closes a longer loop, through other buses: then each bin is a block of its own.
    """

    nodes: list[Stage | Side | Mix]
    closing: list[Stage]
    turning: list[Pair]
    loops: bool


def order_of(
    ports: Sequence[Port],
    loaded: Mapping[Port, Place],
    number: Mapping[Place, int],
    drinks: Mapping[int, list[tuple[int | None, int]]],
) -> Order:
    """Sort buses and components as water flows.

    Parameters
    ----------
    ports : sequence of Port
        Of the components, by their number.
    loaded : mapping of Port to Place
        The bus of each.
    number : mapping of Place to int
        Numbers of the buses.
    drinks : mapping
        See `Mix`, by number of the bus.

    Raises
    ------
    FlowLoopError
        If water flows in a loop without a component that delays it.
    """
    stages: dict[str, Stage] = {}
    mixes = {place: Mix(k, [], drinks.get(k, []), []) for place, k in number.items()}
    feeds: dict[Place | str, set[Place | str]] = {node: set() for node in mixes}
    for k, port in enumerate(ports):
        passer, place = port.component, loaded[port]
        assert isinstance(passer, Passer)
        stage = stages.setdefault(passer.name, Stage(passer, [], [], [], {}))
        stage.ports.append((port.name, k))
        feeds.setdefault(passer.name, set())
        if port.direction == INLET:
            mixes[place].inlets.append((k, port.name, stage.came))
            stage.inlets.append(port.name)
            feeds[place].add(passer.name)
        else:
            mixes[place].suppliers.append(passer)
            stage.outlets.append((port.name, number[place], k))
            feeds[passer.name].add(place)
    closing = sorted(name for name, stage in stages.items() if stage.passer.delays and _returns(name, feeds))
    before: dict[Place | str, set[Place | str]] = {node: set() for node in feeds if node not in closing}
    for node, followers in feeds.items():
        for follower in followers:
            if node in before and follower in before:
                before[follower].add(node)
    try:
        sorter = TopologicalSorter({k: sorted(v, key=str) for k, v in before.items()})
        sorter.prepare()
    except CycleError as error:
        path = " -> ".join(node if isinstance(node, str) else name_of(node) for node in error.args[1])
        raise FlowLoopError(f"loads go round without a stop: {path}; put a sewer or another delay between") from None
    nodes = list[Stage | Side | Mix]()
    while sorter.is_active():
        ready = sorter.get_ready()
        nodes += [mixes[node] for node in ready if not isinstance(node, str)]
        nodes += _side_by_side([stages[node] for node in ready if isinstance(node, str)])
        sorter.done(*ready)
    buses = {k: loaded[port] for k, port in enumerate(ports)}
    turning = [(a, b) for name in closing for a, b in _pairs(stages[name]) if buses[a] == buses[b]]
    apart = {name: {n: f - {name} if n in feeds[name] else f for n, f in feeds.items()} for name in closing}
    return Order(
        nodes,
        [stages[name]._replace(closes=True) for name in closing],
        turning,
        any(_returns(name, apart[name]) for name in closing),
    )


def _side_by_side(stages: Sequence[Stage]) -> list[Stage | Side]:
    """Put those of one kind together that do not delay."""
    kinds: dict[object, list[Stage]] = {}
    for stage in stages:
        kinds.setdefault(stage.passer.name if stage.passer.delays else type(stage.passer), []).append(stage)
    return [alike[0] if len(alike) == 1 else Side(alike) for alike in kinds.values()]


def _pairs(stage: Stage) -> list[Pair]:
    """Return pairs of different ports of a component."""
    numbers = [k for _, k in stage.ports]
    return [(a, b) for a in numbers for b in numbers if a != b]


def _returns(name: str, feeds: Mapping[Place | str, set[Place | str]]) -> bool:
    """Whether what leaves a component can come back to it."""
    ahead, seen = list(feeds[name]), set[Place | str]()
    while ahead:
        node = ahead.pop()
        if node == name:
            return True
        if node not in seen:
            seen.add(node)
            ahead += feeds[node]
    return False
