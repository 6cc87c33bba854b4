"""Chiller plants, by hand."""

import math

import numpy as np
import pytest
from benches import Unlimited
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from toys import User, simulate

from eipsim.components import ChillerPlant
from eipsim.physics.cooling import (
    CHILLERS,
    chiller_capacity_frac,
    chiller_power_frac,
    tower_air_frac,
    tower_fan_power_frac,
    tower_water,
)

UNLIMITED = {
    "grid": Unlimited("electricity", "utilities"),
    "city": Unlimited("water", "water_main"),
    "drain": Unlimited("wastewater", "sewer"),
}


def plant(**parameters):
    return ChillerPlant(**{"chiller_kw_th": 1000.0, "mtbf_h": math.inf, **parameters})


def run_of(it, kw_th, wet_bulb_c, hours=10.0, **others):
    """A wet bulb for each half hour, the last one on and on."""
    steps = round(hours / 0.5)
    given = np.atleast_1d(np.asarray(wet_bulb_c, float))
    profile = np.append(given, np.full(max(0, steps - given.size), given[-1]))[:steps]
    user = User({"chilled_water": kw_th}, place="chilled_water_main")
    return simulate({"plant": it, "user": user, **UNLIMITED, **others}, hours, profiles={"wet_bulb_c": profile})


def test_power_is_that_of_the_curves_and_of_pumps_and_fans():
    """700 kW thermal by one of two, wet bulb 26 °C and 4 K approach: condenser water of 30 °C."""
    run = run_of(plant(), 700.0, 26.0)

    load = 700 / (1000 * chiller_capacity_frac(7.0, 30.0))
    chiller_kw = 1000 / 5.5 * chiller_power_frac(load, 7.0, 30.0)
    assert run.amount(component="plant", port="power") == pytest.approx(10 * (chiller_kw + 0.06 * 700))
    assert run.residual < 1e-9


def test_towers_evaporate_what_chillers_and_compressors_reject():
    run = run_of(plant(auxiliary_kw_per_kw_th=0.0), 700.0, 26.0)

    water = tower_water(700 + run.amount(component="plant", port="power") / 10, 4.0, 0.0002)
    assert run.amount(component="plant", port="water") == pytest.approx(10 * water.makeup_m3_per_h)
    assert run.amount(component="plant", port="blowdown") == pytest.approx(10 * water.blowdown_m3_per_h)


def test_power_rises_with_the_wet_bulb_hour_by_hour():
    by_weather = [run_of(plant(), 700.0, c).amount(component="plant", port="power") for c in (22.0, 24.0, 26.0, 28.0)]
    mixed = run_of(plant(), 700.0, [22.0, 24.0, 26.0, 28.0], hours=2.0).amount(component="plant", port="power")

    assert by_weather == sorted(by_weather)
    assert by_weather[-1] > 1.1 * by_weather[0]
    assert mixed == pytest.approx(sum(by_weather) / 10 * 0.5)


def test_as_few_chillers_run_as_can_carry_the_load():
    """1,200 kW thermal by two at 60 %, and 900 by one."""
    it = plant(chiller_count=3, auxiliary_kw_per_kw_th=0.0)
    each = 1000 * chiller_capacity_frac(7.0, 30.0)

    two, one = (run_of(it, kw_th, 26.0).amount(component="plant", port="power") / 10 for kw_th in (1200.0, 900.0))

    assert two == pytest.approx(2 * 1000 / 5.5 * chiller_power_frac(600 / each, 7.0, 30.0))
    assert one == pytest.approx(1000 / 5.5 * chiller_power_frac(900 / each, 7.0, 30.0))


def test_on_a_humid_day_there_is_less_cooling():
    dry, humid = (run_of(plant(), 5000.0, c).amount(component="user", port="chilled_water") / 10 for c in (22.0, 29.0))

    assert dry == pytest.approx(2000 * chiller_capacity_frac(7.0, 26.0))
    assert humid == pytest.approx(2000 * chiller_capacity_frac(7.0, 33.0))
    assert humid < dry


def test_a_chiller_that_is_down_leaves_what_the_other_gives():
    run = run_of(plant(mtbf_h=100.0, repair_h_median=1e6), 1500.0, 25.4, hours=2000.0)

    first, second = (event.hour for event in run.events if event.what == "machine_down")
    one_kw_th = 1000 * chiller_capacity_frac(7.0, 29.4)
    assert run.amount(component="user", port="chilled_water") == pytest.approx(1500 * first + one_kw_th * (second - first))


@settings(max_examples=10, deadline=None)
@given(st.floats(0, 2500), st.floats(15, 30), st.floats(1, 500))
def test_balances_close_also_when_power_is_short(kw_th, wet_bulb_c, power_kw):
    run = run_of(plant(), kw_th, wet_bulb_c, grid=Unlimited("electricity", "utilities", gives=power_kw))

    assert run.residual < 1e-9
    assert run.amount(component="plant", port="power") <= 10 * power_kw * (1 + 1e-9)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"chilled_water_c": 12.0}, "less than or equal to 10"), ({"concentration_cycles": 1.0}, "greater than 1")],
)
def test_a_plant_that_can_not_be_is_refused(wrong, message):
    with pytest.raises(ValidationError, match=message):
        plant(**wrong)


def test_more_cooling_never_takes_less_power():
    it = plant(chiller_count=3)
    it.down = frozenset()
    each = 1000 * chiller_capacity_frac(7.0, 30.0)

    powers = [it.chillers_kw(each * load, it.at(30.0)) for load in np.linspace(0.01, 3.0, 300)]

    assert powers == sorted(powers)


def test_chilled_water_and_power_may_be_short_at_once():
    """A line that draws both and the plant that serves it are cut alike."""
    one_kw_th = 1000 * chiller_capacity_frac(7.0, 30.0)
    user = User({"chilled_water": 1.005 * one_kw_th, "electricity": 500.0}, place="chilled_water_main")
    whole = run_of(plant(), 1.005 * one_kw_th, 26.0).amount(component="plant", port="power") / 10
    line = {"line": user, "grid": Unlimited("electricity", "utilities", gives=whole + 495.0)}
    parents = {("electricity", "chilled_water_main"): "utilities"}

    run = simulate({"plant": plant(), **UNLIMITED, **line}, 10.0, profiles={"wet_bulb_c": np.full(20, 26.0)}, parents=parents)

    assert run.residual < 1e-9
    share = (whole + 495) / (whole + 500)
    assert run.amount(component="line", port="electricity") == pytest.approx(5000 * share)
    assert run.amount(component="plant", port="power") == pytest.approx(10 * whole * share)


def test_the_kind_of_compressor_decides_the_curves():
    """700 kW thermal by one of two at variable speed, condenser water of 30 °C."""
    curves = CHILLERS["centrifugal_variable_speed"]

    run = run_of(plant(compressor="centrifugal_variable_speed", auxiliary_kw_per_kw_th=0.0), 700.0, 26.0)

    load = 700 / (1000 * chiller_capacity_frac(7.0, 30.0, curves))
    by_one = 1000 / 5.5 * chiller_power_frac(load, 7.0, 30.0, curves)
    by_two = 2 * 1000 / 5.5 * chiller_power_frac(load / 2, 7.0, 30.0, curves)
    assert run.amount(component="plant", port="power") == pytest.approx(10 * min(by_one, by_two))


def test_tower_fans_follow_the_heat_and_a_converter_spares_what_it_can():
    """A quarter of 40 kW of fans with converters, 200 m3/h over the towers, wet bulb 26 °C and 4 K above."""
    bare = run_of(plant(auxiliary_kw_per_kw_th=0.0), 700.0, 26.0).amount(component="plant", port="power")
    fans = {"tower_fan_kw": 40.0, "tower_water_m3_per_h": 200.0, "tower_fan_vsd_frac": 0.25}

    run = run_of(plant(auxiliary_kw_per_kw_th=0.0, **fans), 700.0, 26.0)

    air = tower_air_frac((700 + bare / 10) / (4.186 / 3.6 * 200), 4.0, 26.0)
    by_hand = 40 * (0.75 * tower_fan_power_frac(air, 1) + 0.25 * tower_fan_power_frac(air, None))
    assert run.amount(component="plant", port="power") - bare == pytest.approx(10 * by_hand)
    assert 0.1 < air < 1


def test_modelled_fans_need_water_to_cool():
    with pytest.raises(ValidationError, match="tower_water_m3_per_h = 0 with tower_fan_kw = 40 kW: must be above 0"):
        plant(tower_fan_kw=40.0)
