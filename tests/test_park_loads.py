"""Loads of a park's wastewater, and what measures do to them."""

import dataclasses

import pytest
from small_park import measure, small_park

from eipsim import load_scenario, simulate
from eipsim.components import BufferTank, EqualisationTank, Factory, Sewer
from eipsim.end_uses import WaterUse
from eipsim.errors import CatalogueError, DataError, ParkError
from eipsim.kpis import KPIS, all_bills
from eipsim.park_loads import with_loads, with_reclaimed_water, with_sewers
from eipsim.readers.load_table import WastewaterStrength, read_wastewater_strengths

COD = slice(0, 3)
PLAIN = WastewaterStrength("plain", 600.0, 250.0, 200.0, 40.0, 6.0, 1000.0, 0.1, 0.3, 0.0)


def loaded():
    return with_loads(small_park(), dict.fromkeys(("candles", "denim", "neighbour", "sanitary"), PLAIN))


def brought(use):
    return {name: sum(concentrations[COD]) for name, concentrations in use.brings().items()}


def test_wastewater_brings_the_concentrations_of_the_table_while_no_measure_acts():
    use = loaded().end_use("candles", "water")

    assert brought(use) == pytest.approx({"process_waste": 600.0, "sanitary_waste": 600.0})
    assert small_park().end_use("candles", "water").brings() == {}


def test_saving_water_makes_wastewater_stronger_and_takes_nothing_off_its_loads():
    before = loaded()
    after = measure("water_loop", "candles", "water", 0.6).apply(before)
    use, new = before.end_use("candles", "water"), after.end_use("candles", "water")

    # 0.6 × 0.75 = 45 % of the process wastewater comes back
    assert new.process_waste_m3_per_h == pytest.approx(0.55 * use.process_waste_m3_per_h)
    assert new.process_load_kg_per_h == use.process_load_kg_per_h
    assert brought(new)["process_waste"] == pytest.approx(600.0 / 0.55)


def test_salts_limit_what_a_loop_returns_and_only_where_there_are_loads():
    park = small_park()
    use = loaded().end_use("candles", "water")
    keen = dataclasses.replace(use, reuse_frac=0.9)

    # 1,000 g/m3 may rise to 3,000: two thirds of the water come back
    assert keen.returned_frac == pytest.approx(2 / 3)
    assert keen.brings()["process_waste"][-1] == pytest.approx(3000.0)
    assert dataclasses.replace(park.end_use("candles", "water"), reuse_frac=0.9).returned_frac == 0.9
    assert dataclasses.replace(keen, salt_limit_g_per_m3=1e5).returned_frac == 0.9


def test_a_factory_goes_by_its_name_or_else_by_its_sector():
    park = small_park(candles=dataclasses.replace(small_park().factory("candles"), sector="wax"))
    strong = dataclasses.replace(PLAIN, cod_g_per_m3=6000.0)

    by_sector = with_loads(park, {"wax": strong, "denim": PLAIN, "neighbour": PLAIN, "sanitary": PLAIN})
    by_name = with_loads(park, {"wax": strong, "candles": PLAIN, "denim": PLAIN, "neighbour": PLAIN, "sanitary": PLAIN})

    assert brought(by_sector.end_use("candles", "water"))["process_waste"] == pytest.approx(6000.0)
    assert brought(by_name.end_use("candles", "water"))["process_waste"] == pytest.approx(600.0)


def test_factories_without_a_row_are_all_named():
    with pytest.raises(DataError, match=r"candles has no row(.|\n)*neighbour has no row"):
        with_loads(small_park(), read_wastewater_strengths() | {"denim": PLAIN} | {"candles": None})  # type: ignore[dict-item]


def test_loads_must_be_complete_and_have_water_to_go_with():
    with pytest.raises(ValueError, match="process_load_kg_per_h has 2 numbers: must have 8"):
        WaterUse(process_m3_per_h=1.0, process_load_kg_per_h=(1.0, 2.0))
    with pytest.raises(ValueError, match="process_load_kg_per_h has no process wastewater"):
        WaterUse(process_m3_per_h=1.0, return_frac=0.0, process_load_kg_per_h=(1.0,) * 8)


def test_a_share_of_the_process_water_may_be_reclaimed():
    flows = {flow.name: flow for flow in WaterUse(process_m3_per_h=10.0, reclaimed_frac=0.4).flows({})}

    assert (flows["process"].run, flows["reclaimed"].run) == pytest.approx((6.0, 4.0))
    assert flows["reclaimed"].carrier == "process_water"


def test_saving_chemicals_takes_their_share_off_the_loads_and_leaves_the_water():
    before = loaded()
    use = dataclasses.replace(before.end_use("candles", "water"), chemicals_vnd_per_h=80_000.0)
    saving = measure("chemical_saving", "candles", "water", 0.4, load_frac=0.5)

    new = saving.apply(before.replace_end_use("candles", "water", use)).end_use("candles", "water")

    assert new.chemicals_vnd_per_h == pytest.approx(48_000.0)
    assert new.process_load_kg_per_h == pytest.approx([0.8 * kg for kg in use.process_load_kg_per_h])
    assert new.process_waste_m3_per_h == use.process_waste_m3_per_h
    with pytest.raises(CatalogueError, match="has no chemicals_vnd_per_h"):
        saving.apply(before)


def test_sites_of_a_feeder_go_to_its_sewer():
    park = with_sewers(small_park(pipe=Sewer(place="north", travel_h=1.0)), {"feeder": "north"})

    assert park.parents["wastewater", "site_1"] == "north"
    assert park.parents["water", "site_1"] == "water_main"


def test_a_feeder_or_a_sewer_that_is_not_there_is_named():
    with pytest.raises(ParkError, match=r"feedr is no feeder(.|\n)*feedr = 'nort': nothing takes wastewater there"):
        with_sewers(small_park(), {"feedr": "nort"})


def test_a_factory_takes_its_share_from_the_reclaimed_main():
    park = with_reclaimed_water(small_park(), {"candles": 0.4}, "main")

    assert park.parents["process_water", "site_1"] == "main"
    assert park.end_use("candles", "water").reclaimed_frac == 0.4


def test_factories_that_can_take_no_reclaimed_water_are_all_named():
    dry = Factory(place="site_9", calendar="two_shifts", lines=small_park().factory("candles").lines, end_uses={})
    park = small_park(dry=dry)

    with pytest.raises(ParkError, match=r"candle is no factory(.|\n)*denim = 1.4: must be between(.|\n)*dry has no water use"):
        with_reclaimed_water(park, {"candle": 0.1, "denim": 1.4, "dry": 0.2}, "main")


def test_a_buffer_tank_must_name_a_factory_and_a_tank_of_the_park():
    buffer = BufferTank(place="site_1", factory="candle", tank="tnk", capacity_m3=10.0, pump_m3_per_h=5.0)
    park = small_park(buffer=buffer)

    assert isinstance(park.component("tank"), EqualisationTank)
    with pytest.raises(ParkError, match=r"buffer.tank = 'tnk' is no Equal(.|\n)*buffer.factory = 'candle' is no"):
        park.check()


@pytest.fixture(scope="module")
def full_week():
    return simulate(load_scenario(["park=amata_full", "context.hours=168"]))


@pytest.mark.slow
def test_mass_closes_in_the_full_park(full_week):
    loads = full_week.loads

    assert full_week.residual < 1e-9
    assert loads.residual() < 1e-9
    assert loads.total("sewer_north.inflow")["total_n"] > 100
    assert loads.at_end["sewer_north"][0] > 0


@pytest.mark.slow
def test_the_full_park_cleans_its_wastewater_and_uses_some_again(full_week):
    loads = full_week.loads
    cod_in, cod_out = (sum(loads.stream(name).sum(axis=0)[COD]) for name in ("plant.inflow", "plant.effluent"))

    assert 0.88 < 1 - cod_out / cod_in < 0.97
    assert full_week.amount(component="irrigation", port="water") > 1000
    assert full_week.amount(component="reclaim", port="product") > 1000
    kwh_per_m3 = full_week.amount(component="plant", port="power") / full_week.amount(component="plant", port="inflow")
    assert 0.5 < kwh_per_m3 < 1.2


@pytest.mark.slow
def test_every_kilowatt_hour_and_cubic_metre_is_on_someones_bill(full_week):
    case = load_scenario(["park=amata_full", "context.hours=168"])
    park = case.build()

    items = [item for bill in all_bills(full_week, park, case.context).values() for item in bill]

    def billed(start):
        return sum(item.quantity for item in items if item.item.startswith(start))

    def moved(component, port):
        return full_week.amount(component=component, port=port)

    stored = moved("reservoir", "fill") - moved("reservoir", "draw")
    assert billed("electricity_") == pytest.approx(moved("substation", "supply"), rel=1e-9)
    assert billed("water") == pytest.approx(moved("water_works", "supply") - stored, rel=1e-9)
    used = moved("reclaim", "product") + moved("process_main", "supply")
    assert billed("process_water_fees") == pytest.approx(-used, rel=1e-9)
    assert billed("process_water") == pytest.approx(0.0, abs=1e-6)
    money = {
        name: KPIS[name].total(full_week, park, case.context) for name in ("money_park_vnd", "treatment_chemicals_sludge_vnd")
    }
    assert sum(item.amount_vnd for item in items) == pytest.approx(money["money_park_vnd"], rel=1e-9)
    treatment = sum(item.amount_vnd for item in items if item.item in ("chemicals", "sludge"))
    assert treatment == pytest.approx(money["treatment_chemicals_sludge_vnd"])
    assert treatment > 1e7


@pytest.mark.slow
def test_the_default_park_has_no_loads():
    assert simulate(load_scenario(["context.hours=6"])).loads is None
