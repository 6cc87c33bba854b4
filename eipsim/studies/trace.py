"""Traces a simulated figure back: the catalogue rows, meter columns, prices and factors that it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from ..carriers import FUELS
from ..claims import CATALOGUE, SIMULATED, ClaimRow, PublishedClaim
from ..components.meter import Meter
from ..errors import DataError, nearest
from ..kernel.ports import GAUGE, INLET, OUTLET
from ..kpis import KPIS
from ..measures.desk import DeskPrices
from ..summary import SYNTHETIC, Table, number
from ..tabulation import DESK

if TYPE_CHECKING:
    from ..context import Context
    from ..park import Park
    from ..scenario import Scenario

CARRIERS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "electricity_assessed_kwh": (("electricity", INLET),),
    "lpg_assessed_t": (("lpg", INLET),),
    "water_assessed_m3": (("water", INLET),),
    "co2_assessed_t": (("electricity", INLET), *((fuel, INLET) for fuel in FUELS)),
    "money_assessed_vnd": (
        ("electricity", INLET),
        *((fuel, INLET) for fuel in FUELS),
        ("water", INLET),
        ("wastewater", OUTLET),
        ("materials", GAUGE),
    ),
}
"""By KPI, the carriers that it reads at each assessed factory, and which way they flow."""


def traced_claim(claims: Iterable[PublishedClaim], name: str) -> PublishedClaim:
    """Return the claim of that name, if a simulation answers it.

    Raises
    ------
    DataError
        If there is none, or no simulation answers it.
    """
    known = {claim.claim: claim for claim in claims}
    if name not in known:
        raise DataError(f"--trace {name}: {nearest(name, SIMULATED)}")
    if name not in SIMULATED:
        raise DataError(f"--trace {name}: nothing is simulated for it; traced can be {', '.join(SIMULATED)}")
    return known[name]


def trace(claim: PublishedClaim, scenario: Scenario, baseline: Scenario, result: ClaimRow | None = None) -> Iterator[Table]:
    """Return everything behind the simulated value of a claim as tables of text.

    Parameters
    ----------
    claim : PublishedClaim
        One that `traced_claim` lets through.
    scenario, baseline : Scenario
        The one that the claim is about, and the one that savings are counted from.
    result : ClaimRow, optional
        What an experiment found, if one was run.

    Yields
    ------
    Table
        The figure; the rows of the catalogue with their desk figures; the columns that are read; prices and factors.
    """
    link = SIMULATED[claim.claim]
    kpi = KPIS[link.kpi]
    park = baseline.park
    found = (
        [("simulated at the meters", number(result.simulated, 6)), ("our value on its basis", number(result.reproduced, 6))]
        if result
        else [("simulated", "not yet: `eipsim run`")]
    )
    rows = [
        ("published", f"{number(claim.published, 7)} {claim.unit} ({claim.source}, {claim.date})"),
        ("basis", claim.basis),
        ("boundary", claim.boundary),
        ("provenance", claim.provenance),
        *found,
        ("scenario", f"{scenario.name}: {len(scenario.measures)} measures, less the baseline's year"),
        ("KPI", f"{kpi.name} [{kpi.unit}]: {kpi.meaning}"),
        ("in the unit of the claim", f"× {link.factor:g}"),
    ]
    yield Table(claim.claim, ("what", "value"), rows, "", 2)
    yield _catalogue(claim, scenario, park)
    yield _columns(scenario.build(), link.kpi)
    yield _prices(link.kpi, scenario.context, park)


def _catalogue(claim: PublishedClaim, scenario: Scenario, park: Park) -> Table:
    link = SIMULATED[claim.claim]
    column = DESK[link.kpi]
    prices = DeskPrices.of(scenario.context)
    figures = sorted(
        ((getattr(one.desk(park, prices), column) * link.factor, one) for one in scenario.measures),
        key=lambda pair: (-abs(pair[0]), pair[1].id),
    )
    rows = [
        (one.id, one.factory, one.end_use or "–", one.kind, one.status, f"{one.size:g}", number(value))
        for value, one in figures
        if value
    ]
    total = sum(value for value, _ in figures)
    used = "this sum" if claim.basis == CATALOGUE else "what the meters show, which is less where measures meet"
    note = (
        f"Sum {number(total, 6)} {claim.unit}; {len(figures) - len(rows)} of {len(figures)} rows do nothing here. The claim is "
        f"compared with {used}. {SYNTHETIC}"
    )
    return Table(
        "Catalogue rows", ("row", "factory", "end use", "type", "status", "size", f"desk figure, {claim.unit}"), rows, note, 5
    )


def _columns(park: Park, kpi: str) -> Table:
    meters = {component.place: name for name, component in park.components.items() if isinstance(component, Meter)}
    rows = []
    for name, factory in sorted(park.assessed().items()):
        ports = factory.declared_ports()
        for carrier, direction in CARRIERS[kpi]:
            if carrier == "electricity" and factory.place in meters:
                meter = meters[factory.place]
                rows.append((name, carrier, f"{meter}.import_" + (f", {meter}.export" if kpi.startswith("money") else "")))
                continue
            own = [port for port, made in ports.items() if made.carrier == carrier and made.direction == direction]
            if own:
                rows.append((name, carrier, ", ".join(own)))
    note = (
        "Ports of the component of that name, or of its meter; read by day and tariff band, in the scenario and the baseline."
    )
    return Table("Meter columns", ("factory", "carrier", "columns"), rows, note, 3)


def _prices(kpi: str, context: Context, park: Park) -> Table:
    factors, prices = context.factors, context.prices
    rows: list[tuple[str, str, str]] = []
    if kpi == "lpg_assessed_t":
        rows.append(("LPG", f"{factors.fuel_ncv_gj_per_t['lpg']:g} GJ/t", "fuel_ef_ipcc2006.csv"))
    if kpi == "co2_assessed_t":
        rows.append(("electricity", f"{factors.grid_tco2_per_mwh:g} t/MWh of {factors.grid_year}", "grid_ef_vietnam.csv"))
        rows += [(fuel, f"{factors.kgco2_per_gj(fuel):g} kg CO2e/GJ", "fuel_ef_ipcc2006.csv") for fuel in FUELS]
    if kpi == "money_assessed_vnd":
        for voltage in sorted({factory.voltage_class for factory in park.assessed().values()}):
            bands = context.tariff.price_vnd_per_kwh(voltage)
            words = ", ".join(f"{band} {number(price)}" for band, price in bands.items())
            rows.append(
                (f"electricity, {voltage}", f"{words} VND/kWh ({context.tariff.decision})", "evn_manufacturing_tou_tariff.csv")
            )
        rows += [(fuel, f"{number(prices.fuel_vnd_per_gj[fuel], 6)} VND/GJ", "fuel_prices_vn.csv") for fuel in FUELS]
        rows.append(("water", f"{number(prices.water_vnd_per_m3, 6)} VND/m3", "water_prices_vn.csv"))
        rows.append(("wastewater", f"{number(prices.wastewater_vnd_per_m3, 6)} VND/m3", "water_prices_vn.csv"))
    if not rows:
        rows.append(("none", "amounts are read as they are", "–"))
    note = "Sources and confidence of each table: eipsim/data/README.md."
    return Table(f"Prices and factors of {context.date}", ("what", "value", "table"), rows, note, 3)
