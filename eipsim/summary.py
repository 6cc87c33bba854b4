"""What an experiment says, in sentences and tables of text: for the command line and whoever else shows results."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .claims import CATALOGUE, REALISED, SIMULATED, ClaimRow
from .kpis import KPIS, Saving, rare_interval, share_of_years, t_interval
from .results import Results
from .tabulation import DESK, HOURS_PER_YR

SYNTHETIC = "Synthetic catalogue: no row describes a real firm."
INTERVAL = "95 % interval (chance only, inputs fixed)"
NOT_YET = "not simulated yet"

_SHOWN: dict[str, tuple[float, str]] = {
    "kWh": (1e-3, "MWh"),
    "kW": (1e-3, "MW"),
    "VND": (1e-6, "M VND"),
    "kWh th": (1e-3, "MWh th"),
    "1": (1.0, ""),
}
"""What a KPI's unit is multiplied by for people, and what it is called then; others are read as they are."""

LEAST = 1e-6
"""What is written as a power of ten if it is less, and as nothing if it is an amount."""

BASELINE_KPIS = (
    "electricity_park_kwh", "peak_park_kw", "electricity_assessed_kwh", "solar_kwh", "curtailed_kwh", "exported_kwh",
    "lpg_park_t", "lpg_assessed_t", "other_fuel_park_gj", "other_fuel_assessed_gj", "water_park_m3", "water_assessed_m3",
    "wastewater_park_m3", "wastewater_assessed_m3", "treated_m3", "spill_m3", "tank_alarms_count", "plant_electricity_kwh",
    "pumping_kwh", "co2_park_t", "co2_assessed_t", "money_park_vnd", "money_assessed_vnd", "operator_fees_vnd",
    "breakdowns_count", "feeder_outage_h", "lost_production_park_h", "lost_production_assessed_h", "unserved_h",
    "lost_margin_assessed_vnd", "balance_residual_frac",
)  # fmt: skip
"""What the table of years shows, in its order."""

REST_OF_PARK = (
    "electricity_park_kwh", "peak_park_kw", "plant_electricity_kwh", "pumping_kwh", "wastewater_park_m3", "co2_park_t",
    "money_park_vnd", "operator_fees_vnd",
)  # fmt: skip


class Table(NamedTuple):
    """A table of text.

    Parameters
    ----------
    title : str
        Above it.
    columns : tuple of str
        Heads; from ``first_number`` on they stand over numbers.
    rows : sequence of tuple of str
        Cells.
    note : str
        Below it.
    first_number : int
        Place of the first column of numbers.
    """

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""
    first_number: int = 1


def number(value: float, most: int = 4) -> str:
    """Write a number with its thousands, or with so many digits if it is small; what is not known is a dash."""
    if not math.isfinite(value):
        return "–"
    if value and abs(value) < LEAST:
        return f"{value:.0e}"
    digits = max(0, most - 1 - math.floor(math.log10(abs(value)))) if value else 0
    text = f"{value:,.{min(digits, 6)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def amount(value: float) -> str:
    """Write an amount in its unit for people: below a millionth it is the rounding of greater ones, and nothing."""
    return "0" if abs(value) < LEAST else number(value)


def percent(frac: float, digits: int = 0) -> str:
    """Write a fraction as a percentage."""
    return f"{100 * frac:.{digits}f} %" if math.isfinite(frac) else "–"


def span(low: float, high: float) -> str:
    """Write two ends, or a dash if one is not known."""
    return f"{amount(low)} to {amount(high)}" if math.isfinite(low) and math.isfinite(high) else "–"


def shown_unit(unit: str) -> tuple[float, str]:
    """Return what a KPI of a unit is multiplied by for people, and what the unit is called then."""
    return _SHOWN.get(unit, (1.0, unit))


def _share(part: float, whole: float) -> str:
    return percent(part / whole) if whole else "–"


def headline(results: Results) -> list[str]:
    """Return the finding in plain sentences.

    Parameters
    ----------
    results : Results
        Of an experiment with at least one scenario besides the baseline for anything to be said about savings.

    Returns
    -------
    list of str
        For each scenario how much of what the desk promises appears at the meters; for the published totals the same
        under both readings of the source; then what the year has held; last that the catalogue is synthetic.
    """
    return [*_scenario_sentences(results), *_reading_sentences(results), *_year_sentences(results), SYNTHETIC]


def _saving(results: Results, scenario: str, kpi: str) -> Saving | None:
    return next((row for row in results.savings if (row.scenario, row.kpi) == (scenario, kpi)), None)


def _scenario_sentences(results: Results) -> Iterator[str]:
    stretch = "a year" if abs(results.manifest["hours"] - HOURS_PER_YR) <= 24 else f"in {number(results.manifest['hours'])} h"
    for scenario in dict.fromkeys(row.scenario for row in results.savings):
        co2, money = _saving(results, scenario, "co2_assessed_t"), _saving(results, scenario, "money_assessed_vnd")
        if co2 and money and (co2.naive_sum or money.naive_sum):
            yield (
                f"{scenario}: the desk promises {number(co2.naive_sum)} t CO2e and {_billions(money.naive_sum)} {stretch}; at "
                f"the meters {number(co2.saving)} t ({span(co2.low, co2.high)}) and {_billions(money.saving)} "
                f"({span(money.low / 1e9, money.high / 1e9)}) appear: {_share(co2.saving, co2.naive_sum)} and "
                f"{_share(money.saving, money.naive_sum)}."
            )


def _billions(vnd: float) -> str:
    return f"{number(vnd / 1e9)} bn VND"


def _reading_sentences(results: Results) -> Iterator[str]:
    """Say for the published totals what appears under either reading: as a sum of desk figures, or as shown by meters."""
    claims = {row.claim: row for row in results.claims}
    pairs = [claims.get(name) for name in ("amata_159_co2", "amata_159_money")]
    known = [row for row in pairs if row is not None and math.isfinite(row.simulated)]
    if len(known) == 2:
        co2, money = known
        shares = [_meter_share(results, row) for row in known]
        published = f"{number(co2.published)} t and {number(money.published / 1e3)} bn VND"
        shown = f"{number(co2.published * shares[0])} t and {number(money.published / 1e3 * shares[1])} bn VND"
        promised = f"{number(co2.published / shares[0])} t and {number(money.published / 1e3 / shares[1])} bn VND"
        calibrated, other = ("", ", in proportion") if co2.basis == CATALOGUE else (", in proportion", "")
        yield (
            f"Of {published} potential, read as the sum of a catalogue, {shown} would appear at the meters{calibrated}. "
            f"Read as what meters would show, the catalogue would have to promise {promised}{other}."
        )
    row = claims.get("amata_60_electricity")
    if row is not None and math.isfinite(row.simulated):
        share = _meter_share(results, row)
        calibrated, other = ("", ", in proportion") if row.basis == REALISED else (", in proportion", "")
        yield (
            f"Of the 60, {number(row.published)} kWh read as what meters have shown stand for desk figures of "
            f"{number(row.published / share)} kWh{calibrated}. Read as a sum of desk figures, the meters would have shown "
            f"{number(row.published * share)} kWh{other}."
        )


def _meter_share(results: Results, claim: ClaimRow) -> float:
    """Return what appears at the meters over what the desk promises, for the KPI of a claim."""
    link = SIMULATED[claim.claim]
    saving = _saving(results, link.scenario, link.kpi)
    return saving.saving / saving.naive_sum if saving and saving.naive_sum else math.nan


def _year_sentences(results: Results) -> Iterator[str]:
    last = list(results.manifest["units"])[-1]
    values = values_by_scenario(results)
    curtailed, made = (t_interval(values[last, kpi]).middle for kpi in ("curtailed_kwh", "solar_kwh"))
    lost = t_interval(values[results.manifest["baseline"], "lost_production_assessed_h"]).middle
    alarms = t_interval(values[results.manifest["baseline"], "tank_alarms_count"]).middle
    spilled = share_of_years(values[results.manifest["baseline"], "spill_m3"])
    if made + curtailed > 0:
        share = percent(curtailed / (made + curtailed), 1)
        yield f"In {last}, {share} of the solar electricity ({amount(curtailed / 1e3)} MWh) finds no taker and is curtailed."
    yield (
        f"In {results.manifest['baseline']}, breakdowns, stops and shortages cost the assessed factories {number(lost)} line "
        f"hours; the equalisation tank raises {number(alarms)} alarms, and wastewater spills in {percent(spilled)} of the "
        f"replications."
    )


def values_by_scenario(results: Results) -> dict[tuple[str, str], list[float]]:
    """Return the replications of each (scenario, KPI) [unit of the KPI]."""
    found: dict[tuple[str, str], list[float]] = {}
    for row in results.kpis:
        found.setdefault((row.scenario, row.kpi), []).append(row.value)
    return found


def tables(results: Results) -> list[Table]:
    """Return what is printed: claims, the three sums, the rest of the park, years, what only some have, what comes later."""
    found = [_claims(results), *_sums(results), _rest(results), _years(results), _only_some(results), _later(results)]
    return [table for table in found if table.rows]


def _later(results: Results) -> Table:
    """Return the figures that nothing answers yet, together by the first word of their names."""
    by_source: dict[str, list[str]] = {}
    for row in results.claims:
        if _open(row):
            source, _, what = row.claim.partition("_")
            by_source.setdefault(source, []).append(f"{what.replace('_', ' ')} {number(row.published, 6)} {row.unit}")
    rows = [(source, "; ".join(figures), NOT_YET) for source, figures in by_source.items()]
    return Table("Other published figures", ("about", "published", "status"), rows, "", 3)


def _open(row: ClaimRow) -> bool:
    return not math.isfinite(row.reproduced)


def _claims(results: Results) -> Table:
    rows = [
        (
            row.claim, row.unit, row.basis or "count", number(row.published, 6), number(row.reproduced, 6),
            f"{100 * row.difference_frac:+.2f} %", number(row.simulated, 6), span(row.low, row.high), row.provenance,
        )
        for row in results.claims
        if not _open(row)
    ]  # fmt: skip
    columns = ("claim", "unit", "basis", "published", "reproduced", "difference", "at the meters", INTERVAL, "provenance")
    note = (
        "Reproduced is on the claim's own basis: realised = simulated, catalogue = sum of desk figures. "
        "Boundary: meters and bills of the 18."
    )
    return Table("Claims", columns, rows, note, 3)


def _sums(results: Results) -> Iterator[Table]:
    columns = (
        "saving of",
        "unit",
        "naive catalogue sum",
        "sum of measures alone",
        "simulated together",
        INTERVAL,
        "of naive",
        "unadjusted",
    )
    for scenario in dict.fromkeys(row.scenario for row in results.savings):
        rows = []
        for row in results.savings:
            if row.scenario == scenario and row.kpi in DESK:
                factor, unit = shown_unit(row.unit)
                cells = (amount(factor * x) for x in (row.naive_sum, row.alone_sum, row.saving))
                interval = span(factor * row.low, factor * row.high)
                rows.append(
                    (row.kpi, unit, *cells, interval, _share(row.saving, row.naive_sum), amount(factor * row.saving_unadjusted))
                )
        n = results.manifest["measures"].get(scenario, 0)
        spread = results.manifest["paired_spread_frac"].get(scenario, math.nan)
        note = "At equal production, positive = less used." + (
            f" Common random numbers leave {percent(spread, 1)} of the spread of independent seeds (electricity)."
            if math.isfinite(spread)
            else ""
        )
        yield Table(f"Savings of {scenario}: {n} measures", columns, rows, note, 2)


def _rest(results: Results) -> Table:
    rows = []
    for row in results.savings:
        if row.kpi in REST_OF_PARK:
            factor, unit = shown_unit(row.unit)
            rows.append((row.scenario, row.kpi, unit, amount(factor * row.saving), span(factor * row.low, factor * row.high)))
    return Table("The rest of the park: how much less", ("scenario", "kpi", "unit", "less by", INTERVAL), rows, "", 3)


def _years(results: Results) -> Table:
    values, scenarios = values_by_scenario(results), list(results.manifest["units"])
    rows = []
    for kpi in BASELINE_KPIS:
        factor, unit = shown_unit(KPIS[kpi].unit)
        cells = (_year(kpi, unit, [factor * x for x in values[scenario, kpi]]) for scenario in scenarios)
        rows.append((kpi, unit, *cells))
    note = f"Mean of {results.manifest['replications']} replications; what is rare: median (least to greatest; share of years)."
    return Table("Years as they were", ("kpi", "unit", *scenarios), rows, note, 2)


def _only_some(results: Results) -> Table:
    """Return the KPIs of components that not every park has; a scenario without them has a dash."""
    values, scenarios = values_by_scenario(results), list(results.manifest["units"])
    rows = []
    for kpi in (name for name, one in KPIS.items() if one.needs):
        factor, unit = _SHOWN.get(KPIS[kpi].unit, (1.0, KPIS[kpi].unit))
        had = {scenario: [factor * x for x in values[scenario, kpi]] for scenario in scenarios if (scenario, kpi) in values}
        if had:
            rows.append((kpi, unit, *(_year(kpi, unit, had[name]) if name in had else "–" for name in scenarios)))
    return Table("What only some parks have", ("kpi", "unit", *scenarios), rows, "", 2)


def _year(kpi: str, unit: str, values: Sequence[float]) -> str:
    if not KPIS[kpi].rare:
        return (amount if unit else number)(t_interval(values).middle)
    middle, low, high = rare_interval(values)
    return f"{amount(middle)} ({span(low, high)}; {percent(share_of_years(values))})"
