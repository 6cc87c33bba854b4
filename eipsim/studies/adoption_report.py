"""Tells what firms take by themselves and under policies as tables of text and sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ..summary import Table, number, percent, shown_unit, span
from .adoption import AdoptionSettings
from .adoption_outcome import NONE, Adoption
from .adoption_run import SimulatedRow

SHOWN = 8
"""Measures that are printed at either end; the table of all is a file."""


def adoption_tables(found: Adoption, simulated: Sequence[SimulatedRow]) -> Iterator[Table]:
    """Return what is taken by policy, the likeliest and least likely measures, and the adopters that were simulated."""
    yield _policies(found)
    if len(found.policies) > 1:
        yield _added(found)
    yield _measures(found)
    if simulated:
        yield _simulated(simulated)


def _policies(found: Adoption) -> Table:
    rows = [
        (
            one.policy, number(one.taken, 3), span(one.taken_low, one.taken_high), number(one.saving_kwh / 1e3),
            number(one.saving_m3), number(one.saving_vnd / 1e6), number(one.saving_co2_t),
            span(one.saving_co2_low_t, one.saving_co2_high_t),
        )
        for one in found.policies
    ]  # fmt: skip
    columns = ("policy", "taken", "from … to", "MWh/yr", "m3/yr", "M VND/yr", "t CO2/yr", "from … to")
    note = (
        f"Expected of {len(found.offers.names)} measures, single savings added up. From … to: 90 % of draws of who takes what "
        "and of how sharply payback decides."
    )
    return Table("What firms take", columns, rows, note, 1)


def _added(found: Adoption) -> Table:
    rows = [
        (
            one.policy, number(one.added_co2_t), span(one.added_co2_low_t, one.added_co2_high_t), number(one.capital_vnd / 1e6),
            number(one.subsidy_vnd / 1e6), percent(one.free_rider_frac), number(one.subsidy_vnd_per_t / 1e6, 3),
        )
        for one in found.policies
        if one.policy != NONE
    ]  # fmt: skip
    columns = ("policy", "more t CO2/yr", "from … to", "capital M VND", "subsidy M VND", "free riders", "M VND per t/yr")
    note = (
        "Against no policy, by the same draws. Free riders: share of the subsidy for what would have been done anyway. Last: "
        "subsidy over the yearly tonnes that it adds."
    )
    return Table("What policies add", columns, rows, note, 1)


def _measures(found: Adoption) -> Table:
    names = [one.policy for one in found.policies]
    ordered = sorted(found.measures, key=lambda row: (-row.likely_frac[0], row.measure))
    shown = ordered if len(ordered) <= 2 * SHOWN else [*ordered[:SHOWN], *ordered[-SHOWN:]]
    rows = [
        (
            row.measure, row.status, "never" if math.isinf(row.payback_yr) else number(row.payback_yr, 3),
            number(row.capital_vnd / 1e6), *(percent(one) for one in row.likely_frac),
        )
        for row in shown
    ]  # fmt: skip
    note = f"The likeliest and the least likely of {len(ordered)}; payback with the firm's own work in the capital."
    return Table("Measures", ("row", "status", "payback yr", "capital M VND", *names), rows, note, 2)


def _simulated(simulated: Sequence[SimulatedRow]) -> Table:
    rows = []
    for policy, kpi in dict.fromkeys((row.policy, row.kpi) for row in simulated):
        own = [row for row in simulated if (row.policy, row.kpi) == (policy, kpi)]
        scale, unit = shown_unit(own[0].unit)
        added, together = (math.fsum(values) / len(own) for values in ([r.added_up for r in own], [r.simulated for r in own]))
        gap = percent(together / added - 1.0, 1) if added else "–"
        taken = number(math.fsum(row.taken for row in own) / len(own), 3)
        saves = f"{kpi.rsplit('_', 1)[0].replace('_', ' ')} [{unit}]"
        rows.append((policy, taken, saves, number(scale * added), number(scale * together), gap))
    count = len({row.draw for row in simulated})
    note = f"Mean of {count} {'draw' if count == 1 else 'draws'} of adopters, each with its own replication."
    return Table(
        "Drawn adopters, simulated together",
        ("policy", "taken", "saves a year", "added up", "at the meters", "gap"),
        rows,
        note,
        3,
    )


def adoption_sentences(found: Adoption, settings: AdoptionSettings) -> list[str]:
    """Return the finding, and how well the model knows the catalogue."""
    fit, policies, implemented = found.fit, found.policies, int(found.offers.is_implemented.sum())
    told = [
        f"Left to themselves firms take {number(policies[0].taken, 3)} of {len(found.offers.names)} measures "
        f"({percent(fit.share_frac, 1)}, as calibrated) and avoid {number(policies[0].saving_co2_t)} t CO2 a year of "
        f"{number(float(found.offers.saving_co2_t.sum()))} t."
    ]
    others = [one for one in policies if one.policy != NONE]
    if others:
        best = max(others, key=lambda one: one.added_co2_t)
        more = span(best.added_co2_low_t, best.added_co2_high_t)
        told.append(f"{best.policy} adds most: {number(best.added_co2_t)} t a year ({more}).")
    told.append(
        f"Against the status column: the logit finds {fit.hits_count} of {implemented} implemented rows "
        f"among as many of its likeliest, ranks an implemented above a proposed row in {percent(fit.concordant_frac)} of pairs "
        f"(chance: 50 %), and its squared error is {number(fit.brier_frac, 3)} against {number(fit.constant_brier_frac, 3)} of "
        f"one probability for all. Greatest likelihood would be at an exponent of {number(fit.fitted_exponent, 3)} "
        f"(taken: {settings.payback_exponent:g}). The statuses of a synthetic catalogue were drawn: no evidence of real firms."
    )
    return told
