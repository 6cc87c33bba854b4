"""What one set of published figures says about itself: its factor, its money, its capital."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from ..readers.claim_table import ClaimSet
from ..readers.price_ranges import PriceRanges, Span
from ..summary import number, span

CONSISTENT, NEEDS, ONLY_IF, IMPOSSIBLE = "consistent", "needs factor", "consistent only if", "impossible"
"""Verdicts on a set of figures; of `NEEDS` the factor and its year follow."""

FACTOR_TOLERANCE_FRAC = 0.01
"""How far an implied grid factor may be from a dated one: as far as reading 5.6 t of LPG as CO2 moves the 1,588 t."""

YEARS_BEFORE = 2
"""For how many years before its date a figure may speak of, and how late grid factors are announced [yr]."""

LONGEST_PAYBACK_YR = 25.0
"""Beyond this money would not come back in the life of any equipment [yr]."""


class Finding(NamedTuple):
    """One verdict on one set of figures.

    Parameters
    ----------
    set : str
        Its label.
    check : str
        What was compared.
    verdict : str
        One of `CONSISTENT`, `NEEDS`, `ONLY_IF`, `IMPOSSIBLE`.
    reason : str
        A sentence with the numbers.
    claims : str
        Names of the figures, with blanks between.
    """

    set: str
    check: str
    verdict: str
    reason: str
    claims: str


def finding(one: ClaimSet, check: str, verdict: str, reason: str, *roles: str) -> Finding:
    """Return a finding about some of the amounts of a set."""
    return Finding(
        one.label, check, verdict, reason, " ".join(one.amounts[role].claim for role in roles if role in one.amounts)
    )


def direct_t(one: ClaimSet, prices: PriceRanges) -> Span:
    """Return the CO2 of the fuels that a set names; of fuel without a name from the leanest to the richest [t/yr]."""
    low = high = 0.0
    if lpg := one.amounts.get("lpg"):
        each = prices.fuels["lpg"].ncv_gj_per_t * prices.fuels["lpg"].kgco2_per_gj / 1000.0
        low, high = low + each * lpg.low, high + each * lpg.high
    if fuel := one.amounts.get("fuel"):
        factors = [each.kgco2_per_gj / 1000.0 for each in prices.fuels.values()]
        low, high = low + min(factors) * fuel.low, high + max(factors) * fuel.high
    return Span(low, high)


def implied_factor(one: ClaimSet, prices: PriceRanges) -> Span | None:
    """Return the grid factor that CO2 and electricity of a set imply, None if it lacks one of them [t/MWh]."""
    carbon, electricity = one.amounts.get("carbon"), one.amounts.get("electricity")
    if carbon is None or electricity is None:
        return None
    fuels = direct_t(one, prices)
    return Span((carbon.low - fuels.high) / electricity.high * 1000.0, (carbon.high - fuels.low) / electricity.low * 1000.0)


def fitting_years(one: ClaimSet, prices: PriceRanges) -> list[int]:
    """Return the years, the newest first, whose grid factor explains the CO2 of a set and which do not lie after it."""
    implied = implied_factor(one, prices)
    if implied is None:
        return []
    low, high = implied.low * (1 - FACTOR_TOLERANCE_FRAC), implied.high * (1 + FACTOR_TOLERANCE_FRAC)
    past = ((year, factor) for year, factor in prices.grid_tco2_per_mwh.items() if year <= one.last_day.year)
    return sorted((year for year, factor in past if low <= factor <= high), reverse=True)


def energy_vnd(one: ClaimSet, prices: PriceRanges) -> Span:
    """Return what electricity, fuels and water of a set cost at the prices of the years before it [VND/yr]."""
    low = high = 0.0
    each: dict[str, Span] = {"electricity": electricity_price(one, prices), "water": prices.water_vnd_per_m3}
    lpg, fuels = prices.fuels["lpg"], prices.fuels.values()
    each["lpg"] = Span(*(lpg.ncv_gj_per_t * price for price in lpg.price_vnd_per_gj))
    each["fuel"] = Span(min(fuel.price_vnd_per_gj.low for fuel in fuels), max(fuel.price_vnd_per_gj.high for fuel in fuels))
    for role, price in each.items():
        if amount := one.amounts.get(role):
            low, high = low + price.low * amount.low, high + price.high * amount.high
    return Span(low, high)


def electricity_price(one: ClaimSet, prices: PriceRanges) -> Span:
    """Return the span of electricity prices in the years that a set may speak of [VND/kWh]."""
    return prices.electricity_span(one.first_day - timedelta(days=round(365.25 * YEARS_BEFORE)), one.last_day)


def factors_named(years: list[int], prices: PriceRanges) -> str:
    """Return "0.8458 of 2019 or …"."""
    return " or ".join(f"{prices.grid_tco2_per_mwh[year]:.4f} of {year}" for year in years)


def carbon_finding(one: ClaimSet, prices: PriceRanges) -> Iterator[Finding]:
    """Compare CO2 with electricity, at every grid factor that was known."""
    implied = implied_factor(one, prices)
    if implied is None:
        return
    carbon, electricity = one.amounts["carbon"], one.amounts["electricity"]
    roles = ("carbon", "electricity", "lpg", "fuel")
    past = {year: f for year, f in prices.grid_tco2_per_mwh.items() if year <= one.last_day.year} or prices.grid_tco2_per_mwh
    fuels = direct_t(one, prices)
    without = f" without the {span(fuels.low, fuels.high)} t of its fuels" if fuels.high else ""
    gwh = f"{number(electricity.value / 1e6)} GWh"
    middle = 0.5 * (implied.low + implied.high)
    says = f"{number(carbon.value, 5)} t{without} over {gwh} are {middle:.4f} t/MWh"
    if years := fitting_years(one, prices):
        recent = [year for year in years if one.first_day.year - year <= YEARS_BEFORE]
        used = recent or years
        verdict = CONSISTENT if recent else f"{NEEDS} {factors_named(used, prices)}"
        gaps = ", ".join(f"{100 * (prices.grid_tco2_per_mwh[year] / middle - 1):+.1f} %" for year in used)
        reason = f"{says}: the grid factor {factors_named(used, prices)} fits ({gaps})."
        yield finding(one, "CO2 and electricity", verdict, reason, *roles)
        return
    most = max(past, key=lambda year: past[year])
    if implied.high < past[most]:
        nearest_year = min(past, key=lambda year: abs(past[year] - middle))
        reason = (
            f"{says}, which no year's grid factor is (nearest {factors_named([nearest_year], prices)}): only if part of the "
            "electricity was counted with another factor."
        )
        yield finding(one, "CO2 and electricity", ONLY_IF, reason, *roles)
        return
    grid_t = past[most] * electricity.high / 1000.0
    rest_t = carbon.low - fuels.high - grid_t
    says = f"{gwh} avoid at most {number(grid_t)} t (factor {factors_named([most], prices)})"
    money = one.amounts.get("money")
    if money is None:
        reason = f"{says}: only if fuels or materials that are not named avoid the other {number(rest_t)} t."
        yield finding(one, "CO2 and electricity", ONLY_IF, reason, *roles)
        return
    carrier, bought_t = max(
        ((name, money.high / fuel.price_vnd_per_gj.low * fuel.kgco2_per_gj / 1000.0) for name, fuel in prices.fuels.items()),
        key=lambda pair: pair[1],
    )
    amount = f"{number(money.value / 1e6)} M VND"
    if rest_t > bought_t:
        reason = (
            f"{says}; the other {number(rest_t)} t can't come from fuel, for all {amount} a year buy fuel of no more than "
            f"{number(bought_t)} t ({carrier} at its lowest price)."
        )
        yield finding(one, "CO2 and electricity", IMPOSSIBLE, reason, *roles, "money")
        return
    reason = f"{says}: only if fuels or materials that are not named avoid at least {number(rest_t)} t more."
    yield finding(one, "CO2 and electricity", ONLY_IF, reason, *roles, "money")


def money_finding(one: ClaimSet, prices: PriceRanges) -> Iterator[Finding]:
    """Compare money with electricity, fuels and water at the prices of the years before."""
    money = one.amounts.get("money")
    named = [role for role in ("electricity", "lpg", "fuel", "water") if role in one.amounts]
    if money is None or not named:
        return
    worth = energy_vnd(one, prices)
    words = ", ".join({"lpg": "LPG"}.get(role, role) for role in named)
    says = f"at the prices of the years before, {words} come to {span(worth.low / 1e6, worth.high / 1e6)} M VND a year"
    amount = f"{number(money.value / 1e6)} M VND"
    roles = ("money", *named)
    if money.low > worth.high:
        low, high = money.value - worth.high, money.value - worth.low
        reason = (
            f"{says}, {amount} were saved: only if {100 * low / money.value:.0f} to "
            f"{100 * high / money.value:.0f} % of the money are materials, chemicals, waste, labour or upkeep."
        )
        yield finding(one, "money and prices", ONLY_IF, reason, *roles)
    elif money.high < worth.low:
        taken = number((worth.low - money.value) / 1e6)
        reason = f"{says}, {amount} were saved: only if new costs of {taken} M VND were taken off."
        yield finding(one, "money and prices", ONLY_IF, reason, *roles)
    else:
        yield finding(one, "money and prices", CONSISTENT, f"{says}, {amount} were saved.", *roles)


def capital_finding(one: ClaimSet, prices: PriceRanges) -> Iterator[Finding]:
    """Compare what was invested with what is saved a year."""
    capital, money = one.amounts.get("capital"), one.amounts.get("money")
    if capital is None or money is None:
        return
    payback = capital.value / money.value
    says = f"{number(capital.value / 1e6)} M VND come back in {number(payback, 2)} years"
    if capital.low / money.high > LONGEST_PAYBACK_YR:
        reason = f"{says}, longer than equipment lasts: only if something else than this money paid for it."
        yield finding(one, "capital and money", ONLY_IF, reason, "capital", "money")
    else:
        yield finding(one, "capital and money", CONSISTENT, f"{says}.", "capital", "money")


def carbon_price_finding(one: ClaimSet, prices: PriceRanges, year: int) -> Iterator[Finding]:
    """Compare money with CO2 where no energy is named, as if all were electricity."""
    carbon, money = one.amounts.get("carbon"), one.amounts.get("money")
    if carbon is None or money is None or "electricity" in one.amounts:
        return
    spans = Span(money.low, money.high), Span(carbon.low, carbon.high)
    verdict, reason = judged_carbon_price(one, *spans, prices, year)
    yield finding(one, "money and CO2", verdict, reason, "money", "carbon")


def judged_carbon_price(one: ClaimSet, money: Span, carbon: Span, prices: PriceRanges, year: int) -> tuple[str, str]:
    """Return verdict and reason for money and CO2 that come without energy.

    Parameters
    ----------
    one : ClaimSet
        Gives the date.
    money, carbon : Span
        [VND/yr, t/yr].
    prices : PriceRanges
        What to compare with.
    year : int
        Of the grid factor.
    """
    factor = prices.grid_tco2_per_mwh[year]
    price = electricity_price(one, prices)
    low, high = money.low / carbon.high / 1000.0, money.high / carbon.low / 1000.0
    middle_t, middle_vnd = 0.5 * (carbon.low + carbon.high), 0.5 * (money.low + money.high)
    per_kg = middle_vnd / middle_t / 1000.0
    gwh, per_kwh = middle_t / factor / 1000.0, per_kg * factor
    cheapest = min(fuel.price_vnd_per_gj.low / fuel.kgco2_per_gj for fuel in prices.fuels.values())
    if high < min(cheapest, price.low / max(prices.grid_tco2_per_mwh.values())):
        return IMPOSSIBLE, (
            f"{number(per_kg)} VND for each kg of CO2 is less than the cheapest fuel costs ({number(cheapest)} VND/kg)."
        )
    says = (
        f"if all {number(middle_t, 5)} t were electricity ({number(gwh, 3)} GWh with the factor of {year}), a kWh would be "
        f"worth {number(per_kwh)} VND"
    )
    bounds = f"{span(price.low, price.high)} VND were paid"
    if low * factor > price.high:
        most = 100 * price.high / (low * factor)
        return ONLY_IF, (
            f"{says}, where {bounds}: only if fuel, water, materials or labour bring most of the money, for electricity would "
            f"bring {most:.0f} % of it."
        )
    if high * factor < price.low:
        return ONLY_IF, f"{says}, where {bounds}: only if much of it is coal or another fuel that is cheap for its carbon."
    return ONLY_IF, (
        f"{says}, as {bounds}: only if most of it is electricity or solar power, or cheap fuel and dear water are mixed."
    )
