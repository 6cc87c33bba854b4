"""Measures on boiler house, compressor station, chiller plant and wastewater plant."""

import copy
import math
from dataclasses import replace

import pytest
from loaded_works import plant as sludge_plant
from loaded_works import works
from pydantic import ValidationError
from small_park import MONDAY, small_park
from toys import simulate as run_bench

from eipsim.components import BoilerHouse, ChillerPlant, CompressorStation, FuelSupply
from eipsim.context import Context
from eipsim.end_uses import Cooling
from eipsim.errors import CatalogueError
from eipsim.kpis import all_bills
from eipsim.measures import MEASURES, DeskPrices, SupplierMeasure
from eipsim.measures.costs import with_costs
from eipsim.measures.desk import drawn_on_paper, supplied_on_paper
from eipsim.park_networks import with_served
from eipsim.physics.compressed_air import pressure_flow_ratio, pressure_power_ratio
from eipsim.physics.steam import blowdown_per_steam, makeup_per_steam
from eipsim.physics.wastewater import aeration_kwh_per_kg
from eipsim.readers.measure_cost_table import read_measure_costs
from eipsim.scenario import Scenario, simulate

CONTEXT = Context.at(MONDAY, hours=48.0)
PRICES = DeskPrices.of(CONTEXT)
EXAMPLES = {
    "aeration_upgrade": ("plant", 0.5),
    "boiler_economiser": ("house", 0.3),
    "boiler_tuning": ("house", 0.5),
    "chilled_water_reset": ("chillers", 1.0),
    "condensate_return": ("house", 0.2),
    "main_insulation": ("house", 30.0),
    "station_drive": ("station", 1.0),
    "station_leaks": ("station", 0.5),
    "station_pressure": ("station", 0.8),
    "station_receiver": ("station", 5.0),
    "tower_cycles": ("chillers", 2.0),
    "tower_fan_drive": ("chillers", 0.5),
}
KINDS = sorted(EXAMPLES)
BOILER = {"name": "grate", "rating_t_per_h": 3.0, "fuels": ("coal",), "flue_o2_frac": 0.09, "low_fire_o2_frac": 0.12}


def measure(kind, **changes):
    supplier, size = EXAMPLES[kind]
    given = {"id": "m", "factory": supplier, "size": size, "recp_category": "process_control", **changes}
    return MEASURES[kind](**given)


def networks(**parameters):
    """Two factories that a boiler house, a station and a chiller plant serve, and the works of one that treats."""
    station = CompressorStation(
        compressors=(
            {"name": "base", "capacity_m3_per_min": 45.0, "unloaded_frac": 0.25},
            {"name": "trim", "capacity_m3_per_min": 45.0, "unloaded_frac": 0.25},
        ),
        power_place="feeder",
        leak_m3_per_min=4.0,
        receiver_m3=5.0,
        mtbf_h=math.inf,
        **parameters.get("station", {}),
    )
    fans = {"tower_fan_kw": 12.0, "tower_water_m3_per_h": 90.0}
    chillers = ChillerPlant(chiller_kw_th=300.0, power_place="feeder", mtbf_h=math.inf, **fans)
    house = BoilerHouse(boilers=(BOILER,), power_place="feeder", mtbf_h=math.inf, main_m=100.0, **parameters.get("house", {}))
    park = small_park(coal=FuelSupply(carrier="coal"), plant=sludge_plant())
    for name in ("candles", "denim"):
        lines = tuple(replace(line, mtbf_h=math.inf) for line in park.factory(name).lines)
        uses = {**park.factory(name).end_uses, "cooling": Cooling(envelope_kw_th=60.0, process_kw_th=90.0)}
        park = park.replace(name, lines=lines, end_uses=uses)
    park = park.add("station", station).add("chillers", chillers).add("house", house)
    for carrier, place, use in (
        ("steam", "steam_main", "boiler"),
        ("compressed_air", "air_main", "air"),
        ("chilled_water", "chilled_water_main", "cooling"),
    ):
        park = with_served(park, carrier, place, {"candles": use, "denim": use})
    return park


PARK = networks()
STEADY = {"name": "steady", "capacity_m3_per_min": 90.0, "control": "modulating"}


def tuned():
    return PARK.replace("house", boilers=({**BOILER, "flue_o2_frac": 0.05, "low_fire_o2_frac": 0.08},))


def run_of(park):
    return simulate(Scenario("now", park, CONTEXT))


@pytest.fixture(scope="module")
def before():
    return run_of(PARK)


def saved(before, after, **where):
    return before.amount(**where) - after.amount(**where)


def test_every_type_on_a_supplier_has_an_example():
    assert set(EXAMPLES) == {kind for kind, one in MEASURES.items() if issubclass(one, SupplierMeasure)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_measure_changes_its_supplier_and_leaves_the_park_that_it_is_given_as_it_was(kind):
    untouched = copy.deepcopy(PARK.components)

    changed = measure(kind).apply(PARK)

    supplier = EXAMPLES[kind][0]
    others = {name for name, one in changed.components.items() if one is not PARK.components[name]} - {supplier}
    assert repr(PARK.components[supplier]) == repr(untouched[supplier])
    assert repr(changed.components[supplier]) != repr(PARK.components[supplier])
    assert others == ({"candles", "denim"} if kind == "station_pressure" else set())


@pytest.mark.parametrize("kind", KINDS)
def test_at_size_zero_nothing_changes_and_nothing_is_promised(kind):
    nothing = measure(kind, size=0.0)

    assert nothing.apply(PARK) is PARK
    assert set(nothing.desk(PARK, PRICES)) == {0.0}


@pytest.mark.parametrize("kind", KINDS)
def test_a_size_within_bounds_applies_and_saves_money_on_paper_and_one_beyond_is_refused(kind):
    low, high = measure(kind).size_bounds(PARK)

    measure(kind, size=high).check(PARK)

    assert low == 0 < measure(kind).size <= high
    assert measure(kind).desk(PARK, PRICES).vnd > 0
    assert with_costs(measure(kind), PARK, read_measure_costs()).capital_vnd > 0
    with pytest.raises(CatalogueError, match=r"row m, column size = .*: must be from 0 to"):
        measure(kind, size=high + 1).check(PARK)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"aeration_upgrade"}))
def test_what_the_desk_promises_of_energy_or_water_appears_at_the_supplier(kind, before):
    """Within a factor of five either way: the desk knows neither part load nor weather nor the other machines."""
    one, supplier = measure(kind), EXAMPLES[kind][0]
    figures = one.desk(PARK, PRICES)
    carrier, promised = max(
        (("electricity", figures.kwh), ("coal", figures.other_fuel_gj), ("water", figures.water_m3)), key=lambda pair: pair[1]
    )

    run = run_of(one.apply(PARK))

    appears = saved(before, run, component=supplier, carrier=carrier) * 8760 / 48
    assert promised / 5 < appears < promised * 5
    assert run.residual < 1e-9


def test_a_factory_is_no_supplier_and_an_end_use_no_part_of_one():
    with pytest.raises(
        CatalogueError, match=r"column factory = 'statio': .* of the type compressor_station: did you mean 'station'"
    ):
        measure("station_leaks", factory="statio").apply(PARK)
    with pytest.raises(CatalogueError, match=r"column factory = 'denim': station_leaks acts on a supplier"):
        measure("station_leaks", factory="denim").apply(PARK)
    with pytest.raises(ValidationError, match="end_use: must be empty"):
        measure("station_leaks", end_use="air")


def test_a_park_without_a_supplier_says_so():
    with pytest.raises(
        CatalogueError, match="acts on a supplier of the type boiler_house: this park has none, park=amata_full has"
    ):
        measure("condensate_return").check(small_park())


@pytest.mark.parametrize(
    ("kind", "park", "message"),
    [
        ("boiler_tuning", tuned, "have the oxygen of the targets already"),
        ("main_insulation", lambda: PARK.replace("house", main_m=0.0), "has no main: main_m is 0"),
        ("station_leaks", lambda: PARK.replace("station", leak_m3_per_min=0.0), "its network has no leaks"),
        ("station_drive", lambda: measure("station_drive").apply(PARK), "trim has a variable speed already"),
        (
            "station_receiver",
            lambda: PARK.replace("station", compressors=(STEADY,)),
            "none of its compressors loads and unloads",
        ),
        ("tower_fan_drive", lambda: PARK.replace("chillers", tower_fan_kw=0.0), "its tower fans are in the auxiliaries"),
        ("tower_fan_drive", lambda: measure("tower_fan_drive", size=1.0).apply(PARK), "all its tower fans have converters"),
    ],
)
def test_a_supplier_without_what_a_measure_acts_on_is_refused(kind, park, message):
    with pytest.raises(CatalogueError, match=message):
        measure(kind).check(park())


def test_a_part_of_a_converter_is_refused():
    with pytest.raises(CatalogueError, match=r"size = 0.5: must be 0 or 1"):
        measure("station_drive", size=0.5).check(PARK)


def test_better_aeration_must_be_better():
    with pytest.raises(CatalogueError, match="new_efficiency_frac × new_transfer_frac must be above"):
        measure("aeration_upgrade", new_transfer_frac=0.08).check(PARK)


def test_parameters_that_no_supplier_takes_are_refused_by_row_and_column():
    with pytest.raises(CatalogueError, match=r"row m, column size = 9: does not fit station: pressure_bar_g"):
        measure("station_pressure", size=9.0).apply(PARK)


def test_condensate_saves_its_heat_and_the_water_that_it_replaces(before):
    """A fifth of the steam comes back besides: make-up falls by as much, fuel as the duty does where the fire is steady."""
    after = run_of(measure("condensate_return").apply(PARK))

    steam_t = before.amount(component="house", port="raised_grate")
    assert after.amount(component="house", port="raised_grate") == pytest.approx(steam_t)
    assert saved(before, after, component="house", carrier="water") == pytest.approx(0.2 * steam_t)
    assert after.amount(component="house", carrier="water") == pytest.approx(makeup_per_steam(0.05, 0.8) * steam_t)
    assert after.amount(component="house", carrier="wastewater") == pytest.approx(blowdown_per_steam(0.05) * steam_t)
    assert saved(before, after, component="house", carrier="coal") > 0


def test_a_lower_pressure_of_the_station_reaches_leaks_and_unregulated_users(before):
    park = measure("station_pressure").apply(PARK)

    run = run_of(park)

    leaks = [one.amount(component="candles", port="air_leak") for one in (before, run)]
    assert leaks[1] / leaks[0] == pytest.approx(float(pressure_flow_ratio(6.2, 7.0)))
    per_m3 = [
        one.amount(component="station", port="power") / one.amount(component="station", port="made") for one in (before, run)
    ]
    assert per_m3[1] / per_m3[0] < float(pressure_power_ratio(6.2, 7.0)) * 1.05


def test_two_measures_on_one_station_save_less_than_their_sum(before):
    leaks, drive = measure("station_leaks", id="a"), measure("station_drive", id="b")
    alone = [saved(before, run_of(one.apply(PARK)), component="station", port="power") for one in (leaks, drive)]

    both = saved(before, run_of(drive.apply(leaks.apply(PARK))), component="station", port="power")

    assert both != pytest.approx(sum(alone), rel=1e-3)
    assert both > max(alone)


def test_users_save_what_the_operator_s_boilers_save(before):
    park = measure("condensate_return").apply(PARK)
    after = run_of(park)

    paid = [
        sum(
            item.amount_vnd
            for name in ("candles", "denim")
            for item in all_bills(run, one, CONTEXT)[name]
            if item.item == "steam"
        )
        for run, one in ((before, PARK), (after, park))
    ]

    coal_gj, water_m3 = (saved(before, after, component="house", carrier=carrier) for carrier in ("coal", "water"))
    spent = coal_gj * CONTEXT.prices.fuel_vnd_per_gj["coal"] + water_m3 * CONTEXT.prices.water_vnd_per_m3
    assert paid[0] - paid[1] == pytest.approx(spent)


def test_what_a_house_of_a_factory_saves_has_that_factory_s_prices():
    park = PARK.replace("house", paid_by="denim").replace("denim", voltage_class="lt6")

    assert measure("condensate_return").voltage_class(park) == "lt6"
    assert measure("condensate_return").voltage_class(PARK) == "22_110"


def test_better_aeration_spares_electricity_in_the_ratio_of_the_formula():
    """Half of the trains; blowers take up the same oxygen, and are turned down as far as before."""
    parts = works()
    better = MEASURES["aeration_upgrade"](
        id="m", factory="plant", size=0.5, recp_category="technology_change", existing_transfer_frac=0.1, new_transfer_frac=0.16
    )
    gain = 1 - aeration_kwh_per_kg(0.6, 0.70, 0.16) / aeration_kwh_per_kg(0.6, 0.55, 0.1)
    changed = replace(parts["plant"], **better.changed(parts["plant"]))

    kwh = [run_bench(works(plant=one), 96.0).amount(component="plant", port="power") for one in (parts["plant"], changed)]
    treated_m3 = run_bench(works(plant=changed), 96.0).amount(component="plant", port="inflow")
    rest = 0.1 * treated_m3 + 4.0 * 96.0

    assert (kwh[1] - rest) / (kwh[0] - rest) == pytest.approx(1 - 0.5 * gain, rel=1e-6)


def test_a_network_delivers_on_paper_what_those_it_serves_draw_by_their_schedules():
    both = sum(drawn_on_paper(PARK, name, "steam", PRICES.horizon) for name in ("candles", "denim"))

    assert supplied_on_paper(PARK, PARK.components["house"], PRICES.horizon) == pytest.approx(both)
    assert both > 0
