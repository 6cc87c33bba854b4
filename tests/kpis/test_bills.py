"""Bills by hand: what solar power earns and costs under each law."""

from dataclasses import replace
from datetime import date

import pytest
from hand_made import counted, drawn, given, run_of
from small_park import factory, small_park

from eipsim.context import Context
from eipsim.kpis.base import KPIS
from eipsim.kpis.cost import bill
from eipsim.kpis.use import Books, Sun, Use

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
