"""Emissions by scope, source and gas, against sums by hand."""

from datetime import date

import pytest
from hand_made import drawn, run_of
from small_park import small_park

from eipsim.context import Context
from eipsim.kpis import KPIS
from eipsim.kpis.carbon import emissions
from eipsim.kpis.use import Use

CONTEXT = Context.at(date(2022, 3, 7), hours=48.0)
USE = Use({"normal": 600.0, "peak": 400.0}, 0.0, {"lpg": 100.0, "biomass": 10.0, "coal": 0.0}, 0.0, 0.0, 0.0)


def test_each_fuel_is_told_gas_by_gas() -> None:
    found = {(one.scope, one.source, one.gas): (one.mass_kg, one.warming_kgco2) for one in emissions(USE, CONTEXT)}

    assert found == {
        ("1", "lpg", "co2"): (pytest.approx(6310.0), pytest.approx(6310.0)),
        ("1", "lpg", "ch4"): (pytest.approx(0.1), pytest.approx(2.8)),
        ("1", "lpg", "n2o"): (pytest.approx(0.01), pytest.approx(2.65)),
        ("1", "biomass", "ch4"): (pytest.approx(0.3), pytest.approx(8.4)),
        ("1", "biomass", "n2o"): (pytest.approx(0.04), pytest.approx(10.6)),
        ("outside", "biomass", "co2"): (pytest.approx(1120.0), pytest.approx(1120.0)),
        ("2", "electricity", "co2"): (pytest.approx(845.8), pytest.approx(845.8)),
    }


def test_methane_and_nitrous_oxide_of_biomass_are_its_main_factor() -> None:
    gases = CONTEXT.factors.fuel_gases["biomass"]

    assert gases.ch4_g_per_gj * 28e-3 + gases.n2o_g_per_gj * 265e-3 == pytest.approx(CONTEXT.factors.kgco2_per_gj("biomass"))


def test_the_scopes_add_up_to_the_figure_that_is_published() -> None:
    run = run_of(
        [
            drawn("candles", "boiler_lpg", "lpg", 50, 0, 50),
            drawn("candles", "oven", "biomass", 10, 0, 0),
            drawn("candles", "lights", "electricity", 600, 400, 0),
            drawn("neighbour", "boiler_lpg", "lpg", 10, 0, 0),
        ]
    )
    kpis = {name: KPIS[name].total(run, small_park(), CONTEXT) for name in KPIS if name.endswith("_t")}

    assert kpis["scope_1_assessed_t"] == pytest.approx((100 * 63.1 + 10 * 1.9) / 1000)
    assert kpis["scope_2_assessed_t"] == pytest.approx(0.8458)
    assert kpis["scope_1_assessed_t"] + kpis["scope_2_assessed_t"] == pytest.approx(kpis["co2_assessed_t"], rel=1e-12)
    assert kpis["scope_1_park_t"] + kpis["scope_2_park_t"] == pytest.approx(kpis["co2_park_t"], rel=1e-12)
    assert kpis["other_gases_park_t"] == pytest.approx((110 * (0.001 * 28 + 0.0001 * 265) + 10 * 1.9) / 1000)
    assert kpis["biogenic_co2_park_t"] == pytest.approx(1.12)
