"""Compressor stations, by hand."""

import math
from dataclasses import replace

import pytest
from benches import Unlimited
from pydantic import ValidationError
from toys import User, simulate

from eipsim.components import CompressorStation
from eipsim.physics.compressed_air import pressure_power_ratio

GRID = {"grid": Unlimited("electricity", "utilities")}
LOADING = {"name": "loading", "capacity_m3_per_min": 10.0, "specific_power_kw_per_m3_per_min": 7.0, "unloaded_frac": 0.25}
MODULATING = {**LOADING, "name": "modulating", "control": "modulating"}
FAST = {**LOADING, "name": "fast", "control": "variable_speed"}
STOPPING = {**LOADING, "name": "stopping", "control": "start_stop"}


def station(*compressors, **parameters):
    return CompressorStation(**{"compressors": compressors or (LOADING,), "mtbf_h": math.inf, "receiver_m3": 1e9, **parameters})


def run_of(it, m3_per_min, hours=10.0, **others):
    user = User({"compressed_air": 60 * m3_per_min}, place="air_main")
    return simulate({"station": it, "user": user, **GRID, **others}, hours)


def kw(run, hours=10.0):
    return run.amount(component="station", port="power") / hours


@pytest.mark.parametrize(
    ("compressor", "expected_kw"),
    [
        (LOADING, 70 * (0.4 + 0.6 * 0.25)),
        (MODULATING, 70 * (0.7 + 0.3 * 0.4)),
        (FAST, 70 * (0.05 + 0.95 * 0.4)),
        (STOPPING, 70 * 0.4),
    ],
)
def test_at_part_flow_a_compressor_draws_what_its_control_lets_it(compressor, expected_kw):
    assert kw(run_of(station(compressor), 4.0)) == pytest.approx(expected_kw)


@pytest.mark.parametrize(("compressor", "share"), [(LOADING, 0.75), (MODULATING, 0.3), (FAST, 0.95), (STOPPING, 1.0)])
def test_mended_leaks_save_only_what_the_control_lets_them(compressor, share):
    """Two of 6 m3/min at 7 kW each."""
    leaking, tight = station(compressor, leak_m3_per_min=2.0), station(compressor)

    saved_kw = kw(run_of(leaking, 4.0)) - kw(run_of(tight, 4.0))

    assert saved_kw == pytest.approx(share * 2 * 7)


def test_leaks_follow_the_absolute_pressure_and_power_the_isentropic_work():
    low = station(STOPPING, leak_m3_per_min=2.0, pressure_bar_g=6.0)
    leak = 2 * 7.01325 / 8.01325

    run = run_of(low, 4.0)

    assert run.amount(component="station", port="made") == pytest.approx(600 * (4 + leak))
    assert kw(run) == pytest.approx(7 * (4 + leak) * float(pressure_power_ratio(6.0, 7.0)))


def test_a_small_receiver_costs_what_its_cycles_cost():
    large, small = kw(run_of(station(), 5.0)), kw(run_of(station(receiver_m3=10.0), 5.0))

    assert small - large == pytest.approx(70 * 0.75 * (20 / 60) / (10 * 0.7 / (1.01325 * 10 * 0.25)))


def test_compressors_are_loaded_in_turn_and_those_not_needed_are_off():
    it = station(LOADING, MODULATING)

    assert it.declared_ports().keys() == {"compressed_air", "power", "made"}
    assert kw(run_of(it, 10.0)) == pytest.approx(70)
    assert kw(run_of(it, 14.0)) == pytest.approx(70 + 70 * (0.7 + 0.3 * 0.4))


@pytest.mark.parametrize(
    ("flow", "expected_kw"),
    [
        (8.0, 70 * (0.05 + 0.95 * 0.8)),  # the variable speed alone
        (16.0, 70 + 70 * (0.05 + 0.95 * 0.6)),  # one in full, the variable speed on trim
        (10.5, 70 + 70 * (0.05 + 0.95 * 0.05)),
    ],
)
def test_a_variable_speed_trims_beside_others_in_full(flow, expected_kw):
    assert kw(run_of(station(LOADING, FAST), flow)) == pytest.approx(expected_kw)


def test_a_variable_speed_that_is_too_small_leaves_a_gap_in_which_another_is_on_trim():
    it = station(LOADING, {**FAST, "capacity_m3_per_min": 5.0})

    assert kw(run_of(it, 7.0)) == pytest.approx(70 * (0.7 + 0.3 * 0.25))


def test_more_air_never_takes_less_power():
    it = station(LOADING, MODULATING, {**FAST, "specific_power_kw_per_m3_per_min": 9.0})
    it.down = frozenset()

    powers = [it.power_kw(30.0 * k / 300) for k in range(301)]

    assert powers == sorted(powers)


def test_users_slow_down_while_a_compressor_is_repaired():
    failing = station(LOADING, STOPPING, mtbf_h=100.0, repair_h_median=1e6)

    run = run_of(failing, 15.0, hours=2000.0)

    first, second = (event.hour for event in run.events if event.what == "machine_down")
    assert run.amount(component="user", port="compressed_air") == pytest.approx(60 * (15 * first + 10 * (second - first)))
    assert run.residual < 1e-9


def test_without_enough_power_there_is_as_much_air():
    short = {"grid": Unlimited("electricity", "utilities", gives=21.0)}

    run = run_of(station(STOPPING), 6.0, **short)

    assert run.amount(component="user", port="compressed_air") == pytest.approx(10 * 60 * 3.0)
    assert kw(run) == pytest.approx(21.0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"compressors": ()}, "must be one or more"),
        ({"compressors": (LOADING, LOADING)}, "a name of its own"),
        ({"compressors": (FAST, {**FAST, "name": "faster"})}, "at most one may have a variable speed"),
        ({"leak_m3_per_min": 10.0}, "must be less than the compressors can deliver"),
        ({"compressors": ({**LOADING, "control": "valve"},)}, "start_stop"),
    ],
)
def test_a_station_that_can_not_be_is_refused(wrong, message):
    with pytest.raises(ValidationError, match=message):
        replace(station(), **wrong)
