"""The audit finds what the published figures of the reference park and its programme hide."""

from pathlib import Path

import pytest

from eipsim.errors import DataError
from eipsim.readers.price_ranges import read_price_ranges
from eipsim.studies.audit import UNCHECKED, audit, audit_table
from eipsim.studies.audit_checks import CONSISTENT, IMPOSSIBLE, ONLY_IF

HEAD = "claim,date,park,scope,quantity,value,unit,part_of\n"


@pytest.fixture(scope="module")
def ours():
    return audit()


def findings(found, label, check):
    return [one for one in found.findings if one.set.startswith(label) and one.check == check]


def of(folder: Path, *lines: str):
    path = folder / "claims.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return audit(path)


def test_1588_t_need_the_grid_factor_of_2019(ours):
    (one,) = findings(ours, "AMATA, 60 implemented", "CO2 and electricity")
    row = next(row for row in ours.rows if row.set.startswith("AMATA, 60"))

    assert one.verdict == "needs factor 0.8458 of 2019"
    # 5.6 t × 47.3 GJ/t × 63.1 kg/GJ = 16.714 t; (1588 − 16.714) / 1871
    assert row.tco2_per_mwh == pytest.approx(0.83981, abs=1e-5)


def test_5820_t_of_hiep_phuoc_need_the_same_factor(ours):
    (one,) = findings(ours, "Hiep Phuoc, RECP implemented", "CO2 and electricity")

    assert one.verdict == "needs factor 0.8458 of 2019"
    assert "0.8491 t/MWh" in one.reason
    assert ours.reference_year == 2019


def test_87000_t_are_impossible_for_their_electricity_and_money(ours):
    (one,) = findings(ours, "programme, 37 enterprises", "CO2 and electricity")

    assert one.verdict == IMPOSSIBLE
    # 4.45 GWh × 0.9185 = 4,087 t; 850,000 USD × 23,900 / 116,279 VND/GJ × 94.6 kg/GJ = 16,527 t
    assert "at most 4,087 t" in one.reason
    assert "no more than 16,527 t (coal" in one.reason


def test_87000_t_are_contradicted_by_the_later_total_of_more_firms(ours):
    (one,) = [one for one in findings(ours, "programme, 37", "earlier and later") if one.verdict == IMPOSSIBLE]

    assert one.claims == "programme_co2_2023 programme_co2_2023_10"
    assert "24,000 t of 68 firms" in one.reason


def test_the_programmes_water_fits_only_if_amatas_came_later(ours):
    found = findings(ours, "programme, 37 enterprises", "part and total")
    (one,) = [one for one in found if "amata_60_water" in one.claims]

    assert one.verdict == ONLY_IF
    assert "at least 7,017 m3 of AMATA came later" in one.reason


def test_the_99_open_measures_are_13_times_as_carbon_heavy(ours):
    one = next(one for one in findings(ours, "AMATA, 159", "open measures") if "co2" in one.claims)

    # (36,256 − 1,588) / 99 = 350.2 t; 1,588 / 60 = 26.47 t; ratio 13.2
    assert one.verdict == ONLY_IF
    assert "the 99 open ones are 13 times as carbon-heavy, 350 t each against 26.5 t" in one.reason


def test_three_parks_sum_to_the_total_of_the_programme(ours):
    (one,) = [one for one in findings(ours, "programme, 603", "parts and total") if "co2" in one.claims]

    assert one.verdict == ONLY_IF
    assert "sum to 8,908 t of 8,910 t" in one.reason


def test_a_water_loop_earns_its_water_and_comes_back_in_five_years(ours):
    row = next(row for row in ours.rows if row.set.startswith("AMATA, denim"))

    assert row.verdict == CONSISTENT
    assert row.payback_yr == pytest.approx(5.0)


def test_money_that_energy_and_water_do_not_explain_is_told(ours):
    (one,) = findings(ours, "AMATA, 60 implemented", "money and prices")
    # 1.8705 GWh × 1,612.89 + 5.55 t × 47.3 × 465,116 + 27,816.5 m3 × 17,765 = 3,633 M VND
    assert "come to 3,633 to 4,929 M VND" in one.reason
    assert "25 to 45 % of the money" in one.reason


def test_the_table_has_a_row_for_each_set(ours):
    table = audit_table(ours)

    assert len(table.rows) == len(ours.rows) == 11
    assert {len(row) for row in table.rows} == {len(table.columns)}


def test_the_span_of_electricity_follows_the_decisions_in_force():
    prices = read_price_ranges()
    days = sorted(prices.electricity_vnd_per_kwh)

    before = prices.electricity_span(days[0].replace(year=2010), days[0].replace(year=2011))
    both = prices.electricity_span(days[0], days[1])

    # (30 × 2,759 + 42 × 970 + 96 × 1,536) / 168 and (30 × 3,076 + 96 × 1,685) / 126
    assert before == pytest.approx((1612.893, 2016.190), abs=1e-3)
    assert both.low == before.low
    assert both.high > before.high


KWH, CO2 = "a,2021,P,X,electricity saved,{},MWh/yr,", "b,2021,P,X,CO2 avoided,{},t/yr,"
MONEY, M3 = "c,2021,P,X,money saved,{},M VND/yr,", "d,2021,P,X,water saved,{},m3/yr,"
CAPITAL, FACTOR = "e,2021,P,X,money invested,{},M VND,", "CO2 and electricity"
DONE, FOUND = "f,2021,P,9 implemented,water saved,{},m3/yr,", "g,2021,P,{} found,water potential,{},m3/yr,"
ONE, TWO = (f"{name},2021,{name},RECP,water saved,{{}},m3/yr,All" for name in "hi")
EARLY, LATE = "j,2021,All,9 firms,water saved,{},m3/yr,", "k,2022,All,9 firms,water saved,{},m3/yr,"


@pytest.mark.parametrize(
    ("lines", "check", "verdict", "words"),
    [
        ((KWH.format(1000), CO2.format(846)), FACTOR, CONSISTENT, "2019 fits"),
        ((KWH.format(1003), CO2.format(768)), FACTOR, ONLY_IF, "no year's grid factor is"),
        ((KWH.format(1003), CO2.format(1203)), FACTOR, ONLY_IF, "not named avoid the other"),
        ((M3.format(1003), MONEY.format(1)), "money and prices", ONLY_IF, "new costs of"),
        ((CAPITAL.format(5000), MONEY.format(103)), "capital and money", ONLY_IF, "longer than equipment lasts"),
        ((CO2.format(1003), MONEY.format(103)), "money and CO2", IMPOSSIBLE, "less than the cheapest fuel"),
        ((CO2.format(1003), MONEY.format(1503)), "money and CO2", ONLY_IF, "cheap for its carbon"),
        ((DONE.format(1003), FOUND.format(30, 803)), "done and found", IMPOSSIBLE, "that were found"),
        ((DONE.format(1003), FOUND.format(18, 2203)), "open measures", CONSISTENT, "133 m3 each against 111 m3"),
        ((ONE.format(1003), TWO.format(803), LATE.format(1603)), "parts and total", IMPOSSIBLE, "parts can't be more"),
        ((EARLY.format(1003), LATE.format(803)), "earlier and later", IMPOSSIBLE, "the later total is less."),
    ],
)
def test_each_kind_of_verdict_is_given(tmp_path, lines, check, verdict, words):
    found = of(tmp_path, *lines)
    told = [one for one in found.findings if one.check == check]

    assert [one.verdict for one in told] == [verdict]
    assert words in told[0].reason


def test_a_set_that_says_too_little_is_not_judged(tmp_path):
    found = of(tmp_path, "a,2021,P,X,money saved,1003,M VND/yr,")

    assert [row.verdict for row in found.rows] == [UNCHECKED]


def test_a_table_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DataError, match="there is no such file"):
        audit(tmp_path / "nothing.csv")
