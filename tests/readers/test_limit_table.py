"""Discharge standards."""

from datetime import date

import pytest

from eipsim.errors import ConfigError, DataError
from eipsim.readers.limit_table import read_discharge_standards, standard_in_force

HEAD = "standard,effective_from,effective_to,existing_to,parameter,column_a_g_per_m3,column_b_g_per_m3,scaled\n"
OLD = "old,2011-01-01,2025-08-31,2031-12-31,cod,75,150,true\n"
NEW = "new,2025-09-01,,,cod,60,90,false\n"
FACTORS = "standard,factor,ratio\nold,kq,1\nold,kf,1\n"


@pytest.fixture
def tables(tmp_path):
    """Tables of an old standard with factors and a new one without."""
    limits, factors = tmp_path / "limits.csv", tmp_path / "factors.csv"
    limits.write_text(HEAD + NEW + OLD, encoding="utf-8")
    factors.write_text(FACTORS, encoding="utf-8")
    return limits, factors


def test_the_packaged_standard_has_both_columns_its_factors_and_its_last_days():
    standard = standard_in_force(read_discharge_standards(), date(2022, 1, 1))

    assert standard.name == "QCVN 40:2011/BTNMT"
    assert standard.basis_g_per_m3("A", 1e4) == {"cod": 75, "bod5": 30, "tss": 50, "total_n": 20, "total_p": 4}
    assert standard.basis_g_per_m3("B", 1e4)["cod"] == 150
    assert standard.kq_frac == ((50.0, 0.9), (200.0, 1.0), (500.0, 1.1), (float("inf"), 1.2))
    assert standard.kf_frac[-1] == (float("inf"), 0.9)
    assert standard.scaled == tuple(sorted(standard.steps_g_per_m3["A"]))
    assert [standard.last_day(existing=old) for old in (False, True)] == [date(2025, 8, 31), date(2031, 12, 31)]


@pytest.mark.parametrize(
    ("on", "existing", "name"),
    [
        (date(2025, 8, 31), False, "old"),
        (date(2025, 9, 1), False, "new"),
        (date(2025, 9, 1), True, "old"),
        (date(2031, 12, 31), True, "old"),
        (date(2032, 1, 1), True, "new"),
        (None, True, "new"),
    ],
)
def test_an_existing_plant_keeps_the_old_standard_longer_than_a_new_one(tables, on, existing, name):
    assert standard_in_force(read_discharge_standards(*tables), on, existing=existing).name == name


def test_a_standard_that_is_named_holds_on_any_day(tables):
    assert standard_in_force(read_discharge_standards(*tables), date(2040, 1, 1), "old").name == "old"


def test_a_standard_that_scales_nothing_needs_no_factors(tables):
    new = standard_in_force(read_discharge_standards(*tables))

    assert (new.basis_g_per_m3("A", 1.0)["cod"], new.scaled, new.kq_frac) == (60.0, (), ())


@pytest.mark.parametrize(
    ("on", "existing", "message"),
    [
        (
            date(2000, 1, 1),
            True,
            r"date = 2000-01-01: .* an existing plant, only QCVN 40:2011/BTNMT from 2012-02-15 to 2031-12-31",
        ),
        (date(2032, 1, 1), True, r"date = 2032-01-01: .* give it as limits_table"),
        (date(2026, 7, 1), False, r"a new plant, only QCVN 40:2011/BTNMT from 2012-02-15 to 2025-08-31"),
    ],
)
def test_a_day_on_which_no_packaged_standard_holds_is_refused(on, existing, message):
    with pytest.raises(ConfigError, match=message):
        standard_in_force(read_discharge_standards(), on, existing=existing)


def test_a_standard_without_rows_is_refused_with_what_to_add():
    with pytest.raises(
        ConfigError, match=r"'QCVN 40:2025/BTNMT': the table of limits has no rows of it, only of QCVN 40:2011/BTNMT"
    ):
        standard_in_force(read_discharge_standards(), name="QCVN 40:2025/BTNMT")


@pytest.mark.parametrize(
    ("rows", "factors", "message"),
    [
        ("new,2025-09-01,,,cod,90,60,true\n", FACTORS, "line 2 column_a_g_per_m3 = 90"),
        (
            "old,2011-01-01,2010-01-01,,cod,60,90,true\n",
            FACTORS,
            "line 2 effective_from = 2011-01-01, effective_to = 2010-01-01",
        ),
        ("new,2025-09-01,,,cod,60,90,true\n", FACTORS, r"new factors.csv has no kq of it.*\n.*no kf of it"),
        (NEW, "standard,factor,ratio\nnew,kx,1\n", "factor = 'kx'"),
        (OLD + "old,2012-01-01,2025-08-31,2031-12-31,tss,50,100,true\n", FACTORS, "old its rows do not hold for the same time"),
        ("", FACTORS, "limits.csv: has no rows"),
    ],
)
def test_wrong_rows_are_named(tables, rows, factors, message):
    tables[0].write_text(HEAD + rows, encoding="utf-8")
    tables[1].write_text(factors, encoding="utf-8")

    with pytest.raises(DataError, match=message):
        read_discharge_standards(*tables)


CLASSES = """standard,effective_from,parameter,column_a_g_per_m3,column_b_g_per_m3,column_c_g_per_m3,up_to_m3_per_d,scaled
new,2025-09-01,cod,50,70,90,2000,false
new,2025-09-01,cod,40,60,80,,false
new,2025-09-01,tss,20,30,40,,false
"""
"""Made-up numbers."""


@pytest.mark.parametrize(("discharge_m3_per_d", "cod"), [(1.0, 90), (2000.0, 90), (2000.1, 80)])
def test_a_standard_may_have_three_columns_and_classes_of_discharge(tables, discharge_m3_per_d, cod):
    tables[0].write_text(CLASSES, encoding="utf-8")

    (new,) = read_discharge_standards(*tables)

    assert new.basis_g_per_m3("C", discharge_m3_per_d) == {"cod": cod, "tss": 40}


def test_a_column_or_a_discharge_that_a_standard_has_not_is_refused(tables):
    tables[0].write_text(CLASSES.replace("40,60,80,,false", "40,60,80,5000,false"), encoding="utf-8")
    (new,) = read_discharge_standards(*tables)

    with pytest.raises(ConfigError, match=r"column = 'C': QCVN 40:2011/BTNMT has the columns A and B"):
        standard_in_force(read_discharge_standards()).basis_g_per_m3("C", 1.0)
    with pytest.raises(ConfigError, match=r"discharge_m3_per_d = 9000 m3/d: new has cod up to 5000 m3/d: add its row without"):
        new.basis_g_per_m3("A", 9000.0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("50,70,90,2000", "50,70,60,2000", "line 2 column_c_g_per_m3 = 60: must be at least column_b_g_per_m3, 70"),
        ("50,70,90,2000", "50,70,90,0", "line 2 up_to_m3_per_d = 0: must be more than 0"),
        ("50,70,90,2000", "50,70,90,", "new has cod twice up to inf m3/d"),
        ("20,30,40,", "20,30,,", "new has column_c_g_per_m3 in some of its rows only"),
    ],
)
def test_wrong_classes_are_named(tables, old, new, message):
    tables[0].write_text(CLASSES.replace(old, new), encoding="utf-8")

    with pytest.raises(DataError, match=message):
        read_discharge_standards(*tables)
