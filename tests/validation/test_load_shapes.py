"""Load shapes of factories against ELMAS: hourly electricity of French industrial classes in 2018 (CC BY 4.0)."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from eipsim import load_scenario, simulate
from eipsim.kernel.ports import INLET
from eipsim.timebase import WorkCalendar

DATA = os.environ.get("EIPSIM_VALIDATION_DATA")


def load_factor(kw) -> float:
    return kw.mean() / kw.max()


def weekend_ratio(kw, weekday) -> float:
    return kw[weekday >= 5].mean() / kw[weekday < 5].mean()


@pytest.mark.skipif(DATA is None, reason="EIPSIM_VALIDATION_DATA names no folder with the ELMAS file")
@pytest.mark.parametrize(("column", "factor", "ratio"), [("manufacturing", 0.708, 0.661), ("food_industry", 0.759, 0.707)])
def test_the_reference_shapes_are_read_as_they_were_published(column, factor, ratio):
    table = pd.read_csv(Path(DATA) / "elmas_manufacturing_food_2018.csv", parse_dates=["time"])
    weekday = np.array([time.weekday() for time in table.time])

    assert load_factor(table[column].to_numpy()) == pytest.approx(factor, abs=0.0005)
    assert weekend_ratio(table[column].to_numpy(), weekday) == pytest.approx(ratio, abs=0.0005)


@pytest.fixture(scope="module")
def amata():
    return load_scenario()


def shape(scenario, name: str, **calendars: WorkCalendar) -> tuple[float, float]:
    """Return load factor and weekend ratio of a year of one factory, alone in its park."""
    park = scenario.park
    for other in park.factories():
        park = park if other == name else park.remove(other)
    park = replace(park, calendars={**park.calendars, **calendars})
    run = simulate(replace(scenario, park=park), record=(f"{name}.*",))
    ports = [c.port for c in run.columns if (c.component, c.carrier, c.direction) == (name, "electricity", INLET)]
    kw = sum(run.series[f"{name}.{port}"] for port in ports).reshape(-1, 2).mean(axis=1)
    day = np.arange(kw.size) // 24
    weekday = (day + scenario.context.horizon.weekday(0)) % 7
    return load_factor(kw), weekend_ratio(kw, weekday)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["food", "injection_moulding", "machining"])
def test_a_three_shift_factory_of_the_park_has_the_shape_of_manufacturing(amata, name):
    assert amata.park.factory(name).calendar == "three_shifts"

    factor, ratio = shape(amata, name)

    assert 0.60 <= factor <= 0.80
    assert 0.60 <= ratio <= 0.90


@pytest.mark.slow
def test_one_shift_of_eight_hours_on_five_days_fills_a_quarter_of_the_peak(amata):
    """The park's own one-shift firms work six days: their load factor is higher by that sixth."""
    office = WorkCalendar(shifts=((8, 16),), days_per_week=5, holidays=amata.park.calendars["one_shift"].holidays)

    factor, ratio = shape(amata, "paint", one_shift=office)
    longer, _ = shape(amata, "paint")

    assert amata.park.factory("paint").calendar == "one_shift"
    assert 0.20 <= factor <= 0.30
    assert ratio < 0.6
    assert factor < longer < 0.37
