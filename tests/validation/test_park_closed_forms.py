"""Closed forms of the engine, met by the park's own components at exact times."""

import math

import numpy as np
import pytest
from benches import Unlimited, batch_line, bench, workshop
from toys import Shifty, User, simulate

from eipsim.components import Crew, EqualisationTank, River, SolarArray, StormBasin, WastewaterPlant

NO_SIGMA = {"batch_sigma": 0.0, "set_up_sigma": 0.0}


def sewage(**parts):
    rest = {"river": River(place="plant"), "grid": Unlimited("electricity", "utilities")}
    return {**rest, **parts}


def interval(values):
    """Return mean and half-width of a 99 % interval (or wider) for the mean of 8 or more independent values."""
    return np.mean(values), 3.5 * np.std(values, ddof=1) / math.sqrt(len(values))


def test_a_rate_limited_tank_spills_120_and_the_plant_treats_1738_m3():
    # 3 m3/h at all hours and 7 more from 6 to 22 h, over 246 h; the pump takes 8, the tank holds 20 m3
    tank = EqualisationTank(plant="plant", capacity_m3=20.0, bands=((0.0, 8.0),), start_frac=0.0, dead_band_frac=0.0)
    plant = WastewaterPlant(trains=1, train_m3_per_h=8.0, mtbf_h=math.inf)
    people = {"night": User({}, {"wastewater": 3.0}, place="sewer"), "day": Shifty("wastewater", 7.0, place="sewer")}

    run = simulate(sewage(tank=tank, plant=plant, **people), 246.0)

    assert run.amount(component="river", port="spill") == pytest.approx(120.0, abs=1e-9)
    assert run.amount(component="plant", port="inflow") == pytest.approx(1738.0, abs=1e-9)


def test_the_fluid_tank_rises_to_160_and_holds_80_m3_in_the_mean():
    tank = EqualisationTank(capacity_m3=400.0, bands=((0.0, 10.0),), start_frac=0.0, dead_band_frac=0.0)
    plant = WastewaterPlant(trains=1, train_m3_per_h=10.0, mtbf_h=math.inf)
    people = {"shift": Shifty("wastewater", 30.0, 0.0, 8.0, place="sewer")}

    run = simulate(sewage(tank=tank, plant=plant, **people), 24.0 * 20)

    hours, level = run.levels["tank"]
    assert level.max() == pytest.approx(160.0, abs=1e-9)
    assert level.min() == pytest.approx(0.0, abs=1e-9)
    assert np.trapezoid(level, hours) / (24.0 * 20) == pytest.approx(80.0, abs=1e-6)


def test_a_storm_basin_makes_the_tank_larger_by_its_volume():
    # the spilling tank above, split into 12 in line and 8 m3 beside; the tank's second band sends water back
    bands = ((0.0, 8.0), (0.5, 8.0 + 1e-9))
    tank = EqualisationTank(plant="plant", capacity_m3=12.0, bands=bands, start_frac=0.0, dead_band_frac=0.0)
    basin = StormBasin(tank="tank", capacity_m3=8.0, pump_m3_per_h=100.0)
    plant = WastewaterPlant(trains=1, train_m3_per_h=8.1, mtbf_h=math.inf)
    people = {"night": User({}, {"wastewater": 3.0}, place="sewer"), "day": Shifty("wastewater", 7.0, place="sewer")}

    run = simulate(sewage(tank=tank, plant=plant, storm_basin=basin, **people), 246.0)

    assert run.amount(component="river", port="spill") == pytest.approx(120.0, abs=1e-5)


@pytest.mark.parametrize("batch_h", [None, 1e9])
def test_a_line_is_available_mtbf_over_mtbf_plus_mttr(batch_h):
    # lognormal repairs of mean 24 h; availability depends on the mean alone
    sigma = 0.6
    line = batch_line(
        batch_h_median=batch_h,
        mtbf_h=720.0,
        repair_h_median=24.0 * math.exp(-(sigma**2) / 2),
        repair_sigma=sigma,
        set_up_h_median=1e-6,
        **NO_SIGMA,
    )

    runs = [bench(workshop(lines=(line,) * 20), 30_000.0, replication=k) for k in range(3)]

    ran = [run.amount(component="it", port=f"run_{k}") / 30_000.0 for run in runs for k in range(20)]
    mean, half = interval(ran)
    assert abs(mean - 0.967741935483871) < half
    assert half < 0.004


def test_batches_and_set_ups_share_the_time_of_a_line_that_never_breaks():
    line = batch_line(batch_h_median=4.0, set_up_h_median=1.0, mtbf_h=math.inf, **NO_SIGMA)

    run = bench(workshop(lines=(line,)), 1000.0)

    assert run.amount(component="it", port="run_0") == pytest.approx(800.0)
    assert run.amount(component="it", port="machines_electricity") == pytest.approx(10 * 1000 + 90 * (800 + 0.25 * 200))


def redundancy(trains):
    """Shares of time with so many trains up: MTBF 720 h, lognormal repairs of mean 24 h, no crew to wait for."""
    sigma, hours = 0.6, 80_000.0
    plant = WastewaterPlant(
        trains=trains,
        train_m3_per_h=10.0,
        mtbf_h=720.0,
        repair_h_median=24.0 * math.exp(-(sigma**2) / 2),
        repair_sigma=sigma,
    )
    shares = []
    for k in range(8):
        run = bench(plant, hours, replication=k)
        at = np.array([0.0, *(event.hour for event in run.events), hours])
        up = np.array([trains, *(event.value for event in run.events)])
        shares.append([np.diff(at)[up == n].sum() / hours for n in range(trains + 1)])
    return np.array(shares)


@pytest.mark.slow
@pytest.mark.parametrize(("trains", "needed", "availability"), [(2, 1, 0.9989594172736732), (3, 2, 0.9969453861904602)])
def test_trains_in_parallel_are_as_available_as_theory_says(trains, needed, availability):
    mean, half = interval(redundancy(trains)[:, needed:].sum(axis=1))

    assert abs(mean - availability) < half
    assert half < 0.0015


def test_inverters_give_the_mean_of_a_two_state_machine():
    # mean P A: 100 kW, up 100 of 150 h
    array = SolarArray(
        place="site", peak_kw=100.0, inverter_kw=20.0, soiling_frac=0.0, mtbf_h=100.0, repair_h_median=50.0, repair_sigma=0.0
    )
    sun = {"solar:10:180": np.ones(20_000)}

    runs = [bench(array, 10_000.0, profiles=sun, replication=k) for k in range(8)]

    mean, half = interval([run.amount(component="it", port="available") / 10_000.0 for run in runs])
    assert abs(mean - 100 * 2 / 3) < half
    assert half < 4


def test_lines_that_share_a_crew_wait_more_the_fewer_its_people():
    # five lines, no sigma: with a person for each nobody waits; with one, waiting is below the M/M machine repair's 0.2035
    line = batch_line(batch_h_median=None, mtbf_h=100.0, repair_h_median=10.0, repair_sigma=0.0)

    def waiting(size):
        runs = [bench(workshop(lines=(line,) * 5, crew="other 0"), 20_000.0, Crew(size=size), replication=k) for k in range(2)]
        return np.mean([sum(run.amount(component="it", port=f"waiting_{k}") for k in range(5)) / 20_000.0 for run in runs])

    alone, five = waiting(1), waiting(5)

    assert five == 0
    # M/D/1//5 lies between half of and the whole of M/M/1//5's mean queue
    assert 0.2035 / 2 < alone < 0.2035
