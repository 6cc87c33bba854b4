import math
from dataclasses import replace

import pytest

from eipsim.claims import Shown, claims_table, published_claims
from eipsim.kpis import KPIS, Saving
from eipsim.results import KpiRow, Results
from eipsim.summary import SYNTHETIC, amount, headline, number, percent, span, tables
from eipsim.tabulation import DESK

NAN = math.nan
SUMS = {
    "co2_assessed_t": (36_250.0, 32_620.0),
    "money_assessed_vnd": (79.2e9, 63.36e9),
    "electricity_assessed_kwh": (4e7, 3.6e7),
}


def saving(scenario, kpi):
    naive, saved = SUMS.get(kpi, (NAN, 0.0))
    if scenario == "implemented_60":
        naive, saved = naive / 20, saved / 20
    return Saving(
        scenario, kpi, KPIS[kpi].unit, naive, 1.1 * naive if kpi in DESK else NAN, saved, 0.9 * saved, 1.1 * saved, saved, 2
    )


def results(**changes):
    savings = [saving(scenario, kpi) for scenario in ("implemented_60", "all_159") for kpi in KPIS]
    shown = {(row.scenario, row.kpi): Shown(row.naive_sum, row.saving, row.low, row.high) for row in savings}
    held = {"curtailed_kwh": 250.0, "solar_kwh": 750.0, "tank_alarms_count": 4.0, "lost_production_assessed_h": 120.0}
    kpis = [
        KpiRow(scenario, r, kpi, KPIS[kpi].unit, held.get(kpi, 1000.0 * r if kpi == "spill_m3" else 0.0))
        for scenario in ("baseline", "implemented_60", "all_159")
        for r in (0, 1)
        for kpi in KPIS
    ]
    manifest = {
        "hours": 8760.0,
        "baseline": "baseline",
        "replications": 2,
        "measures": {"baseline": 0, "implemented_60": 60, "all_159": 159},
        "units": {"baseline": [], "implemented_60": [], "all_159": []},
        "paired_spread_frac": {"implemented_60": 0.02, "all_159": 0.05},
    } | changes.pop("manifest", {})
    claims = claims_table(published_claims(), shown, {"amata_measures_found": 159.0}, **changes)
    return Results("tiny", tuple(claims), tuple(savings), tuple(kpis), (), (), (), manifest)


def one(title, **changes):
    (table,) = [table for table in tables(results(**changes)) if table.title.startswith(title)]
    return table


def test_what_only_some_parks_have_is_told_where_it_is():
    whole = results()
    kept = [row for row in whole.kpis if not KPIS[row.kpi].needs or (row.kpi == "standby_h" and row.scenario == "all_159")]

    titles = [table.title for table in tables(replace(whole, kpis=[row for row in kept if row.kpi != "standby_h"]))]
    (table,) = [table for table in tables(replace(whole, kpis=kept)) if table.title == "What only some parks have"]

    assert "What only some parks have" not in titles
    assert table.columns == ("kpi", "unit", "baseline", "implemented_60", "all_159")
    assert table.rows == [("standby_h", "h", "–", "–", "0")]


def test_an_amount_that_is_rounding_of_greater_ones_is_nothing():
    assert [amount(value) for value in (3e-14, -5e-16, 2e-6, 0.0, NAN)] == ["0", "0", "0.000002", "0", "–"]
    assert span(-4e-12, 3e-14) == "0 to 0"
    assert number(3e-14) == "3e-14"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_871_000.4, "1,871,000"),
        (36_256.0, "36,256"),
        (79.2, "79.2"),
        (5.6, "5.6"),
        (0.012345678, "0.01235"),
        (100.0, "100"),
        (0.0, "0"),
        (-0.0, "0"),
        (-12.5, "-12.5"),
        (3e-16, "3e-16"),
        (NAN, "–"),
    ],
)
def test_numbers_are_written_for_people(value, text):
    assert number(value) == text


def test_fractions_are_written_as_percentages():
    assert percent(0.123) == "12 %"
    assert percent(NAN) == "–"


def test_the_headline_says_how_much_of_the_promise_appears():
    text = headline(results())

    assert text[1] == (
        "all_159: the desk promises 36,250 t CO2e and 79.2 bn VND a year; at the meters 32,620 t (29,358 to 35,882) and "
        "63.36 bn VND (57.02 to 69.7) appear: 90 % and 80 %."
    )
    assert text[-1] == SYNTHETIC


def test_the_headline_gives_both_readings_of_the_published_potential():
    (text,) = [line for line in headline(results()) if line.startswith("Of 36,256")]

    assert text == (
        "Of 36,256 t and 79.2 bn VND potential, read as the sum of a catalogue, 32,625 t and 63.36 bn VND would appear at the "
        "meters. Read as what meters would show, the catalogue would have to promise 40,291 t and 99 bn VND, in proportion."
    )


def test_the_reading_that_was_not_calibrated_is_in_proportion():
    (text,) = [line for line in headline(results(reversed_basis=True)) if line.startswith("Of 36,256")]

    assert "would appear at the meters, in proportion." in text
    assert text.endswith("99 bn VND.")


def test_the_headline_tells_of_curtailment_losses_and_alarms():
    text = " ".join(headline(results()))

    assert "25.0 % of the solar electricity (0.25 MWh) finds no taker" in text
    assert "cost the assessed factories 120 line hours" in text
    assert "raises 4 alarms, and wastewater spills in 50 % of the replications" in text


def test_a_shorter_horizon_is_not_called_a_year():
    assert "79.2 bn VND in 168 h;" in headline(results(manifest={"hours": 168.0}))[1]


def test_claims_are_shown_on_their_basis_beside_the_meters():
    table = one("Claims")

    assert table.columns[7] == "95 % interval (chance only, inputs fixed)"
    assert dict((row[0], row[1:]) for row in table.rows)["amata_159_co2"] == (
        "t/yr", "catalogue", "36,256", "36,250", "-0.02 %", "32,620", "29,358 to 35,882", "calibrated",
    )  # fmt: skip


def test_counts_are_claims_too():
    rows = {row[0]: row for row in one("Claims").rows}

    assert rows["amata_measures_found"][2:7] == ("count", "159", "159", "+0.00 %", "159")


def test_the_three_sums_stand_side_by_side():
    table = one("Savings of all_159: 159 measures")

    row = {row[0]: row[1:] for row in table.rows}["electricity_assessed_kwh"]
    assert table.columns[2:5] == ("naive catalogue sum", "sum of measures alone", "simulated together")
    assert row == ("MWh", "40,000", "44,000", "36,000", "32,400 to 39,600", "90 %", "36,000")
    assert "leave 5.0 % of the spread" in table.note


def test_years_show_what_is_rare_by_median_range_and_share():
    rows = {row[0]: row for row in one("Years as they were").rows}

    assert rows["spill_m3"][2] == "500 (0 to 1,000; 50 %)"
    assert rows["solar_kwh"][1:3] == ("MWh", "0.75")


def test_figures_of_later_versions_are_not_simulated_yet():
    table = one("Other published figures")

    assert {row[2] for row in table.rows} == {"not simulated yet"}
    assert "score 2024 86 %" in {row[0]: row[1] for row in table.rows}["amata"]
    assert "water per jean 1.5 L" in {row[0]: row[1] for row in table.rows}["saitex"]


def test_every_table_has_a_cell_for_every_column():
    for table in tables(results()):
        assert {len(row) for row in table.rows} == {len(table.columns)}
