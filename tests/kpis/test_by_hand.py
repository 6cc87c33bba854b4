"""All KPIs of a run of two days that is written down by hand."""

import math
from dataclasses import replace

import pytest
from hand_made import counted, drawn, given, run_of
from small_park import small_park, week

from eipsim.kernel.ports import ALL_LINES
from eipsim.kernel.run import Event
from eipsim.kpis import KPIS, bills, evaluate
from eipsim.kpis.use import Books, books_of, opened

CONTEXT = week()
PRICES = CONTEXT.tariff.price_vnd_per_kwh("22_110")
PARK = small_park()
SOLAR_PARK = PARK.add_solar("denim", 100.0)

COLUMNS = [
    drawn("candles", "lights", "electricity", 10, 20, 30),
    drawn("candles", "pumps", "electricity", 100, 200, 300, line=0, variable=(90, 180, 270)),
    drawn("candles", "air", "electricity", 5, 5, 5, line=ALL_LINES),
    drawn("candles", "boiler_lpg", "lpg", 47.3, 0, 47.3),
    drawn("candles", "oven", "coal", 100, 0, 0),
    drawn("candles", "water", "water", 8, 0, 2),
    given("candles", "waste", "wastewater", 6, 0, 1, line=1),
    counted("candles", "materials", "materials", 1000, 500, 500),
    counted("candles", "output_0", "output", 100, 0, 100, line=0),
    counted("candles", "output_1", "output", 300, 0, 100, line=1),
    counted("candles", "open", "state", 20, 0, 30),
    counted("candles", "run_0", "state", 10, 0, 15),
    counted("candles", "run_1", "state", 20, 0, 25),
    counted("candles", "set_up_0", "state", 5, 0, 5),
    drawn("denim", "lights", "electricity", 50, 50, 50),
    given("solar_denim", "power", "electricity", 60, 0, 20),
    counted("solar_denim", "available", "available", 80, 0, 20),
    given("meter_denim", "import_", "electricity", 10, 50, 35),
    drawn("meter_denim", "export", "electricity", 20, 0, 5),
    drawn("neighbour", "lights", "electricity", 1000, 0, 0),
    drawn("neighbour", "water", "water", 100, 0, 0),
    given("neighbour", "waste", "wastewater", 90, 0, 0),
    given("substation", "supply", "electricity", 1200, 300, 400),
    drawn("substation", "export", "electricity", 20, 0, 5),
    given("water_works", "supply", "water", 108, 0, 2),
    drawn("water_works", "power", "electricity", 20, 0, 1),
    drawn("plant", "inflow", "equalised", 90, 0, 0),
    drawn("plant", "power", "electricity", 40, 40, 40),
    drawn("river", "spill", "wastewater", 5, 0, 0),
    drawn("river", "bypass", "equalised", 0, 2, 0),
]
EVENTS = [
    Event(1.0, "tank", "high", 51.0),
    Event(2.0, "tank", "high_end", 51.0),
    Event(3.0, "candles", "breakdown", 0.0),
    Event(4.0, "feeder", "out", 2.0),
    Event(47.0, "substation", "out", 5.0),
    Event(5.0, "water_works", "out", 8.0),
]
RUN = run_of(COLUMNS, events=EVENTS, series={"substation.supply": [30, 80, 50]}, residuals={"a": 1e-16, "b": 3e-15})

EXPECTED = {
    "electricity_assessed_kwh": 60 + 600 + 15 + 95,
    "electricity_park_kwh": 1900,
    "peak_park_kw": 80,
    "lpg_assessed_t": 2.0,
    "lpg_park_t": 2.0,
    "other_fuel_assessed_gj": 100,
    "other_fuel_park_gj": 100,
    "solar_kwh": 80,
    "curtailed_kwh": 20,
    "exported_kwh": 25,
    "plant_electricity_kwh": 120,
    "pumping_kwh": 21,
    "co2_assessed_t": (94.6 * 63.1 + 100 * 94.6) / 1000 + 0.770 * 0.8458,
    "co2_park_t": (94.6 * 63.1 + 100 * 94.6) / 1000 + 1.900 * 0.8458,
    "water_assessed_m3": 10,
    "water_park_m3": 110,
    "wastewater_assessed_m3": 7,
    "wastewater_park_m3": 97,
    "treated_m3": 90,
    "spill_m3": 7,
    "tank_alarms_count": 1,
    "operator_fees_vnd": 97 * CONTEXT.prices.wastewater_vnd_per_m3,
    "operator_electricity_vnd": (20 + 40 + 1 + 40) * PRICES["peak"] + 40 * PRICES["offpeak"],
    "run_assessed_h": 70,
    "breakdowns_count": 1,
    "feeder_outage_h": 2 + 1,
    "balance_residual_frac": 3e-15,
    "unserved_h": (25 - 20) + (45 - 40),
    "lost_production_assessed_h": (50 - 35) + 5 + (50 - 45) + 5,
    "output_assessed_frac": (200 / 500 + 400 / 500) / 2,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_kpi_agrees_with_the_sum_on_paper(name):
    assert KPIS[name].total(RUN, SOLAR_PARK, CONTEXT) == pytest.approx(EXPECTED[name], rel=1e-12)


def test_electricity_is_billed_by_band_and_export_earns():
    regime = replace(CONTEXT.solar_regime, price_vnd_per_kwh=1000.0)

    bill = {item.item: item for item in bills(RUN, SOLAR_PARK, replace(CONTEXT, solar_regime=regime))["denim"]}

    assert bill["electricity_peak"][1:] == (45.0, "kWh", 45 * PRICES["peak"])
    assert bill["electricity_offpeak"].amount_vnd == 50 * PRICES["offpeak"]
    assert bill["export"][1:] == (-25.0, "kWh", -25_000.0)


def test_the_bill_of_a_factory_adds_up_to_its_money():
    found = evaluate(RUN, SOLAR_PARK, CONTEXT)

    items = [item.amount_vnd for bill in bills(RUN, SOLAR_PARK, CONTEXT).values() for item in bill]

    assert found.kpis["money_assessed_vnd"] == pytest.approx(math.fsum(items), rel=1e-12)


def test_a_bill_names_every_item_with_quantity_and_unit():
    prices = CONTEXT.prices

    bill = bills(RUN, SOLAR_PARK, CONTEXT)["candles"]

    assert {item.item: item[1:] for item in bill if not item.item.startswith("electricity")} == {
        "export": (0.0, "kWh", 0.0),
        "lpg": (94.6, "GJ", pytest.approx(94.6 * prices.fuel_vnd_per_gj["lpg"])),
        "coal": (100.0, "GJ", 100 * prices.fuel_vnd_per_gj["coal"]),
        "water": (10.0, "m3", 10 * prices.water_vnd_per_m3),
        "wastewater": (7.0, "m3", 7 * prices.wastewater_vnd_per_m3),
        "materials": (2000.0, "VND", 2000.0),
    }


def test_money_that_leaves_the_park_holds_no_fee():
    kpis = evaluate(RUN, SOLAR_PARK, CONTEXT).kpis
    neighbour = 1000 * PRICES["peak"] + 100 * CONTEXT.prices.water_vnd_per_m3

    assert kpis["money_park_vnd"] == pytest.approx(
        kpis["money_assessed_vnd"] - 7 * CONTEXT.prices.wastewater_vnd_per_m3 + neighbour + kpis["operator_electricity_vnd"]
    )


def test_a_site_with_a_meter_is_read_there_and_not_at_its_end_uses():
    assert Books(RUN, SOLAR_PARK).use("denim").electricity_kwh == {"offpeak": 50.0, "peak": 45.0}
    assert Books(RUN, PARK).use("denim").electricity_kwh == {"offpeak": 50.0, "peak": 100.0}


def test_what_a_line_causes_is_told_apart():
    caused = Books(RUN, SOLAR_PARK).caused("candles")

    assert sorted(caused) == [ALL_LINES, 0, 1]
    assert sum(caused[0].electricity_kwh.values()) == 540.0
    assert sum(caused[ALL_LINES].electricity_kwh.values()) == 15.0
    assert caused[1].wastewater_m3 == 7.0


def test_all_lines_together_have_made_their_hours_at_full_rate():
    made = Books(RUN, SOLAR_PARK).made("candles", SOLAR_PARK.factory("candles"))

    assert made == {0: 200.0, 1: 400.0, ALL_LINES: 200 / 10 + 400 / 10}


def test_the_outcome_holds_what_equal_production_needs():
    found = evaluate(RUN, SOLAR_PARK, CONTEXT).factories

    assert found["candles"].assessed
    assert not found["neighbour"].assessed
    assert found["candles"].used["electricity_kwh"] == 675.0
    assert found["candles"].lines["0"].caused["electricity_kwh"] == 540.0
    assert found["candles"].lines["0"].caused["bill_vnd"] == pytest.approx(360 * PRICES["peak"] + 180 * PRICES["offpeak"])


def test_lost_hours_cost_their_margin_less_the_set_up_they_would_have_held():
    units = 10 * (15 * 25 / 35 + 5) + 10 * (5 + 5)

    assert evaluate(RUN, SOLAR_PARK, CONTEXT).kpis["lost_margin_assessed_vnd"] == pytest.approx(units * 50_000)


def test_a_day_in_which_every_line_stands_still_costs_its_whole_margin():
    idle = run_of([counted("denim", "open", "state", 24, 0, 0)])

    assert KPIS["lost_margin_assessed_vnd"].total(idle, PARK, CONTEXT) == pytest.approx(2 * 24 * 10 * 50_000)


def test_a_substation_that_was_not_recorded_has_no_peak():
    assert math.isnan(KPIS["peak_park_kw"].total(run_of(COLUMNS), SOLAR_PARK, CONTEXT))


def test_without_working_hours_there_is_no_share_of_full_output():
    assert math.isnan(KPIS["output_assessed_frac"].total(run_of([counted("denim", "open", "state", 0, 0, 0)]), PARK, CONTEXT))


def test_open_books_are_read_by_all_kpis_and_closed_afterwards():
    with opened(RUN, PARK) as books:
        assert books_of(RUN, PARK) is books
        assert books_of(RUN, SOLAR_PARK) is not books

    assert books_of(RUN, PARK) is not books


def test_every_kpi_is_taken_of_a_run():
    assert list(evaluate(RUN, SOLAR_PARK, CONTEXT).kpis) == [name for name, one in KPIS.items() if one.is_of(RUN, SOLAR_PARK)]
