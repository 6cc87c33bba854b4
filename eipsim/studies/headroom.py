"""What the park's operator still has to give, and what it loses by saving, as tables of text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..errors import ResultsError
from ..results import Results, RoomRow
from ..summary import Table, amount, number, percent, span

FEEDER, FEEDERS = "feeder", "feeders"
"""Resource of one feeder, and what the feeders are called together: a tenant hangs on one of them."""

FEES, POWER, NET = "operator_fees_vnd", "operator_electricity_vnd", "operator_net_vnd"
"""KPIs of the operator's bill: what it earns, what it pays for electricity, and the difference with all else that it pays."""


class Fit(NamedTuple):
    """How many average tenants fit below one limit.

    Parameters
    ----------
    scenario, resource, limit, unit : str
        As in ``headroom.csv``; the feeders together are one limit.
    capacity, used, spare, spare_low, spare_high, tenant : float
        As there [unit].
    tenants : float
        How many average tenants fit, whole ones; nan in a park without tenants.
    binds : bool
        Whether no other limit of the scenario leaves room for fewer.
    """

    scenario: str
    resource: str
    limit: str
    unit: str
    capacity: float
    used: float
    spare: float
    spare_low: float
    spare_high: float
    tenant: float
    tenants: float
    binds: bool


class LostFees(NamedTuple):
    """What the operator loses by what its tenants save, at the baseline's output, with 95 % intervals [VND].

    ``net_vnd`` is the plain difference of its whole bill.
    """

    scenario: str
    fees_vnd: float
    fees_low_vnd: float
    fees_high_vnd: float
    electricity_saved_vnd: float
    net_vnd: float
    net_low_vnd: float
    net_high_vnd: float


def whole_tenants(spare: float, tenant: float) -> float:
    """Return how many average tenants fit into what is spare.

    Examples
    --------
    >>> whole_tenants(10.0, 4.0), whole_tenants(-1.0, 4.0), whole_tenants(10.0, math.nan)
    (2.0, 0.0, nan)
    """
    return float(math.floor(max(0.0, spare) / tenant)) if tenant > 0 else math.nan


def fits(rows: Sequence[RoomRow]) -> list[Fit]:
    """Return how many average tenants fit below each limit.

    Feeders are one limit: what fits on each, added up; its spare is the sum of theirs, whose ends are the sums of ends.

    Parameters
    ----------
    rows : sequence of RoomRow
        Of all scenarios.
    """
    found: list[Fit] = []
    for scenario in dict.fromkeys(row.scenario for row in rows):
        own = [row for row in rows if row.scenario == scenario]
        alone = [(row, whole_tenants(row.spare, row.tenant)) for row in own if row.resource != FEEDER]
        if together := [row for row in own if row.resource == FEEDER]:
            capacity, used, spare, low, high = map(math.fsum, zip(*(one[4:9] for one in together), strict=True))
            joined = together[0]._replace(
                limit=FEEDERS, capacity=capacity, used=used, spare=spare, spare_low=low, spare_high=high
            )
            alone.append((joined, math.fsum(whole_tenants(one.spare, one.tenant) for one in together)))
        least = min((tenants for _, tenants in alone if not math.isnan(tenants)), default=math.nan)
        found += [Fit(*row, tenants, tenants == least) for row, tenants in alone]
    return found


def lost_fees(results: Results) -> list[LostFees]:
    """Return what each scenario costs the operator."""
    rows = {(row.scenario, row.kpi): row for row in results.savings}
    scenarios = dict.fromkeys(row.scenario for row in results.savings)
    return [
        LostFees(
            name,
            *(rows[name, FEES].saving, rows[name, FEES].low, rows[name, FEES].high),
            rows[name, POWER].saving,
            *(-rows[name, NET].saving, -rows[name, NET].high, -rows[name, NET].low),
        )
        for name in scenarios
    ]


def check_rooms(results: Results) -> None:
    """Refuse results without whole days.

    Raises
    ------
    ResultsError
        If there is no limit to tell of, or no day.
    """
    if not results.headroom or any(math.isnan(row.used) for row in results.headroom):
        raise ResultsError(
            f"{results.experiment} tells no headroom: it needs water works, plant or ratings, and at least one whole day "
            f"(hours = {number(results.manifest['hours'])})"
        )


def headroom_tables(found: Sequence[Fit], fees: Sequence[LostFees], hours: float) -> Iterator[Table]:
    """Return what each limit leaves, scenario by scenario, and what saving costs the operator.

    Parameters
    ----------
    found : sequence of Fit
        At least one.
    fees : sequence of LostFees
        Empty without a scenario besides the baseline.
    hours : float
        Length of the horizon [h].
    """
    columns = (
        "scenario",
        "resource",
        "limit",
        "unit",
        "capacity",
        "95 % day",
        "used",
        "spare",
        "95 % interval",
        "a tenant",
        "fit",
    )
    rows = [
        (
            one.scenario, one.resource, one.limit + (" *" if one.binds else ""), one.unit, amount(one.capacity),
            amount(one.used), percent(one.used / one.capacity), amount(one.spare), span(one.spare_low, one.spare_high),
            amount(one.tenant), number(one.tenants),
        )
        for one in found
    ]  # fmt: skip
    note = (
        "95 % day: no more is used on 95 % of the days (of a peak: its greatest half hour). A tenant: the mean of the "
        "factories that are not assessed, with its share of that day. * binds: no other limit leaves room for fewer."
    )
    yield Table("Headroom of the park", columns, rows, note, 4)
    if fees:
        cells = [
            (
                one.scenario, number(one.fees_vnd / 1e6), span(one.fees_low_vnd / 1e6, one.fees_high_vnd / 1e6),
                number(one.electricity_saved_vnd / 1e6), number(one.net_vnd / 1e6),
                span(one.net_low_vnd / 1e6, one.net_high_vnd / 1e6),
            )
            for one in fees
        ]  # fmt: skip
        yield Table(
            f"What saving costs the operator in {number(hours)} h",
            ("scenario", "fees lost", "95 % interval", "electricity saved", "net loss", "95 % interval"),
            cells,
            "M VND. Fees at the baseline's output; the net loss is the plain difference of the operator's bill.",
            1,
        )
