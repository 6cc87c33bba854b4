"""A park without storage and failures, worked out by plain arrays, against the kernel: every account and every step."""

import numpy as np
import pytest

from eipsim.components import (
    EqualisationTank,
    Factory,
    Feeder,
    FuelSupply,
    Line,
    River,
    SolarArray,
    Substation,
    WastewaterPlant,
    WaterWorks,
)
from eipsim.context import Context
from eipsim.end_uses import CompressedAir, Cooling, Lighting, Motors, PlugLoad, ProcessHeat, WaterUse
from eipsim.park import Park, site_parents
from eipsim.scenario import Scenario, simulate
from eipsim.timebase import WorkCalendar

STEP_H, DAYS = 0.5, 21
CONTEXT = Context.at(hours=24.0 * DAYS)
"""Three weeks from Saturday, 1 January 2022, with the tariff, weather and rules of that day."""

CLOCK_H = np.arange(0.0, 24.0 * DAYS, STEP_H)
HOUR, DAY = CLOCK_H % 24, (CLOCK_H // 24).astype(int)
WEEKDAY = (DAY + 5) % 7
TWO_SHIFTS = ((HOUR >= 6) & (HOUR < 22) & (WEEKDAY < 6)).astype(float)
NIGHTS = (((HOUR >= 20) & (WEEKDAY < 5)) | ((HOUR < 4.5) & ((WEEKDAY - 1) % 7 < 5))).astype(float)
ALWAYS = np.ones_like(CLOCK_H)
BOILER = ProcessHeat(carrier="lpg", useful_kw=300, surface_m2=30, standby_frac=0.15)


def park() -> Park:
    """Three factories that follow their calendars, one with a large roof, and all that they share, out of nobody's way."""
    line = Line(units_per_h=12.0)
    components = {
        "weaver": Factory(
            place="site_1",
            calendar="two_shifts",
            lines=(line, Line(units_per_h=5.0)),
            assessed=True,
            end_uses={
                "lights": Lighting(installed_kw=80, emergency_frac=0.1, standby_frac=0.2, daylit=True, cooled_frac=0.5),
                "looms": Motors(shaft_kw=176, efficiency_frac=0.88, standby_frac=0.1),
                "chiller": Cooling(envelope_kw_th=200, process_kw_th=60, cop=4.0, standby_frac=0.25),
                "boiler": BOILER,
                "water": WaterUse(process_m3_per_h=7, rinse_m3_per_h=2, sanitary_m3_per_h=1.5, leak_m3_per_h=0.2),
            },
        ),
        "moulder": Factory(
            place="site_2",
            calendar="nights",
            lines=(line,),
            end_uses={
                "presses": PlugLoad(nameplate_kw=400, standby_frac=0.05),
                "air": CompressedAir(demand_m3_per_min=10, leak_m3_per_min=2, capacity_m3_per_min=15, follow_frac=1.0),
                "water": WaterUse(process_m3_per_h=1, reuse_frac=0.5, loop_kwh_per_m3=2.0, return_frac=0.9),
            },
        ),
        "cold_store": Factory(
            place="site_3",
            calendar="continuous",
            lines=(line,),
            end_uses={"fans": Motors(shaft_kw=44, efficiency_frac=0.88, standby_frac=0.0)},
        ),
        "roof": SolarArray(place="site_1", peak_kw=700.0, soiling_frac=0.03, mtbf_h=np.inf),
        "substation": Substation(place="busbar", interruptions_per_yr=0.0),
        "feeder": Feeder(place="feeder", to="busbar", interruptions_per_yr=0.0),
        "works": WaterWorks(power_place="busbar", capacity_m3_per_h=500.0, pumping_kwh_per_m3=0.23, interruptions_per_yr=0.0),
        "tank": EqualisationTank(capacity_m3=1.0, bands=((0.0, 500.0),), start_frac=0.0, plant="plant"),
        "plant": WastewaterPlant(
            power_place="busbar", train_m3_per_h=300.0, treatment_kwh_per_m3=0.7, fixed_kw=40, mtbf_h=np.inf
        ),
        "river": River(place="plant"),
        "lpg": FuelSupply(carrier="lpg"),
    }
    calendars = {
        "two_shifts": WorkCalendar(shifts=((6, 14), (14, 22))),
        "nights": WorkCalendar(shifts=((20, 28.5),), days_per_week=5),
        "continuous": WorkCalendar(shifts=((0, 24),), days_per_week=7),
    }
    parents = site_parents("site_1", "feeder") | site_parents("site_2", "feeder") | site_parents("site_3", "feeder")
    whole = Park("aligned", components, calendars, parents)
    return whole.add_solar("weaver", 100.0, azimuth_deg=90.0).replace("solar_weaver", mtbf_h=np.inf)


def by_arrays() -> dict[str, np.ndarray]:
    """Return the rate of each port in each step, by the formulas of the end uses and nothing of the kernel."""
    dark, heat = CONTEXT.profile("daylight"), CONTEXT.profile("cooling_degree")
    south, east = CONTEXT.profile("solar:10:180"), CONTEXT.profile("solar:10:90")
    on, night = TWO_SHIFTS, NIGHTS
    general = (80 * 0.9) * (0.2 + 0.8 * on) * dark
    useful_gj_per_h, loss_gj_per_h = (flow.rest + flow.run for flow in BOILER.flows({}))
    rate = {
        "weaver.lights_emergency": 8.0 * ALWAYS,
        "weaver.lights_electricity": general,
        "weaver.looms_electricity": 200 * (0.1 + 0.9 * on),
        "weaver.chiller_envelope": 50 * (0.25 + 0.75 * on) * heat,
        "weaver.chiller_process": 15 * on,
        "weaver.chiller_gain_lights_emergency": 0.5 / 4 * 8.0 * ALWAYS,
        "weaver.chiller_gain_lights_electricity": 0.5 / 4 * general,
        "weaver.boiler_useful": useful_gj_per_h * on,
        "weaver.boiler_loss": loss_gj_per_h * (0.15 + 0.85 * on),
        "weaver.water_process": 9 * on,
        "weaver.water_sanitary": 1.5 * on,
        "weaver.water_leak": 0.2 * ALWAYS,
        "weaver.water_process_waste": 9 * 0.8 * on,
        "weaver.water_sanitary_waste": 1.5 * 0.9 * on,
        "weaver.open": on,
        "weaver.run_0": on,
        "weaver.run_1": on,
        "weaver.output_0": 12 * on,
        "weaver.output_1": 5 * on,
        "moulder.presses_electricity": 400 * (0.05 + 0.95 * night),
        "moulder.air_standing": 6.8 * 2 * (0.3 + 0.7 * night),
        "moulder.air_demand": 6.8 * 10 * night,
        "moulder.water_process": (1 - 0.45) * night,
        "moulder.water_process_waste": 0.9 * 0.5 * night,
        "moulder.water_loop": 2 * 0.45 * night,
        "moulder.open": night,
        "moulder.run_0": night,
        "moulder.output_0": 12 * night,
        "cold_store.fans_electricity": 50 * ALWAYS,
        "cold_store.open": ALWAYS,
        "cold_store.run_0": ALWAYS,
        "cold_store.output_0": 12 * ALWAYS,
        "roof.available": 700 * 0.97 * south,
        "solar_weaver.available": 100 * 0.97 * east,
    }
    site = sum(rate[name] for name in rate if name.startswith(("weaver.lights", "weaver.looms", "weaver.chiller")))
    sun = rate["roof.available"] + rate["solar_weaver.available"]
    used = np.minimum(site, sun)
    share = np.divide(used, sun, out=np.zeros_like(sun), where=sun > 0)
    neighbours = sum(
        rate[name]
        for name in (
            "moulder.presses_electricity",
            "moulder.air_standing",
            "moulder.air_demand",
            "moulder.water_loop",
            "cold_store.fans_electricity",
        )
    )
    water = sum(rate[f"weaver.water_{name}"] for name in ("process", "sanitary", "leak")) + rate["moulder.water_process"]
    waste = rate["weaver.water_process_waste"] + rate["weaver.water_sanitary_waste"] + rate["moulder.water_process_waste"]
    plant_kw = 0.7 * waste + 40
    return rate | {
        "roof.power": share * rate["roof.available"],
        "solar_weaver.power": share * rate["solar_weaver.available"],
        "meter_weaver.import_": site - used,
        "meter_weaver.draw": site - used,
        "meter_weaver.export": 0 * ALWAYS,
        "meter_weaver.feed": 0 * ALWAYS,
        "feeder.supply": site - used + neighbours,
        "feeder.draw": site - used + neighbours,
        "feeder.surplus": 0 * ALWAYS,
        "feeder.feed": 0 * ALWAYS,
        "lpg.supply": rate["weaver.boiler_useful"] + rate["weaver.boiler_loss"],
        "works.supply": water,
        "works.power": 0.23 * water,
        "tank.fill": waste,
        "tank.draw": waste,
        "plant.inflow": waste,
        "plant.effluent": waste,
        "plant.power": plant_kw,
        "river.effluent": waste,
        "river.spill": 0 * ALWAYS,
        "river.bypass": 0 * ALWAYS,
        "substation.supply": site - used + neighbours + 0.23 * water + plant_kw,
        "substation.export": 0 * ALWAYS,
    }


@pytest.fixture(scope="module")
def run():
    return simulate(Scenario("aligned", park(), CONTEXT), record=("*.*",))


@pytest.fixture(scope="module")
def arrays():
    return by_arrays()


def test_every_port_of_the_park_is_worked_out_twice(run, arrays):
    assert {f"{column.component}.{column.port}" for column in run.columns} == set(arrays) == set(run.series)


def test_something_happens_in_every_direction(arrays):
    sun = arrays["roof.available"] + arrays["solar_weaver.available"]
    used = arrays["roof.power"] + arrays["solar_weaver.power"]

    assert (sun - used).sum() > 0.01 * sun.sum()
    assert used.sum() > 0.5 * sun.sum()
    assert arrays["meter_weaver.import_"].min() == 0


def test_the_kernel_equals_plain_arrays_in_every_step(run, arrays):
    for name, rate in arrays.items():
        np.testing.assert_allclose(run.series[name], rate, rtol=1e-9, atol=1e-9, err_msg=name)


def test_the_kernel_equals_plain_arrays_in_every_account(run, arrays):
    grid = CONTEXT.accounts()
    row = grid.account[np.searchsorted(grid.edges_h, CLOCK_H, side="right") - 1]

    assert run.accounts == grid.accounts
    assert {account.band for account in run.accounts} == {"peak", "normal", "offpeak"}
    for column, amounts in zip(run.columns, run.amounts.T, strict=True):
        name = f"{column.component}.{column.port}"
        by_account = np.bincount(row, STEP_H * arrays[name], minlength=len(grid.accounts))
        np.testing.assert_allclose(amounts, by_account, rtol=1e-9, atol=1e-9, err_msg=name)


def test_only_the_activity_of_lines_and_hours_is_variable(run, arrays):
    looms = run.find(component="weaver", port="looms_electricity")

    assert run.variable[:, looms].sum() == pytest.approx(200 * 0.9 * TWO_SHIFTS.sum() * STEP_H, rel=1e-9)
