"""End uses that draw from networks: what lines do when steam is short, what measures can do, who pays."""

import dataclasses
import math

import pytest
from small_park import MONDAY, small_park

from eipsim.components import BoilerHouse, ChillerPlant, CompressorStation, FuelSupply
from eipsim.context import Context
from eipsim.end_uses import CompressedAir, Cooling, ProcessHeat
from eipsim.errors import CatalogueError, ParkError
from eipsim.kernel.ports import COMFORT, LINES
from eipsim.kpis import all_bills, evaluate
from eipsim.kpis.use import Books
from eipsim.measures import MEASURES, DeskPrices
from eipsim.park_networks import with_fuel_prices, with_served
from eipsim.physics.steam import saturated
from eipsim.scenario import Scenario, simulate

HOURS = 96.0
CONTEXT = Context.at(MONDAY, hours=HOURS)
COAL = {"name": "coal_fired", "rating_t_per_h": 2.0, "fuels": ("coal",)}
LPG = {"name": "lpg_fired", "rating_t_per_h": 2.0, "fuels": ("lpg",)}


def house(**parameters):
    return BoilerHouse(**{"boilers": (COAL, LPG), "power_place": "feeder", "mtbf_h": math.inf, **parameters})


def plain(**components):
    """Two factories with boilers of their own and lines that do not fail, and whatever is added."""
    park = small_park(coal=FuelSupply(carrier="coal"))
    for name in ("candles", "denim", "neighbour"):
        lines = tuple(dataclasses.replace(line, mtbf_h=math.inf) for line in park.factory(name).lines)
        uses = {**park.factory(name).end_uses, "cooling": Cooling(envelope_kw_th=60.0, process_kw_th=90.0)}
        park = park.replace(name, lines=lines, end_uses=uses)
    for name, component in components.items():
        park = park.add(name, component)
    return park


def with_steam(**parameters):
    return with_served(plain(house=house(**parameters)), "steam", "steam_main", {"candles": "boiler", "denim": "boiler"})


def run_of(park):
    return simulate(Scenario("now", park, CONTEXT))


def measure(kind, factory, end_use, size, **more):
    return MEASURES[kind](id="m", factory=factory, end_use=end_use, size=size, recp_category="process_control", **more)


def test_a_served_factory_burns_nothing_and_takes_the_heat_that_it_did():
    park = with_steam()

    run, before = run_of(park), run_of(plain())

    use = ProcessHeat(carrier="lpg", useful_kw=200, surface_m2=30, flue_o2_frac=0.06, flue_c=220)
    heat_gj = sum(before.amount(component=name, carrier="lpg") for name in ("candles", "denim")) * use.available_heat_frac
    steam_t = run.amount(component="house", port="steam")
    assert steam_t * saturated(10.0).latent_kj_per_kg / 1000 == pytest.approx(heat_gj, rel=1e-9)
    assert run.amount(component="candles", carrier="lpg") == 0
    assert run.residual < 1e-9


def test_lines_slow_down_when_steam_is_short():
    """A main with a quarter of the need: wet lines make a quarter, and those with a boiler of their own all."""
    need = run_of(with_steam()).amount(component="denim", carrier="steam")
    hours = run_of(with_steam()).amount(component="denim", port="run_0")
    small = {**COAL, "rating_t_per_h": 0.25 * 2 * need / hours}
    free, short = run_of(with_steam()), run_of(with_steam(boilers=(small,)))

    made = {name: [run.amount(component=name, port="output_0") for run in (free, short)] for name in ("denim", "neighbour")}
    assert made["neighbour"][0] == made["neighbour"][1]
    assert 0.2 < made["denim"][1] / made["denim"][0] < 0.7
    assert short.amount(component="denim", carrier="steam") < 0.7 * need
    assert short.amount(component="denim", port="pumps_electricity") < free.amount(component="denim", port="pumps_electricity")
    assert short.residual < 1e-9


def test_heat_that_may_be_interrupted_is_cut_before_production():
    park = with_steam()
    waiting = dataclasses.replace(park.end_use("candles", "boiler"), interruptible=True)

    flows = park.replace_end_use("candles", "boiler", waiting).factory("candles").flows()

    assert {flow.priority for name, flow in flows.items() if name.startswith("boiler")} == {COMFORT}
    assert {flow.priority for name, flow in park.factory("denim").flows().items() if name.startswith("boiler")} == {LINES}


def test_a_use_of_each_line_draws_in_all_what_the_mean_of_the_lines_would():
    mean = plain().factory("candles")
    each = mean.end_uses["boiler"]
    split = dataclasses.replace(mean, end_uses={"boiler": dataclasses.replace(each, driver="each_line")}).flows()

    whole = dataclasses.replace(mean, end_uses={"boiler": each}).flows()

    assert [split[f"boiler_useful_{k}"].driver for k in range(2)] == ["line:0", "line:1"]
    assert sum(split[f"boiler_useful_{k}"].run for k in range(2)) == pytest.approx(whole["boiler_useful"].run)
    assert split["boiler_loss"] == whole["boiler_loss"]


def test_insulation_of_a_served_use_saves_steam_and_on_paper_the_fuel_of_the_boilers():
    park = with_steam()
    insulated = measure("heat_insulation", "candles", "boiler", 0.5)

    saved_t = run_of(park).amount(component="candles", carrier="steam") - run_of(insulated.apply(park)).amount(
        component="candles", carrier="steam"
    )
    desk = insulated.desk(park, DeskPrices.of(CONTEXT))

    assert saved_t > 0
    assert desk.lpg_t == 0
    assert desk.other_fuel_gj > 0
    assert desk.co2_t == pytest.approx(desk.other_fuel_gj * CONTEXT.factors.fuel_kgco2_per_gj["coal"] / 1000)


def test_a_served_use_may_be_switched_to_a_fuel_of_its_own():
    switched = measure("fuel_switch", "candles", "boiler", 0.5, to_carrier="lpg").apply(with_steam())

    run = run_of(switched)

    assert run.amount(component="candles", carrier="lpg") > 0
    assert run.amount(component="candles", carrier="steam") == pytest.approx(
        0.5 * run_of(with_steam()).amount(component="candles", carrier="steam")
    )


@pytest.mark.parametrize("kind", ["burner_tuning", "heat_recovery"])
def test_measures_on_a_fire_are_refused_where_there_is_none(kind):
    with pytest.raises(CatalogueError, match=r"row m, column end_use = 'boiler': is heated by steam, which has no"):
        measure(kind, "candles", "boiler", 0.3).check(with_steam())


STATION = CompressorStation(
    compressors=({"name": "one", "capacity_m3_per_min": 90.0, "unloaded_frac": 0.25},),
    power_place="feeder",
    receiver_m3=1e9,
    pressure_bar_g=6.5,
    mtbf_h=math.inf,
)
PLANT = ChillerPlant(chiller_kw_th=600.0, power_place="feeder", mtbf_h=math.inf)


def with_air():
    return with_served(plain(station=STATION), "compressed_air", "air_main", {"candles": "air", "denim": ["air"]})


def with_chilled_water():
    return with_served(plain(chillers=PLANT), "chilled_water", "chilled_water_main", {"denim": "cooling", "candles": "cooling"})


def test_air_of_a_station_has_its_pressure_and_leaks_in_the_factory_save_what_its_control_lets_them():
    park = with_air()
    mended = measure("air_leaks", "candles", "air", 1.0)

    before, after = run_of(park), run_of(mended.apply(park))

    use = park.end_use("candles", "air")
    assert isinstance(use, CompressedAir)
    assert (use.pressure_bar_g, use.served) == (6.5, True)
    leaked_m3 = before.amount(component="candles", port="air_leak")
    saved_kwh = before.amount(component="station", port="power") - after.amount(component="station", port="power")
    assert leaked_m3 > 0
    assert saved_kwh == pytest.approx(0.75 * leaked_m3 / 60 * 6.8 * STATION.power_ratio)


def test_cooling_of_a_plant_is_the_heat_that_own_chillers_would_carry_away():
    park = with_chilled_water()
    own = {f"{name}.{port}": f for name in ("denim",) for port, f in plain().factory(name).flows().items() if "cooling" in port}

    served = {f"denim.{port}": flow for port, flow in park.factory("denim").flows().items() if port.startswith("cooling")}

    assert served["denim.cooling_envelope"].run == pytest.approx(own["denim.cooling_envelope"].run * 4.0)
    assert {flow.carrier for flow in served.values()} == {"chilled_water"}
    assert run_of(park).residual < 1e-9


@pytest.mark.parametrize(
    ("park", "kind", "end_use", "message"),
    [
        (with_air, "air_pressure", "air", "served by a network: station_pressure of the compressor station instead"),
        (with_air, "variable_speed_drive", "air", "served by a network: station_drive of the compressor station instead"),
        (
            with_chilled_water,
            "chiller_set_point",
            "cooling",
            "served by a network: chilled_water_reset of the chiller plant instead",
        ),
        (with_chilled_water, "chiller_replacement", "cooling", "served by a network: another cop of the chiller plant instead"),
    ],
)
def test_measures_on_machines_that_stand_elsewhere_are_refused(park, kind, end_use, message):
    with pytest.raises(CatalogueError, match=message):
        measure(kind, "denim", end_use, 0.3).check(park())


def test_steam_is_billed_at_what_it_cost_and_the_operator_is_even():
    park = with_steam()
    run = run_of(park)

    bills = {name: {item.item: item for item in items} for name, items in all_bills(run, park, CONTEXT).items()}

    operator = bills["operator"]
    sold = bills["candles"]["steam"].amount_vnd + bills["denim"]["steam"].amount_vnd
    tariff = CONTEXT.tariff.price_vnd_per_kwh("22_110")
    power = Books(run, park).by_band(run.find(component="house", port="power"))
    cost = (
        run.amount(component="house", carrier="coal") * CONTEXT.prices.fuel_vnd_per_gj["coal"]
        + run.amount(component="house", carrier="water") * CONTEXT.prices.water_vnd_per_m3
        + sum(kwh * tariff[band] for band, kwh in power.items())
    )
    assert sold == pytest.approx(cost)
    assert operator["steam_fees"].amount_vnd == pytest.approx(-sold)
    assert operator["coal"].quantity == pytest.approx(run.amount(component="house", carrier="coal"))


def test_fuel_of_the_boiler_house_is_scope_1_of_the_park_and_scope_2_of_its_users():
    park = with_steam()
    run = run_of(park)

    kpis = evaluate(run, park, CONTEXT).kpis

    factors = CONTEXT.factors
    coal_t = run.amount(component="house", carrier="coal") * factors.fuel_kgco2_per_gj["coal"] / 1000
    power_t = run.amount(component="house", port="power") / 1000 * factors.grid_tco2_per_mwh
    lpg_t = run.amount(component="neighbour", carrier="lpg") * factors.fuel_kgco2_per_gj["lpg"] / 1000
    own_t = kpis["electricity_assessed_kwh"] / 1000 * factors.grid_tco2_per_mwh
    assert kpis["scope_1_park_t"] == pytest.approx(coal_t + lpg_t)
    assert kpis["scope_1_assessed_t"] == 0
    assert kpis["scope_2_assessed_t"] == pytest.approx(own_t + coal_t + power_t)
    assert kpis["co2_park_t"] == pytest.approx(kpis["scope_1_park_t"] + kpis["scope_2_park_t"])


def test_money_that_leaves_the_park_holds_the_operator_s_fuel_once():
    park = with_steam()
    run = run_of(park)

    told = all_bills(run, park, CONTEXT)

    within = ("wastewater", "steam", "wastewater_fees", "steam_fees")
    out = sum(item.amount_vnd for items in told.values() for item in items if item.item not in within)
    assert evaluate(run, park, CONTEXT).kpis["money_park_vnd"] == pytest.approx(out)


def test_a_boiler_house_of_a_factory_is_on_its_bill_and_in_its_scope_1():
    park = with_served(plain(house=house(place="site_2", paid_by="denim")), "steam", "site_2", {"denim": "boiler"})
    run = run_of(park)

    outcome, bills = evaluate(run, park, CONTEXT), all_bills(run, park, CONTEXT)

    coal_gj = run.amount(component="house", carrier="coal")
    mine = {item.item: item.quantity for item in bills["denim"]}
    assert mine["coal"] == pytest.approx(coal_gj)
    assert "steam" not in mine
    assert not {item.item for item in bills["operator"]} & {"coal", "steam_fees"}
    assert outcome.factories["denim"].used["other_fuel_gj"] == pytest.approx(coal_gj)
    assert outcome.factories["denim"].lines["0"].caused["other_fuel_gj"] > 0


def test_networks_tell_what_they_gave_and_took():
    park = with_steam(condensate_frac=0.7, hot_count=0)
    run = run_of(park)

    kpis = evaluate(run, park, CONTEXT).kpis

    raised = run.amount(component="house", port="raised_coal_fired")
    assert kpis["steam_delivered_t"] == pytest.approx(raised)
    assert kpis["boiler_fuel_gj"] == pytest.approx(run.amount(component="house", carrier="coal"))
    assert kpis["boiler_efficiency_frac"] == pytest.approx(
        raised * park.component("house").duty_kwh_per_t * 0.0036 / kpis["boiler_fuel_gj"]
    )
    assert kpis["condensate_return_frac"] == pytest.approx(0.7)
    assert not {"air_kwh_per_m3", "chiller_plant_cop"} & kpis.keys()


def test_air_and_cooling_have_their_specific_powers():
    air, cold = with_air(), with_chilled_water()
    blown, cooled = run_of(air), run_of(cold)

    of_air, of_cold = evaluate(blown, air, CONTEXT).kpis, evaluate(cooled, cold, CONTEXT).kpis

    assert of_air["air_kwh_per_m3"] == pytest.approx(
        blown.amount(component="station", port="power") / blown.amount(component="station", port="made")
    )
    assert 0.1 < of_air["air_kwh_per_m3"] < 0.2
    assert of_cold["chiller_plant_cop"] == pytest.approx(
        of_cold["cooling_delivered_kwh_th"] / cooled.amount(component="chillers", port="power")
    )
    assert 2 < of_cold["chiller_plant_cop"] < 6


def test_a_scenario_gives_boilers_the_prices_by_which_they_choose():
    park = with_steam(boilers=(LPG, COAL), fuel_choice="price")

    built = Scenario("now", park, CONTEXT).build()

    assert built.component("house").sequence[0].boiler.name == "coal_fired"
    assert with_fuel_prices(park, {"lpg": 1.0, "coal": 2.0}).component("house").sequence[0].boiler.name == "lpg_fired"


def test_everything_that_can_not_be_served_is_named_at_once():
    wanted = {"candels": "boiler", "candles": ["boyler", "lights"], "denim": "boiler"}

    with pytest.raises(ParkError) as caught:
        with_served(plain(house=house()), "steam", "steam_mian", wanted)

    text = str(caught.value)
    for part in ("'steam_mian'", "steam_main", "candels", "boyler", "is lighting: steam serves process_heat"):
        assert part in text


def test_a_park_without_a_supplier_is_told_which_to_add():
    with pytest.raises(ParkError, match=r"'steam_main': nothing supplies steam there: add a boiler_house to the park"):
        with_served(plain(), "steam", "steam_main", {"candles": "boiler"})


def test_a_furnace_is_no_user_of_steam():
    furnace = ProcessHeat(carrier="lpg", firing="furnace", flue_c=800.0, useful_kw=100.0)
    park = plain(house=house()).replace_end_use("candles", "boiler", furnace)

    with pytest.raises(ParkError, match="is a furnace, which steam can't heat"):
        with_served(park, "steam", "steam_main", {"candles": "boiler"})


def test_steam_without_a_boiler_house_says_what_is_missing():
    with pytest.raises(ParkError, match=r"steam.*add a BoilerHouse"):
        with_steam().remove("house").check()
