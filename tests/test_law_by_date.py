"""One park under the law of 2019, 2023 and 2026."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from small_configs import write_small_configs
from small_park import scenario, small_park

from eipsim import composition, config
from eipsim.assembly import context as built
from eipsim.components import OnlineMonitor
from eipsim.context import Context
from eipsim.errors import ConfigError, Problems
from eipsim.kpis import all_bills, billed_ports, evaluate
from eipsim.scenario import Scenario, simulate

LAWS = {
    # tariff, hours, solar, grid factor of the newest year that was known
    "2019-04-01": ("648/QD-BCT", "Circular 16/2014", "FIT1", 0.8458),
    "2023-07-01": ("1062/QD-BCT", "Circular 16/2014", "no feed-in", 0.6592),
    "2023-12-01": ("2941/QD-BCT", "Circular 16/2014", "no feed-in", 0.6592),
    "2024-11-01": ("2699/QD-BCT", "Circular 16/2014", "Decree 135/2024", 0.6592),
    "2026-07-01": ("1279/QD-BCT", "Decision 963/2026", "Decree 243/2026", 0.6592),
}


@pytest.mark.parametrize("day", LAWS)
def test_the_date_of_the_context_is_enough_to_change_the_law(day: str) -> None:
    with Problems("context", ConfigError) as problems:
        place = {"latitude_deg": 10.95, "longitude_deg": 106.87}
        context = built({"name": "replay", "date": day, "hours": 24, **place}, "context", problems)

    tariff, hours, solar, grid = LAWS[day]
    assert context.horizon.start == date.fromisoformat(day)
    assert (context.tariff.decision, context.tariff.schedule.name) == (tariff, hours)
    assert context.solar_regime.name.startswith(solar)
    assert context.factors.grid_tco2_per_mwh == grid


def test_date_and_pilot_are_overrides_of_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configs = write_small_configs(tmp_path)
    monkeypatch.setattr(composition, "configs_folder", lambda: configs)

    context = config.load_plan(["context.date=2026-07-01", "context.hours=24", "context.two_part_tariff=true"]).context

    assert (context.date, context.tariff.decision) == (date(2026, 7, 1), "two-part pilot")


def days_of(day: str, **given: object) -> Scenario:
    """The same Monday to Wednesday, with 400 kWp on one roof."""
    context = Context.at(date.fromisoformat(day), hours=72.0, grid_factor_year=None, **given)
    return replace(scenario("x", (), small_park().add_solar("denim", 400.0)), context=context)


def test_the_same_days_cost_what_the_law_of_its_year_says() -> None:
    kpis = {}
    for day in ("2019-04-01", "2023-07-03", "2026-07-06"):
        case = days_of(day)
        kpis[day] = evaluate(simulate(case), case.build(), case.context).kpis

    drawn = [found["electricity_assessed_kwh"] for found in kpis.values()]
    paid = [found["money_assessed_vnd"] for found in kpis.values()]
    carbon = [found["co2_assessed_t"] for found in kpis.values()]
    assert drawn == pytest.approx([drawn[0]] * 3, rel=0.05)
    assert paid[2] > 1.05 * paid[0]
    assert carbon[0] > 1.1 * carbon[2]
    assert kpis["2023-07-03"]["exported_kwh"] == 0.0


def test_days_of_the_pilot_are_billed_by_recorded_peaks() -> None:
    case = days_of("2026-07-06", two_part_tariff=True)
    park = case.build()

    run = simulate(case, record=billed_ports(park, case.context))

    items = {item.item: item for item in all_bills(run, park, case.context)["denim"]}
    half_hours = run.series["meter_denim.import_"]
    assert items["capacity"].quantity == pytest.approx(half_hours.max() * 3 / 31)
    assert items["capacity"].amount_vnd == pytest.approx(half_hours.max() * 3 / 31 * 235_414)


def test_without_a_price_of_power_no_series_is_needed_for_bills() -> None:
    assert billed_ports(small_park(), Context.at(date(2026, 7, 6))) == ()


def test_the_days_of_one_year_can_be_billed_by_the_law_of_another():
    replayed = Context.at(date(2026, 7, 1), starts=date(2022, 3, 1), hours=744.0, grid_factor_year=None)

    assert replayed.horizon == Context.at(date(2022, 3, 1), hours=744.0).horizon
    assert replayed.tariff.decision == Context.at(date(2026, 7, 1)).tariff.decision == "1279/QD-BCT"
    assert replayed.profile("ambient_c").tolist() == Context.at(date(2022, 3, 1), hours=744.0).profile("ambient_c").tolist()


def test_a_monitor_watches_the_standard_of_the_context_s_date(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    head = "standard,effective_from,effective_to,existing_to,parameter,column_a_g_per_m3,column_b_g_per_m3,scaled\n"
    rows = "old,2011-01-01,2025-08-31,2031-12-31,cod,75,150,false\nnew,2025-09-01,,,cod,60,90,false\n"
    table.write_text(head + rows, encoding="utf-8")
    park = small_park(monitor=OnlineMonitor(watches="river.effluent", limits_table=table, existing=False))

    names = [
        Scenario("now", park, Context.at(date(year, 7, 1), hours=24)).build().component("monitor") for year in (2022, 2026)
    ]

    assert [monitor.standard_name() for monitor in names] == ["old", "new"]


def test_a_date_without_a_discharge_standard_names_the_monitor_and_what_is_missing() -> None:
    park = small_park(monitor=OnlineMonitor(watches="river.effluent", existing=False))

    with pytest.raises(
        ConfigError, match=r"monitor: date = 2026-07-01: no discharge standard of the table holds for a new plant"
    ):
        Scenario("now", park, Context.at(date(2026, 7, 1), hours=24)).build()
    assert park.replace("monitor", law_date=date(2022, 1, 1)).with_discharge_law(date(2026, 7, 1)).component(
        "monitor"
    ).law_date == date(2022, 1, 1)
