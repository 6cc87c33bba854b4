import math
from dataclasses import replace

import numpy as np
import pytest
from benches import Crew, Unlimited, batch_line, bench, workshop
from benches import context as made_up
from benches import small_park as bench_park
from toys import simulate as toy_simulate

from eipsim.components import BufferTank, Calendar, EqualisationTank, River
from eipsim.components.holds import Holds
from eipsim.kernel.run import Cause
from eipsim.kpis.bottlenecks import LostHours, lost_hours
from eipsim.kpis.production import line_hours
from eipsim.park import Park
from eipsim.scenario import Scenario, simulate


def park_of(it):
    return Park("one", {"it": it})


def total_h(run, park):
    return math.fsum(h.stopped_h + h.unserved_h for name, one in park.factories().items() for h in line_hours(run, name, one))


@pytest.mark.parametrize("run_in_h", [0.0, 48.0])
def test_the_account_of_a_park_that_breaks_and_lacks_adds_up_to_its_lost_hours(run_in_h):
    park = bench_park()
    often = {"interruptions_per_yr": 200.0, "interruption_h_median": 2.0}
    for name in ("feeder_1", "feeder_2", "substation", "water_works"):
        park = park.replace(name, **often)
    for name in ("factory_0", "factory_1"):
        for use, driver in (("machines", "line:0"), ("washing", "line:1")):
            park = park.replace_end_use(name, use, replace(park.end_use(name, use), driver=driver))

    run = simulate(Scenario("often", park, made_up(), run_in_h=run_in_h))

    rows = lost_hours(run, park)
    assert math.fsum(row.lost_h for row in rows) == pytest.approx(total_h(run, park), rel=1e-12)
    assert {row.cause for row in rows} == {"breakdown", "waiting for crew", "shortage"}
    assert {row.root for row in rows if row.cause == "shortage"} >= {
        "feeder_1",
        "feeder_2",
        "substation",
        "water_works",
    }
    assert min(row.lost_h for row in rows) > 0


def test_breakdowns_count_in_working_hours_only_and_a_line_that_waits_counts_for_the_crew():
    lines = (batch_line(mtbf_h=20.0, repair_h_median=6.0),) * 3
    edges_h = tuple(float(h) for day in range(60) for h in (24 * day + 6, 24 * day + 22))

    run = bench(workshop(lines=lines, crew="crew"), 1440.0, edges_h=edges_h, more={"crew": Crew(size=1)})

    rows = lost_hours(run, park_of(workshop(lines=lines, crew="crew")))
    by_clock_h = sum(run.amount(component="it", port=f"down_{k}") for k in range(3))
    broken_h = sum(row.lost_h for row in rows if row.cause == "breakdown")
    assert 0.4 * by_clock_h < broken_h < 0.95 * by_clock_h
    assert {row.root for row in rows if row.cause == "waiting for crew"} == {"crew"}
    assert sum(row.lost_h for row in rows) == pytest.approx(
        sum(h.stopped_h for h in line_hours(run, "it", workshop(lines=lines))), rel=1e-12
    )


def test_planned_stops_are_booked_as_such():
    it = workshop(planned_stops_h=((10.0, 16.0), (30.0, 31.0)))

    run = bench(it, 48.0)

    assert lost_hours(run, park_of(it)) == [LostHours("it", 0, "planned stop", "", "", "", "", pytest.approx(7.0, rel=1e-12))]


def behind_a_buffer(**parameters):
    """A workshop of 4 m3/h of wastewater behind a tank of 10 m3, and a central tank whose alarm can be on at once."""
    given = {"place": "site", "factory": "it", "capacity_m3": 10.0, "pump_m3_per_h": 1.0, "start_frac": 0.0}
    return {
        "it": workshop(),
        "buffer": BufferTank(**{**given, **parameters}),
        "tank": EqualisationTank(capacity_m3=100.0, bands=((0.0, 1.0),), start_frac=0.9, high_frac=0.85),
        "river": River(place="plant"),
        "calendar:work": Calendar(edges_h=(0.0, 8.0)),
        "grid": Unlimited("electricity", "site"),
        "mains": Unlimited("water", "site"),
    }


WORK = {"profiles": {"calendar:work": np.ones(16)}, "step_h": 0.5}


@pytest.mark.parametrize(
    ("parameters", "root", "why"),
    [({}, "buffer", "full"), ({"tank": "tank", "pump_m3_per_h": 2.0, "hold_frac": 0.5}, "tank", "orders to hold back")],
)
def test_lines_stopped_by_a_full_buffer_are_booked_to_it_or_to_who_ordered_to_hold_back(parameters, root, why):
    parts = behind_a_buffer(**parameters)

    run = toy_simulate(parts, 8.0, **WORK)

    (row,) = lost_hours(run, park_of(parts["it"]))
    assert row[:7] == ("it", 0, "held back", "", "", root, why)
    # 10 m3 fill at 3 m3/h, 2 m3 drain at 1 m3/h, and again: stopped from 3 1/3 to 5 1/3 h and from 6 to 8 h
    assert row.lost_h == pytest.approx(4.0, rel=1e-9)


def test_what_nobody_names_is_told_as_unexplained():
    it = workshop(planned_stops_h=((10.0, 16.0),))

    run = bench(workshop(), 48.0)
    run.amounts[:, run.find(component="it", port="run_0")] -= 5.0

    (row,) = lost_hours(run, park_of(it))
    assert (row.cause, row.lost_h) == ("unexplained", pytest.approx(5.0))


def test_an_order_and_a_planned_stop_at_the_same_time_share_the_hours():
    holds = Holds("it", "", ((2.0, 6.0),))
    holds.begin(0, 5.0, Cause("held back", root="tank"))
    holds.end(0, 7.0)

    spans = list(holds.spans(0))

    assert [(span, [cause.what for cause in causes]) for span, causes in spans] == [
        ((2.0, 5.0), ["planned stop"]),
        ((5.0, 6.0), ["held back", "planned stop"]),
        ((6.0, 7.0), ["held back"]),
    ]
    assert list(holds.spans(1)) == [((2.0, 6.0), [Cause("planned stop")])]
