"""Shares of a total that depends on a set: the Shapley value, exact or by orders drawn in antithetic pairs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ..kernel.streams import Stream

Floats = NDArray[np.float64]
Value = Callable[[frozenset[str]], Floats]


def coalitions_of(players: Sequence[str]) -> list[frozenset[str]]:
    """Return all sets of players, the empty one first."""
    return [frozenset(chosen) for size in range(len(players) + 1) for chosen in combinations(players, size)]


def exact_shares(players: Sequence[str], value: Value) -> Floats:
    """Return the Shapley value of each player from the values of all sets.

    φ_i = Σ_{S ∌ i} |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S)).

    Parameters
    ----------
    players : sequence of str
        n of them; 2^n values are asked for.
    value : callable
        Returns v of a set, an array of any shape; of the empty set zeros.

    Returns
    -------
    ndarray of shape (n, …)
        The shares; their sum is v of all players, to rounding.

    References
    ----------
    L. S. Shapley, A value for n-person games, Contributions to the Theory of Games II (1953) 307-317.

    Examples
    --------
    >>> left = {frozenset(): 1.0, frozenset("a"): 0.6, frozenset("b"): 0.7, frozenset("ab"): 0.42}
    >>> [round(float(share), 12) for share in exact_shares("ab", lambda s: np.array(1.0 - left[s]))]
    [0.34, 0.24]
    """
    n = len(players)
    known = {members: np.asarray(value(members)) for members in coalitions_of(players)}
    weights = [math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n) for size in range(n)]
    shares = []
    for player in players:
        gains = [weights[len(s)] * (known[s | {player}] - whole) for s, whole in known.items() if player not in s]
        shares.append(np.sum(gains, axis=0))
    return np.array(shares)


def pair_effects(players: Sequence[str], value: Value) -> dict[tuple[str, str], Floats]:
    """Return the Shapley interaction index of each pair: what two save together beyond what each adds, on average.

    I_ij = Σ_{S ∌ i,j} |S|! (n − |S| − 2)! / (n − 1)! · (v(S ∪ ij) − v(S ∪ i) − v(S ∪ j) + v(S)).

    Parameters
    ----------
    players, value
        As in `exact_shares`.

    References
    ----------
    M. Grabisch, M. Roubens, An axiomatic approach to the concept of interaction among players in cooperative games,
    Int. J. Game Theory 28 (1999) 547-565.

    Examples
    --------
    >>> left = {frozenset(): 1.0, frozenset("a"): 0.6, frozenset("b"): 0.7, frozenset("ab"): 0.42}
    >>> round(float(pair_effects("ab", lambda s: np.array(1.0 - left[s]))["a", "b"]), 12)
    -0.12
    """
    n = len(players)
    known = {members: np.asarray(value(members)) for members in coalitions_of(players)}
    weights = [math.factorial(size) * math.factorial(n - size - 2) / math.factorial(n - 1) for size in range(n - 1)]
    found = {}
    for one, other in combinations(players, 2):
        parts = [
            weights[len(s)] * (known[s | {one, other}] - known[s | {one}] - known[s | {other}] + whole)
            for s, whole in known.items()
            if one not in s and other not in s
        ]
        found[one, other] = np.asarray(np.sum(parts, axis=0))
    return found


def antithetic_orders(players: Sequence[str], pairs: int, seed: int) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return orders of players drawn at random, each beside its reverse.

    A player that comes late in one comes early in the other, so that the mean of the two varies less than that of two
    independent ones where savings overlap.

    Parameters
    ----------
    players : sequence of str
        Who is ordered; the draw depends on who they are, not on their place.
    pairs : int
        How many.
    seed : int
        Of the experiment.

    References
    ----------
    J. Castro, D. Gómez, J. Tejada, Polynomial calculation of the Shapley value based on sampling, Comput. Oper. Res. 36
    (2009) 1726-1730; R. Mitchell, J. Cooper, E. Frank, G. Holmes, Sampling permutations for Shapley value estimation, J. Mach.
    Learn. Res. 23 (2022) 1-46.
    """
    names = sorted(players)
    stream = Stream(seed, 0, "attribution", *names)
    orders = []
    for _ in range(pairs):
        keys = [stream.uniform() for _ in names]
        order = tuple(name for _, name in sorted(zip(keys, names, strict=True)))
        orders.append((order, order[::-1]))
    return orders


def prefixes(order: Sequence[str]) -> list[frozenset[str]]:
    """Return the sets that an order builds up, from the empty one to all."""
    return [frozenset(order[:size]) for size in range(len(order) + 1)]


def sampled_shares(players: Sequence[str], orders: Sequence[tuple[tuple[str, ...], tuple[str, ...]]], value: Value) -> Floats:
    """Return what each player adds where it comes, as the mean of an order and its reverse.

    Parameters
    ----------
    players : sequence of str
        n of them.
    orders : sequence of (order, reverse)
        Of `antithetic_orders`.
    value : callable
        As in `exact_shares`; asked for the sets of `prefixes` only.

    Returns
    -------
    ndarray of shape (pairs, n, …)
        Their mean over pairs estimates the Shapley value without bias, and their spread tells its standard error. Each pair
        sums to v of all players.
    """
    found = []
    for pair in orders:
        gains: dict[str, list[Floats]] = {player: [] for player in players}
        for order in pair:
            values = [np.asarray(value(members)) for members in prefixes(order)]
            for k, player in enumerate(order):
                gains[player].append(values[k + 1] - values[k])
        found.append([np.mean(gains[player], axis=0) for player in players])
    return np.array(found)
