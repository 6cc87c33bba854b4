"""Tells what a road map saves and pays as tables of text and sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..summary import Table, number, percent, shown_unit, span
from .road_map import RoadMapSettings
from .road_map_run import MARGIN, SHOWN, RoadMap

STEP_COLUMNS = (
    "measure", "factory", "type", "ordered", "in_force", "installation_downtime_h", "decay_frac_per_yr",
    "commissioning_failure_frac", "capital_vnd",
)  # fmt: skip


def step_rows(found: RoadMap) -> list[tuple[object, ...]]:
    """Return which measure comes when, for a file."""
    return [
        (
            one.measure.id, one.measure.factory, one.measure.kind, one.ordered, one.in_force, one.installation_downtime_h,
            one.decay_frac_per_yr, one.commissioning_failure_frac, one.measure.capital_vnd,
        )
        for one in found.steps
    ]  # fmt: skip


def road_map_tables(found: RoadMap) -> Iterator[Table]:
    """Return what each year saves against the frozen park, and the cash flow."""
    by_key = {(row.year, row.kpi): row for row in found.years}
    kpis = [kpi for kpi in SHOWN if kpi != MARGIN]
    units = {kpi: shown_unit(next(row.unit for row in found.years if row.kpi == kpi)) for kpi in kpis}
    years = sorted({row.year for row in found.years})
    rows = []
    for year in years:
        cells = [str(year)]
        for kpi in kpis:
            row, scale = by_key[year, kpi], units[kpi][0]
            cells.append(number(scale * row.saving))
            if kpi == "co2_assessed_t":
                cells.append(span(scale * row.low, scale * row.high))
        rows.append(tuple(cells))
    heads = []
    for kpi in kpis:
        heads.append(f"{kpi.rsplit('_', 1)[0].removesuffix('_assessed')} [{units[kpi][1]}]")
        if kpi == "co2_assessed_t":
            heads.append("from … to")
    note = f"Mean of {found.replications} replications; 95 % interval (chance only, inputs fixed). At equal production."
    yield Table("Saved against the park frozen at the start", ("year", *heads), rows, note, 1)
    rows = [
        (f"{row.year}{'' if row.is_simulated else ' *'}", str(row.working_count), *(number(value / 1e6) for value in row[3:]))
        for row in found.cash
    ]
    columns = ("year", "measures", "capital", "saving", "upkeep", "lost margin", "net", "cumulative", "discounted")
    note = f"M VND, discounted at {percent(found.rate_frac, 1)}. * not simulated: the last simulated year goes on as lives end."
    yield Table("Cash flow of the road map", columns, rows, note, 1)


def road_map_sentences(found: RoadMap, settings: RoadMapSettings) -> list[str]:
    """Return the finding."""
    simulated = [row for row in found.cash if row.is_simulated]
    stops_h = math.fsum(one.installation_downtime_h for one in found.steps)
    capital = math.fsum(row.capital_vnd for row in found.cash)
    lost = math.fsum(row.margin_vnd for row in simulated)
    back = next((row.year for k, row in enumerate(found.cash) if all(x.cumulative_vnd >= 0 for x in found.cash[k:])), None)
    told = [
        f"{len(found.steps)} measures from {found.steps[0].in_force} to {found.steps[-1].in_force} in {len(found.segments)} "
        f"segments; {number(stops_h)} hours of standstill cost {number(lost / 1e6)} M VND.",
        f"Until the end of {simulated[-1].year} they cost {number(capital / 1e6)} M VND and the balance is "
        f"{number(simulated[-1].cumulative_vnd / 1e6)} M VND; over all lives the net present value is "
        f"{number(found.cash[-1].discounted_vnd / 1e6)} M VND at {percent(found.rate_frac, 1)}"
        + (f", and the money is back for good in {back}." if back else ", and the money does not come back."),
    ]
    if not settings.persistence:
        told.append("Measures neither decay nor fail (experiment.settings.persistence=false).")
    return told
