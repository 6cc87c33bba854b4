"""Desk figures, calculated by hand: nameplate × scheduled hours × fraction at the mean price."""

from dataclasses import replace
from datetime import date

import pytest
from one_factory import END_USES, OPEN_H, PRICES, example, park_of

from eipsim.context import Context
from eipsim.measures import MEASURES, DeskPrices
from eipsim.measures.desk import DeskHours, Saved
from eipsim.physics.compressed_air import nozzle_flow_m3_per_min
from eipsim.physics.cooling import chilled_water_cop_ratio
from eipsim.physics.insulation import bare_loss_w_per_m2, insulated_loss_w_per_m2
from eipsim.physics.motors import class_efficiency_frac, speed_controlled_power_frac, throttled_power_frac
from eipsim.physics.power_factor import capacitor_kvar
from eipsim.physics.water import rinse_flow_ratio

LINE_H = OPEN_H * 0.9
GJ_PER_KWH = 0.0036


def desk(kind, **changes):
    return example(MEASURES, kind, **changes).desk(park_of(), PRICES)


def test_scheduled_hours_are_those_of_the_calendar_less_planned_set_up():
    hours = DeskHours.of_factory(park_of(), "factory_1", PRICES.horizon)

    assert (hours.always_h, hours.open_h) == (8760, OPEN_H)
    assert hours.of("lines") == hours.of("line:0") == pytest.approx(LINE_H)
    assert (hours.of("open"), hours.of("always")) == (OPEN_H, 8760)
    assert (hours.standing("lines"), hours.standing("always")) == (OPEN_H, 8760)


def test_lamps_are_counted_in_working_hours():
    figures = desk("lighting_led")

    assert figures.kwh == pytest.approx(100 * OPEN_H * 0.8 * 0.5)
    assert figures.vnd == pytest.approx(figures.kwh * 1650)
    assert figures.co2_t == pytest.approx(figures.kwh * 0.8458 / 1000)
    assert (figures.lpg_t, figures.other_fuel_gj, figures.water_m3, figures.other_vnd) == (0, 0, 0, 0)


def test_leaks_are_counted_at_full_specific_power():
    assert desk("air_leaks").kwh == pytest.approx(5 * 0.6 * 6.8 * OPEN_H)


def test_a_set_back_is_counted_on_full_load_power():
    exponent = 0.395 / 1.395
    ratio = ((1 + 6.2 / 1.01325) ** exponent - 1) / ((1 + 7 / 1.01325) ** exponent - 1)

    assert desk("air_pressure").kwh == pytest.approx(6.8 * 30 * LINE_H * (1 - ratio))


def test_a_drive_is_counted_by_the_difference_of_two_curves():
    fraction = throttled_power_frac(0.6, "pump") - speed_controlled_power_frac(0.6, "pump")

    assert desk("variable_speed_drive").kwh == pytest.approx(120 / 0.88 * 8760 * 0.5 * fraction)


def test_a_drive_on_a_compressor_is_counted_by_its_idling():
    idle_frac = (1 - 0.84) * (1 - 25 / 30)

    assert desk("variable_speed_drive", end_use="air").kwh == pytest.approx(6.8 * 30 * LINE_H * idle_frac * 0.5)


def test_a_drive_on_a_compressor_lets_power_follow_flow():
    improved = example(MEASURES, "variable_speed_drive", end_use="air").apply(park_of())

    assert improved.factory("factory_1").end_uses["air"].follow_frac == pytest.approx(0.92)


def test_better_motors_are_counted_by_their_classes():
    fraction = 1 - class_efficiency_frac(15, "IE1") / class_efficiency_frac(15, "IE3")

    assert desk("efficient_motor").kwh == pytest.approx(120 / 0.88 * 8760 * 0.5 * fraction)


def test_chillers_are_counted_with_all_that_they_carry():
    room_kw = 50
    kwh = ((300 + room_kw) * OPEN_H + 100 * LINE_H) / 4

    assert desk("chiller_replacement").kwh == pytest.approx(kwh * 0.5 * (1 - 3.8 / 5.2))
    assert desk("chiller_set_point").kwh == pytest.approx(kwh * (1 - 1 / chilled_water_cop_ratio(8.5, 7)))


def test_insulation_is_counted_by_film_and_conduction():
    kept = bare_loss_w_per_m2(150, 30) - insulated_loss_w_per_m2(150, 30, 50, 0.045)
    boiler = END_USES["boiler"]

    figures = desk("heat_insulation")

    assert figures.lpg_t * 47.3 == pytest.approx(
        40 * 0.8 * float(kept) / 1000 / boiler.available_heat_frac * OPEN_H * GJ_PER_KWH
    )
    assert figures.vnd == pytest.approx(figures.lpg_t * 47.3 * 550e3)


def test_insulated_pipes_keep_more_in_than_walls_of_the_same_thickness_would_say():
    wall, pipe = desk("heat_insulation"), desk("heat_insulation", pipe_diameter_mm=60.0)

    assert pipe.lpg_t != wall.lpg_t
    assert pipe.lpg_t == pytest.approx(wall.lpg_t, rel=0.15)


def test_electric_barrels_save_electricity_by_insulation():
    figures = desk("heat_insulation", end_use="heaters")

    assert figures.kwh > 0
    assert figures.lpg_t == 0


def test_a_tuned_burner_is_counted_by_available_heat():
    boiler = END_USES["boiler"]
    tuned = 1 - (220 - 30) * (0.63 / (21 - 3.9) + 0.008) / 100

    saved_gj = 400 * LINE_H * GJ_PER_KWH * (1 / boiler.available_heat_frac - 1 / tuned)

    assert desk("burner_tuning").lpg_t * 47.3 == pytest.approx(saved_gj)


def test_an_economiser_cools_the_flue_gas_and_a_recuperator_heats_the_air():
    park = park_of()

    economised = example(MEASURES, "heat_recovery").apply(park).factory("factory_1").end_uses["boiler"]
    recuperated = example(MEASURES, "heat_recovery", end_use="furnace").apply(park).factory("factory_1").end_uses["furnace"]

    assert economised.flue_c == pytest.approx(220 - 0.4 * 160)
    assert recuperated.combustion_air_c == pytest.approx(30 + 0.4 * 820)
    assert recuperated.available_heat_frac > END_USES["furnace"].available_heat_frac


def test_an_economiser_leaves_the_flue_gas_that_measur_says():
    """MEASUR, WaterHeatingUsingFlue: 725 °F over feed water of 225 °F, effectiveness 0.625: the gas leaves at 484.537 K."""
    boiler = replace(END_USES["boiler"], flue_c=(725 - 32) / 1.8)
    economiser = example(MEASURES, "heat_recovery", size=0.625, cold_c=(225 - 32) / 1.8)

    economised = economiser.apply(park_of(boiler=boiler)).factory("factory_1").end_uses["boiler"]

    assert economised.flue_c + 273.15 == pytest.approx(484.537, abs=0.005)


def test_heat_recovery_stops_at_the_dew_point_and_at_the_hottest_air():
    park = park_of()

    assert example(MEASURES, "heat_recovery").size_bounds(park) == (0, pytest.approx(120 / 160))
    assert example(MEASURES, "heat_recovery", end_use="furnace").size_bounds(park) == (0, pytest.approx(470 / 820))
    assert example(MEASURES, "heat_recovery", cold_c=100.0).size_bounds(
        park_of(boiler=type(END_USES["boiler"])(carrier="lpg", useful_kw=1, flue_c=95))
    ) == (0, 0)


def test_a_fuel_switch_counts_what_goes_and_what_comes():
    heat_kwh = 400 * LINE_H * 0.4
    gone_gj = heat_kwh * GJ_PER_KWH / END_USES["boiler"].available_heat_frac
    taken_gj = heat_kwh * GJ_PER_KWH / 0.8

    figures = desk("fuel_switch")

    assert figures.lpg_t * 47.3 == pytest.approx(gone_gj)
    assert figures.other_fuel_gj == pytest.approx(-taken_gj)
    assert figures.vnd == pytest.approx(gone_gj * 550e3 - taken_gj * 112e3)
    assert figures.co2_t == pytest.approx((gone_gj * 63.1 - taken_gj * 1.9) / 1000)


def test_a_switch_to_electricity_counts_kilowatt_hours():
    figures = desk("fuel_switch", to_carrier="electricity", efficiency_frac=3.0)

    assert figures.kwh == pytest.approx(-400 * LINE_H * 0.4 / 3)
    assert figures.other_fuel_gj == 0


def test_fixtures_are_counted_in_working_hours_and_leaks_in_all():
    sanitary_m3, leak_m3 = 2 * OPEN_H * 0.5 * 0.4, 0.3 * 8760 * 0.5 * 0.5

    figures = desk("water_fixtures")

    assert figures.water_m3 == pytest.approx(sanitary_m3 + leak_m3)
    assert figures.vnd == pytest.approx((sanitary_m3 + leak_m3) * 13_000 + sanitary_m3 * 0.9 * 8_500)


def test_rinsing_is_counted_by_the_rinsing_equation():
    fraction = 1 - rinse_flow_ratio(1000.0, 3) / rinse_flow_ratio(1000.0, 2)

    figures = desk("counter_current_rinsing")

    assert fraction == pytest.approx(0.69, abs=0.005)
    assert figures.water_m3 == pytest.approx(4 * LINE_H * 0.5 * fraction)


def test_a_loop_is_counted_with_its_electricity():
    returned_m3 = 10 * 0.8 * 0.6 * 0.75 * LINE_H

    figures = desk("water_loop")

    assert figures.water_m3 == pytest.approx(returned_m3)
    assert figures.kwh == pytest.approx(-2.5 * returned_m3)
    assert figures.vnd == pytest.approx(returned_m3 * (13_000 + 8_500) - 2.5 * returned_m3 * 1650)


def test_solar_is_counted_as_if_every_hour_took_it():
    assert desk("rooftop_solar").kwh == 500 * 1400


def test_scrap_is_counted_by_purchase():
    figures = desk("material_saving")

    assert figures.other_vnd == pytest.approx(1_000_000 * LINE_H * 0.1 * 0.4)
    assert figures.vnd == figures.other_vnd


def test_a_shifted_load_saves_money_and_no_energy():
    figures = desk("load_shifting")

    assert figures.kwh == 0
    assert figures.vnd == pytest.approx(END_USES["pumps"].power_kw * 0.3 * 30 * 8760 / 168 * 1864)


@pytest.mark.parametrize(
    ("end_use", "kw"),
    [
        ("lights", 100 * 0.1),
        ("office", 30 * 0.1),
        ("chiller", 300 / 4 * 0.2),
        ("air", 6.8 * 30 * (1 - 0.84 * (1 - 5 / 30)) * 0.3),
    ],
)
def test_standby_is_counted_in_closed_hours(end_use, kw):
    assert desk("idle_switch_off", end_use=end_use).kwh == pytest.approx(kw * (8760 - OPEN_H) * 0.5)


def test_standby_of_a_boiler_is_fuel():
    boiler = END_USES["boiler"]
    gj = boiler.surface_loss_kw / boiler.available_heat_frac * 0.1 * (8760 - OPEN_H) * 0.5 * GJ_PER_KWH

    assert desk("idle_switch_off", end_use="boiler").lpg_t * 47.3 == pytest.approx(gj)


def test_motors_that_always_run_have_no_closed_hours():
    assert desk("idle_switch_off", end_use="pumps").kwh == 0


def test_prices_come_from_a_context():
    prices = DeskPrices.of(Context.at(date(2022, 1, 1)))

    assert prices.electricity_vnd_per_kwh["22_110"] == pytest.approx(1653, abs=1)
    assert prices.shifted_vnd_per_kwh["22_110"] == 2871 - 1007
    assert prices.grid_tco2_per_mwh == 0.8458
    assert prices.horizon.hours == 8760
    assert prices.figures(Saved(fuel_gj={"lpg": 47.3}), "22_110").lpg_t == pytest.approx(1)


def test_nozzles_are_counted_by_what_they_blow_less():
    """Ten of an eighth of an inch at 4 bar, a fifth of the time."""
    each = float(nozzle_flow_m3_per_min("pipe_1/8_in", 4.0) - nozzle_flow_m3_per_min("nozzle_2_mm", 4.0))

    figures = desk("air_nozzles")
    air = example(MEASURES, "air_nozzles").apply(park_of()).factory("factory_1").end_uses["air"]

    assert figures.kwh == pytest.approx(10 * 0.2 * each * 6.8 * LINE_H)
    assert air.demand_m3_per_min == pytest.approx(20 - 10 * 0.2 * each)
    assert air.demand_m3_per_min * air.unregulated_frac == pytest.approx(6 - 10 * 0.2 * each)


def test_capacitors_spare_the_surcharge_and_no_kilowatt_hour():
    """50 kvar beside what is drawn at full activity with a factor of 0.85."""
    park = park_of()
    flows = [f for f in park.factory("factory_1").flows().values() if (f.carrier, f.direction) == ("electricity", -1)]
    kw = sum(f.rest + f.run for f in flows)
    hours = DeskHours.of_factory(park, "factory_1", PRICES.horizon)
    kwh = sum(f.rest * 8760 + f.run * hours.of(f.driver) for f in flows)

    better = example(MEASURES, "power_factor_correction").apply(park).factory("factory_1").power_factor_frac
    figures = desk("power_factor_correction")

    assert capacitor_kvar(kw, 0.85, better) == pytest.approx(50)
    assert 0.85 < better < 0.9
    assert figures.vnd == pytest.approx((0.9 / 0.85 - 0.9 / better) * kwh * 1650)
    assert (figures.kwh, figures.co2_t) == (0, 0)


def test_capacitors_beyond_what_the_tariff_asks_for_spare_no_more():
    enough = desk("power_factor_correction", size=400.0)
    most = desk("power_factor_correction", size=float(example(MEASURES, "power_factor_correction").size_bounds(park_of())[1]))

    assert enough.vnd == pytest.approx(most.vnd)
