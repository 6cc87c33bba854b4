"""What meters read month by month."""

from datetime import date

import pytest
from one_factory import Bands, example, park_of

from eipsim.components.factory import port_name
from eipsim.kpis.monthly import monthly_readings
from eipsim.measures import MEASURES
from eipsim.scenario import Scenario, simulate
from eipsim.timebase import Horizon


@pytest.fixture(scope="module")
def read():
    """Two days of January and one of February, with solar behind the meter."""
    park = example(MEASURES, "rooftop_solar", size=20.0).apply(park_of())
    context = Bands(Horizon(date(2022, 1, 30), 72.0))
    run = simulate(Scenario("days", park, context, ()), resolution_h=0.25)
    return run, monthly_readings(run, park, context)


def test_months_have_the_days_that_lie_in_the_horizon(read):
    assert read[1]["months"] == [[2022, 1, 2], [2022, 2, 1]]


def test_months_add_up_to_the_run(read):
    run, readings = read
    one = readings["factories"]["factory_1"]

    assert sum(one["meters"]["electricity"]) == pytest.approx(run.amount(component="meter_factory_1", port="import_"), rel=1e-7)
    assert sum(one["meters"]["lpg"]) == pytest.approx(run.amount(component="factory_1", carrier="lpg"), rel=1e-7)
    assert sum(one["line_h"]) == pytest.approx(run.amount(component="factory_1", port="output_0") / 10, rel=1e-7)


def test_a_meter_on_an_end_use_reads_its_flows(read):
    run, readings = read
    uses = readings["factories"]["factory_1"]["end_uses"]

    pumps = run.amount(component="factory_1", port=port_name("pumps", "electricity"))
    assert sum(uses["pumps"]["electricity"]) == pytest.approx(pumps, rel=1e-7)
    assert set(uses["water"]) == {"water"}
    assert "materials" not in uses
