import pytest

from eipsim.physics.heat import (
    FUEL_GAS,
    boiler_available_heat_frac,
    excess_air_frac,
    furnace_available_heat_frac,
    preheated_c,
)


def celsius(fahrenheit):
    return (fahrenheit - 32) / 1.8


def test_oxygen_trim_of_a_furnace_saves_what_measur_says():
    before = furnace_available_heat_frac(0.06, celsius(1600), celsius(80))
    after = furnace_available_heat_frac(0.02, celsius(1200), celsius(750))

    assert before == pytest.approx(0.455509, rel=1e-6)
    assert after == pytest.approx(0.778931, rel=1e-6)
    assert 1 - before / after == pytest.approx(0.415213, rel=1e-6)
    assert 10 * before / after == pytest.approx(5.84787, rel=1e-6)


def test_excess_air_is_what_measur_says():
    assert excess_air_frac([0.06, 0.02]) == pytest.approx([0.3580, 0.094210532], rel=1e-5)


@pytest.mark.parametrize("fuel", sorted(FUEL_GAS))
def test_less_oxygen_and_colder_flue_gas_leave_more_heat_in_a_boiler(fuel):
    usual = boiler_available_heat_frac(fuel, 0.06, 220, 30)
    trimmed = boiler_available_heat_frac(fuel, 0.03, 220, 30)
    economised = boiler_available_heat_frac(fuel, 0.06, 140, 30)

    assert 0.8 < usual < trimmed < 1
    assert usual < economised < 1


def test_a_boiler_with_flue_gas_at_air_temperature_loses_nothing():
    assert boiler_available_heat_frac("lpg", 0.05, 30, 30) == 1


def test_a_heat_exchanger_between_none_and_perfect():
    assert preheated_c(30, 230, [0, 0.5, 1]).tolist() == [30, 130, 230]


def test_a_coal_fire_loses_by_its_flue_what_measur_says():
    """SolidLiquidFlueGasMaterial: 3 % oxygen, 700 °F, air of 125 °F: 81.52 % of the gross heat stays; one point."""
    net = boiler_available_heat_frac("coal", 0.03, (700 - 32) / 1.8, (125 - 32) / 1.8)

    assert net / FUEL_GAS["coal"].gross_per_net == pytest.approx(0.8151987637, abs=0.01)
