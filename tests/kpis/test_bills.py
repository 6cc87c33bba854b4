"""Bills by hand: what solar power, peaks, a low power factor and strong wastewater cost, and who pays whom."""

from dataclasses import replace
from datetime import date

import pytest
from hand_made import counted, drawn, given, run_of
from small_park import factory, small_park

from eipsim.components import ProcessWaterMain, ReclaimedWater, WaterReservoir
from eipsim.context import Context
from eipsim.end_uses import WaterUse
from eipsim.errors import ConfigError
from eipsim.kpis import all_bills
from eipsim.kpis.base import KPIS
from eipsim.kpis.cost import bill, operator_bill
from eipsim.kpis.use import Books, Sun, Use
from eipsim.park import Park

NOTHING = Use({"normal": 0.0}, 0.0, {}, 0.0, 0.0, 0.0)


def solar_items(sun: Sun, on: date) -> dict[str, tuple[float, float]]:
    """Quantity and money of what a factory of 22 to 110 kV has of its sun."""
    items = bill(NOTHING._replace(sun=sun), factory("site"), Context.at(on, hours=1440.0))
    return {item.item: (item.quantity, item.amount_vnd) for item in items if item.item.startswith(("export", "solar"))}


def test_a_cap_on_the_output_of_a_month_is_settled_month_by_month() -> None:
    """June: 1,000 made, 100 sold of 200 that may be. July: 500 made, 150 given of which 100 are paid. 1,426.6 VND/kWh."""
    sun = Sun({0: 400.0, 29: 600.0, 30: 500.0}, {0: 100.0, 30: 150.0}, 1250.0, 1.0, ())

    items = solar_items(sun, date(2025, 6, 1))

    assert items["export"] == pytest.approx((-200.0, -200.0 * 1426.6))
    assert items["export_unpaid"] == pytest.approx((-50.0, 0.0))


def test_half_of_the_output_is_paid_under_the_decree_of_2026() -> None:
    sun = Sun({0: 100.0}, {0: 80.0}, 20.0, 1.0, ())

    assert solar_items(sun, date(2026, 7, 1)) == {"export": (-50.0, -50.0 * 1012.0), "export_unpaid": (-30.0, 0.0)}


def test_every_kilowatt_hour_is_paid_by_the_feed_in_tariff() -> None:
    sun = Sun({0: 100.0}, {0: 100.0}, 0.0, 1.0, ())

    assert solar_items(sun, date(2020, 6, 1)) == {"export": (-100.0, -100.0 * 1943.0)}


def test_a_third_party_sells_below_the_tariff_and_keeps_what_the_export_earns() -> None:
    sun = Sun({0: 100.0}, {0: 40.0}, 60.0, 0.0, ((0.1, {"normal": 20.0, "peak": 40.0}),))

    items = solar_items(sun, date(2020, 6, 1))

    assert items["export"] == (0.0, 0.0)
    assert items["solar_leased"] == pytest.approx((60.0, 0.9 * (20 * 1555 + 40 * 2871)))


def park():
    return small_park().add_solar("denim", 60.0).add_solar("denim", 20.0, azimuth_deg=90.0)


RUN = run_of(
    [
        given("solar_denim", "power", "electricity", 60, 0, 30),
        given("solar_denim_10_90", "power", "electricity", 20, 0, 10),
        counted("solar_denim", "available", "available", 80, 0, 30),
        given("meter_denim", "import_", "electricity", 10, 50, 35),
        drawn("meter_denim", "export", "electricity", 20, 0, 0),
    ]
)


def test_what_arrays_of_a_site_made_is_read_from_their_ports_and_its_meter() -> None:
    third = park().replace("solar_denim_10_90", owner="third_party", discount_frac=0.2)

    sun = Books(RUN, third).use("denim").sun

    assert sun.made_by_day_kwh == {0: 80.0, 1: 40.0}
    assert sun.export_by_day_kwh == {0: 20.0, 1: 0.0}
    assert sun.self_consumed_kwh == 100.0
    assert sun.own_frac == 0.75
    # of 120 kWh in peak hours 20 are exported: 30 of the third party's, less its sixth of the export
    assert sun.leased_kwh == ((0.2, {"offpeak": 0.0, "peak": pytest.approx(25.0)}),)


def test_a_site_without_arrays_has_no_sun() -> None:
    assert Books(RUN, park()).use("candles").sun is None


def test_solar_power_that_stays_on_its_site_is_a_kpi() -> None:
    context = Context.at(date(2022, 3, 7), hours=48.0)

    assert KPIS["solar_self_consumed_kwh"].total(RUN, park(), context) == 100.0
    assert KPIS["solar_self_consumed_kwh"].total(RUN, small_park(), context) == 0.0


def test_the_power_of_ones_own_roof_is_on_no_bill() -> None:
    items = bill(replace_sun(0.0), factory("site"), Context.at(date(2022, 3, 7)))

    assert sum(item.amount_vnd for item in items) == 0.0


def replace_sun(exported: float) -> Use:
    return NOTHING._replace(sun=Sun({0: 100.0}, {0: exported}, 100.0 - exported, 1.0, ()))


def test_a_regime_changed_by_hand_changes_what_is_paid() -> None:
    context = Context.at(date(2022, 3, 7))
    generous = replace(context.solar_regime, sale_cap_frac=0.3, sale_cap_of="monthly_output", price_vnd_per_kwh=1000.0)

    items = bill(replace_sun(50.0), factory("site"), replace(context, solar_regime=generous))

    assert sum(item.amount_vnd for item in items) == pytest.approx(-30_000.0)


def pilot(hours: float = 744.0) -> Context:
    return Context.at(date(2026, 7, 1), hours=hours, two_part_tariff=True)


def test_power_is_paid_by_the_peak_of_each_month_and_a_part_of_a_month_in_proportion() -> None:
    """July with a peak of 300 kW, and 10 of the 31 days of August with 400 kW, at 22 to 110 kV."""
    peaks = dict.fromkeys(range(31), 200.0) | {5: 300.0} | dict.fromkeys(range(31, 41), 100.0) | {40: 400.0}
    use = NOTHING._replace(electricity_kwh={"normal": 1000.0}, peak_by_day_kw=peaks)

    items = {item.item: item for item in bill(use, factory("site"), pilot(984.0))}

    assert items["capacity"].quantity == pytest.approx(300.0 + 400.0 * 10 / 31)
    assert items["capacity"].amount_vnd == pytest.approx((300.0 + 400.0 * 10 / 31) * 235_414)
    assert items["electricity_normal"].amount_vnd == 1000.0 * 1275


def test_what_a_line_causes_has_no_share_in_the_peak() -> None:
    items = {item.item: item for item in bill(NOTHING, factory("site"), pilot())}

    assert items["capacity"].amount_vnd == 0.0


def test_a_peak_that_was_not_recorded_can_not_be_billed() -> None:
    with pytest.raises(ConfigError, match="power is paid for, and its series was not recorded: record billed_ports"):
        bill(NOTHING._replace(peak_by_day_kw=None), factory("site"), pilot())


@pytest.mark.parametrize(("power_factor", "surcharge"), [(1.0, None), (0.9, None), (0.8, 0.125), (0.6, 0.5)])
def test_a_low_power_factor_costs_a_share_of_the_active_energy(power_factor: float, surcharge: float | None) -> None:
    use = NOTHING._replace(electricity_kwh={"normal": 1000.0})
    one = replace(factory("site"), power_factor_frac=power_factor)

    items = {item.item: item for item in bill(use, one, Context.at(date(2022, 3, 7)))}

    if surcharge is None:
        assert "power_factor" not in items
    else:
        assert items["power_factor"].quantity == pytest.approx(surcharge)
        assert items["power_factor"].amount_vnd == pytest.approx(surcharge * 1_555_000)


def test_cod_beyond_the_inlet_limit_has_its_surcharge() -> None:
    """100 m3 with 40 kg: the fee covers 15 kg."""
    use = NOTHING._replace(wastewater_m3=100.0, cod_kg=40.0)

    items = {item.item: item for item in bill(use, factory("site"), Context.at(date(2022, 3, 7)))}

    assert items["wastewater"].amount_vnd == 850_000.0
    assert items["cod_surcharge"][1:] == (pytest.approx(25.0), "kg", pytest.approx(250_000.0))


def test_cod_is_what_the_wastewater_of_end_uses_brings() -> None:
    load = (0.5, 1.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0)  # 2 kg of COD per hour in 6 m3/h less what evaporates
    washing = WaterUse(process_m3_per_h=6.0, return_frac=1.0, process_load_kg_per_h=load)
    loaded = small_park().replace("candles", end_uses={"water": washing})
    run = run_of([given("candles", "water_process_waste", "wastewater", 6, 0, 12)])

    assert Books(run, loaded).use("candles").cod_kg == pytest.approx(6.0)
    assert Books(run, small_park()).use("candles").cod_kg == 0.0


OPERATED = run_of(
    [
        drawn("candles", "lights", "electricity", 10, 20, 30),
        given("candles", "waste", "wastewater", 6, 0, 1),
        drawn("neighbour", "lights", "electricity", 1000, 0, 0),
        given("neighbour", "waste", "wastewater", 90, 0, 0),
        drawn("plant", "power", "electricity", 40, 40, 40),
        drawn("water_works", "power", "electricity", 20, 0, 1),
        counted("plant", "chemicals", "materials", 500, 0, 500),
    ]
)


def test_the_operator_pays_for_plant_and_pumps_and_earns_the_fees_of_all() -> None:
    context = Context.at(date(2022, 3, 7), hours=48.0)

    items = {item.item: item[1:] for item in operator_bill(OPERATED, small_park(), context)}

    assert items == {
        "electricity_offpeak": (40.0, "kWh", 40 * 1007.0),
        "electricity_peak": (101.0, "kWh", 101 * 2871.0),
        "materials": (1000.0, "VND", 1000.0),
        "wastewater_fees": (-97.0, "m3", -97 * 8500.0),
    }
    net = KPIS["operator_net_vnd"].total(OPERATED, small_park(), context)
    assert net == pytest.approx(40 * 1007 + 101 * 2871 + 1000 - 97 * 8500)


RECLAIMING = run_of(
    [
        given("candles", "waste", "wastewater", 3, 0, 0),
        drawn("candles", "water_reclaimed", "process_water", 4, 0, 6),
        drawn("neighbour", "water_reclaimed", "process_water", 10, 0, 0),
        drawn("main", "city", "water", 5, 0, 0),
        drawn("reclaim", "power", "electricity", 3, 7, 0),
        drawn("reservoir", "power", "electricity", 0, 1, 0),
    ],
    series={"reclaim.power": [2.0, 6.0] + [4.0] * 94, "reservoir.power": [3.0] + [0.0] * 95}
    | {f"{name}.power": [0.0] * 96 for name in ("plant", "water_works")},
)


def reclaiming() -> Park:
    stage = ReclaimedWater(feed_m3_per_h=10.0, capacity_m3=50.0, pump_m3_per_h=10.0)
    reservoir = WaterReservoir(capacity_m3=50.0, fill_m3_per_h=5.0, draw_m3_per_h=5.0, pumping_kwh_per_m3=0.2)
    return small_park().add("reclaim", stage).add("main", ProcessWaterMain()).add("reservoir", reservoir)


def test_process_water_costs_as_much_as_city_water_and_is_the_operators() -> None:
    context = Context.at(date(2022, 3, 7), hours=48.0)

    told = all_bills(RECLAIMING, reclaiming(), context)

    mine, operator = ({item.item: item[1:] for item in told[name]} for name in ("candles", "operator"))
    assert mine["process_water"] == (10.0, "m3", 130_000.0)
    assert mine["water"][0] == 0.0
    assert operator["process_water_fees"] == (-20.0, "m3", -260_000.0)
    assert operator["water"] == (5.0, "m3", 65_000.0)
    assert "process_water" not in {item.item for item in told["denim"]}


def test_the_operator_pays_for_the_power_of_reclaiming_and_of_reservoirs() -> None:
    context = Context.at(date(2022, 3, 7), hours=48.0)

    items = {item.item: item[1:] for item in operator_bill(RECLAIMING, reclaiming(), context)}

    assert items["electricity_offpeak"] == (8.0, "kWh", 8 * 1007.0)
    assert items["electricity_peak"] == (3.0, "kWh", 3 * 2871.0)
    assert KPIS["pumping_kwh"].total(RECLAIMING, reclaiming(), context) == 1.0


def test_money_that_leaves_a_reclaiming_park_is_all_bills() -> None:
    context = Context.at(date(2022, 3, 7), hours=48.0)

    paid = [item.amount_vnd for items in all_bills(RECLAIMING, reclaiming(), context).values() for item in items]

    assert KPIS["money_park_vnd"].total(RECLAIMING, reclaiming(), context) == pytest.approx(sum(paid))
    assert sum(paid) == pytest.approx(8 * 1007 + 3 * 2871 + 5 * 13_000)


def test_the_operator_pays_for_the_power_of_each_of_its_connections() -> None:
    """Two days of July: half hours of 6 and 3 kW, though never together."""
    items = {item.item: item[1:] for item in operator_bill(RECLAIMING, reclaiming(), pilot(48.0))}

    assert items["capacity"] == (pytest.approx(9 * 2 / 31), "kW·month", pytest.approx(9 * 2 / 31 * 235_414))
    with pytest.raises(ConfigError, match="power is paid for, and its series was not recorded: record billed_ports"):
        operator_bill(OPERATED, small_park(), pilot(48.0))


def test_what_one_pays_another_earns_so_that_fees_cancel_out() -> None:
    context = Context.at(date(2022, 3, 7), hours=48.0)

    told = all_bills(OPERATED, small_park(), context)
    paid = sum(item.amount_vnd for items in told.values() for item in items)

    assert list(told) == ["candles", "denim", "other_tenants", "operator"]
    park_money = KPIS["money_park_vnd"].total(OPERATED, small_park(), context)
    assert paid == pytest.approx(park_money + 1000.0)  # the plant's chemicals, which no electricity bill holds
    others = KPIS["money_others_vnd"].total(OPERATED, small_park(), context)
    assert others == pytest.approx(sum(item.amount_vnd for item in told["other_tenants"]))
