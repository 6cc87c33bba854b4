import math
from dataclasses import replace

import numpy as np
import pytest
from benches import MONDAY, Unlimited, batch_line, bench, workshop
from pydantic import ValidationError
from toys import daily_accounts, simulate

from eipsim.components import Calendar, Crew, Line
from eipsim.components.factory import port_name
from eipsim.end_uses import Lighting, Motors, ProcessHeat, WaterUse
from eipsim.timebase import Horizon, WorkCalendar

WEEK_H = 168.0
SHIFTS = WorkCalendar(shifts=((6, 14), (14, 22)), days_per_week=6)


def shifts(hours=WEEK_H):
    horizon = Horizon(MONDAY, hours)
    return {"edges_h": tuple(SHIFTS.edges(horizon).tolist()), "profiles": {"calendar:work": SHIFTS.profile(horizon, 0.5)}}


def states(run, k=0):
    return {state: run.amount(component="it", port=f"{state}_{k}") for state in ("run", "set_up", "down", "waiting")}


def test_a_simple_factory_uses_its_rest_at_all_hours_and_the_remainder_at_work():
    run = bench(workshop(), WEEK_H, **shifts())

    assert run.amount(component="it", port="machines_electricity") == pytest.approx(10 * WEEK_H + 90 * 96)
    assert run.amount(component="it", port="washing_process") == pytest.approx(5 * 96)
    assert run.amount(component="it", port="washing_process_waste") == pytest.approx(4 * 96)
    assert run.amount(component="it", port="open") == pytest.approx(96)
    assert run.amount(component="it", port="output_0") == pytest.approx(960)


def test_a_simple_factory_is_not_woken_by_its_shifts():
    run = bench(workshop(), 8760.0, edges_h=(0.0, 8760.0))

    assert run.settlements < 5


def test_only_what_lines_cause_is_variable():
    run = bench(
        workshop(end_uses={"machines": Motors(shaft_kw=88.0), "lighting": Lighting(installed_kw=10.0)}), WEEK_H, **shifts()
    )

    machines, lighting = run.find("it", "machines_electricity"), run.find("it", "lighting_electricity")
    assert run.variable[:, machines].sum() == pytest.approx(90 * 96)
    assert run.columns[machines[0]].line == -1
    assert run.columns[lighting[0]].line is None


def test_shifts_as_a_profile_equal_shifts_as_events():
    steady = Line(units_per_h=10.0)
    endless = Line(units_per_h=10.0, batch_h_median=1e6, batch_sigma=0.0, set_up_h_median=1e-6, set_up_sigma=0.0)

    profile = bench(workshop(lines=(steady,)), WEEK_H, **shifts())
    events = bench(workshop(lines=(endless,)), WEEK_H, **shifts())

    for port in ("machines_electricity", "washing_process", "output_0", "open"):
        assert events.amount(component="it", port=port) == pytest.approx(profile.amount(component="it", port=port), rel=1e-6)


def test_a_batch_goes_on_after_the_night():
    exact = {"batch_sigma": 0.0, "set_up_sigma": 0.0}
    line = batch_line(batch_h_median=20.0, set_up_h_median=2.0, mtbf_h=math.inf, **exact)

    run = bench(workshop(lines=(line,)), 48.0, **shifts(48.0), accounts=daily_accounts(48.0))

    # 32 h of work: 2 h set-up, 20 h batch, 2 h set-up, 8 h batch
    assert run.by_account(component="it", port="run_0").tolist() == pytest.approx([14.0, 14.0])
    assert run.by_account(component="it", port="set_up_0").tolist() == pytest.approx([2.0, 2.0])
    assert run.amount(component="it", port="output_0") == pytest.approx(280.0)


def test_a_line_that_is_set_up_draws_its_fraction():
    line = batch_line(batch_h_median=6.0, set_up_h_median=2.0, batch_sigma=0.0, set_up_sigma=0.0, mtbf_h=math.inf)

    run = bench(workshop(lines=(line,)), 8.0)

    assert run.amount(component="it", port="machines_electricity") == pytest.approx(10 * 8 + 90 * (6 + 2 * 0.25))


def test_lines_drive_their_own_uses_and_shared_ones_by_their_mean():
    fast = batch_line(
        batch_h_median=6.0, set_up_h_median=2.0, batch_sigma=0.0, set_up_sigma=0.0, mtbf_h=math.inf, set_up_frac=0.0
    )
    steady = Line(units_per_h=1.0)
    uses = {
        "first": Motors(shaft_kw=0.88 * 10, driver="line:0", standby_frac=0.0),
        "second": Motors(shaft_kw=0.88 * 10, driver="line:1", standby_frac=0.0),
        "both": Motors(shaft_kw=0.88 * 10, driver="lines", standby_frac=0.0),
    }

    run = bench(workshop(lines=(fast, steady), end_uses=uses), 8.0)

    used = [run.amount(component="it", port=f"{name}_electricity") for name in uses]
    assert used == pytest.approx([60.0, 80.0, 70.0])
    assert [run.columns[run.find("it", f"{name}_electricity")[0]].line for name in uses] == [0, 1, -1]


@pytest.mark.parametrize("batch_h", [None, 4.0])
def test_states_add_up_to_the_hours_of_a_factory_that_never_closes(batch_h):
    line = batch_line(batch_h_median=batch_h, mtbf_h=20.0)

    run = bench(workshop(lines=(line, line), crew="other 0"), 2000.0, Crew(size=1))

    for k in range(2):
        assert sum(states(run, k).values()) == pytest.approx(2000.0)


def test_one_crew_lets_the_second_line_wait():
    line = batch_line(mtbf_h=10.0, repair_h_median=8.0)

    alone = bench(workshop(lines=(line, line)), 2000.0)
    shared = bench(workshop(lines=(line, line), crew="other 0"), 2000.0, Crew(size=1))

    assert states(alone)["waiting"] == 0
    assert states(shared)["waiting"] + states(shared, 1)["waiting"] > 100
    assert shared.amount(component="it", port="output_0") < alone.amount(component="it", port="output_0")


@pytest.mark.parametrize("batch_h", [None, 4.0])
def test_breakdowns_come_with_running_time_and_are_logged(batch_h):
    line = batch_line(batch_h_median=batch_h, mtbf_h=50.0)

    runs = [bench(workshop(lines=(line,)), 4380.0, **shifts(4380.0), replication=k) for k in range(5)]

    ran_h = sum(states(run)["run"] for run in runs)
    broke = sum(event.what == "breakdown" for run in runs for event in run.events)
    assert broke == pytest.approx(ran_h / 50.0, abs=3 * math.sqrt(ran_h / 50.0))


def test_a_line_that_is_down_overnight_counts_the_night_but_draws_nothing():
    line = batch_line(mtbf_h=2.0, repair_h_median=500.0, repair_sigma=0.0, down_frac=0.5)

    run = bench(workshop(lines=(line,)), WEEK_H, **shifts())

    done = states(run)
    broke = next(event.hour for event in run.events if event.what == "breakdown")
    assert done["down"] == pytest.approx(WEEK_H - broke)
    open_down_h = 96 - done["run"] - done["set_up"]
    used = 10 * WEEK_H + 90 * (done["run"] + 0.25 * done["set_up"] + 0.5 * open_down_h)
    assert run.amount(component="it", port="machines_electricity") == pytest.approx(used)


def test_a_simple_line_that_is_down_draws_its_fraction_and_makes_nothing():
    line = batch_line(batch_h_median=None, mtbf_h=20.0, down_frac=0.5)

    run = bench(workshop(lines=(line,)), 1000.0)

    done = states(run)
    assert done["down"] > 0
    assert run.amount(component="it", port="output_0") == pytest.approx(10 * done["run"])
    assert run.amount(component="it", port="machines_electricity") == pytest.approx(
        10 * 1000 + 90 * (done["run"] + 0.5 * done["down"])
    )


@pytest.mark.parametrize("batch_h", [None, 1e6])
def test_a_planned_stop_costs_its_working_hours(batch_h):
    line = batch_line(batch_h_median=batch_h, mtbf_h=math.inf, set_up_h_median=0.01, set_up_frac=1.0)

    normal = bench(workshop(lines=(line,)), WEEK_H, **shifts())
    stopped = bench(workshop(lines=(line,), planned_stops_h=((24.0, 48.0),)), WEEK_H, **shifts())

    lost = [
        n.amount(component="it", port="output_0") - s.amount(component="it", port="output_0") for n, s in [(normal, stopped)]
    ]
    saved = normal.amount(component="it", port="machines_electricity") - stopped.amount(
        component="it", port="machines_electricity"
    )
    assert lost == pytest.approx([160.0])
    assert saved == pytest.approx(90 * 16.0)
    assert stopped.amount(component="it", port="open") == pytest.approx(96.0)


def test_a_repair_that_ends_in_a_planned_stop_leaves_the_line_standing():
    line = batch_line(batch_h_median=None, mtbf_h=5.0, repair_h_median=4.0)

    run = bench(workshop(lines=(line,), planned_stops_h=((20.0, 60.0),)), 60.0, accounts=daily_accounts(60.0))

    first, second, third = run.by_account(component="it", port="run_0")
    assert first <= 20.0
    assert (second, third) == (0.0, 0.0)


def test_a_shortage_cuts_output_but_not_hours_run():
    run = bench(workshop(), 10.0, edges_h=(0.0, 10.0))
    cut = bench_with_weak_grid()

    assert cut.amount(component="it", port="run_0") == run.amount(component="it", port="run_0") == 10.0
    assert cut.amount(component="it", port="output_0") < run.amount(component="it", port="output_0")


def bench_with_weak_grid():
    motors = Motors(shaft_kw=88.0, efficiency_frac=0.88, standby_frac=0.1, driver="line:0")
    parts = {
        "it": workshop(end_uses={"machines": motors}),
        "grid": Unlimited("electricity", "site", gives=50.0),
        "calendar:work": Calendar(edges_h=(0.0, 10.0)),
    }
    return simulate(parts, 10.0, profiles={"calendar:work": np.ones(20)})


def test_mixed_lines_are_woken_by_events():
    line = batch_line(mtbf_h=math.inf)

    run = bench(workshop(lines=(line, Line(units_per_h=5.0))), WEEK_H, **shifts())

    assert run.amount(component="it", port="run_1") == pytest.approx(96.0)
    assert run.amount(component="it", port="output_1") == pytest.approx(480.0)


def test_on_the_calendar_all_ends_fall_on_quarter_hours():
    run = bench(workshop(lines=(batch_line(mtbf_h=20.0),), crew="other 0"), WEEK_H, Crew(size=1), **shifts(), resolution_h=0.25)

    assert run.events
    assert all(event.hour % 0.25 == 0 for event in run.events)
    assert all(hours % 0.25 == 0 for hours in states(run).values())


def test_scenarios_share_the_random_numbers_of_a_line():
    sized = [Motors(shaft_kw=size) for size in (88.0, 44.0)]

    runs = [bench(workshop(lines=(batch_line(),), end_uses={"machines": use}), 1000.0) for use in sized]

    assert states(runs[0]) == states(runs[1])
    assert runs[0].events == runs[1].events


def test_batch_and_set_up_have_their_lognormal_means():
    line = batch_line(batch_h_median=4.0, batch_sigma=0.5, set_up_h_median=0.5, set_up_sigma=0.5, mtbf_h=math.inf)

    runs = [bench(workshop(lines=(line,)), 4380.0, replication=k) for k in range(3)]

    shares = [states(run)["run"] / 4380.0 for run in runs]
    assert np.mean(shares) == pytest.approx(4.0 / 4.5, abs=0.005)


def test_ports_are_called_after_end_use_and_flow():
    ports = workshop(
        end_uses={"oven": ProcessHeat(carrier="lpg", useful_kw=50.0), "washing": WaterUse(process_m3_per_h=1.0)}
    ).flows()

    assert "washing_process" in ports
    assert all(name.startswith(("oven_", "washing_")) for name in ports)
    assert port_name("lighting", "") == "lighting"


def test_a_driver_that_no_line_has_is_refused():
    factory = workshop(end_uses={"machines": Motors(shaft_kw=10.0, driver="line:3")})

    with pytest.raises(ValueError, match="'line:3': must be one of lines, open, always, line:0"):
        factory.declared_ports()


def test_a_factory_without_lines_or_with_a_stop_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="at least one line"):
        workshop(lines=())
    with pytest.raises(ValueError, match="end after it starts"):
        workshop(planned_stops_h=((5.0, 4.0),))


@pytest.mark.parametrize(("given", "read"), [("ge110", "ge110"), (22110, "22_110"), (622, "6_22")])
def test_a_voltage_class_is_read_as_yaml_gives_it(given, read):
    """YAML drops the underscore of 22_110 and 6_22 and makes numbers of them."""
    assert replace(workshop(), voltage_class=given).voltage_class == read


@pytest.mark.parametrize("given", ["20kV", 22, 110])
def test_a_voltage_class_that_the_tariff_has_not_is_refused(given):
    with pytest.raises(ValidationError, match="'ge110', '22_110', '6_22' or 'lt6'"):
        replace(workshop(), voltage_class=given)
