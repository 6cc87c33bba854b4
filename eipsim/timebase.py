"""The clock of the park: horizon, working calendars and the accounts amounts are summed into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Account(NamedTuple):
    """One row of amounts: a day of the horizon and a tariff band."""

    day: int
    band: str


@dataclass(frozen=True)
class AccountGrid:
    """Which account each stretch of the horizon belongs to.

    Parameters
    ----------
    edges_h : ndarray of shape (stretches + 1,)
        Hours at which the account may change, from 0 to the end of the horizon [h].
    account : ndarray of shape (stretches,)
        The place of each stretch among ``accounts``.
    accounts : tuple of Account
        The rows of a run's amounts.
    """

    edges_h: NDArray[np.float64]
    account: NDArray[np.int64]
    accounts: tuple[Account, ...]
