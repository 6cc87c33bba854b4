"""Indicators, what is declared of them, and published scores."""

from pathlib import Path

import pytest

from eipsim.errors import ConfigError, DataError
from eipsim.kpis import KPIS
from eipsim.readers.indicator_table import read_declared, read_indicators, read_score_path

COUNTED = {"firms", "firms_with_measures"}


def declared(folder: Path, *lines: str, head: str = "code,status,value"):
    path = folder / "declared.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return read_declared(path, read_indicators("viet_nam"))


@pytest.mark.parametrize(("framework", "count", "prerequisites"), [("international_v1", 51, 18), ("viet_nam", 23, 0)])
def test_a_framework_has_all_of_its_indicators(framework, count, prerequisites):
    found = read_indicators(framework)

    assert len({one.code for one in found}) == len(found) == count
    assert sum(one.kind == "prerequisite" for one in found) == prerequisites


def test_what_is_simulated_names_kpis_that_there_are():
    named = {
        kpi
        for framework in ("international_v1", "viet_nam")
        for one in read_indicators(framework)
        for kpi in (*one.numerator.split(), *one.denominator.split())
    }

    assert named - COUNTED - KPIS.keys() == set()


def test_a_framework_that_is_not_there_is_told():
    with pytest.raises(ConfigError, match="framework 'vietnam': did you mean 'viet_nam'"):
        read_indicators("vietnam")


@pytest.mark.parametrize(
    ("compare", "value", "holds"),
    [("at_least", 0.5, True), ("above", 0.5, False), ("at_most", 0.5, True), ("below", 0.5, False), ("below", 0.4, True)],
)
def test_a_threshold_holds_or_not(tmp_path, compare, value, holds):
    path = tmp_path / "mine.csv"
    path.write_text(f"framework,code,pillar,kind,indicator,target,compare,threshold_ratio\nm,A,P,k,i,t,{compare},0.5\n")

    assert read_indicators("m", path)[0].holds(value) is holds


def test_a_comparison_that_is_none_is_told(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("framework,code,pillar,kind,indicator,target,compare,threshold_ratio\nm,A,P,k,i,t,atleast,0.5\n")

    with pytest.raises(DataError, match="line 2 compare = 'atleast': did you mean 'at_least'"):
        read_indicators("m", path)


def test_a_declared_value_is_held_against_the_threshold(tmp_path):
    assert declared(tmp_path, "ENV.1,,2", "SOC.1,,0.6", "PM.4,not applicable,") == {
        "ENV.1": "met",
        "SOC.1": "not met",
        "PM.4": "not applicable",
    }


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ENV1,met,", "line 2, column 'code' = 'ENV1': did you mean 'ENV.1'?"),
        ("ENV.1,mett,", "line 2, column 'status' = 'mett': did you mean 'met'?"),
        ("ENV.1,met,2", "line 2 must have either a status or a value"),
        ("ENV.1,,", "line 2 must have either a status or a value"),
        ("ENV.4,,1", "line 2, column 'value' = '1': ENV.4 has no threshold; write a status"),
        ("SOC.1,,60 %", "line 2, column 'value' = '60 %': must be a share from 0 to 1 or a count"),
        ("ENV.1,met,\nENV.1,met,", "line 3, column 'code' = 'ENV.1': is there twice"),
    ],
)
def test_a_wrong_declaration_is_told_by_line(tmp_path, line, message):
    with pytest.raises(DataError, match=r"declared\.csv has 1 problem") as told:
        declared(tmp_path, line)

    assert message in str(told.value)


def test_a_missing_column_of_declarations_is_told(tmp_path):
    with pytest.raises(DataError, match="header has no column value"):
        declared(tmp_path, "ENV.1,met", head="code,status")


def test_the_published_path_has_four_scores_of_amata():
    assert [one.score_frac for one in read_score_path() if one.park == "AMATA"] == [0.41, 0.50, 0.86, 0.97]
