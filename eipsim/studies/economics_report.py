"""Tells what measures are worth as tables of text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from ..physics.finance import internal_rate_frac, net_present_value_vnd, simple_payback_yr
from ..summary import Table, number, percent, span
from .economics import FlowYear, Rates, Worth, annual_capital_vnd, cash_flow, flow_payback_yr

SHOWN = 10
"""Measures that are printed at either end; the table of all is a file."""


def economics_tables(rows: Sequence[Worth], flow: Sequence[FlowYear], rates: Rates, left_out: Sequence[str]) -> Iterator[Table]:
    """Return sums by status, the measures that are worth most and least, and the cash flow of the road map.

    Parameters
    ----------
    rows : sequence of Worth
        At least one.
    flow : sequence of FlowYear
        Of the road map.
    rates : Rates
        What they were valued with.
    left_out : sequence of str
        Measures that avoid no CO2.
    """
    yield _sums(rows, rates)
    yield _measures(rows, left_out)
    if any(row.lasting_frac < 1.0 for row in rows):
        yield _lasting(rows, rates)
    note = (
        "M VND. Year 0: what is implemented; the others by payback, as many in each of five years; no replacement. "
        f"Discounted at {percent(rates.middle_frac, 1)}."
    )
    cells = [(str(one.year), *(number(value / 1e6) for value in one[1:])) for one in flow]
    yield Table(
        "Cash flow of the road map", ("year", "capital", "saving", "upkeep", "net", "cumulative", "discounted"), cells, note, 1
    )


def _sums(rows: Sequence[Worth], rates: Rates) -> Table:
    groups = {status: [row for row in rows if row.status == status] for status in dict.fromkeys(row.status for row in rows)}
    if len(groups) > 1:
        groups["all"] = list(rows)
    told = [(name, *_sum_cells(group, rates)) for name, group in groups.items()]
    columns = (
        "measures", "n", "capital M VND", "net M VND/yr", "NPV M VND", "IRR", "payback yr", "discounted yr", "VND/kWh",
        "VND/m3", "VND/kg CO2",
    )  # fmt: skip
    note = (
        f"At {percent(rates.middle_frac, 1)} a year; net and payback are of a year like new. "
        "VND/kWh: costs of the measures that save electricity and no water; "
        "VND/m3: of those that save water and no electricity; VND/kg CO2: all costs less the money saved."
    )
    return Table("What the measures are worth together", columns, told, note, 1)


def _sum_cells(group: Sequence[Worth], rates: Rates) -> tuple[str, ...]:
    capital = math.fsum(row.capital_vnd for row in group)
    net = math.fsum(row.saving_vnd - row.yearly_cost_vnd for row in group)
    lasting = math.fsum(row.saving_vnd * row.lasting_frac - row.yearly_cost_vnd for row in group)
    flow = cash_flow(group, {row.measure: 0 for row in group}, rates)
    rate = internal_rate_frac([year.net_vnd for year in flow])
    co2_t = math.fsum(row.saving_co2_t * row.lasting_frac for row in group)
    abatement = (annual_capital_vnd(group, rates.middle_frac) - lasting) / co2_t / 1000.0 if co2_t > 0 else math.nan
    return (
        str(len(group)), number(capital / 1e6), number(net / 1e6), number(math.fsum(row.npv_vnd for row in group) / 1e6),
        _rate(rate), _years(float(simple_payback_yr(capital, net))), _years(flow_payback_yr(flow)),
        _levelised([row for row in group if row.saving_kwh > 0 and row.saving_m3 <= 0], "saving_kwh", rates),
        _levelised([row for row in group if row.saving_m3 > 0 and row.saving_kwh <= 0], "saving_m3", rates),
        _cell(abatement),
    )  # fmt: skip


def _levelised(group: Sequence[Worth], column: str, rates: Rates) -> str:
    saved = math.fsum(getattr(row, column) * row.lasting_frac for row in group)
    if saved <= 0:
        return "–"
    return number((annual_capital_vnd(group, rates.middle_frac) + math.fsum(row.yearly_cost_vnd for row in group)) / saved)


def _measures(rows: Sequence[Worth], left_out: Sequence[str]) -> Table:
    ordered = sorted(rows, key=lambda row: -row.npv_vnd)
    shown = ordered if len(ordered) <= 2 * SHOWN else [*ordered[:SHOWN], *ordered[-SHOWN:]]
    cells = [
        (
            row.measure, row.factory, row.type, row.status, number(row.capital_vnd / 1e6), number(row.npv_vnd / 1e6),
            _rate(row.irr_frac), _years(row.payback_yr), _years(row.discounted_payback_yr), _cell(row.cost_vnd_per_kwh),
            _cell(row.cost_vnd_per_m3), _cell(row.abatement_vnd_per_t / 1000.0),
            "–" if math.isnan(row.abatement_vnd_per_t)
            else span(row.abatement_low_vnd_per_t / 1000.0, row.abatement_high_vnd_per_t / 1000.0),
        )
        for row in shown
    ]  # fmt: skip
    columns = (
        "row", "factory", "type", "status", "capital M VND", "NPV M VND", "IRR", "payback yr", "discounted yr", "VND/kWh",
        "VND/m3", "VND/kg CO2", "from … to",
    )  # fmt: skip
    note = (
        f"By NPV, {len(shown)} of {len(rows)}. From … to: capital as its confidence allows, lowest to highest rate. "
        f"{len(left_out)} measures avoid no CO2 and are not on the curve."
    )
    return Table("Measures", columns, cells, note, 4)


def _lasting(rows: Sequence[Worth], rates: Rates) -> Table:
    cells = []
    for kind in sorted({row.type for row in rows}):
        group = [row for row in rows if row.type == kind]
        new = math.fsum(row.saving_vnd for row in group)
        left = math.fsum(row.saving_vnd * row.lasting_frac for row in group)
        like_new = math.fsum(
            float(net_present_value_vnd(r.capital_vnd, r.saving_vnd - r.yearly_cost_vnd, rates.middle_frac, r.life_yr))
            for r in group
        )
        cells.append(
            (
                kind,
                str(len(group)),
                _range_of(row.life_yr for row in group),
                _shares_of(row.decay_frac_per_yr for row in group),
                _shares_of(row.commissioning_failure_frac for row in group),
                percent(left / new) if new > 0 else "–",
                number(like_new / 1e6),
                number(math.fsum(row.npv_vnd for row in group) / 1e6),
            )
        )
    columns = ("type", "n", "life yr", "decay a year", "fails at first", "left of its savings", "NPV like new", "NPV M VND")
    note = (
        "Left: present value of the savings of a life over that of as many years like new. Decay and failure: "
        "measure_persistence.csv (C), or the row's own."
    )
    return Table("What becomes of them with the years", columns, cells, note, 1)


def _range_of(values: Iterable[float]) -> str:
    """Return the least and the greatest of some numbers, or the one that all are."""
    known = sorted(values)
    return number(known[0]) if known[0] == known[-1] else f"{number(known[0])} to {number(known[-1])}"


def _shares_of(values: Iterable[float]) -> str:
    """Return the least and the greatest of some shares in percent, or the one that all are."""
    known = sorted(values)
    return percent(known[0], 1) if known[0] == known[-1] else f"{percent(known[0], 1)} to {percent(known[-1], 1)}"


def _cell(value: float) -> str:
    return "–" if math.isnan(value) else number(value)


def _rate(rate_frac: float) -> str:
    return "–" if math.isnan(rate_frac) else "> 1,000 %" if rate_frac > 10 else percent(rate_frac, 1)


def _years(years: float) -> str:
    return "never" if math.isinf(years) else number(years, 2)
