"""The reference park: 18 archetypes from tables, 150 tenants drawn from the mix of sectors."""

import dataclasses
import math
import statistics
from datetime import date

import pytest

from eipsim.components import Crew, Feeder, FuelSupply, River, Substation, WaterWorks
from eipsim.errors import DataError, ParkError
from eipsim.park_draw import (
    FactoryTables,
    Sector,
    Tenants,
    build_park,
    draw_tenants,
    read_assessed,
    read_sectors,
    weights_of,
    yearly_hours,
    yearly_mwh,
)
from eipsim.timebase import WorkCalendar

TABLES = FactoryTables()
DAYS = {"one_shift": 9, "early_shift": 9, "office_hours": 9, "extended_day": 13, "two_shifts": 16, "late_two_shifts": 16}
CALENDARS = {name: WorkCalendar(((6, 6 + hours),), 6, frozenset()) for name, hours in DAYS.items()} | {
    "two_by_ten": WorkCalendar(((6, 26),), 6),
    "three_shifts": WorkCalendar(((6, 30),), 6),
    "continuous": WorkCalendar(((0, 24),), 7),
}
UTILITIES = {
    "substation": Substation(place="busbar"),
    "feeder_1": Feeder(place="feeder_1", to="busbar"),
    "water_works": WaterWorks(power_place="busbar", capacity_m3_per_h=900),
    "river": River(place="plant"),
    "crew": Crew(),
    **{fuel: FuelSupply(carrier=fuel) for fuel in ("lpg", "natural_gas", "diesel", "fuel_oil", "coal", "biomass")},
    **{f"feeder_{k}": Feeder(place=f"feeder_{k}", to="busbar") for k in range(2, 7)},
    **{f"repair_crew_{k}": Crew() for k in range(1, 6)},
}
SECTOR = Sector("metal", 9, 100, 0.8, 6, 0.6, 0.1, 0.1, 9, 50, 60, 0.6, 16, "one_shift:1", "none:0.5 lpg:0.5")


@pytest.fixture(scope="module")
def tenants():
    return draw_tenants(read_sectors(), CALENDARS, {f"feeder_{k}": 30_000.0 for k in range(1, 7)}, {"feeder_1": "crew"})


def test_the_eighteen_are_archetypes_with_three_lines_each():
    sites = read_assessed(TABLES.factories, TABLES.lines, TABLES.end_uses)

    assert len(sites) == 18
    assert {len(site.factory.lines) for site in sites.values()} == {3}
    assert all(site.factory.assessed and site.roof_m2 > 0 for site in sites.values())
    assert {site.factory.voltage_class for site in sites.values()} == {"22_110", "6_22"}


def test_tenants_add_up_to_the_enterprises_and_workers_that_are_published(tenants):
    sites = read_assessed(TABLES.factories, TABLES.lines, TABLES.end_uses)
    workers = sum(site.factory.workers for site in [*sites.values(), *tenants.values()])

    assert len(sites) + len(tenants) == 168
    assert workers == pytest.approx(55_000, rel=0.03)


def test_no_two_tenants_are_equal(tenants):
    described = {repr(dataclasses.replace(site.factory, place="")) for site in tenants.values()}

    assert len(described) == len(tenants)


def test_the_same_seed_draws_the_same_tenants_and_another_seed_others():
    drawn = [draw_tenants([SECTOR], CALENDARS, {"north": 0.0}, {}, seed) for seed in (7, 7, 8)]

    assert repr(drawn[0]) == repr(drawn[1])
    assert repr(drawn[0]) != repr(drawn[2])


def test_a_further_sector_leaves_the_draw_of_the_others_as_it_was():
    other = dataclasses.replace(SECTOR, sector="textile", workers_median=400)

    alone = draw_tenants([SECTOR], CALENDARS, {"north": 0.0}, {})
    among = draw_tenants([other, SECTOR], CALENDARS, {"north": 0.0}, {})

    workers = [sorted(s.factory.workers for s in sites.values() if s.factory.sector == "metal") for sites in (alone, among)]
    assert workers[0] == workers[1]


def test_strata_keep_the_total_near_the_sum_of_the_means_whatever_the_seed():
    many = dataclasses.replace(SECTOR, tenants=40)

    totals = [
        sum(site.factory.workers for site in draw_tenants([many], CALENDARS, {"north": 0.0}, {}, seed).values())
        for seed in range(20)
    ]

    assert statistics.mean(totals) == pytest.approx(40 * 100 * math.exp(0.8**2 / 2), rel=0.04)
    independent = statistics.mean(totals) * math.sqrt(math.exp(0.8**2) - 1) / math.sqrt(40)
    assert statistics.stdev(totals) < 0.5 * independent


def test_tenants_are_shared_out_so_that_feeders_carry_alike(tenants):
    load = dict.fromkeys({site.feeder for site in tenants.values()}, 0.0)
    for site in tenants.values():
        load[site.feeder] += yearly_mwh(site.factory, CALENDARS[site.factory.calendar])

    assert len(load) == 6
    assert max(load.values()) < 1.2 * min(load.values())
    assert {site.factory.crew for site in tenants.values()} == {"", "crew"}


def test_a_tenant_uses_about_what_was_drawn_for_it():
    sector = dataclasses.replace(SECTOR, tenants=30, workers_sigma=0.0, mwh_per_worker_yr_sigma=0.0)

    sites = draw_tenants([sector], CALENDARS, {"north": 0.0}, {})

    mean = sum(yearly_mwh(site.factory, CALENDARS["one_shift"]) for site in sites.values()) / 30
    assert mean == pytest.approx(100 * 6, rel=0.06)


def test_a_calendar_with_holidays_works_fewer_weeks():
    with_holidays = WorkCalendar(((6, 22),), 6, frozenset({date(2022, 1, 1)}))

    assert yearly_hours(with_holidays) == pytest.approx(49.7 * 96)
    assert yearly_hours(CALENDARS["continuous"]) == pytest.approx(8760)


@pytest.mark.slow
def test_a_park_of_tables_and_tenants_can_run():
    park = build_park("amata", UTILITIES, CALENDARS, TABLES, Tenants(crews={"feeder_1": "crew"}))

    park.check()
    assert (len(park.assessed()), len(park.factories())) == (18, 168)
    assert park.connections("denim_laundry")["electricity"].startswith("feeder_")


def test_a_factory_on_a_feeder_or_a_calendar_that_is_not_there_is_named():
    utilities = {name: component for name, component in UTILITIES.items() if name != "feeder_2"}
    calendars = {name: calendar for name, calendar in CALENDARS.items() if name != "two_by_ten"}

    with pytest.raises(ParkError) as caught:
        build_park("amata", utilities, calendars, TABLES)

    assert "denim_laundry.calendar = 'two_by_ten' is no calendar of this park" in str(caught.value)
    assert "= 'feeder_2' is no feeder of this park: did you mean 'feeder_" in str(caught.value)


def test_a_utility_called_like_a_tenant_is_refused():
    with pytest.raises(ParkError, match="tenant_001 is the name of a factory and of a utility"):
        build_park("amata", {**UTILITIES, "tenant_001": Crew()}, CALENDARS, None, Tenants())


def test_a_sector_on_an_unknown_calendar_and_a_park_without_feeders_are_refused():
    with pytest.raises(DataError) as caught:
        draw_tenants([dataclasses.replace(SECTOR, calendars="one_shif:1")], CALENDARS, {}, {})

    assert "sector 'metal' works on calendar 'one_shif': did you mean 'one_shift'?" in str(caught.value)
    assert "feeders are none" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lighting_frac": 1.2}, "lighting_frac = 1.2: must be between 0 and 1"),
        ({"lighting_frac": 0.6, "cooling_frac": 0.5}, "leave nothing for machines"),
        ({"tenants": 0}, "must be more than 0"),
        ({"fuels": "lgp:1"}, "fuels name 'lgp': did you mean 'lpg'?"),
        ({"calendars": "one_shift"}, "must be written like one_shift:0.3 two_shifts:0.7"),
    ],
)
def test_a_sector_that_makes_no_sense_is_refused(change, said):
    with pytest.raises(ValueError, match=said):
        dataclasses.replace(SECTOR, **change)


@pytest.mark.parametrize("text", ["", "a:-1 b:2", "a:0"])
def test_weights_must_be_positive_in_sum(text):
    with pytest.raises(ValueError, match="weights must be 0 or more and not all 0"):
        weights_of(text)
