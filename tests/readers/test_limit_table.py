"""Discharge standards."""

from datetime import date

import pytest

from eipsim.errors import ConfigError, DataError
from eipsim.readers.limit_table import read_discharge_standard


def test_the_packaged_standard_has_both_columns_and_its_factors():
    standard = read_discharge_standard(date(2022, 1, 1))

    assert standard.name == "QCVN 40:2011/BTNMT"
    assert standard.basis_g_per_m3["A"] == {"cod": 75, "bod5": 30, "tss": 50, "total_n": 20, "total_p": 4}
    assert standard.basis_g_per_m3["B"]["cod"] == 150
    assert standard.kq_frac == ((50.0, 0.9), (200.0, 1.0), (500.0, 1.1), (float("inf"), 1.2))
    assert standard.kf_frac[-1] == (float("inf"), 0.9)
    assert standard.scaled == set(standard.basis_g_per_m3["A"])


def test_a_day_before_every_standard_and_an_unknown_name_are_refused():
    with pytest.raises(ConfigError, match="no discharge standard was in force"):
        read_discharge_standard(date(2000, 1, 1))
    with pytest.raises(ConfigError, match="did you mean 'QCVN 40:2011/BTNMT'"):
        read_discharge_standard(name="QCVN 40:2011")


HEAD = "standard,effective_from,parameter,column_a_g_per_m3,column_b_g_per_m3,scaled\n"


def test_a_table_of_ones_own_decides_by_date(tmp_path):
    limits, factors = tmp_path / "limits.csv", tmp_path / "factors.csv"
    limits.write_text(HEAD + "old,2011-01-01,cod,75,150,true\nnew,2025-09-01,cod,60,90,false\n", encoding="utf-8")
    factors.write_text("standard,factor,ratio\nnew,kq,1\nnew,kf,1\nold,kq,1\nold,kf,1\n", encoding="utf-8")

    found = read_discharge_standard(date(2026, 1, 1), limits=limits, factors=factors)

    assert (found.name, found.basis_g_per_m3["A"]["cod"], found.scaled) == ("new", 60.0, frozenset())
    assert read_discharge_standard(date(2026, 1, 1), "old", limits, factors).name == "old"


def test_wrong_rows_are_named(tmp_path):
    limits, factors = tmp_path / "limits.csv", tmp_path / "factors.csv"
    limits.write_text(HEAD + "new,2025-09-01,cod,90,60,true\n", encoding="utf-8")
    factors.write_text("standard,factor,ratio\nnew,kq,1\n", encoding="utf-8")

    with pytest.raises(DataError, match="line 2 column_a_g_per_m3 = 90"):
        read_discharge_standard(limits=limits, factors=factors)
    limits.write_text(HEAD + "new,2025-09-01,cod,60,90,true\n", encoding="utf-8")
    with pytest.raises(DataError, match="has no kf of 'new'"):
        read_discharge_standard(limits=limits, factors=factors)
    factors.write_text("standard,factor,ratio\nnew,kx,1\n", encoding="utf-8")
    with pytest.raises(DataError, match="factor = 'kx'"):
        read_discharge_standard(limits=limits, factors=factors)
