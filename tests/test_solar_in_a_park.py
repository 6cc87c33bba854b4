"""Solar arrays of a scenario: who can sell what under which law, and what rain does to them."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from small_park import scenario, small_park

from eipsim.context import Context
from eipsim.errors import ParkError
from eipsim.scenario import prepare, simulate


def exporting(on: dt.date) -> float:
    """Share of 2,000 kWp that the site of a factory exports in a sunny week."""
    park = small_park().add_solar("denim", 2000.0)
    context = Context.at(on, hours=168.0)
    run = simulate(replace(scenario("x", (), park), context=context), record=("meter_denim.export",))
    return float(run.series["meter_denim.export"].max()) / 2000.0


def test_without_a_sale_nothing_is_exported() -> None:
    assert exporting(dt.date(2023, 3, 6)) == 0.0


def test_a_cap_on_power_holds_at_every_instant() -> None:
    assert exporting(dt.date(2024, 11, 4)) == pytest.approx(0.2)


def test_a_cap_on_the_output_of_a_month_leaves_the_port_open() -> None:
    assert exporting(dt.date(2025, 4, 7)) > 0.5


def test_rain_of_a_replication_washes_the_arrays_of_all_scenarios() -> None:
    park = small_park().add_solar("denim", 100.0).replace("solar_denim", soiling_frac_per_d=0.002, mtbf_h=np.inf)
    context = Context.at(dt.date(2022, 9, 1), hours=720.0)
    case = replace(scenario("x", (), park), context=context)

    first, again = (simulate(case, replication=1, seed=3) for _ in range(2))
    other = simulate(case, replication=2, seed=3)

    rain_mm = context.drawn(3, 1).profile("rain_mm_per_h").reshape(30, 48).sum(axis=1) * 0.5
    washes = [event.hour / 24 - 1 for event in first.events if event.what == "washed"]
    heavy = np.flatnonzero(rain_mm >= 6.0).tolist()
    assert washes == [day for day in heavy if day - 1 not in heavy]  # a clean array is not washed
    assert first.events == again.events
    assert [e.hour for e in other.events] != [e.hour for e in first.events]


def test_arrays_without_growing_dirt_need_no_rain() -> None:
    prepared = prepare(scenario("x", (), small_park().add_solar("denim", 100.0)))

    assert "weather:rain" not in prepared.components_of(0, 1)


def test_cleaners_that_are_no_crew_are_a_problem() -> None:
    park = small_park().add_solar("denim", 100.0).replace("solar_denim", cleaning_crew="denim")

    with pytest.raises(ParkError, match=r"solar_denim\.cleaning_crew = 'denim' is no Crew of this park"):
        park.check()


def outage_of(islanding: bool) -> tuple[float, float]:
    """Hours without the feeder, and what a roof gave under outages by the dozen."""
    park = small_park().replace("feeder", interruptions_per_yr=400.0)
    park = park.add_solar("denim", 100.0, islanding=islanding).replace("solar_denim", mtbf_h=np.inf)
    run = simulate(scenario("x", (), park), seed=4)
    return (
        sum(event.value for event in run.events if event.component == "feeder" and event.what == "out"),
        run.amount(component="solar_denim", port="available"),
    )


def test_a_roof_that_a_measure_added_knows_its_feeder_and_can_be_told_to_stop_with_it() -> None:
    (out_h, islanded_kwh), (same_h, stopped_kwh) = outage_of(True), outage_of(False)

    assert out_h == same_h
    assert out_h > 5.0
    assert stopped_kwh < islanded_kwh


def test_a_feeder_that_is_not_there_is_a_problem() -> None:
    park = small_park().add_solar("denim", 100.0).replace("solar_denim", feeder="fedder")

    with pytest.raises(ParkError, match=r"solar_denim\.feeder = 'fedder' is no Feeder or Substation of this park"):
        park.check()


def test_nothing_is_exported_while_the_substation_is_out() -> None:
    often = {"interruptions_per_yr": 400.0, "interruption_h_median": 6.0}
    park = small_park().add_solar("denim", 2000.0).replace("substation", **often)
    case = replace(scenario("x", (), park), context=Context.at(dt.date(2024, 11, 4), hours=168.0))

    run = simulate(case, record=("meter_denim.export",))

    step_h = np.arange(336) * 0.5
    dead = [(e.hour, e.hour + e.value) for e in run.events if e.component == "substation" and e.what == "out"]
    inside = np.array([any(start <= hour and hour + 0.5 <= end for start, end in dead) for hour in step_h])
    export_kw = run.series["meter_denim.export"]
    assert inside.sum() > 40
    assert export_kw[inside].max() == 0.0
    assert export_kw[~inside].max() > 300.0
    assert run.residual < 1e-9
