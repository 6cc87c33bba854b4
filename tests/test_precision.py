import pytest

from eipsim.kpis import KPIS, bca_interval, quantile_interval
from eipsim.precision import precision_tables
from eipsim.results import KpiRow, Results
from eipsim.summary import number, span

SCENARIOS = ("baseline", "all_159")


def results(replications, **ended):
    """A year with r gives 1,000 + 10 r of everything, the scenario half of it; every fifth year spills r m3."""

    def value(scenario, r, kpi):
        year = float(r) if r % 5 == 4 else 0.0
        return (year if KPIS[kpi].rare else 1000.0 + 10.0 * r) * (1.0 if scenario == "baseline" else 0.5)

    kpis = [
        KpiRow(scenario, r, kpi, KPIS[kpi].unit, value(scenario, r, kpi))
        for scenario in SCENARIOS
        for r in range(replications)
        for kpi in KPIS
    ]
    manifest = {
        "baseline": "baseline",
        "replications": replications,
        "units": {name: [] for name in SCENARIOS},
        "watched": {"kpi": "co2_assessed_t", "unit": "t", "differences": {}},
    } | ended
    return Results("tiny", (), (), tuple(kpis), (), (), (), manifest)


def table(title, replications, **given):
    return next(one for one in precision_tables(results(replications, **given)) if one.title.startswith(title))


@pytest.mark.parametrize(
    ("replications", "titles"),
    [
        (2, []),
        (3, ["What common random numbers gain"]),
        (30, ["What common random numbers gain", "What is rare", "Quantiles of years"]),
    ],
)
def test_a_table_is_there_from_enough_replications_on(replications, titles):
    assert [one.title for one in precision_tables(results(replications))] == titles


def test_pairing_is_told_by_both_spreads():
    row = next(row for row in table("What common", 3).rows if row[1] == "co2_assessed_t")

    paired, independent = 5.0, (10.0**2 + 5.0**2) ** 0.5
    assert row[3:] == (number(paired), number(independent), "44.7 %", f"{number((independent / paired) ** 2, 2)} to 1")


def test_what_is_rare_has_its_median_share_and_bootstrap_interval():
    spilled = [float(r) if r % 5 == 4 else 0.0 for r in range(30)]

    row = next(row for row in table("What is rare", 30).rows if row[:2] == ("spill_m3", "baseline"))

    mean, low, high = bca_interval(spilled)
    assert row == ("spill_m3", "baseline", "m3", "0", "0 to 29", "20 %", number(mean), span(low, high))


def test_quantiles_have_intervals_where_replications_are_enough():
    row = next(row for row in table("Quantiles", 36).rows if row[:2] == ("baseline", "water_assessed_m3"))

    years = [1000.0 + 10.0 * r for r in range(36)]
    middle, low, high = quantile_interval(years, 0.9)
    assert row[5] == f"{number(middle)} ({number(low)} to {number(high)})"
    assert high == max(years)


@pytest.mark.parametrize(
    ("bound", "enough", "said"),
    [
        ("relative", 12, "from 12 on; the relative half-width was reached last"),
        ("absolute", 12, "from 12 on; the absolute half-width was reached last"),
        ("most", None, "not reached; the greatest number of replications ended it"),
    ],
)
def test_the_report_says_what_ended_an_experiment(bound, enough, said):
    precision = {"scenario": "all_159", "mean": 500.0, "half_width": 4.0, "target": 5.0, "bound": "relative"}
    stopping = {
        "kpi": "co2_assessed_t", "relative_frac": 0.01, "absolute": 2.0, "least": 10, "most": 100, "look_ahead": 5,
        "replications": 17, "enough": enough, "bound": bound, "precision": [precision],
    }  # fmt: skip

    found = table("Replications: 17, until co2_assessed_t", 3, stopping=stopping)

    assert said in found.note
    assert "max(1 % of the mean, 2 t), at least 10 and at most 100" in found.note
    assert found.rows == [("all_159", "t", "500", "4", "5", "relative", "yes")]


@pytest.mark.parametrize(("ended_by", "said"), [("alone", "Right with at least 95 %"), ("most", "nothing is promised")])
def test_the_report_says_which_scenario_was_selected(ended_by, said):
    selection = {
        "kpi": "co2_assessed_t", "indifference": 50.0, "confidence_frac": 0.95, "best": "all_159", "replications": 12,
        "ended_by": ended_by, "means": {"baseline": 0.0, "all_159": 500.0}, "left_out_at": {"baseline": 10},
    }  # fmt: skip

    found = table("Best by co2_assessed_t after 12 replications: all_159", 3, selection=selection)

    assert said in found.note
    assert found.rows == [("all_159", "t", "500", "selected"), ("baseline", "t", "0", "left out after 10")]
