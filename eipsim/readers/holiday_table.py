"""Reads the days on which Viet Nam does not work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .tables import packaged, read_table


@dataclass(frozen=True)
class _Holiday:
    date: date
    name: str
    kind: str


def read_holidays(tet_shutdown: bool = True) -> frozenset[date]:
    """Return the public holidays of Viet Nam from 2019 to 2027, with the days off in their stead.

    Parameters
    ----------
    tet_shutdown : bool
        Whether to add the days around the lunar new year on which factories stay closed though no law says so: three
        days before to five after (29 January to 6 February in 2022).

    Returns
    -------
    frozenset of date
        For `WorkCalendar.holidays`.
    """
    rows = read_table(packaged("holidays_vn.csv"), _Holiday)
    return frozenset(row.date for row in rows if tet_shutdown or row.kind != "tet_shutdown")
