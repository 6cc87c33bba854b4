"""Which unit a name ends in."""

import pytest

from eipsim.units import DIMENSIONLESS, UNITS, unit_of


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("capacity_m3_per_h", "m3/h"),
        ("tariff_vnd_per_kwh", "VND/kWh"),
        ("specific_power_kw_per_m3_per_min", "kW/m3/min"),
        ("pressure_bar_g", "bar(g)"),
        ("envelope_kw_th", "kW th"),
        ("mttr_h", "h"),
        ("leak_frac", "1"),
        ("conductivity_w_per_m_k", "W/(m·K)"),
        ("temperature_coefficient_per_k", "1/K"),
        ("interruptions_per_yr", "1/yr"),
        ("hours", "h"),
        ("batch_h_median", "h"),
        ("use_mwh_per_worker_yr", "MWh/(worker·yr)"),
        ("cop", "1"),
        ("rinse_stages", "1"),
    ],
)
def test_a_name_tells_its_unit(name: str, unit: str) -> None:
    assert unit_of(name) == unit


@pytest.mark.parametrize("name", ["power", "factory", "leak_pct", "tank", "kwh_saved", "scope", "basic", "per_h_of"])
def test_a_name_without_an_allowed_suffix_has_no_unit(name: str) -> None:
    assert unit_of(name) is None


def test_no_word_is_both_a_unit_and_a_pure_number() -> None:
    assert UNITS.keys() & DIMENSIONLESS == {"month"}
