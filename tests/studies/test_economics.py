"""What measures are worth, by hand."""

import csv
import math
import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eipsim.errors import ConfigError, DataError
from eipsim.measures.lighting import LightingLed
from eipsim.physics.finance import internal_rate_frac, lasting_annuity_factor_yr
from eipsim.readers.measure_persistence_table import MeasurePersistence
from eipsim.studies import economics
from eipsim.studies.economics import (
    Rates,
    abatement_curve,
    cash_flow,
    curve_of,
    flow_payback_yr,
    flows_vnd,
    read_rates,
    road_map,
    worth,
)
from eipsim.studies.economics_report import economics_tables

RATES = Rates(0.10, 0.05, 0.20, {"A": (-0.1, 0.1), "B": (-0.2, 0.3), "C": (-0.3, 0.5)})


def measure(name="M1", *, capital_vnd=100_000.0, yearly_cost_vnd=0.0, life_yr=10.0, status="proposed", confidence="A"):
    return LightingLed(
        id=name, factory="candles", end_use="lighting", recp_category="equipment_modification", status=status, size=0.5,
        capital_vnd=capital_vnd, yearly_cost_vnd=yearly_cost_vnd, life_yr=life_yr, confidence=confidence,
    )  # fmt: skip


def saved(vnd, *, kwh=0.0, m3=0.0, co2_t=0.0):
    return dict(zip(economics.SAVED, (kwh, m3, co2_t, vnd), strict=True))


def test_a_measure_is_worth_what_the_closed_forms_say():
    row = worth(measure(), saved(20_000.0, kwh=50.0, co2_t=2.0), RATES)

    assert row.npv_vnd == pytest.approx(22_891.342114)
    assert row.irr_frac == pytest.approx(0.150984, abs=1e-6)
    assert row.payback_yr == 5.0
    assert row.discounted_payback_yr == pytest.approx(7.272540897)
    # 100,000 / 6.144567 = 16,274.539 a year
    assert row.cost_vnd_per_kwh == pytest.approx(16_274.539 / 50, rel=1e-6)
    assert row.cost_vnd_per_t == pytest.approx(16_274.539 / 2, rel=1e-6)
    assert row.abatement_vnd_per_t == pytest.approx((16_274.539 - 20_000) / 2, rel=1e-5)
    assert math.isnan(row.cost_vnd_per_m3)


def test_the_interval_takes_least_capital_at_the_lowest_rate_and_most_at_the_highest():
    row = worth(measure(yearly_cost_vnd=1_000.0), saved(20_000.0, co2_t=2.0), RATES)

    # annuities of 10 years: 7.721735 at 5 %, 4.192472 at 20 %
    assert row.abatement_low_vnd_per_t == pytest.approx((90_000 / 7.721735 + 1_000 - 20_000) / 2, rel=1e-6)
    assert row.abatement_high_vnd_per_t == pytest.approx((110_000 / 4.192472 + 1_000 - 20_000) / 2, rel=1e-6)


def test_a_payback_beyond_the_life_never_comes():
    row = worth(measure(life_yr=6.0), saved(20_000.0), RATES)

    assert row.discounted_payback_yr == math.inf
    assert row.npv_vnd < 0


def test_what_decays_and_fails_at_first_is_worth_what_is_left_of_it():
    """Two years at 10 %: 0.8 of 20,000, mended after a year, then half of 20,000; 1,000 a year is spent whatever is left."""
    kept = MeasurePersistence("", 0.0, 0.5, 0.2)
    row = worth(measure(capital_vnd=10_000.0, yearly_cost_vnd=1_000.0, life_yr=2.0), saved(20_000.0, co2_t=2.0), RATES, kept)

    lasting = 0.8 / 1.1 + 0.5 / 1.21
    annuity = 1 / 1.1 + 1 / 1.21
    assert row.npv_vnd == pytest.approx(20_000 * lasting - 1_000 * annuity - 10_000)
    assert row.lasting_frac == pytest.approx(lasting / annuity)
    assert row.irr_frac == pytest.approx(internal_rate_frac([-10_000, 15_000, 9_000]))
    assert row.payback_yr == pytest.approx(10 / 19)
    assert row.abatement_vnd_per_t == pytest.approx((10_000 + 1_000 * annuity - 20_000 * lasting) / (2 * lasting))
    assert row.saving_co2_t == 2.0
    flow = cash_flow([row], {"M1": 0}, RATES)
    assert [year.net_vnd for year in flow] == pytest.approx([-10_000, 15_000, 9_000])
    assert flow[-1].discounted_vnd == pytest.approx(row.npv_vnd)


def test_a_discounted_payback_waits_for_what_decay_and_failure_take():
    sound = worth(measure(), saved(20_000.0), RATES)
    frail = worth(measure(), saved(20_000.0), RATES, MeasurePersistence("", 0.0, 0.02, 0.1))

    assert frail.discounted_payback_yr > sound.discounted_payback_yr == pytest.approx(7.272540897)
    back = frail.discounted_payback_yr
    assert 20_000 * lasting_annuity_factor_yr(0.1, back, 0.02, 0.1) == pytest.approx(100_000)
    assert worth(measure(), saved(20_000.0), RATES, MeasurePersistence("", 0.0, 0.2, 0.0)).discounted_payback_yr == math.inf


def test_what_costs_nothing_is_back_at_once():
    assert worth(measure(capital_vnd=0.0), saved(20_000.0), RATES).discounted_payback_yr == 0.0


def test_a_table_says_what_becomes_of_each_type_if_anything_does():
    kept = MeasurePersistence("", 0.0, 0.5, 0.2)
    rows = [worth(measure(life_yr=2.0), saved(20_000.0), RATES, kept)]
    flow = cash_flow(rows, road_map(rows), RATES)

    named = {table.title: table for table in economics_tables(rows, flow, RATES, [])}

    (line,) = named["What becomes of them with the years"].rows
    assert line[:6] == ("lighting_led", "1", "2", "50.0 %", "20.0 %", "66 %")
    sound = [worth(measure(), saved(20_000.0), RATES)]
    assert "What becomes of them with the years" not in {table.title for table in economics_tables(sound, flow, RATES, [])}


def test_what_saves_nothing_has_no_rate_and_never_comes_back():
    row = worth(measure(), saved(0.0), RATES)

    assert math.isnan(row.irr_frac)
    assert row.payback_yr == math.inf
    assert row.npv_vnd == -100_000


def test_the_last_part_of_a_life_brings_its_part():
    assert flows_vnd(100.0, 40.0, 2.5) == [-100.0, 40.0, 40.0, 20.0]


def test_a_curve_is_ordered_by_cost_and_says_what_it_leaves_out():
    rows = [
        worth(measure("dear"), saved(0.0, co2_t=1.0), RATES),
        worth(measure("none"), saved(9_000.0), RATES),
        worth(measure("cheap"), saved(50_000.0, co2_t=3.0), RATES),
    ]

    steps, left_out = curve_of(rows)

    assert [(step.name, step.start, step.amount) for step in steps] == [("cheap", 0.0, 3.0), ("dear", 3.0, 1.0)]
    assert left_out == ["none"]


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(0.001, 1e6), st.floats(-1e9, 1e9)), max_size=12))
def test_a_curve_climbs_and_is_as_wide_as_its_levers(levers):
    steps, left_out = abatement_curve((str(k), width, cost, cost, cost) for k, (width, cost) in enumerate(levers))

    assert left_out == []
    assert [step.middle for step in steps] == sorted(cost for _, cost in levers)
    if steps:
        assert steps[-1].start + steps[-1].amount == pytest.approx(sum(width for width, _ in levers))


def test_levers_of_industry_are_sorted_and_those_without_numbers_left_out():
    folder = os.environ.get("EIPSIM_VALIDATION_DATA")
    if not folder:
        pytest.skip("EIPSIM_VALIDATION_DATA names no folder of reference data")
    with (Path(folder) / "industry_sector_emissions_levers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    def number(text):
        try:
            return float(text)
        except ValueError:
            return math.nan

    levers = []
    for k, row in enumerate(rows):
        low, high = number(row["Abatement Cost Low ($/t CO2)"]), number(row["Abatement Cost High ($/t CO2)"])
        levers.append((f"{k} {row['Lever']}", number(row["Abatement MT"]), low, 0.5 * (low + high), high))
    steps, left_out = abatement_curve(levers)

    assert len(steps) + len(left_out) == len(rows)
    assert len(steps) > 10
    assert all(a.middle <= b.middle and a.start < b.start for a, b in pairwise(steps))


def test_a_road_map_pays_for_the_quickest_first_and_leaves_what_is_done_in_year_0():
    rows = [worth(measure(f"P{k}"), saved(10_000.0 * (k + 1)), RATES) for k in range(5)]
    rows.append(worth(measure("done", status="implemented"), saved(1.0), RATES))

    assert road_map(rows) == {"done": 0, "P4": 1, "P3": 2, "P2": 3, "P1": 4, "P0": 5}


def test_a_cash_flow_holds_capital_then_savings_to_the_end_of_each_life():
    rows = [
        worth(measure("a", capital_vnd=100.0, life_yr=2.0, yearly_cost_vnd=5.0), saved(65.0), RATES),
        worth(measure("b", capital_vnd=50.0, life_yr=1.5), saved(40.0), RATES),
    ]

    flow = cash_flow(rows, {"a": 0, "b": 1}, RATES)

    assert [year.net_vnd for year in flow] == [-100.0, 10.0, 100.0, 20.0]
    assert [year.cumulative_vnd for year in flow] == [-100.0, -90.0, 10.0, 30.0]
    # −100 + 10/1.1 + 100/1.21 + 20/1.331
    assert flow[-1].discounted_vnd == pytest.approx(6.7618, abs=1e-4)
    # −8.2645 after year 2, 15.0263 in year 3
    assert flow_payback_yr(flow) == pytest.approx(2 + 8.26446 / 15.02630, rel=1e-5)


def test_prices_that_grow_make_savings_grow():
    rows = [worth(measure("a", life_yr=2.0), saved(100.0), RATES)]

    flow = cash_flow(rows, {"a": 0}, RATES._replace(growth_frac=0.10))

    assert [year.saving_vnd for year in flow] == pytest.approx([0.0, 110.0, 121.0])


def test_a_flow_that_never_comes_back_has_no_payback():
    assert flow_payback_yr([]) == math.inf
    assert flow_payback_yr(cash_flow([worth(measure(), saved(1.0), RATES)], {"M1": 0}, RATES)) == math.inf
    assert flow_payback_yr(cash_flow([worth(measure(capital_vnd=0.0), saved(1.0), RATES)], {"M1": 0}, RATES)) == 0.0


def test_tables_hold_sums_by_status_and_the_cash_flow():
    rows = [
        worth(measure("a", status="implemented"), saved(20_000.0, kwh=5.0, co2_t=1.0), RATES),
        worth(measure("b"), saved(20_000.0, m3=5.0), RATES),
    ]

    sums, measures, flow = economics_tables(rows, cash_flow(rows, road_map(rows), RATES), RATES, ["b"])

    assert [row[0] for row in sums.rows] == ["implemented", "proposed", "all"]
    assert [row[0] for row in measures.rows] == ["a", "b"]
    assert "1 measures avoid no CO2" in measures.note
    assert len(flow.rows) == 12


def test_the_packaged_rates_lie_in_order():
    rates = read_rates()

    assert rates.low_frac < rates.middle_frac < rates.high_frac
    assert read_rates(0.08)[:3] == (0.08, 0.08, 0.08)


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, 12.0])
def test_a_rate_that_is_none_is_refused(rate):
    with pytest.raises(ConfigError, match=r"must be between 0 and 1, such as 0\.12"):
        read_rates(rate)


def test_a_table_of_rates_without_a_line_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "finance_vn.csv"
    path.write_text("what,middle_frac,low_frac,high_frac\ndiscount_rate,0.1,0.1,0.1\n", encoding="utf-8")
    monkeypatch.setattr(economics, "packaged", lambda name: path)

    with pytest.raises(DataError, match="has no line for what capital_a, capital_b, capital_c, price_growth"):
        read_rates()
