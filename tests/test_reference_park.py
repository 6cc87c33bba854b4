"""The reference park keeps to its tables, and lands where domain knowledge says it should."""

from collections import Counter

import pytest

from eipsim.components import Factory, Feeder, Substation, WastewaterPlant, WaterWorks
from eipsim.config import load_plan
from eipsim.kpis import evaluate
from eipsim.readers.tables import packaged, read_lines
from eipsim.scenario import Scenario, prepare

YEAR_D = 365


@pytest.fixture(scope="module")
def plan():
    return load_plan(["experiment=catalogue_calibration"])


@pytest.fixture(scope="module")
def reliability():
    cells = [line.cells for line in read_lines(packaged("reliability.csv"))]
    return {
        (row["what"], row["quantity"]): tuple(float(row[column]) for column in ("value", "low", "high") if row[column])
        for row in cells
    }


@pytest.mark.parametrize(
    ("kind", "what", "fields"),
    [
        (Feeder, "feeder", {"interruptions": "interruptions_per_yr", "interruption length, median": "interruption_h_median"}),
        (
            Substation,
            "substation",
            {"interruptions": "interruptions_per_yr", "interruption length, median": "interruption_h_median"},
        ),
        (
            WaterWorks,
            "water main",
            {"interruptions": "interruptions_per_yr", "interruption length, median": "interruption_h_median"},
        ),
        (
            WastewaterPlant,
            "plant blower or pump",
            {"mean time between failures": "mtbf_h", "time to repair": "repair_h_median"},
        ),
    ],
)
def test_utilities_fail_and_are_repaired_as_the_table_says(plan, reliability, kind, what, fields):
    utilities = [component for component in plan.park.components.values() if isinstance(component, kind)]

    assert utilities
    for utility in utilities:
        assert {q: getattr(utility, field) for q, field in fields.items()} == {q: reliability[what, q][0] for q in fields}


@pytest.mark.parametrize(
    ("quantity", "field"),
    [
        ("mean time between failures", "mtbf_h"),
        ("time to repair", "repair_h_median"),
        ("batch length", "batch_h_median"),
        ("set-up", "set_up_h_median"),
    ],
)
def test_lines_stay_within_the_ranges_of_the_table(plan, reliability, quantity, field):
    _, low, high = reliability["production line", quantity]

    values = [value for f in plan.park.factories().values() for line in f.lines if (value := getattr(line, field)) is not None]

    assert low <= min(values)
    assert max(values) <= (high if quantity != "batch length" else 1.4 * high)


def test_every_crew_has_as_many_factories_as_the_table_allows(plan, reliability):
    _, low, high = reliability["repair crew", "factories per crew"]
    crews = Counter(factory.crew for factory in plan.park.factories().values())

    per_person = {name: count / plan.park.components[name].size for name, count in crews.items()}

    assert low <= min(per_person.values()) <= max(per_person.values()) <= high


def test_feeders_share_the_load_of_the_park(plan):
    per_feeder = Counter(plan.park.connections(name)["electricity"] for name in plan.park.factories())

    assert len(per_feeder) == 6
    assert sum(per_feeder.values()) == 168


@pytest.mark.parametrize("table", ["amata_factories.csv", "amata_lines.csv", "amata_end_uses.csv", "tenant_sectors.csv"])
def test_every_row_says_how_sure_it_is(table):
    assert {row.cells["confidence"] for row in read_lines(packaged(table))} <= {"A", "B", "C"}


@pytest.mark.slow
def test_a_year_lands_near_the_totals_of_the_park(plan):
    ready = prepare(Scenario("baseline", plan.park, plan.context))
    run = ready.run(0, 2022, record=("substation.supply",))

    kpis = evaluate(run, ready.park, plan.context).kpis

    assert 170e6 <= kpis["electricity_assessed_kwh"] <= 210e6
    assert kpis["electricity_park_kwh"] == pytest.approx(450e6, rel=0.02)
    assert kpis["peak_park_kw"] == pytest.approx(80e3, rel=0.08)
    assert kpis["water_park_m3"] / YEAR_D == pytest.approx(9000, rel=0.04)
    assert 5750 <= kpis["wastewater_park_m3"] / YEAR_D <= 7500
    assert sum(isinstance(component, Factory) for component in plan.park.components.values()) == 168
    assert run.residual < 1e-9
