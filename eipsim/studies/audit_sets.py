"""What sets of published figures say about each other: the rest of a whole, the course of time, parts and totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from ..readers.claim_table import ClaimSet
from ..readers.price_ranges import PriceRanges, Span
from ..summary import number
from .audit_checks import CONSISTENT, IMPOSSIBLE, ONLY_IF, Finding, finding, judged_carbon_price

UNITS = {"electricity": "kWh", "lpg": "t of LPG", "fuel": "GJ of fuel", "water": "m3", "carbon": "t", "money": "M VND"}
"""How amounts are told by role."""

IN_UNIT = {"money": 1e-6}

HEAVY = 5.0
"""From how many times the yield of those before on those that came later have to be explained."""

SAME_FRAC = 0.005
"""How near a sum must come to a total to be taken for it."""


def told(role: str, value: float, most: int = 7) -> str:
    """Return an amount with its unit, with at most so many digits."""
    return f"{number(IN_UNIT.get(role, 1.0) * value, most)} {UNITS[role]}"


def _word(one: ClaimSet) -> str:
    return one.scope.rsplit(maxsplit=1)[-1]


def rest_findings(sets: Sequence[ClaimSet], prices: PriceRanges, year: int) -> Iterator[Finding]:
    """Compare what was found in a park with what was carried out of it, and say what the open rest must be like."""
    for whole in sets:
        for done in sets:
            if whole.park != done.park or _word(whole) != "found" or _word(done) != "implemented":
                continue
            for role in UNITS:
                if role not in whole.amounts or role not in done.amounts:
                    continue
                all_of, some = whole.amounts[role], done.amounts[role]
                if some.low > all_of.high:
                    reason = f"{told(role, some.value)} were carried out of {told(role, all_of.value)} that were found."
                    yield Finding(whole.label, "done and found", IMPOSSIBLE, reason, f"{all_of.claim} {some.claim}")
                    continue
                done_percent = 100 * some.value / all_of.value
                says = f"{told(role, some.value)} of {told(role, all_of.value)} are carried out ({done_percent:.1f} %)"
                counts = whole.counted, done.counted
                if not all(counts) or counts[0] is None or counts[1] is None or counts[0][0] <= counts[1][0]:
                    yield Finding(whole.label, "done and found", CONSISTENT, f"{says}.", f"{all_of.claim} {some.claim}")
                    continue
                open_count = counts[0][0] - counts[1][0]
                each, before = (all_of.value - some.value) / open_count, some.value / counts[1][0]
                times = each / before
                says += f", by {counts[1][0]} of {counts[0][0]} measures"
                verdict = ONLY_IF if times >= HEAVY else CONSISTENT
                means = (
                    f"only if the {open_count} open ones are {times:.0f} times as large" if times >= HEAVY else "the others are"
                )
                reason = f"{says}: {means}, {told(role, each, 3)} each against {told(role, before, 3)}."
                if role == "carbon" and times >= HEAVY:
                    reason = reason.replace("as large", "as carbon-heavy")
                yield Finding(whole.label, "open measures", verdict, reason, f"{all_of.claim} {some.claim}")
            if {"carbon", "money"} <= whole.amounts.keys() & done.amounts.keys():
                yield _open_price(whole, done, prices, year)


def _open_price(whole: ClaimSet, done: ClaimSet, prices: PriceRanges, year: int) -> Finding:
    """Judge money and CO2 of what is open."""
    spans = {
        role: Span(whole.amounts[role].low - done.amounts[role].high, whole.amounts[role].high - done.amounts[role].low)
        for role in ("money", "carbon")
    }
    verdict, reason = judged_carbon_price(whole, spans["money"], spans["carbon"], prices, year)
    claims = " ".join(one.amounts[role].claim for role in ("money", "carbon") for one in (whole, done))
    return Finding(whole.label, "money and CO2 of the open ones", verdict, f"Of the rest: {reason}", claims)


def time_findings(sets: Sequence[ClaimSet]) -> Iterator[Finding]:
    """Compare totals of one park or programme with later ones."""
    totals = [one for one in sets if _word(one) != "found"]
    for one, other in combinations(totals, 2):
        before, after = sorted((one, other), key=lambda each: each.first_day)
        if before.park != after.park or before.last_day >= after.first_day or before.counted is None or after.counted is None:
            continue
        (few, what), (many, kind) = before.counted, after.counted
        alike = what == kind or {what, kind} <= {"enterprises", "firms", "factories"}
        for role in UNITS:
            if role not in before.amounts or role not in after.amounts:
                continue
            early, late = before.amounts[role], after.amounts[role]
            claims = f"{early.claim} {late.claim}"
            says = (
                f"{told(role, early.value)} of {few} {what} ({before.printed}) and {told(role, late.value)} of {many} {kind} "
                f"({after.printed})"
            )
            if late.high < early.low and alike and many >= few:
                reason = f"{says}: the later total is less" + (" and holds more firms." if many > few else ".")
                yield Finding(before.label, "earlier and later", IMPOSSIBLE, reason, claims)
            elif late.high < early.low:
                reason = f"{says}: the later total is less; only if one of them counts what the other leaves out."
                yield Finding(after.label, "earlier and later", ONLY_IF, reason, claims)
            elif alike and many > few:
                times = ((late.value - early.value) / (many - few)) / (early.value / few)
                if times >= HEAVY:
                    reason = (
                        f"{says}: only if each of the {many - few} that came later saves {times:.0f} times as much as one "
                        f"of the {few}."
                    )
                    yield Finding(after.label, "earlier and later", ONLY_IF, reason, claims)


def part_findings(sets: Sequence[ClaimSet]) -> Iterator[Finding]:
    """Compare the totals of a programme with the parks that they hold."""
    for whole in sets:
        parts = [one for one in sets if one.part_of == whole.park]
        for role, total in whole.amounts.items():
            held = [one for one in parts if role in one.amounts]
            later = [one for one in held if one.first_day > whole.last_day]
            for one in later:
                part = one.amounts[role]
                if part.low > total.high:
                    reason = (
                        f"{told(role, part.value)} of {one.park} alone ({one.printed}) are more than the "
                        f"{told(role, total.value)} of all ({whole.printed}): only if at least "
                        f"{told(role, part.value - total.value)} of {one.park} came later."
                    )
                    yield Finding(whole.label, "part and total", ONLY_IF, reason, f"{total.claim} {part.claim}")
            known = [one for one in held if one.first_day <= whole.first_day]
            if len(known) < 2:
                continue
            amount = sum(one.amounts[role].value for one in known)
            low = sum(one.amounts[role].low for one in known)
            says = f"{', '.join(one.park for one in known)} sum to {told(role, amount)} of {told(role, total.value)}"
            claims = " ".join([total.claim, *(one.amounts[role].claim for one in known)])
            if low > total.high:
                yield Finding(
                    whole.label, "parts and total", IMPOSSIBLE, f"{says}: parts can't be more than the total.", claims
                )
            elif abs(amount / total.value - 1) <= SAME_FRAC:
                reason = f"{says}: only if nothing else is counted in it, as if it had been added up from these."
                yield Finding(whole.label, "parts and total", ONLY_IF, reason, claims)
            else:
                yield finding(whole, "parts and total", CONSISTENT, f"{says} ({100 * amount / total.value:.0f} %).", role)
