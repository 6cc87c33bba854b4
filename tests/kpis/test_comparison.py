import math

import pytest
from hand_made import outcome
from hypothesis import given
from hypothesis import strategies as st

from eipsim.errors import ResultsError
from eipsim.kpis import KPIS, FactoryOutcome, LineUse, Outcome, bca_interval, compare, factory_saving, paired_savings

ELECTRICITY = KPIS["electricity_assessed_kwh"]
SPILL = KPIS["spill_m3"]
AMOUNT = st.floats(0.0, 1e8)
SHARE = st.floats(0.0, 1.0)


def one(used: float, made: float, caused: float) -> FactoryOutcome:
    return FactoryOutcome(True, {"electricity_kwh": used}, {"0": LineUse(made, {"electricity_kwh": caused})})


@given(used=AMOUNT, made=AMOUNT, share=st.floats(0, 1))
def test_the_same_run_saves_exactly_nothing(used, made, share):
    same = one(used, made, share * used)

    assert factory_saving("electricity_kwh", same, same) == 0.0


@given(base=AMOUNT, used=AMOUNT, made=AMOUNT)
def test_at_equal_output_the_saving_is_the_plain_difference(base, used, made):
    assert factory_saving("electricity_kwh", one(base, made, base), one(used, made, used)) == base - used


def test_a_day_of_downtime_is_no_saving():
    rest_kwh, per_unit_kwh = 240.0, 2.0
    baseline = one(rest_kwh + 365 * 100 * per_unit_kwh, 365 * 100, 365 * 100 * per_unit_kwh)
    stopped = one(rest_kwh + 364 * 100 * per_unit_kwh, 364 * 100, 364 * 100 * per_unit_kwh)

    assert factory_saving("electricity_kwh", baseline, stopped) == pytest.approx(0.0, abs=1e-8)
    assert baseline.used["electricity_kwh"] - stopped.used["electricity_kwh"] == pytest.approx(200.0)


@given(rest=AMOUNT, saved_rest=SHARE, per_unit=st.floats(0.1, 10), saved=st.floats(0, 0.9), lost=st.floats(0, 0.9))
def test_a_saving_per_unit_and_per_hour_does_not_depend_on_output(**drawn):
    rest, per_unit, made = drawn["rest"], drawn["per_unit"], 1e4
    left, fewer = per_unit * (1 - drawn["saved"]), made * (1 - drawn["lost"])
    baseline = one(rest + per_unit * made, made, per_unit * made)
    scenario = one(rest * (1 - drawn["saved_rest"]) + left * fewer, fewer, left * fewer)

    found = factory_saving("electricity_kwh", baseline, scenario)

    assert found == pytest.approx(rest * drawn["saved_rest"] + per_unit * drawn["saved"] * made, rel=1e-9, abs=1e-6)


def test_lines_are_compared_one_by_one():
    baseline = FactoryOutcome(
        True,
        {"kwh": 300.0},
        {"0": LineUse(10, {"kwh": 100.0}), "1": LineUse(10, {"kwh": 100.0}), "all": LineUse(20, {"kwh": 50.0})},
    )
    scenario = FactoryOutcome(
        True,
        {"kwh": 235.0},
        {"0": LineUse(5, {"kwh": 50.0}), "1": LineUse(10, {"kwh": 100.0}), "all": LineUse(15, {"kwh": 35.0})},
    )

    found = factory_saving("kwh", baseline, scenario)

    assert found == pytest.approx(65.0 - 50.0 * (10 / 5 - 1) - 35.0 * (20 / 15 - 1))


def test_a_line_that_makes_nothing_saves_nothing_of_its_own():
    baseline, idle = one(300.0, 10.0, 200.0), one(100.0, 0.0, 0.0)

    assert factory_saving("electricity_kwh", baseline, idle) == pytest.approx(0.0)


def test_both_savings_are_kept_replication_by_replication():
    baseline, scenario = [outcome(300.0, 10.0, 200.0)] * 2, [outcome(200.0, 10.0, 100.0), outcome(150.0, 5.0, 50.0)]

    adjusted, plain = paired_savings(ELECTRICITY, baseline, scenario)

    assert adjusted.tolist() == [100.0, 100.0]
    assert plain.tolist() == [100.0, 150.0]


def test_factories_that_were_not_assessed_do_not_count_for_the_assessed_boundary():
    baseline = [outcome(300.0, 10.0, 200.0, assessed=False)]
    scenario = [outcome(150.0, 5.0, 50.0, assessed=False)]

    adjusted, plain = paired_savings(ELECTRICITY, baseline, scenario)

    assert adjusted.tolist() == plain.tolist() == [150.0]


def test_a_kpi_without_a_value_per_factory_is_compared_as_it_is():
    baseline, scenario = [Outcome({"spill_m3": 5.0}, {})], [Outcome({"spill_m3": 2.0}, {})]

    adjusted, plain = paired_savings(SPILL, baseline, scenario)

    assert adjusted.tolist() == plain.tolist() == [3.0]


def test_numbers_of_replications_must_agree():
    with pytest.raises(ResultsError, match="1 replications of the baseline can't be paired with 2"):
        paired_savings(ELECTRICITY, [outcome(1, 1, 1)], [outcome(1, 1, 1)] * 2)


def test_parks_must_have_the_same_factories():
    with pytest.raises(ResultsError, match="factory denim is not in both parks"):
        paired_savings(ELECTRICITY, [outcome(1, 1, 1)], [outcome(1, 1, 1, factories=("candles", "denim"))])


def test_a_row_holds_three_sums_and_the_interval():
    baseline = [outcome(x, 10.0, 0.0) for x in (100.0, 110.0, 120.0)]
    scenario = [outcome(x, 10.0, 0.0) for x in (91.0, 100.0, 109.0)]

    (row,) = compare("all", [ELECTRICITY], baseline, scenario, naive={ELECTRICITY.name: 20.0}, alone={ELECTRICITY.name: 12.0})

    assert row[:6] == ("all", "electricity_assessed_kwh", "kWh", 20.0, 12.0, pytest.approx(10.0))
    assert (row.low, row.high) == pytest.approx((10 - 4.303 / math.sqrt(3), 10 + 4.303 / math.sqrt(3)), rel=1e-3)
    assert row.saving_unadjusted == pytest.approx(10.0)
    assert row.replications == 3


def test_a_kpi_that_the_desk_does_not_have_has_no_sums():
    (row,) = compare("all", [SPILL], [Outcome({"spill_m3": 5.0}, {})], [Outcome({"spill_m3": 2.0}, {})])

    assert math.isnan(row.naive_sum)
    assert math.isnan(row.alone_sum)


def test_a_rare_kpi_is_told_by_median_and_range():
    baseline = [Outcome({"spill_m3": x}, {}) for x in (0.0, 0.0, 90.0)]
    scenario = [Outcome({"spill_m3": x}, {}) for x in (0.0, 0.0, 30.0)]

    (row,) = compare("all", [SPILL], baseline, scenario)

    assert (row.saving, row.low, row.high) == (0.0, 0.0, 60.0)
    assert row.saving_unadjusted == pytest.approx(20.0)


def test_from_30_replications_on_a_rare_kpi_is_told_by_its_mean_and_bootstrap_interval():
    spilled = [0.0] * 24 + [4.0, 9.0, 15.0, 40.0, 70.0, 120.0]
    baseline = [Outcome({"spill_m3": x}, {}) for x in spilled]
    scenario = [Outcome({"spill_m3": x / 2}, {}) for x in spilled]

    (row,) = compare("all", [SPILL], baseline, scenario)

    assert (row.saving, row.low, row.high) == bca_interval([x / 2 for x in spilled])
    assert row.saving == row.saving_unadjusted == pytest.approx(4.3)


def test_an_outcome_survives_being_written_down():
    kept = outcome(300.0, 10.0, 200.0, factories=("candles", "denim"))

    assert Outcome.from_plain(kept.plain()) == kept
