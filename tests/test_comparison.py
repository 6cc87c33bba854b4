"""The table over the variants of a sweep."""

from eipsim.comparison import ComparisonRow, comparison_table


def row(solar_kwp, scenario, kpi, unit, mean):
    return ComparisonRow({"solar_kwp": solar_kwp}, scenario, kpi, unit, mean, None, None, None, 2)


def test_each_variant_and_scenario_is_a_line_in_units_for_people():
    rows = [
        row(solar_kwp, scenario, *kpi)
        for solar_kwp in (0, 400)
        for scenario in ("baseline", "implemented_60")
        for kpi in (("electricity_park_kwh", "kWh", 48_940.0), ("curtailed_kwh", "kWh", 3e-11 if solar_kwp else 0.0))
    ]

    table = comparison_table(rows)

    assert table.columns == ("solar_kwp", "scenario", "electricity park [MWh]", "curtailed [MWh]")
    assert list(table.rows) == [
        ("0", "baseline", "48.94", "0"),
        ("0", "implemented_60", "48.94", "0"),
        ("400", "baseline", "48.94", "0"),
        ("400", "implemented_60", "48.94", "0"),
    ]
