"""Prices of water and fuels, emission factors, solar regimes."""

from datetime import date
from pathlib import Path

import pytest

from eipsim.carriers import FUELS
from eipsim.errors import ConfigError, DataError
from eipsim.readers.price_table import latest_grid_year, read_emission_factors, read_prices, read_solar_regime


def test_every_fuel_has_a_price_a_factor_and_a_calorific_value() -> None:
    prices, factors = read_prices(), read_emission_factors(2019)

    assert set(prices.fuel_vnd_per_gj) == set(FUELS)
    assert set(factors.fuel_kgco2_per_gj) == set(FUELS)
    assert set(factors.fuel_ncv_gj_per_t) == set(FUELS)


def test_a_tonne_of_lpg_costs_26_million_vnd_and_emits_2_985_tonnes() -> None:
    prices, factors = read_prices(), read_emission_factors(2019)
    gj_per_t = factors.fuel_ncv_gj_per_t["lpg"]

    assert prices.fuel_vnd_per_gj["lpg"] * gj_per_t == pytest.approx(26e6, rel=1e-5)
    assert factors.fuel_kgco2_per_gj["lpg"] * gj_per_t / 1000 == pytest.approx(2.985, abs=5e-4)


def test_electricity_and_lpg_of_the_60_measures_meet_their_published_co2_with_the_factor_of_2019() -> None:
    factors = read_emission_factors(2019)
    lpg_t = 5.6 * factors.fuel_ncv_gj_per_t["lpg"] * factors.fuel_kgco2_per_gj["lpg"] / 1000

    assert 1871 * factors.grid_tco2_per_mwh + lpg_t == pytest.approx(1588, rel=0.0075)


def test_biomass_emits_only_methane_and_nitrous_oxide() -> None:
    assert read_emission_factors(2019).fuel_kgco2_per_gj["biomass"] == pytest.approx(0.030 * 28 + 0.004 * 265, rel=1e-9)


def test_a_year_without_a_grid_factor_is_refused() -> None:
    with pytest.raises(ConfigError, match="grid_factor_year = 2030: must be from 2014 to 2023"):
        read_emission_factors(2030)


@pytest.mark.parametrize(("on", "year"), [(2022, 2022), (2026, 2023), (2010, 2014)])
def test_the_newest_grid_factor_is_held(on: int, year: int) -> None:
    assert latest_grid_year(date(on, 7, 1)) == year


@pytest.mark.parametrize(
    ("on", "cap", "of", "price"),
    [
        (date(2019, 3, 20), 1.0, "monthly_output", 2134.0),
        (date(2019, 7, 1), 1.0, "monthly_output", 1943.0),
        (date(2020, 12, 31), 1.0, "monthly_output", 1943.0),
        (date(2022, 1, 1), 0.0, "installed_capacity", 0.0),
        (date(2024, 10, 22), 0.2, "installed_capacity", 1426.6),
        (date(2025, 3, 3), 0.2, "monthly_output", 1426.6),
        (date(2026, 6, 26), 0.5, "monthly_output", 1012.0),
    ],
)
def test_the_solar_regime_of_the_day_holds(on: date, cap: float, of: str, price: float) -> None:
    regime = read_solar_regime(on)

    assert (regime.sale_cap_frac, regime.sale_cap_of, regime.price_vnd_per_kwh) == (cap, of, price)


def test_before_the_first_solar_regime_none_is_in_force() -> None:
    with pytest.raises(ConfigError, match="no solar regime was in force"):
        read_solar_regime(date(2017, 1, 1))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("2020-01-01,toy,1.5,monthly_output,0", "sale_cap_frac = 1.5: must be from 0 to 1"),
        ("2020-01-01,toy,0.5,monthly_outputs,0", "did you mean 'monthly_output'"),
    ],
)
def test_a_solar_regime_with_an_impossible_cap_is_refused(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "regimes.csv"
    path.write_text(f"effective_from,regime,sale_cap_frac,sale_cap_of,price_vnd_per_kwh\n{row}\n", encoding="utf-8")

    with pytest.raises(DataError, match=message):
        read_solar_regime(date(2022, 1, 1), path)


def test_a_fuel_or_a_water_without_a_price_is_refused(tmp_path: Path) -> None:
    fuels, water, factors = tmp_path / "fuels.csv", tmp_path / "water.csv", tmp_path / "factors.csv"
    fuels.write_text("carrier,vnd_per_gj,low_vnd_per_gj,high_vnd_per_gj\nlpg,1,1,1\n", encoding="utf-8")
    water.write_text("what,vnd_per_m3,low_vnd_per_m3,high_vnd_per_m3\nwater,1,1,1\n", encoding="utf-8")
    factors.write_text("carrier,fuel,ncv_gj_per_t,kgco2_per_gj,biogenic_kgco2_per_gj\nlpg,LPG,1,1,0\n", encoding="utf-8")

    with pytest.raises(DataError, match=r"fuels\.csv: has no line for carrier natural_gas, diesel"):
        read_prices(fuels=fuels)
    with pytest.raises(DataError, match=r"water\.csv: has no line for what wastewater, wastewater_untreated"):
        read_prices(water=water)
    with pytest.raises(DataError, match=r"factors\.csv: has no line for carrier natural_gas, diesel"):
        read_emission_factors(2019, factors)


def test_what_is_no_fuel_has_no_emission_factor() -> None:
    factors = read_emission_factors(2019)

    assert factors.kgco2_per_gj("lpg") == 63.1
    with pytest.raises(ConfigError, match="carrier 'lgp' has no emission factor: did you mean 'lpg'"):
        factors.kgco2_per_gj("lgp")


@pytest.mark.parametrize(
    ("on", "export", "paid"),
    [
        (date(2022, 1, 1), 0.0, 300.0),
        (date(2025, 1, 1), 0.2, 300.0),
        (date(2025, 6, 1), 1.0, 200.0),
        (date(2026, 7, 1), 1.0, 300.0),
        (date(2020, 6, 1), 1.0, 300.0),
    ],
)
def test_caps_on_power_limit_the_port_and_caps_on_output_what_is_paid(on: date, export: float, paid: float) -> None:
    """300 kWh exported of 1,000 made: a fifth of the output is 200."""
    regime = read_solar_regime(on)

    assert regime.export_frac == export
    assert regime.paid_kwh(300.0, 1000.0) == paid


def test_cod_beyond_what_the_fee_covers_is_counted() -> None:
    prices = read_prices()

    assert prices.cod_beyond_kg(1000.0, 150.0) == 0.0
    assert prices.cod_beyond_kg(1000.0, 400.0) == 250.0
