"""Headroom of a park whose use can be worked out by hand."""

import math

import numpy as np
import pytest
from benches import Unlimited
from toys import Shifty, User, daily_accounts, simulate

from eipsim.components import EqualisationTank, Feeder, River, Substation, WastewaterPlant, WaterReservoir, WaterWorks
from eipsim.errors import ResultsError
from eipsim.kpis.headroom import busy, headroom, headroom_ports
from eipsim.park import Park
from eipsim.results import LostRow, Results, RoomRow
from eipsim.studies.bottlenecks import bottleneck_tables, cause_sums, check_lost
from eipsim.studies.headroom import check_rooms, fits, headroom_tables

CALM = {"interruptions_per_yr": 0.0}
HOURS = 60.0


def parts():
    """A user of 900 kW and 10 m3/h all day, and one of 90 kW and 5 m3/h from 6 to 22 h."""
    return {
        "steady": User({"electricity": 900.0, "water": 10.0}, {"wastewater": 8.0}, place="site"),
        "shift": Shifty("electricity", 90.0, direction=-1, place="site"),
        "wash": Shifty("water", 5.0, direction=-1, place="site"),
        "substation": Substation(place="busbar", rating_kw=1800.0, **CALM),
        "feeder": Feeder(place="feeder", to="busbar", rating_kw=1200.0, **CALM),
        "works": WaterWorks(power_place="grid", capacity_m3_per_h=20.0, **CALM),
        "grid": Unlimited("electricity", "grid"),
        "tank": EqualisationTank(plant="plant", capacity_m3=50.0, bands=((0.0, 9.0),), start_frac=0.0),
        "plant": WastewaterPlant(trains=2, train_m3_per_h=6.0, power_place="grid", mtbf_h=math.inf),
        "river": River(place="plant"),
    }


def rooms(**more):
    park = Park("hand", parts() | more)
    parents = {("electricity", "site"): "feeder", ("water", "site"): "water_main", ("wastewater", "site"): "sewer"}
    ports = headroom_ports(park)
    run = simulate(dict(park.components), HOURS, accounts=daily_accounts(HOURS), parents=parents, record=ports)
    return {(one.resource, one.limit): one for one in headroom(run, park)}


def test_each_limit_stands_beside_what_the_busy_day_used():
    found = rooms()

    used = {key: (one.capacity, one.used) for key, one in found.items()}
    assert used["water", "works"] == (480.0, pytest.approx(24 * 10 + 16 * 5))
    assert used["water peak", "works"] == (20.0, pytest.approx(15.0))
    assert used["wastewater", "plant"] == (288.0, pytest.approx(24 * 8))
    assert used["wastewater", "tank"] == (216.0, pytest.approx(24 * 8))
    assert used["electricity", "substation"] == (pytest.approx(2.0), pytest.approx(1.1))
    assert used["feeder", "feeder"] == (pytest.approx(4 / 3), pytest.approx(1.1))
    assert all(math.isnan(one.tenant) for one in found.values())


def test_a_reservoir_takes_the_peak_off_the_works():
    reservoir = WaterReservoir(capacity_m3=100.0, fill_m3_per_h=5.0, draw_m3_per_h=5.0)

    assert ("water peak", "works") not in rooms(reservoir=reservoir)


def test_the_busy_day_is_a_percentile_over_days():
    assert busy(np.arange(101.0)) == pytest.approx(95.0)
    assert math.isnan(busy([]))


def row(scenario, resource, limit, spare, tenant):
    return RoomRow(scenario, resource, limit, "MVA", 10.0, 10.0 - spare, spare, spare - 0.5, spare + 0.5, tenant)


def test_whole_tenants_fit_and_the_limit_with_room_for_fewest_binds():
    rows = [row("base", "electricity", "substation", 3.0, 0.4), row("base", "feeder", "f1", 1.0, 0.4)]
    rows += [row("base", "feeder", "f2", 1.5, 0.4), row("base", "feeder", "f3", -1.0, 0.4)]

    substation, feeders = fits(rows)

    assert (substation.tenants, substation.binds) == (7.0, False)
    # 2 on the first feeder and 3 on the second, none on the third
    assert (feeders.limit, feeders.tenants, feeders.binds) == ("feeders", 5.0, True)
    assert (feeders.spare, feeders.spare_low) == (pytest.approx(1.5), pytest.approx(0.0))
    (table,) = headroom_tables([substation, feeders], [], 8760.0)
    assert [cells[2] for cells in table.rows] == ["substation", "feeders *"]


def of(**tables):
    manifest = {"hours": 12.0, "replications": 2, "units": {"base": []}, "baseline": "base"}
    return Results("tiny", (), (), (), (), (), (), manifest, **tables)


def test_results_without_a_whole_day_or_a_lost_hour_are_refused():
    empty = RoomRow("base", "water", "works", "m3/d", 480.0, *(math.nan,) * 5)

    for wrong in (of(), of(headroom=(empty,))):
        with pytest.raises(ResultsError, match="tiny tells no headroom"):
            check_rooms(wrong)
    with pytest.raises(ResultsError, match="tiny has lost no hour of production"):
        check_lost(of())


def test_causes_are_summed_over_lines_and_add_up():
    rows = (
        LostRow("base", "a", 0, "breakdown", "", "", "a", "", 3.0),
        LostRow("base", "b", 0, "breakdown", "", "", "b", "", 4.0),
        LostRow("base", "b", 1, "shortage", "water", "main", "works", "interruption", 1.0),
    )

    first, second = cause_sums(rows)

    assert first == ("base", "breakdown", "", "(several)", "", 7.0, 0.875)
    assert second == ("base", "shortage", "water", "works", "interruption", 1.0, 0.125)
    causes, factories = bottleneck_tables(of(lost_hours=rows), "base")
    assert causes.rows[-1][-1] == "8"
    assert factories.rows[0] == ("b", "2", "4", "1", "5")
