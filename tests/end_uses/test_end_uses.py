import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from eipsim.carriers import CARRIERS
from eipsim.end_uses import (
    END_USES,
    CompressedAir,
    Cooling,
    Lighting,
    Materials,
    MeasuredLoad,
    Motors,
    PlugLoad,
    ProcessHeat,
    WaterUse,
)
from eipsim.kernel.ports import COMFORT, GAUGE, INLET, OUTLET, SAFETY
from eipsim.physics.heat import furnace_available_heat_frac

EXAMPLES = {
    "compressed_air": CompressedAir(demand_m3_per_min=20, leak_m3_per_min=5, capacity_m3_per_min=30),
    "cooling": Cooling(envelope_kw_th=300, process_kw_th=100, standby_frac=0.2),
    "lighting": Lighting(installed_kw=100, cooled_frac=0.5, daylit=True),
    "materials": Materials(product_vnd_per_h=1e6),
    "measured_load": MeasuredLoad(measured_load="mill"),
    "motors": Motors(shaft_kw=100, load="fan", flow_frac=0.7, cooled_frac=0.3, shifted_frac=0.2),
    "plug_load": PlugLoad(nameplate_kw=50, cooled_frac=1.0),
    "process_heat": ProcessHeat(
        carrier="lpg", useful_kw=200, surface_m2=30, switched_frac=0.25, switched_to="biomass", driver="line:0"
    ),
    "water_use": WaterUse(process_m3_per_h=5, rinse_m3_per_h=2, sanitary_m3_per_h=1, leak_m3_per_h=0.1),
}


def at_full_activity(flows, carrier="electricity", direction=INLET):
    return sum(f.rest + f.run for f in flows if f.carrier == carrier and f.direction == direction)


@pytest.mark.parametrize("kind", sorted(END_USES))
def test_every_registered_end_use_says_its_name_and_gives_usable_flows(kind):
    end_use = EXAMPLES[kind]

    flows = end_use.flows(EXAMPLES)

    assert type(end_use) is END_USES[kind]
    assert end_use.kind == kind
    assert flows
    assert len({flow.name for flow in flows}) == len(flows)
    for flow in flows:
        assert flow.carrier in CARRIERS
        assert flow.rest >= 0
        assert flow.run >= 0
        assert flow.rest + flow.run > 0
        assert (flow.direction == GAUGE) == (not CARRIERS[flow.carrier].balanced)


@pytest.mark.parametrize("kind", sorted(END_USES))
def test_other_money_is_a_gauge_per_calendar_hour(kind):
    flows = replace(EXAMPLES[kind], other_vnd_per_h=-12.5).flows(EXAMPLES)

    assert [(f.name, f.direction, f.rest, f.run, f.driver) for f in flows if f.name == "other"] == [
        ("other", GAUGE, -12.5, 0.0, "always")
    ]


@pytest.mark.parametrize("kind", sorted(END_USES))
def test_an_unknown_parameter_is_refused(kind):
    with pytest.raises(ValidationError, match="Unexpected keyword"):
        END_USES[kind](colour="red")


def test_a_driver_that_does_not_exist_is_refused():
    with pytest.raises(ValidationError, match="driver"):
        PlugLoad(nameplate_kw=1, driver="line one")


@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0])
def test_power_must_be_a_finite_number_from_zero(value):
    with pytest.raises(ValidationError, match="installed_kw"):
        Lighting(installed_kw=value)


def test_emergency_lighting_burns_always_and_is_served_first():
    emergency, general = Lighting(installed_kw=100, emergency_frac=0.1, standby_frac=0.5).flows({})

    assert (emergency.rest, emergency.driver, emergency.priority) == (10, "always", SAFETY)
    assert (general.rest, general.run, general.driver, general.priority) == (45, 45, "open", COMFORT)


def test_daylight_dims_general_lighting_alone():
    emergency, general = EXAMPLES["lighting"].flows({})

    assert (emergency.factors, general.factors) == ((), ("daylight",))


def test_air_that_leaks_costs_the_share_of_full_power_that_the_control_follows():
    house = EXAMPLES["compressed_air"]
    mended = replace(house, leak_m3_per_min=0)

    saved_kw = at_full_activity(house.flows({})) - at_full_activity(mended.flows({}))

    assert saved_kw == pytest.approx(5 * 6.8 * 0.84)


def test_a_lower_set_point_saves_work_leaks_and_unregulated_demand():
    house = EXAMPLES["compressed_air"]
    lower = replace(house, pressure_bar_g=6)

    saved_frac = 1 - at_full_activity(lower.flows({})) / at_full_activity(house.flows({}))

    assert 1 - 0.9164 < saved_frac < 0.15
    assert lower.leak_at_set_point_m3_per_min == pytest.approx(5 * 7.01325 / 8.01325)
    assert lower.demand_at_set_point_m3_per_min == pytest.approx(20 * (0.7 + 0.3 * 7.01325 / 8.01325))


def test_compressors_too_small_for_what_is_drawn_are_refused():
    with pytest.raises(ValidationError, match=r"capacity_m3_per_min = 20: must be at least demand and leaks, 25"):
        CompressedAir(demand_m3_per_min=20, leak_m3_per_min=5, capacity_m3_per_min=20)


def test_cooling_carries_away_the_heat_of_light_and_machines():
    cooling, lights = EXAMPLES["cooling"], EXAMPLES["lighting"]
    without = cooling.flows({"lighting": replace(lights, cooled_frac=0)})

    gains_kw = at_full_activity(cooling.flows({"lighting": lights})) - at_full_activity(without)

    assert gains_kw == pytest.approx(100 * 0.5 / cooling.cop_at_set_point)


def test_a_gain_is_driven_as_the_light_is():
    flows = {flow.name: flow for flow in EXAMPLES["cooling"].flows({"lighting": EXAMPLES["lighting"]})}

    general = flows["gain_lighting_electricity"]

    assert (general.driver, general.factors, general.priority) == ("open", ("daylight",), COMFORT)


def test_warmer_chilled_water_needs_less_electricity():
    cooling = EXAMPLES["cooling"]

    warmer = replace(cooling, chilled_water_c=9)

    assert at_full_activity(warmer.flows({})) == pytest.approx(
        at_full_activity(cooling.flows({})) * cooling.cop_at_set_point / warmer.cop_at_set_point
    )
    assert warmer.cop_at_set_point > cooling.cop_at_set_point


def test_a_variable_speed_drive_saves_where_the_flow_is_throttled():
    throttled = Motors(shaft_kw=100, load="fan", flow_frac=0.6, efficiency_frac=0.9)

    controlled = replace(throttled, vsd_frac=1)

    assert controlled.power_kw == pytest.approx(100 * 0.6**2.5 / 0.97 / 0.9)
    assert controlled.power_kw < throttled.power_kw


@given(st.floats(0, 1))
def test_load_shifting_keeps_the_energy_of_a_week(share):
    load = PlugLoad(nameplate_kw=100, standby_frac=0, driver="always")
    hours = {(): 168, ("band:normal",): 96, ("band:offpeak",): 42}

    kwh = sum(flow.run * hours[flow.factors] for flow in replace(load, shifted_frac=share).flows({}))

    assert kwh == pytest.approx(100 * 168)


def test_a_fired_process_uses_useful_heat_and_losses_over_available_heat():
    furnace = ProcessHeat(carrier="natural_gas", firing="furnace", useful_kw=100, flue_c=800, surface_m2=0)

    gj_per_h = at_full_activity(furnace.flows({}), "natural_gas")

    assert gj_per_h == pytest.approx(100 * 0.0036 / (float(furnace_available_heat_frac(0.05, 800, 30)) * 1.109))


def test_electric_heat_has_no_flue():
    heaters = ProcessHeat(carrier="electricity", useful_kw=80)

    assert at_full_activity(heaters.flows({})) == 80


def test_a_surface_loses_in_working_hours_and_at_standby_outside_them():
    useful, loss = replace(EXAMPLES["process_heat"], switched_frac=0, standby_frac=0.25).flows({})

    assert (useful.driver, loss.driver) == ("line:0", "open")
    assert loss.rest == pytest.approx(loss.run / 3)


def test_switched_heat_is_the_same_heat_from_another_carrier():
    flows = EXAMPLES["process_heat"].flows({})
    alone = replace(EXAMPLES["process_heat"], switched_frac=0)

    heat_kw = alone.useful_kw + alone.surface_loss_kw

    assert at_full_activity(flows, "biomass") == pytest.approx(0.25 * heat_kw / 0.8 * 0.0036)
    assert at_full_activity(flows, "lpg") == pytest.approx(0.75 * at_full_activity(alone.flows({}), "lpg"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"switched_frac": 0.5}, "must name another carrier than 'lpg'"),
        ({"switched_frac": 0.5, "switched_to": "lpg"}, "must name another carrier than 'lpg'"),
        ({"firing": "furnace"}, "with flue_c at least 400"),
        ({"firing": "furnace", "carrier": "coal", "flue_c": 800}, "must burn lpg or natural_gas"),
        ({"flue_c": 500}, "at most 450 °C for a boiler"),
        ({"firing": "furnace", "flue_c": 1300, "flue_o2_frac": 0.15}, "too high to heat"),
    ],
)
def test_heat_that_no_equipment_gives_is_refused(changes, message):
    with pytest.raises(ValidationError, match=message):
        ProcessHeat(**({"carrier": "lpg", "useful_kw": 100} | changes))


@given(st.floats(0, 1), st.floats(0, 1))
def test_what_a_process_consumes_does_not_depend_on_the_loop(return_frac, reuse_frac):
    use = WaterUse(process_m3_per_h=10, return_frac=return_frac, reuse_frac=reuse_frac)

    consumed = at_full_activity(use.flows({}), "water") - at_full_activity(use.flows({}), "wastewater", OUTLET)

    assert consumed == pytest.approx(10 * (1 - return_frac), abs=1e-9)


def test_a_loop_needs_electricity_for_what_it_returns():
    use = WaterUse(process_m3_per_h=10, return_frac=0.8, reuse_frac=0.5, loop_kwh_per_m3=3)

    assert at_full_activity(use.flows({})) == pytest.approx(10 * 0.8 * 0.5 * 3)


def test_scrap_is_bought_on_top_of_the_product():
    (purchase,) = Materials(product_vnd_per_h=900, scrap_frac=0.1).flows({})

    assert purchase.run == pytest.approx(1000)
