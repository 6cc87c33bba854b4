import copy
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from one_factory import END_USES, EXAMPLES, PRICES, example, park_of, week
from pydantic import ValidationError

from eipsim.end_uses import Lighting
from eipsim.errors import CatalogueError
from eipsim.kernel.ports import OUTLET
from eipsim.measures import MEASURES, EndUseMeasure, SupplierMeasure
from eipsim.measures.costs import with_costs
from eipsim.readers.measure_cost_table import read_measure_costs

KINDS = sorted(kind for kind, measure in MEASURES.items() if not issubclass(measure, SupplierMeasure))
ON_END_USES = [kind for kind in KINDS if issubclass(MEASURES[kind], EndUseMeasure)]


def rates(park):
    """Rates at full activity of all flows of the factory, by port."""
    return {name: f.rest + f.run for name, f in park.factory("factory_1").flows().items()}


def total(park, carrier="electricity", direction=-1):
    flows = park.factory("factory_1").flows().values()
    return sum(f.rest + f.run for f in flows if f.carrier == carrier and f.direction == direction)


def test_every_type_has_an_example():
    assert set(EXAMPLES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_measure_leaves_the_park_that_it_is_given_as_it_was(kind):
    park = park_of()
    before = copy.deepcopy(park.factory("factory_1").end_uses), set(park.components)

    changed = example(MEASURES, kind).apply(park)

    assert (park.factory("factory_1").end_uses, set(park.components)) == before
    assert changed is not park


@pytest.mark.parametrize("kind", ON_END_USES)
def test_a_measure_changes_exactly_one_end_use(kind):
    park = park_of()
    measure = example(MEASURES, kind)

    after = measure.apply(park).factory("factory_1").end_uses

    assert [name for name in after if after[name] != END_USES[name]] == [measure.end_use]


@pytest.mark.parametrize("kind", KINDS)
def test_at_size_zero_nothing_changes_and_nothing_is_promised(kind):
    park = park_of()
    measure = example(MEASURES, kind, size=0.0)

    assert measure.apply(park) is park
    assert set(measure.desk(park, PRICES)) == {0.0}


@pytest.mark.parametrize("kind", ON_END_USES)
def test_a_size_near_zero_changes_next_to_nothing(kind):
    park = park_of()
    before = rates(park)

    after = rates(example(MEASURES, kind, size=1e-9).apply(park))

    assert all(after.get(port, 0.0) == pytest.approx(rate, rel=1e-6) for port, rate in before.items())
    assert all(rate < 1e-6 * 400 for port, rate in after.items() if port not in before)


@pytest.mark.parametrize("kind", ON_END_USES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(share=st.floats(0.01, 1.0))
def test_every_size_within_bounds_can_be_applied(kind, share):
    park = park_of()
    low, high = example(MEASURES, kind).size_bounds(park)
    measure = example(MEASURES, kind, size=share * high)

    measure.check(park)

    assert low == 0
    assert high > 0
    assert all(rate >= 0 for rate in rates(measure.apply(park)).values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_size_beyond_its_bound_is_refused_by_row_and_column(kind):
    park = park_of()
    _, high = example(MEASURES, kind).size_bounds(park)

    with pytest.raises(CatalogueError, match=r"row m1, column size = .*: must be from 0 to"):
        example(MEASURES, kind, size=high * 1.01).check(park)


@pytest.mark.parametrize("kind", KINDS)
def test_desk_figures_do_not_depend_on_other_measures(kind):
    measure = example(MEASURES, kind)

    figures = measure.desk(park_of(), PRICES)

    assert figures.vnd > 0
    assert figures == example(MEASURES, kind, id="other").desk(park_of(), PRICES)


@pytest.mark.parametrize("kind", KINDS)
def test_capital_grows_with_size_and_lasts_some_years(kind):
    park, costs = park_of(), read_measure_costs()
    measure = example(MEASURES, kind)

    small, large = (with_costs(replace(measure, size=measure.size * share), park, costs) for share in (0.5, 1.0))

    assert 0 < small.capital_vnd < large.capital_vnd
    assert large.life_yr >= 2
    assert large.yearly_cost_vnd == pytest.approx(large.capital_vnd * costs[kind].yearly_cost_frac, abs=500)


def test_a_type_without_cost_is_refused():
    with pytest.raises(CatalogueError, match="row m1, column type = 'lighting_led': has no cost"):
        with_costs(example(MEASURES, "lighting_led"), park_of(), {})


def test_forty_and_thirty_per_cent_of_one_load_save_fifty_eight():
    park = park_of()
    led = {"existing_lm_per_w": 60.0, "led_lm_per_w": 120.0}
    first = example(MEASURES, "lighting_led", size=0.8, **led)
    second = example(MEASURES, "lighting_led", size=0.6, id="m2", **led)

    kept = second.apply(first.apply(park)).factory("factory_1").end_uses["lights"].installed_kw / 100

    assert 1 - kept == pytest.approx(1 - (1 - 0.4) * (1 - 0.3))


PARAMETERS = {
    "air_leaks": lambda u: u["air"].leak_m3_per_min,
    "burner_tuning": lambda u: u["boiler"].flue_o2_frac - 0.03,
    "chemical_saving": lambda u: u["water"].chemicals_vnd_per_h,
    "chiller_replacement": lambda u: 1 / u["chiller"].cop,
    "counter_current_rinsing": lambda u: u["water"].rinse_m3_per_h,
    "efficient_motor": lambda u: u["pumps"].power_kw,
    "fuel_switch": lambda u: 1 - u["boiler"].switched_frac,
    "heat_insulation": lambda u: u["boiler"].surface_loss_kw,
    "heat_recovery": lambda u: u["boiler"].flue_c - 60,
    "idle_switch_off": lambda u: u["lights"].standby_frac,
    "lighting_led": lambda u: u["lights"].installed_kw,
    "load_shifting": lambda u: 1 - u["pumps"].shifted_frac,
    "material_saving": lambda u: u["materials"].scrap_frac,
    "variable_speed_drive": lambda u: 1 - u["pumps"].vsd_frac,
    "water_fixtures": lambda u: u["water"].sanitary_m3_per_h,
    "water_loop": lambda u: 1 - u["water"].reuse_frac,
}


@pytest.mark.parametrize("kind", sorted(PARAMETERS))
def test_two_measures_of_one_type_multiply_in_any_order(kind):
    park, what_is_left = park_of(), PARAMETERS[kind]
    size = example(MEASURES, kind).size
    first, second = example(MEASURES, kind, size=0.5 * size), example(MEASURES, kind, size=0.75 * size, id="m2")

    def left(*measures):
        changed = park
        for measure in measures:
            changed = measure.apply(changed)
        return what_is_left(changed.factory("factory_1").end_uses) / what_is_left(END_USES)

    assert left(first, second) == pytest.approx(left(first) * left(second))
    assert left(second, first) == pytest.approx(left(first, second))


def test_no_two_types_follow_the_same_rule():
    """At half their size on the same end use, no two types give the same saving in every resource."""
    park, seen = park_of(), {}
    carriers = ("electricity", "lpg", "natural_gas", "biomass", "water", "materials")
    for kind in ON_END_USES:
        measure = example(MEASURES, kind)
        after = replace(measure, size=0.25 * measure.size_bounds(park)[1]).apply(park)
        effect = tuple(
            round(1 - total(after, c, d) / (total(park, c, d) or 1.0), 9)
            for c in carriers
            for d in ((0,) if c == "materials" else (-1,))
        )
        seen.setdefault((effect, kind in {"idle_switch_off", "load_shifting"}), []).append(kind)

    assert all(len(kinds) == 1 or set(kinds) <= {"idle_switch_off", "load_shifting"} for kinds in seen.values())


def test_other_savings_are_money_at_the_meter_and_nothing_else():
    park = park_of()
    plain = example(MEASURES, "lighting_led")
    measure = replace(plain, other_vnd_per_yr=8760.0 * 5)

    after = measure.apply(park).factory("factory_1").flows()["lights_other"]

    assert (after.carrier, after.rest, after.run, after.driver) == ("materials", -5.0, 0.0, "always")
    assert measure.desk(park, PRICES).vnd - plain.desk(park, PRICES).vnd == pytest.approx(43_800)


def test_other_savings_without_size_are_refused():
    with pytest.raises(ValidationError, match="other_vnd_per_yr = 100: must be 0 at size 0"):
        example(MEASURES, "lighting_led", size=0.0, other_vnd_per_yr=100.0)


def test_a_resized_measure_keeps_its_cost_per_size():
    measure = example(MEASURES, "lighting_led", capital_vnd=8e6, yearly_cost_vnd=8e4, other_vnd_per_yr=800.0)

    half = measure.resized(0.4)

    assert (half.size, half.capital_vnd, half.yearly_cost_vnd, half.other_vnd_per_yr) == (0.4, 4e6, 4e4, 400.0)


@pytest.mark.parametrize(
    ("kind", "changes", "message"),
    [
        ("lighting_led", {"factory": "factory_7"}, r"row m1, column factory = 'factory_7': .*did you mean 'factory_1'"),
        ("lighting_led", {"end_use": "light"}, r"row m1, column end_use = 'light': .*did you mean 'lights'"),
        ("lighting_led", {"end_use": "air"}, r"is compressed_air; lighting_led acts on lighting"),
        ("lighting_led", {"led_lm_per_w": 50.0}, r"led_lm_per_w = 50 must be above existing_lm_per_w"),
        ("efficient_motor", {"existing_class": "IE3"}, r"new_class = IE3 must be above existing_class"),
        ("chiller_replacement", {"new_cop": 3.0}, r"new_cop = 3 must be above existing_cop"),
        ("burner_tuning", {"end_use": "heaters"}, r"which has no burner"),
        ("burner_tuning", {"target_o2_frac": 0.08}, r"flue_o2_frac = 0.06 is at the target already"),
        ("heat_recovery", {"end_use": "heaters"}, r"which has no exhaust"),
        ("fuel_switch", {"to_carrier": "lpg"}, r"burns lpg already"),
        ("water_fixtures", {"new_l_per_min": 12.0}, r"new_l_per_min = 12 must be below existing_l_per_min"),
        ("counter_current_rinsing", {"existing_stages": 3}, r"new_stages = 3 must be above existing_stages"),
        ("air_nozzles", {"nozzle": "pipe_3/8_in"}, r"nozzle = pipe_3/8_in must blow less than open_line = pipe_1/8_in"),
        ("air_nozzles", {"nozzle_bar_g": 7.5}, r"nozzle_bar_g = 7.5 is above the set point of 7 bar"),
    ],
)
def test_a_measure_that_does_not_fit_says_row_and_column(kind, changes, message):
    with pytest.raises(CatalogueError, match=message):
        example(MEASURES, kind, **changes).apply(park_of())


def test_measures_on_a_use_without_what_they_act_on_are_refused():
    dry = replace(END_USES["water"], rinse_m3_per_h=0, process_m3_per_h=0)

    with pytest.raises(CatalogueError, match="has no rinse_m3_per_h"):
        example(MEASURES, "counter_current_rinsing").apply(park_of(water=dry))
    with pytest.raises(CatalogueError, match="has no process wastewater"):
        example(MEASURES, "water_loop").apply(park_of(water=dry))


def test_a_second_switch_or_shift_must_agree_with_the_first():
    switched = example(MEASURES, "fuel_switch").apply(park_of())
    shifted = example(MEASURES, "load_shifting").apply(park_of())

    with pytest.raises(CatalogueError, match="is switched in part to biomass already"):
        example(MEASURES, "fuel_switch", id="m2", to_carrier="natural_gas").apply(switched)
    with pytest.raises(CatalogueError, match="is shifted in part already"):
        example(MEASURES, "load_shifting", id="m2", peak_h_per_week=20.0).apply(shifted)


def test_parameters_that_no_end_use_takes_are_refused_by_row_and_column():
    with pytest.raises(CatalogueError, match=r"row m1, column size = 5.5: does not fit air: pressure_bar_g"):
        example(MEASURES, "air_pressure", size=5.5).apply(park_of())


def test_solar_acts_on_no_end_use():
    with pytest.raises(ValidationError, match="end_use: must be empty"):
        example(MEASURES, "rooftop_solar", end_use="lights")


def test_capacitors_act_on_no_end_use():
    with pytest.raises(ValidationError, match="end_use: must be empty"):
        example(MEASURES, "power_factor_correction", end_use="lights")


def test_a_kind_of_nozzle_that_there_is_not_is_refused():
    with pytest.raises(ValidationError, match=r"'nozzle_1_mm', 'nozzle_1\.5_mm'"):
        example(MEASURES, "air_nozzles", nozzle="hose")


def test_solar_stands_behind_a_meter_of_the_site():
    park = example(MEASURES, "rooftop_solar").apply(park_of())

    assert park.components["solar_factory_1"].peak_kw == 500
    assert park.components["meter_factory_1"].place == "site_1"


def test_a_site_without_feeder_can_t_have_solar():
    park = replace(park_of(), parents={})

    with pytest.raises(CatalogueError, match=r"row m1, column size = 500: .*hangs on no feeder"):
        example(MEASURES, "rooftop_solar").apply(park)


def test_installation_stops_the_lines_after_the_lead_time_one_measure_after_another():
    first = example(MEASURES, "lighting_led", lead_time_d=2.0, installation_downtime_h=24.0)
    second = example(MEASURES, "air_leaks", id="m2", lead_time_d=2.0, installation_downtime_h=8.0)

    park = second.apply(first.apply(park_of()))

    assert park.factory("factory_1").planned_stops_h == ((48.0, 72.0), (72.0, 80.0))


def test_a_day_of_downtime_without_effect_saves_nothing_at_rest_and_costs_output():
    idle = example(MEASURES, "lighting_led", size=0.0, lead_time_d=1.0, installation_downtime_h=24.0)
    park = park_of()

    before, after = week(park), week(park, idle)

    assert after.amount(carrier="output") < before.amount(carrier="output")
    assert after.amount(component="factory_1", port="lights_electricity") == pytest.approx(
        before.amount(component="factory_1", port="lights_electricity")
    )


def test_light_saved_in_a_week_is_cooling_saved_too():
    park, measure = park_of(), example(MEASURES, "lighting_led")

    before, after = week(park), week(park, measure)

    def saved(port):
        return before.amount(component="factory_1", port=port) - after.amount(component="factory_1", port=port)

    light = saved("lights_electricity")
    assert light == pytest.approx(0.4 * before.amount(component="factory_1", port="lights_electricity"))
    assert saved("chiller_gain_lights_electricity") == pytest.approx(light * 0.5 / 4.0)
    assert saved("chiller_envelope") == 0


def test_shifting_a_week_s_load_keeps_its_energy():
    park, measure = park_of(), example(MEASURES, "load_shifting")

    def pumped(run):
        return sum(run.amount(component="factory_1", port=c.port) for c in run.columns if c.port.startswith("pumps_"))

    assert pumped(week(park, measure)) == pytest.approx(pumped(week(park)), rel=1e-9)


def test_water_that_is_saved_is_wastewater_that_is_saved():
    park, measure = park_of(), example(MEASURES, "water_loop", recovery_frac=0.75, loop_kwh_per_m3=2.0)

    before, after = week(park), week(park, measure)

    saved_m3 = before.amount(component="factory_1", port="water_process") - after.amount(
        component="factory_1", port="water_process"
    )
    assert saved_m3 == pytest.approx(0.45 * before.amount(component="factory_1", port="water_process_waste"))
    assert before.amount(component="factory_1", carrier="wastewater", direction=OUTLET) - after.amount(
        component="factory_1", carrier="wastewater", direction=OUTLET
    ) == pytest.approx(saved_m3)
    assert after.amount(component="factory_1", port="water_loop") == pytest.approx(2.0 * saved_m3)


def test_two_light_measures_save_less_at_the_meter_than_on_paper_together():
    park = park_of(lights=Lighting(installed_kw=100, emergency_frac=0))
    measures = [example(MEASURES, "lighting_led", size=0.8), example(MEASURES, "lighting_led", size=0.6, id="m2")]

    alone = [1 - m.apply(park).factory("factory_1").end_uses["lights"].installed_kw / 100 for m in measures]
    run = week(park, *measures)

    assert sum(alone) == pytest.approx(0.7)
    assert 1 - run.amount(component="factory_1", port="lights_electricity") / (100 * 96) == pytest.approx(0.58)
