"""A road map: days, works, what is left of measures, and a toy park whose two years are known."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
import small_park
from pydantic import ValidationError

from eipsim.components import Factory, Line
from eipsim.context import Context
from eipsim.end_uses import Lighting
from eipsim.engines import Compute
from eipsim.errors import ConfigError, ResultsError
from eipsim.readers.measure_persistence_table import MeasurePersistence, read_measure_persistence
from eipsim.scenario import Scenario
from eipsim.studies import road_map_run
from eipsim.studies.economics import read_rates
from eipsim.studies.road_map import (
    RoadMapSettings,
    Segment,
    active,
    age_yr,
    effect_frac,
    failed_at_first,
    law_dates,
    renewals,
    segments_of,
    steps_of,
    stops_of,
    waves,
    with_stops,
)
from eipsim.studies.road_map_run import cash_flow, run_road_map
from eipsim.timebase import WorkCalendar
from eipsim.work import do_all

LASTS = {
    kind: MeasurePersistence(kind, 0.0, 0.0, 0.0)
    for kind in (
        "lighting_led",
        "air_leaks",
        "air_pressure",
        "water_fixtures",
        "burner_tuning",
        "variable_speed_drive",
        "rooftop_solar",
    )
}


def asked(**changes):
    return RoadMapSettings(**{"savings": "desk", "persistence": False, "run_in_h": 0.0, **changes})


def measure(name="leaks", **changes):
    given = {"life_yr": 3.0, "capital_vnd": 100.0, "yearly_cost_vnd": 6.0, **changes}
    return replace(small_park.measure("air_leaks", "candles", "air"), id=name, **given)


def test_measures_come_into_force_on_the_first_monday_or_thursday_of_a_stretch():
    mondays = waves(asked(rollout_years_count=1))
    thursdays = waves(asked(rollout_years_count=1, waves_per_yr_count=2, install_on="working_day"))

    assert mondays == [date(2022, 4, 4), date(2022, 7, 4), date(2022, 10, 3), date(2023, 1, 2)]
    assert thursdays == [date(2022, 7, 7), date(2023, 1, 5)]


def test_as_many_measures_come_in_each_wave_and_none_before_its_lead_time():
    rows = [measure("a"), measure("b", lead_time_d=200), measure("c"), measure("d")]

    steps = steps_of(rows, asked(rollout_years_count=1, waves_per_yr_count=2), LASTS)

    assert [one.in_force for one in steps] == [date(2022, 7, 4), date(2023, 1, 2), date(2023, 1, 2), date(2023, 1, 2)]
    assert steps[1].ordered == date(2022, 6, 16)  # 200 days before


def test_works_of_one_wave_come_one_after_another_and_end_on_its_eve():
    rows = [measure("a", installation_downtime_h=24.0), measure("b", installation_downtime_h=8.0)]
    settings = asked(rollout_years_count=1, waves_per_yr_count=1)

    steps = steps_of(rows, settings, LASTS)

    # 2 January 2023 is day 366
    assert stops_of(steps, settings.start) == {"candles": [(366 * 24.0 - 32.0, 366 * 24.0)]}
    assert all(one.measure.installation_downtime_h == 0 for one in steps)
    assert stops_of(steps_of(rows, replace(settings, downtime=False), LASTS), settings.start) == {}


def test_a_segment_has_the_part_of_a_standstill_that_falls_into_it_or_its_run_in():
    park, start = small_park.small_park(), date(2022, 1, 1)
    stops = {"candles": [(40.0, 60.0)]}

    first = with_stops(park, stops, Segment(start, date(2022, 1, 3)), start, 0.0)
    second = with_stops(park, stops, Segment(date(2022, 1, 3), date(2022, 1, 9)), start, 24.0)

    assert first.factory("candles").planned_stops_h == ((40.0, 48.0),)
    assert second.factory("candles").planned_stops_h == ((16.0, 36.0),)
    assert first.factory("denim") is park.factory("denim")


def test_segments_part_at_new_years_laws_and_measures():
    settings = asked(years_count=2, rollout_years_count=1, waves_per_yr_count=1)

    found = segments_of(settings, steps_of([measure()], settings, LASTS))

    assert date(2023, 5, 4) in law_dates()  # Decision 1062
    starts = [one.start for one in found]
    assert starts == sorted(
        {date(2022, 1, 1), date(2023, 1, 1), date(2023, 1, 2)} | {d for d in law_dates() if d.year in (2022, 2023)}
    )
    assert sum(one.hours for one in found) == 730 * 24
    assert all(one.end == other.start for one, other in pairwise(found))


def test_what_is_left_of_a_measure_decays_and_starts_anew_with_its_next_life():
    settings = asked(persistence=True, years_count=6, rollout_years_count=1, waves_per_yr_count=1)
    kept = {"air_leaks": MeasurePersistence("air_leaks", 0.0, 0.5, 0.1)}
    (step,) = steps_of([measure()], settings, kept)  # in force from 2 January 2023, life 3 years

    def left(year, **of):
        return effect_frac(step, date(year, 1, 2), of.get("settings", settings), failed=of.get("failed", False))

    assert [left(year) for year in range(2022, 2030)] == [0.0, 1.0, 0.5, 0.25, 1.0, 0.5, 0.25, 0.0]
    assert renewals(step, settings) == 1
    assert [left(year, settings=replace(settings, renewed=False)) for year in (2025, 2026)] == [0.25, 0.0]
    assert [left(year, failed=True) for year in (2023, 2024)] == [0.0, 0.5]
    assert age_yr(step, date(2023, 12, 30)) == 1  # to within a week
    (small,) = active([step], date(2024, 1, 2), settings, frozenset())
    assert small.size == pytest.approx(0.5 * step.measure.size)
    assert active([step], date(2023, 1, 2), settings, frozenset({"leaks"})) == []


def test_failures_have_their_frequency_and_their_own_streams():
    settings = asked(persistence=True)
    kept = {"air_leaks": MeasurePersistence("air_leaks", 0.0, 0.0, 0.3)}
    steps = steps_of([measure(f"m{k}") for k in range(400)], settings, kept)

    failed = failed_at_first(steps, 1, 0)

    assert 0.3 * 400 - 3 * 9.2 < len(failed) < 0.3 * 400 + 3 * 9.2  # three standard deviations of a binomial
    assert failed_at_first(steps[:50], 1, 0) == {one.measure.id for one in steps[:50]} & failed
    assert failed_at_first(steps, 1, 1) != failed


def test_the_cash_flow_is_that_worked_out_by_hand():
    # in force from 2 January 2023, so that it counts in 11 of the 12 firsts of a month of 2023; three years of life, renewed
    # once in 2026; what is simulated ends with 2026, then savings go on until 2028
    settings = asked(years_count=5, rollout_years_count=1, waves_per_yr_count=1)
    steps = steps_of([measure(lead_time_d=30.0)], settings, LASTS)
    saved = {"leaks": {"money_assessed_vnd": 60.0}}
    money = {2022: 0.0, 2023: 55.0, 2024: 60.0, 2025: 60.0, 2026: 48.0}
    margin = dict.fromkeys(money, 0.0) | {2023: -7.0}

    rows = list(cash_flow(settings, steps, saved, money, margin, rate_frac=0.1))

    assert [row.year for row in rows] == [2022, 2023, 2024, 2025, 2026, 2027, 2028]
    assert [row.is_simulated for row in rows] == [True] * 5 + [False] * 2
    assert [row.capital_vnd for row in rows] == [100.0, 0.0, 0.0, 0.0, 100.0, 0.0, 0.0]
    assert [row.saving_vnd for row in rows] == pytest.approx([0.0, 55.0, 60.0, 60.0, 48.0, 48.0, 48.0])
    assert [row.upkeep_vnd for row in rows] == pytest.approx([0.0, 5.5, 6.0, 6.0, 6.0, 6.0, 6.0])
    assert rows[1].net_vnd == pytest.approx(55.0 - 5.5 - 7.0)
    assert rows[2].cumulative_vnd == pytest.approx(-100.0 + 42.5 + 54.0)
    assert rows[2].discounted_vnd == pytest.approx(-100.0 + 42.5 / 1.1 + 54.0 / 1.21)


def test_a_row_that_says_how_it_decays_goes_before_its_type():
    own = measure(decay_frac_per_yr=0.5, commissioning_failure_frac=0.3)

    (step,) = steps_of([own], asked(persistence=True), LASTS)

    assert (step.decay_frac_per_yr, step.commissioning_failure_frac) == (0.5, 0.3)


@pytest.mark.parametrize(
    ("rows", "changes", "message"),
    [
        ([], {}, "has no measure that implemented_60 has not"),
        ([measure(lead_time_d=4000.0)], {}, r"row leaks, column lead_time_d = 4000 d: ends after the last wave, 2027-01-04"),
        ([measure()], {"years_count": 1, "rollout_years_count": 1, "waves_per_yr_count": 1}, "no wave lies within"),
        ([replace(measure(), end_use="")], {"kept": {}}, "column type = 'air_leaks': is not in measure_persistence.csv"),
    ],
)
def test_what_can_not_be_rolled_out_is_told(rows, changes, message):
    kept = changes.pop("kept", LASTS)

    with pytest.raises(ConfigError, match=message):
        steps_of(rows, asked(**changes), kept)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"start": "2022-02-01"}, "start = 2022-02-01: must be the first of January"),
        ({"years_count": 2}, "rollout_years_count = 5: must be at most years_count = 2"),
        ({"run_in_h": 30.0}, "run_in_h = 30 h: must be a number of whole days"),
        ({"waves_per_yr_count": 5}, "1, 2, 3, 4, 6 or 12"),
    ],
)
def test_settings_that_make_no_sense_are_refused(changes, message):
    with pytest.raises(ValidationError, match=message):
        RoadMapSettings(**changes)


def test_every_type_of_measure_has_its_line_in_the_packaged_table():
    from eipsim.measures import MEASURES

    assert read_measure_persistence().keys() == MEASURES.keys()


def toy(**more):
    """A factory that never rests and never breaks, whose lamps burn 100 kW at all hours; a margin of 1,000 VND an hour."""
    lamps = Lighting(installed_kw=100.0, driver="always", emergency_frac=0.0, standby_frac=0.0)
    one = Factory(
        place="site_1", calendar="always", lines=(Line(units_per_h=10.0, margin_vnd_per_unit=100.0),),
        end_uses={"lights": lamps}, assessed=True, **more,
    )  # fmt: skip
    park = small_park.small_park(candles=one).remove("denim").remove("neighbour")
    return replace(park, calendars={"always": WorkCalendar(shifts=((0, 24),), days_per_week=7)})


def test_two_years_of_a_toy_cost_one_day_of_margin_and_save_from_the_day_after(tmp_path):
    led = replace(
        small_park.measure("lighting_led", "candles", "lights"), installation_downtime_h=24.0, capital_vnd=5e6, life_yr=10.0
    )
    base = Scenario("standing", toy(), Context.at(date(2022, 1, 1)))
    settings = asked(years_count=2, rollout_years_count=1, waves_per_yr_count=1, install_on="working_day")

    found = run_road_map(
        settings, (base, base, replace(base, measures=(led,))), lambda day, hours: Context.at(day, hours=hours),
        replications=1, seed=1, folder=tmp_path, compute=Compute("here", 1), on_done=lambda done, total, label: None,
    )  # fmt: skip

    (step,) = found.steps
    assert step.in_force == date(2023, 1, 5)  # a Thursday: the lines stand still on the 4th
    saved = {(row.year, row.kpi): row.saving for row in found.years}
    before_kw, after_kw = (
        sum(flow.rest + flow.run for flow in park.factory("candles").flows().values())
        for park in (base.park, led.apply(base.park))
    )
    assert saved[2022, "electricity_assessed_kwh"] == pytest.approx(0.0, abs=1e-6)
    assert saved[2023, "electricity_assessed_kwh"] == pytest.approx((before_kw - after_kw) * 361 * 24)
    assert saved[2022, "lost_margin_assessed_vnd"] == 0.0
    assert saved[2023, "lost_margin_assessed_vnd"] == pytest.approx(-24 * 1000.0)
    money = saved[2023, "money_assessed_vnd"]
    first, second = found.cash[:2]
    assert (first.net_vnd, first.capital_vnd) == (-5e6, 5e6) if step.ordered.year == 2022 else (0.0, 0.0)
    assert second.margin_vnd == pytest.approx(24_000.0)
    assert second.net_vnd == pytest.approx(money - 24_000.0 - second.capital_vnd)
    assert found.rate_frac == read_rates().middle_frac


@pytest.mark.parametrize("lost", [{0}, {0, 1}])
def test_a_replication_that_failed_in_a_segment_is_left_out_of_all(tmp_path, monkeypatch, lost):
    led = small_park.measure("lighting_led", "candles", "lights")
    base = Scenario("standing", toy(), Context.at(date(2022, 1, 1)))
    settings = asked(years_count=2, rollout_years_count=1, waves_per_yr_count=1)

    def some(units, folder, compute, on_done):
        kept = [unit for k, unit in enumerate(units) if not (k < 4 and unit.replication in lost)]
        return do_all(kept, folder, compute, on_done)

    monkeypatch.setattr(road_map_run, "do_all", some)

    def run():
        return run_road_map(
            settings, (base, base, replace(base, measures=(led,))), lambda day, hours: Context.at(day, hours=hours),
            replications=2, seed=1, folder=tmp_path, compute=Compute("here", 1), on_done=lambda done, total, label: None,
        )  # fmt: skip

    if lost == {0, 1}:
        with pytest.raises(ResultsError, match="no replication stands in all segments"):
            run()
    else:
        assert run().replications == 1
