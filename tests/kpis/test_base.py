import pytest

from eipsim.kpis import KPIS, kpi


def test_every_kpi_says_what_it_means_and_ends_in_its_unit():
    endings = {
        "kWh": "_kwh",
        "kW": "_kw",
        "kg": "_kg",
        "g/m3": "_g_per_m3",
        "kWh th": "_kwh_th",
        "kWh/m3": "_kwh_per_m3",
        "VND": "_vnd",
        "t": "_t",
        "GJ": "_gj",
        "m3": "_m3",
        "h": "_h",
    }

    for name, one in KPIS.items():
        assert one.name == name
        assert one.meaning.endswith(".")
        assert name.endswith(endings.get(one.unit, ("_frac", "_count", "_cop")))


def test_the_boundary_is_in_the_name_of_every_kpi_of_the_assessed_factories():
    assert {name for name, one in KPIS.items() if one.boundary == "assessed"} == {name for name in KPIS if "_assessed_" in name}


def test_a_name_can_be_registered_only_once():
    def electricity_assessed_kwh(run, park, context):
        """Twice."""

    with pytest.raises(ValueError, match="KPI 'electricity_assessed_kwh' is registered twice"):
        kpi(unit="kWh")(electricity_assessed_kwh)


def test_a_kpi_without_a_docstring_is_refused():
    def silent_kwh(run, park, context):
        return 0.0

    with pytest.raises(ValueError, match="KPI 'silent_kwh' has no docstring"):
        kpi(unit="kWh")(silent_kwh)
