"""Boiler houses between unlimited utilities, by hand."""

import itertools
import math
from dataclasses import replace

import pytest
from benches import Unlimited
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from toys import User, simulate

from eipsim.components import BoilerHouse
from eipsim.kernel.crew import Crew
from eipsim.kernel.ports import COMFORT, LINES
from eipsim.physics.insulation import pipe_loss_w_per_m
from eipsim.physics.steam import boiler_fuel_kw, saturated, water_kj_per_kg

PLACES = [
    ("coal", "fuel_depot"),
    ("natural_gas", "fuel_depot"),
    ("diesel", "fuel_depot"),
    ("water", "water_main"),
    ("electricity", "utilities"),
    ("wastewater", "sewer"),
]
UNLIMITED = {f"all {carrier}": Unlimited(carrier, place) for carrier, place in PLACES}
COAL = {"name": "coal_fired", "rating_t_per_h": 6.0, "fuels": ("coal",)}
GAS = {"name": "gas_fired", "rating_t_per_h": 4.0, "fuels": ("natural_gas", "diesel")}


def house(**parameters):
    return BoilerHouse(**{"boilers": (COAL, GAS), "mtbf_h": math.inf, "hot_count": 0, **parameters})


def user(steam_t_per_h, **parameters):
    return User({"steam": steam_t_per_h}, place="steam_main", **parameters)


def run_of(it, *users, hours=10.0, **others):
    named = {f"user {k}": one for k, one in enumerate(users)}
    return simulate({"house": it, **UNLIMITED, **named, **others}, hours)


def fuel_gj(it, boiler, fuel, load_t_per_h, hours):
    """By the physics that is tested apart."""
    one = next(b for b in it.boilers if b.name == boiler)
    duty = it.duty_kwh_per_t
    return boiler_fuel_kw(one.firing(fuel), one.rating_t_per_h * duty, load_t_per_h * duty) * hours * 0.0036


def test_the_first_boiler_is_filled_before_the_second():
    it = house()

    run = run_of(it, user(7.0))

    assert run.amount(component="house", port="raised_coal_fired") == pytest.approx(60.0)
    assert run.amount(component="house", port="raised_gas_fired") == pytest.approx(10.0)
    assert run.amount(component="house", port="fuel_coal_fired") == pytest.approx(fuel_gj(it, "coal_fired", "coal", 6, 10))
    assert run.amount(component="house", port="fuel_gas_fired") == pytest.approx(fuel_gj(it, "gas_fired", "natural_gas", 1, 10))
    assert run.residual < 1e-9


def test_water_comes_in_as_it_leaves_with_steam_and_blowdown():
    """5 t/h: blowdown 4 % of feed, 60 % of the steam back as condensate."""
    run = run_of(house(blowdown_frac=0.04, condensate_frac=0.6), user(5.0))

    blowdown_m3 = run.amount(component="house", port="blowdown")
    assert blowdown_m3 == pytest.approx(50 * 0.04 / 0.96)
    assert run.amount(component="house", port="water") == pytest.approx(50 - 0.6 * 50 + blowdown_m3)
    assert run.amount(component="house", port="power") == pytest.approx(50 * 4.0)


def test_energy_that_goes_in_leaves_with_steam_blowdown_flue_and_casing():
    it = house(condensate_frac=0.5, condensate_c=90.0, makeup_c=25.0, steam_bar_g=9.0, blowdown_frac=0.05)

    run = run_of(it, user(6.0), hours=1.0)

    steam, r = saturated(9.0), 0.05 / 0.95
    out_kj = 6000 * (steam.vapour_kj_per_kg + r * steam.liquid_kj_per_kg)
    in_kj = 6000 * (0.5 * water_kj_per_kg(90.0) + (0.5 + r) * water_kj_per_kg(25.0))
    casing_kj = 3600 * 22.0 * (6 * it.duty_kwh_per_t / 1000) ** 0.7
    kept_frac = 1 - 170 * (0.76 / 17 + 0.006) / 100
    assert run.amount(component="house", port="fuel_coal_fired") * 1e6 * kept_frac == pytest.approx(out_kj - in_kj + casing_kj)


def test_condensate_saves_the_heat_of_the_water_that_it_replaces():
    """At 5 t/h, 60 % instead of none: 3 t/h × (h 85 °C − h 28 °C) at the efficiency of the fire, and the casing of a boiler
    whose six tonnes are less heat.
    """
    kept_frac = 1 - 170 * (0.76 / 17 + 0.006) / 100
    boiler = {**COAL, "low_fire_o2_frac": 0.04, "low_fire_c": 200.0}
    none, some = (house(boilers=(boiler,), condensate_frac=share) for share in (0.0, 0.6))

    before_gj, after_gj = (
        run_of(it, user(5.0), hours=1.0).amount(component="house", port="fuel_coal_fired") for it in (none, some)
    )

    steam, r, h85, h28 = saturated(10.0), 0.05 / 0.95, water_kj_per_kg(85.0), water_kj_per_kg(28.0)
    raw_kj = steam.vapour_kj_per_kg + r * steam.liquid_kj_per_kg - (1 + r) * h28
    casings_mw = [0.022 * (6 * (raw_kj - share * (h85 - h28)) / 3600) ** 0.7 for share in (0.0, 0.6)]
    heat_gj = 3000 * (h85 - h28) / 1e6 + 3.6 * (casings_mw[0] - casings_mw[1])
    assert before_gj - after_gj == pytest.approx(heat_gj / kept_frac, rel=1e-9)


def test_the_main_takes_its_loss_at_all_hours_and_delivers_what_is_left():
    it = house(main_m=800.0)
    loss_kw = 0.8 * pipe_loss_w_per_m(168.3, saturated(10.0).boiling_c, 30.0, insulation_mm=60.0)
    loss_t_per_h = loss_kw * 3600 / saturated(10.0).latent_kj_per_kg / 1000

    idle, busy, full = (run_of(it, *users) for users in ((), (user(2.0),), (user(20.0),)))

    assert idle.amount(component="house", port="raised_coal_fired") == pytest.approx(10 * loss_t_per_h)
    assert busy.amount(component="house", port="raised_coal_fired") == pytest.approx(20 + 10 * loss_t_per_h)
    assert full.amount(component="user 0", port="steam") == pytest.approx(10 * (10.0 - loss_t_per_h))


def test_a_boiler_that_is_kept_hot_burns_the_loss_of_its_casing():
    cold, hot = run_of(house(hot_count=1), user(0.0)), run_of(house(hot_count=2), user(0.0))

    assert cold.amount(component="house", port="fuel_gas_fired") == 0
    assert hot.amount(component="house", port="fuel_gas_fired") == pytest.approx(
        fuel_gj(house(), "gas_fired", "natural_gas", 0.0, 10)
    )


def test_boilers_that_are_down_leave_users_of_the_lowest_class_without_steam():
    """Each fails for good within hours of ten; until then 10 t/h, after the first failure 4 or 6, at last none."""
    failing = house(mtbf_h=20.0, repair_h_median=1e6, crew="")

    run = run_of(failing, user(4.0, priority=LINES), user(6.0, priority=COMFORT), hours=300.0)

    downs = [event for event in run.events if event.what == "machine_down"]
    first, second = (event.hour for event in downs)
    left = 6.0 if run.amount(component="house", port="raised_coal_fired") > 6.0 * first + 1e-6 else 4.0
    assert [event.value for event in downs] == [1, 0]
    assert run.amount(component="user 0", port="steam") == pytest.approx(4.0 * second)
    assert run.amount(component="user 1", port="steam") == pytest.approx(6.0 * first + (left - 4.0) * (second - first))
    assert run.residual < 1e-9


def test_boilers_wait_for_a_crew_that_repairs_one_at_a_time():
    failing = house(mtbf_h=50.0, repair_h_median=10.0, repair_sigma=0.0, crew="crew")

    run = run_of(failing, user(1.0), hours=2000.0, crew=Crew(size=1))

    ups = [event.hour for event in run.events if event.what == "machine_up"]
    assert len(ups) > 20
    assert min(b - a for a, b in itertools.pairwise(ups)) >= 9.7  # repairs of 10 h end on quarters of an hour


def test_the_cheapest_heat_is_burnt_first():
    prices = {"coal": 300e3, "natural_gas": 250e3, "diesel": 600e3, "lpg": 1.0, "fuel_oil": 1.0, "biomass": 1.0}
    by_price = house(fuel_choice="price", fuel_vnd_per_gj=prices)
    dear_gas = house(fuel_choice="price", fuel_vnd_per_gj={**prices, "natural_gas": 310e3})
    dearest_gas = house(fuel_choice="price", fuel_vnd_per_gj={**prices, "natural_gas": 700e3})

    assert [(boiler.name, firing.fuel) for boiler, firing in by_price.sequence] == [
        ("gas_fired", "natural_gas"),
        ("coal_fired", "coal"),
    ]
    assert [boiler.name for boiler, _ in dear_gas.sequence] == ["coal_fired", "gas_fired"]
    assert [firing.fuel for _, firing in dearest_gas.sequence] == ["coal", "diesel"]
    assert run_of(by_price, user(3.0)).amount(component="house", port="fuel_coal_fired") == 0


def test_without_water_there_is_steam_for_as_much_as_there_is():
    """2 of the 2.25 m3/h that 5 t/h take: blowdown 0.25 t/h, condensate 3 t/h."""
    it = house(blowdown_frac=0.25 / 5.25, condensate_frac=0.6)
    parts = {**UNLIMITED, "all water": Unlimited("water", "water_main", gives=2.0)}

    run = simulate({"house": it, "user": user(5.0), **parts}, 10.0)

    assert run.amount(component="user", port="steam") == pytest.approx(50 * 2 / 2.25)
    assert run.amount(component="house", port="fuel_coal_fired") == pytest.approx(
        fuel_gj(it, "coal_fired", "coal", 5.0, 10) * 2 / 2.25
    )
    assert run.residual < 1e-9


@settings(max_examples=15, deadline=None)
@given(st.floats(0, 15), st.floats(0, 0.2), st.floats(0, 1), st.floats(0.5, 40))
def test_balances_close_and_no_user_gets_more_than_is_raised(draw, blowdown, condensate, power_kw):
    it = house(blowdown_frac=blowdown, condensate_frac=condensate, main_m=200.0, hot_count=1)
    parts = {**UNLIMITED, "all electricity": Unlimited("electricity", "utilities", gives=power_kw)}

    run = simulate({"house": it, "user": user(draw), **parts}, 10.0)

    raised = sum(run.amount(component="house", port=f"raised_{name}") for name in it.machines)
    assert run.residual < 1e-9
    assert run.amount(component="user", port="steam") <= raised + 1e-9
    assert run.amount(component="house", port="water") + condensate * raised == pytest.approx(
        raised + run.amount(component="house", carrier="wastewater"), rel=1e-9, abs=1e-9
    )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"boilers": ()}, "must be one or more"),
        ({"boilers": (COAL, COAL)}, "each with a name of its own"),
        ({"boilers": ({**COAL, "fuels": ("cole",)},)}, "'cole' is no fuel.*coal"),
        ({"boilers": ({**COAL, "fuels": ()},)}, "fuels is empty"),
        ({"boilers": ({**COAL, "flue_o2_frac": 0.16, "flue_c": 450.0, "low_fire_o2_frac": 0.16},)}, "loses more than 60 %"),
        ({"condensate_c": 199.0}, "must be at most the 184.1 °C"),
        ({"fuel_choice": "cheap"}, "'order' or 'price'"),
        ({"blowdown_frac": 0.5}, "blowdown_frac"),
    ],
)
def test_a_house_that_can_not_be_is_refused(wrong, message):
    with pytest.raises(ValidationError, match=message):
        house(**wrong)


def test_blowdown_without_share_needs_no_sewer():
    it = replace(house(), blowdown_frac=0.0)

    assert "blowdown" not in it.declared_ports()
