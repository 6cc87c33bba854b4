import pytest
from hypothesis import given
from hypothesis import strategies as st

from eipsim.physics.heat import FUEL_GAS, boiler_available_heat_frac
from eipsim.physics.steam import (
    CASING_LOSS,
    Firing,
    blowdown_per_steam,
    boiler_fuel_kw,
    casing_loss_kw,
    combustion_efficiency_frac,
    makeup_per_steam,
    saturated,
    steam_duty_kj_per_kg,
    water_kj_per_kg,
)

ATMOSPHERE_MPA = 0.101325
GAS = Firing(
    "natural_gas",
    flue_o2_frac=0.03,
    flue_c=190.0,
    low_fire_o2_frac=0.06,
    low_fire_c=150.0,
    turndown_frac=0.25,
    cycles_per_h=6.0,
    purge_s=60.0,
    air_c=30.0,
)


def bar_g(mpa):
    return (mpa - ATMOSPHERE_MPA) * 10


def test_a_boiler_burns_what_measur_says():
    """Boiler.unit.cpp: 5.5766 MPa dry steam, 10,864 t/h, deaerator 0.3631 MPa, blowdown 3.7 %, efficiency 72.4 %."""
    feed_c = saturated(bar_g(0.3631)).boiling_c
    duty = steam_duty_kj_per_kg(bar_g(5.5766), 0.037, 0.0, feed_c, feed_c)

    assert 10_864 * duty / 1000 / 0.724 == pytest.approx(33_344.279478971, rel=1e-6)


def test_blowdown_and_feed_water_are_what_measur_says():
    """Boiler.unit.cpp: 45 t/h at 20 MPa, deaerator 10 MPa, blowdown 2 %."""
    per_steam = blowdown_per_steam(0.02)

    assert 45 * per_steam == pytest.approx(0.9183673469)
    assert 45 * per_steam * saturated(bar_g(20.0)).liquid_kj_per_kg / 1000 == pytest.approx(1.6779495529, rel=1e-6)
    assert 45 * (1 + per_steam) * saturated(bar_g(10.0)).liquid_kj_per_kg / 1000 == pytest.approx(64.6469770669, rel=1e-6)


def test_properties_are_those_of_the_steam_tables():
    at_10_bar = saturated(10 - 1.01325)

    assert at_10_bar.boiling_c == pytest.approx(179.88, abs=0.01)
    assert at_10_bar.liquid_kj_per_kg == pytest.approx(762.5, abs=0.2)
    assert at_10_bar.vapour_kj_per_kg == pytest.approx(2777.1, abs=0.2)
    assert water_kj_per_kg(25.0) == pytest.approx(104.8, abs=0.1)


def test_water_takes_up_the_heat_that_measur_says():
    """NaturalGasReduction.unit.cpp: 400 gal/min from 120 to 200 °F take 16 MMBtu/h, at 500 lb/h per gal/min; 1 % of density."""
    kg_per_s = 400 * 500 * 0.45359237 / 3600

    kw = kg_per_s * (water_kj_per_kg((200 - 32) / 1.8) - water_kj_per_kg((120 - 32) / 1.8))

    assert kw / (16e6 * 0.00029307107) == pytest.approx(1, rel=0.005)


def test_a_tonne_of_condensate_saves_what_it_is_warmer_than_the_water_it_replaces():
    without, half = (steam_duty_kj_per_kg(8.0, 0.04, share, 85.0, 28.0) for share in (0.0, 0.5))

    assert without - half == pytest.approx(0.5 * (water_kj_per_kg(85.0) - water_kj_per_kg(28.0)))
    assert makeup_per_steam(0.04, 0.5) == pytest.approx(1 / 0.96 - 0.5)


@pytest.mark.parametrize(("fuel", "factor"), sorted(CASING_LOSS.items()))
def test_the_casing_of_a_boiler_of_a_megawatt_loses_the_factor_of_its_fuel(fuel, factor):
    assert casing_loss_kw(1000.0, fuel) == pytest.approx(1000 * factor)
    assert casing_loss_kw(8000.0, fuel) == pytest.approx(1000 * factor * 8**0.7)


def test_at_full_fire_a_boiler_has_the_efficiency_of_its_flue_gas_and_casing():
    siegert = 1 - 160 * (0.66 / 18 + 0.009) / 100

    fuel_kw = boiler_fuel_kw(GAS, 1000.0, 1000.0)

    assert combustion_efficiency_frac(GAS, 1.0) == pytest.approx(siegert)
    assert fuel_kw == pytest.approx(1011.3 / siegert)


@pytest.mark.parametrize("fuel", sorted(FUEL_GAS))
def test_a_boiler_s_flue_loses_what_that_of_a_heater_does(fuel):
    firing = GAS._replace(fuel=fuel)

    assert combustion_efficiency_frac(firing, 0.625) == pytest.approx(boiler_available_heat_frac(fuel, 0.045, 170.0, 30.0))


def test_standing_by_a_hot_boiler_burns_the_loss_of_its_casing():
    low_fire = 1 - 120 * (0.66 / 15 + 0.009) / 100

    assert boiler_fuel_kw(GAS, 1000.0, 0.0) == pytest.approx(11.3 / low_fire)


def test_below_turndown_each_start_carries_purging_air_away():
    """Half of turndown: six starts an hour of 60 s at the flue loss of full fire."""
    low_fire, full_fire = 1 - 120 * (0.66 / 15 + 0.009) / 100, 1 - 160 * (0.66 / 18 + 0.009) / 100
    purge_kw = 6 * 60 / 3600 * 1000 * (1 - full_fire) / full_fire

    assert boiler_fuel_kw(GAS, 1000.0, 125.0) == pytest.approx((125 + 11.3) / low_fire + purge_kw)


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_heat_never_takes_less_fuel(one, other):
    less, more = sorted((one, other))

    assert boiler_fuel_kw(GAS, 5000.0, 5000 * less) <= boiler_fuel_kw(GAS, 5000.0, 5000 * more) * (1 + 1e-12)


def test_a_boiler_that_can_not_be_turned_down_fires_in_full_or_not():
    on_off = GAS._replace(turndown_frac=1.0)

    assert boiler_fuel_kw(on_off, 1000.0, 1000.0) == pytest.approx(boiler_fuel_kw(GAS, 1000.0, 1000.0))
    assert combustion_efficiency_frac(on_off, 1.0) == pytest.approx(combustion_efficiency_frac(GAS, 1.0))
