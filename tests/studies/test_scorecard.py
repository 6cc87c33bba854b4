"""The score card of a park, and published scores as counts."""

import math
from types import SimpleNamespace

import pytest

from eipsim.errors import ConfigError
from eipsim.readers.indicator_table import MET, NOT_MET, Indicator, PublishedScore, read_score_path
from eipsim.studies.scorecard import (
    Count,
    Scored,
    counts_of,
    flips,
    path_counts,
    path_table,
    score,
    scorecard,
    scorecard_table,
)
from eipsim.studies.scorecard_groups import GroupCards, group_rows, groups_of, groups_table, pivotal

REUSE = Indicator("f", "E1", "ENV", "indicator", "reuse", "20 %", "at_least", 0.2, "reclaimed", "treated")
SOLAR = Indicator("f", "E2", "ENV", "indicator", "solar", "> 0", "above", 0.0, "solar", "solar bought")
PLAN = Indicator("f", "P1", "PM", "prerequisite", "plan", "yes/no", "declared")
CARD = (REUSE, SOLAR, PLAN)


def test_a_simulated_indicator_is_met_if_most_years_meet_it():
    values = {"reclaimed": [10.0, 30.0, 25.0], "treated": [100.0] * 3, "solar": [0.0] * 3, "bought": [9.0] * 3}

    reuse, solar, plan = scorecard(CARD, values, {"P1": "met"})

    assert (reuse.status, reuse.how, reuse.value) == ("met", "simulated", pytest.approx(0.65 / 3))
    assert reuse.met_frac == pytest.approx(2 / 3)
    assert (solar.status, solar.value) == ("not met", 0.0)
    assert (plan.status, plan.how) == ("met", "declared")
    assert math.isnan(plan.met_frac)


def test_what_can_not_be_computed_is_as_declared_and_nothing_is_assumed():
    rows = scorecard(CARD, {"reclaimed": [0.0], "treated": [0.0]}, {"E1": "met"})

    assert [row.status for row in rows] == ["met", "not reported", "not reported"]


def test_an_indicator_that_does_not_apply_is_not_simulated():
    values = {"reclaimed": [30.0], "treated": [100.0]}

    assert scorecard([REUSE], values, {"E1": "not applicable"})[0].status == "not applicable"
    assert scorecard([REUSE], values, {"E1": "not met"})[0].status == "met"


def test_a_score_counts_what_is_applicable_and_what_is_reported():
    rows = scorecard(CARD, {"reclaimed": [30.0], "treated": [100.0]}, {"P1": "not applicable"})

    assert score(rows) == (Count(1, 2), Count(1, 1))


def test_measures_flip_what_two_scenarios_score_differently():
    before, after = ({"solar": [kwh], "bought": [9.0]} for kwh in (0.0, 1.0))

    assert flips(scorecard(CARD, before, {}), scorecard(CARD, after, {})) == [("E2", "not met", "met")]


def test_the_published_path_is_26_32_54_and_61_of_63():
    path = [one for one in read_score_path() if one.park == "AMATA"]

    counts = path_counts(path, 64)

    # 26/63 = 41.3, 31/63 = 49.2, 32/63 = 50.8, 54/63 = 85.7, 61/63 = 96.8 %
    assert counts == {63: [[Count(26, 63)], [Count(31, 63), Count(32, 63)], [Count(54, 63)], [Count(61, 63)]]}
    assert path_counts(path, 51) == {}


@pytest.mark.parametrize(("park", "expected"), [("Deep C", Count(52, 63)), ("Hiep Phuoc", Count(47, 62))])
def test_sister_parks_are_counts_too(park, expected):
    (one,) = [one for one in read_score_path() if one.park == park]

    assert counts_of(one, 64) == [expected]


def test_the_first_score_alone_also_fits_version_1():
    assert Count(21, 51) in counts_of(PublishedScore("AMATA", "2020", 0.41, 0.005, 0), 51)


def test_no_scores_have_no_counts():
    assert path_counts([], 64) == {}


def test_tables_hold_each_indicator_and_each_score():
    cards = {"baseline": scorecard(CARD, {}, {}), "done": scorecard(CARD, {"reclaimed": [30.0], "treated": [100.0]}, {})}

    card = scorecard_table("f", cards)
    path = path_table(read_score_path())

    assert [row[0] for row in card.rows] == ["E1", "E2", "P1", "met of all applicable", "met of those reported"]
    assert card.rows[0][-1] == "met (0.3; 100 %)"
    assert [row[-1] for row in card.rows[-2:]] == ["1/3 = 33 %", "1/1 = 100 %"]
    assert card.rows[-1][-2] == "0/0"
    assert ("AMATA", "v2.0", "2024-01", "86 %", "54/63") in path.rows


# groups of measures


def card(value, status, code="ENV.2"):
    return [Scored(code, "ENV", "firms", "20 %", status, "simulated", value, float(status == MET)), DECLARED]


DECLARED = Scored("PM.1", "PM", "framework", "yes", NOT_MET, "declared", float("nan"), float("nan"))
GROUPS = {
    "housekeeping": GroupCards(40, card(0.25, MET), card(0.1, NOT_MET)),
    "solar": GroupCards(13, card(0.08, NOT_MET), card(0.3, MET)),
}


def test_a_group_is_looked_at_alone_and_left_out():
    rows = group_rows(card(0.0, NOT_MET), card(0.35, MET), GROUPS)

    assert [(row.group, row.before, row.added, row.all, row.without) for row in rows] == [
        ("housekeeping", NOT_MET, MET, MET, NOT_MET),
        ("solar", NOT_MET, NOT_MET, MET, MET),
    ]
    assert (rows[0].added_value, rows[1].without_value) == (0.25, 0.3)


def test_who_flips_an_indicator_alone_and_who_is_needed_is_said():
    (told,) = pivotal(card(0.0, NOT_MET), card(0.35, MET), GROUPS)

    assert told == "ENV.2 goes from not met to met: alone by housekeeping; not without housekeeping."
    both = {name: one._replace(without=card(0.3, MET)) for name, one in GROUPS.items()}
    assert pivotal(card(0.0, NOT_MET), card(0.35, MET), both)[0].endswith("not without any one group: others make up for it.")
    assert pivotal(card(0.35, MET), card(0.35, MET), GROUPS) == []


def test_groups_and_what_they_flip_are_shown():
    table = groups_table(card(0.0, NOT_MET), card(0.35, MET), GROUPS, "category")

    assert table.rows[0] == ("housekeeping", "40", "ENV.2: met", "ENV.2: not met", "ENV.2 0.25 (100 %)")
    assert table.rows[1][2:4] == ("none", "none")


def test_measures_are_grouped_by_what_is_asked():
    measures = [
        SimpleNamespace(id=f"m{k}", kind=kind, recp_category="c", factory=f"f{k % 2}")
        for k, kind in enumerate(("led", "air", "led"))
    ]

    assert [one.id for one in groups_of(measures, "type")["led"]] == ["m0", "m2"]
    assert list(groups_of(measures, "factory")) == ["f0", "f1"]
    assert [len(own) for own in groups_of(measures, "category").values()] == [3]
    assert len(groups_of(measures, "measure")) == 3
    with pytest.raises(ConfigError, match="--by type: the scenario has no measures"):
        groups_of([], "type")
